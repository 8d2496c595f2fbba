//! A member says more than a vote does, with an emoji (FEP-c0e0).

use super::{Vote, Word};
use crate::domain::activity::{Activity, Entry};
use crate::domain::ids::{ActorId, ObjectId};
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::operations::access::Subject;
use crate::operations::{Desk, Operation};
use crate::store::{reactions, votes};

/// The caller reacts with an emoji, or does so no more. Who reacts votes for it, too, if they did
/// not yet; that vote goes with the last reaction.
#[derive(Clone, Debug)]
pub(crate) struct React {
    /// To what.
    pub(crate) object: ObjectId,
    /// The emoji: one of the hub's, or one with which somebody reacted to it already.
    pub(crate) content: String,
    /// Whether from now on, or no more.
    pub(crate) on: bool,
}

impl Operation for React {
    type Output = ();
    const NAME: &'static str = "react";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let member = policy::require_actor(desk.caller)?;
        let known = reactions::list_of(desk.db, self.object, member)?;
        let mine = known.iter().any(|one| one.content == self.content);
        if mine == self.on {
            return Ok(());
        }
        if self.on {
            self.begin(desk, member)
        } else {
            self.end(desk, member)
        }
    }
}

impl React {
    fn begin(&self, desk: &mut Desk<'_>, member: ActorId) -> Result<(), Refusal> {
        self.require_offered(desk)?;
        let subject = desk.subject(self.object)?;
        if !self.vote(1).cast(desk, Word::Own, None)? {
            return Err(Refusal::forbidden(
                "reaction.own",
                "Nobody reacts to their own words.",
            ));
        }
        reactions::insert(desk.db, self.object, member, &self.content, None, desk.now)?;
        let reacted = Activity::Reacted {
            object: self.object,
            content: self.content.clone(),
        };
        let uuid = desk.record(entry(member, &subject, self.object, reacted));
        Ok(reactions::set_uuid(
            desk.db,
            self.object,
            member,
            &self.content,
            &uuid,
        )?)
    }

    fn end(&self, desk: &mut Desk<'_>, member: ActorId) -> Result<(), Refusal> {
        let subject = desk.subject(self.object)?;
        let gone = withdraw(desk, member, &subject, self.object, Some(&self.content))?;
        let cast_at = votes::find_time(desk.db, self.object, member)?;
        let with_it = gone.iter().any(|at| Some(*at) == cast_at);
        if with_it && reactions::count_of(desk.db, self.object, member)? == 0 {
            self.vote(0).cast(desk, Word::Own, None)?;
        }
        Ok(())
    }

    fn vote(&self, value: i16) -> Vote {
        Vote {
            object: self.object,
            value,
            relay: None,
        }
    }

    fn require_offered(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        if desk.settings.posts.reactions.contains(&self.content) {
            return Ok(());
        }
        let named = self.content.starts_with(':');
        if !named && reactions::is_used(desk.db, self.object, &self.content)? {
            return Ok(());
        }
        Err(Refusal::invalid(
            "content",
            "reaction.unknown",
            "This hub does not offer that reaction.",
        ))
    }
}

/// Takes a member's reactions away, this one or all, and tells those who heard of them; gives back
/// when they were made.
pub(super) fn withdraw(
    desk: &mut Desk<'_>,
    member: ActorId,
    subject: &Subject,
    object: ObjectId,
    content: Option<&str>,
) -> Result<Vec<crate::domain::clock::Ts>, Refusal> {
    let mut gone = Vec::new();
    for one in reactions::list_of(desk.db, object, member)? {
        if content.is_some_and(|content| content != one.content) {
            continue;
        }
        reactions::delete(desk.db, object, member, &one.content)?;
        gone.push(one.at);
        if let Some(reaction) = one.uuid {
            let undone = Activity::Unreacted {
                object,
                content: one.content,
                reaction,
            };
            desk.record(entry(member, subject, object, undone));
        }
    }
    Ok(gone)
}

/// The author alone hears of a reaction; everybody else of the vote that it is.
fn entry(by: ActorId, subject: &Subject, object: ObjectId, activity: Activity) -> Entry {
    let entry = Entry::new(by, Some(subject.group.id), activity, object.number());
    entry.to([subject.author])
}
