//! Gives received activities their effect: in order for each sender, side by side for different
//! ones, and again later for what could not be dealt with yet.

use std::collections::{HashMap, HashSet, VecDeque};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::Stopping;
use super::deliver::Message;
use super::metrics::Metrics;
use crate::domain::ids::Uri;
use crate::federation::Federation;
use crate::federation::inbox::{self as activities, Outcome};
use crate::store::inbox::{self, Received};
use crate::store::{Db, Res, Store, StoreError, Turn};

/// Activities that are processed at once: enough that at each step many ask and are written together.
/// With 64 the same took PostgreSQL a quarter longer.
const AT_ONCE: usize = 384;
/// Activities that one look at the table brings.
const BATCH: usize = 1024;
/// With fewer than this in memory the table is looked at again.
const LOW: usize = 512;
/// Activities of one sender in memory, so that one cannot crowd out the others.
const OF_ONE: usize = 128;
/// The table is looked at so often in any case.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// What came is taken up so much later, with what comes meanwhile.
const PAUSE: Duration = Duration::from_millis(20);
/// How long one activity may take, what it fetches included.
const PATIENCE: Duration = Duration::from_mins(2);
/// How often an activity is tried before it is parked for the operator (security.md H128): the
/// pauses add up to forty minutes.
const TRIES: i32 = 5;
/// The pause after the first try, in seconds; each is so many times as long as the one before.
const FIRST_PAUSE: i64 = 10;
const LONGER: i64 = 6;
/// Rows that are deleted together.
const DELETE_AFTER: usize = 64;
/// A host is reported to the deliveries at most so often.
const REPORT_EVERY: Duration = Duration::from_secs(10);

/// Gives an activity its effect: `federation::inbox::process`, or a test's own hand.
pub(super) type Handle =
    Arc<dyn Fn(Federation, Received) -> BoxFuture<'static, Outcome> + Send + Sync>;

/// The hand that serves.
pub(super) fn handle() -> Handle {
    Arc::new(|federation, row| async move { activities::process(&federation, row).await }.boxed())
}

/// The end of a piece of work.
enum Ended {
    Processed {
        id: i64,
        actor: String,
        attempts: i32,
        uri: String,
        outcome: Outcome,
    },
    /// These rows are no longer to be held back, whether or not that worked.
    Filed { ids: Vec<i64>, result: Res<()> },
}

struct Receiver<'a> {
    federation: &'a Federation,
    handle: &'a Handle,
    metrics: &'a Metrics,
    /// What waits, by sender; a sender in here is either ready or running.
    lanes: HashMap<String, VecDeque<Received>>,
    ready: VecDeque<String>,
    /// Rows in memory, or done with but still in the table.
    held: HashSet<i64>,
    done: Vec<i64>,
    running: usize,
    filing: usize,
    jobs: JoinSet<Ended>,
    reported: HashMap<String, Instant>,
}

/// Processes until the hub stops; then waits for what is under way.
pub(super) async fn run(
    federation: &Federation,
    handle: &Handle,
    metrics: &Metrics,
    engine: &mpsc::Sender<Message>,
    stopping: &Stopping,
) -> Res<()> {
    let mut woken = federation.received();
    let mut receiver = Receiver::new(federation, handle, metrics);
    let mut look_at = Instant::now();
    loop {
        let low = receiver.held.len() < LOW;
        if low && look_at <= Instant::now() {
            woken.mark_unchanged();
            let more = receiver.load(engine).await?;
            look_at = Instant::now() + if more { PAUSE } else { LOOK_EVERY };
        }
        receiver.start_ready();
        receiver.file_done();
        tokio::select! {
            () = stopping.token.cancelled() => break,
            Some(ended) = receiver.jobs.join_next(), if !receiver.jobs.is_empty() => {
                receiver.take_in(ended);
                while let Some(ended) = receiver.jobs.try_join_next() {
                    receiver.take_in(ended);
                }
            }
            _ = woken.changed(), if low => look_at = look_at.min(Instant::now() + PAUSE),
            () = tokio::time::sleep_until(look_at), if low => {}
        }
    }
    receiver.stop(stopping).await
}

