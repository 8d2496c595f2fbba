//! Another mail address: confirmed by a link in a letter to the new one; the old one is told.

use super::passwords::refuse_long;
use super::sign_up::tell_member;
use super::{account, email, name_of, unusable_link};
use crate::crypto::token;
use crate::domain::caller::Caller;
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::mail::{Draft, Occasion};
use crate::operations::letter::{DAY, Receiver, post};
use crate::operations::{Desk, Operation, Operations};
use crate::store::sign_ups::{self, Proof, Purpose};
use crate::store::{accounts, sessions};

/// Sends a link to the address that the caller wants, after their password was found right. Where
/// it is another member's, they are told instead, and the caller learns nothing.
pub(crate) struct AskAddress {
    /// The hash against which the password was checked; must still be the account's.
    pub(crate) checked: String,
    /// The new address.
    pub(crate) email: String,
    /// What stands in the link, drawn before.
    pub(crate) token: String,
}

impl Operation for AskAddress {
    type Output = ();
    const NAME: &'static str = "ask_address";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let actor = policy::require_actor(desk.caller)?;
        let own = account(desk, actor)?;
        if own.password_hash != self.checked {
            return Err(wrong());
        }
        let email = email::normalise(&self.email)?;
        if let Some(owner) = accounts::find_by_login(desk.db, &email)? {
            return tell_member(desk, &owner);
        }
        let (hash, until) = (token::hash_hex(&self.token), desk.now.plus_seconds(DAY));
        let proof = Proof { actor, email };
        sign_ups::insert_proof(desk.db, &hash, Purpose::Address, &proof, until)?;
        let link = format!("{}/confirm-address?token={}", desk.names.base(), self.token);
        let draft = Draft::new(Occasion::NewAddress, &name_of(desk, actor)?).link(link);
        let to = Receiver {
            email: &proof.email,
            language: own.language.as_deref(),
        };
        post(desk, to, &draft, Some(DAY))
    }
}

/// [`AskAddress`] with all that goes before it: the password is checked.
///
/// # Errors
/// If the password is wrong, or the address is none.
pub(crate) async fn ask_address(
    operations: &Operations,
    caller: Caller,
    password: &str,
    email: &str,
) -> Result<(), Refusal> {
    let actor = policy::require_actor(caller)?;
    refuse_long(password).map_err(|_long| wrong())?;
    email::normalise(email)?;
    let found = operations
        .store
        .read(move |db| accounts::find(db, actor))
        .await?;
    let hash = found.map(|account| account.password_hash);
    let fits = operations.passwords.verify(password, hash.clone()).await?;
    let (Some(checked), true) = (hash, fits) else {
        return Err(wrong());
    };
    let ask = AskAddress {
        checked,
        email: email.to_owned(),
        token: token::random(),
    };
    operations.run(caller, ask).await
}

/// Takes the address of who opened the link as theirs. The old one is told, and every other session
/// ends.
pub(crate) struct ConfirmAddress {
    /// `crypto::token::hash_hex` of what stands in the link.
    pub(crate) token_hash: String,
    /// The session in which it was opened, by its token's hash: the one that goes on.
    pub(crate) session: Option<String>,
}

impl Operation for ConfirmAddress {
    type Output = ();
    const NAME: &'static str = "confirm_address";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let found = sign_ups::find_proof(desk.db, &self.token_hash, Purpose::Address, desk.now)?;
        let proof = found.ok_or_else(unusable_link)?;
        let old = account(desk, proof.actor)?;
        if accounts::has_email(desk.db, &proof.email)? {
            return Err(unusable_link());
        }
        accounts::set_email(desk.db, proof.actor, &proof.email)?;
        sign_ups::delete_proofs(desk.db, proof.actor)?;
        sessions::delete_others(desk.db, proof.actor, self.session.as_deref())?;
        let name = name_of(desk, proof.actor)?;
        let draft = Draft::new(Occasion::AddressChanged, &name).detail(&proof.email);
        post(desk, (&old).into(), &draft, None)
    }
}

fn wrong() -> Refusal {
    Refusal::invalid(
        "address_password",
        "password.not_yours",
        "This is not your password. Please try again.",
    )
}
