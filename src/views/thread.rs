//! A thread: a post and the comments below it, in reading order.

use std::collections::HashMap;

use crate::domain::comment::Comment;
use crate::domain::draft::KeptAnswer;
use crate::domain::ids::{ActorId, CommentId, ObjectId, PostId};
use crate::domain::membership::Standing;
use crate::domain::page::{Cursor, Page, PageRequest};
use crate::domain::post::Post;
use crate::domain::reading::{CommentSort, Placed, Watch, outline};
use crate::domain::refusal::Refusal;
use crate::store::reading::News;
use crate::store::{
    Db, Res, accounts, comments, confirmations, kept_answers, posts, reading, watches,
};

use super::post::{CommentCard, PostCard, bare, card, comment, comment_cards, lone_comments};

/// A post with a page of its comments.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Thread {
    /// The post.
    pub(crate) post: Post,
    /// Its comments as they came; hidden ones keep their place.
    pub(crate) comments: Page<CommentCard>,
}

/// A post and a page of its comments, each after what it answers, in the order in which they came.
///
/// # Errors
/// If there is no such post.
pub(crate) fn thread(
    db: &mut Db,
    viewer: Option<ActorId>,
    post: PostId,
    request: PageRequest,
) -> Result<Thread, Refusal> {
    let post = bare(db, viewer, post)?;
    let comments = page(db, viewer, post.id, request)?;
    Ok(Thread { post, comments })
}

/// The newest comments of a post that visitors may see, the newest first: three queries.
pub(crate) fn newest(db: &mut Db, post: PostId, limit: u32) -> Res<Vec<CommentCard>> {
    let rows = comments::list_newest(db, post, limit)?;
    comment_cards(db, None, rows)
}

/// Comments of one thread that are put in order; what came after them stands in none.
const MOST_ORDERED: u32 = 20_000;
/// Levels of answers that one page shows; what lies deeper is a page of its own.
const DEEPEST: usize = 8;

/// What somebody wants to read of a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// In which order.
    pub(crate) sort: CommentSort,
    /// One comment with what it answers and what answers it, in the place of all.
    pub(crate) focus: Option<CommentId>,
    /// The last comment of the page before.
    pub(crate) after: Option<CommentId>,
    /// How many comments.
    pub(crate) limit: usize,
}

/// A thread as somebody reads it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Reading {
    /// The post.
    pub(crate) post: PostCard,
    /// A page of its comments in order; hidden ones keep their place.
    pub(crate) comments: Vec<CommentCard>,
    /// Of these comments, how many lie below that are not shown.
    pub(crate) below: HashMap<CommentId, usize>,
    /// The last of them, if there are more.
    pub(crate) next: Option<CommentId>,
    /// The answer that helped.
    pub(crate) answer: Option<CommentCard>,
    /// Whether the viewer wrote the post for a group elsewhere, which has not passed it on yet.
    pub(crate) waits: bool,
    /// The greatest id that is there to be read.
    pub(crate) last: i64,
    /// The id up to which the viewer has read before.
    pub(crate) read_to: Option<i64>,
    /// What came since.
    pub(crate) news: Option<News>,
    /// What the viewer does with the thread.
    pub(crate) watch: Option<Watch>,
    /// The answers that they began here.
    pub(crate) kept: Vec<KeptAnswer>,
}

/// A thread as somebody wants to read it: about twenty queries, however long it is.
///
/// # Errors
/// If there is no such post.
pub(crate) fn read(
    db: &mut Db,
    viewer: Option<ActorId>,
    post: PostId,
    wanted: Wanted,
) -> Result<Reading, Refusal> {
    let post = card(db, viewer, post)?;
    let id = post.post.id;
    let nodes = reading::list_nodes(db, id, MOST_ORDERED)?;
    let placed = outline(&nodes, wanted.sort, wanted.focus, DEEPEST);
    let (placed, next) = cut(&placed, wanted);
    let comments = in_order(db, viewer, &placed)?;
    let chosen = post.question.and_then(|question| question.answer);
    let answer = match chosen {
        Some(chosen) => Some(comment(db, viewer, chosen.comment)?),
        None => None,
    };
    let sent = !post.group.local && post.post.local && viewer == Some(post.author.id);
    let waits = sent && !confirmations::contains(db, ObjectId::Post(id))?;
    let (mut read_to, mut news, mut watch, mut kept) = (None, None, None, Vec::new());
    if let Some(viewer) = viewer {
        read_to = reading::find(db, viewer, id)?;
        watch = watches::find(db, id, viewer)?;
        kept = kept_answers::list_in(db, viewer, id)?;
        if let Some(read_to) = read_to {
            news = reading::news(db, Some(viewer), id, read_to)?;
        }
    }
    let below = placed.iter().filter(|place| place.below > 0);
    Ok(Reading {
        below: below.map(|place| (place.id, place.below)).collect(),
        last: reading::last_id(db, id)?,
        answer: answer.filter(|card| !card.comment.hidden()),
        post,
        comments,
        next,
        waits,
        read_to,
        news,
        watch,
        kept,
    })
}

