//! Threads that write, each on one connection, and commit jobs in groups: on SQLite one for all, on
//! PostgreSQL one for each [`Turn`], where it also keeps transactions from waiting for each other's
//! rows.
//!
//! Callers are answered only after the group is committed (storage.md 5 measured 3 to 14 times the
//! rate of a pool, and a fortieth of its worst latency). When a job fails, its group is rolled back
//! and run again with a savepoint for each job, so one that fails takes nothing else with it; the
//! usual group is spared what savepoints cost.

use std::collections::VecDeque;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use diesel::r2d2::Pool;
use tokio::sync::oneshot;

use super::connection::Manager;
use super::error::Passing;
use super::placed::Look;
use super::{Db, Res, StoreError, ahead, late};

/// A piece of work and when it is its turn.
struct Job {
    turn: Turn,
    /// What it will look at first, if that is known; only where it comes in crowds.
    look: Option<Look>,
    work: Box<dyn Work>,
}

/// What runs in the group's transaction, again if the group has to.
trait Work: Send {
    /// Runs it; whether all of it may be kept.
    fn run(&mut self, db: &mut Db) -> bool;
    /// Runs it so that nothing of it is left if it fails.
    fn run_apart(&mut self, db: &mut Db);
    /// Tells the caller what came of it, once the group is committed (or not).
    fn answer(self: Box<Self>, committed: bool);
}

/// Work that somebody waits for.
struct Asked<F, T, E> {
    f: F,
    result: Option<Result<T, E>>,
    answer: oneshot::Sender<Result<T, E>>,
}

impl<F, T, E> Work for Asked<F, T, E>
where
    F: FnMut(&mut Db) -> Result<T, E> + Send,
    T: Send,
    E: From<StoreError> + Passing + Send,
{
    fn run(&mut self, db: &mut Db) -> bool {
        let result = catch_unwind(AssertUnwindSafe(|| (self.f)(db)));
        let kept = matches!(result, Ok(Ok(_)));
        self.result = result.ok();
        kept
    }

    fn run_apart(&mut self, db: &mut Db) {
        for _try in 0..TRIES {
            let result = catch_unwind(AssertUnwindSafe(|| db.write(&mut self.f)));
            let result = result.unwrap_or_else(|_panic| Err(E::from(StoreError::Panic)));
            let again = result.as_ref().is_err_and(Passing::is_conflict);
            self.result = Some(result);
            if !again {
                break;
            }
        }
    }

    fn answer(self: Box<Self>, committed: bool) {
        let result = match self.result {
            Some(result) if committed => result,
            _ => Err(E::from(StoreError::Overloaded)),
        };
        // The caller may have gone away; what was committed stays committed.
        drop(self.answer.send(result));
    }
}

/// Whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// Before the others, as they come in crowds: somebody elsewhere waits for the answer, and the
    /// work is short. It may leave rows to the end of its group, as [`Turn::Late`].
    First,
    /// In the order of arrival.
    Usual,
    /// As the usual ones, for what comes in crowds: it may leave rows of some kinds to the end of the
    /// group of writes in which it runs, and so must not look for such rows.
    Late,
    /// As the late ones; nobody waits for it.
    Beside,
    /// As those beside the others; it waits for its like itself.
    Crowd,
}

impl Turn {
    /// Whether somebody waits for the answer.
    fn is_awaited(self) -> bool {
        !matches!(self, Self::Beside | Self::Crowd)
    }
}

/// Jobs that may wait; beyond that the hub says it is overloaded.
const QUEUE: usize = 4096;
/// Jobs that share one commit.
const GROUP: usize = 128;
/// So many go before a usual one that waits, so that a flood does not keep members from writing.
const AHEAD: usize = 4;
/// Runs of a job that meets another transaction.
const TRIES: usize = 5;
/// With so much done a group is committed, so that those who come meanwhile wait no longer.
const GROUP_TIME: Duration = Duration::from_millis(5);
/// So long it may take while nobody waits for any of it.
const CROWD_TIME: Duration = Duration::from_millis(30);

/// What comes in crowds waits so long for its like, to share a commit and what goes in one statement
/// for all.
const LINGER: Duration = Duration::from_millis(2);
/// So many times as long where nobody waits for it, unless something else comes.
const LINGER_CROWD: u32 = 15;

/// Where a writer has its connection from.
pub(super) enum Source {
    /// It is the writer's own.
    Own(Box<Db>),
    /// From the pool for each group, which replaces it when the server was away.
    Pool(Pool<Manager>),
}

/// A handle to the writer threads; they end when the last handle is gone.
#[derive(Clone)]
pub(super) struct Writer {
    first: SyncSender<Job>,
    usual: SyncSender<Job>,
}

