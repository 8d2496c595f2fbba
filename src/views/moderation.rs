//! What moderators look at: reports, bans, the log.

use crate::domain::actor::Actor;
use crate::domain::clock::Ts;
use crate::domain::flag::{Docket, Flag, Lines, LogEntry};
use crate::domain::ids::{ActorId, CommentId, MessageId, ObjectId, PostId};
use crate::domain::membership::Ban;
use crate::domain::page::{Page, PageRequest};
use crate::domain::post::HeldPost;
use crate::domain::refusal::Refusal;
use crate::store::{Db, Res, actors, comments, flags, follows, held, messages, moderation, posts};
use crate::text::plain::excerpt_html;

/// A report with the people in it and a look at what is reported.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Report {
    /// The report.
    pub(crate) flag: Flag,
    /// Who reports.
    pub(crate) reporter: Option<Actor>,
    /// Who is reported.
    pub(crate) subject: Option<Actor>,
    /// What they wrote; nothing where the person alone is reported.
    pub(crate) things: Vec<Thing>,
}

/// A reported post, comment or private message.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Thing {
    /// Its number.
    pub(crate) number: i64,
    /// It, with the thread in which it stands; `None`: a message, which stands nowhere.
    pub(crate) place: Option<(ObjectId, PostId)>,
    /// The title of the post, the beginning of the comment, or the message.
    pub(crate) excerpt: String,
}

/// As much of a message as moderators are shown, in letters: they cannot look at it elsewhere.
const MESSAGE: usize = 5_000;

/// The reports on a docket, newest first.
pub(crate) fn reports(
    db: &mut Db,
    docket: Docket,
    open_only: bool,
    request: PageRequest,
) -> Res<Page<Report>> {
    let Page { items, next } = flags::list(db, docket, open_only, request)?;
    let items = report_cards(db, items)?;
    Ok(Page { items, next })
}

/// Reports with the people in them and a look at what is reported.
pub(super) fn report_cards(db: &mut Db, flags: Vec<Flag>) -> Res<Vec<Report>> {
    let ids: Vec<ActorId> = flags
        .iter()
        .flat_map(|flag| [flag.reporter, flag.subject])
        .collect();
    let people = actors::list_by_ids(db, &ids)?;
    let find = |id: ActorId| people.iter().find(|actor| actor.id == id).cloned();
    let numbers: Vec<i64> = flags.iter().flat_map(|flag| flag.objects.clone()).collect();
    let things = things(db, &numbers)?;
    let card = |flag: Flag| Report {
        reporter: find(flag.reporter),
        subject: find(flag.subject),
        things: things
            .iter()
            .filter(|thing| flag.objects.contains(&thing.number))
            .cloned()
            .collect(),
        flag,
    };
    Ok(flags.into_iter().map(card).collect())
}

fn things(db: &mut Db, numbers: &[i64]) -> Res<Vec<Thing>> {
    let post_ids: Vec<PostId> = numbers.iter().map(|n| PostId(*n)).collect();
    let comment_ids: Vec<CommentId> = numbers.iter().map(|n| CommentId(*n)).collect();
    let posts = posts::list_by_ids(db, &post_ids)?.into_iter();
    let comments = comments::list_by_ids(db, &comment_ids)?.into_iter();
    let message_ids: Vec<MessageId> = numbers.iter().map(|n| MessageId(*n)).collect();
    let messages = messages::list_by_ids(db, &message_ids)?.into_iter();
    let posts = posts.map(|post| Thing {
        number: post.id.0,
        place: Some((ObjectId::Post(post.id), post.id)),
        excerpt: post.title,
    });
    let comments = comments.map(|comment| Thing {
        number: comment.id.0,
        place: Some((ObjectId::Comment(comment.id), comment.post)),
        excerpt: excerpt_html(&comment.html, 200),
    });
    let messages = messages.map(|message| Thing {
        number: message.id.0,
        place: None,
        excerpt: excerpt_html(&message.html, MESSAGE),
    });
    Ok(posts.chain(comments).chain(messages).collect())
}

