//! Drafts and planned posts of the caller.

use axum::extract::State as Given;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::call::Call;
use super::find::known_group;
use super::media::{NewPicture, attachments};
use super::model::{File, Post};
use super::posts::made;
use crate::domain::clock::Ts;
use crate::domain::draft::{Content, Form, Meeting};
use crate::domain::ids::{ActorId, DraftId};
use crate::domain::names::Names;
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

/// The fields about an event, none of which has to be there yet.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "DraftEvent")]
struct DraftEvent {
    /// Begin (RFC 3339), to the minute.
    starts_at: Option<String>,
    /// End, likewise.
    ends_at: Option<String>,
    /// IANA name of the time zone of the place; without it, UTC.
    timezone: Option<String>,
    /// Name and address of the place.
    place: Option<String>,
    /// Where it happens online.
    online_url: Option<String>,
    /// Whether the organiser decides who comes.
    restricted: bool,
    /// How many may come.
    capacity: Option<i64>,
}

impl DraftEvent {
    /// The fields as the form on the web holds them: times as a clock at the place shows them.
    fn meeting(self) -> Result<Meeting, Refusal> {
        let timezone = self.timezone.unwrap_or_else(|| "UTC".to_owned());
        let shown = |name: &'static str, text: Option<String>| match text {
            None => Ok(String::new()),
            Some(text) => time(name, &text)?.local(&timezone).ok_or_else(|| {
                let sentence = "A time zone is named like Europe/Berlin.";
                Refusal::invalid("timezone", "event.when", sentence)
            }),
        };
        Ok(Meeting {
            starts: shown("starts_at", self.starts_at)?,
            ends: shown("ends_at", self.ends_at)?,
            place: self.place.unwrap_or_default(),
            online: self.online_url.unwrap_or_default(),
            restricted: self.restricted,
            capacity: self.capacity.map_or(String::new(), |most| most.to_string()),
            timezone,
        })
    }

    fn of(meeting: Meeting) -> Self {
        let moment = |text: &str| Ts::in_zone(text, &meeting.timezone).map(Ts::rfc3339);
        let filled = |text: String| (!text.is_empty()).then_some(text);
        Self {
            starts_at: moment(&meeting.starts),
            ends_at: moment(&meeting.ends),
            timezone: filled(meeting.timezone),
            place: filled(meeting.place),
            online_url: filled(meeting.online),
            restricted: meeting.restricted,
            capacity: meeting.capacity.parse().ok(),
        }
    }
}

fn time(name: &'static str, text: &str) -> Result<Ts, Refusal> {
    Ts::parse(text).ok_or_else(|| {
        let sentence = "A time is written like 2026-06-01T18:00:00Z.";
        Refusal::invalid(name, "event.time", sentence)
    })
}

/// What is written and not posted yet. The fields whose description says so stay as they were in a
/// draft that is kept anew without them.
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
    /// `text`, `link`, `question`, `poll` or `event`; the fields of the others count for nothing.
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
    /// Whether it is not for everybody's eyes; left out: as it was.
    #[serde(default)]
    sensitive: Option<bool>,
    /// The pictures that it shows; left out: as they were. Those that it showed before and are left
    /// out of the list are deleted.
    #[serde(default)]
    pictures: Option<Vec<NewPicture>>,
    /// Where and when people meet, if it is to be an event; left out: as it was.
    #[serde(default)]
    event: Option<DraftEvent>,
    /// The ActivityPub id of a post or comment that it quotes; left out: as it was.
    #[serde(default)]
    quote: Option<String>,
}

impl NewDraft {
    /// What is written, with what stays of what was written before.
    fn content(self, names: &Names, before: Content) -> Result<Content, Refusal> {
        let pictures = self.pictures.map(|pictures| attachments(names, pictures));
        let meeting = self.event.map(DraftEvent::meeting);
        Ok(Content {
            title: self.title,
            body: self.body,
            url: self.url,
            language: self.language,
            sensitive: self.sensitive.unwrap_or(before.sensitive),
            form: Form::parse(self.form.as_deref().unwrap_or_default()),
            options: self.options.join("\n"),
            multiple: self.multiple,
            days: self.days.unwrap_or(7),
            meeting: meeting.transpose()?.unwrap_or(before.meeting),
            quote: self.quote.unwrap_or(before.quote),
            attachments: pictures.transpose()?.unwrap_or(before.attachments),
            timezone: "UTC".to_owned(),
        })
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
    /// Whether it is not for everybody's eyes.
    sensitive: bool,
    /// The pictures that it shows.
    attachments: Vec<File>,
    /// Where and when people meet, if it is to be an event.
    event: Option<DraftEvent>,
    /// The ActivityPub id of what it quotes.
    quote: Option<String>,
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
            sensitive: content.sensitive,
            attachments: File::all(false, content.attachments),
            event: (content.form == Form::Event).then(|| DraftEvent::of(content.meeting)),
            quote: Some(content.quote).filter(|quote| !quote.is_empty()),
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
    let before = match draft {
        Some(id) => card(state, writer.actor, id).await?.draft.content,
        None => Content::default(),
    };
    let at = new.publish_at.as_deref();
    let save = SaveDraft {
        draft,
        group,
        publish_at: at.map(|text| time("publish_at", text)).transpose()?,
        content: new.content(state.names(), before)?,
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
