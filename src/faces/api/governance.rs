//! What moderators decide about what was written and who moderates, and the log of it; reports by
//! anybody.

use axum::extract::State as Given;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::call::{CURSOR, Call, LIMIT};
use super::docket::Report;
use super::find::{known_group, person};
use super::model::Author;
use crate::domain::flag::{Docket, Lines};
use crate::domain::ids::{ActorId, CommentId, FlagId, ObjectId, PostId, RuleId};
use crate::domain::page::{Cursor, Page, PageRequest};
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::faces::shared::extract::{Json, Path};
use crate::faces::shared::paginate::{List, Paging};
use crate::faces::shared::token::{Reader, Writer};
use crate::faces::shared::{Failed, State};
use crate::operations::Operation;
use crate::operations::flag::{RaiseFlag, ResolveFlag};
use crate::operations::moderation::{
    ChangeModerator, FeaturePost, LockObject, RemoveObject, UnremoveObject,
};
use crate::operations::rule::{RemoveByRule, ReportByRule};
use crate::views::moderation::{self, LogLine};
use crate::views::post;

pub(super) fn calls() -> Vec<Call> {
    let mut calls = vec![
        Call::get(
            "/log",
            "What was moderated on the hub and in its groups",
            hub_log,
        )
        .query(&[LIMIT, CURSOR])
        .answers::<List<LogEntry>>(200),
        Call::get(
            "/groups/{name}/log",
            "What was moderated in a group",
            group_log,
        )
        .query(&[LIMIT, CURSOR])
        .answers::<List<LogEntry>>(200),
        Call::get(
            "/reports",
            "Open reports to the hub's own moderators",
            reports,
        )
        .signed()
        .query(&[LIMIT, CURSOR])
        .answers::<List<Report>>(200),
        Call::post("/reports/{id}/resolve", "Be done with a report", resolve).nothing(),
        Call::post("/people/{person}/report", "Report a person", report_person)
            .takes::<NewReport>()
            .answers::<Reported>(201),
        Call::post(
            "/groups/{name}/moderators",
            "Appoint or dismiss a moderator",
            moderator,
        )
        .takes::<NewModerator>()
        .nothing(),
        Call::post("/posts/{id}/feature", "Pin a post, or unpin it", feature)
            .takes::<Featured>()
            .nothing(),
    ];
    calls.extend(object_calls());
    calls
}

/// What posts and comments have in common.
fn object_calls() -> Vec<Call> {
    vec![
        Call::post("/posts/{id}/report", "Report a post", report_post)
            .takes::<NewReport>()
            .answers::<Reported>(201),
        Call::post("/comments/{id}/report", "Report a comment", report_comment)
            .takes::<NewReport>()
            .answers::<Reported>(201),
        Call::post(
            "/posts/{id}/lock",
            "Take no more answers, or answers again",
            lock_post,
        )
        .takes::<Locked>()
        .nothing(),
        Call::post(
            "/comments/{id}/lock",
            "The same, below one comment",
            lock_comment,
        )
        .takes::<Locked>()
        .nothing(),
        Call::post(
            "/posts/{id}/remove",
            "Remove a post, or bring it back",
            remove_post,
        )
        .takes::<Removed>()
        .nothing(),
        Call::post(
            "/comments/{id}/remove",
            "Remove a comment, or bring it back",
            remove_comment,
        )
        .takes::<Removed>()
        .nothing(),
    ]
}

/// A line of the moderation log.
#[derive(Serialize, JsonSchema)]
struct LogEntry {
    /// What was done, as a stable word.
    action: String,
    /// Who did it; null: the hub itself, or the server of a group elsewhere.
    moderator: Option<Author>,
    /// To whom.
    person: Option<Author>,
    /// The group; null: on the whole hub.
    group: Option<Author>,
    /// The server.
    host: Option<String>,
    /// The post or comment.
    object_id: Option<i64>,
    /// Why.
    reason: String,
    at: String,
}

impl LogEntry {
    fn of(line: LogLine) -> Self {
        Self {
            action: line.entry.action,
            moderator: line.by.as_ref().map(Author::of),
            person: line.about.as_ref().map(Author::of),
            group: line.group.as_ref().map(Author::of),
            host: line.entry.host,
            object_id: line.entry.object,
            reason: line.entry.reason,
            at: line.entry.at.rfc3339(),
        }
    }
}

