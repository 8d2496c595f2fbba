//! Events: announced with a post, attended and left, answered by their organisers.

use axum::extract::State as Given;
use schemars::JsonSchema;
use serde::Deserialize;

use super::across::{GROUP, Wanted};
use super::call::{CURSOR, Call, LIMIT, Parameter};
use super::find::person;
use super::model::{Attendee, Post};
use super::posts::card;
use crate::domain::clock::Ts;
use crate::domain::event::{Event, JoinMode};
use crate::domain::ids::PostId;
use crate::domain::refusal::Refusal;
use crate::faces::shared::extract::{Json, Path, Query};
use crate::faces::shared::paginate::{List, Paging};
use crate::faces::shared::token::{Reader, Writer};
use crate::faces::shared::{Failed, State};
use crate::operations::event::{AnswerAttendee, AttendEvent, LeaveEvent};
use crate::views::{event, post};

const STATE: Parameter = Parameter {
    name: "state",
    schema: "string",
    about: "`coming` (the default) or `over`",
};

pub(super) fn calls() -> Vec<Call> {
    vec![
        Call::get(
            "/events",
            "Events of all groups: the next one first, or those that are over, the latest first",
            list,
        )
        .query(&[STATE, GROUP, LIMIT, CURSOR])
        .answers::<List<Post>>(200),
        Call::post("/posts/{id}/attend", "Come to an event", attend).answers::<Post>(200),
        Call::post("/posts/{id}/unattend", "Do not come after all", unattend).answers::<Post>(200),
        Call::get(
            "/posts/{id}/attendees",
            "Who comes to one's event",
            attendees,
        )
        .signed()
        .answers::<List<Attendee>>(200),
        Call::post(
            "/posts/{id}/attendees",
            "Let somebody in or turn them away",
            answer,
        )
        .takes::<NewAnswer>()
        .answers::<List<Attendee>>(200),
    ]
}

async fn list(
    Given(state): Given<State>,
    reader: Reader,
    Query(wanted): Query<Wanted>,
    Paging(page): Paging,
) -> Result<Json<List<Post>>, Failed> {
    let (viewer, now) = (reader.viewer(), state.operations().now());
    let over = wanted.is_second(["coming", "over"])?;
    let group = wanted.group(&state).await?;
    let found = state
        .read(move |db| event::page(db, viewer, group, (over, now), page))
        .await?;
    Ok(Json(List::of(found, |card| Post::of(card, &state))))
}

/// A meeting.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewEvent {
    /// Begin (RFC 3339).
    starts_at: String,
    /// End (RFC 3339).
    #[serde(default)]
    ends_at: Option<String>,
    /// IANA name of the time zone of the place; without it, UTC.
    #[serde(default)]
    timezone: Option<String>,
    /// Name and address of the place.
    #[serde(default)]
    place: Option<String>,
    /// Where it happens online.
    #[serde(default)]
    online_url: Option<String>,
    /// Whether the organiser decides who comes.
    #[serde(default)]
    restricted: bool,
    /// How many may come.
    #[serde(default)]
    capacity: Option<i64>,
}

impl NewEvent {
    pub(super) fn event(self) -> Result<Event, Refusal> {
        let time = |name: &'static str, text: &str| {
            Ts::parse(text).ok_or_else(|| {
                let sentence = "A time is written like 2026-06-01T18:00:00Z.";
                Refusal::invalid(name, "event.time", sentence)
            })
        };
        let ends_at = self.ends_at.map(|text| time("ends_at", &text));
        Ok(Event {
            starts_at: time("starts_at", &self.starts_at)?,
            ends_at: ends_at.transpose()?,
            timezone: self.timezone.unwrap_or_else(|| "UTC".to_owned()),
            place: self.place,
            online_url: self.online_url,
            join_mode: if self.restricted {
                JoinMode::Restricted
            } else {
                JoinMode::Free
            },
            capacity: self.capacity,
            attendees: 0,
        })
    }
}

async fn attend(
    Given(state): Given<State>,
    writer: Writer,
    Path(id): Path<i64>,
) -> Result<Json<Post>, Failed> {
    let attend = AttendEvent {
        post: PostId(id),
        join: None,
    };
    state.operations().run(writer.caller, attend).await?;
    Ok(Json(card(&state, Some(writer.actor), PostId(id)).await?))
}

async fn unattend(
    Given(state): Given<State>,
    writer: Writer,
    Path(id): Path<i64>,
) -> Result<Json<Post>, Failed> {
    let leave = LeaveEvent { post: PostId(id) };
    state.operations().run(writer.caller, leave).await?;
    Ok(Json(card(&state, Some(writer.actor), PostId(id)).await?))
}

async fn attendees(
    Given(state): Given<State>,
    Reader(caller): Reader,
    Path(id): Path<i64>,
) -> Result<Json<List<Attendee>>, Failed> {
    let now = state.now();
    let found = state
        .read(move |db| post::attendees(db, caller, PostId(id), now))
        .await?;
    let items = found.into_iter().map(Attendee::of).collect();
    Ok(Json(List { items, next: None }))
}

/// What the organiser says to somebody who wants to come.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewAnswer {
    /// Their handle or ActivityPub id.
    person: String,
    /// Whether they may come.
    accepted: bool,
}

async fn answer(
    Given(state): Given<State>,
    writer: Writer,
    Path(id): Path<i64>,
    Json(new): Json<NewAnswer>,
) -> Result<Json<List<Attendee>>, Failed> {
    let answer = AnswerAttendee {
        post: PostId(id),
        attendee: person(&state, &new.person).await?.id,
        accepted: new.accepted,
    };
    state.operations().run(writer.caller, answer).await?;
    attendees(Given(state), Reader(writer.caller), Path(id)).await
}
