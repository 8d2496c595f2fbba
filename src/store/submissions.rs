//! What somebody sent under a key of theirs, for as long as they may send it again.

use diesel::prelude::*;

use super::dialect::Both;
use super::schema::submissions;
use super::{Db, Res};
use crate::domain::clock::Ts;
use crate::domain::ids::ActorId;

/// Takes a key of somebody for what is about to be made; `false` if they used it before.
pub(crate) fn claim(db: &mut Db, actor: ActorId, key: &str, now: Ts) -> Res<bool> {
    let claimed = Both(
        diesel::insert_into(submissions::table)
            .values((
                submissions::actor_id.eq(actor.0),
                submissions::key.eq(key),
                submissions::object_id.eq(0),
                submissions::created_at.eq(now.0),
            ))
            .on_conflict_do_nothing(),
    )
    .execute(db)?;
    Ok(claimed > 0)
}

/// Notes the number of what was made under a key.
pub(crate) fn set_object(db: &mut Db, actor: ActorId, key: &str, object: i64) -> Res<()> {
    diesel::update(submissions::table.find((actor.0, key)))
        .set(submissions::object_id.eq(object))
        .execute(db)?;
    Ok(())
}

/// The number of what somebody made under a key.
pub(crate) fn find(db: &mut Db, actor: ActorId, key: &str) -> Res<Option<i64>> {
    Ok(submissions::table
        .find((actor.0, key))
        .select(submissions::object_id)
        .first(db)
        .optional()?)
}

/// Forgets keys that were used before a time, at most so many; how many.
pub(crate) fn delete_before(db: &mut Db, before: Ts, limit: u32) -> Res<usize> {
    let old: Vec<(i64, String)> = submissions::table
        .filter(submissions::created_at.lt(before.0))
        .limit(i64::from(limit))
        .select((submissions::actor_id, submissions::key))
        .load(db)?;
    for (actor, key) in &old {
        diesel::delete(submissions::table.find((actor, key))).execute(db)?;
    }
    Ok(old.len())
}
