//! What people find: posts, comments, people and groups; and the lists of people to look through.

use crate::domain::actor::Actor;
use crate::domain::ids::{ActorId, PostId};
use crate::domain::page::{Page, PageRequest};
use crate::domain::search::Filter;
use crate::store::{Db, Res, search};

use super::filter::{hidden, shown};
use super::post::{CommentCard, PostCard, cards, lone_comments};

/// The posts that a viewer finds, the newest first.
pub(crate) fn posts(
    db: &mut Db,
    viewer: Option<ActorId>,
    filter: &Filter,
    page: PageRequest,
) -> Res<Page<PostCard>> {
    let found = search::posts(db, viewer.into(), filter, page)?;
    Ok(shown(cards(db, viewer, found)?))
}

/// The comments that a viewer finds, the newest first.
pub(crate) fn comments(
    db: &mut Db,
    viewer: Option<ActorId>,
    filter: &Filter,
    page: PageRequest,
) -> Res<Page<CommentCard>> {
    let found = search::comments(db, viewer.into(), filter, page)?;
    let mut items = lone_comments(db, viewer, found.items)?;
    items.retain(|card| !hidden(card.filtered.as_ref()));
    Ok(Page {
        items,
        next: found.next,
    })
}

/// The people who agree to be listed and in whose name a text occurs, the newest first.
pub(crate) fn people(
    db: &mut Db,
    viewer: Option<ActorId>,
    text: &str,
    local: bool,
    page: PageRequest,
) -> Res<Page<Actor>> {
    search::actors(db, viewer.into(), false, text, local, page)
}

/// The groups that are listed and in whose name a text occurs, the newest first.
pub(crate) fn groups(
    db: &mut Db,
    viewer: Option<ActorId>,
    text: &str,
    page: PageRequest,
) -> Res<Page<Actor>> {
    search::actors(db, viewer.into(), true, text, false, page)
}

/// People (or groups) whom somebody may mean who begins to write a name: those first who wrote in the
/// `thread` in which it is written, then those of this hub, then those known from elsewhere. Five
/// queries at most, whatever is written.
pub(crate) fn named(
    db: &mut Db,
    viewer: ActorId,
    groups: bool,
    start: &str,
    thread: Option<PostId>,
    limit: usize,
) -> Res<Vec<Actor>> {
    let reader = Some(viewer).into();
    let mut found = match thread.filter(|_| !groups) {
        Some(post) => search::named_in_thread(db, reader, post, start, limit)?,
        None => Vec::new(),
    };
    for look in [search::named_here, search::named_elsewhere] {
        if found.len() < limit {
            let mut more = look(db, reader, groups, start, limit)?;
            more.retain(|actor| found.iter().all(|known| known.id != actor.id));
            found.append(&mut more);
            found.truncate(limit);
        }
    }
    // Nobody mentions themselves.
    found.retain(|actor| actor.id != viewer);
    Ok(found)
}

/// The members of a group who agree to be listed; `all` of them for its moderators.
pub(crate) fn members(
    db: &mut Db,
    group: ActorId,
    all: bool,
    page: PageRequest,
) -> Res<Page<Actor>> {
    search::members(db, group, all, page)
}
