//! Everything that happens without a request: receiving, delivering, refreshing, pruning.
//!
//! [`Work::start`] starts the workers, restarts those that fail, and [`Work::stop`] ends them in
//! order: what is under way is finished, what is known is saved.

mod ask_again;
mod backfill;
mod deliver;
mod departures;
mod drafts;
mod fan_out;
mod heralds;
mod lists;
mod mail;
mod media;
mod metrics;
mod news;
mod polls;
mod previews;
mod prune;
mod push;
mod receive;
mod second_look;
mod threads;

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::AtomicI64;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::mpsc::Sender;
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use deliver::{Message, Render, Setup};
pub(crate) use metrics::Metrics;
use receive::Handle;

use crate::domain::ids::ActorId;
use crate::federation::{Federation, outgoing};
use crate::mail::Courier;
use crate::store::StoreError;

/// Batches of entries that may wait for the engine; then the log is read more slowly.
const BATCHES: usize = 64;
/// Groups that may wait to be fetched.
const GROUPS: usize = 256;
/// The pause before a worker that failed is started again.
const RESTART: Duration = Duration::from_secs(1);

/// The end of the hub, as the workers see it.
#[derive(Clone, Default)]
struct Stopping {
    token: CancellationToken,
    until: Arc<OnceLock<Instant>>,
}

impl Stopping {
    /// When a worker has to be done after the token was cancelled.
    fn deadline(&self) -> Instant {
        self.until.get().copied().unwrap_or_else(Instant::now)
    }

    /// Waits so long; whether there is anything to do after it, for the hub goes on.
    async fn pause(&self, pause: Duration) -> bool {
        tokio::select! {
            () = self.token.cancelled() => false,
            () = tokio::time::sleep(pause) => true,
        }
    }

    /// Deals with one after the other until the hub stops; with how many of them it was done.
    async fn each<T, Done: Future<Output = bool>>(
        &self,
        due: Vec<T>,
        deal: impl Fn(T) -> Done,
    ) -> usize {
        let mut done = 0;
        for one in due {
            if self.token.is_cancelled() {
                break;
            }
            done += usize::from(deal(one).await);
        }
        done
    }
}

/// All workers, running.
pub(crate) struct Work {
    stopping: Stopping,
    messages: Sender<Message>,
    workers: Vec<JoinHandle<()>>,
}

impl Work {
    /// Starts all workers; with federation switched off, those that speak with nobody.
    pub(crate) fn start(federation: &Federation, metrics: &Metrics) -> Self {
        Self::start_with(federation, metrics, outgoing::documents, receive::handle())
    }

    /// The same with other hands that render what is sent and give effect to what is received.
    fn start_with(
        federation: &Federation,
        metrics: &Metrics,
        render: Render,
        handle: Handle,
    ) -> Self {
        let stopping = Stopping::default();
        let (messages, heard) = mpsc::channel(BATCHES);
        let mut work = Self {
            stopping,
            messages,
            workers: Vec::new(),
        };
        work.add_pruning(federation, metrics);
        work.add_polls(federation, metrics);
        work.add_drafts(federation, metrics);
        work.add_heralds(federation, metrics);
        work.add_departures(federation, metrics);
        work.add_mail(federation, metrics);
        work.add_news(federation, metrics);
        work.add_pushing(federation, metrics);
        work.add_media(federation, metrics);
        work.add_previews(federation, metrics);
        if federation.settings().federation.enabled {
            work.add_delivery(federation, metrics, render, heard);
            work.add_receiving(federation, metrics, handle);
            work.add_lists(federation, metrics);
            work.add_asking_again(federation, metrics);
            work.add_second_look(federation, metrics);
            work.add_threads(federation, metrics);
        }
        work
    }

    /// Notes that a signed request came from this host (with port, as in ids): if deliveries to it
    /// failed, they are tried at once.
    #[cfg(test)]
    pub(crate) fn seen(&self, host: &str) {
        // A full queue means that the engine is busy; the next request will do.
        drop(self.messages.try_send(Message::Seen(host.to_owned())));
    }

    /// Whether every worker runs.
    pub(crate) fn is_alive(&self) -> bool {
        self.workers.iter().all(|worker| !worker.is_finished())
    }

    /// Stops all workers in order, within `limit`.
    pub(crate) async fn stop(self, limit: Duration) {
        let drain = limit.mul_f64(0.8);
        self.stopping.until.get_or_init(|| Instant::now() + drain);
        self.stopping.token.cancel();
        let end = Instant::now() + limit;
        for worker in self.workers {
            let abort = worker.abort_handle();
            if tokio::time::timeout_at(end, worker).await.is_err() {
                tracing::warn!("a worker did not stop in time");
                abort.abort();
            }
        }
    }

