//! How far each server has been told of the outbox log, and what it would not take.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, SmallInt};

use super::dialect::{Both, Steady};
use super::schema::{cursors, dead_letters, instances, outbox};
use super::{Db, Res};
use crate::domain::activity::Lane;
use crate::domain::clock::Ts;
use crate::domain::ids::InstanceId;

/// Up to where a server has been told everything, in one lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DeliveryCursor {
    /// The server.
    pub(crate) instance: InstanceId,
    /// The lane.
    pub(crate) lane: Lane,
    /// Every entry up to here is done with.
    pub(crate) seq: i64,
}

/// All cursors.
pub(crate) fn list_cursors(db: &mut Db) -> Res<Vec<DeliveryCursor>> {
    let rows: Vec<(i64, i16, i64)> = cursors::table.load(db)?;
    let cursor = |(instance, lane, seq)| DeliveryCursor {
        instance: InstanceId(instance),
        lane: Lane::parse(lane),
        seq,
    };
    Ok(rows.into_iter().map(cursor).collect())
}

/// Moves cursors forward; makes those that are new. Each cursor is named once.
pub(crate) fn set_cursors(db: &mut Db, moved: &[DeliveryCursor]) -> Res<()> {
    match db {
        Db::Pg(c) => {
            let upsert = diesel::sql_query(
                "INSERT INTO cursors (instance_id, lane, seq) SELECT * FROM unnest($1, $2, $3) \
                 ON CONFLICT (instance_id, lane) DO UPDATE SET seq = excluded.seq",
            )
            .bind::<Array<BigInt>, _>(moved.iter().map(|m| m.instance.0).collect::<Vec<_>>())
            .bind::<Array<SmallInt>, _>(moved.iter().map(|m| m.lane.number()).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(moved.iter().map(|m| m.seq).collect::<Vec<_>>());
            Steady(upsert).execute(c)?;
        }
        Db::Sqlite(c) => {
            for cursor in moved {
                let upsert = diesel::insert_into(cursors::table)
                    .values((
                        cursors::instance_id.eq(cursor.instance.0),
                        cursors::lane.eq(cursor.lane.number()),
                        cursors::seq.eq(cursor.seq),
                    ))
                    .on_conflict((cursors::instance_id, cursors::lane))
                    .do_update()
                    .set(cursors::seq.eq(cursor.seq));
                Steady(upsert).execute(c)?;
            }
        }
    }
    Ok(())
}

/// Moves the cursors of servers forward that have been told everything up to a place; makes none.
pub(crate) fn advance_cursors(db: &mut Db, idle: &[InstanceId], lane: Lane, seq: i64) -> Res<()> {
    for some in idle.chunks(500) {
        let some: Vec<i64> = some.iter().map(|instance| instance.0).collect();
        diesel::update(cursors::table)
            .filter(
                cursors::instance_id
                    .eq_any(some)
                    .and(cursors::lane.eq(lane.number())),
            )
            .filter(cursors::seq.lt(seq))
            .set(cursors::seq.eq(seq))
            .execute(db)?;
    }
    Ok(())
}

/// The lowest cursor of the servers that are not parked; `None` if there is none.
pub(crate) fn find_lowest_cursor(db: &mut Db) -> Res<Option<i64>> {
    Ok(cursors::table
        .inner_join(instances::table.on(instances::id.eq(cursors::instance_id)))
        .filter(instances::state.ne("dormant"))
        .select(diesel::dsl::min(cursors::seq))
        .first(db)?)
}

/// Notes an entry that a server would not take.
pub(crate) fn insert_dead_letter(
    db: &mut Db,
    instance: InstanceId,
    seq: i64,
    inbox: &str,
    attempts: i32,
    error: &str,
    now: Ts,
) -> Res<()> {
    Both(
        diesel::insert_into(dead_letters::table)
            .values((
                dead_letters::instance_id.eq(instance.0),
                dead_letters::seq.eq(seq),
                dead_letters::inbox.eq(inbox),
                dead_letters::attempts.eq(attempts),
                dead_letters::error.eq(error),
                dead_letters::at.eq(now.0),
            ))
            .on_conflict_do_nothing(),
    )
    .execute(db)?;
    Ok(())
}

/// Forgets what was given up on before a moment, some at a time; how much it was.
pub(crate) fn delete_dead_letters_before(db: &mut Db, before: Ts, limit: u32) -> Res<usize> {
    let old: Vec<(i64, i64, String)> = dead_letters::table
        .filter(dead_letters::at.lt(before.0))
        .limit(i64::from(limit))
        .select((
            dead_letters::instance_id,
            dead_letters::seq,
            dead_letters::inbox,
        ))
        .load(db)?;
    for (instance, seq, inbox) in &old {
        diesel::delete(dead_letters::table.find((instance, seq, inbox))).execute(db)?;
    }
    Ok(old.len())
}

/// Whether a server would not take the entry with this uuid.
pub(crate) fn was_given_up(db: &mut Db, instance: InstanceId, uuid: &str) -> Res<bool> {
    let seq: Option<Option<i64>> = outbox::table
        .filter(outbox::uuid.eq(uuid))
        .select(outbox::seq)
        .first(db)
        .optional()?;
    let Some(seq) = seq.flatten() else {
        return Ok(false);
    };
    let given_up = dead_letters::table
        .filter(dead_letters::instance_id.eq(instance.0))
        .filter(dead_letters::seq.eq(seq));
    Ok(diesel::select(diesel::dsl::exists(given_up)).get_result(db)?)
}

/// How many entries were given up on.
pub(crate) fn count_dead_letters(db: &mut Db) -> Res<i64> {
    Ok(dead_letters::table.count().get_result(db)?)
}

/// How many entries of one server were given up on, and why the last of them was.
pub(crate) fn given_up_of(db: &mut Db, instance: InstanceId) -> Res<(i64, Option<String>)> {
    let of = || dead_letters::table.filter(dead_letters::instance_id.eq(instance.0));
    let last = of()
        .order(dead_letters::seq.desc())
        .select(dead_letters::error)
        .first(db)
        .optional()?;
    Ok((of().count().get_result(db)?, last))
}

/// Up to where a server was told everything; `None`: it was never told anything.
pub(crate) fn find_cursor_of(db: &mut Db, instance: InstanceId) -> Res<Option<i64>> {
    Ok(cursors::table
        .filter(cursors::instance_id.eq(instance.0))
        .select(diesel::dsl::min(cursors::seq))
        .first(db)?)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::store::testing::db_test;

    db_test!(cursors_are_made_and_moved_together, |store| {
        let cursor = |instance, lane, seq| DeliveryCursor {
            instance: InstanceId(instance),
            lane,
            seq,
        };
        let [first, second] = Lane::ALL;
        let kept = store.write(move |db| {
            set_cursors(db, &[])?;
            set_cursors(db, &[cursor(1, first, 5), cursor(1, second, 6)])?;
            set_cursors(db, &[cursor(2, first, 3), cursor(1, first, 9)])?;
            let idle = [InstanceId(1), InstanceId(2), InstanceId(3)];
            advance_cursors(db, &idle, first, 7)?;
            list_cursors(db)
        });
        let kept: BTreeSet<(i64, i16, i64)> = kept
            .await
            .unwrap()
            .iter()
            .map(|kept| (kept.instance.0, kept.lane.number(), kept.seq))
            .collect();
        let (first, second) = (first.number(), second.number());
        let expected = [(1, first, 9), (1, second, 6), (2, first, 7)];
        assert_eq!(kept, BTreeSet::from(expected));
    });
}
