//! What is not announced yet: posts that wait for a moderator's word, and what came into a local
//! group without an activity that could be announced.

use diesel::prelude::*;

use super::dialect::Both;
use super::posts::{attachments_json, attachments_of};
use super::schema::{held_posts, unannounced};
use super::{Db, Res};
use crate::domain::clock::Ts;
use crate::domain::ids::{ActorId, InstanceId, ObjectId, PostId, Uri};
use crate::domain::page::{Cursor, Page, PageRequest};
use crate::domain::post::HeldPost;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = held_posts)]
struct HeldRow {
    id: i64,
    uri: String,
    group_id: i64,
    author_id: i64,
    instance_id: i64,
    title: String,
    html: String,
    link_url: Option<String>,
    warning: Option<String>,
    attachments: String,
    draft: String,
    held_at: i64,
}

impl From<HeldRow> for HeldPost {
    fn from(row: HeldRow) -> Self {
        Self {
            id: PostId(row.id),
            uri: Uri::trusted(row.uri),
            group: ActorId(row.group_id),
            author: ActorId(row.author_id),
            instance: InstanceId(row.instance_id),
            title: row.title,
            html: row.html,
            link_url: row.link_url,
            warning: row.warning,
            attachments: attachments_of(&row.attachments),
            draft: row.draft,
            held_at: Ts(row.held_at),
        }
    }
}

impl From<&HeldPost> for HeldRow {
    fn from(held: &HeldPost) -> Self {
        let held = held.clone();
        Self {
            id: held.id.0,
            uri: held.uri.as_str().to_owned(),
            group_id: held.group.0,
            author_id: held.author.0,
            instance_id: held.instance.0,
            title: held.title,
            html: held.html,
            link_url: held.link_url,
            warning: held.warning,
            attachments: attachments_json(&held.attachments),
            draft: held.draft,
            held_at: held.held_at.0,
        }
    }
}

/// A post that waits.
pub(crate) fn find(db: &mut Db, id: PostId) -> Res<Option<HeldPost>> {
    let row: Option<HeldRow> = held_posts::table.find(id.0).first(db).optional()?;
    Ok(row.map(HeldPost::from))
}

/// A post that waits, by its ActivityPub id.
pub(crate) fn find_by_uri(db: &mut Db, uri: &str) -> Res<Option<HeldPost>> {
    let row: Option<HeldRow> = held_posts::table
        .filter(held_posts::uri.eq(uri))
        .first(db)
        .optional()?;
    Ok(row.map(HeldPost::from))
}

/// The posts of these numbers that wait.
pub(crate) fn list_by_ids(db: &mut Db, ids: &[PostId]) -> Res<Vec<HeldPost>> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let rows: Vec<HeldRow> = held_posts::table
        .filter(held_posts::id.eq_any(ids))
        .load(db)?;
    Ok(rows.into_iter().map(HeldPost::from).collect())
}

/// The posts that wait in a group, the first come first.
pub(crate) fn list(db: &mut Db, group: ActorId, page: PageRequest) -> Res<Page<HeldPost>> {
    let after = page.after.map_or(0, |cursor| cursor.id);
    let rows: Vec<HeldRow> = held_posts::table
        .filter(
            held_posts::group_id
                .eq(group.0)
                .and(held_posts::id.gt(after)),
        )
        .order(held_posts::id)
        .limit(i64::from(page.limit) + 1)
        .load(db)?;
    let items = rows.into_iter().map(HeldPost::from).collect();
    Ok(Page::cut(items, page.limit, |held: &HeldPost| Cursor {
        key: 0.0,
        id: held.id.0,
    }))
}

/// How many posts by people of a server wait in a group.
pub(crate) fn count_of_instance(db: &mut Db, group: ActorId, instance: InstanceId) -> Res<i64> {
    Ok(held_posts::table
        .filter(held_posts::group_id.eq(group.0))
        .filter(held_posts::instance_id.eq(instance.0))
        .count()
        .get_result(db)?)
}

/// Stores a post that waits, in the place of an earlier version.
pub(crate) fn upsert(db: &mut Db, held: &HeldPost) -> Res<()> {
    delete(db, held.id)?;
    diesel::insert_into(held_posts::table)
        .values(HeldRow::from(held))
        .execute(db)?;
    Ok(())
}

/// It waits no longer.
pub(crate) fn delete(db: &mut Db, id: PostId) -> Res<()> {
    diesel::delete(held_posts::table.find(id.0)).execute(db)?;
    Ok(())
}

/// Nothing of an author waits any longer, in one group or everywhere.
pub(crate) fn delete_of_author(db: &mut Db, author: ActorId, group: Option<ActorId>) -> Res<()> {
    let of_author = held_posts::table.filter(held_posts::author_id.eq(author.0));
    match group {
        Some(group) => {
            diesel::delete(of_author.filter(held_posts::group_id.eq(group.0))).execute(db)?
        }
        None => diesel::delete(of_author).execute(db)?,
    };
    Ok(())
}

/// Drops what waited since before a moment, some at a time; how many they were.
pub(crate) fn delete_before(db: &mut Db, before: Ts, limit: u32) -> Res<usize> {
    let old: Vec<i64> = held_posts::table
        .filter(held_posts::held_at.lt(before.0))
        .limit(i64::from(limit))
        .select(held_posts::id)
        .load(db)?;
    Ok(diesel::delete(held_posts::table.filter(held_posts::id.eq_any(old))).execute(db)?)
}

/// Notes that a post or comment was not announced.
pub(crate) fn note_unannounced(db: &mut Db, object: ObjectId) -> Res<()> {
    Both(
        diesel::insert_into(unannounced::table)
            .values(unannounced::object_id.eq(object.number()))
            .on_conflict_do_nothing(),
    )
    .execute(db)?;
    Ok(())
}

/// Whether a post or comment was not announced.
pub(crate) fn is_unannounced(db: &mut Db, object: ObjectId) -> Res<bool> {
    let row = unannounced::table.find(object.number());
    Ok(diesel::select(diesel::dsl::exists(row)).get_result(db)?)
}

/// A post or comment is announced now; whether it had not been.
pub(crate) fn set_announced(db: &mut Db, object: ObjectId) -> Res<bool> {
    let gone = diesel::delete(unannounced::table.find(object.number())).execute(db)?;
    Ok(gone > 0)
}
