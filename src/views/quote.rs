//! The quotes of what somebody wrote.

use crate::domain::actor::Actor;
use crate::domain::ids::{ActorId, CommentId, ObjectId, PostId};
use crate::domain::page::{Page, PageRequest};
use crate::domain::quote::{Quote, QuotePolicy};
use crate::store::{Db, Res, actors, comments, posts, quotes};

/// A quote with who quotes and what.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct QuoteLine {
    /// The quote.
    pub(crate) quote: Quote,
    /// Who quotes.
    pub(crate) by: Actor,
    /// What is quoted.
    pub(crate) object: ObjectId,
    /// Its title, or its beginning.
    pub(crate) excerpt: String,
}

/// The quotes that an author allows, newest first: four queries.
pub(crate) fn of_author(
    db: &mut Db,
    author: ActorId,
    request: PageRequest,
) -> Res<Page<QuoteLine>> {
    let page = quotes::list_of_author(db, author, request)?;
    let by: Vec<ActorId> = page.items.iter().map(|quote| quote.quoter).collect();
    let people = actors::list_by_ids(db, &by)?;
    let viewer = Some(author).into();
    let ids: Vec<PostId> = page.items.iter().map(|q| PostId(q.object)).collect();
    let posts = posts::list_for(db, viewer, &ids)?;
    let ids: Vec<CommentId> = page.items.iter().map(|q| CommentId(q.object)).collect();
    let comments = comments::list_for(db, viewer, &ids)?;
    let line = |quote: Quote| {
        let by = people
            .iter()
            .find(|actor| actor.id == quote.quoter)?
            .clone();
        let post = posts.iter().find(|post| post.id.0 == quote.object);
        let (object, excerpt) = if let Some(post) = post {
            (ObjectId::Post(post.id), post.title.clone())
        } else {
            let found = comments.iter().find(|one| one.id.0 == quote.object)?;
            let excerpt = crate::text::plain::excerpt_html(&found.html, 160);
            (ObjectId::Comment(found.id), excerpt)
        };
        Some(QuoteLine {
            quote,
            by,
            object,
            excerpt,
        })
    };
    Ok(Page {
        items: page.items.into_iter().filter_map(line).collect(),
        next: page.next,
    })
}

/// Who may quote somebody without being asked: one query.
pub(crate) fn policy(db: &mut Db, author: ActorId) -> Res<QuotePolicy> {
    quotes::policy_of(db, author)
}
