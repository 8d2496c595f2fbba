//! What moderators do: with a post or comment where it stands, and on their group's own page.

use serde::Serialize;

use crate::domain::actor::{Actor, Approval};
use crate::domain::flag::Lines;
use crate::domain::ids::{ActorId, Handle, ObjectId};
use crate::domain::page::PageRequest;
use crate::domain::refusal::{Kind, Refusal};
use crate::operations::Operation;
use crate::operations::group::UpdateGroup;
use crate::operations::membership::AnswerRequest;
use crate::operations::moderation::{
    Ban, ChangeModerator, FeaturePost, LockObject, Unban, UnremoveObject,
};
use crate::views::moderation::{self, Report};
use crate::views::{actor, group, queue};

use super::answer::{Answer, Led, Page, Wrong, next};
use super::form::{Fields, Submission};
use super::group::{GroupModel, find, seen};
use super::log::Logged;
use super::model::Face;
use super::pictures::Shown;
use super::thread::place;
use super::visit::Visit;

/// Lines of the log on one page.
pub(super) const PAGE: u32 = 50;

/// Runs what a moderator does with a post or comment, and leads back to it.
async fn act<O: Operation>(
    visit: &Visit,
    object: ObjectId,
    operation: O,
    note: &'static str,
) -> Result<Answer, Refusal> {
    visit
        .state
        .operations()
        .run(visit.caller(), operation)
        .await?;
    Ok(Led::to(place(visit, object).await?).note(note).into())
}

/// `.../lock`: no more answers, or answers again.
pub(super) async fn lock(form: Submission) -> Result<Answer, Refusal> {
    let (visit, locked) = (&form.visit, form.fields.ticked("locked"));
    let object = visit.object()?;
    let reason = form.fields.text("reason").to_owned();
    let lock = LockObject {
        object,
        locked,
        reason,
        relay: None,
    };
    let note = if locked { "locked" } else { "unlocked" };
    act(visit, object, lock, note).await
}

/// `/post/{id}/feature`: pins it to the top of its group, or no longer.
pub(super) async fn feature(form: Submission) -> Result<Answer, Refusal> {
    let (visit, featured) = (&form.visit, form.fields.ticked("featured"));
    let post = visit.post()?;
    let feature = FeaturePost {
        post,
        featured,
        relay: None,
    };
    let note = if featured { "featured" } else { "unfeatured" };
    act(visit, ObjectId::Post(post), feature, note).await
}

/// `.../unremove`: brings it back.
pub(super) async fn unremove(form: Submission) -> Result<Answer, Refusal> {
    let object = form.visit.object()?;
    let reason = form.fields.text("reason").to_owned();
    let unremove = UnremoveObject {
        object,
        reason,
        relay: None,
    };
    act(&form.visit, object, unremove, "unremoved").await
}

#[derive(Serialize)]
struct Model {
    group: GroupModel,
    /// How much waits here for moderators.
    waiting: i64,
    bans: Vec<Banned>,
    log: Vec<Logged>,
    title: String,
    summary: String,
    restricted: bool,
    listed: bool,
    approval: &'static str,
    shown: Shown,
    pictures_at: String,
    person: String,
    reason: String,
    wrong: Wrong,
}

/// A report.
#[derive(Serialize)]
pub(super) struct Reported {
    id: i64,
    by: Option<Face>,
    about: Option<Face>,
    reason: String,
    things: Vec<Thing>,
    at: i64,
}

#[derive(Serialize)]
struct Thing {
    excerpt: String,
    /// Where it stands; a private message stands nowhere.
    href: Option<String>,
    /// Where it is removed.
    remove: Option<String>,
}

/// Somebody who is banned.
#[derive(Serialize)]
pub(super) struct Banned {
    face: Face,
    reason: String,
    until: Option<i64>,
}

/// `/c/{name}/moderation`: settings, bans, moderators and the log, for moderators.
pub(super) async fn show(visit: Visit) -> Result<Answer, Refusal> {
    Ok(page(&visit, &Fields::default(), Wrong::default())
        .await?
        .into())
}

