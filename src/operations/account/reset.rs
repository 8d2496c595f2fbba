//! A new password for who no longer knows the old one: by a link in a letter to their address, which
//! works once, for an hour, and not after anything else changed (security.md R-27, H183).

use super::{account, email, name_of, unusable_link};
use crate::crypto::token;
use crate::domain::caller::Caller;
use crate::domain::ids::ActorId;
use crate::domain::membership::Standing;
use crate::domain::refusal::Refusal;
use crate::mail::{Draft, Occasion};
use crate::operations::letter::{HOUR, post};
use crate::operations::{Desk, Operation, Operations};
use crate::store::accounts::{self, Account};
use crate::store::sign_ups::{self, Proof, Purpose};
use crate::store::{sessions, tokens};

/// Sends a link for a new password to an address, if it is a member's. Nobody learns whether it is.
pub(crate) struct AskReset {
    /// The address.
    pub(crate) email: String,
    /// What stands in the link, drawn before.
    pub(crate) token: String,
}

impl Operation for AskReset {
    type Output = ();
    const NAME: &'static str = "ask_reset";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let email = email::normalise(&self.email)?;
        let found = accounts::find_by_login(desk.db, &email)?;
        let Some(account) = found.filter(|found| found.standing != Standing::Suspended) else {
            return Ok(());
        };
        let (actor, hash) = (account.actor, token::hash_hex(&self.token));
        let until = desk.now.plus_seconds(HOUR);
        sign_ups::insert_proof(
            desk.db,
            &hash,
            Purpose::Reset,
            &Proof { actor, email },
            until,
        )?;
        let link = format!("{}/reset?token={}", desk.names.base(), self.token);
        let draft = Draft::new(Occasion::Reset, &name_of(desk, actor)?).link(link);
        post(desk, (&account).into(), &draft, Some(HOUR))
    }
}

/// Sets the password of who opened the link; every session and every token of theirs ends.
pub(crate) struct ResetPassword {
    /// `crypto::token::hash_hex` of what stands in the link.
    pub(crate) token_hash: String,
    /// The hash of the new password.
    pub(crate) new_hash: String,
}

impl Operation for ResetPassword {
    type Output = ();
    const NAME: &'static str = "reset_password";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let found = sign_ups::find_proof(desk.db, &self.token_hash, Purpose::Reset, desk.now)?;
        let proof = found.ok_or_else(unusable_link)?;
        let account = account(desk, proof.actor)?;
        if account.email != proof.email {
            return Err(unusable_link());
        }
        accounts::set_password(desk.db, proof.actor, &self.new_hash)?;
        sessions::delete_others(desk.db, proof.actor, None)?;
        tokens::delete_all(desk.db, proof.actor)?;
        password_changed(desk, &account)
    }
}

/// What follows from every new password: links sent before are void, and the member is told.
pub(super) fn password_changed(desk: &mut Desk<'_>, account: &Account) -> Result<(), Refusal> {
    sign_ups::delete_proofs(desk.db, account.actor)?;
    let link = format!("{}/forgot", desk.names.base());
    let name = name_of(desk, account.actor)?;
    let draft = Draft::new(Occasion::PasswordChanged, &name).link(link);
    post(desk, account.into(), &draft, None)
}

/// [`ResetPassword`] with the hash that it needs; it is made only for a link that is good.
///
/// # Errors
/// If the link is not good, or the password too short, too long or guessable.
pub(crate) async fn reset_password(
    operations: &Operations,
    token: &str,
    new: &str,
) -> Result<(), Refusal> {
    let token_hash = token::hash_hex(token);
    if reset_of(operations, token).await?.is_none() {
        return Err(unusable_link());
    }
    let settings = operations.live.get();
    let new_hash = operations.passwords.hash(new, &settings).await?;
    let reset = ResetPassword {
        token_hash,
        new_hash,
    };
    operations.run(Caller::Visitor, reset).await
}

/// Whose password the link sets; `None` if it is not good.
///
/// # Errors
/// If the store cannot be read.
pub(crate) async fn reset_of(
    operations: &Operations,
    token: &str,
) -> Result<Option<ActorId>, Refusal> {
    let (hash, now) = (token::hash_hex(token), operations.now());
    let found = operations
        .store
        .read(move |db| sign_ups::find_proof(db, &hash, Purpose::Reset, now))
        .await?;
    Ok(found.map(|proof| proof.actor))
}
