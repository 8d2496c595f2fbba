//! Carries the outbox log to other servers: no task for a server that has nothing to do, a bounded
//! number of messages under way for each and for all, cursors instead of rows for what is done.

mod doubt;
mod health;
mod letters;
mod profile;
mod save;
mod send;
mod server;
mod signers;
mod start;
mod steer;

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet, VecDeque};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio::time::Instant;

use health::{Health, Standing};
pub(crate) use letters::Render;
use profile::Profile;
use send::{Sender, Verdict};
use server::{GivenUp, Next, Server, Tried};

use super::Stopping;
use super::metrics::Metrics;
use crate::domain::activity::Lane;
use crate::domain::clock::Ts;
use crate::domain::ids::{InstanceId, OutboxId};
use crate::federation::Federation;
use crate::settings::Delivery;
use crate::store::deliveries::DeliveryCursor;
use crate::store::follows::FollowerInstance;
use crate::store::outbox::{Relevant, Stretch};
use crate::store::{Res, StoreError};

/// How often cursors are saved.
const FLUSH_EVERY: Duration = Duration::from_secs(2);
/// So many ends of tries save them earlier.
const FLUSH_AFTER: usize = 1_000;
/// How often the cursors of servers with nothing to do are moved along.
const ADVANCE_EVERY: Duration = Duration::from_mins(5);
/// Entries in memory for all servers together (24 bytes each).
const ROOM: usize = 1_000_000;
/// Reads of the log at once.
const READS: usize = 2;
/// How much of the log one query looks at.
const STRIDE: i64 = 4_096;

/// An entry of the log with the servers that it concerns.
#[derive(Clone, Debug)]
pub(super) struct Routed {
    pub(super) id: OutboxId,
    pub(super) seq: i64,
    pub(super) lane: Lane,
    pub(super) order_key: i64,
    /// The servers that follow its group, shared by all entries of a batch.
    pub(super) followers: Arc<[FollowerInstance]>,
    /// The servers that are told in any case.
    pub(super) targets: Vec<InstanceId>,
}

/// What others tell the engine.
#[derive(Debug)]
pub(super) enum Message {
    /// Entries were numbered, up to this place.
    Routed { entries: Vec<Routed>, up_to: i64 },
    /// A signed request came from this host.
    Seen(String),
}

/// The end of a piece of work.
enum Done {
    Tried {
        slot: usize,
        probe: bool,
        tried: Tried,
    },
    Profiled {
        slot: usize,
        profile: Res<Option<Arc<Profile>>>,
    },
    Read {
        slot: usize,
        lane: Lane,
        found: Res<(Vec<Relevant>, i64)>,
    },
    Flushed {
        saved: Res<Vec<(usize, DeliveryCursor)>>,
    },
    Advanced,
}

/// What the engine is started with.
#[derive(Clone)]
pub(super) struct Setup {
    pub(super) federation: Federation,
    pub(super) metrics: Metrics,
    pub(super) render: Render,
}

struct Engine {
    setup: Setup,
    sender: Arc<Sender>,
    reads: Arc<Semaphore>,
    policy: Delivery,
    servers: Vec<Server>,
    index: HashMap<InstanceId, usize>,
    hosts: HashMap<String, usize>,
    /// Servers that may have something to send, in turn.
    ready: VecDeque<usize>,
    /// Failing servers that wait until fewer others are probed.
    probers: VecDeque<usize>,
    timers: BinaryHeap<Reverse<(Instant, usize)>>,
    jobs: JoinSet<Done>,
    sending: usize,
    probing: usize,
    /// Entries in all rings.
    ringed: usize,
    /// How far the log was handed out.
    routed: i64,
    dirty: HashSet<usize>,
    given_up: Vec<(InstanceId, String, GivenUp)>,
    standings: HashMap<InstanceId, Standing>,
    ends: usize,
    flushing: bool,
}

