//! A remote actor is gone.

use crate::domain::actor::Actor;
use crate::domain::caller::Caller;
use crate::domain::ids::ActorId;
use crate::domain::refusal::Refusal;
use crate::operations::{Desk, Operation};
use crate::store::{actors, follows, moderators};

/// Marks a remote actor deleted and ends what it followed and moderated.
///
/// Asked for by the actor itself, or by the hub when its address answers 410. What it wrote stays
/// where it is.
pub(crate) struct TombstoneActor {
    /// Who is gone.
    pub(crate) actor: ActorId,
}

impl Operation for TombstoneActor {
    type Output = ();
    const NAME: &'static str = "tombstone_actor";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let Some(actor) = actors::find(desk.db, self.actor)? else {
            return Err(Refusal::not_found(
                "actor.unknown",
                "Nobody here knows this actor.",
            ));
        };
        let itself = desk.caller == Caller::Remote { actor: actor.id };
        if actor.local || !(itself || desk.caller == Caller::System) {
            return Err(Refusal::forbidden(
                "actor.not_yours",
                "Only an actor itself, or its own hub, can say that it is gone.",
            ));
        }
        if actor.deleted_at.is_some() {
            return Ok(());
        }
        part(desk, &actor)?;
        actors::set_deleted(desk.db, actor.id, desk.now)?;
        Ok(())
    }
}

/// Ends every follow by and of an actor, and its moderating.
pub(in crate::operations) fn part(desk: &mut Desk<'_>, actor: &Actor) -> Result<(), Refusal> {
    follows::delete_of(desk.db, actor)?;
    moderators::delete_everywhere(desk.db, actor.id)?;
    Ok(())
}
