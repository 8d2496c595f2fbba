//! Other servers: their software, and whether they can be reached.

use diesel::dsl::not;
use diesel::prelude::*;

use super::dialect::Both;
use super::schema::{follower_instances, instances};
use super::search::like;
use super::{Db, Res};
use crate::domain::clock::Ts;
use crate::domain::host::{AmongServers, Severity};
use crate::domain::ids::{InstanceId, LOCAL_INSTANCE};
use crate::domain::page::{Cursor, Page, PageRequest};

/// Whether deliveries to a server are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Deliveries go out.
    Ok,
    /// Failing: the next try is not before `next_at`.
    Backoff,
    /// Silent for days: probed once a day only.
    Dormant,
}

impl Reach {
    /// The stable lower-case name.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Backoff => "backoff",
            Self::Dormant => "dormant",
        }
    }

    fn parse(text: &str) -> Self {
        match text {
            "backoff" => Self::Backoff,
            "dormant" => Self::Dormant,
            _ => Self::Ok,
        }
    }
}

/// A server as the hub knows it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Instance {
    /// The row; 0 is this hub.
    pub(crate) id: InstanceId,
    /// Host, with its port where that is not the scheme's own.
    pub(crate) host: String,
    /// The software's name by NodeInfo, lower case.
    pub(crate) software: Option<String>,
    /// Its version.
    pub(crate) version: Option<String>,
    /// Whether deliveries are tried.
    pub(crate) reach: Reach,
    /// Failures in a row.
    pub(crate) fails: i32,
    /// Not before this moment.
    pub(crate) next_at: Ts,
    /// The last delivery that was taken.
    pub(crate) last_ok_at: Option<Ts>,
    /// The last signed request that came from there.
    pub(crate) last_seen_at: Option<Ts>,
    /// When NodeInfo was last asked.
    pub(crate) checked_at: Option<Ts>,
    /// When the hub first heard of it.
    pub(crate) created_at: Ts,
    /// How far it is kept away.
    pub(crate) severity: Severity,
    /// Whether an admin wants nothing sent there for now.
    pub(crate) paused: bool,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = instances)]
struct InstanceRow {
    id: i64,
    host: String,
    software: Option<String>,
    version: Option<String>,
    state: String,
    fails: i32,
    next_at: i64,
    last_ok_at: Option<i64>,
    last_seen_at: Option<i64>,
    checked_at: Option<i64>,
    created_at: i64,
    severity: String,
    paused: bool,
}

impl From<InstanceRow> for Instance {
    fn from(row: InstanceRow) -> Self {
        Self {
            id: InstanceId(row.id),
            host: row.host,
            software: row.software,
            version: row.version,
            reach: Reach::parse(&row.state),
            fails: row.fails,
            next_at: Ts(row.next_at),
            last_ok_at: row.last_ok_at.map(Ts),
            last_seen_at: row.last_seen_at.map(Ts),
            checked_at: row.checked_at.map(Ts),
            created_at: Ts(row.created_at),
            severity: Severity::parse(&row.severity).unwrap_or(Severity::Suspend),
            paused: row.paused,
        }
    }
}

/// The server of a row.
pub(crate) fn find(db: &mut Db, id: InstanceId) -> Res<Option<Instance>> {
    let row: Option<InstanceRow> = instances::table.find(id.0).first(db).optional()?;
    Ok(row.map(Instance::from))
}

/// The server of this host.
pub(crate) fn find_by_host(db: &mut Db, host: &str) -> Res<Option<Instance>> {
    let row: Option<InstanceRow> = instances::table
        .filter(instances::host.eq(host))
        .first(db)
        .optional()?;
    Ok(row.map(Instance::from))
}

/// Every server but this hub, after an id, oldest first.
pub(crate) fn list_after(db: &mut Db, after: InstanceId, limit: u32) -> Res<Vec<Instance>> {
    let rows: Vec<InstanceRow> = instances::table
        .filter(instances::id.gt(after.0.max(LOCAL_INSTANCE.0)))
        .order(instances::id)
        .limit(i64::from(limit))
        .load(db)?;
    Ok(rows.into_iter().map(Instance::from).collect())
}

/// The servers that do not take deliveries or get none, those with the most failures first.
pub(crate) fn list_failing(db: &mut Db, limit: u32) -> Res<Vec<Instance>> {
    let rows: Vec<InstanceRow> = instances::table
        .filter(
            instances::state
                .ne(Reach::Ok.as_str())
                .or(instances::paused),
        )
        .order((instances::fails.desc(), instances::id))
        .limit(i64::from(limit))
        .load(db)?;
    Ok(rows.into_iter().map(Instance::from).collect())
}

