//! Events and who comes to them.

use std::collections::HashMap;

use diesel::prelude::*;

use super::dialect::Both;
use super::posts::{PostRow, within_reach};
use super::schema::{actors, attendees, events, instances, posts};
use super::{Db, Res, privacy};
use crate::domain::caller::Viewer;
use crate::domain::clock::Ts;
use crate::domain::event::{Attendance, Event, JoinMode};
use crate::domain::ids::{ActorId, PostId};
use crate::domain::page::{Cursor, Page, PageRequest};
use crate::domain::post::Post;

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = events, treat_none_as_null = true)]
struct EventRow {
    post_id: i64,
    starts_at: i64,
    ends_at: Option<i64>,
    timezone: String,
    place: Option<String>,
    online_url: Option<String>,
    join_mode: String,
    capacity: Option<i64>,
    attendees: i64,
}

impl EventRow {
    fn of(post: PostId, event: &Event) -> Self {
        Self {
            post_id: post.0,
            starts_at: event.starts_at.0,
            ends_at: event.ends_at.map(|at| at.0),
            timezone: event.timezone.clone(),
            place: event.place.clone(),
            online_url: event.online_url.clone(),
            join_mode: event.join_mode.as_str().to_owned(),
            capacity: event.capacity,
            attendees: event.attendees,
        }
    }
}

impl From<EventRow> for Event {
    fn from(row: EventRow) -> Self {
        Self {
            starts_at: Ts(row.starts_at),
            ends_at: row.ends_at.map(Ts),
            timezone: row.timezone,
            place: row.place,
            online_url: row.online_url,
            join_mode: JoinMode::parse(&row.join_mode).unwrap_or_default(),
            capacity: row.capacity,
            attendees: row.attendees,
        }
    }
}

/// Stores the event of a new post.
pub(crate) fn insert(db: &mut Db, post: PostId, event: &Event) -> Res<()> {
    diesel::insert_into(events::table)
        .values(EventRow::of(post, event))
        .execute(db)?;
    Ok(())
}

/// Replaces the event of a post.
pub(crate) fn set(db: &mut Db, post: PostId, event: &Event) -> Res<()> {
    diesel::update(events::table.find(post.0))
        .set(EventRow::of(post, event))
        .execute(db)?;
    Ok(())
}

/// The event of a post.
pub(crate) fn find(db: &mut Db, post: PostId) -> Res<Option<Event>> {
    let row: Option<EventRow> = events::table.find(post.0).first(db).optional()?;
    Ok(row.map(Event::from))
}

/// The events of those of these posts that have one.
pub(crate) fn list(db: &mut Db, of: &[PostId]) -> Res<HashMap<PostId, Event>> {
    let ids: Vec<i64> = of.iter().map(|post| post.0).collect();
    let rows: Vec<EventRow> = events::table.filter(events::post_id.eq_any(ids)).load(db)?;
    let event = |row: EventRow| (PostId(row.post_id), Event::from(row));
    Ok(rows.into_iter().map(event).collect())
}

/// Visible posts with an event, of one group or of all, that the viewer may look into: those that
/// are not over at a time, the next one first, or those that are, the latest first.
pub(crate) fn list_posts(
    db: &mut Db,
    viewer: Viewer,
    group: Option<ActorId>,
    (over, now): (bool, Ts),
    page: PageRequest,
) -> Res<Page<Post>> {
    let mut query = events::table
        .inner_join(posts::table.on(posts::id.eq(events::post_id)))
        .filter(posts::deleted_at.is_null().and(posts::removed_at.is_null()))
        .filter(privacy::visible_to!(posts::group_id, viewer))
        .filter(within_reach!(super::posts::KEPT_AWAY))
        .limit(i64::from(page.limit) + 1)
        .select((PostRow::as_select(), events::starts_at))
        .into_boxed();
    if let Some(group) = group {
        query = query.filter(posts::group_id.eq(group.0));
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a time in microseconds is exact in f64"
    )]
    let after = page.after.map(|cursor| (cursor.key as i64, cursor.id));
    let last = events::ends_at.assume_not_null();
    let begins_later = events::ends_at.is_null().and(events::starts_at.gt(now.0));
    let ends_later = events::ends_at.is_not_null().and(last.gt(now.0));
    query = if over {
        query.filter(diesel::dsl::not(begins_later.or(ends_later)))
    } else {
        query.filter(begins_later.or(ends_later))
    };
    if let Some((at, id)) = after {
        query = if over {
            let same = events::starts_at.eq(at).and(events::post_id.lt(id));
            query.filter(events::starts_at.lt(at).or(same))
        } else {
            let same = events::starts_at.eq(at).and(events::post_id.gt(id));
            query.filter(events::starts_at.gt(at).or(same))
        };
    }
    query = if over {
        query.order((events::starts_at.desc(), events::post_id.desc()))
    } else {
        query.order((events::starts_at.asc(), events::post_id.asc()))
    };
    let rows: Vec<(PostRow, i64)> = query.load(db)?;
    #[expect(
        clippy::cast_precision_loss,
        reason = "a time in microseconds is exact in f64"
    )]
    let cursor = |(post, at): &(Post, i64)| Cursor {
        key: *at as f64,
        id: post.id.0,
    };
    let items = rows.into_iter().map(|(row, at)| (Post::from(row), at));
    let found = Page::cut(items.collect(), page.limit, cursor);
    Ok(found.map(|(post, _)| post))
}

