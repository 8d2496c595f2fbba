//! Everything that the two databases do differently, and the tools that hide what they do alike.

use diesel::backend::Backend;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping};
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Bool, Double, HasSqlType};
use diesel::sqlite::Sqlite;
use diesel::{Connection, RunQueryDsl};

use super::Db;

/// The backend of `Db`.
pub(super) type Multi = <Db as Connection>::Backend;

/// Runs on `Db` any statement that both concrete databases support; diesel's derive declares
/// upserts, unions and the like unsupported although both know them (storage.md 3).
pub(super) struct Both<Q>(pub(super) Q);

impl<Q: QueryId> QueryId for Both<Q> {
    type QueryId = Q::QueryId;
    const HAS_STATIC_QUERY_ID: bool = Q::HAS_STATIC_QUERY_ID;
}

impl<Q: QueryFragment<Pg> + QueryFragment<Sqlite>> QueryFragment<Multi> for Both<Q>
where
    Multi: Backend,
{
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, Multi>) -> QueryResult<()> {
        Multi::walk_variant_ast(&self.0, pass)
    }
}

impl<Q: Query> Query for Both<Q> {
    type SqlType = Q::SqlType;
}

impl<Q> RunQueryDsl<Db> for Both<Q> {}

/// A statement whose text never changes although diesel takes it for one of many, as it does every
/// update: it is prepared once for each connection instead of each time, which on PostgreSQL is a
/// journey of its own. Not for lists of any length: of rows, [`ROWS`] at once at most, of numbers, as many
/// as [`rounded`] says.
pub(super) struct Steady<Q>(pub(super) Q);

/// Numbers for `eq_any` in a [`Steady`] statement: 16, 64, 256 or more by fours, the last of them several
/// times, since on SQLite each length of a list is a statement of its own, and PostgreSQL, which takes a
/// list for one of ten, would plan anew for each shorter one. No number, no change.
pub(super) fn rounded(numbers: impl IntoIterator<Item = i64>) -> Vec<i64> {
    let mut numbers: Vec<i64> = numbers.into_iter().collect();
    let mut length = 16;
    while length < numbers.len() {
        length *= 4;
    }
    if let Some(last) = numbers.last().copied() {
        numbers.resize(length, last);
    }
    numbers
}

/// How many rows go in one statement. Each number of them is a statement of its own, prepared once: PostgreSQL
/// takes longer to read and plan a statement of many rows than to insert them.
pub(super) const ROWS: usize = 16;

impl<Q> QueryId for Steady<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<DB: Backend, Q: QueryFragment<DB>> QueryFragment<DB> for Steady<Q> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.0.walk_ast(pass)
    }

    fn is_safe_to_cache_prepared(&self, _backend: &DB) -> QueryResult<bool> {
        Ok(true)
    }
}

impl<Q: Query> Query for Steady<Q> {
    type SqlType = Q::SqlType;
}

impl<Q, C> RunQueryDsl<C> for Steady<Q> {}

/// `condition.or(OF_EACH_ROW)` is asked of each row that is looked at. A bare `NOT EXISTS` becomes a join
/// of which PostgreSQL thinks that it leaves one row, so it reads and sorts a whole list for its first page.
pub(super) const OF_EACH_ROW: Never = Never;

/// `FALSE`. In the words of diesel's `sql` it would have each statement around it prepared anew.
#[derive(Clone, Copy, Debug, QueryId, ValidGrouping)]
pub(super) struct Never;

impl Expression for Never {
    type SqlType = Bool;
}

impl<From: ?Sized> AppearsOnTable<From> for Never {}
impl<From: ?Sized> SelectableExpression<From> for Never {}

impl<DB: Backend> QueryFragment<DB> for Never {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        pass.push_sql("FALSE");
        Ok(())
    }
}

