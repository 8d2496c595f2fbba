//! Received activities between their acceptance and their effect.

use std::collections::{BTreeMap, HashSet};

use diesel::dsl::{exists, not};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Bool, Text};

use super::dialect::{ROWS, Steady, on_db};
use super::schema::{inbox, seen as noted};
use super::{Db, Res, late, seen};
use crate::domain::clock::Ts;

/// An activity as it came in, verified but not yet looked into.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_field_names,
    reason = "the moment is named as the column is"
)]
pub(crate) struct Received {
    /// The row; ids increase with arrival.
    pub(crate) id: i64,
    /// The digest of the activity's id, by which repetitions are known.
    pub(crate) digest: Vec<u8>,
    /// The activity's id.
    pub(crate) uri: String,
    /// Who sent it: the signer.
    pub(crate) actor_uri: String,
    /// The exact text.
    pub(crate) body: String,
    /// Whether the signature proves it; otherwise it has to be fetched from its origin.
    pub(crate) trusted: bool,
    /// When it came.
    pub(crate) received_at: Ts,
    /// How often it was tried before.
    pub(crate) attempts: i32,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = inbox)]
struct ReceivedRow {
    id: i64,
    digest: Vec<u8>,
    uri: String,
    actor_uri: String,
    body: String,
    trusted: bool,
    received_at: i64,
    attempts: i32,
}

impl From<ReceivedRow> for Received {
    fn from(row: ReceivedRow) -> Self {
        Self {
            id: row.id,
            digest: row.digest,
            uri: row.uri,
            actor_uri: row.actor_uri,
            body: row.body,
            trusted: row.trusted,
            received_at: Ts(row.received_at),
            attempts: row.attempts,
        }
    }
}

/// Keeps a received activity, unless one with this digest waits already or was dealt with.
pub(crate) fn insert(db: &mut Db, received: &Received) -> Res<()> {
    let left = late::leave(received, |late, received| {
        let known = late.inbox.entry(received.digest.clone());
        known.or_insert_with(|| received.clone());
    });
    match left {
        Some(received) => insert_one(db, received),
        None => Ok(()),
    }
}

/// Keeps many.
pub(super) fn insert_all(db: &mut Db, received: &BTreeMap<Vec<u8>, Received>) -> Res<()> {
    if received.len() < 2 || matches!(db, Db::Sqlite(_)) {
        return received.values().try_for_each(|one| insert_one(db, one));
    }
    let digests: Vec<&[u8]> = received.keys().map(Vec::as_slice).collect();
    let dealt_with = seen::list_contained(db, &digests)?;
    let new = received
        .values()
        .filter(|one| !dealt_with.contains(&one.digest));
    let row = |one: &Received| {
        (
            inbox::id.eq(one.id),
            inbox::digest.eq(one.digest.clone()),
            inbox::uri.eq(one.uri.clone()),
            inbox::actor_uri.eq(one.actor_uri.clone()),
            inbox::body.eq(one.body.clone()),
            inbox::trusted.eq(one.trusted),
            inbox::received_at.eq(one.received_at.0),
            inbox::next_at.eq(one.received_at.0),
        )
    };
    let Db::Pg(c) = db else { return Ok(()) };
    let rows: Vec<_> = new.map(row).collect();
    for part in rows.chunks(ROWS) {
        let insert = diesel::insert_into(inbox::table).values(part);
        Steady(insert.on_conflict(inbox::digest).do_nothing()).execute(c)?;
    }
    Ok(())
}

fn insert_one(db: &mut Db, received: &Received) -> Res<()> {
    let dealt_with = noted::table.find(&received.digest);
    let new = diesel::select((
        received.id.into_sql::<BigInt>(),
        (&received.digest).into_sql::<Binary>(),
        (&received.uri).into_sql::<Text>(),
        (&received.actor_uri).into_sql::<Text>(),
        (&received.body).into_sql::<Text>(),
        received.trusted.into_sql::<Bool>(),
        received.received_at.0.into_sql::<BigInt>(),
        received.received_at.0.into_sql::<BigInt>(),
    ))
    .filter(not(exists(dealt_with)));
    let insert = new
        .insert_into(inbox::table)
        .into_columns((
            inbox::id,
            inbox::digest,
            inbox::uri,
            inbox::actor_uri,
            inbox::body,
            inbox::trusted,
            inbox::received_at,
            inbox::next_at,
        ))
        .on_conflict(inbox::digest)
        .do_nothing();
    on_db!(db, |c| insert.execute(c))?;
    Ok(())
}

