//! Memberships: local people in groups and after people, here and elsewhere, and followers from other
//! servers.

mod answer;
mod decide;
mod follow;
mod forget;
mod join;
mod leave;
mod person;
mod repeat;
mod welcome;

pub(crate) use answer::{ReceiveAccept, ReceiveReject};
pub(crate) use decide::AnswerRequest;
pub(super) use decide::keep_confidence;
pub(crate) use follow::{ReceiveFollow, ReceiveUnfollow};
pub(crate) use forget::ForgetFollowers;
pub(crate) use join::JoinGroup;
pub(super) use join::enter;
pub(crate) use leave::LeaveGroup;
pub(crate) use person::{FollowPerson, ShowFollowers, UnfollowPerson};
pub(crate) use repeat::RepeatFollows;
use repeat::again_after;
pub(crate) use welcome::ReceiveWelcome;

use crate::domain::caller::Caller;
use crate::domain::ids::ActorId;
use crate::domain::policy;
use crate::domain::refusal::Refusal;

/// The remote actor who calls: theirs are the activities that these operations answer.
fn require_remote(caller: Caller) -> Result<ActorId, Refusal> {
    match caller {
        Caller::Remote { actor } => Ok(actor),
        _ => Err(Refusal::forbidden(
            "follow.remote",
            "Only actors of other servers follow this way.",
        )),
    }
}

/// The member of this hub who calls.
fn require_member(caller: Caller) -> Result<ActorId, Refusal> {
    match caller {
        Caller::Remote { .. } => Err(Refusal::forbidden(
            "membership.local",
            "Only members of this hub join and leave this way.",
        )),
        _ => policy::require_actor(caller),
    }
}

#[cfg(test)]
mod people_tests;
#[cfg(test)]
mod tests;
