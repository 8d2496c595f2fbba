//! Rules of the hub and of its groups: written by moderators, cited in reports and removals.

mod cite;

pub(crate) use cite::{RemoveByRule, ReportByRule};

use super::account::{limited, one_line};
use super::{Desk, Operation};
use crate::domain::ids::{ActorId, RuleId};
use crate::domain::policy;
use crate::domain::refusal::{Kind, Refusal};
use crate::domain::rule::Rule;
use crate::store::rules;

/// The most rules of one list.
const MOST: usize = 30;
/// The longest title, in letters.
const TITLE: u32 = 120;
/// The longest text, in letters.
const TEXT: u32 = 1_000;

/// A moderator writes a rule of their group or of the hub, or changes one.
#[derive(Clone, Debug)]
pub(crate) struct WriteRule {
    /// Whose rule; `None`: the hub's.
    pub(crate) group: Option<ActorId>,
    /// Which one is changed; `None`: it is new.
    pub(crate) rule: Option<RuleId>,
    /// Its number from now on; `None`: as before, or the last.
    pub(crate) number: Option<i32>,
    /// What it says, in a line.
    pub(crate) title: String,
    /// What is meant by that.
    pub(crate) text: String,
}

/// A moderator drops a rule; those after it move up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DropRule {
    /// Which.
    pub(crate) rule: RuleId,
}

impl Operation for WriteRule {
    type Output = Rule;
    const NAME: &'static str = "write_rule";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<Rule, Refusal> {
        require_author(desk, self.group)?;
        let title = one_line("title", &self.title, TITLE)?;
        let text = limited("text", &self.text, TEXT)?;
        if title.is_empty() {
            let sentence = "Please say in a line what the rule is.";
            return Err(Refusal::invalid("title", "rule.title", sentence));
        }
        let mut list = rules::list(desk.db, self.group)?;
        let place = match self.rule {
            Some(id) => {
                let place = list.iter().position(|rule| rule.id == id);
                let place = place.ok_or_else(missing)?;
                list.remove(place);
                place
            }
            None if list.len() >= MOST => {
                let sentence = format!("There are at most {MOST} rules.");
                return Err(Refusal::new(Kind::Conflict, "rule.too_many", sentence));
            }
            None => list.len(),
        };
        let wanted = self
            .number
            .map(|number| usize::try_from(number.saturating_sub(1)).unwrap_or(0));
        let place = wanted.unwrap_or(place).min(list.len());
        let rule = Rule {
            id: self.rule.unwrap_or_else(|| RuleId(desk.next_id())),
            group: self.group,
            number: 0,
            title,
            text,
        };
        list.insert(place, rule.clone());
        keep(desk, self.group, list)?;
        let rule = rules::find(desk.db, rule.id)?.unwrap_or(rule);
        desk.log(self.group, "rule", None, None, &rule.cited())?;
        Ok(rule)
    }
}

impl Operation for DropRule {
    type Output = ();
    const NAME: &'static str = "drop_rule";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let rule = rules::find(desk.db, self.rule)?.ok_or_else(missing)?;
        require_author(desk, rule.group)?;
        let mut list = rules::list(desk.db, rule.group)?;
        list.retain(|other| other.id != rule.id);
        keep(desk, rule.group, list)?;
        desk.log(rule.group, "rule-drop", None, None, &rule.cited())
    }
}

/// Only moderators of a group write its rules, and only the hub's those of the hub. What holds in a
/// group elsewhere is written there.
fn require_author(desk: &mut Desk<'_>, group: Option<ActorId>) -> Result<(), Refusal> {
    let Some(group) = group else {
        return policy::require_hub_moderator(desk.caller);
    };
    let group = desk.group(group)?;
    let relation = desk.relation(&group)?;
    policy::require_moderator(desk.caller, &relation, group.local)?;
    if group.local {
        return Ok(());
    }
    Err(Refusal::forbidden(
        "rule.elsewhere",
        "The rules of this group are written on its own server.",
    ))
}

/// Stores a list with numbers from 1.
fn keep(desk: &mut Desk<'_>, group: Option<ActorId>, mut list: Vec<Rule>) -> Result<(), Refusal> {
    for (number, rule) in (1..).zip(&mut list) {
        rule.number = number;
    }
    Ok(rules::replace(desk.db, group, &list)?)
}

fn missing() -> Refusal {
    Refusal::not_found("rule.not_found", "There is no such rule.")
}

#[cfg(test)]
mod tests;
