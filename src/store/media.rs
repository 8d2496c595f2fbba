//! Uploaded pictures, and the secrets that the hub drew for itself.

use diesel::dsl::{exists, not, sql};
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::schema::{accounts, actors, comments, drafts, held_posts, media, posts};
use super::{Db, Res};
use crate::domain::clock::Ts;
use crate::domain::ids::{ActorId, MediaId};
use crate::domain::media::{Focus, Media, MediaState, PictureKind};
use crate::domain::membership::Standing;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = media)]
struct MediaRow {
    id: i64,
    owner_id: i64,
    key: String,
    kind: String,
    bytes: i64,
    width: i32,
    height: i32,
    blurhash: String,
    alt: Option<String>,
    state: String,
    attached_to: Option<i64>,
    created_at: i64,
    changed_at: i64,
    focus_x: i32,
    focus_y: i32,
}

impl From<MediaRow> for Media {
    fn from(row: MediaRow) -> Self {
        Self {
            id: MediaId(row.id),
            owner: ActorId(row.owner_id),
            key: row.key,
            kind: PictureKind::parse(&row.kind).unwrap_or(PictureKind::Jpeg),
            bytes: row.bytes,
            width: row.width,
            height: row.height,
            blurhash: row.blurhash,
            alt: row.alt,
            focus: Focus::of_hundredths(row.focus_x, row.focus_y),
            state: MediaState::parse(&row.state),
            attached_to: row.attached_to,
            created_at: Ts(row.created_at),
            changed_at: Ts(row.changed_at),
        }
    }
}

impl From<&Media> for MediaRow {
    fn from(one: &Media) -> Self {
        let one = one.clone();
        let (focus_x, focus_y) = one.focus.hundredths();
        Self {
            focus_x,
            focus_y,
            id: one.id.0,
            owner_id: one.owner.0,
            key: one.key,
            kind: one.kind.extension().to_owned(),
            bytes: one.bytes,
            width: one.width,
            height: one.height,
            blurhash: one.blurhash,
            alt: one.alt,
            state: one.state.as_str().to_owned(),
            attached_to: one.attached_to,
            created_at: one.created_at.0,
            changed_at: one.changed_at.0,
        }
    }
}

/// Stores a picture's row.
pub(crate) fn insert(db: &mut Db, one: &Media) -> Res<()> {
    diesel::insert_into(media::table)
        .values(MediaRow::from(one))
        .execute(db)?;
    Ok(())
}

/// The picture with this key, whatever becomes of it.
pub(crate) fn find(db: &mut Db, key: &str) -> Res<Option<Media>> {
    let row: Option<MediaRow> = media::table
        .filter(media::key.eq(key))
        .first(db)
        .optional()?;
    Ok(row.map(Media::from))
}

/// The picture with this key, if it may be seen: not while its owner is suspended.
pub(crate) fn find_shown(db: &mut Db, key: &str) -> Res<Option<Media>> {
    let seen = [MediaState::Unused.as_str(), MediaState::Shown.as_str()];
    let suspended = accounts::table
        .filter(accounts::actor_id.eq(media::owner_id))
        .filter(accounts::standing.eq(Standing::Suspended.as_str()));
    let row: Option<MediaRow> = media::table
        .filter(media::key.eq(key).and(media::state.eq_any(seen)))
        .filter(not(exists(suspended)))
        .first(db)
        .optional()?;
    Ok(row.map(Media::from))
}

/// The pictures that an object shows or showed.
pub(crate) fn list_attached(db: &mut Db, object: i64) -> Res<Vec<Media>> {
    let rows: Vec<MediaRow> = media::table
        .filter(media::attached_to.eq(object))
        .filter(media::state.ne(MediaState::Doomed.as_str()))
        .order(media::id)
        .load(db)?;
    Ok(rows.into_iter().map(Media::from).collect())
}

