//! Browsers that take news while no page of the hub is open, and what waits to be sent to them.

use diesel::prelude::*;

use super::dialect::Both;
use super::schema::{push_subscriptions as subscriptions, pushes};
use super::{Db, Res};
use crate::domain::clock::Ts;
use crate::domain::ids::ActorId;

/// Where a browser takes news, and the keys with which they are encrypted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Subscription {
    /// The row.
    pub(crate) id: i64,
    /// Whose browser.
    pub(crate) actor: ActorId,
    /// The address at the browser's push service.
    pub(crate) endpoint: String,
    /// Its public key.
    pub(crate) public_key: String,
    /// Its secret.
    pub(crate) secret: String,
}

/// Notes where the browser of a session takes news, in place of what it said before.
pub(crate) fn subscribe(
    db: &mut Db,
    subscription: &Subscription,
    session_hash: &str,
    now: Ts,
) -> Res<()> {
    unsubscribe(db, session_hash)?;
    diesel::insert_into(subscriptions::table)
        .values((
            subscriptions::id.eq(subscription.id),
            subscriptions::actor_id.eq(subscription.actor.0),
            subscriptions::session_hash.eq(session_hash),
            subscriptions::endpoint.eq(&subscription.endpoint),
            subscriptions::public_key.eq(&subscription.public_key),
            subscriptions::secret.eq(&subscription.secret),
            subscriptions::created_at.eq(now.0),
        ))
        .execute(db)?;
    Ok(())
}

/// Sends nothing to the browser of a session any more.
pub(crate) fn unsubscribe(db: &mut Db, session_hash: &str) -> Res<()> {
    let of = subscriptions::table.filter(subscriptions::session_hash.eq(session_hash));
    diesel::delete(of).execute(db)?;
    Ok(())
}

/// Whether the browser of a session takes news.
pub(crate) fn is_subscribed(db: &mut Db, session_hash: &str) -> Res<bool> {
    let of = subscriptions::table.filter(subscriptions::session_hash.eq(session_hash));
    Ok(diesel::select(diesel::dsl::exists(of)).get_result(db)?)
}

type Row = (i64, i64, String, String, String);

fn subscription((id, actor, endpoint, public_key, secret): Row) -> Subscription {
    Subscription {
        id,
        actor: ActorId(actor),
        endpoint,
        public_key,
        secret,
    }
}

/// The browsers of somebody that take news.
pub(crate) fn list_of(db: &mut Db, actor: ActorId, limit: u32) -> Res<Vec<i64>> {
    Ok(subscriptions::table
        .filter(subscriptions::actor_id.eq(actor.0))
        .order(subscriptions::id.desc())
        .limit(i64::from(limit))
        .select(subscriptions::id)
        .load(db)?)
}

/// Forgets a browser that takes nothing any more, and what waits for it.
pub(crate) fn delete_subscription(db: &mut Db, id: i64) -> Res<()> {
    diesel::delete(subscriptions::table.find(id)).execute(db)?;
    Ok(())
}

/// Something that waits to be sent to a browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Push {
    /// The row.
    pub(crate) id: i64,
    /// To which browser.
    pub(crate) to: Subscription,
    /// What it says, as JSON.
    pub(crate) payload: String,
    /// After this it is of no use.
    pub(crate) expires_at: Ts,
    /// How often it was tried.
    pub(crate) attempts: i32,
}

/// Stores something for a browser that is due at once.
pub(crate) fn insert(
    db: &mut Db,
    id: i64,
    subscription: i64,
    payload: &str,
    now: Ts,
    expires_at: Ts,
) -> Res<()> {
    Both(diesel::insert_into(pushes::table).values((
        pushes::id.eq(id),
        pushes::subscription_id.eq(subscription),
        pushes::payload.eq(payload),
        pushes::due_at.eq(now.0),
        pushes::expires_at.eq(expires_at.0),
        pushes::attempts.eq(0),
    )))
    .execute(db)?;
    Ok(())
}

/// What is to be sent now, what is due longest first.
pub(crate) fn list_due(db: &mut Db, now: Ts, limit: u32) -> Res<Vec<Push>> {
    let rows: Vec<(i64, String, i64, i32, Row)> = pushes::table
        .inner_join(subscriptions::table.on(subscriptions::id.eq(pushes::subscription_id)))
        .filter(pushes::due_at.le(now.0))
        .order((pushes::due_at, pushes::id))
        .limit(i64::from(limit))
        .select((
            pushes::id,
            pushes::payload,
            pushes::expires_at,
            pushes::attempts,
            (
                subscriptions::id,
                subscriptions::actor_id,
                subscriptions::endpoint,
                subscriptions::public_key,
                subscriptions::secret,
            ),
        ))
        .load(db)?;
    let push = |(id, payload, expires_at, attempts, to)| Push {
        id,
        to: subscription(to),
        payload,
        expires_at: Ts(expires_at),
        attempts,
    };
    Ok(rows.into_iter().map(push).collect())
}

/// Puts off what could not be sent.
pub(crate) fn set_due(db: &mut Db, id: i64, due_at: Ts) -> Res<()> {
    diesel::update(pushes::table.find(id))
        .set((
            pushes::due_at.eq(due_at.0),
            pushes::attempts.eq(pushes::attempts + 1),
        ))
        .execute(db)?;
    Ok(())
}

/// Forgets what was sent, or is of no use.
pub(crate) fn delete(db: &mut Db, id: i64) -> Res<()> {
    diesel::delete(pushes::table.find(id)).execute(db)?;
    Ok(())
}
