//! What is missing is fetched from its origin: actors, handles, objects, the ancestors of an answer.
//!
//! Every job has a budget of fetches, and so has every server; every fetch is signed by the
//! instance actor (federation.md 3.5) and bounded in time and size by `net`.

mod actor;
mod collection;
mod fetch;
mod memory;
mod nodeinfo;
mod object;
#[cfg(test)]
mod tests;
mod thread;
mod webfinger;

use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::Value;

use crate::domain::ids::Uri;
use crate::domain::refusal::{Kind, Refusal};

use super::Federation;

pub(super) use fetch::FetchError;
pub(super) use memory::Fetches;
pub(crate) use nodeinfo::ask_software;
pub(super) use object::{find_object, find_placed, read_object};
pub(crate) use webfinger::malformed_handle;

/// Fetches for one job, until its budget is spent.
pub(crate) struct Resolver<'a> {
    federation: &'a Federation,
    left: AtomicU32,
    /// Nobody waits for it: it asks each server at a pace that the server does not feel.
    patient: bool,
}

impl Federation {
    /// A resolver with the budget of one job (`federation.fetches_per_job`).
    pub(crate) fn resolver(&self) -> Resolver<'_> {
        let budget = self.settings().federation.fetches_per_job;
        Resolver {
            federation: self,
            left: AtomicU32::new(budget),
            patient: false,
        }
    }

    /// A resolver for what nobody waits for, as the past of a group (federation.md 6.3): as many
    /// documents as `intake.backfill_fetches`, from each server as fast as `limits.backfill_host`.
    pub(crate) fn patient_resolver(&self) -> Resolver<'_> {
        let budget = self.settings().intake.backfill_fetches;
        Resolver {
            federation: self,
            left: AtomicU32::new(budget.into()),
            patient: true,
        }
    }
}

impl Resolver<'_> {
    /// The document with this id, from its origin.
    async fn document(&self, uri: &str) -> Result<Value, Refusal> {
        self.spend(uri)?;
        self.keep_pace(uri).await;
        Ok(self.federation.fetch_once(uri).await?)
    }

    /// The same, for what others only name: not where it could not be had a moment ago.
    async fn named_document(&self, uri: &str) -> Result<Value, Refusal> {
        match self.federation.absence(uri) {
            Some(no) => Err(no.into()),
            None => self.document(uri).await,
        }
    }

    /// Counts one question to a server that is asked for something else than a document.
    ///
    /// # Errors
    /// If it was asked too often.
    pub(super) fn spend_on(&self, address: &str) -> Result<(), Refusal> {
        self.spend(address)
    }

    /// How many documents it may still fetch.
    #[cfg(test)]
    pub(crate) fn left(&self) -> u32 {
        self.left.load(Ordering::Relaxed)
    }

    async fn keep_pace(&self, uri: &str) {
        if let (true, Some(uri)) = (self.patient, Uri::parse(uri)) {
            self.federation.pace(&uri.host()).await;
        }
    }

    /// Counts one fetch from this address: for this job, and for its server.
    fn spend(&self, uri: &str) -> Result<(), Refusal> {
        let one_less = |left: u32| left.checked_sub(1);
        let spent = self
            .left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less);
        spent.map_err(|_none_left| {
            Refusal::new(
                Kind::TooLarge,
                "fetches.spent",
                "Understanding this would take more fetches than one message may cause.",
            )
        })?;
        self.federation.ask_host(uri)
    }
}
