//! What moderators often write to authors, kept for all moderators of the hub.

use crate::domain::ids::WordingId;
use crate::domain::policy;
use crate::domain::queue::Wording;
use crate::domain::refusal::{Kind, Refusal};
use crate::operations::account::{limited, one_line};
use crate::operations::{Desk, Operation};
use crate::store::wordings;

/// The most of them.
const MOST: u32 = 50;
/// The longest title, in letters.
const TITLE: u32 = 80;
/// The longest text, in letters.
const TEXT: u32 = 2_000;

/// A moderator of the hub keeps something that moderators often write.
#[derive(Clone, Debug)]
pub(crate) struct WriteWording {
    /// Which of those that there are; `None`: a new one.
    pub(crate) wording: Option<WordingId>,
    /// How they find it.
    pub(crate) title: String,
    /// What it says, in Markdown.
    pub(crate) text: String,
}

impl Operation for WriteWording {
    type Output = WordingId;
    const NAME: &'static str = "write_wording";
    const UNSEEN: bool = true;

    fn perform(&self, desk: &mut Desk<'_>) -> Result<WordingId, Refusal> {
        policy::require_hub_moderator(desk.caller)?;
        let title = one_line("title", &self.title, TITLE)?;
        let text = limited("text", &self.text, TEXT)?;
        for (field, said) in [("title", &title), ("text", &text)] {
            if said.trim().is_empty() {
                let sentence = "Please give it a title and a text.";
                return Err(Refusal::invalid(field, "wording.empty", sentence));
            }
        }
        let known = wordings::list(desk.db, MOST)?;
        let id = match self.wording {
            Some(id) if known.iter().all(|other| other.id != id) => return Err(missing()),
            None if known.len() >= usize::try_from(MOST).unwrap_or(usize::MAX) => {
                let sentence = format!("There are at most {MOST} of them.");
                return Err(Refusal::new(Kind::Conflict, "wording.too_many", sentence));
            }
            id => id.unwrap_or_else(|| WordingId(desk.next_id())),
        };
        wordings::replace(desk.db, &Wording { id, title, text })?;
        Ok(id)
    }
}

/// A moderator of the hub drops one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DropWording {
    /// Which.
    pub(crate) wording: WordingId,
}

impl Operation for DropWording {
    type Output = ();
    const NAME: &'static str = "drop_wording";
    const UNSEEN: bool = true;

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        policy::require_hub_moderator(desk.caller)?;
        let there = wordings::delete(desk.db, self.wording)?;
        there.then_some(()).ok_or_else(missing)
    }
}

fn missing() -> Refusal {
    Refusal::not_found("wording.not_found", "There is no such text.")
}
