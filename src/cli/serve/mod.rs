//! `guildhall serve`: runs everything until it is told to stop.

mod http;
mod logs;
mod occupied;

use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use prometheus_client::registry::Registry;
use tokio::net::TcpListener;
use tokio::runtime::{Handle, Runtime};
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::context::{Context, Refused};
use super::hub::{self, Lane};
use crate::faces;
use crate::federation::Federation;
use crate::net::{Client, Limits, Service};
use crate::operations::Operations;
use crate::settings::{Live, Settings};
use crate::views::account;
use crate::work::{Metrics, Work};
use occupied::Occupied;

/// Run the hub until it is told to stop
#[derive(Args, Debug)]
pub(super) struct Serve {}

/// Threads that wait for the database or hash passwords, beside one for each core.
const MOST_BLOCKING: usize = 64;

/// Runs the hub; returns when it was stopped in order.
pub(super) fn run(context: &Context) -> Result<(), Refused> {
    let settings = context.load()?.settings;
    logs::begin(&settings.observe);
    let (runtime, workers) = (threads("guildhall")?, threads("work")?);
    let done = runtime.block_on(serve(context, &settings, workers.handle()));
    for runtime in [runtime, workers] {
        runtime.shutdown_timeout(Duration::from_secs(1));
    }
    done
}

/// As many threads as the machine has cores, and some that wait.
fn threads(name: &str) -> Result<Runtime, Refused> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .max_blocking_threads(MOST_BLOCKING)
        .thread_keep_alive(Duration::from_secs(10))
        .thread_name(name)
        .build()
        .map_err(|error| Refused::from(format!("this machine gives out no threads: {error}")))
}

/// Serves on the threads of who calls. The workers have their own, so that whoever waits for an answer
/// does not stand in line behind what came in crowds.
async fn serve(context: &Context, settings: &Settings, workers: &Handle) -> Result<(), Refused> {
    let _occupied = Occupied::take(&settings.server.data_dir)?;
    let mut signals = Signals::listen()?;
    let operations = hub::open(settings, Lane::Server).await?;
    let live = operations.live.clone();
    let run = operations.store.read(account::is_run).await;
    let run = run.map_err(|fault| Refused::from(fault.to_string()))?;
    let federation = federation(operations, settings)?;
    let state = faces::state(federation.clone());
    let counted = Metrics::default();
    let mut registry = Registry::default();
    state.requests.register(&mut registry);
    counted.register(&mut registry);
    let listener = bind(settings.server.bind, "server.bind").await?;
    let metrics = match settings.observe.metrics_bind {
        Some(address) => Some(bind(address, "observe.metrics_bind").await?),
        None => None,
    };
    let work = {
        let _theirs = workers.enter();
        Work::start(&federation, &counted)
    };
    let hub = http::Server::start(listener, faces::router(state.clone()));
    let numbers = metrics
        .map(|listener| http::Server::start(listener, faces::metrics_router(Arc::new(registry))));
    announce(&live.get(), run);
    state.set_ready(true);
    let look = || state.set_ready(work.is_alive());
    signals.until_stop(|| reload(context, &live), look).await;
    state.set_ready(false);
    state.closing.cancel();
    tracing::info!("stopping");
    let patience = live.get().server.stop_timeout.duration();
    tokio::join!(hub.stop(patience), work.stop(patience));
    if let Some(numbers) = numbers {
        numbers.stop(Duration::ZERO).await;
    }
    tracing::info!("stopped");
    Ok(())
}

/// Tells who reads the log where the hub is, and what it lacks.
fn announce(settings: &Settings, run: bool) {
    tracing::info!(
        address = %settings.server.bind,
        "{} is open at {}/", settings.instance.name, settings.base_url()
    );
    if let Some(sentence) = hub::mail_note(settings) {
        tracing::warn!("{sentence}");
    }
    if !run {
        tracing::warn!(
            "nobody runs this hub yet; make its first admin beside it: \
             guildhall user create NAME --email ADDRESS --role admin --password-stdin"
        );
    }
}

fn federation(operations: Operations, settings: &Settings) -> Result<Federation, Refused> {
    let limits = Limits {
        connect: settings.delivery.connect_timeout.duration(),
        fetch: settings.federation.fetch_timeout.duration(),
        post: settings.delivery.timeout.duration(),
        redirects: usize::try_from(settings.federation.fetch_redirects).unwrap_or(0),
        ..Limits::default()
    };
    let host = operations.names.host().to_owned();
    let client = Client::new(&host, limits, settings.federation.development)
        .map_err(|error| Refused::from(format!("no client for other servers: {error}")))?;
    let service = Service::new(limits)
        .map_err(|error| Refused::from(format!("no client for services: {error}")))?;
    operations.media.cupboard.set_carrier(Arc::new(service));
    Ok(Federation::new(operations, client))
}

async fn bind(address: std::net::SocketAddr, key: &str) -> Result<TcpListener, Refused> {
    TcpListener::bind(address).await.map_err(|error| {
        Refused::from(format!(
            "{address} cannot be listened on: {error}; choose another address in {key}, or stop \
             what listens there"
        ))
    })
}

/// Reads the settings again and puts them in force, or says why nothing changed.
fn reload(context: &Context, live: &Live) {
    let loaded = match context.try_load() {
        Ok(Ok(loaded)) => loaded,
        Ok(Err(faults)) => {
            for fault in &faults.0 {
                tracing::error!("nothing was reloaded: {fault}");
            }
            return;
        }
        Err(refused) => {
            tracing::error!("nothing was reloaded: {}", refused.sentences.join("; "));
            return;
        }
    };
    for warning in &loaded.warnings {
        tracing::warn!("{warning}");
    }
    match live.reload(loaded.settings) {
        Ok(()) => tracing::info!("the settings were reloaded"),
        Err(refused) => tracing::error!("{refused}"),
    }
}

/// What the operator tells a running hub.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hang_up: Signal,
}

impl Signals {
    fn listen() -> Result<Self, Refused> {
        let listen = |kind| {
            let cannot = |error| format!("signals cannot be listened to: {error}");
            signal(kind).map_err(|error| Refused::from(cannot(error)))
        };
        Ok(Self {
            terminate: listen(SignalKind::terminate())?,
            interrupt: listen(SignalKind::interrupt())?,
            hang_up: listen(SignalKind::hangup())?,
        })
    }

    /// Waits until the hub is told to stop; reloads whenever it is told to, and looks after the
    /// workers every second.
    async fn until_stop(&mut self, reload: impl Fn(), look: impl Fn()) {
        let mut second = tokio::time::interval(Duration::from_secs(1));
        loop {
            tokio::select! {
                _ = second.tick() => look(),
                _ = self.terminate.recv() => return,
                _ = self.interrupt.recv() => return,
                _ = self.hang_up.recv() => reload(),
            }
        }
    }
}
