//! Deletes pictures that nobody needs any more, and keeps those of other servers within bounds.

use std::time::Duration;

use super::Stopping;
use crate::operations::{Operations, media};
use crate::store::Res;

/// How often it is looked for.
const EVERY: Duration = Duration::from_mins(1);

/// Looks until the hub stops.
pub(super) async fn run(operations: &Operations, stopping: &Stopping) -> Res<()> {
    while stopping.pause(EVERY).await {
        match media::sweep(operations).await {
            Ok(0) => {}
            Ok(pictures) => tracing::info!(pictures, "pictures were deleted"),
            Err(error) => tracing::warn!(%error, "pictures were not deleted"),
        }
        let settings = operations.live.get();
        let (kept, most) = (&settings.media.cache_retention, settings.media.cache_size);
        let cache = &operations.media.cache;
        let pruned = cache
            .prune(operations.now(), kept.duration(), most.bytes())
            .await;
        if let Err(error) = pruned {
            tracing::warn!(%error, "pictures of other servers were not dropped");
        }
    }
    Ok(())
}
