//! `[intake]`: how much work what comes from other servers may cause.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::types::Span;

/// How much work what comes from other servers may cause. Sizes, depth and the fetches of one
/// message are in `[federation]`, rates in `[limits]`.
#[derive(Deserialize, Serialize, JsonSchema, Clone, Debug)]
#[serde(default, deny_unknown_fields)]
pub struct Intake {
    /// The most values (texts, numbers, lists, objects) that one document may hold. Larger ones
    /// are refused.
    #[schemars(range(min = 4_096, max = 1_000_000))]
    pub values: u32,
    /// The most addressees of one document among whom its group is looked for.
    #[schemars(range(min = 5, max = 1_000))]
    pub addressees: u16,
    /// The most people whom one text can mention.
    #[schemars(range(min = 1, max = 500))]
    pub mentions: u16,
    /// The most hashtags of one text that are kept.
    #[schemars(range(min = 0, max = 500))]
    pub hashtags: u16,
    /// The most pictures and files of one text that are kept.
    #[schemars(range(min = 0, max = 16))]
    pub attachments: u16,
    /// The most things that one report can be about.
    #[schemars(range(min = 1, max = 500))]
    pub reported: u16,
    /// How many unknown answers are fetched upwards, from one that came to something known.
    /// `federation.fetches_per_job` bounds them too.
    #[schemars(range(min = 1, max = 500))]
    pub ancestors: u16,
    /// How deep the answers to a post elsewhere are followed downwards.
    #[schemars(range(min = 1, max = 500))]
    pub answer_depth: u16,
    /// The most pages of one collection that are read.
    #[schemars(range(min = 1, max = 100))]
    pub collection_pages: u16,
    /// The most threads of a group elsewhere that are fetched when somebody joins it first.
    #[schemars(range(min = 1, max = 500))]
    pub backfill_threads: u16,
    /// The most fetches for the past of one group, or for the answers to one post.
    #[schemars(range(min = 10, max = 10_000))]
    pub backfill_fetches: u16,
    /// How long the past of one group, or the answers to one post, are fetched at most.
    #[schemars(extend("x-min" = "1s", "x-max" = "1h"))]
    pub backfill_time: Span,
}

impl Default for Intake {
    fn default() -> Self {
        Self {
            values: 65_536,
            addressees: 60,
            mentions: 30,
            hashtags: 50,
            attachments: 16,
            reported: 50,
            ancestors: 50,
            answer_depth: 100,
            collection_pages: 10,
            backfill_threads: 50,
            backfill_fetches: 500,
            backfill_time: Span::from_minutes(1),
        }
    }
}
