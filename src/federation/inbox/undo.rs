//! Undo: what an actor did before is taken back (federation.md 4.1, 4.5, 4.7, 4.9, 4.11).

use serde_json::{Value, json};

use crate::crypto::digest;
use crate::domain::actor::Actor;
use crate::domain::ids::Uri;
use crate::domain::refusal::Refusal;
use crate::operations::membership::ReceiveUnfollow;
use crate::operations::moderation::UnremoveObject;
use crate::operations::object::RestoreObject;
use crate::store::deeds::{self, Deed};
use crate::store::{StoreError, actors, follows};

use super::super::wire::{Activity, Ref};
use super::case::{Case, Handled, Verdict};
use super::{delete, event, message, moderate, question, react};

/// Undo of an embedded activity, or of one that is known by its id or served by its origin.
pub(super) async fn undo(case: &Case<'_>) -> Handled {
    let inner = match case.object()? {
        Ref::Embedded(value) => Activity::inner(value),
        Ref::Id(id) => match by_id(case, id).await? {
            Some(known) => Activity::inner(&known),
            None => return Ok(Verdict::Ignored("what it undoes is not known")),
        },
    };
    let inner = inner.map_err(|no| super::unreadable(&no))?;
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

/// The activity with this id: as it is remembered, else as its origin serves it now. What neither
/// knows must not come late.
async fn by_id(case: &Case<'_>, id: &str) -> Result<Option<Value>, Refusal> {
    if let Some(known) = remembered(case, id).await? {
        return Ok(Some(known));
    }
    let own = Uri::parse(id).is_some_and(|id| id.same_host(&case.by.uri));
    if !own || passed_on(case) {
        return Ok(None);
    }
    match case.resolver.thing(id).await {
        Ok(served) if served.get("id").is_some_and(|own| own == id) => Ok(Some(served)),
        Err(no) if no.is_passing() => Err(no),
        Ok(_) | Err(_) => {
            let nothing = json!({"id": id, "type": "Undo", "actor": case.by.uri.as_str()});
            let nothing = Activity::inner(&nothing).map_err(|no| super::unreadable(&no))?;
            case.undoing(nothing).remember_undone().await?;
            Ok(None)
        }
    }
}

/// What the actor did by an activity of this id, as it would be embedded.
async fn remembered(case: &Case<'_>, id: &str) -> Result<Option<Value>, Refusal> {
    let (by, uri) = (case.by.id, id.to_owned());
    let store = &case.federation.operations.store;
    let known = store.read(move |db| {
        if let Some(follow) = follows::find_by_uri(db, by, &uri)? {
            let target = actors::find(db, follow.target)?;
            return Ok(target.map(|target| ("Follow", target.uri.as_str().to_owned(), None)));
        }
        let done = deeds::find(db, by, &uri, digest::short(&uri))?;
        Ok::<_, StoreError>(done.map(|(deed, object)| match deed {
            Deed::Vote => ("Like", object, None),
            Deed::Reaction(content) => ("EmojiReact", object, Some(content)),
            Deed::Share => ("Announce", object, None),
            Deed::Join => ("Join", object, None),
        }))
    });
    let by = case.by.uri.as_str();
    Ok(known.await.map_err(Refusal::from)?.map(|(kind, object, content)| {
        json!({"id": id, "type": kind, "actor": by, "object": object, "content": content})
    }))
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
