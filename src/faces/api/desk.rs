//! The desk of moderators: what waits, and who looks at it; rules; what admins tell everybody, and
//! what they want with the deliveries to a server.

use axum::extract::State as Given;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::call::{CURSOR, Call, LIMIT, Parameter};
use super::docket::Report;
use super::find::{handle, known_group};
use super::held::Held;
use super::model::Author;
use crate::domain::announcement::{Announcement as Told, Audience};
use crate::domain::clock::Ts;
use crate::domain::host::Steering;
use crate::domain::ids::{ActorId, AnnouncementId, RuleId};
use crate::domain::queue::{Task, TaskKind};
use crate::domain::refusal::Refusal;
use crate::domain::rule::Rule as OneRule;
use crate::faces::shared::extract::{Json, Path, Query};
use crate::faces::shared::paginate::{List, Paging};
use crate::faces::shared::token::{Reader, Writer};
use crate::faces::shared::{Failed, State};
use crate::operations::Operation;
use crate::operations::announcement::{Announce, EndAnnouncement};
use crate::operations::host::SteerDeliveries;
use crate::operations::queue::{ClaimTask, ReleaseTask};
use crate::operations::rule::{DropRule, WriteRule};
use crate::views::queue::{self, Item, Matter, Part};
use crate::views::{announcement, group, rule};

const KIND: Parameter = Parameter {
    name: "kind",
    schema: "string",
    about: "`report`, `held`, `sign_up` or `request`; left out: all",
};
const GROUP: Parameter = Parameter {
    name: "group",
    schema: "string",
    about: "The handle of one group; left out: all that the caller looks after",
};

pub(super) fn calls() -> Vec<Call> {
    let mut calls = vec![
        Call::get(
            "/queue",
            "What waits for the caller as a moderator, the first come first",
            list,
        )
        .signed()
        .query(&[LIMIT, CURSOR, KIND, GROUP])
        .answers::<List<TaskModel>>(200),
        Call::post(
            "/queue/{task}/claim",
            "Say that you look at something that waits; the others see it for half an hour",
            claim,
        )
        .nothing(),
        Call::delete("/queue/{task}/claim", "Leave it to the others", release),
        Call::get("/announcements", "What admins tell everybody now", told)
            .answers::<List<Announcement>>(200),
        Call::post(
            "/announcements",
            "Tell everybody something, as an admin",
            tell,
        )
        .takes::<NewAnnouncement>()
        .answers::<Made>(201),
        Call::delete("/announcements/{id}", "End an announcement", end),
        Call::post(
            "/servers/{host}/deliveries",
            "Try deliveries to a server now, pause or resume them, as an admin",
            steer,
        )
        .takes::<NewSteering>()
        .nothing(),
    ];
    calls.extend(rule_calls());
    calls
}

fn rule_calls() -> Vec<Call> {
    vec![
        Call::get("/rules", "The rules of the hub", hub_rules).answers::<List<Rule>>(200),
        Call::post(
            "/rules",
            "Write a rule of the hub, as its moderator",
            write_hub_rule,
        )
        .takes::<NewRule>()
        .answers::<Rule>(201),
        Call::get("/groups/{name}/rules", "The rules of a group", rules).answers::<List<Rule>>(200),
        Call::post(
            "/groups/{name}/rules",
            "Write a rule of a group",
            write_rule,
        )
        .takes::<NewRule>()
        .answers::<Rule>(201),
        Call::delete("/rules/{id}", "Drop a rule", drop_rule),
    ]
}

/// Something that waits.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Task")]
struct TaskModel {
    /// By which it is claimed.
    task: String,
    /// `report`, `held`, `sign_up` or `request`.
    kind: &'static str,
    since: String,
    /// The group; null: the whole hub.
    group: Option<Author>,
    /// Who looks at it.
    claimed_by: Option<Author>,
    claimed_at: Option<String>,
    report: Option<Report>,
    held: Option<Held>,
    /// Who signed up, or asked to join.
    person: Option<Author>,
}

impl TaskModel {
    fn of(item: Item) -> Self {
        let mut model = Self {
            task: item.task.to_string(),
            kind: item.task.kind().as_str(),
            since: item.since.rfc3339(),
            group: item.group.as_ref().map(Author::of),
            claimed_by: item.claim.as_ref().map(|(by, _)| Author::of(by)),
            claimed_at: item.claim.map(|(_, at)| at.rfc3339()),
            report: None,
            held: None,
            person: None,
        };
        match item.matter {
            Matter::Report(report) => model.report = Report::gather(vec![*report]).pop(),
            Matter::Held(waiting) => model.held = Some(Held::of(*waiting)),
            Matter::SignUp { person, .. } | Matter::Request(person) => {
                model.person = Some(Author::of(&person));
            }
        }
        model
    }
}

