//! Whom people keep away from themselves, and from whom they take messages.
//!
//! The tables are small, and every read that could show somebody what they do not want to see asks
//! them by their keys: [`wanted_by`] is that question.

use diesel::dsl::exists;
use diesel::prelude::*;

use super::dialect::{Both, Steady, on_db, rounded};
use super::schema::{actors, instances, message_policies, personal_blocks, personal_host_blocks};
use super::{Db, Res};
use crate::domain::block::{Distance, MessagePolicy};
use crate::domain::clock::Ts;
use crate::domain::ids::{ActorId, InstanceId};

/// Whether a viewer wants to see what the actor of this column wrote: a filter for any query that
/// has such a column and does not itself draw from `actors`. The server is read as a value: joined,
/// PostgreSQL would read everybody of the servers that the viewer keeps away.
macro_rules! wanted_by {
    ($author:expr, $viewer:expr) => {{
        use diesel::dsl::{exists, not};
        use $crate::store::schema::{actors, personal_blocks, personal_host_blocks};
        let (person, _, _) = $crate::store::privacy::keys($viewer);
        let kept_away = personal_blocks::table.filter(
            personal_blocks::actor_id
                .eq(person)
                .and(personal_blocks::target_id.eq($author)),
        );
        let there = actors::table
            .filter(actors::id.eq($author))
            .select(actors::instance_id)
            .single_value();
        let from_there = personal_host_blocks::table.filter(
            personal_host_blocks::actor_id
                .eq(person)
                .and(personal_host_blocks::instance_id.nullable().eq(there)),
        );
        not(exists(kept_away).or(exists(from_there)))
    }};
}
pub(super) use wanted_by;

/// How far somebody keeps another away by name.
pub(crate) fn find(db: &mut Db, by: ActorId, target: ActorId) -> Res<Option<Distance>> {
    let kind: Option<String> = personal_blocks::table
        .find((by.0, target.0))
        .select(personal_blocks::kind)
        .first(db)
        .optional()?;
    Ok(kind.and_then(|kind| Distance::parse(&kind)))
}

/// Keeps somebody away so far.
pub(crate) fn upsert(
    db: &mut Db,
    by: ActorId,
    target: ActorId,
    distance: Distance,
    now: Ts,
) -> Res<()> {
    Both(
        diesel::insert_into(personal_blocks::table)
            .values((
                personal_blocks::actor_id.eq(by.0),
                personal_blocks::target_id.eq(target.0),
                personal_blocks::kind.eq(distance.as_str()),
                personal_blocks::created_at.eq(now.0),
            ))
            .on_conflict((personal_blocks::actor_id, personal_blocks::target_id))
            .do_update()
            .set(personal_blocks::kind.eq(distance.as_str())),
    )
    .execute(db)?;
    Ok(())
}

/// Keeps somebody away no more.
pub(crate) fn delete(db: &mut Db, by: ActorId, target: ActorId) -> Res<()> {
    diesel::delete(personal_blocks::table.find((by.0, target.0))).execute(db)?;
    Ok(())
}

/// Everybody whom somebody keeps away by name, the last first.
pub(crate) fn list(db: &mut Db, by: ActorId, limit: u32) -> Res<Vec<(ActorId, Distance)>> {
    let rows: Vec<(i64, String)> = personal_blocks::table
        .filter(personal_blocks::actor_id.eq(by.0))
        .order((
            personal_blocks::created_at.desc(),
            personal_blocks::target_id,
        ))
        .limit(i64::from(limit))
        .select((personal_blocks::target_id, personal_blocks::kind))
        .load(db)?;
    let read = |(target, kind): (i64, String)| Some((ActorId(target), Distance::parse(&kind)?));
    Ok(rows.into_iter().filter_map(read).collect())
}

/// Whoever kept one account away keeps the account away to which that person moved.
pub(crate) fn carry(db: &mut Db, old: ActorId, new: ActorId, now: Ts) -> Res<()> {
    let rows: Vec<(i64, String)> = personal_blocks::table
        .filter(personal_blocks::target_id.eq(old.0))
        .filter(personal_blocks::actor_id.ne(new.0))
        .select((personal_blocks::actor_id, personal_blocks::kind))
        .load(db)?;
    for (by, kind) in rows {
        let by = ActorId(by);
        let known = find(db, by, new)?;
        if let (Some(distance), None) = (Distance::parse(&kind), known) {
            upsert(db, by, new, distance, now)?;
        }
    }
    Ok(())
}

/// Keeps a whole server away.
pub(crate) fn insert_host(db: &mut Db, by: ActorId, host: InstanceId, now: Ts) -> Res<()> {
    Both(
        diesel::insert_into(personal_host_blocks::table)
            .values((
                personal_host_blocks::actor_id.eq(by.0),
                personal_host_blocks::instance_id.eq(host.0),
                personal_host_blocks::created_at.eq(now.0),
            ))
            .on_conflict_do_nothing(),
    )
    .execute(db)?;
    Ok(())
}

/// Keeps a whole server away no more.
pub(crate) fn delete_host(db: &mut Db, by: ActorId, host: InstanceId) -> Res<()> {
    diesel::delete(personal_host_blocks::table.find((by.0, host.0))).execute(db)?;
    Ok(())
}

