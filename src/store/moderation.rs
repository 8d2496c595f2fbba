//! Bans, and the log of what moderators did.

use diesel::prelude::*;

use super::dialect::{Both, on_db};
use super::schema::{actors, bans, moderation_log};
use super::{Db, Res, privacy};
use crate::domain::caller::Viewer;
use crate::domain::clock::Ts;
use crate::domain::flag::{Lines, LogEntry};
use crate::domain::ids::ActorId;
use crate::domain::membership::Ban;
use crate::domain::page::{Cursor, Page, PageRequest};

/// The group id under which bans from the whole hub are kept.
pub(super) const WHOLE_HUB: i64 = 0;

fn place(group: Option<ActorId>) -> i64 {
    group.map_or(WHOLE_HUB, |group| group.0)
}

/// The ban that keeps an actor out of a group: the group's own, or one from the whole hub.
pub(crate) fn find_ban(
    db: &mut Db,
    group: Option<ActorId>,
    actor: ActorId,
    now: Ts,
) -> Res<Option<Ban>> {
    let here = bans::group_id
        .eq(WHOLE_HUB)
        .or(bans::group_id.eq(place(group)));
    let bans = bans::table
        .filter(bans::actor_id.eq(actor.0).and(here))
        .select((bans::reason, bans::until));
    let rows: Vec<(String, Option<i64>)> = on_db!(db, |c| bans.load(c))?;
    let in_force = rows
        .into_iter()
        .find(|(_, until)| until.is_none_or(|until| until > now.0));
    Ok(in_force.map(|(reason, until)| Ban {
        reason,
        until: until.map(Ts),
    }))
}

/// Those of these actors who are banned from the whole hub.
pub(crate) fn list_banned(db: &mut Db, actors: &[ActorId], now: Ts) -> Res<Vec<ActorId>> {
    let actors: Vec<i64> = actors.iter().map(|actor| actor.0).collect();
    let in_force = bans::until.is_null().or(bans::until.gt(now.0));
    let rows: Vec<i64> = on_db!(db, |c| bans::table
        .filter(bans::actor_id.eq_any(&actors))
        .filter(bans::group_id.eq(WHOLE_HUB).and(in_force))
        .select(bans::actor_id)
        .load(c))?;
    Ok(rows.into_iter().map(ActorId).collect())
}

/// Bans an actor from a group, or from the whole hub.
pub(crate) fn upsert_ban(
    db: &mut Db,
    group: Option<ActorId>,
    actor: ActorId,
    ban: &Ban,
    now: Ts,
) -> Res<()> {
    let until = ban.until.map(|at| at.0);
    Both(
        diesel::insert_into(bans::table)
            .values((
                bans::group_id.eq(place(group)),
                bans::actor_id.eq(actor.0),
                bans::reason.eq(&ban.reason),
                bans::until.eq(until),
                bans::created_at.eq(now.0),
            ))
            .on_conflict((bans::group_id, bans::actor_id))
            .do_update()
            .set((bans::reason.eq(&ban.reason), bans::until.eq(until))),
    )
    .execute(db)?;
    Ok(())
}

/// Every ban of an actor, with the group from which it is; `None`: from the whole hub.
pub(crate) fn list_bans_of(db: &mut Db, actor: ActorId) -> Res<Vec<(Option<ActorId>, Ban)>> {
    let rows: Vec<(i64, String, Option<i64>)> = bans::table
        .filter(bans::actor_id.eq(actor.0))
        .order(bans::group_id)
        .select((bans::group_id, bans::reason, bans::until))
        .load(db)?;
    let ban = |(group, reason, until): (i64, String, Option<i64>)| {
        let place = (group != WHOLE_HUB).then_some(ActorId(group));
        let until = until.map(Ts);
        (place, Ban { reason, until })
    };
    Ok(rows.into_iter().map(ban).collect())
}

/// Lets an actor in again; whether there was a ban.
pub(crate) fn delete_ban(db: &mut Db, group: Option<ActorId>, actor: ActorId) -> Res<bool> {
    let gone = diesel::delete(bans::table.find((place(group), actor.0))).execute(db)?;
    Ok(gone > 0)
}

