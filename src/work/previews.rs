//! Fetches the pages that posts link to, for what they say of themselves.

use std::time::Duration;

use futures_util::StreamExt;

use super::Stopping;
use crate::domain::caller::Caller;
use crate::federation::Federation;
use crate::operations::post::NotePreview;
use crate::store::{Res, link_previews};

/// How often it is looked for.
const EVERY: Duration = Duration::from_secs(2);
/// Pages of one look, and of those fetched at once.
const BATCH: u32 = 8;
const AT_ONCE: usize = 4;

/// Fetches until the hub stops.
pub(super) async fn run(federation: &Federation, stopping: &Stopping) -> Res<()> {
    while stopping.pause(EVERY).await {
        tokio::select! {
            () = stopping.token.cancelled() => return Ok(()),
            fetched = once(federation) => drop(fetched?),
        }
    }
    Ok(())
}

/// Fetches what is due; how many pages that were. One that cannot be had says nothing.
pub(super) async fn once(federation: &Federation) -> Res<usize> {
    if !federation.settings().posts.link_previews {
        return Ok(0);
    }
    let (now, store) = (federation.now(), &federation.operations.store);
    let due = store
        .write(move |db| link_previews::take_due(db, now, BATCH))
        .await?;
    let fetching = due.into_iter().map(|url| async move {
        let found = Box::pin(federation.preview(&url)).await;
        let found = found.inspect_err(|why| tracing::warn!(%why, "a page was not fetched"));
        (url, found.unwrap_or_default())
    });
    let mut done = futures_util::stream::iter(fetching).buffer_unordered(AT_ONCE);
    let mut pages = 0;
    while let Some((url, found)) = done.next().await {
        let note = NotePreview { url, found };
        let noted = federation.operations.run(Caller::System, note).await;
        if let Err(why) = noted {
            tracing::warn!(%why, "a page was not noted");
        }
        pages += 1;
    }
    Ok(pages)
}
