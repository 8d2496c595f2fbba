//! A remote actor of whom their own server says that they are gone, or that they are there.

use crate::domain::caller::Caller;
use crate::domain::ids::ActorId;
use crate::domain::refusal::Refusal;
use crate::operations::{Desk, Operation};
use crate::store::{absences, actors, follows};

use super::TombstoneActor;

/// How long somebody has to be gone before they are gone for good, in seconds: a server that was
/// restored from a backup, or lost its way for an hour, says so too (security.md H154).
pub(crate) const PATIENCE: i64 = 24 * 3600;

/// Groups that somebody is a member of at most.
const MOST_GROUPS: u32 = 10_000;

/// Notes what a server says of one of its actors when it is asked. Who is gone is a member of no
/// group from then on, and is gone for good when the server says so again a day later; who is there again is
/// as before.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NoteAbsence {
    /// Of whom.
    pub(crate) actor: ActorId,
    /// Whether it says that they are gone.
    pub(crate) gone: bool,
}

impl Operation for NoteAbsence {
    type Output = ();
    const NAME: &'static str = "note_absence";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        if desk.caller != Caller::System {
            return Err(Refusal::forbidden(
                "actor.system",
                "Who is gone is found out by the hub itself.",
            ));
        }
        let found = actors::find(desk.db, self.actor)?;
        let Some(actor) = found.filter(|actor| !actor.local && actor.deleted_at.is_none()) else {
            return Ok(absences::delete(desk.db, self.actor)?);
        };
        if !self.gone {
            return Ok(absences::delete(desk.db, actor.id)?);
        }
        match absences::find(desk.db, actor.id)? {
            None => {
                absences::insert(desk.db, actor.id, desk.now)?;
                for group in follows::list_groups_of(desk.db, actor.id, MOST_GROUPS)? {
                    follows::delete(desk.db, group.id, actor.id, actor.instance)?;
                }
                Ok(())
            }
            Some(since) if since.plus_seconds(PATIENCE) <= desk.now => {
                absences::delete(desk.db, actor.id)?;
                TombstoneActor { actor: actor.id }.perform(desk)
            }
            Some(_) => Ok(()),
        }
    }
}
