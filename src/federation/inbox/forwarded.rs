//! What somebody passed on that its actor did not sign for us: the body counts for nothing, only
//! what its origin serves (federation.md 3.3 step 9).

use crate::domain::caller::Caller;
use crate::domain::refusal::{Kind, Refusal};
use crate::operations::actor::TombstoneActor;
use crate::operations::object::DeleteObject;
use crate::store::inbox::Received;

use super::super::Federation;
use super::super::resolve::Resolver;
use super::super::wire::Activity;
use super::case::{Case, Handled, Verdict};
use super::{create, delete};

/// Asks the origin of what was passed on, and does what follows from its answer.
pub(super) async fn apply(
    resolver: &Resolver<'_>,
    federation: &Federation,
    row: &Received,
    activity: &Activity,
) -> Handled {
    let Some(id) = activity.object_id() else {
        return Ok(Verdict::Ignored("it is about nothing"));
    };
    if id == activity.actor {
        return ended(resolver, federation, row, activity).await;
    }
    let by = resolver.actor(&activity.actor).await?;
    let mut case = Case::received(federation, resolver, row, activity.clone(), by);
    case.believed = false;
    match activity.kind.as_str() {
        "Create" | "Update" => Box::pin(create::update(&case)).await,
        "Delete" => deleted(&case, id).await,
        _ => Ok(Verdict::Ignored("only words are asked of their origin")),
    }
}

async fn deleted(case: &Case<'_>, id: &str) -> Handled {
    match case.resolver.known_object(id).await? {
        Some(known) if known.author == case.by.id && delete::is_gone(case, id).await? => {
            case.run(DeleteObject {
                object: known.id,
                relay: None,
            })
            .await
        }
        _ => Ok(Verdict::Ignored(
            "its origin still has it, or it is not here",
        )),
    }
}

/// An actor whose key is gone says that it is gone: it is, if its server says so too.
async fn ended(
    resolver: &Resolver<'_>,
    federation: &Federation,
    row: &Received,
    activity: &Activity,
) -> Handled {
    let Some(actor) = resolver.known_actor(&activity.actor).await? else {
        return Ok(Verdict::Ignored("the actor is not known here"));
    };
    let answer: Result<(), Refusal> = resolver.thing(&activity.actor).await.and_then(|document| {
        let tombstone = document.get("type").and_then(|kind| kind.as_str()) == Some("Tombstone");
        if tombstone {
            Err(Refusal::new(Kind::Gone, "actor.gone", "The actor is gone."))
        } else {
            Ok(())
        }
    });
    match answer {
        Err(refusal) if refusal.kind == Kind::Gone => {
            let id = actor.id;
            let case = Case::received(federation, resolver, row, activity.clone(), actor);
            case.run_as(Caller::System, TombstoneActor { actor: id })
                .await
        }
        Err(refusal) if refusal.is_passing() => Err(refusal),
        _ => Ok(Verdict::Ignored("its server still has the actor")),
    }
}
