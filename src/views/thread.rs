//! A thread: a post and the comments below it, in reading order.

use crate::domain::comment::Comment;
use crate::domain::ids::{ActorId, CommentId, ObjectId, PostId};
use crate::domain::page::{Cursor, Page, PageRequest};
use crate::domain::refusal::Refusal;
use crate::store::{Db, Res, comments, confirmations};

use super::post::{CommentCard, PostCard, card, comment_cards};

/// A post with a page of its comments.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Thread {
    /// The post.
    pub(crate) post: PostCard,
    /// Its comments in reading order; hidden ones keep their place.
    pub(crate) comments: Page<CommentCard>,
    /// Whether the viewer wrote the post for a group elsewhere, which has not passed it on yet.
    pub(crate) waits: bool,
}

/// A post and a page of its comments.
///
/// # Errors
/// If there is no such post.
pub(crate) fn thread(
    db: &mut Db,
    viewer: Option<ActorId>,
    post: PostId,
    request: PageRequest,
) -> Result<Thread, Refusal> {
    let post = card(db, viewer, post)?;
    let comments = page(db, viewer, post.post.id, request)?;
    let sent = !post.group.local && post.post.local && viewer == Some(post.author.id);
    let waits = sent && !confirmations::contains(db, ObjectId::Post(post.post.id))?;
    Ok(Thread {
        post,
        comments,
        waits,
    })
}

/// A page of the comments of a post, in reading order.
pub(crate) fn page(
    db: &mut Db,
    viewer: Option<ActorId>,
    post: PostId,
    request: PageRequest,
) -> Res<Page<CommentCard>> {
    let after = match request.after {
        Some(cursor) => comments::find(db, CommentId(cursor.id))?.map(|comment| comment.path),
        None => None,
    };
    let rows = comments::list_thread(db, post, after.as_deref(), request.limit + 1)?;
    let page = Page::cut(rows, request.limit, |c: &Comment| Cursor {
        key: 0.0,
        id: c.id.0,
    });
    let items = comment_cards(db, viewer, page.items)?;
    Ok(Page {
        items,
        next: page.next,
    })
}

/// The visible comments of an author, newest first.
pub(crate) fn of_author(
    db: &mut Db,
    viewer: Option<ActorId>,
    author: ActorId,
    request: PageRequest,
) -> Res<Page<CommentCard>> {
    let before = request.after.map(|cursor| cursor.id);
    let rows = comments::list_of_author(db, author, before, request.limit + 1)?;
    let page = Page::cut(rows, request.limit, |c: &Comment| Cursor {
        key: 0.0,
        id: c.id.0,
    });
    let items = comment_cards(db, viewer, page.items)?;
    Ok(Page {
        items,
        next: page.next,
    })
}
