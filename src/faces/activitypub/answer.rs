//! How documents are answered with, and what servers are told when there is none.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, LOCATION, VARY};
use http::{HeaderValue, StatusCode};
use serde_json::{Value, json};

use crate::crypto::digest;
use crate::faces::shared::error::{Face, Refused};
use crate::faces::shared::negotiate::ACTIVITY_JSON;
use crate::federation::write::with_context;

/// Who may keep a copy, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keep {
    /// Everybody, for a minute: the same for all.
    Shared,
    /// The reader only: others get another form of it.
    Private,
}

/// An ActivityPub document, with the context that its terms need.
pub(super) fn document(value: Value, keep: Keep) -> Response {
    status_document(StatusCode::OK, value, keep)
}

/// What was here and is gone.
pub(super) fn gone(tombstone: Value) -> Response {
    status_document(StatusCode::GONE, tombstone, Keep::Private)
}

fn status_document(status: StatusCode, value: Value, keep: Keep) -> Response {
    let (cache, vary) = match keep {
        Keep::Shared => ("public, max-age=60", "Accept, Signature"),
        Keep::Private => ("private, max-age=60", "Accept, Signature, User-Agent"),
    };
    let headers = [
        (CONTENT_TYPE, ACTIVITY_JSON),
        (CACHE_CONTROL, cache),
        (VARY, vary),
    ];
    let body = with_context(value).to_string();
    let tag = format!("\"{}\"", digest::hex(&digest::sha256(body.as_bytes())));
    let mut response = (status, headers, body).into_response();
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(ETAG, tag);
    }
    response
}

/// A document that is no ActivityPub, for anybody to keep.
pub(super) fn plain(document: String, media_type: &str, seconds: u32) -> Response {
    let mut response = document.into_response();
    let headers = response.headers_mut();
    if let Ok(kind) = HeaderValue::from_str(media_type) {
        headers.insert(CONTENT_TYPE, kind);
    }
    if let Ok(cache) = HeaderValue::from_str(&format!("public, max-age={seconds}")) {
        headers.insert(CACHE_CONTROL, cache);
    }
    response
}

/// Lets pages of other websites read an answer, also if it is a refusal (RFC 7033, section 5).
pub(super) async fn for_every_page(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert("access-control-allow-origin", HeaderValue::from_static("*"));
    headers.insert(
        "cross-origin-resource-policy",
        HeaderValue::from_static("cross-origin"),
    );
    response
}

/// What is of another server is asked for there.
pub(super) fn at_its_origin(uri: &str) -> Response {
    let Ok(place) = HeaderValue::from_str(uri) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    (StatusCode::PERMANENT_REDIRECT, [(LOCATION, place)]).into_response()
}

/// The layer that renders refusals for servers: short JSON, as every peer can log it. It also
/// answers 304 where the reader has the document already.
pub(super) async fn render(request: Request, next: Next) -> Response {
    let known = request.headers().get(IF_NONE_MATCH).cloned();
    let mut response = next.run(request).await;
    if let Some(refused) = Refused::of(&mut response) {
        let body = json!({"error": refused.refusal.sentence, "code": refused.refusal.code});
        return refused.answer(
            Face::ActivityPub,
            &response,
            "application/json",
            body.to_string(),
        );
    }
    let tag = response.headers().get(ETAG);
    if response.status() == StatusCode::OK && is_known(tag, known.as_ref()) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response.headers_mut().remove(CONTENT_TYPE);
        *response.body_mut() = axum::body::Body::empty();
    }
    response
}

/// Whether `If-None-Match` names the tag; compression may have made it a weak one.
fn is_known(tag: Option<&HeaderValue>, known: Option<&HeaderValue>) -> bool {
    let (Some(tag), Some(known)) = (tag, known) else {
        return false;
    };
    let (Ok(tag), Ok(known)) = (tag.to_str(), known.to_str()) else {
        return false;
    };
    known
        .split(',')
        .map(|name| name.trim().trim_start_matches("W/"))
        .any(|name| name == "*" || name == tag)
}
