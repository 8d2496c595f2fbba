//! Join and Leave for events of this hub, and the answers to ours (federation.md 4.15).

use crate::domain::activity::Activity as Deed;
use crate::domain::ids::{ActorId, ObjectId, PostId};
use crate::domain::names::Local;
use crate::domain::refusal::Refusal;
use crate::operations::event::{AttendEvent, LeaveEvent, ReceiveJoinAnswer};
use crate::store::outbox;

use super::super::wire::{Activity, Ref};
use super::case::{Case, Handled, Verdict};

/// Somebody wants to come to an event.
pub(super) async fn join(case: &Case<'_>) -> Handled {
    match announced(case, case.object_id()?).await? {
        Some(post) => {
            let join = Some(case.activity.id.clone());
            case.run(AttendEvent { post, join }).await
        }
        None => Ok(Verdict::Ignored("there is no such event here")),
    }
}

/// Somebody does not come after all: a Leave, or the Undo of a Join.
pub(super) async fn leave(case: &Case<'_>) -> Handled {
    match announced(case, case.object_id()?).await? {
        Some(post) => case.run(LeaveEvent { post }).await,
        None => Ok(Verdict::Ignored("there is no such event here")),
    }
}

/// The post behind the id of an event, for what its actor said directly.
async fn announced(case: &Case<'_>, event: &str) -> Result<Option<PostId>, Refusal> {
    if case.via.is_some() {
        return Ok(None);
    }
    let known = case.resolver.known_object(event).await?;
    Ok(known.and_then(|known| match known.id {
        ObjectId::Post(post) => Some(post),
        ObjectId::Comment(_) => None,
    }))
}

/// An Accept or Reject of a Join of ours; `None` if it answers something else.
pub(super) async fn answered(case: &Case<'_>, accepted: bool) -> Result<Option<Handled>, Refusal> {
    let asked = match case.object()? {
        Ref::Embedded(value) => by_words(case, value).await?,
        Ref::Id(id) => by_id(case, id).await?,
    };
    let Some((post, attendee)) = asked else {
        return Ok(None);
    };
    let answer = ReceiveJoinAnswer {
        post,
        attendee,
        accepted,
    };
    Ok(Some(case.run(answer).await))
}

async fn by_words(
    case: &Case<'_>,
    value: &serde_json::Value,
) -> Result<Option<(PostId, ActorId)>, Refusal> {
    let Ok(join) = Activity::inner(value) else {
        return Ok(None);
    };
    let Some(event) = join.object_id().filter(|_| join.kind == "Join") else {
        return Ok(None);
    };
    let attendee = case.local_actor(&join.actor).await?;
    let post = announced(case, event).await?;
    Ok(post.zip(attendee.map(|actor| actor.id)))
}

/// Our Joins bear the uuid of their entry in the outbox log.
async fn by_id(case: &Case<'_>, id: &str) -> Result<Option<(PostId, ActorId)>, Refusal> {
    let Some(Local::Activity(_, uuid)) = case.federation.names().parse(id) else {
        return Ok(None);
    };
    let store = &case.federation.operations.store;
    let found = store.read(move |db| outbox::find_by_uuid(db, &uuid)).await;
    let entry = found.map_err(Refusal::from)?.map(|row| row.logged.entry);
    Ok(entry.and_then(|entry| match entry.activity {
        Deed::Joined { post } => Some((post, entry.by)),
        _ => None,
    }))
}
