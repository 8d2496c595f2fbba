//! Reports, and what they are about.

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::dialect::Both;
use super::schema::{actors, comments, flag_objects, flags, messages, posts};
use super::{Db, Res};
use crate::domain::clock::Ts;
use crate::domain::flag::{Docket, Flag};
use crate::domain::ids::{ActorId, FlagId, ObjectId, Uri};
use crate::domain::page::{Cursor, Page, PageRequest};

type FlagRow = (
    i64,
    String,
    Option<i64>,
    i64,
    i64,
    String,
    i64,
    Option<i64>,
    Option<i64>,
);

fn read(row: FlagRow, objects: Vec<i64>) -> Flag {
    let (id, uri, group, reporter, subject, reason, at, resolved_at, resolved_by) = row;
    Flag {
        id: FlagId(id),
        uri: Uri::trusted(uri),
        group: group.map(ActorId),
        reporter: ActorId(reporter),
        objects,
        subject: ActorId(subject),
        reason,
        created_at: Ts(at),
        resolved_at: resolved_at.map(Ts),
        resolved_by: resolved_by.map(ActorId),
    }
}

/// Stores a report; whether it is new.
pub(crate) fn insert(db: &mut Db, flag: &Flag) -> Res<bool> {
    let rows = Both(
        diesel::insert_into(flags::table)
            .values((
                flags::id.eq(flag.id.0),
                flags::uri.eq(flag.uri.as_str()),
                flags::group_id.eq(flag.group.map(|group| group.0)),
                flags::reporter_id.eq(flag.reporter.0),
                flags::subject_id.eq(flag.subject.0),
                flags::reason.eq(&flag.reason),
                flags::created_at.eq(flag.created_at.0),
            ))
            .on_conflict(flags::uri)
            .do_nothing(),
    )
    .execute(db)?;
    if rows > 0 {
        add_objects(db, flag.id, &flag.objects)?;
    }
    Ok(rows > 0)
}

/// Notes more things that a report is about; those that it names already stay.
pub(crate) fn add_objects(db: &mut Db, flag: FlagId, objects: &[i64]) -> Res<()> {
    for object in objects {
        let row = (
            flag_objects::flag_id.eq(flag.0),
            flag_objects::object_id.eq(object),
        );
        Both(
            diesel::insert_into(flag_objects::table)
                .values(row)
                .on_conflict_do_nothing(),
        )
        .execute(db)?;
    }
    Ok(())
}

/// Replaces the words of a report.
pub(crate) fn set_reason(db: &mut Db, flag: FlagId, reason: &str) -> Res<()> {
    diesel::update(flags::table.find(flag.0))
        .set(flags::reason.eq(reason))
        .execute(db)?;
    Ok(())
}

/// The report of a row.
pub(crate) fn find(db: &mut Db, id: FlagId) -> Res<Option<Flag>> {
    let row: Option<FlagRow> = flags::table.find(id.0).first(db).optional()?;
    with_objects(db, row)
}

/// The report with this ActivityPub id.
pub(crate) fn find_by_uri(db: &mut Db, uri: &str) -> Res<Option<Flag>> {
    let row: Option<FlagRow> = flags::table
        .filter(flags::uri.eq(uri))
        .first(db)
        .optional()?;
    with_objects(db, row)
}

/// The open report of the same person, by the same reporter, for the same moderators.
pub(crate) fn find_open(db: &mut Db, like: &Flag) -> Res<Option<Flag>> {
    let mut query = flags::table
        .filter(flags::reporter_id.eq(like.reporter.0))
        .filter(flags::subject_id.eq(like.subject.0))
        .filter(flags::resolved_at.is_null())
        .order(flags::id)
        .into_boxed();
    query = match like.group {
        Some(group) => query.filter(flags::group_id.eq(group.0)),
        None => query.filter(flags::group_id.is_null()),
    };
    let row: Option<FlagRow> = query.first(db).optional()?;
    with_objects(db, row)
}

/// An open report about this, for the moderators of this group or the hub's own.
pub(crate) fn find_open_about(db: &mut Db, group: ActorId, object: ObjectId) -> Res<Option<Flag>> {
    let row: Option<FlagRow> = flags::table
        .inner_join(flag_objects::table.on(flag_objects::flag_id.eq(flags::id)))
        .filter(flag_objects::object_id.eq(object.number()))
        .filter(flags::group_id.is_null().or(flags::group_id.eq(group.0)))
        .filter(flags::resolved_at.is_null())
        .order(flags::id)
        .select(flags::all_columns)
        .first(db)
        .optional()?;
    with_objects(db, row)
}

/// The reports of these rows.
pub(crate) fn list_by_ids(db: &mut Db, ids: &[FlagId]) -> Res<Vec<Flag>> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let rows: Vec<FlagRow> = flags::table.filter(flags::id.eq_any(ids)).load(db)?;
    fill(db, rows)
}

fn with_objects(db: &mut Db, row: Option<FlagRow>) -> Res<Option<Flag>> {
    Ok(fill(db, row.into_iter().collect())?.pop())
}