    /// Ends as `kill -9` does: nothing is finished, nothing is saved.
    #[cfg(test)]
    async fn crash(self) {
        for worker in self.workers {
            worker.abort();
            assert!(worker.await.is_err() || !self.stopping.token.is_cancelled());
        }
    }

    fn add_delivery(
        &mut self,
        federation: &Federation,
        metrics: &Metrics,
        render: Render,
        heard: mpsc::Receiver<Message>,
    ) {
        let setup = Setup {
            federation: federation.clone(),
            metrics: metrics.clone(),
            render,
        };
        let (stopping, heard) = (self.stopping.clone(), Arc::new(Mutex::new(heard)));
        self.supervise("deliver", metrics, move || {
            let (setup, heard, stopping) = (setup.clone(), Arc::clone(&heard), stopping.clone());
            async move { deliver::run(setup, &mut *heard.lock().await, &stopping).await }
        });
        let joined = self.add_backfill(federation, metrics);
        let heads = fan_out::Heads {
            engine: self.messages.clone(),
            joined,
        };
        let operations = federation.operations.clone();
        let (stopping, counted) = (self.stopping.clone(), metrics.clone());
        let handed_out = Arc::new(AtomicI64::new(-1));
        self.supervise("fan_out", metrics, move || {
            let (operations, heads) = (operations.clone(), heads.clone());
            let (stopping, counted) = (stopping.clone(), counted.clone());
            let handed_out = Arc::clone(&handed_out);
            async move { fan_out::run(&operations, &counted, &handed_out, &heads, &stopping).await }
        });
    }

    fn add_backfill(&mut self, federation: &Federation, metrics: &Metrics) -> Sender<ActorId> {
        let (joined, groups) = mpsc::channel(GROUPS);
        let (federation, groups) = (federation.clone(), Arc::new(Mutex::new(groups)));
        let stopping = self.stopping.clone();
        self.supervise("backfill", metrics, move || {
            let (federation, groups) = (federation.clone(), Arc::clone(&groups));
            let stopping = stopping.clone();
            async move { backfill::run(&federation, &mut *groups.lock().await, &stopping).await }
        });
        joined
    }

    fn add_receiving(&mut self, federation: &Federation, metrics: &Metrics, handle: Handle) {
        let (federation, messages) = (federation.clone(), self.messages.clone());
        let (stopping, counted) = (self.stopping.clone(), metrics.clone());
        self.supervise("receive", metrics, move || {
            let (federation, messages) = (federation.clone(), messages.clone());
            let (stopping, counted) = (stopping.clone(), counted.clone());
            let handle = Arc::clone(&handle);
            async move { receive::run(&federation, &handle, &counted, &messages, &stopping).await }
        });
    }

    fn add_lists(&mut self, federation: &Federation, metrics: &Metrics) {
        let (federation, stopping) = (federation.clone(), self.stopping.clone());
        self.supervise("lists", metrics, move || {
            let (federation, stopping) = (federation.clone(), stopping.clone());
            async move { lists::run(&federation, &stopping).await }
        });
    }

    fn add_threads(&mut self, federation: &Federation, metrics: &Metrics) {
        let (federation, stopping) = (federation.clone(), self.stopping.clone());
        self.supervise("threads", metrics, move || {
            let (federation, stopping) = (federation.clone(), stopping.clone());
            async move { threads::run(&federation, &stopping).await }
        });
    }

    fn add_second_look(&mut self, federation: &Federation, metrics: &Metrics) {
        let (federation, stopping) = (federation.clone(), self.stopping.clone());
        self.supervise("second_look", metrics, move || {
            let (federation, stopping) = (federation.clone(), stopping.clone());
            async move { second_look::run(&federation, &stopping).await }
        });
    }

    fn add_asking_again(&mut self, federation: &Federation, metrics: &Metrics) {
        let (operations, stopping) = (federation.operations.clone(), self.stopping.clone());
        self.supervise("ask_again", metrics, move || {
            let (operations, stopping) = (operations.clone(), stopping.clone());
            async move { ask_again::run(&operations, &stopping).await }
        });
    }

    fn add_pruning(&mut self, federation: &Federation, metrics: &Metrics) {
        let (operations, stopping) = (federation.operations.clone(), self.stopping.clone());
        self.supervise("prune", metrics, move || {
            let (operations, stopping) = (operations.clone(), stopping.clone());
            async move { prune::run(&operations, &stopping).await }
        });
    }