/// Which part of the queue is asked for.
#[derive(Deserialize)]
struct Wanted {
    kind: Option<String>,
    group: Option<String>,
}

async fn list(
    Given(state): Given<State>,
    Reader(caller): Reader,
    Query(wanted): Query<Wanted>,
    Paging(page): Paging,
) -> Result<Json<List<TaskModel>>, Failed> {
    let group = wanted
        .group
        .map(|group| handle(&state, &group))
        .transpose()?;
    let part = Part {
        kind: wanted.kind.as_deref().and_then(TaskKind::parse),
        group,
    };
    let now = state.now();
    let found = state.read(move |db| queue::page(db, caller, now, &part, page));
    Ok(Json(List::of(found.await?.items, TaskModel::of)))
}

fn task(text: &str) -> Result<Task, Refusal> {
    Task::parse(text)
        .ok_or_else(|| Refusal::not_found("task.not_found", "This does not wait, or no more."))
}

/// Does something with what an address names of the queue.
async fn with_task<O: Operation<Output = ()>>(
    state: &State,
    writer: Writer,
    name: &str,
    operation: fn(Task) -> O,
) -> Result<StatusCode, Failed> {
    let operation = operation(task(name)?);
    state.operations().run(writer.caller, operation).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn claim(
    Given(state): Given<State>,
    writer: Writer,
    Path(name): Path<String>,
) -> Result<StatusCode, Failed> {
    with_task(&state, writer, &name, |task| ClaimTask { task }).await
}

async fn release(
    Given(state): Given<State>,
    writer: Writer,
    Path(name): Path<String>,
) -> Result<StatusCode, Failed> {
    with_task(&state, writer, &name, |task| ReleaseTask { task }).await
}

/// A rule.
#[derive(Serialize, JsonSchema)]
struct Rule {
    id: i64,
    /// Its place in the list, from 1.
    number: i32,
    title: String,
    text: String,
}

impl Rule {
    fn of(rule: OneRule) -> Self {
        Self {
            id: rule.id.0,
            number: rule.number,
            title: rule.title,
            text: rule.text,
        }
    }
}

fn listed(rules: Vec<OneRule>) -> Json<List<Rule>> {
    Json(List {
        items: rules.into_iter().map(Rule::of).collect(),
        next: None,
    })
}

async fn hub_rules(Given(state): Given<State>) -> Result<Json<List<Rule>>, Failed> {
    Ok(listed(state.read(|db| rule::of(db, None)).await?))
}

async fn rules(
    Given(state): Given<State>,
    reader: Reader,
    Path(name): Path<String>,
) -> Result<Json<List<Rule>>, Failed> {
    let (found, now) = (known_group(&state, &name).await?, state.now());
    let rules = state.read(move |db| {
        let page = group::page(db, found, reader.0, now)?;
        if page.open {
            rule::of(db, Some(page.group.id))
        } else {
            Ok(Vec::new())
        }
    });
    Ok(listed(rules.await?))
}

/// A rule to be written, or changed.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewRule {
    /// Which one is changed; left out: it is new.
    #[serde(default)]
    id: Option<i64>,
    /// Its place in the list; left out: as before, or the last.
    #[serde(default)]
    number: Option<i32>,
    /// The rule, in a line.
    title: String,
    /// What is meant by it.
    #[serde(default)]
    text: String,
}

async fn write_hub_rule(
    Given(state): Given<State>,
    writer: Writer,
    Json(new): Json<NewRule>,
) -> Result<Response, Failed> {
    write(&state, &writer, None, new).await
}

async fn write_rule(
    Given(state): Given<State>,
    writer: Writer,
    Path(name): Path<String>,
    Json(new): Json<NewRule>,
) -> Result<Response, Failed> {
    let group = known_group(&state, &name).await?;
    write(&state, &writer, Some(group.id), new).await
}

