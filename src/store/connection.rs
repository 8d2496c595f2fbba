//! Connections: where the data lives, how each database is opened, and the atomic unit of work.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::PathBuf;
use std::time::Duration;

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::prelude::*;
use diesel::r2d2::{ManageConnection, Pool, PooledConnection};
use diesel::sql_types::BigInt;
use diesel::{PgConnection, SqliteConnection};

use super::{Options, Res, StoreError};

/// One connection to either database; diesel's queries run on it as they are.
#[derive(diesel::MultiConnection)]
pub(crate) enum Db {
    /// PostgreSQL.
    Pg(PgConnection),
    /// The bundled SQLite.
    Sqlite(SqliteConnection),
}

/// Where the data lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Address {
    /// A file.
    Sqlite(PathBuf),
    /// `postgres://...`
    Postgres(String),
}

type Manual = AnsiTransactionManager;
type OfDb = <Db as Connection>::TransactionManager;

impl Db {
    /// Runs `f` as one atomic unit; a savepoint when nested. Rolls back on error and on panic.
    ///
    /// On SQLite the outermost one takes the write lock at once: a deferred transaction that
    /// upgrades later fails under contention without waiting (storage.md 5).
    pub(crate) fn write<T, E: From<StoreError>>(
        &mut self,
        f: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        let begin = match self {
            Self::Pg(_) => "BEGIN",
            Self::Sqlite(_) => "BEGIN IMMEDIATE",
        };
        self.unit(begin, f)
    }

    /// Runs `f` in one snapshot in which nothing may be changed.
    pub(crate) fn snapshot<T, E: From<StoreError>>(
        &mut self,
        f: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        let begin = match self {
            Self::Pg(_) => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            Self::Sqlite(_) => "BEGIN DEFERRED",
        };
        self.unit(begin, f)
    }

    fn unit<T, E: From<StoreError>>(
        &mut self,
        begin: &str,
        f: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        let nested = self.depth()?.is_some();
        let begun = match &mut *self {
            db if nested => OfDb::begin_transaction(db),
            Self::Pg(c) => Manual::begin_transaction_sql(c, begin),
            Self::Sqlite(c) => Manual::begin_transaction_sql(c, begin),
        };
        begun.map_err(|e| E::from(e.into()))?;
        match catch_unwind(AssertUnwindSafe(|| f(&mut *self))) {
            Ok(Ok(value)) => {
                OfDb::commit_transaction(self).map_err(|e| E::from(e.into()))?;
                Ok(value)
            }
            Ok(Err(error)) => {
                self.roll_back();
                Err(error)
            }
            Err(panic) => {
                self.roll_back();
                resume_unwind(panic)
            }
        }
    }

    fn depth(&mut self) -> Res<Option<std::num::NonZeroU32>> {
        let status = match self {
            Self::Pg(c) => Manual::transaction_manager_status_mut(c),
            Self::Sqlite(c) => Manual::transaction_manager_status_mut(c),
        };
        Ok(status.transaction_depth()?)
    }

    fn roll_back(&mut self) {
        if let Err(error) = OfDb::rollback_transaction(self) {
            tracing::error!(%error, "a transaction could not be rolled back");
        }
    }
}

/// Opens the connection that migrates, and on SQLite is the only one that writes.
pub(super) fn open_writer(address: &Address, options: &Options) -> Res<Db> {
    let mut db = connect(address, options)?;
    if let Db::Sqlite(c) = &mut db {
        c.batch_execute(&format!(
            "PRAGMA wal_autocheckpoint=4000; PRAGMA journal_size_limit=67108864; \
                 PRAGMA cache_size=-{};",
            options.cache / 1024,
        ))?;
    }
    Ok(db)
}

/// Threads that write on PostgreSQL.
const WRITERS: u32 = 2;

/// The pool that reads; on PostgreSQL its writers have their connections from it as well.
pub(super) fn pool(address: &Address, options: &Options) -> Res<Pool<Manager>> {
    let manager = Manager {
        address: address.clone(),
        options: options.clone(),
    };
    let writers = match address {
        Address::Sqlite(_) => 0,
        Address::Postgres(_) => WRITERS,
    };
    Pool::builder()
        .max_size(options.connections + writers)
        .min_idle(Some(1))
        .test_on_check_out(false)
        .connection_timeout(Duration::from_secs(5))
        .build(manager)
        .map_err(StoreError::Pool)
}

/// How long it is waited for an open connection before one more is opened.
const MOMENT: Duration = Duration::from_millis(2);

/// A connection of the pool for a short while. A burst of looks shares the few that are open: each
/// one more costs memory here, and a process at PostgreSQL.
pub(super) fn take(pool: &Pool<Manager>) -> Res<PooledConnection<Manager>> {
    let idle = pool.try_get().or_else(|| {
        std::thread::sleep(MOMENT);
        pool.try_get()
    });
    match idle {
        Some(idle) => Ok(idle),
        None => pool.get().map_err(StoreError::Pool),
    }
}

// SQLite gathers no statistics here (ANALYZE, PRAGMA optimize): those of a young hub made it read all
// of a table that had grown since. Without them it takes the indexes, which is what they are for.