/// The servers but this hub in whose name a text occurs (all, where it is empty), as far as they are
/// among those asked for; those that the hub met last come first.
pub(crate) fn list(
    db: &mut Db,
    among: AmongServers,
    text: &str,
    page: PageRequest,
) -> Res<Page<Instance>> {
    let before = page.after.map_or(i64::MAX, |cursor| cursor.id);
    let mut query = instances::table
        .filter(instances::id.gt(LOCAL_INSTANCE.0))
        .filter(instances::id.lt(before))
        .order(instances::id.desc())
        .limit(i64::from(page.limit) + 1)
        .select(InstanceRow::as_select())
        .into_boxed();
    let well = || instances::state.eq(Reach::Ok.as_str());
    query = match among {
        AmongServers::All => query,
        AmongServers::Well => query.filter(well().and(not(instances::paused))),
        AmongServers::Failing => query.filter(not(well())),
        AmongServers::Paused => query.filter(instances::paused),
        AmongServers::KeptAway => query.filter(instances::severity.ne(Severity::None.as_str())),
    };
    if !text.is_empty() {
        query = query.filter(instances::host.like(like(text)).escape('\\'));
    }
    let rows: Vec<InstanceRow> = query.load(db)?;
    let items = rows.into_iter().map(Instance::from).collect();
    Ok(Page::cut(items, page.limit, |one: &Instance| Cursor {
        key: 0.0,
        id: one.id.0,
    }))
}

/// How many follows of people and groups here come from a server.
pub(crate) fn count_followers(db: &mut Db, id: InstanceId) -> Res<i64> {
    let counts: Vec<i64> = follower_instances::table
        .filter(follower_instances::instance_id.eq(id.0))
        .select(follower_instances::followers)
        .load(db)?;
    Ok(counts.into_iter().sum())
}

/// The row of a host, made if it is new.
pub(crate) fn ensure(db: &mut Db, host: &str, fresh: InstanceId, now: Ts) -> Res<InstanceId> {
    let known: Option<i64> = instances::table
        .filter(instances::host.eq(host))
        .select(instances::id)
        .first(db)
        .optional()?;
    if let Some(id) = known {
        return Ok(InstanceId(id));
    }
    let severity = super::host_rules::treatment(db, host)?.severity;
    Both(
        diesel::insert_into(instances::table)
            .values((
                instances::id.eq(fresh.0),
                instances::host.eq(host),
                instances::created_at.eq(now.0),
                instances::severity.eq(severity.as_str()),
            ))
            .on_conflict(instances::host)
            .do_nothing(),
    )
    .execute(db)?;
    let id: i64 = instances::table
        .filter(instances::host.eq(host))
        .select(instances::id)
        .first(db)?;
    Ok(InstanceId(id))
}

/// Writes this hub's own row, or follows a change of its domain.
pub(crate) fn ensure_local(db: &mut Db, host: &str, now: Ts) -> Res<()> {
    Both(
        diesel::insert_into(instances::table)
            .values((
                instances::id.eq(LOCAL_INSTANCE.0),
                instances::host.eq(host),
                instances::software.eq(Some("guildhall")),
                instances::created_at.eq(now.0),
            ))
            .on_conflict(instances::id)
            .do_update()
            .set(instances::host.eq(host)),
    )
    .execute(db)?;
    Ok(())
}

/// Notes what NodeInfo said (or that it said nothing).
pub(crate) fn set_software(
    db: &mut Db,
    id: InstanceId,
    software: Option<&str>,
    version: Option<&str>,
    now: Ts,
) -> Res<()> {
    let row = instances::table.find(id.0);
    let noted = instances::checked_at.eq(Some(now.0));
    match software {
        None => diesel::update(row).set(noted).execute(db)?,
        Some(software) => diesel::update(row)
            .set((
                noted,
                instances::software.eq(software),
                instances::version.eq(version),
            ))
            .execute(db)?,
    };
    Ok(())
}

/// Notes how deliveries to a server fare.
pub(crate) fn set_reach(
    db: &mut Db,
    id: InstanceId,
    reach: Reach,
    fails: i32,
    next_at: Ts,
    last_ok_at: Option<Ts>,
) -> Res<()> {
    diesel::update(instances::table.find(id.0))
        .set((
            instances::state.eq(reach.as_str()),
            instances::fails.eq(fails),
            instances::next_at.eq(next_at.0),
            instances::last_ok_at.eq(last_ok_at.map(|at| at.0)),
        ))
        .execute(db)?;
    Ok(())
}

/// Notes whether anything is sent there.
pub(crate) fn set_paused(db: &mut Db, id: InstanceId, paused: bool) -> Res<()> {
    diesel::update(instances::table.find(id.0))
        .set(instances::paused.eq(paused))
        .execute(db)?;
    Ok(())
}

/// Notes that a signed request came from there.
pub(crate) fn set_seen(db: &mut Db, id: InstanceId, now: Ts) -> Res<()> {
    diesel::update(instances::table.find(id.0))
        .set(instances::last_seen_at.eq(Some(now.0)))
        .execute(db)?;
    Ok(())
}
