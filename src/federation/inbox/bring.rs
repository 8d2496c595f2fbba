//! What somebody here searches for by its address: fetched from its origin, and stored if it
//! belongs to a remote group.

use crate::domain::actor::{Actor, ActorKind};
use crate::domain::ids::ObjectId;
use crate::domain::refusal::Refusal;

use super::super::wire::Ref;
use super::super::{Federation, read};
use super::announce;

/// Addressees of an object that are looked at for its group.
const MOST_CANDIDATES: u16 = 5;

/// What stands behind an address.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Brought {
    /// Somebody.
    Actor(Box<Actor>),
    /// A post or comment, which is stored now.
    Object(ObjectId),
}

/// Fetches what stands behind a foreign address; `None` if it is nothing that can be kept here, as
/// a post outside every group.
///
/// # Errors
/// If its server cannot be asked, or has nothing there.
pub(crate) async fn bring(
    federation: &Federation,
    address: &str,
) -> Result<Option<Brought>, Refusal> {
    let resolver = federation.resolver();
    if let Ok(actor) = resolver.actor(address).await {
        return Ok(Some(Brought::Actor(Box::new(actor))));
    }
    let object = resolver.object(address).await?;
    if let Some(known) = resolver.known_object(&object.id).await? {
        return Ok(Some(Brought::Object(known.id)));
    }
    let candidates = read::candidates(None, &object, MOST_CANDIDATES);
    for candidate in &candidates {
        let Ok(group) = resolver.actor(&candidate.uri).await else {
            continue;
        };
        if group.kind != ActorKind::Group || group.local {
            continue;
        }
        let item = Ref::Id(object.id.clone());
        Box::pin(announce::of_outbox(federation, &resolver, &group, &item)).await?;
        let known = resolver.known_object(&object.id).await?;
        return Ok(known.map(|known| Brought::Object(known.id)));
    }
    Ok(None)
}
