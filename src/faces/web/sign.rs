//! Coming in and going out: signing up, in and out, and the choice of a language.

use serde::Serialize;

use crate::domain::membership::Standing;
use crate::domain::refusal::{Kind, Refusal};
use crate::faces::shared::cookie::Cookie;
use crate::operations::account::{self, Registered, SetLanguage, SignOut, SignedIn};
use crate::settings::Registration;

use super::answer::{Answer, Led, Page, Wrong, next};
use super::form::Submission;
use super::visit::{self, Visit, is_local_path};

#[derive(Default, Serialize)]
struct Model {
    name: String,
    email: String,
    next: String,
    registration: &'static str,
    password_minimum: u32,
    wrong: Wrong,
}

/// `/sign-in`.
pub(super) async fn in_form(visit: Visit) -> Result<Answer, Refusal> {
    let next = visit
        .query("next")
        .filter(|path| is_local_path(path))
        .unwrap_or("/")
        .to_owned();
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

fn in_page(visit: &Visit, model: Model) -> Page {
    let registration = registration(visit);
    let model = Model {
        registration,
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
        Ok(signed) => Ok(Led::to(next)
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
    let tried = account::sign_in(visit.state.operations(), name, password);
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

/// `/sign-up`.
pub(super) async fn up_form(visit: Visit) -> Result<Answer, Refusal> {
    if visit.signed.is_some() {
        return Ok(Led::to("/").into());
    }
    Ok(up_page(&visit, Model::default()).into())
}

fn up_page(visit: &Visit, model: Model) -> Page {
    let model = Model {
        registration: registration(visit),
        password_minimum: visit.settings.accounts.password_minimum,
        ..model
    };
    Page::new("sign_up.html", visit.text("sign-up-title"), &model).with_form()
}

/// `/sign-up`, sent: makes an account, and signs in where nobody has to agree first.
pub(super) async fn sign_up(form: Submission) -> Result<Answer, Refusal> {
    let (visit, fields) = (&form.visit, &form.fields);
    let wanted = account::Form {
        name: fields.text("name").trim().to_ascii_lowercase(),
        email: fields.text("email").trim().to_owned(),
        password: fields.text("password").to_owned().into(),
        role: None,
        language: visit.chosen.clone(),
    };
    let (name, email) = (wanted.name.clone(), wanted.email.clone());
    match try_up(visit, wanted).await {
        Ok(joined) if joined.standing == Standing::Active => welcome(&form, &name).await,
        Ok(_) => Ok(Led::to("/sign-in").note("waiting").into()),
        Err(refusal) if refusal.kind == Kind::Forbidden => Err(refusal),
        Err(refusal) => {
            let wrong = visit.wrong(&refusal);
            let model = Model {
                name,
                email,
                wrong,
                ..Model::default()
            };
            Ok(up_page(visit, model).rejected(&refusal).into())
        }
    }
}

/// Makes an account, as often as the limit of an address lets one.
async fn try_up(visit: &Visit, wanted: account::Form) -> Result<Registered, Refusal> {
    let (key, rate) = (
        visit.key_of_address("sign-ups"),
        visit.settings.limits.sign_up,
    );
    visit.state.limiter.check(&key, rate, visit.now)?;
    let joined = account::register(visit.state.operations(), visit.caller(), wanted).await?;
    visit.count(&key, rate)?;
    Ok(joined)
}

async fn welcome(form: &Submission, name: &str) -> Result<Answer, Refusal> {
    let (visit, password) = (&form.visit, form.fields.text("password"));
    let signed = account::sign_in(visit.state.operations(), name, password).await?;
    Ok(Led::to("/")
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
