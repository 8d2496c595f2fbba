//! Votes on posts and comments: one of each actor on each object.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::dialect::{ROWS, Steady, on_db, rounded};
use super::schema::votes;
use super::{Db, Res, late};
use crate::domain::clock::Ts;
use crate::domain::ids::{ActorId, ObjectId};

/// A vote that was cast.
#[derive(Clone, Insertable)]
#[diesel(table_name = votes, treat_none_as_default_value = false)]
pub(super) struct Cast {
    object_id: i64,
    actor_id: i64,
    value: i16,
    created_at: i64,
    deed: Option<i64>,
}

/// Nobody looks for the vote of an actor on an object while it is left to the end of a group.
fn settle(db: &mut Db, object: ObjectId, actor: ActorId) -> Res<()> {
    if late::holds(|late| late.votes.contains_key(&(object.number(), actor.0))) {
        late::settle(db)?;
    }
    Ok(())
}

/// The vote of an actor on an object, 1 or -1, and the uuid in the id of the activity if it was cast
/// here.
pub(crate) fn find(
    db: &mut Db,
    object: ObjectId,
    actor: ActorId,
) -> Res<Option<(i16, Option<String>)>> {
    settle(db, object, actor)?;
    let cast = votes::table
        .find((object.number(), actor.0))
        .select((votes::value, votes::uuid));
    Ok(on_db!(db, |c| cast.first(c)).optional()?)
}

/// The votes of an actor on some objects, by the objects' numbers.
pub(crate) fn list_of(db: &mut Db, actor: ActorId, objects: &[i64]) -> Res<Vec<(i64, i16)>> {
    let objects = rounded(objects.iter().copied());
    let cast = votes::table
        .filter(votes::actor_id.eq(actor.0))
        .filter(votes::object_id.eq_any(objects))
        .select((votes::object_id, votes::value));
    Ok(Steady(cast).load(db)?)
}

/// Casts the vote of an actor on an object, known by an activity elsewhere if there is one; `false` if
/// they voted already, which stays.
pub(crate) fn insert(
    db: &mut Db,
    object: ObjectId,
    actor: ActorId,
    value: i16,
    deed: Option<i64>,
    now: Ts,
) -> Res<bool> {
    settle(db, object, actor)?;
    let cast = Cast {
        object_id: object.number(),
        actor_id: actor.0,
        value,
        created_at: now.0,
        deed,
    };
    let left = late::leave(cast, |late, cast| {
        late.votes.insert((cast.object_id, cast.actor_id), cast);
    });
    match left {
        Some(cast) => Ok(insert_one(db, &cast)? > 0),
        None => Ok(true),
    }
}

fn insert_one(db: &mut Db, cast: &Cast) -> Res<usize> {
    let insert = diesel::insert_into(votes::table)
        .values(cast)
        .on_conflict_do_nothing();
    Ok(on_db!(db, |c| insert.execute(c))?)
}

/// Casts many votes; how many there were not before.
pub(super) fn insert_all(db: &mut Db, cast: &BTreeMap<(i64, i64), Cast>) -> Res<usize> {
    if let Db::Pg(c) = db
        && cast.len() > 1
    {
        let rows: Vec<&Cast> = cast.values().collect();
        let insert = |part: &[&Cast]| {
            let insert = diesel::insert_into(votes::table).values(part.to_vec());
            Steady(insert.on_conflict_do_nothing()).execute(c)
        };
        return Ok(rows.chunks(ROWS).map(insert).sum::<Result<_, _>>()?);
    }
    cast.values().map(|one| insert_one(db, one)).sum()
}

/// Changes a vote that was cast, and by which activity it is known.
pub(crate) fn set(
    db: &mut Db,
    object: ObjectId,
    actor: ActorId,
    value: i16,
    deed: Option<i64>,
) -> Res<()> {
    settle(db, object, actor)?;
    let update = diesel::update(votes::table.find((object.number(), actor.0)));
    let set = (votes::value.eq(value), votes::deed.eq(deed));
    on_db!(db, |c| update.set(set).execute(c))?;
    Ok(())
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
