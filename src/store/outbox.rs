//! The outbox log: what operations did and others must hear of.
//!
//! An operation appends without a number, in its own transaction. The one reader numbers what was
//! committed, in batches, so the order of reading can never disagree with the order of commits.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::dialect::{Both, ROWS, Steady, on_db};
use super::schema::{actors, cursors, follower_instances, outbox, outbox_targets};
use super::{Db, Res, StoreError, late};
use crate::domain::activity::{Activity, Entry, Lane, Logged};
use crate::domain::clock::Ts;
use crate::domain::ids::{ActorId, InstanceId, ObjectId, OutboxId, PostId};

#[derive(Queryable, Selectable)]
#[diesel(table_name = outbox)]
struct LoggedRow {
    id: i64,
    seq: Option<i64>,
    actor_id: i64,
    group_id: Option<i64>,
    order_key: i64,
    uuid: String,
    activity: String,
    relay: Option<String>,
    created_at: i64,
}

/// An entry of the log with its row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LogRow {
    /// The row; larger than the ids of all follows that were made before it.
    pub(crate) id: OutboxId,
    /// What it says.
    pub(crate) logged: Logged,
}

impl TryFrom<LoggedRow> for LogRow {
    type Error = StoreError;

    fn try_from(row: LoggedRow) -> Res<Self> {
        let activity = parse(row.id, &row.activity)?;
        let entry = Entry {
            by: ActorId(row.actor_id),
            group: row.group_id.map(ActorId),
            activity,
            to: Vec::new(),
            everywhere: false,
            relay: row.relay,
            order_key: row.order_key,
        };
        let logged = Logged {
            seq: row.seq.unwrap_or(0),
            entry,
            uuid: row.uuid,
            at: Ts(row.created_at),
        };
        Ok(Self {
            id: OutboxId(row.id),
            logged,
        })
    }
}

fn parse(id: i64, activity: &str) -> Res<Activity> {
    serde_json::from_str(activity)
        .map_err(|e| StoreError::Unreadable(format!("outbox entry {id}: {e}")))
}

/// A server that is told in any case, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// Who is told.
    pub(crate) actor: ActorId,
    /// Their server.
    pub(crate) instance: InstanceId,
    /// Their own inbox.
    pub(crate) inbox: String,
}

/// A row that is not numbered yet.
#[derive(Insertable)]
#[diesel(table_name = outbox, treat_none_as_default_value = false)]
pub(super) struct NewRow {
    id: i64,
    actor_id: i64,
    group_id: Option<i64>,
    lane: i16,
    order_key: i64,
    uuid: String,
    activity: String,
    relay: Option<String>,
    created_at: i64,
}

/// Appends rows that have no targets of their own.
pub(super) fn append_all(db: &mut Db, rows: &[NewRow]) -> Res<()> {
    if let Db::Pg(c) = db
        && rows.len() > 1
    {
        for part in rows.chunks(ROWS) {
            Steady(diesel::insert_into(outbox::table).values(part)).execute(c)?;
        }
        return Ok(());
    }
    rows.iter().try_for_each(|row| append_one(db, row))
}

fn append_one(db: &mut Db, row: &NewRow) -> Res<()> {
    let insert = diesel::insert_into(outbox::table).values(row);
    on_db!(db, |c| insert.execute(c))?;
    Ok(())
}

/// Appends an entry: one row, and one more for each remote actor that is told in any case.
pub(crate) fn append(db: &mut Db, id: OutboxId, uuid: &str, entry: &Entry, now: Ts) -> Res<()> {
    let activity = serde_json::to_string(&entry.activity)
        .map_err(|e| StoreError::Unreadable(format!("outbox entry: {e}")))?;
    let row = NewRow {
        id: id.0,
        actor_id: entry.by.0,
        group_id: entry.group.map(|group| group.0),
        lane: entry.lane().number(),
        order_key: entry.order_key,
        uuid: uuid.to_owned(),
        activity,
        relay: entry.relay.clone(),
        created_at: now.0,
    };
    if !entry.everywhere && entry.to.is_empty() {
        return match late::leave(row, |late, row| late.outbox.push(row)) {
            Some(row) => append_one(db, &row),
            None => Ok(()),
        };
    }
    append_one(db, &row)?;
    if entry.everywhere {
        insert_everywhere(db, id)?;
    }
    let to: Vec<i64> = entry.to.iter().map(|actor| actor.0).collect();
    let remote: Vec<(i64, i64, String)> = actors::table
        .filter(actors::id.eq_any(to).and(actors::local.eq(false)))
        .select((actors::id, actors::instance_id, actors::inbox))
        .load(db)?;
    for (actor, instance, inbox) in remote {
        insert_target(db, id, actor, instance, &inbox)?;
    }
    Ok(())
}

