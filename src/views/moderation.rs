//! What moderators look at: reports, bans, the log.

use crate::domain::actor::Actor;
use crate::domain::flag::{Flag, LogEntry};
use crate::domain::ids::{ActorId, CommentId, PostId};
use crate::domain::membership::Ban;
use crate::domain::page::{Page, PageRequest};
use crate::store::{Db, Res, actors, comments, moderation, posts};

/// A report with the people in it and a look at what is reported.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Report {
    /// The report.
    pub(crate) flag: Flag,
    /// Who reports.
    pub(crate) reporter: Option<Actor>,
    /// Who is reported.
    pub(crate) subject: Option<Actor>,
    /// The thread in which the reported thing stands.
    pub(crate) post: Option<PostId>,
    /// The title of the post, or the text of the comment.
    pub(crate) excerpt: String,
}

/// The reports of a group, newest first.
pub(crate) fn reports(
    db: &mut Db,
    group: ActorId,
    open_only: bool,
    request: PageRequest,
) -> Res<Page<Report>> {
    let page = moderation::list_flags(db, group, open_only, request)?;
    let ids: Vec<ActorId> = page
        .items
        .iter()
        .flat_map(|flag| [flag.reporter, flag.subject])
        .collect();
    let people = actors::list_by_ids(db, &ids)?;
    let numbers: Vec<i64> = page.items.iter().filter_map(|flag| flag.object).collect();
    let post_ids: Vec<PostId> = numbers.iter().map(|n| PostId(*n)).collect();
    let comment_ids: Vec<CommentId> = numbers.iter().map(|n| CommentId(*n)).collect();
    let posts = posts::list_by_ids(db, &post_ids)?;
    let comments = comments::list_by_ids(db, &comment_ids)?;
    Ok(page.map(|flag| {
        let find = |id: ActorId| people.iter().find(|actor| actor.id == id).cloned();
        let post = posts.iter().find(|post| Some(post.id.0) == flag.object);
        let comment = comments
            .iter()
            .find(|comment| Some(comment.id.0) == flag.object);
        let text = match (post, comment) {
            (Some(post), _) => post.title.clone(),
            (_, Some(comment)) => crate::text::plain::excerpt_html(&comment.html, 200),
            _ => String::new(),
        };
        Report {
            reporter: find(flag.reporter),
            subject: find(flag.subject),
            post: post
                .map(|post| post.id)
                .or(comment.map(|comment| comment.post)),
            excerpt: text,
            flag,
        }
    }))
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
    /// Who did it.
    pub(crate) by: Option<Actor>,
    /// To whom.
    pub(crate) about: Option<Actor>,
}

/// What moderators did in a group, newest first, with the people in it.
pub(crate) fn log(db: &mut Db, group: Option<ActorId>, request: PageRequest) -> Res<Page<LogLine>> {
    let page = moderation::list_log(db, group, request)?;
    let mut ids: Vec<ActorId> = page.items.iter().map(|entry| entry.moderator).collect();
    ids.extend(page.items.iter().filter_map(|entry| entry.actor));
    let people = actors::list_by_ids(db, &ids)?;
    let find = |id: ActorId| people.iter().find(|actor| actor.id == id).cloned();
    Ok(page.map(|entry| {
        let (by, about) = (find(entry.moderator), entry.actor.and_then(find));
        LogLine { entry, by, about }
    }))
}
