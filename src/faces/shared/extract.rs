//! How requests are read: bodies, queries and paths, with refusals that say what was expected.

#![expect(
    clippy::disallowed_types,
    reason = "this is the one place that wraps the extractors of axum"
)]

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::error::Category;

use crate::domain::refusal::{Kind, Refusal};

use super::{Failed, State, body};

/// A JSON body, within the limit of the settings; also a JSON answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Json<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<State> for Json<T> {
    type Rejection = Failed;

    async fn from_request(request: Request, state: &State) -> Result<Self, Failed> {
        require_json(request.headers())?;
        let limit = state.settings().server.body_limit.length();
        let patience = state.settings().server.request_timeout.duration();
        let bytes = body::read(request.into_body(), limit, patience)
            .await
            .map_err(|_too_long_or_broken| too_large(limit))?;
        require_object(&bytes)?;
        serde_json::from_slice(&bytes)
            .map(Self)
            .map_err(|error| unreadable(&error))
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

fn require_json(headers: &HeaderMap) -> Result<(), Failed> {
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    let kind = kind
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    if kind == "application/json" || kind.starts_with("application/") && kind.ends_with("+json") {
        return Ok(());
    }
    let sentence = "Please send JSON, with the header Content-Type: application/json.";
    let refusal = Refusal::new(Kind::Invalid, "request.media_type", sentence);
    Err(Failed::with_status(
        refusal,
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
    ))
}

/// All that is asked for here has names; a bare list would be read by position.
fn require_object(bytes: &[u8]) -> Result<(), Failed> {
    if bytes.trim_ascii_start().first() != Some(&b'[') {
        return Ok(());
    }
    let sentence = "The JSON does not have the shape that is expected here: it must be an object.";
    Err(Refusal::new(Kind::Invalid, "request.shape", sentence).into())
}

fn too_large(limit: usize) -> Failed {
    let sentence = format!("The request must arrive whole and be no longer than {limit} bytes.");
    Refusal::new(Kind::TooLarge, "request.too_large", sentence).into()
}

fn unreadable(error: &serde_json::Error) -> Failed {
    match error.classify() {
        Category::Data => Refusal::new(
            Kind::Invalid,
            "request.shape",
            format!("The JSON does not have the shape that is expected here: {error}."),
        )
        .into(),
        Category::Syntax | Category::Eof | Category::Io => Failed::with_status(
            Refusal::new(
                Kind::Invalid,
                "request.json",
                format!("The request is no JSON: {error}."),
            ),
            StatusCode::BAD_REQUEST,
        ),
    }
}

/// The query of an address.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequestParts<State> for Query<T> {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, _: &State) -> Result<Self, Failed> {
        let read = axum::extract::Query::try_from_uri(&parts.uri);
        read.map(|axum::extract::Query(value)| Self(value))
            .map_err(|error| {
                let sentence = format!(
                    "The query of the address is not understood: {}.",
                    cause(&error)
                );
                Refusal::new(Kind::Invalid, "request.query", sentence).into()
            })
    }
}

/// The parts of an address that a route leaves open.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Path<T>(pub(crate) T);

impl<T: DeserializeOwned + Send> FromRequestParts<State> for Path<T> {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Failed> {
        let read = axum::extract::Path::from_request_parts(parts, state).await;
        let found = |axum::extract::Path(value)| Self(value);
        read.map(found)
            .map_err(|_not_of_that_kind| Failed::unknown_address())
    }
}

/// The number in an address as its id has it: only so it names something, for people and for servers.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Number(pub(crate) i64);

impl Number {
    /// Reads it; `None` for other ways of writing it, and for what JSON cannot hold.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let plain = !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
        let number = text.parse().ok();
        number.filter(|number| plain && *number < 1 << 53).map(Self)
    }
}

impl TryFrom<String> for Number {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("no number of an id")
    }
}

/// The innermost cause of an error, which names the field.
fn cause(error: &dyn std::error::Error) -> String {
    error.source().map_or_else(|| error.to_string(), cause)
}