fn insert_target(db: &mut Db, id: OutboxId, actor: i64, instance: i64, inbox: &str) -> Res<()> {
    Both(
        diesel::insert_into(outbox_targets::table)
            .values((
                outbox_targets::outbox_id.eq(id.0),
                outbox_targets::actor_id.eq(actor),
                outbox_targets::instance_id.eq(instance),
                outbox_targets::inbox.eq(inbox),
            ))
            .on_conflict_do_nothing(),
    )
    .execute(db)?;
    Ok(())
}

/// One target for every server that ever was told anything: where the server as a whole receives,
/// by the word of the actor that was heard of last.
fn insert_everywhere(db: &mut Db, id: OutboxId) -> Res<()> {
    let mut told: Vec<i64> = cursors::table
        .select(cursors::instance_id)
        .distinct()
        .load(db)?;
    told.extend(
        super::follows::list_follower_instances(db)?
            .iter()
            .map(|i| i.0),
    );
    told.extend(list_all_target_instances(db)?.iter().map(|i| i.0));
    told.sort_unstable();
    told.dedup();
    for some in told.chunks(500) {
        let newest: Vec<Option<i64>> = actors::table
            .filter(actors::instance_id.eq_any(some.to_vec()))
            .filter(actors::local.eq(false).and(actors::deleted_at.is_null()))
            .group_by(actors::instance_id)
            .select(diesel::dsl::max(actors::id))
            .load(db)?;
        let newest: Vec<i64> = newest.into_iter().flatten().collect();
        let rows: Vec<(i64, i64, String, Option<String>)> = actors::table
            .filter(actors::id.eq_any(newest))
            .select((
                actors::id,
                actors::instance_id,
                actors::inbox,
                actors::shared_inbox,
            ))
            .load(db)?;
        for (actor, instance, inbox, shared) in rows {
            insert_target(db, id, actor, instance, &shared.unwrap_or(inbox))?;
        }
    }
    Ok(())
}

/// Numbers up to `limit` committed entries in the order of their ids; how many there were. Content
/// goes before votes, which have cursors of their own and may be many.
///
/// Only the one reader of the log calls this, in a write transaction.
pub(crate) fn sequence(db: &mut Db, limit: u32) -> Res<usize> {
    let last = last_seq(db)?;
    let number = diesel::sql_query(
        "UPDATE outbox SET seq = $1 + places.place \
         FROM (SELECT id, row_number() OVER (ORDER BY lane, id) AS place \
               FROM outbox WHERE seq IS NULL ORDER BY lane, id LIMIT $2) AS places \
         WHERE places.id = outbox.id",
    )
    .bind::<BigInt, _>(last)
    .bind::<BigInt, _>(i64::from(limit));
    Ok(on_db!(db, |c| number.execute(c))?)
}

/// Numbers entries and gives them back.
#[cfg(test)]
pub(crate) fn take(db: &mut Db, limit: u32) -> Res<Vec<LogRow>> {
    let last = last_seq(db)?;
    sequence(db, limit)?;
    list_after(db, last, limit)
}

/// The number of the last entry that has one; 0 in an empty log.
pub(crate) fn last_seq(db: &mut Db) -> Res<i64> {
    let last: Option<i64> = outbox::table
        .filter(outbox::seq.is_not_null())
        .order(outbox::seq.desc())
        .select(outbox::seq.assume_not_null())
        .first(db)
        .optional()?;
    Ok(last.unwrap_or(0))
}

/// The numbered entries after a place, in order.
#[cfg(test)]
pub(crate) fn list_after(db: &mut Db, seq: i64, limit: u32) -> Res<Vec<LogRow>> {
    let rows: Vec<LoggedRow> = outbox::table
        .filter(outbox::seq.gt(seq))
        .order(outbox::seq)
        .limit(i64::from(limit))
        .select(LoggedRow::as_select())
        .load(db)?;
    rows.into_iter().map(LogRow::try_from).collect()
}

