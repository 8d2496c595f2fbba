//! Somebody joins who has to show first that their mail address is theirs. Until then there is no
//! account, and nobody learns from the answers which addresses have one (security.md 5.2).

use super::register::{
    Application, Form, Newcomer, Registered, admit, join, password_hash, register,
};
use super::{email, unusable_link};
use crate::crypto::token;
use crate::domain::caller::Caller;
use crate::domain::membership::Role;
use crate::domain::refusal::Refusal;
use crate::mail::{Draft, Occasion};
use crate::operations::actor::{Keys, name_is_taken, require_name};
use crate::operations::letter::{DAY, Receiver, post};
use crate::operations::{Desk, Operation, Operations};
use crate::store::accounts;
use crate::store::sign_ups::{self, SignUp};

/// What became of a sign-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SignedUp {
    /// There is an account.
    Joined(Registered),
    /// A letter is on its way, whether the address was free or not.
    LetterSent,
}

/// Takes a sign-up: at once, or with a letter where the settings ask for one.
///
/// # Errors
/// Every wrong field; nothing was kept then.
pub(crate) async fn sign_up(
    operations: &Operations,
    caller: Caller,
    form: Form,
) -> Result<SignedUp, Refusal> {
    if !operations.live.get().confirms_addresses() {
        let joined = register(operations, caller, form).await?;
        return Ok(SignedUp::Joined(joined));
    }
    let password_hash = password_hash(operations, caller, &form).await?;
    let ask = AskToJoin {
        name: form.name,
        email: form.email,
        password_hash,
        language: form.language,
        application: form.application,
        token: token::random(),
    };
    operations.run(caller, ask).await?;
    Ok(SignedUp::LetterSent)
}

/// Sends a letter to who signs up: with a link that makes the account, or, where the address
/// belongs to a member, one that says so.
pub(crate) struct AskToJoin {
    /// The name in handle and address.
    pub(crate) name: String,
    /// Where mail reaches them.
    pub(crate) email: String,
    /// The hash of their password, made before.
    pub(crate) password_hash: String,
    /// The language of their pages.
    pub(crate) language: Option<String>,
    /// How they ask to be let in.
    pub(crate) application: Application,
    /// What stands in the link, drawn before.
    pub(crate) token: String,
}

impl Operation for AskToJoin {
    type Output = ();
    const NAME: &'static str = "ask_to_join";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let way = admit(desk, &self.application)?;
        let email = email::normalise(&self.email)?;
        require_name(desk, &self.name, None)?;
        if sign_ups::has_name(desk.db, &self.name, &email, desk.now)? {
            return Err(name_is_taken(&self.name));
        }
        if let Some(account) = accounts::find_by_login(desk.db, &email)? {
            return tell_member(desk, &account);
        }
        let sign_up = SignUp {
            token_hash: token::hash_hex(&self.token),
            name: self.name.clone(),
            email,
            password_hash: self.password_hash.clone(),
            language: self
                .language
                .as_deref()
                .and_then(crate::text::language::tag),
            answer: way.answer,
            invitation_hash: self.application.invitation_hash.clone(),
            expires_at: desk.now.plus_seconds(DAY).0,
        };
        sign_ups::insert(desk.db, &sign_up)?;
        let link = format!("{}/confirm?token={}", desk.names.base(), self.token);
        let draft = Draft::new(Occasion::Confirm, &self.name).link(link);
        let to = Receiver {
            email: &sign_up.email,
            language: sign_up.language.as_deref(),
        };
        post(desk, to, &draft, Some(DAY))
    }
}

/// Tells a member that somebody wanted to use their address for something else.
pub(super) fn tell_member(desk: &mut Desk<'_>, account: &accounts::Account) -> Result<(), Refusal> {
    let name = super::name_of(desk, account.actor)?;
    let link = format!("{}/forgot", desk.names.base());
    let draft = Draft::new(Occasion::Member, &name).link(link);
    post(desk, account.into(), &draft, None)
}

/// Makes the account of somebody who opened the link in their letter.
pub(crate) struct ConfirmSignUp {
    /// `crypto::token::hash_hex` of what stands in the link.
    pub(crate) token_hash: String,
    /// Their key pair, made before.
    pub(crate) keys: Keys,
}

impl Operation for ConfirmSignUp {
    type Output = Registered;
    const NAME: &'static str = "confirm_sign_up";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<Registered, Refusal> {
        let found = sign_ups::find(desk.db, &self.token_hash, desk.now)?;
        let sign_up = found.ok_or_else(unusable_link)?;
        let application = Application {
            answer: sign_up.answer,
            invitation_hash: sign_up.invitation_hash,
        };
        let way = admit(desk, &application)?;
        sign_ups::delete_of(desk.db, &sign_up.email)?;
        let newcomer = Newcomer {
            name: &sign_up.name,
            email: sign_up.email,
            password_hash: &sign_up.password_hash,
            role: Role::Member,
            language: sign_up.language.as_deref(),
            keys: &self.keys,
        };
        join(desk, newcomer, way)
    }
}

/// [`ConfirmSignUp`] with the keys that it needs; they are made only for a link that is good.
///
/// # Errors
/// If the link is not good, or what it was made for cannot be any more.
pub(crate) async fn confirm_sign_up(
    operations: &Operations,
    token: &str,
) -> Result<Registered, Refusal> {
    let (token_hash, now) = (token::hash_hex(token), operations.now());
    let wanted = token_hash.clone();
    let found = operations
        .store
        .read(move |db| sign_ups::find(db, &wanted, now))
        .await?;
    if found.is_none() {
        return Err(unusable_link());
    }
    let keys = Keys::generate().await?;
    let confirm = ConfirmSignUp { token_hash, keys };
    operations.run(Caller::Visitor, confirm).await
}