/// The pictures that somebody uploaded and that are not deleted, after an id.
pub(crate) fn list_of_owner(
    db: &mut Db,
    owner: ActorId,
    after: i64,
    limit: u32,
) -> Res<Vec<Media>> {
    let rows: Vec<MediaRow> = media::table
        .filter(media::owner_id.eq(owner.0).and(media::id.gt(after)))
        .filter(media::state.ne(MediaState::Doomed.as_str()))
        .order(media::id)
        .limit(i64::from(limit))
        .load(db)?;
    Ok(rows.into_iter().map(Media::from).collect())
}

/// How many pictures [`list_of_owner`] goes through.
pub(crate) fn count_of_owner(db: &mut Db, owner: ActorId) -> Res<i64> {
    Ok(media::table
        .filter(media::owner_id.eq(owner.0))
        .filter(media::state.ne(MediaState::Doomed.as_str()))
        .count()
        .get_result(db)?)
}

/// The pictures that are there and whose blurred preview is this.
pub(crate) fn list_by_blurhash(db: &mut Db, blurhash: &str, limit: u32) -> Res<Vec<Media>> {
    let rows: Vec<MediaRow> = media::table
        .filter(media::blurhash.eq(blurhash))
        .filter(media::state.ne(MediaState::Doomed.as_str()))
        .order(media::id)
        .limit(i64::from(limit))
        .load(db)?;
    Ok(rows.into_iter().map(Media::from).collect())
}

/// How many bytes somebody's pictures take up.
pub(crate) fn bytes_of(db: &mut Db, owner: ActorId) -> Res<i64> {
    Ok(media::table
        .filter(media::owner_id.eq(owner.0))
        .filter(media::state.ne(MediaState::Doomed.as_str()))
        .select(sql::<BigInt>("CAST(COALESCE(SUM(bytes), 0) AS BIGINT)"))
        .first(db)?)
}

/// How many pictures somebody uploaded since a moment, deleted ones too.
pub(crate) fn count_since(db: &mut Db, owner: ActorId, since: Ts) -> Res<i64> {
    Ok(media::table
        .filter(media::owner_id.eq(owner.0))
        .filter(media::created_at.gt(since.0))
        .count()
        .get_result(db)?)
}

/// Says what a picture shows, and what of it stays in view where it is cropped.
pub(crate) fn describe(db: &mut Db, id: MediaId, alt: Option<&str>, focus: Focus) -> Res<()> {
    let (x, y) = focus.hundredths();
    diesel::update(media::table.find(id.0))
        .set((
            media::alt.eq(alt),
            media::focus_x.eq(x),
            media::focus_y.eq(y),
        ))
        .execute(db)?;
    Ok(())
}

/// Says what becomes of a picture, and what shows it.
pub(crate) fn set_state(
    db: &mut Db,
    id: MediaId,
    state: MediaState,
    attached_to: Option<i64>,
    now: Ts,
) -> Res<()> {
    diesel::update(media::table.find(id.0))
        .set((
            media::state.eq(state.as_str()),
            media::attached_to.eq(attached_to),
            media::changed_at.eq(now.0),
        ))
        .execute(db)?;
    Ok(())
}

/// Hides the pictures of an object with it, or shows them again.
pub(crate) fn set_hidden(db: &mut Db, object: i64, hidden: bool, now: Ts) -> Res<()> {
    let (from, to) = if hidden {
        (MediaState::Shown, MediaState::Hidden)
    } else {
        (MediaState::Hidden, MediaState::Shown)
    };
    diesel::update(media::table.filter(media::attached_to.eq(object)))
        .filter(media::state.eq(from.as_str()))
        .set((media::state.eq(to.as_str()), media::changed_at.eq(now.0)))
        .execute(db)?;
    Ok(())
}

/// Takes the pictures of a draft out of it, for the post that is made of it.
pub(crate) fn release_attached(db: &mut Db, object: i64, now: Ts) -> Res<()> {
    diesel::update(media::table.filter(media::attached_to.eq(object)))
        .filter(media::state.eq(MediaState::Shown.as_str()))
        .set((
            media::state.eq(MediaState::Unused.as_str()),
            media::attached_to.eq(None::<i64>),
            media::changed_at.eq(now.0),
        ))
        .execute(db)?;
    Ok(())
}

