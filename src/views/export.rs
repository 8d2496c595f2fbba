//! All that a member wrote, chose and uploaded, page by page, for the member alone. What comes after
//! a page is asked for by the last id of it.

use std::collections::HashMap;

use crate::domain::actor::Actor;
use crate::domain::block::MessagePolicy;
use crate::domain::clock::Ts;
use crate::domain::comment::Comment;
use crate::domain::ids::{ActorId, CommentId, PostId};
use crate::domain::media::Media;
use crate::domain::membership::Followed;
use crate::domain::news::{Topic, Wish};
use crate::domain::page::{Cursor, PageRequest};
use crate::domain::post::Post;
use crate::settings::DigestRhythm;
use crate::store::accounts::{self, Account};
use crate::store::{Db, Res, actors, comments, exports, media, posts, saves};

use super::message::MessageCard;
use super::{block, message, news};

/// Rows of one page.
const PAGE: u32 = 100;

/// Some rows, and the id after which the next come; `None` at the end.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Rows<T> {
    /// The rows.
    pub(crate) items: Vec<T>,
    /// Where to go on.
    pub(crate) next: Option<Cursor>,
}

impl<T> Rows<T> {
    /// Rows that were all, or a whole page of them.
    fn of<R>(rows: Vec<R>, id: impl Fn(&R) -> i64, mut item: impl FnMut(R) -> Option<T>) -> Self {
        let whole = rows.len() >= usize::try_from(PAGE).unwrap_or(usize::MAX);
        let last = rows.last().filter(|_| whole).map(&id);
        Self {
            items: rows.into_iter().filter_map(&mut item).collect(),
            next: last.map(|id| Cursor { key: 0.0, id }),
        }
    }
}

fn id_of(after: Option<Cursor>) -> i64 {
    after.map_or(i64::MIN, |cursor| cursor.id)
}

/// What a member is to the hub.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Profile {
    /// What they show.
    pub(crate) actor: Actor,
    /// What they do not.
    pub(crate) account: Account,
    /// From whom they take messages.
    pub(crate) messages: MessagePolicy,
    /// Of what they want to hear.
    pub(crate) wishes: Vec<(Topic, Wish)>,
    /// How often they want a digest; `None`: as the hub has it.
    pub(crate) rhythm: Option<DigestRhythm>,
}

/// What a member is to the hub; `None` if they are gone.
pub(crate) fn profile(db: &mut Db, member: ActorId) -> Res<Option<Profile>> {
    let (actor, account) = (actors::find(db, member)?, accounts::find(db, member)?);
    let (Some(actor), Some(account)) = (actor, account) else {
        return Ok(None);
    };
    Ok(Some(Profile {
        actor,
        account,
        messages: block::of(db, member)?.messages,
        wishes: news::wishes_of(db, member)?,
        rhythm: news::rhythm_of(db, member)?,
    }))
}

/// Posts with the group in which each stands.
pub(crate) fn posts(
    db: &mut Db,
    member: ActorId,
    after: Option<Cursor>,
) -> Res<Rows<(Post, Option<Actor>)>> {
    let ids = exports::list_posts(db, member, id_of(after), PAGE)?;
    let found = posts::list_by_ids(db, &ids)?;
    let groups: Vec<ActorId> = found.iter().map(|post| post.group).collect();
    let groups = named(actors::list_by_ids(db, &groups)?);
    let mut found: HashMap<PostId, Post> = found.into_iter().map(|post| (post.id, post)).collect();
    Ok(Rows::of(
        ids,
        |id| id.0,
        |id| {
            let post = found.remove(&id)?;
            let group = groups.get(&post.group).cloned();
            Some((post, group))
        },
    ))
}

/// Comments with the ids of the posts that they are about.
pub(crate) fn comments(
    db: &mut Db,
    member: ActorId,
    after: Option<Cursor>,
) -> Res<Rows<(Comment, Option<String>)>> {
    let ids = exports::list_comments(db, member, id_of(after), PAGE)?;
    let found = comments::list_by_ids(db, &ids)?;
    let about: Vec<i64> = found.iter().map(|comment| comment.post.0).collect();
    let about = uris(db, &about)?;
    let mut found: HashMap<CommentId, Comment> = found
        .into_iter()
        .map(|comment| (comment.id, comment))
        .collect();
    Ok(Rows::of(
        ids,
        |id| id.0,
        |id| {
            let comment = found.remove(&id)?;
            let post = about.get(&comment.post.0).cloned();
            Some((comment, post))
        },
    ))
}

