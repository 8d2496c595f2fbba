//! Polls: what a post lets people choose from, and how the votes stand.

use super::clock::Ts;

/// The fewest choices of a poll that is made here.
pub(crate) const LEAST_CHOICES: usize = 2;
/// The most choices of a poll; those beyond are left out (security.md H84).
pub(crate) const MOST_CHOICES: usize = 20;
/// The most letters of a choice of a poll that is made here.
pub(crate) const LONGEST_CHOICE: usize = 200;

/// A poll, as the server of its author counts it.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Poll {
    /// Whether several may be chosen.
    pub(crate) multiple: bool,
    /// Until when votes count; `None`: for ever.
    pub(crate) ends_at: Option<Ts>,
    /// When its end was noticed and told.
    pub(crate) closed_at: Option<Ts>,
    /// People who voted.
    pub(crate) voters: i64,
    /// What can be chosen, in order.
    pub(crate) choices: Vec<Choice>,
}

/// One answer of a poll.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Choice {
    /// Its text, by which votes from elsewhere name it.
    pub(crate) name: String,
    /// Votes so far.
    pub(crate) votes: i64,
}

impl Poll {
    /// Whether no vote counts any more.
    pub(crate) fn is_over(&self, now: Ts) -> bool {
        self.closed_at.is_some() || self.ends_at.is_some_and(|end| end <= now)
    }

    /// Whether both let people choose from the same, whatever was chosen.
    pub(crate) fn asks_like(&self, other: &Self) -> bool {
        let names = |poll: &Self| -> Vec<String> {
            poll.choices.iter().map(|one| one.name.clone()).collect()
        };
        self.multiple == other.multiple && names(self) == names(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_poll_is_over_at_its_end_and_one_without_end_when_it_is_closed() {
        let poll = Poll {
            ends_at: Some(Ts(10)),
            ..Poll::default()
        };
        assert!(!poll.is_over(Ts(9)));
        assert!(poll.is_over(Ts(10)));
        let endless = Poll::default();
        assert!(!endless.is_over(Ts(i64::MAX)));
        let closed = Poll {
            closed_at: Some(Ts(1)),
            ..endless
        };
        assert!(closed.is_over(Ts(1)));
    }
}
