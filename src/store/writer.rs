//! SQLite's one writer: a thread that owns the write connection and commits jobs in groups.
//!
//! Each job runs in a savepoint, so one that fails takes nothing else with it; callers are
//! answered only after the group is committed (storage.md 5 measured 3 to 14 times the rate of a
//! pool, and a fortieth of its worst latency).

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::{Db, Res, StoreError};

/// Runs in the group's transaction; gives back how to answer once that is committed (or not).
type Work = Box<dyn FnOnce(&mut Db) -> Answer + Send>;
type Answer = Box<dyn FnOnce(bool) + Send>;

/// A piece of work and when it is its turn.
struct Job {
    turn: Turn,
    work: Work,
}

/// Whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// Before the others: somebody elsewhere waits for the answer, and the work is short.
    First,
    /// In the order of arrival.
    Usual,
}

/// Jobs that may wait; beyond that the hub says it is overloaded.
const QUEUE: usize = 4096;
/// Jobs that share one commit.
const GROUP: usize = 128;
/// So many go before a usual one that waits, so that a flood does not keep members from writing.
const AHEAD: usize = 4;
/// With so much done a group is committed, so that those who come meanwhile wait no longer.
const GROUP_TIME: Duration = Duration::from_millis(10);

/// A handle to the writer thread; the thread ends when the last handle is gone.
#[derive(Clone)]
pub(super) struct Writer {
    jobs: SyncSender<Job>,
}

impl Writer {
    /// Starts the thread with the connection that it will own.
    pub(super) fn start(db: Db) -> Res<Self> {
        let (jobs, queue) = sync_channel(QUEUE);
        std::thread::Builder::new()
            .name("sqlite-writer".to_owned())
            .spawn(move || work(db, &queue))
            .map_err(|e| StoreError::Connect(format!("cannot start the writer: {e}")))?;
        Ok(Self { jobs })
    }

    /// Runs one job and waits until it is committed.
    pub(super) async fn run<T, E>(
        &self,
        turn: Turn,
        mut f: impl FnMut(&mut Db) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let work: Work = Box::new(move |db| {
            let result = catch_unwind(AssertUnwindSafe(|| db.write(&mut f)))
                .unwrap_or_else(|_panic| Err(E::from(StoreError::Panic)));
            Box::new(move |committed| {
                let result = if committed {
                    result
                } else {
                    Err(E::from(StoreError::Overloaded))
                };
                // The caller may have gone away; what was committed stays committed.
                drop(answer.send(result));
            })
        });
        self.jobs
            .try_send(Job { turn, work })
            .map_err(|_full| E::from(StoreError::Overloaded))?;
        answered.await.map_err(|_gone| E::from(StoreError::Panic))?
    }
}

/// What waits, taken out of the channel.
#[derive(Default)]
struct Waiting {
    /// How many went before the usual ones since the last of these.
    ahead: usize,
    first: VecDeque<Work>,
    usual: VecDeque<Work>,
}

impl Waiting {
    fn add(&mut self, job: Job) {
        match job.turn {
            Turn::First => self.first.push_back(job.work),
            Turn::Usual => self.usual.push_back(job.work),
        }
    }

    fn next(&mut self) -> Option<Work> {
        if (self.ahead < AHEAD || self.usual.is_empty())
            && let Some(work) = self.first.pop_front()
        {
            self.ahead += 1;
            return Some(work);
        }
        self.ahead = 0;
        self.usual.pop_front()
    }

    /// Takes in what came; waits for something if nothing is there. `false`: nothing will come.
    fn fill(&mut self, queue: &Receiver<Job>) -> bool {
        if self.first.is_empty() && self.usual.is_empty() {
            let Ok(job) = queue.recv() else { return false };
            self.add(job);
        }
        while self.first.len() + self.usual.len() < 2 * GROUP {
            let Ok(job) = queue.try_recv() else { break };
            self.add(job);
        }
        true
    }
}

fn work(mut db: Db, queue: &Receiver<Job>) {
    let mut waiting = Waiting::default();
    while waiting.fill(queue) {
        let mut answers = Vec::new();
        let committed: Res<()> = db.write(|db| {
            let begun = Instant::now();
            while answers.len() < GROUP && (answers.is_empty() || begun.elapsed() < GROUP_TIME) {
                let Some(work) = waiting.next() else { break };
                answers.push(work(db));
            }
            Ok(())
        });
        if let Err(error) = &committed {
            tracing::error!(%error, "a group of writes was not committed");
        }
        for answer in answers {
            answer(committed.is_ok());
        }
    }
    if let Db::Sqlite(c) = &mut db {
        use diesel::connection::SimpleConnection;
        let tidy = c.batch_execute("PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE);");
        if let Err(error) = tidy {
            tracing::warn!(%error, "the database was not tidied up");
        }
    }
}
