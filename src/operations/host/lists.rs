//! Lists of rules at an address, read again and again.

use super::apply;
use super::rules::{Changes, ImportRules, note_all};
use crate::domain::host::{HostRule, RuleSource, Subscription};
use crate::domain::policy;
use crate::domain::refusal::{Kind, Refusal};
use crate::operations::{Desk, Operation};
use crate::store::host_rules;

/// The longest address of a list.
const LONGEST_URL: usize = 2_000;
/// A list that could not be read is tried again after an hour, in seconds.
const AGAIN: i64 = 3_600;

/// An admin has the hub follow a list; it is read soon after.
#[derive(Clone, Debug)]
pub(crate) struct Subscribe {
    /// Where it is read.
    pub(crate) url: String,
}

impl Operation for Subscribe {
    type Output = i64;
    const NAME: &'static str = "subscribe";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<i64, Refusal> {
        policy::require_admin(desk.caller)?;
        let new = Subscription {
            id: desk.next_id(),
            url: address(desk, &self.url)?,
            created_at: desk.now,
            refreshed_at: None,
            next_at: desk.now,
            error: None,
        };
        if !host_rules::insert_subscription(desk.db, &new)? {
            return Err(Refusal::new(
                Kind::Conflict,
                "list.known",
                "The hub follows this list already.",
            ));
        }
        Ok(new.id)
    }
}

fn address(desk: &Desk<'_>, text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    let parsed = url::Url::parse(text).ok().filter(|url| {
        let plain = desk.settings.federation.development && url.scheme() == "http";
        (url.scheme() == "https" || plain) && url.has_host() && text.len() <= LONGEST_URL
    });
    parsed.map(String::from).ok_or_else(|| {
        Refusal::invalid(
            "url",
            "list.url",
            "Please write the address of the list, beginning with https://.",
        )
    })
}

/// An admin has the hub follow a list no more: all of its rules go.
#[derive(Clone, Debug)]
pub(crate) struct Unsubscribe {
    /// Which.
    pub(crate) list: i64,
}

impl Operation for Unsubscribe {
    type Output = ();
    const NAME: &'static str = "unsubscribe";
    const CHANGES_SERVERS: bool = true;

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        policy::require_admin(desk.caller)?;
        let rules = host_rules::list(desk.db, RuleSource::List(self.list))?;
        if !host_rules::delete_subscription(desk.db, self.list)? {
            return Err(missing());
        }
        let lifted: Vec<_> = rules.iter().map(|rule| ("lift", rule)).collect();
        note_all(desk, &lifted)?;
        apply(desk).map(drop)
    }
}

/// A list was read, or could not be: its rules become what it says now. Rules stay as they are
/// while it cannot be read.
#[derive(Clone, Debug)]
pub(crate) struct RefreshList {
    /// Which.
    pub(crate) list: i64,
    /// What it says, or why that is not known.
    pub(crate) said: Result<Vec<HostRule>, String>,
}

impl Operation for RefreshList {
    type Output = Changes;
    const NAME: &'static str = "refresh_list";
    const CHANGES_SERVERS: bool = true;

    fn perform(&self, desk: &mut Desk<'_>) -> Result<Changes, Refusal> {
        policy::require_admin(desk.caller)?;
        let mut list = host_rules::find_subscription(desk.db, self.list)?.ok_or_else(missing)?;
        let mut changes = Changes::default();
        match &self.said {
            Err(why) => {
                list.error = Some(why.clone());
                changes.unread = Some(why.clone());
                list.next_at = desk.now.plus_seconds(AGAIN);
            }
            Ok(rules) => {
                let import = ImportRules {
                    rules: rules.clone(),
                    source: RuleSource::List(list.id),
                    dry_run: false,
                };
                changes = import.perform(desk)?;
                list.error = None;
                list.refreshed_at = Some(desk.now);
                let pause = desk.settings.moderation.list_refresh.seconds();
                list.next_at = desk.now.plus_seconds(pause);
            }
        }
        host_rules::set_refreshed(desk.db, &list)?;
        Ok(changes)
    }
}

fn missing() -> Refusal {
    Refusal::not_found("list.not_found", "The hub does not follow this list.")
}
