//! Fresh databases for tests: a temporary SQLite file, or a database of its own on the server
//! that `TEST_DATABASE_URL` names.

use diesel::Connection;
use diesel::connection::SimpleConnection;

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex};

use super::{Address, Db, Options, Res, Store};

/// A migrated database that goes away with this value.
pub(crate) struct TestStore {
    /// The store.
    pub(crate) store: Store,
    dropped: Option<(String, String)>,
    _dir: tempfile::TempDir,
}

/// A fresh SQLite store.
pub(crate) fn sqlite() -> TestStore {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let address = Address::Sqlite(dir.path().join("test.db"));
    let options = Options {
        connections: 4,
        durable: false,
        ..Options::default()
    };
    let store = Store::open(&address, &options, true).expect("a fresh store");
    TestStore {
        store,
        dropped: None,
        _dir: dir,
    }
}

/// A fresh PostgreSQL store; `None` (with a message) where no server is named.
pub(crate) fn postgres() -> Option<TestStore> {
    #[expect(
        clippy::disallowed_methods,
        reason = "tests learn of their server by environment"
    )]
    let Ok(server) = std::env::var("TEST_DATABASE_URL") else {
        eprintln!("skipped on PostgreSQL: TEST_DATABASE_URL is not set");
        return None;
    };
    let name = format!(
        "guildhall_{}",
        crate::crypto::token::uuid().replace('-', "")
    );
    let mut admin = diesel::PgConnection::establish(&server).expect("the test server answers");
    admin
        .batch_execute(&format!("CREATE DATABASE {name}"))
        .expect("a fresh database");
    let (base, _) = server.rsplit_once('/').expect("a database in the address");
    let address = Address::Postgres(format!("{base}/{name}"));
    let options = Options {
        connections: 4,
        ..Options::default()
    };
    let store = Store::open(&address, &options, true).expect("a fresh store");
    let dir = tempfile::tempdir().expect("a temporary directory");
    Some(TestStore {
        store,
        dropped: Some((server, name)),
        _dir: dir,
    })
}

impl Drop for TestStore {
    fn drop(&mut self) {
        if let Some((server, name)) = self.dropped.take() {
            let mut admin = diesel::PgConnection::establish(&server).expect("the server answers");
            let sql = format!("DROP DATABASE {name} WITH (FORCE)");
            admin
                .batch_execute(&sql)
                .expect("the test database goes away");
        }
    }
}

/// Takes the tables of people and posts away, so that reading them fails as it does where the
/// database is away.
pub(crate) fn lose(db: &mut Db) -> Res<()> {
    let sql =
        "ALTER TABLE accounts RENAME TO lost_accounts; ALTER TABLE posts RENAME TO lost_posts;";
    Ok(db.batch_execute(sql)?)
}

/// Counts what runs on all connections to a database.
pub(super) fn counter(address: &Address) -> Arc<AtomicUsize> {
    static COUNTERS: LazyLock<Mutex<HashMap<String, Arc<AtomicUsize>>>> =
        LazyLock::new(Mutex::default);
    let mut counters = COUNTERS.lock().expect("nobody panics here");
    Arc::clone(counters.entry(format!("{address:?}")).or_default())
}

/// Counts what runs on a connection.
pub(super) fn count_all(db: &mut Db, count: &Arc<AtomicUsize>) {
    use diesel::connection::InstrumentationEvent;
    let counter = Arc::clone(count);
    db.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if matches!(event, InstrumentationEvent::StartQuery { .. }) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    });
}

/// How many statements `f` runs.
pub(crate) fn count_queries(db: &mut Db, f: impl FnOnce(&mut Db)) -> usize {
    use diesel::connection::InstrumentationEvent;
    let count = Arc::default();
    count_all(db, &count);
    f(db);
    db.set_instrumentation(|_: InstrumentationEvent<'_>| {});
    count.load(Ordering::Relaxed)
}

/// Makes one test of a body into two: `name::sqlite` and `name::postgres`.
///
/// The body is an async function of `TestStore`'s store.
macro_rules! db_test {
    ($name:ident, |$store:ident| $body:expr) => {
        mod $name {
            use super::*;

            async fn body($store: $crate::store::Store) {
                $body
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let test = $crate::store::testing::sqlite();
                body(test.store.clone()).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(test) = $crate::store::testing::postgres() {
                    body(test.store.clone()).await;
                }
            }
        }
    };
}
pub(crate) use db_test;
