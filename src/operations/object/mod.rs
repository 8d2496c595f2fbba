//! What posts and comments have in common: their author deletes and restores them.

mod confirm;

pub(crate) use confirm::ConfirmObject;

use crate::domain::activity::Activity;
use crate::domain::ids::{ActorId, ObjectId};
use crate::domain::policy;
use crate::domain::refusal::{Kind, Refusal};
use crate::operations::access::Subject;
use crate::operations::{Desk, Operation};
use crate::store::{comments, held, kept_answers, media, notices, posts, questions, tallies};
use crate::text::plain::plain;

mod announce;

pub(crate) use announce::AnnounceObject;

/// An author deletes a post or comment.
#[derive(Clone, Debug)]
pub(crate) struct DeleteObject {
    /// What.
    pub(crate) object: ObjectId,
    /// The activity to be announced by a local group.
    pub(crate) relay: Option<String>,
}

/// An author takes a deletion back.
#[derive(Clone, Debug)]
pub(crate) struct RestoreObject {
    /// What.
    pub(crate) object: ObjectId,
    /// The activity to be announced by a local group.
    pub(crate) relay: Option<String>,
}

impl Operation for DeleteObject {
    type Output = ();
    const NAME: &'static str = "delete_object";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        if let ObjectId::Post(id) = self.object
            && let Some(held) = held::find(desk.db, id)?
        {
            // Nobody heard of it, so nobody is told.
            policy::require_author(desk.caller, held.author)?;
            media::doom_attached(desk.db, id.0, desk.now)?;
            return Ok(held::delete(desk.db, id)?);
        }
        let subject = desk.subject(self.object)?;
        policy::require_author(desk.caller, subject.author)?;
        if subject.deleted() {
            return Ok(());
        }
        set_deleted(desk, &subject, true)?;
        let object = self.object;
        tell(
            desk,
            &subject,
            Activity::Deleted { object },
            self.relay.clone(),
        )
    }
}

impl Operation for RestoreObject {
    type Output = ();
    const NAME: &'static str = "restore_object";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let subject = desk.subject(self.object)?;
        policy::require_author(desk.caller, subject.author)?;
        let relation = desk.relation(&subject.group)?;
        policy::require_not_banned(&relation, desk.now)?;
        if !subject.deleted() {
            return Err(Refusal::new(
                Kind::Conflict,
                "object.there",
                "It is not deleted.",
            ));
        }
        set_deleted(desk, &subject, false)?;
        let object = self.object;
        tell(
            desk,
            &subject,
            Activity::Restored { object },
            self.relay.clone(),
        )
    }
}

fn set_deleted(desk: &mut Desk<'_>, subject: &Subject, deleted: bool) -> Result<(), Refusal> {
    let at = deleted.then_some(desk.now);
    match subject.id {
        ObjectId::Post(id) => posts::set_deleted(desk.db, id, at)?,
        ObjectId::Comment(id) => comments::set_deleted(desk.db, id, at)?,
    }
    set_visible(
        desk,
        subject,
        !deleted && !subject.removed(),
        !subject.removed(),
    )
}

/// Keeps the count of visible comments and what search finds in step with a change.
pub(super) fn set_visible(
    desk: &mut Desk<'_>,
    subject: &Subject,
    visible: bool,
    changes_count: bool,
) -> Result<(), Refusal> {
    if let (Some(comment), false) = (&subject.comment, visible) {
        // What cannot be read any more helps nobody.
        questions::forget_answer(desk.db, subject.post.id, comment.id)?;
    }
    if subject.comment.is_none() && !visible {
        kept_answers::delete_in(desk.db, subject.post.id)?;
    }
    if subject.comment.is_some() && changes_count {
        let change = if visible { 1 } else { -1 };
        tallies::add_comments(desk.db, subject.post.id, change, None)?;
    }
    media::set_hidden(desk.db, subject.id.number(), !visible, desk.now)?;
    let (title, html) = match &subject.comment {
        Some(comment) => ("", comment.html.as_str()),
        None => (subject.post.title.as_str(), subject.post.html.as_str()),
    };
    let words = visible.then(|| format!("{title}\n{}", plain(html)));
    Ok(notices::set_search_text(
        desk.db,
        subject.id,
        words.as_deref(),
    )?)
}

fn tell(
    desk: &mut Desk<'_>,
    subject: &Subject,
    activity: Activity,
    relay: Option<String>,
) -> Result<(), Refusal> {
    let local = is_local(desk, subject.author)?;
    if !(local || (subject.group.local && relay.is_some())) {
        return Ok(());
    }
    let mut to: Vec<ActorId> = Vec::new();
    if local {
        to = notices::list_mentions(desk.db, subject.id)?;
        to.extend(desk.followers_of(subject.author, &subject.group)?);
        if let Some(comment) = &subject.comment {
            to.push(match comment.parent {
                Some(parent) => desk.comment(parent)?.author,
                None => subject.post.author,
            });
        }
    }
    let entry = Desk::entry_in(&subject.group, subject.author, activity, subject.post.id.0);
    desk.record(entry.to(to).relay(relay));
    Ok(())
}

/// Whether an actor lives here.
pub(super) fn is_local(desk: &mut Desk<'_>, actor: ActorId) -> Result<bool, Refusal> {
    Ok(crate::store::actors::find(desk.db, actor)?.is_some_and(|actor| actor.local))
}
