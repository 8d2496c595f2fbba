//! The documents of posts and comments, each in the form that its reader can show.

use axum::extract::State as Given;
use axum::response::Response;
use http::HeaderMap;

use super::answer::{Keep, at_its_origin, document, gone};
use super::peer::{Asker, Known};
use crate::domain::ids::{CommentId, MessageId, ObjectId, PostId};
use crate::faces::shared::extract::Path;
use crate::faces::shared::{Failed, State};
use crate::federation::document::{Shown, show as shown, show_message};

/// A post that starts a thread.
pub(super) async fn post(
    given: Given<State>,
    _: Known,
    headers: HeaderMap,
    Path(id): Path<i64>,
) -> Result<Response, Failed> {
    show(given, headers, ObjectId::Post(PostId(id))).await
}

/// A comment.
pub(super) async fn comment(
    given: Given<State>,
    _: Known,
    headers: HeaderMap,
    Path(id): Path<i64>,
) -> Result<Response, Failed> {
    show(given, headers, ObjectId::Comment(CommentId(id))).await
}

/// A private message, for the servers of those to whom it was written; to everybody else there is
/// none.
pub(super) async fn message(
    Given(state): Given<State>,
    Asker(asker): Asker,
    Path(id): Path<i64>,
) -> Result<Response, Failed> {
    let asker = asker.ok_or_else(Failed::unknown_address)?;
    let read = move |db: &mut _| show_message(db, MessageId(id), &asker.host());
    let found = state.read(read).await?;
    let found = found.ok_or_else(Failed::unknown_address)?;
    Ok(document(found, Keep::Private))
}

async fn show(
    Given(state): Given<State>,
    headers: HeaderMap,
    object: ObjectId,
) -> Result<Response, Failed> {
    let (names, settings) = (state.names().clone(), state.settings());
    let read = move |db: &mut _| shown(db, &names, &settings, object, &headers);
    Ok(match state.read(read).await? {
        None => return Err(Failed::unknown_address()),
        Some(Shown::Document(value)) => document(value, Keep::Private),
        Some(Shown::Gone(tombstone)) => gone(tombstone),
        Some(Shown::Elsewhere(uri)) => at_its_origin(uri.as_str()),
    })
}