/// How many activities are due, `limit` at most, but for those of some senders; and, in the order of
/// their arrival, those of them that are not held already.
pub(crate) fn list_due(
    db: &mut Db,
    now: Ts,
    limit: u32,
    but_of: &[String],
    held: &HashSet<i64>,
) -> Res<(usize, Vec<Received>)> {
    let mut query = inbox::table
        .filter(inbox::next_at.le(now.0))
        .order((inbox::next_at, inbox::id))
        .limit(i64::from(limit))
        .select(inbox::id)
        .into_boxed();
    if !but_of.is_empty() {
        query = query.filter(inbox::actor_uri.ne_all(but_of.to_vec()));
    }
    let mut due: Vec<i64> = query.load(db)?;
    let all = due.len();
    due.retain(|id| !held.contains(id));
    if due.is_empty() {
        return Ok((all, Vec::new()));
    }
    // The texts may be long, so those that are held are not read again.
    let rows: Vec<ReceivedRow> = on_db!(db, |c| inbox::table
        .filter(inbox::id.eq_any(&due))
        .order((inbox::next_at, inbox::id))
        .select(ReceivedRow::as_select())
        .load(c))?;
    Ok((all, rows.into_iter().map(Received::from).collect()))
}

/// All that is due, as far as a test needs it.
#[cfg(test)]
pub(crate) fn list_all_due(db: &mut Db, now: Ts) -> Res<Vec<Received>> {
    Ok(list_due(db, now, 100, &[], &HashSet::new())?.1)
}

/// Drops activities that are done with.
pub(crate) fn delete(db: &mut Db, ids: &[i64]) -> Res<()> {
    // A list of any length is prepared anew each time; a single row is the rule.
    if let [id] = ids {
        on_db!(db, |c| diesel::delete(inbox::table.find(*id)).execute(c))?;
        return Ok(());
    }
    for some in ids.chunks(500) {
        diesel::delete(inbox::table.filter(inbox::id.eq_any(some.to_vec()))).execute(db)?;
    }
    Ok(())
}

/// Puts an activity off that could not be dealt with yet.
pub(crate) fn set_failed(db: &mut Db, id: i64, attempts: i32, next_at: Ts, error: &str) -> Res<()> {
    diesel::update(inbox::table.find(id))
        .set((
            inbox::attempts.eq(attempts),
            inbox::next_at.eq(next_at.0),
            inbox::error.eq(Some(error)),
        ))
        .execute(db)?;
    Ok(())
}

/// When something is due that waits for an operator.
pub(crate) const PARKED: Ts = Ts(i64::MAX);

/// An activity that could not be dealt with in all its tries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Parked {
    /// The row.
    pub(crate) id: i64,
    /// The activity's id.
    pub(crate) uri: String,
    /// Who sent it.
    pub(crate) actor_uri: String,
    /// When it came.
    pub(crate) received_at: Ts,
    /// How often it was tried.
    pub(crate) attempts: i32,
    /// What stood in the way the last time.
    pub(crate) error: String,
}

/// What is parked, the oldest first.
pub(crate) fn list_parked(db: &mut Db, limit: u32) -> Res<Vec<Parked>> {
    type Row = (i64, String, String, i64, i32, Option<String>);
    let rows: Vec<Row> = inbox::table
        .filter(inbox::next_at.eq(PARKED.0))
        .order(inbox::id)
        .limit(i64::from(limit))
        .select((
            inbox::id,
            inbox::uri,
            inbox::actor_uri,
            inbox::received_at,
            inbox::attempts,
            inbox::error,
        ))
        .load(db)?;
    let parked = |(id, uri, actor_uri, received_at, attempts, error): Row| Parked {
        id,
        uri,
        actor_uri,
        received_at: Ts(received_at),
        attempts,
        error: error.unwrap_or_default(),
    };
    Ok(rows.into_iter().map(parked).collect())
}

/// Makes one parked activity due, or all of them; how many they were.
pub(crate) fn unpark(db: &mut Db, id: Option<i64>, now: Ts) -> Res<usize> {
    let due = (inbox::attempts.eq(0), inbox::next_at.eq(now.0));
    let parked = inbox::table.filter(inbox::next_at.eq(PARKED.0));
    Ok(match id {
        Some(id) => diesel::update(parked.filter(inbox::id.eq(id)))
            .set(due)
            .execute(db)?,
        None => diesel::update(parked).set(due).execute(db)?,
    })
}

/// Drops one parked activity, or all of them; how many they were.
pub(crate) fn delete_parked(db: &mut Db, id: Option<i64>) -> Res<usize> {
    let parked = inbox::table.filter(inbox::next_at.eq(PARKED.0));
    Ok(match id {
        Some(id) => diesel::delete(parked.filter(inbox::id.eq(id))).execute(db)?,
        None => diesel::delete(parked).execute(db)?,
    })
}

