//! Who is signed in where.

use super::clock::Ts;

/// A browser that is signed in, as its owner sees it in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Device {
    /// The hash of its token.
    pub(crate) token_hash: String,
    /// What it is, such as "Firefox, Linux".
    pub(crate) name: String,
    /// Since when.
    pub(crate) created_at: Ts,
    /// When somebody was last seen in it, to the hour.
    pub(crate) seen_at: Ts,
}
