//! Notices, hashtags, mentions and the texts that people search in.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use diesel::upsert::excluded;

use super::dialect::{Both, ROWS, Steady, on_db};
use super::schema::{comments, hashtags, mentions, notices, posts, search_texts};
use super::search::words_of;
use super::{Db, Res, actors, blocks, late, watches};
use crate::domain::clock::Ts;
use crate::domain::ids::{ActorId, ObjectId, PostId};
use crate::domain::notice::{Ears, Notice, NoticeKind, Subject};
use crate::domain::page::{Cursor, Page, PageRequest};

/// A notice for a member, who may not want it.
#[derive(Clone, Debug)]
pub(crate) struct NewNotice {
    /// Its id.
    pub(crate) id: i64,
    /// Whose it is.
    pub(crate) to: ActorId,
    /// What happened.
    pub(crate) kind: NoticeKind,
    /// Who did it.
    pub(crate) by: ActorId,
    /// What it is about.
    pub(crate) object: i64,
    /// The thread in which it happened, where members may have muted it.
    pub(crate) thread: Option<PostId>,
    /// When.
    pub(crate) at: Ts,
}

/// Stores a notice, unless its member has muted the thread or does not want to see who did it, or
/// the server of who did it is kept away.
pub(crate) fn insert(db: &mut Db, notice: NewNotice) -> Res<()> {
    match late::leave(notice, |late, notice| late.notices.push(notice)) {
        Some(notice) => insert_all(db, &[notice]),
        None => Ok(()),
    }
}

/// Stores those of many notices that are wanted. At most five statements on PostgreSQL, however many they are.
pub(crate) fn insert_all(db: &mut Db, new: &[NewNotice]) -> Res<()> {
    if new.is_empty() {
        return Ok(());
    }
    let to: BTreeSet<ActorId> = new.iter().map(|notice| notice.to).collect();
    let by: BTreeSet<ActorId> = new.iter().map(|notice| notice.by).collect();
    let (to, by) = (Vec::from_iter(to), Vec::from_iter(by));
    let threads: Vec<PostId> = new.iter().filter_map(|notice| notice.thread).collect();
    let ears = Ears {
        kept_away: actors::list_kept_away(db, &by)?,
        unwanted: blocks::list_pairs(db, &to, &by)?,
        muted: watches::list_mutes(db, &threads, &to)?,
    };
    let wanted = new
        .iter()
        .filter(|notice| ears.hears(notice.to, notice.by, notice.thread));
    let rows = wanted.map(|notice| {
        (
            notices::id.eq(notice.id),
            notices::actor_id.eq(notice.to.0),
            notices::kind.eq(notice.kind.as_str()),
            notices::by_id.eq(notice.by.0),
            notices::object_id.eq(notice.object),
            notices::created_at.eq(notice.at.0),
        )
    });
    if let Db::Pg(c) = db {
        let rows: Vec<_> = rows.collect();
        diesel::insert_into(notices::table)
            .values(rows)
            .execute(c)?;
        return Ok(());
    }
    for row in rows {
        diesel::insert_into(notices::table)
            .values(row)
            .execute(db)?;
    }
    Ok(())
}

/// Takes a notice back.
pub(crate) fn delete(
    db: &mut Db,
    to: ActorId,
    kind: NoticeKind,
    by: ActorId,
    object: i64,
) -> Res<()> {
    let is_left = |new: &NewNotice| (new.to, new.by, new.object) == (to, by, object);
    if late::holds(|late| late.notices.iter().any(is_left)) {
        late::settle(db)?;
    }
    let notice = notices::table
        .filter(notices::actor_id.eq(to.0).and(notices::by_id.eq(by.0)))
        .filter(notices::kind.eq(kind.as_str()))
        .filter(notices::object_id.eq(object));
    diesel::delete(notice).execute(db)?;
    Ok(())
}

/// Whether somebody was told of this before, in that notice which is still there.
pub(crate) fn is_told(
    db: &mut Db,
    to: ActorId,
    kind: NoticeKind,
    by: ActorId,
    object: i64,
) -> Res<bool> {
    let is_left = |new: &NewNotice| (new.to, new.by, new.object) == (to, by, object);
    if late::holds(|late| late.notices.iter().any(is_left)) {
        return Ok(true);
    }
    let notice = notices::table
        .filter(notices::actor_id.eq(to.0).and(notices::by_id.eq(by.0)))
        .filter(notices::kind.eq(kind.as_str()))
        .filter(notices::object_id.eq(object));
    Ok(diesel::select(diesel::dsl::exists(notice)).get_result(db)?)
}

