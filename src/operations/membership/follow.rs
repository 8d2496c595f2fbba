//! Actors of other servers follow local groups and people (federation.md 4.1).

use super::person::tell_followed;
use super::require_remote;
use crate::domain::activity::{Activity, Entry};
use crate::domain::actor::{Actor, ActorKind};
use crate::domain::ids::{ActorId, Uri};
use crate::domain::membership::FollowState;
use crate::domain::refusal::Refusal;
use crate::operations::{Desk, Operation};
use crate::store::follows::{self, Follow};
use crate::store::{actors, blocks, moderation};

/// Takes a follow of a local group or person and answers it: where it stands, or `None` if it was
/// turned down.
///
/// A repeated follow is answered again, since the peer may have lost the first answer.
#[derive(Clone, Debug)]
pub(crate) struct ReceiveFollow {
    /// Who is followed.
    pub(crate) target: ActorId,
    /// The id of the Follow, which the answer repeats.
    pub(crate) uri: String,
}

impl Operation for ReceiveFollow {
    type Output = Option<FollowState>;
    const NAME: &'static str = "receive_follow";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<Option<FollowState>, Refusal> {
        let follower = require_remote(desk.caller)?;
        if Uri::parse(&self.uri).is_none() {
            return Err(Refusal::invalid(
                "id",
                "follow.uri",
                "A Follow needs an id.",
            ));
        }
        let target = followed(desk, self.target)?;
        let Some(follower) = actors::find(desk.db, follower)? else {
            return Err(Refusal::not_found(
                "actor.not_found",
                "Nobody knows the follower.",
            ));
        };
        let group = (target.kind == ActorKind::Group).then_some(target.id);
        if moderation::find_ban(desk.db, group, follower.id, desk.now)?.is_some()
            || blocks::is_blocked(desk.db, target.id, follower.id)?
        {
            follows::delete(desk.db, target.id, follower.id, follower.instance)?;
            let follow = self.uri.clone();
            let answer = Activity::FollowRejected {
                follower: follower.id,
                follow,
            };
            reply(desk, &target, &follower, answer);
            return Ok(None);
        }
        let state = self.keep(desk, &target, &follower)?;
        if state == FollowState::Accepted {
            let follow = self.uri.clone();
            let answer = Activity::FollowAccepted {
                follower: follower.id,
                follow,
            };
            reply(desk, &target, &follower, answer);
            if target.kind != ActorKind::Group {
                tell_followed(desk, &target, follower.id)?;
            }
        }
        Ok(Some(state))
    }
}

impl ReceiveFollow {
    fn keep(
        &self,
        desk: &mut Desk<'_>,
        target: &Actor,
        follower: &Actor,
    ) -> Result<FollowState, Refusal> {
        let known = follows::find(desk.db, target.id, follower.id)?;
        let accepted = known.is_some_and(|follow| follow.state == FollowState::Accepted);
        let state = if target.manually_approves && !accepted {
            FollowState::Pending
        } else {
            FollowState::Accepted
        };
        let follow = Follow {
            target: target.id,
            follower: follower.id,
            state,
            uri: self.uri.clone(),
            created_at: desk.now,
        };
        let since = desk.next_id();
        follows::upsert(desk.db, &follow, follower.instance, since)?;
        Ok(state)
    }
}

/// A local actor who can be followed: no instance actor, and nobody who is gone.
fn followed(desk: &mut Desk<'_>, id: ActorId) -> Result<Actor, Refusal> {
    let found = actors::find(desk.db, id)?;
    found
        .filter(|actor| actor.local && actor.deleted_at.is_none())
        .filter(|actor| actor.kind != ActorKind::Application)
        .ok_or_else(|| {
            Refusal::not_found(
                "actor.not_found",
                "There is nobody here who can be followed so.",
            )
        })
}

fn reply(desk: &mut Desk<'_>, target: &Actor, follower: &Actor, answer: Activity) {
    desk.record(Entry::new(target.id, None, answer, target.id.0).to([follower.id]));
}

/// Ends the caller's follow of a local actor; done already if there is none.
#[derive(Clone, Debug)]
pub(crate) struct ReceiveUnfollow {
    /// Who is followed no more.
    pub(crate) target: ActorId,
}

impl Operation for ReceiveUnfollow {
    type Output = ();
    const NAME: &'static str = "receive_unfollow";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let follower = require_remote(desk.caller)?;
        if let Some(follower) = actors::find(desk.db, follower)? {
            follows::delete(desk.db, self.target, follower.id, follower.instance)?;
        }
        Ok(())
    }
}