/// Drops what came before a moment and is parked, some at a time; how many they were.
pub(crate) fn delete_parked_before(db: &mut Db, before: Ts, limit: u32) -> Res<usize> {
    let old: Vec<i64> = inbox::table
        .filter(inbox::next_at.eq(PARKED.0))
        .filter(inbox::received_at.lt(before.0))
        .limit(i64::from(limit))
        .select(inbox::id)
        .load(db)?;
    delete(db, &old)?;
    Ok(old.len())
}

/// How many activities wait.
pub(crate) fn count(db: &mut Db) -> Res<i64> {
    Ok(inbox::table.count().get_result(db)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::testing::db_test;

    pub(crate) fn received(id: i64, actor: &str) -> Received {
        Received {
            id,
            digest: vec![u8::try_from(id).unwrap()],
            uri: format!("https://peer.example/activity/{id}"),
            actor_uri: actor.to_owned(),
            body: "{}".to_owned(),
            trusted: true,
            received_at: Ts(id),
            attempts: 0,
        }
    }

    db_test!(a_repeated_activity_is_kept_once, |store| {
        let (first, mut again) = (received(1, "a"), received(2, "a"));
        again.digest.clone_from(&first.digest);
        let (mut done, other) = (received(3, "a"), received(4, "a"));
        done.digest = b"done".to_vec();
        let crowd = [first, again, done.clone(), other];
        let kept = store.write(move |db| {
            seen::insert(db, &done.digest, Ts(1))?;
            crowd.iter().try_for_each(|one| insert(db, one))
        });
        kept.await.unwrap();
        assert_eq!(store.read(count).await.unwrap(), 2);
    });

    db_test!(a_crowd_is_kept_once_as_well, |store| {
        let mut crowd: BTreeMap<_, _> = (1..=4)
            .map(|id| received(id, "a"))
            .map(|one| (one.digest.clone(), one))
            .collect();
        let kept = store.write(move |db| {
            seen::insert(db, &[1], Ts(1))?;
            insert(db, &received(2, "b"))?;
            insert_all(db, &crowd)?;
            crowd.retain(|digest, _| digest != &[4]);
            insert_all(db, &crowd)
        });
        kept.await.unwrap();
        let kept = store.read(|db| list_all_due(db, Ts(9))).await.unwrap();
        let kept: Vec<_> = kept.iter().map(|one| (one.id, &*one.actor_uri)).collect();
        assert_eq!(kept, [(2, "b"), (3, "a"), (4, "a")]);
    });

    db_test!(what_is_parked_waits_for_an_operator, |store| {
        let (listed, gone) = store
            .write(|db| {
                for id in 1..=4 {
                    insert(db, &received(id, "a"))?;
                }
                for id in 1..=3 {
                    set_failed(db, id, 5, PARKED, "no use")?;
                }
                let listed = list_parked(db, 10)?;
                let gone = [
                    unpark(db, Some(1), Ts(9))?,
                    unpark(db, Some(4), Ts(9))?,
                    delete_parked(db, Some(2))?,
                    delete_parked_before(db, Ts(3), 10)?,
                    delete_parked_before(db, Ts(4), 10)?,
                    unpark(db, None, Ts(9))?,
                    delete_parked(db, None)?,
                ];
                Ok::<_, crate::store::StoreError>((listed, gone))
            })
            .await
            .unwrap();
        let errors: Vec<_> = listed.iter().map(|row| (row.id, &*row.error)).collect();
        assert_eq!(errors, [(1, "no use"), (2, "no use"), (3, "no use")]);
        assert_eq!(gone, [1, 0, 1, 0, 1, 0, 0]);
        let due = store.read(|db| list_all_due(db, Ts(9))).await.unwrap();
        let due: Vec<_> = due.iter().map(|row| (row.id, row.attempts)).collect();
        assert_eq!(due, [(4, 0), (1, 0)]);
    });

    db_test!(
        what_is_due_comes_in_order_and_without_the_senders_left_out,
        |store| {
            let due = store
                .write(|db| {
                    for (id, actor) in [(3, "b"), (1, "a"), (2, "b"), (4, "c"), (9, "a")] {
                        insert(db, &received(id, actor))?;
                    }
                    set_failed(db, 1, 1, Ts(7), "later")?;
                    delete(db, &[3])?;
                    let ids = |rows: Vec<Received>| rows.iter().map(|r| r.id).collect::<Vec<_>>();
                    let all = ids(list_all_due(db, Ts(8))?);
                    let (but_of, held) = (["c".to_owned()], HashSet::from([2]));
                    let (due, new) = list_due(db, Ts(8), 10, &but_of, &held)?;
                    Ok::<_, crate::store::StoreError>((all, due, ids(new)))
                })
                .await
                .unwrap();
            assert_eq!(due, (vec![2, 4, 1], 2, vec![1]));
        }
    );
}
