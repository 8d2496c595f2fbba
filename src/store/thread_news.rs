//! New threads of which members are still to be told.

use diesel::prelude::*;

use super::dialect::Both;
use super::schema::{follows, thread_news};
use super::{Db, Res};
use crate::domain::ids::{ActorId, PostId};

/// Notes that members are to be told of a new thread, if somebody wants to hear of all in its group.
/// However many these are, it is one row.
pub(crate) fn insert(db: &mut Db, post: PostId, group: ActorId) -> Res<()> {
    let hearing = follows::table
        .filter(follows::target_id.eq(group.0))
        .filter(follows::level.eq("all"));
    if !diesel::select(diesel::dsl::exists(hearing)).get_result::<bool>(db)? {
        return Ok(());
    }
    let row = (
        thread_news::post_id.eq(post.0),
        thread_news::after_id.eq(0_i64),
    );
    Both(
        diesel::insert_into(thread_news::table)
            .values(row)
            .on_conflict_do_nothing(),
    )
    .execute(db)?;
    Ok(())
}

/// The threads of which members are still to be told, the first first.
pub(crate) fn list(db: &mut Db, limit: u32) -> Res<Vec<PostId>> {
    let rows: Vec<i64> = thread_news::table
        .order(thread_news::post_id)
        .limit(i64::from(limit))
        .select(thread_news::post_id)
        .load(db)?;
    Ok(rows.into_iter().map(PostId).collect())
}

/// Up to which member it is done; `None`: all of them were told.
pub(crate) fn find(db: &mut Db, post: PostId) -> Res<Option<i64>> {
    Ok(thread_news::table
        .find(post.0)
        .select(thread_news::after_id)
        .first(db)
        .optional()?)
}

/// Notes up to which member it is done; `None`: all of them were told.
pub(crate) fn set(db: &mut Db, post: PostId, after: Option<ActorId>) -> Res<()> {
    let row = thread_news::table.find(post.0);
    match after {
        Some(after) => diesel::update(row)
            .set(thread_news::after_id.eq(after.0))
            .execute(db)?,
        None => diesel::delete(row).execute(db)?,
    };
    Ok(())
}
