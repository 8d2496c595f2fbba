//! Somebody leaves this hub for good.

use super::standing::require_other_admin;
use super::{account, require_self_or_admin};
use crate::domain::activity::{Activity, Entry};
use crate::domain::ids::ActorId;
use crate::domain::refusal::Refusal;
use crate::operations::actor::{forget, part};
use crate::operations::{Desk, Operation};
use crate::settings::DeletedAccounts;
use crate::store::{
    accounts, actors, announcements, blocks, departures, filters, links, sessions, tokens,
};

/// Deletes an account; its name stays taken, so that nobody else can become them. The last admin
/// stays.
///
/// Every server that ever was told anything is told of it.
pub(crate) struct DeleteAccount {
    /// Whose.
    pub(crate) actor: ActorId,
    /// What becomes of their words; `None`: what `privacy.deleted_accounts` says.
    pub(crate) words: Option<DeletedAccounts>,
}

impl Operation for DeleteAccount {
    type Output = ();
    const NAME: &'static str = "delete_account";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        require_self_or_admin(desk.caller, self.actor)?;
        let account = account(desk, self.actor)?;
        require_other_admin(desk, &account)?;
        let Some(actor) = actors::find(desk.db, self.actor)? else {
            return Err(Refusal::not_found(
                "account.unknown",
                "There is no such person here.",
            ));
        };
        let gone = Activity::ProfileDeleted { actor: actor.id };
        desk.record(Entry::new(actor.id, None, gone, actor.id.0).everywhere());
        part(desk, &actor)?;
        sessions::delete_others(desk.db, actor.id, None)?;
        tokens::delete_all(desk.db, actor.id)?;
        blocks::delete_of(desk.db, actor.id)?;
        links::delete_all(desk.db, actor.id)?;
        filters::delete_of(desk.db, actor.id)?;
        announcements::delete_dismissals_of(desk.db, actor.id)?;
        departures::delete(desk.db, actor.id)?;
        accounts::delete(desk.db, actor.id)?;
        let words = self.words.unwrap_or(desk.settings.privacy.deleted_accounts);
        forget(desk, &actor, words)
    }
}
