//! The queue of moderators: who looks at what waits in it, and what they often write.

mod wording;

pub(crate) use wording::{DropWording, WriteWording};

use super::moderation::require_docket;
use super::{Desk, Operation};
use crate::domain::ids::ActorId;
use crate::domain::membership::{FollowState, Standing};
use crate::domain::policy;
use crate::domain::queue::{CLAIM_STANDS, Claim, Task};
use crate::domain::refusal::{Kind, Refusal};
use crate::store::{accounts, claims, flags, follows, held};

/// A moderator says that they look at something that waits; the others see it until they release
/// it, or for half an hour.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ClaimTask {
    /// What.
    pub(crate) task: Task,
}

/// A moderator looks at something no more that they claimed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReleaseTask {
    /// What.
    pub(crate) task: Task,
}

impl Operation for ClaimTask {
    type Output = ();
    const NAME: &'static str = "claim_task";
    const UNSEEN: bool = true;

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let by = require_reach(desk, self.task)?;
        claims::delete_before(desk.db, desk.now.plus_seconds(-CLAIM_STANDS))?;
        if standing(desk, self.task)?.is_some_and(|claim| claim.by != by) {
            return Err(Refusal::new(
                Kind::Conflict,
                "task.claimed",
                "Another moderator looks at this already.",
            ));
        }
        let claim = Claim { by, at: desk.now };
        Ok(claims::replace(desk.db, self.task, claim)?)
    }
}

impl Operation for ReleaseTask {
    type Output = ();
    const NAME: &'static str = "release_task";
    const UNSEEN: bool = true;

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let by = policy::require_actor(desk.caller)?;
        if standing(desk, self.task)?.is_some_and(|claim| claim.by == by) {
            claims::delete(desk.db, self.task)?;
        }
        Ok(())
    }
}

fn standing(desk: &mut Desk<'_>, task: Task) -> Result<Option<Claim>, Refusal> {
    let known = claims::list(desk.db, &[task])?.pop();
    Ok(known
        .map(|(_, claim)| claim)
        .filter(|claim| claim.stands(desk.now)))
}

/// Only those who decide about it, while it waits; gives back who asks.
fn require_reach(desk: &mut Desk<'_>, task: Task) -> Result<ActorId, Refusal> {
    let actor = policy::require_actor(desk.caller)?;
    let missing = || Refusal::not_found("task.not_found", "This does not wait, or no more.");
    let group = match task {
        Task::Report(id) => {
            let flag = flags::find(desk.db, id)?.filter(|flag| flag.resolved_at.is_none());
            flag.ok_or_else(missing)?.group
        }
        Task::Held(id) => Some(held::find(desk.db, id)?.ok_or_else(missing)?.group),
        Task::SignUp(person) => {
            let account = accounts::find(desk.db, person)?;
            let waits = account.is_some_and(|account| account.standing == Standing::Pending);
            waits.then_some(None).ok_or_else(missing)?
        }
        Task::Request { group, person } => {
            let follow = follows::find(desk.db, group, person)?;
            let waits = follow.is_some_and(|follow| follow.state == FollowState::Pending);
            waits.then_some(Some(group)).ok_or_else(missing)?
        }
    };
    let group = match group {
        Some(group) => Some(desk.group(group)?),
        None => None,
    };
    require_docket(desk, group.as_ref())?;
    Ok(actor)
}

#[cfg(test)]
mod tests;
