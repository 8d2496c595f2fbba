//! The wish of a member to leave the hub, and what is to become of their words.

use super::clock::Ts;
use super::ids::ActorId;

/// An account that is deleted when its time comes, unless its owner thinks better of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Departure {
    /// Whose.
    pub(crate) actor: ActorId,
    /// When.
    pub(crate) leaves_at: Ts,
    /// Whether what they wrote stays, without their name.
    pub(crate) keeps_words: bool,
}
