//! Somebody joins this hub.

use super::{email, limited};
use crate::domain::actor::ActorKind;
use crate::domain::caller::Caller;
use crate::domain::ids::ActorId;
use crate::domain::invitation::Invitation;
use crate::domain::membership::{Role, Standing};
use crate::domain::notice::NoticeKind;
use crate::domain::refusal::Refusal;
use crate::operations::actor::{Birth, Keys, bear};
use crate::operations::invitation::{may_invite, unknown_invitation};
use crate::operations::{Desk, Operation, Operations, notice};
use crate::settings::Registration;
use crate::store::StoreError;
use crate::store::accounts::{self, Account};
use crate::store::invitations::{self, Arrival};

/// Moderators of the hub who are told of somebody that waits.
const MOST_TOLD: u32 = 100;

/// Makes a person and their account.
///
/// Visitors may as far as `accounts.registration` lets them, or with an invitation; admins always,
/// with any role.
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
    /// How they ask to be let in.
    pub(crate) application: Application,
    /// Their key pair, made before.
    pub(crate) keys: Keys,
}

/// How a newcomer asks to be let in.
#[derive(Clone, Debug, Default)]
pub(crate) struct Application {
    /// What they answer to the hub's question.
    pub(crate) answer: String,
    /// `crypto::token::hash_hex` of the invitation they have.
    pub(crate) invitation_hash: Option<String>,
}

/// Who joined, and whether they may sign in at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Registered {
    /// The person.
    pub(crate) actor: ActorId,
    /// `Pending`, where a moderator has to approve first.
    pub(crate) standing: Standing,
}

impl Operation for Register {
    type Output = Registered;
    const NAME: &'static str = "register";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<Registered, Refusal> {
        let way = admit(desk, &self.application)?;
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
        let newcomer = Newcomer {
            name: &self.name,
            email,
            password_hash: &self.password_hash,
            role: self.role.unwrap_or(Role::Member),
            language: self.language.as_deref(),
            keys: &self.keys,
        };
        join(desk, newcomer, way)
    }
}

/// Somebody who becomes a member.
pub(super) struct Newcomer<'a> {
    pub(super) name: &'a str,
    /// Normalised.
    pub(super) email: String,
    pub(super) password_hash: &'a str,
    pub(super) role: Role,
    pub(super) language: Option<&'a str>,
    pub(super) keys: &'a Keys,
}

/// How a newcomer is let in.
pub(super) struct Way {
    standing: Standing,
    invitation: Option<Invitation>,
    /// What they answered to the hub's question, within its bounds.
    pub(super) answer: String,
}

/// Makes the person and the account of a newcomer.
pub(super) fn join(
    desk: &mut Desk<'_>,
    newcomer: Newcomer<'_>,
    way: Way,
) -> Result<Registered, Refusal> {
    let birth = Birth {
        kind: ActorKind::Person,
        name: newcomer.name,
        title: newcomer.name.to_owned(),
        summary_html: String::new(),
        summary_source: None,
        keys: newcomer.keys,
    };
    let (actor, standing) = (bear(desk, birth)?.id, way.standing);
    let account = Account {
        actor,
        email: newcomer.email,
        password_hash: newcomer.password_hash.to_owned(),
        role: newcomer.role,
        standing,
        language: newcomer.language.and_then(crate::text::language::tag),
        created_at: desk.now,
        look: None,
    };
    accounts::insert(desk.db, &account).map_err(|error| match error {
        StoreError::Unique(rule) if rule == "uq__accounts__email" => email_taken(),
        error => error.into(),
    })?;
    let inviter = way.invitation.as_ref().map(|invitation| invitation.author);
    if let Some(invitation) = way.invitation
        && !invitations::add_use(desk.db, invitation.id)?
    {
        return Err(unknown_invitation());
    }
    if inviter.is_some() || !way.answer.is_empty() {
        let answer = way.answer;
        invitations::insert_arrival(desk.db, actor, &Arrival { inviter, answer })?;
    }
    if standing == Standing::Pending {
        let moderators = accounts::list_moderators(desk.db, MOST_TOLD)?;
        notice::tell(desk, NoticeKind::SignedUp, &moderators, actor, actor.0)?;
    }
    Ok(Registered { actor, standing })
}

