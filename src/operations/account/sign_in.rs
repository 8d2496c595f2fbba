//! Signing in and out. The client holds a random token; the store knows only its hash.

use super::passwords::{refuse_long, wrong};
use super::{account, email};
use crate::crypto::token;
use crate::domain::caller::Caller;
use crate::domain::clock::Ts;
use crate::domain::ids::ActorId;
use crate::domain::membership::Standing;
use crate::domain::refusal::Refusal;
use crate::operations::{Desk, Operation, Operations};
use crate::store::accounts::Account;
use crate::store::{accounts, sessions};

/// A browser that is signed in now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SignedIn {
    /// What the browser keeps; it is not stored here.
    pub(crate) token: String,
    /// Who signed in.
    pub(crate) actor: ActorId,
    /// When the session ends, unless it is renewed.
    pub(crate) expires_at: Ts,
}

/// Checks a name (or email address) and a password, then opens a session; `device` is what the list
/// of sessions calls the browser.
///
/// # Errors
/// One answer to wrong names and wrong passwords, in the same time; whether the account waits or
/// is suspended is told only to those who know the password.
pub(crate) async fn sign_in(
    operations: &Operations,
    login: &str,
    password: &str,
    device: &str,
) -> Result<SignedIn, Refusal> {
    refuse_long(password)?;
    let found = find(operations, login).await?;
    let hash = found.as_ref().map(|account| account.password_hash.clone());
    let fits = operations.passwords.verify(password, hash).await?;
    let (Some(account), true) = (found, fits) else {
        return Err(wrong());
    };
    let token = token::random();
    let open = OpenSession {
        actor: account.actor,
        token_hash: token::hash_hex(&token),
        password_hash: account.password_hash,
        device: device.to_owned(),
    };
    let expires_at = operations.run(Caller::Visitor, open).await?;
    Ok(SignedIn {
        token,
        actor: account.actor,
        expires_at,
    })
}

async fn find(operations: &Operations, login: &str) -> Result<Option<Account>, Refusal> {
    let login = login.trim().trim_start_matches('@').to_ascii_lowercase();
    let email = login.contains('@');
    if login.len() > 320 || (email && email::normalise(&login).is_err()) {
        return Ok(None);
    }
    Ok(operations
        .store
        .read(move |db| accounts::find_by_login(db, &login))
        .await?)
}

/// Opens a session for somebody whose password was found right just before.
pub(crate) struct OpenSession {
    /// Who signs in.
    pub(crate) actor: ActorId,
    /// `crypto::token::hash_hex` of the browser's token.
    pub(crate) token_hash: String,
    /// The hash against which the password was checked; must still be the account's.
    pub(crate) password_hash: String,
    /// What the browser is, for the list of sessions.
    pub(crate) device: String,
}

impl Operation for OpenSession {
    type Output = Ts;
    const NAME: &'static str = "open_session";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<Ts, Refusal> {
        let account = account(desk, self.actor)?;
        if account.password_hash != self.password_hash {
            return Err(wrong());
        }
        require_active(account.standing)?;
        let expires_at = lifetime_from_now(desk);
        sessions::delete_expired(desk.db, desk.now)?;
        let (hash, device) = (&self.token_hash, &self.device);
        sessions::insert(desk.db, hash, self.actor, device, desk.now, expires_at)?;
        Ok(expires_at)
    }
}

pub(super) fn require_active(standing: Standing) -> Result<(), Refusal> {
    match standing {
        Standing::Active => Ok(()),
        Standing::Pending => Err(Refusal::forbidden(
            "account.pending",
            "Your account waits for an admin's approval. Please try again later.",
        )),
        Standing::Suspended => Err(Refusal::forbidden(
            "account.suspended",
            "Your account was suspended. Please write to the admins of this hub.",
        )),
    }
}

pub(super) fn lifetime_from_now(desk: &Desk<'_>) -> Ts {
    desk.now
        .plus_seconds(desk.settings.accounts.session_lifetime.seconds())
}

/// Lets a session live for its whole lifetime again, counted from now.
///
/// Faces run it when `views::account::Signed::renewable` says so: reads do not write.
pub(crate) struct RenewSession {
    /// `crypto::token::hash_hex` of the browser's token.
    pub(crate) token_hash: String,
}

impl Operation for RenewSession {
    type Output = Ts;
    const NAME: &'static str = "renew_session";
    const UNSEEN: bool = true;

    fn perform(&self, desk: &mut Desk<'_>) -> Result<Ts, Refusal> {
        let expires_at = lifetime_from_now(desk);
        if sessions::set_expiry(desk.db, &self.token_hash, desk.now, expires_at)? {
            return Ok(expires_at);
        }
        Err(Refusal::not_found(
            "session.unknown",
            "You are not signed in any more.",
        ))
    }
}

/// Ends a session; one that is unknown has ended.
pub(crate) struct SignOut {
    /// `crypto::token::hash_hex` of the browser's token.
    pub(crate) token_hash: String,
}

impl Operation for SignOut {
    type Output = ();
    const NAME: &'static str = "sign_out";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        Ok(sessions::delete(desk.db, &self.token_hash)?)
    }
}
