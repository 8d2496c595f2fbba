//! A text as it comes in: Markdown from members, HTML from other servers; and how edits arrive.

use crate::domain::actor::Actor;
use crate::domain::clock::Ts;
use crate::domain::ids::{ActorId, Handle};
use crate::domain::names::Names;
use crate::domain::refusal::Refusal;
use crate::store::{Db, actors};
use crate::text::language;
use crate::text::markdown::{self, Links};
use crate::text::mention::{self, Mention};
use crate::text::{sanitise, title};

/// Characters of a text from elsewhere that are kept (security.md 5.4).
const LONGEST_FOREIGN: usize = 100_000;

/// A text to be stored.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub(crate) enum Markup {
    /// Markdown, written here.
    Markdown(String),
    /// HTML from another server, already safe.
    Html(Foreign),
}

/// A foreign text; made by [`Foreign::new`] only, so its HTML is safe.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Foreign {
    html: String,
    source: Option<String>,
    hashtags: Vec<String>,
    mentions: Vec<ActorId>,
}

impl Foreign {
    /// A foreign text; its HTML is sanitised and cut here, outside any transaction.
    pub(crate) fn new(
        html: &str,
        source: Option<&str>,
        hashtags: Vec<String>,
        mentions: Vec<ActorId>,
    ) -> Self {
        Self {
            html: storable(&sanitise::clean_to(html, LONGEST_FOREIGN)),
            source: source.map(storable),
            hashtags,
            mentions,
        }
    }

    /// The safe HTML.
    pub(crate) fn html(&self) -> &str {
        &self.html
    }
}

/// How a change of a text arrived.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Edit {
    /// From a member of this hub.
    Local,
    /// From another server.
    Remote {
        /// When, by the author's word.
        edited_at: Ts,
        /// The activity to be announced by a local group.
        relay: Option<String>,
    },
}

impl Edit {
    /// The activity to be announced.
    pub(crate) fn relay(&self) -> Option<String> {
        match self {
            Self::Local => None,
            Self::Remote { relay, .. } => relay.clone(),
        }
    }
}

/// A text ready to be stored.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Rendered {
    pub(super) html: String,
    pub(super) source: Option<String>,
    pub(super) hashtags: Vec<String>,
    pub(super) mentions: Vec<ActorId>,
}

impl Markup {
    /// The length in characters of what was written.
    pub(super) fn length(&self) -> usize {
        match self {
            Self::Markdown(source) => source.chars().count(),
            Self::Html(foreign) => foreign.html.chars().count(),
        }
    }

    /// Whether there is nothing to read.
    pub(super) fn is_blank(&self) -> bool {
        match self {
            Self::Markdown(source) => title::is_blank(source),
            Self::Html(foreign) => foreign.html.trim().is_empty(),
        }
    }

    /// Renders Markdown with links to the people and hashtags that it names.
    pub(super) fn render(
        &self,
        db: &mut Db,
        names: &Names,
        mention_limit: u32,
    ) -> Result<Rendered, Refusal> {
        let written = match self {
            Self::Html(foreign) => {
                let foreign = foreign.clone();
                return Ok(Rendered {
                    html: foreign.html,
                    source: foreign.source,
                    hashtags: foreign.hashtags,
                    mentions: first(foreign.mentions, mention_limit),
                });
            }
            Self::Markdown(source) => storable(source),
        };
        let source = written.as_str();
        let people = mentioned(db, names, source, mention_limit)?;
        let hashtags = mention::find_hashtags(source);
        let find = |mention: &Mention| {
            let known = people.iter().find(|(written, _)| written == mention);
            known.map(|(_, actor)| actor.url.clone())
        };
        let tag = |tag: &str| Some(names.hashtag(&tag.to_lowercase()));
        let html = markdown::render(
            source,
            &Links {
                mention: &find,
                hashtag: &tag,
            },
        );
        Ok(Rendered {
            html,
            source: Some(written.clone()),
            hashtags,
            mentions: people.into_iter().map(|(_, actor)| actor.id).collect(),
        })
    }
}

/// The language that is said of a text, in its usual spelling; what came from elsewhere has it already.
pub(super) fn checked_language(said: Option<&str>, local: bool) -> Result<Option<String>, Refusal> {
    let Some(said) = said else { return Ok(None) };
    if !local {
        return Ok(Some(said.to_owned()));
    }
    let tag = language::tag(said).ok_or_else(|| {
        Refusal::invalid(
            "language",
            "post.language",
            "A language is named by its short tag, such as en or de-AT.",
        )
    })?;
    Ok(Some(tag))
}

/// A text without the one letter that PostgreSQL cannot store.
pub(super) fn storable(text: &str) -> String {
    text.replace('\0', "")
}

fn first<T>(mut list: Vec<T>, limit: u32) -> Vec<T> {
    list.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    list
}

fn mentioned(
    db: &mut Db,
    names: &Names,
    source: &str,
    limit: u32,
) -> Result<Vec<(Mention, Actor)>, Refusal> {
    let mut people = Vec::new();
    for mention in first(mention::find_mentions(source), limit) {
        let host = mention.host.clone().filter(|host| host != names.host());
        let handle = Handle {
            name: mention.name.clone(),
            host,
        };
        if let Some(actor) = actors::find_by_handle(db, &handle, None)? {
            people.push((mention, actor));
        }
    }
    Ok(people)
}
