//! How far servers have come is written down: now and then, and when the engine stops.

use super::{Done, Engine, start};
use crate::domain::activity::Lane;
use crate::domain::ids::InstanceId;
use crate::store::Res;
use crate::store::deliveries::DeliveryCursor;
use crate::work::Stopping;

impl Engine {
    /// Begins to save what moved since the last time.
    pub(super) fn flush(&mut self) {
        self.count();
        if self.flushing {
            return;
        }
        self.ends = 0;
        let moved = self.moved();
        let letters = std::mem::take(&mut self.given_up);
        let standings = std::mem::take(&mut self.standings);
        if moved.is_empty() && letters.is_empty() && standings.is_empty() {
            return;
        }
        self.flushing = true;
        let (store, now) = (self.setup.federation.operations.store.clone(), self.now());
        self.jobs.spawn(async move {
            let cursors: Vec<_> = moved.iter().map(|(_, cursor)| *cursor).collect();
            let saving =
                store.write(move |db| start::save(db, &cursors, &letters, &standings, now));
            Done::Flushed {
                saved: saving.await.map(|()| moved),
            }
        });
    }

    /// The cursors that moved since they were saved.
    fn moved(&mut self) -> Vec<(usize, DeliveryCursor)> {
        let mut moved = Vec::new();
        for slot in self.dirty.drain() {
            let Some(server) = self.servers.get_mut(slot) else {
                continue;
            };
            server.dirty = false;
            for lane in Lane::ALL {
                if let Some(seq) = server.moved(lane, self.routed) {
                    moved.push((
                        slot,
                        DeliveryCursor {
                            instance: server.instance,
                            lane,
                            seq,
                        },
                    ));
                }
            }
        }
        moved
    }

    pub(super) fn flushed(&mut self, saved: Res<Vec<(usize, DeliveryCursor)>>) {
        self.flushing = false;
        match saved {
            Ok(saved) => {
                for (slot, cursor) in saved {
                    if let Some(server) = self.servers.get_mut(slot) {
                        server.saved(cursor.lane, cursor.seq);
                    }
                }
            }
            Err(error) => {
                tracing::warn!(%error, "the cursors of deliveries could not be saved");
                self.dirty.extend(0..self.servers.len());
            }
        }
    }

    fn idle(&self, lane: Lane) -> Vec<InstanceId> {
        let idle = self.servers.iter().filter(|server| server.is_idle(lane));
        idle.map(|server| server.instance).collect()
    }

    /// Moves the cursors of servers with nothing to do to the end of the log, so that a restart
    /// need not read it again for them.
    pub(super) fn advance(&mut self) {
        let (store, routed) = (self.setup.federation.operations.store.clone(), self.routed);
        let idle = Lane::ALL.map(|lane| (lane, self.idle(lane)));
        self.jobs.spawn(async move {
            if let Err(error) = start::advance(&store, idle, routed).await {
                tracing::warn!(%error, "the cursors of idle servers were not moved");
            }
            Done::Advanced
        });
    }

    pub(super) fn count(&self) {
        let metrics = &self.setup.metrics;
        let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        metrics.in_flight.set(number(self.sending));
        metrics.waiting.set(number(self.ringed));
        metrics.behind.set(number(
            self.servers.iter().filter(|s| s.is_behind()).count(),
        ));
        metrics.failing.set(number(
            self.servers.iter().filter(|s| !s.health.is_well()).count(),
        ));
    }

    /// Waits for what is under way as long as it may, then saves everything.
    pub(super) async fn stop(mut self, stopping: &Stopping) -> Res<()> {
        let drain = async {
            while self.sending > 0 || self.flushing {
                let Some(done) = self.jobs.join_next().await else {
                    break;
                };
                self.take_in(done);
            }
        };
        if tokio::time::timeout_at(stopping.deadline(), drain)
            .await
            .is_err()
        {
            tracing::warn!("some deliveries were cut off; they will be made after the next start");
        }
        self.jobs.abort_all();
        let cursors: Vec<_> = self.moved().into_iter().map(|(_, cursor)| cursor).collect();
        let (letters, standings) = (self.given_up.clone(), self.standings.clone());
        let (store, now) = (self.setup.federation.operations.store.clone(), self.now());
        store
            .write(move |db| start::save(db, &cursors, &letters, &standings, now))
            .await?;
        let idle = Lane::ALL.map(|lane| (lane, self.idle(lane)));
        start::advance(&store, idle, self.routed).await
    }
}
