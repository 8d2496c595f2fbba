//! Members who asked for their account to be deleted, until that is done.

use diesel::prelude::*;

use super::dialect::Both;
use super::schema::departures;
use super::{Db, Res};
use crate::domain::clock::Ts;
use crate::domain::departure::Departure;
use crate::domain::ids::ActorId;

type Row = (i64, i64, bool);

fn departure((actor, leaves_at, keeps_words): Row) -> Departure {
    Departure {
        actor: ActorId(actor),
        leaves_at: Ts(leaves_at),
        keeps_words,
    }
}

/// When and how somebody's account is deleted, if they asked for that.
pub(crate) fn find(db: &mut Db, actor: ActorId) -> Res<Option<Departure>> {
    let row: Option<Row> = departures::table.find(actor.0).first(db).optional()?;
    Ok(row.map(departure))
}

/// Notes when and how an account is deleted; what was asked before no longer holds.
pub(crate) fn upsert(db: &mut Db, departure: Departure) -> Res<()> {
    let wish = (
        departures::leaves_at.eq(departure.leaves_at.0),
        departures::keeps_words.eq(departure.keeps_words),
    );
    Both(
        diesel::insert_into(departures::table)
            .values((departures::actor_id.eq(departure.actor.0), wish))
            .on_conflict(departures::actor_id)
            .do_update()
            .set(wish),
    )
    .execute(db)?;
    Ok(())
}

/// An account stays after all; whether it was to be deleted.
pub(crate) fn delete(db: &mut Db, actor: ActorId) -> Res<bool> {
    Ok(diesel::delete(departures::table.find(actor.0)).execute(db)? > 0)
}

/// Whose time has come, the longest first.
pub(crate) fn list_due(db: &mut Db, now: Ts, limit: u32) -> Res<Vec<ActorId>> {
    let ids: Vec<i64> = departures::table
        .filter(departures::leaves_at.le(now.0))
        .order((departures::leaves_at, departures::actor_id))
        .limit(i64::from(limit))
        .select(departures::actor_id)
        .load(db)?;
    Ok(ids.into_iter().map(ActorId).collect())
}
