//! How far members have read, and what came since; the comments of a thread by their places.

use std::collections::HashMap;

use diesel::prelude::*;

use super::dialect::{Both, Steady, rounded};
use super::schema::{comments, visits};
use super::{Db, Res};
use crate::domain::clock::Ts;
use crate::domain::ids::{ActorId, CommentId, PostId};
use crate::domain::reading::Node;

/// What came into a thread since a member was there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct News {
    /// The first of it in thread order.
    pub(crate) first: CommentId,
    /// How many comments.
    pub(crate) count: i64,
}

/// The id up to which somebody has read a thread; `None`: they were never there.
pub(crate) fn find(db: &mut Db, actor: ActorId, post: PostId) -> Res<Option<i64>> {
    Ok(visits::table
        .find((actor.0, post.0))
        .select(visits::last_id)
        .first(db)
        .optional()?)
}

/// Notes up to which id somebody has read a thread.
pub(crate) fn upsert(db: &mut Db, actor: ActorId, post: PostId, last: i64, now: Ts) -> Res<()> {
    Both(
        diesel::insert_into(visits::table)
            .values((
                visits::actor_id.eq(actor.0),
                visits::post_id.eq(post.0),
                visits::last_id.eq(last),
                visits::visited_at.eq(now.0),
            ))
            .on_conflict((visits::actor_id, visits::post_id))
            .do_update()
            .set((visits::last_id.eq(last), visits::visited_at.eq(now.0))),
    )
    .execute(db)?;
    Ok(())
}

/// How many visible comments by others came into each of these threads since somebody was there;
/// threads in which they never were are left out.
pub(crate) fn count_new(db: &mut Db, actor: ActorId, of: &[PostId]) -> Res<HashMap<PostId, i64>> {
    let ids = rounded(of.iter().map(|post| post.0));
    let new = visits::table
        .inner_join(comments::table.on(comments::post_id.eq(visits::post_id)))
        .filter(visits::actor_id.eq(actor.0))
        .filter(visits::post_id.eq_any(ids))
        .filter(comments::id.gt(visits::last_id))
        .filter(comments::author_id.ne(actor.0))
        .filter(comments::deleted_at.is_null())
        .filter(comments::removed_at.is_null())
        .group_by(visits::post_id)
        .select((visits::post_id, diesel::dsl::count_star()));
    let rows: Vec<(i64, i64)> = Steady(new).load(db)?;
    Ok(rows
        .into_iter()
        .map(|(post, count)| (PostId(post), count))
        .collect())
}

/// What came into a thread after an id, by others than this reader.
pub(crate) fn news(
    db: &mut Db,
    reader: Option<ActorId>,
    post: PostId,
    after: i64,
) -> Res<Option<News>> {
    let new = || {
        comments::table
            .filter(comments::post_id.eq(post.0).and(comments::id.gt(after)))
            .filter(comments::author_id.ne(reader.map_or(-1, |reader| reader.0)))
            .filter(comments::deleted_at.is_null())
            .filter(comments::removed_at.is_null())
    };
    let first: Option<i64> = new()
        .order(comments::path)
        .select(comments::id)
        .first(db)
        .optional()?;
    let Some(first) = first else { return Ok(None) };
    let count = new().count().get_result(db)?;
    let first = CommentId(first);
    Ok(Some(News { first, count }))
}

/// The last comment that came into a thread, hidden ones too; the post's own id where none did.
pub(crate) fn last_id(db: &mut Db, post: PostId) -> Res<i64> {
    let last: Option<i64> = comments::table
        .filter(comments::post_id.eq(post.0))
        .order(comments::id.desc())
        .select(comments::id)
        .first(db)
        .optional()?;
    Ok(last.unwrap_or(post.0))
}

/// The comments of a thread as far as their places are concerned, the first come first.
pub(crate) fn list_nodes(db: &mut Db, post: PostId, limit: u32) -> Res<Vec<Node>> {
    let rows: Vec<(i64, Option<i64>, i64, i64)> = comments::table
        .filter(comments::post_id.eq(post.0))
        .order(comments::id)
        .limit(i64::from(limit))
        .select((
            comments::id,
            comments::parent_id,
            comments::upvotes,
            comments::downvotes,
        ))
        .load(db)?;
    let node = |(id, parent, upvotes, downvotes): (i64, Option<i64>, i64, i64)| Node {
        id: CommentId(id),
        parent: parent.map(CommentId),
        score: upvotes.saturating_sub(downvotes),
    };
    Ok(rows.into_iter().map(node).collect())
}

/// Drops what members read before a moment, some at a time; how many they were.
pub(crate) fn delete_before(db: &mut Db, before: Ts, limit: u32) -> Res<usize> {
    let old: Vec<(i64, i64)> = visits::table
        .filter(visits::visited_at.lt(before.0))
        .limit(i64::from(limit))
        .select((visits::actor_id, visits::post_id))
        .load(db)?;
    for (actor, post) in &old {
        diesel::delete(visits::table.find((actor, post))).execute(db)?;
    }
    Ok(old.len())
}

/// Forgets what somebody has read.
pub(crate) fn delete_of(db: &mut Db, actor: ActorId) -> Res<()> {
    diesel::delete(visits::table.filter(visits::actor_id.eq(actor.0))).execute(db)?;
    Ok(())
}