async fn write(
    state: &State,
    writer: &Writer,
    group: Option<ActorId>,
    new: NewRule,
) -> Result<Response, Failed> {
    let write = WriteRule {
        group,
        rule: new.id.map(RuleId),
        number: new.number,
        title: new.title,
        text: new.text,
    };
    let rule = state.operations().run(writer.caller, write).await?;
    Ok((StatusCode::CREATED, Json(Rule::of(rule))).into_response())
}

async fn drop_rule(
    Given(state): Given<State>,
    writer: Writer,
    Path(id): Path<i64>,
) -> Result<StatusCode, Failed> {
    let rule = RuleId(id);
    state
        .operations()
        .run(writer.caller, DropRule { rule })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What admins tell everybody.
#[derive(Serialize, JsonSchema)]
struct Announcement {
    id: i64,
    /// Safe HTML.
    content_html: String,
    /// `everybody` or `members`.
    audience: &'static str,
    starts_at: String,
    /// When it is over; null: when an admin ends it.
    ends_at: Option<String>,
}

impl Announcement {
    fn of(told: Told) -> Self {
        Self {
            id: told.id.0,
            content_html: told.html,
            audience: told.audience.as_str(),
            starts_at: told.starts_at.rfc3339(),
            ends_at: told.ends_at.map(Ts::rfc3339),
        }
    }
}

async fn told(
    Given(state): Given<State>,
    reader: Reader,
) -> Result<Json<List<Announcement>>, Failed> {
    let (member, now) = (reader.viewer().is_some(), state.now());
    let mut all = state.read(move |db| announcement::current(db, now)).await?;
    all.retain(|one| one.is_for(member, now));
    Ok(Json(List {
        items: all.into_iter().map(Announcement::of).collect(),
        next: None,
    }))
}

/// What everybody is to be told.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewAnnouncement {
    /// Which one is changed; left out: it is new.
    #[serde(default)]
    id: Option<i64>,
    /// Markdown.
    body: String,
    /// `everybody` (the default) or `members`.
    #[serde(default)]
    audience: Option<String>,
    /// From when it is shown, as in 2027-01-31T12:00:00Z; left out: at once.
    #[serde(default)]
    starts_at: Option<String>,
    /// Until when; left out: until an admin ends it.
    #[serde(default)]
    ends_at: Option<String>,
}

/// What was made.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Announced")]
struct Made {
    id: i64,
}

async fn tell(
    Given(state): Given<State>,
    writer: Writer,
    Json(new): Json<NewAnnouncement>,
) -> Result<Response, Failed> {
    let audience = new.audience.as_deref().unwrap_or("everybody");
    let unknown = || {
        let sentence = "audience is everybody or members.";
        Refusal::invalid("audience", "announcement.audience", sentence)
    };
    let announce = Announce {
        announcement: new.id.map(AnnouncementId),
        body: new.body,
        audience: Audience::parse(audience).ok_or_else(unknown)?,
        starts_at: time("starts_at", new.starts_at.as_deref())?,
        ends_at: time("ends_at", new.ends_at.as_deref())?,
    };
    let AnnouncementId(id) = state.operations().run(writer.caller, announce).await?;
    Ok((StatusCode::CREATED, Json(Made { id })).into_response())
}

fn time(field: &'static str, text: Option<&str>) -> Result<Option<Ts>, Refusal> {
    let wrong = || {
        let sentence = "This must be a time such as 2027-01-31T12:00:00Z.";
        Refusal::invalid(field, "announcement.time", sentence)
    };
    text.map(|text| Ts::parse(text).ok_or_else(wrong))
        .transpose()
}

async fn end(
    Given(state): Given<State>,
    writer: Writer,
    Path(id): Path<i64>,
) -> Result<StatusCode, Failed> {
    let announcement = AnnouncementId(id);
    let end = EndAnnouncement { announcement };
    state.operations().run(writer.caller, end).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What is wanted with the deliveries to a server.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewSteering {
    /// `retry`, `pause` or `resume`.
    steering: String,
}

async fn steer(
    Given(state): Given<State>,
    writer: Writer,
    Path(host): Path<String>,
    Json(new): Json<NewSteering>,
) -> Result<StatusCode, Failed> {
    let unknown = || {
        let sentence = "steering is retry, pause or resume.";
        Refusal::invalid("steering", "host.steering", sentence)
    };
    let steering = Steering::parse(&new.steering).ok_or_else(unknown)?;
    let steer = SteerDeliveries { host, steering };
    state.operations().run(writer.caller, steer).await?;
    Ok(StatusCode::NO_CONTENT)
}
