//! A database of its own for every hub that is started: a file, or one on the server that
//! `TEST_DATABASE_URL` names.

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};

/// Which of the two databases a hub keeps its things in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A file in the data directory.
    Sqlite,
    /// A fresh database on the server of `TEST_DATABASE_URL`.
    Postgres,
}

/// The server on which databases may be made, if one was named.
pub(crate) fn server() -> Option<String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "outside the crate the environment is read where it is needed"
    )]
    std::env::var("TEST_DATABASE_URL")
        .ok()
        .filter(|url| !url.is_empty())
}

/// One database; a PostgreSQL database goes away with this value.
pub(crate) struct Database {
    /// What `database.url` is set to; empty for SQLite.
    pub(crate) url: String,
    dropped: Option<(String, String)>,
}

impl Database {
    /// A fresh one. `name` has to be new on the server.
    pub(crate) fn new(kind: Kind, name: &str) -> Self {
        if kind == Kind::Sqlite {
            return Self {
                url: String::new(),
                dropped: None,
            };
        }
        let server = server().expect("TEST_DATABASE_URL names a server");
        let mut admin = PgConnection::establish(&server).expect("the database server answers");
        admin
            .batch_execute(&format!("CREATE DATABASE {name}"))
            .expect("a fresh database");
        let (base, _) = server
            .rsplit_once('/')
            .expect("the address names a database");
        Self {
            url: format!("{base}/{name}"),
            dropped: Some((server.clone(), name.to_owned())),
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let Some((server, name)) = self.dropped.take() else {
            return;
        };
        let sql = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        // In a failing test this must not hide why it failed.
        drop(PgConnection::establish(&server).map(|mut admin| admin.batch_execute(&sql)));
    }
}