async fn log(
    state: &State,
    viewer: Option<ActorId>,
    lines: Lines,
    page: PageRequest,
) -> Result<Json<List<LogEntry>>, Failed> {
    let found: Page<LogLine> = state
        .read(move |db| moderation::log(db, viewer, lines, page))
        .await?;
    Ok(Json(List::of(found, LogEntry::of)))
}

async fn hub_log(
    Given(state): Given<State>,
    reader: Reader,
    Paging(page): Paging,
) -> Result<Json<List<LogEntry>>, Failed> {
    log(&state, reader.viewer(), Lines::Hub, page).await
}

async fn group_log(
    Given(state): Given<State>,
    reader: Reader,
    Path(name): Path<String>,
    Paging(page): Paging,
) -> Result<Json<List<LogEntry>>, Failed> {
    let group = known_group(&state, &name).await?;
    log(&state, reader.viewer(), Lines::Group(group.id), page).await
}

async fn reports(
    Given(state): Given<State>,
    Reader(caller): Reader,
    Paging(page): Paging,
) -> Result<Json<List<Report>>, Failed> {
    policy::require_hub_moderator(caller)?;
    let found = state
        .read(move |db| moderation::reports(db, Docket::Hub, true, page))
        .await?;
    Ok(Json(List {
        items: Report::gather(found.items),
        next: found.next.map(Cursor::encode),
    }))
}

/// Runs what changes something and answers nothing.
async fn act(
    state: &State,
    writer: &Writer,
    operation: impl Operation,
) -> Result<StatusCode, Failed> {
    state.operations().run(writer.caller, operation).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn resolve(
    Given(state): Given<State>,
    writer: Writer,
    Path(id): Path<i64>,
) -> Result<StatusCode, Failed> {
    act(&state, &writer, ResolveFlag { flag: FlagId(id) }).await
}

/// A report.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewReport {
    /// What is wrong.
    reason: String,
    /// By which rule, of the group or of the hub; then the reason may be empty.
    #[serde(default)]
    rule_id: Option<i64>,
}

/// A report that was taken.
#[derive(Serialize, JsonSchema)]
pub(super) struct Reported {
    /// The report.
    pub(super) id: i64,
}

async fn report(
    state: &State,
    writer: &Writer,
    report: RaiseFlag,
    rule: Option<i64>,
) -> Result<Response, Failed> {
    let rule = rule.map(RuleId);
    let flag = ReportByRule { report, rule };
    let FlagId(id) = state.operations().run(writer.caller, flag).await?;
    Ok((StatusCode::CREATED, Json(Reported { id })).into_response())
}

async fn report_person(
    Given(state): Given<State>,
    writer: Writer,
    Path(who): Path<String>,
    Json(new): Json<NewReport>,
) -> Result<Response, Failed> {
    let flag = RaiseFlag {
        group: None,
        objects: Vec::new(),
        subject: person(&state, &who).await?.id,
        reason: new.reason,
        uri: None,
    };
    report(&state, &writer, flag, new.rule_id).await
}

async fn report_post(
    Given(state): Given<State>,
    writer: Writer,
    Path(id): Path<i64>,
    Json(new): Json<NewReport>,
) -> Result<Response, Failed> {
    let (id, viewer) = (PostId(id), Some(writer.actor));
    let card = state
        .read(move |db| post::visible_card(db, viewer, id))
        .await?;
    let flag = RaiseFlag {
        group: Some(card.group.id),
        objects: vec![ObjectId::Post(id)],
        subject: card.author.id,
        reason: new.reason,
        uri: None,
    };
    report(&state, &writer, flag, new.rule_id).await
}

