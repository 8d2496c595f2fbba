//! Posts and comments that members keep for later.

use std::collections::HashSet;

use diesel::prelude::*;

use super::dialect::{Both, Steady, rounded};
use super::schema::saves;
use super::{Db, Res};
use crate::domain::clock::Ts;
use crate::domain::ids::{ActorId, ObjectId};
use crate::domain::page::{Cursor, Page, PageRequest};

/// Keeps something for somebody, if they did not before.
pub(crate) fn insert(db: &mut Db, actor: ActorId, object: ObjectId, now: Ts) -> Res<()> {
    Both(
        diesel::insert_into(saves::table)
            .values((
                saves::actor_id.eq(actor.0),
                saves::object_id.eq(object.number()),
                saves::saved_at.eq(now.0),
            ))
            .on_conflict_do_nothing(),
    )
    .execute(db)?;
    Ok(())
}

/// Somebody keeps something no longer.
pub(crate) fn delete(db: &mut Db, actor: ActorId, object: ObjectId) -> Res<()> {
    diesel::delete(saves::table.find((actor.0, object.number()))).execute(db)?;
    Ok(())
}

/// Somebody keeps nothing any longer.
pub(crate) fn delete_of(db: &mut Db, actor: ActorId) -> Res<()> {
    diesel::delete(saves::table.filter(saves::actor_id.eq(actor.0))).execute(db)?;
    Ok(())
}

/// Which of these numbers somebody keeps.
pub(crate) fn list_of(db: &mut Db, actor: ActorId, numbers: &[i64]) -> Res<HashSet<i64>> {
    let kept = saves::table
        .filter(saves::actor_id.eq(actor.0))
        .filter(saves::object_id.eq_any(rounded(numbers.iter().copied())))
        .select(saves::object_id);
    let rows: Vec<i64> = Steady(kept).load(db)?;
    Ok(rows.into_iter().collect())
}

/// The numbers of what somebody keeps, the last kept first.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "micros stay below 2^53 until the year 2255"
)]
pub(crate) fn list(db: &mut Db, actor: ActorId, page: PageRequest) -> Res<Page<i64>> {
    let mut query = saves::table
        .filter(saves::actor_id.eq(actor.0))
        .order((saves::saved_at.desc(), saves::object_id.desc()))
        .limit(i64::from(page.limit) + 1)
        .select((saves::saved_at, saves::object_id))
        .into_boxed();
    if let Some(after) = page.after {
        let at = after.key as i64;
        let same = saves::saved_at.eq(at).and(saves::object_id.lt(after.id));
        query = query.filter(saves::saved_at.lt(at).or(same));
    }
    let rows: Vec<(i64, i64)> = query.load(db)?;
    let page = Page::cut(rows, page.limit, |(at, id)| Cursor {
        key: *at as f64,
        id: *id,
    });
    Ok(page.map(|(_, number)| number))
}
