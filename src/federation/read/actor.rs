//! An actor document to what the hub keeps of a remote actor.

use crate::crypto::keypair::PublicKey;
use crate::domain::actor::{ActorKind, RemoteActor, RemoteKey};
use crate::domain::ids::Uri;
use crate::text::sanitise;

use activitypub_federation::traits::Actor as _;

use super::super::bridge::{KnownActor, same_address, same_host};
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
    /// The inbox lies on another server than the actor.
    #[error("The actor's inbox lies on another server than the actor.")]
    InboxElsewhere,
}

/// What an actor document says, with everything dropped that another host would have to vouch for.
///
/// The key is kept only if its owner is the actor and its id lies on the actor's host
/// (federation.md 4.0.4, security.md H60).
pub(crate) fn remote_actor(actor: &wire::Actor) -> Result<RemoteActor, Unreadable> {
    let kind = ActorKind::parse(&actor.kind).ok_or_else(|| Unreadable::Kind(actor.kind.clone()))?;
    let uri = Uri::parse(&actor.id).ok_or(Unreadable::Address)?;
    Uri::parse(&actor.inbox).ok_or(Unreadable::Address)?;
    let key = actor
        .public_key
        .as_ref()
        .and_then(|key| remote_key(&uri, key));
    let mut vouched = actor.clone();
    vouched.public_key = vouched.public_key.filter(|_| key.is_some());
    let known = KnownActor::new(vouched).map_err(|_elsewhere| Unreadable::InboxElsewhere)?;
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
        title: actor
            .name
            .clone()
            .unwrap_or_else(|| actor.preferred_username.clone()),
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
        key,
        uri,
    })
}

/// The key as it is stored, if it belongs to this actor.
fn remote_key(actor: &Uri, key: &wire::PublicKey) -> Option<RemoteKey> {
    same_address(&key.owner, actor.as_str()).ok()?;
    same_host(&key.id, actor.as_str()).ok()?;
    let der = PublicKey::from_pem(&key.pem).ok()?.to_der().ok()?;
    Some(RemoteKey {
        uri: key.id.clone(),
        der,
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
    fn what_another_host_would_have_to_vouch_for_is_dropped() {
        let mut odd = document();
        odd["endpoints"]["sharedInbox"] = json!("https://evil/inbox");
        odd["followers"] = json!("https://evil/followers");
        odd["publicKey"]["owner"] = json!("https://m/users/bob");
        let actor = read(&odd).unwrap();
        assert_eq!(
            (actor.shared_inbox, actor.followers, actor.key),
            (None, None, None)
        );
    }

    #[test]
    fn an_inbox_elsewhere_makes_an_actor_unusable() {
        let mut odd = document();
        odd["inbox"] = json!("https://evil/inbox");
        assert_eq!(read(&odd), Err(Unreadable::InboxElsewhere));
        let mut feed = document();
        feed["type"] = json!("Feed");
        assert_eq!(read(&feed), Err(Unreadable::Kind("Feed".into())));
    }
}