/// How somebody stands to an event.
pub(crate) fn find_attendance(
    db: &mut Db,
    post: PostId,
    actor: ActorId,
) -> Res<Option<Attendance>> {
    let row: Option<(bool, String)> = attendees::table
        .find((post.0, actor.0))
        .select((attendees::accepted, attendees::uri))
        .first(db)
        .optional()?;
    Ok(row.map(|(accepted, uri)| Attendance { accepted, uri }))
}

/// How somebody stands to some events.
pub(crate) fn list_attendance_of(
    db: &mut Db,
    actor: ActorId,
    of: &[PostId],
) -> Res<HashMap<PostId, bool>> {
    let ids: Vec<i64> = of.iter().map(|post| post.0).collect();
    let rows: Vec<(i64, bool)> = attendees::table
        .filter(attendees::actor_id.eq(actor.0))
        .filter(attendees::post_id.eq_any(ids))
        .select((attendees::post_id, attendees::accepted))
        .load(db)?;
    Ok(rows
        .into_iter()
        .map(|(post, yes)| (PostId(post), yes))
        .collect())
}

/// Who comes and who waits to be accepted, those who asked first at first.
pub(crate) fn list_attendees(db: &mut Db, post: PostId, limit: u32) -> Res<Vec<(ActorId, bool)>> {
    let rows: Vec<(i64, bool)> = attendees::table
        .filter(attendees::post_id.eq(post.0))
        .order((attendees::created_at, attendees::actor_id))
        .limit(i64::from(limit))
        .select((attendees::actor_id, attendees::accepted))
        .load(db)?;
    Ok(rows
        .into_iter()
        .map(|(actor, yes)| (ActorId(actor), yes))
        .collect())
}

/// Lets nobody else change who comes to an event before this transaction ends.
pub(crate) fn lock(db: &mut Db, post: PostId) -> Res<()> {
    diesel::update(events::table.find(post.0))
        .set(events::attendees.eq(events::attendees))
        .execute(db)?;
    Ok(())
}

/// Takes one of the seats; false if there is none left.
pub(crate) fn take_seat(db: &mut Db, post: PostId) -> Res<bool> {
    let free = events::capacity
        .is_null()
        .or(events::attendees.nullable().lt(events::capacity));
    let taken = diesel::update(
        events::table
            .filter(events::post_id.eq(post.0))
            .filter(free),
    )
    .set(events::attendees.eq(events::attendees + 1))
    .execute(db)?;
    Ok(taken > 0)
}

/// Gives a seat back.
pub(crate) fn free_seat(db: &mut Db, post: PostId) -> Res<()> {
    let taken = events::table.find(post.0).filter(events::attendees.gt(0));
    diesel::update(taken)
        .set(events::attendees.eq(events::attendees - 1))
        .execute(db)?;
    Ok(())
}

/// Notes that somebody comes, or wants to.
pub(crate) fn upsert_attendance(
    db: &mut Db,
    post: PostId,
    actor: ActorId,
    attendance: &Attendance,
    now: Ts,
) -> Res<()> {
    let changed = (
        attendees::accepted.eq(attendance.accepted),
        attendees::uri.eq(&attendance.uri),
    );
    Both(
        diesel::insert_into(attendees::table)
            .values((
                attendees::post_id.eq(post.0),
                attendees::actor_id.eq(actor.0),
                attendees::accepted.eq(attendance.accepted),
                attendees::uri.eq(&attendance.uri),
                attendees::created_at.eq(now.0),
            ))
            .on_conflict((attendees::post_id, attendees::actor_id))
            .do_update()
            .set(changed),
    )
    .execute(db)?;
    Ok(())
}

/// Somebody does not come any more.
pub(crate) fn delete_attendance(db: &mut Db, post: PostId, actor: ActorId) -> Res<()> {
    diesel::delete(attendees::table.find((post.0, actor.0))).execute(db)?;
    Ok(())
}
