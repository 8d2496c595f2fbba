//! Invitations: a link with which people join, so and so often, for a while.

use super::clock::Ts;
use super::ids::ActorId;

/// An invitation; only a hash of what stands in its link is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Invitation {
    /// The row.
    pub(crate) id: i64,
    /// Who invites.
    pub(crate) author: ActorId,
    /// For whom it is, as its author notes it.
    pub(crate) note: String,
    /// How many may join with it.
    pub(crate) most_uses: i32,
    /// How many did.
    pub(crate) uses: i32,
    /// When it was made.
    pub(crate) created_at: Ts,
    /// When it ends.
    pub(crate) expires_at: Ts,
}

impl Invitation {
    /// Whether somebody may still join with it.
    pub(crate) fn is_good(&self, now: Ts) -> bool {
        self.uses < self.most_uses && self.expires_at > now
    }
}
