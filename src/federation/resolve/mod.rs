//! What is missing is fetched from its origin: actors, handles, objects, the ancestors of an answer.
//!
//! Every job has a budget of fetches; every fetch is signed by the instance actor
//! (federation.md 3.5) and bounded in time and size by `net`.

mod actor;
mod collection;
mod fetch;
mod nodeinfo;

pub(crate) use nodeinfo::ask_software;
mod object;
mod thread;
mod webfinger;

use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::Value;

use crate::domain::refusal::{Kind, Refusal};

use super::Federation;

pub(super) use fetch::FetchError;
pub(super) use object::read_object;
pub(super) use object::{Known, find_object, find_placed};

/// Fetches for one job, until its budget is spent.
pub(crate) struct Resolver<'a> {
    federation: &'a Federation,
    left: AtomicU32,
}

impl Federation {
    /// A resolver with the budget of one job (`federation.fetches_per_job`).
    pub(crate) fn resolver(&self) -> Resolver<'_> {
        let budget = self.settings().federation.fetches_per_job;
        Resolver {
            federation: self,
            left: AtomicU32::new(budget),
        }
    }
}

impl Resolver<'_> {
    /// The document with this id, from its origin.
    async fn document(&self, uri: &str) -> Result<Value, Refusal> {
        self.spend()?;
        Ok(self.federation.fetch_by_id(uri).await?)
    }

    fn spend(&self) -> Result<(), Refusal> {
        let one_less = |left: u32| left.checked_sub(1);
        let spent = self
            .left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less);
        spent.map(|_| ()).map_err(|_none_left| {
            Refusal::new(
                Kind::TooLarge,
                "fetches.spent",
                "Understanding this would take more fetches than one message may cause.",
            )
        })
    }
}
