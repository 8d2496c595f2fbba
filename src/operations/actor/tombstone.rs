//! A remote actor is gone.

use crate::domain::actor::Actor;
use crate::domain::caller::Caller;
use crate::domain::ids::ActorId;
use crate::domain::refusal::Refusal;
use crate::operations::{Desk, Operation};
use crate::settings::DeletedAccounts;
use crate::store::{
    actors, comments, drafts, follows, held, kept_answers, media, moderators, notices, posts,
    reading, saves, tallies, versions, watches,
};

/// Marks a remote actor deleted and ends what it followed and moderated.
///
/// Asked for by the actor itself, or by the hub when its address answers 410. What becomes of its
/// words, `privacy.deleted_accounts` says.
pub(crate) struct TombstoneActor {
    /// Who is gone.
    pub(crate) actor: ActorId,
}

impl Operation for TombstoneActor {
    type Output = ();
    const NAME: &'static str = "tombstone_actor";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let Some(actor) = actors::find(desk.db, self.actor)? else {
            return Err(Refusal::not_found(
                "actor.unknown",
                "Nobody here knows this actor.",
            ));
        };
        let itself = desk.caller == Caller::Remote { actor: actor.id };
        if actor.local || !(itself || desk.caller == Caller::System) {
            return Err(Refusal::forbidden(
                "actor.not_yours",
                "Only an actor itself, or its own hub, can say that it is gone.",
            ));
        }
        if actor.deleted_at.is_some() {
            return Ok(());
        }
        part(desk, &actor)?;
        let words = desk.settings.privacy.deleted_accounts;
        forget(desk, &actor, words)
    }
}

/// Ends every follow by and of an actor, its moderating, and its waiting.
pub(in crate::operations) fn part(desk: &mut Desk<'_>, actor: &Actor) -> Result<(), Refusal> {
    follows::delete_of(desk.db, actor)?;
    moderators::delete_everywhere(desk.db, actor.id)?;
    held::delete_of_author(desk.db, actor.id, None)?;
    Ok(())
}

/// Marks an actor deleted, and takes their words away or their name off them.
pub(in crate::operations) fn forget(
    desk: &mut Desk<'_>,
    actor: &Actor,
    words: DeletedAccounts,
) -> Result<(), Refusal> {
    if actor.local {
        // Words may stay without a name; a picture can show who it was.
        media::doom_all_of(desk.db, actor.id, desk.now)?;
        media::clear_attachments_of(desk.db, actor.id)?;
    }
    if words == DeletedAccounts::Remove {
        notices::delete_search_texts_of(desk.db, actor.id)?;
        posts::set_all_deleted(desk.db, actor.id, desk.now)?;
        kept_answers::delete_in_all_of(desk.db, actor.id)?;
        for (post, gone) in comments::set_all_deleted(desk.db, actor.id, desk.now)? {
            tallies::add_comments(desk.db, post, -gone, None)?;
        }
    }
    versions::delete_of_author(desk.db, actor.id)?;
    if actor.local {
        drafts::delete_of_author(desk.db, actor.id)?;
        kept_answers::delete_of_author(desk.db, actor.id)?;
        reading::delete_of(desk.db, actor.id)?;
        saves::delete_of(desk.db, actor.id)?;
        watches::delete_of(desk.db, actor.id)?;
    }
    Ok(actors::set_deleted(desk.db, actor.id, desk.now)?)
}
