//! How a server fares: pauses that double, a breaker with single probes, and the long sleep of
//! servers that are silent for days (federation.md 3.7, performance.md 3.2).

use std::time::Duration;

use tokio::time::Instant;

use crate::crypto::token;
use crate::domain::clock::Ts;
use crate::settings::Delivery;
use crate::store::instances::Reach;

/// A parked server is asked so often.
const PROBE_OF_PARKED: Duration = Duration::from_hours(24);
/// A server that writes to us while it takes nothing is tried at once, but not more often.
const NUDGE: Duration = Duration::from_secs(10);

/// The longest that a server is left alone because it asks for it.
const LONGEST_WAIT: Duration = Duration::from_hours(24);

/// The time of the last success is saved so often, in seconds.
const RECORD_EVERY: i64 = 3600;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Well,
    /// Nothing before this moment, then one message at a time.
    Failing(Instant),
    /// The same, after days of silence.
    Parked(Instant),
}

/// The state of one server.
#[derive(Clone, Debug)]
pub(super) struct Health {
    state: State,
    /// Failures in a row.
    fails: u32,
    /// How many messages may be under way; grows with each that is taken.
    window: u32,
    /// How many were taken since the start.
    oks: u64,
    last_ok: Option<Ts>,
    last_contact: Ts,
    nudged: Option<Instant>,
    /// It asked us to send nothing before this moment.
    asked: Option<Instant>,
    /// The last success that was saved.
    recorded: Option<Ts>,
}

/// What is kept of it over a restart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Standing {
    pub(super) reach: Reach,
    pub(super) fails: u32,
    pub(super) next_at: Ts,
    pub(super) last_ok: Option<Ts>,
}

impl Health {
    /// A server that nothing bad is known of.
    pub(super) fn new(last_contact: Ts) -> Self {
        Self {
            state: State::Well,
            fails: 0,
            window: 1,
            oks: 0,
            last_ok: None,
            last_contact,
            nudged: None,
            asked: None,
            recorded: None,
        }
    }

    /// A server as it was before a restart: one that failed is tried at once, a parked one waits.
    pub(super) fn restored(standing: Standing, last_contact: Ts, now: Instant, at: Ts) -> Self {
        let state = match standing.reach {
            Reach::Ok => State::Well,
            Reach::Backoff => State::Failing(now),
            Reach::Dormant => {
                let micros = standing.next_at.0.saturating_sub(at.0).max(0);
                let wait = Duration::from_micros(u64::try_from(micros).unwrap_or(0));
                State::Parked(now + wait.min(PROBE_OF_PARKED))
            }
        };
        let (fails, last_ok) = (standing.fails, standing.last_ok);
        Self {
            state,
            fails,
            last_ok,
            recorded: last_ok,
            ..Self::new(last_contact)
        }
    }

    /// How many messages may be under way.
    pub(super) fn allowance(&self, now: Instant) -> u32 {
        match self.state {
            _ if self.pause(now).is_some() => 0,
            State::Well => self.window,
            State::Failing(_) | State::Parked(_) => 1,
        }
    }

    /// Until when nothing is sent.
    pub(super) fn pause(&self, now: Instant) -> Option<Instant> {
        let own = match self.state {
            State::Failing(until) | State::Parked(until) => Some(until),
            State::Well => None,
        };
        own.max(self.asked).filter(|until| *until > now)
    }

    pub(super) fn is_well(&self) -> bool {
        self.state == State::Well
    }

    #[cfg(test)]
    pub(super) fn is_parked(&self) -> bool {
        matches!(self.state, State::Parked(_))
    }

    /// Whether it failed so often that what waits for it is better left in the log.
    pub(super) fn is_broken(&self, policy: &Delivery) -> bool {
        !self.is_well() && self.fails >= policy.breaker_failures
    }

    /// How many messages were taken.
    pub(super) fn oks(&self) -> u64 {
        self.oks
    }

