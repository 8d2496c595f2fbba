//! What applies to other servers, set by hand or by lists that the hub subscribed to.

use diesel::prelude::*;

use super::dialect::Both;
use super::schema::{actors, block_lists, follows, host_rules, instances};
use super::{Db, Res};
use crate::domain::clock::Ts;
use crate::domain::host::{self, HostRule, RuleSource, Severity, Subscription, Treatment};
use crate::domain::ids::{InstanceId, LOCAL_INSTANCE};

type RuleRow = (i64, String, String, bool, bool, String, bool, i64);

fn rule(row: RuleRow) -> (RuleSource, HostRule) {
    let (source, host, severity, reject_media, reject_reports, comment, obfuscate, _) = row;
    let rule = HostRule {
        host,
        severity: Severity::parse(&severity).unwrap_or(Severity::Suspend),
        reject_media,
        reject_reports,
        comment,
        obfuscate,
    };
    (RuleSource::parse(source), rule)
}

/// What the rules say of a server.
pub(crate) fn treatment(db: &mut Db, host: &str) -> Res<Treatment> {
    let names = host::above(host);
    let rows: Vec<RuleRow> = host_rules::table
        .filter(host_rules::host.eq_any(names.clone()))
        .load(db)?;
    let rules: Vec<_> = rows.into_iter().map(rule).collect();
    Ok(host::decide(
        &names,
        &rules.iter().map(|(source, rule)| (*source, rule)),
    ))
}

/// The rules of one source, by name.
pub(crate) fn list(db: &mut Db, source: RuleSource) -> Res<Vec<HostRule>> {
    let rows: Vec<RuleRow> = host_rules::table
        .filter(host_rules::source_id.eq(source.number()))
        .order(host_rules::host)
        .load(db)?;
    Ok(rows.into_iter().map(|row| rule(row).1).collect())
}

/// All rules.
pub(crate) fn list_all(db: &mut Db) -> Res<Vec<(RuleSource, HostRule)>> {
    let rows: Vec<RuleRow> = host_rules::table
        .order((host_rules::host, host_rules::source_id))
        .load(db)?;
    Ok(rows.into_iter().map(rule).collect())
}

/// The rule of a source for exactly this name.
pub(crate) fn find(db: &mut Db, source: RuleSource, host: &str) -> Res<Option<HostRule>> {
    let row: Option<RuleRow> = host_rules::table
        .find((source.number(), host))
        .first(db)
        .optional()?;
    Ok(row.map(|row| rule(row).1))
}

/// Sets a rule.
pub(crate) fn upsert(db: &mut Db, source: RuleSource, rule: &HostRule, now: Ts) -> Res<()> {
    let said = || {
        (
            host_rules::severity.eq(rule.severity.as_str()),
            host_rules::reject_media.eq(rule.reject_media),
            host_rules::reject_reports.eq(rule.reject_reports),
            host_rules::comment.eq(rule.comment.as_str()),
            host_rules::obfuscate.eq(rule.obfuscate),
        )
    };
    Both(
        diesel::insert_into(host_rules::table)
            .values((
                host_rules::source_id.eq(source.number()),
                host_rules::host.eq(rule.host.as_str()),
                said(),
                host_rules::created_at.eq(now.0),
            ))
            .on_conflict((host_rules::source_id, host_rules::host))
            .do_update()
            .set(said()),
    )
    .execute(db)?;
    Ok(())
}

/// Takes a rule back; whether there was one.
pub(crate) fn delete(db: &mut Db, source: RuleSource, host: &str) -> Res<bool> {
    let gone = diesel::delete(host_rules::table.find((source.number(), host))).execute(db)?;
    Ok(gone > 0)
}

/// Writes the severity in force down for every server that is known, so that queries can leave out
/// what its people wrote; how many changed. `shut` says what the settings shut out.
pub(crate) fn apply(db: &mut Db, shut: &dyn Fn(&str) -> bool) -> Res<usize> {
    let rules = list_all(db)?;
    let mut by_host: std::collections::HashMap<&str, Vec<(RuleSource, &HostRule)>> =
        std::collections::HashMap::new();
    for (source, rule) in &rules {
        let own = by_host.entry(rule.host.as_str()).or_default();
        own.push((*source, rule));
    }
    let known: Vec<(i64, String, String)> = instances::table
        .filter(instances::id.ne(LOCAL_INSTANCE.0))
        .select((instances::id, instances::host, instances::severity))
        .load(db)?;
    let mut changed = 0;
    for (id, host, before) in known {
        let names = host::above(&host);
        let meant = names.iter().filter_map(|name| by_host.get(name.as_str()));
        let severity = if shut(&host) {
            Severity::Suspend
        } else {
            host::decide(&names, &meant.flatten().copied()).severity
        };
        if severity.as_str() != before {
            set_severity(db, InstanceId(id), severity)?;
            changed += 1;
        }
    }
    Ok(changed)
}

