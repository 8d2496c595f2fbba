//! Votes: likes, dislikes, and taking them back.

use crate::domain::activity::Activity;
use crate::domain::actor::ActorKind;
use crate::domain::ids::{ActorId, ObjectId};
use crate::domain::policy;
use crate::domain::refusal::{Kind, Refusal};
use crate::operations::access::Subject;
use crate::operations::{Desk, Operation};
use crate::store::{actors, comments, posts, votes};

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
        let voter = policy::require_actor(desk.caller)?;
        if !matches!(self.value, -1..=1) {
            return Err(Refusal::invalid(
                "value",
                "vote.value",
                "A vote is 1, 0 or -1.",
            ));
        }
        let subject = desk.subject(self.object)?;
        let relation = desk.relation(&subject.group)?;
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
            return Ok(());
        }
        let actor = actors::find(desk.db, voter)?
            .ok_or_else(|| Refusal::not_found("actor.not_found", "There is no such person."))?;
        if actor.kind == ActorKind::Service {
            return Err(Refusal::forbidden("vote.bot", "Bots do not vote."));
        }
        let before = votes::find(desk.db, self.object, voter)?.unwrap_or(0);
        if before == self.value {
            return Ok(());
        }
        self.count(desk, voter, before)?;
        if actor.local || (subject.group.local && self.relay.is_some()) {
            self.tell(desk, voter, &subject, before, actor.local);
        }
        Ok(())
    }
}

impl Vote {
    fn count(&self, desk: &mut Desk<'_>, voter: ActorId, before: i16) -> Result<(), Refusal> {
        if self.value == 0 {
            votes::delete(desk.db, self.object, voter)?;
        } else {
            votes::upsert(desk.db, self.object, voter, self.value, desk.now)?;
        }
        let up = i64::from(self.value == 1) - i64::from(before == 1);
        let down = i64::from(self.value == -1) - i64::from(before == -1);
        match self.object {
            ObjectId::Post(id) => posts::add_votes(desk.db, id, up, down)?,
            ObjectId::Comment(id) => comments::add_votes(desk.db, id, up, down)?,
        }
        Ok(())
    }

    fn tell(
        &self,
        desk: &mut Desk<'_>,
        voter: ActorId,
        subject: &Subject,
        before: i16,
        local: bool,
    ) {
        let activity = match self.value {
            0 => Activity::Unvoted {
                object: self.object,
                value: before,
            },
            value => Activity::Voted {
                object: self.object,
                value,
            },
        };
        let to = if local {
            vec![subject.author]
        } else {
            Vec::new()
        };
        let entry = Desk::entry_in(&subject.group, voter, activity, self.object.number());
        desk.record(entry.to(to).relay(self.relay.clone()));
    }
}

#[cfg(test)]
mod tests;
