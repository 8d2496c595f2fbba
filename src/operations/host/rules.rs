//! Rules come and go: one by hand, or many from a list, with a look at what that would change.

use std::collections::HashMap;

use super::{apply, named};
use crate::domain::flag::LogEntry;
use crate::domain::host::{HostRule, RuleSource, Severity};
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::operations::{Desk, Operation};
use crate::store::host_rules::{self, Ties};
use crate::store::moderation;

/// The most rules of a list that stand in the public log one by one.
const MOST_NOTED: usize = 100;

/// An admin decides what applies to a server and all beneath its name.
#[derive(Clone, Debug)]
pub(crate) struct SetHostRule {
    /// The rule; its name as it was typed.
    pub(crate) rule: HostRule,
}

impl Operation for SetHostRule {
    type Output = HostRule;
    const NAME: &'static str = "set_host_rule";
    const CHANGES_SERVERS: bool = true;

    fn perform(&self, desk: &mut Desk<'_>) -> Result<HostRule, Refusal> {
        policy::require_admin(desk.caller)?;
        let host = named(desk, &self.rule.host)?;
        let comment = self.rule.comment.trim().replace('\0', "");
        let rule = HostRule {
            host,
            comment: comment.chars().take(500).collect(),
            ..self.rule.clone()
        };
        host_rules::upsert(desk.db, RuleSource::Hand, &rule, desk.now)?;
        note(desk, rule.severity.as_str(), &rule)?;
        apply(desk)?;
        Ok(rule)
    }
}

/// An admin takes a rule back that was set by hand; what lists say stays.
#[derive(Clone, Debug)]
pub(crate) struct LiftHostRule {
    /// The name.
    pub(crate) host: String,
}

impl Operation for LiftHostRule {
    type Output = ();
    const NAME: &'static str = "lift_host_rule";
    const CHANGES_SERVERS: bool = true;

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        policy::require_admin(desk.caller)?;
        let host = named(desk, &self.host)?;
        let rule = host_rules::find(desk.db, RuleSource::Hand, &host)?.ok_or_else(|| {
            Refusal::not_found("host.no_rule", "No rule was set by hand for this server.")
        })?;
        host_rules::delete(desk.db, RuleSource::Hand, &host)?;
        note(desk, "lift", &rule)?;
        apply(desk).map(drop)
    }
}

/// What a list changes, or would change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Changes {
    /// Rules that are new.
    pub(crate) added: Vec<HostRule>,
    /// Rules that say something else now.
    pub(crate) changed: Vec<HostRule>,
    /// Rules that the list has no more.
    pub(crate) removed: Vec<HostRule>,
    /// How many of the list are as they were.
    pub(crate) same: usize,
    /// Follows that rest while their server is suspended by what is new.
    pub(crate) ties: Ties,
    /// Why the list could not be read; then nothing changes.
    pub(crate) unread: Option<String>,
}

/// An admin takes the rules of a list over.
#[derive(Clone, Debug)]
pub(crate) struct ImportRules {
    /// The rules.
    pub(crate) rules: Vec<HostRule>,
    /// From where; rules that a subscribed list has no more go, those set by hand stay.
    pub(crate) source: RuleSource,
    /// Whether it is only looked at what that would change.
    pub(crate) dry_run: bool,
}

impl Operation for ImportRules {
    type Output = Changes;
    const NAME: &'static str = "import_rules";
    const CHANGES_SERVERS: bool = true;

    fn perform(&self, desk: &mut Desk<'_>) -> Result<Changes, Refusal> {
        policy::require_admin(desk.caller)?;
        let changes = compare(desk, &self.rules, self.source)?;
        if self.dry_run {
            return Ok(changes);
        }
        for rule in changes.added.iter().chain(&changes.changed) {
            host_rules::upsert(desk.db, self.source, rule, desk.now)?;
        }
        for rule in &changes.removed {
            host_rules::delete(desk.db, self.source, &rule.host)?;
        }
        let set = changes.added.iter().chain(&changes.changed);
        let set = set.map(|rule| (rule.severity.as_str(), rule));
        let lifted = changes.removed.iter().map(|rule| ("lift", rule));
        let touched: Vec<_> = set.chain(lifted).collect();
        if !touched.is_empty() {
            note_all(desk, &touched)?;
            apply(desk)?;
        }
        Ok(changes)
    }
}

fn compare(
    desk: &mut Desk<'_>,
    rules: &[HostRule],
    source: RuleSource,
) -> Result<Changes, Refusal> {
    let known = host_rules::list(desk.db, source)?;
    let mut known: HashMap<String, HostRule> = known
        .into_iter()
        .map(|rule| (rule.host.clone(), rule))
        .collect();
    let mut changes = Changes::default();
    for rule in rules {
        if named(desk, &rule.host).is_err() {
            continue;
        }
        match known.remove(&rule.host) {
            None => changes.added.push(rule.clone()),
            Some(before) if before != *rule => changes.changed.push(rule.clone()),
            Some(_) => changes.same += 1,
        }
    }
    if source != RuleSource::Hand {
        changes.removed = known.into_values().collect();
        changes.removed.sort_by(|a, b| a.host.cmp(&b.host));
    }
    let suspended: Vec<String> = changes
        .added
        .iter()
        .chain(&changes.changed)
        .filter(|rule| rule.severity == Severity::Suspend)
        .map(|rule| rule.host.clone())
        .collect();
    changes.ties = host_rules::ties(desk.db, &suspended)?;
    Ok(changes)
}

/// The settings may shut other servers out than before: puts that in force. Done by the hub itself.
#[derive(Clone, Debug)]
pub(crate) struct ApplySettings;

impl Operation for ApplySettings {
    type Output = usize;
    const NAME: &'static str = "apply_settings";
    const CHANGES_SERVERS: bool = true;

    fn perform(&self, desk: &mut Desk<'_>) -> Result<usize, Refusal> {
        policy::require_admin(desk.caller)?;
        apply(desk)
    }
}

/// A line of the public log for each of these rules, set or lifted; for very many their number.
pub(super) fn note_all(desk: &mut Desk<'_>, all: &[(&str, &HostRule)]) -> Result<(), Refusal> {
    if all.len() > MOST_NOTED {
        return insert(desk, "import", None, all.len().to_string());
    }
    all.iter()
        .try_for_each(|(what, rule)| note(desk, what, rule))
}

/// A line of the public log; a name that is not to be shown stays out of it.
fn note(desk: &mut Desk<'_>, what: &str, rule: &HostRule) -> Result<(), Refusal> {
    let host = Some(rule.host.clone()).filter(|_| !rule.obfuscate);
    insert(desk, what, host, rule.comment.clone())
}

fn insert(
    desk: &mut Desk<'_>,
    what: &str,
    host: Option<String>,
    reason: String,
) -> Result<(), Refusal> {
    let entry = LogEntry {
        group: None,
        moderator: desk.caller.actor(),
        action: format!("server-{what}"),
        object: None,
        actor: None,
        host,
        reason,
        at: desk.now,
    };
    let id = desk.next_id();
    Ok(moderation::insert_log(desk.db, id, &entry)?)
}
