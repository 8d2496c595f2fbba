//! Private messages: the conversations of a member, one of them, and writing to somebody.

use serde::Serialize;

use crate::domain::activity::Origin;
use crate::domain::actor::{Actor, ActorKind};
use crate::domain::ids::{ActorId, ConversationId, Handle, MessageId};
use crate::domain::page::PageRequest;
use crate::domain::policy;
use crate::domain::refusal::{Kind, Refusal};
use crate::operations::flag::ReportMessage;
use crate::operations::markup::Markup;
use crate::operations::message::{DeleteMessage, ReadConversation, SendMessage};
use crate::text::plain;
use crate::views::message::{self, ConversationCard, MessageCard};
use crate::views::{Snapshot, actor};

use super::answer::{Answer, Led, Page, Wrong};
use super::form::Submission;
use super::model::{Face, List};
use super::visit::Visit;

/// Conversations, or messages of one, on a page.
const PAGE: u32 = 30;
const AT: &str = "/messages";
/// Letters of a message in the list.
const EXCERPT: usize = 120;
/// The most people to whom one form writes.
const MOST: usize = 20;

#[derive(Serialize)]
struct Conversations {
    conversations: List<Listed>,
}

#[derive(Serialize)]
struct Listed {
    href: String,
    others: Vec<Face>,
    excerpt: String,
    at: Option<i64>,
    unread: bool,
    /// Whether it is the one beside the list.
    current: bool,
}

impl Listed {
    fn new(card: ConversationCard, shown: Option<ConversationId>) -> Self {
        let current = shown == Some(card.id);
        let last = card.last.filter(|last| last.deleted_at.is_none());
        Self {
            href: end_of(card.id),
            others: card.others.iter().map(Face::new).collect(),
            excerpt: last
                .as_ref()
                .map_or_else(String::new, |last| plain::excerpt_html(&last.html, EXCERPT)),
            at: last.map(|last| last.published_at.0),
            unread: card.unread && !current,
            current,
        }
    }
}

/// `/messages`: with whom somebody talks, the last written in first.
pub(super) async fn list(visit: Visit) -> Result<Answer, Refusal> {
    let (member, request) = (policy::require_actor(visit.caller())?, visit.page(PAGE));
    let page = visit
        .state
        .read(move |db| message::conversations(db, member, request))
        .await?;
    let model = Conversations {
        conversations: List::new(page, AT, |card| Listed::new(card, None)),
    };
    let title = visit.text("messages-title");
    Ok(Page::new("messages.html", title, &model).unlisted().into())
}

#[derive(Serialize)]
struct Conversation {
    id: i64,
    /// Those in the list beside it.
    conversations: List<Listed>,
    others: Vec<Face>,
    messages: List<Said>,
    body: String,
    wrong: Wrong,
}

#[derive(Serialize)]
struct Said {
    id: i64,
    author: Face,
    html: String,
    at: i64,
    edited_at: Option<i64>,
    deleted: bool,
    mine: bool,
}

impl Said {
    fn new(card: MessageCard, viewer: ActorId) -> Self {
        let message = card.message;
        Self {
            id: message.id.0,
            author: Face::new(&card.author),
            html: message.html,
            at: message.published_at.0,
            edited_at: message.edited_at.map(|at| at.0),
            deleted: message.deleted_at.is_some(),
            mine: message.author == viewer,
        }
    }
}

/// Where a conversation is gone on with: below what was said last.
fn end_of(id: ConversationId) -> String {
    format!("/messages/{id}#write")
}

/// `/messages/{id}`: a conversation, the newest of it at the end. Looking at it is reading it.
pub(super) async fn show(visit: Visit) -> Result<Answer, Refusal> {
    let id = ConversationId(visit.number()?);
    let page = page(&visit, id, String::new(), Wrong::default()).await?;
    let read = ReadConversation { conversation: id };
    visit.state.operations().run(visit.caller(), read).await?;
    Ok(page.into())
}

async fn page(
    visit: &Visit,
    id: ConversationId,
    body: String,
    wrong: Wrong,
) -> Result<Page, Refusal> {
    let (member, request) = (policy::require_actor(visit.caller())?, visit.page(PAGE));
    let look = visit.state.read(move |db| {
        let (others, messages) = message::conversation(db, member, id, request)?;
        let beside = message::conversations(db, member, PageRequest::first(PAGE))?;
        Ok::<_, Refusal>((others, messages, beside))
    });
    let (others, messages, beside) = look.await?;
    let others: Vec<Face> = others.iter().map(Face::new).collect();
    let names: Vec<&str> = others.iter().map(|face| face.name.as_str()).collect();
    let title = names.join(", ");
    let path = format!("/messages/{id}");
    let mut messages = List::new(messages, &path, |card| Said::new(card, member));
    messages.items.reverse();
    let model = Conversation {
        id: id.0,
        conversations: List::new(beside, AT, |card| Listed::new(card, Some(id))),
        messages,
        others,
        body,
        wrong,
    };
    Ok(Page::new("conversation.html", title, &model).unlisted())
}

/// `/messages/{id}`, sent: an answer to everybody in it.
pub(super) async fn answer(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let (member, id) = (policy::require_actor(visit.caller())?, visit.number()?);
    let id = ConversationId(id);
    let card = visit
        .state
        .read(move |db| message::conversation_card(db, member, id))
        .await?;
    let to = card.others.iter().map(|other| other.id).collect();
    let body = form.fields.text("body").to_owned();
    match send(visit, to, &body).await {
        Ok(_) => Ok(Led::to(end_of(id)).note("sent").into()),
        Err(refusal) if refusal.kind == Kind::Invalid => {
            let page = page(visit, id, body, visit.wrong(&refusal)).await?;
            Ok(page.rejected(&refusal).into())
        }
        Err(refusal) => Err(refusal),
    }
}