/// The servers that somebody keeps away, in the order of the alphabet.
pub(crate) fn list_hosts(db: &mut Db, by: ActorId, limit: u32) -> Res<Vec<String>> {
    Ok(personal_host_blocks::table
        .inner_join(instances::table.on(instances::id.eq(personal_host_blocks::instance_id)))
        .filter(personal_host_blocks::actor_id.eq(by.0))
        .order(instances::host)
        .limit(i64::from(limit))
        .select(instances::host)
        .load(db)?)
}

/// Forgets whom somebody who is gone kept away, and from whom they took messages.
pub(crate) fn delete_of(db: &mut Db, by: ActorId) -> Res<()> {
    diesel::delete(personal_blocks::table.filter(personal_blocks::actor_id.eq(by.0)))
        .execute(db)?;
    diesel::delete(personal_host_blocks::table.filter(personal_host_blocks::actor_id.eq(by.0)))
        .execute(db)?;
    diesel::delete(message_policies::table.find(by.0)).execute(db)?;
    Ok(())
}

/// Those of these people whom somebody does not want to see.
pub(crate) fn list_unwanted(db: &mut Db, by: ActorId, people: &[ActorId]) -> Res<Vec<ActorId>> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let ids = rounded(people.iter().map(|person| person.0));
    let kept_away = personal_blocks::table.filter(
        personal_blocks::actor_id
            .eq(by.0)
            .and(personal_blocks::target_id.eq(actors::id)),
    );
    let servers = personal_host_blocks::table
        .filter(personal_host_blocks::actor_id.eq(by.0))
        .select(personal_host_blocks::instance_id);
    let unwanted = actors::table
        .filter(actors::id.eq_any(ids))
        .filter(exists(kept_away).or(actors::instance_id.eq_any(servers)))
        .select(actors::id);
    let unwanted: Vec<i64> = Steady(unwanted).load(db)?;
    Ok(unwanted.into_iter().map(ActorId).collect())
}

/// Which of some people do not want to see which of others: pairs of who keeps away and who is kept.
pub(crate) fn list_pairs(
    db: &mut Db,
    viewers: &[ActorId],
    people: &[ActorId],
) -> Res<Vec<(ActorId, ActorId)>> {
    let viewers: Vec<i64> = viewers.iter().map(|viewer| viewer.0).collect();
    let people: Vec<i64> = people.iter().map(|person| person.0).collect();
    let mut pairs: Vec<(i64, i64)> = personal_blocks::table
        .filter(personal_blocks::actor_id.eq_any(&viewers))
        .filter(personal_blocks::target_id.eq_any(&people))
        .select((personal_blocks::actor_id, personal_blocks::target_id))
        .load(db)?;
    let with_server: Vec<(i64, i64)> = personal_host_blocks::table
        .inner_join(actors::table.on(actors::instance_id.eq(personal_host_blocks::instance_id)))
        .filter(personal_host_blocks::actor_id.eq_any(&viewers))
        .filter(actors::id.eq_any(&people))
        .select((personal_host_blocks::actor_id, actors::id))
        .load(db)?;
    pairs.extend(with_server);
    let pairs = pairs.into_iter();
    Ok(pairs
        .map(|(viewer, person)| (ActorId(viewer), ActorId(person)))
        .collect())
}

/// Whether somebody is out of another's reach: blocked by name, or with their whole server.
macro_rules! out_of_reach {
    ($by:expr, $other:expr) => {{
        use diesel::dsl::exists;
        use $crate::domain::block::Distance;
        use $crate::store::schema::{actors, personal_blocks, personal_host_blocks};
        let by_name = personal_blocks::table
            .find(($by, $other))
            .filter(personal_blocks::kind.eq(Distance::Blocked.as_str()));
        // Under a name of its own, since the query around it may read actors as well.
        let other = diesel::alias!(actors as other);
        let there = other.field(actors::instance_id);
        let from_there = personal_host_blocks::table
            .inner_join(other.on(there.eq(personal_host_blocks::instance_id)))
            .filter(personal_host_blocks::actor_id.eq($by))
            .filter(other.field(actors::id).eq($other));
        exists(by_name).or(exists(from_there))
    }};
}
pub(super) use out_of_reach;

/// Whether somebody is out of another's reach: blocked by name, or with their whole server.
pub(crate) fn is_blocked(db: &mut Db, by: ActorId, other: ActorId) -> Res<bool> {
    let blocked = diesel::select(out_of_reach!(by.0, other.0));
    Ok(on_db!(db, |c| blocked.get_result(c))?)
}

/// From whom somebody takes messages.
pub(crate) fn message_policy(db: &mut Db, of: ActorId) -> Res<MessagePolicy> {
    let text: Option<String> = message_policies::table
        .find(of.0)
        .select(message_policies::policy)
        .first(db)
        .optional()?;
    Ok(text
        .and_then(|text| MessagePolicy::parse(&text))
        .unwrap_or_default())
}

/// Sets from whom somebody takes messages.
pub(crate) fn set_message_policy(db: &mut Db, of: ActorId, policy: MessagePolicy) -> Res<()> {
    Both(
        diesel::insert_into(message_policies::table)
            .values((
                message_policies::actor_id.eq(of.0),
                message_policies::policy.eq(policy.as_str()),
            ))
            .on_conflict(message_policies::actor_id)
            .do_update()
            .set(message_policies::policy.eq(policy.as_str())),
    )
    .execute(db)?;
    Ok(())
}
