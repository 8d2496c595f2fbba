//! Where links in letters lead: a sign-up or an address is confirmed, a new password set. Looking at
//! these pages does nothing, for programs that read letters look at them, too.

use serde::Serialize;

use crate::crypto::token;
use crate::domain::membership::Standing;
use crate::domain::refusal::{Kind, Refusal};
use crate::operations::account::{
    AskReset, ConfirmAddress, confirm_sign_up, reset_of, reset_password,
};

use super::answer::{Answer, Led, Page, Wrong};
use super::form::Submission;
use super::sign;
use super::visit::Visit;

#[derive(Default, Serialize)]
struct Model {
    token: Option<String>,
    action: &'static str,
    about: String,
    email: String,
    password_minimum: u32,
    wrong: Wrong,
}

/// What is confirmed.
#[derive(Clone, Copy)]
enum What {
    SignUp,
    Address,
}

fn confirm_page(visit: &Visit, what: What, token: Option<&str>, wrong: Wrong) -> Page {
    let (action, title, about) = match what {
        What::SignUp => (
            "/confirm",
            visit.text("confirm-title"),
            visit.text("confirm-about"),
        ),
        What::Address => (
            "/confirm-address",
            visit.text("confirm-address-title"),
            visit.text("confirm-address-about"),
        ),
    };
    let model = Model {
        token: token.map(str::to_owned),
        action,
        about,
        wrong,
        ..Model::default()
    };
    Page::new("confirm.html", title, &model)
        .unlisted()
        .with_form()
}

/// What stands in the link.
fn token(visit: &Visit) -> Option<&str> {
    visit.query("token").filter(|token| !token.is_empty())
}

/// `/confirm?token=`.
pub(super) async fn sign_up_form(visit: Visit) -> Result<Answer, Refusal> {
    Ok(confirm_page(&visit, What::SignUp, token(&visit), Wrong::default()).into())
}

/// `/confirm`, sent: makes the account.
pub(super) async fn sign_up(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let (key, rate) = (
        visit.key_of_address("confirmations"),
        visit.settings.limits.sign_in_address,
    );
    visit.count(&key, rate)?;
    match confirm_sign_up(visit.state.operations(), form.fields.text("token")).await {
        Ok(joined) if joined.standing == Standing::Active => {
            Ok(Led::to("/sign-in").note("confirmed").into())
        }
        Ok(_) => Ok(Led::to("/sign-in").note("waiting").into()),
        Err(refusal) => unconfirmed(visit, What::SignUp, refusal),
    }
}

/// `/confirm-address?token=`.
pub(super) async fn address_form(visit: Visit) -> Result<Answer, Refusal> {
    Ok(confirm_page(&visit, What::Address, token(&visit), Wrong::default()).into())
}

/// `/confirm-address`, sent: letters go there from now on.
pub(super) async fn address(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let confirm = ConfirmAddress {
        token_hash: token::hash_hex(form.fields.text("token")),
        session: visit.session_hash(),
    };
    let done = visit.state.operations().run(visit.caller(), confirm).await;
    match done {
        Ok(()) => Ok(Led::to("/settings/account").note("address-changed").into()),
        Err(refusal) => unconfirmed(visit, What::Address, refusal),
    }
}

fn unconfirmed(visit: &Visit, what: What, refusal: Refusal) -> Result<Answer, Refusal> {
    if refusal.kind != Kind::Invalid {
        return Err(refusal);
    }
    let page = confirm_page(visit, what, None, visit.wrong(&refusal));
    Ok(page.rejected(&refusal).into())
}

/// `/forgot`.
pub(super) async fn forgot_form(visit: Visit) -> Result<Answer, Refusal> {
    Ok(forgot_page(&visit, &Model::default()).into())
}

fn forgot_page(visit: &Visit, model: &Model) -> Page {
    Page::new("forgot.html", visit.text("forgot-title"), model)
        .unlisted()
        .with_form()
}

/// `/forgot`, sent: the answer is the same whether the address is a member's or not.
pub(super) async fn forgot(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let email = form.fields.text("email").trim().to_owned();
    sign::count_letter(visit, &email)?;
    let ask = AskReset {
        email: email.clone(),
        token: token::random(),
    };
    match visit.state.operations().run(visit.caller(), ask).await {
        Ok(()) => Ok(Led::to("/sign-in").note("letter-reset").into()),
        Err(refusal) if refusal.kind == Kind::Invalid => {
            let wrong = visit.wrong(&refusal);
            let model = Model {
                email,
                wrong,
                ..Model::default()
            };
            Ok(forgot_page(visit, &model).rejected(&refusal).into())
        }
        Err(refusal) => Err(refusal),
    }
}

/// `/reset?token=`.
pub(super) async fn reset_form(visit: Visit) -> Result<Answer, Refusal> {
    let token = token(&visit).unwrap_or_default().to_owned();
    let good = reset_of(visit.state.operations(), &token).await?.is_some();
    let token = good.then_some(token);
    Ok(reset_page(&visit, token, Wrong::default()).into())
}

fn reset_page(visit: &Visit, token: Option<String>, wrong: Wrong) -> Page {
    let title = if token.is_some() {
        visit.text("reset-title")
    } else {
        visit.text("reset-unusable")
    };
    let model = Model {
        token,
        password_minimum: visit.settings.accounts.password_minimum,
        wrong,
        ..Model::default()
    };
    Page::new("reset.html", title, &model)
        .unlisted()
        .with_form()
}

/// `/reset`, sent: sets the password.
pub(super) async fn reset(form: Submission) -> Result<Answer, Refusal> {
    let (visit, fields) = (&form.visit, &form.fields);
    let (operations, token) = (visit.state.operations(), fields.text("token"));
    let reset = reset_password(operations, token, fields.text("password"));
    match sign::limited(visit, "", reset).await {
        Ok(()) => Ok(Led::to("/sign-in").note("reset").into()),
        Err(refusal) if refusal.kind == Kind::Invalid => {
            let again = (refusal.code != "link.unusable").then(|| token.to_owned());
            let page = reset_page(visit, again, visit.wrong(&refusal));
            Ok(page.rejected(&refusal).into())
        }
        Err(refusal) => Err(refusal),
    }
}
