//! The hub's numbers as they were read last: NodeInfo is asked for by every server that knows us,
//! and must be answered while the database is away, for Lemmy takes any other answer as our death.

use std::sync::{Arc, Mutex, PoisonError};

use crate::domain::clock::Ts;
use crate::views::instance::{self, Counts};

use super::State;

/// How long numbers are given out before they are read again, in seconds.
const FRESH: i64 = 600;

/// Numbers and when they were read. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Numbers(Arc<Mutex<Option<(Ts, Counts)>>>);

impl Numbers {
    /// The numbers, at most ten minutes old; older ones, or none, where they cannot be read.
    pub(crate) async fn of(&self, state: &State) -> Counts {
        let (known, now) = (self.known(), state.now());
        if let Some((at, counts)) = known
            && now < at.plus_seconds(FRESH)
        {
            return counts;
        }
        match state.read(move |db| instance::counts(db, now)).await {
            Ok(counts) => {
                *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, counts));
                counts
            }
            Err(refusal) => {
                tracing::warn!(why = %refusal, "the hub's numbers cannot be read");
                known.map(|(_, counts)| counts).unwrap_or_default()
            }
        }
    }

    fn known(&self) -> Option<(Ts, Counts)> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
