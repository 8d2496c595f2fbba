//! Whom the caller keeps away, and from whom they take private messages.

use axum::extract::State as Given;
use http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::call::Call;
use super::find::{any_person, person};
use super::model::Author;
use crate::domain::actor::Actor;
use crate::domain::block::{Distance, MessagePolicy};
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::faces::shared::extract::{Json, Path};
use crate::faces::shared::token::{Reader, Writer};
use crate::faces::shared::{Failed, State};
use crate::operations::block::{KeepAway, KeepHostAway, LetNear};
use crate::operations::message::SetMessagePolicy;
use crate::views::block;

pub(super) fn calls() -> Vec<Call> {
    vec![
        Call::get("/away", "Whom the caller keeps away", list)
            .signed()
            .answers::<Away>(200),
        Call::patch("/away", "Say who may begin to write messages", set)
            .takes::<NewPolicy>()
            .nothing(),
        Call::post("/people/{person}/away", "Block or mute somebody", keep)
            .takes::<NewDistance>()
            .nothing(),
        Call::delete("/people/{person}/away", "Keep somebody away no more", lift),
        Call::post("/away/hosts", "Keep a whole server away", keep_host)
            .takes::<NewHost>()
            .nothing(),
        Call::delete(
            "/away/hosts/{host}",
            "Keep a server away no more",
            lift_host,
        ),
    ]
}

/// Whom somebody keeps away.
#[derive(Serialize, JsonSchema)]
struct Away {
    people: Vec<OnePerson>,
    /// Names of whole servers.
    hosts: Vec<String>,
    /// Who may begin to write messages: `everybody`, `known` (people whom the caller follows or
    /// with whom they share a group) or `nobody`.
    messages: &'static str,
}

/// Somebody who is kept away.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "KeptAway")]
struct OnePerson {
    person: Author,
    /// `block` or `mute`.
    distance: &'static str,
}

impl OnePerson {
    fn of((actor, distance): &(Actor, Distance)) -> Self {
        Self {
            person: Author::of(actor),
            distance: distance.as_str(),
        }
    }
}

async fn list(Given(state): Given<State>, Reader(caller): Reader) -> Result<Json<Away>, Failed> {
    let member = policy::require_actor(caller)?;
    let found = state.read(move |db| block::of(db, member)).await?;
    Ok(Json(Away {
        people: found.people.iter().map(OnePerson::of).collect(),
        hosts: found.hosts,
        messages: found.messages.as_str(),
    }))
}

/// Who may begin to write messages.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewPolicy {
    /// `everybody`, `known` or `nobody`.
    messages: String,
}

async fn set(
    Given(state): Given<State>,
    writer: Writer,
    Json(new): Json<NewPolicy>,
) -> Result<StatusCode, Failed> {
    let policy = MessagePolicy::parse(&new.messages).ok_or_else(|| {
        let sentence = "This is `everybody`, `known` or `nobody`.";
        Refusal::invalid("messages", "message.policy", sentence)
    })?;
    let set = SetMessagePolicy { policy };
    state.operations().run(writer.caller, set).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How far somebody is kept away.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewDistance {
    /// `mute`: nothing of them is shown to the caller; `block`: nor do they reach the caller.
    distance: String,
}

async fn keep(
    Given(state): Given<State>,
    writer: Writer,
    Path(who): Path<String>,
    Json(new): Json<NewDistance>,
) -> Result<StatusCode, Failed> {
    let distance = Distance::parse(&new.distance).ok_or_else(|| {
        let sentence = "This is `block` or `mute`.";
        Refusal::invalid("distance", "block.distance", sentence)
    })?;
    let person = any_person(&state, &who).await?.id;
    let keep = KeepAway { person, distance };
    state.operations().run(writer.caller, keep).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn lift(
    Given(state): Given<State>,
    writer: Writer,
    Path(who): Path<String>,
) -> Result<StatusCode, Failed> {
    let person = person(&state, &who).await?.id;
    let lift = LetNear { person };
    state.operations().run(writer.caller, lift).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A server.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewHost {
    /// Its name.
    host: String,
}

async fn keep_host(
    Given(state): Given<State>,
    writer: Writer,
    Json(new): Json<NewHost>,
) -> Result<StatusCode, Failed> {
    let keep = KeepHostAway {
        host: new.host,
        away: true,
    };
    state.operations().run(writer.caller, keep).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn lift_host(
    Given(state): Given<State>,
    writer: Writer,
    Path(host): Path<String>,
) -> Result<StatusCode, Failed> {
    let lift = KeepHostAway { host, away: false };
    state.operations().run(writer.caller, lift).await?;
    Ok(StatusCode::NO_CONTENT)
}
