//! The keys of remote actors: fetched, stored, parsed and remembered.
//!
//! A key is believed only if the document behind its id names an owner on the same host, and the
//! owner's own document names the key (security.md 2.7, V9 and V10).

use std::sync::Arc;
use std::time::Duration;

use moka::sync::Cache;
use serde_json::Value;
use tokio::time::Instant;

use crate::crypto::keypair::PublicKey;
use crate::domain::actor::Actor;
use crate::domain::caller::Caller;
use crate::domain::ids::Uri;
use crate::domain::refusal::Refusal;
use crate::net::limit::Limiter;
use crate::operations::actor::UpsertActor;
use crate::settings::Quota;
use crate::store::actors;

use super::habits::Habits;
use super::resolve::FetchError;
use super::{Federation, read, wire};

/// What is remembered between requests; all of it can be lost.
pub(super) struct Memory {
    /// Parsed keys by key id.
    keys: Cache<String, KnownKey>,
    /// Key ids that could not be had lately.
    absent: Cache<String, String>,
    /// Key ids that were fetched anew lately, for a signature did not fit.
    renewed: Cache<String, ()>,
    /// One fetch of keys at a time for each host.
    flights: Cache<String, Arc<tokio::sync::Mutex<()>>>,
    /// What was fetched in vain of late, by who had it fetched and from where.
    vain: Cache<String, u32>,
    /// Actors and groups that were asked for anew lately.
    asked: Cache<String, ()>,
    /// Actors who are being met for the first time.
    learning: Cache<String, Arc<tokio::sync::Mutex<()>>>,
    /// How often keys were fetched from each host.
    fetched: Limiter,
    /// How fast servers are asked for what nobody waits for.
    paces: Cache<String, Arc<Pace>>,
    /// Hosts whose last request was noted lately.
    pub(super) noted: Cache<String, ()>,
    /// Nonces of signatures that were accepted, with their keys.
    pub(super) nonces: Cache<String, ()>,
    /// How hosts want to be spoken to, as far as they said or showed it.
    pub(super) habits: Habits,
}

impl Memory {
    /// Held by whoever meets this actor for the first time.
    pub(super) fn learning(&self, uri: &str) -> Arc<tokio::sync::Mutex<()>> {
        self.learning.get_with_by_ref(uri, Arc::default)
    }
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            keys: lasting(3600),
            absent: lasting(60),
            renewed: lasting(300),
            flights: lasting(60),
            vain: lasting(u64::from(PAUSE)),
            asked: lasting(300),
            learning: lasting(60),
            fetched: Limiter::new(usize::try_from(MOST).unwrap_or(usize::MAX)),
            paces: lasting(3600),
            noted: lasting(60),
            nonces: lasting(13 * 3600),
            habits: Habits::default(),
        }
    }
}

/// How many seconds nobody has keys of a host fetched after what they named there was in vain: whoever names
/// what is not there keeps nobody else's keys away (security.md H50).
pub(crate) const PAUSE: u32 = 10;
/// How long a request waits for its turn.
const PATIENCE: Duration = Duration::from_secs(10);
/// So many documents that are no use are read before that pause; one that is not there is enough.
const USELESS: u32 = 3;

/// How fast one server is asked: a few at once, then evenly.
#[derive(Default)]
struct Pace {
    /// When the last question that was let through would have been asked at an even pace.
    last: tokio::sync::Mutex<Option<Instant>>,
}

impl Pace {
    /// Waits until the next question may be asked.
    async fn wait(&self, pace: Quota) {
        let mut last = self.last.lock().await;
        let now = Instant::now();
        let earliest = now.checked_sub(pace.per).unwrap_or(now);
        let next = last.map_or(earliest, |last| last.max(earliest)) + pace.per / pace.count.max(1);
        *last = Some(next);
        drop(last);
        tokio::time::sleep_until(next).await;
    }
}
/// Entries of one cache (security.md R-44).
const MOST: u64 = 20_000;

