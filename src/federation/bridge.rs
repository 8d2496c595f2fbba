//! What Guildhall takes from the `activitypub_federation` crate, and the only place that knows its
//! traits: typed ids, the trait implementations that they ask for, the context wrapper, the key
//! document and the check that two addresses share a host. `write` also names types by its kinds.
//!
//! Its inbox, verifier, signer, fetcher and queue are not used: security.md 2 says why, and
//! `verify`, `sign`, `net` and the outbox log take their place.

use activitypub_federation::config::Data;
use activitypub_federation::fetch::object_id::ObjectId;
use activitypub_federation::protocol::context::WithContext;
use activitypub_federation::protocol::public_key::PublicKey;
use activitypub_federation::protocol::verification::{verify_domains_match, verify_urls_match};
use activitypub_federation::traits;
use async_trait::async_trait;
use serde_json::Value;
use url::Url;

use super::wire::{self, Malformed};
use crate::domain::ids::{Uri, host_of};

/// Why a document does not speak for whom it names.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BridgeError {
    /// The document itself is no use.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// An id that is no address.
    #[error("`{0}` is not an absolute http(s) address")]
    NotAnAddress(String),
    /// Two addresses that must share a host do not.
    #[error("{0} does not live on the host of {1}")]
    OtherHost(String, String),
    /// Two addresses that must be one are not.
    #[error("{0} is not {1}")]
    OtherAddress(String, String),
    /// The library's own refusal.
    #[error(transparent)]
    Library(#[from] activitypub_federation::error::Error),
}

/// Checks that both addresses live on one host, port included.
///
/// The library's check compares domain names alone, and finds any two numeric addresses equal; it
/// stays as the first of two.
pub(crate) fn same_host(one: &str, other: &str) -> Result<(), BridgeError> {
    let (a, b) = (address(one)?, address(other)?);
    let refused = || BridgeError::OtherHost(one.to_owned(), other.to_owned());
    if verify_domains_match(&a, &b).is_err() || host_of(&a) != host_of(&b) || !a.has_host() {
        return Err(refused());
    }
    Ok(())
}

/// Checks that both addresses are one, up to what an address may be written in two ways.
pub(crate) fn same_address(one: &str, other: &str) -> Result<(), BridgeError> {
    let refused = |_| BridgeError::OtherAddress(one.to_owned(), other.to_owned());
    verify_urls_match(&address(one)?, &address(other)?).map_err(refused)
}

fn address(text: &str) -> Result<Url, BridgeError> {
    let uri = Uri::parse(text).and_then(|uri| uri.url());
    uri.ok_or_else(|| BridgeError::NotAnAddress(text.to_owned()))
}

/// The document with `@context` before its fields.
pub(super) fn with_context(document: Value, context: Value) -> Value {
    serde_json::to_value(WithContext::new(document, context)).expect("an object stays an object")
}

/// The key document of an actor: `#main-key`, the fragment that everybody resolves.
pub(super) fn public_key(owner: &Uri, pem: &str) -> Value {
    let url = owner.url().expect("ids of this hub are addresses");
    let key = PublicKey {
        id: format!("{owner}#main-key"),
        owner: url,
        public_key_pem: pem.to_owned(),
    };
    serde_json::to_value(key).expect("three strings are JSON")
}

/// An id that is known to name an actor.
type ActorUri = ObjectId<KnownActor>;

/// An actor as the library sees one: the addresses in its document, already read.
#[derive(Debug, Clone)]
pub(crate) struct KnownActor {
    id: ActorUri,
    inbox: Url,
    shared_inbox: Option<Url>,
    pem: String,
    document: wire::Actor,
}

impl KnownActor {
    /// The actor in a document; its inbox and key must be its own (statements 36 and 37). A shared
    /// inbox elsewhere is not used.
    pub(crate) fn new(document: wire::Actor) -> Result<Self, BridgeError> {
        same_host(&document.id, &document.inbox)?;
        if let Some(key) = &document.public_key {
            same_address(&key.owner, &document.id)?;
            same_host(&key.id, &document.id)?;
        }
        let shared = document
            .shared_inbox
            .as_deref()
            .filter(|shared| same_host(shared, &document.id).is_ok());
        Ok(Self {
            id: ObjectId::from(address(&document.id)?),
            inbox: address(&document.inbox)?,
            shared_inbox: shared.map(address).transpose()?,
            pem: document
                .public_key
                .as_ref()
                .map(|key| key.pem.clone())
                .unwrap_or_default(),
            document,
        })
    }
}

#[async_trait]
impl traits::Object for KnownActor {
    type DataType = ();
    type Kind = wire::Actor;
    type Error = BridgeError;

    fn id(&self) -> &Url {
        self.id.inner()
    }

