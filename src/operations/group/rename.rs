//! A group takes another name.

use crate::domain::activity::{Activity, Entry};
use crate::domain::ids::ActorId;
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::operations::actor::{name_taken, require_name};
use crate::operations::{Desk, Operation};
use crate::store::actors;

/// Gives a local group another name in its handle. Its id stays as it is, and the names that it had
/// lead to it for ever; nobody else can take them, so only moderators of the hub may do this.
#[derive(Clone, Debug)]
pub(crate) struct RenameGroup {
    /// Which.
    pub(crate) group: ActorId,
    /// Its new name.
    pub(crate) name: String,
}

impl Operation for RenameGroup {
    type Output = ();
    const NAME: &'static str = "rename_group";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let group = desk.group(self.group)?;
        if !group.local {
            return Err(remote());
        }
        policy::require_hub_moderator(desk.caller)?;
        if group.name == self.name {
            return Ok(());
        }
        require_name(desk, &self.name, Some(group.id))?;
        let (url, now) = (desk.names.group(&self.name), desk.now);
        actors::rename(desk.db, &group, &self.name, url.as_str(), now)
            .map_err(|error| name_taken(error, &self.name))?;
        let updated = Activity::ProfileUpdated { actor: group.id };
        desk.record(Entry::new(group.id, Some(group.id), updated, group.id.0));
        Ok(())
    }
}

/// Says that a group is changed where it lives.
pub(in crate::operations) fn remote() -> Refusal {
    Refusal::forbidden("group.remote", "Groups of other servers are changed there.")
}
