//! A group gets or loses a moderator.

use crate::domain::activity::Activity;
use crate::domain::caller::Caller;
use crate::domain::clock::Ts;
use crate::domain::ids::ActorId;
use crate::domain::refusal::{Kind, Refusal};
use crate::operations::{Desk, Operation};
use crate::store::{actors, moderators};

/// A moderator appoints another, dismisses one, or steps back.
#[derive(Clone, Debug)]
pub(crate) struct ChangeModerator {
    /// Where.
    pub(crate) group: ActorId,
    /// Whom.
    pub(crate) moderator: ActorId,
    /// Whether they moderate from now on.
    pub(crate) added: bool,
    /// The activity to be announced by a local group.
    pub(crate) relay: Option<String>,
}

impl Operation for ChangeModerator {
    type Output = ();
    const NAME: &'static str = "change_moderator";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let group = desk.group(self.group)?;
        super::require_moderator(desk, &group)?;
        actors::find(desk.db, self.moderator)?
            .ok_or_else(|| Refusal::not_found("actor.not_found", "There is no such person."))?;
        if moderators::is_moderator(desk.db, group.id, self.moderator)? == self.added {
            return Ok(());
        }
        if self.added {
            moderators::insert(desk.db, group.id, self.moderator, desk.now)?;
        } else {
            super::require_rank(desk, &group, self.moderator)?;
            if group.local && moderators::list(desk.db, group.id)?.len() <= 1 {
                return Err(Refusal::new(
                    Kind::Invalid,
                    "moderator.last",
                    "A group keeps at least one moderator; appoint another one first.",
                ));
            }
            moderators::delete(desk.db, group.id, self.moderator)?;
        }
        let action = if self.added { "appoint" } else { "dismiss" };
        desk.log(Some(group.id), action, None, Some(self.moderator), "")?;
        let activity = Activity::ModeratorChanged {
            moderator: self.moderator,
            added: self.added,
        };
        let key = self.moderator.0;
        super::tell(
            desk,
            &group,
            activity,
            key,
            self.relay.clone(),
            vec![self.moderator],
        )
    }
}

/// What a remote group says who its moderators are, the highest first; whoever is not named any
/// more moderates no longer.
#[derive(Clone, Debug)]
pub(crate) struct LearnModerators {
    /// Which group.
    pub(crate) group: ActorId,
    /// Who moderates it.
    pub(crate) moderators: Vec<ActorId>,
}

impl Operation for LearnModerators {
    type Output = ();
    const NAME: &'static str = "learn_moderators";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let group = desk.group(self.group)?;
        if group.local || desk.caller != Caller::System {
            return Err(Refusal::forbidden(
                "moderator.learnt",
                "The moderators of a group here are appointed here.",
            ));
        }
        for known in moderators::list(desk.db, group.id)? {
            if !self.moderators.contains(&known.id) {
                moderators::delete(desk.db, group.id, known.id)?;
            }
        }
        for (since, moderator) in (desk.now.0..).zip(&self.moderators) {
            moderators::insert(desk.db, group.id, *moderator, Ts(since))?;
        }
        Ok(())
    }
}