fn connect(address: &Address, options: &Options) -> Res<Db> {
    #[cfg_attr(not(test), expect(unused_mut, reason = "tests listen to it"))]
    let mut db = establish(address, options)?;
    #[cfg(test)]
    super::testing::count_all(&mut db, &super::testing::counter(address));
    Ok(db)
}

fn establish(address: &Address, options: &Options) -> Res<Db> {
    match address {
        Address::Sqlite(path) => {
            if let Some(parent) = path.parent() {
                private_folder(parent).map_err(|e| {
                    StoreError::Connect(format!("cannot create {}: {e}", parent.display()))
                })?;
            }
            let mut c = SqliteConnection::establish(&path.to_string_lossy())
                .map_err(|e| StoreError::Connect(format!("{}: {e}", path.display())))?;
            c.batch_execute("PRAGMA busy_timeout=10000;")?;
            refuse_foreign(&mut c, path)?;
            c.batch_execute("PRAGMA journal_mode=WAL;")?;
            c.batch_execute(&format!(
                "PRAGMA synchronous={}; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; \
                 PRAGMA cache_size=-{};",
                if options.durable { "FULL" } else { "NORMAL" },
                options.cache / 4096,
            ))?;
            Ok(Db::Sqlite(c))
        }
        Address::Postgres(url) => {
            let mut c =
                PgConnection::establish(url).map_err(|e| StoreError::Connect(one_line(&e)))?;
            c.batch_execute(
                "SET application_name='guildhall'; SET statement_timeout='30s'; \
                 SET lock_timeout='10s'; SET idle_in_transaction_session_timeout='30s'; \
                 SET timezone='UTC';",
            )?;
            Ok(Db::Pg(c))
        }
    }
}

#[derive(QueryableByName)]
struct Tables {
    #[diesel(sql_type = BigInt)]
    tables: i64,
    #[diesel(sql_type = BigInt)]
    ours: i64,
}

/// Refuses the file of another program before anything in it is changed: one with tables and without
/// the one in which migrations are noted.
fn refuse_foreign(c: &mut SqliteConnection, path: &std::path::Path) -> Res<()> {
    let found: Tables = diesel::sql_query(
        "SELECT count(*) AS tables, \
         count(CASE WHEN name = '__diesel_schema_migrations' THEN 1 END) AS ours \
         FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    )
    .get_result(c)?;
    if found.tables == 0 || found.ours > 0 {
        return Ok(());
    }
    Err(StoreError::Schema(format!(
        "{} is a database of another program: it has tables, and none of them is Guildhall's. \
         Nothing in it was changed. Please set database.url to another file.",
        path.display()
    )))
}

/// Makes a folder that nobody else on the machine can look into: keys and addresses lie there.
fn private_folder(path: &std::path::Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    if path.as_os_str().is_empty() {
        return Ok(());
    }
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
}

/// Opens connections for the pool by the scheme of the address (the derive would try each in turn).
#[derive(Debug)]
pub(crate) struct Manager {
    address: Address,
    options: Options,
}

impl ManageConnection for Manager {
    type Connection = Db;
    type Error = PoolFault;

    fn connect(&self) -> Result<Db, PoolFault> {
        let mut db = connect(&self.address, &self.options).map_err(PoolFault)?;
        if let Db::Sqlite(c) = &mut db {
            c.batch_execute("PRAGMA query_only=ON;")
                .map_err(|e| PoolFault(e.into()))?;
        }
        Ok(db)
    }

    fn is_valid(&self, db: &mut Db) -> Result<(), PoolFault> {
        db.batch_execute("SELECT 1")
            .map_err(|e| PoolFault(e.into()))
    }

    fn has_broken(&self, db: &mut Db) -> bool {
        std::thread::panicking() || !matches!(db.depth(), Ok(None))
    }
}

/// Why the pool could not open a connection.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub(crate) struct PoolFault(StoreError);

/// What PostgreSQL says of each address that it tried, in one sentence.
fn one_line(error: &impl std::fmt::Display) -> String {
    let text = error.to_string();
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_database_of_another_program_stays_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("recipes.db");
        let mut theirs = SqliteConnection::establish(&path.to_string_lossy()).unwrap();
        theirs
            .batch_execute("CREATE TABLE recipes (name TEXT); INSERT INTO recipes VALUES ('tea');")
            .unwrap();
        drop(theirs);
        let before = std::fs::read(&path).unwrap();
        let address = Address::Sqlite(path.clone());
        for migrate in [true, false] {
            let refused = crate::store::Store::open(&address, &Options::default(), migrate);
            let why = refused.err().map(|error| error.to_string());
            let why = why.unwrap_or_default();
            assert!(why.contains("another program"), "{why}");
        }
        assert_eq!(std::fs::read(&path).unwrap(), before);
        let files = std::fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(files, 1, "nothing beside it");
    }

    #[test]
    fn what_postgresql_says_in_two_lines_is_one_sentence() {
        let said = "connection to server at \"db\" failed: refused\n\tIs the server running?\n";
        assert_eq!(
            one_line(&said),
            "connection to server at \"db\" failed: refused; Is the server running?"
        );
    }
}
