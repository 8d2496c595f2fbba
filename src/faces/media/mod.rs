//! The files of pictures: those that were uploaded here, and those of other servers by way of the
//! hub. Whoever asks and whatever they accept, they get a picture and nothing else.

use axum::Router;
use axum::body::Body;
use axum::extract::State as Given;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use http::header::{
    ACCEPT_RANGES, ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_RANGE,
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, RANGE, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use super::shared::extract::Path;
use super::shared::{Failed, State, layers};
use crate::domain::media::{FileName, PictureKind};
use crate::domain::refusal::Refusal;
use crate::views::media;

/// A file under a name never changes.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// One of another server may.
const FOR_A_DAY: &str = "public, max-age=86400";

pub(super) fn routes(state: &State) -> Router<State> {
    let router = Router::new()
        .route("/media/{name}", get(uploaded))
        .route("/media/proxy/{signature}/{width}/{url}", get(elsewhere));
    layers::guarded(router, state)
}

/// `/media/{name}`.
async fn uploaded(
    Given(state): Given<State>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    let file = FileName::parse(&name).ok_or_else(Failed::unknown_address)?;
    let width = file.width;
    let picture = state.read(move |db| media::shown(db, &file)).await?;
    let cupboard = &state.operations().media.cupboard;
    let bytes = cupboard
        .get(&picture.file_of_width(width), state.now())
        .await
        .map_err(Refusal::fault)?
        .ok_or_else(Failed::unknown_address)?;
    Ok(picture_of(picture.kind, bytes, &headers, FOR_EVER))
}

/// `/media/proxy/{signature}/{width}/{url}`.
async fn elsewhere(
    Given(state): Given<State>,
    Path((signature, width, url)): Path<(String, u32, String)>,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    let (url, width) = state
        .pictures
        .read(&signature, width, &url)
        .ok_or_else(Failed::unknown_address)?;
    let picture = Box::pin(state.federation.picture(&url, width)).await?;
    Ok(picture_of(picture.kind, picture.bytes, &headers, FOR_A_DAY))
}

/// A picture, or the part of it that is asked for.
fn picture_of(
    kind: PictureKind,
    mut bytes: Vec<u8>,
    asked: &HeaderMap,
    keep: &'static str,
) -> Response {
    let length = bytes.len();
    let part = match asked.get(RANGE).map(|range| part(range, length)) {
        None | Some(Part::Whole) => None,
        Some(Part::Bytes(from, to)) => Some((from, to)),
        Some(Part::Beyond) => {
            let range = [(CONTENT_RANGE, format!("bytes */{length}"))];
            return (StatusCode::RANGE_NOT_SATISFIABLE, range).into_response();
        }
    };
    if let Some((from, to)) = part {
        bytes.truncate(to + 1);
        bytes.drain(..from);
    }
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    for (name, value) in [(CONTENT_TYPE, kind.media_type()), (CACHE_CONTROL, keep)]
        .into_iter()
        .chain(HEADERS)
    {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Some((from, to)) = part {
        let range = format!("bytes {from}-{to}/{length}");
        let range = HeaderValue::from_str(&range).expect("digits are a header");
        headers.insert(CONTENT_RANGE, range);
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
    }
    response
}

/// Even if a browser took a picture for something else, it could do nothing (security.md H229).
const HEADERS: [(HeaderName, &str); 6] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"),
    (CONTENT_DISPOSITION, "inline"),
    (ACCEPT_RANGES, "bytes"),
    (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "cross-origin",
    ),
];

/// What part of a file is asked for.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    /// All of it, also where what is asked for is not understood or is several parts.
    Whole,
    /// From this byte to that one, both included.
    Bytes(usize, usize),
    /// A part behind its end.
    Beyond,
}

/// Reads a `Range` header of one part (RFC 9110, section 14).
fn part(range: &HeaderValue, length: usize) -> Part {
    let asked = range.to_str().ok().and_then(|text| {
        let (from, to) = text.strip_prefix("bytes=")?.split_once('-')?;
        Some((from.trim(), to.trim()))
    });
    let Some(last) = length.checked_sub(1) else {
        return Part::Whole;
    };
    match asked.map(|(from, to)| (from, from.parse::<usize>(), to, to.parse::<usize>())) {
        Some((_, Ok(from), _, Ok(to))) if from > to => Part::Whole,
        Some((_, Ok(from), _, _)) if from > last => Part::Beyond,
        Some((_, Ok(from), _, Ok(to))) => Part::Bytes(from, to.min(last)),
        Some((_, Ok(from), "", _)) => Part::Bytes(from, last),
        Some(("", _, _, Ok(0))) => Part::Beyond,
        Some(("", _, _, Ok(suffix))) => Part::Bytes(length.saturating_sub(suffix), last),
        _ => Part::Whole,
    }
}

#[cfg(test)]
mod tests;
