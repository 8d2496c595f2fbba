//! How a handler answers: with a page, or by leading on; and how a refusal looks to people.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use minijinja::value::Value;
use serde::Serialize;

use crate::domain::clock::Ts;
use crate::domain::ids::ObjectId;
use crate::domain::refusal::{Kind, Refusal};
use crate::faces::shared::cookie::Cookie;
use crate::faces::shared::{State, error, headers};

use super::form::Fields;
use super::frame::Frame;
use super::intent::signing_in;
use super::sharing::Shared;
use super::visit::{Visit, is_local_path};

/// What a handler answers.
pub(crate) enum Answer {
    /// A page.
    Page(Box<Page>),
    /// Another page, after something was done.
    Led(Led),
    /// A file.
    File(Response),
}

/// The page is at this path for good.
pub(super) fn moved(path: &str) -> Answer {
    let to = if is_local_path(path) { path } else { "/" };
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::PERMANENT_REDIRECT;
    let location = HeaderValue::from_str(to).unwrap_or(HeaderValue::from_static("/"));
    response.headers_mut().insert(header::LOCATION, location);
    Answer::File(response)
}

/// A page to be rendered.
pub(crate) struct Page {
    template: &'static str,
    title: String,
    model: Value,
    status: StatusCode,
    alternate: Option<String>,
    canonical: Option<String>,
    feed: Option<String>,
    unlisted: bool,
    with_form: bool,
    cookies: Vec<String>,
    shared: Option<Shared>,
}

/// Where somebody is led.
pub(crate) struct Led {
    to: String,
    note: Option<String>,
    cookies: Vec<String>,
}

impl Page {
    /// A page from a template and its model.
    pub(super) fn new(
        template: &'static str,
        title: impl Into<String>,
        model: &impl Serialize,
    ) -> Self {
        Self {
            template,
            title: title.into(),
            model: Value::from_serialize(model),
            status: StatusCode::OK,
            alternate: None,
            canonical: None,
            feed: None,
            unlisted: false,
            with_form: false,
            cookies: Vec::new(),
            shared: None,
        }
    }

    /// The ActivityPub id of what the page shows.
    pub(super) fn alternate(mut self, uri: &str) -> Self {
        self.alternate = Some(uri.to_owned());
        self
    }

    /// The address under which it is to be known: elsewhere, for what is from elsewhere.
    pub(super) fn canonical(mut self, url: &str) -> Self {
        self.canonical = Some(url.to_owned());
        self
    }

    /// The Atom feed of what the page shows.
    pub(super) fn feed(mut self, path: String) -> Self {
        self.feed = Some(path);
        self
    }

    /// Not for search engines.
    pub(super) fn unlisted(mut self) -> Self {
        self.unlisted = true;
        self
    }

    /// With a form that visitors may send.
    pub(super) fn with_form(mut self) -> Self {
        self.with_form = true;
        self
    }

    /// How it is shown where somebody shares it.
    pub(super) fn shared(mut self, shared: impl Into<Option<Shared>>) -> Self {
        self.shared = shared.into();
        self
    }

    /// Sets a cookie with it.
    pub(super) fn cookie(mut self, cookie: String) -> Self {
        self.cookies.push(cookie);
        self
    }

    /// A form that could not be accepted as it was.
    pub(super) fn rejected(mut self, refusal: &Refusal) -> Self {
        error::log(refusal);
        self.status = match refusal.kind {
            Kind::Limited { .. }
            | Kind::TooLarge
            | Kind::Unavailable
            | Kind::Fault
            | Kind::Conflict => error::status(refusal.kind),
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        self
    }
}

impl Led {
    /// To a local path.
    pub(super) fn to(path: impl Into<String>) -> Self {
        Self {
            to: path.into(),
            note: None,
            cookies: Vec::new(),
        }
    }

    /// Says there what was done; `note` is the end of a text's key.
    pub(super) fn note(mut self, note: &'static str) -> Self {
        self.note = Some(note.to_owned());
        self
    }

    /// With a button that takes back what was done to a post or comment: the end of the path at
    /// which that is asked for.
    pub(super) fn undo(mut self, object: ObjectId, verb: &'static str) -> Self {
        let kind = match object {
            ObjectId::Post(_) => "post",
            ObjectId::Comment(_) => "comment",
        };
        let undo = format!("_{kind}_{}_{verb}", object.number());
        self.note = self.note.map(|note| note + &undo);
        self
    }

