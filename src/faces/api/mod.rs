//! The hub API: client JSON over the same operations and views as the pages.

mod problem;

use axum::Router;
use axum::middleware::from_fn;

use super::shared::{Failed, State, layers};

/// Everything below `/api`.
pub(super) fn router(state: &State) -> Router<State> {
    let router = Router::new()
        .route("/api/{*rest}", axum::routing::any(async || Failed::unknown_address()))
        .method_not_allowed_fallback(async || Failed::wrong_method());
    layers::guarded(router, state).layer(from_fn(problem::render))
}
