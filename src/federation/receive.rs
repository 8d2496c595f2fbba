//! What is posted to an inbox: checked, signed, stored, answered (federation.md 3.3, security.md
//! 2.7). What it does is decided later, by [`super::inbox`].

use std::fmt::Display;

use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::{HeaderMap, Method};
use serde_json::Value;

use crate::crypto::digest;
use crate::domain::ids::{InstanceId, Uri};
use crate::domain::refusal::Refusal;
use crate::settings::{Refusing, Settings};
use crate::store::{Db, Turn, inbox, instances};

use super::Federation;
use super::admit::BLOCKED;
use super::keys::NoKey;
use super::verify::{self, Ours, Presented, Window};
use super::wire::{self, Activity};

/// The head of a request to an inbox, as a face passes it on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Head<'a> {
    /// The method.
    pub(crate) method: &'a Method,
    /// Path and query, as they came.
    pub(crate) target: &'a str,
    /// The headers.
    pub(crate) headers: &'a HeaderMap,
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
    /// A status and why.
    pub(crate) fn new(status: u16, sentence: impl Into<String>) -> Self {
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
        let status = match no {
            NoKey::Passing(_) => 503,
            NoKey::Paused => 429,
            NoKey::Gone | NoKey::Nothing(_) | NoKey::Unusable(_) => 401,
        };
        Self::new(status, no.to_string())
    }
}

/// Who vouches for a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// Its actor signed it, or proved it in the document itself.
    Signed,
    /// Somebody passed it on: only what its origin serves counts.
    Forwarded,
    /// Nothing will come of it.
    Void,
}

/// What nobody listens to, and nobody need check.
const VOID: (Standing, Option<String>) = (Standing::Void, None);

/// A delivery whose signature is good. Only [`Federation::believe`] makes one, and only what is
/// one can be kept (security.md R-05).
#[derive(Debug)]
pub(crate) struct Verified {
    id: Uri,
    actor: Uri,
    body: String,
    standing: Standing,
    sender: Option<String>,
    /// The nonce that it was signed with and the key, where there is one (RFC 9421).
    nonce: Option<String>,
}

impl Verified {
    /// The server that signed it; `None` where nothing will come of it and nobody looked.
    pub(crate) fn sender(&self) -> Option<&str> {
        self.sender.as_deref()
    }
}

/// What was posted, as it is judged.
#[derive(Clone, Copy)]
struct Letter<'a> {
    value: &'a Value,
    activity: &'a Activity,
    actor: &'a Uri,
    from: &'a str,
}

impl Federation {
    /// Judges the head of a delivery, before its body is read: what it is, whether it is for us,
    /// what is signed and when.
    ///
    /// # Errors
    /// If the body need not be read.
    pub(crate) fn expect(&self, head: Head<'_>) -> Result<Presented, Rejection> {
        let settings = self.settings();
        let hosts = [self.names().host().to_owned()];
        let ours = Self::ours(&settings, &hosts);
        let presented = verify::parse(head.method, head.target, head.headers, &ours, self.now())?;
        check_type(head.headers)?;
        Ok(presented)
    }

    /// Judges a delivery `from` some network with its body: digest, envelope, key and signature.
    ///
    /// # Errors
    /// If it is not to be taken.
    #[tracing::instrument(name = "receive", skip_all)]
    pub(crate) async fn believe(
        &self,
        presented: &Presented,
        body: &[u8],
        from: &str,
    ) -> Result<Verified, Rejection> {
        let believed = self.judge(presented, body, from).await;
        if let Err(no) = &believed {
            tracing::debug!(status = no.status, why = %no.sentence, "not taken");
        }
        believed
    }

