//! Which group a foreign object belongs to (federation.md 4.0.5).

use crate::domain::actor::{Actor, ActorKind};
use crate::domain::names::{Local, Names};
use crate::domain::refusal::Refusal;
use crate::store::{Db, Res, actors, posts};

use super::super::Federation;
use super::super::read::Candidate;

/// The first of the candidates that names a local group: by its id, one of its collections, or a
/// conversation in it.
pub(super) async fn local_group(
    federation: &Federation,
    candidates: Vec<Candidate>,
) -> Result<Option<Actor>, Refusal> {
    let names = federation.operations.names.clone();
    let found = federation
        .operations
        .store
        .look_up(move |db| find_local_group(db, &names, &candidates));
    found.await.map_err(Refusal::from)
}

/// The same, for who is in the store already.
pub(super) fn find_local_group(
    db: &mut Db,
    names: &Names,
    candidates: &[Candidate],
) -> Res<Option<Actor>> {
    for candidate in candidates.iter().filter(|one| names.is_local(&one.uri)) {
        if let Some(group) = named(db, names, &candidate.uri)? {
            return Ok(Some(group));
        }
    }
    Ok(None)
}

fn named(db: &mut Db, names: &Names, uri: &str) -> Res<Option<Actor>> {
    let found = match names.parse(uri) {
        Some(Local::Group(name)) => actors::find_local(db, &name)?,
        Some(Local::Collection(of, _)) => match *of {
            Local::Group(name) => actors::find_local(db, &name)?,
            Local::Post(id) => match posts::find(db, id)? {
                Some(post) => actors::find(db, post.group)?.filter(|group| group.local),
                None => None,
            },
            _ => None,
        },
        _ => None,
    };
    Ok(found.filter(|actor| actor.kind == ActorKind::Group && actor.deleted_at.is_none()))
}

/// Whether an object is addressed to this remote group.
pub(super) fn names_group(candidates: &[Candidate], group: &Actor) -> bool {
    let followers = group.followers.as_deref();
    candidates
        .iter()
        .any(|one| one.uri == group.uri.as_str() || Some(one.uri.as_str()) == followers)
}