fn fill(db: &mut Db, rows: Vec<FlagRow>) -> Res<Vec<Flag>> {
    let ids: Vec<i64> = rows.iter().map(|row| row.0).collect();
    let about: Vec<(i64, i64)> = flag_objects::table
        .filter(flag_objects::flag_id.eq_any(ids))
        .order((flag_objects::flag_id, flag_objects::object_id))
        .load(db)?;
    let of = |id: i64| {
        let own = about.iter().filter(|(flag, _)| *flag == id);
        own.map(|(_, object)| *object).collect()
    };
    Ok(rows
        .into_iter()
        .map(|row| {
            let objects = of(row.0);
            read(row, objects)
        })
        .collect())
}

/// The reports on a docket, newest first; open ones only, or all.
pub(crate) fn list(
    db: &mut Db,
    docket: Docket,
    open_only: bool,
    page: PageRequest,
) -> Res<Page<Flag>> {
    let before = page.after.map_or(i64::MAX, |cursor| cursor.id);
    let mut query = flags::table
        .filter(flags::id.lt(before))
        .order(flags::id.desc())
        .limit(i64::from(page.limit) + 1)
        .into_boxed();
    query = match docket {
        Docket::Group(group) => query.filter(flags::group_id.eq(group.0)),
        Docket::Hub => {
            let elsewhere = actors::table
                .filter(actors::local.eq(false))
                .select(actors::id.nullable());
            query.filter(
                flags::group_id
                    .is_null()
                    .or(flags::group_id.eq_any(elsewhere)),
            )
        }
    };
    if open_only {
        query = query.filter(flags::resolved_at.is_null());
    }
    let rows: Vec<FlagRow> = query.load(db)?;
    let page = Page::cut(rows, page.limit, |row: &FlagRow| Cursor {
        key: 0.0,
        id: row.0,
    });
    Ok(Page {
        items: fill(db, page.items)?,
        next: page.next,
    })
}

/// A report, and every other open one for the same moderators that is about nothing but what this one
/// is about; none if it is resolved.
pub(crate) fn list_open_like(db: &mut Db, flag: &Flag) -> Res<Vec<Flag>> {
    let mut query = flags::table
        .filter(flags::subject_id.eq(flag.subject.0))
        .filter(flags::resolved_at.is_null())
        .into_boxed();
    query = match flag.group {
        Some(group) => query.filter(flags::group_id.eq(group.0)),
        None => query.filter(flags::group_id.is_null()),
    };
    let open: Vec<FlagRow> = query.load(db)?;
    let within = |other: &Flag| {
        let covered = other.objects.iter().all(|id| flag.objects.contains(id));
        covered && other.objects.is_empty() == flag.objects.is_empty()
    };
    Ok(fill(db, open)?.into_iter().filter(within).collect())
}

/// The open reports about this, or about this and other things of which none can be read any more.
/// At most five statements.
pub(crate) fn list_open_over(db: &mut Db, object: ObjectId) -> Res<Vec<Flag>> {
    let rows: Vec<FlagRow> = flags::table
        .inner_join(flag_objects::table.on(flag_objects::flag_id.eq(flags::id)))
        .filter(flag_objects::object_id.eq(object.number()))
        .filter(flags::resolved_at.is_null())
        .order(flags::id)
        .select(flags::all_columns)
        .load(db)?;
    let open = fill(db, rows)?;
    let others: BTreeSet<i64> = open
        .iter()
        .flat_map(|flag| flag.objects.iter().copied())
        .filter(|other| *other != object.number())
        .collect();
    let standing = list_standing(db, &Vec::from_iter(others))?;
    let over = |flag: &Flag| !flag.objects.iter().any(|other| standing.contains(other));
    Ok(open.into_iter().filter(over).collect())
}

/// Those of these numbers under which a post, comment or message can be read.
fn list_standing(db: &mut Db, numbers: &[i64]) -> Res<Vec<i64>> {
    if numbers.is_empty() {
        return Ok(Vec::new());
    }
    let mut standing: Vec<i64> = posts::table
        .filter(posts::id.eq_any(numbers))
        .filter(posts::removed_at.is_null().and(posts::deleted_at.is_null()))
        .select(posts::id)
        .load(db)?;
    let replies: Vec<i64> = comments::table
        .filter(comments::id.eq_any(numbers))
        .filter(comments::removed_at.is_null())
        .filter(comments::deleted_at.is_null())
        .select(comments::id)
        .load(db)?;
    let letters: Vec<i64> = messages::table
        .filter(messages::id.eq_any(numbers))
        .select(messages::id)
        .load(db)?;
    standing.extend(replies.into_iter().chain(letters));
    Ok(standing)
}

/// Marks reports resolved.
pub(crate) fn set_resolved(db: &mut Db, done: &[Flag], by: ActorId, now: Ts) -> Res<()> {
    let ids: Vec<i64> = done.iter().map(|flag| flag.id.0).collect();
    diesel::update(flags::table.filter(flags::id.eq_any(ids)))
        .set((
            flags::resolved_at.eq(Some(now.0)),
            flags::resolved_by.eq(Some(by.0)),
        ))
        .execute(db)?;
    Ok(())
}
