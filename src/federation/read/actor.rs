//! An actor document to what the hub keeps of a remote actor.

use crate::crypto::keypair::PublicKey;
use crate::domain::actor::{ActorKind, RemoteActor, RemoteKey};
use crate::domain::ids::Uri;
use crate::text::sanitise;

use activitypub_federation::traits::Actor as _;

use super::super::bridge::{KnownActor, same_host};
use super::super::wire;

/// The longest summary source that is kept, in bytes.
const LONGEST_SOURCE: usize = 32 * 1024;

/// Why an actor document is no use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unreadable {
    /// A type that is no actor here.
    #[error("The actor is a {0}, which this hub does not know.")]
    Kind(String),
    /// The id or the inbox is no usable address.
    #[error("The actor has no usable id or inbox.")]
    Address,
    /// The inbox or the key is not the actor's own.
    #[error("The actor's inbox or key belongs to another server or another actor.")]
    NotItsOwn,
}

/// What an actor document says, with everything dropped that another host would have to vouch for.
///
/// The inbox must lie on the actor's host, and so must its key, which it owns
/// (federation.md 4.0.4, security.md H60); a key that cannot be read is as good as none.
pub(crate) fn remote_actor(actor: &wire::Actor) -> Result<RemoteActor, Unreadable> {
    let kind = ActorKind::parse(&actor.kind).ok_or_else(|| Unreadable::Kind(actor.kind.clone()))?;
    let uri = Uri::parse(&actor.id).ok_or(Unreadable::Address)?;
    Uri::parse(&actor.inbox).ok_or(Unreadable::Address)?;
    let known = KnownActor::new(actor.clone()).map_err(|_foreign| Unreadable::NotItsOwn)?;
    let own = |address: &Option<String>| {
        address
            .clone()
            .filter(|text| same_host(text, uri.as_str()).is_ok())
    };
    let summary = actor
        .summary
        .as_deref()
        .map(sanitise::clean)
        .unwrap_or_default();
    Ok(RemoteActor {
        url: actor.url.clone().unwrap_or_else(|| actor.id.clone()),
        kind,
        name: actor.preferred_username.clone(),
        title: actor.title(),
        summary_html: summary,
        summary_source: actor
            .source
            .clone()
            .filter(|text| text.len() <= LONGEST_SOURCE),
        icon_url: actor.icon.clone(),
        image_url: actor.image.clone(),
        inbox: actor.inbox.clone(),
        shared_inbox: known.shared_inbox().map(String::from),
        outbox: own(&actor.outbox),
        followers: own(&actor.followers),
        moderators: own(&actor.moderators),
        featured: own(&actor.featured),
        discoverable: actor.discoverable.unwrap_or(false),
        indexable: actor.indexable.unwrap_or(false),
        manually_approves: actor.manually_approves_followers,
        posting_restricted: actor.posting_restricted_to_mods,
        created_at: actor.published,
        key: actor.public_key.as_ref().and_then(remote_key),
        proof_keys: actor
            .multikeys
            .iter()
            .filter_map(|key| proof_key(&uri, key))
            .collect(),
        uri,
    })
}

/// The key as it is stored, if it can be read.
fn remote_key(key: &wire::PublicKey) -> Option<RemoteKey> {
    let der = PublicKey::from_pem(&key.pem).ok()?.to_der().ok()?;
    Some(RemoteKey {
        uri: key.id.clone(),
        der,
    })
}

/// A key for proofs as it is stored, if it belongs to this actor.
fn proof_key(actor: &Uri, key: &wire::Multikey) -> Option<RemoteKey> {
    same_host(&key.id, actor.as_str()).ok()?;
    if key.controller != actor.as_str() {
        return None;
    }
    let parsed = PublicKey::from_multikey(&key.multibase).ok()?;
    Some(RemoteKey {
        uri: key.id.clone(),
        der: parsed.to_der().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::crypto::keypair::PrivateKey;

    fn document() -> Value {
        let pem = PrivateKey::generate_ed25519()
            .unwrap()
            .public()
            .unwrap()
            .to_pem()
            .unwrap();
        json!({"id": "https://m/users/ann", "type": "Person", "preferredUsername": "ann",
            "inbox": "https://m/users/ann/inbox", "name": "Ann", "summary": "<p onclick=x>hi</p>",
            "endpoints": {"sharedInbox": "https://m/inbox"}, "followers": "https://m/users/ann/followers",
            "publicKey": {"id": "https://m/users/ann#main-key", "owner": "https://m/users/ann", "publicKeyPem": pem}})
    }

    fn read(value: &Value) -> Result<RemoteActor, Unreadable> {
        remote_actor(&wire::Actor::from_value(value).unwrap())
    }

    #[test]
    fn a_person_is_read_with_a_safe_summary_and_its_own_key() {
        let actor = read(&document()).unwrap();
        assert_eq!((actor.name.as_str(), actor.title.as_str()), ("ann", "Ann"));
        assert_eq!(actor.summary_html, "<p>hi</p>");
        assert_eq!(actor.key.unwrap().uri, "https://m/users/ann#main-key");
        assert_eq!(actor.shared_inbox.as_deref(), Some("https://m/inbox"));
    }

    #[test]
    fn who_has_no_display_name_is_shown_by_the_beginning_of_their_name() {
        let mut nameless = document();
        nameless["name"] = json!(null);
        nameless["preferredUsername"] = json!("n".repeat(255));
        let actor = read(&nameless).unwrap();
        assert_eq!((actor.name.len(), actor.title), (255, "n".repeat(120)));
    }

    #[test]
    fn what_another_host_would_have_to_vouch_for_is_dropped() {
        let mut odd = document();
        odd["endpoints"]["sharedInbox"] = json!("https://evil/inbox");
        odd["followers"] = json!("https://evil/followers");
        odd["publicKey"]["publicKeyPem"] = json!("-----BEGIN PUBLIC KEY-----");
        let actor = read(&odd).unwrap();
        assert_eq!(
            (actor.shared_inbox, actor.followers, actor.key),
            (None, None, None)
        );
    }

    #[test]
    fn s036_s037_keys_and_inboxes_of_others_make_an_actor_unusable() {
        for (pointer, value) in [
            ("/inbox", "https://evil/inbox"),
            ("/publicKey/owner", "https://m/users/bob"),
            ("/publicKey/id", "https://evil/users/ann#main-key"),
        ] {
            let mut odd = document();
            *odd.pointer_mut(pointer).unwrap() = json!(value);
            assert_eq!(read(&odd), Err(Unreadable::NotItsOwn), "{pointer}");
        }
        let mut feed = document();
        feed["type"] = json!("Feed");
        assert_eq!(read(&feed), Err(Unreadable::Kind("Feed".into())));
    }
}
