//! What members do not want to read: words, and languages other than theirs.

use crate::domain::clock::Ts;
use crate::domain::filter::{Effect, Filter, normalised};
use crate::domain::ids::FilterId;
use crate::domain::policy;
use crate::domain::refusal::{Kind, Refusal};
use crate::store::filters;
use crate::text::language;

use super::{Desk, Operation};

/// The most filters of one member.
const MOST: u32 = 100;
/// The longest words of one, in letters.
const LONGEST: usize = 100;
/// The most languages that a member names.
const MOST_LANGUAGES: usize = 20;

/// The caller does not want to read these words, from now on or until a moment; in the place of
/// what they said of them before.
#[derive(Clone, Debug)]
pub(crate) struct SetFilter {
    /// The words.
    pub(crate) phrase: String,
    /// What becomes of texts with them.
    pub(crate) effect: Effect,
    /// When it ends.
    pub(crate) until: Option<Ts>,
}

impl Operation for SetFilter {
    type Output = ();
    const NAME: &'static str = "set_filter";
    const UNSEEN: bool = true;

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let caller = policy::require_actor(desk.caller)?;
        let phrase = normalised(&self.phrase);
        if phrase.is_empty() || phrase.contains('\0') || phrase.chars().count() > LONGEST {
            return Err(Refusal::invalid(
                "phrase",
                "filter.phrase",
                format!("Please give words of 1 to {LONGEST} letters."),
            ));
        }
        if self.until.is_some_and(|until| until <= desk.now) {
            let sentence = "Please choose a time that is still to come.";
            return Err(Refusal::invalid("until", "filter.until", sentence));
        }
        let known = filters::list(desk.db, caller, MOST)?;
        let many = usize::try_from(MOST).unwrap_or(usize::MAX);
        if known.len() >= many && known.iter().all(|filter| filter.phrase != phrase) {
            return Err(Refusal::new(
                Kind::Conflict,
                "filter.too_many",
                format!("There are at most {MOST} filters; please delete one first."),
            ));
        }
        let filter = Filter {
            id: FilterId(desk.next_id()),
            phrase,
            effect: self.effect,
            until: self.until,
        };
        Ok(filters::upsert(desk.db, caller, &filter, desk.now)?)
    }
}

/// The caller drops a filter of theirs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DropFilter {
    /// Which.
    pub(crate) filter: FilterId,
}

impl Operation for DropFilter {
    type Output = ();
    const NAME: &'static str = "drop_filter";
    const UNSEEN: bool = true;

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let caller = policy::require_actor(desk.caller)?;
        if filters::delete(desk.db, caller, self.filter)? {
            return Ok(());
        }
        Err(Refusal::not_found(
            "filter.not_found",
            "There is no such filter of yours.",
        ))
    }
}

/// The caller says in which languages they want posts; none: in all.
#[derive(Clone, Debug)]
pub(crate) struct SetReadingLanguages {
    /// Their tags.
    pub(crate) languages: Vec<String>,
}

impl Operation for SetReadingLanguages {
    type Output = ();
    const NAME: &'static str = "set_reading_languages";
    const UNSEEN: bool = true;

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let caller = policy::require_actor(desk.caller)?;
        let mut tags = Vec::new();
        for given in &self.languages {
            let tag = language::tag(given).ok_or_else(|| {
                let sentence = "Please give language codes such as `de` or `en`.";
                Refusal::invalid("languages", "language.tag", sentence)
            })?;
            if !tags.contains(&tag) {
                tags.push(tag);
            }
        }
        if tags.len() > MOST_LANGUAGES {
            return Err(Refusal::invalid(
                "languages",
                "language.too_many",
                format!("Please name at most {MOST_LANGUAGES} languages."),
            ));
        }
        Ok(filters::set_languages(desk.db, caller, &tags)?)
    }
}

#[cfg(test)]
mod tests;
