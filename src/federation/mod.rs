//! ActivityPub documents to operations, and views to ActivityPub documents.

mod admit;
pub(crate) mod block_list;
pub(crate) mod bridge;
pub(crate) mod collection;
pub(crate) mod document;
pub(crate) mod fuzz;
pub(crate) mod inbox;
mod keys;
pub(crate) mod outgoing;
pub(crate) mod quirks;
mod read;
pub(crate) mod reader;
pub(crate) mod receive;
pub(crate) mod resolve;
pub(crate) mod sign;
mod signing;
pub(crate) mod verify;
pub(crate) mod wire;
pub(crate) mod write;

use std::sync::Arc;

use tokio::sync::watch;

pub(crate) use signing::SigningKey;

use crate::domain::clock::Ts;
use crate::domain::ids::ActorId;
use crate::domain::names::Names;
use crate::net::Client;
use crate::operations::Operations;
use crate::settings::Settings;
use crate::store::Res;

/// The floor: what everything that speaks with other servers works with. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Federation {
    /// The floor beneath.
    pub(crate) operations: Operations,
    /// The way out.
    pub(crate) client: Client,
    signing: signing::Keys,
    memory: Arc<keys::Memory>,
    fetches: Arc<resolve::Fetches>,
    received: Arc<watch::Sender<()>>,
}

impl Federation {
    /// The floor over the operations.
    pub(crate) fn new(operations: Operations, client: Client) -> Self {
        let received = Arc::new(watch::channel(()).0);
        let (signing, memory, fetches) = (signing::Keys::new(), Arc::default(), Arc::default());
        Self {
            operations,
            client,
            signing,
            memory,
            fetches,
            received,
        }
    }

    /// The settings in force.
    pub(crate) fn settings(&self) -> Arc<Settings> {
        self.operations.live.get()
    }

    /// The hub's own addresses.
    pub(crate) fn names(&self) -> &Names {
        &self.operations.names
    }

    /// The current moment.
    pub(crate) fn now(&self) -> Ts {
        self.operations.now()
    }

    /// The key with which a local actor signs, kept parsed; `None` if it has none.
    ///
    /// # Errors
    /// If the store cannot be read, or what it holds is no key.
    pub(crate) async fn signing_key(&self, actor: ActorId) -> Res<Option<Arc<SigningKey>>> {
        self.signing.find(&self.operations.store, actor).await
    }

    /// Wakes when a received activity was stored and waits to be processed.
    pub(crate) fn received(&self) -> watch::Receiver<()> {
        self.received.subscribe()
    }

    /// Tells whoever processes received activities that one was stored (and committed).
    pub(crate) fn wake(&self) {
        self.received.send_replace(());
    }
}
