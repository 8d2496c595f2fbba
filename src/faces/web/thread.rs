//! A thread: the post, its comments, and what people do with them.

use serde::Serialize;

use crate::domain::activity::Origin;
use crate::domain::ids::{CommentId, ObjectId, PostId, Uri};
use crate::domain::page::{Cursor, PageRequest};
use crate::domain::poll::MOST_CHOICES;
use crate::domain::refusal::{Kind, Refusal};
use crate::operations::comment::CreateComment;
use crate::operations::flag::RaiseFlag;
use crate::operations::markup::Markup;
use crate::operations::object::{DeleteObject, RestoreObject};
use crate::operations::poll::VoteInPoll;
use crate::operations::reaction::Vote;
use crate::views::group;
use crate::views::post::{self, PostCard};
use crate::views::thread::{self, Thread};

use super::answer::{Answer, Led, Page, Wrong};
use super::form::Submission;
use super::group::GroupModel;
use super::model::{CommentModel, PostModel, nested};
use super::visit::Visit;

/// Comments of one page of a thread.
const PAGE: u32 = 50;

#[derive(Serialize)]
struct Model {
    post: PostModel,
    group: GroupModel,
    comments: Vec<CommentModel>,
    next: Option<String>,
    partial: bool,
    waits: bool,
    body: String,
    wrong: Wrong,
}

/// `/post/{id}`: the post and a page of its comments.
pub(super) async fn show(visit: Visit) -> Result<Answer, Refusal> {
    let post = visit.post()?;
    Ok(page(&visit, post, String::new(), Wrong::default())
        .await?
        .into())
}

/// `/comment/{id}`: leads to the place of the comment in its thread.
pub(super) async fn comment(visit: Visit) -> Result<Answer, Refusal> {
    let comment = visit.comment()?;
    Ok(Led::to(place(&visit, ObjectId::Comment(comment)).await?).into())
}

/// The page of a thread, with what somebody wrote and what was wrong with it.
async fn page(visit: &Visit, post: PostId, body: String, wrong: Wrong) -> Result<Page, Refusal> {
    let (caller, viewer, now) = (visit.caller(), visit.actor(), visit.now);
    let focus = visit
        .query("comment")
        .and_then(|id| id.parse().ok())
        .map(CommentId);
    let request = visit.page(PAGE);
    let (thread, page) = visit
        .state
        .read(move |db| {
            let mut thread = thread::thread(db, viewer, post, request)?;
            if let Some(focus) = focus.filter(|id| !shows(&thread, *id)) {
                let after = Some(Cursor {
                    key: 0.0,
                    id: focus.0,
                });
                thread.comments = thread::page(db, viewer, post, PageRequest { after, ..request })?;
                let first = post::comment(db, viewer, focus)?;
                if first.comment.post == post {
                    thread.comments.items.insert(0, first);
                }
            }
            let page = group::page(db, thread.post.group.clone(), caller, now)?;
            Ok::<_, Refusal>((thread, page))
        })
        .await?;
    refuse_hidden(
        &thread.post,
        page.moderates || viewer == Some(thread.post.post.author),
    )?;
    if viewer.is_some() && !thread.post.post.local {
        visit.state.federation.want_thread(post);
    }
    let path = format!("/post/{post}");
    let next = thread
        .comments
        .next
        .map(|at| format!("{path}?after={}#comments", at.encode()));
    let card = &thread.post;
    let model = Model {
        post: PostModel::new(card, viewer),
        group: GroupModel::new(&page),
        comments: nested(&thread.comments.items, Some(card.post.author), viewer),
        next,
        partial: request.after.is_some() || focus.is_some(),
        waits: thread.waits,
        body,
        wrong,
    };
    let shown = Page::new("thread.html", card.post.title.clone(), &model)
        .alternate(shown_id(&thread, focus).as_str())
        .canonical(&card.post.url);
    let listed = page.group.discoverable || !page.group.local;
    Ok(if listed { shown } else { shown.unlisted() })
}

/// The id of what the page is about: the comment that was asked for, else the post.
fn shown_id(thread: &Thread, focus: Option<CommentId>) -> &Uri {
    let mut comments = thread.comments.items.iter();
    let asked = focus.and_then(|id| comments.find(|card| card.comment.id == id));
    asked.map_or(&thread.post.post.uri, |card| &card.comment.uri)
}