    /// The library never looks actors up: `resolve` does, and no queue or fetcher of the library
    /// runs.
    async fn read_from_id(_: Url, _: &Data<()>) -> Result<Option<Self>, BridgeError> {
        Ok(None)
    }

    async fn into_json(self, _: &Data<()>) -> Result<wire::Actor, BridgeError> {
        Ok(self.document)
    }

    async fn verify(json: &wire::Actor, expected: &Url, _: &Data<()>) -> Result<(), BridgeError> {
        same_host(&json.id, expected.as_str())
    }

    async fn from_json(json: wire::Actor, _: &Data<()>) -> Result<Self, BridgeError> {
        Self::new(json)
    }
}

impl traits::Actor for KnownActor {
    fn public_key_pem(&self) -> &str {
        &self.pem
    }

    fn private_key_pem(&self) -> Option<String> {
        None
    }

    fn inbox(&self) -> Url {
        self.inbox.clone()
    }

    fn shared_inbox(&self) -> Option<Url> {
        self.shared_inbox.clone()
    }
}

#[cfg(test)]
mod tests {
    use activitypub_federation::traits::Actor;
    use serde_json::json;

    use super::*;

    fn actor(changes: &Value) -> Result<KnownActor, BridgeError> {
        let mut document = json!({
            "id": "https://p.example/u/a", "type": "Person", "preferredUsername": "a", "inbox": "https://p.example/u/a/inbox",
            "endpoints": {"sharedInbox": "https://p.example/inbox"},
            "publicKey": {"id": "https://p.example/u/a#main-key", "owner": "https://p.example/u/a", "publicKeyPem": "-----BEGIN PUBLIC KEY-----\nx"}
        });
        for (key, value) in changes.as_object().unwrap() {
            document[key] = value.clone();
        }
        KnownActor::new(wire::Actor::from_value(&document)?)
    }

    #[test]
    fn one_host_means_one_port_and_numbers_are_not_names() {
        assert!(same_host("https://a.example/x", "https://A.example:443/y").is_ok());
        for other in [
            "https://b.example/",
            "https://a.example:8443/",
            "https://a.example.evil/",
            "nonsense",
        ] {
            assert!(same_host("https://a.example/x", other).is_err(), "{other}");
        }
        assert!(same_host("http://127.0.0.1:1/", "http://127.0.0.1:1/x").is_ok());
        assert!(
            same_host("http://127.0.0.1:1/", "http://127.0.0.2:1/").is_err(),
            "the library finds these equal"
        );
        assert!(same_host("http://127.0.0.1:1/", "http://127.0.0.1:2/").is_err());
    }

    #[test]
    fn s037_s036_inboxes_and_keys_of_others_are_refused() {
        let known = actor(&json!({})).unwrap();
        assert_eq!(
            known.shared_inbox_or_inbox().as_str(),
            "https://p.example/inbox"
        );
        assert_eq!(
            known.public_key().id,
            known.document.public_key.as_ref().unwrap().id
        );
        let key = |id: &str, owner: &str| json!({"publicKey": {"id": id, "owner": owner, "publicKeyPem": "-----BEGIN x"}});
        assert!(
            actor(&key(
                "https://p.example/u/a#main-key",
                "https://p.example/u/b"
            ))
            .is_err()
        );
        assert!(
            actor(&key(
                "https://q.example/u/a#main-key",
                "https://p.example/u/a"
            ))
            .is_err()
        );
        assert!(actor(&json!({"inbox": "https://q.example/inbox"})).is_err());
        let elsewhere =
            actor(&json!({"endpoints": {"sharedInbox": "https://q.example/inbox"}})).unwrap();
        assert_eq!(
            elsewhere.shared_inbox_or_inbox().as_str(),
            "https://p.example/u/a/inbox"
        );
    }

    #[test]
    fn a_typed_id_survives_json_and_nonsense_does_not_become_one() {
        let id: ActorUri = serde_json::from_value(json!("https://p.example/u/a")).unwrap();
        assert_eq!(serde_json::to_value(&id).unwrap(), "https://p.example/u/a");
        assert!(serde_json::from_value::<ActorUri>(json!("a")).is_err());
    }

    #[tokio::test]
    async fn the_library_looks_nobody_up() {
        let config = activitypub_federation::config::FederationConfig::builder()
            .domain("hall.example")
            .app_data(())
            .build()
            .await
            .unwrap();
        let data = config.to_request_data();
        let known = actor(&json!({})).unwrap();
        assert_eq!(known.id.inner().as_str(), "https://p.example/u/a");
        assert!(known.id.dereference_local(&data).await.is_err());
        assert_eq!(data.request_count(), 0);
    }
}
