//! Taking part without an account here: following, answering and voting from one's own server.
//!
//! The page works without scripts. A form is not led to another host directly, since the pages'
//! policy forbids it: [`leave`] says where somebody is led, and leads them.

use serde::Serialize;
use url::Url;

use crate::domain::caller::Caller;
use crate::domain::ids::{CommentId, Handle, PostId};
use crate::domain::intent::{Home, Intent, Wish};
use crate::domain::refusal::Refusal;
use crate::faces::shared::cookie::Cookie;
use crate::text::{plain, qr};
use crate::views::{Snapshot, actor, group, post};

use super::answer::{Answer, Led, Page, Wrong};
use super::form::Submission;
use super::group::file;
use super::visit::{Visit, is_local_path};

/// How long a browser remembers where somebody is at home, in seconds.
const REMEMBERED: u64 = 365 * 24 * 3600;

/// What somebody wants to act on.
struct Subject {
    path: String,
    title: String,
    uri: String,
    /// `name@host`, of people and groups.
    handle: Option<String>,
    group: bool,
    feed: bool,
}

#[derive(Serialize)]
struct Model {
    intent: &'static str,
    of: String,
    title: String,
    uri: String,
    handle: Option<String>,
    group: bool,
    feed: Option<String>,
    home: String,
    wrong: Wrong,
}

#[derive(Serialize)]
struct Leaving {
    to: String,
    host: String,
}

/// `/intent/{what}?of=PATH`: where to do it.
pub(super) async fn show(visit: Visit) -> Result<Answer, Refusal> {
    let intent = intent(&visit)?;
    let of = visit.query("of").unwrap_or_default().to_owned();
    let subject = subject(&visit, of).await?;
    if visit.signed.is_some() {
        return Ok(Led::to(subject.path).into());
    }
    let home = visit.home.clone().unwrap_or_default();
    Ok(page(&visit, intent, subject, home, Wrong::default()).into())
}

/// The same, sent: leads somebody to the right page of their own server.
pub(super) async fn lead(form: Submission) -> Result<Answer, Refusal> {
    let (visit, typed) = (&form.visit, form.fields.text("home").trim().to_owned());
    let intent = intent(visit)?;
    let subject = subject(visit, form.fields.text("of").to_owned()).await?;
    match door(visit, intent, &subject, &typed).await {
        Ok((home, Some(door))) => {
            let remember = remember(visit, &home);
            Ok(leave(visit, &door).cookie(remember).into())
        }
        Ok((_, None)) => Ok(Led::to(signing_in(&subject.path)).into()),
        Err(refusal) => {
            let wrong = visit.wrong(&refusal);
            Ok(page(visit, intent, subject, typed, wrong)
                .rejected(&refusal)
                .into())
        }
    }
}

/// The address at the home that somebody typed; `None` if that is this hub.
async fn door(
    visit: &Visit,
    intent: Intent,
    subject: &Subject,
    typed: &str,
) -> Result<(Home, Option<Url>), Refusal> {
    let home = Home::parse(typed).ok_or_else(malformed)?;
    if home.host == visit.state.names().host() {
        return Ok((home, None));
    }
    let rate = visit.settings.limits.look_ups;
    visit.count(&visit.key_of_address("look-ups"), rate)?;
    let wish = Wish {
        intent,
        uri: subject.uri.clone(),
    };
    let door = Box::pin(visit.state.federation.door(&home, &wish)).await;
    let door = door.ok_or_else(silent)?;
    Ok((home, Some(door)))
}

fn page(visit: &Visit, intent: Intent, subject: Subject, home: String, wrong: Wrong) -> Page {
    let title = match intent {
        Intent::Follow => visit.text("intent-follow"),
        Intent::Reply => visit.text("intent-reply"),
        Intent::Vote => visit.text("intent-vote"),
    };
    let model = Model {
        intent: intent.as_str(),
        feed: subject.feed.then(|| format!("{}/feed.atom", subject.path)),
        of: subject.path,
        title: subject.title,
        uri: subject.uri,
        handle: subject.handle,
        group: subject.group,
        home,
        wrong,
    };
    Page::new("intent.html", title, &model)
        .unlisted()
        .with_form()
}

