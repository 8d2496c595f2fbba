//! What a text said before it was changed.

use crate::domain::caller::Caller;
use crate::domain::clock::Ts;
use crate::domain::ids::ObjectId;
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::store::versions::{self, Version};
use crate::store::{Db, Res};
use crate::text::diff::{self, Piece};

use super::post::{CommentCard, PostCard, card, comment};

/// The most versions that are shown.
const MOST: u32 = 50;

/// A text with everything that it said, the newest first.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct History {
    /// The post, or that of the thread.
    pub(crate) post: PostCard,
    /// The comment, if it is one.
    pub(crate) comment: Option<CommentCard>,
    /// What it says and said.
    pub(crate) versions: Vec<Step>,
}

/// One version and how it differs from the one before.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Step {
    /// When it was written.
    pub(crate) written_at: Ts,
    /// The title, as pieces; empty for comments.
    pub(crate) title: Vec<Piece>,
    /// The text, as pieces.
    pub(crate) text: Vec<Piece>,
    /// Whether nothing is known of what was before it.
    pub(crate) first: bool,
}

/// The history of a text, for its author, the moderators, and everybody if `public`.
///
/// # Errors
/// If there is no such text, or the caller may not see what it said.
pub(crate) fn of(
    db: &mut Db,
    caller: Caller,
    object: ObjectId,
    public: bool,
    now: Ts,
) -> Result<History, Refusal> {
    let viewer = caller.actor();
    let comment = match object {
        ObjectId::Comment(id) => Some(comment(db, viewer, id)?),
        ObjectId::Post(_) => None,
    };
    let post = match (&comment, object) {
        (Some(card), _) => card.comment.post,
        (None, ObjectId::Post(id)) => id,
        (None, ObjectId::Comment(_)) => {
            return Err(Refusal::not_found("comment.not_found", "There is none."));
        }
    };
    let post = card(db, viewer, post)?;
    let author = comment
        .as_ref()
        .map_or(post.author.id, |card| card.author.id);
    let hidden = post.post.hidden() || comment.as_ref().is_some_and(|card| card.comment.hidden());
    let own = viewer == Some(author);
    if !own && (hidden || !public) {
        policy::require_actor(caller)?;
        let page = super::group::page(db, post.group.clone(), caller, now)?;
        if !page.moderates {
            return Err(Refusal::forbidden(
                "history.closed",
                "Only the author and the moderators see what this said before.",
            ));
        }
    }
    let versions = steps(db, object, &post, comment.as_ref())?;
    Ok(History {
        post,
        comment,
        versions,
    })
}

fn steps(
    db: &mut Db,
    object: ObjectId,
    post: &PostCard,
    comment: Option<&CommentCard>,
) -> Res<Vec<Step>> {
    let mut texts = vec![match comment {
        Some(card) => Version {
            written_at: card.comment.edited_at.unwrap_or(card.comment.published_at),
            title: String::new(),
            source: card.comment.source.clone(),
            html: card.comment.html.clone(),
        },
        None => Version {
            written_at: post.post.edited_at.unwrap_or(post.post.published_at),
            title: post.post.title.clone(),
            source: post.post.source.clone(),
            html: post.post.html.clone(),
        },
    }];
    texts.extend(versions::list(db, object, MOST)?);
    let words: Vec<(Ts, String, String)> = texts.into_iter().map(words).collect();
    let mut steps = Vec::with_capacity(words.len());
    for (place, (written_at, title, text)) in words.iter().enumerate() {
        let before = words.get(place + 1);
        let (old_title, old_text) = before.map_or((title, text), |(_, title, text)| (title, text));
        steps.push(Step {
            written_at: *written_at,
            title: diff::words(old_title, title),
            text: diff::words(old_text, text),
            first: before.is_none(),
        });
    }
    Ok(steps)
}

/// What people read of a version: its source, or the text of what came without one.
fn words(version: Version) -> (Ts, String, String) {
    let text = version
        .source
        .unwrap_or_else(|| crate::text::plain::plain(&version.html));
    (version.written_at, version.title, text)
}
