//! Coming in and going out: signing up, in and out, and the choice of a language.

use serde::Serialize;

use crate::crypto::token;
use crate::domain::membership::Standing;
use crate::domain::refusal::{Kind, Refusal};
use crate::faces::shared::cookie::Cookie;
use crate::operations::account::{self, Application, SetLanguage, SignOut, SignedIn, SignedUp};
use crate::operations::invitation::unknown_invitation;
use crate::settings::Registration;
use crate::views::invitation;

use super::answer::{Answer, Led, Page, Wrong, next};
use super::form::Submission;
use super::intent::{part_of_address, signing_in};
use super::leaving;
use super::model::Face;
use super::visit::{self, Visit, is_local_path};

#[derive(Default, Serialize)]
struct Model {
    name: String,
    email: String,
    next: String,
    /// The same as a part of an address.
    next_query: String,
    registration: &'static str,
    password_minimum: u32,
    question: Option<String>,
    answer: String,
    invitation: Option<String>,
    inviter: Option<Face>,
    wrong: Wrong,
}

/// `/sign-in`.
pub(super) async fn in_form(visit: Visit) -> Result<Answer, Refusal> {
    let next = asked_next(&visit);
    if visit.signed.is_some() {
        return Ok(Led::to(next).into());
    }
    Ok(in_page(
        &visit,
        Model {
            next,
            ..Model::default()
        },
    )
    .into())
}

/// Where the address leads after this, if the place is one of the hub's own.
fn asked_next(visit: &Visit) -> String {
    let asked = visit.query("next").filter(|path| is_local_path(path));
    asked.unwrap_or("/").to_owned()
}

fn in_page(visit: &Visit, model: Model) -> Page {
    let registration = registration(visit);
    let model = Model {
        registration,
        next_query: part_of_address(&model.next),
        ..model
    };
    Page::new("sign_in.html", visit.text("sign-in-title"), &model)
        .unlisted()
        .with_form()
}

fn registration(visit: &Visit) -> &'static str {
    match visit.settings.accounts.registration {
        Registration::Open => "open",
        Registration::Approval => "approval",
        Registration::Closed => "closed",
    }
}

/// `/sign-in`, sent: opens a session.
pub(super) async fn sign_in(form: Submission) -> Result<Answer, Refusal> {
    let (visit, fields) = (&form.visit, &form.fields);
    let (name, next) = (fields.text("name"), next(fields, "/"));
    match try_in(visit, name, fields.text("password")).await {
        Ok(signed) => Ok(Led::to(leaving::first(visit, signed.actor, next).await?)
            .note("signed_in")
            .cookie(visit::session_cookie(&visit.settings, &signed.token))
            .cookie(Cookie::Seed.forget(visit.secure()))
            .into()),
        Err(refusal) => {
            let wrong = visit.wrong(&refusal);
            let model = Model {
                name: name.to_owned(),
                next,
                wrong,
                ..Model::default()
            };
            Ok(in_page(visit, model).rejected(&refusal).into())
        }
    }
}

/// Signs in as often as the limits let one.
async fn try_in(visit: &Visit, name: &str, password: &str) -> Result<SignedIn, Refusal> {
    let tried = account::sign_in(visit.state.operations(), name, password, &visit.device);
    limited(visit, name, tried).await
}

/// Lets somebody try a password as often as the limits say: tries of an address count, and failures
/// of an account.
pub(super) async fn limited<T>(
    visit: &Visit,
    name: &str,
    tried: impl Future<Output = Result<T, Refusal>>,
) -> Result<T, Refusal> {
    let limits = &visit.settings.limits;
    visit.count(&visit.key_of_address("sign-ins"), limits.sign_in_address)?;
    let account: String = name.trim().to_lowercase().chars().take(320).collect();
    let failures = format!("failed sign-ins of {account}");
    visit
        .state
        .limiter
        .check(&failures, limits.sign_in_account, visit.now)?;
    let outcome = tried.await;
    match &outcome {
        Ok(_) => visit.state.limiter.forget(&failures),
        // The password was right, but something else stands in the way.
        Err(refusal) if refusal.kind == Kind::Conflict => {}
        Err(_) => visit.count(&failures, limits.sign_in_account)?,
    }
    outcome
}

/// `/sign-out`: ends the session.
pub(super) async fn sign_out(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    if let Some(token_hash) = visit.session_hash() {
        visit
            .state
            .operations()
            .run(visit.caller(), SignOut { token_hash })
            .await?;
    }
    let forget = Cookie::Session.forget(visit.secure());
    Ok(Led::to("/").note("signed_out").cookie(forget).into())
}

/// `/sign-up`, with an invitation if there is one.
pub(super) async fn up_form(visit: Visit) -> Result<Answer, Refusal> {
    let next = asked_next(&visit);
    if visit.signed.is_some() {
        return Ok(Led::to(next).into());
    }
    let invitation = visit.query("invitation").map(str::to_owned);
    let model = Model {
        inviter: inviter(&visit, invitation.as_deref()).await?,
        invitation,
        next,
        ..Model::default()
    };
    Ok(up_page(&visit, model).into())
}

