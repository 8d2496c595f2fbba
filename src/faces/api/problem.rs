//! Refusals as problem documents (RFC 9457).

use axum::Extension;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;

use crate::faces::shared::error::{Face, Refused};
use crate::faces::shared::layers::RequestId;

/// The layer that renders refusals for clients.
pub(super) async fn render(
    Extension(RequestId(id)): Extension<RequestId>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    let Some(refused) = Refused::of(&mut response) else {
        return response;
    };
    let problem = refused.problem(&id).to_string();
    refused.answer(Face::Api, &response, "application/problem+json", problem)
}
