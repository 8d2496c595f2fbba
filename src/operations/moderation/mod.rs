//! What moderators do: remove, restore, lock, pin, ban, appoint.

mod ban;
mod lock;
mod moderators;
mod remove;

pub(crate) use ban::{Ban, Unban};
pub(crate) use lock::{FeaturePost, LockPost};
pub(crate) use moderators::ChangeModerator;
pub(super) use remove::remove;
pub(crate) use remove::{RemoveObject, UnremoveObject};

use crate::domain::activity::Activity;
use crate::domain::actor::Actor;
use crate::domain::ids::ActorId;
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::operations::Desk;

/// Only those who moderate the group, and who they are.
fn require_moderator(desk: &mut Desk<'_>, group: &Actor) -> Result<(), Refusal> {
    let relation = desk.relation(group)?;
    policy::require_moderator(desk.caller, &relation, group.local)
}

/// Records what a moderator did: a local group announces it; a member moderating a remote group
/// tells that group; what a remote group told us is told to nobody.
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
        let to = if local { also } else { Vec::new() };
        let entry = Desk::entry_in(group, by, activity, order_key)
            .to(to)
            .relay(relay);
        desk.record(entry);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