fn shows(thread: &Thread, comment: CommentId) -> bool {
    thread
        .comments
        .items
        .iter()
        .any(|card| card.comment.id == comment)
}

/// What was deleted or removed is shown to its author and to moderators only, who can bring it back.
fn refuse_hidden(card: &PostCard, sees: bool) -> Result<(), Refusal> {
    if card.post.hidden() && !sees {
        return Err(Refusal::new(
            Kind::Gone,
            "post.gone",
            "This post is no longer there.",
        ));
    }
    Ok(())
}

/// The path of a post or comment.
pub(super) async fn place(visit: &Visit, object: ObjectId) -> Result<String, Refusal> {
    let ObjectId::Comment(id) = object else {
        return Ok(format!("/post/{}", object.number()));
    };
    let card = visit
        .state
        .read(move |db| post::comment(db, None, id))
        .await?;
    Ok(format!(
        "/post/{}?comment={id}#comment-{id}",
        card.comment.post
    ))
}

/// `/post/{id}/comments` and `/comment/{id}/answers`: an answer.
pub(super) async fn reply(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let parent = visit.object()?;
    let body = form.fields.text("body").to_owned();
    let create = CreateComment {
        parent,
        body: Markup::Markdown(body.clone()),
        language: None,
        distinguished: form.fields.ticked("distinguished"),
        origin: Origin::Local,
    };
    match visit.state.operations().run(visit.caller(), create).await {
        Ok(id) => {
            let place = place(visit, ObjectId::Comment(id)).await?;
            Ok(Led::to(place).note("answered").into())
        }
        Err(refusal) if refusal.kind == Kind::Invalid => {
            let post = post_of(visit, parent).await?;
            let page = page(visit, post, body, visit.wrong(&refusal)).await?;
            Ok(page.rejected(&refusal).into())
        }
        Err(refusal) => Err(refusal),
    }
}

async fn post_of(visit: &Visit, object: ObjectId) -> Result<PostId, Refusal> {
    match object {
        ObjectId::Post(id) => Ok(id),
        ObjectId::Comment(id) => {
            let card = visit
                .state
                .read(move |db| post::comment(db, None, id))
                .await?;
            Ok(card.comment.post)
        }
    }
}

/// `.../vote`: likes, dislikes, or takes it back.
pub(super) async fn vote(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let object = visit.object()?;
    let value = match form.fields.text("value") {
        "1" => 1,
        "-1" => -1,
        _ => 0,
    };
    let vote = Vote {
        object,
        value,
        relay: None,
    };
    visit.state.operations().run(visit.caller(), vote).await?;
    let back = visit
        .referer
        .clone()
        .filter(|path| !path.starts_with("/post/"));
    let to = match back {
        Some(path) => path,
        None => place(visit, object).await?,
    };
    Ok(Led::to(to).into())
}

/// `/post/{id}/poll`: a choice, or several where the poll lets people choose several.
pub(super) async fn choose(form: Submission) -> Result<Answer, Refusal> {
    let (visit, fields) = (&form.visit, &form.fields);
    let post = visit.post()?;
    let one = fields.text("choice").parse().ok();
    let several = (0i32..).take(MOST_CHOICES);
    let ticked = several.filter(|place| fields.ticked(&format!("choice-{place}")));
    let choices = ticked.chain(one).collect();
    let vote = VoteInPoll { post, choices };
    visit.state.operations().run(visit.caller(), vote).await?;
    Ok(Led::to(format!("/post/{post}")).note("voted").into())
}

/// `.../delete`: the author takes it away; it can be restored.
pub(super) async fn delete(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let object = visit.object()?;
    let delete = DeleteObject {
        object,
        relay: None,
    };
    visit.state.operations().run(visit.caller(), delete).await?;
    Ok(Led::to(place(visit, object).await?).note("deleted").into())
}

/// `.../restore`: the author brings it back.
pub(super) async fn restore(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let object = visit.object()?;
    let restore = RestoreObject {
        object,
        relay: None,
    };
    visit
        .state
        .operations()
        .run(visit.caller(), restore)
        .await?;
    Ok(Led::to(place(visit, object).await?).note("restored").into())
}