    /// It took a message.
    pub(super) fn taken(&mut self, policy: &Delivery, at: Ts) {
        self.oks += 1;
        self.answered(policy, at);
        self.last_ok = Some(at);
    }

    /// It answered, though it did not take the message.
    pub(super) fn answered(&mut self, policy: &Delivery, at: Ts) {
        self.fails = 0;
        self.state = State::Well;
        self.window = (self.window + 1).min(policy.per_host.max(1));
        self.last_contact = at;
    }

    /// It failed to answer, or asked us to wait.
    pub(super) fn failed(
        &mut self,
        policy: &Delivery,
        now: Instant,
        at: Ts,
        wait: Option<Duration>,
    ) {
        let known = self.pause(now).is_some();
        // What was under way beside it may yet be taken, but nothing new goes out.
        let asked = wait.map(|wait| now + wait.min(LONGEST_WAIT));
        self.asked = self.asked.max(asked);
        if known {
            // A message that was under way when the first one failed says nothing new.
            return;
        }
        self.fails = self.fails.saturating_add(1);
        self.window = (self.window / 2).max(1);
        let silent = at.seconds().saturating_sub(self.last_contact.seconds());
        let lasting = self.fails >= policy.breaker_failures;
        self.state = if lasting && silent > policy.dormant_after.seconds() {
            State::Parked(now + jittered(PROBE_OF_PARKED))
        } else {
            let pause = pause_after(policy, self.fails);
            State::Failing(now + jittered(pause))
        };
    }

    /// A signed request came from there, so it lives: it is tried at once.
    pub(super) fn seen(&mut self, now: Instant, at: Ts) -> bool {
        self.last_contact = self.last_contact.max(at);
        let lately = self
            .nudged
            .is_some_and(|last| now.duration_since(last) < NUDGE);
        if self.is_well() || lately {
            return false;
        }
        self.nudged = Some(now);
        self.fails = 0;
        self.state = State::Failing(now);
        true
    }

    /// It is tried now, whatever it asked for.
    pub(super) fn retry(&mut self, now: Instant) {
        self.asked = None;
        if !self.is_well() {
            self.state = State::Failing(now);
        }
    }

    /// Whether its last success is much later than the one that was saved; then takes it as saved.
    pub(super) fn has_news(&mut self) -> bool {
        let news = match (self.last_ok, self.recorded) {
            (Some(last), Some(recorded)) => last > recorded.plus_seconds(RECORD_EVERY),
            (last, _) => last.is_some(),
        };
        if news {
            self.recorded = self.last_ok;
        }
        news
    }

    /// What is worth keeping over a restart.
    pub(super) fn standing(&self, policy: &Delivery, now: Instant, at: Ts) -> Standing {
        let (reach, until) = match self.state {
            State::Parked(until) => (Reach::Dormant, until),
            State::Failing(until) if self.fails >= policy.breaker_failures => {
                (Reach::Backoff, until)
            }
            State::Failing(_) | State::Well => (Reach::Ok, now),
        };
        let wait = until.saturating_duration_since(now).as_micros();
        let next_at = Ts(at.0.saturating_add(i64::try_from(wait).unwrap_or(i64::MAX)));
        let fails = if reach == Reach::Ok { 0 } else { self.fails };
        let next_at = if reach == Reach::Ok { Ts(0) } else { next_at };
        Standing {
            reach,
            fails,
            next_at,
            last_ok: self.last_ok,
        }
    }
}

/// The pause after so many failures: doubled with each, up to the cap.
pub(super) fn pause_after(policy: &Delivery, fails: u32) -> Duration {
    let doubled = 2_u32.saturating_pow(fails.saturating_sub(1).min(30));
    policy
        .backoff_base
        .duration()
        .saturating_mul(doubled)
        .min(policy.backoff_cap.duration())
}

