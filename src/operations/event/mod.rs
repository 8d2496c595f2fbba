//! Events: made with a post, and who comes to them.

mod answer;
mod attend;

pub(crate) use answer::{AnswerAttendee, ReceiveJoinAnswer};
pub(crate) use attend::{AttendEvent, LeaveEvent};

use crate::domain::event::{Event, LONGEST_PLACE};
use crate::domain::ids::{ObjectId, PostId};
use crate::domain::refusal::{Kind, Refusal};
use crate::store::events;

use super::Desk;
use super::access::Subject;
use super::markup::storable;
use super::post::is_web_address;

/// Stores the event of a post that came into being; of one that is made here nobody knows yet.
pub(super) fn begin(
    desk: &mut Desk<'_>,
    post: PostId,
    event: &Event,
    local: bool,
) -> Result<(), Refusal> {
    let event = if local {
        Event {
            attendees: 0,
            ..checked(event)?
        }
    } else {
        bounded(event)
    };
    Ok(events::insert(desk.db, post, &event)?)
}

/// Takes over how an event is now; whether that changed anything.
pub(super) fn change(
    desk: &mut Desk<'_>,
    post: PostId,
    said: &Event,
    local: bool,
) -> Result<bool, Refusal> {
    let Some(known) = events::find(desk.db, post)? else {
        return Ok(false);
    };
    let said = if local {
        Event {
            attendees: known.attendees,
            ..checked(said)?
        }
    } else {
        bounded(said)
    };
    if said == known {
        return Ok(false);
    }
    events::set(desk.db, post, &said)?;
    Ok(true)
}

/// An event from elsewhere, held to what the hub stores.
fn bounded(event: &Event) -> Event {
    let cut = |text: &str| -> String { storable(text).chars().take(LONGEST_PLACE).collect() };
    Event {
        timezone: cut(&event.timezone),
        place: event.place.as_deref().map(cut),
        online_url: event
            .online_url
            .clone()
            .filter(|url| is_web_address(url, false)),
        capacity: event.capacity.filter(|most| *most > 0),
        attendees: event.attendees.max(0),
        ..event.clone()
    }
}

/// An event as it is stored, if it can be made here.
pub(super) fn checked(event: &Event) -> Result<Event, Refusal> {
    if event.ends_at.is_some_and(|end| end < event.starts_at) {
        return Err(Refusal::invalid(
            "ends_at",
            "event.end",
            "An event ends after its begin.",
        ));
    }
    if event.starts_at.local(&event.timezone).is_none() {
        return Err(Refusal::invalid(
            "timezone",
            "event.zone",
            "A time zone is written like Europe/Berlin.",
        ));
    }
    if let Some(url) = &event.online_url
        && !is_web_address(url, true)
    {
        return Err(Refusal::invalid(
            "online_url",
            "event.online",
            "A link is a whole web address that begins with https:// or http://.",
        ));
    }
    if event.capacity.is_some_and(|most| most < 1) {
        return Err(Refusal::invalid(
            "capacity",
            "event.capacity",
            "At least one person must be able to come.",
        ));
    }
    Ok(bounded(event))
}

/// The event of a post that can be seen, with what is around it.
fn seen(desk: &mut Desk<'_>, post: PostId) -> Result<(Subject, Event), Refusal> {
    let subject = desk.subject(ObjectId::Post(post))?;
    if subject.post.hidden() {
        return Err(Refusal::new(
            Kind::Gone,
            "post.gone",
            "This post is no longer there.",
        ));
    }
    events::lock(desk.db, post)?;
    let event = events::find(desk.db, post)?
        .ok_or_else(|| Refusal::not_found("event.not_found", "There is no such event."))?;
    Ok((subject, event))
}

#[cfg(test)]
mod tests;
