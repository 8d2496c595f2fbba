//! What a remote group was before somebody here joined it: its moderators, its last threads, and
//! what is pinned (federation.md 6.3).

use crate::domain::actor::Actor;
use crate::domain::caller::Caller;
use crate::domain::refusal::Refusal;
use crate::operations::moderation::LearnModerators;

use super::super::Federation;
use super::super::resolve::Resolver;
use super::super::wire::Ref;
use super::announce;

/// Threads that are taken from an outbox.
const THREADS: usize = 50;
/// Moderators of one group that are known.
const MODERATORS: usize = 50;

/// Fetches the moderators and the last threads of a remote group, and applies them as if they came
/// now. What cannot be had is left out; running it again is harmless. Gives back how many items of
/// its outbox were looked at.
///
/// # Errors
/// If its server cannot be asked now.
pub(crate) async fn backfill(federation: &Federation, group: &Actor) -> Result<usize, Refusal> {
    if group.local {
        return Ok(0);
    }
    let resolver = federation.resolver();
    Box::pin(learn_moderators(federation, &resolver, group)).await?;
    let Some(outbox) = &group.outbox else {
        return Ok(0);
    };
    let mut items = match resolver.collection(&group.uri, outbox, THREADS).await {
        Ok(items) => items,
        Err(refusal) if refusal.is_passing() => return Err(refusal),
        Err(_) => return Ok(0),
    };
    items.reverse();
    for item in &items {
        let taken = Box::pin(announce::of_outbox(federation, group, item)).await;
        if let Err(refusal) = taken {
            tracing::debug!(group.uri = %group.uri, why = %refusal, "an item of its outbox is left out");
        }
    }
    Ok(items.len())
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
    let items = match resolver.collection(&group.uri, uri, MODERATORS).await {
        Ok(items) => items,
        Err(refusal) if refusal.is_passing() => return Err(refusal),
        Err(_) => return Ok(()),
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
