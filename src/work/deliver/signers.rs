//! Signs on threads of its own, one for each core: signatures are the cost of a delivery, and a
//! thread that finds the next one waiting need not be woken for it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;

use crate::store::{Res, StoreError};

type Job = Box<dyn FnOnce() + Send>;

/// The threads; they end with this. As many jobs wait as there are deliveries in flight.
pub(super) struct Signers(Sender<Job>);

impl Signers {
    /// Starts the threads.
    ///
    /// # Errors
    /// If the system has no thread left.
    pub(super) fn start() -> Res<Self> {
        let (jobs, queue) = channel();
        let queue = Arc::new(Mutex::new(queue));
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        for _core in 0..cores {
            let queue = Arc::clone(&queue);
            std::thread::Builder::new()
                .name("signer".to_owned())
                .spawn(move || work(&queue))
                .map_err(|e| StoreError::Connect(format!("cannot start a signer: {e}")))?;
        }
        Ok(Self(jobs))
    }

    /// Runs a job on one of the threads; `None` if it did not end.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let (answer, waiting) = oneshot::channel();
        let job = Box::new(move || drop(answer.send(job())));
        self.0.send(job).ok()?;
        waiting.await.ok()
    }
}

fn work(queue: &Mutex<Receiver<Job>>) {
    while let Some(job) = next(queue) {
        // What panics ends itself alone: its answer is dropped.
        drop(catch_unwind(AssertUnwindSafe(job)));
    }
}

fn next(queue: &Mutex<Receiver<Job>>) -> Option<Job> {
    let queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
    queue.recv().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn many_jobs_at_once_all_get_their_own_answer() {
        let signers = Signers::start().unwrap();
        let asked = (0..100u32).map(|number| signers.run(move || number * 2));
        let answers = futures_util::future::join_all(asked).await;
        let expected = (0..100u32).map(|number| Some(number * 2));
        assert_eq!(answers, expected.collect::<Vec<_>>());
    }

    #[tokio::test]
    async fn a_job_that_panics_takes_no_thread_with_it() {
        let signers = Signers::start().unwrap();
        for _job in 0..100 {
            let failed = signers.run(|| assert_eq!(1, 2, "on purpose")).await;
            assert_eq!(failed, None);
        }
        assert_eq!(signers.run(|| 1).await, Some(1));
    }
}
