//! Who may sign in, and with which role.

use super::{account, name_of, profile};
use crate::domain::activity::Activity;
use crate::domain::caller::Caller;
use crate::domain::ids::ActorId;
use crate::domain::membership::{Role, Standing};
use crate::domain::policy;
use crate::domain::refusal::{Kind, Refusal};
use crate::mail::{Draft, Occasion};
use crate::operations::letter::post;
use crate::operations::{Desk, Operation};
use crate::store::accounts::Account;
use crate::store::{accounts, sessions};

/// Lets somebody in who signed up and waits. Moderators of the hub may.
pub(crate) struct Approve {
    /// Who waits.
    pub(crate) actor: ActorId,
}

impl Operation for Approve {
    type Output = ();
    const NAME: &'static str = "approve";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        require_hub_moderator(desk.caller)?;
        let account = account(desk, self.actor)?;
        match account.standing {
            Standing::Active => Ok(()),
            Standing::Pending => {
                accounts::set_standing(desk.db, self.actor, Standing::Active)?;
                let link = format!("{}/sign-in", desk.names.base());
                let name = name_of(desk, self.actor)?;
                let draft = Draft::new(Occasion::Approved, &name).link(link);
                post(desk, (&account).into(), &draft, None)
            }
            Standing::Suspended => Err(Refusal::new(
                Kind::Conflict,
                "account.suspended",
                "This account is suspended. An admin can reinstate it.",
            )),
        }
    }
}

/// Shuts somebody out: sessions end, tokens no longer work. Also turns down who waits.
pub(crate) struct Suspend {
    /// Who.
    pub(crate) actor: ActorId,
}

impl Operation for Suspend {
    type Output = ();
    const NAME: &'static str = "suspend";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        require_hub_moderator(desk.caller)?;
        let account = account(desk, self.actor)?;
        require_above(desk.caller, &account)?;
        require_other_admin(desk, &account)?;
        accounts::set_standing(desk.db, self.actor, Standing::Suspended)?;
        sessions::delete_others(desk.db, self.actor, None)?;
        if account.standing == Standing::Pending {
            let draft = Draft::new(Occasion::TurnedDown, &name_of(desk, self.actor)?);
            post(desk, (&account).into(), &draft, None)?;
        }
        show_again(desk, self.actor)
    }
}

/// Lets somebody back in who was suspended.
pub(crate) struct Reinstate {
    /// Who.
    pub(crate) actor: ActorId,
}

impl Operation for Reinstate {
    type Output = ();
    const NAME: &'static str = "reinstate";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        require_hub_moderator(desk.caller)?;
        let account = account(desk, self.actor)?;
        require_above(desk.caller, &account)?;
        accounts::set_standing(desk.db, self.actor, Standing::Active)?;
        show_again(desk, self.actor)
    }
}

/// Others see from the profile who is suspended (federation.md, statement 33).
fn show_again(desk: &mut Desk<'_>, actor: ActorId) -> Result<(), Refusal> {
    profile::tell(desk, actor, Activity::ProfileUpdated { actor })
}

/// Gives somebody another role on the hub. Admins may; one admin always stays. It stands in the log.
pub(crate) struct SetRole {
    /// Who.
    pub(crate) actor: ActorId,
    /// What they may do from now on.
    pub(crate) role: Role,
}

impl Operation for SetRole {
    type Output = ();
    const NAME: &'static str = "set_role";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        policy::require_admin(desk.caller)?;
        let account = account(desk, self.actor)?;
        if account.role == self.role {
            return Ok(());
        }
        if self.role != Role::Admin {
            require_other_admin(desk, &account)?;
        }
        accounts::set_role(desk.db, self.actor, self.role)?;
        let action = match self.role {
            Role::Admin => "role-admin",
            Role::Moderator => "role-moderator",
            Role::Member => "role-member",
        };
        desk.log(None, action, None, Some(self.actor), "")
    }
}

fn require_hub_moderator(caller: Caller) -> Result<(), Refusal> {
    if caller.moderates_hub() {
        return Ok(());
    }
    policy::require_actor(caller)?;
    Err(Refusal::forbidden(
        "moderator.required",
        "Only moderators and admins of this hub can do this.",
    ))
}

/// Moderators decide about members, admins about everybody; nobody about themselves.
fn require_above(caller: Caller, account: &Account) -> Result<(), Refusal> {
    let own = caller.actor() == Some(account.actor);
    if !own && (caller.is_admin() || account.role == Role::Member) {
        return Ok(());
    }
    Err(Refusal::forbidden(
        "account.above",
        "Moderators can do this with members only, and nobody with themselves. Please ask an admin.",
    ))
}

/// Refuses to take the hub's last admin away.
pub(super) fn require_other_admin(desk: &mut Desk<'_>, account: &Account) -> Result<(), Refusal> {
    let admin = account.role == Role::Admin && account.standing == Standing::Active;
    if !admin || accounts::count_admins(desk.db)? > 1 {
        return Ok(());
    }
    Err(Refusal::new(
        Kind::Conflict,
        "admin.last",
        "This is the last admin of the hub. Please make somebody else an admin first.",
    ))
}
