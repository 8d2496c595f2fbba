//! A post as it is shown: with its author, its group and the viewer's own vote.

use std::collections::{HashMap, HashSet};

use crate::domain::actor::Actor;
use crate::domain::caller::Caller;
use crate::domain::clock::Ts;
use crate::domain::comment::Comment;
use crate::domain::event::Event;
use crate::domain::filter::Filter;
use crate::domain::ids::{ActorId, CommentId, ObjectId, PostId};
use crate::domain::link_preview::LinkCard;
use crate::domain::page::Page;
use crate::domain::policy;
use crate::domain::poll::Poll;
use crate::domain::post::{Post, PostKind};
use crate::domain::question::Question;
use crate::domain::refusal::{Kind, Refusal};
use crate::store::{
    Db, Res, actors, blocks, comments, events, link_previews, polls, posts, questions, reactions,
    reading, saves, votes,
};

use super::filter::{Sieve, hidden};
use super::quote::{self, QuoteCard};

/// The most people of one event that are listed.
const MOST_ATTENDEES: u32 = 1_000;

/// A post with what is shown beside it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PostCard {
    /// The post.
    pub(crate) post: Post,
    /// Who wrote it.
    pub(crate) author: Actor,
    /// Where.
    pub(crate) group: Actor,
    /// The viewer's vote: 1, 0 or -1.
    pub(crate) my_vote: i16,
    /// What people choose from, if it asks.
    pub(crate) poll: Option<PollCard>,
    /// Where and when people meet, if it announces that.
    pub(crate) event: Option<EventCard>,
    /// Where it stands, if it wants an answer.
    pub(crate) question: Option<Question>,
    /// The page to which it links, if that said something of itself.
    pub(crate) link: Option<LinkCard>,
    /// Whether the viewer keeps it for later.
    pub(crate) saved: bool,
    /// Comments that came since the viewer was there; `None`: they never were.
    pub(crate) fresh: Option<i64>,
    /// With what people reacted, the most chosen first.
    pub(crate) reactions: Vec<Reaction>,
    /// By which filter the viewer does not want to read it.
    pub(crate) filtered: Option<Filter>,
}

/// A reaction that people chose.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Reaction {
    /// The emoji, or `:its name:`.
    pub(crate) content: String,
    /// How many people.
    pub(crate) count: i64,
    /// Whether the viewer is one of them.
    pub(crate) mine: bool,
}

/// The most kinds of reactions to one thing that are shown.
const MOST_REACTIONS: usize = 30;

/// An event with how the viewer stands to it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct EventCard {
    /// The event.
    pub(crate) event: Event,
    /// Whether the viewer comes (or waits to be accepted); `None` if they said nothing.
    pub(crate) mine: Option<bool>,
}

/// A poll with what the viewer chose.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PollCard {
    /// The poll.
    pub(crate) poll: Poll,
    /// The places of the viewer's choices; none if they did not vote.
    pub(crate) mine: Vec<i32>,
}

/// A comment with what is shown beside it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CommentCard {
    /// The comment.
    pub(crate) comment: Comment,
    /// Who wrote it.
    pub(crate) author: Actor,
    /// The viewer's vote: 1, 0 or -1.
    pub(crate) my_vote: i16,
    /// Whether the viewer keeps it for later.
    pub(crate) saved: bool,
    /// What its thread is called, where it stands alone and the viewer sees that.
    pub(crate) thread: Option<String>,
    /// With what people reacted, the most chosen first.
    pub(crate) reactions: Vec<Reaction>,
    /// What it quotes.
    pub(crate) quote: Option<QuoteCard>,
    /// Whether the viewer does not want to see it; then its words are left out.
    pub(crate) unwanted: bool,
    /// By which filter the viewer does not want to read it; what is to be hidden is left out.
    pub(crate) filtered: Option<Filter>,
}

/// One post, hidden ones too; the faces decide what of those they show.
///
/// # Errors
/// If there is none that the viewer may know of, or none that they want to see.
pub(crate) fn card(db: &mut Db, viewer: Option<ActorId>, id: PostId) -> Result<PostCard, Refusal> {
    let post = bare(db, viewer, id)?;
    let page = Page {
        items: vec![post],
        next: None,
    };
    let mut cards = cards(db, viewer, page)?.items;
    cards.pop().ok_or_else(missing)
}

