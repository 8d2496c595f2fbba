//! Posts and comments take the pictures that they show.

use super::{attachment, described, owned, unknown};
use crate::domain::ids::ActorId;
use crate::domain::media::{Media, MediaState};
use crate::domain::post::Attachment;
use crate::domain::refusal::Refusal;
use crate::operations::Desk;
use crate::store::media;

/// Gives a local object the pictures of its author at these addresses, and nothing else; the
/// pictures that it showed before and shows no longer are deleted.
///
/// What is known of each picture comes from its row; only the description and the focus are taken
/// from what is given, where they are.
pub(in crate::operations) fn claim(
    desk: &mut Desk<'_>,
    author: ActorId,
    given: &[Attachment],
    object: i64,
) -> Result<Vec<Attachment>, Refusal> {
    let most = desk.settings.media.pictures_per_post;
    if given.len() > usize::try_from(most).unwrap_or(usize::MAX) {
        return Err(Refusal::invalid(
            "pictures",
            "media.too_many",
            format!("At most {most} pictures go with one post or comment."),
        ));
    }
    let before = media::list_attached(desk.db, object)?;
    let mut claimed: Vec<Media> = Vec::with_capacity(given.len());
    for one in given {
        let picture = picture(desk, author, one, object)?;
        if claimed.iter().any(|known| known.id == picture.id) {
            continue;
        }
        if picture.state != MediaState::Shown || picture.attached_to.is_none() {
            let shown = MediaState::Shown;
            media::set_state(desk.db, picture.id, shown, Some(object), desk.now)?;
        }
        claimed.push(picture);
    }
    for gone in before {
        if !claimed.iter().any(|picture| picture.id == gone.id) {
            media::set_state(desk.db, gone.id, MediaState::Doomed, None, desk.now)?;
        }
    }
    Ok(claimed.iter().map(|one| attachment(desk, one)).collect())
}

/// The author's picture at an address, with the description and focus that are given: one that
/// nothing shows yet, or this very object.
fn picture(
    desk: &mut Desk<'_>,
    author: ActorId,
    given: &Attachment,
    object: i64,
) -> Result<Media, Refusal> {
    let file = desk.names.media_file(&given.url).ok_or_else(unknown)?;
    let mut picture = owned(desk, author, &file.key)?;
    let free = picture.state == MediaState::Unused;
    if !(free || picture.attached_to == Some(object)) {
        return Err(unknown());
    }
    let alt = match &given.alt {
        Some(alt) => described(alt)?,
        None => picture.alt.clone(),
    };
    let focus = given.focus.unwrap_or(picture.focus);
    if (&alt, focus) != (&picture.alt, picture.focus) {
        media::describe(desk.db, picture.id, alt.as_deref(), focus)?;
        (picture.alt, picture.focus) = (alt, focus);
    }
    Ok(picture)
}
