//! What monitors ask: whether the process lives, whether it is ready, and its numbers.

use std::sync::Arc;

use axum::Router;
use axum::extract::State as Given;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use prometheus_client::encoding::text::encode;
use prometheus_client::registry::Registry;

use super::shared::State;
use crate::views::instance;

pub(super) fn routes() -> Router<State> {
    Router::new()
        .route(
            "/healthz",
            get(|| async { plain(StatusCode::OK, "alive\n") }),
        )
        .route("/readyz", get(ready))
}

/// Ready: the database answers and is migrated, and the workers run.
async fn ready(Given(state): Given<State>) -> Response {
    if !state.is_ready() {
        return plain(StatusCode::SERVICE_UNAVAILABLE, "the workers do not run\n");
    }
    let host = state.names().host().to_owned();
    match state.read(move |db| instance::is_founded(db, &host)).await {
        Ok(true) => plain(StatusCode::OK, "ready\n"),
        Ok(false) => plain(
            StatusCode::SERVICE_UNAVAILABLE,
            "the database is of no hub\n",
        ),
        Err(refusal) => {
            super::shared::error::log(&refusal);
            plain(
                StatusCode::SERVICE_UNAVAILABLE,
                "the database does not answer\n",
            )
        }
    }
}

fn plain(status: StatusCode, text: &'static str) -> Response {
    (status, [(CACHE_CONTROL, "no-store")], text).into_response()
}

pub(super) fn metrics(registry: Arc<Registry>) -> Router {
    let show = move || {
        let registry = Arc::clone(&registry);
        async move { numbers(&registry) }
    };
    Router::new().route("/metrics", get(show))
}

fn numbers(registry: &Registry) -> Response {
    let mut text = String::new();
    if encode(&mut text, registry).is_err() {
        return plain(
            StatusCode::INTERNAL_SERVER_ERROR,
            "the numbers cannot be written\n",
        );
    }
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(CONTENT_TYPE, kind)], text).into_response()
}
