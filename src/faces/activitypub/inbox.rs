//! The inboxes: one for the hub, one for each person and group; all of them do the same.

use std::net::IpAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State as Extract};
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;

use crate::domain::refusal::Kind;
use crate::faces::shared::body::{self, Unreadable};
use crate::faces::shared::client::ClientAddress;
use crate::faces::shared::{State, limit};
use crate::federation::receive::{Delivery, Reception};

/// Ends the reading of a body that is sent too slowly (security.md H43).
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(15);
/// Asks a sender to come back soon, where we are to blame.
const SOON: (HeaderName, HeaderValue) = (RETRY_AFTER, HeaderValue::from_static("60"));

/// `POST /inbox`, `/u/{name}/inbox`, `/c/{name}/inbox`; everything else there is 405.
pub(crate) fn routes() -> Router<State> {
    Router::new()
        .route("/inbox", post(receive))
        .route("/u/{name}/inbox", post(receive))
        .route("/c/{name}/inbox", post(receive))
}

/// Bounds the body and passes everything on.
async fn receive(
    Extract(state): Extract<State>,
    ClientAddress(address): ClientAddress,
    request: Request,
) -> Response {
    if let Some(no) = too_much(&state, address) {
        return no;
    }
    let (parts, body) = request.into_parts();
    let body = match read(&state, body).await {
        Ok(body) => body,
        Err(answer) => return answer,
    };
    let target = parts
        .uri
        .path_and_query()
        .map_or("/", |target| target.as_str());
    let delivery = Delivery {
        method: &parts.method,
        target,
        headers: &parts.headers,
        body: &body,
    };
    match state.federation.receive(delivery).await {
        Reception::Accepted => StatusCode::ACCEPTED.into_response(),
        Reception::Rejected(no) => answer(no.status, no.sentence),
    }
}

/// A server that sends too much at once is asked to wait; its messages are not lost, for every
/// sender tries again after 429 (federation.md 3.7).
fn too_much(state: &State, address: IpAddr) -> Option<Response> {
    let key = format!("messages of {}", limit::network(address));
    let rate = state.settings().limits.inbox_host;
    let no = state.limiter.take(&key, rate, state.now()).err()?;
    let Kind::Limited { retry_after } = no.kind else {
        return Some(answer(503, no.sentence));
    };
    let soon = [(RETRY_AFTER, HeaderValue::from(retry_after))];
    Some((StatusCode::TOO_MANY_REQUESTS, soon, no.sentence).into_response())
}

async fn read(state: &State, body: Body) -> Result<Vec<u8>, Response> {
    let most = state.settings().federation.inbox_body.length();
    body::read(body, most, PATIENCE)
        .await
        .map_err(|no| match no {
            Unreadable::TooLong | Unreadable::Broken => answer(
                413,
                format!("Send at most {most} bytes, without breaking off."),
            ),
            Unreadable::TooSlow => answer(408, "The body was sent too slowly.".to_owned()),
        })
}

fn answer(status: u16, sentence: String) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
    if status == StatusCode::SERVICE_UNAVAILABLE {
        return (status, [SOON], sentence).into_response();
    }
    (status, sentence).into_response()
}
