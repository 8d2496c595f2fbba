//! Parts of the hub in frames on other websites: what every visitor sees, without cookies, for the
//! websites that the settings name (`sharing.embed_hosts`).

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;
use serde::Serialize;

use crate::domain::caller::Caller;
use crate::domain::ids::{Handle, PostId};
use crate::domain::page::{Page as Rows, PageRequest};
use crate::domain::post::Sort;
use crate::domain::question::{Of, Which};
use crate::domain::reading::CommentSort;
use crate::domain::refusal::Refusal;
use crate::text::plain::{self, excerpt_html};
use crate::views::post::PostCard;
use crate::views::thread::{self, Wanted};
use crate::views::{Snapshot, event, feed, group, post, question};

use super::answer::Answer;
use super::group::file;
use super::model::{CommentModel, Face, PostModel};
use super::visit::{self, Visit};

const ELEMENTS: &str = include_str!("assets/embed.js");
const FRAME: &str = include_str!("assets/frame.js");

/// The element of that script; templates hold none.
const SCRIPT: &str = "<script src=\"/embed/frame.js\" defer></script>";

/// Posts or comments of one frame, if nobody says.
const USUAL: u32 = 10;
/// The most of them.
const MOST: u32 = 50;
/// What an oEmbed consumer should give a frame, in pixels.
const WIDTH: u32 = 640;
/// The same for its height, which the frame itself knows better.
const HEIGHT: u32 = 480;

#[derive(Serialize)]
struct Model {
    language: String,
    style: &'static str,
    script: &'static str,
    base: String,
    theme: &'static str,
    hub: String,
    now: i64,
    title: String,
    href: String,
    about: String,
    handle: Option<String>,
    members: Option<i64>,
    body: Option<PostModel>,
    posts: Vec<PostModel>,
    comments: Vec<CommentModel>,
    follow: Option<String>,
    reply: Option<String>,
    open: Option<String>,
    nothing: Option<&'static str>,
}

/// What a frame shows.
#[derive(Default)]
pub(super) struct Shown {
    pub(super) title: String,
    pub(super) path: String,
    pub(super) about: String,
    pub(super) handle: Option<String>,
    pub(super) members: Option<i64>,
    pub(super) body: Option<PostModel>,
    pub(super) posts: Vec<PostModel>,
    pub(super) comments: Vec<CommentModel>,
    pub(super) follow: Option<String>,
    pub(super) reply: Option<String>,
    /// Where a thread about a page is opened that has none yet.
    pub(super) open: Option<String>,
    /// Of what there is nothing to show.
    pub(super) nothing: Option<&'static str>,
}

/// What may stand in a frame.
#[derive(Clone, Copy)]
enum What {
    Feed,
    Questions,
    Events,
    Group,
    Join,
    Thread,
}

/// `/embed/feed`.
pub(super) async fn feed(visit: Visit) -> Result<Answer, Refusal> {
    framed(visit, What::Feed).await
}

/// `/embed/questions`.
pub(super) async fn questions(visit: Visit) -> Result<Answer, Refusal> {
    framed(visit, What::Questions).await
}

/// `/embed/events`.
pub(super) async fn events(visit: Visit) -> Result<Answer, Refusal> {
    framed(visit, What::Events).await
}

/// `/embed/group/{name}`.
pub(super) async fn group(visit: Visit) -> Result<Answer, Refusal> {
    framed(visit, What::Group).await
}

/// `/embed/join/{name}`.
pub(super) async fn join(visit: Visit) -> Result<Answer, Refusal> {
    framed(visit, What::Join).await
}

/// `/embed/thread/{id}`.
pub(super) async fn thread(visit: Visit) -> Result<Answer, Refusal> {
    framed(visit, What::Thread).await
}

async fn framed(visit: Visit, what: What) -> Result<Answer, Refusal> {
    let limit = limit(&visit);
    let handle = visit.handle();
    let id = visit.post();
    let now = visit.now;
    let shown = visit.state.read(move |db| {
        let page = PageRequest::first(limit);
        match what {
            What::Feed => {
                let all = feed::page(db, None, feed::Feed::Everywhere, Sort::New, page)?;
                of_hub(&all, "/", "posts")
            }
            What::Questions => {
                let open = question::page(db, None, &Which::open(Of::All), page)?;
                of_hub(&open, "/questions", "questions")
            }
            What::Events => {
                let coming = event::page(db, None, None, (false, now), page)?;
                of_hub(&coming, "/events", "events")
            }
            What::Group => of_group(db, &handle?, now, Some(page)),
            What::Join => of_group(db, &handle?, now, None),
            What::Thread => of_thread(db, id?, limit),
        }
    });
    let shown = shown.await?;
    Ok(Answer::File(render(&visit, shown)?))
}