/// The page that is wanted, and its last comment if there are more.
fn cut(placed: &[Placed], wanted: Wanted) -> (Vec<Placed>, Option<CommentId>) {
    let before = wanted
        .after
        .and_then(|after| placed.iter().position(|place| place.id == after))
        .map_or(0, |place| place + 1);
    let page: Vec<Placed> = placed
        .iter()
        .skip(before)
        .take(wanted.limit)
        .copied()
        .collect();
    let more = placed.len() > before + page.len();
    let next = page.last().filter(|_| more).map(|place| place.id);
    (page, next)
}

fn in_order(db: &mut Db, viewer: Option<ActorId>, placed: &[Placed]) -> Res<Vec<CommentCard>> {
    let ids: Vec<CommentId> = placed.iter().map(|place| place.id).collect();
    let found = comments::list_by_ids(db, &ids)?;
    let cards = comment_cards(db, viewer, found)?;
    let mut cards: HashMap<CommentId, CommentCard> = cards
        .into_iter()
        .map(|card| (card.comment.id, card))
        .collect();
    Ok(ids.iter().filter_map(|id| cards.remove(id)).collect())
}

/// What came into a thread after an id, as somebody may know of it: few queries, for it is asked
/// for by everybody who reads along.
///
/// # Errors
/// If there is no such thread for them, or they were shut out since they began to listen
/// (security.md R-23).
pub(crate) fn news(
    db: &mut Db,
    viewer: Option<ActorId>,
    post: PostId,
    after: i64,
) -> Result<Option<News>, Refusal> {
    if let Some(viewer) = viewer
        && let Some(account) = accounts::find(db, viewer)?
        && account.standing == Standing::Suspended
    {
        return Err(Refusal::forbidden(
            "account.suspended",
            "This account is suspended.",
        ));
    }
    let seen = posts::find_for(db, viewer.into(), post)?;
    let post = seen
        .filter(|post| !post.hidden())
        .ok_or_else(|| Refusal::not_found("post.not_found", "There is no such post."))?;
    Ok(reading::news(db, viewer, post.id, after)?)
}

/// A page of the comments of a post that the viewer can see, in reading order.
pub(crate) fn page(
    db: &mut Db,
    viewer: Option<ActorId>,
    post: PostId,
    request: PageRequest,
) -> Res<Page<CommentCard>> {
    let after = match request.after {
        Some(cursor) => comments::find(db, CommentId(cursor.id))?.map(|comment| comment.path),
        None => None,
    };
    let rows = comments::list_thread(db, post, after.as_deref(), request.limit + 1)?;
    let page = Page::cut(rows, request.limit, |c: &Comment| Cursor {
        key: 0.0,
        id: c.id.0,
    });
    let items = comment_cards(db, viewer, page.items)?;
    Ok(Page {
        items,
        next: page.next,
    })
}

/// The comments of an author that the viewer can see, newest first.
pub(crate) fn of_author(
    db: &mut Db,
    viewer: Option<ActorId>,
    author: ActorId,
    request: PageRequest,
) -> Res<Page<CommentCard>> {
    let before = request.after.map(|cursor| cursor.id);
    let rows = comments::list_of_author(db, viewer.into(), author, before, request.limit + 1)?;
    let page = Page::cut(rows, request.limit, |c: &Comment| Cursor {
        key: 0.0,
        id: c.id.0,
    });
    let items = lone_comments(db, viewer, page.items)?;
    Ok(Page {
        items,
        next: page.next,
    })
}
