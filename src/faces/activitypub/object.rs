//! The documents of posts and comments, each in the form that its reader can show.

use axum::extract::State as Given;
use axum::response::Response;

use super::answer::{Keep, at_its_origin, document, gone};
use super::asker::Asker;
use super::peer::{self, Known};
use crate::domain::caller::Viewer;
use crate::domain::ids::{CommentId, MessageId, ObjectId, PostId};
use crate::domain::refusal::Refusal;
use crate::faces::shared::extract::{Number, Path};
use crate::faces::shared::{Failed, State};
use crate::federation::document::{Shown, show as shown, show_message};
use crate::views::Snapshot;

/// A post that starts a thread.
pub(super) async fn post(
    given: Given<State>,
    _: Known,
    asker: Asker,
    Path(Number(id)): Path<Number>,
) -> Result<Response, Failed> {
    show(given, asker, ObjectId::Post(PostId(id))).await
}

/// A comment.
pub(super) async fn comment(
    given: Given<State>,
    _: Known,
    asker: Asker,
    Path(Number(id)): Path<Number>,
) -> Result<Response, Failed> {
    show(given, asker, ObjectId::Comment(CommentId(id))).await
}

/// A private message, for the servers of those to whom it was written; to everybody else there is
/// none.
pub(super) async fn message(
    Given(state): Given<State>,
    peer::Asker(asker): peer::Asker,
    Path(Number(id)): Path<Number>,
) -> Result<Response, Failed> {
    let asker = asker.ok_or_else(Failed::unknown_address)?;
    let read = move |db: &mut _| show_message(db, MessageId(id), &asker.host());
    let found = state.read(read).await?;
    let found = found.ok_or_else(Failed::unknown_address)?;
    Ok(document(found, Keep::Private))
}

async fn show(
    Given(state): Given<State>,
    asker: Asker,
    object: ObjectId,
) -> Result<Response, Failed> {
    let (names, settings) = (state.names().clone(), state.settings());
    let headers = asker.headers.clone();
    let read = move |db: &mut Snapshot, viewer| {
        let found = shown(db, &names, &settings, viewer, object, &headers)?;
        Ok::<_, Refusal>(found)
    };
    let found = match asker.find(&state, Keep::Private, read.clone()).await? {
        Some((found, _)) => Some(found),
        None => match guest(&state, &asker, object).await? {
            Some(viewer) => state.read(move |db| read(db, viewer)).await?,
            None => None,
        },
    };
    Ok(match found {
        None => return Err(Failed::unknown_address()),
        Some(Shown::Document(value)) => document(value, Keep::Private),
        Some(Shown::Gone(tombstone)) => gone(tombstone),
        Some(Shown::Elsewhere(uri)) => at_its_origin(uri.as_str()),
    })
}

/// The server that signed, as the guest of a private group elsewhere in which the object stands.
async fn guest(state: &State, asker: &Asker, object: ObjectId) -> Result<Option<Viewer>, Refusal> {
    match asker.signer(state).await {
        Some(signer) => state.federation.guest(&signer, object).await,
        None => Ok(None),
    }
}
