//! Posts and comments: what is known of one by its id, and its document from its origin.

use std::collections::HashMap;

use crate::domain::actor::{Actor, ActorKind};
use crate::domain::ids::{ActorId, ObjectId};
use crate::domain::names::{Local, Names};
use crate::domain::refusal::{Kind, Refusal};
use crate::store::traces::{self, Trace};
use crate::store::{Db, Res, actors};

use super::super::wire;
use super::Resolver;

/// The post or comment with this id, local or remote, if it is stored.
pub(in crate::federation) fn find_object(
    db: &mut Db,
    names: &Names,
    uri: &str,
) -> Res<Option<Trace>> {
    Ok(find_objects(db, names, &[uri])?.remove(uri))
}

/// The posts and comments that are stored, by these of their ids, local or remote.
pub(in crate::federation) fn find_objects<'a>(
    db: &mut Db,
    names: &Names,
    uris: &[&'a str],
) -> Res<HashMap<&'a str, Trace>> {
    let (mut here, mut elsewhere) = (Vec::new(), Vec::new());
    for uri in uris.iter().filter(|uri| !uri.contains('\0')) {
        match names.parse(uri) {
            Some(Local::Post(id)) => here.push((*uri, ObjectId::Post(id))),
            Some(Local::Comment(id)) => here.push((*uri, ObjectId::Comment(id))),
            _ => elsewhere.push(*uri),
        }
    }
    let ids: Vec<ObjectId> = here.iter().map(|(_, id)| *id).collect();
    let found = traces::list(db, &ids, &elsewhere)?;
    let of = |fits: &dyn Fn(&Trace) -> bool| found.iter().find(|known| fits(known)).cloned();
    let mut known = HashMap::with_capacity(found.len());
    for (uri, id) in here {
        known.extend(of(&|known| known.id == id).map(|known| (uri, known)));
    }
    for uri in elsewhere {
        known.extend(of(&|known| known.uri == uri).map(|known| (uri, known)));
    }
    Ok(known)
}

/// The same, each with the group of its thread.
pub(in crate::federation) fn find_placed<'a>(
    db: &mut Db,
    names: &Names,
    uris: &[&'a str],
) -> Res<HashMap<&'a str, (Trace, Actor)>> {
    let known = find_objects(db, names, uris)?;
    let mut groups: Vec<ActorId> = known.values().map(|known| known.group).collect();
    groups.sort_unstable();
    groups.dedup();
    let groups = actors::list_by_ids(db, &groups)?;
    let group = |id: ActorId| groups.iter().find(|group| group.id == id).cloned();
    let placed = |(uri, known): (&'a str, Trace)| Some((uri, (group(known.group)?, known)));
    let placed = known.into_iter().filter_map(placed);
    Ok(placed
        .map(|(uri, (group, known))| (uri, (known, group)))
        .collect())
}

impl Resolver<'_> {
    /// The post or comment with this id, if it is stored.
    pub(in crate::federation) async fn known_object(
        &self,
        uri: &str,
    ) -> Result<Option<Trace>, Refusal> {
        let (uri, names) = (uri.to_owned(), self.federation.operations.names.clone());
        let store = &self.federation.operations.store;
        let found = store.look_up(move |db| find_object(db, &names, &uri)).await;
        found.map_err(Refusal::from)
    }

    /// The object with this id as its origin serves it now; its author lives on its host.
    pub(in crate::federation) async fn object(&self, uri: &str) -> Result<wire::Object, Refusal> {
        let document = self.document(uri).await?;
        read_object(&document)
    }

    /// The same, for what an answer names.
    pub(super) async fn named_object(&self, uri: &str) -> Result<wire::Object, Refusal> {
        read_object(&self.named_document(uri).await?)
    }

    /// The document with this id as its origin serves it now: an object or an activity.
    pub(in crate::federation) async fn thing(
        &self,
        uri: &str,
    ) -> Result<serde_json::Value, Refusal> {
        self.document(uri).await
    }
}

/// Reads an object from a document.
pub(in crate::federation) fn read_object(
    document: &serde_json::Value,
) -> Result<wire::Object, Refusal> {
    let unreadable = |why: String| {
        let sentence = format!("The object is no use: {why}.");
        Refusal::new(Kind::Invalid, "object.unreadable", sentence)
    };
    let object = wire::Object::from_value(document).map_err(|no| unreadable(no.to_string()))?;
    if ActorKind::parse(&object.kind).is_some() {
        return Err(unreadable(format!("it is a {}", object.kind)));
    }
    Ok(object)
}