/// Runs the engine until the hub stops; then waits for what is under way, and saves the cursors.
pub(super) async fn run(
    setup: Setup,
    messages: &mut mpsc::Receiver<Message>,
    stopping: &Stopping,
) -> Res<()> {
    let mut steered = setup.federation.operations.steered();
    let mut engine = start::load(setup).await?;
    let mut flush = tokio::time::interval(FLUSH_EVERY);
    let mut advance = tokio::time::interval(ADVANCE_EVERY);
    flush.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    advance.reset();
    loop {
        engine.serve_ready();
        let due = engine.timers.peek().map(|Reverse((at, _))| *at);
        tokio::select! {
            () = stopping.token.cancelled() => break,
            Some(done) = engine.jobs.join_next(), if !engine.jobs.is_empty() => {
                engine.take_in(done);
                while let Some(done) = engine.jobs.try_join_next() {
                    engine.take_in(done);
                }
            }
            Some(message) = messages.recv() => engine.hear(message),
            Ok((server, steering)) = steered.recv() => engine.steer(server, steering),
            () = sleep_until(due) => engine.wake(),
            _ = flush.tick() => engine.flush(),
            _ = advance.tick() => engine.advance(),
        }
        if engine.ends >= FLUSH_AFTER {
            engine.flush();
        }
    }
    engine.stop(stopping).await
}

async fn sleep_until(due: Option<Instant>) {
    match due {
        Some(due) => tokio::time::sleep_until(due).await,
        None => std::future::pending().await,
    }
}

impl Engine {
    fn now(&self) -> Ts {
        self.setup.federation.now()
    }

    /// The place of a server, made if it is new.
    fn slot(&mut self, instance: InstanceId) -> usize {
        if let Some(slot) = self.index.get(&instance) {
            return *slot;
        }
        let server = Server::new(instance, Health::new(self.now()));
        self.add(server)
    }

    fn add(&mut self, server: Server) -> usize {
        let slot = self.servers.len();
        self.index.insert(server.instance, slot);
        self.servers.push(server);
        slot
    }

    fn hear(&mut self, message: Message) {
        match message {
            Message::Routed { entries, up_to } => {
                for entry in entries {
                    self.route(&entry);
                }
                self.routed = self.routed.max(up_to);
            }
            Message::Seen(host) => {
                let at = self.now();
                let Some(slot) = self.hosts.get(&host).copied() else {
                    return;
                };
                let Some(server) = self.servers.get_mut(slot) else {
                    return;
                };
                if server.health.seen(Instant::now(), at) {
                    self.line_up(slot);
                }
            }
        }
    }

    fn route(&mut self, routed: &Routed) {
        let entry = Relevant {
            seq: routed.seq,
            order_key: routed.order_key,
            follower: false,
            groups: false,
            direct: true,
        };
        let mut targets = routed.targets.clone();
        for follower in routed.followers.iter() {
            let direct = match targets
                .iter()
                .position(|target| *target == follower.instance)
            {
                Some(place) => {
                    targets.swap_remove(place);
                    true
                }
                None => false,
            };
            let follows = follower.since < routed.id.0;
            if follows || direct {
                let entry = Relevant {
                    follower: follows,
                    groups: follows && follower.groups,
                    direct,
                    ..entry
                };
                self.push(follower.instance, routed.lane, entry);
            }
        }
        for target in targets {
            self.push(target, routed.lane, entry);
        }
    }

    fn push(&mut self, instance: InstanceId, lane: Lane, entry: Relevant) {
        let slot = self.slot(instance);
        let room = self.ringed < ROOM;
        let Some(server) = self.servers.get_mut(slot) else {
            return;
        };
        self.ringed += server.push(lane, entry, room);
        self.dirty.insert(slot);
        self.line_up(slot);
    }

    /// Puts a server in line, unless it stands there.
    fn line_up(&mut self, slot: usize) {
        let Some(server) = self.servers.get_mut(slot) else {
            return;
        };
        if !server.queued {
            server.queued = true;
            self.ready.push_back(slot);
        }
    }

