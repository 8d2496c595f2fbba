//! Somebody of this hub moves to an account elsewhere.

use super::{carry, check};
use crate::domain::activity::{Activity, Entry};
use crate::domain::ids::ActorId;
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::operations::account::tell;
use crate::operations::{Desk, Operation};
use crate::store::actors;

/// The caller moves to another account, whose document names them as theirs: that was looked up
/// just before. The old account stays, and says where they went.
#[derive(Clone, Debug)]
pub(crate) struct MoveAway {
    /// The new account.
    pub(crate) target: ActorId,
}

impl Operation for MoveAway {
    type Output = ();
    const NAME: &'static str = "move_away";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let caller = policy::require_actor(desk.caller)?;
        let (old, new) = (
            actors::find(desk.db, caller)?,
            actors::find(desk.db, self.target)?,
        );
        let (Some(mut old), Some(new)) = (old.filter(|old| old.local), new) else {
            return Err(Refusal::not_found(
                "actor.not_found",
                "There is no such person.",
            ));
        };
        check(desk, &old, &new)?;
        // Their followers' servers hear of it before their follows end.
        let moved = Activity::Moved { target: new.id };
        desk.record(Entry::new(old.id, Some(old.id), moved, old.id.0));
        carry(desk, &old, &new)?;
        old.updated_at = desk.now;
        actors::set_profile(desk.db, &old)?;
        tell(desk, old.id, Activity::ProfileUpdated { actor: old.id })
    }
}
