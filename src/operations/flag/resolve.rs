//! A moderator is done with a report.

use super::listeners;
use crate::domain::activity::{Activity, Entry};
use crate::domain::actor::Actor;
use crate::domain::flag::Flag;
use crate::domain::ids::{ActorId, FlagId};
use crate::domain::refusal::Refusal;
use crate::operations::access::Subject;
use crate::operations::moderation::require_docket;
use crate::operations::{Desk, Operation, object};
use crate::store::flags;

/// A moderator is done with a report, and with all others on the same thing.
#[derive(Clone, Debug)]
pub(crate) struct ResolveFlag {
    /// Which.
    pub(crate) flag: FlagId,
}

impl Operation for ResolveFlag {
    type Output = ();
    const NAME: &'static str = "resolve_flag";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let flag = flags::find(desk.db, self.flag)?
            .ok_or_else(|| Refusal::not_found("flag.not_found", "There is no such report."))?;
        let group = match flag.group {
            Some(group) => Some(desk.group(group)?),
            None => None,
        };
        require_docket(desk, group.as_ref())?;
        let instance = desk.instance()?.map(|hub| hub.id);
        let Some(by) = desk.caller.actor().or(flag.group).or(instance) else {
            return Ok(());
        };
        let done = flags::list_open_like(desk.db, &flag)?;
        close(desk, group.as_ref(), &done, by)
    }
}

/// What was reported is removed: reports about it, and about nothing else that stands, are done with.
/// Those to the hub's own moderators wait for one of these.
pub(in crate::operations) fn close_over(
    desk: &mut Desk<'_>,
    subject: &Subject,
) -> Result<(), Refusal> {
    let by = desk.caller.actor().unwrap_or(subject.group.id);
    let over = flags::list_open_over(desk.db, subject.id)?;
    let (hub, own): (Vec<Flag>, Vec<Flag>) =
        over.into_iter().partition(|flag| flag.group.is_none());
    close(desk, Some(&subject.group), &own, by)?;
    if desk.caller.moderates_hub() {
        close(desk, None, &hub, by)?;
    }
    Ok(())
}

/// Marks reports on one desk resolved, and tells those elsewhere who look after it.
fn close(
    desk: &mut Desk<'_>,
    group: Option<&Actor>,
    done: &[Flag],
    by: ActorId,
) -> Result<(), Refusal> {
    if done.is_empty() {
        return Ok(());
    }
    flags::set_resolved(desk.db, done, by, desk.now)?;
    if !object::is_local(desk, by)? {
        return Ok(());
    }
    let to = listeners(desk, group)?;
    for flag in done.iter().filter(|_| !to.is_empty()) {
        let activity = Activity::FlagResolved { flag: flag.id };
        desk.record(Entry::new(by, flag.group, activity, flag.id.0).to(to.iter().copied()));
    }
    Ok(())
}
