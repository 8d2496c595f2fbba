//! Quotes of what somebody wrote: listed, and no longer allowed.

use axum::extract::State as Given;
use http::StatusCode;

use super::call::{CURSOR, Call, LIMIT};
use super::model::Quote;
use crate::domain::policy;
use crate::faces::shared::extract::{Json, Path};
use crate::faces::shared::paginate::{List, Paging};
use crate::faces::shared::token::{Reader, Writer};
use crate::faces::shared::{Failed, State};
use crate::operations::quote::RevokeQuote;
use crate::views::quote;

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