/// A bounded cache whose entries last so many seconds.
pub(super) fn lasting<V: Clone + Send + Sync + 'static>(seconds: u64) -> Cache<String, V> {
    Cache::builder()
        .max_capacity(MOST)
        .time_to_live(Duration::from_secs(seconds))
        .build()
}

/// A key and whose it is.
#[derive(Clone, Debug, PartialEq)]
struct KnownKey {
    /// The id of its owner.
    owner: String,
    /// The key, parsed.
    key: PublicKey,
}

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoKey {
    /// The document behind it is gone for good.
    #[error("The key is gone.")]
    Gone,
    /// What was found cannot be used; a sentence.
    #[error("{0}")]
    Unusable(String),
    /// Nothing that can be read is served there; a sentence.
    #[error("{0}")]
    Nothing(String),
    /// It may be had later; a sentence.
    #[error("{0}")]
    Passing(String),
    /// Who asks named too much that is not there.
    #[error("Keys that you named there could not be had just now; send this again in ten seconds.")]
    Paused,
}

impl NoKey {
    /// What it counts towards a pause.
    fn weight(&self) -> u32 {
        match self {
            Self::Unusable(_) => 1,
            Self::Paused => 0,
            Self::Gone | Self::Nothing(_) | Self::Passing(_) => USELESS,
        }
    }
}

impl From<Refusal> for NoKey {
    fn from(refusal: Refusal) -> Self {
        if refusal.is_passing() {
            Self::Passing(refusal.sentence)
        } else {
            Self::Unusable(refusal.sentence)
        }
    }
}

impl From<FetchError> for NoKey {
    fn from(error: FetchError) -> Self {
        match error {
            FetchError::Gone => Self::Gone,
            FetchError::Passing(why) => Self::Passing(format!("The key cannot be fetched: {why}")),
            FetchError::Unusable(why) => Self::Nothing(format!("The key cannot be fetched: {why}")),
        }
    }
}

impl Federation {
    /// Whose key made something that came `from` somewhere, by what `fits` says of keys; with a key
    /// that was remembered and does not fit, once more with the one that its server gives now.
    /// `None` if none fits.
    pub(super) async fn owner_if(
        &self,
        key_id: &Uri,
        from: &str,
        fits: impl Fn(&PublicKey) -> bool + Send + Sync,
    ) -> Result<Option<String>, NoKey> {
        let (known, fetched) = self.key(key_id, from).await?;
        if fits(&known.key) {
            return Ok(Some(known.owner));
        }
        if fetched {
            return Ok(None);
        }
        let renewed = match self.renewed_key(key_id, from).await {
            // What was sent does not fit, as far as anybody can say.
            Err(NoKey::Passing(_) | NoKey::Paused) => None,
            renewed => renewed?,
        };
        Ok(renewed
            .filter(|renewed| fits(&renewed.key))
            .map(|renewed| renewed.owner))
    }

    /// The key of this id: remembered, stored, or fetched once; and whether it was fetched now.
    async fn key(&self, key_id: &Uri, from: &str) -> Result<(KnownKey, bool), NoKey> {
        if let Some(known) = self.remembered(key_id).await? {
            return Ok((known, false));
        }
        let flight = self.flight(&key_id.host());
        let _turn = turn(&flight).await?;
        if let Some(known) = self.remembered(key_id).await? {
            return Ok((known, false));
        }
        if let Some(why) = self.memory.absent.get(key_id.as_str()) {
            return Err(NoKey::Unusable(why));
        }
        Ok((self.fetch_key(key_id, from).await?, true))
    }

    /// The key of this id as its server gives it now; as it is remembered if it was asked lately.
    async fn renewed_key(&self, key_id: &Uri, from: &str) -> Result<Option<KnownKey>, NoKey> {
        let flight = self.flight(&key_id.host());
        let _turn = turn(&flight).await?;
        if self.memory.renewed.contains_key(key_id.as_str()) {
            return Ok(self.memory.keys.get(key_id.as_str()));
        }
        self.memory.renewed.insert(key_id.as_str().to_owned(), ());
        self.fetch_key(key_id, from).await.map(Some)
    }