/// The actors banned from a group, with why.
pub(crate) fn list_bans(
    db: &mut Db,
    group: Option<ActorId>,
    limit: u32,
) -> Res<Vec<(ActorId, Ban)>> {
    let rows: Vec<(i64, String, Option<i64>)> = bans::table
        .filter(bans::group_id.eq(place(group)))
        .order(bans::created_at.desc())
        .limit(i64::from(limit))
        .select((bans::actor_id, bans::reason, bans::until))
        .load(db)?;
    let ban = |(actor, reason, until): (i64, String, Option<i64>)| {
        (
            ActorId(actor),
            Ban {
                reason,
                until: until.map(Ts),
            },
        )
    };
    Ok(rows.into_iter().map(ban).collect())
}

/// The number under which the hub itself stands in the log.
const THE_HUB: i64 = 0;

/// Writes down what a moderator did.
pub(crate) fn insert_log(db: &mut Db, id: i64, entry: &LogEntry) -> Res<()> {
    diesel::insert_into(moderation_log::table)
        .values((
            moderation_log::id.eq(id),
            moderation_log::group_id.eq(place(entry.group)),
            moderation_log::moderator_id.eq(entry.moderator.map_or(THE_HUB, |actor| actor.0)),
            moderation_log::action.eq(&entry.action),
            moderation_log::object_id.eq(entry.object),
            moderation_log::actor_id.eq(entry.actor.map(|actor| actor.0)),
            moderation_log::reason.eq(&entry.reason),
            moderation_log::created_at.eq(entry.at.0),
            moderation_log::host.eq(entry.host.as_deref()),
        ))
        .execute(db)?;
    Ok(())
}

/// The word of lines that are for moderators only.
pub(crate) const REFUSED: &str = "refuse";

type LogRow = (
    i64,
    i64,
    i64,
    String,
    Option<i64>,
    Option<i64>,
    String,
    i64,
    Option<String>,
);

/// What moderators did, newest first.
pub(crate) fn list_log(
    db: &mut Db,
    viewer: Viewer,
    lines: Lines,
    page: PageRequest,
) -> Res<Page<LogEntry>> {
    let before = page.after.map_or(i64::MAX, |cursor| cursor.id);
    let mut query = moderation_log::table
        .filter(moderation_log::id.lt(before))
        .filter(privacy::visible_to!(moderation_log::group_id, viewer))
        .order(moderation_log::id.desc())
        .limit(i64::from(page.limit) + 1)
        .into_boxed();
    query = match lines {
        Lines::Group(group) => query
            .filter(moderation_log::group_id.eq(group.0))
            .filter(moderation_log::action.ne(REFUSED)),
        Lines::GroupInside(group) => query.filter(moderation_log::group_id.eq(group.0)),
        Lines::Hub => {
            let listed = actors::table
                .filter(actors::local.eq(true).and(actors::discoverable.eq(true)))
                .filter(actors::deleted_at.is_null())
                .select(actors::id);
            query
                .filter(
                    moderation_log::group_id
                        .eq(WHOLE_HUB)
                        .or(moderation_log::group_id.eq_any(listed)),
                )
                .filter(moderation_log::action.ne(REFUSED))
        }
    };
    let rows: Vec<LogRow> = query.load(db)?;
    let page = Page::cut(rows, page.limit, |row: &LogRow| Cursor {
        key: 0.0,
        id: row.0,
    });
    Ok(page.map(entry))
}

/// Whether a group's log says since a moment that something of this actor was refused.
pub(crate) fn was_refused(db: &mut Db, group: ActorId, actor: ActorId, since: Ts) -> Res<bool> {
    let line = moderation_log::table
        .filter(moderation_log::group_id.eq(group.0))
        .filter(moderation_log::action.eq(REFUSED))
        .filter(moderation_log::actor_id.eq(actor.0))
        .filter(moderation_log::created_at.gt(since.0));
    Ok(diesel::select(diesel::dsl::exists(line)).get_result(db)?)
}

fn entry(row: LogRow) -> LogEntry {
    let (_, group, moderator, action, object, actor, reason, at, host) = row;
    LogEntry {
        group: (group != WHOLE_HUB).then_some(ActorId(group)),
        moderator: (moderator != THE_HUB).then_some(ActorId(moderator)),
        action,
        object,
        actor: actor.map(ActorId),
        host,
        reason,
        at: Ts(at),
    }
}
