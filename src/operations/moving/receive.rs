//! Somebody of another server moves.

use super::{carry, check};
use crate::domain::caller::Caller;
use crate::domain::ids::ActorId;
use crate::domain::refusal::{Kind, Refusal};
use crate::operations::{Desk, Operation};
use crate::store::actors;

/// The caller, a remote actor, moves to another account, whose document names the caller as its
/// own: that was looked up just before. Gives back whether they moved; within seven days of the
/// last time, or in a chain, they do not.
#[derive(Clone, Debug)]
pub(crate) struct ReceiveMove {
    /// The new account.
    pub(crate) target: ActorId,
}

impl Operation for ReceiveMove {
    type Output = bool;
    const NAME: &'static str = "receive_move";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<bool, Refusal> {
        let Caller::Remote { actor } = desk.caller else {
            return Err(Refusal::forbidden(
                "move.remote",
                "Only actors of other servers move this way.",
            ));
        };
        let (old, new) = (
            actors::find(desk.db, actor)?,
            actors::find(desk.db, self.target)?,
        );
        let (Some(old), Some(new)) = (old, new) else {
            return Err(Refusal::not_found(
                "actor.not_found",
                "There is no such person.",
            ));
        };
        match check(desk, &old, &new) {
            Ok(()) => carry(desk, &old, &new).map(|()| true),
            Err(refusal) if refusal.kind == Kind::Conflict => Ok(false),
            Err(refusal) => Err(refusal),
        }
    }
}
