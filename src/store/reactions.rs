//! Reactions with an emoji, and shares: what people did with posts and comments beside voting.

use diesel::prelude::*;

use super::dialect::{Both, Steady, rounded};
use super::schema::{reactions, shares};
use super::{Db, Res};
use crate::domain::clock::Ts;
use crate::domain::ids::{ActorId, ObjectId};

/// Keeps a reaction of an actor to an object, known by an activity elsewhere if there is one; the same once more changes nothing.
pub(crate) fn insert(
    db: &mut Db,
    object: ObjectId,
    actor: ActorId,
    content: &str,
    deed: Option<i64>,
    now: Ts,
) -> Res<()> {
    Both(
        diesel::insert_into(reactions::table)
            .values((
                reactions::object_id.eq(object.number()),
                reactions::actor_id.eq(actor.0),
                reactions::content.eq(content),
                reactions::created_at.eq(now.0),
                reactions::deed.eq(deed),
            ))
            .on_conflict((
                reactions::object_id,
                reactions::actor_id,
                reactions::content,
            ))
            .do_nothing(),
    )
    .execute(db)?;
    Ok(())
}

/// Remembers the uuid in the id of a local person's reaction.
pub(crate) fn set_uuid(
    db: &mut Db,
    object: ObjectId,
    actor: ActorId,
    content: &str,
    uuid: &str,
) -> Res<()> {
    diesel::update(reactions::table.find((object.number(), actor.0, content)))
        .set(reactions::uuid.eq(Some(uuid)))
        .execute(db)?;
    Ok(())
}

/// One reaction of somebody.
pub(crate) struct Reaction {
    /// The emoji.
    pub(crate) content: String,
    /// When.
    pub(crate) at: Ts,
    /// The uuid in its id; `None`: it came from elsewhere.
    pub(crate) uuid: Option<String>,
}

/// The reactions of an actor to an object.
pub(crate) fn list_of(db: &mut Db, object: ObjectId, actor: ActorId) -> Res<Vec<Reaction>> {
    let rows: Vec<(String, i64, Option<String>)> = reactions::table
        .filter(reactions::object_id.eq(object.number()))
        .filter(reactions::actor_id.eq(actor.0))
        .order(reactions::content)
        .select((reactions::content, reactions::created_at, reactions::uuid))
        .load(db)?;
    let read = |(content, at, uuid)| Reaction {
        content,
        at: Ts(at),
        uuid,
    };
    Ok(rows.into_iter().map(read).collect())
}

/// Whether somebody reacted to an object with this.
pub(crate) fn is_used(db: &mut Db, object: ObjectId, content: &str) -> Res<bool> {
    let used = reactions::table
        .filter(reactions::object_id.eq(object.number()))
        .filter(reactions::content.eq(content));
    Ok(diesel::select(diesel::dsl::exists(used)).get_result(db)?)
}

/// How many reactions of an actor to an object there are.
pub(crate) fn count_of(db: &mut Db, object: ObjectId, actor: ActorId) -> Res<i64> {
    let own = reactions::table
        .filter(reactions::object_id.eq(object.number()))
        .filter(reactions::actor_id.eq(actor.0));
    Ok(own.count().get_result(db)?)
}

/// Takes one reaction of an actor to an object away.
pub(crate) fn delete(db: &mut Db, object: ObjectId, actor: ActorId, content: &str) -> Res<()> {
    diesel::delete(reactions::table.find((object.number(), actor.0, content))).execute(db)?;
    Ok(())
}

/// Takes every reaction of an actor to an object away.
pub(crate) fn delete_of(db: &mut Db, object: ObjectId, actor: ActorId) -> Res<()> {
    let own = reactions::table
        .filter(reactions::object_id.eq(object.number()))
        .filter(reactions::actor_id.eq(actor.0));
    diesel::delete(own).execute(db)?;
    Ok(())
}

/// The reactions to these objects with how many people chose each, the most chosen first.
pub(crate) fn tally(db: &mut Db, objects: &[i64]) -> Res<Vec<(i64, String, i64)>> {
    let chosen = reactions::table
        .filter(reactions::object_id.eq_any(rounded(objects.iter().copied())))
        .group_by((reactions::object_id, reactions::content))
        .select((
            reactions::object_id,
            reactions::content,
            diesel::dsl::count_star(),
        ))
        .order((diesel::dsl::count_star().desc(), reactions::content));
    Ok(Steady(chosen).load(db)?)
}

/// Which of these objects somebody reacted to, and with what.
pub(crate) fn list_own(db: &mut Db, actor: ActorId, objects: &[i64]) -> Res<Vec<(i64, String)>> {
    let own = reactions::table
        .filter(reactions::object_id.eq_any(rounded(objects.iter().copied())))
        .filter(reactions::actor_id.eq(actor.0))
        .select((reactions::object_id, reactions::content));
    Ok(Steady(own).load(db)?)
}

/// Keeps that an actor shared an object; the same once more changes nothing.
pub(crate) fn insert_share(
    db: &mut Db,
    object: ObjectId,
    actor: ActorId,
    deed: Option<i64>,
    now: Ts,
) -> Res<()> {
    Both(
        diesel::insert_into(shares::table)
            .values((
                shares::object_id.eq(object.number()),
                shares::actor_id.eq(actor.0),
                shares::created_at.eq(now.0),
                shares::deed.eq(deed),
            ))
            .on_conflict((shares::object_id, shares::actor_id))
            .do_nothing(),
    )
    .execute(db)?;
    Ok(())
}

/// Takes the share of an actor away.
pub(crate) fn delete_share(db: &mut Db, object: ObjectId, actor: ActorId) -> Res<()> {
    diesel::delete(shares::table.find((object.number(), actor.0))).execute(db)?;
    Ok(())
}

/// How many people shared an object.
pub(crate) fn count_shares(db: &mut Db, object: ObjectId) -> Res<i64> {
    let of_object = shares::table.filter(shares::object_id.eq(object.number()));
    Ok(of_object.count().get_result(db)?)
}