    /// With a button that makes notices unread again that were marked read at a moment.
    pub(super) fn undo_reading(mut self, at: Ts) -> Self {
        self.note = self
            .note
            .map(|note| format!("{note}_notices_{}_unread", at.0));
        self
    }

    /// Sets a cookie on the way.
    pub(super) fn cookie(mut self, cookie: String) -> Self {
        self.cookies.push(cookie);
        self
    }
}

impl From<Page> for Answer {
    fn from(page: Page) -> Self {
        Self::Page(Box::new(page))
    }
}

impl From<Led> for Answer {
    fn from(led: Led) -> Self {
        Self::Led(led)
    }
}

/// What was wrong with a form, for its template.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Wrong {
    summary: Option<String>,
    fields: std::collections::BTreeMap<&'static str, String>,
}

/// What can be wrong with a form although it shows nowhere in it: that is said at its head.
const PLACELESS: [&str; 2] = ["language", "quote"];

impl Visit {
    /// The answer to somebody's look at a page.
    pub(super) fn respond(&self, outcome: Result<Answer, Refusal>) -> Response {
        match outcome {
            Ok(Answer::Page(page)) => self.render(*page),
            Ok(Answer::Led(led)) => self.lead(led),
            Ok(Answer::File(file)) => file,
            Err(refusal) if refusal.kind == Kind::Unauthenticated => {
                self.lead(Led::to(signing_in(&self.path)))
            }
            Err(refusal) => self.refuse(&refusal),
        }
    }

    /// The answer to a form: what is so already counts as done, and who has to sign in comes back
    /// to the page with the form.
    pub(super) fn respond_to_form(&self, outcome: Result<Answer, Refusal>) -> Response {
        let back = self.referer.as_deref().unwrap_or("/");
        match outcome {
            Err(refusal) if refusal.kind == Kind::Conflict => self.lead(Led::to(back)),
            Err(refusal) if refusal.kind == Kind::Unauthenticated => {
                self.lead(Led::to(signing_in(back)))
            }
            outcome => self.respond(outcome),
        }
    }

    /// A refusal's sentence in the language of the page, where there is one.
    pub(super) fn sentence(&self, refusal: &Refusal) -> String {
        sentence(&self.state, &self.language, refusal)
    }

    /// What was wrong with a form.
    pub(super) fn wrong(&self, refusal: &Refusal) -> Wrong {
        let sentence = self.sentence(refusal);
        let alone = match refusal.fields.as_slice() {
            [only] => !PLACELESS.contains(&only.name),
            _ => false,
        };
        let said = |field: &crate::domain::refusal::Field| {
            let text = if alone {
                sentence.clone()
            } else {
                field.sentence.clone()
            };
            (field.name, text)
        };
        let fields = refusal.fields.iter().map(said).collect();
        let summary = (!alone).then(|| sentence.clone());
        Wrong { summary, fields }
    }

    /// A text of the page's language.
    pub(super) fn text(&self, key: &str) -> String {
        let text = self.state.pages.text(&self.language, key);
        text.unwrap_or_else(|| key.to_owned())
    }

    fn render(&self, page: Page) -> Response {
        let mut frame = Frame::new(self, page.title);
        frame.alternate.clone_from(&page.alternate);
        frame.canonical = page.canonical;
        frame.feed = page.feed;
        frame.unlisted = page.unlisted;
        frame.shared = page.shared;
        let model = minijinja::context! { frame => frame, ..page.model };
        let body = self
            .state
            .pages
            .render(&self.language, page.template, model);
        let body = match body {
            Ok(body) => body,
            Err(fault) => return bare(&self.state, &self.language, &Refusal::fault(fault)),
        };
        let mut response = html(&self.state, page.status, &self.language, body);
        let own = if page.with_form {
            self.seed_cookie()
        } else {
            None
        };
        // A piece that a script asks for says nothing of what was done, so the next page still does.
        let piece = page.template.starts_with('_');
        let said = self.note.as_ref().filter(|_| !piece);
        let said = said.map(|_| Cookie::Note.forget(self.secure()));
        let own = page.cookies.into_iter().chain(own).chain(said);
        set_cookies(&mut response, self.cookies.iter().cloned().chain(own));
        let link = page
            .alternate
            .map(|uri| format!("<{uri}>; rel=\"alternate\"; type=\"application/activity+json\""));
        if let Some(link) = link.and_then(|link| HeaderValue::from_str(&link).ok()) {
            response.headers_mut().insert(header::LINK, link);
        }
        response
    }

