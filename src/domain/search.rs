//! What people look for, and what search engines may list.

use super::clock::Ts;
use super::ids::{ActorId, PostId};

/// Which posts are meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Kind {
    /// All.
    #[default]
    Posts,
    /// Questions that one answer settles.
    Questions,
    /// Meetings.
    Events,
}

/// What is looked for; nothing said is nothing asked.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Filter {
    /// Words, all of which must occur.
    pub(crate) words: String,
    /// Which posts.
    pub(crate) kind: Kind,
    /// In this group.
    pub(crate) group: Option<ActorId>,
    /// By this author.
    pub(crate) author: Option<ActorId>,
    /// Not before.
    pub(crate) since: Option<Ts>,
    /// Before.
    pub(crate) until: Option<Ts>,
    /// In this language.
    pub(crate) language: Option<String>,
}

impl Filter {
    /// Looks for words and nothing else.
    pub(crate) fn of(words: &str) -> Self {
        Self {
            words: words.to_owned(),
            ..Self::default()
        }
    }
}

/// A local post that search engines may list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Listed {
    /// The post.
    pub(crate) id: PostId,
    /// When it last changed.
    pub(crate) changed: Ts,
}

/// A post that shares words with another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Related {
    /// The row.
    pub(crate) id: PostId,
    /// Its title.
    pub(crate) title: String,
    /// Where it stands.
    pub(crate) group: ActorId,
    /// Comments that are visible.
    pub(crate) comment_count: i64,
}
