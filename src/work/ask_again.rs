//! Asks again for memberships elsewhere that nobody answered.

use std::time::Duration;

use super::Stopping;
use crate::domain::caller::Caller;
use crate::operations::Operations;
use crate::operations::membership::RepeatFollows;
use crate::store::Res;

/// How often it is looked for.
const EVERY: Duration = Duration::from_secs(30);

/// Asks until the hub stops.
pub(super) async fn run(operations: &Operations, stopping: &Stopping) -> Res<()> {
    while stopping.pause(EVERY).await {
        match operations.run(Caller::System, RepeatFollows).await {
            Ok(0) => {}
            Ok(asked) => tracing::info!(asked, "groups elsewhere were asked again"),
            Err(why) => tracing::warn!(%why, "groups elsewhere could not be asked again"),
        }
    }
    Ok(())
}