async fn report_comment(
    Given(state): Given<State>,
    writer: Writer,
    Path(id): Path<i64>,
    Json(new): Json<NewReport>,
) -> Result<Response, Failed> {
    let (id, viewer) = (CommentId(id), Some(writer.actor));
    let look = state.read(move |db| {
        let comment = post::comment(db, viewer, id)?;
        let thread = post::visible_card(db, viewer, comment.comment.post)?;
        Ok::<_, Refusal>((comment, thread))
    });
    let (comment, thread) = look.await?;
    let flag = RaiseFlag {
        group: Some(thread.group.id),
        objects: vec![ObjectId::Comment(id)],
        subject: comment.author.id,
        reason: new.reason,
        uri: None,
    };
    report(&state, &writer, flag, new.rule_id).await
}

/// Who moderates a group.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewModerator {
    /// Their ActivityPub id or handle.
    person: String,
    /// Whether they moderate from now on, or no more.
    moderates: bool,
}

async fn moderator(
    Given(state): Given<State>,
    writer: Writer,
    Path(name): Path<String>,
    Json(new): Json<NewModerator>,
) -> Result<StatusCode, Failed> {
    let change = ChangeModerator {
        group: known_group(&state, &name).await?.id,
        moderator: person(&state, &new.person).await?.id,
        added: new.moderates,
        relay: None,
    };
    act(&state, &writer, change).await
}

/// Whether a post is pinned.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Featured {
    /// Whether it is pinned from now on.
    featured: bool,
}

async fn feature(
    Given(state): Given<State>,
    writer: Writer,
    Path(id): Path<i64>,
    Json(new): Json<Featured>,
) -> Result<StatusCode, Failed> {
    let feature = FeaturePost {
        post: PostId(id),
        featured: new.featured,
        relay: None,
    };
    act(&state, &writer, feature).await
}

/// Whether something takes answers.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Locked {
    /// Whether it takes no more.
    locked: bool,
    /// Why.
    #[serde(default)]
    reason: String,
}

async fn lock_post(
    given: Given<State>,
    writer: Writer,
    Path(id): Path<i64>,
    Json(new): Json<Locked>,
) -> Result<StatusCode, Failed> {
    lock(&given, &writer, ObjectId::Post(PostId(id)), new).await
}

async fn lock_comment(
    given: Given<State>,
    writer: Writer,
    Path(id): Path<i64>,
    Json(new): Json<Locked>,
) -> Result<StatusCode, Failed> {
    lock(&given, &writer, ObjectId::Comment(CommentId(id)), new).await
}

async fn lock(
    state: &State,
    writer: &Writer,
    object: ObjectId,
    new: Locked,
) -> Result<StatusCode, Failed> {
    let lock = LockObject {
        object,
        locked: new.locked,
        reason: new.reason,
        relay: None,
    };
    act(state, writer, lock).await
}

/// Whether something is removed.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "the call names it so")]
struct Removed {
    /// Whether it goes, or comes back.
    removed: bool,
    /// Why; shown to its author.
    #[serde(default)]
    reason: String,
    /// Whether all answers below it go with it.
    #[serde(default)]
    with_replies: bool,
    /// By which rule, of the group or of the hub.
    #[serde(default)]
    rule_id: Option<i64>,
    /// What its author alone is told, in Markdown, as a private message of the caller's.
    #[serde(default)]
    message: String,
}

async fn remove_post(
    given: Given<State>,
    writer: Writer,
    Path(id): Path<i64>,
    Json(new): Json<Removed>,
) -> Result<StatusCode, Failed> {
    remove(&given, &writer, ObjectId::Post(PostId(id)), new).await
}

async fn remove_comment(
    given: Given<State>,
    writer: Writer,
    Path(id): Path<i64>,
    Json(new): Json<Removed>,
) -> Result<StatusCode, Failed> {
    remove(&given, &writer, ObjectId::Comment(CommentId(id)), new).await
}

async fn remove(
    state: &State,
    writer: &Writer,
    object: ObjectId,
    new: Removed,
) -> Result<StatusCode, Failed> {
    let (reason, relay) = (new.reason, None);
    if !new.removed {
        let unremove = UnremoveObject {
            object,
            reason,
            relay,
        };
        return act(state, writer, unremove).await;
    }
    let remove = RemoveByRule {
        removal: RemoveObject {
            object,
            reason,
            with_replies: new.with_replies,
            relay,
        },
        rule: new.rule_id.map(RuleId),
        message: new.message,
    };
    act(state, writer, remove).await
}
