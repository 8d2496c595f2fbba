//! Who was said to be gone by their own server, until it is asked once more.

use diesel::prelude::*;

use super::dialect::Both;
use super::schema::absences;
use super::{Db, Res};
use crate::domain::clock::Ts;
use crate::domain::ids::ActorId;

/// When somebody's server said first that they are gone.
pub(crate) fn find(db: &mut Db, actor: ActorId) -> Res<Option<Ts>> {
    let since: Option<i64> = absences::table
        .find(actor.0)
        .select(absences::since)
        .first(db)
        .optional()?;
    Ok(since.map(Ts))
}

/// Notes that somebody's server says that they are gone; the first time stays.
pub(crate) fn insert(db: &mut Db, actor: ActorId, now: Ts) -> Res<()> {
    let row = (absences::actor_id.eq(actor.0), absences::since.eq(now.0));
    Both(
        diesel::insert_into(absences::table)
            .values(row)
            .on_conflict_do_nothing(),
    )
    .execute(db)?;
    Ok(())
}

/// Forgets it: they are back, or gone for good.
pub(crate) fn delete(db: &mut Db, actor: ActorId) -> Res<()> {
    diesel::delete(absences::table.find(actor.0)).execute(db)?;
    Ok(())
}

/// Those who were said to be gone at this moment or before, the longest first.
pub(crate) fn list_until(db: &mut Db, until: Ts, limit: u32) -> Res<Vec<ActorId>> {
    let ids: Vec<i64> = absences::table
        .filter(absences::since.le(until.0))
        .order((absences::since, absences::actor_id))
        .limit(i64::from(limit))
        .select(absences::actor_id)
        .load(db)?;
    Ok(ids.into_iter().map(ActorId).collect())
}