impl<'a> Receiver<'a> {
    fn new(federation: &'a Federation, handle: &'a Handle, metrics: &'a Metrics) -> Self {
        Self {
            federation,
            handle,
            metrics,
            lanes: HashMap::new(),
            ready: VecDeque::new(),
            held: HashSet::new(),
            done: Vec::new(),
            running: 0,
            filing: 0,
            jobs: JoinSet::new(),
            reported: HashMap::new(),
        }
    }

    fn store(&self) -> &Store {
        &self.federation.operations.store
    }

    /// Takes more rows into memory; whether there may be still more.
    async fn load(&mut self, engine: &mpsc::Sender<Message>) -> Res<bool> {
        let now = self.federation.now();
        let limit = self.held.len() + BATCH;
        let full: Vec<String> = self
            .lanes
            .iter()
            .filter(|(_, lane)| lane.len() >= OF_ONE)
            .map(|(actor, _)| actor.clone())
            .collect();
        let query_limit = u32::try_from(limit).unwrap_or(u32::MAX);
        let held = self.held.clone();
        let (due, rows) = self
            .store()
            .look_up(move |db| inbox::list_due(db, now, query_limit, &full, &held))
            .await?;
        let mut more = due >= limit;
        let mut passed_over: HashSet<String> = HashSet::new();
        for row in rows {
            let waiting = self.lanes.get(&row.actor_uri).map_or(0, VecDeque::len);
            if waiting >= OF_ONE || passed_over.contains(&row.actor_uri) {
                // The rest of this sender's comes later, so that its order stays.
                passed_over.insert(row.actor_uri);
                more = true;
                continue;
            }
            self.report(&row, engine);
            self.admit(row);
        }
        self.metrics
            .received
            .set(i64::try_from(self.held.len()).unwrap_or(i64::MAX));
        Ok(more && !self.held.is_empty())
    }

    fn admit(&mut self, row: Received) {
        self.held.insert(row.id);
        let actor = row.actor_uri.clone();
        if let Some(lane) = self.lanes.get_mut(&actor) {
            lane.push_back(row);
            return;
        }
        self.lanes.insert(actor.clone(), VecDeque::from([row]));
        self.ready.push_back(actor);
    }

    /// Tells the deliveries that a server lives.
    fn report(&mut self, row: &Received, engine: &mpsc::Sender<Message>) {
        let Some(uri) = Uri::parse(&row.actor_uri).filter(|_| row.trusted) else {
            return;
        };
        let (host, now) = (uri.host(), Instant::now());
        let lately = |at: &Instant| now.duration_since(*at) < REPORT_EVERY;
        if self.reported.get(&host).is_some_and(lately) {
            return;
        }
        if self.reported.len() > 10_000 {
            self.reported.clear();
        }
        self.reported.insert(host.clone(), now);
        // A full queue means that the engine is busy; the next request will do.
        drop(engine.try_send(Message::Seen(host)));
    }

    fn start_ready(&mut self) {
        while self.running < AT_ONCE {
            let Some(actor) = self.ready.pop_front() else {
                return;
            };
            let Some(row) = self.lanes.get_mut(&actor).and_then(VecDeque::pop_front) else {
                self.lanes.remove(&actor);
                continue;
            };
            self.running += 1;
            let Received {
                id,
                attempts,
                ref uri,
                ..
            } = row;
            let uri = uri.clone();
            let (handle, federation) = (Arc::clone(self.handle), self.federation.clone());
            self.jobs.spawn(async move {
                let processing = async move { handle(federation, row).await };
                let processing = AssertUnwindSafe(processing).catch_unwind();
                let outcome = match tokio::time::timeout(PATIENCE, processing).await {
                    Ok(Ok(outcome)) => outcome,
                    Ok(Err(_panic)) => Outcome::Later("processing it panicked".to_owned()),
                    Err(_elapsed) => Outcome::Later("it took too long".to_owned()),
                };
                Ended::Processed {
                    id,
                    actor,
                    attempts,
                    uri,
                    outcome,
                }
            });
        }
    }