    fn wake(&mut self) {
        let now = Instant::now();
        while let Some(Reverse((at, slot))) = self.timers.peek().copied() {
            if at > now {
                return;
            }
            self.timers.pop();
            if let Some(server) = self.servers.get_mut(slot)
                && server.timer.is_some_and(|timer| timer <= now)
            {
                server.timer = None;
            }
            self.line_up(slot);
        }
    }

    /// Wakes a server at a moment, unless it is woken earlier.
    fn wake_at(&mut self, slot: usize, at: Instant) {
        let Some(server) = self.servers.get_mut(slot) else {
            return;
        };
        if server.timer.is_none_or(|timer| timer > at) {
            server.timer = Some(at);
            self.timers.push(Reverse((at, slot)));
        }
    }

    /// Lets the servers in line send, one message each in turn, while there is room.
    fn serve_ready(&mut self) {
        let now = Instant::now();
        self.policy = self.setup.federation.settings().delivery.clone();
        while self.sending < self.policy.in_flight as usize {
            let Some(slot) = self.ready.pop_front() else {
                return;
            };
            self.serve(slot, now);
        }
    }

    fn serve(&mut self, slot: usize, now: Instant) {
        let most_probes = (self.policy.in_flight as usize / 8).max(1);
        let Some(server) = self.servers.get_mut(slot) else {
            return;
        };
        server.queued = false;
        if server.paused {
            self.ringed = self.ringed.saturating_sub(server.shed(self.routed));
            return;
        }
        if let Some(until) = server.health.pause(now) {
            if server.health.is_broken(&self.policy) {
                self.ringed = self.ringed.saturating_sub(server.shed(self.routed));
            }
            return self.wake_at(slot, until);
        }
        if let Some((lane, after)) = server.start_reading(now) {
            let instance = server.instance;
            self.read(
                slot,
                Stretch {
                    instance,
                    lane,
                    after,
                    up_to: self.routed,
                },
            );
        }
        let Some(server) = self.servers.get_mut(slot) else {
            return;
        };
        let profile = match &server.profile {
            Some(profile) if profile.stale_at > now => Arc::clone(profile),
            _ if Lane::ALL.into_iter().all(|lane| server.is_idle(lane)) => return,
            _ => return self.look_up(slot),
        };
        if !server.health.is_well() && self.probing >= most_probes {
            server.queued = true;
            self.probers.push_back(slot);
            return;
        }
        match server.next(now) {
            Next::Send(lane, entry) => self.send(slot, lane, entry, profile),
            Next::Wait(until) => self.wake_at(slot, until),
            Next::Nothing => {}
        }
    }

    fn send(&mut self, slot: usize, lane: Lane, entry: Relevant, profile: Arc<Profile>) {
        let Some(server) = self.servers.get(slot) else {
            return;
        };
        let (probe, parts) = (!server.health.is_well(), server.parts(entry.seq));
        self.ringed = self.ringed.saturating_sub(1);
        self.sending += 1;
        self.probing += usize::from(probe);
        let sender = Arc::clone(&self.sender);
        self.jobs.spawn(async move {
            let sending = AssertUnwindSafe(sender.send(entry, &profile, parts)).catch_unwind();
            let broken = || (Verdict::Broken("a delivery panicked".to_owned()), parts);
            let (verdict, parts) = sending.await.unwrap_or_else(|_panic| broken());
            Done::Tried {
                slot,
                probe,
                tried: Tried {
                    lane,
                    entry,
                    verdict,
                    parts,
                },
            }
        });
        self.line_up(slot);
    }

    fn look_up(&mut self, slot: usize) {
        let Some(server) = self.servers.get_mut(slot) else {
            return;
        };
        if std::mem::replace(&mut server.profiling, true) {
            return;
        }
        let (federation, instance) = (self.setup.federation.clone(), server.instance);
        self.jobs.spawn(async move {
            let finding = AssertUnwindSafe(profile::find(&federation, instance)).catch_unwind();
            let profile = finding.await.unwrap_or(Err(StoreError::Panic));
            Done::Profiled { slot, profile }
        });
    }

