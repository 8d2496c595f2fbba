//! The private keys of local actors, kept parsed: parsing one costs as much as a signature.

use std::sync::Arc;

use crate::crypto::keypair::PrivateKey;
use crate::domain::ids::ActorId;
use crate::store::{Res, Store, StoreError, actors};

/// A key that signs, and the id by which others fetch its public half.
pub(crate) struct SigningKey {
    /// The key's id, as in `https://hub.example/c/tea#main-key`.
    pub(crate) id: String,
    /// The key.
    pub(crate) key: PrivateKey,
}

/// How many actors' keys are kept (about 4 KiB each).
const KEPT: u64 = 4_096;

#[derive(Clone)]
pub(super) struct Keys(moka::sync::Cache<ActorId, Arc<SigningKey>>);

impl Keys {
    pub(super) fn new() -> Self {
        Self(moka::sync::Cache::new(KEPT))
    }

    pub(super) async fn find(&self, store: &Store, actor: ActorId) -> Res<Option<Arc<SigningKey>>> {
        if let Some(key) = self.0.get(&actor) {
            return Ok(Some(key));
        }
        let stored = store.read(move |db| actors::find_key_of(db, actor)).await?;
        let Some(stored) = stored else {
            return Ok(None);
        };
        let Some(der) = &stored.private_der else {
            return Ok(None);
        };
        let key = PrivateKey::from_pkcs8(der)
            .map_err(|e| StoreError::Unreadable(format!("key {}: {e}", stored.uri)))?;
        let key = Arc::new(SigningKey {
            id: stored.uri,
            key,
        });
        self.0.insert(actor, Arc::clone(&key));
        Ok(Some(key))
    }
}
