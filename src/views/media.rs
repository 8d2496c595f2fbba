//! Uploaded pictures.

use crate::domain::actor::Actor;
use crate::domain::ids::ActorId;
use crate::domain::media::{FileName, Media, PictureBlock};
use crate::domain::refusal::Refusal;
use crate::store::{Db, Res, actors, media, picture_blocks};

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

/// The most blocks that are listed.
const BLOCKS: u32 = 500;

/// The pictures that are not taken any more, with who said so, the newest first. Two queries.
pub(crate) fn blocks(db: &mut Db) -> Res<Vec<(PictureBlock, Option<Actor>)>> {
    let blocks = picture_blocks::list(db, BLOCKS)?;
    let by: Vec<ActorId> = blocks.iter().filter_map(|block| block.by).collect();
    let people = actors::list_by_ids(db, &by)?;
    let find = |id: ActorId| people.iter().find(|actor| actor.id == id).cloned();
    let named = |block: PictureBlock| (block.by.and_then(find), block);
    let named = blocks.into_iter().map(named);
    Ok(named.map(|(by, block)| (block, by)).collect())
}
