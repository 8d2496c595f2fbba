//! Somebody leaves this hub for good.

use super::passwords::refuse_long;
use super::standing::require_other_admin;
use super::{account, require_self_or_admin};
use crate::domain::activity::{Activity, Entry};
use crate::domain::caller::Caller;
use crate::domain::ids::ActorId;
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::operations::actor::{forget, part};
use crate::operations::{Desk, Operation, Operations};
use crate::store::{accounts, actors, announcements, blocks, filters, links, sessions, tokens};

/// Deletes an account; its name stays taken, so that nobody else can become them. The last admin
/// stays.
///
/// Every server that ever was told anything is told of it. What becomes of their words,
/// `privacy.deleted_accounts` says.
pub(crate) struct DeleteAccount {
    /// Whose.
    pub(crate) actor: ActorId,
    /// The hash against which their password was checked, where it was asked for; must still be
    /// the account's.
    pub(crate) checked: Option<String>,
}

impl Operation for DeleteAccount {
    type Output = ();
    const NAME: &'static str = "delete_account";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        require_self_or_admin(desk.caller, self.actor)?;
        let account = account(desk, self.actor)?;
        if self
            .checked
            .as_ref()
            .is_some_and(|hash| *hash != account.password_hash)
        {
            return Err(wrong());
        }
        require_other_admin(desk, &account)?;
        let Some(actor) = actors::find(desk.db, self.actor)? else {
            return Err(Refusal::not_found(
                "account.unknown",
                "There is no such person here.",
            ));
        };
        let gone = Activity::ProfileDeleted { actor: actor.id };
        desk.record(Entry::new(actor.id, None, gone, actor.id.0).everywhere());
        part(desk, &actor)?;
        sessions::delete_others(desk.db, actor.id, None)?;
        tokens::delete_all(desk.db, actor.id)?;
        blocks::delete_of(desk.db, actor.id)?;
        links::delete_all(desk.db, actor.id)?;
        filters::delete_of(desk.db, actor.id)?;
        announcements::delete_dismissals_of(desk.db, actor.id)?;
        accounts::delete(desk.db, actor.id)?;
        forget(desk, &actor)
    }
}

fn wrong() -> Refusal {
    Refusal::invalid(
        "leave_password",
        "password.not_yours",
        "This is not your password. Please try again.",
    )
}

/// [`DeleteAccount`] of the caller, who says the password once more.
///
/// # Errors
/// If the password is wrong, or the caller is the hub's last admin.
pub(crate) async fn delete_account(
    operations: &Operations,
    caller: Caller,
    password: &str,
) -> Result<(), Refusal> {
    let actor = policy::require_actor(caller)?;
    refuse_long(password).map_err(|_long| wrong())?;
    let found = operations
        .store
        .read(move |db| accounts::find(db, actor))
        .await?;
    let checked = found.map(|account| account.password_hash);
    if !operations
        .passwords
        .verify(password, checked.clone())
        .await?
    {
        return Err(wrong());
    }
    operations
        .run(caller, DeleteAccount { actor, checked })
        .await
}
