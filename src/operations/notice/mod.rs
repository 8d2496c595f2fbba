//! Notices: members are told what happened to them, and mark it read.

use crate::domain::actor::Actor;
use crate::domain::caller::Viewer;
use crate::domain::host::Severity;
use crate::domain::ids::{ActorId, CommentId, PostId};
use crate::domain::notice::NoticeKind;
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::operations::{Desk, Operation};
use crate::store::{actors, comments, notices, posts, privacy};

/// Leaves a notice for each of these people who lives here and may know of it, but never for who
/// did it. `object` is the number of what it is about.
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
    let place = private_place(desk, object)?.filter(|_| !told.is_empty());
    // People of servers that are kept away notify nobody.
    if !told.is_empty() && actors::severity_of(desk.db, by)? == Severity::None {
        for actor in told {
            let viewer = Viewer::Person(actor.id);
            if let Some(place) = place
                && !privacy::sees(desk.db, viewer, place)?
            {
                continue;
            }
            let id = desk.next_id();
            notices::insert(desk.db, id, actor.id, kind, by, object, desk.now)?;
        }
    }
    Ok(())
}

/// The private group in which the post or comment of a number stands.
fn private_place(desk: &mut Desk<'_>, object: i64) -> Result<Option<ActorId>, Refusal> {
    let post = match posts::find(desk.db, PostId(object))? {
        Some(post) => Some(post),
        None => match comments::find(desk.db, CommentId(object))? {
            Some(comment) => posts::find(desk.db, comment.post)?,
            None => None,
        },
    };
    let Some(post) = post else { return Ok(None) };
    let group = actors::find(desk.db, post.group)?;
    Ok(group.filter(Actor::is_private_group).map(|group| group.id))
}

/// A member has seen their notices.
#[derive(Clone, Debug)]
pub(crate) struct MarkNoticesRead;

impl Operation for MarkNoticesRead {
    type Output = ();
    const NAME: &'static str = "mark_notices_read";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let member = policy::require_actor(desk.caller)?;
        Ok(notices::set_read(desk.db, member, desk.now)?)
    }
}
