//! What can go wrong in the store, and how the rest of the house hears of it.

use diesel::result::{DatabaseErrorKind, Error as DieselError};

use crate::domain::refusal::{Kind, Refusal};

/// A failed query or transaction. "Not found" is never an error.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    /// A uniqueness rule was violated; the name is `uq__table__column` on both databases.
    #[error("not unique: {0}")]
    Unique(String),
    /// Two transactions got into each other's way; running again helps.
    #[error("a transaction has to run again")]
    Conflict,
    /// Too much to do at once; trying later helps.
    #[error("the database is overloaded")]
    Overloaded,
    /// The code that ran in the transaction panicked; nothing of it was kept.
    #[error("a transaction panicked")]
    Panic,
    /// The schema in the database does not fit this binary; the sentence says what to do.
    #[error("{0}")]
    Schema(String),
    /// What was read does not make sense.
    #[error("unreadable data: {0}")]
    Unreadable(String),
    /// No connection.
    #[error("no connection to the database: {0}")]
    Connect(String),
    /// No connection from the pool.
    #[error("no connection to the database")]
    Pool(#[source] diesel::r2d2::PoolError),
    /// Anything else the database said.
    #[error(transparent)]
    Database(DieselError),
}

impl From<DieselError> for StoreError {
    fn from(error: DieselError) -> Self {
        let DieselError::DatabaseError(kind, info) = &error else {
            return Self::Database(error);
        };
        let message = info.message();
        match kind {
            DatabaseErrorKind::UniqueViolation => Self::Unique(
                info.constraint_name()
                    .map_or_else(|| rule(message), str::to_owned),
            ),
            DatabaseErrorKind::SerializationFailure => Self::Conflict,
            _ if message.contains("deadlock detected") => Self::Conflict,
            _ if message.contains("database is locked") => Self::Overloaded,
            _ => Self::Database(error),
        }
    }
}

/// SQLite's "UNIQUE constraint failed: posts.uri" as PostgreSQL names the rule: `uq__posts__uri`.
fn rule(message: &str) -> String {
    let columns = message.rsplit("failed: ").next().unwrap_or_default();
    let mut name = String::from("uq");
    for (place, column) in columns.split(", ").enumerate() {
        let (table, column) = column.split_once('.').unwrap_or(("", column));
        if place == 0 {
            name.push_str("__");
            name.push_str(table);
        }
        name.push_str("__");
        name.push_str(column);
    }
    name
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Overloaded | StoreError::Conflict => Self::new(
                Kind::Unavailable,
                "overloaded",
                "This hub has too much to do right now. Please try again in a moment.",
            ),
            error => Self::fault(error),
        }
    }
}

impl From<DieselError> for Refusal {
    fn from(error: DieselError) -> Self {
        Self::from(StoreError::from(error))
    }
}

/// Errors that know whether running the transaction again can help.
pub(crate) trait Passing {
    /// Whether the transaction met another and should run again.
    fn is_conflict(&self) -> bool;
}

impl Passing for StoreError {
    fn is_conflict(&self) -> bool {
        matches!(self, Self::Conflict)
    }
}

impl Passing for Refusal {
    fn is_conflict(&self) -> bool {
        self.kind == Kind::Unavailable
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_databases_name_a_broken_rule_alike() {
        assert_eq!(
            rule("UNIQUE constraint failed: accounts.email"),
            "uq__accounts__email"
        );
        assert_eq!(
            rule("UNIQUE constraint failed: votes.a, votes.b"),
            "uq__votes__a__b"
        );
    }
}
