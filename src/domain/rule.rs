//! Rules of the hub and of its groups, as moderators cite them.

use super::ids::{ActorId, RuleId};

/// A rule. Its number is its place in the list, from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    /// The row.
    pub(crate) id: RuleId,
    /// Whose rule it is; `None`: the hub's.
    pub(crate) group: Option<ActorId>,
    /// Its number.
    pub(crate) number: i32,
    /// What it says, in a line.
    pub(crate) title: String,
    /// What is meant by that; may be empty.
    pub(crate) text: String,
}

impl Rule {
    /// As it stands before a reason, in reports and in the log: it stays what it was, whatever
    /// becomes of the rule.
    pub(crate) fn cited(&self) -> String {
        format!("§ {} {}", self.number, self.title)
    }
}
