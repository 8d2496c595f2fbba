//! A post with what decides who may do what to it, from one look.

use diesel::dsl::exists;
use diesel::prelude::*;

use super::actors::ActorRow;
use super::dialect::on_db;
use super::moderation::WHOLE_HUB;
use super::posts::PostRow;
use super::schema::{actors, bans, moderators, posts};
use super::{Db, Res};
use crate::domain::actor::Actor;
use crate::domain::ids::{ActorId, PostId};
use crate::domain::post::Post;

/// A post with the group in which it stands, and how somebody stands to that.
pub(crate) struct Placed {
    /// The post, hidden or not.
    pub(crate) post: Post,
    /// Its group.
    pub(crate) group: Actor,
    /// They are on the group's list of moderators.
    pub(crate) moderated: bool,
    /// They were banned from the group or the hub, perhaps no longer.
    pub(crate) banned: bool,
}

/// The post of a row, as it is placed for somebody.
pub(crate) fn find(db: &mut Db, id: PostId, by: Option<ActorId>) -> Res<Option<Placed>> {
    let by = by.map_or(0, |by| by.0);
    let moderated = moderators::table
        .filter(moderators::group_id.eq(posts::group_id))
        .filter(moderators::actor_id.eq(by));
    let here = bans::group_id
        .eq(WHOLE_HUB)
        .or(bans::group_id.eq(posts::group_id));
    let banned = bans::table.filter(bans::actor_id.eq(by).and(here));
    let row: Option<(PostRow, ActorRow, bool, bool)> = on_db!(db, |c| posts::table
        .inner_join(actors::table.on(actors::id.eq(posts::group_id)))
        .filter(posts::id.eq(id.0))
        .select((
            PostRow::as_select(),
            ActorRow::as_select(),
            exists(moderated),
            exists(banned),
        ))
        .first(c))
    .optional()?;
    Ok(row.map(|(post, group, moderated, banned)| Placed {
        post: post.into(),
        group: group.into(),
        moderated,
        banned,
    }))
}
