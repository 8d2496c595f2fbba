//! Questions of the hub: those that wait for an answer, and those that have one.

use crate::domain::ids::ActorId;
use crate::domain::page::{Page, PageRequest};
use crate::store::{Db, Res, questions};

use super::filter::shown;
use super::post::{PostCard, cards};

/// A page of questions that the viewer can see, of one group or of all, the newest first: open ones,
/// or answered ones.
pub(crate) fn page(
    db: &mut Db,
    viewer: Option<ActorId>,
    group: Option<ActorId>,
    open: bool,
    request: PageRequest,
) -> Res<Page<PostCard>> {
    let found = questions::list_posts(db, viewer.into(), group, open, request)?;
    Ok(shown(cards(db, viewer, found)?))
}
