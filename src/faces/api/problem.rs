//! Refusals as problem documents (RFC 9457).

use axum::Extension;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use schemars::JsonSchema;
use serde::Serialize;

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

/// A problem document (RFC 9457), as every refusal is answered.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Problem")]
pub(super) struct Problem {
    r#type: String,
    title: String,
    status: u16,
    /// One sentence that says what to do.
    detail: String,
    /// Stable, as in `post.not_found`.
    code: String,
    request_id: String,
    /// What is wrong with which field.
    fields: Option<Vec<ProblemField>>,
}

/// What is wrong with a field.
#[derive(Serialize, JsonSchema)]
pub(super) struct ProblemField {
    name: String,
    detail: String,
}
