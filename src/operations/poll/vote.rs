//! Somebody votes in a poll.

use crate::domain::activity::{Activity, Entry};
use crate::domain::ids::{ActorId, ObjectId, PostId};
use crate::domain::policy;
use crate::domain::poll::Poll;
use crate::domain::refusal::{Kind, Refusal};
use crate::operations::access::Subject;
use crate::operations::{Desk, Operation, object};
use crate::store::polls;

/// The caller chooses; votes stay. From other servers each choice comes for itself, so where
/// several may be chosen, more may follow.
#[derive(Clone, Debug)]
pub(crate) struct VoteInPoll {
    /// The post that asks.
    pub(crate) post: PostId,
    /// The places of the choices, from 0.
    pub(crate) choices: Vec<i32>,
}

impl Operation for VoteInPoll {
    type Output = ();
    const NAME: &'static str = "vote_in_poll";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let voter = policy::require_actor(desk.caller)?;
        let subject = desk.subject(ObjectId::Post(self.post))?;
        let relation = desk.relation(&subject.group)?;
        policy::require_not_banned(&relation, desk.now)?;
        let poll = open_poll(desk, &subject)?;
        let local = object::is_local(desk, voter)?;
        if !subject.post.local && !local {
            return Err(Refusal::forbidden(
                "poll.elsewhere",
                "Votes are counted by the server on which the poll was made.",
            ));
        }
        let mine = polls::list_votes_of(desk.db, voter, &[self.post])?;
        let chosen = self.chosen(&poll)?;
        let again = chosen
            .iter()
            .any(|place| mine.iter().any(|(_, known)| known == place));
        if again || (!poll.multiple && !mine.is_empty()) {
            return Err(Refusal::new(
                Kind::Conflict,
                "poll.voted",
                "You have voted in this poll already.",
            ));
        }
        for (number, place) in chosen.iter().enumerate() {
            let first = mine.is_empty() && number == 0;
            polls::add_vote(desk.db, self.post, voter, *place, first, desk.now)?;
        }
        if !subject.post.local {
            tell(desk, &subject, voter, &chosen);
        }
        Ok(())
    }
}

impl VoteInPoll {
    /// The choices, each once and each one of the poll's.
    fn chosen(&self, poll: &Poll) -> Result<Vec<i32>, Refusal> {
        let mut chosen = self.choices.clone();
        chosen.sort_unstable();
        chosen.dedup();
        let last = i32::try_from(poll.choices.len()).unwrap_or(0);
        let known = chosen.iter().all(|place| (0..last).contains(place));
        if known && !chosen.is_empty() && (poll.multiple || chosen.len() == 1) {
            return Ok(chosen);
        }
        Err(Refusal::invalid(
            "choices",
            "poll.choice",
            "Please choose one of the options of this poll.",
        ))
    }
}

fn open_poll(desk: &mut Desk<'_>, subject: &Subject) -> Result<Poll, Refusal> {
    if subject.post.hidden() {
        return Err(Refusal::new(
            Kind::Gone,
            "post.gone",
            "This post is no longer there.",
        ));
    }
    polls::lock(desk.db, subject.post.id)?;
    let Some(poll) = polls::find(desk.db, subject.post.id)? else {
        return Err(Refusal::not_found(
            "poll.not_found",
            "There is no such poll.",
        ));
    };
    if poll.is_over(desk.now) {
        return Err(Refusal::new(
            Kind::Conflict,
            "poll.over",
            "This poll has ended.",
        ));
    }
    Ok(poll)
}

/// The author's server counts; nobody else hears of a vote.
fn tell(desk: &mut Desk<'_>, subject: &Subject, voter: ActorId, chosen: &[i32]) {
    let post = subject.post.id;
    for choice in chosen {
        let activity = Activity::PollVoted {
            post,
            choice: *choice,
        };
        desk.record(Entry::new(voter, None, activity, post.0).to([subject.author]));
    }
}
