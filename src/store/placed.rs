//! A post with what decides who may do what to it, from one look.

use std::collections::{BTreeMap, BTreeSet};

use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text};

use super::actors::ActorRow;
use super::dialect::{Steady, on_db};
use super::moderation::WHOLE_HUB;
use super::posts::PostRow;
use super::schema::{actors, bans, moderators, moved_threads, posts, watches};
use super::{Db, Res, ahead, blocks};
use crate::domain::actor::Actor;
use crate::domain::block::Distance;
use crate::domain::clock::Ts;
use crate::domain::ids::{ActorId, PostId};
use crate::domain::post::Post;

/// A post with the group in which it stands, and how somebody stands to that.
#[derive(Debug, PartialEq)]
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
#[derive(Debug, PartialEq)]
pub(crate) struct Around {
    /// Who is answered keeps its author away.
    pub(crate) unwelcome: bool,
    /// Somebody follows the thread.
    pub(crate) followed: bool,
    /// The group from which the thread came lately.
    pub(crate) moved_from: Option<ActorId>,
}

/// Somebody will look at a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Look {
    /// At which.
    pub(crate) post: PostId,
    /// Who.
    pub(crate) by: ActorId,
}

/// What was found by a look ahead.
pub(super) struct Found {
    placed: Placed,
    /// The author of the post keeps them away.
    unwelcome: bool,
    followed: bool,
    /// The group from which the thread came, and when.
    moved: Option<(ActorId, Ts)>,
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
    if let Some(found) = by.and_then(|by| ahead::take(Look { post: id, by })) {
        return Ok(Some(found.placed));
    }
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
    let look = Look { post: id, by };
    if answered.is_none()
        && let Some(found) = ahead::take(look)
    {
        return Ok(Some(found.around(since)));
    }
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

impl Found {
    fn around(self, since: Ts) -> (Placed, Around) {
        let lately = self.moved.filter(|(_, at)| *at > since);
        let around = Around {
            unwelcome: self.unwelcome,
            followed: self.followed,
            moved_from: lately.map(|(from, _)| from),
        };
        (self.placed, around)
    }
}

/// What a look tells beside the post and its group.
#[derive(QueryableByName)]
struct Facts {
    #[diesel(sql_type = BigInt)]
    post_id: i64,
    #[diesel(sql_type = BigInt)]
    by_id: i64,
    #[diesel(sql_type = Bool)]
    moderated: bool,
    #[diesel(sql_type = Bool)]
    banned: bool,
    #[diesel(sql_type = Bool)]
    unwelcome: bool,
    #[diesel(sql_type = Bool)]
    followed: bool,
    #[diesel(sql_type = Nullable<BigInt>)]
    from_id: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    moved_at: Option<i64>,
}

/// What [`find`] and [`find_around`] say of posts that are there.
pub(super) fn find_many(
    c: &mut PgConnection,
    looks: &BTreeSet<Look>,
) -> Res<BTreeMap<Look, Found>> {
    let ids: BTreeSet<i64> = looks.iter().map(|look| look.post.0).collect();
    let rows: Vec<(PostRow, ActorRow)> = posts::table
        .inner_join(actors::table.on(actors::id.eq(posts::group_id)))
        .filter(posts::id.eq_any(ids))
        .select((PostRow::as_select(), ActorRow::as_select()))
        .load(c)?;
    let placed: BTreeMap<i64, (Post, Actor)> = rows
        .into_iter()
        .map(|(post, group)| (Post::from(post), group.into()))
        .map(|(post, group)| (post.id.0, (post, group)))
        .collect();
    let of_each = |facts: Facts| {
        let look = Look {
            post: PostId(facts.post_id),
            by: ActorId(facts.by_id),
        };
        let (post, group) = placed.get(&facts.post_id)?.clone();
        Some((look, facts.found(post, group)))
    };
    Ok(list_facts(c, looks)?
        .into_iter()
        .filter_map(of_each)
        .collect())
}

impl Facts {
    fn found(self, post: Post, group: Actor) -> Found {
        Found {
            placed: Placed {
                post,
                group,
                moderated: self.moderated,
                banned: self.banned,
            },
            unwelcome: self.unwelcome,
            followed: self.followed,
            moved: self.from_id.map(ActorId).zip(self.moved_at.map(Ts)),
        }
    }
}

/// What a look tells, by [`find_around`] and by a look ahead at many; on SQLite there is none, and both
/// are the first.
#[cfg(test)]
pub(crate) fn look_twice(db: &mut Db, look: Look, since: Ts) -> Res<[Option<(Placed, Around)>; 2]> {
    let alone = find_around(db, look.post, look.by, None, since)?;
    let ahead = match db {
        Db::Pg(c) => find_many(c, &BTreeSet::from([look]))?
            .remove(&look)
            .map(|found| found.around(since)),
        Db::Sqlite(_) => find_around(db, look.post, look.by, None, since)?,
    };
    Ok([alone, ahead])
}

/// The conditions of [`find_around`] in the words of PostgreSQL, since diesel has no table of what is
/// asked; a test holds both against each other.
fn list_facts(c: &mut PgConnection, looks: &BTreeSet<Look>) -> Res<Vec<Facts>> {
    let (ids, people): (Vec<i64>, Vec<i64>) =
        looks.iter().map(|look| (look.post.0, look.by.0)).unzip();
    let facts = diesel::sql_query(
        "SELECT asked.post_id, asked.by_id, moved.from_id, moved.moved_at, \
         EXISTS (SELECT FROM moderators WHERE moderators.group_id = posts.group_id \
             AND moderators.actor_id = asked.by_id) AS moderated, \
         EXISTS (SELECT FROM bans WHERE bans.actor_id = asked.by_id \
             AND bans.group_id IN ($3, posts.group_id)) AS banned, \
         EXISTS (SELECT FROM personal_blocks AS block WHERE block.actor_id = posts.author_id \
             AND block.target_id = asked.by_id AND block.kind = $4) \
         OR EXISTS (SELECT FROM personal_host_blocks AS block \
             JOIN actors ON actors.instance_id = block.instance_id \
             WHERE block.actor_id = posts.author_id AND actors.id = asked.by_id) AS unwelcome, \
         EXISTS (SELECT FROM watches WHERE watches.post_id = posts.id AND NOT watches.muted) \
             AS followed \
         FROM unnest($1, $2) AS asked (post_id, by_id) \
         JOIN posts ON posts.id = asked.post_id \
         LEFT JOIN moved_threads AS moved ON moved.post_id = posts.id",
    )
    .bind::<Array<BigInt>, _>(ids)
    .bind::<Array<BigInt>, _>(people)
    .bind::<BigInt, _>(WHOLE_HUB)
    .bind::<Text, _>(Distance::Blocked.as_str());
    Ok(Steady(facts).load(c)?)
}
