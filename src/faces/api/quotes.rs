//! Quotes of what somebody wrote: listed, and no longer allowed.

use axum::extract::State as Given;
use http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::call::{CURSOR, Call, LIMIT};
use super::model::Author;
use crate::domain::policy;
use crate::domain::quote::QuotePolicy;
use crate::domain::refusal::Refusal;
use crate::faces::shared::extract::{Json, Path};
use crate::faces::shared::paginate::{List, Paging};
use crate::faces::shared::token::{Reader, Writer};
use crate::faces::shared::{Failed, State};
use crate::operations::quote::{RevokeQuote, SetQuotePolicy};
use crate::views::quote::{self, QuoteLine};

pub(super) fn calls() -> Vec<Call> {
    vec![
        Call::get("/quotes", "Who quotes the caller with their consent", list)
            .signed()
            .query(&[LIMIT, CURSOR])
            .answers::<List<Quote>>(200),
        Call::delete("/quotes/{id}", "Allow a quote no longer", revoke),
        Call::get("/quotes/policy", "Who may quote the caller", policy_of)
            .signed()
            .answers::<Policy>(200),
        Call::patch("/quotes/policy", "Say who may quote the caller", set)
            .takes::<Policy>()
            .nothing(),
    ]
}

/// Who may quote somebody's public words without asking them.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "QuotePolicy")]
struct Policy {
    /// `everybody`, `followers` or `nobody`.
    policy: String,
}

async fn policy_of(
    Given(state): Given<State>,
    Reader(caller): Reader,
) -> Result<Json<Policy>, Failed> {
    let author = policy::require_actor(caller)?;
    let found = state.read(move |db| quote::policy(db, author)).await?;
    let policy = found.as_str().to_owned();
    Ok(Json(Policy { policy }))
}

async fn set(
    Given(state): Given<State>,
    writer: Writer,
    Json(new): Json<Policy>,
) -> Result<StatusCode, Failed> {
    let policy = QuotePolicy::parse(&new.policy).ok_or_else(|| {
        let sentence = "policy must be everybody, followers or nobody.";
        Refusal::invalid("policy", "policy.unknown", sentence)
    })?;
    let set = SetQuotePolicy { policy };
    state.operations().run(writer.caller, set).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn list(
    Given(state): Given<State>,
    Reader(caller): Reader,
    Paging(page): Paging,
) -> Result<Json<List<Quote>>, Failed> {
    let author = policy::require_actor(caller)?;
    let found = state
        .read(move |db| quote::of_author(db, author, page))
        .await?;
    Ok(Json(List::of(found, Quote::of)))
}

async fn revoke(
    Given(state): Given<State>,
    writer: Writer,
    Path(id): Path<i64>,
) -> Result<StatusCode, Failed> {
    let revoke = RevokeQuote { quote: id };
    state.operations().run(writer.caller, revoke).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A quote of what somebody wrote.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Quote")]
struct Quote {
    id: i64,
    /// The number of the post or comment that is quoted.
    object_id: i64,
    /// Its title, or its beginning.
    excerpt: String,
    /// Who quotes it.
    by: Author,
    /// The ActivityPub id of the text that quotes it.
    ap_id: String,
    created_at: String,
}

impl Quote {
    fn of(line: QuoteLine) -> Self {
        Self {
            id: line.quote.id,
            object_id: line.quote.object,
            excerpt: line.excerpt,
            by: Author::of(&line.by),
            ap_id: line.quote.uri,
            created_at: line.quote.created_at.rfc3339(),
        }
    }
}