/// Private messages that the member wrote.
pub(crate) fn messages(
    db: &mut Db,
    member: ActorId,
    after: Option<Cursor>,
) -> Res<Rows<MessageCard>> {
    let request = PageRequest {
        after,
        ..PageRequest::first(PAGE)
    };
    let page = message::page(db, member, request)?;
    let mut items = page.items;
    items.retain(|card| card.author.id == member && card.message.deleted_at.is_none());
    Ok(Rows {
        items,
        next: page.next,
    })
}

/// The ids of what was voted on, 1 or -1, and when.
pub(crate) fn votes(
    db: &mut Db,
    member: ActorId,
    after: Option<Cursor>,
) -> Res<Rows<(String, i16, Ts)>> {
    let rows = exports::list_votes(db, member, id_of(after), PAGE)?;
    let objects: Vec<i64> = rows.iter().map(|(object, ..)| *object).collect();
    let uris = uris(db, &objects)?;
    Ok(Rows::of(
        rows,
        |(object, ..)| *object,
        |(object, value, at)| Some((uris.get(&object)?.clone(), value, at)),
    ))
}

/// The ids of that to which the member reacted, the emoji, and when.
pub(crate) fn reactions(
    db: &mut Db,
    member: ActorId,
    after: Option<Cursor>,
) -> Res<Rows<(String, String, Ts)>> {
    let rows = exports::list_reactions(db, member, id_of(after), PAGE)?;
    let objects: Vec<i64> = rows.iter().map(|(object, ..)| *object).collect();
    let uris = uris(db, &objects)?;
    Ok(Rows::of(
        rows,
        |(object, ..)| *object,
        |(object, content, at)| Some((uris.get(&object)?.clone(), content, at)),
    ))
}

/// The ids of what the member keeps for later, the last kept first.
pub(crate) fn saved(db: &mut Db, member: ActorId, after: Option<Cursor>) -> Res<Rows<String>> {
    let request = PageRequest {
        after,
        ..PageRequest::first(PAGE)
    };
    let page = saves::list(db, member, request)?;
    let uris = uris(db, &page.items)?;
    let uri = |number: &i64| uris.get(number).cloned();
    Ok(Rows {
        items: page.items.iter().filter_map(uri).collect(),
        next: page.next,
    })
}

/// Groups and people whom the member follows, how that stands, what they hear of it, and since when.
pub(crate) fn follows(
    db: &mut Db,
    member: ActorId,
    after: Option<Cursor>,
) -> Res<Rows<Followed<Actor>>> {
    let rows = exports::list_follows(db, member, id_of(after), PAGE)?;
    let ids: Vec<ActorId> = rows.iter().map(|follow| follow.target).collect();
    let targets = named(actors::list_by_ids(db, &ids)?);
    let with_name = |follow: Followed<ActorId>| {
        Some(Followed {
            target: targets.get(&follow.target)?.clone(),
            state: follow.state,
            level: follow.level,
            since: follow.since,
        })
    };
    Ok(Rows::of(rows, |follow| follow.target.0, with_name))
}

/// The pictures that the member uploaded.
pub(crate) fn pictures(db: &mut Db, member: ActorId, after: Option<Cursor>) -> Res<Rows<Media>> {
    let rows = media::list_of_owner(db, member, id_of(after), PAGE)?;
    Ok(Rows::of(rows, |picture| picture.id.0, Some))
}

/// How many pictures the member uploaded.
pub(crate) fn count_pictures(db: &mut Db, member: ActorId) -> Res<i64> {
    media::count_of_owner(db, member)
}

fn named(actors: Vec<Actor>) -> HashMap<ActorId, Actor> {
    actors.into_iter().map(|actor| (actor.id, actor)).collect()
}

/// The ids of posts and comments by their numbers.
fn uris(db: &mut Db, numbers: &[i64]) -> Res<HashMap<i64, String>> {
    let ids: Vec<PostId> = numbers.iter().copied().map(PostId).collect();
    let posts = posts::list_by_ids(db, &ids)?;
    let ids: Vec<CommentId> = numbers.iter().copied().map(CommentId).collect();
    let comments = comments::list_by_ids(db, &ids)?;
    let posts = posts.into_iter().map(|one| (one.id.0, one.uri.to_string()));
    let comments = comments
        .into_iter()
        .map(|one| (one.id.0, one.uri.to_string()));
    Ok(posts.chain(comments).collect())
}
