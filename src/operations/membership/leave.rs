//! A member of this hub leaves a group, or follows somebody no more.

use super::require_member;
use crate::domain::activity::{Activity, Entry};
use crate::domain::actor::Actor;
use crate::domain::ids::{ActorId, LOCAL_INSTANCE};
use crate::domain::membership::FollowState;
use crate::domain::refusal::Refusal;
use crate::operations::{Desk, Operation};
use crate::store::{actors, follows};

/// Ends the caller's membership, or takes a request back; done already if there is none.
#[derive(Clone, Debug)]
pub(crate) struct LeaveGroup {
    /// Which; deleted groups can be left too.
    pub(crate) group: ActorId,
}

impl Operation for LeaveGroup {
    type Output = ();
    const NAME: &'static str = "leave_group";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let member = require_member(desk.caller)?;
        let Some(group) = actors::find(desk.db, self.group)? else {
            return Err(Refusal::not_found(
                "group.not_found",
                "There is no such group.",
            ));
        };
        end(desk, &group, member)
    }
}

/// Ends what a local person follows, or asked for; who lives elsewhere is told.
pub(super) fn end(desk: &mut Desk<'_>, target: &Actor, member: ActorId) -> Result<(), Refusal> {
    let ended = follows::delete(desk.db, target.id, member, LOCAL_INSTANCE)?;
    let ended = ended.filter(|follow| follow.state != FollowState::Refused);
    if let (Some(follow), false) = (ended, target.local) {
        let left = Activity::Unfollowed {
            target: target.id,
            follow: follow.uri,
        };
        desk.record(Entry::new(member, None, left, target.id.0).to([target.id]));
    }
    Ok(())
}
