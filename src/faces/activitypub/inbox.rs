//! The inboxes: one for the hub, one for each person and group; all of them do the same.

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State as Extract};
use axum::http::header::RETRY_AFTER;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;

use crate::domain::refusal::Kind;
use crate::faces::shared::body::{self, Unreadable};
use crate::faces::shared::client::ClientAddress;
use crate::faces::shared::{State, limit};
use crate::federation::keys::PAUSE;
use crate::federation::receive::{Head, Rejection};

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

/// Bounds everything and passes it on: the head is judged before the body is read.
async fn receive(
    Extract(state): Extract<State>,
    ClientAddress(address): ClientAddress,
    request: Request,
) -> Response {
    let from = limit::network(address);
    let network = format!("messages of {from}");
    let (parts, body) = request.into_parts();
    let taken = async {
        if let Some(no) = too_much(&state, &network) {
            return Err(no);
        }
        let presented = state.federation.expect(head(&parts)).map_err(answer)?;
        let body = read(&state, body).await?;
        let believed = state.federation.believe(&presented, &body, &from).await;
        let verified = believed.map_err(answer)?;
        let sender = verified.sender().map(|host| format!("messages of {host}"));
        if let Some(no) = sender.and_then(|sender| too_much(&state, &sender)) {
            return Err(no);
        }
        state.federation.keep(verified).await.map_err(answer)
    };
    match taken.await {
        Ok(()) => StatusCode::ACCEPTED.into_response(),
        Err(no) => no,
    }
}

fn head(parts: &Parts) -> Head<'_> {
    let target = parts.uri.path_and_query();
    Head {
        method: &parts.method,
        target: target.map_or("/", |target| target.as_str()),
        headers: &parts.headers,
    }
}

/// A network or server that sends too much at once is asked to wait; its messages are not lost,
/// for every sender tries again after 429 (federation.md 3.7).
fn too_much(state: &State, key: &str) -> Option<Response> {
    let rate = state.settings().limits.inbox_host;
    let no = state.limiter.take(key, rate, state.now()).err()?;
    let Kind::Limited { retry_after } = no.kind else {
        return Some(answer(Rejection::new(503, no.sentence)));
    };
    let soon = [(RETRY_AFTER, HeaderValue::from(retry_after))];
    Some((StatusCode::TOO_MANY_REQUESTS, soon, no.sentence).into_response())
}

async fn read(state: &State, body: Body) -> Result<Vec<u8>, Response> {
    let most = state.settings().federation.inbox_body.length();
    body::read(body, most, PATIENCE)
        .await
        .map_err(|no| match no {
            Unreadable::TooLong | Unreadable::Broken => {
                let sentence = format!("Send at most {most} bytes, without breaking off.");
                answer(Rejection::new(413, sentence))
            }
            Unreadable::TooSlow => answer(Rejection::new(408, "The body was sent too slowly.")),
        })
}

fn answer(no: Rejection) -> Response {
    let status = StatusCode::from_u16(no.status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
    match status {
        StatusCode::SERVICE_UNAVAILABLE => (status, [SOON], no.sentence).into_response(),
        StatusCode::TOO_MANY_REQUESTS => {
            let then = [(RETRY_AFTER, HeaderValue::from(PAUSE))];
            (status, then, no.sentence).into_response()
        }
        _ => (status, no.sentence).into_response(),
    }
}
