//! The hub's own groups as those see them who run it: all of them, with who moderates and how much is
//! written.

use std::collections::HashMap;

use diesel::dsl::{count_star, exists, not};
use diesel::prelude::*;

use super::actors::ActorRow;
use super::schema::{actors, moderators, posts};
use super::search::{like, lower};
use super::{Db, Res};
use crate::domain::actor::Actor;
use crate::domain::ids::ActorId;
use crate::domain::membership::AmongGroups;
use crate::domain::page::{Cursor, Page, PageRequest};

/// The local groups in whose name or title a text occurs (all, where it is empty), as far as they are
/// among those asked for; private ones and those that are not listed, too. The newest first.
pub(crate) fn list(
    db: &mut Db,
    among: AmongGroups,
    text: &str,
    page: PageRequest,
) -> Res<Page<Actor>> {
    let before = page.after.map_or(i64::MAX, |cursor| cursor.id);
    let mut query = actors::table
        .filter(actors::local.and(actors::kind.eq("Group")))
        .filter(actors::deleted_at.is_null().and(actors::id.lt(before)))
        .order(actors::id.desc())
        .limit(i64::from(page.limit) + 1)
        .select(ActorRow::as_select())
        .into_boxed();
    let moderated = moderators::table.filter(moderators::group_id.eq(actors::id));
    query = match among {
        AmongGroups::All => query,
        AmongGroups::Private => query.filter(actors::manually_approves),
        AmongGroups::Unlisted => query.filter(not(actors::discoverable)),
        AmongGroups::Unmoderated => query.filter(not(exists(moderated))),
    };
    if !text.is_empty() {
        let pattern = like(text);
        let named = lower(actors::name).like(pattern.clone()).escape('\\');
        let shown = lower(actors::title).like(pattern).escape('\\');
        query = query.filter(named.or(shown));
    }
    let rows: Vec<ActorRow> = query.load(db)?;
    let items = rows.into_iter().map(Actor::from).collect();
    Ok(Page::cut(items, page.limit, |group: &Actor| Cursor {
        key: 0.0,
        id: group.id.0,
    }))
}

/// How many visible posts each of these groups has; those without any are left out.
pub(crate) fn count_posts(db: &mut Db, groups: &[ActorId]) -> Res<HashMap<ActorId, i64>> {
    let groups: Vec<i64> = groups.iter().map(|group| group.0).collect();
    let rows: Vec<(i64, i64)> = posts::table
        .filter(posts::group_id.eq_any(groups))
        .filter(posts::deleted_at.is_null().and(posts::removed_at.is_null()))
        .group_by(posts::group_id)
        .select((posts::group_id, count_star()))
        .load(db)?;
    let rows = rows.into_iter();
    Ok(rows.map(|(group, count)| (ActorId(group), count)).collect())
}

/// The moderators of these groups, the longest-serving of each first.
pub(crate) fn list_moderators(db: &mut Db, groups: &[ActorId]) -> Res<Vec<(ActorId, Actor)>> {
    let groups: Vec<i64> = groups.iter().map(|group| group.0).collect();
    let rows: Vec<(i64, ActorRow)> = moderators::table
        .inner_join(actors::table.on(actors::id.eq(moderators::actor_id)))
        .filter(moderators::group_id.eq_any(groups))
        .filter(actors::deleted_at.is_null())
        .order((moderators::created_at, moderators::actor_id))
        .limit(i64::from(MOST_MODERATORS))
        .select((moderators::group_id, ActorRow::as_select()))
        .load(db)?;
    let rows = rows.into_iter();
    Ok(rows
        .map(|(group, row)| (ActorId(group), row.into()))
        .collect())
}

/// The most moderators that are read for one page of groups.
const MOST_MODERATORS: u32 = 1_000;
