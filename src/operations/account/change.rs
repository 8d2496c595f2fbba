//! A new password ends every other session.

use super::account;
use super::passwords::refuse_long;
use super::reset::password_changed;
use crate::domain::caller::Caller;
use crate::domain::ids::ActorId;
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::operations::{Desk, Operation, Operations};
use crate::store::{accounts, sessions, sign_ups};

/// Replaces the caller's own password, after the old one was found right.
pub(crate) struct ChangePassword {
    /// The hash against which the old password was checked; must still be the account's.
    pub(crate) old_hash: String,
    /// The hash of the new one.
    pub(crate) new_hash: String,
    /// The session in which it is changed, by its token's hash: the one that goes on.
    pub(crate) session: Option<String>,
}

impl Operation for ChangePassword {
    type Output = ();
    const NAME: &'static str = "change_password";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let actor = policy::require_actor(desk.caller)?;
        let account = account(desk, actor)?;
        if account.password_hash != self.old_hash {
            return Err(wrong_old());
        }
        accounts::set_password(desk.db, actor, &self.new_hash)?;
        sessions::delete_others(desk.db, actor, self.session.as_deref())?;
        password_changed(desk, &account)
    }
}

fn wrong_old() -> Refusal {
    Refusal::invalid(
        "old_password",
        "password.wrong",
        "This is not your password so far. Please try again.",
    )
}

/// [`ChangePassword`] with all that goes before it: the old password is checked, the new one hashed.
///
/// # Errors
/// If the old password is wrong, or the new one too short or too long.
pub(crate) async fn change_password(
    operations: &Operations,
    caller: Caller,
    old: &str,
    new: &str,
    session: Option<String>,
) -> Result<(), Refusal> {
    let actor = policy::require_actor(caller)?;
    refuse_long(old)?;
    let found = operations
        .store
        .read(move |db| accounts::find(db, actor))
        .await?;
    let old_hash = found.map(|account| account.password_hash);
    let fits = operations.passwords.verify(old, old_hash.clone()).await?;
    let (Some(old_hash), true) = (old_hash, fits) else {
        return Err(wrong_old());
    };
    let new_hash = operations
        .passwords
        .hash(new, &operations.live.get())
        .await?;
    operations
        .run(
            caller,
            ChangePassword {
                old_hash,
                new_hash,
                session,
            },
        )
        .await
}

/// Sets somebody's password without the old one: for the operator. All their sessions end.
pub(crate) struct SetPassword {
    /// Whose.
    pub(crate) actor: ActorId,
    /// The hash of the new one.
    pub(crate) new_hash: String,
}

impl Operation for SetPassword {
    type Output = ();
    const NAME: &'static str = "set_password";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        if desk.caller != Caller::System {
            return Err(Refusal::forbidden(
                "password.operator",
                "Only the operator of the hub can set a password without the old one.",
            ));
        }
        let actor = account(desk, self.actor)?.actor;
        accounts::set_password(desk.db, actor, &self.new_hash)?;
        sessions::delete_others(desk.db, actor, None)?;
        Ok(sign_ups::delete_proofs(desk.db, actor)?)
    }
}
