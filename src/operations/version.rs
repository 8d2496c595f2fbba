//! What texts said before they were changed is kept for a while.

use crate::domain::comment::Comment;
use crate::domain::ids::ObjectId;
use crate::domain::post::Post;
use crate::domain::refusal::Refusal;
use crate::store::versions::{self, Version};

use super::Desk;

/// The most earlier versions of one text.
const MOST: u32 = 50;

/// Keeps what a post said, if the change changes that.
pub(super) fn keep_post(desk: &mut Desk<'_>, before: &Post, after: &Post) -> Result<(), Refusal> {
    if before.title == after.title && before.html == after.html {
        return Ok(());
    }
    let version = Version {
        written_at: before.edited_at.unwrap_or(before.published_at),
        title: before.title.clone(),
        source: before.source.clone(),
        html: before.html.clone(),
    };
    keep(desk, ObjectId::Post(before.id), &version)
}

/// Keeps what a comment said, if the change changes that.
pub(super) fn keep_comment(
    desk: &mut Desk<'_>,
    before: &Comment,
    after: &Comment,
) -> Result<(), Refusal> {
    if before.html == after.html {
        return Ok(());
    }
    let version = Version {
        written_at: before.edited_at.unwrap_or(before.published_at),
        title: String::new(),
        source: before.source.clone(),
        html: before.html.clone(),
    };
    keep(desk, ObjectId::Comment(before.id), &version)
}

fn keep(desk: &mut Desk<'_>, object: ObjectId, version: &Version) -> Result<(), Refusal> {
    versions::insert(desk.db, object, version, desk.now)?;
    Ok(versions::keep_newest(desk.db, object, MOST)?)
}