/// The page with what is stored, or with what was typed.
async fn page(visit: &Visit, typed: &Fields, wrong: Wrong) -> Result<Page, Refusal> {
    let seen = seen(visit).await?;
    require(visit, &seen)?;
    let (of, viewer) = (seen.group.id, visit.actor());
    let (waiting, bans, log) = visit
        .state
        .read(move |db| {
            let waiting = queue::count_in(db, of)?;
            let bans = moderation::bans(db, Some(of))?;
            let lines = Lines::GroupInside(of);
            let log = moderation::log(db, viewer, lines, PageRequest::first(PAGE))?;
            Ok::<_, Refusal>((waiting, bans, log))
        })
        .await?;
    let group = GroupModel::new(&seen);
    let stored = seen.group;
    let ticked = |name: &str, stored: bool| match typed.find("title") {
        Some(_) => typed.ticked(name),
        None => stored,
    };
    let person = typed.find("person").or(visit.query("person"));
    let model = Model {
        shown: Shown::of(visit, &stored),
        pictures_at: format!("{}/moderation/pictures", group.href()),
        title: typed.find("title").unwrap_or(&stored.title).to_owned(),
        summary: typed
            .find("summary")
            .map_or_else(|| stored.summary_source.unwrap_or_default(), str::to_owned),
        restricted: ticked("restricted", stored.posting_restricted),
        listed: ticked("listed", stored.discoverable),
        waiting,
        approval: stored.approval.as_str(),
        bans: bans.into_iter().map(Banned::new).collect(),
        log: log
            .items
            .into_iter()
            .map(|line| Logged::new(visit, line))
            .collect(),
        group,
        person: person.unwrap_or_default().to_owned(),
        reason: typed.text("reason").to_owned(),
        wrong,
    };
    Ok(Page::new("moderation.html", visit.text("moderation-title"), &model).unlisted())
}

fn require(visit: &Visit, seen: &group::GroupPage) -> Result<(), Refusal> {
    crate::domain::policy::require_moderator(visit.caller(), &seen.relation, seen.group.local)
}

impl Reported {
    pub(super) fn new(report: Report) -> Self {
        Self {
            id: report.flag.id.0,
            by: report.reporter.as_ref().map(Face::new),
            about: report.subject.as_ref().map(Face::new),
            reason: report.flag.reason,
            things: report.things.into_iter().map(Thing::new).collect(),
            at: report.flag.created_at.0,
        }
    }
}

impl Thing {
    fn new(thing: moderation::Thing) -> Self {
        let href = |(object, post)| match object {
            ObjectId::Comment(id) => format!("/post/{post}?comment={id}#comment-{id}"),
            ObjectId::Post(_) => format!("/post/{post}"),
        };
        Self {
            excerpt: thing.excerpt,
            remove: thing.place.map(|(object, _)| match object {
                ObjectId::Comment(id) => format!("/comment/{id}/remove"),
                ObjectId::Post(id) => format!("/post/{id}/remove"),
            }),
            href: thing.place.map(href),
        }
    }
}

impl Banned {
    pub(super) fn new((actor, ban): (Actor, crate::domain::membership::Ban)) -> Self {
        let until = ban.until.map(|at| at.0);
        Self {
            face: Face::new(&actor),
            reason: ban.reason,
            until,
        }
    }
}

/// Runs what a moderator does in their group, and leads back to its page.
async fn manage<O: Operation>(
    form: &Submission,
    operation: O,
    note: &'static str,
) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let handle = visit.handle()?;
    match visit
        .state
        .operations()
        .run(visit.caller(), operation)
        .await
    {
        Ok(_) => Ok(Led::to(format!("/c/{handle}/moderation")).note(note).into()),
        Err(refusal) => again(form, refusal).await,
    }
}