    fn add_polls(&mut self, federation: &Federation, metrics: &Metrics) {
        let (operations, stopping) = (federation.operations.clone(), self.stopping.clone());
        self.supervise("polls", metrics, move || {
            let (operations, stopping) = (operations.clone(), stopping.clone());
            async move { polls::run(&operations, &stopping).await }
        });
    }

    fn add_drafts(&mut self, federation: &Federation, metrics: &Metrics) {
        let (operations, stopping) = (federation.operations.clone(), self.stopping.clone());
        self.supervise("drafts", metrics, move || {
            let (operations, stopping) = (operations.clone(), stopping.clone());
            async move { drafts::run(&operations, &stopping).await }
        });
    }

    fn add_heralds(&mut self, federation: &Federation, metrics: &Metrics) {
        let (operations, stopping) = (federation.operations.clone(), self.stopping.clone());
        self.supervise("heralds", metrics, move || {
            let (operations, stopping) = (operations.clone(), stopping.clone());
            async move { heralds::run(&operations, &stopping).await }
        });
    }

    fn add_departures(&mut self, federation: &Federation, metrics: &Metrics) {
        let (operations, stopping) = (federation.operations.clone(), self.stopping.clone());
        self.supervise("departures", metrics, move || {
            let (operations, stopping) = (operations.clone(), stopping.clone());
            async move { departures::run(&operations, &stopping).await }
        });
    }

    fn add_mail(&mut self, federation: &Federation, metrics: &Metrics) {
        let (operations, stopping) = (federation.operations.clone(), self.stopping.clone());
        let folder = &federation.settings().server.data_dir;
        let courier = Arc::new(Courier::new(folder, federation.names().host()));
        let counted = metrics.clone();
        self.supervise("mail", metrics, move || {
            let (operations, courier) = (operations.clone(), Arc::clone(&courier));
            let (stopping, counted) = (stopping.clone(), counted.clone());
            async move { mail::run(&operations, &courier, &counted, &stopping).await }
        });
    }

    fn add_news(&mut self, federation: &Federation, metrics: &Metrics) {
        let (operations, stopping) = (federation.operations.clone(), self.stopping.clone());
        self.supervise("news", metrics, move || {
            let (operations, stopping) = (operations.clone(), stopping.clone());
            async move { news::run(&operations, &stopping).await }
        });
    }

    fn add_pushing(&mut self, federation: &Federation, metrics: &Metrics) {
        let (federation, stopping) = (federation.clone(), self.stopping.clone());
        let counted = metrics.clone();
        self.supervise("push", metrics, move || {
            let (federation, stopping) = (federation.clone(), stopping.clone());
            let counted = counted.clone();
            async move { push::run(&federation, &counted, &stopping).await }
        });
    }

    fn add_media(&mut self, federation: &Federation, metrics: &Metrics) {
        let (operations, stopping) = (federation.operations.clone(), self.stopping.clone());
        self.supervise("media", metrics, move || {
            let (operations, stopping) = (operations.clone(), stopping.clone());
            async move { media::run(&operations, &stopping).await }
        });
    }

    fn add_previews(&mut self, federation: &Federation, metrics: &Metrics) {
        let (federation, stopping) = (federation.clone(), self.stopping.clone());
        self.supervise("previews", metrics, move || {
            let (federation, stopping) = (federation.clone(), stopping.clone());
            async move { previews::run(&federation, &stopping).await }
        });
    }

    /// Runs a worker until the hub stops, and starts it again when it fails or panics.
    #[expect(
        clippy::disallowed_methods,
        reason = "tasks belong here, where they are stopped"
    )]
    fn supervise<F>(
        &mut self,
        name: &'static str,
        metrics: &Metrics,
        mut start: impl FnMut() -> F + Send + 'static,
    ) where
        F: Future<Output = Result<(), StoreError>> + Send,
    {
        let (token, metrics) = (self.stopping.token.clone(), metrics.clone());
        self.workers.push(tokio::spawn(async move {
            loop {
                match AssertUnwindSafe(start()).catch_unwind().await {
                    Ok(Ok(())) => return,
                    Ok(Err(error)) => tracing::error!(worker = name, %error, "a worker failed"),
                    Err(_panic) => tracing::error!(worker = name, "a worker panicked"),
                }
                metrics.restarted();
                tokio::select! {
                    () = token.cancelled() => return,
                    () = tokio::time::sleep(RESTART) => {}
                }
            }
        }));
    }
}

#[cfg(test)]
mod checklist;
#[cfg(test)]
mod mail_tests;
#[cfg(test)]
mod preview_tests;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