/// Dooms the pictures of an object that is no more.
pub(crate) fn doom_attached(db: &mut Db, object: i64, now: Ts) -> Res<()> {
    diesel::update(media::table.filter(media::attached_to.eq(object)))
        .set((
            media::state.eq(MediaState::Doomed.as_str()),
            media::changed_at.eq(now.0),
        ))
        .execute(db)?;
    Ok(())
}

/// Dooms everything that somebody uploaded.
pub(crate) fn doom_all_of(db: &mut Db, owner: ActorId, now: Ts) -> Res<()> {
    diesel::update(media::table.filter(media::owner_id.eq(owner.0)))
        .set((
            media::state.eq(MediaState::Doomed.as_str()),
            media::changed_at.eq(now.0),
        ))
        .execute(db)?;
    Ok(())
}

/// Dooms what has been in a state since before a moment; how many pictures that are.
pub(crate) fn doom_left(db: &mut Db, state: MediaState, before: Ts, now: Ts) -> Res<usize> {
    let left = media::table
        .filter(media::state.eq(state.as_str()))
        .filter(media::changed_at.lt(before.0));
    Ok(diesel::update(left)
        .set((
            media::state.eq(MediaState::Doomed.as_str()),
            media::changed_at.eq(now.0),
        ))
        .execute(db)?)
}

/// Dooms pictures that nothing shows any more because what showed them has no row; how many.
pub(crate) fn doom_lost(db: &mut Db, now: Ts) -> Res<usize> {
    let at = media::attached_to.assume_not_null();
    let shown = [MediaState::Shown.as_str(), MediaState::Hidden.as_str()];
    let lost = media::table
        .filter(media::state.eq_any(shown))
        .filter(not(exists(posts::table.filter(posts::id.eq(at)))))
        .filter(not(exists(comments::table.filter(comments::id.eq(at)))))
        .filter(not(exists(held_posts::table.filter(held_posts::id.eq(at)))))
        .filter(not(exists(drafts::table.filter(drafts::id.eq(at)))))
        .filter(not(exists(actors::table.filter(actors::id.eq(at)))));
    let lost: Vec<i64> = lost.select(media::id).limit(1_000).load(db)?;
    Ok(diesel::update(media::table.filter(media::id.eq_any(lost)))
        .set((
            media::state.eq(MediaState::Doomed.as_str()),
            media::changed_at.eq(now.0),
        ))
        .execute(db)?)
}

/// Pictures whose files are to be deleted.
pub(crate) fn list_doomed(db: &mut Db, limit: u32) -> Res<Vec<Media>> {
    let rows: Vec<MediaRow> = media::table
        .filter(media::state.eq(MediaState::Doomed.as_str()))
        .order((media::changed_at, media::id))
        .limit(i64::from(limit))
        .load(db)?;
    Ok(rows.into_iter().map(Media::from).collect())
}

/// Forgets a picture whose files are gone.
pub(crate) fn delete(db: &mut Db, id: MediaId) -> Res<()> {
    diesel::delete(media::table.find(id.0)).execute(db)?;
    Ok(())
}

/// Takes the addresses of uploaded pictures off everything that somebody wrote and that stays.
pub(crate) fn clear_attachments_of(db: &mut Db, author: ActorId) -> Res<()> {
    diesel::update(posts::table.filter(posts::author_id.eq(author.0)))
        .filter(posts::attachments.ne("[]"))
        .set(posts::attachments.eq("[]"))
        .execute(db)?;
    diesel::update(comments::table.filter(comments::author_id.eq(author.0)))
        .filter(comments::attachments.ne("[]"))
        .set(comments::attachments.eq("[]"))
        .execute(db)?;
    Ok(())
}
