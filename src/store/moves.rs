//! Who goes by which other addresses, who went where, and which threads changed their group.

use diesel::prelude::*;

use super::dialect::Both;
use super::schema::{aliases, moved_threads, moves};
use super::{Db, Res};
use crate::domain::clock::Ts;
use crate::domain::ids::{ActorId, PostId};

/// The other addresses that somebody here says are theirs.
pub(crate) fn list_aliases(db: &mut Db, actor: ActorId) -> Res<Vec<String>> {
    Ok(aliases::table
        .filter(aliases::actor_id.eq(actor.0))
        .order(aliases::uri)
        .select(aliases::uri)
        .load(db)?)
}

/// Replaces them.
pub(crate) fn set_aliases(db: &mut Db, actor: ActorId, uris: &[String]) -> Res<()> {
    diesel::delete(aliases::table.filter(aliases::actor_id.eq(actor.0))).execute(db)?;
    for uri in uris {
        let row = (aliases::actor_id.eq(actor.0), aliases::uri.eq(uri));
        Both(
            diesel::insert_into(aliases::table)
                .values(row)
                .on_conflict_do_nothing(),
        )
        .execute(db)?;
    }
    Ok(())
}

/// Where somebody went, and when.
pub(crate) fn find(db: &mut Db, actor: ActorId) -> Res<Option<(ActorId, Ts)>> {
    let row: Option<(i64, i64)> = moves::table
        .find(actor.0)
        .select((moves::target_id, moves::moved_at))
        .first(db)
        .optional()?;
    Ok(row.map(|(target, at)| (ActorId(target), Ts(at))))
}

/// Notes that somebody went there.
pub(crate) fn upsert(db: &mut Db, actor: ActorId, target: ActorId, now: Ts) -> Res<()> {
    Both(
        diesel::insert_into(moves::table)
            .values((
                moves::actor_id.eq(actor.0),
                moves::target_id.eq(target.0),
                moves::moved_at.eq(now.0),
            ))
            .on_conflict(moves::actor_id)
            .do_update()
            .set((moves::target_id.eq(target.0), moves::moved_at.eq(now.0))),
    )
    .execute(db)?;
    Ok(())
}

/// Notes from which group a thread came.
pub(crate) fn upsert_thread(db: &mut Db, post: PostId, from: ActorId, now: Ts) -> Res<()> {
    Both(
        diesel::insert_into(moved_threads::table)
            .values((
                moved_threads::post_id.eq(post.0),
                moved_threads::from_id.eq(from.0),
                moved_threads::moved_at.eq(now.0),
            ))
            .on_conflict(moved_threads::post_id)
            .do_update()
            .set((
                moved_threads::from_id.eq(from.0),
                moved_threads::moved_at.eq(now.0),
            )),
    )
    .execute(db)?;
    Ok(())
}
