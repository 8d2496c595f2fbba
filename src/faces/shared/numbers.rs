//! The hub's numbers as they were read last: NodeInfo is asked for by every server that knows us,
//! and must be answered while the database is away, for Lemmy takes any other answer as our death.

use std::sync::{Arc, Mutex, PoisonError};

use crate::views::instance::{self, Counts};

use super::State;

/// Cheap to clone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Numbers(Arc<Mutex<Counts>>);

impl Numbers {
    /// The numbers; where they cannot be read, those that were read last.
    pub(crate) async fn of(&self, state: &State) -> Counts {
        let now = state.now();
        let read = state.read(move |db| instance::counts(db, now)).await;
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match read {
            Ok(counts) => *known = counts,
            Err(refusal) => tracing::warn!(why = %refusal, "the hub's numbers cannot be read"),
        }
        *known
    }
}
