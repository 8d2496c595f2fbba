//! `[sharing]`: where else the hub's threads may be shown.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::types::Host;

/// Where else the hub's threads may be shown.
#[derive(Deserialize, Serialize, JsonSchema, Clone, Debug, Default)]
#[serde(default, deny_unknown_fields)]
pub struct Sharing {
    /// The websites that may show threads, groups and buttons of this hub in a frame, as in
    /// `["www.example.com"]`. What is shown there is public and sets no cookies.
    pub embed_hosts: Vec<Host>,
    /// The group in which threads about pages of these websites stand, such as `news`, where such a
    /// page names none. Empty: each page has to name one.
    pub comments_group: String,
}
