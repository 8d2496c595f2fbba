//! Who may read what is written in private groups: the one rule that every read asks.
//!
//! A private group is one that answers follows by hand, as Lemmy has it. Its words, its title and
//! its people are for its members and moderators, for the hub's own moderators where it is local,
//! and for servers on which a member lives,
//! as far as this hub or the group's own server knows (federation.md 3.5, security.md R-25).

use diesel::prelude::*;

use super::dialect::{Both, Steady, rounded};
use super::schema::{actors, private_groups};
use super::{Db, Res};
use crate::domain::actor::{Actor, ActorKind};
use crate::domain::caller::Viewer;
use crate::domain::ids::ActorId;

/// The rows of the viewer in the predicate below: an actor, a server, and a group elsewhere that
/// is open to it; no row is called -1.
pub(super) fn keys(viewer: Viewer) -> (i64, i64, i64) {
    match viewer {
        Viewer::Visitor => (-1, -1, -1),
        Viewer::Person(actor) => (actor.0, -1, -1),
        Viewer::Server(instance) => (-1, instance.0, -1),
        Viewer::Guest(group) => (-1, -1, group.0),
    }
}

/// Whether a viewer may read what is in the group of this column: a filter for any query that has
/// such a column.
macro_rules! visible_to {
    ($group:expr, $viewer:expr) => {{
        use diesel::dsl::{exists, not};
        use $crate::store::schema::{
            accounts, bans, follower_instances, follows, moderators, private_groups,
        };
        let (person, server, open) = $crate::store::privacy::keys($viewer);
        let of = private_groups::group_id;
        let joined = follows::table
            .filter(
                follows::target_id
                    .eq(of)
                    .and(follows::follower_id.eq(person)),
            )
            .filter(follows::state.eq("accepted"));
        let banned = bans::table
            .filter(bans::actor_id.eq(person).and(bans::until.is_null()))
            .filter(bans::group_id.eq(0).or(bans::group_id.eq(of)));
        let moderates = moderators::table
            .filter(
                moderators::group_id
                    .eq(of)
                    .and(moderators::actor_id.eq(person)),
            )
            .filter(not(exists(banned)));
        let runs_the_hub = accounts::table
            .filter(
                accounts::actor_id
                    .eq(person)
                    .and(accounts::role.ne("member")),
            )
            .filter(private_groups::local.eq(true));
        let is_home_of_members = follower_instances::table
            .filter(follower_instances::target_id.eq(of))
            .filter(follower_instances::instance_id.eq(server));
        not(exists(
            private_groups::table
                .filter(of.eq($group).and(of.ne(open)))
                .filter(not(exists(joined)))
                .filter(not(exists(moderates)))
                .filter(not(exists(runs_the_hub)))
                .filter(not(exists(is_home_of_members))),
        ))
        .or($crate::store::dialect::OF_EACH_ROW)
    }};
}
pub(super) use visible_to;

/// Whether a viewer may read what is in a group; anybody may in one that is not private.
pub(crate) fn sees(db: &mut Db, viewer: Viewer, group: ActorId) -> Res<bool> {
    Ok(list_hidden(db, viewer, &[group])?.is_empty())
}

/// Those of these groups that a viewer may not look into.
pub(crate) fn list_hidden(db: &mut Db, viewer: Viewer, groups: &[ActorId]) -> Res<Vec<ActorId>> {
    if groups.is_empty() {
        return Ok(Vec::new());
    }
    let ids = rounded(groups.iter().map(|group| group.0));
    let hidden = actors::table
        .filter(actors::id.eq_any(ids))
        .filter(diesel::dsl::not(visible_to!(actors::id, viewer)))
        .select(actors::id);
    let hidden: Vec<i64> = Steady(hidden).load(db)?;
    Ok(hidden.into_iter().map(ActorId).collect())
}

/// Keeps the list of private groups in step with an actor that was stored.
pub(super) fn follow_profile(db: &mut Db, actor: &Actor) -> Res<()> {
    if actor.kind != ActorKind::Group {
        return Ok(());
    }
    if !actor.manually_approves {
        diesel::delete(private_groups::table.find(actor.id.0)).execute(db)?;
        return Ok(());
    }
    Both(
        diesel::insert_into(private_groups::table)
            .values((
                private_groups::group_id.eq(actor.id.0),
                private_groups::local.eq(actor.local),
            ))
            .on_conflict_do_nothing(),
    )
    .execute(db)?;
    Ok(())
}
