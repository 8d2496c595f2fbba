//! What admins tell everybody at the top of pages: written, ended, and read.

use serde::Serialize;

use crate::domain::announcement::{Announcement, Audience};
use crate::domain::clock::Ts;
use crate::domain::ids::AnnouncementId;
use crate::domain::policy;
use crate::domain::refusal::{Kind, Refusal};
use crate::faces::shared::cookie::Cookie;
use crate::operations::announcement::{Announce, DismissAnnouncement, EndAnnouncement};
use crate::views::{announcement, draft};

use super::answer::{Answer, Led, Page, Wrong, next};
use super::form::{Fields, Submission};
use super::visit::Visit;

/// Where admins write them.
const AT: &str = "/admin/announcements";
/// Seconds for which the browser of a visitor remembers what they have read.
const REMEMBERED: u64 = 365 * 24 * 3600;
/// What a visitor has read last, as many as a cookie holds.
const MOST_READ: usize = 10;

#[derive(Serialize)]
struct Model {
    list: Vec<Line>,
    wording: Typed,
    wrong: Wrong,
}

/// An announcement in the list of all.
#[derive(Serialize)]
struct Line {
    id: i64,
    html: String,
    everybody: bool,
    starts_at: i64,
    ends_at: Option<i64>,
    over: bool,
    waits: bool,
}

/// What stands in the form.
#[derive(Default, Serialize)]
struct Typed {
    id: Option<i64>,
    body: String,
    members: bool,
    starts_at: String,
    ends_at: String,
    zone: String,
}

impl Line {
    fn new(announcement: Announcement, now: Ts) -> Self {
        Self {
            id: announcement.id.0,
            everybody: announcement.audience == Audience::Everybody,
            over: announcement.is_over(now),
            waits: announcement.starts_at > now,
            starts_at: announcement.starts_at.0,
            ends_at: announcement.ends_at.map(|at| at.0),
            html: announcement.html,
        }
    }
}

impl Typed {
    fn kept(announcement: &Announcement, zone: String) -> Self {
        let local = |at: Ts| at.local(&zone).unwrap_or_default();
        Self {
            id: Some(announcement.id.0),
            body: announcement.source.clone(),
            members: announcement.audience == Audience::Members,
            starts_at: local(announcement.starts_at),
            ends_at: announcement.ends_at.map(local).unwrap_or_default(),
            zone,
        }
    }

    fn read(fields: &Fields) -> Self {
        let text = |name| fields.text(name).trim().to_owned();
        Self {
            id: fields.text("announcement").parse().ok(),
            body: fields.text("body").to_owned(),
            members: fields.text("audience") == Audience::Members.as_str(),
            starts_at: text("starts_at"),
            ends_at: text("ends_at"),
            zone: text("zone"),
        }
    }

    fn time(&self, field: &'static str, text: &str) -> Result<Option<Ts>, Refusal> {
        if text.is_empty() {
            return Ok(None);
        }
        let sentence = "Please say day and time, and a time zone like Europe/Berlin.";
        let wrong = || Refusal::invalid(field, "event.when", sentence);
        Ts::in_zone(text, &self.zone).map(Some).ok_or_else(wrong)
    }

    fn operation(&self) -> Result<Announce, Refusal> {
        Ok(Announce {
            announcement: self.id.map(AnnouncementId),
            body: self.body.clone(),
            audience: if self.members {
                Audience::Members
            } else {
                Audience::Everybody
            },
            starts_at: self.time("starts_at", &self.starts_at)?,
            ends_at: self.time("ends_at", &self.ends_at)?,
        })
    }
}

/// `/admin/announcements?edit=`: all of them, and the form.
pub(super) async fn show(visit: Visit) -> Result<Answer, Refusal> {
    Ok(page(&visit, None, Wrong::default()).await?.into())
}

/// The page with what is kept, or with what was typed.
async fn page(visit: &Visit, typed: Option<Typed>, wrong: Wrong) -> Result<Page, Refusal> {
    policy::require_admin(visit.caller())?;
    let member = policy::require_actor(visit.caller())?;
    let look = visit.state.read(move |db| {
        let zone = draft::time_zone(db, member)?;
        Ok::<_, Refusal>((announcement::all(db)?, zone))
    });
    let (all, zone) = look.await?;
    let zone = zone.unwrap_or_else(|| "UTC".to_owned());
    let edited = visit.query("edit").and_then(|id| id.parse().ok());
    let edited = all.iter().find(|one| Some(one.id.0) == edited);
    let kept = || match edited {
        Some(one) => Typed::kept(one, zone.clone()),
        None => Typed {
            zone: zone.clone(),
            ..Typed::default()
        },
    };
    let model = Model {
        wording: typed.unwrap_or_else(kept),
        list: all
            .into_iter()
            .map(|one| Line::new(one, visit.now))
            .collect(),
        wrong,
    };
    let title = visit.text("announcements-title");
    Ok(Page::new("announcements.html", title, &model).unlisted())
}

/// `/admin/announcements`, sent: everybody is told, or told something else.
pub(super) async fn announce(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let typed = Typed::read(&form.fields);
    let done = match typed.operation() {
        Ok(announce) => visit.state.operations().run(visit.caller(), announce).await,
        Err(refusal) => Err(refusal),
    };
    match done {
        Ok(_) => Ok(Led::to(AT).note("saved").into()),
        Err(refusal) if matches!(refusal.kind, Kind::Invalid | Kind::Conflict) => {
            let page = page(visit, Some(typed), visit.wrong(&refusal)).await?;
            Ok(page.rejected(&refusal).into())
        }
        Err(refusal) => Err(refusal),
    }
}

/// `/admin/announcements/{id}/end`.
pub(super) async fn end(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let announcement = AnnouncementId(visit.number()?);
    let end = EndAnnouncement { announcement };
    visit.state.operations().run(visit.caller(), end).await?;
    Ok(Led::to(AT).note("saved").into())
}

/// `/announcements/{id}/dismiss`: who sends it has read it; kept with their account, or in the
/// browser of a visitor.
pub(super) async fn dismiss(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let announcement = AnnouncementId(visit.number()?);
    let led = Led::to(next(&form.fields, "/"));
    if visit.actor().is_some() {
        let dismiss = DismissAnnouncement { announcement };
        visit
            .state
            .operations()
            .run(visit.caller(), dismiss)
            .await?;
        return Ok(led.into());
    }
    let mut read: Vec<String> = visit.read.iter().map(ToString::to_string).collect();
    read.retain(|id| *id != announcement.to_string());
    read.insert(0, announcement.to_string());
    read.truncate(MOST_READ);
    let cookie = Cookie::Read.set(&read.join("."), Some(REMEMBERED), visit.secure());
    Ok(led.cookie(cookie).into())
}
