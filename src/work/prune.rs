//! Drops what is no longer needed: expired sessions and links, letters that were given up, the old
//! part of the outbox log, old marks of what was seen, the notes of what could not be delivered or
//! dealt with, posts that waited in vain, what texts said before they were changed, the keys of what was sent,
//! filters that ended, answers that nobody went on with, and what pages say of themselves to which no
//! post links.

use std::time::Duration;

use super::Stopping;
use crate::domain::clock::Ts;
use crate::operations::Operations;
use crate::operations::post::FRESH;
use crate::store::{
    Db, Res, StoreError, deliveries, filters, held, inbox, kept_answers, letters, link_previews,
    outbox, reading, seen, sessions, sign_ups, submissions, versions,
};

/// How often it is looked for.
const EVERY: Duration = Duration::from_hours(1);
/// The first look comes soon after the start, but not in its way.
const FIRST: Duration = Duration::from_mins(1);
/// Rows of one transaction, so that no other write waits long.
const CHUNK: u32 = 1_000;
/// Entries that every server in reach was told are kept so long, in seconds, so that they can
/// still be fetched.
const TOLD: i64 = 72 * 3600;
/// Dead letters and parked activities are kept so long, in seconds.
const DEAD: i64 = 30 * 24 * 3600;
/// Posts that no moderator decided on are kept so long, in seconds.
const HELD: i64 = 30 * 24 * 3600;

/// What was sent can be sent again without making it twice for so long, in seconds.
const SENT: i64 = 24 * 3600;

/// What was typed into an answer and not gone on with is kept so long, in seconds.
const KEPT: i64 = 30 * 24 * 3600;

/// How far members have read a thread is kept so long, in seconds.
const VISITED: i64 = 365 * 24 * 3600;

/// Prunes until the hub stops.
pub(super) async fn run(operations: &Operations, stopping: &Stopping) -> Res<()> {
    let mut pause = FIRST;
    while stopping.pause(pause).await {
        pause = EVERY;
        let rows = once(operations, stopping).await?;
        if rows > 0 {
            tracing::info!(rows, "old rows were dropped");
        }
    }
    Ok(())
}

/// Prunes once; how many rows went.
pub(super) async fn once(operations: &Operations, stopping: &Stopping) -> Res<usize> {
    let now = operations.now();
    let settings = operations.live.get();
    let kept = settings.delivery.retention.seconds();
    let seen_for = settings.privacy.inbox_retention.seconds();
    let (last, lowest) = operations
        .store
        .read(|db| {
            Ok::<_, StoreError>((outbox::last_seq(db)?, deliveries::find_lowest_cursor(db)?))
        })
        .await?;
    let (old, told) = (now.plus_seconds(-kept), now.plus_seconds(-TOLD));
    let lowest = lowest.unwrap_or(last);
    let mut rows = operations
        .store
        .write(move |db| {
            let letters = letters::delete_dead_before(db, now.plus_seconds(-DEAD))?;
            let links = sign_ups::delete_expired(db, now)?;
            Ok::<_, StoreError>(letters + links + sessions::delete_expired(db, now)?)
        })
        .await?;
    rows += repeat(operations, stopping, move |db| {
        // The last entry stays: its number is where the counting goes on.
        outbox::delete_before(db, old, last - 1, CHUNK)
    })
    .await?;
    rows += repeat(operations, stopping, move |db| {
        outbox::delete_before(db, told, lowest.min(last - 1), CHUNK)
    })
    .await?;
    let seen_before: Ts = now.plus_seconds(-seen_for);
    rows += repeat(operations, stopping, move |db| {
        seen::delete_before(db, seen_before, CHUNK)
    })
    .await?;
    let dead_before = now.plus_seconds(-DEAD);
    rows += repeat(operations, stopping, move |db| {
        deliveries::delete_dead_letters_before(db, dead_before, CHUNK)
    })
    .await?;
    rows += repeat(operations, stopping, move |db| {
        inbox::delete_parked_before(db, dead_before, CHUNK)
    })
    .await?;
    let held_before = now.plus_seconds(-HELD);
    rows += repeat(operations, stopping, move |db| {
        held::delete_before(db, held_before, CHUNK)
    })
    .await?;
    let replaced = now.plus_seconds(-settings.posts.history_retention.seconds());
    rows += repeat(operations, stopping, move |db| {
        versions::delete_before(db, replaced, CHUNK)
    })
    .await?;
    let visited = now.plus_seconds(-VISITED);
    rows += repeat(operations, stopping, move |db| {
        reading::delete_before(db, visited, CHUNK)
    })
    .await?;
    let sent = now.plus_seconds(-SENT);
    rows += repeat(operations, stopping, move |db| {
        submissions::delete_before(db, sent, CHUNK)
    })
    .await?;
    let kept = now.plus_seconds(-KEPT);
    rows += repeat(operations, stopping, move |db| {
        kept_answers::delete_before(db, kept, CHUNK)
    })
    .await?;
    rows += repeat(operations, stopping, move |db| {
        filters::delete_ended(db, now, CHUNK)
    })
    .await?;
    let stale = now.plus_seconds(-FRESH);
    rows += repeat(operations, stopping, move |db| {
        link_previews::delete_unused(db, stale, CHUNK)
    })
    .await?;
    Ok(rows)
}

/// Deletes chunk after chunk until nothing is left or the hub stops.
async fn repeat(
    operations: &Operations,
    stopping: &Stopping,
    delete: impl Fn(&mut Db) -> Res<usize> + Clone + Send + 'static,
) -> Res<usize> {
    let mut rows = 0;
    while !stopping.token.is_cancelled() {
        let delete = delete.clone();
        let gone = operations.store.write(move |db| delete(db)).await?;
        rows += gone;
        if gone < CHUNK as usize {
            break;
        }
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::ObjectId;
    use crate::operations::draft::KeepAnswer;
    use crate::operations::testing::Hall;
    use crate::store::testing::db_test;

    db_test!(answers_that_nobody_went_on_with_go, |store| {
        let hall = Hall::new(store).await;
        let anna = hall.person("anna").await;
        let group = hall.group("tea", anna).await;
        let stopping = Stopping::default();
        let mut begun = Vec::new();
        for title in ["Green", "Black"] {
            let to = ObjectId::Post(hall.post(anna, group, title).await);
            let body = "Well".to_owned();
            hall.run(anna, KeepAnswer { to, body }).await.unwrap();
            begun.push(to);
        }
        hall.pass(KEPT);
        let to = begun[0];
        let body = "Well, then".to_owned();
        hall.run(anna, KeepAnswer { to, body }).await.unwrap();
        hall.pass(1);
        once(&hall.operations, &stopping).await.unwrap();
        let author = anna.actor().unwrap();
        let kept = hall.read(move |db| kept_answers::list(db, author, 9)).await;
        let kept: Vec<_> = kept.iter().map(|answer| answer.to).collect();
        assert_eq!(kept, [to]);
    });
}
