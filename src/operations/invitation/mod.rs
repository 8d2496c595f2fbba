//! Invitations: members bring members, as far as the settings let them.

use crate::crypto::token;
use crate::domain::caller::Caller;
use crate::domain::clock::Ts;
use crate::domain::invitation::Invitation;
use crate::domain::membership::Role;
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::operations::account::one_line;
use crate::operations::{Desk, Operation, Operations};
use crate::settings::Inviters;
use crate::store::invitations;

/// The most people who may join by one invitation.
const MOST_USES: i32 = 1_000;
/// The longest that an invitation lasts, in days.
const LONGEST: i64 = 365;
/// Invitations of one person that are good at the same time.
const MOST_GOOD: i64 = 50;
/// The most letters of a note.
const LONGEST_NOTE: u32 = 120;

/// Whether people with this role may invite others.
pub(crate) fn may_invite(role: Role, inviters: Inviters) -> bool {
    match inviters {
        Inviters::Nobody => false,
        Inviters::Admins => role >= Role::Admin,
        Inviters::Moderators => role >= Role::Moderator,
        Inviters::Members => true,
    }
}

/// The one answer to invitations that were used up, ran out, were taken back or never were.
pub(crate) fn unknown_invitation() -> Refusal {
    Refusal::not_found(
        "invitation.unknown",
        "This invitation is not good, or no longer. Please ask for a new one.",
    )
}

/// Makes a link with which people can join.
pub(crate) struct Invite {
    /// `crypto::token::hash_hex` of what stands in the link.
    pub(crate) token_hash: String,
    /// For whom it is, for the inviter to remember.
    pub(crate) note: String,
    /// How many may join with it.
    pub(crate) most_uses: i32,
    /// For how many days.
    pub(crate) days: i64,
}

impl Operation for Invite {
    type Output = Invitation;
    const NAME: &'static str = "invite";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<Invitation, Refusal> {
        let author = policy::require_actor(desk.caller)?;
        let inviters = desk.settings.accounts.inviters;
        let may = matches!(desk.caller, Caller::Member { role, .. } if may_invite(role, inviters));
        if !may {
            return Err(Refusal::forbidden(
                "invitation.not_yours",
                "You cannot invite people on this hub. Its admins decide who may.",
            ));
        }
        if !(1..=MOST_USES).contains(&self.most_uses) {
            let sentence = format!("Please choose from 1 to {MOST_USES} people.");
            return Err(Refusal::invalid("uses", "invitation.uses", sentence));
        }
        if !(1..=LONGEST).contains(&self.days) {
            let sentence = format!("Please choose from 1 to {LONGEST} days.");
            return Err(Refusal::invalid("days", "invitation.days", sentence));
        }
        if invitations::count_good(desk.db, author, desk.now)? >= MOST_GOOD {
            return Err(too_many());
        }
        let invitation = Invitation {
            id: desk.next_id(),
            author,
            note: one_line("note", &self.note, LONGEST_NOTE)?,
            most_uses: self.most_uses,
            uses: 0,
            created_at: desk.now,
            expires_at: end(desk.now, self.days),
        };
        invitations::insert(desk.db, &invitation, &self.token_hash)?;
        Ok(invitation)
    }
}

fn end(now: Ts, days: i64) -> Ts {
    now.plus_seconds(days.saturating_mul(24 * 3600))
}

fn too_many() -> Refusal {
    Refusal::invalid(
        "note",
        "invitation.many",
        format!("You have {MOST_GOOD} invitations that are good. Please take one back first."),
    )
}

/// Draws what stands in the link, and makes the invitation; the link can be read only now.
///
/// # Errors
/// As [`Invite`].
pub(crate) async fn invite(
    operations: &Operations,
    caller: Caller,
    note: &str,
    most_uses: i32,
    days: i64,
) -> Result<(String, Invitation), Refusal> {
    let token = token::random();
    let invite = Invite {
        token_hash: token::hash_hex(&token),
        note: note.to_owned(),
        most_uses,
        days,
    };
    let invitation = operations.run(caller, invite).await?;
    let link = format!("{}/sign-up?invitation={token}", operations.names.base());
    Ok((link, invitation))
}

/// Takes an invitation back: its author may, and admins.
pub(crate) struct Uninvite {
    /// Which.
    pub(crate) id: i64,
}

impl Operation for Uninvite {
    type Output = ();
    const NAME: &'static str = "uninvite";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let caller = policy::require_actor(desk.caller)?;
        let found = invitations::find(desk.db, self.id)?;
        let own = found.filter(|found| found.author == caller || desk.caller.is_admin());
        if own.is_none() {
            return Err(unknown_invitation());
        }
        Ok(invitations::delete(desk.db, self.id)?)
    }
}

#[cfg(test)]
mod tests;
