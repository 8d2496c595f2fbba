//! HTML, client JSON and federation endpoints over one set of operations and views.
//!
//! [`router`] is the whole of it: which face answers where, and what surrounds every request.

mod activitypub;
mod api;
mod health;
mod media;
pub(crate) mod shared;
mod web;

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::get;
use http::header::VARY;
use http::{HeaderValue, Method};
use prometheus_client::registry::Registry;
use tower::ServiceExt as _;
use tower_http::compression::CompressionLayer;

use crate::federation::Federation;
use shared::pictures::Pictures;
use shared::{Failed, State, layers, negotiate};

/// What the faces work with, over a federation.
pub(crate) fn state(federation: Federation) -> State {
    let pictures = Pictures::new(&federation.operations);
    let pages = web::pages(pictures.clone());
    State::new(federation, pages, pictures)
}

/// Everything that the hub answers.
///
/// From the outside in: the span and headers of every answer, compression, then by address the hub
/// API, pictures, what only other servers and monitors ask for, and last what is a page for people
/// and a document for servers at one address. A hub that does not federate has pages only
/// (security.md R-04). Each face renders its own refusals around time limit and panics.
pub(crate) fn router(state: State) -> Router {
    let pages = pages(&state);
    let router = Router::new()
        .merge(health::routes())
        .merge(media::routes(&state))
        .merge(api::router(&state));
    let router = if state.settings().federation.enabled {
        let documents = activitypub::documents(&state);
        let both = move |request| page_or_document(pages.clone(), documents.clone(), request);
        router.merge(activitypub::endpoints(&state)).fallback(both)
    } else {
        router.fallback_service(pages)
    };
    router
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(state.clone(), layers::observe))
        .with_state(state)
}

/// What Prometheus asks for, on a listener of its own.
pub(crate) fn metrics_router(registry: Arc<Registry>) -> Router {
    health::metrics(registry)
}

/// Every page, in the face's own answers to what fails.
fn pages(state: &State) -> Router {
    let router = web::routes()
        .route("/", get(web::home))
        .route("/c/{name}", get(web::group))
        .route("/u/{name}", get(web::person))
        .route("/post/{id}", get(web::post_page))
        .route("/comment/{id}", get(web::comment))
        .fallback(web::missing)
        .method_not_allowed_fallback(async || Failed::wrong_method());
    layers::guarded(router, state)
        .layer(from_fn_with_state(state.clone(), web::render_failures))
        .with_state(state.clone())
}

/// People get pages and servers get documents; both at the same address (federation.md 1.5).
async fn page_or_document(pages: Router, documents: Router, request: Request) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let document = reads && negotiate::wants_document(request.headers(), false);
    let face = if document { documents } else { pages };
    let Ok(mut response) = face.oneshot(request).await;
    if reads {
        let headers = response.headers_mut();
        let named = headers.get_all(VARY).iter().any(names_accept);
        if !named {
            headers.append(VARY, HeaderValue::from_static("Accept"));
        }
    }
    response
}

fn names_accept(value: &HeaderValue) -> bool {
    let text = value.to_str().unwrap_or_default();
    text.split(',')
        .any(|name| name.trim().eq_ignore_ascii_case("accept"))
}

#[cfg(test)]
impl shared::testing::Whole for State {
    fn begin(federation: Federation) -> Self {
        state(federation)
    }

    fn whole(self) -> Router {
        router(self)
    }
}

#[cfg(test)]
mod bounds;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod private_tests;
#[cfg(test)]
mod roles;
#[cfg(test)]
mod tests;
