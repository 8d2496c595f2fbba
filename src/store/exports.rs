//! What somebody wrote and chose, page by page in the order of ids: for the archive that
//! they take with them. Nothing of it is asked for otherwise, so it has no index of its own where one
//! look at each row once is enough.

use diesel::prelude::*;

use super::schema::{comments, follows, posts, reactions, votes};
use super::{Db, Res};
use crate::domain::clock::Ts;
use crate::domain::ids::{ActorId, CommentId, PostId};
use crate::domain::membership::{FollowState, Followed};
use crate::domain::reading::Level;

/// The posts of an author after an id, but for those that they deleted.
pub(crate) fn list_posts(db: &mut Db, author: ActorId, after: i64, limit: u32) -> Res<Vec<PostId>> {
    let ids: Vec<i64> = posts::table
        .filter(posts::author_id.eq(author.0).and(posts::id.gt(after)))
        .filter(posts::deleted_at.is_null())
        .order(posts::id)
        .limit(i64::from(limit))
        .select(posts::id)
        .load(db)?;
    Ok(ids.into_iter().map(PostId).collect())
}

/// The comments of an author after an id, but for those that they deleted.
pub(crate) fn list_comments(
    db: &mut Db,
    author: ActorId,
    after: i64,
    limit: u32,
) -> Res<Vec<CommentId>> {
    let ids: Vec<i64> = comments::table
        .filter(comments::author_id.eq(author.0).and(comments::id.gt(after)))
        .filter(comments::deleted_at.is_null())
        .order(comments::id)
        .limit(i64::from(limit))
        .select(comments::id)
        .load(db)?;
    Ok(ids.into_iter().map(CommentId).collect())
}

/// The votes of an actor on objects after a number: the object's, 1 or -1, and when.
pub(crate) fn list_votes(
    db: &mut Db,
    actor: ActorId,
    after: i64,
    limit: u32,
) -> Res<Vec<(i64, i16, Ts)>> {
    let rows: Vec<(i64, i16, i64)> = votes::table
        .filter(votes::actor_id.eq(actor.0).and(votes::object_id.gt(after)))
        .order(votes::object_id)
        .limit(i64::from(limit))
        .select((votes::object_id, votes::value, votes::created_at))
        .load(db)?;
    let vote = |(object, value, at)| (object, value, Ts(at));
    Ok(rows.into_iter().map(vote).collect())
}

/// The reactions of an actor to so many objects after a number: the object's, the emoji, and when.
pub(crate) fn list_reactions(
    db: &mut Db,
    actor: ActorId,
    after: i64,
    limit: u32,
) -> Res<Vec<(i64, String, Ts)>> {
    let objects: Vec<i64> = reactions::table
        .filter(reactions::actor_id.eq(actor.0))
        .filter(reactions::object_id.gt(after))
        .order(reactions::object_id)
        .limit(i64::from(limit))
        .select(reactions::object_id)
        .distinct()
        .load(db)?;
    let rows: Vec<(i64, String, i64)> = reactions::table
        .filter(reactions::actor_id.eq(actor.0))
        .filter(reactions::object_id.eq_any(objects))
        .order((reactions::object_id, reactions::content))
        .select((
            reactions::object_id,
            reactions::content,
            reactions::created_at,
        ))
        .load(db)?;
    let reaction = |(object, content, at)| (object, content, Ts(at));
    Ok(rows.into_iter().map(reaction).collect())
}

/// Whom an actor follows (or asked to follow) after an id: who, how that stands, and since when.
pub(crate) fn list_follows(
    db: &mut Db,
    follower: ActorId,
    after: i64,
    limit: u32,
) -> Res<Vec<Followed<ActorId>>> {
    type Row = (i64, String, Option<String>, i64);
    let rows: Vec<Row> = follows::table
        .filter(follows::follower_id.eq(follower.0))
        .filter(follows::target_id.gt(after))
        .order(follows::target_id)
        .limit(i64::from(limit))
        .select((
            follows::target_id,
            follows::state,
            follows::level,
            follows::created_at,
        ))
        .load(db)?;
    let follow = |(target, state, level, at): Row| Followed {
        target: ActorId(target),
        state: FollowState::parse(&state),
        level: level.as_deref().and_then(Level::parse).unwrap_or_default(),
        since: Ts(at),
    };
    Ok(rows.into_iter().map(follow).collect())
}
