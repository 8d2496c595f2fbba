//! Votes: likes, dislikes, and taking them back; reactions and shares from other servers.

mod react;
mod receive;
mod share;

use crate::domain::activity::{Activity, Entry};
use crate::domain::actor::ActorKind;
use crate::domain::caller::Caller;
use crate::domain::ids::{ActorId, ObjectId};
use crate::domain::notice::NoticeKind;
use crate::domain::policy;
use crate::domain::refusal::{Kind, Refusal};
use crate::operations::access::Subject;
use crate::operations::notice::{Place, tell_members};
use crate::operations::{Desk, Operation};
use crate::store::{actors, comments, notices, tallies, votes};

pub(crate) use react::React;
pub(crate) use receive::ReceiveVote;
pub(crate) use share::ReceiveShare;

/// The caller likes (1), dislikes (-1) or takes the vote back (0).
#[derive(Clone, Debug)]
pub(crate) struct Vote {
    /// What.
    pub(crate) object: ObjectId,
    /// 1, 0 or -1.
    pub(crate) value: i16,
    /// The activity to be announced by a local group.
    pub(crate) relay: Option<String>,
}

impl Operation for Vote {
    type Output = ();
    const NAME: &'static str = "vote";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        self.cast(desk, Word::Own, None).map(drop)
    }
}

/// By whose word a vote is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    /// By the voter's.
    Own,
    /// By that of a group elsewhere, which passed it on: it names nobody.
    Group,
}

impl Vote {
    /// Does it, by an activity elsewhere if there is one; whether the vote counts.
    fn cast(&self, desk: &mut Desk<'_>, word: Word, deed: Option<i64>) -> Result<bool, Refusal> {
        let voter = policy::require_actor(desk.caller)?;
        if !matches!(self.value, -1..=1) {
            return Err(Refusal::invalid(
                "value",
                "vote.value",
                "A vote is 1, 0 or -1.",
            ));
        }
        let (subject, relation) = desk.subject_and_relation(self.object)?;
        policy::require_not_banned(&relation, desk.now)?;
        if subject.deleted() || subject.removed() || subject.post.hidden() {
            return Err(Refusal::new(
                Kind::Gone,
                "vote.gone",
                "It is no longer there.",
            ));
        }
        if subject.author == voter {
            // Nobody's vote on their own words counts, here or at a peer (statement 137).
            return Ok(false);
        }
        // Who brings the vote of somebody elsewhere knows that they are no bot.
        let local = !matches!(desk.caller, Caller::Remote { .. });
        if local {
            require_person(desk, voter)?;
        }
        let (before, undone) = self.set(desk, voter, deed)?;
        if before == self.value {
            return Ok(true);
        }
        self.count(desk, &subject, before)?;
        self.tell_author(desk, voter, &subject, (before, word))?;
        if local {
            if self.value != 1 {
                react::withdraw(desk, voter, &subject, self.object, None)?;
            }
            self.tell_own(desk, voter, &subject, before, undone)?;
        } else if subject.group.local && self.relay.is_some() {
            let activity = match self.value {
                0 => self.unvoted(before, None),
                _ => self.voted(),
            };
            desk.record(
                self.entry(voter, &subject, activity)
                    .relay(self.relay.clone()),
            );
        }
        Ok(true)
    }

    /// Sets the vote; what it was before, with the uuid of its activity.
    fn set(
        &self,
        desk: &mut Desk<'_>,
        voter: ActorId,
        deed: Option<i64>,
    ) -> Result<(i16, Option<String>), Refusal> {
        let (object, value) = (self.object, self.value);
        if value != 0 && votes::insert(desk.db, object, voter, value, deed, desk.now)? {
            return Ok((0, None));
        }
        let Some((before, uuid)) = votes::find(desk.db, object, voter)? else {
            return Ok((0, None));
        };
        match value {
            0 => votes::delete(desk.db, object, voter)?,
            _ if value != before => votes::set(desk.db, object, voter, value, deed)?,
            _ => {}
        }
        Ok((before, uuid))
    }

    fn count(&self, desk: &mut Desk<'_>, subject: &Subject, before: i16) -> Result<(), Refusal> {
        let up = i64::from(self.value == 1) - i64::from(before == 1);
        let down = i64::from(self.value == -1) - i64::from(before == -1);
        match self.object {
            ObjectId::Post(_) => tallies::add_votes(desk.db, subject.post.id, up, down)?,
            ObjectId::Comment(id) => comments::add_votes(desk.db, id, up, down)?,
        }
        Ok(())
    }

    /// Tells somebody here that their words are liked; who takes that back, takes the notice back.
    fn tell_author(
        &self,
        desk: &mut Desk<'_>,
        voter: ActorId,
        subject: &Subject,
        (before, word): (i16, Word),
    ) -> Result<(), Refusal> {
        if !subject.local() {
            return Ok(());
        }
        let (kind, to) = (NoticeKind::Liked, subject.author);
        let object = self.object.number();
        if before == 1 {
            notices::delete(desk.db, to, kind, voter, object)?;
        }
        if self.value == 1 && word == Word::Own {
            tell_members(desk, Place::of(subject), kind, &[to], voter, object)?;
        }
        Ok(())
    }

    /// Tells of the vote of somebody here. What it replaces is taken back first: a peer never sees
    /// two votes of one person at once (federation.md 4.7).
    fn tell_own(
        &self,
        desk: &mut Desk<'_>,
        voter: ActorId,
        subject: &Subject,
        before: i16,
        undone: Option<String>,
    ) -> Result<(), Refusal> {
        if before != 0 {
            let entry = self.entry(voter, subject, self.unvoted(before, undone));
            desk.record(entry.to([subject.author]));
        }
        if self.value != 0 {
            let entry = self.entry(voter, subject, self.voted());
            let uuid = desk.record(entry.to([subject.author]));
            votes::set_uuid(desk.db, self.object, voter, &uuid)?;
        }
        Ok(())
    }

    fn voted(&self) -> Activity {
        Activity::Voted {
            object: self.object,
            value: self.value,
        }
    }

    fn unvoted(&self, value: i16, vote: Option<String>) -> Activity {
        Activity::Unvoted {
            object: self.object,
            value,
            vote,
        }
    }

    fn entry(&self, voter: ActorId, subject: &Subject, activity: Activity) -> Entry {
        Desk::entry_in(&subject.group, voter, activity, self.object.number())
    }
}

fn require_person(desk: &mut Desk<'_>, voter: ActorId) -> Result<(), Refusal> {
    let actor = actors::find(desk.db, voter)?
        .ok_or_else(|| Refusal::not_found("actor.not_found", "There is no such person."))?;
    if actor.kind == ActorKind::Service {
        return Err(Refusal::forbidden("vote.bot", "Bots do not vote."));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
