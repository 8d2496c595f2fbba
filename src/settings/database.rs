//! `[database]`: SQLite in the data directory, or a PostgreSQL server.

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::types::{ByteSize, Secret, Span};

/// SQLite in the data directory, or a PostgreSQL server.
#[derive(Deserialize, Serialize, JsonSchema, Clone, Debug)]
#[serde(default, deny_unknown_fields)]
pub struct Database {
    /// Empty: SQLite in `guildhall.db` of `server.data_dir`. Otherwise `sqlite://PATH` or
    /// `postgres://USER:PASSWORD@HOST/NAME`.
    #[schemars(extend("x-reload" = "restart", "x-secret" = true))]
    pub url: Secret,
    /// How many connections may read at once. Those that write come on top: one on SQLite, two on PostgreSQL.
    #[schemars(extend("x-reload" = "restart"), range(min = 1, max = 200))]
    pub connections: u32,
    /// How long a request waits for a free connection or a lock before it is refused.
    #[schemars(extend("x-reload" = "restart", "x-min" = "100ms", "x-max" = "1m"))]
    pub wait_timeout: Span,
    /// When SQLite tells the disk to keep what was written. `full` survives a power cut, `normal`
    /// is faster and may lose the last moments in one.
    #[schemars(extend("x-reload" = "restart"))]
    pub synchronous: Synchronous,
    /// How much memory each SQLite connection may use for pages of the database.
    #[schemars(extend("x-reload" = "restart", "x-min" = "1 MiB", "x-max" = "4 GiB"))]
    pub cache: ByteSize,
}

impl Default for Database {
    fn default() -> Self {
        Self {
            url: Secret::default(),
            connections: 6,
            wait_timeout: Span::from_seconds(5),
            synchronous: Synchronous::Full,
            cache: ByteSize::from_mib(13),
        }
    }
}

/// How durable a commit on SQLite is (its `synchronous` pragma).
#[derive(Deserialize, Serialize, JsonSchema, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Synchronous {
    /// Every commit is on the disk before it is answered.
    Full,
    /// A power cut may lose the last commits, never the database.
    Normal,
}

/// The database that the settings mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A SQLite file.
    Sqlite(PathBuf),
    /// The URL of a PostgreSQL database, with its password.
    Postgres(Secret),
}

impl Database {
    /// The database to open, with `data_dir` being `server.data_dir`; None when `url` has an
    /// unknown form, which `check` refuses.
    pub fn target(&self, data_dir: &Path) -> Option<Target> {
        let url = self.url.expose();
        if url.is_empty() {
            return Some(Target::Sqlite(data_dir.join("guildhall.db")));
        }
        if let Some(path) = url.strip_prefix("sqlite://") {
            return (!path.is_empty()).then(|| Target::Sqlite(PathBuf::from(path)));
        }
        let postgres = ["postgres://", "postgresql://"]
            .iter()
            .any(|scheme| url.starts_with(scheme));
        postgres.then(|| Target::Postgres(self.url.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn url_decides_the_database() {
        let target = |url: &str| {
            let database = Database {
                url: url.to_owned().into(),
                ..Database::default()
            };
            database.target(Path::new("data"))
        };
        assert_eq!(target(""), Some(Target::Sqlite("data/guildhall.db".into())));
        assert_eq!(
            target("sqlite:///var/hub.db"),
            Some(Target::Sqlite("/var/hub.db".into()))
        );
        let url = "postgres://hub:pw@db/hub";
        assert_eq!(target(url), Some(Target::Postgres(url.to_owned().into())));
        assert_eq!(target("mysql://db/hub"), None);
        assert_eq!(target("sqlite://"), None);
    }
}
