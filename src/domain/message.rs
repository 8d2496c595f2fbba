//! Private messages: what people write to each other and nobody else reads.

use super::clock::Ts;
use super::ids::{ActorId, ConversationId, MessageId, Uri};

/// The most people who can talk in one conversation.
pub(crate) const MOST_MEMBERS: usize = 20;

/// One message.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Message {
    /// The row, and the number in its id.
    pub(crate) id: MessageId,
    /// The ActivityPub id.
    pub(crate) uri: Uri,
    /// Among whom.
    pub(crate) conversation: ConversationId,
    /// Who wrote it.
    pub(crate) author: ActorId,
    /// The Markdown source; `None` where a peer sent none.
    pub(crate) source: Option<String>,
    /// Safe HTML.
    pub(crate) html: String,
    /// When it was written.
    pub(crate) published_at: Ts,
    /// When its author last changed it.
    pub(crate) edited_at: Option<Ts>,
    /// When its author deleted it.
    pub(crate) deleted_at: Option<Ts>,
    /// Written on this hub.
    pub(crate) local: bool,
}

/// A conversation as one of its members sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Conversation {
    /// The row.
    pub(crate) id: ConversationId,
    /// Its newest message.
    pub(crate) last: MessageId,
    /// The newest message that the member has seen.
    pub(crate) read: MessageId,
}
