//! What admins tell everybody, and who has read it.

use diesel::prelude::*;

use super::dialect::Both;
use super::schema::{announcements, dismissals};
use super::{Db, Res};
use crate::domain::announcement::{Announcement, Audience};
use crate::domain::clock::Ts;
use crate::domain::ids::{ActorId, AnnouncementId};

type Row = (i64, String, String, String, i64, Option<i64>, i64);

fn read((id, source, html, audience, starts_at, ends_at, author): Row) -> Announcement {
    Announcement {
        id: AnnouncementId(id),
        source,
        html,
        audience: Audience::parse(&audience).unwrap_or(Audience::Members),
        starts_at: Ts(starts_at),
        ends_at: ends_at.map(Ts),
        author: ActorId(author),
    }
}

/// The newest ones, those that are over too.
pub(crate) fn list(db: &mut Db, limit: u32) -> Res<Vec<Announcement>> {
    let rows: Vec<Row> = announcements::table
        .order(announcements::id.desc())
        .limit(i64::from(limit))
        .load(db)?;
    Ok(rows.into_iter().map(read).collect())
}

/// Those that are not over at a moment, the newest first.
pub(crate) fn list_current(db: &mut Db, now: Ts, limit: u32) -> Res<Vec<Announcement>> {
    let lasting = announcements::ends_at
        .is_null()
        .or(announcements::ends_at.assume_not_null().gt(now.0));
    let rows: Vec<Row> = announcements::table
        .filter(lasting)
        .order(announcements::id.desc())
        .limit(i64::from(limit))
        .load(db)?;
    Ok(rows.into_iter().map(read).collect())
}

/// The one of a row.
pub(crate) fn find(db: &mut Db, id: AnnouncementId) -> Res<Option<Announcement>> {
    let row: Option<Row> = announcements::table.find(id.0).first(db).optional()?;
    Ok(row.map(read))
}

/// Stores a new one.
pub(crate) fn insert(db: &mut Db, new: &Announcement) -> Res<()> {
    diesel::insert_into(announcements::table)
        .values((
            announcements::id.eq(new.id.0),
            announcements::source.eq(&new.source),
            announcements::html.eq(&new.html),
            announcements::audience.eq(new.audience.as_str()),
            announcements::starts_at.eq(new.starts_at.0),
            announcements::ends_at.eq(new.ends_at.map(|at| at.0)),
            announcements::author_id.eq(new.author.0),
        ))
        .execute(db)?;
    Ok(())
}

/// Replaces what one says.
pub(crate) fn update(db: &mut Db, new: &Announcement) -> Res<()> {
    diesel::update(announcements::table.find(new.id.0))
        .set((
            announcements::source.eq(&new.source),
            announcements::html.eq(&new.html),
            announcements::audience.eq(new.audience.as_str()),
            announcements::starts_at.eq(new.starts_at.0),
            announcements::ends_at.eq(new.ends_at.map(|at| at.0)),
            announcements::author_id.eq(new.author.0),
        ))
        .execute(db)?;
    Ok(())
}

/// Somebody has read one, and is not shown it any more.
pub(crate) fn dismiss(db: &mut Db, id: AnnouncementId, actor: ActorId) -> Res<()> {
    Both(
        diesel::insert_into(dismissals::table)
            .values((
                dismissals::announcement_id.eq(id.0),
                dismissals::actor_id.eq(actor.0),
            ))
            .on_conflict_do_nothing(),
    )
    .execute(db)?;
    Ok(())
}

/// Everybody is shown one again.
pub(crate) fn show_again(db: &mut Db, id: AnnouncementId) -> Res<()> {
    diesel::delete(dismissals::table.filter(dismissals::announcement_id.eq(id.0))).execute(db)?;
    Ok(())
}

/// What somebody has read of these.
pub(crate) fn list_dismissed(
    db: &mut Db,
    actor: ActorId,
    of: &[AnnouncementId],
) -> Res<Vec<AnnouncementId>> {
    let of: Vec<i64> = of.iter().map(|id| id.0).collect();
    let rows: Vec<i64> = dismissals::table
        .filter(dismissals::actor_id.eq(actor.0))
        .filter(dismissals::announcement_id.eq_any(of))
        .select(dismissals::announcement_id)
        .load(db)?;
    Ok(rows.into_iter().map(AnnouncementId).collect())
}

/// Forgets what somebody has read.
pub(crate) fn delete_dismissals_of(db: &mut Db, actor: ActorId) -> Res<()> {
    diesel::delete(dismissals::table.filter(dismissals::actor_id.eq(actor.0))).execute(db)?;
    Ok(())
}
