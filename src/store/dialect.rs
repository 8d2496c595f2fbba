//! Everything that the two databases do differently, and the tools that hide what they do alike.

use diesel::backend::Backend;
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::QueryResult;
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
/// journey of its own. Not for lists of any length.
pub(super) struct Steady<Q>(pub(super) Q);

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

/// `condition.or(of_each_row())` is asked of each row that is looked at. A bare `NOT EXISTS` becomes a join
/// of which PostgreSQL thinks that it leaves one row, so it reads and sorts a whole list for its first page.
pub(super) fn of_each_row() -> diesel::expression::SqlLiteral<diesel::sql_types::Bool> {
    diesel::dsl::sql("FALSE")
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