    async fn judge(
        &self,
        presented: &Presented,
        body: &[u8],
        from: &str,
    ) -> Result<Verified, Rejection> {
        presented.check_digest(body)?;
        let settings = self.settings();
        let unreadable =
            |no: &dyn Display| Rejection::new(400, format!("The activity cannot be read: {no}."));
        let bounds = wire::Bounds::of(&settings);
        let value = wire::parse_bounded(body, bounds).map_err(|no| unreadable(&no))?;
        let activity = Activity::from_value(&value).map_err(|no| unreadable(&no))?;
        let text = std::str::from_utf8(body).map_err(|no| unreadable(&no))?;
        let (id, actor) = self.check_envelope(&activity)?;
        let letter = Letter {
            value: &value,
            activity: &activity,
            actor: &actor,
            from,
        };
        let ignored = settings.federation.blocked_senders == Refusing::Ignore;
        let (standing, sender) = match self.authenticate(presented, letter).await {
            Err(no) if no.status == BLOCKED && ignored => VOID,
            authenticated => authenticated?,
        };
        Ok(Verified {
            id,
            actor,
            body: text.to_owned(),
            standing,
            sender,
            nonce: presented
                .nonce
                .as_ref()
                .map(|nonce| format!("{nonce} {}", presented.key_id_text)),
        })
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

    /// Finds the key and checks the signature; what somebody else signed may bear its actor's own
    /// proof (federation.md 3.3 steps 7 to 11).
    async fn authenticate(
        &self,
        presented: &Presented,
        letter: Letter<'_>,
    ) -> Result<(Standing, Option<String>), Rejection> {
        let Letter {
            activity,
            actor,
            from,
            ..
        } = letter;
        let settings = self.settings();
        self.admit(actor).await?;
        let key_id = Uri::parse(&presented.key_id_text)
            .ok_or_else(|| Rejection::new(401, "The key id is no usable address."))?;
        let own = key_id.same_host(actor);
        if own && deletes_itself(activity) && !self.knows(actor).await? {
            return Ok(VOID);
        }
        if !own {
            self.admit(&key_id).await?;
        }
        let owner = match self.signer(presented, &key_id, from).await {
            Ok(signer) => signer.ok_or(verify::Rejected::Signature)?,
            Err(NoKey::Gone) if own && deletes_itself(activity) => {
                return Ok((Standing::Forwarded, None));
            }
            Err(no) => return Err(no.into()),
        };
        // A proof lasts for ever; what is delivered as new must be about as new as a signature.
        let since = self
            .now()
            .plus_seconds(-settings.federation.date_window.seconds());
        let signed =
            owner == actor.as_str() || self.is_proven(letter.value, actor, Some(since)).await;
        let standing = if signed {
            Standing::Signed
        } else {
            forwarded(activity)
        };
        Ok((standing, Some(key_id.host())))
    }

    /// Whose key made a signature that came `from` some network; `None` if none fits.
    pub(super) async fn signer(
        &self,
        presented: &Presented,
        key_id: &Uri,
        from: &str,
    ) -> Result<Option<String>, NoKey> {
        tracing::debug!(key.id = %presented.key_id, scheme = ?presented.scheme, "checking a signature");
        self.owner_if(key_id, from, |key| presented.verify(key).is_ok())
            .await
    }

    async fn knows(&self, actor: &Uri) -> Result<bool, Rejection> {
        let uri = actor.as_str().to_owned();
        let store = &self.operations.store;
        let known = store
            .look_up(move |db| crate::store::actors::find_by_uri(db, &uri))
            .await;
        Ok(known.map_err(Refusal::from)?.is_some())
    }

    /// Stores a delivery and notes that its server lives, in one transaction; then whoever
    /// processes what was received is woken.
    ///
    /// # Errors
    /// If the store cannot take it now.
    pub(crate) async fn keep(&self, verified: Verified) -> Result<(), Rejection> {
        let Verified {
            id,
            actor,
            body,
            standing,
            nonce,
            ..
        } = verified;
        let used = |nonce: &String| self.memory.nonces.contains_key(nonce);
        if standing == Standing::Void || nonce.as_ref().is_some_and(used) {
            return Ok(());
        }
        let trusted = standing == Standing::Signed;
        let row = inbox::Received {
            id: self.operations.next_id(),
            digest: mark(id.as_str(), trusted),
            uri: id.as_str().to_owned(),
            actor_uri: actor.as_str().to_owned(),
            body,
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
        let keep = move |db: &mut Db| {
            if note {
                let instance = instances::ensure(db, &host, fresh, now)?;
                instances::set_seen(db, instance, now)?;
            }
            Ok::<_, Refusal>(inbox::insert(db, &row)?)
        };
        let store = &self.operations.store;
        store.write_in_turn(Turn::First, None, keep).await?;
        self.wake();
        if let Some(nonce) = nonce {
            self.memory.nonces.insert(nonce, ());
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
