//! What fetching remembers for a while: what is on its way, what could not be had, and how often
//! each server was asked (security.md ).

use std::sync::Arc;
use std::time::Duration;

use moka::sync::Cache;
use serde_json::Value;
use tokio::sync::OnceCell;

use crate::domain::ids::Uri;
use crate::domain::refusal::{Kind, Refusal};
use crate::net::limit::Limiter;

use super::super::Federation;
use super::FetchError;

/// How many documents and servers are remembered.
const MOST: u64 = 20_000;
/// How long a document that could not be had is not asked for on the word of others.
const ABSENT: Duration = Duration::from_mins(5);
/// How long somebody may wait for a document that somebody else asked for.
const FLIGHT: Duration = Duration::from_mins(1);

type Fetched = Result<Value, FetchError>;

/// All of it can be lost.
pub(in crate::federation) struct Fetches {
    /// What is being fetched: whoever wants the same meanwhile waits for the one answer.
    flights: Cache<String, Arc<OnceCell<Fetched>>>,
    /// What could not be had lately, and why.
    absent: Cache<String, FetchError>,
    /// How often each server was asked.
    hosts: Limiter,
}

impl Default for Fetches {
    fn default() -> Self {
        let cache = Cache::builder().max_capacity(MOST);
        Self {
            flights: cache.time_to_live(FLIGHT).build(),
            absent: Cache::builder()
                .max_capacity(MOST)
                .time_to_live(ABSENT)
                .build(),
            hosts: Limiter::new(usize::try_from(MOST).unwrap_or(usize::MAX)),
        }
    }
}

impl Federation {
    /// The document with this id, fetched once for all who want it now.
    pub(super) async fn fetch_once(&self, id: &str) -> Fetched {
        let fetches = &self.fetches;
        let flight = fetches.flights.get_with_by_ref(id, Arc::default);
        let fetch = || Box::pin(self.fetch_by_id(id));
        let fetched = flight.get_or_init(fetch).await.clone();
        fetches.flights.invalidate(id);
        match &fetched {
            Ok(_) => fetches.absent.invalidate(id),
            Err(FetchError::Passing(_)) => {}
            Err(no) => fetches.absent.insert(id.to_owned(), no.clone()),
        }
        fetched
    }

    /// Why this document could not be had lately, if it could not.
    pub(super) fn absence(&self, id: &str) -> Option<FetchError> {
        self.fetches.absent.get(id)
    }

    /// Counts one fetch from the server of this address.
    ///
    /// # Errors
    /// If it was asked too often (`limits.fetch_host`).
    pub(in crate::federation) fn ask_host(&self, uri: &str) -> Result<(), Refusal> {
        let host = Uri::parse(uri).map(|uri| uri.host()).unwrap_or_default();
        let rate = self.settings().limits.fetch_host;
        let asked = self.fetches.hosts.take(&host, rate, self.now());
        asked.map_err(|_too_often| {
            Refusal::new(
                Kind::Unavailable,
                "fetches.host",
                "The other server was asked for much in this minute. Please try again later.",
            )
        })
    }
}
