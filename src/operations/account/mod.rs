//! People of this hub: how they join, sign in, present themselves and leave.

mod address;
mod change;
mod delete;
mod departure;
mod email;
mod guessable;
mod link;
mod passwords;
mod profile;
mod prove;
mod register;
mod reset;
mod session;
mod sign_in;
mod sign_up;
mod standing;
mod token;

pub(crate) use address::{ConfirmAddress, ask_address};
#[cfg(test)]
pub(crate) use change::ChangePassword;
pub(crate) use change::{SetPassword, change_password};
pub(crate) use delete::DeleteAccount;
pub(crate) use departure::{Depart, KeepAccount, ask_to_leave};
pub(crate) use link::{KeepRemoteApp, LinkActor, UnlinkActor, sign_in_linked};
pub(crate) use passwords::Passwords;
pub(crate) use profile::{SetLanguage, SetLook, UpdateProfile};
pub(super) use profile::{limited, one_line, tell};
pub(crate) use prove::prove;
#[cfg(test)]
pub(crate) use register::Register;
pub(crate) use register::{Application, Form, register};
pub(crate) use reset::{AskReset, reset_of, reset_password};
pub(crate) use session::{EndOtherSessions, EndSession};
#[cfg(test)]
pub(crate) use sign_in::OpenSession;
pub(crate) use sign_in::{RenewSession, SignOut, SignedIn, sign_in};
pub(crate) use sign_up::{SignedUp, confirm_sign_up, sign_up};
pub(crate) use standing::{Approve, Reinstate, SetRole, Suspend};
#[cfg(test)]
pub(crate) use token::CreateToken;
pub(crate) use token::{RevokeToken, create_token};

use crate::domain::caller::Caller;
use crate::domain::ids::ActorId;
use crate::domain::refusal::{Kind, Refusal};
use crate::store::accounts::{self, Account};
use crate::store::actors;

use super::Desk;

/// The account that an operation is about.
fn account(desk: &mut Desk<'_>, actor: ActorId) -> Result<Account, Refusal> {
    accounts::find(desk.db, actor)?.ok_or_else(|| {
        Refusal::not_found("account.unknown", "There is no such account on this hub.")
    })
}

/// The name of a member, for a letter to them.
fn name_of(desk: &mut Desk<'_>, actor: ActorId) -> Result<String, Refusal> {
    let actor = actors::find(desk.db, actor)?;
    Ok(actor.map(|actor| actor.name).unwrap_or_default())
}

/// A link in a letter that was used, ran out, or never was.
fn unusable_link() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "link.unusable",
        "This link was used already, has run out, or is not complete. Please ask for a new letter.",
    )
}

/// Only the person themselves, or an admin.
pub(super) fn require_self_or_admin(caller: Caller, actor: ActorId) -> Result<(), Refusal> {
    let own = matches!(caller, Caller::Member { actor: by, .. } if by == actor);
    if own || caller.is_admin() {
        return Ok(());
    }
    if caller == Caller::Visitor {
        return Err(Refusal::new(
            Kind::Unauthenticated,
            "sign_in.required",
            "Please sign in to do this.",
        ));
    }
    Err(Refusal::forbidden(
        "account.not_yours",
        "You can only change your own account.",
    ))
}

#[cfg(test)]
mod mail_tests;
#[cfg(test)]
mod tests;
