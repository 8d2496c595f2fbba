//! Drafts, planned posts and answers: listed, thrown away, and kept while somebody writes.

use serde::Serialize;

use crate::domain::clock::Ts;
use crate::domain::ids::{DraftId, ObjectId};
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::operations::draft::{DiscardAnswer, DiscardDraft, KeepAnswer, SaveDraft};
use crate::views::draft::{self, AnswerCard, DraftCard};

use super::answer::{Answer, Led, Page};
use super::compose::{Desktop, Sheet};
use super::form::Submission;
use super::model::{Face, known_zone};
use super::pictures;
use super::visit::Visit;

#[derive(Serialize)]
struct Model {
    planned: Vec<Item>,
    drafts: Vec<Item>,
    answers: Vec<AnswerItem>,
}

/// An answer in the list.
#[derive(Serialize)]
struct AnswerItem {
    /// The number of what it answers.
    to: i64,
    comment: bool,
    /// Where it is gone on with, and the title of that: `None` where the member cannot see it.
    thread: Option<String>,
    href: String,
    excerpt: String,
    /// The whole text, where the excerpt leaves something out.
    whole: Option<String>,
    at: i64,
}

/// A draft in the list.
#[derive(Serialize)]
struct Item {
    id: i64,
    title: String,
    excerpt: String,
    form: &'static str,
    group: Option<Face>,
    at: i64,
    planned: Option<Plan>,
    refusal: Option<String>,
}

/// When a draft goes out.
#[derive(Serialize)]
struct Plan {
    at: i64,
    /// What a clock of whoever planned it shows then, as if it were in UTC.
    shown: i64,
    timezone: String,
}

impl Plan {
    fn new(at: Ts, timezone: &str) -> Self {
        let zone = known_zone(at, timezone);
        Self {
            at: at.0,
            shown: at.on_clock(zone).0,
            timezone: zone.to_owned(),
        }
    }
}

impl Item {
    fn new(visit: &Visit, card: DraftCard) -> Self {
        let DraftCard { draft, group } = card;
        let content = draft.content;
        let plan = |at| Plan::new(at, &content.timezone);
        let planned = draft.publish_at.map(plan);
        let why = draft.refusal.map(|code| {
            let key = format!("refusal-{}", code.replace('.', "-"));
            let own = visit.state.pages.text(&visit.language, &key);
            own.unwrap_or_else(|| visit.text("draft-refused"))
        });
        Self {
            id: draft.id.0,
            excerpt: crate::text::plain::excerpt(&content.body, 160),
            title: content.title,
            form: content.form.as_str(),
            group: group.as_ref().map(Face::new),
            at: draft.updated_at.0,
            planned,
            refusal: why,
        }
    }
}

impl AnswerItem {
    fn new(card: AnswerCard) -> Self {
        let AnswerCard { answer, thread } = card;
        let (to, post) = (answer.to.number(), answer.post);
        let comment = matches!(answer.to, ObjectId::Comment(_));
        let excerpt = crate::text::plain::excerpt(&answer.body, 160);
        Self {
            to,
            comment,
            thread,
            href: if comment {
                format!("/post/{post}?comment={to}#comment-{to}")
            } else {
                format!("/post/{post}#answer")
            },
            whole: (excerpt != answer.body.trim()).then_some(answer.body),
            excerpt,
            at: answer.kept_at.0,
        }
    }
}

/// `/drafts`: what is planned and what is begun.
pub(super) async fn list(visit: Visit) -> Result<Answer, Refusal> {
    let member = policy::require_actor(visit.caller())?;
    let (cards, answers) = visit
        .state
        .read(move |db| Ok::<_, Refusal>((draft::list(db, member)?, draft::answers(db, member)?)))
        .await?;
    let items = cards.into_iter().map(|card| Item::new(&visit, card));
    let (planned, drafts) = items.partition(|item: &Item| item.planned.is_some());
    let model = Model {
        planned,
        drafts,
        answers: answers.into_iter().map(AnswerItem::new).collect(),
    };
    let page = Page::new("drafts.html", visit.text("drafts-title"), &model);
    Ok(page.unlisted().into())
}

/// `/drafts/{id}/discard`: it is thrown away.
pub(super) async fn discard(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let draft = DraftId(visit.number()?);
    let discard = DiscardDraft { draft };
    visit
        .state
        .operations()
        .run(visit.caller(), discard)
        .await?;
    Ok(Led::to("/drafts").note("draft-discarded").into())
}

/// `/drafts/keep`: what is written is kept while somebody goes on, for the composer's script.
pub(super) async fn keep(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let member = policy::require_actor(visit.caller())?;
    let mut sheet = Sheet::read(visit, &form.fields);
    sheet.content.attachments = pictures::all_kept(&form);
    let desktop = Desktop::lay(visit, member, &sheet).await?;
    let save = SaveDraft {
        draft: sheet.draft,
        group: desktop.group(),
        content: sheet.content,
        publish_at: None,
    };
    let draft = visit.state.operations().run(visit.caller(), save).await?.0;
    let model = minijinja::context! { draft };
    Ok(Page::new("_draft_state.html", "", &model).unlisted().into())
}

/// `/drafts/answers/{id}/discard`: what was typed as an answer to it is thrown away.
pub(super) async fn discard_answer(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let discard = DiscardAnswer {
        to: visit.number()?,
    };
    visit
        .state
        .operations()
        .run(visit.caller(), discard)
        .await?;
    Ok(Led::to("/drafts").note("draft-discarded").into())
}

/// `/post/{id}/comments/keep` and `/comment/{id}/answers/keep`: what is typed into an answer is kept
/// while somebody goes on, for the thread's script.
pub(super) async fn keep_answer(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let body = form.fields.text("body").to_owned();
    let kept = !body.trim().is_empty();
    let keep = KeepAnswer {
        to: visit.object()?,
        body,
    };
    visit.state.operations().run(visit.caller(), keep).await?;
    let model = minijinja::context! { kept };
    Ok(Page::new("_answer_state.html", "", &model)
        .unlisted()
        .into())
}
