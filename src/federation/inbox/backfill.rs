//! What a remote group was before somebody here joined it: its moderators, its last threads, and
//! what is pinned (federation.md 6.3).

use crate::domain::actor::Actor;
use crate::domain::caller::Caller;
use crate::domain::ids::ObjectId;
use crate::domain::refusal::Refusal;
use crate::operations::moderation::{FeaturePost, LearnModerators};

use super::super::Federation;
use super::super::resolve::Resolver;
use super::super::wire::Ref;
use super::announce;

/// Moderators of one group that are known.
const MODERATORS: usize = 50;
/// Pinned posts that are taken.
const PINNED: usize = 20;

/// Fetches the moderators, the last threads and the pinned posts of a remote group, and applies them
/// as if they came now. What cannot be had is left out, and none of them waits for another; running
/// it again is harmless. Gives back how many items of its outbox were looked at.
///
/// # Errors
/// If its server cannot be asked now for some of it.
pub(crate) async fn backfill(federation: &Federation, group: &Actor) -> Result<usize, Refusal> {
    if group.local {
        return Ok(0);
    }
    let resolver = federation.patient_resolver();
    let all = async {
        let moderators = learn_moderators(federation, &resolver, group).await;
        let threads = threads(federation, &resolver, group).await;
        let pinned = learn_pinned(federation, &resolver, group).await;
        moderators.and(pinned).and(threads)
    };
    let patience = federation.settings().intake.backfill_time.duration();
    let in_time = tokio::time::timeout(patience, Box::pin(all)).await;
    // What came until then stays; the rest is fetched when somebody asks for it.
    in_time.unwrap_or(Ok(0))
}

/// The last threads of a group, by its outbox.
async fn threads(
    federation: &Federation,
    resolver: &Resolver<'_>,
    group: &Actor,
) -> Result<usize, Refusal> {
    let Some(outbox) = &group.outbox else {
        return Ok(0);
    };
    let most = federation.settings().intake.backfill_threads;
    let mut items = listed(resolver, group, outbox, most.into())
        .await?
        .unwrap_or_default();
    items.reverse();
    for item in &items {
        let taken = Box::pin(announce::of_outbox(federation, resolver, group, item)).await;
        if let Err(refusal) = taken {
            tracing::debug!(group.uri = %group.uri, why = %refusal, "an item of its outbox is left out");
        }
    }
    Ok(items.len())
}

/// The pinned posts of a group, which are pinned here too.
async fn learn_pinned(
    federation: &Federation,
    resolver: &Resolver<'_>,
    group: &Actor,
) -> Result<(), Refusal> {
    let Some(featured) = &group.featured else {
        return Ok(());
    };
    let pinned = listed(resolver, group, featured, PINNED).await?;
    for item in pinned.unwrap_or_default() {
        let taken = Box::pin(announce::of_outbox(federation, resolver, group, &item)).await;
        let (Some(id), Ok(_)) = (item.id(), taken) else {
            continue;
        };
        let known = resolver.known_object(id).await?;
        let Some(known) = known.filter(|known| known.group == group.id) else {
            continue;
        };
        if let ObjectId::Post(post) = known.id {
            let pin = FeaturePost {
                post,
                featured: true,
                relay: None,
            };
            Box::pin(federation.operations.run(Caller::System, pin)).await?;
        }
    }
    Ok(())
}

/// The items of one of a group's collections; none if it has none that can be used.
async fn listed(
    resolver: &Resolver<'_>,
    group: &Actor,
    uri: &str,
    most: usize,
) -> Result<Option<Vec<Ref>>, Refusal> {
    match resolver.collection(&group.uri, uri, most).await {
        Ok(items) => Ok(Some(items)),
        Err(refusal) if refusal.is_passing() => Err(refusal),
        Err(_) => Ok(None),
    }
}

/// Makes our list of a remote group's moderators what the group says it is.
pub(super) async fn learn_moderators(
    federation: &Federation,
    resolver: &Resolver<'_>,
    group: &Actor,
) -> Result<(), Refusal> {
    let Some(uri) = &group.moderators else {
        return Ok(());
    };
    let Some(items) = listed(resolver, group, uri, MODERATORS).await? else {
        return Ok(());
    };
    let mut moderators = Vec::new();
    for id in items.iter().filter_map(Ref::id) {
        if let Ok(moderator) = resolver.actor(id).await {
            moderators.push(moderator.id);
        }
    }
    let learnt = LearnModerators {
        group: group.id,
        moderators,
    };
    Box::pin(federation.operations.run(Caller::System, learnt)).await
}
