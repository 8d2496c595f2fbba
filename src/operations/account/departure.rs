//! Somebody wants to leave this hub: their account is deleted some days later, unless they think
//! better of it.

use super::prove::{not_yours, prove};
use super::standing::require_other_admin;
use super::{DeleteAccount, account, name_of, require_self_or_admin};
use crate::domain::caller::Caller;
use crate::domain::clock::Ts;
use crate::domain::departure::Departure;
use crate::domain::ids::ActorId;
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::mail::{Draft, Occasion};
use crate::operations::letter::post;
use crate::operations::{Desk, Operation, Operations};
use crate::settings::DeletedAccounts;
use crate::store::{departures, sessions};

/// The field of a form in which the password stands.
const FIELD: &str = "leave_password";

/// The caller's account is to be deleted after `accounts.deletion_delay`. They are signed out
/// everywhere, and a letter says how to keep the account.
pub(crate) struct AskToLeave {
    /// What becomes of their words.
    pub(crate) words: DeletedAccounts,
    /// The hash against which their password was checked; must still be the account's.
    pub(crate) checked: String,
}

impl Operation for AskToLeave {
    /// When it happens; `None`: it has.
    type Output = Option<Ts>;
    const NAME: &'static str = "ask_to_leave";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<Option<Ts>, Refusal> {
        let actor = policy::require_actor(desk.caller)?;
        let account = account(desk, actor)?;
        if account.password_hash != self.checked {
            return Err(not_yours(FIELD));
        }
        require_other_admin(desk, &account)?;
        let delay = desk.settings.accounts.deletion_delay.seconds();
        if delay == 0 {
            delete(desk, actor, self.words)?;
            return Ok(None);
        }
        let departure = Departure {
            actor,
            leaves_at: desk.now.plus_seconds(delay),
            keeps_words: self.words == DeletedAccounts::Anonymise,
        };
        departures::upsert(desk.db, departure)?;
        sessions::delete_others(desk.db, actor, None)?;
        let link = format!("{}/sign-in?next=/settings/leaving", desk.names.base());
        let draft = Draft::new(Occasion::Leaving, &name_of(desk, actor)?)
            .detail(&departure.leaves_at.date("UTC"))
            .link(link);
        post(desk, (&account).into(), &draft, Some(delay))?;
        Ok(Some(departure.leaves_at))
    }
}

/// Deletes an account as its owner wanted, who is told of it.
fn delete(desk: &mut Desk<'_>, actor: ActorId, words: DeletedAccounts) -> Result<(), Refusal> {
    let (account, name) = (account(desk, actor)?, name_of(desk, actor)?);
    let words = Some(words);
    DeleteAccount { actor, words }.perform(desk)?;
    let draft = Draft::new(Occasion::Left, &name);
    post(desk, (&account).into(), &draft, None)
}

/// [`AskToLeave`] of the caller, who says the password once more.
///
/// # Errors
/// If the password is wrong, or the caller is the hub's last admin.
pub(crate) async fn ask_to_leave(
    operations: &Operations,
    caller: Caller,
    password: &str,
    words: DeletedAccounts,
) -> Result<Option<Ts>, Refusal> {
    let checked = prove(operations, caller, FIELD, password).await?;
    operations.run(caller, AskToLeave { words, checked }).await
}

/// An account that was to be deleted stays.
pub(crate) struct KeepAccount {
    /// Whose.
    pub(crate) actor: ActorId,
}

impl Operation for KeepAccount {
    type Output = ();
    const NAME: &'static str = "keep_account";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        require_self_or_admin(desk.caller, self.actor)?;
        departures::delete(desk.db, self.actor)?;
        Ok(())
    }
}

/// Deletes an account whose time has come; one that stays after all is left alone.
pub(crate) struct Depart {
    /// Whose.
    pub(crate) actor: ActorId,
}

impl Operation for Depart {
    /// Whether it is deleted now.
    type Output = bool;
    const NAME: &'static str = "depart";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<bool, Refusal> {
        policy::require_admin(desk.caller)?;
        let departure = departures::find(desk.db, self.actor)?;
        let Some(departure) = departure.filter(|departure| departure.leaves_at <= desk.now) else {
            return Ok(false);
        };
        let words = if departure.keeps_words {
            DeletedAccounts::Anonymise
        } else {
            DeletedAccounts::Remove
        };
        delete(desk, self.actor, words)?;
        Ok(true)
    }
}
