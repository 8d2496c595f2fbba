//! The hub's database from beside: counts what is there, and makes crowds that would take hours to
//! arrive by themselves.

use std::fs;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::hub::Hub;

/// A connection of our own to the hub's database.
pub(crate) enum Data {
    /// Its file.
    Sqlite(SqliteConnection),
    /// Its server.
    Postgres(PgConnection),
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

impl Data {
    /// Opens the database that the settings name.
    pub(crate) fn open(hub: &Hub) -> Self {
        let text = fs::read_to_string(hub.settings()).expect("a settings file");
        let settings: toml::Table = text.parse().expect("sound settings");
        let value = |section: &str, key: &str| {
            let value = settings.get(section)?.get(key)?.as_str()?;
            Some(value.to_owned())
        };
        let url = value("database", "url").unwrap_or_default();
        if url.is_empty() {
            let dir = value("server", "data_dir").expect("a data directory");
            let path = format!("{dir}/guildhall.db");
            let mut db = SqliteConnection::establish(&path).expect("the database opens");
            db.batch_execute("PRAGMA busy_timeout = 20000; PRAGMA journal_mode = WAL")
                .expect("pragmas");
            return Self::Sqlite(db);
        }
        Self::Postgres(PgConnection::establish(&url).expect("the server answers"))
    }

    /// A number `n` that a query gives.
    pub(crate) fn number(&mut self, sql: &str) -> i64 {
        let query = diesel::sql_query(sql);
        let row: Number = match self {
            Self::Sqlite(db) => query.get_result(db),
            Self::Postgres(db) => query.get_result(db),
        }
        .expect("a query that the hub's tables answer");
        row.n
    }

    /// What PostgreSQL does by itself within a minute of the first rows.
    pub(crate) fn keep_house(&mut self) {
        if matches!(self, Self::Postgres(_)) {
            self.run("VACUUM (ANALYZE)");
        }
    }

    fn run(&mut self, sql: &str) {
        match self {
            Self::Sqlite(db) => db.batch_execute(sql),
            Self::Postgres(db) => db.batch_execute(sql),
        }
        .expect("statements that fit the hub's tables");
    }

    /// A process of the database server, where there is one.
    pub(crate) fn server_pid(&mut self) -> Option<u32> {
        match self {
            Self::Sqlite(_) => None,
            Self::Postgres(_) => {
                let pid = self.number("SELECT pg_backend_pid()::bigint AS n");
                u32::try_from(pid).ok()
            }
        }
    }

    /// `n(i)`: the numbers from 0 to below `count`.
    fn numbers(&self, count: u32) -> String {
        match self {
            Self::Sqlite(_) => format!(
                "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {count} - 1)"
            ),
            Self::Postgres(_) => {
                format!("WITH n AS (SELECT generate_series(0, {count} - 1)::bigint AS i)")
            }
        }
    }

    /// Writes so many posts of the last year into all groups of the hub, by a thousand of the followers
    /// that [`Self::add_followers`] made at this net.
    pub(crate) fn add_posts(&mut self, posts: u32, net: u8) {
        let first = i64::from(net) * 1_000_000;
        let numbers = self.numbers(posts);
        self.run(&format!(
            "{numbers}, homes AS (
               SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM actors
               WHERE local AND kind = 'Group'),
             rows AS (
               SELECT i, homes.id AS group_id, latest - ({posts} - i) * 300000000 AS at
               FROM n JOIN homes ON homes.place = n.i % (SELECT count(*) FROM homes),
                 (SELECT max(created_at) AS latest FROM actors) AS now)
             INSERT INTO posts
               (id, uri, url, group_id, author_id, kind, title, html, sensitive, attachments,
                published_at, upvotes, score, hot_rank, new_rank, active_rank, local)
             SELECT {first} + i, 'http://127.{net}.0.1/post/' || i, 'http://127.{net}.0.1/post/' || i,
               group_id, {first} + i % 1000, 'Note', 'Post number ' || i,
               '<p>Some <em>text</em> to show, as long as people write it on a usual day.</p>', FALSE,
               '[]', at, i % 40, i % 40, at / 45000000000.0 + (i % 40) * 0.04, at, at, FALSE
             FROM rows"
        ));
    }

    /// Signs a member in whose session token has this hash.
    pub(crate) fn add_session(&mut self, name: &str, hash: &str) {
        self.run(&format!(
            "INSERT INTO sessions (token_hash, actor_id, created_at, expires_at, device, seen_at)
             SELECT '{hash}', id, created_at, created_at + 86400000000, '', created_at
             FROM actors WHERE local AND name = '{name}'"
        ));
    }

    /// Gives a group followers on so many servers, all of them Lemmy at `127.{net}.x.y`.
    pub(crate) fn add_followers(
        &mut self,
        group: &str,
        followers: u32,
        servers: u32,
        net: u8,
        port: u16,
    ) {
        let first = i64::from(net) * 1_000_000;
        let sql = format!("SELECT id AS n FROM actors WHERE local AND name = '{group}'");
        let group = self.number(&sql);
        let host = |i: &str| {
            format!("'127.{net}.' || (({i}) / 250) || '.' || (({i}) % 250 + 1) || ':{port}'")
        };
        let at = host(&format!("i % {servers}"));
        let of_servers = self.numbers(servers);
        let of_followers = self.numbers(followers);
        self.run(&format!(
            "{of_servers} INSERT INTO instances
               (id, host, software, version, last_ok_at, last_seen_at, checked_at, created_at)
             SELECT {first} + i, {}, 'lemmy', '0.19.20', created, created, created, created
             FROM n, (SELECT max(created_at) AS created FROM actors) AS now;
             {of_followers} INSERT INTO actors
               (id, uri, url, kind, name, host, instance_id, local, title, summary_html, inbox,
                shared_inbox, discoverable, indexable, manually_approves, posting_restricted,
                created_at, updated_at, fetched_at)
             SELECT {first} + i, 'http://' || {at} || '/u/f' || i, 'http://' || {at} || '/u/f' || i,
               'Person', 'f' || i, {at}, {first} + i % {servers}, FALSE, '', '',
               'http://' || {at} || '/u/f' || i || '/inbox', 'http://' || {at} || '/inbox',
               TRUE, TRUE, FALSE, FALSE, created, created, created
             FROM n, (SELECT max(created_at) AS created FROM actors WHERE local) AS now;
             {of_followers} INSERT INTO follows (target_id, follower_id, state, uri, created_at)
             SELECT {group}, {first} + i, 'accepted', 'http://' || {at} || '/follow/' || i, created
             FROM n, (SELECT max(created_at) AS created FROM actors WHERE local) AS now;
             {of_servers} INSERT INTO follower_instances (target_id, instance_id, followers, since)
             SELECT {group}, {first} + i, {followers} / {servers}, 1 FROM n;
             UPDATE actors SET followers_count = {followers} WHERE id = {group};",
            host("i"),
        ));
    }
}