/// A page that leads to another host: it says to which, and goes there by itself.
pub(super) fn leave(visit: &Visit, to: &Url) -> Page {
    let model = Leaving {
        to: to.as_str().to_owned(),
        host: crate::domain::ids::host_of(to),
    };
    Page::new("leave.html", visit.text("leave-title"), &model).unlisted()
}

/// The page of signing in, which leads back to a path.
pub(super) fn signing_in(path: &str) -> String {
    format!("/sign-in?next={}", part_of_address(path))
}

/// A text as it stands in the query of an address.
pub(super) fn part_of_address(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// The cookie that keeps where somebody is at home, in the letters that a cookie may have.
pub(super) fn remember(visit: &Visit, home: &Home) -> String {
    let plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '@' | ':');
    let kept: String = home.to_string().chars().filter(plain).collect();
    Cookie::Home.set(&kept, Some(REMEMBERED), visit.secure())
}

fn intent(visit: &Visit) -> Result<Intent, Refusal> {
    Intent::parse(visit.param("what")).ok_or_else(missing)
}

/// What a local path shows, as a visitor may see it.
async fn subject(visit: &Visit, of: String) -> Result<Subject, Refusal> {
    let now = visit.now;
    let find = move |db: &mut Snapshot| {
        let (kind, name) = of
            .trim_start_matches('/')
            .split_once('/')
            .ok_or_else(missing)?;
        let handle = || Handle::parse(name).ok_or_else(missing);
        let number = || name.parse::<i64>().map_err(|_no_number| missing());
        match kind {
            "c" => {
                let found = group::find(db, &handle()?)?;
                let page = group::page(db, found, Caller::Visitor, now)?;
                Ok(Subject::group(&page))
            }
            "u" => Ok(Subject::person(&actor::person(db, &handle()?)?)),
            "post" => Ok(Subject::post(&post::visible_card(
                db,
                None,
                PostId(number()?),
            )?)),
            "comment" => {
                let card = post::comment(db, None, CommentId(number()?))?;
                if card.comment.hidden() {
                    return Err(missing());
                }
                Ok(Subject::comment(&card))
            }
            _ => Err(missing()),
        }
    };
    visit.state.read(find).await
}

impl Subject {
    fn group(page: &group::GroupPage) -> Self {
        let of = &page.group;
        Self {
            path: super::model::Face::new(of).href,
            title: of.title.clone(),
            uri: of.uri.as_str().to_owned(),
            handle: Some(of.full_handle()),
            group: true,
            feed: page.open,
        }
    }

    fn person(of: &crate::domain::actor::Actor) -> Self {
        Self {
            path: super::model::Face::new(of).href,
            title: of.title.clone(),
            uri: of.uri.as_str().to_owned(),
            handle: Some(of.full_handle()),
            group: false,
            feed: true,
        }
    }

    fn post(card: &post::PostCard) -> Self {
        Self {
            path: format!("/post/{}", card.post.id),
            title: card.post.title.clone(),
            uri: card.post.uri.as_str().to_owned(),
            handle: None,
            group: false,
            feed: true,
        }
    }

    fn comment(card: &post::CommentCard) -> Self {
        Self {
            path: format!("/comment/{}", card.comment.id),
            title: plain::excerpt_html(&card.comment.html, 120),
            uri: card.comment.uri.as_str().to_owned(),
            handle: None,
            group: false,
            feed: false,
        }
    }
}

/// `/intent/qr.svg?of=PATH`: the address of a page of this hub, for a phone.
pub(super) async fn code(visit: Visit) -> Result<Answer, Refusal> {
    let of = visit
        .query("of")
        .filter(|path| is_local_path(path))
        .ok_or_else(missing)?;
    let address = format!("{}{of}", visit.state.names().base());
    let drawn = qr::svg(&address).ok_or_else(missing)?;
    Ok(file(drawn, "image/svg+xml"))
}

fn missing() -> Refusal {
    Refusal::not_found("page.not_found", "There is no such page.")
}

/// What was typed is no home.
pub(super) fn malformed() -> Refusal {
    Refusal::invalid(
        "home",
        "intent.home",
        "Please write your address, as in @you@server.example, or the name of your server.",
    )
}

fn silent() -> Refusal {
    Refusal::invalid(
        "home",
        "intent.silent",
        "That server did not say where to go. Please check how it is written, or search there for what stands below.",
    )
}
