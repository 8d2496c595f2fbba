//! The groups of this hub.

use crate::domain::actor::Actor;
use crate::domain::ids::ActorId;
use crate::domain::page::{Page, PageRequest};
use crate::store::{Db, Res, actors};

/// The hub's own groups that are listed and that the viewer may look into, oldest first: one query.
pub(crate) fn groups(db: &mut Db, viewer: Option<ActorId>, page: PageRequest) -> Res<Page<Actor>> {
    actors::list_local_groups(db, viewer.into(), page)
}
