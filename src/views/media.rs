//! Uploaded pictures.

use crate::domain::media::{FileName, Media};
use crate::domain::refusal::Refusal;
use crate::store::{Db, media};

/// The picture of a file, if it may be seen: not once it, or what shows it, was deleted or removed,
/// nor while its owner is suspended. One query.
///
/// # Errors
/// If it may not.
pub(crate) fn shown(db: &mut Db, file: &FileName) -> Result<Media, Refusal> {
    media::find_shown(db, &file.key)?
        .filter(|one| one.kind == file.kind)
        .ok_or_else(|| Refusal::not_found("media.not_found", "There is no such picture."))
}
