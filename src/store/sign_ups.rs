//! People who signed up and have not confirmed their address, and links in letters to members. Only
//! hashes of what stands in the links are kept.

use diesel::prelude::*;

use super::schema::{mail_proofs, sign_ups};
use super::{Db, Res};
use crate::domain::clock::Ts;
use crate::domain::ids::ActorId;

/// Somebody who signed up; there is no account yet.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = sign_ups)]
pub(crate) struct SignUp {
    /// The hash of what stands in the link.
    pub(crate) token_hash: String,
    /// The name they want.
    pub(crate) name: String,
    /// Their address, normalised.
    pub(crate) email: String,
    /// The hash of their password.
    pub(crate) password_hash: String,
    /// The language in which they signed up.
    pub(crate) language: Option<String>,
    /// What they answered to the hub's question.
    pub(crate) answer: String,
    /// The hash of the invitation they came with.
    pub(crate) invitation_hash: Option<String>,
    /// When it is forgotten, in microseconds.
    pub(crate) expires_at: i64,
}

/// Stores a sign-up.
pub(crate) fn insert(db: &mut Db, sign_up: &SignUp) -> Res<()> {
    diesel::insert_into(sign_ups::table)
        .values(sign_up)
        .execute(db)?;
    Ok(())
}

/// Whether somebody with another address waits under this name.
pub(crate) fn has_name(db: &mut Db, name: &str, email: &str, now: Ts) -> Res<bool> {
    let others = sign_ups::table.filter(
        sign_ups::name
            .eq(name)
            .and(sign_ups::email.ne(email))
            .and(sign_ups::expires_at.gt(now.0)),
    );
    Ok(diesel::select(diesel::dsl::exists(others)).get_result(db)?)
}

/// The sign-up of this link, if it is still good.
pub(crate) fn find(db: &mut Db, token_hash: &str, now: Ts) -> Res<Option<SignUp>> {
    Ok(sign_ups::table
        .find(token_hash)
        .filter(sign_ups::expires_at.gt(now.0))
        .select(SignUp::as_select())
        .first(db)
        .optional()?)
}

/// Forgets all sign-ups with an address.
pub(crate) fn delete_of(db: &mut Db, email: &str) -> Res<()> {
    diesel::delete(sign_ups::table.filter(sign_ups::email.eq(email))).execute(db)?;
    Ok(())
}

/// What a link in a letter to a member is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Setting a new password.
    Reset,
    /// Taking this address as theirs.
    Address,
}

impl Purpose {
    fn as_str(self) -> &'static str {
        match self {
            Self::Reset => "reset",
            Self::Address => "address",
        }
    }
}

/// A link in a letter to a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Proof {
    /// To whom.
    pub(crate) actor: ActorId,
    /// To which address.
    pub(crate) email: String,
}

/// Stores the hash of a link.
pub(crate) fn insert_proof(
    db: &mut Db,
    token_hash: &str,
    purpose: Purpose,
    proof: &Proof,
    expires_at: Ts,
) -> Res<()> {
    diesel::insert_into(mail_proofs::table)
        .values((
            mail_proofs::token_hash.eq(token_hash),
            mail_proofs::actor_id.eq(proof.actor.0),
            mail_proofs::purpose.eq(purpose.as_str()),
            mail_proofs::email.eq(&proof.email),
            mail_proofs::expires_at.eq(expires_at.0),
        ))
        .execute(db)?;
    Ok(())
}

/// The link with this hash, if it is for this purpose and still good.
pub(crate) fn find_proof(
    db: &mut Db,
    token_hash: &str,
    purpose: Purpose,
    now: Ts,
) -> Res<Option<Proof>> {
    let row: Option<(i64, String)> = mail_proofs::table
        .find(token_hash)
        .filter(mail_proofs::purpose.eq(purpose.as_str()))
        .filter(mail_proofs::expires_at.gt(now.0))
        .select((mail_proofs::actor_id, mail_proofs::email))
        .first(db)
        .optional()?;
    Ok(row.map(|(actor, email)| Proof {
        actor: ActorId(actor),
        email,
    }))
}

/// No link that somebody was sent before is good any more.
pub(crate) fn delete_proofs(db: &mut Db, actor: ActorId) -> Res<()> {
    diesel::delete(mail_proofs::table.filter(mail_proofs::actor_id.eq(actor.0))).execute(db)?;
    Ok(())
}

/// Forgets links that are no longer good.
pub(crate) fn delete_expired(db: &mut Db, now: Ts) -> Res<usize> {
    let sign_ups = sign_ups::table.filter(sign_ups::expires_at.le(now.0));
    let proofs = mail_proofs::table.filter(mail_proofs::expires_at.le(now.0));
    Ok(diesel::delete(sign_ups).execute(db)? + diesel::delete(proofs).execute(db)?)
}
