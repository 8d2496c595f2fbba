//! What is known of an actor of another server.

use super::rekeyed;
use crate::domain::actor::{Actor, RemoteActor};
use crate::domain::ids::{ActorId, Uri};
use crate::domain::refusal::Refusal;
use crate::operations::{Desk, Operation};
use crate::store::{actors, instances};
use crate::text::lookalike;

/// Stores a remote actor as its document describes it, new or changed.
///
/// The document must come from the actor's own host; that is for the caller to see to. A key of
/// another host is refused here, since it would replace somebody else's (security.md V9).
pub(crate) struct UpsertActor {
    /// What the document says.
    pub(crate) remote: RemoteActor,
}

impl Operation for UpsertActor {
    type Output = Actor;
    const NAME: &'static str = "upsert_actor";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<Actor, Refusal> {
        let remote = &self.remote;
        let host = remote.uri.host();
        if host.is_empty() || desk.names.is_local(remote.uri.as_str()) {
            return Err(foreign_only(
                "actor.local",
                "An actor of this hub cannot come from outside.",
            ));
        }
        let strange_key = |key: &crate::domain::actor::RemoteKey| {
            Uri::parse(&key.uri).is_none_or(|uri| uri.host() != host)
        };
        if remote.key.iter().chain(&remote.proof_keys).any(strange_key) {
            return Err(foreign_only(
                "actor.key",
                "The key of an actor must lie on its own host.",
            ));
        }
        let fresh = desk.instance_id();
        let instance = instances::ensure(desk.db, &host, fresh, desk.now)?;
        if let Some(known) = actors::find_by_uri(desk.db, remote.uri.as_str())? {
            rekeyed::begin_anew(desk, &known, remote)?;
        }
        let fresh = desk.actor_id();
        let mut remote = storable(remote.clone());
        if is_imitation(desk, &remote.title, None)? {
            remote.title = format!("{}@{host}", remote.name);
        }
        Ok(actors::upsert_remote(
            desk.db, &remote, instance, fresh, desk.now,
        )?)
    }
}

/// Whether a display name looks like a name that it is not: like a Latin one, or like that of
/// somebody here who is not `own`.
pub(in crate::operations) fn is_imitation(
    desk: &mut Desk<'_>,
    title: &str,
    own: Option<ActorId>,
) -> Result<bool, Refusal> {
    if lookalike::is_disguised(title) {
        return Ok(true);
    }
    let Some(name) = lookalike::imitated(title) else {
        return Ok(false);
    };
    let found = actors::find_local(desk.db, &name)?;
    Ok(found.is_some_and(|actor| Some(actor.id) != own))
}

/// The same without NUL, which JSON can carry and PostgreSQL cannot store.
fn storable(mut remote: RemoteActor) -> RemoteActor {
    let texts = [
        Some(&mut remote.url),
        Some(&mut remote.name),
        Some(&mut remote.title),
        Some(&mut remote.summary_html),
        Some(&mut remote.inbox),
        remote.summary_source.as_mut(),
        remote.icon_url.as_mut(),
        remote.image_url.as_mut(),
        remote.shared_inbox.as_mut(),
        remote.outbox.as_mut(),
        remote.followers.as_mut(),
        remote.moderators.as_mut(),
        remote.featured.as_mut(),
    ];
    for text in texts.into_iter().flatten() {
        text.retain(|c| c != '\0');
    }
    remote
}

fn foreign_only(code: &'static str, sentence: &str) -> Refusal {
    Refusal::forbidden(code, sentence)
}
