//! What somebody whom people here follow begins in a group of another server (federation.md 4.2): it
//! comes from its author, whether or not anybody here follows the group.

use crate::domain::actor::{Actor, ActorKind};
use crate::domain::ids::ActorId;
use crate::domain::membership::FollowState;
use crate::domain::refusal::Refusal;
use crate::store::{Db, Res, actors, follows};

use super::super::read;
use super::super::wire::{Object, address};
use super::case::Case;
use super::content::activity;

/// Groups that are asked for because a post names them as its audience.
const MOST_ASKED: usize = 2;

/// The public group elsewhere to which a post is addressed that its author, whom somebody here
/// follows, sent by themselves. One that is not known is asked for if it is named as the audience.
pub(super) async fn group(case: &Case<'_>, object: &Object) -> Result<Option<Actor>, Refusal> {
    let author = object.actor.as_deref().or_else(|| object.author());
    let own = author.is_none_or(|author| author == case.by.uri.as_str());
    if !(case.believed && own && case.is_own_host(&object.id)) {
        return Ok(None);
    }
    let most = case.federation.settings().intake.addressees;
    let candidates = read::candidates(activity(case), object, most);
    let named: Vec<String> = candidates.into_iter().map(|one| one.uri).collect();
    let by = case.by.id;
    let store = &case.federation.operations.store;
    let found = store.look_up(move |db| look(db, by, &named));
    match found.await.map_err(Refusal::from)? {
        Known::Stranger => return Ok(None),
        Known::Group(group) => return Ok(Some(*group).filter(is_open)),
        Known::Elsewhere => {}
    }
    for uri in audience(case, object) {
        if case.federation.names().is_local(uri) {
            continue;
        }
        match case.resolver.actor(uri).await {
            Ok(actor) if actor.kind == ActorKind::Group => {
                return Ok(Some(actor).filter(is_open));
            }
            Ok(_) => {}
            Err(refusal) if refusal.is_passing() => return Err(refusal),
            Err(refusal) => {
                tracing::debug!(group.uri = uri, why = %refusal, "its group cannot be had");
            }
        }
    }
    Ok(None)
}

fn audience<'a>(case: &'a Case<'_>, object: &'a Object) -> Vec<&'a str> {
    let of_activity = activity(case).into_iter().flat_map(|one| &one.audience);
    let mut named: Vec<&str> = Vec::new();
    for uri in object.audience.iter().chain(of_activity) {
        if !address::is_public(uri) && !named.contains(&uri.as_str()) {
            named.push(uri);
        }
    }
    named.truncate(MOST_ASKED);
    named
}

/// What the store knows of a post's author and place.
enum Known {
    /// Nobody here follows its author.
    Stranger,
    /// Of those whom it names none is known to be a group.
    Elsewhere,
    /// The first of those named that is a group.
    Group(Box<Actor>),
}

fn look(db: &mut Db, author: ActorId, named: &[String]) -> Res<Known> {
    if follows::find_local_state(db, author)? != Some(FollowState::Accepted) {
        return Ok(Known::Stranger);
    }
    let uris: Vec<&str> = named.iter().map(String::as_str).collect();
    let mut groups = actors::list_by_uris(db, &uris)?;
    groups.retain(|actor| actor.kind == ActorKind::Group && !actor.local);
    let first = uris
        .iter()
        .find_map(|uri| groups.iter().find(|group| group.uri.as_str() == *uri));
    Ok(first.map_or(Known::Elsewhere, |group| {
        Known::Group(Box::new(group.clone()))
    }))
}

fn is_open(group: &Actor) -> bool {
    !group.is_private_group() && group.deleted_at.is_none()
}
