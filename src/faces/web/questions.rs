//! Questions: listed, and which answer helped.

use serde::Serialize;

use crate::domain::ids::ObjectId;
use crate::domain::question::{Of, Which};
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
    oldest: bool,
    /// Whether those alone are listed that the viewer looks after.
    mine: bool,
    unanswered: String,
    answered: String,
    newest_first: String,
    oldest_first: String,
    ask: String,
    posts: List<PostModel>,
}

/// How the page is asked for.
#[derive(Clone, Copy)]
struct Asked {
    open: bool,
    oldest: bool,
    mine: bool,
}

impl Asked {
    fn new(visit: &Visit) -> Self {
        Self {
            open: visit.query("show") != Some("answered"),
            oldest: visit.query("order") == Some("oldest"),
            mine: visit.query("of") == Some("mine"),
        }
    }

    /// The address at which this is asked for.
    fn href(self, group: Option<&Face>) -> String {
        let show = if self.open { "open" } else { "answered" };
        let order = if self.oldest { "&order=oldest" } else { "" };
        let of = if self.mine { "&of=mine" } else { "" };
        across::of(group, &format!("/questions?show={show}{order}{of}"))
    }
}

/// `/questions`: those that wait for an answer; with `?show=answered` the others, with `?group=` those
/// of one group, with `?of=mine` those of the groups that somebody looks after.
pub(super) async fn list(visit: Visit) -> Result<Answer, Refusal> {
    let asked = Asked::new(&visit);
    let (caller, now, request) = (visit.caller(), visit.now, visit.page(PAGE));
    let viewer = visit.actor();
    let look = across::read(&visit, viewer, move |db, group| {
        let mine = if asked.mine && group.is_none() {
            question::looked_after(db, caller, now)?
        } else {
            None
        };
        let which = Which {
            of: mine.unwrap_or_else(|| Of::one(group)),
            open: asked.open,
            oldest_first: asked.oldest,
        };
        question::page(db, viewer, &which, request)
    });
    let (of, page) = look.await?;
    let group = of.as_ref().map(Face::new);
    let at = |asked: Asked| asked.href(group.as_ref());
    let model = Model {
        unanswered: at(Asked {
            open: true,
            ..asked
        }),
        answered: at(Asked {
            open: false,
            ..asked
        }),
        newest_first: at(Asked {
            oldest: false,
            ..asked
        }),
        oldest_first: at(Asked {
            oldest: true,
            ..asked
        }),
        ask: across::of(group.as_ref(), "/new?form=question"),
        posts: posts(page, &at(asked), viewer),
        open: asked.open,
        oldest: asked.oldest,
        mine: asked.mine,
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
