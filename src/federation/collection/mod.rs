//! The collections of what lives here, read from the store (federation.md 6.2). Without `@context`.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::document;
use super::outgoing::{Reader, documents, remembered};
use super::quirks::PeerClass;
use super::write::{
    Page, context_collection, featured, followers, moderators, outbox, page, post as post_document,
    replies, replies_page, totals, unlisted,
};
use crate::domain::activity::Logged;
use crate::domain::actor::{Actor, ActorKind};
use crate::domain::caller::Viewer;
use crate::domain::clock::Ts;
use crate::domain::comment::Comment;
use crate::domain::ids::{CommentId, ObjectId, PostId, Uri};
use crate::domain::names::Names;
use crate::domain::page::{Cursor, Page as Rows, PageRequest};
use crate::domain::post::{Post, PostKind, Sort};
use crate::settings::Settings;
use crate::store::outbox as log;
use crate::store::{
    Db, Res, accounts, comments, events, follows, instances, moderators as store_moderators, posts,
    privacy, reactions, statistics,
};

/// Items in an inline outbox; Lemmy reads these.
const INLINE: u32 = 20;
/// Items of a page.
const PAGE: u32 = 50;
/// Ids in one part of a context.
const CONTEXT: u32 = 200;

/// A collection of an actor by its last word; `None` if actors have none of that name, or the
/// viewer may not look into the group.
///
/// # Errors
/// If the store cannot be read.
pub(crate) fn of_actor(
    db: &mut Db,
    names: &Names,
    settings: &Settings,
    viewer: Viewer,
    actor: &Actor,
    (which, part): (&str, Option<Part>),
) -> Res<Option<Value>> {
    if actor.is_private_group() && !privacy::sees(db, viewer, actor.id)? {
        return Ok(None);
    }
    let uri = names.below(&actor.uri, which);
    let group = actor.kind == ActorKind::Group;
    Ok(match (which, part) {
        ("outbox", None) if group => Some(group_outbox(db, names, settings, viewer, actor, &uri)?),
        ("outbox", Some(part)) if group => {
            outbox_page(db, names, settings, (viewer, part), actor, &uri)?
        }
        ("outbox", None) => Some(unlisted(&uri, written(db, actor)?)),
        ("followers", None) => Some(followers(&uri, shown_followers(db, actor)?)),
        ("following", None) => Some(totals(&uri, following(db, actor)?)),
        ("moderators", None) if group => {
            let people = store_moderators::list(db, actor.id)?;
            let people: Vec<String> = people.iter().map(|person| person.uri.to_string()).collect();
            Some(moderators(&uri, &people))
        }
        ("featured", None) => Some(featured(&uri, &pinned(db, names, viewer, actor)?)),
        _ => None,
    })
}

/// Whether the server of an actor has members of a private group; told to the servers of its other
/// members only (federation.md 3.5).
///
/// # Errors
/// If the store cannot be read.
pub(crate) fn lives_with_members(
    db: &mut Db,
    viewer: Viewer,
    group: &Actor,
    actor: &str,
) -> Res<bool> {
    if viewer == Viewer::Visitor || !privacy::sees(db, viewer, group.id)? {
        return Ok(false);
    }
    let Some(host) = Uri::parse(actor).map(|uri| uri.host()) else {
        return Ok(false);
    };
    match instances::find_by_host(db, &host)? {
        Some(home) => follows::has_followers_on(db, group.id, home.id),
        None => Ok(false),
    }
}

/// Which part of a paged collection is asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Part {
    /// The first.
    First,
    /// What follows an item.
    After(Cursor),
}

impl Part {
    /// Reads the value of `?page=`; `None` for what no collection gave out.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "1" | "true" => Some(Self::First),
            other => Cursor::decode(other).map(Self::After),
        }
    }

    /// The value that it was read from.
    fn text(self) -> String {
        self.cursor().map_or_else(|| "1".to_owned(), Cursor::encode)
    }

    fn cursor(self) -> Option<Cursor> {
        match self {
            Self::First => None,
            Self::After(cursor) => Some(cursor),
        }
    }
}

fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

/// How many public posts and comments a person wrote: the numbers of their page for visitors.
fn written(db: &mut Db, actor: &Actor) -> Res<u64> {
    let posts = statistics::count_posts_of(db, Viewer::Visitor, actor.id)?;
    let comments = statistics::count_comments_of(db, Viewer::Visitor, actor.id)?;
    Ok(count(posts) + count(comments))
}

fn following(db: &mut Db, actor: &Actor) -> Res<u64> {
    if actor.kind == ActorKind::Group {
        return Ok(0);
    }
    let groups = follows::list_groups_of(db, actor.id, 500)?;
    let people = follows::count_people_of(db, actor.id)?;
    Ok(u64::try_from(groups.len()).unwrap_or(0) + count(people))
}

/// How many follow a group, or a person who shows it.
fn shown_followers(db: &mut Db, actor: &Actor) -> Res<Option<u64>> {
    let person = matches!(actor.kind, ActorKind::Person | ActorKind::Service);
    let shown = !person || accounts::shows_followers(db, actor.id)?;
    Ok(shown.then(|| count(actor.followers_count)))
}

fn pinned(db: &mut Db, names: &Names, viewer: Viewer, actor: &Actor) -> Res<Vec<Value>> {
    if actor.kind != ActorKind::Group {
        return Ok(Vec::new());
    }
    let (mut items, mut room) = (Vec::new(), Room::default());
    // Lemmy reads this list, and would drop all of it for one poll.
    let pinned = posts::list_featured(db, viewer, actor.id)?;
    let readable = pinned.iter().filter(|post| post.kind != PostKind::Question);
    for pinned in readable.take(20) {
        let item = whole(db, names, pinned)?;
        items.extend(item.filter(|item| room.takes(item)));
    }
    Ok(items)
}

/// A post in full if it was written here. Of others we have no document, and Lemmy takes no ids for
/// one: it drops the whole list (statement 161).
fn whole(db: &mut Db, names: &Names, post: &Post) -> Res<Option<Value>> {
    if !post.local {
        return Ok(None);
    }
    Ok(document::post(db, names, post)?.map(|document| post_document(&document)))
}

fn group_outbox(
    db: &mut Db,
    names: &Names,
    settings: &Settings,
    viewer: Viewer,
    group: &Actor,
    uri: &str,
) -> Res<Value> {
    let request = PageRequest::first(INLINE);
    let source = posts::Source::Group(group.id);
    let found = posts::list(db, viewer, &source, Sort::New, request)?;
    let reader = (settings, PeerClass::Lemmy);
    let (items, _) = announces(db, names, reader, group, &found.items)?;
    let total = posts::count_of_group(db, group.id)?;
    Ok(outbox(uri, &items, count(total)))
}

fn outbox_page(
    db: &mut Db,
    names: &Names,
    settings: &Settings,
    (viewer, part): (Viewer, Part),
    group: &Actor,
    uri: &str,
) -> Res<Option<Value>> {
    let request = PageRequest {
        limit: PAGE,
        after: part.cursor(),
    };
    let source = posts::Source::Group(group.id);
    let mut found = posts::list(db, viewer, &source, Sort::New, request)?;
    let reader = (settings, PeerClass::Threadiverse);
    let (items, told) = announces(db, names, reader, group, &found.items)?;
    if told < found.items.len() {
        let limit = u32::try_from(told).unwrap_or(PAGE);
        let request = PageRequest { limit, ..request };
        found = posts::list(db, viewer, &source, Sort::New, request)?;
    }
    Ok(Some(page(&Page {
        uri: format!("{uri}?page={}", part.text()),
        part_of: uri.to_owned(),
        items,
        next: found
            .next
            .map(|next| format!("{uri}?page={}", next.encode())),
    })))
}

