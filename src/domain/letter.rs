//! Letters that the hub sends by mail.

use super::clock::Ts;

/// A letter as it waits to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Letter {
    /// The row.
    pub(crate) id: i64,
    /// The address of who gets it.
    pub(crate) recipient: String,
    /// One line.
    pub(crate) subject: String,
    /// What it says, as plain text.
    pub(crate) text: String,
    /// The same as HTML.
    pub(crate) html: String,
    /// Where a single POST ends letters of this sort (RFC 8058).
    pub(crate) unsubscribe: Option<String>,
    /// When it was written.
    pub(crate) created_at: Ts,
    /// After this it is of no use.
    pub(crate) expires_at: Ts,
    /// How often it was tried.
    pub(crate) attempts: i32,
}

/// A letter that was given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DeadLetter {
    /// The address of who should have got it.
    pub(crate) recipient: String,
    /// What it was about.
    pub(crate) subject: String,
    /// Why it was given up.
    pub(crate) problem: String,
    /// When.
    pub(crate) died_at: Ts,
}