/// The page again, where something in its form was wrong.
pub(super) async fn again(form: &Submission, refusal: Refusal) -> Result<Answer, Refusal> {
    if !matches!(refusal.kind, Kind::Invalid | Kind::TooLarge) {
        return Err(refusal);
    }
    let visit = &form.visit;
    let page = page(visit, &form.fields, visit.wrong(&refusal)).await?;
    Ok(page.rejected(&refusal).into())
}

/// `/c/{name}/moderation/settings`: how the group presents itself, and who starts threads.
pub(super) async fn settings(form: Submission) -> Result<Answer, Refusal> {
    let fields = &form.fields;
    let update = UpdateGroup {
        group: find(&form.visit).await?.id,
        title: Some(fields.text("title").to_owned()),
        summary: Some(fields.text("summary").to_owned()),
        posting_restricted: Some(fields.ticked("restricted")),
        discoverable: Some(fields.ticked("listed")),
        approval: Approval::parse(fields.text("approval")),
    };
    manage(&form, update, "saved").await
}

/// The person whose handle stands in the form.
pub(super) async fn person(form: &Submission) -> Result<ActorId, Refusal> {
    let unknown = || {
        Refusal::invalid(
            "person",
            "person.unknown",
            "This hub knows nobody of that name. Please write it as name or name@host.",
        )
    };
    let handle = form
        .visit
        .here(Handle::parse(form.fields.text("person")).ok_or_else(unknown)?);
    let found = form
        .visit
        .state
        .read(move |db| actor::person(db, &handle))
        .await;
    found
        .map(|actor| actor.id)
        .map_err(|refusal| match refusal.kind {
            Kind::NotFound | Kind::Gone => unknown(),
            _ => refusal,
        })
}

/// `/c/{name}/bans`.
pub(super) async fn ban(form: Submission) -> Result<Answer, Refusal> {
    let group = find(&form.visit).await?;
    match person(&form).await {
        Ok(actor) => manage(&form, sentence(&form, Some(group.id), actor), "banned").await,
        Err(refusal) => again(&form, refusal).await,
    }
}

/// The ban that a form describes.
pub(super) fn sentence(form: &Submission, group: Option<ActorId>, actor: ActorId) -> Ban {
    let (visit, fields) = (&form.visit, &form.fields);
    let days = fields.text("days").trim().parse::<i64>().ok();
    let days = days.filter(|days| *days > 0);
    Ban {
        group,
        actor,
        reason: fields.text("reason").to_owned(),
        until: days.map(|days| visit.now.plus_seconds(days.saturating_mul(24 * 3600))),
        remove_content: fields.ticked("remove_content"),
        relay: None,
    }
}

/// `/c/{name}/unban`.
pub(super) async fn unban(form: Submission) -> Result<Answer, Refusal> {
    let group = find(&form.visit).await?;
    let unban = Unban {
        group: Some(group.id),
        actor: person(&form).await?,
        relay: None,
    };
    manage(&form, unban, "unbanned").await
}

/// `/c/{name}/requests`: lets in somebody who asked, or turns them down.
pub(super) async fn answer(form: Submission) -> Result<Answer, Refusal> {
    let accepted = form.fields.ticked("accepted");
    let answer = AnswerRequest {
        group: find(&form.visit).await?.id,
        follower: person(&form).await?,
        accepted,
    };
    let note = if accepted { "let-in" } else { "turned-down" };
    let (visit, to) = (&form.visit, next(&form.fields, "/mod"));
    visit.state.operations().run(visit.caller(), answer).await?;
    Ok(Led::to(to).note(note).into())
}

/// `/c/{name}/moderators`: appoints one, or dismisses one.
pub(super) async fn moderator(form: Submission) -> Result<Answer, Refusal> {
    let (group, added) = (find(&form.visit).await?.id, form.fields.ticked("added"));
    let moderator = match person(&form).await {
        Ok(moderator) => moderator,
        Err(refusal) => return again(&form, refusal).await,
    };
    let change = ChangeModerator {
        group,
        moderator,
        added,
        relay: None,
    };
    manage(&form, change, if added { "appointed" } else { "dismissed" }).await
}
