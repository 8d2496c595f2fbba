//! Lists of posts: everywhere, in a group, of what somebody follows, by one author.

use crate::domain::ids::ActorId;
use crate::domain::page::{Page, PageRequest};
use crate::domain::post::Sort;
use crate::domain::reading::Level;
use crate::store::posts::Source;
use crate::store::{Db, Res, follows, posts};

use super::filter::shown;
use super::post::{PostCard, cards};

/// Which posts a feed shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Feed {
    /// All groups that the hub knows.
    Everywhere,
    /// One group.
    Group(ActorId),
    /// The groups that this person joined and wants to hear of.
    Joined(ActorId),
    /// The same groups, and the people whom this person follows.
    Following(ActorId),
    /// One author.
    Author(ActorId),
}

/// How many joined groups a feed draws from at most.
const MOST_GROUPS: u32 = 500;
/// How many people at most: those whom somebody followed last.
const MOST_PEOPLE: u32 = 500;

/// A page of a feed without what the viewer's filters hide, so that it may be shorter.
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
        Feed::Joined(member) => Source::Followed {
            groups: joined(db, member)?,
            people: Vec::new(),
        },
        Feed::Following(member) => Source::Followed {
            groups: joined(db, member)?,
            people: follows::list_people_of(db, member, MOST_PEOPLE)?,
        },
    };
    let found = posts::list(db, viewer.into(), &source, sort, request)?;
    Ok(shown(cards(db, viewer, found)?))
}

fn joined(db: &mut Db, member: ActorId) -> Res<Vec<ActorId>> {
    let groups = follows::list_levels(db, member, MOST_GROUPS)?.into_iter();
    let heard = groups.filter(|(_, level)| *level != Level::Nothing);
    Ok(heard.map(|(group, _)| group.id).collect())
}

/// The pinned posts of a group.
pub(crate) fn featured(db: &mut Db, viewer: Option<ActorId>, group: ActorId) -> Res<Vec<PostCard>> {
    let items = posts::list_featured(db, viewer.into(), group)?;
    Ok(shown(cards(db, viewer, Page { items, next: None })?).items)
}
