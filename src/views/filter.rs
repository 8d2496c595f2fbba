//! What a member does not want to read, and how that sifts what they are shown.

use crate::domain::comment::Comment;
use crate::domain::filter::{Effect, Filter, first_of};
use crate::domain::ids::ActorId;
use crate::domain::page::Page;
use crate::domain::post::Post;
use crate::store::{Db, Res, filters};
use crate::text::plain::plain;

use super::post::PostCard;

/// The most filters of one member: all that one may set.
const MOST: u32 = 100;
/// Bytes of a text in which words are looked for.
const READ: usize = 20_000;

/// What a member set.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sifted {
    /// Words, the newest first.
    pub(crate) filters: Vec<Filter>,
    /// The languages whose posts they want; none: all.
    pub(crate) languages: Vec<String>,
}

/// What a member does not want to read: two queries.
pub(crate) fn of(db: &mut Db, member: ActorId) -> Res<Sifted> {
    Ok(Sifted {
        filters: filters::list(db, member, MOST)?,
        languages: filters::list_languages(db, member)?,
    })
}

/// The filters of one viewer, for everything on a page. Their own words meet none.
pub(super) struct Sieve {
    filters: Vec<Filter>,
    /// Whose.
    pub(super) viewer: Option<ActorId>,
}

impl Sieve {
    /// The filters of a viewer: one query, for a visitor none.
    pub(super) fn of(db: &mut Db, viewer: Option<ActorId>) -> Res<Self> {
        let filters = match viewer {
            Some(viewer) => filters::list(db, viewer, MOST)?,
            None => Vec::new(),
        };
        Ok(Self { filters, viewer })
    }

    /// The filter that a post meets.
    pub(super) fn post(&self, post: &Post) -> Option<Filter> {
        let warning = post.warning.as_deref().unwrap_or_default();
        self.meet(post.author, &[&post.title, warning], &post.html)
    }

    /// The filter that a comment meets.
    pub(super) fn comment(&self, comment: &Comment) -> Option<Filter> {
        let warning = comment.warning.as_deref().unwrap_or_default();
        self.meet(comment.author, &[warning], &comment.html)
    }

    /// Whether words of nobody in particular meet a filter.
    pub(super) fn meets(&self, words: &str) -> bool {
        first_of(&self.filters, words).is_some()
    }

    fn meet(&self, author: ActorId, words: &[&str], html: &str) -> Option<Filter> {
        if self.filters.is_empty() || self.viewer == Some(author) {
            return None;
        }
        let mut text = words.join("\n");
        text.push('\n');
        text.push_str(&plain(html));
        text.truncate(text.floor_char_boundary(READ));
        first_of(&self.filters, &text).cloned()
    }
}

/// Whether something is not shown by the filter that it meets, if it meets one.
pub(super) fn hidden(filter: Option<&Filter>) -> bool {
    filter.is_some_and(|filter| filter.effect == Effect::Hide)
}

/// A page without the posts that the viewer's filters hide; it may become shorter by them.
pub(super) fn shown(page: Page<PostCard>) -> Page<PostCard> {
    let hides = |card: &PostCard| hidden(card.filtered.as_ref());
    Page {
        items: page.items.into_iter().filter(|card| !hides(card)).collect(),
        next: page.next,
    }
}
