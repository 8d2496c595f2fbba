//! Browsers that are signed in. Only hashes of their tokens are kept.

use diesel::prelude::*;

use super::accounts::{Account, AccountRow};
use super::actors::ActorRow;
use super::schema::{accounts, actors, sessions};
use super::{Db, Res};
use crate::domain::actor::Actor;
use crate::domain::clock::Ts;
use crate::domain::ids::ActorId;
use crate::domain::session::Device;

/// A browser that is signed in, and who uses it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Session {
    /// Who signed in.
    pub(crate) actor: Actor,
    /// Their account.
    pub(crate) account: Account,
    /// When it ends.
    pub(crate) expires_at: Ts,
    /// When somebody was last seen in it, to the hour.
    pub(crate) seen_at: Ts,
}

/// Stores a new session.
pub(crate) fn insert(
    db: &mut Db,
    token_hash: &str,
    actor: ActorId,
    device: &str,
    now: Ts,
    expires_at: Ts,
) -> Res<()> {
    diesel::insert_into(sessions::table)
        .values((
            sessions::token_hash.eq(token_hash),
            sessions::actor_id.eq(actor.0),
            sessions::created_at.eq(now.0),
            sessions::expires_at.eq(expires_at.0),
            sessions::device.eq(device),
            sessions::seen_at.eq(now.0),
        ))
        .execute(db)?;
    Ok(())
}

/// The session of this token, if it has not ended and its owner still exists.
pub(crate) fn find(db: &mut Db, token_hash: &str, now: Ts) -> Res<Option<Session>> {
    let row: Option<(ActorRow, AccountRow, i64, i64)> = sessions::table
        .inner_join(accounts::table.on(accounts::actor_id.eq(sessions::actor_id)))
        .inner_join(actors::table.on(actors::id.eq(sessions::actor_id)))
        .filter(
            sessions::token_hash
                .eq(token_hash)
                .and(sessions::expires_at.gt(now.0)),
        )
        .filter(actors::deleted_at.is_null())
        .select((
            ActorRow::as_select(),
            AccountRow::as_select(),
            sessions::expires_at,
            sessions::seen_at,
        ))
        .first(db)
        .optional()?;
    Ok(row.map(|(actor, account, expires_at, seen_at)| Session {
        actor: actor.into(),
        account: account.into(),
        expires_at: Ts(expires_at),
        seen_at: Ts(seen_at),
    }))
}

/// Lets a session that has not ended live on; whether there was one.
pub(crate) fn set_expiry(db: &mut Db, token_hash: &str, now: Ts, expires_at: Ts) -> Res<bool> {
    let live = sessions::table
        .find(token_hash)
        .filter(sessions::expires_at.gt(now.0));
    let changed = diesel::update(live)
        .set((
            sessions::expires_at.eq(expires_at.0),
            sessions::seen_at.eq(now.0),
        ))
        .execute(db)?;
    Ok(changed > 0)
}

/// Ends one session.
pub(crate) fn delete(db: &mut Db, token_hash: &str) -> Res<()> {
    diesel::delete(sessions::table.find(token_hash)).execute(db)?;
    Ok(())
}

/// The sessions of a person that have not ended, the one seen last first.
pub(crate) fn list_of(db: &mut Db, actor: ActorId, now: Ts, limit: u32) -> Res<Vec<Device>> {
    let rows: Vec<(String, String, i64, i64)> = sessions::table
        .filter(sessions::actor_id.eq(actor.0))
        .filter(sessions::expires_at.gt(now.0))
        .order((sessions::seen_at.desc(), sessions::token_hash))
        .limit(i64::from(limit))
        .select((
            sessions::token_hash,
            sessions::device,
            sessions::created_at,
            sessions::seen_at,
        ))
        .load(db)?;
    let device = |(token_hash, name, created_at, seen_at)| Device {
        token_hash,
        name,
        created_at: Ts(created_at),
        seen_at: Ts(seen_at),
    };
    Ok(rows.into_iter().map(device).collect())
}

/// Ends one session of a person; whether there was one.
pub(crate) fn delete_of(db: &mut Db, actor: ActorId, token_hash: &str) -> Res<bool> {
    let theirs = sessions::table
        .find(token_hash)
        .filter(sessions::actor_id.eq(actor.0));
    Ok(diesel::delete(theirs).execute(db)? > 0)
}

/// Ends all sessions of a person, but for the one that is kept.
pub(crate) fn delete_others(db: &mut Db, actor: ActorId, kept: Option<&str>) -> Res<usize> {
    let theirs = sessions::table
        .filter(sessions::actor_id.eq(actor.0))
        .filter(sessions::token_hash.ne(kept.unwrap_or_default().to_owned()));
    Ok(diesel::delete(theirs).execute(db)?)
}

/// Drops sessions that ended.
pub(crate) fn delete_expired(db: &mut Db, now: Ts) -> Res<usize> {
    Ok(diesel::delete(sessions::table.filter(sessions::expires_at.le(now.0))).execute(db)?)
}
