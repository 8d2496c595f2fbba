//! Tells of polls that changed or ended.

use std::time::Duration;

use super::Stopping;
use crate::domain::caller::Caller;
use crate::operations::Operations;
use crate::operations::poll::TellPolls;
use crate::store::Res;

/// How often it is looked for.
const EVERY: Duration = Duration::from_secs(15);

/// Looks until the hub stops.
pub(super) async fn run(operations: &Operations, stopping: &Stopping) -> Res<()> {
    while stopping.pause(EVERY).await {
        loop {
            match operations.run(Caller::System, TellPolls).await {
                Ok(0) => break,
                Ok(polls) => tracing::debug!(polls, "polls were told of"),
                Err(error) => {
                    tracing::warn!(%error, "polls were not told of");
                    break;
                }
            }
            if stopping.token.is_cancelled() {
                return Ok(());
            }
        }
    }
    Ok(())
}
