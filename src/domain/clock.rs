//! Now, and its test double. The only file of the project that reads the wall clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// A moment in UTC, in microseconds since 1970.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Default,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(transparent)]
pub(crate) struct Ts(pub(crate) i64);

const SECOND: i64 = 1_000_000;

impl Ts {
    /// RFC 3339 in UTC with whole seconds, as every peer reads it.
    pub(crate) fn rfc3339(self) -> String {
        self.timestamp().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }

    /// RFC 3339 in UTC with microseconds, so that two edits within a second differ.
    pub(crate) fn rfc3339_micros(self) -> String {
        self.timestamp()
            .strftime("%Y-%m-%dT%H:%M:%S%.6fZ")
            .to_string()
    }

    /// Reads RFC 3339; `None` if it is none or lies outside the years 1970 to 9999.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text.len() > 64 {
            return None;
        }
        let micros = text
            .trim()
            .parse::<jiff::Timestamp>()
            .ok()?
            .as_microsecond();
        (0..=253_402_300_799 * SECOND)
            .contains(&micros)
            .then_some(Self(micros))
    }

    /// Reads a time or a day in UTC that does not say so, such as `2024-05-05 10:00:00`, within the
    /// bounds of [`Self::parse`].
    pub(crate) fn parse_civil(text: &str) -> Option<Self> {
        if text.len() > 64 {
            return None;
        }
        let time: jiff::civil::DateTime = text.trim().parse().ok()?;
        Self::parse(&format!("{time}Z"))
    }

    /// Reads a time of day as a clock in this time zone shows it, such as `2026-06-01T20:00` in
    /// `Europe/Berlin`; `None` if either is none.
    pub(crate) fn in_zone(text: &str, zone: &str) -> Option<Self> {
        let time: jiff::civil::DateTime = text.trim().parse().ok()?;
        let micros = time.in_tz(zone).ok()?.timestamp().as_microsecond();
        Some(Self(micros))
    }

    /// What a clock in this time zone shows, to the minute: the reverse of [`Self::in_zone`].
    pub(crate) fn local(self, zone: &str) -> Option<String> {
        let zoned = self.timestamp().in_tz(zone).ok()?;
        Some(zoned.strftime("%Y-%m-%dT%H:%M").to_string())
    }

    /// The moment at which a clock in UTC shows what one in this time zone shows at this moment; this
    /// moment itself, if there is no zone of that name.
    pub(crate) fn on_clock(self, zone: &str) -> Self {
        let shown = self.local(zone);
        shown
            .and_then(|shown| Self::in_zone(&shown, "UTC"))
            .unwrap_or(self)
    }

    /// The year and the month in UTC, such as `2026-06`.
    pub(crate) fn year_and_month(self) -> String {
        self.rfc3339().chars().take(7).collect()
    }

    /// The day in this time zone (in UTC, if there is none of that name), such as `2026-06-01`.
    pub(crate) fn date(self, zone: &str) -> String {
        let text = self.local(zone).unwrap_or_else(|| self.rfc3339());
        text.chars().take(10).collect()
    }

    /// Whole seconds since 1970.
    pub(crate) fn seconds(self) -> i64 {
        self.0.div_euclid(SECOND)
    }

    /// From whole seconds since 1970; saturates.
    #[cfg(test)]
    pub(crate) fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(SECOND))
    }

    /// This moment moved by some seconds, forwards or back; saturates.
    pub(crate) fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(SECOND)))
    }

    /// This moment as the standard library's wall time, for HTTP dates.
    pub(crate) fn system_time(self) -> std::time::SystemTime {
        let micros = u64::try_from(self.0).unwrap_or(0);
        std::time::UNIX_EPOCH + std::time::Duration::from_micros(micros)
    }

    fn timestamp(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }
}

/// Where "now" comes from: the machine, or a hand-set value in tests.
#[derive(Clone, Debug)]
pub(crate) enum Clock {
    /// The machine's wall clock.
    System,
    /// A clock that stands still until it is moved.
    #[cfg_attr(not(test), expect(dead_code, reason = "tests hold the clock still"))]
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands still at this moment.
    #[cfg(test)]
    pub(crate) fn fixed(at: Ts) -> Self {
        Self::Fixed(Arc::new(AtomicI64::new(at.0)))
    }

    /// The current moment.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the wall clock"
    )]
    pub(crate) fn now(&self) -> Ts {
        match self {
            Self::System => {
                let since = std::time::SystemTime::now()
                    .duration_since(std::time::UNIX_EPOCH)
                    .unwrap_or_default();
                Ts(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
            }
            Self::Fixed(at) => Ts(at.load(Ordering::Relaxed)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_survive_the_wire() {
        let at = Ts::parse("2026-11-01T10:00:00.25+01:00").unwrap();
        assert_eq!(at.rfc3339(), "2026-11-01T09:00:00Z");
        assert_eq!(at.rfc3339_micros(), "2026-11-01T09:00:00.250000Z");
        assert_eq!(Ts::parse(&at.rfc3339_micros()), Some(at));
    }

    #[test]
    fn nonsense_times_are_none() {
        for text in [
            "",
            "yesterday",
            "1800-01-01T00:00:00Z",
            "99999-01-01T00:00:00Z",
        ] {
            assert_eq!(Ts::parse(text), None, "{text}");
        }
    }
}
