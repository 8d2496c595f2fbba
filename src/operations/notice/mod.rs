//! Notices: members are told what happened to them, and mark it read.

use crate::domain::actor::Actor;
use crate::domain::caller::Viewer;
use crate::domain::clock::Ts;
use crate::domain::ids::{ActorId, CommentId, PostId};
use crate::domain::notice::NoticeKind;
use crate::domain::policy;
use crate::domain::post::Post;
use crate::domain::refusal::Refusal;
use crate::operations::access::Subject;
use crate::operations::{Desk, Operation};
use crate::store::notices::NewNotice;
use crate::store::{actors, comments, notices, posts, privacy};

mod herald;

pub(crate) use herald::TellOfThread;
pub(super) use herald::note as note_thread;

/// Where something happened, as far as it decides who is told of it.
#[derive(Clone, Copy)]
pub(super) struct Place {
    thread: Option<PostId>,
    /// The group, if only its members may know of it.
    private: Option<ActorId>,
}

impl Place {
    /// The thread and group of a post or comment.
    pub(super) fn of(subject: &Subject) -> Self {
        let private = subject.group.is_private_group();
        Self {
            thread: Some(subject.post.id),
            private: private.then_some(subject.group.id),
        }
    }
}

/// Leaves a notice for each of these people who lives here, may know of it and wants to, but never
/// for who did it. `object` is the number of what it is about.
pub(super) fn tell(
    desk: &mut Desk<'_>,
    kind: NoticeKind,
    people: &[ActorId],
    by: ActorId,
    object: i64,
) -> Result<(), Refusal> {
    let told = living_here(desk, people)?;
    if told.is_empty() {
        return Ok(());
    }
    let place = place_of(desk, object)?;
    tell_members(desk, place, kind, &told, by, object)
}

/// [`tell`] for people who are known to live here, and a place that is known.
pub(super) fn tell_members(
    desk: &mut Desk<'_>,
    place: Place,
    kind: NoticeKind,
    members: &[ActorId],
    by: ActorId,
    object: i64,
) -> Result<(), Refusal> {
    for &to in members.iter().filter(|member| **member != by) {
        if let Some(private) = place.private
            && !privacy::sees(desk.db, Viewer::Person(to), private)?
        {
            continue;
        }
        let notice = NewNotice {
            id: desk.next_id(),
            to,
            kind,
            by,
            object,
            thread: place.thread.filter(|_| kind.can_be_muted()),
            at: desk.now,
        };
        notices::insert(desk.db, notice)?;
    }
    Ok(())
}

/// Those of some people who live here.
pub(super) fn living_here(
    desk: &mut Desk<'_>,
    people: &[ActorId],
) -> Result<Vec<ActorId>, Refusal> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let found = actors::list_by_ids(desk.db, people)?;
    let local = found.into_iter().filter(|actor| actor.local);
    Ok(local.map(|actor| actor.id).collect())
}

fn place_of(desk: &mut Desk<'_>, object: i64) -> Result<Place, Refusal> {
    let thread = thread_of(desk, object)?;
    Ok(Place {
        thread: thread.as_ref().map(|post| post.id),
        private: private_place(desk, thread.as_ref())?,
    })
}

/// The thread in which the post or comment of a number stands.
fn thread_of(desk: &mut Desk<'_>, object: i64) -> Result<Option<Post>, Refusal> {
    if let Some(post) = posts::find(desk.db, PostId(object))? {
        return Ok(Some(post));
    }
    Ok(match comments::find(desk.db, CommentId(object))? {
        Some(comment) => posts::find(desk.db, comment.post)?,
        None => None,
    })
}

/// The group of a thread, if it is a private one.
fn private_place(desk: &mut Desk<'_>, thread: Option<&Post>) -> Result<Option<ActorId>, Refusal> {
    let Some(post) = thread else { return Ok(None) };
    let group = actors::find(desk.db, post.group)?;
    Ok(group.filter(Actor::is_private_group).map(|group| group.id))
}

/// A member has seen their notices.
#[derive(Clone, Debug)]
pub(crate) struct MarkNoticesRead {
    /// Which; `None`: all of them.
    pub(crate) these: Option<Vec<i64>>,
}

impl Operation for MarkNoticesRead {
    /// At which moment, by which it is taken back.
    type Output = Ts;
    const NAME: &'static str = "mark_notices_read";
    const UNSEEN: bool = true;

    fn perform(&self, desk: &mut Desk<'_>) -> Result<Ts, Refusal> {
        let member = policy::require_actor(desk.caller)?;
        notices::set_read(desk.db, member, self.these.as_deref(), desk.now)?;
        Ok(desk.now)
    }
}

/// A member has not seen some of their notices after all.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MarkNoticesUnread {
    /// When they were marked read.
    pub(crate) at: Ts,
}

impl Operation for MarkNoticesUnread {
    type Output = ();
    const NAME: &'static str = "mark_notices_unread";
    const UNSEEN: bool = true;

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let member = policy::require_actor(desk.caller)?;
        Ok(notices::set_unread(desk.db, member, self.at)?)
    }
}

#[cfg(test)]
mod tests;
