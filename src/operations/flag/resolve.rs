//! A moderator is done with a report.

use super::listeners;
use crate::domain::activity::{Activity, Entry};
use crate::domain::ids::FlagId;
use crate::domain::refusal::Refusal;
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
        let done = flags::set_resolved(desk.db, &flag, by, desk.now)?;
        if !object::is_local(desk, by)? {
            return Ok(());
        }
        let to = listeners(desk, group.as_ref())?;
        for flag in done.iter().filter(|_| !to.is_empty()) {
            let activity = Activity::FlagResolved { flag: flag.id };
            desk.record(Entry::new(by, flag.group, activity, flag.id.0).to(to.iter().copied()));
        }
        Ok(())
    }
}
