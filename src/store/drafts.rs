//! Drafts of members, and the time zone in which each of them says times.

use diesel::prelude::*;

use super::dialect::Both;
use super::schema::{drafts, time_zones};
use super::{Db, Res};
use crate::domain::clock::Ts;
use crate::domain::draft::{Content, Draft};
use crate::domain::ids::{ActorId, DraftId};

type DraftRow = (
    i64,
    i64,
    Option<i64>,
    String,
    Option<i64>,
    Option<String>,
    i64,
    i64,
);

fn draft(row: DraftRow) -> Draft {
    let (id, author, group, content, publish_at, refusal, created_at, updated_at) = row;
    Draft {
        id: DraftId(id),
        author: ActorId(author),
        group: group.map(ActorId),
        content: serde_json::from_str(&content).unwrap_or_default(),
        publish_at: publish_at.map(Ts),
        refusal,
        created_at: Ts(created_at),
        updated_at: Ts(updated_at),
    }
}

fn json(content: &Content) -> String {
    serde_json::to_string(content).unwrap_or_else(|_| "{}".to_owned())
}

/// The draft of a row.
pub(crate) fn find(db: &mut Db, id: DraftId) -> Res<Option<Draft>> {
    let row: Option<DraftRow> = drafts::table.find(id.0).first(db).optional()?;
    Ok(row.map(draft))
}

/// The drafts of somebody: first those that are posted by themselves, the next first; then the
/// others, the last begun first.
pub(crate) fn list(db: &mut Db, author: ActorId, limit: u32) -> Res<Vec<Draft>> {
    let rows: Vec<DraftRow> = drafts::table
        .filter(drafts::author_id.eq(author.0))
        .order((
            drafts::publish_at.is_null(),
            drafts::publish_at,
            drafts::id.desc(),
        ))
        .limit(i64::from(limit))
        .load(db)?;
    Ok(rows.into_iter().map(draft).collect())
}

/// How many drafts somebody has.
pub(crate) fn count(db: &mut Db, author: ActorId) -> Res<i64> {
    Ok(drafts::table
        .filter(drafts::author_id.eq(author.0))
        .count()
        .get_result(db)?)
}

/// The drafts whose time has come, the longest waiting first.
pub(crate) fn list_due(db: &mut Db, now: Ts, limit: u32) -> Res<Vec<DraftId>> {
    let rows: Vec<i64> = drafts::table
        .filter(drafts::publish_at.le(now.0))
        .order(drafts::publish_at)
        .limit(i64::from(limit))
        .select(drafts::id)
        .load(db)?;
    Ok(rows.into_iter().map(DraftId).collect())
}

/// Stores a draft, in the place of what it was before.
pub(crate) fn upsert(db: &mut Db, draft: &Draft) -> Res<()> {
    let content = json(&draft.content);
    let changed = (
        drafts::group_id.eq(draft.group.map(|group| group.0)),
        drafts::content.eq(&content),
        drafts::publish_at.eq(draft.publish_at.map(|at| at.0)),
        drafts::refusal.eq(draft.refusal.as_deref()),
        drafts::updated_at.eq(draft.updated_at.0),
    );
    let known = diesel::update(drafts::table.find(draft.id.0))
        .set(changed)
        .execute(db)?;
    if known == 0 {
        diesel::insert_into(drafts::table)
            .values((
                drafts::id.eq(draft.id.0),
                drafts::author_id.eq(draft.author.0),
                drafts::group_id.eq(draft.group.map(|group| group.0)),
                drafts::content.eq(&content),
                drafts::publish_at.eq(draft.publish_at.map(|at| at.0)),
                drafts::refusal.eq(draft.refusal.as_deref()),
                drafts::created_at.eq(draft.created_at.0),
                drafts::updated_at.eq(draft.updated_at.0),
            ))
            .execute(db)?;
    }
    Ok(())
}

/// A draft is no more; whether it was.
pub(crate) fn delete(db: &mut Db, id: DraftId) -> Res<bool> {
    Ok(diesel::delete(drafts::table.find(id.0)).execute(db)? > 0)
}

/// Nothing that somebody began is kept any longer.
pub(crate) fn delete_of_author(db: &mut Db, author: ActorId) -> Res<()> {
    diesel::delete(drafts::table.filter(drafts::author_id.eq(author.0))).execute(db)?;
    diesel::delete(time_zones::table.find(author.0)).execute(db)?;
    Ok(())
}

/// The time zone in which somebody last said a time.
pub(crate) fn time_zone_of(db: &mut Db, actor: ActorId) -> Res<Option<String>> {
    Ok(time_zones::table
        .find(actor.0)
        .select(time_zones::name)
        .first(db)
        .optional()?)
}

/// Remembers the time zone in which somebody says times.
pub(crate) fn set_time_zone(db: &mut Db, actor: ActorId, name: &str) -> Res<()> {
    Both(
        diesel::insert_into(time_zones::table)
            .values((time_zones::actor_id.eq(actor.0), time_zones::name.eq(name)))
            .on_conflict(time_zones::actor_id)
            .do_update()
            .set(time_zones::name.eq(name)),
    )
    .execute(db)?;
    Ok(())
}
