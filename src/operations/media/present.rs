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

/// Where a picture of an actor stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Beside the name: ActivityPub's `icon`.
    Icon,
    /// Above the profile: ActivityPub's `image`.
    Image,
}

/// Gives a person or a local group another picture, or none; the one before is deleted. People do
/// that for themselves, a group's moderators for the group.
#[derive(Clone, Debug)]
pub(crate) struct SetPicture {
    /// Whose.
    pub(crate) actor: ActorId,
    /// Which one.
    pub(crate) place: Place,
    /// An uploaded picture of the caller; `None`: none.
    pub(crate) key: Option<String>,
}

impl Operation for SetPicture {
    type Output = ();
    const NAME: &'static str = "set_picture";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let mut actor = self.changeable(desk)?;
        let url = match &self.key {
            Some(key) => Some(take(desk, key, actor.id)?),
            None => None,
        };
        let place = match self.place {
            Place::Icon => &mut actor.icon_url,
            Place::Image => &mut actor.image_url,
        };
        let before = std::mem::replace(place, url);
        if before == *place {
            return Ok(());
        }
        if let Some(before) = before {
            drop_picture(desk, &before, actor.id)?;
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

impl SetPicture {
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

/// Takes an unused picture of the caller for an actor; its address.
fn take(desk: &mut Desk<'_>, key: &str, actor: ActorId) -> Result<String, Refusal> {
    let owner = policy::require_actor(desk.caller)?;
    let picture = owned(desk, owner, key)?;
    if picture.state != MediaState::Unused {
        return Err(unknown());
    }
    let (shown, now) = (MediaState::Shown, desk.now);
    media::set_state(desk.db, picture.id, shown, Some(actor.0), now)?;
    Ok(desk.names.media(&picture.file_of_width(None)))
}

fn drop_picture(desk: &mut Desk<'_>, url: &str, actor: ActorId) -> Result<(), Refusal> {
    let Some(file) = desk.names.media_file(url) else {
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
