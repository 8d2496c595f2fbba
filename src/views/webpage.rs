//! Pages elsewhere and the threads about them.

use crate::domain::ids::{ActorId, PostId};
use crate::domain::webpage::Webpage;
use crate::store::{Db, Res, link_posts};

/// The first thread of a group that is about a page, for those who may look into the group. One query.
pub(crate) fn thread(db: &mut Db, group: ActorId, page: &Webpage) -> Res<Option<PostId>> {
    link_posts::find(db, group, &page.spellings())
}
