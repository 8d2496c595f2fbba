//! Migrations: embedded, ordered, one set for each database with the same names.

use diesel::connection::SimpleConnection;
use diesel::migration::{Migration as _, MigrationSource};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::connection::Address;
use super::{Db, Res, StoreError};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// The lock that lets only one of several starting processes migrate a PostgreSQL database.
const LOCK: i64 = 0x4755_494c;

/// Applies what is missing; refuses a schema that is newer than this binary.
pub(super) fn run(db: &mut Db, address: &Address) -> Res<()> {
    match db {
        Db::Pg(c) => c.batch_execute(&format!("SELECT pg_advisory_lock({LOCK})"))?,
        Db::Sqlite(c) => c.batch_execute("PRAGMA foreign_keys=OFF")?,
    }
    let result = apply(db, address);
    match db {
        Db::Pg(c) => c.batch_execute(&format!("SELECT pg_advisory_unlock({LOCK})"))?,
        Db::Sqlite(c) => c.batch_execute("PRAGMA foreign_keys=ON")?,
    }
    result
}

fn apply(db: &mut Db, address: &Address) -> Res<()> {
    let state = State::read(db)?;
    state.refuse_newer()?;
    if state.pending == 0 {
        return Ok(());
    }
    if let (Db::Sqlite(c), Address::Sqlite(path), false) = (&mut *db, address, state.is_empty) {
        let copy = path.with_extension(format!("before-{}.db", state.known_last));
        if !copy.exists() {
            let name = copy.to_string_lossy().replace('\'', "''");
            c.batch_execute(&format!("VACUUM INTO '{name}'"))?;
        }
    }
    match db {
        Db::Pg(c) => c.run_pending_migrations(POSTGRES).map(drop),
        // The lock is taken before the list is read, so that of two processes one does the work.
        Db::Sqlite(c) => c.immediate_transaction(|c| c.run_pending_migrations(SQLITE).map(drop)),
    }
    .map_err(|e| StoreError::Schema(format!("A migration failed and was undone: {e}")))
}

/// How far a database is behind this binary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Readiness {
    /// Nothing was ever applied.
    Empty,
    /// So many migrations are missing.
    Behind(usize),
    /// Nothing is missing.
    Current,
}

/// How far the database is behind; refuses one that is too new.
pub(super) fn readiness(db: &mut Db) -> Res<Readiness> {
    let state = State::read(db)?;
    state.refuse_newer()?;
    Ok(match state.pending {
        _ if state.is_empty => Readiness::Empty,
        0 => Readiness::Current,
        pending => Readiness::Behind(pending),
    })
}

/// Refuses a database whose migrations are not all applied, or one that is too new.
pub(super) fn require_current(db: &mut Db) -> Res<()> {
    let state = State::read(db)?;
    state.refuse_newer()?;
    if state.pending > 0 {
        return Err(StoreError::Schema(format!(
            "The database lacks {} migrations; run `guildhall migrate`.",
            state.pending
        )));
    }
    Ok(())
}

struct State {
    pending: usize,
    is_empty: bool,
    unknown: Option<String>,
    known_last: String,
}

impl State {
    fn read(db: &mut Db) -> Res<Self> {
        let fault = |e: Box<dyn std::error::Error + Send + Sync>| {
            StoreError::Schema(format!(
                "The migrations of the database cannot be read: {e}"
            ))
        };
        let (applied, known) = match db {
            Db::Pg(c) => (
                c.applied_migrations().map_err(fault)?,
                names(&MigrationSource::<diesel::pg::Pg>::migrations(&POSTGRES).map_err(fault)?),
            ),
            Db::Sqlite(c) => (
                c.applied_migrations().map_err(fault)?,
                names(
                    &MigrationSource::<diesel::sqlite::Sqlite>::migrations(&SQLITE)
                        .map_err(fault)?,
                ),
            ),
        };
        let applied: Vec<String> = applied.iter().map(ToString::to_string).collect();
        Ok(Self {
            pending: known.iter().filter(|name| !applied.contains(name)).count(),
            is_empty: applied.is_empty(),
            unknown: applied.iter().find(|name| !known.contains(name)).cloned(),
            known_last: known.last().cloned().unwrap_or_default(),
        })
    }

    fn refuse_newer(&self) -> Res<()> {
        match &self.unknown {
            None => Ok(()),
            Some(name) => Err(StoreError::Schema(format!(
                "The database was used by a newer Guildhall (migration {name} is unknown to this \
                 one). Start the newer version, or restore a backup made before it.",
            ))),
        }
    }
}

fn names<DB: diesel::backend::Backend>(
    migrations: &[Box<dyn diesel::migration::Migration<DB>>],
) -> Vec<String> {
    let mut names: Vec<String> = migrations
        .iter()
        .map(|m| m.name().version().to_string())
        .collect();
    names.sort();
    names
}
