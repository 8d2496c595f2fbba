//! A moderator removes a post or comment, or takes that back.

use crate::domain::activity::Activity;
use crate::domain::ids::ObjectId;
use crate::domain::refusal::Refusal;
use crate::operations::access::Subject;
use crate::operations::markup::storable;
use crate::operations::{Desk, Operation, flag, object};
use crate::store::{comments, posts};

/// A moderator removes a post or comment.
#[derive(Clone, Debug)]
pub(crate) struct RemoveObject {
    /// What.
    pub(crate) object: ObjectId,
    /// Why; shown to its author.
    pub(crate) reason: String,
    /// Whether all answers below it go with it.
    pub(crate) with_replies: bool,
    /// The activity to be announced by a local group.
    pub(crate) relay: Option<String>,
}

/// A moderator takes a removal back.
#[derive(Clone, Debug)]
pub(crate) struct UnremoveObject {
    /// What.
    pub(crate) object: ObjectId,
    /// Why.
    pub(crate) reason: String,
    /// The activity to be announced by a local group.
    pub(crate) relay: Option<String>,
}

impl Operation for RemoveObject {
    type Output = ();
    const NAME: &'static str = "remove_object";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let subject = desk.subject(self.object)?;
        super::require_moderator(desk, &subject.group)?;
        if subject.removed() && !self.with_replies {
            return Ok(());
        }
        let reason = super::checked_reason(desk, &self.reason)?;
        if self.with_replies {
            hide_below(desk, &subject, &reason)?;
        }
        if !subject.removed() {
            remove(desk, &subject, &reason)?;
        }
        let activity = Activity::Removed {
            object: self.object,
            reason,
            with_replies: self.with_replies,
        };
        let (group, key) = (&subject.group, subject.post.id.0);
        super::tell(
            desk,
            group,
            activity,
            key,
            self.relay.clone(),
            vec![subject.author],
        )
    }
}

impl Operation for UnremoveObject {
    type Output = ();
    const NAME: &'static str = "unremove_object";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let subject = desk.subject(self.object)?;
        super::require_moderator(desk, &subject.group)?;
        if !subject.removed() {
            return Ok(());
        }
        let reason = super::checked_reason(desk, &self.reason)?;
        match self.object {
            ObjectId::Post(id) => posts::set_removed(desk.db, id, None, None)?,
            ObjectId::Comment(id) => comments::set_removed(desk.db, id, None, None)?,
        }
        object::set_visible(desk, &subject, !subject.deleted(), !subject.deleted())?;
        let group = Some(subject.group.id);
        desk.log(
            group,
            "restore",
            Some(self.object),
            Some(subject.author),
            &reason,
        )?;
        let activity = Activity::Unremoved {
            object: self.object,
            reason,
        };
        let (group, key) = (&subject.group, subject.post.id.0);
        super::tell(
            desk,
            group,
            activity,
            key,
            self.relay.clone(),
            vec![subject.author],
        )
    }
}

/// Hides what was written, closes the reports about it, and logs it.
pub(in crate::operations) fn remove(
    desk: &mut Desk<'_>,
    subject: &Subject,
    reason: &str,
) -> Result<(), Refusal> {
    hide(desk, subject, reason)?;
    let group = Some(subject.group.id);
    desk.log(
        group,
        "remove",
        Some(subject.id),
        Some(subject.author),
        reason,
    )
}

/// Hides all answers below; the log says it once, at the top.
fn hide_below(desk: &mut Desk<'_>, subject: &Subject, reason: &str) -> Result<(), Refusal> {
    let below = match &subject.comment {
        Some(comment) => comments::list_ids_below(desk.db, comment)?,
        None => comments::list_ids_of_post(desk.db, subject.post.id)?,
    };
    for id in below {
        if subject.id != ObjectId::Comment(id) {
            let answer = desk.subject(ObjectId::Comment(id))?;
            hide(desk, &answer, reason)?;
        }
    }
    Ok(())
}

fn hide(desk: &mut Desk<'_>, subject: &Subject, reason: &str) -> Result<(), Refusal> {
    let reason = &storable(reason);
    match subject.id {
        ObjectId::Post(id) => posts::set_removed(desk.db, id, Some(desk.now), Some(reason))?,
        ObjectId::Comment(id) => {
            comments::set_removed(desk.db, id, Some(desk.now), Some(reason))?;
        }
    }
    object::set_visible(desk, subject, false, !subject.deleted())?;
    flag::close_over(desk, subject)
}
