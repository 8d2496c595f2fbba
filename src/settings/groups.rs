//! `[groups]`: who may found a group and how large its texts may be.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Who may found a group and how large its texts may be.
#[derive(Deserialize, Serialize, JsonSchema, Clone, Debug)]
#[serde(default, deny_unknown_fields)]
pub struct Groups {
    /// Who may found a group on this hub: `admins`, `moderators` (and admins) or all `members`.
    pub founders: Founders,
    /// The most letters of a group's title.
    #[schemars(range(min = 30, max = 500))]
    pub title_limit: u32,
    /// The most letters of a group's summary.
    #[schemars(range(min = 0, max = 100_000))]
    pub summary_limit: u32,
    /// The most posts by people of one server that wait in one group for a moderator's word.
    /// Others are turned away until some of them were decided.
    #[schemars(range(min = 1, max = 10_000))]
    pub held_per_server: u32,
}

impl Default for Groups {
    fn default() -> Self {
        Self {
            founders: Founders::Moderators,
            title_limit: 120,
            summary_limit: 10_000,
            held_per_server: 20,
        }
    }
}

/// The least role with which a person may found a group.
#[derive(Deserialize, Serialize, JsonSchema, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Founders {
    /// Admins only.
    Admins,
    /// Moderators of the hub and admins.
    Moderators,
    /// Everybody with an account.
    Members,
}
