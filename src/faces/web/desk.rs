//! The desk of moderators: everything that waits for them in one list, who looks at what, and what
//! they often write.

use serde::Serialize;

use crate::domain::actor::Actor;
use crate::domain::ids::{Handle, WordingId};
use crate::domain::policy;
use crate::domain::queue::{Task, TaskKind, Wording};
use crate::domain::refusal::{Kind, Refusal};
use crate::operations::Operation;
use crate::operations::queue::{ClaimTask, DropWording, ReleaseTask, WriteWording};
use crate::views::invitation::ArrivalCard;
use crate::views::post::PostCard;
use crate::views::question;
use crate::views::queue::{self, Item, Matter, Part, Queue};

use super::answer::{Answer, Led, Page, Wrong, next};
use super::form::{Fields, Submission};
use super::held::HeldModel;
use super::model::{Face, List};
use super::moderate::Reported;
use super::visit::Visit;

/// Where the desk is.
const AT: &str = "/mod";
/// Where the texts are kept.
const WORDINGS: &str = "/mod/wordings";
/// Things on one page.
const PAGE: u32 = 30;
/// Questions beside them.
const QUESTIONS: u32 = 5;

#[derive(Serialize)]
struct Model {
    items: List<TaskModel>,
    /// The questions that wait longest.
    questions: Vec<Asked>,
    /// Where all of them are.
    all_questions: String,
    kinds: Vec<Chip>,
    groups: Vec<Chip>,
    total: i64,
    /// Whether a part is looked at.
    part: bool,
    hub: bool,
    /// The address of this page, and the same as part of another.
    here: String,
    from: String,
}

/// A question that waits for an answer.
#[derive(Serialize)]
struct Asked {
    title: String,
    href: String,
    group: Face,
    answers: i64,
    at: i64,
}

impl Asked {
    fn new(card: &PostCard) -> Self {
        Self {
            title: card.post.title.clone(),
            href: format!("/post/{}", card.post.id),
            group: Face::new(&card.group),
            answers: card.post.comment_count,
            at: card.post.published_at.0,
        }
    }
}

/// A choice of what is listed.
#[derive(Serialize)]
struct Chip {
    name: String,
    href: String,
    current: bool,
    count: Option<i64>,
}

/// A thing that waits.
#[derive(Serialize)]
struct TaskModel {
    task: String,
    kind: &'static str,
    at: i64,
    group: Option<Face>,
    claim: Option<Claimed>,
    report: Option<Reported>,
    held: Option<HeldModel>,
    person: Option<Person>,
}

/// Who looks at it.
#[derive(Serialize)]
struct Claimed {
    face: Face,
    mine: bool,
    at: i64,
}

/// Somebody who wants to come in.
#[derive(Serialize)]
struct Person {
    face: Face,
    email: Option<String>,
    answer: String,
    inviter: Option<Face>,
}

/// `/mod`: what waits for the one who looks, the first come first.
pub(super) async fn show(visit: Visit) -> Result<Answer, Refusal> {
    let part = Part {
        kind: visit.query("kind").and_then(TaskKind::parse),
        group: visit.query("group").and_then(Handle::parse),
    };
    let part = Part {
        group: part.group.map(|handle| visit.here(handle)),
        ..part
    };
    let (caller, now, request) = (visit.caller(), visit.now, visit.page(PAGE));
    let wanted = part.clone();
    let look = visit.state.read(move |db| {
        let queue = queue::page(db, caller, now, &wanted, request)?;
        // They stand once, on the first page of everything.
        let questions = if wanted.kind.is_none() && request.after.is_none() {
            let group = queue.group.as_ref().map(|group| group.id);
            question::longest(db, caller, now, group, QUESTIONS)?.items
        } else {
            Vec::new()
        };
        Ok::<_, Refusal>((queue, questions))
    });
    let (queue, questions) = look.await?;
    let model = Model::new(&visit, &part, queue, &questions);
    Ok(Page::new("desk.html", visit.text("desk-title"), &model)
        .unlisted()
        .into())
}

