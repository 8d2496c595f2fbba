//! Threads by the page that they are about.

use diesel::prelude::*;

use super::schema::posts;
use super::{Db, Res};
use crate::domain::ids::{ActorId, PostId};

/// The first thread of a group that is there and about any of these addresses.
pub(crate) fn find(db: &mut Db, group: ActorId, links: &[String]) -> Res<Option<PostId>> {
    let links: Vec<&str> = links.iter().map(String::as_str).collect();
    let id: Option<i64> = posts::table
        .filter(posts::group_id.eq(group.0))
        .filter(posts::link_url.eq_any(links))
        .filter(posts::deleted_at.is_null().and(posts::removed_at.is_null()))
        .order(posts::id)
        .select(posts::id)
        .first(db)
        .optional()?;
    Ok(id.map(PostId))
}