/// What decides where a numbered entry goes. What it says and passes on is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    /// The row.
    pub(crate) id: OutboxId,
    /// Its place in the log.
    pub(crate) seq: i64,
    /// How urgent it is.
    pub(crate) lane: Lane,
    /// What it is about.
    pub(crate) order_key: i64,
    /// The group in which it happened.
    pub(crate) group: Option<ActorId>,
    /// Whom somebody here asked to follow with it.
    pub(crate) joined: Option<ActorId>,
}

type HeadRow = (i64, i64, i16, i64, Option<i64>, String);

impl TryFrom<HeadRow> for Head {
    type Error = StoreError;

    fn try_from((id, seq, lane, order_key, group, activity): HeadRow) -> Res<Self> {
        let joined = match parse(id, &activity)? {
            Activity::Followed { target } => Some(target),
            _ => None,
        };
        Ok(Self {
            id: OutboxId(id),
            seq,
            lane: Lane::parse(lane),
            order_key,
            group: group.map(ActorId),
            joined,
        })
    }
}

/// The heads of the numbered entries after a place, in order.
pub(crate) fn list_heads(db: &mut Db, seq: i64, limit: u32) -> Res<Vec<Head>> {
    let heads = outbox::table
        .filter(outbox::seq.gt(seq))
        .order(outbox::seq)
        .limit(i64::from(limit))
        .select((
            outbox::id,
            outbox::seq.assume_not_null(),
            outbox::lane,
            outbox::order_key,
            outbox::group_id,
            outbox::activity,
        ));
    let rows: Vec<HeadRow> = on_db!(db, |c| heads.load(c))?;
    rows.into_iter().map(Head::try_from).collect()
}

/// The entry at a place in the log.
pub(crate) fn find(db: &mut Db, seq: i64) -> Res<Option<LogRow>> {
    let row: Option<LoggedRow> = outbox::table
        .filter(outbox::seq.eq(seq))
        .select(LoggedRow::as_select())
        .first(db)
        .optional()?;
    row.map(LogRow::try_from).transpose()
}

/// The entry whose activities carry this uuid.
pub(crate) fn find_by_uuid(db: &mut Db, uuid: &str) -> Res<Option<LogRow>> {
    let row: Option<LoggedRow> = outbox::table
        .filter(outbox::uuid.eq(uuid))
        .select(LoggedRow::as_select())
        .first(db)
        .optional()?;
    row.map(LogRow::try_from).transpose()
}

/// The entries by which these posts came into a group.
pub(crate) fn list_created(db: &mut Db, group: ActorId, posts: &[PostId]) -> Res<Vec<LogRow>> {
    let created = |post: &PostId| Activity::Created {
        object: ObjectId::Post(*post),
    };
    let texts: Result<Vec<String>, _> = posts
        .iter()
        .map(|post| serde_json::to_string(&created(post)))
        .collect();
    let texts = texts.map_err(|e| StoreError::Unreadable(format!("outbox entry: {e}")))?;
    let rows: Vec<LoggedRow> = outbox::table
        .filter(
            outbox::group_id
                .eq(group.0)
                .and(outbox::activity.eq_any(texts)),
        )
        .order(outbox::id.desc())
        .select(LoggedRow::as_select())
        .load(db)?;
    rows.into_iter().map(LogRow::try_from).collect()
}

/// Who is told of an entry in any case.
pub(crate) fn list_targets(db: &mut Db, id: OutboxId) -> Res<Vec<Target>> {
    let rows: Vec<(i64, i64, String)> = outbox_targets::table
        .filter(outbox_targets::outbox_id.eq(id.0))
        .select((
            outbox_targets::actor_id,
            outbox_targets::instance_id,
            outbox_targets::inbox,
        ))
        .load(db)?;
    let target = |(actor, instance, inbox)| Target {
        actor: ActorId(actor),
        instance: InstanceId(instance),
        inbox,
    };
    Ok(rows.into_iter().map(target).collect())
}

/// The servers that are told of these entries in any case, by entry.
pub(crate) fn list_target_instances(
    db: &mut Db,
    ids: &[OutboxId],
) -> Res<Vec<(OutboxId, InstanceId)>> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let mut found = Vec::new();
    for some in ids.chunks(500) {
        let rows: Vec<(i64, i64)> = outbox_targets::table
            .filter(outbox_targets::outbox_id.eq_any(some.to_vec()))
            .select((outbox_targets::outbox_id, outbox_targets::instance_id))
            .order((outbox_targets::outbox_id, outbox_targets::instance_id))
            .load(db)?;
        found.extend(
            rows.into_iter()
                .map(|(id, server)| (OutboxId(id), InstanceId(server))),
        );
    }
    found.dedup();
    Ok(found)
}

