//! What is done by a rule: it is named in the reason, which everybody reads in the log, and told
//! the author with its whole text.

use crate::domain::activity::Origin;
use crate::domain::ids::{ActorId, FlagId, RuleId};
use crate::domain::refusal::{Kind, Refusal};
use crate::domain::rule::Rule;
use crate::operations::account::limited;
use crate::operations::flag::RaiseFlag;
use crate::operations::markup::Markup;
use crate::operations::message::SendMessage;
use crate::operations::moderation::RemoveObject;
use crate::operations::{Desk, Operation};
use crate::store::rules;

/// The longest word to an author, in letters.
const MESSAGE: u32 = 5_000;

/// Somebody reports something by a rule; then no other words are asked for.
#[derive(Clone, Debug)]
pub(crate) struct ReportByRule {
    /// The report.
    pub(crate) report: RaiseFlag,
    /// The rule, of the group or of the hub.
    pub(crate) rule: Option<RuleId>,
}

/// A moderator removes something by a rule, and writes to its author.
#[derive(Clone, Debug)]
pub(crate) struct RemoveByRule {
    /// The removal.
    pub(crate) removal: RemoveObject,
    /// The rule, of the group or of the hub.
    pub(crate) rule: Option<RuleId>,
    /// What its author alone is told besides the rule, in Markdown.
    pub(crate) message: String,
}

impl Operation for ReportByRule {
    type Output = FlagId;
    const NAME: &'static str = "report_by_rule";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<FlagId, Refusal> {
        let rule = citable(desk, self.report.group, self.rule)?;
        let report = RaiseFlag {
            reason: reason(rule.as_ref(), &self.report.reason),
            ..self.report.clone()
        };
        report.perform(desk)
    }
}

impl Operation for RemoveByRule {
    type Output = ();
    const NAME: &'static str = "remove_by_rule";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let message = limited("message", &self.message, MESSAGE)?;
        let subject = desk.subject(self.removal.object)?;
        let rule = citable(desk, Some(subject.group.id), self.rule)?;
        let removal = RemoveObject {
            reason: reason(rule.as_ref(), &self.removal.reason),
            ..self.removal.clone()
        };
        removal.perform(desk)?;
        if subject.removed() {
            return Ok(());
        }
        let page = desk.names.object(self.removal.object);
        tell(
            desk,
            subject.author,
            &letter(page.as_str(), rule.as_ref(), &message),
        )
    }
}

/// A rule that may be cited in a group, if one is.
fn citable(
    desk: &mut Desk<'_>,
    group: Option<ActorId>,
    rule: Option<RuleId>,
) -> Result<Option<Rule>, Refusal> {
    let Some(id) = rule else { return Ok(None) };
    let known = rules::find(desk.db, id)?;
    let here = known.filter(|rule| rule.group.is_none() || rule.group == group);
    let unknown = || Refusal::invalid("rule", "rule.unknown", "This rule does not hold here.");
    here.map(Some).ok_or_else(unknown)
}

/// A reason with the rule before it.
fn reason(rule: Option<&Rule>, said: &str) -> String {
    match (rule, said.trim()) {
        (None, said) => said.to_owned(),
        (Some(rule), "") => rule.cited(),
        (Some(rule), said) => format!("{} – {said}", rule.cited()),
    }
}

/// What an author is told; nothing where there is nothing to say.
fn letter(page: &str, rule: Option<&Rule>, message: &str) -> String {
    let cited = rule.map(|rule| {
        let words = format!("{}\n{}", rule.cited(), rule.text);
        let lines = words.trim().lines().map(|line| format!("> {line}\n"));
        lines.collect::<String>()
    });
    if cited.is_none() && message.trim().is_empty() {
        return String::new();
    }
    format!("<{page}>\n\n{}\n{message}", cited.unwrap_or_default())
}

/// Writes to an author, who may not take messages; what was done stands anyhow.
fn tell(desk: &mut Desk<'_>, author: ActorId, words: &str) -> Result<(), Refusal> {
    if words.is_empty() {
        return Ok(());
    }
    let send = SendMessage {
        to: vec![author],
        body: Markup::Markdown(words.to_owned()),
        origin: Origin::Local,
    };
    match send.perform(desk) {
        Err(refusal) if refusal.kind == Kind::Invalid => Ok(()),
        sent => sent.map(drop),
    }
}
