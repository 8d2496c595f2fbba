//! The calendar of the hub: what is to come as a page, and for the calendars of those who come
//! (RFC 5545).

use icalendar::{Calendar, Component, Event as Entry, EventLike, Property};
use serde::Serialize;

use crate::domain::clock::Ts;
use crate::domain::page::{Page as Rows, PageRequest};
use crate::domain::refusal::Refusal;
use crate::text::plain::excerpt_html;
use crate::views::post::{EventCard, PostCard};
use crate::views::{event, post};

use super::across;
use super::answer::{Answer, Page};
use super::group::file;
use super::home::PAGE;
use super::model::{Face, PostModel, posts};
use super::visit::Visit;

/// Meetings in one calendar file.
const MOST: u32 = 100;
/// Letters of what an entry says about a meeting.
const LONGEST: usize = 1000;

#[derive(Serialize)]
struct Model {
    group: Option<Face>,
    over: bool,
    coming: String,
    past: String,
    calendar: String,
    write: String,
    months: Vec<Month>,
    next: Option<String>,
}

/// What begins in one month, as the clocks of its places have it.
#[derive(Serialize)]
struct Month {
    /// When the first of it begins.
    at: i64,
    posts: Vec<PostModel>,
    /// Whether the page before ends in it.
    continued: bool,
}

/// `/events`: what is to come; with `?show=over` what was, and with `?group=` in one group.
pub(super) async fn list(visit: Visit) -> Result<Answer, Refusal> {
    let over = visit.query("show") == Some("over");
    let (viewer, request, now) = (visit.actor(), visit.page(PAGE), visit.now);
    let look = across::read(&visit, viewer, move |db, of| {
        event::page(db, viewer, of, (over, now), request)
    });
    let (of, page) = look.await?;
    let group = of.as_ref().map(Face::new);
    let at = |path: &str| across::of(group.as_ref(), path);
    let show = if over { "over" } else { "coming" };
    let posts = posts(page, &at(&format!("/events?show={show}")), viewer);
    let months = months(posts.items, visit.query("from"));
    let model = Model {
        over,
        coming: at("/events"),
        past: at("/events?show=over"),
        calendar: at("/events.ics"),
        write: at("/new?form=event"),
        next: posts.next.zip(months.last()).map(|(next, last)| {
            // The next page says so if it goes on in the same month.
            format!("{next}&from={}", Ts(last.at).year_and_month())
        }),
        months,
        group,
    };
    let title = visit.text("events-title");
    let words = (title.as_str(), visit.text("events-shared"));
    let shared = across::shared(&visit, of.as_ref(), words, "/events");
    let page = Page::new("events.html", title, &model);
    Ok(page.shared(shared).into())
}

/// The months in which these begin, in their order, after a page that ends in the month `from`.
fn months(posts: Vec<PostModel>, from: Option<&str>) -> Vec<Month> {
    let mut months: Vec<Month> = Vec::new();
    for post in posts {
        let at = post.event.as_ref().map_or(0, |event| event.starts);
        let same = |month: &&mut Month| Ts(month.at).year_and_month() == Ts(at).year_and_month();
        match months.last_mut().filter(same) {
            Some(month) => month.posts.push(post),
            None => months.push(Month {
                at,
                continued: months.is_empty() && from == Some(&Ts(at).year_and_month()),
                posts: vec![post],
            }),
        }
    }
    months
}

/// `/events.ics`, of one group with `?group=`: what everybody may see of what is to come, to be
/// subscribed to.
pub(super) async fn feed(visit: Visit) -> Result<Answer, Refusal> {
    let now = visit.now;
    let look = across::read(&visit, None, move |db, of| {
        event::page(db, None, of, (false, now), PageRequest::first(MOST))
    });
    let (group, page) = look.await?;
    let name = match group {
        Some(group) => group.title,
        None => visit.settings.instance.name.clone(),
    };
    Ok(calendar(&name, &visit, page))
}

/// `/post/{id}/event.ics`: one meeting.
pub(super) async fn one(visit: Visit) -> Result<Answer, Refusal> {
    let (viewer, id) = (visit.actor(), visit.post()?);
    let look = visit
        .state
        .read(move |db| post::visible_card(db, viewer, id));
    let card = look.await?;
    if card.event.is_none() {
        let sentence = "This post announces no event.";
        return Err(Refusal::not_found("event.not_found", sentence));
    }
    let name = card.post.title.clone();
    let items = vec![card];
    Ok(calendar(&name, &visit, Rows { items, next: None }))
}

fn calendar(name: &str, visit: &Visit, cards: Rows<PostCard>) -> Answer {
    let mut calendar = Calendar::empty();
    calendar
        .append_property(Property::new("VERSION", "2.0"))
        .append_property(Property::new("PRODID", "-//Guildhall//Guildhall//EN"))
        .name(&one_line(name));
    for card in cards.items {
        if let Some(event) = &card.event {
            calendar.push(entry(visit.state.names().base(), &card, event));
        }
    }
    file(calendar.to_string(), "text/calendar; charset=utf-8")
}

fn entry(base: &str, card: &PostCard, event: &EventCard) -> Entry {
    let (post, meeting) = (&card.post, &event.event);
    let page = format!("{base}/post/{}", post.id);
    let mut entry = Entry::new();
    entry
        .uid(post.uri.as_str())
        .summary(&one_line(&post.title))
        .url(&page)
        .add_property(
            "DTSTAMP",
            stamp(post.edited_at.unwrap_or(post.published_at)),
        )
        .add_property("DTSTART", stamp(meeting.starts_at));
    if let Some(end) = meeting.ends_at {
        entry.add_property("DTEND", stamp(end));
    }
    let place = [meeting.place.as_deref(), meeting.online_url.as_deref()];
    let place: Vec<&str> = place.into_iter().flatten().collect();
    if !place.is_empty() {
        entry.location(&one_line(&place.join(", ")));
    }
    let words = excerpt_html(&post.html, LONGEST);
    let words = format!("{words}\n\n{page}");
    entry.description(words.trim_start());
    entry
}

/// A text without signs that would end a line of the file.
fn one_line(text: &str) -> String {
    text.replace(char::is_control, " ")
}

/// A moment as calendars write it, in UTC: `20261127T184500Z`.
fn stamp(at: Ts) -> String {
    let text = at.rfc3339();
    let digits = text.chars().take(19);
    let mut stamp: String = digits.filter(|sign| !matches!(sign, '-' | ':')).collect();
    stamp.push('Z');
    stamp
}
