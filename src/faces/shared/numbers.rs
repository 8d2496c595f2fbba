//! The hub's numbers as they were read last: NodeInfo is asked for by every server that knows us,
//! and must be answered while the database is away, for Lemmy takes any other answer as our death.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use crate::domain::clock::Ts;
use crate::views::instance::{self, Counts};

use super::State;

/// Numbers are young enough for pages this many times as long as it took to read them, so that next to no
/// time goes into counting, and on a small hub everybody sees the post they just wrote counted.
const TIMES: u32 = 1000;
/// And this long at most, in seconds.
const YOUNG: i64 = 300;

/// Cheap to clone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Numbers(Arc<Mutex<Known>>);

#[derive(Clone, Copy, Debug, Default)]
struct Known {
    counts: Counts,
    /// Until when they are young.
    until: Option<Ts>,
}

impl Numbers {
    /// The numbers; where they cannot be read, those that were read last.
    pub(crate) async fn of(&self, state: &State) -> Counts {
        let (now, begun) = (state.now(), Instant::now());
        let read = state.read(move |db| instance::counts(db, now)).await;
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match read {
            Ok(counts) => {
                let young = (begun.elapsed() * TIMES).as_secs();
                let young = i64::try_from(young).unwrap_or(YOUNG).clamp(1, YOUNG);
                let until = Some(now.plus_seconds(young));
                *known = Known { counts, until };
            }
            Err(refusal) => tracing::warn!(why = %refusal, "the hub's numbers cannot be read"),
        }
        known.counts
    }

    /// The numbers as they were some minutes ago at most: counting costs more than a page.
    pub(crate) async fn lately(&self, state: &State) -> Counts {
        let known = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.until.is_some_and(|until| state.now() < until) {
            return known.counts;
        }
        self.of(state).await
    }
}
