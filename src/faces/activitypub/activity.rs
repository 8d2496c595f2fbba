//! Activities of local actors, as they were sent.

use axum::extract::State as Given;
use axum::response::Response;

use super::answer::document;
use super::peer::Known;
use crate::faces::shared::extract::Path;
use crate::faces::shared::{Failed, State};
use crate::federation::outgoing::fetchable;

/// An activity by its id.
pub(super) async fn show(
    Given(state): Given<State>,
    Known(peer): Known,
    Path((kind, uuid)): Path<(String, String)>,
) -> Result<Response, Failed> {
    let (names, settings) = (state.names().clone(), state.settings());
    let read = move |db: &mut _| fetchable(db, &names, &settings, &kind, &uuid);
    let found = state
        .read(read)
        .await?
        .ok_or_else(Failed::unknown_address)?;
    Ok(document(found, peer.keep()))
}
