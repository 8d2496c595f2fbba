//! What Guildhall sends and serves, in exactly the shapes of federation.md 1, 2, 4 and 6: plain
//! structs in, JSON documents out. Which peer gets which document is for `quirks`; how a view
//! becomes one of these structs is for the mapping of each noun.
//!
//! All documents come without `@context`, for embedded ones carry none; [`with_context`] adds it
//! to the outermost.

mod activity;
mod actor;
mod address;
mod collection;
mod comment;
mod context;
mod discovery;
mod map;
mod message;
mod native;
mod normalise;
mod parts;
mod post;
mod quote;

#[cfg(test)]
pub(super) mod strict;

pub(crate) use activity::{
    Block, Echo, Envelope, PollVote, QuoteEcho, accept, add, announce, announce_object, block,
    choose_answer, create, delete, delete_account, delete_as_moderator, delete_as_tombstone,
    dislike, emoji_react, flag, follow, join, leave, letter, like, like_with, lock, move_account,
    move_thread, poll_vote, quote_answer, quote_request, quote_stamp, reject, remove, resolve,
    undo, update,
};
pub(crate) use actor::{
    ActorKeys, GroupDocument, InstanceDocument, PersonDocument, group, instance, person, stub,
    tombstone,
};
pub(crate) use address::{Addressing, GroupRef, public};
pub(crate) use collection::{
    Page, context_collection, featured, followers, moderators, outbox, page, replies, replies_page,
    totals, unlisted,
};
pub(crate) use comment::{CommentDocument, comment};
pub(crate) use context::with_context;
pub(crate) use discovery::{
    Account, NodeInfoDocument, NodeInfoVersion, host_meta_json, host_meta_xml, nodeinfo,
    nodeinfo_links, webfinger,
};
pub(crate) use map::{Around, Place};
pub(crate) use message::{MessageDocument, chat_message, message_note};
pub(crate) use native::post_note;
pub(crate) use normalise::normalise;
pub(crate) use parts::{MentionRef, Replies, Text};
pub(crate) use post::{PostDocument, post};
pub(crate) use quote::{QuoteRef, Quoting};