/// Posts or comments of the frame that is asked for.
pub(super) fn limit(visit: &Visit) -> u32 {
    let limit = visit.query("limit").and_then(|limit| limit.parse().ok());
    limit.unwrap_or(USUAL).clamp(1, MOST)
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "one arm of a match whose others can fail"
)]
fn of_hub(cards: &Rows<PostCard>, path: &str, what: &'static str) -> Result<Shown, Refusal> {
    Ok(Shown {
        path: path.to_owned(),
        nothing: cards.items.is_empty().then_some(what),
        posts: models(cards),
        ..Shown::default()
    })
}

fn models(cards: &Rows<PostCard>) -> Vec<PostModel> {
    let cards = cards.items.iter();
    cards.map(|card| PostModel::new(card, None)).collect()
}

fn of_group(
    db: &mut Snapshot,
    handle: &Handle,
    now: crate::domain::clock::Ts,
    page: Option<PageRequest>,
) -> Result<Shown, Refusal> {
    let found = group::find(db, handle)?;
    let id = found.id;
    let of = group::page(db, found, Caller::Visitor, now)?;
    if !of.open {
        return Err(Refusal::not_found(
            "group.not_found",
            "There is no such group.",
        ));
    }
    let posts = match page {
        Some(page) => {
            let cards = feed::page(db, None, feed::Feed::Group(id), Sort::New, page)?;
            models(&cards)
        }
        None => Vec::new(),
    };
    let path = Face::new(&of.group).href;
    Ok(Shown {
        title: of.group.title.clone(),
        about: excerpt_html(&of.group.summary_html, 200),
        handle: Some(of.group.full_handle()),
        members: Some(of.member_count),
        follow: Some(format!("/intent/follow?of={path}")),
        nothing: (page.is_some() && posts.is_empty()).then_some("posts"),
        posts,
        path,
        ..Shown::default()
    })
}

pub(super) fn of_thread(db: &mut Snapshot, id: PostId, limit: u32) -> Result<Shown, Refusal> {
    let card = post::visible_card(db, None, id)?;
    let wanted = Wanted {
        sort: CommentSort::default(),
        focus: None,
        after: None,
        limit: usize::try_from(limit).unwrap_or(usize::MAX),
    };
    let reading = thread::read(db, None, id, wanted)?;
    let seen = reading
        .comments
        .iter()
        .filter(|card| !card.comment.hidden());
    let comments = seen.map(|card| CommentModel::new(card, Some(reading.post.author.id), None));
    let path = format!("/post/{id}");
    Ok(Shown {
        title: card.post.title.clone(),
        comments: comments.collect(),
        reply: (!card.post.locked).then(|| format!("/intent/reply?of={path}")),
        body: Some(PostModel::new(&card, None)),
        path,
        ..Shown::default()
    })
}

pub(super) fn render(visit: &Visit, shown: Shown) -> Result<Response, Refusal> {
    let offered = visit::languages(&visit.state, &visit.settings);
    let wish = visit.query("lang").unwrap_or_default();
    let language = offered.into_iter().find(|code| code == wish);
    let language = language.unwrap_or_else(|| visit.language.clone());
    let hub = visit.settings.instance.name.clone();
    let model = Model {
        style: super::assets::path("style.css").unwrap_or_default(),
        script: SCRIPT,
        base: visit.state.names().base().to_owned(),
        theme: match visit.query("theme") {
            Some("dark") => "dark",
            Some("light") => "light",
            _ => "auto",
        },
        now: visit.now.0,
        title: if shown.title.is_empty() {
            hub.clone()
        } else {
            shown.title
        },
        hub,
        href: shown.path,
        about: shown.about,
        handle: shown.handle,
        members: shown.members,
        body: shown.body,
        posts: shown.posts,
        comments: shown.comments,
        follow: shown.follow,
        reply: shown.reply,
        open: shown.open,
        nothing: shown.nothing,
        language,
    };
    let frame = minijinja::context! { now => model.now };
    let values = minijinja::context! { frame => frame, ..minijinja::Value::from_serialize(&model) };
    let text = visit
        .state
        .pages
        .render(&model.language, "embed.html", values)
        .map_err(Refusal::fault)?;
    let mut response = Response::new(Body::from(text));
    for (name, value) in headers(visit, &model.language) {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
    Ok(response)
}

/// The headers of a frame: no scripts but its own, and no website around it but those that may.
fn headers(visit: &Visit, language: &str) -> [(HeaderName, String); 5] {
    let development = visit.settings.federation.development;
    let hosts = &visit.settings.sharing.embed_hosts;
    let mut around: Vec<String> = hosts.iter().map(|host| format!("https://{host}")).collect();
    if development {
        around.extend(hosts.iter().map(|host| format!("http://{host}")));
    }
    around.push("'self'".to_owned());
    let pictures = if development {
        "https: http:"
    } else {
        "https:"
    };
    // `'self'` means nothing in a sandboxed frame, whose origin is nobody's.
    let own = visit.state.names().base();
    let policy = format!(
        "default-src 'none'; script-src 'self' {own}; style-src 'self' {own}; img-src 'self' {own} {pictures} data:; \
         font-src 'self' {own}; base-uri 'none'; form-action 'none'; frame-ancestors {}",
        around.join(" ")
    );
    [
        (header::CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::CONTENT_LANGUAGE, language.to_owned()),
        (header::VARY, "Accept-Language".to_owned()),
        (header::CACHE_CONTROL, "public, max-age=60".to_owned()),
    ]
}

/// `/embed.js`: the elements for other websites.
pub(super) async fn elements(_visit: Visit) -> Result<Answer, Refusal> {
    Ok(script(ELEMENTS))
}

/// `/embed/frame.js`: the script inside of a frame.
pub(super) async fn frame(_visit: Visit) -> Result<Answer, Refusal> {
    Ok(script(FRAME))
}

/// A script that other websites may load.
fn script(text: &str) -> Answer {
    open(file(text.to_owned(), "text/javascript; charset=utf-8"))
}

/// An answer that other websites may read.
fn open(answer: Answer) -> Answer {
    let Answer::File(mut response) = answer else {
        return answer;
    };
    let all = response.headers_mut();
    for (name, value) in [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "cross-origin",
        ),
    ] {
        all.insert(name, HeaderValue::from_static(value));
    }
    Answer::File(response)
}

