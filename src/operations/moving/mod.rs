//! Moves: of people and groups to other servers and from them, and of threads between groups
//! (federation.md 4.12).

mod aliases;
mod leave;
mod receive;
mod thread;

pub(crate) use aliases::SetAliases;
pub(crate) use leave::MoveAway;
pub(crate) use receive::ReceiveMove;
pub(crate) use thread::MoveThread;
pub(super) use thread::lately;

use crate::domain::activity::{Activity, Entry};
use crate::domain::actor::{Actor, ActorKind};
use crate::domain::clock::Ts;
use crate::domain::ids::ActorId;
use crate::domain::membership::FollowState;
use crate::domain::policy;
use crate::domain::refusal::{Kind, Refusal};
use crate::store::follows::{self, Follow};
use crate::store::{actors, blocks, moderation, moderators, moves};

use super::Desk;
use super::account::tell;
use super::group::remote;

/// Nobody moves again before so many seconds are over.
const REST: i64 = 7 * 24 * 3600;
/// Follows that one move carries along.
const MOST: u32 = 10_000;

/// Who moves: the caller, or a group of this hub whose move is theirs to decide.
fn mover(desk: &mut Desk<'_>, group: Option<ActorId>) -> Result<Actor, Refusal> {
    let Some(group) = group else {
        let caller = policy::require_actor(desk.caller)?;
        let own = actors::find(desk.db, caller)?.filter(|actor| actor.local);
        return own
            .ok_or_else(|| Refusal::not_found("actor.not_found", "There is no such person."));
    };
    let group = desk.group(group)?;
    let moderators = moderators::list(desk.db, group.id)?;
    policy::require_founder(desk.caller, moderators.first().map(|first| first.id))?;
    if group.local {
        return Ok(group);
    }
    Err(remote())
}

/// Everybody who knows the profile learns what it says now.
fn renew(desk: &mut Desk<'_>, actor: &mut Actor) -> Result<(), Refusal> {
    actor.updated_at = desk.now;
    actors::set_profile(desk.db, actor)?;
    let updated = Activity::ProfileUpdated { actor: actor.id };
    if actor.kind != ActorKind::Group {
        return tell(desk, actor.id, updated);
    }
    desk.record(Entry::new(actor.id, Some(actor.id), updated, actor.id.0));
    Ok(())
}

/// Somebody who moves goes to somebody who has not moved on, and rests between two moves.
fn check(desk: &mut Desk<'_>, old: &Actor, new: &Actor) -> Result<(), Refusal> {
    let no = |code, sentence: &str| Err(Refusal::new(Kind::Conflict, code, sentence));
    let person = |actor: &Actor| matches!(actor.kind, ActorKind::Person | ActorKind::Service);
    if old.id == new.id || new.deleted_at.is_some() || person(old) != person(new) {
        return no("move.nowhere", "Nobody can move there.");
    }
    if moves::find(desk.db, new.id)?.is_some() {
        return no("move.chain", "Whoever is there has moved on already.");
    }
    let rested = |at: Ts| at.plus_seconds(REST) <= desk.now;
    let last = moves::find(desk.db, old.id)?;
    if last.is_some_and(|(_, at)| !rested(at)) {
        return no("move.again", "Between two moves there must be seven days.");
    }
    Ok(())
}

/// Takes along who followed, what groups here they are in, what they were banned from, and who
/// keeps them away. Roles
/// stay behind: moderators of the groups read of the move in their log, and appoint anew.
fn carry(desk: &mut Desk<'_>, old: &Actor, new: &Actor) -> Result<(), Refusal> {
    moves::upsert(desk.db, old.id, new.id, desk.now)?;
    blocks::carry(desk.db, old.id, new.id, desk.now)?;
    for (group, ban) in moderation::list_bans_of(desk.db, old.id)? {
        moderation::upsert_ban(desk.db, group, new.id, &ban, desk.now)?;
    }
    for follow in follows::list_by_locals(desk.db, old.id, MOST)? {
        if let Some(follower) = actors::find(desk.db, follow.follower)? {
            follow_on(desk, &follow, &follower, old, new)?;
        }
    }
    for follow in follows::list_of_locals(desk.db, old.id, MOST)? {
        if let Some(target) = actors::find(desk.db, follow.target)? {
            enter(desk, &follow, &target, old, new)?;
        }
    }
    Ok(())
}

/// Somebody here followed the one who moved, and follows the new one now.
fn follow_on(
    desk: &mut Desk<'_>,
    follow: &Follow,
    follower: &Actor,
    old: &Actor,
    new: &Actor,
) -> Result<(), Refusal> {
    follows::delete(desk.db, old.id, follower.id, follower.instance)?;
    if follower.id == new.id || follows::find(desk.db, new.id, follower.id)?.is_some() {
        return Ok(());
    }
    let by = follower.id;
    let uuid = if new.local {
        crate::crypto::token::uuid()
    } else {
        let asked = Activity::Followed { target: new.id };
        desk.record(Entry::new(by, None, asked, new.id.0).to([new.id]))
    };
    let state = if new.local && !new.manually_approves {
        FollowState::Accepted
    } else {
        FollowState::Pending
    };
    let carried = Follow {
        target: new.id,
        follower: by,
        state,
        uri: desk.names.activity("follow", &uuid).as_str().to_owned(),
        created_at: follow.created_at,
    };
    let since = desk.next_id();
    Ok(follows::upsert(
        desk.db,
        &carried,
        follower.instance,
        since,
    )?)
}

/// The one who moved was in a group here (or followed somebody): the new one is now. Into a private
/// group its moderators let them in again.
fn enter(
    desk: &mut Desk<'_>,
    follow: &Follow,
    target: &Actor,
    old: &Actor,
    new: &Actor,
) -> Result<(), Refusal> {
    follows::delete(desk.db, target.id, old.id, old.instance)?;
    if follows::find(desk.db, target.id, new.id)?.is_some() {
        return Ok(());
    }
    let group = (target.kind == ActorKind::Group).then_some(target.id);
    if moderation::find_ban(desk.db, group, new.id, desk.now)?.is_some() {
        return Ok(());
    }
    let carried = Follow {
        follower: new.id,
        state: if target.manually_approves {
            FollowState::Pending
        } else {
            follow.state
        },
        ..follow.clone()
    };
    let since = desk.next_id();
    follows::upsert(desk.db, &carried, new.instance, since)?;
    log(desk, group, old, new)
}

/// A line for the moderators of a group that had the one who moved among its moderators.
fn log(
    desk: &mut Desk<'_>,
    group: Option<ActorId>,
    old: &Actor,
    new: &Actor,
) -> Result<(), Refusal> {
    let Some(group) = group else { return Ok(()) };
    if !moderators::is_moderator(desk.db, group, old.id)? {
        return Ok(());
    }
    let reason = format!("{} is {} now", old.full_handle(), new.full_handle());
    desk.log(Some(group), "moved", None, Some(new.id), &reason)
}

#[cfg(test)]
mod tests;
