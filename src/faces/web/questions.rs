//! Questions: listed, and which answer helped.

use serde::Serialize;

use crate::domain::ids::ObjectId;
use crate::domain::refusal::Refusal;
use crate::operations::question::ChooseAnswer;
use crate::views::question;

use super::across;
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
    let look = across::read(&visit, viewer, move |db, of| {
        question::page(db, viewer, of, open, request)
    });
    let (of, page) = look.await?;
    let group = of.as_ref().map(Face::new);
    let at = |path: &str| across::of(group.as_ref(), path);
    let show = if open { "open" } else { "answered" };
    let path = at(&format!("/questions?show={show}"));
    let model = Model {
        open,
        unanswered: at("/questions"),
        answered: at("/questions?show=answered"),
        ask: at("/new?form=question"),
        posts: posts(page, &path, viewer),
        group,
    };
    let title = visit.text("questions-title");
    let words = (title.as_str(), visit.text("questions-shared"));
    let shared = across::shared(&visit, of.as_ref(), words, "/questions");
    let page = Page::new("questions.html", title, &model);
    Ok(page.shared(shared).into())
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