type NoticeRow = (i64, i64, String, i64, i64, i64, Option<i64>);

/// The notices of a member (about one subject, or all), newest first; those of people whom they do
/// not want to see are left out.
pub(crate) fn list(
    db: &mut Db,
    to: ActorId,
    about: Option<Subject>,
    page: PageRequest,
) -> Res<Page<Notice>> {
    let before = page.after.map_or(i64::MAX, |cursor| cursor.id);
    let mut query = notices::table
        .filter(notices::actor_id.eq(to.0).and(notices::id.lt(before)))
        .filter(blocks::wanted_by!(notices::by_id, to.into()))
        .order(notices::id.desc())
        .limit(i64::from(page.limit) + 1)
        .into_boxed();
    if let Some(about) = about {
        let kinds: Vec<&str> = about.kinds().map(NoticeKind::as_str).collect();
        query = query.filter(notices::kind.eq_any(kinds));
    }
    let rows: Vec<NoticeRow> = query.load(db)?;
    let page = Page::cut(rows, page.limit, |row: &NoticeRow| Cursor {
        key: 0.0,
        id: row.0,
    });
    Ok(page.map(notice))
}

fn notice((id, _, kind, by, object, at, read_at): NoticeRow) -> Notice {
    Notice {
        id,
        kind: NoticeKind::parse(&kind),
        by: ActorId(by),
        object,
        created_at: Ts(at),
        read_at: read_at.map(Ts),
    }
}

/// What members have not read of what happened between two ids, oldest first: id and member.
pub(crate) fn list_unread_between(
    db: &mut Db,
    after: i64,
    before: i64,
    limit: u32,
) -> Res<Vec<(i64, ActorId)>> {
    let rows: Vec<(i64, i64)> = notices::table
        .filter(notices::id.gt(after).and(notices::id.lt(before)))
        .filter(notices::read_at.is_null())
        .order(notices::id)
        .limit(i64::from(limit))
        .select((notices::id, notices::actor_id))
        .load(db)?;
    Ok(rows.into_iter().map(|(id, to)| (id, ActorId(to))).collect())
}

/// What a member has not read of what happened between two ids, oldest first.
pub(crate) fn list_unread_of(
    db: &mut Db,
    to: ActorId,
    after: i64,
    before: i64,
    limit: u32,
) -> Res<Vec<Notice>> {
    let rows: Vec<NoticeRow> = notices::table
        .filter(notices::actor_id.eq(to.0).and(notices::read_at.is_null()))
        .filter(notices::id.gt(after).and(notices::id.lt(before)))
        .filter(blocks::wanted_by!(notices::by_id, to.into()))
        .order(notices::id)
        .limit(i64::from(limit))
        .load(db)?;
    Ok(rows.into_iter().map(notice).collect())
}

/// How many notices a member has not read.
pub(crate) fn count_unread(db: &mut Db, to: ActorId) -> Res<i64> {
    Ok(notices::table
        .filter(notices::actor_id.eq(to.0).and(notices::read_at.is_null()))
        .filter(blocks::wanted_by!(notices::by_id, to.into()))
        .count()
        .get_result(db)?)
}

/// Marks notices of a member read: these, or all.
pub(crate) fn set_read(db: &mut Db, to: ActorId, these: Option<&[i64]>, now: Ts) -> Res<()> {
    let mut query = diesel::update(notices::table)
        .filter(notices::actor_id.eq(to.0).and(notices::read_at.is_null()))
        .set(notices::read_at.eq(Some(now.0)))
        .into_boxed();
    if let Some(these) = these {
        query = query.filter(notices::id.eq_any(these.to_vec()));
    }
    query.execute(db)?;
    Ok(())
}

/// The notices that a member marked read at a moment are unread again.
pub(crate) fn set_unread(db: &mut Db, to: ActorId, at: Ts) -> Res<()> {
    diesel::update(notices::table)
        .filter(notices::actor_id.eq(to.0).and(notices::read_at.eq(at.0)))
        .set(notices::read_at.eq(None::<i64>))
        .execute(db)?;
    Ok(())
}

/// Forgets the hashtags of an object and whom it mentions.
pub(crate) fn delete_tags(db: &mut Db, object: ObjectId) -> Res<()> {
    diesel::delete(hashtags::table.filter(hashtags::object_id.eq(object.number()))).execute(db)?;
    diesel::delete(mentions::table.filter(mentions::object_id.eq(object.number()))).execute(db)?;
    Ok(())
}

