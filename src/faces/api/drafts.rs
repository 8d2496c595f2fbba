//! Drafts and planned posts of the caller.

use axum::extract::State as Given;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::call::Call;
use super::find::known_group;
use super::model::Post;
use super::posts::made;
use crate::domain::clock::Ts;
use crate::domain::draft::{Content, Form};
use crate::domain::ids::{ActorId, DraftId};
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::faces::shared::extract::{Json, Path};
use crate::faces::shared::paginate::List;
use crate::faces::shared::token::{Reader, Writer};
use crate::faces::shared::{Failed, State};
use crate::operations::draft::{DiscardDraft, PostDraft, SaveDraft};
use crate::views::draft::{self, DraftCard};

pub(super) fn calls() -> Vec<Call> {
    vec![
        Call::get("/drafts", "The caller's drafts, planned ones first", list)
            .signed()
            .answers::<List<Draft>>(200),
        Call::post("/drafts", "Keep a draft, or plan a post", create)
            .takes::<NewDraft>()
            .answers::<Draft>(201),
        Call::get("/drafts/{id}", "A draft", show)
            .signed()
            .answers::<Draft>(200),
        Call::patch("/drafts/{id}", "Keep a draft anew, as a whole", update)
            .takes::<NewDraft>()
            .answers::<Draft>(200),
        Call::delete(
            "/drafts/{id}",
            "Discard a draft, or withdraw a plan",
            discard,
        ),
        Call::post(
            "/drafts/{id}/publish",
            "Post a draft now; 202 with a HeldPost where it waits for a moderator",
            publish,
        )
        .answers::<Post>(201),
    ]
}

/// What is written and not posted yet.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewDraft {
    /// The group's `name`, or `name@host`.
    #[serde(default)]
    group: Option<String>,
    /// One plain line.
    #[serde(default)]
    title: String,
    /// Markdown.
    #[serde(default)]
    body: String,
    /// The address that it is about.
    #[serde(default)]
    url: String,
    /// BCP 47 tag.
    #[serde(default)]
    language: String,
    /// `text`, `link`, `question` or `poll`.
    #[serde(default)]
    form: Option<String>,
    /// What people choose from, if it is to be a poll.
    #[serde(default)]
    options: Vec<String>,
    /// Whether they may choose several.
    #[serde(default)]
    multiple: bool,
    /// For how many days they may; a week if nothing is said.
    #[serde(default)]
    days: Option<i64>,
    /// When it is to be posted by itself (RFC 3339); null: not by itself.
    #[serde(default)]
    publish_at: Option<String>,
}

impl NewDraft {
    fn content(&self) -> Content {
        Content {
            title: self.title.clone(),
            body: self.body.clone(),
            url: self.url.clone(),
            language: self.language.clone(),
            form: Form::parse(self.form.as_deref().unwrap_or_default()),
            options: self.options.join("\n"),
            multiple: self.multiple,
            days: self.days.unwrap_or(7),
            timezone: "UTC".to_owned(),
            ..Content::default()
        }
    }

    fn time(&self) -> Result<Option<Ts>, Refusal> {
        let Some(text) = &self.publish_at else {
            return Ok(None);
        };
        let sentence = "A time is written like 2026-06-01T18:00:00Z.";
        let wrong = || Refusal::invalid("publish_at", "event.time", sentence);
        Ts::parse(text).ok_or_else(wrong).map(Some)
    }
}

/// A draft.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Draft")]
struct Draft {
    id: i64,
    /// The group's `name`, or `name@host`.
    group: Option<String>,
    title: String,
    body: String,
    url: String,
    language: String,
    /// `text`, `link`, `question`, `poll` or `event`.
    form: &'static str,
    options: Vec<String>,
    multiple: bool,
    days: i64,
    /// When it is posted by itself.
    publish_at: Option<String>,
    /// The code of the refusal with which posting it by itself ended.
    refusal: Option<String>,
    created_at: String,
    updated_at: String,
}

impl Draft {
    fn of(card: DraftCard) -> Self {
        let DraftCard { draft, group } = card;
        let content = draft.content;
        Self {
            id: draft.id.0,
            group: group.map(|group| group.handle().to_string()),
            options: content.options.lines().map(str::to_owned).collect(),
            title: content.title,
            body: content.body,
            url: content.url,
            language: content.language,
            form: content.form.as_str(),
            multiple: content.multiple,
            days: content.days,
            publish_at: draft.publish_at.map(Ts::rfc3339),
            refusal: draft.refusal,
            created_at: draft.created_at.rfc3339(),
            updated_at: draft.updated_at.rfc3339(),
        }
    }
}

async fn list(
    Given(state): Given<State>,
    Reader(caller): Reader,
) -> Result<Json<List<Draft>>, Failed> {
    let author = policy::require_actor(caller)?;
    let found = state.read(move |db| draft::list(db, author)).await?;
    let items = found.into_iter().map(Draft::of).collect();
    Ok(Json(List { items, next: None }))
}

async fn card(state: &State, author: ActorId, id: DraftId) -> Result<DraftCard, Refusal> {
    state.read(move |db| draft::find(db, author, id)).await
}

async fn show(
    Given(state): Given<State>,
    Reader(caller): Reader,
    Path(id): Path<i64>,
) -> Result<Json<Draft>, Failed> {
    let author = policy::require_actor(caller)?;
    Ok(Json(Draft::of(card(&state, author, DraftId(id)).await?)))
}

async fn save(
    state: &State,
    writer: &Writer,
    draft: Option<DraftId>,
    new: NewDraft,
) -> Result<Draft, Refusal> {
    let group = match &new.group {
        Some(name) => Some(known_group(state, name).await?.id),
        None => None,
    };
    let save = SaveDraft {
        draft,
        group,
        content: new.content(),
        publish_at: new.time()?,
    };
    let id = state.operations().run(writer.caller, save).await?;
    Ok(Draft::of(card(state, writer.actor, id).await?))
}

async fn create(
    Given(state): Given<State>,
    writer: Writer,
    Json(new): Json<NewDraft>,
) -> Result<Response, Failed> {
    let draft = save(&state, &writer, None, new).await?;
    Ok((StatusCode::CREATED, Json(draft)).into_response())
}

async fn update(
    Given(state): Given<State>,
    writer: Writer,
    Path(id): Path<i64>,
    Json(new): Json<NewDraft>,
) -> Result<Json<Draft>, Failed> {
    Ok(Json(save(&state, &writer, Some(DraftId(id)), new).await?))
}

async fn discard(
    Given(state): Given<State>,
    writer: Writer,
    Path(id): Path<i64>,
) -> Result<StatusCode, Failed> {
    let discard = DiscardDraft { draft: DraftId(id) };
    state.operations().run(writer.caller, discard).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn publish(
    Given(state): Given<State>,
    writer: Writer,
    Path(id): Path<i64>,
) -> Result<Response, Failed> {
    let card = card(&state, writer.actor, DraftId(id)).await?;
    let publish = PostDraft {
        draft: Some(card.draft.id),
        group: card.draft.group,
        content: card.draft.content,
    };
    let post = state.operations().run(writer.caller, publish).await?;
    made(&state, &writer, post).await
}
