//! Undo: what an actor did before is taken back (federation.md 4.1, 4.5, 4.7, 4.9, 4.11).

use crate::domain::actor::Actor;
use crate::domain::refusal::Refusal;
use crate::operations::membership::ReceiveUnfollow;
use crate::operations::moderation::UnremoveObject;
use crate::operations::object::RestoreObject;
use crate::store::follows;

use super::super::wire::{Activity, Ref};
use super::case::{Case, Handled, Verdict};
use super::{delete, event, message, moderate, question, react};

/// Undo of an embedded activity, or of a Follow by its id.
pub(super) async fn undo(case: &Case<'_>) -> Handled {
    let inner = match case.object()? {
        Ref::Id(id) => return undo_by_id(case, id).await,
        Ref::Embedded(value) => Activity::inner(value).map_err(|no| super::unreadable(&no))?,
    };
    if inner.actor != case.by.uri.as_str() && !takes_over(&inner) {
        return Err(Refusal::forbidden(
            "undo.other",
            "Only who did something can undo it.",
        ));
    }
    let case = &case.undoing(inner);
    match case.activity.kind.as_str() {
        "Follow" => unfollow(case).await,
        "Like" | "Dislike" | "EmojiReact" => react::unreact(case).await,
        "Join" => event::leave(case).await,
        "Announce" => react::share(case, false).await,
        "Delete" => restore(case).await,
        "Block" => moderate::unblock(case).await,
        "Lock" => moderate::unlock(case).await,
        "ChooseAnswer" => question::choose(case, false).await,
        _ => Ok(Verdict::Ignored("there is nothing to undo")),
    }
}

/// Moderators take back what other moderators of their group did; whether they are some is asked
/// where it is done.
fn takes_over(inner: &Activity) -> bool {
    let removal = inner.kind == "Delete" && inner.summary.is_some();
    removal || matches!(inner.kind.as_str(), "Block" | "Lock" | "ChooseAnswer")
}

/// What a group passes on is no word about follows.
fn passed_on(case: &Case<'_>) -> bool {
    case.via.is_some()
}

/// Of what was done before, only follows are known by their ids.
async fn undo_by_id(case: &Case<'_>, id: &str) -> Handled {
    if passed_on(case) {
        return Ok(Verdict::Ignored("only its actor ends a follow"));
    }
    let (follower, id) = (case.by.id, id.to_owned());
    let store = &case.federation.operations.store;
    let follow = store
        .read(move |db| follows::find_by_uri(db, follower, &id))
        .await;
    match follow.map_err(Refusal::from)? {
        Some(follow) => {
            case.run(ReceiveUnfollow {
                target: follow.target,
            })
            .await
        }
        None => Ok(Verdict::Ignored("what it undoes is not known")),
    }
}

async fn unfollow(case: &Case<'_>) -> Handled {
    if passed_on(case) {
        return Ok(Verdict::Ignored("only its actor ends a follow"));
    }
    match case.local_actor(case.object_id()?).await? {
        Some(target) => case.run(ReceiveUnfollow { target: target.id }).await,
        None => Ok(Verdict::Ignored("whom it unfollows is not here")),
    }
}

/// A deletion with a summary was a moderator's removal (pitfall P15).
async fn restore(case: &Case<'_>) -> Handled {
    let Some((known, group)) = case.subject().await? else {
        return match message::known(case, case.object_id()?).await? {
            Some(known) => message::delete(case, known.id, false).await,
            None => Ok(Verdict::Ignored("what it restores is not here")),
        };
    };
    let relay = case.relay(&group);
    if known.author == case.by.id && case.activity.summary.is_none() {
        if !case.believed && delete::is_gone(case, case.object_id()?).await? {
            return Ok(Verdict::Ignored("its origin does not have it"));
        }
        return case
            .run(RestoreObject {
                object: known.id,
                relay,
            })
            .await;
    }
    let author: Actor = case.actor_of(known.author).await?;
    let reason = delete::reason(case.activity.summary.as_deref());
    let restoring = UnremoveObject {
        object: known.id,
        reason,
        relay,
    };
    case.moderate(&group, Some(&author), restoring).await
}
