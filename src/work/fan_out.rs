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
use crate::store::{Db, Res, Turn, follows, outbox};

/// Entries that are numbered in one transaction.
const BATCH: u32 = 200;
/// The log is looked at so often even if nobody says that it grew: other processes append too.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// To whom entries are handed.
#[derive(Clone)]
pub(super) struct Heads {
    /// The engine gets all of them.
    pub(super) engine: mpsc::Sender<Message>,
    /// Groups elsewhere that somebody here asked to join.
    pub(super) joined: mpsc::Sender<ActorId>,
}

/// What was numbered and not handed out yet.
struct Batch {
    entries: Vec<Routed>,
    joined: Vec<ActorId>,
    up_to: i64,
}

/// Numbers and hands out until the hub stops. `handed_out` survives a restart of this worker.
pub(super) async fn run(
    operations: &Operations,
    metrics: &Metrics,
    handed_out: &AtomicI64,
    heads: &Heads,
    stopping: &Stopping,
) -> Res<()> {
    let mut logged = operations.logged();
    if handed_out.load(Ordering::Relaxed) < 0 {
        let last = operations.store.read(outbox::last_seq).await?;
        handed_out.store(last, Ordering::Relaxed);
    }
    loop {
        logged.mark_unchanged();
        // What the jobs around this one leave to the end of their group is numbered next time.
        let number = |db: &mut Db| outbox::sequence(db, BATCH);
        let store = &operations.store;
        let numbered = store.write_in_turn(Turn::Beside, None, number).await?;
        metrics.numbered(numbered);
        let after = handed_out.load(Ordering::Relaxed);
        let batch = operations.store.read(move |db| route(db, after)).await?;
        let Batch {
            entries,
            joined,
            up_to,
        } = batch;
        let full = entries.len() >= BATCH as usize || numbered >= BATCH as usize;
        for group in joined {
            if heads.joined.try_send(group).is_err() {
                tracing::debug!("too many groups were joined at once; the past of one stays away");
            }
        }
        if up_to > after {
            let message = Message::Routed { entries, up_to };
            tokio::select! {
                sent = heads.engine.send(message) => drop(sent),
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
fn route(db: &mut Db, after: i64) -> Res<Batch> {
    let heads = outbox::list_heads(db, after, BATCH)?;
    let up_to = heads.last().map_or(after, |head| head.seq);
    let ids: Vec<OutboxId> = heads.iter().map(|head| head.id).collect();
    let mut targets: HashMap<OutboxId, Vec<InstanceId>> = HashMap::new();
    for (id, server) in outbox::list_target_instances(db, &ids)? {
        targets.entry(id).or_default().push(server);
    }
    let mut known: HashMap<ActorId, Arc<[FollowerInstance]>> = HashMap::new();
    let mut entries = Vec::with_capacity(heads.len());
    let mut joined = Vec::new();
    for head in heads {
        let followers = match head.group {
            None => Arc::from([]),
            Some(group) => followers_of(db, &mut known, group)?,
        };
        joined.extend(head.joined);
        entries.push(Routed {
            id: head.id,
            seq: head.seq,
            lane: head.lane,
            order_key: head.order_key,
            followers,
            targets: targets.remove(&head.id).unwrap_or_default(),
        });
    }
    Ok(Batch {
        entries,
        joined,
        up_to,
    })
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
