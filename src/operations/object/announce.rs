//! What was fetched before it was sent is announced when it is.

use crate::domain::activity::Activity;
use crate::domain::ids::ObjectId;
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::operations::{Desk, Operation};
use crate::store::held;

/// A local group announces a foreign post or comment that was stored before its author sent it
/// here, as the ancestor of an answer. Once: then there is nothing left to do.
#[derive(Clone, Debug)]
pub(crate) struct AnnounceObject {
    /// What.
    pub(crate) object: ObjectId,
    /// The activity as it came.
    pub(crate) relay: String,
}

impl Operation for AnnounceObject {
    type Output = ();
    const NAME: &'static str = "announce_object";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let subject = desk.subject(self.object)?;
        policy::require_author(desk.caller, subject.author)?;
        let relation = desk.relation(&subject.group)?;
        policy::require_not_banned(&relation, desk.now)?;
        let hidden = subject.deleted() || subject.removed() || subject.post.hidden();
        if hidden || !subject.group.local || !held::set_announced(desk.db, self.object)? {
            return Ok(());
        }
        let created = Activity::Created {
            object: self.object,
        };
        let (group, key) = (&subject.group, subject.post.id.0);
        let entry = Desk::entry_in(group, subject.author, created, key);
        desk.record(entry.relay(Some(self.relay.clone())));
        Ok(())
    }
}
