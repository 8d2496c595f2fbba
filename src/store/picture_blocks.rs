//! Pictures that are not taken any more, by their address elsewhere and by how they look.

use diesel::dsl::exists;
use diesel::prelude::*;

use super::schema::picture_blocks;
use super::{Db, Res};
use crate::domain::clock::Ts;
use crate::domain::ids::ActorId;
use crate::domain::likeness::Likeness;
use crate::domain::media::PictureBlock;

/// The most blocks by which a picture is judged: the newest.
const MOST: i64 = 10_000;

type BlockRow = (
    i64,
    Option<String>,
    Option<String>,
    String,
    Option<i64>,
    i64,
);

fn block(row: BlockRow) -> PictureBlock {
    let (id, url, likeness, reason, by, at) = row;
    PictureBlock {
        id,
        url,
        likeness: likeness.as_deref().and_then(Likeness::parse),
        reason,
        by: by.map(ActorId),
        at: Ts(at),
    }
}

/// Blocks a picture.
pub(crate) fn insert(db: &mut Db, block: &PictureBlock) -> Res<()> {
    diesel::insert_into(picture_blocks::table)
        .values((
            picture_blocks::id.eq(block.id),
            picture_blocks::url.eq(block.url.as_deref()),
            picture_blocks::likeness.eq(block.likeness.as_ref().map(Likeness::to_string)),
            picture_blocks::reason.eq(&block.reason),
            picture_blocks::blocked_by.eq(block.by.map(|by| by.0)),
            picture_blocks::created_at.eq(block.at.0),
        ))
        .execute(db)?;
    Ok(())
}

/// What is blocked, the newest first.
pub(crate) fn list(db: &mut Db, limit: u32) -> Res<Vec<PictureBlock>> {
    let rows: Vec<BlockRow> = picture_blocks::table
        .order(picture_blocks::id.desc())
        .limit(i64::from(limit))
        .load(db)?;
    Ok(rows.into_iter().map(block).collect())
}

/// How the blocked pictures look.
pub(crate) fn list_likenesses(db: &mut Db) -> Res<Vec<Likeness>> {
    let texts: Vec<Option<String>> = picture_blocks::table
        .filter(picture_blocks::likeness.is_not_null())
        .order(picture_blocks::id.desc())
        .limit(MOST)
        .select(picture_blocks::likeness)
        .load(db)?;
    let read = |text: Option<String>| Likeness::parse(&text?);
    Ok(texts.into_iter().filter_map(read).collect())
}

/// Whether the picture at an address is blocked, whatever it looks like.
pub(crate) fn has_url(db: &mut Db, url: &str) -> Res<bool> {
    let at = picture_blocks::table.filter(picture_blocks::url.eq(url));
    Ok(diesel::select(exists(at)).get_result(db)?)
}

/// Lifts a block; whether there was one.
pub(crate) fn delete(db: &mut Db, id: i64) -> Res<bool> {
    Ok(diesel::delete(picture_blocks::table.find(id)).execute(db)? > 0)
}