/// Who invites by this invitation; one that is not good is a refusal.
async fn inviter(visit: &Visit, invitation: Option<&str>) -> Result<Option<Face>, Refusal> {
    let Some(text) = invitation else {
        return Ok(None);
    };
    let (hash, now) = (token::hash_hex(text), visit.now);
    let look = visit
        .state
        .read(move |db| invitation::find_good(db, &hash, now));
    match look.await? {
        Some(actor) => Ok(Some(Face::new(&actor))),
        None => Err(unknown_invitation()),
    }
}

fn up_page(visit: &Visit, model: Model) -> Page {
    let accounts = &visit.settings.accounts;
    let asked = accounts.registration == Registration::Approval && model.invitation.is_none();
    let question = Some(accounts.question.clone()).filter(|text| asked && !text.is_empty());
    let registration = match model.invitation {
        Some(_) => "open",
        None => registration(visit),
    };
    let model = Model {
        registration,
        next_query: part_of_address(&model.next),
        question,
        password_minimum: accounts.password_minimum,
        ..model
    };
    Page::new("sign_up.html", visit.text("sign-up-title"), &model).with_form()
}

/// `/sign-up`, sent: makes an account, or sends a letter to who wants one; signs in where nobody has
/// to agree first.
pub(super) async fn sign_up(form: Submission) -> Result<Answer, Refusal> {
    let (visit, wanted) = (&form.visit, wish(&form));
    let (name, email) = (wanted.name.clone(), wanted.email.clone());
    let next = next(&form.fields, "/");
    let later = if next == "/" {
        "/sign-in".to_owned()
    } else {
        signing_in(&next)
    };
    match try_up(visit, wanted).await {
        Ok(SignedUp::LetterSent) => Ok(Led::to(later).note("letter-sign-up").into()),
        Ok(SignedUp::Joined(joined)) if joined.standing == Standing::Active => {
            welcome(&form, &name, next).await
        }
        Ok(SignedUp::Joined(_)) => Ok(Led::to(later).note("waiting").into()),
        Err(refusal) if matches!(refusal.kind, Kind::Forbidden | Kind::NotFound) => Err(refusal),
        Err(refusal) => {
            let invitation = form.fields.filled("invitation");
            let model = Model {
                name,
                email,
                next,
                answer: form.fields.text("answer").to_owned(),
                inviter: inviter(visit, invitation.as_deref()).await?,
                invitation,
                wrong: visit.wrong(&refusal),
                ..Model::default()
            };
            Ok(up_page(visit, model).rejected(&refusal).into())
        }
    }
}

/// What somebody filled in who wants to join.
fn wish(form: &Submission) -> account::Form {
    let fields = &form.fields;
    account::Form {
        name: fields.text("name").trim().to_ascii_lowercase(),
        email: fields.text("email").trim().to_owned(),
        password: fields.text("password").to_owned().into(),
        role: None,
        language: Some(form.visit.language.clone()),
        application: Application {
            answer: fields.text("answer").to_owned(),
            invitation_hash: fields
                .filled("invitation")
                .map(|text| token::hash_hex(&text)),
        },
    }
}

/// Counts a letter that somebody asks for, by who asks and by who gets it.
pub(super) fn count_letter(visit: &Visit, email: &str) -> Result<(), Refusal> {
    let limits = &visit.settings.limits;
    visit.count(&visit.key_of_address("letters"), limits.letters_asked)?;
    let to: String = email.to_lowercase().chars().take(320).collect();
    visit.count(&format!("letters to {to}"), limits.letters_received)
}

/// Makes an account, as often as the limit of an address lets one.
async fn try_up(visit: &Visit, wanted: account::Form) -> Result<SignedUp, Refusal> {
    let (key, rate) = (
        visit.key_of_address("sign-ups"),
        visit.settings.limits.sign_up,
    );
    visit.state.limiter.check(&key, rate, visit.now)?;
    if visit.settings.confirms_addresses() {
        count_letter(visit, &wanted.email)?;
    }
    let done = account::sign_up(visit.state.operations(), visit.caller(), wanted).await?;
    visit.count(&key, rate)?;
    Ok(done)
}

async fn welcome(form: &Submission, name: &str, next: String) -> Result<Answer, Refusal> {
    let (visit, password) = (&form.visit, form.fields.text("password"));
    let signed = account::sign_in(visit.state.operations(), name, password, &visit.device).await?;
    Ok(Led::to(next)
        .note("signed_up")
        .cookie(visit::session_cookie(&visit.settings, &signed.token))
        .cookie(Cookie::Seed.forget(visit.secure()))
        .into())
}

/// `/language`: the language of the pages from now on.
pub(super) async fn language(form: Submission) -> Result<Answer, Refusal> {
    let (visit, wish) = (&form.visit, form.fields.text("language"));
    let offered = visit::languages(&visit.state, &visit.settings);
    let back = next(&form.fields, "/");
    let Some(code) = offered.into_iter().find(|code| code == wish) else {
        return Ok(Led::to(back).into());
    };
    if visit.signed.is_some() {
        let set = SetLanguage {
            language: Some(code.clone()),
        };
        visit.state.operations().run(visit.caller(), set).await?;
    }
    let cookie = Cookie::Language.set(&code, Some(365 * 24 * 3600), visit.secure());
    Ok(Led::to(back).cookie(cookie).into())
}
