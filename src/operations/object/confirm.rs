//! A group elsewhere passes on what was written here for it.

use crate::domain::caller::Caller;
use crate::domain::ids::ObjectId;
use crate::domain::refusal::Refusal;
use crate::operations::{Desk, Operation};
use crate::store::confirmations;

/// The caller, a remote group, passed a local post or comment on to its members: it was taken.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ConfirmObject {
    /// What.
    pub(crate) object: ObjectId,
}

impl Operation for ConfirmObject {
    type Output = ();
    const NAME: &'static str = "confirm_object";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let subject = desk.subject(self.object)?;
        let group = Caller::Remote {
            actor: subject.group.id,
        };
        if desk.caller != group {
            return Err(Refusal::forbidden(
                "object.other_group",
                "Only its own group confirms that it took something.",
            ));
        }
        Ok(confirmations::insert(desk.db, self.object, desk.now)?)
    }
}
