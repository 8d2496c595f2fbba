//! Meetings: those that are still to come, and those that were.

use crate::domain::clock::Ts;
use crate::domain::ids::ActorId;
use crate::domain::page::{Page, PageRequest};
use crate::store::{Db, Res, events};

use super::filter::shown;
use super::post::{PostCard, cards};

/// A page of posts with an event that the viewer can see, of one group or of all: those that are not
/// over now, the next one first, or those that are, the latest first.
pub(crate) fn page(
    db: &mut Db,
    viewer: Option<ActorId>,
    group: Option<ActorId>,
    (over, now): (bool, Ts),
    request: PageRequest,
) -> Res<Page<PostCard>> {
    let found = events::list_posts(db, viewer.into(), group, (over, now), request)?;
    Ok(shown(cards(db, viewer, found)?))
}
