//! An uploaded picture is described or deleted by whoever uploaded it.

use super::{described, owned, sweep};
use crate::domain::caller::Caller;
use crate::domain::ids::ActorId;
use crate::domain::media::{Focus, Media, MediaState};
use crate::domain::policy;
use crate::domain::refusal::{Kind, Refusal};
use crate::operations::{Desk, Operation, Operations};
use crate::store::media;

/// Describes a picture for those who cannot see it, or says what of it stays in view where it is
/// cropped. A post that shows it already keeps what it was written with; it is changed with the post.
#[derive(Clone, Debug)]
pub(crate) struct DescribeMedia {
    /// Which.
    pub(crate) key: String,
    /// The description; an empty one takes it away, and `None` leaves it.
    pub(crate) alt: Option<String>,
    /// What stays in view; `None` leaves it.
    pub(crate) focus: Option<Focus>,
}

impl Operation for DescribeMedia {
    type Output = Media;
    const NAME: &'static str = "describe_media";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<Media, Refusal> {
        let owner = policy::require_actor(desk.caller)?;
        let mut picture = there(desk, owner, &self.key)?;
        if let Some(alt) = &self.alt {
            picture.alt = described(alt)?;
        }
        picture.focus = self.focus.unwrap_or(picture.focus);
        media::describe(desk.db, picture.id, picture.alt.as_deref(), picture.focus)?;
        Ok(picture)
    }
}

/// A picture of this person's that is asked for by its own address.
fn there(desk: &mut Desk<'_>, owner: ActorId, key: &str) -> Result<Media, Refusal> {
    let missing = || Refusal::not_found("media.not_found", "You have no such picture here.");
    let found = owned(desk, owner, key).map_err(|refusal| match refusal.kind {
        Kind::Invalid => missing(),
        _ => refusal,
    })?;
    if found.state == MediaState::Doomed {
        return Err(missing());
    }
    Ok(found)
}

/// Says that a picture is to be deleted.
struct Doom(String);

impl Operation for Doom {
    type Output = Media;
    const NAME: &'static str = "delete_media";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<Media, Refusal> {
        let owner = policy::require_actor(desk.caller)?;
        let picture = there(desk, owner, &self.0)?;
        if matches!(picture.state, MediaState::Shown | MediaState::Hidden) {
            return Err(Refusal::new(
                Kind::Conflict,
                "media.in_use",
                "Something shows this picture. Please take it out of there first.",
            ));
        }
        let doomed = MediaState::Doomed;
        media::set_state(desk.db, picture.id, doomed, None, desk.now)?;
        Ok(picture)
    }
}

/// Deletes a picture of the caller that nothing shows; its files are gone when this returns.
///
/// # Errors
/// If it is not theirs, or shown.
pub(crate) async fn delete(
    operations: &Operations,
    caller: Caller,
    key: &str,
) -> Result<(), Refusal> {
    let picture = operations.run(caller, Doom(key.to_owned())).await?;
    sweep::erase(operations, &picture).await
}