/// `(key, id) < (place)`: the rows after a place in an order, both columns downwards. Such a comparison
/// is a range of an index; the usual `a < x OR (a = x AND b < y)` is not, and hundreds of times
/// slower (storage.md 6).
#[derive(Clone, Copy, Debug, QueryId, ValidGrouping)]
pub(super) struct After<Key, Id> {
    pub(super) key: Key,
    pub(super) id: Id,
    pub(super) place: (f64, i64),
}

impl<Key: Expression, Id: Expression> Expression for After<Key, Id> {
    type SqlType = Bool;
}

impl<From: ?Sized, Key, Id> AppearsOnTable<From> for After<Key, Id>
where
    Self: Expression,
    Key: AppearsOnTable<From>,
    Id: AppearsOnTable<From>,
{
}

impl<DB, Key: QueryFragment<DB>, Id: QueryFragment<DB>> QueryFragment<DB> for After<Key, Id>
where
    DB: Backend + HasSqlType<Double> + HasSqlType<BigInt>,
    f64: ToSql<Double, DB>,
    i64: ToSql<BigInt, DB>,
{
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        pass.push_sql("(");
        self.key.walk_ast(pass.reborrow())?;
        pass.push_sql(", ");
        self.id.walk_ast(pass.reborrow())?;
        pass.push_sql(") < (");
        pass.push_bind_param::<Double, _>(&self.place.0)?;
        pass.push_sql(", ");
        pass.push_bind_param::<BigInt, _>(&self.place.1)?;
        pass.push_sql(")");
        Ok(())
    }
}

/// `key >= from`, for a list in the order of an index that ends with the key. SQLite keeps no account
/// of how many rows are so new: it would read and sort a year of them for their first page, so it must
/// not take the key for a range (`+key`) and finds it in the index that it follows.
#[derive(Clone, Copy, Debug, QueryId, ValidGrouping)]
pub(super) struct Since<Key> {
    pub(super) key: Key,
    pub(super) from: f64,
}

impl<Key: Expression> Expression for Since<Key> {
    type SqlType = Bool;
}

impl<From: ?Sized, Key> AppearsOnTable<From> for Since<Key>
where
    Self: Expression,
    Key: AppearsOnTable<From>,
{
}

impl<Key> Since<Key> {
    fn walk<'b, DB>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()>
    where
        DB: Backend + HasSqlType<Double>,
        Key: QueryFragment<DB>,
        f64: ToSql<Double, DB>,
    {
        self.key.walk_ast(pass.reborrow())?;
        pass.push_sql(" >= ");
        pass.push_bind_param::<Double, _>(&self.from)
    }
}

impl<Key: QueryFragment<Pg>> QueryFragment<Pg> for Since<Key> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.walk(pass)
    }
}

impl<Key: QueryFragment<Sqlite>> QueryFragment<Sqlite> for Since<Key> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        pass.push_sql("+");
        self.walk(pass)
    }
}

impl<Key: QueryFragment<Pg> + QueryFragment<Sqlite>> QueryFragment<Multi> for Since<Key> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, Multi>) -> QueryResult<()> {
        Multi::walk_variant_ast(self, pass)
    }
}

/// Compiles one expression for both concrete connections. For what is done most often: each of them
/// finds a prepared statement by the query's type, where `Db` has to write the SQL to look it up.
macro_rules! on_db {
    ($db:expr, |$c:ident| $body:expr) => {
        match $db {
            $crate::store::Db::Pg($c) => $body,
            $crate::store::Db::Sqlite($c) => $body,
        }
    };
}
pub(super) use on_db;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn lists_of_few_lengths_have_the_members_of_all() {
        assert!(rounded([]).is_empty());
        let mut lengths = BTreeSet::new();
        for count in 1..=1_000 {
            let mut list = rounded(0..count);
            lengths.insert(list.len());
            list.dedup();
            assert!(list.into_iter().eq(0..count), "{count}");
        }
        assert_eq!(Vec::from_iter(lengths), [16, 64, 256, 1_024]);
    }
}
