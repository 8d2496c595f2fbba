//! A post with what decides who may do what to it, from one look.

use diesel::dsl::exists;
use diesel::prelude::*;

use super::actors::ActorRow;
use super::dialect::on_db;
use super::moderation::WHOLE_HUB;
use super::posts::PostRow;
use super::schema::{actors, bans, moderators, moved_threads, posts, watches};
use super::{Db, Res, blocks};
use crate::domain::actor::Actor;
use crate::domain::clock::Ts;
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

/// What stands around an answer that is to be written.
pub(crate) struct Around {
    /// Who is answered keeps its author away.
    pub(crate) unwelcome: bool,
    /// Somebody follows the thread.
    pub(crate) followed: bool,
    /// The group from which the thread came lately.
    pub(crate) moved_from: Option<ActorId>,
}

impl From<(PostRow, ActorRow, bool, bool)> for Placed {
    fn from((post, group, moderated, banned): (PostRow, ActorRow, bool, bool)) -> Self {
        Self {
            post: post.into(),
            group: group.into(),
            moderated,
            banned,
        }
    }
}

/// A row of [`Placed`], and more beside it.
macro_rules! placed {
    ($db:expr, $id:expr, $by:expr $(, $more:expr)*) => {{
        let moderated = moderators::table
            .filter(moderators::group_id.eq(posts::group_id))
            .filter(moderators::actor_id.eq($by));
        let here = bans::group_id
            .eq(WHOLE_HUB)
            .or(bans::group_id.eq(posts::group_id));
        let banned = bans::table.filter(bans::actor_id.eq($by).and(here));
        on_db!($db, |c| posts::table
            .inner_join(actors::table.on(actors::id.eq(posts::group_id)))
            .filter(posts::id.eq($id))
            .select((
                PostRow::as_select(),
                ActorRow::as_select(),
                exists(moderated),
                exists(banned),
                $($more),*
            ))
            .first(c))
        .optional()?
    }};
}

/// The post of a row, as it is placed for somebody.
pub(crate) fn find(db: &mut Db, id: PostId, by: Option<ActorId>) -> Res<Option<Placed>> {
    let by = by.map_or(0, |by| by.0);
    let row: Option<(PostRow, ActorRow, bool, bool)> = placed!(db, id.0, by);
    Ok(row.map(Placed::from))
}

/// The same for an answer by somebody, to a comment of `answered` or else to the post itself, with
/// what is around it; the thread came lately if it came after `since`.
pub(crate) fn find_around(
    db: &mut Db,
    id: PostId,
    by: ActorId,
    answered: Option<ActorId>,
    since: Ts,
) -> Res<Option<(Placed, Around)>> {
    type Row = (PostRow, ActorRow, bool, bool, bool, bool, Option<i64>);
    let followers = watches::table
        .filter(watches::post_id.eq(posts::id))
        .filter(watches::muted.eq(false));
    let from = moved_threads::table
        .filter(moved_threads::post_id.eq(posts::id))
        .filter(moved_threads::moved_at.gt(since.0))
        .select(moved_threads::from_id)
        .single_value();
    let row: Option<Row> = if let Some(answered) = answered {
        let unwelcome = blocks::out_of_reach!(answered.0, by.0);
        placed!(db, id.0, by.0, unwelcome, exists(followers), from)
    } else {
        let unwelcome = blocks::out_of_reach!(posts::author_id, by.0);
        placed!(db, id.0, by.0, unwelcome, exists(followers), from)
    };
    Ok(row.map(|row| {
        let (post, group, moderated, banned, unwelcome, followed, from) = row;
        let around = Around {
            unwelcome,
            followed,
            moved_from: from.map(ActorId),
        };
        ((post, group, moderated, banned).into(), around)
    }))
}
