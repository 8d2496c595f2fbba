//! SQLite's one writer: a thread that owns the write connection and commits jobs in groups.
//!
//! Each job runs in a savepoint, so one that fails takes nothing else with it; callers are
//! answered only after the group is committed (storage.md 5 measured 3 to 14 times the rate of a
//! pool, and a fortieth of its worst latency).

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use tokio::sync::oneshot;

use super::{Db, Res, StoreError};

/// Runs in the group's transaction; gives back how to answer once that is committed (or not).
type Job = Box<dyn FnOnce(&mut Db) -> Answer + Send>;
type Answer = Box<dyn FnOnce(bool) + Send>;

/// Jobs that may wait; beyond that the hub says it is overloaded.
const QUEUE: usize = 4096;
/// Jobs that share one commit.
const GROUP: usize = 128;

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
        mut f: impl FnMut(&mut Db) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |db| {
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
            .try_send(job)
            .map_err(|_full| E::from(StoreError::Overloaded))?;
        answered.await.map_err(|_gone| E::from(StoreError::Panic))?
    }
}

fn work(mut db: Db, queue: &Receiver<Job>) {
    while let Ok(first) = queue.recv() {
        let mut jobs = vec![first];
        while jobs.len() < GROUP {
            let Ok(job) = queue.try_recv() else { break };
            jobs.push(job);
        }
        let mut answers = Vec::with_capacity(jobs.len());
        let committed: Res<()> = db.write(|db| {
            answers.extend(jobs.into_iter().map(|job| job(db)));
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
