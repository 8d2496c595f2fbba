//! Questions of the hub: those that wait for an answer, and those that have one.

use crate::domain::caller::Caller;
use crate::domain::clock::Ts;
use crate::domain::ids::ActorId;
use crate::domain::page::{Page, PageRequest};
use crate::domain::question::{Of, Which};
use crate::domain::queue::Scope;
use crate::store::{Db, Res, questions};

use super::filter::shown;
use super::post::{PostCard, cards};
use super::queue::scope;

/// A page of questions that the viewer can see.
pub(crate) fn page(
    db: &mut Db,
    viewer: Option<ActorId>,
    which: &Which,
    request: PageRequest,
) -> Res<Page<PostCard>> {
    let found = questions::list_posts(db, viewer.into(), which, request)?;
    Ok(shown(cards(db, viewer, found)?))
}

/// The groups that somebody looks after; `None`: nothing. Two queries at most.
pub(crate) fn looked_after(db: &mut Db, caller: Caller, now: Ts) -> Res<Option<Of>> {
    Ok(scope(db, caller, now)?.map(|scope| match scope {
        Scope::Hub => Of::Here,
        Scope::Groups(groups) => Of::Groups(groups),
    }))
}

/// The questions that wait longest in a group, or in all that somebody looks after.
pub(crate) fn longest(
    db: &mut Db,
    caller: Caller,
    now: Ts,
    group: Option<ActorId>,
    limit: u32,
) -> Res<Page<PostCard>> {
    let of = match group {
        Some(group) => Some(Of::one(Some(group))),
        None => looked_after(db, caller, now)?,
    };
    let which = Which {
        oldest_first: true,
        ..Which::open(of.unwrap_or(Of::Groups(Vec::new())))
    };
    page(db, caller.actor(), &which, PageRequest::first(limit))
}