/// How the caller comes in with this application.
///
/// # Errors
/// If they do not: registration is closed, an invitation is not good, a question was not answered.
pub(super) fn admit(desk: &mut Desk<'_>, application: &Application) -> Result<Way, Refusal> {
    let invitation = match &application.invitation_hash {
        Some(hash) => Some(good_invitation(desk, hash)?),
        None => None,
    };
    let accounts = &desk.settings.accounts;
    let registration = match accounts.registration {
        Registration::Open if unattended(desk)? => Registration::Approval,
        registration => registration,
    };
    let standing = admission(desk.caller, registration, invitation.is_some())?;
    // Whoever waits because nobody is there was not asked: the form of an open hub has no question.
    let asks = accounts.registration == Registration::Approval && !accounts.question.is_empty();
    let asked = asks && standing == Standing::Pending;
    let answer = if asked {
        limited("answer", &application.answer, LONGEST_ANSWER)?
    } else {
        String::new()
    };
    if asked && answer.is_empty() {
        return Err(Refusal::invalid(
            "answer",
            "sign_up.answer",
            "Please answer the question. The moderators decide by it.",
        ));
    }
    Ok(Way {
        standing,
        invitation,
        answer,
    })
}

/// Whether nobody of the staff was there for a week: then nobody comes in unseen, for an open hub
/// without moderators is where waves of spam begin (security.md R-52).
fn unattended(desk: &mut Desk<'_>) -> Result<bool, Refusal> {
    let seen = accounts::staff_seen_at(desk.db)?;
    Ok(seen.is_some_and(|seen| seen.plus_seconds(UNATTENDED) < desk.now))
}

/// Seconds without any staff after which newcomers wait.
const UNATTENDED: i64 = 7 * 24 * 3600;

fn good_invitation(desk: &mut Desk<'_>, hash: &str) -> Result<Invitation, Refusal> {
    let now = desk.now;
    let found = invitations::find_by_token(desk.db, hash)?.filter(|found| found.is_good(now));
    let Some(invitation) = found else {
        return Err(unknown_invitation());
    };
    let author = accounts::find(desk.db, invitation.author)?;
    // What somebody gave out who was shut out or may no longer invite counts no more.
    let inviters = desk.settings.accounts.inviters;
    let stands = author.is_some_and(|author| {
        author.standing == Standing::Active && may_invite(author.role, inviters)
    });
    if stands {
        Ok(invitation)
    } else {
        Err(unknown_invitation())
    }
}

/// The most letters of an answer to the hub's question.
const LONGEST_ANSWER: u32 = 2_000;

pub(super) fn admission(
    caller: Caller,
    registration: Registration,
    invited: bool,
) -> Result<Standing, Refusal> {
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
        _ if invited => Ok(Standing::Active),
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
    /// How they ask to be let in.
    pub(crate) application: Application,
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
    let password_hash = password_hash(operations, caller, &form).await?;
    let register = Register {
        name: form.name,
        email: form.email,
        password_hash,
        role: form.role,
        language: form.language,
        application: form.application,
        keys: Keys::generate().await?,
    };
    operations.run(caller, register).await
}

/// Hashes the password of who could join; others cost no time.
pub(super) async fn password_hash(
    operations: &Operations,
    caller: Caller,
    form: &Form,
) -> Result<String, Refusal> {
    let settings = operations.live.get();
    let invited = form.application.invitation_hash.is_some();
    admission(caller, settings.accounts.registration, invited)?;
    email::normalise(&form.email)?;
    let passwords = &operations.passwords;
    passwords.hash(form.password.expose(), &settings).await
}
