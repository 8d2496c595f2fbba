//! Numbers what operations left in the outbox log, in the order of their commits, and hands it to
//! the engine with the servers that it concerns. What that costs does not depend on how many
//! people follow a group, but on how many servers do.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use tokio::sync::mpsc;

use super::Stopping;
use super::deliver::{Message, Routed};
use super::metrics::Metrics;
use crate::domain::ids::{ActorId, InstanceId, OutboxId};
use crate::operations::Operations;
use crate::store::follows::FollowerInstance;
use crate::store::{Db, Res, StoreError, follows, outbox};

/// Entries that are numbered in one transaction.
const BATCH: u32 = 200;
/// The log is looked at so often even if nobody says that it grew: other processes append too.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Numbers and hands out until the hub stops. `handed_out` survives a restart of this worker.
pub(super) async fn run(
    operations: &Operations,
    metrics: &Metrics,
    handed_out: &AtomicI64,
    engine: &mpsc::Sender<Message>,
    stopping: &Stopping,
) -> Res<()> {
    let mut logged = operations.logged();
    if handed_out.load(Ordering::Relaxed) < 0 {
        let last = operations.store.read(outbox::last_seq).await?;
        handed_out.store(last, Ordering::Relaxed);
    }
    loop {
        logged.mark_unchanged();
        let numbered = operations
            .store
            .write(|db| Ok::<_, StoreError>(outbox::sequence(db, BATCH)?.len()))
            .await?;
        metrics.numbered(numbered);
        let after = handed_out.load(Ordering::Relaxed);
        let (entries, up_to) = operations.store.read(move |db| route(db, after)).await?;
        let full = entries.len() >= BATCH as usize || numbered >= BATCH as usize;
        if up_to > after {
            let message = Message::Routed { entries, up_to };
            tokio::select! {
                sent = engine.send(message) => drop(sent),
                () = stopping.token.cancelled() => return Ok(()),
            }
            handed_out.store(up_to, Ordering::Relaxed);
        }
        if full {
            continue;
        }
        tokio::select! {
            () = stopping.token.cancelled() => return Ok(()),
            _ = logged.changed() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

/// The next numbered entries with the servers that they concern, and how far that reaches.
fn route(db: &mut Db, after: i64) -> Res<(Vec<Routed>, i64)> {
    let rows = outbox::list_after(db, after, None, BATCH)?;
    let Some(up_to) = rows.last().map(|row| row.logged.seq) else { return Ok((Vec::new(), after)) };
    let ids: Vec<OutboxId> = rows.iter().map(|row| row.id).collect();
    let mut targets: HashMap<OutboxId, Vec<InstanceId>> = HashMap::new();
    for (id, server) in outbox::list_target_instances(db, &ids)? {
        targets.entry(id).or_default().push(server);
    }
    let mut known: HashMap<ActorId, Arc<[FollowerInstance]>> = HashMap::new();
    let mut entries = Vec::with_capacity(rows.len());
    for row in rows {
        let followers = match row.logged.entry.group {
            None => Arc::from([]),
            Some(group) => followers_of(db, &mut known, group)?,
        };
        entries.push(Routed {
            id: row.id,
            seq: row.logged.seq,
            lane: row.logged.entry.lane(),
            order_key: row.logged.entry.order_key,
            followers,
            targets: targets.remove(&row.id).unwrap_or_default(),
        });
    }
    Ok((entries, up_to))
}

fn followers_of(
    db: &mut Db,
    known: &mut HashMap<ActorId, Arc<[FollowerInstance]>>,
    group: ActorId,
) -> Res<Arc<[FollowerInstance]>> {
    if let Some(followers) = known.get(&group) {
        return Ok(Arc::clone(followers));
    }
    let followers: Arc<[FollowerInstance]> = follows::list_instances(db, group)?.into();
    known.insert(group, Arc::clone(&followers));
    Ok(followers)
}