    fn take_in(&mut self, ended: Result<Ended, tokio::task::JoinError>) {
        match ended {
            Ok(Ended::Processed {
                id,
                actor,
                attempts,
                uri,
                outcome,
            }) => {
                self.running = self.running.saturating_sub(1);
                self.next_of(actor);
                self.processed(id, attempts, &uri, outcome);
            }
            Ok(Ended::Filed { ids, result }) => {
                self.filing = self.filing.saturating_sub(1);
                match result {
                    Ok(()) => ids.iter().for_each(|id| {
                        self.held.remove(id);
                    }),
                    Err(error) => {
                        tracing::warn!(%error, "processed activities were not filed");
                        self.done.extend(ids);
                    }
                }
            }
            Err(error) => tracing::error!(%error, "a piece of the receiver's work was lost"),
        }
    }

    fn next_of(&mut self, actor: String) {
        if self.lanes.get(&actor).is_some_and(|lane| !lane.is_empty()) {
            self.ready.push_back(actor);
        } else {
            self.lanes.remove(&actor);
        }
    }

    fn processed(&mut self, id: i64, attempts: i32, uri: &str, outcome: Outcome) {
        match outcome {
            Outcome::Done => {
                self.metrics.processed("done");
                self.done.push(id);
            }
            Outcome::Refused(why) => {
                self.metrics.processed("refused");
                tracing::info!(activity.uri = uri, why, "a received activity has no effect");
                self.done.push(id);
            }
            Outcome::Later(why) if attempts + 1 < TRIES => {
                self.metrics.processed("later");
                tracing::debug!(
                    activity.uri = uri,
                    why,
                    "a received activity is tried again"
                );
                self.put_off(id, attempts + 1, why);
            }
            Outcome::Later(why) => {
                self.metrics.processed("parked");
                tracing::warn!(activity.uri = uri, why, "a received activity is parked");
                self.put_off(id, attempts + 1, why);
            }
        }
    }

    fn put_off(&mut self, id: i64, attempts: i32, why: String) {
        let next_at = match u32::try_from(attempts - 1) {
            Ok(before) if attempts < TRIES => {
                let pause = FIRST_PAUSE.saturating_mul(LONGER.saturating_pow(before));
                self.federation.now().plus_seconds(pause)
            }
            _ => inbox::PARKED,
        };
        let store = self.store().clone();
        self.filing += 1;
        self.jobs.spawn(async move {
            let filing = store
                .write(move |db| inbox::set_failed(db, id, attempts, next_at, &why))
                .await;
            if let Err(error) = filing {
                // It stays due and is taken up again.
                tracing::warn!(%error, "a received activity was not put off");
            }
            Ended::Filed {
                ids: vec![id],
                result: Ok(()),
            }
        });
    }

    /// Deletes what is done with, some at a time, one deletion at once.
    fn file_done(&mut self) {
        let idle = self.running == 0 && self.ready.is_empty();
        let enough = self.done.len() >= DELETE_AFTER || idle;
        if self.done.is_empty() || self.filing > 0 || !enough {
            return;
        }
        let ids = std::mem::take(&mut self.done);
        let store = self.store().clone();
        self.filing += 1;
        self.jobs.spawn(async move {
            let deleted = ids.clone();
            let delete = move |db: &mut Db| inbox::delete(db, &deleted);
            let result = store.write_in_turn(Turn::Beside, None, delete).await;
            Ended::Filed { ids, result }
        });
    }

    async fn stop(mut self, stopping: &Stopping) -> Res<()> {
        let drain = async {
            while self.running > 0 || self.filing > 0 {
                let Some(ended) = self.jobs.join_next().await else {
                    break;
                };
                self.take_in(ended);
            }
        };
        if tokio::time::timeout_at(stopping.deadline(), drain)
            .await
            .is_err()
        {
            tracing::warn!("some received activities were cut off; the next start resumes them");
        }
        self.jobs.abort_all();
        let (store, done) = (self.store().clone(), std::mem::take(&mut self.done));
        store
            .write(move |db| {
                inbox::delete(db, &done)?;
                Ok::<_, StoreError>(())
            })
            .await
    }
}
