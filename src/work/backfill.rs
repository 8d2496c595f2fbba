//! Fetches what a remote group was before somebody here joined it (federation.md 6.3).

use std::collections::HashMap;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::Instant;

use super::Stopping;
use crate::domain::actor::ActorKind;
use crate::domain::ids::ActorId;
use crate::federation::Federation;
use crate::federation::inbox::backfill;
use crate::store::{Res, actors};

/// A group is fetched at most so often.
const EVERY: Duration = Duration::from_hours(24);
/// Groups that are remembered as fetched.
const REMEMBERED: usize = 10_000;
/// Tries of one group.
const TRIES: u32 = 3;
/// The pause between them.
const PAUSE: Duration = Duration::from_secs(20);

/// Fetches the groups that people here asked to join, one after the other, until the hub stops; those
/// that let people in by hand once more when they did.
pub(super) async fn run(
    federation: &Federation,
    joined: &mut mpsc::Receiver<ActorId>,
    stopping: &Stopping,
) -> Res<()> {
    let mut fetched: HashMap<ActorId, Instant> = HashMap::new();
    loop {
        let (group, let_in) = tokio::select! {
            () = stopping.token.cancelled() => return Ok(()),
            Some(group) = joined.recv() => (group, false),
            Some(group) = federation.wanted_past() => (group, true),
        };
        let now = Instant::now();
        let lately = |at: &Instant| now.duration_since(*at) < EVERY;
        if !let_in && fetched.get(&group).is_some_and(lately) {
            continue;
        }
        if fetched.len() >= REMEMBERED {
            fetched.clear();
        }
        fetched.insert(group, now);
        tokio::select! {
            () = stopping.token.cancelled() => return Ok(()),
            done = fetch(federation, group, let_in) => done?,
        }
    }
}

/// Fetches a group's past; with `anew`, what the group itself is as well.
async fn fetch(federation: &Federation, group: ActorId, anew: bool) -> Res<()> {
    let store = &federation.operations.store;
    let found = store.read(move |db| actors::find(db, group)).await?;
    let Some(mut group) = found.filter(|actor| actor.kind == ActorKind::Group && !actor.local)
    else {
        return Ok(());
    };
    if anew {
        let asked = federation
            .patient_resolver()
            .refresh(group.uri.as_str())
            .await;
        group = asked.unwrap_or(group);
    }
    for attempt in 1..=TRIES {
        match Box::pin(backfill(federation, &group)).await {
            Ok(items) => {
                tracing::info!(group.uri = %group.uri, items, "a group's past was fetched");
                return Ok(());
            }
            Err(why) => tracing::debug!(group.uri = %group.uri, %why, "a group's past is missing"),
        }
        if attempt < TRIES {
            tokio::time::sleep(PAUSE).await;
        }
    }
    Ok(())
}
