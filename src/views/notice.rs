//! The notices of a member.

use crate::domain::actor::Actor;
use crate::domain::ids::{ActorId, CommentId, PostId};
use crate::domain::notice::Notice;
use crate::domain::page::{Page, PageRequest};
use crate::store::{Db, Res, actors, comments, notices, posts};

/// A notice with who did it and where.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct NoticeCard {
    /// The notice.
    pub(crate) notice: Notice,
    /// Who did it.
    pub(crate) by: Actor,
    /// The thread.
    pub(crate) post: PostId,
    /// The comment in it, if it happened in one.
    pub(crate) comment: Option<CommentId>,
    /// The title of the post, or the beginning of the comment.
    pub(crate) excerpt: String,
}

/// The notices of a member, newest first: four queries.
pub(crate) fn page(db: &mut Db, member: ActorId, request: PageRequest) -> Res<Page<NoticeCard>> {
    let page = notices::list(db, member, request)?;
    let by: Vec<ActorId> = page.items.iter().map(|notice| notice.by).collect();
    let people = actors::list_by_ids(db, &by)?;
    let post_ids: Vec<PostId> = page
        .items
        .iter()
        .map(|notice| PostId(notice.object))
        .collect();
    let comment_ids: Vec<CommentId> = page
        .items
        .iter()
        .map(|notice| CommentId(notice.object))
        .collect();
    let posts = posts::list_by_ids(db, &post_ids)?;
    let comments = comments::list_by_ids(db, &comment_ids)?;
    let card = |notice: Notice| {
        let by = people.iter().find(|actor| actor.id == notice.by)?.clone();
        if let Some(post) = posts.iter().find(|post| post.id.0 == notice.object) {
            let excerpt = post.title.clone();
            return Some(NoticeCard {
                notice,
                by,
                post: post.id,
                comment: None,
                excerpt,
            });
        }
        let comment = comments
            .iter()
            .find(|comment| comment.id.0 == notice.object)?;
        Some(NoticeCard {
            notice,
            by,
            post: comment.post,
            comment: Some(comment.id),
            excerpt: crate::text::plain::excerpt_html(&comment.html, 160),
        })
    };
    let next = page.next;
    Ok(Page {
        items: page.items.into_iter().filter_map(card).collect(),
        next,
    })
}

/// How many notices a member has not read.
pub(crate) fn unread(db: &mut Db, member: ActorId) -> Res<i64> {
    notices::count_unread(db, member)
}
