//! Questions: posts that want an answer, and the one that helped.

use super::clock::Ts;
use super::ids::{ActorId, CommentId};

/// Where a question stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Question {
    /// The answer that helped; `None`: the question is open.
    pub(crate) answer: Option<Chosen>,
}

/// An answer that was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Chosen {
    /// Which.
    pub(crate) comment: CommentId,
    /// By whom: the one who asked, or a moderator.
    pub(crate) by: ActorId,
    /// When.
    pub(crate) at: Ts,
}

/// Which questions are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Which {
    /// Asked where.
    pub(crate) of: Of,
    /// Those without an answer that helped; otherwise those with one.
    pub(crate) open: bool,
    /// In which order.
    pub(crate) oldest_first: bool,
}

/// Where questions are asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Of {
    /// In every group that is known.
    All,
    /// In the hub's own groups.
    Here,
    /// In these.
    Groups(Vec<ActorId>),
}

impl Of {
    /// In one group, or everywhere.
    pub(crate) fn one(group: Option<ActorId>) -> Self {
        group.map_or(Self::All, |group| Self::Groups(vec![group]))
    }
}

impl Which {
    /// Those that wait for an answer, the newest first.
    pub(crate) fn open(of: Of) -> Self {
        Self {
            of,
            open: true,
            oldest_first: false,
        }
    }
}
