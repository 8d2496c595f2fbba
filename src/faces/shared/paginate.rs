//! `?limit=` and `?cursor=` of every list, and the page that answers.

use axum::extract::FromRequestParts;
use http::request::Parts;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::page::{Cursor, MAX_LIMIT, Page, PageRequest};
use crate::domain::refusal::Refusal;

use super::extract::Query;
use super::{Failed, State};

/// How many items a page has when nobody says.
const USUAL: u32 = 20;

/// Which part of a list is asked for; limits beyond the bounds are brought within.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Paging(pub(crate) PageRequest);

#[derive(Deserialize)]
struct Asked {
    limit: Option<i64>,
    cursor: Option<String>,
}

impl FromRequestParts<State> for Paging {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Failed> {
        let Query(asked) = Query::<Asked>::from_request_parts(parts, state).await?;
        let limit = asked.limit.map_or(USUAL, |limit| {
            u32::try_from(limit.clamp(1, i64::from(MAX_LIMIT))).unwrap_or(MAX_LIMIT)
        });
        let after = match asked.cursor.as_deref() {
            None | Some("") => None,
            Some(text) => Some(Cursor::decode(text).ok_or_else(unknown_cursor)?),
        };
        Ok(Self(PageRequest { limit, after }))
    }
}

fn unknown_cursor() -> Refusal {
    Refusal::invalid(
        "cursor",
        "cursor.unknown",
        "This is no cursor of this list; take the one that the page before gives as next.",
    )
}

/// A page of a list.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct List<T> {
    /// Its items.
    pub(crate) items: Vec<T>,
    /// The cursor of the page after it, or null.
    pub(crate) next: Option<String>,
}

impl<T> List<T> {
    /// A page of what a view gave.
    pub(crate) fn of<U>(page: Page<U>, item: impl FnMut(U) -> T) -> Self {
        Self {
            items: page.items.into_iter().map(item).collect(),
            next: page.next.map(Cursor::encode),
        }
    }
}
