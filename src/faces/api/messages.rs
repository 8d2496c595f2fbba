//! Private messages: read, written and deleted by those who are in them.

use axum::extract::State as Given;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::call::{CURSOR, Call, LIMIT};
use super::find::any_person;
use super::governance::Reported;
use super::model::Author;
use crate::domain::activity::Origin;
use crate::domain::clock::Ts;
use crate::domain::ids::{ActorId, ConversationId, FlagId, MessageId};
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::faces::shared::extract::{Json, Path};
use crate::faces::shared::paginate::{List, Paging};
use crate::faces::shared::token::{Reader, Writer};
use crate::faces::shared::{Failed, State};
use crate::operations::flag::ReportMessage;
use crate::operations::markup::Markup;
use crate::operations::message::{DeleteMessage, ReadConversation, SendMessage};
use crate::views::message::{self, ConversationCard, MessageCard};

/// The most people that one call writes to.
const MOST: usize = 20;

pub(super) fn calls() -> Vec<Call> {
    vec![
        Call::get("/messages", "The caller's private messages", list)
            .signed()
            .query(&[LIMIT, CURSOR])
            .answers::<List<Message>>(200),
        Call::post("/messages", "Write to somebody", create)
            .takes::<NewMessage>()
            .answers::<Message>(201),
        Call::delete("/messages/{id}", "Delete a message", delete),
        Call::post(
            "/messages/{id}/report",
            "Show a message to the hub's moderators",
            report,
        )
        .takes::<MessageReport>()
        .answers::<Reported>(201),
        Call::get(
            "/conversations",
            "The caller's conversations",
            conversations,
        )
        .signed()
        .query(&[LIMIT, CURSOR])
        .answers::<List<Conversation>>(200),
        Call::get("/conversations/{id}/messages", "What was written", within)
            .signed()
            .query(&[LIMIT, CURSOR])
            .answers::<List<Message>>(200),
        Call::post("/conversations/{id}/read", "Mark a conversation read", read)
            .answers::<Conversation>(200),
    ]
}

async fn list(
    Given(state): Given<State>,
    Reader(caller): Reader,
    Paging(page): Paging,
) -> Result<Json<List<Message>>, Failed> {
    let member = policy::require_actor(caller)?;
    let found = state
        .read(move |db| message::page(db, member, page))
        .await?;
    Ok(Json(List::of(found, Message::of)))
}

/// A message.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewMessage {
    /// The handles of those who are to read it, `name` or `name@host`.
    to: Vec<String>,
    /// Markdown.
    body: String,
}

async fn create(
    Given(state): Given<State>,
    writer: Writer,
    Json(new): Json<NewMessage>,
) -> Result<Response, Failed> {
    let mut to = Vec::new();
    for handle in new.to.iter().take(MOST) {
        to.push(any_person(&state, handle).await?.id);
    }
    let send = SendMessage {
        to,
        body: Markup::Markdown(new.body),
        origin: Origin::Local,
    };
    let id = state.operations().run(writer.caller, send).await?;
    let shown = card(&state, writer.actor, id).await?;
    Ok((StatusCode::CREATED, Json(shown)).into_response())
}

async fn card(state: &State, member: ActorId, id: MessageId) -> Result<Message, Refusal> {
    state
        .read(move |db| message::card(db, member, id))
        .await
        .map(Message::of)
}

async fn delete(
    Given(state): Given<State>,
    writer: Writer,
    Path(id): Path<i64>,
) -> Result<StatusCode, Failed> {
    let delete = DeleteMessage {
        message: MessageId(id),
        deleted: true,
    };
    state.operations().run(writer.caller, delete).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A report of a message. Its words, which nobody else could read, are shown to the hub's moderators.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct MessageReport {
    /// What is wrong.
    reason: String,
    /// Whether the server of its author is told of it, too.
    #[serde(default)]
    forward: bool,
}

async fn report(
    Given(state): Given<State>,
    writer: Writer,
    Path(id): Path<i64>,
    Json(new): Json<MessageReport>,
) -> Result<Response, Failed> {
    let report = ReportMessage {
        message: MessageId(id),
        reason: new.reason,
        forward: new.forward,
        uri: None,
    };
    let FlagId(id) = state.operations().run(writer.caller, report).await?;
    Ok((StatusCode::CREATED, Json(Reported { id })).into_response())
}

async fn conversations(
    Given(state): Given<State>,
    Reader(caller): Reader,
    Paging(page): Paging,
) -> Result<Json<List<Conversation>>, Failed> {
    let member = policy::require_actor(caller)?;
    let found = state
        .read(move |db| message::conversations(db, member, page))
        .await?;
    Ok(Json(List::of(found, |card| Conversation::of(&card))))
}

async fn within(
    Given(state): Given<State>,
    Reader(caller): Reader,
    Path(id): Path<i64>,
    Paging(page): Paging,
) -> Result<Json<List<Message>>, Failed> {
    let member = policy::require_actor(caller)?;
    let (_, found) = state
        .read(move |db| message::conversation(db, member, ConversationId(id), page))
        .await?;
    Ok(Json(List::of(found, Message::of)))
}

async fn read(
    Given(state): Given<State>,
    writer: Writer,
    Path(id): Path<i64>,
) -> Result<Json<Conversation>, Failed> {
    let (conversation, member) = (ConversationId(id), writer.actor);
    let read = ReadConversation { conversation };
    state.operations().run(writer.caller, read).await?;
    let shown = state
        .read(move |db| message::conversation_card(db, member, conversation))
        .await?;
    Ok(Json(Conversation::of(&shown)))
}

/// A private message, as those see it who wrote or got it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Message")]
struct Message {
    id: i64,
    /// The ActivityPub id; it cannot be fetched.
    ap_id: String,
    conversation_id: i64,
    from: Author,
    /// The others who read it.
    to: Vec<Author>,
    /// The Markdown source; null where a peer sent none.
    body: Option<String>,
    /// Safe HTML.
    content_html: String,
    published_at: String,
    edited_at: Option<String>,
    /// Deleted by its author; then its words are left out.
    deleted: bool,
}

impl Message {
    fn of(card: MessageCard) -> Self {
        let MessageCard {
            message,
            author,
            to,
        } = card;
        let deleted = message.deleted_at.is_some();
        Self {
            id: message.id.0,
            ap_id: message.uri.to_string(),
            conversation_id: message.conversation.0,
            from: Author::of(&author),
            to: to.iter().map(Author::of).collect(),
            body: message.source.filter(|_| !deleted),
            content_html: Some(message.html).filter(|_| !deleted).unwrap_or_default(),
            published_at: message.published_at.rfc3339(),
            edited_at: message.edited_at.map(Ts::rfc3339),
            deleted,
        }
    }
}

/// People who write to each other.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Conversation")]
struct Conversation {
    id: i64,
    /// Everybody in it but the caller.
    with: Vec<Author>,
    /// Whether something in it waits to be read.
    unread: bool,
}

impl Conversation {
    fn of(card: &ConversationCard) -> Self {
        Self {
            id: card.id.0,
            with: card.others.iter().map(Author::of).collect(),
            unread: card.unread,
        }
    }
}