    fn read(&mut self, slot: usize, stretch: Stretch) {
        let (store, reads) = (
            self.setup.federation.operations.store.clone(),
            Arc::clone(&self.reads),
        );
        self.jobs.spawn(async move {
            let _permit = reads.acquire().await;
            let lane = stretch.lane;
            let found = store.read(move |db| start::read_on(db, stretch)).await;
            Done::Read { slot, lane, found }
        });
    }

    fn take_in(&mut self, done: Result<Done, tokio::task::JoinError>) {
        match done {
            Ok(Done::Tried { slot, probe, tried }) => self.tried(slot, probe, tried),
            Ok(Done::Profiled { slot, profile }) => self.profiled(slot, profile),
            Ok(Done::Read { slot, lane, found }) => {
                if let Err(error) = &found {
                    tracing::warn!(%error, "the outbox log could not be read");
                    self.wake_at(slot, Instant::now() + Duration::from_secs(1));
                }
                let failed = found.is_err();
                let routed = self.routed;
                let Some(server) = self.servers.get_mut(slot) else {
                    return;
                };
                self.ringed += server.finish_reading(lane, found.map_err(|_logged| ()), routed);
                self.dirty.insert(slot);
                if !failed {
                    self.line_up(slot);
                }
            }
            Ok(Done::Flushed { saved }) => self.flushed(saved),
            Ok(Done::Advanced) => {}
            Err(error) => tracing::error!(%error, "a piece of the delivery's work was lost"),
        }
    }

    fn tried(&mut self, slot: usize, probe: bool, tried: Tried) {
        self.sending = self.sending.saturating_sub(1);
        self.probing = self.probing.saturating_sub(usize::from(probe));
        self.ends += 1;
        self.setup.metrics.delivery(tried.verdict.name());
        if probe && let Some(next) = self.probers.pop_front() {
            self.ready.push_back(next);
        }
        let (now, at) = (Instant::now(), self.now());
        let Some(server) = self.servers.get_mut(slot) else {
            return;
        };
        let host = server
            .profile
            .as_ref()
            .map_or_else(String::new, |p| p.host.clone());
        if let Verdict::Failed { why, .. } | Verdict::Broken(why) = &tried.verdict {
            tracing::debug!(host, seq = tried.entry.seq, why, "not delivered yet");
        }
        let before = server.health.standing(&self.policy, now, at);
        let (done, given_up) = server.finish(tried, &self.policy, now, at);
        let after = server.health.standing(&self.policy, now, at);
        if before.reach != after.reach || before.fails != after.fails {
            tracing::info!(host, reach = ?after.reach, fails = after.fails, "a server's reach changed");
            self.standings.insert(server.instance, after);
        } else if server.health.has_news() {
            self.standings.insert(server.instance, after);
        }
        self.ringed += usize::from(!done);
        if let Some(gone) = given_up {
            tracing::warn!(
                host,
                seq = gone.seq,
                tries = gone.tries,
                why = gone.why,
                "given up"
            );
            self.setup.metrics.dead_letter();
            self.given_up.push((server.instance, host, gone));
        }
        self.dirty.insert(slot);
        self.line_up(slot);
    }

    fn profiled(&mut self, slot: usize, profile: Res<Option<Arc<Profile>>>) {
        let Some(server) = self.servers.get_mut(slot) else {
            return;
        };
        server.profiling = false;
        match profile {
            Ok(Some(profile)) => {
                self.hosts.insert(profile.host.clone(), slot);
                server.profile = Some(profile);
                self.line_up(slot);
            }
            Ok(None) => tracing::error!(server = server.instance.0, "an unknown server"),
            Err(error) => {
                tracing::warn!(%error, "a server could not be looked up");
                self.wake_at(slot, Instant::now() + Duration::from_secs(1));
            }
        }
    }
}
