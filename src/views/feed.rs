//! Lists of posts: everywhere, in a group, in the groups somebody joined, by one author, by words.

use crate::domain::ids::{ActorId, PostId};
use crate::domain::page::{Cursor, Page, PageRequest};
use crate::domain::post::Sort;
use crate::store::posts::Source;
use crate::store::{Db, Res, follows, notices, posts};

use super::post::{PostCard, cards};

/// Which posts a feed shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Feed {
    /// All groups that the hub knows.
    Everywhere,
    /// One group.
    Group(ActorId),
    /// The groups that this person joined.
    Joined(ActorId),
    /// One author.
    Author(ActorId),
}

/// How many joined groups a feed draws from at most.
const MOST_GROUPS: u32 = 500;

/// A page of a feed; at most six queries.
pub(crate) fn page(
    db: &mut Db,
    viewer: Option<ActorId>,
    feed: Feed,
    sort: Sort,
    request: PageRequest,
) -> Res<Page<PostCard>> {
    let source = match feed {
        Feed::Everywhere => Source::Everywhere,
        Feed::Group(group) => Source::Group(group),
        Feed::Author(author) => Source::Author(author),
        Feed::Joined(member) => {
            let groups = follows::list_groups_of(db, member, MOST_GROUPS)?;
            Source::Groups(groups.into_iter().map(|group| group.id).collect())
        }
    };
    let found = posts::list(db, viewer.into(), &source, sort, request)?;
    cards(db, viewer, found)
}

/// The pinned posts of a group.
pub(crate) fn featured(db: &mut Db, viewer: Option<ActorId>, group: ActorId) -> Res<Vec<PostCard>> {
    let items = posts::list_featured(db, viewer.into(), group)?;
    Ok(cards(db, viewer, Page { items, next: None })?.items)
}

/// The newest posts that contain all of these words and that the viewer can see.
pub(crate) fn search(
    db: &mut Db,
    viewer: Option<ActorId>,
    words: &str,
    request: PageRequest,
) -> Res<Page<PostCard>> {
    let before = request.after.map_or(i64::MAX, |cursor| cursor.id);
    let numbers = notices::search(db, words, before, request.limit + 1)?;
    let page = Page::cut(numbers, request.limit, |n| Cursor { key: 0.0, id: *n });
    let ids: Vec<PostId> = page.items.iter().map(|n| PostId(*n)).collect();
    let mut items = posts::list_within_reach(db, &ids)?;
    let seen = posts::list_for(db, viewer.into(), &ids)?;
    items.retain(|post| seen.iter().any(|one| one.id == post.id));
    items.retain(|post| !post.hidden());
    items.sort_by_key(|post| std::cmp::Reverse(post.id));
    cards(
        db,
        viewer,
        Page {
            items,
            next: page.next,
        },
    )
}
