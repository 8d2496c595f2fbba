//! A moderator locks a thread or a comment, or pins a post.

use crate::domain::activity::Activity;
use crate::domain::ids::{ObjectId, PostId};
use crate::domain::refusal::Refusal;
use crate::operations::{Desk, Operation};
use crate::store::{comments, posts};

/// A moderator closes a thread for new answers, or what lies below one comment; or opens it again.
#[derive(Clone, Debug)]
pub(crate) struct LockObject {
    /// Which.
    pub(crate) object: ObjectId,
    /// Whether it takes no more answers.
    pub(crate) locked: bool,
    /// Why.
    pub(crate) reason: String,
    /// The activity to be announced by a local group.
    pub(crate) relay: Option<String>,
}

/// A moderator pins a post to the top of its group, or unpins it.
#[derive(Clone, Debug)]
pub(crate) struct FeaturePost {
    /// Which.
    pub(crate) post: PostId,
    /// Whether it is pinned.
    pub(crate) featured: bool,
    /// The activity to be announced by a local group.
    pub(crate) relay: Option<String>,
}

impl Operation for LockObject {
    type Output = ();
    const NAME: &'static str = "lock_object";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let subject = desk.subject(self.object)?;
        super::require_moderator(desk, &subject.group)?;
        let comment = subject.comment.as_ref();
        if comment.map_or(subject.post.locked, |comment| comment.locked) == self.locked {
            return Ok(());
        }
        match self.object {
            ObjectId::Post(id) => posts::set_locked(desk.db, id, self.locked)?,
            ObjectId::Comment(id) => comments::set_locked(desk.db, id, self.locked)?,
        }
        let reason = super::checked_reason(desk, &self.reason)?;
        let action = if self.locked { "lock" } else { "unlock" };
        desk.log(
            Some(subject.group.id),
            action,
            Some(subject.id),
            None,
            &reason,
        )?;
        let post = subject.post.id;
        let activity = Activity::Locked {
            post,
            comment: comment.map(|comment| comment.id),
            locked: self.locked,
            reason,
        };
        super::tell(
            desk,
            &subject.group,
            activity,
            post.0,
            self.relay.clone(),
            Vec::new(),
        )
    }
}

impl Operation for FeaturePost {
    type Output = ();
    const NAME: &'static str = "feature_post";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let subject = desk.subject(ObjectId::Post(self.post))?;
        super::require_moderator(desk, &subject.group)?;
        if subject.post.featured_at.is_some() == self.featured {
            return Ok(());
        }
        posts::set_featured(desk.db, self.post, self.featured.then_some(desk.now))?;
        let action = if self.featured {
            "feature"
        } else {
            "unfeature"
        };
        desk.log(Some(subject.group.id), action, Some(subject.id), None, "")?;
        let activity = Activity::Featured {
            post: self.post,
            featured: self.featured,
        };
        super::tell(
            desk,
            &subject.group,
            activity,
            self.post.0,
            self.relay.clone(),
            Vec::new(),
        )
    }
}