    /// Stores what an actor's document says, and remembers its key.
    pub(crate) async fn upsert(&self, actor: &wire::Actor) -> Result<Actor, Refusal> {
        let mut remote = read::remote_actor(actor)
            .map_err(|no| Refusal::invalid("actor", "actor.unreadable", no.to_string()))?;
        if actor.reads_rfc9421 {
            self.memory.habits.reads_rfc9421(&remote.uri.host());
        }
        let treatment = self.operations.treatment(&remote.uri.host()).await?;
        if treatment.reject_media {
            remote.icon_url = None;
            remote.image_url = None;
        }
        for key in remote.key.iter().chain(&remote.proof_keys) {
            if let Ok(parsed) = PublicKey::from_der(&key.der) {
                let owner = remote.uri.as_str().to_owned();
                let known = KnownKey { owner, key: parsed };
                self.memory.keys.insert(key.uri.clone(), known);
            }
        }
        self.operations
            .run(Caller::System, UpsertActor { remote })
            .await
    }

    /// Whether this may be asked of its server anew: once in five minutes.
    pub(crate) fn may_ask(&self, uri: &str) -> bool {
        let asked = self.memory.asked.entry_by_ref(uri);
        asked.or_insert(()).is_fresh()
    }

    /// Waits until a server may be asked for something that nobody waits for
    /// (`limits.backfill_host`).
    pub(super) async fn pace(&self, host: &str) {
        let Some(quota) = self.settings().limits.backfill_host.quota() else {
            return;
        };
        let pace = self.memory.paces.get_with(host.to_owned(), Arc::default);
        pace.wait(quota).await;
    }

    fn flight(&self, host: &str) -> Arc<tokio::sync::Mutex<()>> {
        self.memory.flights.get_with(host.to_owned(), Arc::default)
    }

    async fn remembered(&self, key_id: &Uri) -> Result<Option<KnownKey>, NoKey> {
        if let Some(known) = self.memory.keys.get(key_id.as_str()) {
            return Ok(Some(known));
        }
        let id = key_id.as_str().to_owned();
        let stored = self.operations.store.look_up(move |db| {
            let Some(key) = actors::find_key(db, &id)? else {
                return Ok::<_, Refusal>(None);
            };
            Ok(actors::find(db, key.actor)?.map(|actor| (actor, key.public_der)))
        });
        let Some((actor, der)) = stored.await? else {
            return Ok(None);
        };
        if actor.local || actor.deleted_at.is_some() {
            return Ok(None);
        }
        let Ok(key) = PublicKey::from_der(&der) else {
            return Ok(None);
        };
        let known = KnownKey {
            owner: actor.uri.as_str().to_owned(),
            key,
        };
        self.memory
            .keys
            .insert(key_id.as_str().to_owned(), known.clone());
        Ok(Some(known))
    }

    async fn fetch_key(&self, key_id: &Uri, from: &str) -> Result<KnownKey, NoKey> {
        let who = format!("{} for {from}", key_id.host());
        let vain = self.memory.vain.get(&who).unwrap_or_default();
        if vain >= USELESS {
            return Err(NoKey::Paused);
        }
        self.spend(&key_id.host())?;
        let fetched = self.fetch_key_document(key_id).await;
        if let Err(no) = &fetched {
            self.memory.vain.insert(who, vain + no.weight());
            if !matches!(no, NoKey::Passing(_)) {
                let id = key_id.as_str().to_owned();
                self.memory.absent.insert(id, no.to_string());
            }
        }
        fetched
    }

    /// Counts one fetch (`limits.key_host`, security.md R-39).
    fn spend(&self, host: &str) -> Result<(), NoKey> {
        let rate = self.settings().limits.key_host;
        let counted = self.memory.fetched.take(host, rate, self.now());
        let too_often = "Too many of your keys were fetched lately.";
        counted.map_err(|_too_often| NoKey::Passing(too_often.to_owned()))
    }