async fn send(visit: &Visit, to: Vec<ActorId>, body: &str) -> Result<MessageId, Refusal> {
    let send = SendMessage {
        to,
        body: Markup::Markdown(body.to_owned()),
        origin: Origin::Local,
    };
    visit.state.operations().run(visit.caller(), send).await
}

#[derive(Serialize)]
struct Writing {
    to: String,
    body: String,
    wrong: Wrong,
}

/// `/messages/new`: the form; `?to=` fills in whom to write to.
pub(super) async fn new_form(visit: Visit) -> Result<Answer, Refusal> {
    policy::require_actor(visit.caller())?;
    let writing = Writing {
        to: visit.query("to").unwrap_or_default().to_owned(),
        body: String::new(),
        wrong: Wrong::default(),
    };
    Ok(new_page(&visit, &writing).into())
}

fn new_page(visit: &Visit, writing: &Writing) -> Page {
    Page::new("new_message.html", visit.text("message-new"), writing).unlisted()
}

/// `/messages/new`, sent.
pub(super) async fn new(form: Submission) -> Result<Answer, Refusal> {
    let (visit, fields) = (&form.visit, &form.fields);
    let member = policy::require_actor(visit.caller())?;
    let (to, body) = (fields.text("to").to_owned(), fields.text("body").to_owned());
    let sent = match people(visit, &to).await {
        Ok(people) => send(visit, people, &body).await,
        Err(refusal) => Err(refusal),
    };
    match sent {
        Ok(id) => {
            let card = visit
                .state
                .read(move |db| message::card(db, member, id))
                .await?;
            let to = end_of(card.message.conversation);
            Ok(Led::to(to).note("sent").into())
        }
        Err(refusal) if refusal.kind == Kind::Invalid => {
            let wrong = visit.wrong(&refusal);
            let page = new_page(visit, &Writing { to, body, wrong });
            Ok(page.rejected(&refusal).into())
        }
        Err(refusal) => Err(refusal),
    }
}

/// The people in a list of handles; other servers are asked for those who are not known.
async fn people(visit: &Visit, handles: &str) -> Result<Vec<ActorId>, Refusal> {
    let words = handles.split([',', ' ']).filter(|word| !word.is_empty());
    let mut people = Vec::new();
    for word in words.take(MOST) {
        people.push(person(visit, word).await?.id);
    }
    Ok(people)
}

async fn person(visit: &Visit, word: &str) -> Result<Actor, Refusal> {
    let unknown = || {
        Refusal::invalid(
            "to",
            "message.unknown",
            "There is nobody of this name; write name or name@host.",
        )
    };
    let handle = visit.here(Handle::parse(word.trim_start_matches('@')).ok_or_else(unknown)?);
    let wanted = handle.clone();
    let known = move |db: &mut Snapshot| actor::person(db, &wanted);
    if let Ok(known) = visit.state.read(known).await {
        return Ok(known);
    }
    if handle.host.is_none() {
        return Err(unknown());
    }
    let resolver = visit.state.federation.resolver();
    let asked = Box::pin(resolver.handle(&handle, Some(ActorKind::Person))).await;
    asked.map_err(|_not_had| unknown())
}

#[derive(Serialize)]
struct Report {
    id: i64,
    conversation: i64,
    author: Face,
    html: String,
    reason: String,
    wrong: Wrong,
}

/// `/message/{id}/report`: the form that shows a message to the hub's moderators.
pub(super) async fn report_form(visit: Visit) -> Result<Answer, Refusal> {
    let page = report_page(&visit, String::new(), Wrong::default()).await?;
    Ok(page.into())
}

async fn report_page(visit: &Visit, reason: String, wrong: Wrong) -> Result<Page, Refusal> {
    let (member, id) = (policy::require_actor(visit.caller())?, visit.number()?);
    let id = MessageId(id);
    let look = visit.state.read(move |db| message::card(db, member, id));
    let card = look.await?;
    let model = Report {
        id: id.0,
        conversation: card.message.conversation.0,
        author: Face::new(&card.author),
        html: card.message.html,
        reason,
        wrong,
    };
    let title = visit.text("report-message-title");
    Ok(Page::new("report_message.html", title, &model).unlisted())
}

/// `/message/{id}/report`, sent.
pub(super) async fn report(form: Submission) -> Result<Answer, Refusal> {
    let (visit, fields) = (&form.visit, &form.fields);
    let reason = fields.text("reason").to_owned();
    let report = ReportMessage {
        message: MessageId(visit.number()?),
        reason: reason.clone(),
        forward: fields.ticked("forward"),
        uri: None,
    };
    match visit.state.operations().run(visit.caller(), report).await {
        Ok(_) => Ok(Led::to("/messages").note("reported").into()),
        Err(refusal) if refusal.kind == Kind::Invalid => {
            let page = report_page(visit, reason, visit.wrong(&refusal)).await?;
            Ok(page.rejected(&refusal).into())
        }
        Err(refusal) => Err(refusal),
    }
}

/// `/message/{id}/delete`: the author takes a message back.
pub(super) async fn delete(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let (member, id) = (policy::require_actor(visit.caller())?, visit.number()?);
    let id = MessageId(id);
    let card = visit
        .state
        .read(move |db| message::card(db, member, id))
        .await?;
    let delete = DeleteMessage {
        message: id,
        deleted: true,
    };
    visit.state.operations().run(visit.caller(), delete).await?;
    let path = format!("/messages/{}", card.message.conversation);
    Ok(Led::to(path).note("message-deleted").into())
}
