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
