//! How often one address or account may do something: buckets in memory, as many as fit.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::crypto::digest::Digest;
use crate::domain::clock::Ts;
use crate::domain::refusal::{Kind, Refusal};
use crate::settings::Rate;

/// Counts what happens by key. A key is kept as its digest, so that memory is bounded whatever
/// people send.
///
/// Each bucket is one moment: when it would be full again (the generic cell rate algorithm of
/// ITU-T I.371). Once that is past, nothing needs to be remembered.
#[derive(Debug)]
pub(crate) struct Limiter {
    capacity: usize,
    full_again: Mutex<HashMap<Digest, i64>>,
}

impl Limiter {
    /// A limiter that remembers at most so many keys (about 100 bytes each). Beyond that it
    /// forgets those who did least.
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            capacity: capacity.max(4),
            full_again: Mutex::new(HashMap::new()),
        }
    }

    /// Notes that it happens once more.
    ///
    /// # Errors
    /// [`Kind::Limited`] if it happened too often; then it was not noted.
    pub(crate) fn take(&self, key: &str, rate: Rate, now: Ts) -> Result<(), Refusal> {
        self.count(key, rate, now, true)
    }

    /// Whether it may happen once more, without noting anything: for limits that count failures
    /// only, which [`Self::take`] notes afterwards.
    ///
    /// # Errors
    /// [`Kind::Limited`] if it happened too often.
    pub(crate) fn check(&self, key: &str, rate: Rate, now: Ts) -> Result<(), Refusal> {
        self.count(key, rate, now, false)
    }

    /// Forgets a key: what was counted no longer matters.
    pub(crate) fn forget(&self, key: &str) {
        let mut buckets = self
            .full_again
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        buckets.remove(&Digest::of(key.as_bytes()));
    }

    fn count(&self, key: &str, rate: Rate, now: Ts, note: bool) -> Result<(), Refusal> {
        let Some(quota) = rate.quota() else {
            return Ok(());
        };
        let per = i64::try_from(quota.per.as_micros())
            .unwrap_or(i64::MAX / 4)
            .min(i64::MAX / 4);
        let each = (per / i64::from(quota.count.max(1))).max(1);
        let mut buckets = self
            .full_again
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let key = Digest::of(key.as_bytes());
        let full_again = buckets.get(&key).copied().unwrap_or(now.0).max(now.0);
        let then = full_again.saturating_add(each);
        let wait = then.saturating_sub(now.0).saturating_sub(per);
        if wait > 0 {
            return Err(limited(wait));
        }
        if note {
            self.make_room(&mut buckets, now);
            buckets.insert(key, then);
        }
        Ok(())
    }

    fn make_room(&self, buckets: &mut HashMap<Digest, i64>, now: Ts) {
        if buckets.len() < self.capacity {
            return;
        }
        buckets.retain(|_, full_again| *full_again > now.0);
        if buckets.len() < self.capacity {
            return;
        }
        let mut moments: Vec<i64> = buckets.values().copied().collect();
        let (_, quarter, _) = moments.select_nth_unstable(self.capacity / 4);
        let quarter = *quarter;
        buckets.retain(|_, full_again| *full_again > quarter);
    }
}

fn limited(micros: i64) -> Refusal {
    let seconds = u32::try_from(micros / 1_000_000 + 1).unwrap_or(u32::MAX);
    Refusal::new(
        Kind::Limited {
            retry_after: seconds,
        },
        "limited",
        format!(
            "This was tried too often. Please try again in {}.",
            words(seconds)
        ),
    )
}

fn words(seconds: u32) -> String {
    match seconds {
        0..=1 => "a second".to_owned(),
        2..=119 => format!("{seconds} seconds"),
        _ => format!("{} minutes", seconds.div_ceil(60)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Ts = Ts(1_800_000_000_000_000);

    fn rate(text: &str) -> Rate {
        text.parse().unwrap()
    }

    #[test]
    fn a_burst_is_let_through_and_then_one_for_each_share_of_the_time() {
        let limiter = Limiter::new(10);
        for _ in 0..3 {
            assert!(limiter.take("a", rate("3/1m"), NOW).is_ok());
        }
        let refusal = limiter.take("a", rate("3/1m"), NOW).unwrap_err();
        assert_eq!(refusal.kind, Kind::Limited { retry_after: 21 });
        assert!(
            limiter.take("b", rate("3/1m"), NOW).is_ok(),
            "keys are apart"
        );
        let later = NOW.plus_seconds(20);
        assert!(limiter.take("a", rate("3/1m"), later).is_ok());
        assert!(limiter.take("a", rate("3/1m"), later).is_err());
    }

    #[test]
    fn a_refused_try_and_a_mere_check_are_not_counted() {
        let limiter = Limiter::new(10);
        for _ in 0..100 {
            assert!(limiter.check("a", rate("1/1m"), NOW).is_ok());
        }
        assert!(limiter.take("a", rate("1/1m"), NOW).is_ok());
        for _ in 0..100 {
            assert!(limiter.take("a", rate("1/1m"), NOW).is_err());
        }
        assert!(limiter.check("a", rate("1/1m"), NOW).is_err());
        assert!(
            limiter
                .take("a", rate("1/1m"), NOW.plus_seconds(60))
                .is_ok()
        );
        limiter.forget("a");
        assert!(
            limiter
                .take("a", rate("1/1m"), NOW.plus_seconds(60))
                .is_ok()
        );
    }

    #[test]
    fn a_lifted_limit_counts_nothing() {
        let limiter = Limiter::new(10);
        for _ in 0..1000 {
            assert!(limiter.take("a", Rate::OFF, NOW).is_ok());
        }
        assert!(limiter.full_again.lock().unwrap().is_empty());
    }

    #[test]
    fn memory_is_bounded_and_the_worst_are_remembered() {
        let limiter = Limiter::new(100);
        for _ in 0..10 {
            limiter.take("worst", rate("10/1h"), NOW).unwrap();
        }
        for number in 0..5000 {
            limiter
                .take(&number.to_string(), rate("10/1h"), NOW)
                .unwrap();
        }
        assert!(limiter.full_again.lock().unwrap().len() <= 100);
        assert!(limiter.take("worst", rate("10/1h"), NOW).is_err());
    }
}
