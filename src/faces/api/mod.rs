//! The hub API: client JSON over the same operations and views as the pages.
//!
//! The calls stand in one table; the router and the OpenAPI document are both made of it.

mod across;
mod answers;
mod away;
mod call;
mod comments;
mod desk;
mod docket;
mod drafts;
mod events;
mod filters;
mod find;
mod governance;
mod groups;
mod held;
mod invitations;
mod keeping;
mod media;
mod messages;
mod model;
mod moderation;
mod moving;
mod notifications;
mod number;
mod once;
mod openapi;
mod people;
mod posts;
mod problem;
mod purge;
mod questions;
mod quotes;
mod search;
mod servers;
#[cfg(test)]
mod tests;

use axum::Router;
use axum::extract::State as Given;
use axum::middleware::from_fn;
use axum::routing::{any, get};
use serde_json::Value;

use super::shared::extract::Json;
use super::shared::{Failed, State, layers};
use call::{BASE, Call};

/// Every call.
fn calls() -> Vec<Call> {
    let mut calls = groups::calls();
    calls.extend(posts::calls());
    calls.extend(comments::calls());
    calls.extend(drafts::calls());
    calls.extend(answers::calls());
    calls.extend(questions::calls());
    calls.extend(keeping::calls());
    calls.extend(media::calls());
    calls.extend(purge::calls());
    calls.extend(events::calls());
    calls.extend(messages::calls());
    calls.extend(away::calls());
    calls.extend(people::calls());
    calls.extend(invitations::calls());
    calls.extend(notifications::calls());
    calls.extend(filters::calls());
    calls.extend(moderation::calls());
    calls.extend(governance::calls());
    calls.extend(desk::calls());
    calls.extend(servers::calls());
    calls.extend(quotes::calls());
    calls.extend(moving::calls());
    calls.extend(held::calls());
    calls.extend(search::calls());
    calls
}

/// Everything below `/api`.
pub(super) fn router(state: &State) -> Router<State> {
    let mut router = Router::new().route(&format!("{BASE}/openapi.json"), get(document));
    for call in calls() {
        router = router.route(&format!("{BASE}{}", call.path), call.route);
    }
    let router = router
        .route("/api", any(async || Failed::unknown_address()))
        .route("/api/{*rest}", any(async || Failed::unknown_address()))
        .method_not_allowed_fallback(async || Failed::wrong_method());
    layers::guarded(router, state).layer(from_fn(problem::render))
}

async fn document(Given(state): Given<State>) -> Json<Value> {
    Json(openapi::document(&calls(), state.names().base()))
}
