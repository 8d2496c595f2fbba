//! What members keep of what they read: how far they are, what they saved, what they follow.
//! Nobody else learns of it.

use crate::domain::ids::{ObjectId, PostId};
use crate::domain::policy;
use crate::domain::reading::Watch;
use crate::domain::refusal::Refusal;
use crate::store::{reading, saves, watches};

use super::{Desk, Operation};

mod level;

pub(crate) use level::SetLevels;

/// A member has read a thread up to a comment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MarkThreadRead {
    /// The thread.
    pub(crate) post: PostId,
    /// The greatest id that was there to be read.
    pub(crate) last: i64,
}

impl Operation for MarkThreadRead {
    type Output = ();
    const NAME: &'static str = "mark_thread_read";
    const UNSEEN: bool = true;

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let member = policy::require_actor(desk.caller)?;
        let known = reading::find(desk.db, member, self.post)?;
        if known.is_none_or(|known| known < self.last) {
            reading::upsert(desk.db, member, self.post, self.last, desk.now)?;
        }
        Ok(())
    }
}

/// A member keeps a post or comment for later, or no longer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SaveObject {
    /// What.
    pub(crate) object: ObjectId,
    /// Whether they keep it.
    pub(crate) saved: bool,
}

impl Operation for SaveObject {
    type Output = ();
    const NAME: &'static str = "save_object";
    const UNSEEN: bool = true;

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let member = policy::require_actor(desk.caller)?;
        if !self.saved {
            return Ok(saves::delete(desk.db, member, self.object)?);
        }
        desk.subject(self.object)?;
        Ok(saves::insert(desk.db, member, self.object, desk.now)?)
    }
}

/// A member follows a thread, mutes it, or neither.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WatchThread {
    /// The thread.
    pub(crate) post: PostId,
    /// What they do with it.
    pub(crate) watch: Option<Watch>,
}

impl Operation for WatchThread {
    type Output = ();
    const NAME: &'static str = "watch_thread";
    const UNSEEN: bool = true;

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let member = policy::require_actor(desk.caller)?;
        desk.subject(ObjectId::Post(self.post))?;
        Ok(watches::set(desk.db, self.post, member, self.watch)?)
    }
}

#[cfg(test)]
mod tests;
