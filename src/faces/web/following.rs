//! Following people: the button on their page, and the list of whom and what one follows.

use serde::Serialize;

use crate::domain::actor::Actor;
use crate::domain::membership::FollowState;
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::operations::membership::{FollowPerson, ShowFollowers, UnfollowPerson};
use crate::text::plain::excerpt_html;
use crate::views::actor;
use crate::views::following::{self, Followed, Which};

use super::answer::{Answer, Led, Page, next};
use super::form::Submission;
use super::model::{Face, List};
use super::visit::Visit;

/// Lines of one page.
const PAGE: u32 = 50;
const AT: &str = "/following";

#[derive(Serialize)]
struct Model {
    /// `people` or `groups`.
    show: &'static str,
    list: List<Line>,
    followers: i64,
    shown: bool,
}

#[derive(Serialize)]
struct Line {
    face: Face,
    about: String,
    state: &'static str,
}

impl Line {
    fn new(one: &Followed) -> Self {
        Self {
            face: Face::new(&one.actor),
            about: excerpt_html(&one.actor.summary_html, 160),
            state: followed(Some(one.state), false),
        }
    }
}

/// Where a follow stands, for a template.
pub(super) fn followed(state: Option<FollowState>, unreachable: bool) -> &'static str {
    match state {
        Some(FollowState::Accepted) => "following",
        Some(FollowState::Pending) if unreachable => "unreachable",
        Some(FollowState::Pending) => "asked",
        Some(FollowState::Refused) => "refused",
        None => "none",
    }
}

/// `/following`: whom or what the one who looks follows, and how many follow them.
pub(super) async fn show(visit: Visit) -> Result<Answer, Refusal> {
    let (member, request) = (policy::require_actor(visit.caller())?, visit.page(PAGE));
    let which = Which::parse(visit.query("show"));
    let look = visit.state.read(move |db| {
        let page = following::page(db, member, which, request)?;
        Ok::<_, Refusal>((page, following::followers(db, member)?))
    });
    let (page, (followers, shown)) = look.await?;
    let path = format!("{AT}?show={}", which.as_str());
    let model = Model {
        show: which.as_str(),
        list: List::new(page, &path, |one| Line::new(&one)),
        followers,
        shown,
    };
    let title = visit.text("following-title");
    Ok(Page::new("following.html", title, &model).unlisted().into())
}

/// `/following/shown`: whether one's own page says how many follow.
pub(super) async fn shown(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let set = ShowFollowers {
        shown: form.fields.ticked("shown"),
    };
    visit.state.operations().run(visit.caller(), set).await?;
    Ok(Led::to(AT).note("saved").into())
}

async fn person(visit: &Visit) -> Result<Actor, Refusal> {
    let handle = visit.handle()?;
    let look = visit.state.read(move |db| actor::person(db, &handle));
    look.await
}

/// `/u/{name}/follow`.
pub(super) async fn follow(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let person = person(visit).await?;
    let follow = FollowPerson { person: person.id };
    let state = visit.state.operations().run(visit.caller(), follow).await?;
    let note = match state {
        FollowState::Accepted => "followed",
        FollowState::Pending | FollowState::Refused => "follow-asked",
    };
    let back = next(&form.fields, &Face::new(&person).href);
    Ok(Led::to(back).note(note).into())
}

/// `/u/{name}/unfollow`.
pub(super) async fn unfollow(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let person = person(visit).await?;
    let end = UnfollowPerson { person: person.id };
    visit.state.operations().run(visit.caller(), end).await?;
    let back = next(&form.fields, &Face::new(&person).href);
    Ok(Led::to(back).note("unfollowed").into())
}
