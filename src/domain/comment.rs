//! Comments: what answers a post or another comment.

use super::clock::Ts;
use super::ids::{ActorId, CommentId, PostId, Uri};
use super::post::Attachment;

/// A comment as the hub knows it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Comment {
    /// The row, and the number in its address.
    pub(crate) id: CommentId,
    /// The ActivityPub id.
    pub(crate) uri: Uri,
    /// The page for people.
    pub(crate) url: String,
    /// The thread.
    pub(crate) post: PostId,
    /// The comment it answers; `None`: the post itself.
    pub(crate) parent: Option<CommentId>,
    /// Who wrote it.
    pub(crate) author: ActorId,
    /// 1 for an answer to the post, one more for each level below.
    pub(crate) depth: i32,
    /// Where it stands in the thread: its ancestors' ids and its own, in fixed width.
    pub(crate) path: String,
    /// The Markdown source; `None` where a peer sent none.
    pub(crate) source: Option<String>,
    /// Safe HTML.
    pub(crate) html: String,
    /// BCP 47 tag of its language.
    pub(crate) language: Option<String>,
    /// When it was published.
    pub(crate) published_at: Ts,
    /// When its author last changed it.
    pub(crate) edited_at: Option<Ts>,
    /// Deleted by its author.
    pub(crate) deleted_at: Option<Ts>,
    /// Removed by a moderator.
    pub(crate) removed_at: Option<Ts>,
    /// Why it was removed.
    pub(crate) removal_reason: Option<String>,
    /// Likes.
    pub(crate) upvotes: i64,
    /// Dislikes.
    pub(crate) downvotes: i64,
    /// Spoken as a moderator.
    pub(crate) distinguished: bool,
    /// Takes no more answers.
    pub(crate) locked: bool,
    /// Written on this hub.
    pub(crate) local: bool,
    /// Not for everybody's eyes.
    pub(crate) sensitive: bool,
    /// The author's content warning.
    pub(crate) warning: Option<String>,
    /// Pictures and files.
    pub(crate) attachments: Vec<Attachment>,
}

impl Comment {
    /// Whether nobody but moderators may read it any more.
    pub(crate) fn hidden(&self) -> bool {
        self.deleted_at.is_some() || self.removed_at.is_some()
    }
}

/// Digits that sort as their values do.
const DIGITS: &[u8; 32] = b"0123456789abcdefghijklmnopqrstuv";

/// The digits that each level adds to a path.
pub(crate) const PATH_STEP: usize = 11;

/// The place of a comment in its thread: the parent's path and eleven base-32 digits of its id.
///
/// A path sorts after its ancestors and before the next sibling, on both databases.
pub(crate) fn path(parent: Option<&str>, id: CommentId) -> String {
    let mut text = String::from(parent.unwrap_or_default());
    for place in (0..PATH_STEP).rev() {
        let digit = usize::try_from((id.0 >> (place * 5)) & 31).unwrap_or(0);
        text.push(char::from(DIGITS.get(digit).copied().unwrap_or(b'0')));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_sort_in_thread_order() {
        let first = path(None, CommentId(5));
        let below = path(Some(&first), CommentId(900_000_000_000));
        let second = path(None, CommentId(6));
        assert!(first < below && below < second);
        assert_eq!(first.len(), 11);
    }
}
