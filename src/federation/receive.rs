//! What is posted to an inbox: checked, signed, stored, answered (federation.md 3.3, security.md
//! 2.7). What it does is decided later, by [`super::inbox`].

use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::{HeaderMap, Method};

use crate::crypto::digest;
use crate::domain::ids::{InstanceId, Uri};
use crate::domain::refusal::Refusal;
use crate::settings::{Refusing, Settings};
use crate::store::{inbox, instances, seen};

use super::Federation;
use super::admit::BLOCKED;
use super::keys::{KnownKey, NoKey};
use super::verify::{self, Ours, Presented, Window};
use super::wire::{self, Activity};

/// A request to an inbox, as a face passes it on; its body is within the limit already.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Delivery<'a> {
    /// The method.
    pub(crate) method: &'a Method,
    /// Path and query, as they came.
    pub(crate) target: &'a str,
    /// The headers.
    pub(crate) headers: &'a HeaderMap,
    /// The exact bytes.
    pub(crate) body: &'a [u8],
}

/// How a delivery is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reception {
    /// Stored durably, or known already, or of no use but no fault of the sender: 202.
    Accepted,
    /// Not taken.
    Rejected(Rejection),
}

/// Why a delivery is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rejection {
    /// The HTTP status.
    pub(crate) status: u16,
    /// What the sender should know.
    pub(crate) sentence: String,
}

impl Rejection {
    pub(super) fn new(status: u16, sentence: impl Into<String>) -> Self {
        Self {
            status,
            sentence: sentence.into(),
        }
    }
}

impl From<verify::Rejected> for Rejection {
    fn from(no: verify::Rejected) -> Self {
        Self::new(no.status(), no.to_string())
    }
}

impl From<Refusal> for Rejection {
    fn from(refusal: Refusal) -> Self {
        Self::new(503, refusal.sentence)
    }
}

impl From<NoKey> for Rejection {
    fn from(no: NoKey) -> Self {
        let status = if matches!(no, NoKey::Passing(_)) {
            503
        } else {
            401
        };
        Self::new(status, no.to_string())
    }
}

/// Who vouches for a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// Its actor signed it.
    Signed,
    /// Somebody passed it on: only what its origin serves counts.
    Forwarded,
    /// Nothing will come of it.
    Void,
}

impl Federation {
    /// Takes a delivery in: limits, signature, digest, envelope, key; then the row is stored, and
    /// whoever processes rows is woken.
    #[tracing::instrument(name = "receive", skip_all)]
    pub(crate) async fn receive(&self, delivery: Delivery<'_>) -> Reception {
        match self.take(delivery).await {
            Ok(()) => Reception::Accepted,
            Err(no) if no.status == BLOCKED && self.hides_blocks() => {
                tracing::debug!(why = %no.sentence, "ignored");
                Reception::Accepted
            }
            Err(rejection) => {
                tracing::debug!(status = rejection.status, why = %rejection.sentence, "not taken");
                Reception::Rejected(rejection)
            }
        }
    }

    /// Whether servers that are not heard are answered as if they were.
    fn hides_blocks(&self) -> bool {
        let federation = &self.settings().federation;
        federation.enabled && federation.blocked_senders == Refusing::Ignore
    }

    async fn take(&self, delivery: Delivery<'_>) -> Result<(), Rejection> {
        let settings = self.settings();
        if !settings.federation.enabled {
            return Err(Rejection::new(403, "This hub does not federate."));
        }
        check_type(delivery.headers)?;
        let hosts = [self.names().host().to_owned()];
        let ours = Self::ours(&settings, &hosts);
        let Delivery {
            method,
            target,
            headers,
            body,
        } = delivery;
        let presented = verify::parse(method, target, headers, &ours, self.now())?;
        presented.check_digest(body)?;
        let depth = usize::try_from(settings.federation.json_depth).unwrap_or(64);
        let value = wire::parse_bounded(body, depth)
            .map_err(|no| Rejection::new(400, format!("The activity cannot be read: {no}.")))?;
        let activity = Activity::from_value(&value)
            .map_err(|no| Rejection::new(400, format!("The activity cannot be read: {no}.")))?;
        let (id, actor) = self.check_envelope(&activity)?;
        self.admit(&actor).await?;
        let standing = self.authenticate(&presented, &activity, &actor).await?;
        self.keep(&id, &actor, body, standing).await
    }

