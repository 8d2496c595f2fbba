//! A remote group or person answers the follow of a local person.

use super::require_remote;
use crate::domain::ids::{ActorId, LOCAL_INSTANCE};
use crate::domain::membership::FollowState;
use crate::domain::notice::NoticeKind;
use crate::domain::refusal::Refusal;
use crate::operations::notice;
use crate::operations::{Desk, Operation};
use crate::store::follows::{self, Follow};

/// The caller, a remote actor, accepts a local person's follow.
#[derive(Clone, Debug)]
pub(crate) struct ReceiveAccept {
    /// Who asked.
    pub(crate) follower: ActorId,
}

impl Operation for ReceiveAccept {
    type Output = ();
    const NAME: &'static str = "receive_accept";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let target = require_remote(desk.caller)?;
        let Some(follow) = follows::find(desk.db, target, self.follower)? else {
            return Err(Refusal::not_found(
                "follow.unknown",
                "Nobody here asked for that.",
            ));
        };
        let accepted = Follow {
            state: FollowState::Accepted,
            ..follow
        };
        let since = desk.next_id();
        Ok(follows::upsert(desk.db, &accepted, LOCAL_INSTANCE, since)?)
    }
}

/// The caller, a remote actor, turns a local person's follow down, or ends it later. The person is
/// told, and sees it until they ask again or take the request back.
#[derive(Clone, Debug)]
pub(crate) struct ReceiveReject {
    /// Who asked.
    pub(crate) follower: ActorId,
}

impl Operation for ReceiveReject {
    type Output = ();
    const NAME: &'static str = "receive_reject";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let target = require_remote(desk.caller)?;
        let Some(follow) = follows::find(desk.db, target, self.follower)? else {
            return Ok(());
        };
        if follow.state == FollowState::Refused {
            return Ok(());
        }
        let refused = Follow {
            state: FollowState::Refused,
            ..follow
        };
        follows::upsert(desk.db, &refused, LOCAL_INSTANCE, 0)?;
        notice::tell(
            desk,
            NoticeKind::Refused,
            &[self.follower],
            target,
            target.0,
        )
    }
}
