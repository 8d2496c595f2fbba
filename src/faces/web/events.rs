//! Coming to an event, and who comes.

use serde::Serialize;

use crate::domain::ids::ActorId;
use crate::domain::refusal::Refusal;
use crate::operations::event::{AnswerAttendee, AttendEvent, LeaveEvent};
use crate::views::post;

use super::answer::{Answer, Led, Page};
use super::form::Submission;
use super::model::Face;
use super::visit::Visit;

/// `/post/{id}/attend`: somebody comes, or asks whether they may.
pub(super) async fn attend(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let post = visit.post()?;
    let attend = AttendEvent { post, join: None };
    let done = visit.state.operations().run(visit.caller(), attend).await?;
    let led = Led::to(format!("/post/{post}"));
    Ok(match done {
        Some(true) => led.note("attending").into(),
        _ => led.note("attend-asked").into(),
    })
}

/// `/post/{id}/unattend`: somebody does not come after all.
pub(super) async fn unattend(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let post = visit.post()?;
    let leave = LeaveEvent { post };
    visit.state.operations().run(visit.caller(), leave).await?;
    Ok(Led::to(format!("/post/{post}")).note("unattended").into())
}

#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "the page names its list so")]
struct Guests {
    title: String,
    back: String,
    action: String,
    guests: Vec<Guest>,
}

#[derive(Serialize)]
struct Guest {
    id: i64,
    face: Face,
    accepted: bool,
}

/// `/post/{id}/guests`: who comes and who asks, for the organiser.
pub(super) async fn guests(visit: Visit) -> Result<Answer, Refusal> {
    crate::domain::policy::require_actor(visit.caller())?;
    let (caller, post, now) = (visit.caller(), visit.post()?, visit.now);
    let (card, people) = visit
        .state
        .read(move |db| {
            let people = post::attendees(db, caller, post, now)?;
            Ok::<_, Refusal>((post::visible_card(db, None, post)?, people))
        })
        .await?;
    let guest = |(actor, accepted): (crate::domain::actor::Actor, bool)| Guest {
        id: actor.id.0,
        face: Face::new(&actor),
        accepted,
    };
    let model = Guests {
        title: card.post.title,
        back: format!("/post/{post}"),
        action: format!("/post/{post}/guests"),
        guests: people.into_iter().map(guest).collect(),
    };
    Ok(Page::new("guests.html", visit.text("guests-title"), &model)
        .unlisted()
        .into())
}

/// `/post/{id}/guests`, sent: the organiser lets somebody in or turns them away.
pub(super) async fn answer(form: Submission) -> Result<Answer, Refusal> {
    let (visit, fields) = (&form.visit, &form.fields);
    let post = visit.post()?;
    let answer = AnswerAttendee {
        post,
        attendee: ActorId(fields.text("person").parse().unwrap_or_default()),
        accepted: fields.ticked("accepted"),
    };
    visit.state.operations().run(visit.caller(), answer).await?;
    Ok(Led::to(format!("/post/{post}/guests")).note("saved").into())
}
