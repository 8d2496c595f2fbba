//! `[moderation]`: how reports travel, and where lists of servers come from.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::types::{ByteSize, Span};

/// How reports travel, and how lists of blocked servers are read.
#[derive(Deserialize, Serialize, JsonSchema, Clone, Debug)]
#[serde(default, deny_unknown_fields)]
pub struct Moderation {
    /// Whether the server of somebody who is reported here is told, too. The moderators of a group
    /// on another server are told in any case.
    pub forward_reports: bool,
    /// Who signs reports that leave the hub: `hub` names nobody, `member` names who reported.
    /// Servers of the Mastodon family hear from the hub in any case.
    pub reports_by: ReportedBy,
    /// How often lists of blocked servers that the hub subscribed to are read anew.
    #[schemars(extend("x-min" = "1h", "x-max" = "30d"))]
    pub list_refresh: Span,
    /// The largest list of blocked servers that is read.
    #[schemars(extend("x-min" = "64 KiB", "x-max" = "64 MiB"))]
    pub list_body: ByteSize,
}

impl Default for Moderation {
    fn default() -> Self {
        Self {
            forward_reports: true,
            reports_by: ReportedBy::Member,
            list_refresh: Span::from_days(1),
            list_body: ByteSize::from_mib(8),
        }
    }
}

/// Who signs a report.
#[derive(Deserialize, Serialize, JsonSchema, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum ReportedBy {
    /// The hub itself.
    Hub,
    /// Who reported.
    Member,
}
