//! What a member keeps for later.

use crate::domain::ids::{ActorId, CommentId, PostId};
use crate::domain::page::{Page, PageRequest};
use crate::store::{Db, Res, comments, posts, saves};

use super::post::{CommentCard, PostCard, cards, lone_comments};

/// Something that a member keeps, as long as they can see it.
#[derive(Clone, Debug, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "a page of them is made at once and soon gone"
)]
pub(crate) enum Kept {
    /// A post.
    Post(PostCard),
    /// A comment.
    Comment(CommentCard),
}

/// What a member keeps and can see, the last kept first: a fixed number of queries.
pub(crate) fn page(db: &mut Db, member: ActorId, request: PageRequest) -> Res<Page<Kept>> {
    let viewer = Some(member);
    let page = saves::list(db, member, request)?;
    let ids: Vec<PostId> = page.items.iter().map(|number| PostId(*number)).collect();
    let found = posts::list_for(db, viewer.into(), &ids)?;
    let found = Page {
        items: found.into_iter().filter(|post| !post.hidden()).collect(),
        next: None,
    };
    let mut posts = cards(db, viewer, found)?.items;
    let ids: Vec<CommentId> = page.items.iter().map(|number| CommentId(*number)).collect();
    let mut found = comments::list_for(db, viewer.into(), &ids)?;
    found.retain(|comment| !comment.hidden());
    let mut comments = lone_comments(db, viewer, found)?;
    let mut kept = |number: i64| {
        if let Some(place) = posts.iter().position(|card| card.post.id.0 == number) {
            return Some(Kept::Post(posts.swap_remove(place)));
        }
        let place = comments.iter().position(|card| card.comment.id.0 == number);
        place.map(|place| Kept::Comment(comments.swap_remove(place)))
    };
    let items = page
        .items
        .iter()
        .filter_map(|number| kept(*number))
        .collect();
    Ok(Page {
        items,
        next: page.next,
    })
}