    fn lead(&self, led: Led) -> Response {
        let to = if is_local_path(&led.to) {
            led.to
        } else {
            "/".to_owned()
        };
        let mut response = Response::new(Body::empty());
        let location = HeaderValue::from_str(&to).unwrap_or(HeaderValue::from_static("/"));
        if self.goes_itself {
            // Where the browser followed for a script, the note would be said to nobody.
            *response.body_mut() = Body::from(location.as_bytes().to_vec());
            let list = HeaderValue::from_static("text/uri-list; charset=utf-8");
            response.headers_mut().insert(header::CONTENT_TYPE, list);
        } else {
            *response.status_mut() = StatusCode::SEE_OTHER;
            response.headers_mut().insert(header::LOCATION, location);
        }
        let no_store = HeaderValue::from_static("no-store");
        response
            .headers_mut()
            .insert(header::CACHE_CONTROL, no_store);
        headers::protect(response.headers_mut(), !self.secure());
        let note = led
            .note
            .map(|note| Cookie::Note.set(&note, Some(60), self.secure()));
        set_cookies(&mut response, led.cookies.into_iter().chain(note));
        response
    }

    fn refuse(&self, refusal: &Refusal) -> Response {
        error::log(refusal);
        self.refused(refusal, error::status(refusal.kind))
    }

    /// The page of a refusal that was logged already.
    pub(super) fn refused(&self, refusal: &Refusal, status: StatusCode) -> Response {
        let model = Refused::new(refusal, self.sentence(refusal));
        let mut page = Page::new("refused.html", model.title(self), &model).unlisted();
        page.status = status;
        let mut response = self.render(page);
        set_retry(&mut response, refusal.kind);
        response
    }
}

/// The model of the page that refuses.
#[derive(Serialize)]
struct Refused {
    sentence: String,
    status: u16,
}

impl Refused {
    fn new(refusal: &Refusal, sentence: String) -> Self {
        Self {
            sentence,
            status: error::status(refusal.kind).as_u16(),
        }
    }

    fn title(&self, visit: &Visit) -> String {
        let key = match self.status {
            404 => "refused-missing",
            410 => "refused-gone",
            403 => "refused-forbidden",
            500.. => "refused-fault",
            _ => "refused-other",
        };
        visit.text(key)
    }
}

/// A refusal without anything around it, for when a page cannot be had.
pub(super) fn bare(state: &State, language: &str, refusal: &Refusal) -> Response {
    error::log(refusal);
    let sentence = sentence(state, language, refusal);
    let model = minijinja::context! { sentence, language };
    let body = state.pages.render(language, "bare.html", model);
    let body = body.unwrap_or_else(|_broken| refusal.sentence.clone());
    let mut response = html(state, error::status(refusal.kind), language, body);
    set_retry(&mut response, refusal.kind);
    response
}

fn sentence(state: &State, language: &str, refusal: &Refusal) -> String {
    let key = format!("refusal-{}", refusal.code.replace('.', "-"));
    let limit = state.settings().media.picture_limit.to_string();
    let own = state.pages.told(language, &key, "picture", &limit);
    own.unwrap_or_else(|| refusal.sentence.clone())
}

fn html(state: &State, status: StatusCode, language: &str, body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let development = state.settings().federation.development;
    let all = response.headers_mut();
    headers::protect(all, development);
    all.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    let vary = HeaderValue::from_static("Accept, Cookie, Accept-Language");
    all.insert(header::VARY, vary);
    all.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-cache"),
    );
    if let Ok(language) = HeaderValue::from_str(language) {
        all.insert(header::CONTENT_LANGUAGE, language);
    }
    response
}

fn set_retry(response: &mut Response, kind: Kind) {
    if let Some(seconds) = error::retry_after(kind) {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
}

fn set_cookies(response: &mut Response, cookies: impl Iterator<Item = String>) {
    for cookie in cookies.filter_map(|cookie| HeaderValue::from_str(&cookie).ok()) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

/// Where a form leads, if it says so and the place is one of the hub's own.
pub(super) fn next(fields: &Fields, otherwise: &str) -> String {
    let next = fields.text("next");
    if is_local_path(next) {
        next.to_owned()
    } else {
        otherwise.to_owned()
    }
}