impl Writer {
    /// Starts one thread with the connection that it will own.
    pub(super) fn own(db: Db) -> Res<Self> {
        let all = start(Source::Own(Box::new(db)))?;
        Ok(Self {
            first: all.clone(),
            usual: all,
        })
    }

    /// Starts a thread for each turn, with connections of the pool.
    pub(super) fn pooled(pool: &Pool<Manager>) -> Res<Self> {
        Ok(Self {
            first: start(Source::Pool(pool.clone()))?,
            usual: start(Source::Pool(pool.clone()))?,
        })
    }

    /// Runs one job and waits until it is committed.
    pub(super) async fn run<T, E>(
        &self,
        turn: Turn,
        look: Option<Look>,
        f: impl FnMut(&mut Db) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Passing + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let result = None;
        let work = Box::new(Asked { f, result, answer });
        let jobs = match turn {
            Turn::First => &self.first,
            Turn::Usual | Turn::Late | Turn::Beside | Turn::Crowd => &self.usual,
        };
        jobs.try_send(Job { turn, look, work })
            .map_err(|_full| E::from(StoreError::Overloaded))?;
        answered.await.map_err(|_gone| E::from(StoreError::Panic))?
    }
}

/// What waits, taken out of the channel.
#[derive(Default)]
struct Waiting {
    /// How many went before the usual ones since the last of these.
    ahead: usize,
    first: VecDeque<Job>,
    usual: VecDeque<Job>,
}

impl Waiting {
    fn add(&mut self, job: Job) {
        match job.turn {
            Turn::First => self.first.push_back(job),
            Turn::Usual | Turn::Late | Turn::Beside | Turn::Crowd => self.usual.push_back(job),
        }
    }

    fn next(&mut self) -> Option<Job> {
        if (self.ahead < AHEAD || self.usual.is_empty())
            && let Some(job) = self.first.pop_front()
        {
            self.ahead += 1;
            return Some(job);
        }
        self.ahead = 0;
        self.usual.pop_front()
    }

    fn take_all(&mut self) -> impl Iterator<Item = Box<dyn Work>> + use<> {
        let (first, usual) = (mem::take(&mut self.first), mem::take(&mut self.usual));
        first.into_iter().chain(usual).map(|job| job.work)
    }

    /// Takes in what came; waits for something if nothing is there. `false`: nothing will come.
    fn fill(&mut self, queue: &Receiver<Job>) -> bool {
        if self.first.is_empty() && self.usual.is_empty() {
            let Ok(job) = queue.recv() else { return false };
            let turn = job.turn;
            self.add(job);
            self.linger(turn, queue);
        }
        self.take_in(queue);
        true
    }

    /// Takes in what can be had without waiting.
    fn take_in(&mut self, queue: &Receiver<Job>) {
        while self.first.len() + self.usual.len() < 2 * GROUP {
            let Ok(job) = queue.try_recv() else { break };
            self.add(job);
        }
    }

    /// Whether somebody waits for any of it.
    fn is_awaited(&self) -> bool {
        let mut waiting = self.first.iter().chain(&self.usual);
        waiting.any(|job| job.turn.is_awaited())
    }

    /// Waits for the like of what comes in crowds, unless something else came; in how many steps.
    fn linger(&mut self, turn: Turn, queue: &Receiver<Job>) -> u32 {
        let steps = match turn {
            Turn::First => 1,
            Turn::Crowd => LINGER_CROWD,
            Turn::Usual | Turn::Late | Turn::Beside => 0,
        };
        for step in 1..=steps {
            std::thread::sleep(LINGER);
            self.take_in(queue);
            let hurry = turn == Turn::Crowd && self.is_awaited();
            if hurry || self.first.len() + self.usual.len() >= GROUP {
                return step;
            }
        }
        steps
    }
}

fn start(source: Source) -> Res<SyncSender<Job>> {
    let (jobs, queue) = sync_channel(QUEUE);
    std::thread::Builder::new()
        .name("writer".to_owned())
        .spawn(move || work(source, &queue))
        .map_err(|e| StoreError::Connect(format!("cannot start the writer: {e}")))?;
    Ok(jobs)
}

fn work(mut source: Source, queue: &Receiver<Job>) {
    let mut waiting = Waiting::default();
    while waiting.fill(queue) {
        let mut group = Vec::new();
        let committed = match &mut source {
            Source::Own(db) => commit(db, queue, &mut waiting, &mut group),
            Source::Pool(pool) => pool
                .get()
                .map_err(StoreError::Pool)
                .and_then(|mut db| commit(&mut db, queue, &mut waiting, &mut group)),
        };
        if let Err(error) = &committed {
            tracing::error!(%error, "a group of writes was not committed");
            // Nobody waits for a database that is away.
            group.extend(waiting.take_all());
        }
        for work in group {
            work.answer(committed.is_ok());
        }
    }
    if let Source::Own(db) = &mut source
        && let Db::Sqlite(c) = &mut **db
    {
        use diesel::connection::SimpleConnection;
        let tidy = c.batch_execute("PRAGMA wal_checkpoint(TRUNCATE);");
        if let Err(error) = tidy {
            tracing::warn!(%error, "the database was not tidied up");
        }
    }
}

