//! Reads the lists of blocked servers that the hub follows, when they are due, and puts what the
//! settings shut out in force.

use std::time::Duration;

use super::Stopping;
use crate::domain::caller::Caller;
use crate::federation::Federation;
use crate::operations::host::ApplySettings;
use crate::store::Res;

/// How often it is looked for lists that are due.
const EVERY: Duration = Duration::from_mins(5);
/// The first look comes soon after the start, but not in its way.
const FIRST: Duration = Duration::from_secs(10);

/// Reads lists until the hub stops.
pub(super) async fn run(federation: &Federation, stopping: &Stopping) -> Res<()> {
    let mut pause = FIRST;
    while stopping.pause(pause).await {
        pause = EVERY;
        let applied = federation.operations.run(Caller::System, ApplySettings);
        if let Err(refusal) = applied.await {
            tracing::error!(why = %refusal, cause = ?refusal.source, "the rules about servers could not be applied");
        }
        tokio::select! {
            () = stopping.token.cancelled() => return Ok(()),
            read = federation.refresh_lists() => match read {
                Ok(0) => {}
                Ok(changed) => tracing::info!(changed, "rules about servers changed with their lists"),
                Err(refusal) => tracing::warn!(why = %refusal, "a list of servers could not be read"),
            }
        }
    }
    Ok(())
}
