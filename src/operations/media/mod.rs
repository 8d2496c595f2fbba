//! Pictures: uploaded, described, shown by posts, comments, people and groups, and deleted.
//!
//! A row is there before its files, and goes after them, so that no file is ever forgotten.

mod attach;
mod carrier;
mod change;
mod present;
mod purge;
mod secret;
mod sweep;
mod upload;

pub(super) use attach::claim;
pub(crate) use change::{DescribeMedia, delete};
pub(crate) use present::SetPictures;
pub(crate) use purge::{LiftPictureBlock, Purged, is_address_blocked, is_picture_blocked, purge};
pub(crate) use secret::prepare;
pub(crate) use sweep::sweep;
pub(crate) use upload::upload;
pub(super) use upload::{not_kept, refused, too_large};

use crate::domain::ids::ActorId;
use crate::domain::media::{Focus, LONGEST_ALT, Media};
use crate::domain::post::Attachment;
use crate::domain::refusal::Refusal;
use crate::store::media;

use super::Desk;
use super::markup::storable;

/// The picture with this key, if it is this person's.
fn owned(desk: &mut Desk<'_>, owner: ActorId, key: &str) -> Result<Media, Refusal> {
    media::find(desk.db, key)?
        .filter(|one| one.owner == owner)
        .ok_or_else(unknown)
}

fn unknown() -> Refusal {
    Refusal::invalid(
        "pictures",
        "media.unknown",
        "You have no such picture here, or no longer. Please upload it again.",
    )
}

/// A description without blanks around it, if there is one and it is not too long.
fn described(alt: &str) -> Result<Option<String>, Refusal> {
    let alt = storable(alt.trim());
    if alt.chars().count() > LONGEST_ALT {
        return Err(Refusal::invalid(
            "alt",
            "media.alt_long",
            format!("A description has at most {LONGEST_ALT} letters."),
        ));
    }
    Ok((!alt.is_empty()).then_some(alt))
}

/// A picture as posts and comments carry it.
fn attachment(desk: &Desk<'_>, one: &Media) -> Attachment {
    let side = |pixels: i32| u32::try_from(pixels).ok();
    Attachment {
        url: desk.names.media(&one.file_of_width(None)),
        media_type: Some(one.kind.media_type().to_owned()),
        alt: one.alt.clone(),
        size: side(one.width).zip(side(one.height)),
        blurhash: Some(one.blurhash.clone()),
        focus: (one.focus != Focus::MIDDLE).then_some(one.focus),
    }
}

#[cfg(test)]
mod tests;
