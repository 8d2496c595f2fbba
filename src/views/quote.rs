//! The quotes of what somebody wrote, and what posts and comments quote.

use std::collections::HashMap;

use super::filter::Sieve;
use crate::domain::actor::Actor;
use crate::domain::comment::Comment;
use crate::domain::ids::{ActorId, CommentId, ObjectId, PostId};
use crate::domain::page::{Page, PageRequest};
use crate::domain::post::Post;
use crate::domain::quote::{Quote, QuotePolicy, QuoteState, Quoted};
use crate::store::{Db, Res, actors, comments, posts, quotes};
use crate::text::plain;

/// Letters of the beginning of what is quoted.
const EXCERPT: usize = 300;

/// What a post or comment quotes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct QuoteCard {
    /// The id of what it quotes.
    pub(crate) uri: String,
    /// That text, where it is here, the viewer may and wants to read it, and its author allows the
    /// quote.
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
    number: i64,
    author: ActorId,
    uri: &'a str,
    local: bool,
}

impl<'a> Quoter<'a> {
    fn of_comment(comment: &'a Comment) -> Self {
        Self {
            number: comment.id.0,
            author: comment.author,
            uri: comment.uri.as_str(),
            local: comment.local,
        }
    }
}

/// What a post quotes, if anything, as a viewer sees it: two queries, five more if it does.
pub(crate) fn of_post(db: &mut Db, viewer: Option<ActorId>, post: &Post) -> Res<Option<QuoteCard>> {
    let quoter = Quoter {
        number: post.id.0,
        author: post.author,
        uri: post.uri.as_str(),
        local: post.local,
    };
    let sieve = Sieve::of(db, viewer)?;
    Ok(cards(db, &sieve, &[quoter])?.remove(&post.id.0))
}

/// What comments quote, by their numbers: one query, five more if any of them does.
pub(super) fn of_comments(
    db: &mut Db,
    sieve: &Sieve,
    of: &[Comment],
) -> Res<HashMap<i64, QuoteCard>> {
    let quoters: Vec<Quoter<'_>> = of.iter().map(Quoter::of_comment).collect();
    cards(db, sieve, &quoters)
}

fn cards(db: &mut Db, sieve: &Sieve, quoters: &[Quoter<'_>]) -> Res<HashMap<i64, QuoteCard>> {
    let numbers: Vec<i64> = quoters.iter().map(|quoter| quoter.number).collect();
    let rows = quotes::list_quoted(db, &numbers)?;
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    let uris: Vec<&str> = rows.iter().map(|row| row.uri.as_str()).collect();
    let texts = texts(db, sieve, &uris)?;
    let by: Vec<&str> = quoters.iter().map(|quoter| quoter.uri).collect();
    let answered = quotes::list_by_uris(db, &by)?;
    let card = |row: Quoted| {
        let quoter = quoters.iter().find(|quoter| quoter.number == row.object)?;
        let text = texts.get(&row.uri);
        let text = text.filter(|text| consents(quoter, text, &row, &answered));
        let (text, uri) = (text.cloned(), row.uri);
        Some((row.object, QuoteCard { uri, text }))
    };
    Ok(rows.into_iter().filter_map(card).collect())
}

/// The texts of these ids that a viewer may and wants to read, by their ids.
fn texts(db: &mut Db, sieve: &Sieve, uris: &[&str]) -> Res<HashMap<String, QuotedText>> {
    let posts = posts::list_by_uris_for(db, sieve.viewer.into(), uris)?;
    let comments = comments::list_by_uris_for(db, sieve.viewer.into(), uris)?;
    let authors = posts.iter().map(|post| post.author);
    let authors: Vec<ActorId> = authors
        .chain(comments.iter().map(|comment| comment.author))
        .collect();
    let people = actors::list_by_ids(db, &authors)?;
    // What people of suspended servers wrote is shown to nobody (security.md R-24).
    let shut = actors::list_suspended(db, &authors)?;
    let author = |id: ActorId| {
        let found = people.iter().find(|actor| actor.id == id);
        found.filter(|_| !shut.contains(&id)).cloned()
    };
    let texts = posts
        .into_iter()
        .filter(|post| sieve.post(post).is_none())
        .filter_map(|post| Some(post_text(author(post.author)?, post)));
    let others = comments
        .into_iter()
        .filter(|comment| sieve.comment(comment).is_none())
        .filter_map(|comment| Some(comment_text(author(comment.author)?, comment)));
    Ok(texts.chain(others).collect())
}

/// A post where it is quoted, by its id.
fn post_text(author: Actor, post: Post) -> (String, QuotedText) {
    let text = QuotedText {
        object: ObjectId::Post(post.id),
        author,
        excerpt: excerpt(&post.html, post.warning, post.sensitive),
        title: Some(post.title),
    };
    (post.uri.to_string(), text)
}

/// A comment where it is quoted, by its id.
fn comment_text(author: Actor, comment: Comment) -> (String, QuotedText) {
    let text = QuotedText {
        object: ObjectId::Comment(comment.id),
        author,
        excerpt: excerpt(&comment.html, comment.warning, comment.sensitive),
        title: None,
    };
    (comment.uri.to_string(), text)
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
fn consents(quoter: &Quoter<'_>, text: &QuotedText, row: &Quoted, answered: &[Quote]) -> bool {
    if text.author.id == quoter.author {
        return true;
    }
    if !text.author.local {
        return quoter.local && row.stamp.is_some();
    }
    let object = text.object.number();
    let answer = answered
        .iter()
        .find(|quote| quote.object == object && quote.uri == quoter.uri);
    answer.map_or(quoter.local, |quote| quote.state == QuoteState::Accepted)
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
