//! What every request is answered with.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::domain::clock::Ts;
use crate::domain::names::Names;
use crate::domain::refusal::Refusal;
use crate::federation::Federation;
use crate::net::limit::Limiter;
use crate::operations::Operations;
use crate::settings::Settings;
use crate::views::{Snapshot, Unread};

use super::announcements::Announcements;
use super::exports::Exports;
use super::html::Pages;
use super::kept::Kept;
use super::metrics::Requests;
use super::numbers::Numbers;
use super::pictures::Pictures;
use super::theme::Themes;

/// How many people and addresses are remembered for limits (about 100 bytes each).
const KEPT_BUCKETS: usize = 20_000;

/// What every handler works with. One pointer, so it is cheap to clone.
#[derive(Clone)]
pub(crate) struct State(Arc<Floor>);

/// What there is to work with.
pub(crate) struct Floor {
    /// The floor beneath.
    pub(crate) federation: Federation,
    /// Templates and texts.
    pub(crate) pages: Pages,
    /// Where pages find their pictures.
    pub(crate) pictures: Pictures,
    /// How often things happened of late.
    pub(crate) limiter: Arc<Limiter>,
    /// What is counted of requests.
    pub(crate) requests: Requests,
    /// Pages that were made a moment ago.
    pub(crate) kept: Kept,
    /// The hub's numbers.
    pub(crate) numbers: Numbers,
    /// The hub's own look.
    pub(crate) themes: Themes,
    /// What admins tell everybody.
    pub(crate) announcements: Announcements,
    /// How far archives are.
    pub(crate) exports: Exports,
    /// Places for readers who wait for what comes.
    pub(crate) lines: Arc<Semaphore>,
    /// The end of the hub, for answers that have none of their own.
    pub(crate) closing: CancellationToken,
    ready: Arc<AtomicBool>,
}

impl Deref for State {
    type Target = Floor;

    fn deref(&self) -> &Floor {
        &self.0
    }
}

impl State {
    /// The floor over federation; not ready until [`State::set_ready`].
    pub(crate) fn new(federation: Federation, pages: Pages, pictures: Pictures) -> Self {
        let lines = federation.settings().server.live_readers as usize;
        Self(Arc::new(Floor {
            federation,
            pages,
            pictures,
            limiter: Arc::new(Limiter::new(KEPT_BUCKETS)),
            requests: Requests::default(),
            kept: Kept::default(),
            numbers: Numbers::default(),
            themes: Themes::default(),
            announcements: Announcements::default(),
            exports: Exports::default(),
            lines: Arc::new(Semaphore::new(lines)),
            closing: CancellationToken::new(),
            ready: Arc::default(),
        }))
    }

    /// The room that runs operations, with the store that views read from.
    pub(crate) fn operations(&self) -> &Operations {
        &self.federation.operations
    }

    /// The settings in force; hold them for one request only.
    pub(crate) fn settings(&self) -> Arc<Settings> {
        self.federation.settings()
    }

    /// The hub's own addresses.
    pub(crate) fn names(&self) -> &Names {
        self.federation.names()
    }

    /// Runs views in one snapshot of the store.
    ///
    /// # Errors
    /// What the views say, or that the store cannot be read now.
    pub(crate) async fn read<T, E>(
        &self,
        views: impl FnOnce(&mut Snapshot) -> Result<T, E> + Send + 'static,
    ) -> Result<T, Refusal>
    where
        T: Send + 'static,
        E: From<Unread> + Into<Refusal> + Send + 'static,
    {
        self.operations()
            .store
            .read(views)
            .await
            .map_err(Into::into)
    }

    /// Runs a view of one query, which needs no snapshot and is spared its two journeys.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub(crate) async fn look_up<T, E>(
        &self,
        view: impl FnOnce(&mut Snapshot) -> Result<T, E> + Send + 'static,
    ) -> Result<T, Refusal>
    where
        T: Send + 'static,
        E: From<Unread> + Into<Refusal> + Send + 'static,
    {
        let store = &self.operations().store;
        store.look_up(view).await.map_err(Into::into)
    }

    /// The current moment.
    pub(crate) fn now(&self) -> Ts {
        self.federation.now()
    }

    /// Whether the workers run.
    pub(crate) fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Relaxed)
    }

    /// Says whether the workers run.
    pub(crate) fn set_ready(&self, ready: bool) {
        self.ready.store(ready, Ordering::Relaxed);
    }
}
