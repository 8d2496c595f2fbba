//! ActivityPub documents to operations, and views to ActivityPub documents.

mod keys;
pub(crate) mod sign;
pub(crate) mod verify;
pub(crate) mod wire;

use std::sync::Arc;

use tokio::sync::Notify;

pub(crate) use keys::SigningKey;

use crate::domain::ids::ActorId;
use crate::operations::Operations;
use crate::store::Res;

/// The floor: what everything that speaks with other servers works with. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Federation {
    /// The floor beneath.
    pub(crate) operations: Operations,
    keys: keys::Keys,
    received: Arc<Notify>,
}

impl Federation {
    /// The floor over the operations.
    pub(crate) fn new(operations: Operations) -> Self {
        Self { operations, keys: keys::Keys::new(), received: Arc::new(Notify::new()) }
    }

    /// The key with which a local actor signs, kept parsed; `None` if it has none.
    ///
    /// # Errors
    /// If the store cannot be read, or what it holds is no key.
    pub(crate) async fn signing_key(&self, actor: ActorId) -> Res<Option<Arc<SigningKey>>> {
        self.keys.find(&self.operations.store, actor).await
    }

    /// Tells the receiver that the inbox table got a row: call it after the insert is committed.
    pub(crate) fn announce_received(&self) {
        self.received.notify_one();
    }

    /// Waits until the inbox table got a row since the last call.
    pub(crate) async fn received(&self) {
        self.received.notified().await;
    }
}
