//! What feed readers take: home, groups, people and threads as Atom (RFC 4287) and RSS 2.0.
//!
//! A feed is for everybody, and readers share it: it holds what a visitor sees.

use serde::Serialize;

use crate::domain::actor::Actor;
use crate::domain::caller::Caller;
use crate::domain::clock::Ts;
use crate::domain::page::{Page as Rows, PageRequest};
use crate::domain::post::Sort;
use crate::domain::refusal::Refusal;
use crate::text::plain::excerpt_html;
use crate::views::post::{CommentCard, PostCard};
use crate::views::{actor, feed, group, post, thread};

use super::answer::Answer;
use super::group::file;
use super::home::PAGE;
use super::model::Face;
use super::visit::Visit;

#[derive(Serialize)]
struct Model {
    base: String,
    title: String,
    about: String,
    /// The page of which this is the feed.
    path: String,
    /// The feed's own path.
    own: String,
    updated: i64,
    entries: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    id: String,
    url: String,
    title: String,
    author: String,
    html: String,
    at: i64,
    updated: i64,
    date: String,
}

/// `/feed.atom`, `/feed.rss`: the newest posts of the hub.
pub(super) async fn home(visit: Visit) -> Result<Answer, Refusal> {
    let newest = visit.state.read(|db| {
        feed::page(
            db,
            None,
            feed::Feed::Everywhere,
            Sort::New,
            PageRequest::first(PAGE),
        )
    });
    let cards = newest.await?;
    let instance = &visit.settings.instance;
    let (title, about) = (instance.name.clone(), instance.description.clone());
    answer(&visit, &title, &about, String::new(), entries(cards))
}

/// `/c/{name}/feed.atom`, `/c/{name}/feed.rss`: the newest posts of a group.
pub(super) async fn group(visit: Visit) -> Result<Answer, Refusal> {
    let (handle, now) = (visit.handle()?, visit.now);
    let look = visit.state.read(move |db| {
        let group = group::find(db, &handle)?;
        if !group::page(db, group.clone(), Caller::Visitor, now)?.open {
            return Err(none());
        }
        let from = feed::Feed::Group(group.id);
        let cards = feed::page(db, None, from, Sort::New, PageRequest::first(PAGE))?;
        Ok((group, cards))
    });
    let (of, cards) = look.await?;
    of_actor(&visit, &of, cards)
}

/// `/u/{name}/feed.atom`, `/u/{name}/feed.rss`: what somebody posted last.
pub(super) async fn person(visit: Visit) -> Result<Answer, Refusal> {
    let handle = visit.handle()?;
    let look = visit.state.read(move |db| {
        let person = actor::person(db, &handle)?;
        let from = feed::Feed::Author(person.id);
        let cards = feed::page(db, None, from, Sort::New, PageRequest::first(PAGE))?;
        Ok::<_, Refusal>((person, cards))
    });
    let (of, cards) = look.await?;
    of_actor(&visit, &of, cards)
}

/// `/post/{id}/feed.atom`, `/post/{id}/feed.rss`: the newest comments of a thread.
pub(super) async fn thread(visit: Visit) -> Result<Answer, Refusal> {
    let id = visit.post()?;
    let look = visit.state.read(move |db| {
        let card = post::visible_card(db, None, id)?;
        Ok::<_, Refusal>((card, thread::newest(db, id, PAGE)?))
    });
    let (card, comments) = look.await?;
    let (title, path) = (card.post.title.clone(), format!("/post/{id}"));
    let about = excerpt_html(&card.post.html, 300);
    let comments = comments.into_iter().filter(|card| !card.comment.hidden());
    let comments = comments.map(|comment| Entry::comment(comment, &title));
    answer(&visit, &title, &about, path, comments.collect())
}

fn none() -> Refusal {
    Refusal::not_found("feed.not_found", "A private group has no feed.")
}

fn of_actor(visit: &Visit, of: &Actor, cards: Rows<PostCard>) -> Result<Answer, Refusal> {
    let about = excerpt_html(&of.summary_html, 300);
    let path = Face::new(of).href;
    answer(visit, &of.title, &about, path, entries(cards))
}

fn entries(cards: Rows<PostCard>) -> Vec<Entry> {
    cards.items.into_iter().map(Entry::post).collect()
}

/// The feed in the form that its path names.
fn answer(
    visit: &Visit,
    title: &str,
    about: &str,
    path: String,
    entries: Vec<Entry>,
) -> Result<Answer, Refusal> {
    let own = visit.path.split('?').next().unwrap_or_default().to_owned();
    let (template, kind) = if own.rsplit('.').next() == Some("rss") {
        ("feed.rss.xml", "application/rss+xml; charset=utf-8")
    } else {
        ("feed.xml", "application/atom+xml; charset=utf-8")
    };
    let updated = entries.iter().map(|entry| entry.updated).max();
    let model = Model {
        base: visit.state.names().base().to_owned(),
        title: printable(title),
        about: printable(about),
        path,
        own,
        // Without entries the feed is as old as the hub can be sure of.
        updated: updated.unwrap_or(0),
        entries,
    };
    let model = minijinja::Value::from_serialize(&model);
    let text = visit.state.pages.render(&visit.language, template, model);
    Ok(file(text.map_err(Refusal::fault)?, kind))
}

impl Entry {
    fn post(card: PostCard) -> Self {
        let post = card.post;
        Self {
            id: post.uri.as_str().to_owned(),
            url: post.url,
            title: printable(&post.title),
            author: printable(&card.author.title),
            html: printable(&post.html),
            at: post.published_at.0,
            updated: post.edited_at.unwrap_or(post.published_at).0,
            date: date(post.published_at),
        }
    }

    fn comment(card: CommentCard, thread: &str) -> Self {
        let comment = card.comment;
        Self {
            id: comment.uri.as_str().to_owned(),
            url: comment.url,
            title: printable(&format!("{}: {thread}", card.author.title)),
            author: printable(&card.author.title),
            html: printable(&comment.html),
            at: comment.published_at.0,
            updated: comment.edited_at.unwrap_or(comment.published_at).0,
            date: date(comment.published_at),
        }
    }
}

/// A moment as RSS writes it.
fn date(at: Ts) -> String {
    httpdate::fmt_http_date(at.system_time())
}

/// A text without the letters that no XML document may have.
fn printable(text: &str) -> String {
    let sound = |c: &char| {
        matches!(c, '\t' | '\n' | '\r') || (*c >= ' ' && !matches!(c, '\u{fffe}' | '\u{ffff}'))
    };
    text.chars().filter(sound).collect()
}
