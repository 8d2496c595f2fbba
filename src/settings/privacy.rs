//! `[privacy]`: what the hub tells the world and how long it keeps what it was told.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::types::Span;

/// What the hub tells the world and how long it keeps what it was told.
#[derive(Deserialize, Serialize, JsonSchema, Clone, Debug)]
#[serde(default, deny_unknown_fields)]
pub struct Privacy {
    /// Whether search engines may list the hub's public pages.
    pub search_engines: bool,
    /// Whether the numbers of members, posts and comments are published (NodeInfo).
    pub statistics: bool,
    /// How long messages from other servers are kept as they came, once they are worked off. Their
    /// ids are kept as long, so that a message that comes again does nothing.
    #[schemars(extend("x-min" = "1d", "x-max" = "365d"))]
    pub inbox_retention: Span,
    /// What becomes of the words of people whose account is deleted, here or elsewhere: `remove`
    /// takes them away, `anonymise` leaves them without the name for display, the text about the
    /// person and their pictures.
    pub deleted_accounts: DeletedAccounts,
}

/// What becomes of the words of people who are gone.
#[derive(Deserialize, Serialize, JsonSchema, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum DeletedAccounts {
    /// They go.
    Remove,
    /// They stay, the name goes.
    Anonymise,
}

impl Default for Privacy {
    fn default() -> Self {
        Self {
            search_engines: true,
            statistics: true,
            inbox_retention: Span::from_days(14),
            deleted_accounts: DeletedAccounts::Remove,
        }
    }
}
