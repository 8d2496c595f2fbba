//! Quotes of what somebody wrote: listed, and no longer allowed.

use axum::extract::State as Given;
use http::StatusCode;
use schemars::JsonSchema;
use serde::Serialize;

use super::call::{CURSOR, Call, LIMIT};
use super::model::Author;
use crate::domain::policy;
use crate::faces::shared::extract::{Json, Path};
use crate::faces::shared::paginate::{List, Paging};
use crate::faces::shared::token::{Reader, Writer};
use crate::faces::shared::{Failed, State};
use crate::operations::quote::RevokeQuote;
use crate::views::quote::{self, QuoteLine};

pub(super) fn calls() -> Vec<Call> {
    vec![
        Call::get("/quotes", "Who quotes the caller with their consent", list)
            .signed()
            .query(&[LIMIT, CURSOR])
            .answers::<List<Quote>>(200),
        Call::delete("/quotes/{id}", "Allow a quote no longer", revoke),
    ]
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
