//! `[posts]`: how large posts and comments may be, and what is kept around them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::types::Span;

/// How large posts and comments may be, and what is kept around them.
#[derive(Deserialize, Serialize, JsonSchema, Clone, Debug)]
#[serde(default, deny_unknown_fields)]
pub struct Posts {
    /// The most letters of a post's title. Longer titles from other servers are cut.
    #[schemars(range(min = 50, max = 2_000))]
    pub title_limit: u32,
    /// The most letters of a post's text.
    #[schemars(range(min = 500, max = 1_000_000))]
    pub body_limit: u32,
    /// The most letters of a comment.
    #[schemars(range(min = 500, max = 1_000_000))]
    pub comment_limit: u32,
    /// How deep answers may be nested. Deeper ones are refused, from other servers too. Lemmy
    /// refuses answers below 50.
    #[schemars(range(min = 5, max = 100))]
    pub comment_depth: u32,
    /// The most people who are told that one text mentions them.
    #[schemars(range(min = 0, max = 1_000))]
    pub mention_limit: u32,
    /// The most hashtags that one text is found under.
    #[schemars(range(min = 0, max = 1_000))]
    pub tag_limit: u32,
    /// The most drafts and planned posts that one member keeps, and the most answers begun.
    #[schemars(range(min = 1, max = 1_000))]
    pub drafts: u32,
    /// How long it is kept what a post or comment said before it was changed.
    #[schemars(extend("x-min" = "1d", "x-max" = "365d"))]
    pub history_retention: Span,
    /// Whether everybody who can read a text sees what it said before; otherwise its author and the
    /// moderators alone do.
    pub history_public: bool,
    /// The emoji with which members can react to posts and comments; with an empty list they can
    /// only join in reactions that came from other servers.
    #[schemars(length(max = 30))]
    pub reactions: Vec<String>,
    /// Whether posts show what the pages they link to say of themselves: title, description and
    /// picture. The hub fetches such a page once, at most every seven days, and readers fetch
    /// nothing from it. With `false` nothing is fetched, and new posts show the bare link.
    pub link_previews: bool,
}

impl Default for Posts {
    fn default() -> Self {
        Self {
            title_limit: 300,
            body_limit: 100_000,
            comment_limit: 20_000,
            comment_depth: 50,
            mention_limit: 10,
            tag_limit: 100,
            drafts: 100,
            history_retention: Span::from_days(30),
            history_public: false,
            reactions: ["👍", "❤️", "😂", "🎉", "😮", "😢"]
                .map(str::to_owned)
                .to_vec(),
            link_previews: true,
        }
    }
}