/// The address of a part of the queue.
fn href(kind: Option<TaskKind>, group: Option<&str>) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    if let Some(kind) = kind {
        query.append_pair("kind", kind.as_str());
    }
    if let Some(group) = group {
        query.append_pair("group", group);
    }
    let query = query.finish();
    if query.is_empty() {
        AT.to_owned()
    } else {
        format!("{AT}?{query}")
    }
}

impl Model {
    fn new(visit: &Visit, part: &Part, queue: Queue, questions: &[PostCard]) -> Self {
        let here = queue.group.as_ref().map(|group| Face::new(group).handle);
        let here = here.as_deref();
        let (total, hub) = (queue.counts.iter().map(|(_, count)| count).sum(), queue.hub);
        let path = href(part.kind, here);
        Self {
            kinds: kinds(visit, part, here, &queue),
            groups: groups(visit, part, &queue),
            part: part.kind.is_some() || part.group.is_some(),
            questions: questions.iter().map(Asked::new).collect(),
            all_questions: match here {
                Some(group) => format!("/questions?show=open&order=oldest&group={group}"),
                None => "/questions?show=open&order=oldest&of=mine".to_owned(),
            },
            items: List::new(queue.items, &path, |item| TaskModel::new(visit, item)),
            from: url::form_urlencoded::byte_serialize(visit.path.as_bytes()).collect(),
            here: visit.path.clone(),
            total,
            hub,
        }
    }
}

fn kinds(visit: &Visit, part: &Part, here: Option<&str>, queue: &Queue) -> Vec<Chip> {
    let all = Chip {
        name: visit.text("desk-all"),
        href: href(None, here),
        current: part.kind.is_none(),
        count: None,
    };
    let shown = |kind: TaskKind| kind != TaskKind::SignUp || queue.hub;
    let of = queue.counts.iter().filter(|(kind, _)| shown(*kind));
    let chip = |(kind, count): &(TaskKind, i64)| Chip {
        name: visit.text(match kind {
            TaskKind::Report => "desk-reports",
            TaskKind::Held => "desk-held",
            TaskKind::SignUp => "desk-sign-ups",
            TaskKind::Request => "desk-requests",
        }),
        href: href(Some(*kind), here),
        current: part.kind == Some(*kind),
        count: Some(*count),
    };
    std::iter::once(all).chain(of.map(chip)).collect()
}

/// The groups in which something on this page waits, and the one that is looked at.
fn groups(visit: &Visit, part: &Part, queue: &Queue) -> Vec<Chip> {
    let mut faces: Vec<Face> = Vec::new();
    let named = queue
        .items
        .items
        .iter()
        .filter_map(|item| item.group.as_ref());
    for group in queue.group.iter().chain(named) {
        let face = Face::new(group);
        if faces.iter().all(|known| known.handle != face.handle) {
            faces.push(face);
        }
    }
    if faces.is_empty() {
        return Vec::new();
    }
    let all = Chip {
        name: visit.text("desk-all-groups"),
        href: href(part.kind, None),
        current: queue.group.is_none(),
        count: None,
    };
    let chip = |face: Face| Chip {
        current: queue.group.is_some(),
        href: href(part.kind, Some(&face.handle)),
        name: face.name,
        count: None,
    };
    std::iter::once(all)
        .chain(faces.into_iter().map(chip))
        .collect()
}

impl TaskModel {
    fn new(visit: &Visit, item: Item) -> Self {
        let claim = item.claim.map(|(by, at)| Claimed {
            mine: visit.actor() == Some(by.id),
            face: Face::new(&by),
            at: at.0,
        });
        let (mut report, mut held, mut person) = (None, None, None);
        match item.matter {
            Matter::Report(found) => report = Some(Reported::new(*found)),
            Matter::Held(waiting) => held = Some(HeldModel::new(*waiting)),
            Matter::SignUp {
                person: who,
                email,
                arrival,
            } => person = Some(Person::new(&who, Some(email), *arrival)),
            Matter::Request(who) => {
                person = Some(Person::new(&who, None, ArrivalCard::default()));
            }
        }
        Self {
            task: item.task.to_string(),
            kind: item.task.kind().as_str(),
            at: item.since.0,
            group: item.group.as_ref().map(Face::new),
            claim,
            report,
            held,
            person,
        }
    }
}

