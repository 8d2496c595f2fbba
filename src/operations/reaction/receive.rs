//! Votes and reactions of people elsewhere (federation.md 4.7).

use super::{Vote, Word};
use crate::crypto::digest;
use crate::domain::ids::ObjectId;
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::operations::markup::storable;
use crate::operations::{Desk, Operation};
use crate::store::{reactions, votes};

/// The longest reaction that is kept, in characters: an emoji, or the name of one.
const LONGEST: usize = 100;

/// A vote as it came, perhaps with an emoji: a reaction is an up-vote that says more.
#[derive(Clone, Debug)]
pub(crate) struct ReceiveVote {
    /// The vote; that of a reaction is 1, or 0 where it is taken back.
    pub(crate) vote: Vote,
    /// The emoji, or the name of one.
    pub(crate) content: Option<String>,
    /// The id of the activity; empty if it has none.
    pub(crate) activity: String,
    /// Whether a remote group passed it on, rather than the voter: it counts, but is not shown as
    /// that person's own act.
    pub(crate) via_group: bool,
}

impl Operation for ReceiveVote {
    type Output = ();
    const NAME: &'static str = "receive_vote";

    fn of_a_crowd(&self) -> Option<ObjectId> {
        Some(self.vote.object)
    }

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let voter = policy::require_actor(desk.caller)?;
        let (object, now) = (self.vote.object, desk.now);
        let content = self.content.as_deref().map(kept);
        if self.vote.value == 0 {
            match &content {
                Some(content) => reactions::delete(desk.db, object, voter, content)?,
                None => reactions::delete_of(desk.db, object, voter)?,
            }
            if reactions::count_of(desk.db, object, voter)? > 0 {
                return Ok(());
            }
        }
        let word = if self.via_group {
            Word::Group
        } else {
            Word::Own
        };
        let deed = deed(&self.activity);
        let counts = self.vote.cast(desk, word, deed)?;
        if !counts || self.vote.value == 0 {
            return Ok(());
        }
        if let Some(content) = &content {
            reactions::insert(desk.db, object, voter, content, deed, now)?;
        }
        if self.via_group {
            votes::set_via_group(desk.db, object, voter)?;
        }
        Ok(())
    }
}

/// What is kept of the id of an activity.
pub(super) fn deed(activity: &str) -> Option<i64> {
    (!activity.is_empty()).then(|| digest::short(activity))
}

fn kept(content: &str) -> String {
    let content: String = content.trim().chars().take(LONGEST).collect();
    storable(&content)
}
