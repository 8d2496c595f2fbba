//! The digests of activities that had their effect: how repetitions are told.

use std::collections::{BTreeMap, HashSet};

use diesel::prelude::*;

use super::dialect::{ROWS, Steady, on_db};
use super::schema::seen;
use super::{Db, Res, late};
use crate::domain::clock::Ts;

/// Notes a digest, in the transaction of the effect; `false` if it was noted before.
pub(crate) fn insert(db: &mut Db, digest: &[u8], now: Ts) -> Res<bool> {
    let mut new = false;
    let left = late::leave((), |late, ()| {
        new = late.seen.insert(digest.to_vec(), now.0).is_none();
    });
    match left {
        Some(()) => Ok(insert_one(db, digest, now)? > 0),
        None => Ok(new),
    }
}

/// Notes many; how many were not noted before.
pub(super) fn insert_all(db: &mut Db, digests: &BTreeMap<Vec<u8>, i64>) -> Res<usize> {
    if let Db::Pg(c) = db
        && digests.len() > 1
    {
        let row =
            |(digest, at): (&Vec<u8>, &i64)| (seen::digest.eq(digest.clone()), seen::at.eq(*at));
        let rows: Vec<_> = digests.iter().map(row).collect();
        let insert = |part| {
            let insert = diesel::insert_into(seen::table).values(part);
            Steady(insert.on_conflict_do_nothing()).execute(c)
        };
        return Ok(rows.chunks(ROWS).map(insert).sum::<Result<_, _>>()?);
    }
    let one = |(digest, at): (&Vec<u8>, &i64)| insert_one(db, digest, Ts(*at));
    digests.iter().map(one).sum()
}

fn insert_one(db: &mut Db, digest: &[u8], now: Ts) -> Res<usize> {
    let insert = diesel::insert_into(seen::table)
        .values((seen::digest.eq(digest), seen::at.eq(now.0)))
        .on_conflict_do_nothing();
    Ok(on_db!(db, |c| insert.execute(c))?)
}

/// Whether a digest was noted.
pub(crate) fn contains(db: &mut Db, digest: &[u8]) -> Res<bool> {
    let contained = diesel::select(diesel::dsl::exists(seen::table.find(digest)));
    Ok(on_db!(db, |c| contained.get_result(c))?)
}

/// Those of these digests that were noted.
pub(crate) fn list_contained(db: &mut Db, digests: &[&[u8]]) -> Res<HashSet<Vec<u8>>> {
    let noted: Vec<Vec<u8>> = on_db!(db, |c| seen::table
        .filter(seen::digest.eq_any(digests))
        .select(seen::digest)
        .load(c))?;
    Ok(noted.into_iter().collect())
}

/// Forgets digests that were noted before a moment, some at a time; how many they were.
pub(crate) fn delete_before(db: &mut Db, before: Ts, limit: u32) -> Res<usize> {
    let old: Vec<Vec<u8>> = seen::table
        .filter(seen::at.lt(before.0))
        .limit(i64::from(limit))
        .select(seen::digest)
        .load(db)?;
    for some in old.chunks(500) {
        diesel::delete(seen::table.filter(seen::digest.eq_any(some.to_vec()))).execute(db)?;
    }
    Ok(old.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::testing::db_test;

    db_test!(an_activity_is_new_once_until_it_is_forgotten, |store| {
        let seen = store
            .write(|db| {
                let first = insert(db, b"one", Ts(5))?;
                let again = insert(db, b"one", Ts(6))?;
                insert(db, b"two", Ts(7))?;
                let forgotten = delete_before(db, Ts(6), 10)?;
                let left = (contains(db, b"one")?, contains(db, b"two")?);
                Ok::<_, crate::store::StoreError>((first, again, forgotten, left))
            })
            .await
            .unwrap();
        assert_eq!(seen, (true, false, 1, (false, true)));
    });
}
