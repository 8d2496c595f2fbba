//! What members are told: by days, several of a kind about one thing as one line.

use serde::Serialize;

use crate::domain::clock::Ts;
use crate::domain::notice::{NoticeKind, Subject};
use crate::domain::page::MAX_LIMIT;
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::operations::notice::{MarkNoticesRead, MarkNoticesUnread};
use crate::views::draft;
use crate::views::notice::{self, Bundle, Day, NoticeCard, Place};

use super::answer::{Answer, Led, Page, next};
use super::form::Submission;
use super::model::{Face, List};
use super::visit::Visit;

/// Notices of one page.
const PAGE: u32 = 40;
/// Faces of one line.
const FACES: usize = 3;
const AT: &str = "/notices";

#[derive(Serialize)]
struct Model {
    chips: Vec<Chip>,
    days: List<DayModel>,
    unread: bool,
    all: bool,
}

/// A subject to choose.
#[derive(Serialize)]
struct Chip {
    key: &'static str,
    href: String,
    current: bool,
}

#[derive(Serialize)]
struct DayModel {
    /// `today`, `yesterday` or `other`.
    name: &'static str,
    date: String,
    at: i64,
    lines: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    kind: &'static str,
    by: Face,
    faces: Vec<Face>,
    /// How many people besides the first.
    others: usize,
    /// How many notices.
    count: usize,
    ids: String,
    href: String,
    excerpt: String,
    at: i64,
    unread: bool,
}

/// `/notices`: what happened, about one subject or all.
pub(super) async fn list(visit: Visit) -> Result<Answer, Refusal> {
    let (member, request) = (policy::require_actor(visit.caller())?, visit.page(PAGE));
    let about = visit.query("show").and_then(Subject::parse);
    let look = visit.state.read(move |db| {
        let page = notice::page(db, member, about, request)?;
        Ok::<_, Refusal>((page, draft::time_zone(db, member)?))
    });
    let (page, zone) = look.await?;
    let zone = zone.unwrap_or_else(|| "UTC".to_owned());
    let path = about.map_or_else(|| AT.to_owned(), at);
    let next = List::new(page.map(Some), &path, |card| card);
    let cards = next.items.into_iter().flatten().collect();
    let days = notice::days(cards, &zone);
    let (today, before) = (visit.now.date(&zone), visit.now.plus_seconds(-24 * 3600));
    let known = [(today, "today"), (before.date(&zone), "yesterday")];
    let model = Model {
        chips: chips(about),
        days: List {
            items: days
                .into_iter()
                .map(|day| DayModel::new(day, &known))
                .collect(),
            next: next.next,
        },
        unread: visit.own.unread.notices > 0,
        all: about.is_none(),
    };
    let title = visit.text("notices-title");
    Ok(Page::new("notices.html", title, &model).unlisted().into())
}

/// `/news`: how much is new, for the script that brings it up to date on a page that stays open.
pub(super) async fn news(visit: Visit) -> Result<Answer, Refusal> {
    policy::require_actor(visit.caller())?;
    let model = minijinja::context! {
        notices => visit.own.unread.notices,
        messages => visit.own.unread.messages,
        waiting => visit.own.waiting,
    };
    Ok(Page::new("_news.html", "", &model).unlisted().into())
}

fn at(about: Subject) -> String {
    format!("{AT}?show={}", about.as_str())
}

fn chips(current: Option<Subject>) -> Vec<Chip> {
    let chip = |about: Option<Subject>| Chip {
        key: about.map_or("all", Subject::as_str),
        href: about.map_or_else(|| AT.to_owned(), at),
        current: about == current,
    };
    let subjects = Subject::ALL.into_iter().map(Some);
    [None].into_iter().chain(subjects).map(chip).collect()
}

impl DayModel {
    fn new(day: Day, known: &[(String, &'static str)]) -> Self {
        let named = known.iter().find(|(date, _)| *date == day.date);
        let lines: Vec<Line> = day.lines.iter().filter_map(Line::new).collect();
        Self {
            name: named.map_or("other", |(_, name)| name),
            at: Ts::parse(&format!("{}T12:00:00Z", day.date))
                .unwrap_or_default()
                .0,
            date: day.date,
            lines,
        }
    }
}

impl Line {
    /// A line leads to the first of what it tells, from where one reads on.
    fn new(bundle: &Bundle) -> Option<Self> {
        let (newest, oldest) = (bundle.cards.first()?, bundle.cards.last()?);
        let people = bundle.people();
        let ids: Vec<String> = bundle
            .cards
            .iter()
            .map(|card| card.notice.id.to_string())
            .collect();
        Some(Self {
            kind: newest.notice.kind.as_str(),
            by: Face::new(&newest.by),
            others: people.len().saturating_sub(1),
            faces: people.into_iter().take(FACES).map(Face::new).collect(),
            count: ids.len(),
            ids: ids.join(","),
            href: href(if newest.notice.kind == NoticeKind::Followed {
                newest
            } else {
                oldest
            }),
            excerpt: newest.excerpt.clone(),
            at: newest.notice.created_at.0,
            unread: bundle.is_unread(),
        })
    }
}

fn href(card: &NoticeCard) -> String {
    match card.place {
        Place::Post(post) => format!("/post/{post}"),
        Place::Comment(post, id) => format!("/post/{post}?comment={id}#comment-{id}"),
        Place::Group | Place::Person => Face::new(&card.by).href,
        Place::Queue => "/mod?kind=sign_up".to_owned(),
    }
}

/// `/notices/read`: all of them are read, or those of a line.
pub(super) async fn read(form: Submission) -> Result<Answer, Refusal> {
    let (visit, fields) = (&form.visit, &form.fields);
    let most = usize::try_from(MAX_LIMIT).unwrap_or(usize::MAX);
    let these = fields.filled("ids").map(|ids| {
        let ids = ids.split(',').filter_map(|id| id.parse().ok());
        ids.take(most).collect()
    });
    let mark = MarkNoticesRead { these };
    let done = visit.state.operations().run(visit.caller(), mark);
    let at = done.await?;
    let led = Led::to(next(fields, AT)).note("read");
    Ok(led.undo_reading(at).into())
}

/// `/notices/{id}/unread`: those that were marked read at this moment are not.
pub(super) async fn unread(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let mark = MarkNoticesUnread {
        at: Ts(visit.number()?),
    };
    visit.state.operations().run(visit.caller(), mark).await?;
    Ok(Led::to(AT).into())
}
