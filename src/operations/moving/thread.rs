//! A thread goes from one group of this hub to another.

use crate::domain::activity::{Activity, Entry};
use crate::domain::clock::Ts;
use crate::domain::ids::{ActorId, ObjectId, PostId};
use crate::domain::policy;
use crate::domain::refusal::{Kind, Refusal};
use crate::operations::{Desk, Operation};
use crate::store::{moves, outbox, posts};

/// For so many seconds after a move the old group announces what is new in the thread, too.
const BOTH: i64 = 30 * 24 * 3600;

/// A moderator of both groups moves a thread with its comments; all ids stay as they are.
#[derive(Clone, Debug)]
pub(crate) struct MoveThread {
    /// The thread.
    pub(crate) post: PostId,
    /// The group to which it goes.
    pub(crate) group: ActorId,
}

impl Operation for MoveThread {
    type Output = ();
    const NAME: &'static str = "move_thread";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let object = ObjectId::Post(self.post);
        let subject = desk.subject(object)?;
        let (from, to) = (subject.group, desk.group(self.group)?);
        for group in [&from, &to] {
            let relation = desk.relation(group)?;
            policy::require_moderator(desk.caller, &relation, group.local)?;
        }
        if from.id == to.id || subject.post.hidden() {
            return Err(Refusal::new(
                Kind::Conflict,
                "thread.there",
                "The thread is there already, or is no longer there at all.",
            ));
        }
        if !from.local || !to.local || from.is_private_group() != to.is_private_group() {
            return Err(Refusal::forbidden(
                "thread.elsewhere",
                "Threads move between groups of this hub, and never into or out of a private one.",
            ));
        }
        let known = outbox::list_created(desk.db, from.id, &[self.post])?;
        posts::set_group(desk.db, self.post, to.id)?;
        moves::upsert_thread(desk.db, self.post, from.id, desk.now)?;
        let author = Some(subject.post.author);
        desk.log(Some(from.id), "move_out", Some(object), author, &to.name)?;
        desk.log(Some(to.id), "move_in", Some(object), author, &from.name)?;
        let by = desk.caller.actor().unwrap_or(from.id);
        let moved = Activity::ThreadMoved {
            post: self.post,
            from: from.id,
            to: to.id,
        };
        desk.record(Entry::new(by, Some(from.id), moved, self.post.0));
        // The followers of the new group get it as they get every post.
        let relay = known.into_iter().find_map(|row| row.logged.entry.relay);
        let created = Activity::Created { object };
        let entry = Entry::new(subject.post.author, Some(to.id), created, self.post.0);
        desk.record(entry.relay(relay));
        Ok(())
    }
}

/// Since when a thread is in both groups that moved.
pub(in crate::operations) fn lately(now: Ts) -> Ts {
    now.plus_seconds(-BOTH)
}
