//! People and groups show themselves with a picture and a cover.

use super::{owned, unknown};
use crate::domain::activity::{Activity, Entry};
use crate::domain::actor::{Actor, ActorKind};
use crate::domain::ids::ActorId;
use crate::domain::media::MediaState;
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::operations::{Desk, Operation, account};
use crate::store::{actors, media};

/// Gives a person or a local group another picture or cover, or takes it away; what was there before
/// is deleted. People do that for themselves, a group's moderators for the group.
#[derive(Clone, Debug)]
#[expect(
    clippy::option_option,
    reason = "outside: whether it changes; inside: whether there is one"
)]
pub(crate) struct SetPictures {
    /// Whose.
    pub(crate) actor: ActorId,
    /// The key of an uploaded picture of the caller, to stand beside the name: ActivityPub's `icon`.
    pub(crate) icon: Option<Option<String>>,
    /// The same for above the profile: ActivityPub's `image`.
    pub(crate) image: Option<Option<String>>,
}

impl Operation for SetPictures {
    type Output = ();
    const NAME: &'static str = "set_pictures";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let mut actor = self.changeable(desk)?;
        let before = [actor.icon_url.clone(), actor.image_url.clone()];
        if let Some(key) = &self.icon {
            actor.icon_url = take(desk, key.as_deref(), actor.id)?;
        }
        if let Some(key) = &self.image {
            actor.image_url = take(desk, key.as_deref(), actor.id)?;
        }
        let after = [&actor.icon_url, &actor.image_url];
        let gone: Vec<_> = before
            .iter()
            .zip(after)
            .filter(|(before, after)| before != after)
            .collect();
        if gone.is_empty() {
            return Ok(());
        }
        for (url, _) in gone {
            drop_picture(desk, url.as_deref(), actor.id)?;
        }
        actor.updated_at = desk.now;
        actors::set_profile(desk.db, &actor)?;
        let updated = Activity::ProfileUpdated { actor: actor.id };
        if actor.kind != ActorKind::Group {
            return account::tell(desk, actor.id, updated);
        }
        desk.record(Entry::new(actor.id, Some(actor.id), updated, actor.id.0));
        Ok(())
    }
}

impl SetPictures {
    /// The actor, if the caller may change how it looks.
    fn changeable(&self, desk: &mut Desk<'_>) -> Result<Actor, Refusal> {
        let found = actors::find(desk.db, self.actor)?;
        let actor = found
            .filter(|actor| actor.local && actor.deleted_at.is_none())
            .ok_or_else(|| {
                Refusal::not_found("actor.unknown", "There is nobody like that here.")
            })?;
        if actor.kind == ActorKind::Group {
            let relation = desk.relation(&actor)?;
            policy::require_moderator(desk.caller, &relation, true)?;
        } else {
            account::require_self_or_admin(desk.caller, actor.id)?;
        }
        Ok(actor)
    }
}

/// Takes an unused picture of the caller for an actor, if there is to be one; its address.
fn take(desk: &mut Desk<'_>, key: Option<&str>, actor: ActorId) -> Result<Option<String>, Refusal> {
    let Some(key) = key else {
        return Ok(None);
    };
    let owner = policy::require_actor(desk.caller)?;
    let picture = owned(desk, owner, key)?;
    if picture.state != MediaState::Unused {
        return Err(unknown());
    }
    let (shown, now) = (MediaState::Shown, desk.now);
    media::set_state(desk.db, picture.id, shown, Some(actor.0), now)?;
    Ok(Some(desk.names.media(&picture.file_of_width(None))))
}

fn drop_picture(desk: &mut Desk<'_>, url: Option<&str>, actor: ActorId) -> Result<(), Refusal> {
    let Some(file) = url.and_then(|url| desk.names.media_file(url)) else {
        return Ok(());
    };
    match media::find(desk.db, &file.key)? {
        Some(old) if old.attached_to == Some(actor.0) => {
            let doomed = MediaState::Doomed;
            Ok(media::set_state(desk.db, old.id, doomed, None, desk.now)?)
        }
        _ => Ok(()),
    }
}
