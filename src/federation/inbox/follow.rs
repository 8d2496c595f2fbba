//! Follow, and the answers to ours: Accept and Reject (federation.md 4.1).

use crate::domain::activity::Activity as Deed;
use crate::domain::actor::Actor;
use crate::domain::names::Local;
use crate::domain::refusal::Refusal;
use crate::operations::membership::{ReceiveAccept, ReceiveFollow, ReceiveReject};
use crate::store::outbox;

use super::super::wire::{Activity, Ref};
use super::case::{Case, Handled, Verdict};
use super::{event, quote};

/// Somebody follows a local person or group. A repeated Follow is answered again: the peer may
/// have lost the first answer.
pub(super) async fn follow(case: &Case<'_>) -> Handled {
    let object = case.object_id()?;
    if object == case.by.uri.as_str() || case.via.is_some() {
        return Ok(Verdict::Ignored(
            "nobody follows themselves, or by way of a group",
        ));
    }
    match case.local_actor(object).await? {
        Some(target) => {
            let uri = case.activity.id.clone();
            case.run(ReceiveFollow {
                target: target.id,
                uri,
            })
            .await
        }
        None => Ok(Verdict::Ignored("whom it follows is not here")),
    }
}

/// Our Follow was accepted, or our Join of an event, or our request to quote.
pub(super) async fn accept(case: &Case<'_>) -> Handled {
    if let Some(object) = quote::asked(case).await? {
        return quote::answered(case, object, true).await;
    }
    if let Some(handled) = event::answered(case, true).await? {
        return handled;
    }
    match follower(case).await? {
        Some(actor) => {
            let accepted = case.run(ReceiveAccept { follower: actor.id }).await?;
            if case.by.manually_approves {
                case.federation.want_past(case.by.id);
            }
            Ok(accepted)
        }
        None => Ok(Verdict::Ignored("what it accepts is no Follow of ours")),
    }
}

/// Our Follow was turned down, or ended; or our Join of an event, or our request to quote, was.
pub(super) async fn reject(case: &Case<'_>) -> Handled {
    if let Some(object) = quote::asked(case).await? {
        return quote::answered(case, object, false).await;
    }
    if let Some(handled) = event::answered(case, false).await? {
        return handled;
    }
    match follower(case).await? {
        Some(actor) => case.run(ReceiveReject { follower: actor.id }).await,
        None => Ok(Verdict::Ignored("what it rejects is no Follow of ours")),
    }
}

/// The local person whose Follow is answered: named by the embedded Follow, or by its id. Whether
/// they asked for it is known to the operation.
async fn follower(case: &Case<'_>) -> Result<Option<Actor>, Refusal> {
    let named = match case.object()? {
        Ref::Embedded(value) => Activity::inner(value).ok(),
        Ref::Id(_) => None,
    };
    let Some(inner) = named else {
        return by_id(case).await;
    };
    let meant = inner
        .object_id()
        .is_none_or(|id| id == case.by.uri.as_str());
    if inner.kind != "Follow" || !meant {
        return Ok(None);
    }
    if inner.actor.is_empty() {
        return by_id(case).await;
    }
    case.local_actor(&inner.actor).await
}

/// Our Follows bear the uuid of their entry in the outbox log.
async fn by_id(case: &Case<'_>) -> Result<Option<Actor>, Refusal> {
    let named = case
        .activity
        .object_id()
        .and_then(|id| case.federation.names().parse(id));
    let Some(Local::Activity(_, uuid)) = named else {
        return Ok(None);
    };
    let store = &case.federation.operations.store;
    let found = store.read(move |db| outbox::find_by_uuid(db, &uuid)).await;
    let Some(row) = found.map_err(Refusal::from)? else {
        return Ok(None);
    };
    let asked =
        matches!(row.logged.entry.activity, Deed::Followed { target } if target == case.by.id);
    if !asked {
        return Ok(None);
    }
    case.actor_of(row.logged.entry.by).await.map(Some)
}