/// The group's Announces of these posts' Creates, worded for servers of a class, in the order of the
/// posts, and of how many posts they tell: of no more than fit into one document. They stand as they
/// were sent, and for posts of this hub also when the log has forgotten that. A post of elsewhere
/// that it has forgotten is left to its origin, and what Lemmy cannot read is left out, for it would
/// drop the whole list.
fn announces(
    db: &mut Db,
    names: &Names,
    (settings, class): (&Settings, PeerClass),
    group: &Actor,
    found: &[Post],
) -> Res<(Vec<Value>, usize)> {
    let ids: Vec<PostId> = found.iter().map(|post| post.id).collect();
    let rows = log::list_created(db, group.id, &ids)?.into_iter();
    let mut logged: HashMap<i64, Logged> = rows
        .map(|row| (row.logged.entry.order_key, row.logged))
        .collect();
    let (mut items, mut room) = (Vec::new(), Room::default());
    for (told, post) in found.iter().enumerate() {
        let entry = match logged.remove(&post.id.0) {
            Some(entry) => entry,
            None if post.local => remembered(post),
            None => continue,
        };
        let document = announce(db, names, (settings, class), &entry)?;
        let readable = |document: &Value| class != PeerClass::Lemmy || is_listed(document);
        let Some(document) = document.filter(readable) else {
            continue;
        };
        if !room.takes(&document) {
            return Ok((items, told));
        }
        items.push(document);
    }
    Ok((items, found.len()))
}

fn announce(
    db: &mut Db,
    names: &Names,
    (settings, class): (&Settings, PeerClass),
    logged: &Logged,
) -> Res<Option<Value>> {
    let reader = Reader::Follower(class);
    let sent = documents(db, names, settings, logged, reader)?;
    let mut announces = sent.iter().filter_map(|sending| {
        let mut document: Value = serde_json::from_slice(&sending.body).ok()?;
        document.as_object_mut()?.remove("@context");
        (document.get("type")? == "Announce").then_some(document)
    });
    Ok(announces.next())
}

/// What is left of a document for items: peers read 512 KiB (federation.md 1.5).
struct Room {
    bytes: usize,
    empty: bool,
}

impl Default for Room {
    fn default() -> Self {
        Self {
            bytes: 448 * 1024,
            empty: true,
        }
    }
}

impl Room {
    /// Takes an item in, if it fits; the first does.
    fn takes(&mut self, item: &Value) -> bool {
        let size = item.to_string().len();
        let fits = self.empty || size <= self.bytes;
        self.bytes = self.bytes.saturating_sub(size);
        self.empty = false;
        fits
    }
}

/// Whether Lemmy reads it in an outbox: a wrapped Create of an article, page or note (federation.md 6.2).
fn is_listed(announce: &Value) -> bool {
    let kind = announce.pointer("/object/object/type");
    let kind = kind.and_then(Value::as_str);
    matches!(kind, Some("Article" | "Page" | "Note"))
}

/// A collection of a post or comment by its last word; `None` if there is none of that name, or
/// nothing that the viewer may know of.
///
/// # Errors
/// If the store cannot be read.
pub(crate) fn of_object(
    db: &mut Db,
    names: &Names,
    viewer: Viewer,
    object: ObjectId,
    which: &str,
    part: Option<Part>,
) -> Res<Option<Value>> {
    let Some((thread, upvotes, downvotes)) = find(db, viewer, object)? else {
        return Ok(None);
    };
    let uri = names.below(&names.object(object), which);
    Ok(match (which, part) {
        ("likes", None) => Some(totals(&uri, count(upvotes))),
        ("dislikes", None) => Some(totals(&uri, count(downvotes))),
        ("shares", None) => Some(totals(&uri, count(reactions::count_shares(db, object)?))),
        ("attendees", None) if object == ObjectId::Post(thread.id) => {
            let event = events::find(db, thread.id)?;
            event.map(|event| totals(&uri, count(event.attendees)))
        }
        ("replies", part) => Some(answers(db, names, thread.id, object, part)?),
        ("context", part) => Some(context(db, names, &thread, part)?),
        _ => None,
    })
}