impl Person {
    fn new(who: &Actor, email: Option<String>, arrival: ArrivalCard) -> Self {
        Self {
            face: Face::new(who),
            email,
            answer: arrival.answer,
            inviter: arrival.inviter.as_ref().map(Face::new),
        }
    }
}

/// The thing that a form names.
fn task(form: &Submission) -> Result<Task, Refusal> {
    Task::parse(form.fields.text("task"))
        .ok_or_else(|| Refusal::not_found("task.not_found", "This does not wait, or no more."))
}

/// `/mod/claim`: the one who sends it looks at something.
pub(super) async fn claim(form: Submission) -> Result<Answer, Refusal> {
    let claim = ClaimTask { task: task(&form)? };
    act(&form, claim, "claimed").await
}

/// `/mod/release`: no more.
pub(super) async fn release(form: Submission) -> Result<Answer, Refusal> {
    let release = ReleaseTask { task: task(&form)? };
    act(&form, release, "released").await
}

async fn act(
    form: &Submission,
    operation: impl Operation,
    note: &'static str,
) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let done = visit.state.operations().run(visit.caller(), operation);
    done.await?;
    Ok(Led::to(next(&form.fields, AT)).note(note).into())
}

#[derive(Serialize)]
struct Kept {
    wordings: Vec<WordingModel>,
    title: String,
    text: String,
    wrong: Wrong,
}

/// A text that moderators often write.
#[derive(Serialize)]
pub(super) struct WordingModel {
    id: i64,
    title: String,
    text: String,
}

impl WordingModel {
    pub(super) fn new(wording: Wording) -> Self {
        Self {
            id: wording.id.0,
            title: wording.title,
            text: wording.text,
        }
    }
}

/// `/mod/wordings`: what moderators often write, for the hub's own to keep.
pub(super) async fn wordings(visit: Visit) -> Result<Answer, Refusal> {
    let page = wordings_page(&visit, &Fields::default(), Wrong::default()).await?;
    Ok(page.into())
}

async fn wordings_page(visit: &Visit, typed: &Fields, wrong: Wrong) -> Result<Page, Refusal> {
    policy::require_hub_moderator(visit.caller())?;
    let found = visit.state.read(queue::wordings).await?;
    let model = Kept {
        wordings: found.into_iter().map(WordingModel::new).collect(),
        title: typed.text("title").to_owned(),
        text: typed.text("body").to_owned(),
        wrong,
    };
    Ok(Page::new("wordings.html", visit.text("wordings-title"), &model).unlisted())
}

/// `/mod/wordings`, sent: one is kept or changed.
pub(super) async fn write_wording(form: Submission) -> Result<Answer, Refusal> {
    let (visit, fields) = (&form.visit, &form.fields);
    let write = WriteWording {
        wording: fields.text("wording").parse().ok().map(WordingId),
        title: fields.text("title").to_owned(),
        text: fields.text("body").to_owned(),
    };
    match visit.state.operations().run(visit.caller(), write).await {
        Ok(_) => Ok(Led::to(WORDINGS).note("saved").into()),
        Err(refusal) if matches!(refusal.kind, Kind::Invalid | Kind::Conflict) => {
            let page = wordings_page(visit, fields, visit.wrong(&refusal)).await?;
            Ok(page.rejected(&refusal).into())
        }
        Err(refusal) => Err(refusal),
    }
}

/// `/mod/wordings/{id}/drop`.
pub(super) async fn drop_wording(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let wording = WordingId(visit.number()?);
    let done = visit
        .state
        .operations()
        .run(visit.caller(), DropWording { wording });
    done.await?;
    Ok(Led::to(WORDINGS).note("saved").into())
}
