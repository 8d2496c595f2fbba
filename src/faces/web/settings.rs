//! What people set for themselves: name, text, visibility, language.

use serde::Serialize;

use crate::domain::actor::ActorKind;
use crate::domain::policy;
use crate::domain::refusal::{Kind, Refusal};
use crate::faces::shared::cookie::Cookie;
use crate::operations::account::{SetLanguage, UpdateProfile};

use super::answer::{Answer, Led, Page, Wrong};
use super::form::{Fields, Submission};
use super::frame::{Choice, choices};
use super::pictures::Shown;
use super::visit::Visit;

#[derive(Serialize)]
struct Model {
    title: String,
    bio: String,
    discoverable: bool,
    indexable: bool,
    automatic: bool,
    languages: Vec<Choice>,
    shown: Shown,
    pictures_at: &'static str,
    wrong: Wrong,
}

/// `/settings`.
pub(super) async fn show(visit: Visit) -> Result<Answer, Refusal> {
    Ok(page(&visit, None, Wrong::default())?.into())
}

/// The page with what is stored, or with what was typed.
fn page(visit: &Visit, typed: Option<&Fields>, wrong: Wrong) -> Result<Page, Refusal> {
    policy::require_actor(visit.caller())?;
    let actor = visit.signed.as_ref().map(|signed| signed.actor.clone());
    let stored = actor.as_ref();
    let text = |name: &str, kept: Option<String>| {
        typed.map_or(kept.unwrap_or_default(), |fields| {
            fields.text(name).to_owned()
        })
    };
    let language = visit
        .signed
        .as_ref()
        .and_then(|signed| signed.language.as_deref());
    let model = Model {
        title: text("title", stored.map(|actor| actor.title.clone())),
        bio: text("bio", stored.and_then(|actor| actor.summary_source.clone())),
        discoverable: stored.is_some_and(|actor| actor.discoverable),
        indexable: stored.is_some_and(|actor| actor.indexable),
        automatic: stored.is_some_and(|actor| actor.kind == ActorKind::Service),
        languages: choices(visit, language),
        shown: stored
            .map(|actor| Shown::of(visit, actor))
            .unwrap_or_default(),
        pictures_at: "/settings/pictures",
        wrong,
    };
    Ok(Page::new("settings.html", visit.text("settings-title"), &model).unlisted())
}

/// `/settings/profile`: name, text and visibility.
pub(super) async fn profile(form: Submission) -> Result<Answer, Refusal> {
    let (visit, fields) = (&form.visit, &form.fields);
    let update = UpdateProfile {
        actor: policy::require_actor(visit.caller())?,
        title: Some(fields.text("title").to_owned()),
        bio: Some(fields.text("bio").to_owned()),
        discoverable: Some(fields.ticked("discoverable")),
        indexable: Some(fields.ticked("indexable")),
        automatic: Some(fields.ticked("automatic")),
    };
    let done = visit.state.operations().run(visit.caller(), update).await;
    outcome(visit, Some(fields), done, "saved")
}

/// `/settings/language`: one of the hub's, or what the browser asks for.
pub(super) async fn language(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let set = SetLanguage {
        language: form.fields.filled("language"),
    };
    visit.state.operations().run(visit.caller(), set).await?;
    let forget = Cookie::Language.forget(visit.secure());
    Ok(Led::to("/settings").note("saved").cookie(forget).into())
}

/// Back to the page, or the page again where something in its form was wrong.
pub(super) fn outcome(
    visit: &Visit,
    typed: Option<&Fields>,
    done: Result<(), Refusal>,
    note: &'static str,
) -> Result<Answer, Refusal> {
    match done {
        Ok(()) => Ok(Led::to("/settings").note(note).into()),
        Err(refusal) if matches!(refusal.kind, Kind::Invalid | Kind::TooLarge) => {
            let page = page(visit, typed, visit.wrong(&refusal))?;
            Ok(page.rejected(&refusal).into())
        }
        Err(refusal) => Err(refusal),
    }
}
