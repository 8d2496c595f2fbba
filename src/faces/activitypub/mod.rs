//! What other servers ask for: discovery, documents of actors, objects and activities, collections,
//! and the inboxes. Thin over `federation`, which words every document.

mod activity;
mod actor;
mod answer;
mod asker;
mod collection;
mod discovery;
#[cfg(test)]
mod hostile;
mod inbox;
mod object;
mod peer;
#[cfg(test)]
mod tests;

use axum::Router;
use axum::middleware::{from_fn, map_response};
use axum::routing::get;

use super::shared::{Failed, State, layers};

/// What is a page for people at the same address.
pub(super) fn documents(state: &State) -> Router {
    let router = Router::new()
        .route("/", get(actor::instance))
        .route("/c/{name}", get(actor::group))
        .route("/u/{name}", get(actor::person))
        .route("/post/{id}", get(object::post))
        .route("/comment/{id}", get(object::comment))
        .route("/message/{id}", get(object::message))
        .fallback(async || Failed::unknown_address())
        .method_not_allowed_fallback(async || Failed::wrong_method());
    layers::guarded(router, state)
        .layer(from_fn(answer::render))
        .with_state(state.clone())
}

/// What only servers ask for.
pub(super) fn endpoints(state: &State) -> Router<State> {
    let discovery = Router::new()
        .route("/.well-known/webfinger", get(discovery::webfinger))
        .route("/.well-known/host-meta", get(discovery::host_meta))
        .route(
            "/.well-known/host-meta.json",
            get(discovery::host_meta_json),
        )
        .route("/.well-known/nodeinfo", get(discovery::nodeinfo_links))
        .route("/nodeinfo/{version}", get(discovery::nodeinfo))
        .method_not_allowed_fallback(async || Failed::wrong_method());
    let discovery = layers::guarded(discovery, state)
        .layer(from_fn(answer::render))
        .layer(map_response(answer::for_every_page));
    let router = Router::new()
        .route("/activities/{kind}/{uuid}", get(activity::show))
        .route("/authz/{uuid}", get(activity::stamp))
        .merge(collection::routes())
        .merge(inbox::routes())
        .method_not_allowed_fallback(async || Failed::wrong_method());
    layers::guarded(router, state)
        .layer(from_fn(answer::render))
        .merge(discovery)
}
