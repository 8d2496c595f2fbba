//! Activities of local actors, as they were sent.

use axum::extract::State as Given;
use axum::response::Response;

use super::answer::{Keep, document};
use super::asker::Asker;
use super::peer::Known;
use crate::domain::refusal::Refusal;
use crate::faces::shared::extract::Path;
use crate::faces::shared::{Failed, State};
use crate::federation::document::stamp as stamp_of;
use crate::federation::outgoing::fetchable;
use crate::views::Snapshot;

/// An activity by its id.
pub(super) async fn show(
    Given(state): Given<State>,
    Known(peer): Known,
    asker: Asker,
    Path((kind, uuid)): Path<(String, String)>,
) -> Result<Response, Failed> {
    let (names, settings) = (state.names().clone(), state.settings());
    let read = move |db: &mut Snapshot, viewer| {
        let found = fetchable(db, &names, &settings, viewer, (&kind, &uuid))?;
        Ok::<_, Refusal>(found)
    };
    let found = asker.find(&state, peer.keep(), read).await?;
    let (found, keep) = found.ok_or_else(Failed::unknown_address)?;
    Ok(document(found, keep))
}

/// The stamp by which somebody here allows a quote; gone when they no longer do.
pub(super) async fn stamp(
    Given(state): Given<State>,
    Known(_): Known,
    Path(uuid): Path<String>,
) -> Result<Response, Failed> {
    let names = state.names().clone();
    let read = move |db: &mut Snapshot| stamp_of(db, &names, &uuid);
    let found = state.read(read).await?;
    let found = found.ok_or_else(Failed::unknown_address)?;
    Ok(document(found, Keep::Private))
}