/// Notes the hashtags of an object.
pub(crate) fn insert_hashtags(db: &mut Db, object: ObjectId, names: &[String]) -> Res<()> {
    for name in names {
        let row = (
            hashtags::name.eq(name.to_lowercase()),
            hashtags::object_id.eq(object.number()),
        );
        Both(
            diesel::insert_into(hashtags::table)
                .values(row)
                .on_conflict_do_nothing(),
        )
        .execute(db)?;
    }
    Ok(())
}

/// The hashtags of an object, in lower case.
pub(crate) fn list_hashtags(db: &mut Db, object: ObjectId) -> Res<Vec<String>> {
    Ok(hashtags::table
        .filter(hashtags::object_id.eq(object.number()))
        .order(hashtags::name)
        .select(hashtags::name)
        .load(db)?)
}

/// Notes the people whom an object mentions.
pub(crate) fn insert_mentions(db: &mut Db, object: ObjectId, people: &[ActorId]) -> Res<()> {
    for person in people {
        let row = (
            mentions::object_id.eq(object.number()),
            mentions::actor_id.eq(person.0),
        );
        Both(
            diesel::insert_into(mentions::table)
                .values(row)
                .on_conflict_do_nothing(),
        )
        .execute(db)?;
    }
    Ok(())
}

/// The people whom an object mentions.
pub(crate) fn list_mentions(db: &mut Db, object: ObjectId) -> Res<Vec<ActorId>> {
    let rows: Vec<i64> = mentions::table
        .filter(mentions::object_id.eq(object.number()))
        .order(mentions::actor_id)
        .select(mentions::actor_id)
        .load(db)?;
    Ok(rows.into_iter().map(ActorId).collect())
}

/// Sets the text under which an object is found; `None` when it is not to be found any more.
pub(crate) fn set_search_text(db: &mut Db, object: ObjectId, body: Option<&str>) -> Res<()> {
    let Some(body) = body else {
        diesel::delete(search_texts::table.find(object.number())).execute(db)?;
        return Ok(());
    };
    let words: Vec<String> = words_of(body).into_iter().collect();
    let (object, body) = (object.number(), words.join(" "));
    match late::leave(body, |late, body| drop(late.texts.insert(object, body))) {
        Some(body) => set_text(db, object, &body),
        None => Ok(()),
    }
}

fn set_text(db: &mut Db, object: i64, body: &str) -> Res<()> {
    let upsert = diesel::insert_into(search_texts::table)
        .values((
            search_texts::object_id.eq(object),
            search_texts::body.eq(body),
        ))
        .on_conflict(search_texts::object_id)
        .do_update()
        .set(search_texts::body.eq(body));
    on_db!(db, |c| Steady(upsert).execute(c))?;
    Ok(())
}

/// Sets the texts of many objects, as words already.
pub(super) fn set_search_texts(db: &mut Db, texts: &BTreeMap<i64, String>) -> Res<()> {
    if let Db::Pg(c) = db
        && texts.len() > 1
    {
        let row = |(object, body): (&i64, &String)| {
            (
                search_texts::object_id.eq(*object),
                search_texts::body.eq(body.clone()),
            )
        };
        let rows: Vec<_> = texts.iter().map(row).collect();
        for part in rows.chunks(ROWS) {
            let upsert = diesel::insert_into(search_texts::table)
                .values(part)
                .on_conflict(search_texts::object_id)
                .do_update()
                .set(search_texts::body.eq(excluded(search_texts::body)));
            Steady(upsert).execute(c)?;
        }
        return Ok(());
    }
    let mut texts = texts.iter();
    texts.try_for_each(|(object, body)| set_text(db, *object, body))
}

/// Nothing that somebody wrote is found any more.
pub(crate) fn delete_search_texts_of(db: &mut Db, author: ActorId) -> Res<()> {
    let own_posts = posts::table
        .filter(posts::author_id.eq(author.0))
        .select(posts::id);
    let own_comments = comments::table
        .filter(comments::author_id.eq(author.0))
        .select(comments::id);
    diesel::delete(search_texts::table.filter(search_texts::object_id.eq_any(own_posts)))
        .execute(db)?;
    diesel::delete(search_texts::table.filter(search_texts::object_id.eq_any(own_comments)))
        .execute(db)?;
    Ok(())
}
