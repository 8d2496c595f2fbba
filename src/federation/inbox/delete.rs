//! Delete: by the author, by a moderator, or of the actor itself (federation.md 4.5).

use crate::domain::actor::Actor;
use crate::domain::caller::Caller;
use crate::domain::ids::ObjectId;
use crate::domain::refusal::Refusal;
use crate::operations::actor::TombstoneActor;
use crate::operations::moderation::RemoveObject;
use crate::operations::object::DeleteObject;
use crate::store::traces::Trace;
use crate::store::{held, seen};

use super::case::{Case, Handled, Verdict};
use super::{deleted_mark, message, quote};

/// The longest reason that is kept, in characters.
pub(super) const LONGEST_REASON: usize = 1_000;

/// Delete of what is known; of what is not, the deletion is remembered.
pub(super) async fn delete(case: &Case<'_>) -> Handled {
    let id = case.object_id()?;
    if id == case.by.uri.as_str() {
        return delete_actor(case).await;
    }
    let Some((known, group)) = case.subject().await? else {
        if let Some(done) = quote::revoked(case).await? {
            return Ok(done);
        }
        withdraw(case, id).await?;
        return match message::known(case, id).await? {
            Some(known) => message::delete(case, known.id, true).await,
            None => remember(case, id).await,
        };
    };
    if known.author == case.by.id {
        if !case.believed && !is_gone(case, id).await? {
            return Ok(Verdict::Ignored("its origin still has it"));
        }
        let relay = case.relay(&group);
        return case
            .run(DeleteObject {
                object: known.id,
                relay,
            })
            .await;
    }
    remove(case, &known, &group, id).await
}

/// A moderator's removal; where a remote group's server does not answer for it, the object's own
/// origin is asked whether it is gone.
async fn remove(case: &Case<'_>, known: &Trace, group: &Actor, id: &str) -> Handled {
    let author = case.actor_of(known.author).await?;
    let removal = RemoveObject {
        object: known.id,
        reason: reason(case.activity.summary.as_deref()),
        with_replies: case.activity.with_replies,
        relay: case.relay(group),
    };
    match case.moderate(group, Some(&author), removal).await {
        Err(refusal) if case.via.is_some() && !refusal.is_passing() && !author.local => {
            if !is_gone(case, id).await? {
                return Err(refusal);
            }
            let caller = Caller::Remote { actor: author.id };
            case.run_as(
                caller,
                DeleteObject {
                    object: known.id,
                    relay: None,
                },
            )
            .await
        }
        handled => handled,
    }
}

async fn delete_actor(case: &Case<'_>) -> Handled {
    if !case.believed {
        return Ok(Verdict::Ignored("nobody else says that an actor is gone"));
    }
    case.run(TombstoneActor { actor: case.by.id }).await
}

/// What waits for a moderator waits no longer.
async fn withdraw(case: &Case<'_>, id: &str) -> Result<(), Refusal> {
    let uri = id.to_owned();
    let operations = &case.federation.operations;
    let look = operations.store.read(move |db| held::find_by_uri(db, &uri));
    let held = look.await.map_err(Refusal::from)?;
    let Some(held) = held.filter(|held| case.believed && held.author == case.by.id) else {
        return Ok(());
    };
    let delete = DeleteObject {
        object: ObjectId::Post(held.id),
        relay: None,
    };
    operations
        .run(Caller::Remote { actor: case.by.id }, delete)
        .await
}

/// Remembers the deletion of something unknown, so that it does not come late (security.md H99).
async fn remember(case: &Case<'_>, id: &str) -> Handled {
    if case.believed && case.is_own_host(id) {
        let (mark, now) = (deleted_mark(id), case.now);
        let store = &case.federation.operations.store;
        store
            .write(move |db| Ok::<_, Refusal>(seen::insert(db, &mark, now)?))
            .await?;
    }
    Ok(Verdict::Ignored("what it deletes is not here"))
}

/// Whether the origin says that it has this no more.
pub(super) async fn is_gone(case: &Case<'_>, id: &str) -> Result<bool, Refusal> {
    use crate::domain::refusal::Kind;
    match case.resolver.object(id).await {
        Ok(object) => Ok(object.is_tombstone()),
        Err(refusal) if refusal.kind == Kind::Gone => Ok(true),
        Err(refusal) if refusal.is_passing() => Err(refusal),
        Err(_) => Ok(false),
    }
}

/// A reason as plain text of bounded length.
pub(super) fn reason(text: Option<&str>) -> String {
    use crate::text::{plain, sanitise};
    let text = text
        .map(|text| plain::plain(&sanitise::clean(text)))
        .unwrap_or_default();
    text.chars().take(LONGEST_REASON).collect()
}
