//! Questions: listed, and which answer helped.

use serde::Serialize;

use crate::domain::ids::{Handle, ObjectId};
use crate::domain::refusal::Refusal;
use crate::operations::question::ChooseAnswer;
use crate::views::{group, question};

use super::answer::{Answer, Led, Page};
use super::form::Submission;
use super::home::PAGE;
use super::model::{Face, List, PostModel, posts};
use super::thread::place;
use super::visit::Visit;

#[derive(Serialize)]
struct Model {
    group: Option<Face>,
    open: bool,
    unanswered: String,
    answered: String,
    ask: String,
    posts: List<PostModel>,
}

/// `/questions`: those that wait for an answer; with `?show=answered` the others, and with
/// `?group=` those of one group.
pub(super) async fn list(visit: Visit) -> Result<Answer, Refusal> {
    let open = visit.query("show") != Some("answered");
    let (viewer, request) = (visit.actor(), visit.page(PAGE));
    let handle = visit.query("group").and_then(Handle::parse);
    let handle = handle.map(|handle| visit.here(handle));
    let (group, page) = visit
        .state
        .read(move |db| {
            let group = match handle {
                Some(handle) => Some(group::find(db, &handle)?),
                None => None,
            };
            let of = group.as_ref().map(|group| group.id);
            let page = question::page(db, viewer, of, open, request)?;
            let group = group::veiled(db, viewer, group.into_iter().collect())?.pop();
            Ok::<_, Refusal>((group, page))
        })
        .await?;
    let group = group.as_ref().map(Face::new);
    let of = |joint: &str| match &group {
        Some(group) => format!("{joint}group={}", group.handle),
        None => String::new(),
    };
    let show = if open { "open" } else { "answered" };
    let path = format!("/questions?show={show}{}", of("&"));
    let model = Model {
        open,
        unanswered: format!("/questions{}", of("?")),
        answered: format!("/questions?show=answered{}", of("&")),
        ask: format!("/new?form=question{}", of("&")),
        posts: posts(page, &path, viewer),
        group,
    };
    Ok(Page::new("questions.html", visit.text("questions-title"), &model).into())
}

/// `/comment/{id}/accept`: it helped, or it did not after all.
pub(super) async fn accept(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let answer = visit.comment()?;
    let chosen = form.fields.ticked("chosen");
    let choose = ChooseAnswer {
        answer,
        chosen,
        relay: None,
    };
    visit.state.operations().run(visit.caller(), choose).await?;
    let note = if chosen { "accepted" } else { "unaccepted" };
    let to = place(visit, ObjectId::Comment(answer)).await?;
    Ok(Led::to(to).note(note).into())
}
