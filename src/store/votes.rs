//! Votes on posts and comments: one of each actor on each object.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::upsert::excluded;

use super::actors::ActorRow;
use super::dialect::{Steady, on_db};
use super::schema::{actors, votes};
use super::{Db, Res, late};
use crate::domain::actor::Actor;
use crate::domain::clock::Ts;
use crate::domain::ids::{ActorId, ObjectId};

/// A vote that was cast.
#[derive(Clone, Copy)]
pub(super) struct Cast {
    value: i16,
    at: i64,
}

/// Nobody looks for the vote of an actor on an object while it is left to the end of a group.
fn settle(db: &mut Db, object: ObjectId, actor: ActorId) -> Res<()> {
    if late::holds(|late| late.votes.contains_key(&(object.number(), actor.0))) {
        late::settle(db)?;
    }
    Ok(())
}

/// An actor with their vote on an object: 1, -1, or 0 where there is none.
pub(crate) fn find_voter(
    db: &mut Db,
    object: ObjectId,
    actor: ActorId,
) -> Res<Option<(Actor, i16)>> {
    settle(db, object, actor)?;
    let cast = votes::actor_id
        .eq(actors::id)
        .and(votes::object_id.eq(object.number()));
    let row: Option<(ActorRow, Option<i16>)> = on_db!(db, |c| actors::table
        .left_join(votes::table.on(cast))
        .filter(actors::id.eq(actor.0))
        .select((ActorRow::as_select(), votes::value.nullable()))
        .first(c))
    .optional()?;
    Ok(row.map(|(actor, value)| (actor.into(), value.unwrap_or(0))))
}

/// The votes of an actor on some objects, by the objects' numbers.
pub(crate) fn list_of(db: &mut Db, actor: ActorId, objects: &[i64]) -> Res<Vec<(i64, i16)>> {
    Ok(votes::table
        .filter(
            votes::actor_id
                .eq(actor.0)
                .and(votes::object_id.eq_any(objects.to_vec())),
        )
        .select((votes::object_id, votes::value))
        .load(db)?)
}

/// Sets the vote of an actor on an object.
pub(crate) fn upsert(
    db: &mut Db,
    object: ObjectId,
    actor: ActorId,
    value: i16,
    now: Ts,
) -> Res<()> {
    let (key, cast) = ((object.number(), actor.0), Cast { value, at: now.0 });
    let left = late::leave(cast, |late, cast| {
        late.votes.insert(key, cast);
    });
    match left {
        Some(cast) => upsert_one(db, key, cast),
        None => Ok(()),
    }
}

fn upsert_one(db: &mut Db, (object, actor): (i64, i64), cast: Cast) -> Res<()> {
    let upsert = diesel::insert_into(votes::table)
        .values((
            votes::object_id.eq(object),
            votes::actor_id.eq(actor),
            votes::value.eq(cast.value),
            votes::created_at.eq(cast.at),
        ))
        .on_conflict((votes::object_id, votes::actor_id))
        .do_update()
        .set(votes::value.eq(cast.value));
    on_db!(db, |c| Steady(upsert).execute(c))?;
    Ok(())
}

/// Sets many votes.
pub(super) fn upsert_all(db: &mut Db, cast: &BTreeMap<(i64, i64), Cast>) -> Res<()> {
    match db {
        _ if cast.is_empty() => {}
        Db::Pg(c) => {
            let row = |((object, actor), cast): (&(i64, i64), &Cast)| {
                (
                    votes::object_id.eq(*object),
                    votes::actor_id.eq(*actor),
                    votes::value.eq(cast.value),
                    votes::created_at.eq(cast.at),
                )
            };
            diesel::insert_into(votes::table)
                .values(cast.iter().map(row).collect::<Vec<_>>())
                .on_conflict((votes::object_id, votes::actor_id))
                .do_update()
                .set(votes::value.eq(excluded(votes::value)))
                .execute(c)?;
        }
        Db::Sqlite(_) => {
            for (key, cast) in cast {
                upsert_one(db, *key, *cast)?;
            }
        }
    }
    Ok(())
}

/// The uuid in the id of a local person's last vote on an object; `None` for votes from elsewhere.
pub(crate) fn find_uuid(db: &mut Db, object: ObjectId, actor: ActorId) -> Res<Option<String>> {
    settle(db, object, actor)?;
    let uuid: Option<Option<String>> = votes::table
        .find((object.number(), actor.0))
        .select(votes::uuid)
        .first(db)
        .optional()?;
    Ok(uuid.flatten())
}

/// When an actor began to vote on an object.
pub(crate) fn find_time(db: &mut Db, object: ObjectId, actor: ActorId) -> Res<Option<Ts>> {
    settle(db, object, actor)?;
    let at: Option<i64> = votes::table
        .find((object.number(), actor.0))
        .select(votes::created_at)
        .first(db)
        .optional()?;
    Ok(at.map(Ts))
}

/// Remembers the uuid of a local person's vote.
pub(crate) fn set_uuid(db: &mut Db, object: ObjectId, actor: ActorId, uuid: &str) -> Res<()> {
    settle(db, object, actor)?;
    diesel::update(votes::table.find((object.number(), actor.0)))
        .set(votes::uuid.eq(Some(uuid)))
        .execute(db)?;
    Ok(())
}

/// Notes that a vote is known from a remote group alone, not from the one whose it is.
pub(crate) fn set_via_group(db: &mut Db, object: ObjectId, actor: ActorId) -> Res<()> {
    settle(db, object, actor)?;
    diesel::update(votes::table.find((object.number(), actor.0)))
        .set(votes::via_group.eq(true))
        .execute(db)?;
    Ok(())
}

/// How many votes on an object are known from a remote group alone.
#[cfg(test)]
pub(crate) fn count_via_group(db: &mut Db, object: ObjectId) -> Res<i64> {
    let via_group = votes::table
        .filter(votes::object_id.eq(object.number()))
        .filter(votes::via_group.eq(true));
    Ok(via_group.count().get_result(db)?)
}

/// Takes the vote of an actor on an object away.
pub(crate) fn delete(db: &mut Db, object: ObjectId, actor: ActorId) -> Res<()> {
    settle(db, object, actor)?;
    diesel::delete(votes::table.find((object.number(), actor.0))).execute(db)?;
    Ok(())
}
