//! The quotes of what somebody wrote, and what posts and comments quote.

use std::collections::HashMap;

use super::post;
use crate::domain::actor::Actor;
use crate::domain::comment::Comment;
use crate::domain::ids::{ActorId, CommentId, ObjectId, PostId};
use crate::domain::page::{Page, PageRequest};
use crate::domain::post::Post;
use crate::domain::quote::{Quote, QuotePolicy, QuoteState, Quoted};
use crate::store::{Db, Res, actors, blocks, comments, posts, quotes};
use crate::text::plain;

/// Letters of the beginning of what is quoted.
const EXCERPT: usize = 300;

/// What a post or comment quotes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct QuoteCard {
    /// The id of what it quotes.
    pub(crate) uri: String,
    /// That text, where it is here, the viewer can see it, and its author allows the quote.
    pub(crate) text: Option<QuotedText>,
}

/// A text as it is shown where it is quoted.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct QuotedText {
    /// Which.
    pub(crate) object: ObjectId,
    /// Who wrote it.
    pub(crate) author: Actor,
    /// Its title; a comment has none.
    pub(crate) title: Option<String>,
    /// Its beginning; the warning alone where there is one.
    pub(crate) excerpt: String,
}

/// What may quote, as far as it matters to whom it quotes.
struct Quoter<'a> {
    author: ActorId,
    uri: &'a str,
    local: bool,
}

/// What a post quotes, if anything, as a viewer sees it.
pub(crate) fn of_post(db: &mut Db, viewer: Option<ActorId>, post: &Post) -> Res<Option<QuoteCard>> {
    let quoter = Quoter {
        author: post.author,
        uri: post.uri.as_str(),
        local: post.local,
    };
    match quotes::find_quoted(db, post.id.0)? {
        Some(quoted) => Ok(Some(card(db, viewer, &quoter, quoted)?)),
        None => Ok(None),
    }
}

/// What comments quote, by their numbers: one query, and a few for each that quotes something.
pub(super) fn of_comments(
    db: &mut Db,
    viewer: Option<ActorId>,
    of: &[Comment],
) -> Res<HashMap<i64, QuoteCard>> {
    let numbers: Vec<i64> = of.iter().map(|comment| comment.id.0).collect();
    let mut cards = HashMap::new();
    for quoted in quotes::list_quoted(db, &numbers)? {
        let number = quoted.object;
        let Some(comment) = of.iter().find(|comment| comment.id.0 == number) else {
            continue;
        };
        let quoter = Quoter {
            author: comment.author,
            uri: comment.uri.as_str(),
            local: comment.local,
        };
        cards.insert(number, card(db, viewer, &quoter, quoted)?);
    }
    Ok(cards)
}

fn card(
    db: &mut Db,
    viewer: Option<ActorId>,
    quoter: &Quoter<'_>,
    quoted: Quoted,
) -> Res<QuoteCard> {
    let found = post::find_by_uri(db, viewer, &quoted.uri)?;
    let text = match found {
        Some(object) => text(db, viewer, quoter, object, &quoted)?,
        None => None,
    };
    let uri = quoted.uri;
    Ok(QuoteCard { uri, text })
}

/// What is quoted, unless its author does not allow it, or the viewer is kept away from them.
fn text(
    db: &mut Db,
    viewer: Option<ActorId>,
    quoter: &Quoter<'_>,
    object: ObjectId,
    quoted: &Quoted,
) -> Res<Option<QuotedText>> {
    let Some(text) = read(db, object)? else {
        return Ok(None);
    };
    let author = text.author.id;
    let unwanted = match viewer {
        Some(viewer) => !blocks::list_unwanted(db, viewer, &[author])?.is_empty(),
        None => false,
    };
    let shut = unwanted || !actors::list_suspended(db, &[author])?.is_empty();
    let own = author == quoter.author;
    let allowed = own || consents(db, quoter, &text, quoted)?;
    Ok((allowed && !shut).then_some(text))
}

fn read(db: &mut Db, object: ObjectId) -> Res<Option<QuotedText>> {
    let (author, title, excerpt) = match object {
        ObjectId::Post(id) => {
            let Some(post) = posts::find(db, id)? else {
                return Ok(None);
            };
            let excerpt = excerpt(&post.html, post.warning, post.sensitive);
            (post.author, Some(post.title), excerpt)
        }
        ObjectId::Comment(id) => {
            let Some(comment) = comments::find(db, id)? else {
                return Ok(None);
            };
            let excerpt = excerpt(&comment.html, comment.warning, comment.sensitive);
            (comment.author, None, excerpt)
        }
    };
    Ok(actors::find(db, author)?.map(|author| QuotedText {
        object,
        author,
        title,
        excerpt,
    }))
}

fn excerpt(html: &str, warning: Option<String>, sensitive: bool) -> String {
    match warning {
        Some(warning) => warning,
        None if sensitive => String::new(),
        None => plain::excerpt_html(html, EXCERPT),
    }
}

/// Whether the author of what is quoted allows it: here by their policy when it was quoted, or by
/// the quote that they answered; elsewhere by their stamp.
fn consents(db: &mut Db, quoter: &Quoter<'_>, text: &QuotedText, row: &Quoted) -> Res<bool> {
    if !text.author.local {
        return Ok(quoter.local && row.stamp.is_some());
    }
    let answered = quotes::find_by_uri(db, quoter.uri, text.object.number())?;
    Ok(match answered {
        Some(quote) => quote.state == QuoteState::Accepted,
        None => quoter.local,
    })
}

/// A quote with who quotes and what.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct QuoteLine {
    /// The quote.
    pub(crate) quote: Quote,
    /// Who quotes.
    pub(crate) by: Actor,
    /// What is quoted.
    pub(crate) object: ObjectId,
    /// Its title, or its beginning.
    pub(crate) excerpt: String,
}

/// The quotes that an author allows, newest first: four queries.
pub(crate) fn of_author(
    db: &mut Db,
    author: ActorId,
    request: PageRequest,
) -> Res<Page<QuoteLine>> {
    let page = quotes::list_of_author(db, author, request)?;
    let by: Vec<ActorId> = page.items.iter().map(|quote| quote.quoter).collect();
    let people = actors::list_by_ids(db, &by)?;
    let viewer = Some(author).into();
    let ids: Vec<PostId> = page.items.iter().map(|q| PostId(q.object)).collect();
    let posts = posts::list_for(db, viewer, &ids)?;
    let ids: Vec<CommentId> = page.items.iter().map(|q| CommentId(q.object)).collect();
    let comments = comments::list_for(db, viewer, &ids)?;
    let line = |quote: Quote| {
        let by = people
            .iter()
            .find(|actor| actor.id == quote.quoter)?
            .clone();
        let post = posts.iter().find(|post| post.id.0 == quote.object);
        let (object, excerpt) = if let Some(post) = post {
            (ObjectId::Post(post.id), post.title.clone())
        } else {
            let found = comments.iter().find(|one| one.id.0 == quote.object)?;
            let excerpt = plain::excerpt_html(&found.html, 160);
            (ObjectId::Comment(found.id), excerpt)
        };
        Some(QuoteLine {
            quote,
            by,
            object,
            excerpt,
        })
    };
    Ok(Page {
        items: page.items.into_iter().filter_map(line).collect(),
        next: page.next,
    })
}

/// Who may quote somebody without being asked: one query.
pub(crate) fn policy(db: &mut Db, author: ActorId) -> Res<QuotePolicy> {
    quotes::policy_of(db, author)
}
