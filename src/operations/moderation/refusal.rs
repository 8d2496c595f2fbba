//! What of others was refused, where a moderator can do something about it.

use crate::domain::caller::Caller;
use crate::domain::ids::ActorId;
use crate::domain::refusal::Refusal;
use crate::operations::{Desk, Operation};
use crate::store::moderation::{self, REFUSED};

/// One line for each person and day is enough, and all that a flood of refused posts can cause.
const ONCE_IN: i64 = 24 * 3600;

/// Something that somebody elsewhere sent to a local group was refused: a line for its moderators,
/// who may open a thread, lift a rule or let somebody in.
#[derive(Clone, Debug)]
pub(crate) struct NoteRefusal {
    /// Where.
    pub(crate) group: ActorId,
    /// Whose it was.
    pub(crate) actor: ActorId,
    /// Why.
    pub(crate) reason: String,
}

impl Operation for NoteRefusal {
    type Output = ();
    const NAME: &'static str = "note_refusal";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let group = desk.group(self.group)?;
        let since = desk.now.plus_seconds(-ONCE_IN);
        let known = moderation::was_refused(desk.db, group.id, self.actor, since)?;
        if desk.caller != Caller::System || !group.local || known {
            return Ok(());
        }
        desk.log(
            Some(group.id),
            REFUSED,
            None,
            Some(self.actor),
            &self.reason,
        )
    }
}