fn missing() -> Refusal {
    Refusal::not_found("post.not_found", "There is no such post.")
}

/// The same post without what is shown beside it: three queries.
pub(super) fn bare(db: &mut Db, viewer: Option<ActorId>, id: PostId) -> Result<Post, Refusal> {
    let mut post = posts::find_for(db, viewer.into(), id)?.ok_or_else(missing)?;
    if let Some(viewer) = viewer
        && !blocks::list_unwanted(db, viewer, &[post.author, post.group])?.is_empty()
    {
        return Err(Refusal::forbidden(
            "post.unwanted",
            "You keep away who wrote this, or their server; lift that to read it.",
        ));
    }
    if !actors::list_suspended(db, &[post.author, post.group])?.is_empty() {
        post.removed_at.get_or_insert(post.published_at);
    }
    Ok(post)
}

/// The same, but a post that was deleted or removed is [`Kind::Gone`].
///
/// # Errors
/// If there is none, or it is no longer there.
pub(crate) fn visible_card(
    db: &mut Db,
    viewer: Option<ActorId>,
    id: PostId,
) -> Result<PostCard, Refusal> {
    let card = card(db, viewer, id)?;
    if card.post.hidden() {
        return Err(Refusal::new(
            Kind::Gone,
            "post.gone",
            "This post is no longer there.",
        ));
    }
    Ok(card)
}

/// One comment, hidden ones too.
///
/// # Errors
/// If there is none that the viewer may know of.
pub(crate) fn comment(
    db: &mut Db,
    viewer: Option<ActorId>,
    id: CommentId,
) -> Result<CommentCard, Refusal> {
    let missing = || Refusal::not_found("comment.not_found", "There is no such comment.");
    let comment = comments::find_for(db, viewer.into(), id)?.ok_or_else(missing)?;
    comment_cards(db, viewer, vec![comment])?
        .pop()
        .ok_or_else(missing)
}

/// The post or comment with this ActivityPub id, if the viewer can see it.
pub(crate) fn find_by_uri(
    db: &mut Db,
    viewer: Option<ActorId>,
    uri: &str,
) -> Res<Option<ObjectId>> {
    if let Some(post) = posts::find_by_uri(db, uri)? {
        let seen = posts::find_for(db, viewer.into(), post.id)?;
        let shown = seen.filter(|post| !post.hidden());
        return Ok(shown.map(|post| ObjectId::Post(post.id)));
    }
    let Some(comment) = comments::find_by_uri(db, uri)? else {
        return Ok(None);
    };
    let seen = comments::find_for(db, viewer.into(), comment.id)?;
    let shown = seen.filter(|comment| !comment.hidden());
    Ok(shown.map(|comment| ObjectId::Comment(comment.id)))
}

/// Posts with their authors, groups, links, questions, reactions and what the viewer did with them: nine
/// queries, however many; three more where there are polls, two where there are events.
pub(crate) fn cards(db: &mut Db, viewer: Option<ActorId>, page: Page<Post>) -> Res<Page<PostCard>> {
    let mut ids: Vec<ActorId> = page
        .items
        .iter()
        .flat_map(|post| [post.author, post.group])
        .collect();
    ids.sort_unstable();
    ids.dedup();
    let people = Lookup::of(actors::list_by_ids(db, &ids)?);
    let numbers: Vec<i64> = page.items.iter().map(|post| post.id.0).collect();
    let mine = my_votes(db, viewer, &numbers)?;
    let mut reactions = reactions_to(db, viewer, &numbers)?;
    let mut polls = poll_cards(db, viewer, &page.items)?;
    let mut events = event_cards(db, viewer, &page.items)?;
    let ids: Vec<PostId> = page.items.iter().map(|post| post.id).collect();
    let asked = questions::list(db, &ids)?;
    let mut links = link_previews::list(db, &ids)?;
    let saved = my_saves(db, viewer, &numbers)?;
    let fresh = match viewer {
        Some(viewer) => reading::count_new(db, viewer, &ids)?,
        None => HashMap::new(),
    };
    let sieve = Sieve::of(db, viewer)?;
    let next = page.next;
    let items = page
        .items
        .into_iter()
        .filter_map(|post| {
            Some(PostCard {
                author: people.find(post.author)?,
                group: people.find(post.group)?,
                my_vote: vote_on(&mine, post.id.0),
                reactions: reactions.remove(&post.id.0).unwrap_or_default(),
                poll: polls.remove(&post.id),
                event: events.remove(&post.id),
                question: asked.get(&post.id).copied(),
                link: links.remove(&post.id),
                saved: saved.contains(&post.id.0),
                fresh: fresh.get(&post.id).copied(),
                filtered: sieve.post(&post),
                post,
            })
        })
        .collect();
    Ok(Page { items, next })
}

