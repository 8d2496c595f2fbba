//! Posts: coming into being and changing.

mod create;
mod hold;
mod link;
mod update;

pub(crate) use create::CreatePost;
pub(super) use create::is_web_address;
pub(crate) use hold::{ApprovePost, RejectPost};
pub(crate) use link::{FRESH, NotePreview};
pub(crate) use update::UpdatePost;
pub(super) use update::edited_at;

use crate::domain::ids::ObjectId;
use crate::domain::refusal::Refusal;
use crate::store::notices;
use crate::text::plain::plain;
use crate::text::title::one_line;

use super::Desk;
use super::markup::Rendered;

/// Notes what a text mentions, under which hashtags and words it is found.
pub(super) fn index(
    desk: &mut Desk<'_>,
    object: ObjectId,
    title: &str,
    text: &Rendered,
) -> Result<(), Refusal> {
    let limit = usize::try_from(desk.settings.posts.tag_limit).unwrap_or(usize::MAX);
    let tags: Vec<String> = text.hashtags.iter().take(limit).cloned().collect();
    notices::insert_hashtags(desk.db, object, &tags)?;
    notices::insert_mentions(desk.db, object, &text.mentions)?;
    let words = format!("{title}\n{}", plain(&text.html));
    notices::set_search_text(desk.db, object, Some(&words))?;
    Ok(())
}

/// The same for a text that was changed.
pub(super) fn index_anew(
    desk: &mut Desk<'_>,
    object: ObjectId,
    title: &str,
    text: &Rendered,
) -> Result<(), Refusal> {
    notices::delete_tags(desk.db, object)?;
    index(desk, object, title, text)
}

/// The title of a post, checked: one line, 3 letters to be seen at least, not longer than the setting.
pub(super) fn checked_title(
    desk: &Desk<'_>,
    title: &str,
    foreign: bool,
) -> Result<String, Refusal> {
    let line = one_line(title);
    let most = usize::try_from(desk.settings.posts.title_limit).unwrap_or(usize::MAX);
    let length = line.chars().count();
    if foreign {
        return Ok(line.chars().take(most).collect());
    }
    if !(3..=most).contains(&length) {
        return Err(Refusal::invalid(
            "title",
            "post.title",
            format!("A title has between 3 and {most} letters; this one has {length}."),
        ));
    }
    Ok(line)
}

#[cfg(test)]
mod hold_tests;
#[cfg(test)]
mod tests;
