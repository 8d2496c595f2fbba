//! How members leave: they ask for their account to be deleted, and may think better of it for some
//! days.

use serde::Serialize;

use crate::domain::departure::Departure;
use crate::domain::ids::ActorId;
use crate::domain::policy;
use crate::domain::refusal::{Kind, Refusal};
use crate::faces::shared::cookie::Cookie;
use crate::operations::account::{KeepAccount, ask_to_leave};
use crate::settings::DeletedAccounts;
use crate::views::account;

use super::account::{own_name, page};
use super::answer::{Answer, Led, Page};
use super::form::Submission;
use super::sign;
use super::visit::Visit;

/// Where somebody is led who signs in to an account that is to be deleted.
const LEAVING: &str = "/settings/leaving";

#[derive(Serialize)]
struct Model {
    leaves_at: i64,
    keeps_words: bool,
}

/// `/settings/delete`: the account is to go, and everybody in it is signed out.
pub(super) async fn ask(form: Submission) -> Result<Answer, Refusal> {
    let (visit, password) = (&form.visit, form.fields.text("leave_password"));
    policy::require_actor(visit.caller())?;
    let words = if form.fields.text("words") == "keep" {
        DeletedAccounts::Anonymise
    } else {
        DeletedAccounts::Remove
    };
    let asked = ask_to_leave(visit.state.operations(), visit.caller(), password, words);
    match sign::limited(visit, own_name(visit), asked).await {
        Ok(later) => {
            let forget = Cookie::Session.forget(visit.secure());
            let led = Led::to("/").cookie(forget);
            Ok(match later {
                Some(_) => led.note("leaving").into(),
                None => led.note("left_hub").into(),
            })
        }
        Err(refusal) if matches!(refusal.kind, Kind::Invalid | Kind::Conflict) => {
            let page = page(visit, "", visit.wrong(&refusal)).await?;
            Ok(page.rejected(&refusal).into())
        }
        Err(refusal) => Err(refusal),
    }
}

async fn departure(visit: &Visit, actor: ActorId) -> Result<Option<Departure>, Refusal> {
    let look = visit
        .state
        .read(move |db| Ok::<_, Refusal>(account::departure(db, actor)?));
    look.await
}

/// Where somebody goes who has just signed in: first to the question whether they want to keep
/// their account, if it is to be deleted.
pub(super) async fn first(visit: &Visit, actor: ActorId, next: String) -> Result<String, Refusal> {
    let leaving = departure(visit, actor).await?.is_some();
    Ok(if leaving { LEAVING.to_owned() } else { next })
}

/// `/settings/leaving`: when the account is deleted, and the way back.
pub(super) async fn show(visit: Visit) -> Result<Answer, Refusal> {
    let actor = policy::require_actor(visit.caller())?;
    let Some(departure) = departure(&visit, actor).await? else {
        return Ok(Led::to("/settings/account").into());
    };
    let model = Model {
        leaves_at: departure.leaves_at.0,
        keeps_words: departure.keeps_words,
    };
    let title = visit.text("leaving-title");
    Ok(Page::new("leaving.html", title, &model).unlisted().into())
}

/// `/settings/leaving/keep`: they stay.
pub(super) async fn keep(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let actor = policy::require_actor(visit.caller())?;
    let keep = KeepAccount { actor };
    visit.state.operations().run(visit.caller(), keep).await?;
    Ok(Led::to("/").note("account-kept").into())
}
