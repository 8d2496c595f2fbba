//! People elsewhere share a post or comment with their followers.

use super::receive::deed;
use crate::domain::ids::ObjectId;
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::operations::{Desk, Operation};
use crate::store::reactions;

/// The caller shares a post or comment, or no longer does. Nothing else of it changes.
#[derive(Clone, Debug)]
pub(crate) struct ReceiveShare {
    /// What.
    pub(crate) object: ObjectId,
    /// Whether it is shared.
    pub(crate) shared: bool,
    /// The id of the activity; empty if it has none.
    pub(crate) activity: String,
}

impl Operation for ReceiveShare {
    type Output = ();
    const NAME: &'static str = "receive_share";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let by = policy::require_actor(desk.caller)?;
        let subject = desk.subject(self.object)?;
        let relation = desk.relation(&subject.group)?;
        policy::require_not_banned(&relation, desk.now)?;
        if self.shared {
            let deed = deed(&self.activity);
            Ok(reactions::insert_share(
                desk.db,
                self.object,
                by,
                deed,
                desk.now,
            )?)
        } else {
            Ok(reactions::delete_share(desk.db, self.object, by)?)
        }
    }
}
