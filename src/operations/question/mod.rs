//! Questions: which answer helped.

use crate::domain::activity::Activity;
use crate::domain::clock::Ts;
use crate::domain::ids::{CommentId, ObjectId, PostId};
use crate::domain::notice::NoticeKind;
use crate::domain::policy;
use crate::domain::question::Chosen;
use crate::domain::refusal::{Kind, Refusal};
use crate::store::{posts, questions};

use super::access::Subject;
use super::{Desk, Operation, notice, object};

/// The one who asked, or a moderator, says which answer helped; or that it did not after all.
#[derive(Clone, Debug)]
pub(crate) struct ChooseAnswer {
    /// The answer.
    pub(crate) answer: CommentId,
    /// Whether it helped.
    pub(crate) chosen: bool,
    /// The activity to be announced by a local group.
    pub(crate) relay: Option<String>,
}

impl Operation for ChooseAnswer {
    type Output = ();
    const NAME: &'static str = "choose_answer";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let subject = desk.subject(ObjectId::Comment(self.answer))?;
        check(desk, &subject)?;
        let post = subject.post.id;
        let known = questions::find(desk.db, post)?;
        if known.is_none() && subject.post.local {
            return Err(no_question());
        }
        // What is asked elsewhere is known to be a question when an answer is chosen.
        questions::insert(desk.db, post)?;
        let before = known.unwrap_or_default().answer;
        let stands = before.is_some_and(|before| before.comment == self.answer);
        if stands == self.chosen {
            return Ok(());
        }
        let by = desk.caller.actor().unwrap_or(subject.post.author);
        let chosen = Chosen {
            comment: self.answer,
            by,
            at: desk.now,
        };
        questions::set_answer(desk.db, post, self.chosen.then_some(chosen))?;
        if self.chosen {
            let kind = NoticeKind::Accepted;
            notice::tell(desk, kind, &[subject.author], by, self.answer.0)?;
        }
        self.tell(desk, &subject)
    }
}

impl ChooseAnswer {
    fn tell(&self, desk: &mut Desk<'_>, subject: &Subject) -> Result<(), Refusal> {
        let by = desk.caller.actor().unwrap_or(subject.group.id);
        let here = object::is_local(desk, by)?;
        if here || (subject.group.local && self.relay.is_some()) {
            let activity = Activity::AnswerChosen {
                comment: self.answer,
                chosen: self.chosen,
            };
            let entry = Desk::entry_in(&subject.group, by, activity, subject.post.id.0);
            desk.record(entry.relay(self.relay.clone()));
        }
        if subject.post.local {
            renew(desk, subject)?;
        }
        Ok(())
    }
}

/// The one who asked, or a moderator, says that no answer helped after all; done already if none
/// was chosen.
#[derive(Clone, Debug)]
pub(crate) struct WithdrawAnswer {
    /// The question.
    pub(crate) post: PostId,
}

impl Operation for WithdrawAnswer {
    type Output = ();
    const NAME: &'static str = "withdraw_answer";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let subject = desk.subject(ObjectId::Post(self.post))?;
        check(desk, &subject)?;
        let question = questions::find(desk.db, self.post)?.ok_or_else(no_question)?;
        let Some(chosen) = question.answer else {
            return Ok(());
        };
        let withdraw = ChooseAnswer {
            answer: chosen.comment,
            chosen: false,
            relay: None,
        };
        withdraw.perform(desk)
    }
}

fn no_question() -> Refusal {
    let sentence = "This post does not ask for an answer.";
    Refusal::new(Kind::Conflict, "question.none", sentence)
}

/// Only who asked, and who moderates, says what helped; and only of what can be read.
fn check(desk: &mut Desk<'_>, subject: &Subject) -> Result<(), Refusal> {
    let relation = desk.relation(&subject.group)?;
    policy::require_not_banned(&relation, desk.now)?;
    let asks = desk.caller.actor() == Some(subject.post.author);
    if !asks && !policy::moderates(desk.caller, &relation, subject.group.local) {
        if desk.caller.actor().is_none() {
            policy::require_actor(desk.caller)?;
        }
        return Err(Refusal::forbidden(
            "question.asker",
            "Only who asked, and the moderators of the group, choose the answer that helped.",
        ));
    }
    if subject.deleted() || subject.removed() || subject.post.hidden() {
        return Err(Refusal::new(
            Kind::Gone,
            "comment.gone",
            "This comment is no longer there.",
        ));
    }
    Ok(())
}

/// Whoever knows the question learns where its answer is, also where answers are not chosen.
fn renew(desk: &mut Desk<'_>, subject: &Subject) -> Result<(), Refusal> {
    let mut post = subject.post.clone();
    // Peers take no Update that is not newer than what they know (federation.md 4.4).
    let last: Ts = post.edited_at.unwrap_or(post.published_at);
    post.edited_at = Some(desk.now.max(last.plus_seconds(1)));
    posts::set_content(desk.db, &post)?;
    let object = ObjectId::Post(post.id);
    let updated = Activity::Updated { object };
    let mut entry = Desk::entry_in(&subject.group, post.author, updated, post.id.0);
    entry = entry.to(desk.followers_of(post.author, &subject.group)?);
    desk.record(entry);
    Ok(())
}

#[cfg(test)]
mod tests;
