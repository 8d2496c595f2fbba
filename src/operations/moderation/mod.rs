//! What moderators do: remove, restore, lock, pin, ban, appoint; and what they are told of.

mod appoint;
mod ban;
mod lock;
mod refusal;
mod remove;

pub(crate) use appoint::{ChangeModerator, LearnModerators};
pub(crate) use ban::{Ban, Unban};
pub(crate) use lock::{FeaturePost, LockObject};
pub(crate) use refusal::NoteRefusal;
pub(super) use remove::remove;
pub(crate) use remove::{RemoveObject, UnremoveObject};

use crate::domain::activity::Activity;
use crate::domain::actor::Actor;
use crate::domain::caller::Caller;
use crate::domain::ids::ActorId;
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::operations::Desk;
use crate::operations::markup::storable;
use crate::store::moderators;

/// The longest reason of a moderator, in characters.
const LONGEST_REASON: usize = 1_000;

/// Why a moderator does something, as it is kept; of what came from elsewhere the beginning.
pub(super) fn checked_reason(desk: &Desk<'_>, reason: &str) -> Result<String, Refusal> {
    let reason = storable(reason.trim());
    let short: String = reason.chars().take(LONGEST_REASON).collect();
    if short.len() < reason.len() && !matches!(desk.caller, Caller::Remote { .. }) {
        return Err(Refusal::invalid(
            "reason",
            "moderation.reason",
            format!("A reason has at most {LONGEST_REASON} letters."),
        ));
    }
    Ok(short)
}

/// Only those who moderate the group, and who they are.
fn require_moderator(desk: &mut Desk<'_>, group: &Actor) -> Result<(), Refusal> {
    let relation = desk.relation(group)?;
    policy::require_moderator(desk.caller, &relation, group.local)
}

/// Only those on whose desk it lies: the moderators of the group, and the hub's own for what is of the
/// whole hub (`None`), of a group here, or of one elsewhere.
pub(super) fn require_docket(desk: &mut Desk<'_>, group: Option<&Actor>) -> Result<(), Refusal> {
    match group {
        _ if desk.caller.moderates_hub() => Ok(()),
        None => policy::require_hub_moderator(desk.caller),
        Some(group) => require_moderator(desk, group),
    }
}

/// Only those who rank above a moderator of a local group: who serves longer, the hub's own
/// moderators, and everybody about themselves. Above who is no moderator, every moderator ranks.
fn require_rank(desk: &mut Desk<'_>, group: &Actor, whom: ActorId) -> Result<(), Refusal> {
    let own = desk.caller.actor() == Some(whom);
    if own || !group.local || desk.caller.moderates_hub() {
        return Ok(());
    }
    let list = moderators::list(desk.db, group.id)?;
    let place = |id: Option<ActorId>| list.iter().position(|moderator| Some(moderator.id) == id);
    match (place(desk.caller.actor()), place(Some(whom))) {
        (Some(mine), Some(theirs)) if mine > theirs => Err(Refusal::forbidden(
            "moderator.rank",
            "They have been a moderator here for longer than you.",
        )),
        _ => Ok(()),
    }
}

/// Records what a moderator did: a local group announces it, also to those whom it concerns; a
/// member moderating a remote group tells that group; what a remote group told us is told to nobody.
fn tell(
    desk: &mut Desk<'_>,
    group: &Actor,
    activity: Activity,
    order_key: i64,
    relay: Option<String>,
    also: Vec<ActorId>,
) -> Result<(), Refusal> {
    let by = desk.caller.actor().unwrap_or(group.id);
    let local = super::object::is_local(desk, by)?;
    if local || (group.local && relay.is_some()) {
        let entry = Desk::entry_in(group, by, activity, order_key)
            .to(also)
            .relay(relay);
        desk.record(entry);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