/// Runs a group of what waits and commits it.
fn commit(
    db: &mut Db,
    queue: &Receiver<Job>,
    waiting: &mut Waiting,
    group: &mut Vec<Box<dyn Work>>,
) -> Res<()> {
    let kept = together(db, queue, waiting, group);
    late::forget();
    ahead::forget();
    match kept {
        Err(Parted::Failed) => apart(db, group),
        Err(Parted::Store(error)) => Err(error),
        Ok(()) => Ok(()),
    }
}

/// Why a group was not committed as one.
enum Parted {
    /// One of its jobs failed.
    Failed,
    /// The database did.
    Store(StoreError),
}

impl From<StoreError> for Parted {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Runs what waits, one after the other, until one fails or it is time to commit.
fn together(
    db: &mut Db,
    queue: &Receiver<Job>,
    waiting: &mut Waiting,
    group: &mut Vec<Box<dyn Work>>,
) -> Result<(), Parted> {
    db.write(|db| {
        let begun = Instant::now();
        let mut awaited = false;
        while group.len() < GROUP {
            waiting.take_in(queue);
            let time = if awaited || waiting.is_awaited() {
                GROUP_TIME
            } else {
                CROWD_TIME
            };
            if !group.is_empty() && begun.elapsed() >= time {
                break;
            }
            let Some(Job {
                turn,
                look,
                mut work,
            }) = waiting.next()
            else {
                break;
            };
            awaited |= turn.is_awaited();
            let late = turn != Turn::Usual;
            let ready = prepare(db, late, look, waiting).is_ok();
            late::open(late);
            let kept = ready && work.run(db);
            group.push(work);
            if !kept {
                return Err(Parted::Failed);
            }
        }
        // What cannot be put in its place is some job's own matter.
        late::settle(db).map_err(|_failed| Parted::Failed)
    })
}

/// Makes ready for a job: those of crowds find what was read ahead, others all in its place.
fn prepare(db: &mut Db, late: bool, look: Option<Look>, waiting: &Waiting) -> Res<()> {
    if !late {
        ahead::forget();
        return late::settle(db);
    }
    match look {
        Some(look) => ahead::read(db, look, waiting.usual.iter().filter_map(|job| job.look)),
        None => Ok(()),
    }
}

/// Runs a group again in which a job failed.
fn apart(db: &mut Db, group: &mut [Box<dyn Work>]) -> Res<()> {
    db.write(|db| {
        for work in group {
            work.run_apart(db);
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Work that nobody asked for.
    struct Idle;

    impl Work for Idle {
        fn run(&mut self, _db: &mut Db) -> bool {
            true
        }

        fn run_apart(&mut self, _db: &mut Db) {}

        fn answer(self: Box<Self>, _committed: bool) {}
    }

    /// How long what came first waits with all of this in the queue, and what is done in which order.
    fn order(turns: &[Turn]) -> (u32, Vec<Turn>) {
        let (jobs, queue) = sync_channel(QUEUE);
        for &turn in turns {
            let (look, work) = (None, Box::new(Idle));
            assert!(jobs.try_send(Job { turn, look, work }).is_ok());
        }
        let mut waiting = Waiting::default();
        waiting.add(queue.recv().unwrap());
        let steps = waiting.linger(turns[0], &queue);
        waiting.take_in(&queue);
        (
            steps,
            std::iter::from_fn(|| waiting.next())
                .map(|job| job.turn)
                .collect(),
        )
    }

    #[test]
    fn a_crowd_waits_for_its_like_until_somebody_waits_for_an_answer() {
        use Turn::{Beside, Crowd, First, Late, Usual};
        for (turns, steps) in [
            (&[Crowd][..], LINGER_CROWD),
            (&[Crowd, Crowd], LINGER_CROWD),
            (&[Crowd, Usual, Crowd], 1),
            (&[Crowd, Crowd, Late], 1),
            (&[First, First], 1),
            (&[Crowd, Beside, Crowd], LINGER_CROWD),
            (&[Beside, Crowd], 0),
            (&[Late, Crowd], 0),
            (&[Usual, Crowd], 0),
        ] {
            assert_eq!(order(turns), (steps, turns.to_vec()));
        }
        assert_eq!(order(&[Crowd, First]), (1, vec![First, Crowd]));
        assert_eq!(order(&[Crowd; GROUP]).0, 1);
    }
}
