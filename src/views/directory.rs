//! The groups of this hub.

use crate::domain::actor::Actor;
use crate::domain::page::{Page, PageRequest};
use crate::store::{Db, Res, actors};

/// The hub's own groups that are listed, oldest first: one query.
pub(crate) fn groups(db: &mut Db, page: PageRequest) -> Res<Page<Actor>> {
    actors::list_local_groups(db, page)
}
