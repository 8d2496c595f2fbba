//! Somebody joins this hub.

use super::email;
use crate::domain::actor::ActorKind;
use crate::domain::caller::Caller;
use crate::domain::ids::ActorId;
use crate::domain::membership::{Role, Standing};
use crate::domain::refusal::Refusal;
use crate::operations::actor::{Birth, Keys, bear};
use crate::operations::{Desk, Operation, Operations};
use crate::settings::Registration;
use crate::store::StoreError;
use crate::store::accounts::{self, Account};

/// Makes a person and their account.
///
/// Visitors may as far as `accounts.registration` lets them; admins always, with any role.
pub(crate) struct Register {
    /// The name in handle and address.
    pub(crate) name: String,
    /// Where mail reaches them.
    pub(crate) email: String,
    /// The hash of their password, made before.
    pub(crate) password_hash: String,
    /// What they may do; `None`: take part.
    pub(crate) role: Option<Role>,
    /// The language of their pages.
    pub(crate) language: Option<String>,
    /// Their key pair, made before.
    pub(crate) keys: Keys,
}

/// Who joined, and whether they may sign in at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Registered {
    /// The person.
    pub(crate) actor: ActorId,
    /// `Pending`, where an admin has to approve first.
    pub(crate) standing: Standing,
}

impl Operation for Register {
    type Output = Registered;
    const NAME: &'static str = "register";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<Registered, Refusal> {
        let standing = admission(desk.caller, desk.settings.accounts.registration)?;
        if self.role.is_some_and(|role| role > Role::Member) && !desk.caller.is_admin() {
            return Err(Refusal::forbidden(
                "role.admin",
                "Only admins can give out roles.",
            ));
        }
        let email = email::normalise(&self.email)?;
        if accounts::has_email(desk.db, &email)? {
            return Err(email_taken());
        }
        let birth = Birth {
            kind: ActorKind::Person,
            name: &self.name,
            title: self.name.clone(),
            summary_html: String::new(),
            summary_source: None,
            keys: &self.keys,
        };
        let actor = bear(desk, birth)?.id;
        let account = Account {
            actor,
            email,
            password_hash: self.password_hash.clone(),
            role: self.role.unwrap_or(Role::Member),
            standing,
            language: self
                .language
                .as_deref()
                .and_then(crate::text::language::tag),
            created_at: desk.now,
        };
        accounts::insert(desk.db, &account).map_err(|error| match error {
            StoreError::Unique(rule) if rule == "uq__accounts__email" => email_taken(),
            error => error.into(),
        })?;
        Ok(Registered { actor, standing })
    }
}

fn admission(caller: Caller, registration: Registration) -> Result<Standing, Refusal> {
    if caller.is_admin() {
        return Ok(Standing::Active);
    }
    if caller != Caller::Visitor {
        return Err(Refusal::forbidden(
            "register.signed_in",
            "You have an account already.",
        ));
    }
    match registration {
        Registration::Open => Ok(Standing::Active),
        Registration::Approval => Ok(Standing::Pending),
        Registration::Closed => Err(Refusal::forbidden(
            "register.closed",
            "This hub takes no new members. Please ask its admins for an account.",
        )),
    }
}

fn email_taken() -> Refusal {
    Refusal::invalid(
        "email",
        "email.taken",
        "This email address belongs to an account already. Please sign in, or use another one.",
    )
}

/// What somebody who wants to join fills in.
#[derive(Clone, Debug)]
pub(crate) struct Form {
    /// The name in handle and address.
    pub(crate) name: String,
    /// Where mail reaches them.
    pub(crate) email: String,
    /// Their password.
    pub(crate) password: crate::settings::Secret,
    /// What they may do; `None`: take part.
    pub(crate) role: Option<Role>,
    /// The language of their pages.
    pub(crate) language: Option<String>,
}

/// [`Register`] with all that goes before it: the password is hashed and the keys are made.
///
/// # Errors
/// Every wrong field; nothing was kept then.
pub(crate) async fn register(
    operations: &Operations,
    caller: Caller,
    form: Form,
) -> Result<Registered, Refusal> {
    let settings = operations.live.get();
    admission(caller, settings.accounts.registration)?;
    email::normalise(&form.email)?;
    let password_hash = operations
        .passwords
        .hash(form.password.expose(), &settings)
        .await?;
    let register = Register {
        name: form.name,
        email: form.email,
        password_hash,
        role: form.role,
        language: form.language,
        keys: Keys::generate().await?,
    };
    operations.run(caller, register).await
}
