//! What search engines may list of this hub.

use crate::domain::clock::Ts;
use crate::domain::ids::Ids;
use crate::domain::page::MAX_LIMIT;
use crate::domain::page::{Page, PageRequest};
use crate::domain::search::Listed;
use crate::store::{Db, Res, actors, posts};

/// Posts of one page of the map, as many as the protocol allows with room for the rest.
pub(crate) const MOST: u32 = 40_000;

/// The newest posts of the whole hub, and the first groups. Two queries.
pub(crate) fn newest(db: &mut Db) -> Res<(Page<crate::domain::actor::Actor>, Vec<Listed>)> {
    let groups = actors::list_local_groups(db, None.into(), PageRequest::first(MAX_LIMIT))?;
    Ok((groups, posts::list_listed(db, 0, i64::MAX, MAX_LIMIT + 1)?))
}

/// The posts that came from one moment until another. One query.
pub(crate) fn between(db: &mut Db, from: Ts, until: Ts) -> Res<Vec<Listed>> {
    posts::list_listed(db, Ids::floor(from), Ids::floor(until), MOST)
}

/// When the first post of the hub was written. One query.
pub(crate) fn begin(db: &mut Db) -> Res<Option<Ts>> {
    Ok(posts::find_oldest_local(db)?.map(|post| post.published_at))
}
