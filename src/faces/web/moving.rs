//! Moving: to an account elsewhere, from one to here, and threads to another group.

use serde::Serialize;

use crate::domain::ids::{Handle, ObjectId};
use crate::domain::policy;
use crate::domain::refusal::{Kind, Refusal};
use crate::operations::moving::{MoveThread, SetAliases};
use crate::views::{account, group};

use super::answer::{Answer, Led, Page, Wrong};
use super::form::{Fields, Submission};
use super::model::Face;
use super::thread::place;
use super::visit::Visit;

#[derive(Serialize)]
struct Model {
    address: String,
    aliases: String,
    target: String,
    moved: Option<Face>,
    wrong: Wrong,
}

/// `/moving`.
pub(super) async fn show(visit: Visit) -> Result<Answer, Refusal> {
    let fields = Fields::default();
    Ok(page(&visit, &fields, Wrong::default()).await?.into())
}

/// The page with what is stored, or with what was typed.
async fn page(visit: &Visit, typed: &Fields, wrong: Wrong) -> Result<Page, Refusal> {
    let me = policy::require_actor(visit.caller())?;
    let look = visit.state.read(move |db| account::whereabouts(db, me));
    let found = look.await?;
    let address = visit
        .signed
        .as_ref()
        .map(|signed| signed.actor.uri.to_string());
    let model = Model {
        address: address.unwrap_or_default(),
        aliases: typed
            .find("aliases")
            .map_or_else(|| found.aliases.join("\n"), str::to_owned),
        target: typed.text("target").to_owned(),
        moved: found.moved.as_ref().map(Face::new),
        wrong,
    };
    Ok(Page::new("moving.html", visit.text("moving-title"), &model).unlisted())
}

/// `/moving/aliases`: which other accounts are theirs.
pub(super) async fn aliases(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let lines = form.fields.text("aliases").lines().map(str::trim);
    let uris = lines.filter(|line| !line.is_empty()).map(str::to_owned);
    let mut uris: Vec<String> = uris.collect();
    uris.sort();
    uris.dedup();
    let done = visit
        .state
        .operations()
        .run(visit.caller(), SetAliases { uris })
        .await;
    outcome(&form, done, "saved").await
}

/// `/moving/away`: to an account elsewhere.
pub(super) async fn away(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let to = form.fields.text("target").trim().to_owned();
    let moving = visit.state.federation.move_away(visit.caller(), &to);
    let done = Box::pin(moving).await;
    outcome(&form, done, "moved").await
}

async fn outcome(
    form: &Submission,
    done: Result<(), Refusal>,
    note: &'static str,
) -> Result<Answer, Refusal> {
    match done {
        Ok(()) => Ok(Led::to("/moving").note(note).into()),
        Err(refusal) if refusal.kind == Kind::Unauthenticated => Err(refusal),
        Err(refusal) => {
            let visit = &form.visit;
            let page = page(visit, &form.fields, visit.wrong(&refusal)).await?;
            Ok(page.rejected(&refusal).into())
        }
    }
}

/// `/post/{id}/move`: a thread goes to another group of this hub.
pub(super) async fn thread(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let post = visit.post()?;
    let unknown = || Refusal::not_found("group.not_found", "There is no such group.");
    let mut handle = Handle::parse(form.fields.text("group")).ok_or_else(unknown)?;
    if visit.is_own_host(&handle) {
        handle.host = None;
    }
    let group = visit.state.read(move |db| group::find(db, &handle)).await?;
    let thread = MoveThread {
        post,
        group: group.id,
    };
    visit.state.operations().run(visit.caller(), thread).await?;
    let place = place(visit, ObjectId::Post(post)).await?;
    Ok(Led::to(place).note("thread-moved").into())
}