fn set_severity(db: &mut Db, id: InstanceId, severity: Severity) -> Res<()> {
    diesel::update(instances::table.find(id.0))
        .set(instances::severity.eq(severity.as_str()))
        .execute(db)?;
    Ok(())
}

/// Memberships that a rule for these names would touch: how many people there follow groups and
/// people here, and how many here follow there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ties {
    /// Follows from there.
    pub(crate) theirs: i64,
    /// Follows from here.
    pub(crate) ours: i64,
}

/// What ties this hub to servers of these names and what lies beneath them.
pub(crate) fn ties(db: &mut Db, names: &[String]) -> Res<Ties> {
    let known: Vec<(i64, String)> = instances::table
        .filter(instances::id.ne(LOCAL_INSTANCE.0))
        .select((instances::id, instances::host))
        .load(db)?;
    let wanted: std::collections::HashSet<&str> = names.iter().map(String::as_str).collect();
    let meant = |host: &str| {
        host::above(host)
            .iter()
            .any(|name| wanted.contains(name.as_str()))
    };
    let ids: Vec<i64> = known
        .into_iter()
        .filter(|(_, host)| meant(host))
        .map(|(id, _)| id)
        .collect();
    let mut ties = Ties::default();
    for some in ids.chunks(500) {
        let there = || {
            actors::table
                .filter(actors::instance_id.eq_any(some.to_vec()))
                .select(actors::id)
        };
        ties.theirs += follows::table
            .filter(follows::follower_id.eq_any(there()))
            .count()
            .get_result::<i64>(db)?;
        ties.ours += follows::table
            .filter(follows::target_id.eq_any(there()))
            .count()
            .get_result::<i64>(db)?;
    }
    Ok(ties)
}

type SubscriptionRow = (i64, String, i64, Option<i64>, i64, Option<String>);

fn subscription(row: SubscriptionRow) -> Subscription {
    let (id, url, created_at, refreshed_at, next_at, error) = row;
    Subscription {
        id,
        url,
        created_at: Ts(created_at),
        refreshed_at: refreshed_at.map(Ts),
        next_at: Ts(next_at),
        error,
    }
}

/// Every subscription, the oldest first.
pub(crate) fn subscriptions(db: &mut Db) -> Res<Vec<Subscription>> {
    let rows: Vec<SubscriptionRow> = block_lists::table.order(block_lists::id).load(db)?;
    Ok(rows.into_iter().map(subscription).collect())
}

/// The subscription of a row.
pub(crate) fn find_subscription(db: &mut Db, id: i64) -> Res<Option<Subscription>> {
    let row: Option<SubscriptionRow> = block_lists::table.find(id).first(db).optional()?;
    Ok(row.map(subscription))
}

/// Stores a subscription; whether it is new.
pub(crate) fn insert_subscription(db: &mut Db, new: &Subscription) -> Res<bool> {
    let rows = Both(
        diesel::insert_into(block_lists::table)
            .values((
                block_lists::id.eq(new.id),
                block_lists::url.eq(&new.url),
                block_lists::created_at.eq(new.created_at.0),
                block_lists::next_at.eq(new.next_at.0),
            ))
            .on_conflict(block_lists::url)
            .do_nothing(),
    )
    .execute(db)?;
    Ok(rows > 0)
}

/// Notes how reading a list went, and when to read it next.
pub(crate) fn set_refreshed(db: &mut Db, list: &Subscription) -> Res<()> {
    diesel::update(block_lists::table.find(list.id))
        .set((
            block_lists::refreshed_at.eq(list.refreshed_at.map(|at| at.0)),
            block_lists::next_at.eq(list.next_at.0),
            block_lists::error.eq(list.error.as_deref()),
        ))
        .execute(db)?;
    Ok(())
}

/// Ends a subscription with all of its rules; whether there was one.
pub(crate) fn delete_subscription(db: &mut Db, id: i64) -> Res<bool> {
    diesel::delete(host_rules::table.filter(host_rules::source_id.eq(id))).execute(db)?;
    Ok(diesel::delete(block_lists::table.find(id)).execute(db)? > 0)
}
