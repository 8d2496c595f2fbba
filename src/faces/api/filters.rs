//! Words that the caller does not want to read, and the languages that they do.

use axum::extract::State as Given;
use http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::call::Call;
use crate::domain::clock::Ts;
use crate::domain::filter::{Effect, Filter};
use crate::domain::ids::FilterId;
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::faces::shared::extract::{Json, Path};
use crate::faces::shared::token::{Reader, Writer};
use crate::faces::shared::{Failed, State};
use crate::operations::filter::{DropFilter, SetFilter, SetReadingLanguages};
use crate::views::filter;

pub(super) fn calls() -> Vec<Call> {
    vec![
        Call::get("/filters", "What the caller does not want to read", list)
            .signed()
            .answers::<Filters>(200),
        Call::post("/filters", "Filter words", add)
            .takes::<NewFilter>()
            .nothing(),
        Call::patch("/filters", "Say which languages to show", set)
            .takes::<Languages>()
            .nothing(),
        Call::delete("/filters/{id}", "Filter words no more", lift),
    ]
}

/// What somebody does not want to read.
#[derive(Serialize, JsonSchema)]
struct Filters {
    filters: Vec<OneFilter>,
    /// The languages whose posts are shown, as BCP 47 tags; none: all.
    languages: Vec<String>,
}

/// Words that somebody does not want to read.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Filter")]
struct OneFilter {
    id: i64,
    phrase: String,
    /// `hide` or `warn`.
    effect: &'static str,
    /// When it ends, to the hour; null: not by itself.
    until: Option<String>,
}

impl OneFilter {
    fn of(filter: Filter) -> Self {
        Self {
            id: filter.id.0,
            effect: filter.effect.as_str(),
            until: filter.until.map(Ts::rfc3339),
            phrase: filter.phrase,
        }
    }
}

async fn list(Given(state): Given<State>, Reader(caller): Reader) -> Result<Json<Filters>, Failed> {
    let member = policy::require_actor(caller)?;
    let found = state.read(move |db| filter::of(db, member)).await?;
    Ok(Json(Filters {
        filters: found.filters.into_iter().map(OneFilter::of).collect(),
        languages: found.languages,
    }))
}

/// Words to filter; in the place of what was said of them before.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewFilter {
    phrase: String,
    /// `hide`, or `warn`: folded behind a warning. Without: `warn`.
    #[serde(default)]
    effect: Option<String>,
    /// When it ends.
    #[serde(default)]
    until: Option<String>,
}

async fn add(
    Given(state): Given<State>,
    writer: Writer,
    Json(new): Json<NewFilter>,
) -> Result<StatusCode, Failed> {
    let effect = Effect::parse(new.effect.as_deref().unwrap_or("warn"))
        .ok_or_else(|| Refusal::invalid("effect", "filter.effect", "This is `hide` or `warn`."))?;
    let until = match new.until {
        Some(text) => Some(Ts::parse(&text).ok_or_else(|| {
            Refusal::invalid("until", "filter.until", "This is no time by RFC 3339.")
        })?),
        None => None,
    };
    let set = SetFilter {
        phrase: new.phrase,
        effect,
        until,
    };
    state.operations().run(writer.caller, set).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The languages that somebody reads.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Languages {
    /// BCP 47 tags; none: all.
    languages: Vec<String>,
}

async fn set(
    Given(state): Given<State>,
    writer: Writer,
    Json(new): Json<Languages>,
) -> Result<StatusCode, Failed> {
    let set = SetReadingLanguages {
        languages: new.languages,
    };
    state.operations().run(writer.caller, set).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn lift(
    Given(state): Given<State>,
    writer: Writer,
    Path(id): Path<i64>,
) -> Result<StatusCode, Failed> {
    let lift = DropFilter {
        filter: FilterId(id),
    };
    state.operations().run(writer.caller, lift).await?;
    Ok(StatusCode::NO_CONTENT)
}
