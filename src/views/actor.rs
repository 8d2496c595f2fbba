//! Actors, by id, address and handle.

use crate::domain::actor::{Actor, ActorKind};
use crate::domain::ids::{ActorId, Handle};
use crate::store::{Db, Res, actors};

/// The actor of a row, deleted or not.
pub(crate) fn find(db: &mut Db, id: ActorId) -> Res<Option<Actor>> {
    actors::find(db, id)
}

/// The actor with this ActivityPub id, deleted or not.
pub(crate) fn find_by_uri(db: &mut Db, uri: &str) -> Res<Option<Actor>> {
    actors::find_by_uri(db, uri)
}

/// The local person, group or hub of this name, in any case, deleted or not.
pub(crate) fn find_local(db: &mut Db, name: &str) -> Res<Option<Actor>> {
    actors::find_local(db, name)
}

/// The actor at this address, of this kind if one is given; deleted or not.
pub(crate) fn find_by_handle(
    db: &mut Db,
    handle: &Handle,
    kind: Option<ActorKind>,
) -> Res<Option<Actor>> {
    actors::find_by_handle(db, handle, kind)
}
