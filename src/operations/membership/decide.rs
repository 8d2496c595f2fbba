//! Moderators decide who comes into a private group, and what is said in it is told to nobody else.

use crate::domain::activity::{Activity, Entry};
use crate::domain::actor::Actor;
use crate::domain::caller::Viewer;
use crate::domain::ids::ActorId;
use crate::domain::membership::FollowState;
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::operations::{Desk, Operation};
use crate::store::follows::{self, Follow};
use crate::store::{Db, actors, privacy};

/// A moderator lets somebody into a group who asked, or turns them down; done already if they
/// are in.
#[derive(Clone, Debug)]
pub(crate) struct AnswerRequest {
    /// Whose moderator.
    pub(crate) group: ActorId,
    /// Who asked.
    pub(crate) follower: ActorId,
    /// Whether they may come in.
    pub(crate) accepted: bool,
}

impl Operation for AnswerRequest {
    type Output = ();
    const NAME: &'static str = "answer_request";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let group = desk.group(self.group)?;
        let relation = desk.relation(&group)?;
        policy::require_moderator(desk.caller, &relation, group.local)?;
        let asked = follows::find(desk.db, group.id, self.follower)?.filter(|_| group.local);
        let follower = actors::find(desk.db, self.follower)?;
        let (Some(asked), Some(follower)) = (asked, follower) else {
            return Err(Refusal::not_found(
                "join.not_asked",
                "They did not ask to join, or took it back.",
            ));
        };
        if asked.state == FollowState::Accepted {
            return Ok(());
        }
        self.keep(desk, &group, &follower, &asked)?;
        let id = Some(follower.id);
        let action = if self.accepted { "let_in" } else { "turn_down" };
        desk.log(Some(group.id), action, None, id, "")?;
        if !follower.local {
            let answer = self.answer(&asked);
            desk.record(Entry::new(group.id, None, answer, group.id.0).to([follower.id]));
        }
        Ok(())
    }
}

impl AnswerRequest {
    fn keep(
        &self,
        desk: &mut Desk<'_>,
        group: &Actor,
        follower: &Actor,
        asked: &Follow,
    ) -> Result<(), Refusal> {
        if !self.accepted {
            follows::delete(desk.db, group.id, follower.id, follower.instance)?;
            return Ok(());
        }
        let follow = Follow {
            state: FollowState::Accepted,
            ..asked.clone()
        };
        let since = desk.next_id();
        Ok(follows::upsert(desk.db, &follow, follower.instance, since)?)
    }

    /// With the id of the Follow as it was received (statement 75).
    fn answer(&self, asked: &Follow) -> Activity {
        let (follower, follow) = (self.follower, asked.uri.clone());
        if self.accepted {
            Activity::FollowAccepted { follower, follow }
        } else {
            Activity::FollowRejected { follower, follow }
        }
    }
}

/// Strikes out who is told of something in a private group and must not know of it: all who are not
/// of it. The banned are told that they are, and the group itself of what was done in it.
pub(in crate::operations) fn keep_confidence(
    db: &mut Db,
    entry: &mut Entry,
) -> Result<(), Refusal> {
    let Some(group) = entry.group.filter(|_| !entry.to.is_empty()) else {
        return Ok(());
    };
    let Some(group) = actors::find(db, group)?.filter(Actor::is_private_group) else {
        return Ok(());
    };
    let banned = match entry.activity {
        Activity::Banned { actor, .. } => Some(actor),
        _ => None,
    };
    for actor in std::mem::take(&mut entry.to) {
        let concerned = actor == group.id || Some(actor) == banned;
        if concerned || (group.local && privacy::sees(db, Viewer::Person(actor), group.id)?) {
            entry.to.push(actor);
        }
    }
    Ok(())
}
