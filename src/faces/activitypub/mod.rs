//! The hub as other servers see it.

mod inbox;

use axum::Router;

use super::shared::State;

/// Every address at which other servers speak with this hub.
pub(crate) fn routes() -> Router<State> {
    Router::new().merge(inbox::routes())
}
