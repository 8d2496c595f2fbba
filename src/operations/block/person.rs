//! Somebody keeps another person away, or lets them near again.

use crate::domain::activity::{Activity, Entry};
use crate::domain::actor::{Actor, ActorKind};
use crate::domain::block::Distance;
use crate::domain::ids::ActorId;
use crate::domain::membership::FollowState;
use crate::domain::policy;
use crate::domain::refusal::{Kind, Refusal};
use crate::operations::{Desk, Operation};
use crate::store::{actors, blocks, follows, messages};

/// The most people whom one person keeps away.
const MOST: u32 = 5_000;

/// The caller keeps a person away, from here or from elsewhere. Whom they block does not follow
/// them any more, nor they them.
#[derive(Clone, Debug)]
pub(crate) struct KeepAway {
    /// Whom.
    pub(crate) person: ActorId,
    /// How far.
    pub(crate) distance: Distance,
}

impl Operation for KeepAway {
    type Output = ();
    const NAME: &'static str = "keep_away";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let caller = policy::require_actor(desk.caller)?;
        let person = person(desk, self.person)?;
        if person.id == caller {
            return Err(Refusal::invalid(
                "person",
                "block.self",
                "Nobody can keep themselves away.",
            ));
        }
        let many = usize::try_from(MOST).unwrap_or(usize::MAX);
        if blocks::find(desk.db, caller, person.id)?.is_none()
            && blocks::list(desk.db, caller, MOST)?.len() >= many
        {
            return Err(Refusal::new(
                Kind::Conflict,
                "block.too_many",
                format!("More than {MOST} people cannot be kept away one by one."),
            ));
        }
        blocks::upsert(desk.db, caller, person.id, self.distance, desk.now)?;
        messages::set_read_between(desk.db, caller, person.id)?;
        if self.distance == Distance::Blocked
            && let Some(caller) = actors::find(desk.db, caller)?
        {
            part(desk, &caller, &person)?;
        }
        Ok(())
    }
}

/// A person, or a bot; groups are left, not kept away.
fn person(desk: &mut Desk<'_>, id: ActorId) -> Result<Actor, Refusal> {
    actors::find(desk.db, id)?
        .filter(|actor| matches!(actor.kind, ActorKind::Person | ActorKind::Service))
        .ok_or_else(|| Refusal::not_found("actor.not_found", "There is no such person."))
}

/// Ends what follows there are between the two. Whose server must know is told no more than that.
fn part(desk: &mut Desk<'_>, caller: &Actor, other: &Actor) -> Result<(), Refusal> {
    let followed = follows::delete(desk.db, caller.id, other.id, other.instance)?;
    let follows = follows::delete(desk.db, other.id, caller.id, caller.instance)?;
    if !caller.local || other.local {
        return Ok(());
    }
    if let Some(follow) = followed {
        let rejected = Activity::FollowRejected {
            follower: other.id,
            follow: follow.uri,
        };
        desk.record(Entry::new(caller.id, None, rejected, caller.id.0).to([other.id]));
    }
    if let Some(follow) = follows.filter(|follow| follow.state != FollowState::Refused) {
        let left = Activity::Unfollowed {
            target: other.id,
            follow: follow.uri,
        };
        desk.record(Entry::new(caller.id, None, left, other.id.0).to([other.id]));
    }
    Ok(())
}

/// The caller keeps a person away no more; done already if they did not.
#[derive(Clone, Debug)]
pub(crate) struct LetNear {
    /// Whom.
    pub(crate) person: ActorId,
}

impl Operation for LetNear {
    type Output = ();
    const NAME: &'static str = "let_near";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let caller = policy::require_actor(desk.caller)?;
        Ok(blocks::delete(desk.db, caller, self.person)?)
    }
}
