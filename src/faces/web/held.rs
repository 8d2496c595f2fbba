//! Posts that wait for a moderator's word: shown to those who decide and to their authors.

use serde::Serialize;

use crate::domain::caller::Caller;
use crate::domain::ids::{ObjectId, PostId};
use crate::domain::refusal::Refusal;
use crate::operations::object::DeleteObject;
use crate::operations::post::{ApprovePost, RejectPost};
use crate::views::group;
use crate::views::moderation::{self, Waiting};

use super::answer::{Answer, Led, Page, next};
use super::form::Submission;
use super::group::GroupModel;
use super::model::{Attached, Face, Link, attached, link};
use super::visit::Visit;

/// A post that waits.
#[derive(Serialize)]
pub(super) struct HeldModel {
    id: i64,
    title: String,
    html: String,
    link: Option<Link>,
    warning: Option<String>,
    attachments: Vec<Attached>,
    author: Face,
    at: i64,
}

impl HeldModel {
    pub(super) fn new(waiting: Waiting) -> Self {
        let Waiting { held, author, .. } = waiting;
        Self {
            id: held.id.0,
            link: held.link_url.as_deref().and_then(link),
            attachments: attached(&held.attachments),
            author: Face::new(&author),
            at: held.held_at.0,
            title: held.title,
            html: held.html,
            warning: held.warning,
        }
    }
}

#[derive(Serialize)]
struct Model {
    group: GroupModel,
    item: HeldModel,
    mine: bool,
}

/// `/post/{id}` while the post waits; for everybody else there is no such post.
pub(super) async fn show(visit: &Visit, id: PostId, missing: Refusal) -> Result<Answer, Refusal> {
    let (caller, now) = (visit.caller(), visit.now);
    let look = visit.state.read(move |db| {
        let waiting = moderation::waiting_post(db, id)?;
        let page = group::page(db, waiting.group.clone(), caller, now)?;
        Ok::<_, Refusal>((waiting, page))
    });
    let Ok((waiting, page)) = look.await else {
        return Err(missing);
    };
    let mine = visit.actor() == Some(waiting.author.id);
    if !(mine || page.moderates) {
        return Err(missing);
    }
    let model = Model {
        group: GroupModel::new(&page),
        item: HeldModel::new(waiting),
        mine,
    };
    let title = visit.text("held-title");
    Ok(Page::new("held.html", title, &model).unlisted().into())
}

/// Whether a post that was just sent waits.
pub(super) async fn waits(visit: &Visit, id: PostId) -> bool {
    let look = visit.state.read(move |db| moderation::waiting_post(db, id));
    look.await.is_ok()
}

/// `/post/{id}/approve`: it is let in.
pub(super) async fn approve(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let approve = ApprovePost {
        post: visit.post()?,
    };
    run(visit, approve).await?;
    Ok(Led::to(next(&form.fields, "/mod")).note("let_in").into())
}

/// `/post/{id}/reject`: it is turned down.
pub(super) async fn reject(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let post = visit.post()?;
    let reason = form.fields.text("reason").to_owned();
    run(visit, RejectPost { post, reason }).await?;
    Ok(Led::to(next(&form.fields, "/mod"))
        .note("turned_down")
        .into())
}

/// `/post/{id}/withdraw`: its author takes it back.
pub(super) async fn withdraw(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let object = ObjectId::Post(visit.post()?);
    let relay = None;
    run(visit, DeleteObject { object, relay }).await?;
    Ok(Led::to("/").note("withdrawn").into())
}

async fn run<O: crate::operations::Operation>(
    visit: &Visit,
    operation: O,
) -> Result<O::Output, Refusal> {
    let caller: Caller = visit.caller();
    visit.state.operations().run(caller, operation).await
}
