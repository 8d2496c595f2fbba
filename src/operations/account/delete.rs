//! Somebody leaves this hub for good.

use super::profile::tell;
use super::standing::require_other_admin;
use super::{account, require_self_or_admin};
use crate::domain::activity::Activity;
use crate::domain::ids::ActorId;
use crate::domain::refusal::Refusal;
use crate::operations::actor::part;
use crate::operations::{Desk, Operation};
use crate::store::{accounts, actors, sessions, tokens};

/// Deletes an account; its name stays taken, so that nobody else can become them.
///
/// Everybody who knows the person is told before their follows end. What they wrote is not touched
/// here.
pub(crate) struct DeleteAccount {
    /// Whose.
    pub(crate) actor: ActorId,
}

impl Operation for DeleteAccount {
    type Output = ();
    const NAME: &'static str = "delete_account";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        require_self_or_admin(desk.caller, self.actor)?;
        let account = account(desk, self.actor)?;
        require_other_admin(desk, &account)?;
        let Some(actor) = actors::find(desk.db, self.actor)? else {
            return Err(Refusal::not_found(
                "account.unknown",
                "There is no such person here.",
            ));
        };
        tell(desk, actor.id, Activity::ProfileDeleted { actor: actor.id })?;
        part(desk, &actor)?;
        sessions::delete_others(desk.db, actor.id, None)?;
        tokens::delete_all(desk.db, actor.id)?;
        accounts::delete(desk.db, actor.id)?;
        Ok(actors::set_deleted(desk.db, actor.id, desk.now)?)
    }
}