/// The most requests that are listed at once.
const MOST_REQUESTS: u32 = 200;

/// Who asked to join a group and waits for its moderators, and since when. One query.
pub(crate) fn requests(db: &mut Db, group: ActorId) -> Res<Vec<(Actor, Ts)>> {
    follows::list_pending(db, group, MOST_REQUESTS)
}

/// A post that waits for a moderator's word, with the people in it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Waiting {
    /// The post.
    pub(crate) held: HeldPost,
    /// Who wrote it.
    pub(crate) author: Actor,
    /// Into which group.
    pub(crate) group: Actor,
}

/// The posts that wait in a group, the first come first.
pub(crate) fn waiting(db: &mut Db, group: &Actor, request: PageRequest) -> Res<Page<Waiting>> {
    let Page { items, next } = held::list(db, group.id, request)?;
    let items = named_waiting(db, items)?;
    Ok(Page { items, next })
}

/// Posts that wait, with the people in them.
pub(super) fn named_waiting(db: &mut Db, posts: Vec<HeldPost>) -> Res<Vec<Waiting>> {
    let ids: Vec<ActorId> = posts
        .iter()
        .flat_map(|held| [held.author, held.group])
        .collect();
    let people = actors::list_by_ids(db, &ids)?;
    let find = |id: ActorId| people.iter().find(|actor| actor.id == id).cloned();
    let named = |held: HeldPost| {
        Some(Waiting {
            author: find(held.author)?,
            group: find(held.group)?,
            held,
        })
    };
    Ok(posts.into_iter().filter_map(named).collect())
}

/// A post that waits; for its author and for those who moderate its group.
///
/// # Errors
/// If no such post waits.
pub(crate) fn waiting_post(db: &mut Db, id: PostId) -> Result<Waiting, Refusal> {
    let missing = || Refusal::not_found("post.not_found", "There is no such post.");
    let held = held::find(db, id)?.ok_or_else(missing)?;
    let group = actors::find(db, held.group)?.ok_or_else(missing)?;
    let author = actors::find(db, held.author)?.ok_or_else(missing)?;
    Ok(Waiting {
        held,
        author,
        group,
    })
}

/// Who is banned from a group, and why.
pub(crate) fn bans(db: &mut Db, group: Option<ActorId>) -> Res<Vec<(Actor, Ban)>> {
    let bans = moderation::list_bans(db, group, 200)?;
    let ids: Vec<ActorId> = bans.iter().map(|(actor, _)| *actor).collect();
    let people = actors::list_by_ids(db, &ids)?;
    let named = |(id, ban): (ActorId, Ban)| {
        people
            .iter()
            .find(|actor| actor.id == id)
            .map(|actor| (actor.clone(), ban))
    };
    Ok(bans.into_iter().filter_map(named).collect())
}

/// One line of the moderation log with the people in it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LogLine {
    /// The line.
    pub(crate) entry: LogEntry,
    /// Who did it; `None`: the hub itself, or the server of a remote group.
    pub(crate) by: Option<Actor>,
    /// To whom.
    pub(crate) about: Option<Actor>,
    /// Where; `None`: on the whole hub.
    pub(crate) group: Option<Actor>,
}

/// What moderators did where the viewer may look, newest first, with the people in it.
pub(crate) fn log(
    db: &mut Db,
    viewer: Option<ActorId>,
    lines: Lines,
    request: PageRequest,
) -> Res<Page<LogLine>> {
    let page = moderation::list_log(db, viewer.into(), lines, request)?;
    let of = |entry: &LogEntry| [entry.moderator, entry.actor, entry.group];
    let ids: Vec<ActorId> = page.items.iter().flat_map(of).flatten().collect();
    let people = actors::list_by_ids(db, &ids)?;
    let find = |id: Option<ActorId>| people.iter().find(|actor| Some(actor.id) == id).cloned();
    Ok(page.map(|entry| LogLine {
        by: find(entry.moderator),
        about: find(entry.actor),
        group: find(entry.group),
        entry,
    }))
}
