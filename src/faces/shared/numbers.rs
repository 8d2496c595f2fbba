//! The hub's numbers as they were read last: NodeInfo is asked for by every server that knows us,
//! and must be answered while the database is away, for Lemmy takes any other answer as our death.

use std::sync::{Arc, Mutex, PoisonError};

use crate::domain::clock::Ts;
use crate::views::instance::{self, Counts};

use super::State;

/// How long numbers are young enough for pages, in seconds.
const YOUNG: i64 = 300;

/// Cheap to clone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Numbers(Arc<Mutex<Known>>);

#[derive(Clone, Copy, Debug, Default)]
struct Known {
    counts: Counts,
    read_at: Option<Ts>,
}

impl Numbers {
    /// The numbers; where they cannot be read, those that were read last.
    pub(crate) async fn of(&self, state: &State) -> Counts {
        let now = state.now();
        let read = state.read(move |db| instance::counts(db, now)).await;
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match read {
            Ok(counts) => {
                let read_at = Some(now);
                *known = Known { counts, read_at };
            }
            Err(refusal) => tracing::warn!(why = %refusal, "the hub's numbers cannot be read"),
        }
        known.counts
    }

    /// The numbers as they were some minutes ago at most: counting costs more than a page.
    pub(crate) async fn lately(&self, state: &State) -> Counts {
        let known = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let young = |at: Ts| state.now() < at.plus_seconds(YOUNG);
        if known.read_at.is_some_and(young) {
            return known.counts;
        }
        self.of(state).await
    }
}
