//! Invitations, and how people came.

use diesel::prelude::*;

use super::actors::ActorRow;
use super::schema::{actors, arrivals, invitations};
use super::{Db, Res};
use crate::domain::actor::Actor;
use crate::domain::clock::Ts;
use crate::domain::ids::ActorId;
use crate::domain::invitation::Invitation;

type Row = (i64, i64, String, i32, i32, i64, i64);

const COLUMNS: (
    invitations::id,
    invitations::author_id,
    invitations::note,
    invitations::most_uses,
    invitations::uses,
    invitations::created_at,
    invitations::expires_at,
) = (
    invitations::id,
    invitations::author_id,
    invitations::note,
    invitations::most_uses,
    invitations::uses,
    invitations::created_at,
    invitations::expires_at,
);

fn invitation((id, author, note, most_uses, uses, created_at, expires_at): Row) -> Invitation {
    Invitation {
        id,
        author: ActorId(author),
        note,
        most_uses,
        uses,
        created_at: Ts(created_at),
        expires_at: Ts(expires_at),
    }
}

/// Stores an invitation with the hash of what stands in its link.
pub(crate) fn insert(db: &mut Db, invitation: &Invitation, token_hash: &str) -> Res<()> {
    diesel::insert_into(invitations::table)
        .values((
            invitations::id.eq(invitation.id),
            invitations::token_hash.eq(token_hash),
            invitations::author_id.eq(invitation.author.0),
            invitations::note.eq(&invitation.note),
            invitations::most_uses.eq(invitation.most_uses),
            invitations::uses.eq(invitation.uses),
            invitations::created_at.eq(invitation.created_at.0),
            invitations::expires_at.eq(invitation.expires_at.0),
        ))
        .execute(db)?;
    Ok(())
}

/// The invitation with this hash.
pub(crate) fn find_by_token(db: &mut Db, token_hash: &str) -> Res<Option<Invitation>> {
    let row: Option<Row> = invitations::table
        .filter(invitations::token_hash.eq(token_hash))
        .select(COLUMNS)
        .first(db)
        .optional()?;
    Ok(row.map(invitation))
}

/// An invitation.
pub(crate) fn find(db: &mut Db, id: i64) -> Res<Option<Invitation>> {
    let row: Option<Row> = invitations::table
        .find(id)
        .select(COLUMNS)
        .first(db)
        .optional()?;
    Ok(row.map(invitation))
}

/// The invitations of somebody, newest first.
pub(crate) fn list_of(db: &mut Db, author: ActorId, limit: u32) -> Res<Vec<Invitation>> {
    let rows: Vec<Row> = invitations::table
        .filter(invitations::author_id.eq(author.0))
        .order(invitations::id.desc())
        .limit(i64::from(limit))
        .select(COLUMNS)
        .load(db)?;
    Ok(rows.into_iter().map(invitation).collect())
}

/// How many invitations of somebody are still good.
pub(crate) fn count_good(db: &mut Db, author: ActorId, now: Ts) -> Res<i64> {
    Ok(invitations::table
        .filter(invitations::author_id.eq(author.0))
        .filter(invitations::expires_at.gt(now.0))
        .filter(invitations::uses.lt(invitations::most_uses))
        .count()
        .get_result(db)?)
}

/// Uses an invitation once, if it can still be used; whether it could.
pub(crate) fn add_use(db: &mut Db, id: i64) -> Res<bool> {
    let free = invitations::table
        .find(id)
        .filter(invitations::uses.lt(invitations::most_uses));
    let used = diesel::update(free)
        .set(invitations::uses.eq(invitations::uses + 1))
        .execute(db)?;
    Ok(used > 0)
}

/// Takes an invitation back.
pub(crate) fn delete(db: &mut Db, id: i64) -> Res<()> {
    diesel::delete(invitations::table.find(id)).execute(db)?;
    Ok(())
}

/// How somebody came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Arrival {
    /// Who invited them.
    pub(crate) inviter: Option<ActorId>,
    /// What they answered to the hub's question.
    pub(crate) answer: String,
}

/// Notes how somebody came.
pub(crate) fn insert_arrival(db: &mut Db, actor: ActorId, arrival: &Arrival) -> Res<()> {
    diesel::insert_into(arrivals::table)
        .values((
            arrivals::actor_id.eq(actor.0),
            arrivals::inviter_id.eq(arrival.inviter.map(|by| by.0)),
            arrivals::answer.eq(&arrival.answer),
        ))
        .execute(db)?;
    Ok(())
}

/// How each of these people came.
pub(crate) fn list_arrivals(db: &mut Db, people: &[ActorId]) -> Res<Vec<(ActorId, Arrival)>> {
    let ids: Vec<i64> = people.iter().map(|id| id.0).collect();
    let rows: Vec<(i64, Option<i64>, String)> = arrivals::table
        .filter(arrivals::actor_id.eq_any(ids))
        .load(db)?;
    let arrival = |(actor, inviter, answer): (i64, Option<i64>, String)| {
        let inviter = inviter.map(ActorId);
        (ActorId(actor), Arrival { inviter, answer })
    };
    Ok(rows.into_iter().map(arrival).collect())
}

/// Who came by somebody's invitations, newest first.
pub(crate) fn list_invited(db: &mut Db, inviter: ActorId, limit: u32) -> Res<Vec<Actor>> {
    let rows: Vec<ActorRow> = arrivals::table
        .inner_join(actors::table.on(actors::id.eq(arrivals::actor_id)))
        .filter(arrivals::inviter_id.eq(inviter.0))
        .filter(actors::deleted_at.is_null())
        .order(arrivals::actor_id.desc())
        .limit(i64::from(limit))
        .select(ActorRow::as_select())
        .load(db)?;
    Ok(rows.into_iter().map(Actor::from).collect())
}