/// A quarter more or less, so that servers which failed together do not return together.
pub(super) fn jittered(pause: Duration) -> Duration {
    let thousandths = u32::try_from(750 + token::below(501)).unwrap_or(1000);
    pause.saturating_mul(thousandths) / 1000
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Span;

    const DAY: i64 = 24 * 3600;

    fn policy() -> Delivery {
        Delivery {
            backoff_base: Span::from_seconds(10),
            backoff_cap: Span::from_seconds(60),
            breaker_failures: 3,
            per_host: 4,
            ..Delivery::default()
        }
    }

    #[test]
    fn pauses_double_up_to_the_cap() {
        let pauses: Vec<u64> = (1..6)
            .map(|n| pause_after(&policy(), n).as_secs())
            .collect();
        assert_eq!(pauses, [10, 20, 40, 60, 60]);
        let jittered = jittered(Duration::from_secs(100)).as_secs();
        assert!((75..=125).contains(&jittered));
    }

    #[test]
    fn a_failing_server_is_probed_with_one_message_and_recovers() {
        let (policy, now) = (policy(), Instant::now());
        let mut health = Health::new(Ts(0));
        for _ in 0..5 {
            health.taken(&policy, Ts(0));
        }
        assert_eq!(
            health.allowance(now),
            4,
            "the window grows to what is allowed"
        );
        health.failed(&policy, now, Ts(0), None);
        health.failed(&policy, now, Ts(0), None);
        assert_eq!(
            (health.allowance(now), health.fails),
            (0, 1),
            "one outage counts once"
        );
        let later = now + Duration::from_secs(13);
        assert_eq!(health.allowance(later), 1);
        health.taken(&policy, Ts(1));
        assert!(health.is_well() && health.allowance(later) > 1);
    }

    #[test]
    fn s170_a_server_that_asks_to_wait_is_left_alone_that_long() {
        let (policy, now) = (policy(), Instant::now());
        let mut health = Health::new(Ts(0));
        health.failed(&policy, now, Ts(0), Some(Duration::from_mins(2)));
        let until = now + Duration::from_mins(2);
        assert_eq!(health.pause(now), Some(until));
        health.taken(&policy, Ts(1));
        assert_eq!(health.allowance(now), 0, "what was under way was taken");
        health.seen(now, Ts(2));
        assert_eq!(health.pause(now), Some(until), "though it writes to us");
        assert!(health.allowance(until) > 0);
    }

    #[test]
    fn a_server_that_writes_to_us_is_tried_at_once_but_not_without_end() {
        let (policy, mut now) = (policy(), Instant::now());
        let mut health = Health::new(Ts(0));
        for _ in 0..3 {
            health.failed(&policy, now, Ts(0), None);
            now += Duration::from_secs(100);
        }
        assert!(health.is_broken(&policy));
        assert!(health.seen(now, Ts(1)) && health.allowance(now) == 1);
        health.failed(&policy, now, Ts(1), None);
        assert!(!health.seen(now, Ts(1)));
    }

    #[test]
    fn days_of_silence_park_a_server_over_a_restart() {
        let (policy, now) = (policy(), Instant::now());
        let mut health = Health::new(Ts(0));
        let at = Ts::from_seconds(8 * DAY);
        for minutes in 0..3 {
            assert!(!health.is_parked(), "not for a single failure");
            health.failed(&policy, now + Duration::from_secs(60 * minutes), at, None);
        }
        assert!(health.is_parked());
        let standing = health.standing(&policy, now, at);
        assert_eq!(standing.reach, Reach::Dormant);
        let restored = Health::restored(standing, Ts(0), now, at);
        assert!(restored.is_parked() && restored.pause(now).is_some());
    }

    #[test]
    fn a_failing_server_is_tried_at_once_after_a_restart() {
        let (policy, mut now) = (policy(), Instant::now());
        let mut health = Health::new(Ts(0));
        for _ in 0..4 {
            health.failed(&policy, now, Ts(0), None);
            now += Duration::from_secs(100);
        }
        let standing = health.standing(&policy, now, Ts(0));
        assert_eq!((standing.reach, standing.fails), (Reach::Backoff, 4));
        assert_eq!(
            Health::restored(standing, Ts(0), now, Ts(0)).allowance(now),
            1
        );
    }
}
