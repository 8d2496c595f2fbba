//! Deletes the accounts of those who asked for it, when the time to think better of it is over.

use std::time::Duration;

use super::Stopping;
use crate::domain::caller::Caller;
use crate::domain::ids::ActorId;
use crate::operations::Operations;
use crate::operations::account::{Depart, KeepAccount};
use crate::store::{Res, departures};

/// How often it is looked for.
const EVERY: Duration = Duration::from_mins(1);
/// Accounts of one look.
const BATCH: u32 = 20;

/// Looks until the hub stops.
pub(super) async fn run(operations: &Operations, stopping: &Stopping) -> Res<()> {
    while stopping.pause(EVERY).await {
        once(operations, stopping).await?;
    }
    Ok(())
}

/// Deletes the accounts that are due; how many those were.
pub(super) async fn once(operations: &Operations, stopping: &Stopping) -> Res<usize> {
    let now = operations.now();
    let due = operations
        .store
        .read(move |db| departures::list_due(db, now, BATCH))
        .await?;
    Ok(stopping.each(due, |actor| depart(operations, actor)).await)
}

/// Deletes one account; who cannot leave, as the last admin, stays, unless trying again may help.
async fn depart(operations: &Operations, actor: ActorId) -> bool {
    let refusal = match operations.run(Caller::System, Depart { actor }).await {
        Ok(gone) => return gone,
        Err(refusal) => refusal,
    };
    tracing::warn!(%actor, error = %refusal, "an account could not be deleted");
    if !refusal.is_passing() {
        let kept = operations.run(Caller::System, KeepAccount { actor });
        if let Err(error) = kept.await {
            tracing::warn!(%actor, %error, "an account could not be kept");
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::clock::Ts;
    use crate::domain::departure::Departure;
    use crate::domain::membership::Role;
    use crate::operations::trial::{NOW, actor, hub, person, person_with, read, wait};
    use crate::store::testing::db_test;

    async fn going(operations: &Operations, actor: ActorId, leaves_at: Ts) {
        let departure = Departure {
            actor,
            leaves_at,
            keeps_words: false,
        };
        let note = move |db: &mut _| departures::upsert(db, departure);
        operations.store.write(note).await.unwrap();
    }

    db_test!(
        accounts_go_when_their_time_comes_and_the_last_admin_stays,
        |store| {
            let operations = hub(store).await;
            let anna = person_with(&operations, "anna", Role::Admin).await;
            let ben = person(&operations, "ben").await;
            let carl = person(&operations, "carl").await;
            for (who, seconds) in [(anna, 10), (ben, 20), (carl, 600)] {
                going(&operations, who, NOW.plus_seconds(seconds)).await;
            }
            let stopping = Stopping::default();
            assert_eq!(once(&operations, &stopping).await.unwrap(), 0, "not yet");
            wait(&operations, 60);
            assert_eq!(once(&operations, &stopping).await.unwrap(), 1);
            for (who, gone) in [(anna, false), (ben, true), (carl, false)] {
                assert_eq!(actor(&operations, who).await.deleted_at.is_some(), gone);
            }
            let asked = read(&operations, move |db| departures::find(db, anna)).await;
            assert_eq!(asked, None, "it is not tried for ever");
            assert_eq!(once(&operations, &stopping).await.unwrap(), 0);
        }
    );
}
