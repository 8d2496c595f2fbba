//! Moving: to an account elsewhere, from one to here, of members and of whole groups; and threads to
//! another group.

use serde::Serialize;

use crate::domain::actor::Actor;
use crate::domain::ids::{Handle, ObjectId};
use crate::domain::policy;
use crate::domain::refusal::{Kind, Refusal};
use crate::operations::moving::{MoveThread, SetAliases};
use crate::views::{account, group};

use super::answer::{Answer, Led, Page, Wrong};
use super::form::{Fields, Submission};
use super::group::seen;
use super::model::Face;
use super::thread::place;
use super::visit::Visit;

#[derive(Serialize)]
struct Model {
    /// The group that moves; `None`: the one who looks.
    group: Option<Face>,
    /// Where the forms are sent.
    path: String,
    address: String,
    aliases: String,
    target: String,
    notice: String,
    moved: Option<Face>,
    wrong: Wrong,
}

/// Who moves: a group, or the one who looks.
struct Mover {
    actor: Actor,
    group: bool,
}

impl Mover {
    fn path(&self) -> String {
        if self.group {
            return format!("{}/moving", Face::new(&self.actor).href);
        }
        "/moving".to_owned()
    }
}

/// The one who looks.
fn member(visit: &Visit) -> Result<Mover, Refusal> {
    policy::require_actor(visit.caller())?;
    let actor = visit.signed.as_ref().map(|signed| signed.actor.clone());
    let actor =
        actor.ok_or_else(|| Refusal::not_found("actor.not_found", "There is no such person."))?;
    Ok(Mover {
        actor,
        group: false,
    })
}

/// The group of the path, for those who decide on its move.
async fn group_of(visit: &Visit) -> Result<Mover, Refusal> {
    let seen = seen(visit).await?;
    let first = seen.moderators.first().map(|first| first.id);
    policy::require_founder(visit.caller(), first)?;
    Ok(Mover {
        actor: seen.group,
        group: true,
    })
}

/// `/moving`.
pub(super) async fn show(visit: Visit) -> Result<Answer, Refusal> {
    let mover = member(&visit)?;
    let fields = Fields::default();
    Ok(page(&visit, &mover, &fields, Wrong::default())
        .await?
        .into())
}

/// `/c/{name}/moving`.
pub(super) async fn show_group(visit: Visit) -> Result<Answer, Refusal> {
    let mover = group_of(&visit).await?;
    let fields = Fields::default();
    Ok(page(&visit, &mover, &fields, Wrong::default())
        .await?
        .into())
}

/// The page with what is stored, or with what was typed.
async fn page(visit: &Visit, mover: &Mover, typed: &Fields, wrong: Wrong) -> Result<Page, Refusal> {
    let of = mover.actor.id;
    let look = visit.state.read(move |db| account::whereabouts(db, of));
    let found = look.await?;
    let model = Model {
        group: mover.group.then(|| Face::new(&mover.actor)),
        path: mover.path(),
        address: mover.actor.uri.to_string(),
        aliases: typed
            .find("aliases")
            .map_or_else(|| found.aliases.join("\n"), str::to_owned),
        target: typed.text("target").to_owned(),
        notice: typed
            .find("notice")
            .map_or_else(|| visit.text("group-moved-notice"), str::to_owned),
        moved: found.moved.as_ref().map(Face::new),
        wrong,
    };
    Ok(Page::new("moving.html", visit.text("moving-title"), &model).unlisted())
}

/// `/moving/aliases`: which other accounts are theirs.
pub(super) async fn aliases(form: Submission) -> Result<Answer, Refusal> {
    let mover = member(&form.visit)?;
    name(&form, &mover).await
}

/// `/c/{name}/moving/aliases`: which other groups are this one.
pub(super) async fn group_aliases(form: Submission) -> Result<Answer, Refusal> {
    let mover = group_of(&form.visit).await?;
    name(&form, &mover).await
}

async fn name(form: &Submission, mover: &Mover) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let lines = form.fields.text("aliases").lines().map(str::trim);
    let uris = lines.filter(|line| !line.is_empty()).map(str::to_owned);
    let mut uris: Vec<String> = uris.collect();
    uris.sort();
    uris.dedup();
    let set = SetAliases {
        group: mover.group.then_some(mover.actor.id),
        uris,
    };
    let done = visit.state.operations().run(visit.caller(), set).await;
    outcome(form, mover, done, "saved").await
}

/// `/moving/away`: to an account elsewhere.
pub(super) async fn away(form: Submission) -> Result<Answer, Refusal> {
    let mover = member(&form.visit)?;
    go(&form, &mover).await
}

/// `/c/{name}/moving/away`: to a group elsewhere.
pub(super) async fn group_away(form: Submission) -> Result<Answer, Refusal> {
    let mover = group_of(&form.visit).await?;
    go(&form, &mover).await
}

async fn go(form: &Submission, mover: &Mover) -> Result<Answer, Refusal> {
    let (visit, fields) = (&form.visit, &form.fields);
    let group = mover.group.then_some(mover.actor.id);
    let (to, notice) = (fields.text("target").trim(), fields.text("notice"));
    let federation = &visit.state.federation;
    let moving = federation.move_away(visit.caller(), group, to, notice);
    let done = Box::pin(moving).await;
    let note = if mover.group { "group-moved" } else { "moved" };
    outcome(form, mover, done, note).await
}

async fn outcome(
    form: &Submission,
    mover: &Mover,
    done: Result<(), Refusal>,
    note: &'static str,
) -> Result<Answer, Refusal> {
    match done {
        Ok(()) => Ok(Led::to(mover.path()).note(note).into()),
        Err(refusal) if refusal.kind == Kind::Unauthenticated => Err(refusal),
        Err(refusal) => {
            let visit = &form.visit;
            let page = page(visit, mover, &form.fields, visit.wrong(&refusal)).await?;
            Ok(page.rejected(&refusal).into())
        }
    }
}

/// `/post/{id}/move`: a thread goes to another group of this hub.
pub(super) async fn thread(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let post = visit.post()?;
    let unknown = || Refusal::not_found("group.not_found", "There is no such group.");
    let handle = visit.here(Handle::parse(form.fields.text("group")).ok_or_else(unknown)?);
    let group = visit.state.read(move |db| group::find(db, &handle)).await?;
    let thread = MoveThread {
        post,
        group: group.id,
    };
    visit.state.operations().run(visit.caller(), thread).await?;
    let place = place(visit, ObjectId::Post(post)).await?;
    Ok(Led::to(place).note("thread-moved").into())
}
