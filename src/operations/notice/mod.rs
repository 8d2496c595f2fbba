//! Notices: members are told what happened to them, and mark it read.

use crate::domain::actor::Actor;
use crate::domain::caller::Viewer;
use crate::domain::clock::Ts;
use crate::domain::host::Severity;
use crate::domain::ids::{ActorId, CommentId, PostId};
use crate::domain::notice::NoticeKind;
use crate::domain::policy;
use crate::domain::post::Post;
use crate::domain::refusal::Refusal;
use crate::operations::{Desk, Operation};
use crate::store::{actors, blocks, comments, notices, posts, privacy, watches};

/// Leaves a notice for each of these people who lives here, may know of it and wants to, but never
/// for who did it. `object` is the number of what it is about.
pub(super) fn tell(
    desk: &mut Desk<'_>,
    kind: NoticeKind,
    people: &[ActorId],
    by: ActorId,
    object: i64,
) -> Result<(), Refusal> {
    if people.is_empty() {
        return Ok(());
    }
    let mut told = actors::list_by_ids(desk.db, people)?;
    told.retain(|actor| actor.local && actor.id != by);
    if told.is_empty() {
        return Ok(());
    }
    let thread = thread_of(desk, object)?;
    if let Some(post) = thread.as_ref().filter(|_| kind.can_be_muted()) {
        let ids: Vec<ActorId> = told.iter().map(|actor| actor.id).collect();
        let muted = watches::list_muted(desk.db, post.id, &ids)?;
        told.retain(|actor| !muted.contains(&actor.id));
    }
    let place = private_place(desk, thread.as_ref())?;
    // People of servers that are kept away notify nobody.
    if actors::severity_of(desk.db, by)? == Severity::None {
        for actor in told {
            let viewer = Viewer::Person(actor.id);
            if let Some(place) = place
                && !privacy::sees(desk.db, viewer, place)?
            {
                continue;
            }
            if !blocks::list_unwanted(desk.db, actor.id, &[by])?.is_empty() {
                continue;
            }
            let id = desk.next_id();
            notices::insert(desk.db, id, actor.id, kind, by, object, desk.now)?;
        }
    }
    Ok(())
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
