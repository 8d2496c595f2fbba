//! Bearer tokens of programs that act for a person. Only their hashes are kept.

use diesel::prelude::*;

use super::accounts::{Account, AccountRow};
use super::actors::ActorRow;
use super::schema::{accounts, actors, tokens};
use super::{Db, Res};
use crate::domain::actor::Actor;
use crate::domain::clock::Ts;
use crate::domain::ids::ActorId;

/// A token and who gave it out.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Token {
    /// For whom it acts.
    pub(crate) actor: Actor,
    /// Their account.
    pub(crate) account: Account,
    /// What it may do: words with a space between.
    pub(crate) scopes: String,
}

/// Stores a new token.
pub(crate) fn insert(
    db: &mut Db,
    token_hash: &str,
    actor: ActorId,
    scopes: &str,
    now: Ts,
) -> Res<()> {
    diesel::insert_into(tokens::table)
        .values((
            tokens::token_hash.eq(token_hash),
            tokens::actor_id.eq(actor.0),
            tokens::scopes.eq(scopes),
            tokens::created_at.eq(now.0),
        ))
        .execute(db)?;
    Ok(())
}

/// The token with this hash, if its owner still exists.
pub(crate) fn find(db: &mut Db, token_hash: &str) -> Res<Option<Token>> {
    let row: Option<(ActorRow, AccountRow, String)> = tokens::table
        .inner_join(accounts::table.on(accounts::actor_id.eq(tokens::actor_id)))
        .inner_join(actors::table.on(actors::id.eq(tokens::actor_id)))
        .filter(
            tokens::token_hash
                .eq(token_hash)
                .and(actors::deleted_at.is_null()),
        )
        .select((
            ActorRow::as_select(),
            AccountRow::as_select(),
            tokens::scopes,
        ))
        .first(db)
        .optional()?;
    Ok(row.map(|(actor, account, scopes)| Token {
        actor: actor.into(),
        account: account.into(),
        scopes,
    }))
}

/// Revokes a token of this person; whether there was one.
pub(crate) fn delete(db: &mut Db, actor: ActorId, token_hash: &str) -> Res<bool> {
    let theirs = tokens::table
        .find(token_hash)
        .filter(tokens::actor_id.eq(actor.0));
    Ok(diesel::delete(theirs).execute(db)? > 0)
}

/// Revokes every token of a person.
pub(crate) fn delete_all(db: &mut Db, actor: ActorId) -> Res<usize> {
    Ok(diesel::delete(tokens::table.filter(tokens::actor_id.eq(actor.0))).execute(db)?)
}