    /// What a request to these hosts must be bound to.
    pub(super) fn ours<'a>(settings: &Settings, hosts: &'a [String]) -> Ours<'a> {
        Ours {
            hosts,
            development: settings.federation.development,
            window: Window::with_age(settings.federation.date_window.seconds()),
        }
    }

    /// The id and the actor, on one host that is not ours (federation.md 4.0.4).
    fn check_envelope(&self, activity: &Activity) -> Result<(Uri, Uri), Rejection> {
        let bad = |sentence: &str| Rejection::new(400, sentence);
        let id = Uri::parse(&activity.id).ok_or_else(|| bad("The activity has no usable id."))?;
        let actor =
            Uri::parse(&activity.actor).ok_or_else(|| bad("The activity has no usable actor."))?;
        if self.names().is_local(actor.as_str()) {
            return Err(Rejection::new(
                401,
                "An actor of this hub does not write from outside.",
            ));
        }
        if !id.same_host(&actor) {
            return Err(bad(
                "The activity's id lies on another server than its actor.",
            ));
        }
        Ok((id, actor))
    }

    /// Finds the key and checks the signature; with a key that no longer fits, once more with the
    /// one that its server gives now.
    async fn authenticate(
        &self,
        presented: &Presented,
        activity: &Activity,
        actor: &Uri,
    ) -> Result<Standing, Rejection> {
        let key_id = Uri::parse(&presented.key_id_text)
            .ok_or_else(|| Rejection::new(401, "The key id is no usable address."))?;
        let own = key_id.same_host(actor);
        if own && deletes_itself(activity) && !self.knows(actor).await? {
            return Ok(Standing::Void);
        }
        if !own {
            self.admit(&key_id).await?;
        }
        let known = match self.key(&key_id).await {
            Ok(known) => known,
            Err(NoKey::Gone) if own && deletes_itself(activity) => return Ok(Standing::Forwarded),
            Err(no) => return Err(no.into()),
        };
        let owner = self.owner(presented, &key_id, known).await?;
        match (owner == actor.as_str(), own) {
            (true, _) => Ok(Standing::Signed),
            (false, true) => Err(Rejection::new(401, "The key belongs to another actor.")),
            (false, false) => Ok(forwarded(activity)),
        }
    }

    /// Whose key made the signature: the known one, or the one that its server gives now.
    pub(super) async fn owner(
        &self,
        presented: &Presented,
        key_id: &Uri,
        known: KnownKey,
    ) -> Result<String, Rejection> {
        tracing::debug!(key.id = %presented.key_id, scheme = ?presented.scheme, "checking a signature");
        let Err(no) = presented.verify(&known.key) else {
            return Ok(known.owner);
        };
        let renewed = self.renewed_key(key_id).await?.ok_or(no)?;
        Ok(presented.verify(&renewed.key).map(|()| renewed.owner)?)
    }

    async fn knows(&self, actor: &Uri) -> Result<bool, Rejection> {
        let uri = actor.as_str().to_owned();
        let store = &self.operations.store;
        let known = store
            .read(move |db| crate::store::actors::find_by_uri(db, &uri))
            .await;
        Ok(known.map_err(Refusal::from)?.is_some())
    }

    /// Stores the row and notes that its server lives, in one transaction.
    async fn keep(
        &self,
        id: &Uri,
        actor: &Uri,
        body: &[u8],
        standing: Standing,
    ) -> Result<(), Rejection> {
        if standing == Standing::Void {
            return Ok(());
        }
        let trusted = standing == Standing::Signed;
        let body = std::str::from_utf8(body)
            .map_err(|no| Rejection::new(400, format!("The activity is not UTF-8: {no}.")))?;
        let row = inbox::Received {
            id: self.operations.next_id(),
            digest: mark(id.as_str(), trusted),
            uri: id.as_str().to_owned(),
            actor_uri: actor.as_str().to_owned(),
            body: body.to_owned(),
            trusted,
            received_at: self.now(),
            attempts: 0,
        };
        let (host, fresh, now) = (
            actor.host(),
            InstanceId(self.operations.next_id()),
            self.now(),
        );
        let note = trusted && !self.memory.noted.contains_key(&host);
        if note {
            self.memory.noted.insert(host.clone(), ());
        }
        let stored = self.operations.store.write_first(move |db| {
            if note {
                let instance = instances::ensure(db, &host, fresh, now)?;
                instances::set_seen(db, instance, now)?;
            }
            if seen::contains(db, &row.digest)? {
                return Ok::<_, Refusal>(false);
            }
            Ok(inbox::insert(db, &row)?)
        });
        if stored.await? {
            self.wake();
        }
        Ok(())
    }
}

/// The digest under which an activity is known. What was only passed on is known under another,
/// so that it cannot stand in the way of the real one.
pub(super) fn mark(id: &str, trusted: bool) -> Vec<u8> {
    let name = if trusted {
        id.to_owned()
    } else {
        format!("forwarded {id}")
    };
    digest::sha256(name.as_bytes()).to_vec()
}

fn check_type(headers: &HeaderMap) -> Result<(), Rejection> {
    let bad = |sentence: &str| Rejection::new(415, sentence);
    if headers
        .get(CONTENT_ENCODING)
        .is_some_and(|value| value.as_bytes() != b"identity")
    {
        return Err(bad("Send the activity without content encoding."));
    }
    let media = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let family = media
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    match family.as_str() {
        "application/activity+json" | "application/ld+json" | "application/json" => Ok(()),
        _ => Err(bad("Send the activity as application/activity+json.")),
    }
}

fn deletes_itself(activity: &Activity) -> bool {
    activity.kind == "Delete" && activity.object_id() == Some(activity.actor.as_str())
}

/// What can be checked at its origin is kept; everything else ends here (statement 52).
fn forwarded(activity: &Activity) -> Standing {
    match activity.kind.as_str() {
        "Create" | "Update" | "Delete" if activity.object_id().is_some() => Standing::Forwarded,
        _ => Standing::Void,
    }
}
