//! Events: where and when people meet, and how one comes to take part.

use super::clock::Ts;

/// The most letters of a place or the name of a time zone.
pub(crate) const LONGEST_PLACE: usize = 300;

/// A meeting.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Event {
    /// Begin.
    pub(crate) starts_at: Ts,
    /// End, where it is known.
    pub(crate) ends_at: Option<Ts>,
    /// IANA name of the time zone of the place, such as `Europe/Berlin`.
    pub(crate) timezone: String,
    /// Name and address of the place in one line.
    pub(crate) place: Option<String>,
    /// Where it happens online.
    pub(crate) online_url: Option<String>,
    /// Who may come.
    pub(crate) join_mode: JoinMode,
    /// How many may come; `None`: as many as want to.
    pub(crate) capacity: Option<i64>,
    /// How many come, as the server of the organiser counts them.
    pub(crate) attendees: i64,
}

impl Event {
    /// Whether it is too late to say that one comes.
    pub(crate) fn is_over(&self, now: Ts) -> bool {
        self.ends_at.unwrap_or(self.starts_at) <= now
    }
}

/// Who may come to a meeting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) enum JoinMode {
    /// Whoever wants to.
    #[default]
    Free,
    /// Whom the organiser accepts.
    Restricted,
    /// Whom the organiser asks.
    Invite,
    /// Whoever signs up somewhere else.
    External,
}

impl JoinMode {
    /// The name on the wire and in the store.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Restricted => "restricted",
            Self::Invite => "invite",
            Self::External => "external",
        }
    }

    /// Reads the name; `None` if there is no such mode.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        [Self::Free, Self::Restricted, Self::Invite, Self::External]
            .into_iter()
            .find(|mode| mode.as_str() == text)
    }
}

/// Somebody who comes, or wants to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Attendance {
    /// Whether the organiser agrees; until then they wait.
    pub(crate) accepted: bool,
    /// The id of their Join.
    pub(crate) uri: String,
}
