//! What admins tell everybody at the top of pages.

use super::clock::Ts;
use super::ids::{ActorId, AnnouncementId};

/// For whom an announcement is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Audience {
    /// Whoever looks at a page.
    Everybody,
    /// People who are signed in.
    Members,
}

impl Audience {
    /// The stable lower-case name.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Everybody => "everybody",
            Self::Members => "members",
        }
    }

    /// Reads the stable name.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "everybody" => Some(Self::Everybody),
            "members" => Some(Self::Members),
            _ => None,
        }
    }
}

/// An announcement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Announcement {
    /// The row.
    pub(crate) id: AnnouncementId,
    /// What was written, in Markdown.
    pub(crate) source: String,
    /// The same as safe HTML.
    pub(crate) html: String,
    /// For whom.
    pub(crate) audience: Audience,
    /// From when it is shown.
    pub(crate) starts_at: Ts,
    /// Until when; `None`: until somebody ends it.
    pub(crate) ends_at: Option<Ts>,
    /// Who wrote it last.
    pub(crate) author: ActorId,
}

impl Announcement {
    /// Whether it is over.
    pub(crate) fn is_over(&self, now: Ts) -> bool {
        self.ends_at.is_some_and(|end| end <= now)
    }

    /// Whether somebody is shown it at this moment.
    pub(crate) fn is_for(&self, member: bool, now: Ts) -> bool {
        let theirs = member || self.audience == Audience::Everybody;
        theirs && self.starts_at <= now && !self.is_over(now)
    }
}