/// Comments with their authors, reactions and what the viewer did with them: nine queries, however
/// many; five more where any of them quotes something.
pub(super) fn comment_cards(
    db: &mut Db,
    viewer: Option<ActorId>,
    comments: Vec<Comment>,
) -> Res<Vec<CommentCard>> {
    let mut ids: Vec<ActorId> = comments.iter().map(|comment| comment.author).collect();
    ids.sort_unstable();
    ids.dedup();
    let people = Lookup::of(actors::list_by_ids(db, &ids)?);
    let shut = actors::list_suspended(db, &ids)?;
    let numbers: Vec<i64> = comments.iter().map(|comment| comment.id.0).collect();
    let mine = my_votes(db, viewer, &numbers)?;
    let saved = my_saves(db, viewer, &numbers)?;
    let mut reactions = reactions_to(db, viewer, &numbers)?;
    let unwanted = match viewer {
        Some(viewer) => blocks::list_unwanted(db, viewer, &ids)?,
        None => Vec::new(),
    };
    let sieve = Sieve::of(db, viewer)?;
    let mut quotes = quote::of_comments(db, &sieve, &comments)?;
    let card = |mut comment: Comment| {
        // What people of suspended servers wrote is shown to nobody (security.md R-24).
        if shut.contains(&comment.author) {
            comment.removed_at.get_or_insert(comment.published_at);
        }
        let unwanted = unwanted.contains(&comment.author);
        let filtered = sieve.comment(&comment);
        let silent = unwanted || hidden(filtered.as_ref());
        if silent {
            silence(&mut comment);
        }
        let quote = quotes.remove(&comment.id.0);
        Some(CommentCard {
            author: people.find(comment.author)?,
            quote: quote.filter(|_| !silent && !comment.hidden()),
            my_vote: vote_on(&mine, comment.id.0),
            saved: saved.contains(&comment.id.0),
            thread: None,
            reactions: reactions.remove(&comment.id.0).unwrap_or_default(),
            unwanted,
            filtered,
            comment,
        })
    };
    Ok(comments.into_iter().filter_map(card).collect())
}

/// [`comment_cards`] for where comments stand without their threads: they say what those are called.
/// One query more.
pub(super) fn lone_comments(
    db: &mut Db,
    viewer: Option<ActorId>,
    comments: Vec<Comment>,
) -> Res<Vec<CommentCard>> {
    let mut threads: Vec<PostId> = comments.iter().map(|comment| comment.post).collect();
    threads.sort_unstable();
    threads.dedup();
    let mut cards = comment_cards(db, viewer, comments)?;
    let seen = posts::list_for(db, viewer.into(), &threads)?;
    let titles: HashMap<PostId, String> = seen
        .into_iter()
        .filter(|post| !post.hidden())
        .map(|post| (post.id, post.title))
        .collect();
    for card in &mut cards {
        card.thread = titles.get(&card.comment.post).cloned();
    }
    Ok(cards)
}

/// Takes the words out of a comment; its place stays, for the answers below it.
fn silence(comment: &mut Comment) {
    comment.html.clear();
    comment.source = None;
    comment.warning = None;
    comment.attachments.clear();
}

