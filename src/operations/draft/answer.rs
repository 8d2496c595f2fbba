//! What is typed into an answer is kept until it is sent.

use crate::domain::draft::KeptAnswer;
use crate::domain::ids::{CommentId, ObjectId};
use crate::domain::policy;
use crate::domain::refusal::{Kind, Refusal};
use crate::operations::markup::storable;
use crate::operations::quote::QuoteComment;
use crate::operations::{Desk, Operation};
use crate::store::kept_answers;

/// A member keeps what they typed into an answer; nothing typed is nothing kept.
#[derive(Clone, Debug)]
pub(crate) struct KeepAnswer {
    /// What it answers.
    pub(crate) to: ObjectId,
    /// Markdown, as far as it goes.
    pub(crate) body: String,
}

impl Operation for KeepAnswer {
    type Output = ();
    const NAME: &'static str = "keep_answer";
    const UNSEEN: bool = true;

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let author = policy::require_actor(desk.caller)?;
        let body = storable(&self.body);
        if body.trim().is_empty() {
            kept_answers::delete(desk.db, author, self.to.number())?;
            return Ok(());
        }
        check_length(desk, &body)?;
        let subject = desk.subject(self.to)?;
        if subject.post.hidden() {
            let sentence = "What you answer is no longer there.";
            return Err(Refusal::new(Kind::Gone, "comment.parent_gone", sentence));
        }
        let most = desk.settings.posts.drafts;
        if kept_answers::count_others(desk.db, author, self.to)? >= i64::from(most) {
            // What is typed stays in the form.
            return Err(Refusal::invalid(
                "body",
                "draft.full",
                format!(
                    "You have {most} drafts already. Please send or discard one of them first."
                ),
            ));
        }
        let answer = KeptAnswer {
            author,
            to: self.to,
            post: subject.post.id,
            body,
            kept_at: desk.now,
        };
        Ok(kept_answers::upsert(desk.db, &answer)?)
    }
}

fn check_length(desk: &Desk<'_>, body: &str) -> Result<(), Refusal> {
    let most = usize::try_from(desk.settings.posts.comment_limit).unwrap_or(usize::MAX);
    if body.chars().count() <= most {
        return Ok(());
    }
    let sentence = format!("A comment has at most {most} letters.");
    Err(Refusal::invalid("body", "comment.too_long", sentence))
}

/// A member throws away what they typed into an answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DiscardAnswer {
    /// The number of what it would have answered.
    pub(crate) to: i64,
}

impl Operation for DiscardAnswer {
    type Output = ();
    const NAME: &'static str = "discard_answer";
    const UNSEEN: bool = true;

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let author = policy::require_actor(desk.caller)?;
        if kept_answers::delete(desk.db, author, self.to)? {
            return Ok(());
        }
        Err(Refusal::not_found(
            "draft.not_found",
            "There is no such draft.",
        ))
    }
}

/// A member sends an answer; what they kept of it is kept no longer.
#[derive(Clone, Debug)]
pub(crate) struct SendAnswer {
    /// The answer.
    pub(crate) answer: QuoteComment,
}

impl Operation for SendAnswer {
    type Output = CommentId;
    const NAME: &'static str = "send_answer";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<CommentId, Refusal> {
        let author = policy::require_actor(desk.caller)?;
        let to = self.answer.comment.parent.number();
        kept_answers::delete(desk.db, author, to)?;
        self.answer.perform(desk)
    }
}