#[derive(Serialize)]
struct Report {
    what: String,
    action: String,
    back: String,
    reason: String,
    wrong: Wrong,
}

/// `.../report`: the form that tells moderators.
pub(super) async fn report_form(visit: Visit) -> Result<Answer, Refusal> {
    crate::domain::policy::require_actor(visit.caller())?;
    Ok(report_page(&visit, String::new(), Wrong::default())
        .await?
        .into())
}

async fn report_page(visit: &Visit, reason: String, wrong: Wrong) -> Result<Page, Refusal> {
    let object = visit.object()?;
    let (card, comment) = subject(visit, object).await?;
    let text = comment
        .as_ref()
        .map(|card| crate::text::plain::excerpt_html(&card.comment.html, 200));
    let model = Report {
        what: text.unwrap_or(card.post.title),
        action: visit.path.split('?').next().unwrap_or("/").to_owned(),
        back: place(visit, object).await?,
        reason,
        wrong,
    };
    Ok(Page::new("report.html", visit.text("report-title"), &model).unlisted())
}

async fn subject(
    visit: &Visit,
    object: ObjectId,
) -> Result<(PostCard, Option<post::CommentCard>), Refusal> {
    let look = visit.state.read(move |db| {
        let comment = match object {
            ObjectId::Comment(id) => Some(post::comment(db, None, id)?),
            ObjectId::Post(_) => None,
        };
        let id = comment
            .as_ref()
            .map_or(PostId(object.number()), |card| card.comment.post);
        Ok::<_, Refusal>((post::card(db, None, id)?, comment))
    });
    look.await
}

/// `.../report`: tells the moderators.
pub(super) async fn report(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let object = visit.object()?;
    let (card, comment) = subject(visit, object).await?;
    let reason = form.fields.text("reason").to_owned();
    let flag = RaiseFlag {
        group: Some(card.group.id),
        objects: vec![object],
        subject: comment.map_or(card.author.id, |card| card.author.id),
        reason: reason.clone(),
        uri: None,
    };
    match visit.state.operations().run(visit.caller(), flag).await {
        Ok(_) => Ok(Led::to(place(visit, object).await?).note("reported").into()),
        Err(refusal) if refusal.kind == Kind::Invalid => {
            let page = report_page(visit, reason, visit.wrong(&refusal)).await?;
            Ok(page.rejected(&refusal).into())
        }
        Err(refusal) => Err(refusal),
    }
}

/// `/u/{name}/report`: the form that tells the hub's moderators about a person.
pub(super) async fn report_person_form(visit: Visit) -> Result<Answer, Refusal> {
    crate::domain::policy::require_actor(visit.caller())?;
    let page = report_person_page(&visit, String::new(), Wrong::default()).await?;
    Ok(page.into())
}

async fn report_person_page(visit: &Visit, reason: String, wrong: Wrong) -> Result<Page, Refusal> {
    let handle = visit.handle()?;
    let person = visit
        .state
        .read(move |db| crate::views::actor::person(db, &handle))
        .await?;
    let face = super::model::Face::new(&person);
    let model = Report {
        what: person.full_handle(),
        action: format!("{}/report", face.href),
        back: face.href,
        reason,
        wrong,
    };
    Ok(Page::new("report.html", visit.text("report-title"), &model).unlisted())
}

/// `/u/{name}/report`: tells the hub's moderators.
pub(super) async fn report_person(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let handle = visit.handle()?;
    let person = visit
        .state
        .read(move |db| crate::views::actor::person(db, &handle))
        .await?;
    let reason = form.fields.text("reason").to_owned();
    let flag = RaiseFlag {
        group: None,
        objects: Vec::new(),
        subject: person.id,
        reason: reason.clone(),
        uri: None,
    };
    match visit.state.operations().run(visit.caller(), flag).await {
        Ok(_) => Ok(Led::to(super::model::Face::new(&person).href)
            .note("reported")
            .into()),
        Err(refusal) if refusal.kind == Kind::Invalid => {
            let page = report_person_page(visit, reason, visit.wrong(&refusal)).await?;
            Ok(page.rejected(&refusal).into())
        }
        Err(refusal) => Err(refusal),
    }
}
