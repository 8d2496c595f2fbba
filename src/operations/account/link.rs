//! Accounts elsewhere that belong to people here: they are linked, taken away, and signed in with.

use super::account;
use super::sign_in::{lifetime_from_now, require_active};
use crate::crypto::token;
use crate::domain::actor::ActorKind;
use crate::domain::caller::Caller;
use crate::domain::clock::Ts;
use crate::domain::ids::ActorId;
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::operations::{Desk, Operation, Operations};
use crate::store::links::{self, RemoteApp};
use crate::store::{actors, sessions};

use super::SignedIn;

/// Accounts elsewhere of one person.
const MOST: usize = 10;

/// The caller says that an account elsewhere is theirs; its server said so just before.
pub(crate) struct LinkActor {
    /// The account elsewhere.
    pub(crate) remote: ActorId,
}

impl Operation for LinkActor {
    type Output = ();
    const NAME: &'static str = "link_actor";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let actor = policy::require_actor(desk.caller)?;
        account(desk, actor)?;
        let theirs = actors::find(desk.db, self.remote)?.filter(|remote| {
            !remote.local && remote.deleted_at.is_none() && remote.kind != ActorKind::Group
        });
        if theirs.is_none() {
            return Err(unknown());
        }
        let linked = links::list(desk.db, actor)?;
        let new = linked.iter().all(|known| known.id != self.remote);
        if new && linked.len() >= MOST {
            return Err(Refusal::invalid(
                "remote",
                "link.many",
                "You linked ten accounts already. Please take one of them away first.",
            ));
        }
        Ok(links::insert(desk.db, self.remote, actor, desk.now)?)
    }
}

/// The caller takes the link of an account elsewhere away.
pub(crate) struct UnlinkActor {
    /// The account elsewhere.
    pub(crate) remote: ActorId,
}

impl Operation for UnlinkActor {
    type Output = ();
    const NAME: &'static str = "unlink_actor";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let actor = policy::require_actor(desk.caller)?;
        if links::delete(desk.db, actor, self.remote)? {
            return Ok(());
        }
        Err(unknown())
    }
}

fn unknown() -> Refusal {
    Refusal::not_found("link.unknown", "This account is not linked to yours.")
}

/// Opens a session for whom an account elsewhere belongs to; its server said just before that it is
/// they. `None`: it belongs to nobody here.
struct OpenLinkedSession {
    remote: ActorId,
    token_hash: String,
    device: String,
}

impl Operation for OpenLinkedSession {
    type Output = Option<(ActorId, Ts)>;
    const NAME: &'static str = "open_linked_session";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<Self::Output, Refusal> {
        let Some(actor) = links::find(desk.db, self.remote)? else {
            return Ok(None);
        };
        require_active(account(desk, actor)?.standing)?;
        let expires_at = lifetime_from_now(desk);
        sessions::delete_expired(desk.db, desk.now)?;
        let (hash, device) = (&self.token_hash, &self.device);
        sessions::insert(desk.db, hash, actor, device, desk.now, expires_at)?;
        Ok(Some((actor, expires_at)))
    }
}

/// Signs in whom an account elsewhere belongs to; `None` if it belongs to nobody here.
///
/// # Errors
/// If their account here waits or is suspended.
pub(crate) async fn sign_in_linked(
    operations: &Operations,
    remote: ActorId,
    device: &str,
) -> Result<Option<SignedIn>, Refusal> {
    let token = token::random();
    let open = OpenLinkedSession {
        remote,
        token_hash: token::hash_hex(&token),
        device: device.to_owned(),
    };
    let opened = operations.run(Caller::Visitor, open).await?;
    Ok(opened.map(|(actor, expires_at)| SignedIn {
        token,
        actor,
        expires_at,
    }))
}

/// Keeps how a server knows this hub; `None` forgets it.
pub(crate) struct KeepRemoteApp {
    /// The server.
    pub(crate) host: String,
    /// How it knows the hub.
    pub(crate) app: Option<RemoteApp>,
}

impl Operation for KeepRemoteApp {
    type Output = ();
    const NAME: &'static str = "keep_remote_app";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        match &self.app {
            Some(app) => links::set_app(desk.db, app, desk.now)?,
            None => links::delete_app(desk.db, &self.host)?,
        }
        Ok(())
    }
}
