//! Tells members what happened, soon after it and in digests. How far they were told is noted with
//! what they are told, so that a restart neither doubles nor loses anything.

use std::time::Duration;

use super::Stopping;
use crate::domain::caller::Caller;
use crate::domain::ids::Ids;
use crate::domain::refusal::Refusal;
use crate::operations::Operations;
use crate::operations::news::{EnrolDigests, SendDigest, TellNews};
use crate::views::news::{self, Batch};

/// How often it is looked for news.
const EVERY: Duration = Duration::from_secs(20);
/// So many seconds somebody who is here has for seeing it themselves. By then everything that was
/// given a smaller id is committed, too.
const GRACE: i64 = 60;
/// The mark may be so many seconds behind while nothing happens.
const LAG: i64 = 3600;
/// Digests of one look.
const DIGESTS: u32 = 20;

/// Tells until the hub stops.
pub(super) async fn run(
    operations: &Operations,
    stopping: &Stopping,
) -> Result<(), crate::store::StoreError> {
    loop {
        let mut more = true;
        while more && !stopping.token.is_cancelled() {
            more = match once(operations).await {
                Ok(more) => more,
                Err(refusal) => {
                    tracing::warn!(why = %refusal, cause = ?refusal.source, "members were not told what happened");
                    false
                }
            };
        }
        tokio::select! {
            () = stopping.token.cancelled() => return Ok(()),
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}

/// Tells what happened up to a minute ago, and sends digests that are due; whether there is more.
pub(super) async fn once(operations: &Operations) -> Result<bool, Refusal> {
    let told = tell(operations).await?;
    let sent = digests(operations).await?;
    Ok(told || sent)
}

async fn tell(operations: &Operations) -> Result<bool, Refusal> {
    let moment = operations.now().plus_seconds(-GRACE);
    let look = operations.store.read(move |db| {
        let from = news::told_upto(db)?;
        // Who begins with it is told of nothing that happened before.
        let batch = match from {
            Some(from) => news::since(db, from, moment)?,
            None => Batch {
                upto: Ids::floor(moment),
                parcels: Vec::new(),
            },
        };
        Ok::<_, Refusal>((from, batch))
    });
    let (from, batch) = look.await?;
    let Batch { upto, parcels } = batch;
    let some = !parcels.is_empty();
    // Though nothing happened, the mark follows at a distance, so that little is looked through.
    let behind = Ids::floor(moment.plus_seconds(-LAG));
    if some || from.is_none_or(|from| from < behind) {
        let tell = TellNews {
            from,
            upto,
            parcels,
        };
        operations.run(Caller::System, tell).await?;
    }
    Ok(some)
}

async fn digests(operations: &Operations) -> Result<bool, Refusal> {
    let now = operations.now();
    let look = operations.store.read(move |db| {
        let due = news::due_digests(db, now, DIGESTS)?;
        Ok::<_, Refusal>((news::lacks_digests(db)?, due))
    });
    let (lacking, due) = look.await?;
    if lacking {
        operations.run(Caller::System, EnrolDigests).await?;
    }
    let some = lacking || !due.is_empty();
    for due in due {
        let look = move |db: &mut _| news::digest(db, due.actor, due.since, now);
        let found = operations.store.read(look).await?;
        let send = SendDigest {
            due,
            until: now,
            threads: found.threads,
            waiting: found.waiting,
        };
        operations.run(Caller::System, send).await?;
    }
    Ok(some)
}
