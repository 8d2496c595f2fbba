//! Bans, reports and the log of what moderators did.

use diesel::prelude::*;

use super::dialect::{Both, on_db};
use super::schema::{bans, flags, moderation_log};
use super::{Db, Res};
use crate::domain::clock::Ts;
use crate::domain::flag::{Flag, LogEntry};
use crate::domain::ids::{ActorId, FlagId, Uri};
use crate::domain::membership::Ban;
use crate::domain::page::{Cursor, Page, PageRequest};

/// The group id under which bans from the whole hub are kept.
const WHOLE_HUB: i64 = 0;

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

type FlagRow = (
    i64,
    String,
    i64,
    i64,
    Option<i64>,
    i64,
    String,
    i64,
    Option<i64>,
    Option<i64>,
);

impl From<FlagRow> for Flag {
    fn from(row: FlagRow) -> Self {
        let (id, uri, group, reporter, object, subject, reason, at, resolved_at, resolved_by) = row;
        Self {
            id: FlagId(id),
            uri: Uri::trusted(uri),
            group: ActorId(group),
            reporter: ActorId(reporter),
            object,
            subject: ActorId(subject),
            reason,
            created_at: Ts(at),
            resolved_at: resolved_at.map(Ts),
            resolved_by: resolved_by.map(ActorId),
        }
    }
}

/// Stores a report; whether it is new.
pub(crate) fn insert_flag(db: &mut Db, flag: &Flag) -> Res<bool> {
    let rows = Both(
        diesel::insert_into(flags::table)
            .values((
                flags::id.eq(flag.id.0),
                flags::uri.eq(flag.uri.as_str()),
                flags::group_id.eq(flag.group.0),
                flags::reporter_id.eq(flag.reporter.0),
                flags::object_id.eq(flag.object),
                flags::subject_id.eq(flag.subject.0),
                flags::reason.eq(&flag.reason),
                flags::created_at.eq(flag.created_at.0),
            ))
            .on_conflict(flags::uri)
            .do_nothing(),
    )
    .execute(db)?;
    Ok(rows > 0)
}

/// The report of a row.
pub(crate) fn find_flag(db: &mut Db, id: FlagId) -> Res<Option<Flag>> {
    let row: Option<FlagRow> = flags::table.find(id.0).first(db).optional()?;
    Ok(row.map(Flag::from))
}

/// The reports of a group, newest first; open ones only, or all.
pub(crate) fn list_flags(
    db: &mut Db,
    group: ActorId,
    open_only: bool,
    page: PageRequest,
) -> Res<Page<Flag>> {
    let before = page.after.map_or(i64::MAX, |cursor| cursor.id);
    let mut query = flags::table
        .filter(flags::group_id.eq(group.0).and(flags::id.lt(before)))
        .order(flags::id.desc())
        .limit(i64::from(page.limit) + 1)
        .into_boxed();
    if open_only {
        query = query.filter(flags::resolved_at.is_null());
    }
    let rows: Vec<FlagRow> = query.load(db)?;
    let items = rows.into_iter().map(Flag::from).collect();
    Ok(Page::cut(items, page.limit, |flag: &Flag| Cursor {
        key: 0.0,
        id: flag.id.0,
    }))
}

/// Marks every open report on the same thing resolved.
pub(crate) fn set_resolved(db: &mut Db, flag: &Flag, by: ActorId, now: Ts) -> Res<()> {
    let mut query = diesel::update(flags::table)
        .filter(
            flags::group_id
                .eq(flag.group.0)
                .and(flags::subject_id.eq(flag.subject.0)),
        )
        .filter(flags::resolved_at.is_null())
        .set((
            flags::resolved_at.eq(Some(now.0)),
            flags::resolved_by.eq(Some(by.0)),
        ))
        .into_boxed();
    query = match flag.object {
        Some(object) => query.filter(flags::object_id.eq(object)),
        None => query.filter(flags::object_id.is_null()),
    };
    query.execute(db)?;
    Ok(())
}

/// Writes down what a moderator did.
pub(crate) fn insert_log(db: &mut Db, id: i64, entry: &LogEntry) -> Res<()> {
    diesel::insert_into(moderation_log::table)
        .values((
            moderation_log::id.eq(id),
            moderation_log::group_id.eq(place(entry.group)),
            moderation_log::moderator_id.eq(entry.moderator.0),
            moderation_log::action.eq(&entry.action),
            moderation_log::object_id.eq(entry.object),
            moderation_log::actor_id.eq(entry.actor.map(|actor| actor.0)),
            moderation_log::reason.eq(&entry.reason),
            moderation_log::created_at.eq(entry.at.0),
        ))
        .execute(db)?;
    Ok(())
}

type LogRow = (i64, i64, i64, String, Option<i64>, Option<i64>, String, i64);

/// What moderators did in a group, newest first.
pub(crate) fn list_log(
    db: &mut Db,
    group: Option<ActorId>,
    page: PageRequest,
) -> Res<Page<LogEntry>> {
    let before = page.after.map_or(i64::MAX, |cursor| cursor.id);
    let rows: Vec<LogRow> = moderation_log::table
        .filter(
            moderation_log::group_id
                .eq(place(group))
                .and(moderation_log::id.lt(before)),
        )
        .order(moderation_log::id.desc())
        .limit(i64::from(page.limit) + 1)
        .load(db)?;
    let page = Page::cut(rows, page.limit, |row: &LogRow| Cursor {
        key: 0.0,
        id: row.0,
    });
    Ok(page.map(
        |(_, group, moderator, action, object, actor, reason, at)| LogEntry {
            group: (group != WHOLE_HUB).then_some(ActorId(group)),
            moderator: ActorId(moderator),
            action,
            object,
            actor: actor.map(ActorId),
            reason,
            at: Ts(at),
        },
    ))
}
