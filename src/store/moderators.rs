//! Who moderates which group.

use diesel::prelude::*;

use super::actors::ActorRow;
use super::dialect::{Both, on_db};
use super::schema::{actors, moderators};
use super::{Db, Res};
use crate::domain::actor::Actor;
use crate::domain::clock::Ts;
use crate::domain::ids::ActorId;

/// The most moderators of one group; a list of a remote group is cut there.
pub(crate) const MOST: u32 = 100;

/// Puts an actor on a group's list; whether they were not on it before.
pub(crate) fn insert(db: &mut Db, group: ActorId, actor: ActorId, now: Ts) -> Res<bool> {
    let added = Both(
        diesel::insert_into(moderators::table)
            .values((
                moderators::group_id.eq(group.0),
                moderators::actor_id.eq(actor.0),
                moderators::created_at.eq(now.0),
            ))
            .on_conflict_do_nothing(),
    )
    .execute(db)?;
    Ok(added > 0)
}

/// Takes an actor off a group's list; whether they were on it.
pub(crate) fn delete(db: &mut Db, group: ActorId, actor: ActorId) -> Res<bool> {
    Ok(diesel::delete(moderators::table.find((group.0, actor.0))).execute(db)? > 0)
}

/// Takes an actor off every list.
pub(crate) fn delete_everywhere(db: &mut Db, actor: ActorId) -> Res<usize> {
    Ok(diesel::delete(moderators::table.filter(moderators::actor_id.eq(actor.0))).execute(db)?)
}

/// Whether an actor is on a group's list.
pub(crate) fn is_moderator(db: &mut Db, group: ActorId, actor: ActorId) -> Res<bool> {
    let entry = moderators::table.find((group.0, actor.0));
    let listed = diesel::select(diesel::dsl::exists(entry));
    Ok(on_db!(db, |c| listed.get_result(c))?)
}

/// A group's moderators, the longest-serving first, at most [`MOST`].
pub(crate) fn list(db: &mut Db, group: ActorId) -> Res<Vec<Actor>> {
    let rows: Vec<ActorRow> = moderators::table
        .inner_join(actors::table.on(actors::id.eq(moderators::actor_id)))
        .filter(
            moderators::group_id
                .eq(group.0)
                .and(actors::deleted_at.is_null()),
        )
        .order((moderators::created_at, moderators::actor_id))
        .limit(i64::from(MOST))
        .select(ActorRow::as_select())
        .load(db)?;
    Ok(rows.into_iter().map(Actor::from).collect())
}

/// The groups that an actor moderates, at most [`MOST`].
pub(crate) fn list_groups_of(db: &mut Db, actor: ActorId) -> Res<Vec<Actor>> {
    let rows: Vec<ActorRow> = moderators::table
        .inner_join(actors::table.on(actors::id.eq(moderators::group_id)))
        .filter(
            moderators::actor_id
                .eq(actor.0)
                .and(actors::deleted_at.is_null()),
        )
        .order(actors::title)
        .limit(i64::from(MOST))
        .select(ActorRow::as_select())
        .load(db)?;
    Ok(rows.into_iter().map(Actor::from).collect())
}
