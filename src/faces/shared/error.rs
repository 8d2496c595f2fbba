//! From a refusal to an answer: one table of statuses, and what the faces render it from.
//!
//! [`Failed`] goes into a response as an extension; the layer of each face takes it out with
//! [`Refused::of`] and writes the body in its own form. What no face rendered is plain text.

use std::error::Error as _;
use std::sync::Arc;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use serde_json::json;

use crate::domain::refusal::{Kind, Refusal};

/// Where an answer is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Face {
    /// In a browser.
    Web,
    /// By a client of the hub API.
    Api,
    /// By another server.
    ActivityPub,
}

/// The one table from kinds of refusals to statuses (ARCHITECTURE.md 7).
///
/// The web answers `Unauthenticated` and `Conflict` with redirects of its own where it can.
pub(crate) fn status(kind: Kind) -> StatusCode {
    match kind {
        Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
        Kind::Forbidden | Kind::Banned => StatusCode::FORBIDDEN,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Gone => StatusCode::GONE,
        Kind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Kind::Limited { .. } => StatusCode::TOO_MANY_REQUESTS,
        Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Fault => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The same for one face: other servers are told differently of two kinds.
fn status_for(kind: Kind, face: Face) -> StatusCode {
    match (kind, face) {
        (Kind::Invalid, Face::ActivityPub) => StatusCode::BAD_REQUEST,
        (Kind::Conflict, Face::ActivityPub) => StatusCode::ACCEPTED,
        _ => status(kind),
    }
}

/// Seconds after which trying again may help, for the `Retry-After` header.
pub(crate) fn retry_after(kind: Kind) -> Option<u32> {
    match kind {
        Kind::Limited { retry_after } => Some(retry_after),
        Kind::Unavailable => Some(5),
        _ => None,
    }
}

/// Logs a fault where it is answered, with its whole chain of causes; anything else is no news.
pub(crate) fn log(refusal: &Refusal) {
    if refusal.kind != Kind::Fault {
        return;
    }
    let mut causes = String::new();
    let mut cause = refusal.source();
    while let Some(error) = cause {
        causes.push_str(if causes.is_empty() { "" } else { ": " });
        causes.push_str(&error.to_string());
        cause = error.source();
    }
    tracing::error!(code = %refusal.code, causes, "a request failed");
}

/// A request that failed; what handlers return. Anything that becomes a refusal becomes this by `?`.
#[derive(Debug)]
pub(crate) struct Failed {
    refusal: Refusal,
    status: Option<StatusCode>,
}

impl Failed {
    /// A refusal with a status that its kind alone does not tell, as for a wrong method.
    pub(crate) fn with_status(refusal: Refusal, status: StatusCode) -> Self {
        Self {
            refusal,
            status: Some(status),
        }
    }

    /// There is nothing at this address.
    pub(crate) fn unknown_address() -> Self {
        Refusal::not_found("address.unknown", "There is nothing at this address.").into()
    }

    /// The address is right and the method is not.
    pub(crate) fn wrong_method() -> Self {
        let sentence = "This address does not take that method; the header Allow says which ones.";
        let refusal = Refusal::new(Kind::Invalid, "method.not_allowed", sentence);
        Self::with_status(refusal, StatusCode::METHOD_NOT_ALLOWED)
    }
}

impl<E: Into<Refusal>> From<E> for Failed {
    fn from(error: E) -> Self {
        Self {
            refusal: error.into(),
            status: None,
        }
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        let refused = Refused {
            refusal: Arc::new(self.refusal),
            fixed: self.status,
        };
        let mut response = refused.plain();
        response.extensions_mut().insert(refused);
        response
    }
}

/// A refusal on its way out, for the layer that renders it.
#[derive(Clone, Debug)]
pub(crate) struct Refused {
    /// Why.
    pub(crate) refusal: Arc<Refusal>,
    fixed: Option<StatusCode>,
}

impl Refused {
    /// Takes what failed out of a response, if something did and nobody rendered it before.
    pub(crate) fn of(response: &mut Response) -> Option<Self> {
        response.extensions_mut().remove()
    }

    /// The status for a face.
    pub(crate) fn status(&self, face: Face) -> StatusCode {
        self.fixed
            .unwrap_or_else(|| status_for(self.refusal.kind, face))
    }

    /// The answer in one face's form, keeping headers that the first answer had.
    pub(crate) fn answer(
        &self,
        face: Face,
        before: &Response,
        media_type: &'static str,
        body: impl Into<Body>,
    ) -> Response {
        let mut response = Response::new(body.into());
        *response.status_mut() = self.status(face);
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
        for name in [ALLOW, RETRY_AFTER, WWW_AUTHENTICATE] {
            if let Some(value) = before.headers().get(&name) {
                headers.insert(name, value.clone());
            }
        }
        response
    }

    fn plain(&self) -> Response {
        let text = format!("{}\n", self.refusal.sentence);
        let status = self.status(Face::Api);
        let mut response = (status, text).into_response();
        let headers = response.headers_mut();
        if let Some(seconds) = retry_after(self.refusal.kind) {
            headers.insert(RETRY_AFTER, seconds.into());
        }
        if self.refusal.kind == Kind::Unauthenticated {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }

    /// The RFC 9457 problem document of the hub API.
    pub(crate) fn problem(&self, request: &str) -> serde_json::Value {
        let status = self.status(Face::Api);
        let fields = self.refusal.fields.iter();
        let fields: Vec<_> = fields
            .map(|field| json!({"name": field.name, "detail": field.sentence}))
            .collect();
        let mut problem = json!({
            "type": "about:blank",
            "title": status.canonical_reason().unwrap_or("Refused"),
            "status": status.as_u16(),
            "detail": self.refusal.sentence,
            "code": self.refusal.code,
            "request_id": request,
        });
        if let (Some(problem), false) = (problem.as_object_mut(), fields.is_empty()) {
            problem.insert("fields".to_owned(), fields.into());
        }
        problem
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_the_status_of_the_house() {
        let table = [
            (Kind::Unauthenticated, 401, 401),
            (Kind::Forbidden, 403, 403),
            (Kind::Banned, 403, 403),
            (Kind::NotFound, 404, 404),
            (Kind::Gone, 410, 410),
            (Kind::Invalid, 422, 400),
            (Kind::Conflict, 409, 202),
            (Kind::TooLarge, 413, 413),
            (Kind::Limited { retry_after: 3 }, 429, 429),
            (Kind::Unavailable, 503, 503),
            (Kind::Fault, 500, 500),
        ];
        for (kind, api, peers) in table {
            assert_eq!(status(kind), api, "{kind:?}");
            assert_eq!(status_for(kind, Face::ActivityPub), peers, "{kind:?}");
        }
    }

    #[test]
    fn a_limit_says_when_to_come_back() {
        let refusal = Refusal::new(Kind::Limited { retry_after: 7 }, "limited", "Slowly.");
        let response = Failed::from(refusal).into_response();
        assert_eq!(response.headers()[RETRY_AFTER], "7");
    }

    #[test]
    fn a_fault_never_shows_its_cause() {
        let refusal = Refusal::fault(std::io::Error::other("secret of the machine"));
        let mut response = Failed::from(refusal).into_response();
        let refused = Refused::of(&mut response).unwrap();
        let problem = refused.problem("r1").to_string();
        assert!(
            !problem.contains("secret") && problem.contains("r1"),
            "{problem}"
        );
    }
}