/// The servers that any entry of the log tells in any case.
pub(crate) fn list_all_target_instances(db: &mut Db) -> Res<Vec<InstanceId>> {
    let rows: Vec<i64> = outbox_targets::table
        .select(outbox_targets::instance_id)
        .distinct()
        .load(db)?;
    Ok(rows.into_iter().map(InstanceId).collect())
}

/// An entry that concerns one server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Relevant {
    /// Its place in the log.
    pub(crate) seq: i64,
    /// Sends of one key keep their order.
    pub(crate) order_key: i64,
    /// The server has followers of the group.
    pub(crate) follower: bool,
    /// Groups are among them.
    pub(crate) groups: bool,
    /// The server is told in any case.
    pub(crate) direct: bool,
}

/// The part of the log that a server still has to be told.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stretch {
    /// The server.
    pub(crate) instance: InstanceId,
    /// The lane.
    pub(crate) lane: Lane,
    /// After this place.
    pub(crate) after: i64,
    /// Up to this place.
    pub(crate) up_to: i64,
}

/// The entries of a stretch that concern its server, in order, and how far the answer reaches:
/// the end of the stretch, or less when there are more than `limit`.
pub(crate) fn list_relevant(
    db: &mut Db,
    stretch: Stretch,
    limit: u32,
) -> Res<(Vec<Relevant>, i64)> {
    use follower_instances as fi;
    let Stretch {
        instance,
        lane,
        after,
        up_to,
    } = stretch;
    let within = || {
        outbox::seq
            .gt(after)
            .and(outbox::seq.le(up_to))
            .and(outbox::lane.eq(lane.number()))
    };
    let followed: Vec<(i64, i64, bool)> = fi::table
        .inner_join(outbox::table.on(outbox::group_id.eq(fi::target_id.nullable())))
        .filter(fi::instance_id.eq(instance.0).and(outbox::id.gt(fi::since)))
        .filter(within())
        .order(outbox::seq)
        .limit(i64::from(limit))
        .select((
            outbox::seq.assume_not_null(),
            outbox::order_key,
            fi::group_followers.gt(0),
        ))
        .load(db)?;
    let told: Vec<(i64, i64)> = outbox_targets::table
        .inner_join(outbox::table.on(outbox::id.eq(outbox_targets::outbox_id)))
        .filter(outbox_targets::instance_id.eq(instance.0))
        .filter(within())
        .order(outbox::seq)
        .limit(i64::from(limit))
        .select((outbox::seq.assume_not_null(), outbox::order_key))
        .load(db)?;
    Ok(merge(&followed, &told, up_to, limit as usize))
}

fn merge(
    followed: &[(i64, i64, bool)],
    told: &[(i64, i64)],
    up_to: i64,
    limit: usize,
) -> (Vec<Relevant>, i64) {
    let ends = [
        followed
            .last()
            .filter(|_| followed.len() >= limit)
            .map(|row| row.0),
        told.last().filter(|_| told.len() >= limit).map(|row| row.0),
    ];
    let reach = ends.into_iter().flatten().fold(up_to, i64::min);
    let mut merged = std::collections::BTreeMap::new();
    let none = |seq, order_key| Relevant {
        seq,
        order_key,
        follower: false,
        groups: false,
        direct: false,
    };
    for &(seq, key, groups) in followed {
        let entry = merged.entry(seq).or_insert(none(seq, key));
        (entry.follower, entry.groups) = (true, groups);
    }
    for &(seq, key) in told {
        merged.entry(seq).or_insert(none(seq, key)).direct = true;
    }
    (
        merged
            .into_values()
            .filter(|entry| entry.seq <= reach)
            .collect(),
        reach,
    )
}

/// Drops numbered entries that were written before a moment and lie at or before a place.
pub(crate) fn delete_before(db: &mut Db, before: Ts, seq: i64, limit: u32) -> Res<usize> {
    let old: Vec<i64> = outbox::table
        .filter(outbox::seq.le(seq).and(outbox::created_at.lt(before.0)))
        .order(outbox::seq)
        .limit(i64::from(limit))
        .select(outbox::id)
        .load(db)?;
    for some in old.chunks(500) {
        let some = some.to_vec();
        diesel::delete(outbox_targets::table.filter(outbox_targets::outbox_id.eq_any(&some)))
            .execute(db)?;
        diesel::delete(outbox::table.filter(outbox::id.eq_any(&some))).execute(db)?;
    }
    Ok(old.len())
}
