//! What surrounds every request: its id, span and metrics; time limits, panics, headers.

use std::time::Instant;

use axum::Router;
use axum::body::{Body, Bytes, HttpBody as _};
use axum::extract::{MatchedPath, Request, State as Given};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use http::header::{
    CONNECTION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, HOST, HeaderName, TRANSFER_ENCODING,
};
use http::{HeaderMap, HeaderValue, Method, StatusCode, Version};
use tower_http::catch_panic::CatchPanicLayer;
use tracing::Instrument as _;

use crate::crypto::token;
use crate::domain::refusal::{Kind, Refusal};

use super::client::Peer;
use super::error::{self, Refused};
use super::metrics::Route;
use super::{Failed, State};

/// The id of a request: in its answer, its span, and in whatever is said of its failure.
#[derive(Clone, Debug)]
pub(crate) struct RequestId(pub(crate) String);

/// Bytes of a path that are logged.
const LONGEST_PATH: usize = 256;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The outermost layer: gives the request an id and a span, measures it, and sets the headers that
/// all answers have. A HEAD is answered as the GET would be, without the body, so that compression
/// and every other layer give both the same headers (security.md H277).
pub(crate) async fn observe(given: Given<State>, mut request: Request, next: Next) -> Response {
    let Given(state) = given;
    let begun = Instant::now();
    let id = token::uuid();
    request.extensions_mut().insert(RequestId(id.clone()));
    let method = request.method().clone();
    if method == Method::HEAD {
        *request.method_mut() = Method::GET;
    }
    // Beside an encoding a length may have stood, which the server under us forgets without a trace:
    // whoever may have been misled by it hears nothing more here (RFC 9112, 6.3; security.md H41).
    let doubtful = request.headers().contains_key(TRANSFER_ENCODING);
    let path = request.uri().path();
    let path = path.get(..LONGEST_PATH).unwrap_or(path);
    let span = tracing::info_span!("request", %method, path, request.id = id);
    let mut response = if is_hostless(&request) {
        hostless()
    } else {
        next.run(request).instrument(span.clone()).await
    };
    let _inside = span.enter();
    let took = begun.elapsed();
    let status = response.status();
    state
        .requests
        .observe(&method, response.extensions().get::<Route>(), status, took);
    tracing::debug!(
        status = status.as_u16(),
        duration_ms = took.as_millis(),
        "answered"
    );
    if method == Method::HEAD {
        leave_body(&mut response);
    }
    let secure = !state.settings().federation.development;
    set_headers(response.headers_mut(), &id, secure);
    if doubtful {
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(CONNECTION, close);
    }
    response
}

/// Whether a request came over the wire without saying once to which host (RFC 9112, 3.2).
fn is_hostless(request: &Request) -> bool {
    let hosts = request.headers().get_all(HOST).iter().count();
    let over_the_wire = request.extensions().get::<Peer>().is_some();
    over_the_wire && request.version() == Version::HTTP_11 && hosts != 1
}

fn hostless() -> Response {
    let sentence = "A request of HTTP/1.1 says in the header Host, once, whom it asks.\n";
    let mut response = (StatusCode::BAD_REQUEST, sentence).into_response();
    let close = HeaderValue::from_static("close");
    response.headers_mut().insert(CONNECTION, close);
    response
}

/// Takes the body away and leaves what the headers say of its length.
fn leave_body(response: &mut Response) {
    if let Some(length) = response.body().size_hint().exact() {
        let headers = response.headers_mut();
        headers.entry(CONTENT_LENGTH).or_insert(length.into());
    }
    let nothing = futures_util::stream::empty::<Result<Bytes, std::convert::Infallible>>();
    *response.body_mut() = Body::from_stream(nothing);
}

fn set_headers(headers: &mut HeaderMap, id: &str, secure: bool) {
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
    let hsts = secure.then_some(("strict-transport-security", "max-age=63072000"));
    // What says by its policy who may frame it says so for old browsers, too.
    let policy = headers.get(CONTENT_SECURITY_POLICY);
    let framed = policy.is_some_and(|policy| {
        let text = policy.to_str().unwrap_or_default();
        text.contains(ANCESTORS)
    });
    let denied = (!framed).then_some(("x-frame-options", "DENY"));
    for (name, value) in HEADERS.into_iter().chain(hsts).chain(denied) {
        let entry = headers.entry(HeaderName::from_static(name));
        entry.or_insert(HeaderValue::from_static(value));
    }
}

/// Headers of every answer that does not set them itself (security.md 5.1).
const HEADERS: [(&str, &str); 5] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), microphone=(), geolocation=(), browsing-topics=()",
    ),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

/// The part of a policy that says who may frame an answer.
const ANCESTORS: &str = "frame-ancestors";

/// The layers inside a face, beneath the one that renders its refusals: panics become faults,
/// requests end in time, and the route that matched is noted for the metrics.
pub(crate) fn guarded(router: Router<State>, state: &State) -> Router<State> {
    router
        .route_layer(from_fn(note_route))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(state.clone(), in_time))
}

async fn note_route(matched: Option<MatchedPath>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if let Some(matched) = matched {
        let route = Route(matched.as_str().to_owned());
        response.extensions_mut().insert(route);
    }
    response
}

async fn in_time(Given(state): Given<State>, request: Request, next: Next) -> Response {
    let limit = state.settings().server.request_timeout.duration();
    let answer = tokio::time::timeout(limit, next.run(request)).await;
    let response = answer.unwrap_or_else(|_elapsed| Failed::from(too_slow()).into_response());
    if let Some(refused) = response.extensions().get::<Refused>() {
        error::log(&refused.refusal);
    }
    response
}

fn too_slow() -> Refusal {
    let sentence = "This took too long and was given up. Please try again in a moment.";
    Refusal::new(Kind::Unavailable, "request.timeout", sentence)
}

#[expect(clippy::needless_pass_by_value, reason = "the layer hands it over")]
fn panicked(panic: Box<dyn std::any::Any + Send>) -> Response {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    let text = format!("panicked: {}", text.unwrap_or_default());
    Failed::from(Refusal::fault(text)).into_response()
}