/// The thread and votes of something visible that was written here.
fn find(db: &mut Db, viewer: Viewer, object: ObjectId) -> Res<Option<(Post, i64, i64)>> {
    match object {
        ObjectId::Post(id) => {
            let post = posts::find_for(db, viewer, id)?;
            let post = post.filter(|post| post.local && !post.hidden());
            Ok(post.map(|post| {
                let (up, down) = (post.upvotes, post.downvotes);
                (post, up, down)
            }))
        }
        ObjectId::Comment(id) => {
            let comment = comments::find_for(db, viewer, id)?;
            let comment = comment.filter(|found| found.local && !found.hidden());
            let Some(comment) = comment else {
                return Ok(None);
            };
            let thread = posts::find(db, comment.post)?.filter(|post| !post.hidden());
            Ok(thread.map(|thread| (thread, comment.upvotes, comment.downvotes)))
        }
    }
}

/// The first answers with the way to the others, or a page of those.
fn answers(
    db: &mut Db,
    names: &Names,
    thread: PostId,
    object: ObjectId,
    part: Option<Part>,
) -> Res<Value> {
    let first = document::answers(db, names, thread, object)?;
    let Some(part) = part else {
        return Ok(replies(&first));
    };
    let parent = match object {
        ObjectId::Post(_) => None,
        ObjectId::Comment(id) => Some(id),
    };
    let path = path_of(db, part.cursor())?;
    let limit = if path.is_some() {
        PAGE
    } else {
        document::FIRST_ANSWERS
    };
    let mut rows = comments::list_answers(db, thread, parent, path.as_deref(), limit + 1)?;
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| more).map(|last| Cursor {
        key: 0.0,
        id: last.id.0,
    });
    Ok(replies_page(&Page {
        uri: format!("{}?page={}", first.uri, part.text()),
        part_of: first.uri.clone(),
        items: rows.iter().map(|answer| json!(answer.uri)).collect(),
        next: next.map(|next| format!("{}?page={}", first.uri, next.encode())),
    }))
}

/// A moment as a sort key; exact, as micros stay below 2^53 until the year 2255.
#[expect(clippy::cast_precision_loss, reason = "see above")]
fn key_of(at: Ts) -> f64 {
    at.0 as f64
}

#[expect(clippy::cast_possible_truncation, reason = "made by `key_of`")]
fn written_at(cursor: Cursor) -> Ts {
    Ts(cursor.key as i64)
}

/// The place in its thread of the comment that a cursor names.
fn path_of(db: &mut Db, cursor: Option<Cursor>) -> Res<Option<String>> {
    let Some(cursor) = cursor else {
        return Ok(None);
    };
    let comment = comments::find(db, CommentId(cursor.id))?;
    Ok(comment.map(|comment| comment.path))
}

fn context(db: &mut Db, names: &Names, thread: &Post, part: Option<Part>) -> Res<Value> {
    let uri = names.below(&names.post(thread.id), "context");
    let after = part.and_then(Part::cursor);
    let place = after.map(|cursor| (written_at(cursor), CommentId(cursor.id)));
    let rows = comments::list_chronological(db, thread.id, place, CONTEXT + 1)?;
    let cut = Rows::cut(rows, CONTEXT, |comment: &Comment| Cursor {
        key: key_of(comment.published_at),
        id: comment.id.0,
    });
    let next = cut.next;
    let mut ids: Vec<String> = cut.items.iter().map(|one| one.uri.to_string()).collect();
    if after.is_none() {
        ids.insert(0, thread.uri.to_string());
    }
    let total = count(thread.comment_count) + 1;
    let owner = crate::store::actors::find(db, thread.group)?.map(|group| group.uri.to_string());
    let Some(part) = part else {
        return Ok(context_collection(
            &uri,
            &thread.url,
            owner.as_deref(),
            &ids,
            total,
        ));
    };
    Ok(page(&Page {
        uri: format!("{uri}?page={}", part.text()),
        part_of: uri.clone(),
        items: ids.into_iter().map(Value::from).collect(),
        next: next.map(|next| format!("{uri}?page={}", next.encode())),
    }))
}

#[cfg(test)]
mod tests;
