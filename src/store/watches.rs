//! Threads that members follow or do not want to hear of.

use diesel::dsl::{exists, not};
use diesel::prelude::*;

use super::dialect::{Both, on_db};
use super::schema::{follows, posts, watches};
use super::{Db, Res};
use crate::domain::ids::{ActorId, PostId};
use crate::domain::reading::Watch;

fn watch(muted: bool) -> Watch {
    if muted { Watch::Muted } else { Watch::Followed }
}

/// What somebody does with a thread.
pub(crate) fn find(db: &mut Db, post: PostId, actor: ActorId) -> Res<Option<Watch>> {
    let muted: Option<bool> = watches::table
        .find((post.0, actor.0))
        .select(watches::muted)
        .first(db)
        .optional()?;
    Ok(muted.map(watch))
}

/// Sets what somebody does with a thread; `None`: nothing in particular.
pub(crate) fn set(db: &mut Db, post: PostId, actor: ActorId, to: Option<Watch>) -> Res<()> {
    let Some(to) = to else {
        diesel::delete(watches::table.find((post.0, actor.0))).execute(db)?;
        return Ok(());
    };
    let muted = to == Watch::Muted;
    Both(
        diesel::insert_into(watches::table)
            .values((
                watches::post_id.eq(post.0),
                watches::actor_id.eq(actor.0),
                watches::muted.eq(muted),
            ))
            .on_conflict((watches::post_id, watches::actor_id))
            .do_update()
            .set(watches::muted.eq(muted)),
    )
    .execute(db)?;
    Ok(())
}

/// Who follows a thread.
pub(crate) fn list_followers(db: &mut Db, post: PostId, limit: u32) -> Res<Vec<ActorId>> {
    let rows: Vec<i64> = watches::table
        .filter(watches::post_id.eq(post.0).and(watches::muted.eq(false)))
        .order(watches::actor_id)
        .limit(i64::from(limit))
        .select(watches::actor_id)
        .load(db)?;
    Ok(rows.into_iter().map(ActorId).collect())
}

/// Which of these people do not want to hear of which of these threads: they muted the thread, or its
/// group, of which they do not follow this one thread.
pub(crate) fn list_mutes(
    db: &mut Db,
    threads: &[PostId],
    people: &[ActorId],
) -> Res<Vec<(ActorId, PostId)>> {
    if threads.is_empty() {
        return Ok(Vec::new());
    }
    let threads: Vec<i64> = threads.iter().map(|post| post.0).collect();
    let people: Vec<i64> = people.iter().map(|actor| actor.0).collect();
    let muted = watches::table
        .filter(watches::post_id.eq_any(&threads))
        .filter(watches::actor_id.eq_any(&people))
        .filter(watches::muted.eq(true))
        .select((watches::actor_id, watches::post_id));
    let followed = watches::table
        .filter(watches::post_id.eq(posts::id))
        .filter(watches::actor_id.eq(follows::follower_id))
        .filter(watches::muted.eq(false));
    let quiet = follows::table
        .inner_join(posts::table.on(posts::group_id.eq(follows::target_id)))
        .filter(posts::id.eq_any(&threads))
        .filter(follows::follower_id.eq_any(&people))
        .filter(follows::level.eq("nothing"))
        .filter(not(exists(followed)))
        .select((follows::follower_id, posts::id));
    let rows: Vec<(i64, i64)> = on_db!(db, |c| muted.union_all(quiet).load(c))?;
    let pairs = rows.into_iter();
    Ok(pairs
        .map(|(actor, post)| (ActorId(actor), PostId(post)))
        .collect())
}

/// Forgets what somebody follows and what not.
pub(crate) fn delete_of(db: &mut Db, actor: ActorId) -> Res<()> {
    diesel::delete(watches::table.filter(watches::actor_id.eq(actor.0))).execute(db)?;
    Ok(())
}
