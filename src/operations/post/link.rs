//! The page elsewhere that a post links to: what it says of itself is fetched later, by a worker.

use crate::domain::actor::Actor;
use crate::domain::ids::MAX_URI;
use crate::domain::link_preview::LinkPreview;
use crate::domain::post::Post;
use crate::domain::refusal::Refusal;
use crate::domain::webpage::Webpage;
use crate::operations::{Desk, Operation};
use crate::store::link_previews;
use crate::text::lone_link::lone_link;

/// What a page said of itself is asked for again after so long, in seconds.
pub(crate) const FRESH: i64 = 7 * 24 * 3600;
/// Within so many seconds the page of a post from elsewhere is fetched: every server that got the post
/// may fetch it, and they should not all do so at once.
const SPREAD: i64 = 60;

/// A page was fetched: what it says of itself, in the place of what it said before.
#[derive(Clone, Debug)]
pub(crate) struct NotePreview {
    /// The page.
    pub(crate) url: String,
    /// What it says; nothing if it could not be had.
    pub(crate) found: LinkPreview,
}

impl Operation for NotePreview {
    type Output = ();
    const NAME: &'static str = "note_preview";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        Ok(link_previews::set(desk.db, &self.url, &self.found)?)
    }
}

/// Notes to which page a post links, and that the page is to be fetched: not for private groups, not
/// for posts of long ago, and not where the author's server sent a `picture` of it along.
pub(super) fn note(
    desk: &mut Desk<'_>,
    post: &Post,
    group: &Actor,
    picture: Option<&str>,
) -> Result<(), Refusal> {
    if !desk.settings.posts.link_previews || group.is_private_group() {
        return Ok(());
    }
    let url = post.link_url.clone().or_else(|| lone_link(&post.html));
    let Some((url, page)) = url.and_then(|url| Webpage::parse(&url).map(|page| (url, page))) else {
        return Ok(());
    };
    if page.host() == desk.names.host() {
        return Ok(());
    }
    let picture = picture.filter(|url| url.len() <= MAX_URI && Webpage::parse(url).is_some());
    link_previews::insert_link(desk.db, post.id, &page, &url, picture)?;
    let since = desk.now.plus_seconds(-FRESH);
    if picture.is_none() && post.published_at > since {
        let wait = if post.local {
            0
        } else {
            post.id.0.rem_euclid(SPREAD)
        };
        link_previews::want(desk.db, &page, desk.now.plus_seconds(wait), since)?;
    }
    Ok(())
}

/// The same for a post that was changed.
pub(super) fn note_anew(
    desk: &mut Desk<'_>,
    post: &Post,
    group: &Actor,
    picture: Option<&str>,
) -> Result<(), Refusal> {
    link_previews::delete_link(desk.db, post.id)?;
    note(desk, post, group, picture)
}