/// The polls of those of these posts that ask.
fn poll_cards(db: &mut Db, viewer: Option<ActorId>, of: &[Post]) -> Res<HashMap<PostId, PollCard>> {
    let asking = of.iter().filter(|post| post.kind == PostKind::Question);
    let ids: Vec<PostId> = asking.map(|post| post.id).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let votes = match viewer {
        Some(viewer) => polls::list_votes_of(db, viewer, &ids)?,
        None => Vec::new(),
    };
    let card = |(post, poll)| {
        let own = votes.iter().filter(|(of, _)| *of == post);
        let mine = own.map(|(_, place)| *place).collect();
        (post, PollCard { poll, mine })
    };
    Ok(polls::list(db, &ids)?.into_iter().map(card).collect())
}

/// The events of those of these posts that announce one.
fn event_cards(
    db: &mut Db,
    viewer: Option<ActorId>,
    of: &[Post],
) -> Res<HashMap<PostId, EventCard>> {
    let meeting = of.iter().filter(|post| post.kind == PostKind::Event);
    let ids: Vec<PostId> = meeting.map(|post| post.id).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mine = match viewer {
        Some(viewer) => events::list_attendance_of(db, viewer, &ids)?,
        None => HashMap::new(),
    };
    let card = |(post, event)| {
        let mine = mine.get(&post).copied();
        (post, EventCard { event, mine })
    };
    Ok(events::list(db, &ids)?.into_iter().map(card).collect())
}

/// Who comes to an event and who waits to be accepted, for its organiser and the moderators of its
/// group; those who asked first at first.
///
/// # Errors
/// If there is no such post, or the caller is neither.
pub(crate) fn attendees(
    db: &mut Db,
    caller: Caller,
    id: PostId,
    now: Ts,
) -> Result<Vec<(Actor, bool)>, Refusal> {
    let card = visible_card(db, caller.actor(), id)?;
    if policy::require_actor(caller)? != card.post.author {
        let page = super::group::page(db, card.group, caller, now)?;
        if !page.moderates {
            return Err(Refusal::forbidden(
                "event.organiser",
                "Only the organiser of an event says who comes.",
            ));
        }
    }
    let rows = events::list_attendees(db, id, MOST_ATTENDEES)?;
    let ids: Vec<ActorId> = rows.iter().map(|(actor, _)| *actor).collect();
    let people = Lookup::of(actors::list_by_ids(db, &ids)?);
    let named = |(actor, yes): (ActorId, bool)| Some((people.find(actor)?, yes));
    Ok(rows.into_iter().filter_map(named).collect())
}

struct Lookup(HashMap<ActorId, Actor>);

impl Lookup {
    fn of(actors: Vec<Actor>) -> Self {
        Self(actors.into_iter().map(|actor| (actor.id, actor)).collect())
    }

    fn find(&self, id: ActorId) -> Option<Actor> {
        self.0.get(&id).cloned()
    }
}

/// The reactions to each of these things: two queries for somebody, one for a visitor.
fn reactions_to(
    db: &mut Db,
    viewer: Option<ActorId>,
    numbers: &[i64],
) -> Res<HashMap<i64, Vec<Reaction>>> {
    let own = match viewer {
        Some(viewer) => reactions::list_own(db, viewer, numbers)?,
        None => Vec::new(),
    };
    let mut all: HashMap<i64, Vec<Reaction>> = HashMap::new();
    for (object, content, count) in reactions::tally(db, numbers)? {
        let of = all.entry(object).or_default();
        if of.len() < MOST_REACTIONS {
            let mine = own
                .iter()
                .any(|(on, with)| *on == object && *with == content);
            of.push(Reaction {
                content,
                count,
                mine,
            });
        }
    }
    Ok(all)
}

fn my_votes(db: &mut Db, viewer: Option<ActorId>, objects: &[i64]) -> Res<HashMap<i64, i16>> {
    match viewer {
        Some(viewer) => Ok(votes::list_of(db, viewer, objects)?.into_iter().collect()),
        None => Ok(HashMap::new()),
    }
}

fn my_saves(db: &mut Db, viewer: Option<ActorId>, objects: &[i64]) -> Res<HashSet<i64>> {
    match viewer {
        Some(viewer) => saves::list_of(db, viewer, objects),
        None => Ok(HashSet::new()),
    }
}

fn vote_on(mine: &HashMap<i64, i16>, object: i64) -> i16 {
    mine.get(&object).copied().unwrap_or(0)
}