/// `/oembed?url=`: the frame in which a page of this hub is shown elsewhere, or what a link to it says
/// (oEmbed 1.0).
pub(super) async fn oembed(visit: Visit) -> Result<Answer, Refusal> {
    if visit.query("format").is_some_and(|form| form != "json") {
        return Err(Refusal::invalid(
            "format",
            "oembed.format",
            "This is answered as JSON only.",
        ));
    }
    let base = visit.state.names().base();
    let asked = visit.query("url").unwrap_or_default();
    let path = asked.strip_prefix(base).unwrap_or_default();
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let (kind, name) = path
        .trim_matches('/')
        .split_once('/')
        .ok_or_else(not_shown)?;
    let (place, shown) = match kind {
        "post" => {
            let id = name.parse().map(PostId).map_err(|_no_number| not_shown())?;
            let shown = visit.state.read(move |db| of_thread(db, id, 1)).await?;
            (format!("thread/{name}"), shown)
        }
        "c" => {
            let (handle, now) = (Handle::parse(name).ok_or_else(not_shown)?, visit.now);
            let look = move |db: &mut Snapshot| of_group(db, &handle, now, None);
            (format!("group/{name}"), visit.state.read(look).await?)
        }
        _ => return Err(not_shown()),
    };
    let mut document = serde_json::json!({
        "version": "1.0", "type": "link", "title": shown.title, "cache_age": 3600,
        "provider_name": visit.settings.instance.name, "provider_url": base,
        "author_name": shown.body.as_ref().map(|post| &post.author.name),
    });
    // Where no website may put a frame around it, none is offered.
    if !visit.settings.sharing.embed_hosts.is_empty()
        && let Some(fields) = document.as_object_mut()
    {
        fields.extend(frame_of(&visit, &place, &shown.title));
    }
    Ok(open(file(document.to_string(), "application/json")))
}

/// What an answer of the type `rich` has beyond a link.
fn frame_of(visit: &Visit, place: &str, title: &str) -> [(String, serde_json::Value); 4] {
    let wide = |name: &str, most: u32| {
        let asked = visit.query(name).and_then(|size| size.parse().ok());
        asked.unwrap_or(most).clamp(1, most)
    };
    let (width, height) = (wide("maxwidth", WIDTH), wide("maxheight", HEIGHT));
    let (base, title) = (visit.state.names().base(), plain::escape(title));
    let html = format!(
        "<iframe src=\"{base}/embed/{place}\" width=\"{width}\" height=\"{height}\" title=\"{title}\" \
         sandbox=\"allow-scripts allow-popups allow-popups-to-escape-sandbox\" frameborder=\"0\"></iframe>"
    );
    [
        ("type".to_owned(), "rich".into()),
        ("html".to_owned(), html.into()),
        ("width".to_owned(), width.into()),
        ("height".to_owned(), height.into()),
    ]
}

fn not_shown() -> Refusal {
    Refusal::not_found("oembed.unknown", "Nothing of this hub is at that address.")
}
