//! The account of who is signed in: mail address, password, sessions, and how they leave.

use serde::Serialize;

use crate::domain::policy;
use crate::domain::refusal::{Kind, Refusal};
use crate::domain::session::Device;
use crate::operations::account::{EndOtherSessions, EndSession, ask_address, change_password};
use crate::settings::DeletedAccounts;
use crate::views::account;

use super::answer::{Answer, Led, Page, Wrong};
use super::form::Submission;
use super::sign;
use super::visit::Visit;

/// Seconds of a day.
const DAY: i64 = 24 * 3600;

#[derive(Serialize)]
struct Model {
    email: String,
    wanted: String,
    password_minimum: u32,
    sessions: Vec<Session>,
    /// When the account is deleted, if that was asked for.
    leaves_at: Option<i64>,
    /// How many days later it would be.
    delay_days: i64,
    /// Whether words stay, unless somebody says otherwise.
    keeps_words: bool,
    wrong: Wrong,
}

#[derive(Serialize)]
struct Session {
    id: String,
    device: String,
    created_at: i64,
    seen_at: i64,
    current: bool,
}

impl Session {
    fn new(device: Device, current: Option<&str>) -> Self {
        Self {
            current: current == Some(device.token_hash.as_str()),
            id: device.token_hash,
            device: device.name,
            created_at: device.created_at.0,
            seen_at: device.seen_at.0,
        }
    }
}

/// `/settings/account`.
pub(super) async fn show(visit: Visit) -> Result<Answer, Refusal> {
    Ok(page(&visit, "", Wrong::default()).await?.into())
}

pub(super) async fn page(visit: &Visit, wanted: &str, wrong: Wrong) -> Result<Page, Refusal> {
    let (actor, now) = (policy::require_actor(visit.caller())?, visit.now);
    let look = visit.state.read(move |db| {
        let own = account::find(db, actor)?;
        let departure = account::departure(db, actor)?;
        Ok::<_, Refusal>((own, account::sessions(db, actor, now)?, departure))
    });
    let (own, sessions, departure) = look.await?;
    let current = visit.session_hash();
    let session = |device| Session::new(device, current.as_deref());
    let model = Model {
        email: own.map(|own| own.email).unwrap_or_default(),
        wanted: wanted.to_owned(),
        password_minimum: visit.settings.accounts.password_minimum,
        sessions: sessions.into_iter().map(session).collect(),
        leaves_at: departure.map(|departure| departure.leaves_at.0),
        delay_days: visit.settings.accounts.deletion_delay.seconds() / DAY,
        keeps_words: visit.settings.privacy.deleted_accounts == DeletedAccounts::Anonymise,
        wrong,
    };
    Ok(Page::new("account.html", visit.text("account-title"), &model).unlisted())
}

/// The page again, where a form of it was wrong.
async fn outcome(
    visit: &Visit,
    wanted: &str,
    done: Result<(), Refusal>,
    note: &'static str,
) -> Result<Answer, Refusal> {
    match done {
        Ok(()) => Ok(Led::to("/settings/account").note(note).into()),
        Err(refusal) if refusal.kind == Kind::Invalid => {
            let page = page(visit, wanted, visit.wrong(&refusal)).await?;
            Ok(page.rejected(&refusal).into())
        }
        Err(refusal) => Err(refusal),
    }
}

/// The name under which tries of a password are counted.
pub(super) fn own_name(visit: &Visit) -> &str {
    let signed = visit.signed.as_ref();
    signed.map_or("", |signed| signed.actor.name.as_str())
}

/// `/settings/address`: a letter goes to the new address.
pub(super) async fn address(form: Submission) -> Result<Answer, Refusal> {
    let (visit, fields) = (&form.visit, &form.fields);
    policy::require_actor(visit.caller())?;
    let (email, password) = (fields.text("email").trim(), fields.text("address_password"));
    sign::count_letter(visit, email)?;
    let ask = ask_address(visit.state.operations(), visit.caller(), password, email);
    let done = sign::limited(visit, own_name(visit), ask).await;
    outcome(visit, email, done, "letter-address").await
}

/// `/settings/password`.
pub(super) async fn password(form: Submission) -> Result<Answer, Refusal> {
    let (visit, fields) = (&form.visit, &form.fields);
    let (old, new) = (fields.text("old_password"), fields.text("password"));
    let (operations, session) = (visit.state.operations(), visit.session_hash());
    let change = change_password(operations, visit.caller(), old, new, session);
    let done = sign::limited(visit, own_name(visit), change).await;
    outcome(visit, "", done, "password").await
}

/// `/settings/sessions/end`.
pub(super) async fn end_session(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let end = EndSession {
        token_hash: form.fields.text("session").to_owned(),
    };
    visit.state.operations().run(visit.caller(), end).await?;
    Ok(Led::to("/settings/account").note("session-ended").into())
}

/// `/settings/sessions/end-others`.
pub(super) async fn end_others(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let end = EndOtherSessions {
        kept: visit.session_hash(),
    };
    visit.state.operations().run(visit.caller(), end).await?;
    Ok(Led::to("/settings/account").note("sessions-ended").into())
}