    /// The document behind the key id, and the owner's if that is another: GoToSocial's key ids
    /// lead to a stub (federation.md 2.5).
    async fn fetch_key_document(&self, key_id: &Uri) -> Result<KnownKey, NoKey> {
        if !self.may_fetch(key_id).await {
            return Err(NoKey::Unusable(
                "The key lies on a server that is not asked.".to_owned(),
            ));
        }
        let document = self.fetch_at(key_id.without_fragment()).await?.value;
        let known = key_in(&document, key_id)?;
        let owner = Uri::parse(&known.owner).filter(|owner| owner.same_host(key_id));
        let Some(owner) = owner else {
            return Err(NoKey::Unusable(
                "The key's owner lives on another server.".to_owned(),
            ));
        };
        let actor = match wire::Actor::from_value(&document) {
            Ok(actor) if actor.id == owner.as_str() => actor,
            _ => self.fetch_owner(&owner, key_id, &known).await?,
        };
        self.upsert(&actor).await?;
        let id = key_id.as_str().to_owned();
        self.memory.keys.insert(id, known.clone());
        Ok(known)
    }

    async fn fetch_owner(
        &self,
        owner: &Uri,
        key_id: &Uri,
        known: &KnownKey,
    ) -> Result<wire::Actor, NoKey> {
        let document = self.fetch_at(owner.without_fragment()).await?.value;
        let unusable = |why: &str| NoKey::Unusable(why.to_owned());
        let actor = wire::Actor::from_value(&document)
            .map_err(|no| NoKey::Unusable(format!("The key's owner cannot be read: {no}.")))?;
        if actor.id != owner.as_str() {
            return Err(unusable(
                "The key's owner has another id than the key says.",
            ));
        }
        let named = wire::PublicKey::is_named(&document, key_id.as_str());
        if !named && key_in(&document, key_id)? != *known {
            return Err(unusable("The key's owner does not name this key."));
        }
        Ok(actor)
    }
}

/// Waits until nobody else fetches from the host.
async fn turn(flight: &tokio::sync::Mutex<()>) -> Result<tokio::sync::MutexGuard<'_, ()>, NoKey> {
    let busy = |_elapsed| NoKey::Passing("Too many of your keys are fetched now.".to_owned());
    tokio::time::timeout(PATIENCE, flight.lock())
        .await
        .map_err(busy)
}

/// The key with this id in a document: one for requests, or one for proofs.
fn key_in(document: &Value, key_id: &Uri) -> Result<KnownKey, NoKey> {
    let unusable = |why: &dyn std::fmt::Display| NoKey::Unusable(why.to_string());
    if let Some(key) = wire::Multikey::from_value(document, key_id.as_str()) {
        let parsed = PublicKey::from_multikey(&key.multibase).map_err(|no| unusable(&no))?;
        return Ok(KnownKey {
            owner: key.controller,
            key: parsed,
        });
    }
    let key = wire::PublicKey::from_value(document, key_id.as_str())
        .map_err(|no| NoKey::Unusable(format!("The document behind the key has none: {no}.")))?;
    if key.id != key_id.as_str() {
        return Err(unusable(&"The document behind the key names another key."));
    }
    Ok(KnownKey {
        owner: key.owner,
        key: PublicKey::from_pem(&key.pem).map_err(|no| unusable(&no))?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r44_what_is_remembered_of_strangers_is_bounded() {
        let cache = lasting(3600);
        for number in 0..50_000 {
            cache.insert(format!("https://host{number}.example/k"), ());
        }
        cache.run_pending_tasks();
        assert!(cache.entry_count() <= MOST, "R-44: {}", cache.entry_count());
        assert_eq!(cache.policy().time_to_live(), Some(Duration::from_hours(1)));
    }
}
