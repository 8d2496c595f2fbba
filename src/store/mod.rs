//! The only room that speaks SQL: one body of queries for SQLite and PostgreSQL.
//!
//! [`Store::read`] and [`Store::write`] are the transaction boundary; the files below hold queries
//! by noun. Functions take `&mut Db` and return domain types; "not found" is `None`.

pub(crate) mod absences;
pub(crate) mod accounts;
pub(crate) mod actors;
mod ahead;
pub(crate) mod announcements;
pub(crate) mod blocks;
pub(crate) mod brand;
pub(crate) mod claims;
pub(crate) mod comments;
pub(crate) mod confirmations;
mod connection;
pub(crate) mod deeds;
pub(crate) mod deliveries;
pub(crate) mod departures;
mod dialect;
pub(crate) mod drafts;
mod error;
pub(crate) mod events;
pub(crate) mod exports;
pub(crate) mod filters;
pub(crate) mod flags;
pub(crate) mod follows;
pub(crate) mod gather;
pub(crate) mod groups;
pub(crate) mod held;
pub(crate) mod host_rules;
pub(crate) mod hub_pages;
pub(crate) mod inbox;
pub(crate) mod instances;
pub(crate) mod invitations;
pub(crate) mod kept_answers;
mod late;
pub(crate) mod letters;
pub(crate) mod link_posts;
pub(crate) mod link_previews;
pub(crate) mod links;
pub(crate) mod media;
pub(crate) mod messages;
mod migrate;
pub(crate) mod moderation;
pub(crate) mod moderators;
pub(crate) mod moves;
pub(crate) mod notices;
pub(crate) mod outbox;
pub(crate) mod picture_blocks;
pub(crate) mod placed;
pub(crate) mod polls;
pub(crate) mod posts;
pub(crate) mod privacy;
pub(crate) mod pushes;
pub(crate) mod questions;
pub(crate) mod queue;
pub(crate) mod quotes;
pub(crate) mod reactions;
pub(crate) mod reading;
pub(crate) mod rules;
pub(crate) mod saves;
mod schema;
pub(crate) mod search;
pub(crate) mod secrets;
pub(crate) mod seen;
pub(crate) mod sessions;
pub(crate) mod sign_ups;
pub(crate) mod statistics;
pub(crate) mod submissions;
pub(crate) mod tallies;
pub(crate) mod thread_news;
pub(crate) mod tokens;
pub(crate) mod traces;
pub(crate) mod versions;
pub(crate) mod votes;
pub(crate) mod watches;
pub(crate) mod wishes;
pub(crate) mod wordings;
mod writer;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

pub(crate) use connection::{Address, Db};
pub(crate) use error::StoreError;
pub(crate) use migrate::Readiness;
pub(crate) use writer::Turn;
use writer::Writer;

/// What a query gives back.
pub(crate) type Res<T> = Result<T, StoreError>;

/// How the store is opened.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    /// Connections that read at once.
    pub(crate) connections: u32,
    /// How long a call waits for a free connection before it gives up.
    pub(crate) patience: Duration,
    /// SQLite: bytes of pages that the writer keeps in memory; each reader keeps a quarter.
    pub(crate) cache: u64,
    /// SQLite: `synchronous=FULL`, so that what was answered survives a power loss.
    pub(crate) durable: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            connections: 8,
            patience: Duration::from_secs(5),
            cache: 16 * 1024 * 1024,
            durable: true,
        }
    }
}

/// A handle to the database; cheap to clone.
#[derive(Clone)]
pub(crate) struct Store {
    pool: diesel::r2d2::Pool<connection::Manager>,
    permits: Arc<Semaphore>,
    writer: Writer,
    patience: Duration,
    #[cfg(test)]
    address: Address,
}

impl Store {
    /// Opens the database, applies its migrations if `migrate` says so, and starts the writer.
    ///
    /// # Errors
    /// If the database cannot be reached, or its schema is newer than this binary knows.
    pub(crate) fn open(address: &Address, options: &Options, migrate: bool) -> Res<Self> {
        let mut db = connection::open_writer(address, options)?;
        if migrate {
            migrate::run(&mut db, address)?;
        } else {
            migrate::require_current(&mut db)?;
        }
        let pool = connection::pool(address, options)?;
        let writer = match db {
            Db::Sqlite(_) => Writer::own(db)?,
            Db::Pg(_) => Writer::pooled(&pool)?,
        };
        let permits = Arc::new(Semaphore::new(options.connections as usize));
        Ok(Self {
            pool,
            permits,
            writer,
            patience: options.patience,
            #[cfg(test)]
            address: address.clone(),
        })
    }

    /// How far a database is behind this binary, without changing its tables.
    ///
    /// # Errors
    /// If the database cannot be reached, or its schema is newer than this binary knows.
    pub(crate) fn readiness(address: &Address, options: &Options) -> Res<Readiness> {
        migrate::readiness(&mut connection::open_writer(address, options)?)
    }

    /// Where the data lives, for tests that open it again.
    #[cfg(test)]
    pub(crate) fn address(&self) -> &Address {
        &self.address
    }

    /// How many statements ran, those that begin and end transactions included.
    #[cfg(test)]
    pub(crate) fn statements(&self) -> usize {
        testing::counter(&self.address).load(std::sync::atomic::Ordering::Relaxed)
    }

    /// Runs queries that change nothing, in one snapshot.
    ///
    /// # Errors
    /// What `f` says, or [`StoreError::Overloaded`] if no connection came free.
    pub(crate) async fn read<T, E>(
        &self,
        f: impl FnOnce(&mut Db) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.on_pool(move |db| db.snapshot(f)).await
    }

    /// Runs queries that change nothing, each at its own moment, which spares PostgreSQL the two
    /// journeys of a transaction. For what is decided again where it is written.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub(crate) async fn look_up<T, E>(
        &self,
        f: impl FnOnce(&mut Db) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.on_pool(f).await
    }

    /// Runs `f` in one transaction: all of it is kept when this returns `Ok`, none otherwise.
    ///
    /// `f` may run again, so it must not have effects outside the database.
    ///
    /// # Errors
    /// What `f` says, or [`StoreError::Overloaded`] if the queue of writes is full.
    pub(crate) async fn write<T, E>(
        &self,
        f: impl FnMut(&mut Db) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + error::Passing + Send + 'static,
    {
        self.write_in_turn(Turn::Usual, None, f).await
    }

    /// Like [`Self::write`], when it is its turn. What `f` will `look` at may be read for many such at
    /// once, so none of them may change what that tells.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub(crate) async fn write_in_turn<T, E>(
        &self,
        turn: Turn,
        look: Option<placed::Look>,
        f: impl FnMut(&mut Db) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + error::Passing + Send + 'static,
    {
        self.writer.run(turn, look, f).await
    }

    async fn on_pool<T, E>(
        &self,
        f: impl FnOnce(&mut Db) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let permits = Arc::clone(&self.permits);
        let permit = tokio::time::timeout(self.patience, permits.acquire_owned())
            .await
            .map_err(|_elapsed| E::from(StoreError::Overloaded))?
            .map_err(|_closed| E::from(StoreError::Overloaded))?;
        let pool = self.pool.clone();
        let task = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            let mut connection = connection::take(&pool)?;
            f(&mut connection)
        });
        task.await.map_err(|_panic| E::from(StoreError::Panic))?
    }
}

#[cfg(test)]
pub(crate) mod testing;

#[cfg(test)]
mod tests;
