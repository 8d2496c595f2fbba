//! Groups: their pages, the directory of them, joining and leaving.

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use serde::Serialize;

use crate::domain::actor::Actor;
use crate::domain::membership::FollowState;
use crate::domain::post::Range;
use crate::domain::reading::Level;
use crate::domain::refusal::Refusal;
use crate::operations::membership::{JoinGroup, LeaveGroup};
use crate::operations::reading::SetLevels;
use crate::views::group::{self, GroupPage};
use crate::views::{directory, feed};

use super::answer::{Answer, Led, Page, moved, next};
use super::elsewhere;
use super::form::Submission;
use super::home::PAGE;
use super::model::{Face, List, PostModel, is_web, posts};
use super::order::{Link, Ordered};
use super::sharing::Shared;
use super::visit::Visit;

/// Groups of one page of the directory.
const LISTED: u32 = 50;

/// A group as its page shows it.
#[derive(Serialize)]
pub(super) struct GroupModel {
    face: Face,
    /// The picture across the top of its page.
    cover: Option<String>,
    summary: String,
    address: String,
    source_url: Option<String>,
    members: i64,
    moderators: Vec<Face>,
    restricted: bool,
    membership: &'static str,
    /// What the viewer hears of it.
    level: &'static str,
    moderates: bool,
    may_post: bool,
    banned: Option<String>,
    local: bool,
    private: bool,
    open: bool,
    /// Where it went.
    moved: Option<Face>,
}

#[derive(Serialize)]
struct Model {
    group: GroupModel,
    /// The viewer's accounts on other servers that are in it.
    elsewhere: Vec<Face>,
    orders: Vec<Link>,
    ranges: Vec<Link>,
    featured: Vec<PostModel>,
    posts: List<PostModel>,
}

/// `/c/{name}`: what a group is about, who runs it, and its posts.
pub(super) async fn show(visit: Visit) -> Result<Answer, Refusal> {
    let (handle, order) = (visit.handle()?, Ordered::asked(&visit, Range::All));
    let (caller, viewer, now) = (visit.caller(), visit.actor(), visit.now);
    let request = visit.page(PAGE);
    let proved = elsewhere::proved(&visit).await?;
    let (page, elsewhere, featured, mut list) = visit
        .state
        .read(move |db| {
            let found = group::find(db, &handle)?;
            let page = group::page(db, found, caller, now)?;
            let of = page.group.id;
            let elsewhere = group::linked(db, of, viewer, proved)?;
            let pinned = feed::featured(db, viewer, of)?;
            let list = feed::page(db, viewer, feed::Feed::Group(of), order.sort, request)?;
            Ok::<_, Refusal>((page, elsewhere, pinned, list))
        })
        .await?;
    if let Some(path) = visit.in_lower_case() {
        return Ok(moved(&path));
    }
    let group = GroupModel::new(&page);
    let path = group.face.href.clone();
    list.items
        .retain(|card| featured.iter().all(|pinned| pinned.post.id != card.post.id));
    let featured = featured.iter().filter(|_| request.after.is_none());
    let model = Model {
        orders: order.orders(&path),
        ranges: order.ranges(&path),
        featured: featured.map(|card| PostModel::new(card, viewer)).collect(),
        posts: posts(list, &order.path(&path), viewer),
        elsewhere: elsewhere.iter().map(Face::new).collect(),
        group,
    };
    let shown = Page::new("group.html", page.group.title.clone(), &model)
        .alternate(page.group.uri.as_str())
        .canonical(&page.group.url);
    let private = page.group.is_private_group();
    let listed = (page.group.discoverable && !private) || !page.group.local;
    let shown = if private {
        shown
    } else {
        let shared = Shared::actor(&visit, &page.group);
        shown.feed(format!("{path}/feed.atom")).shared(shared)
    };
    Ok(if listed { shown } else { shown.unlisted() }.into())
}

impl GroupModel {
    /// The path of its page.
    pub(super) fn href(&self) -> &str {
        &self.face.href
    }

    /// A group as somebody sees it.
    pub(super) fn new(page: &GroupPage) -> Self {
        let group = &page.group;
        Self {
            face: Face::new(group),
            cover: group.image_url.clone(),
            summary: group.summary_html.clone(),
            address: group.full_handle(),
            source_url: (!group.local)
                .then(|| group.url.clone())
                .filter(|url| is_web(url)),
            members: page.member_count,
            moderators: page.moderators.iter().map(Face::new).collect(),
            restricted: group.posting_restricted,
            membership: match page.membership {
                Some(FollowState::Accepted) => "joined",
                Some(FollowState::Pending) if page.unreachable => "unreachable",
                Some(FollowState::Pending) => "asked",
                Some(FollowState::Refused) => "refused",
                None => "none",
            },
            level: page.level.unwrap_or_default().as_str(),
            moderates: page.moderates,
            may_post: page.may_post,
            banned: page.relation.ban.as_ref().map(|ban| ban.reason.clone()),
            local: group.local,
            private: group.is_private_group(),
            open: page.open,
            moved: page.moved.as_ref().map(Face::new),
        }
    }
}

/// The group of the path.
pub(super) async fn find(visit: &Visit) -> Result<Actor, Refusal> {
    let handle = visit.handle()?;
    visit.state.read(move |db| group::find(db, &handle)).await
}

/// The group of the path as the one who looks sees it.
pub(super) async fn seen(visit: &Visit) -> Result<GroupPage, Refusal> {
    let (handle, caller, now) = (visit.handle()?, visit.caller(), visit.now);
    let look = visit.state.read(move |db| {
        let group = group::find(db, &handle)?;
        Ok::<_, Refusal>(group::page(db, group, caller, now)?)
    });
    look.await
}

/// `/c/{name}/join`.
pub(super) async fn join(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let group = find(visit).await?;
    let state = visit
        .state
        .operations()
        .run(visit.caller(), JoinGroup { group: group.id })
        .await?;
    let note = match state {
        FollowState::Accepted => "joined",
        FollowState::Pending | FollowState::Refused => "asked",
    };
    Ok(Led::to(Face::new(&group).href).note(note).into())
}

/// `/c/{name}/leave`.
pub(super) async fn leave(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let group = find(visit).await?;
    visit
        .state
        .operations()
        .run(visit.caller(), LeaveGroup { group: group.id })
        .await?;
    let back = next(&form.fields, &Face::new(&group).href);
    Ok(Led::to(back).note("left").into())
}

/// `/c/{name}/news`: what somebody hears of it.
pub(super) async fn hear(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let group = find(visit).await?;
    let level = form.fields.chosen("level", Level::parse)?;
    let levels = vec![(group.id, level)];
    let set = visit
        .state
        .operations()
        .run(visit.caller(), SetLevels { levels });
    set.await?;
    Ok(Led::to(Face::new(&group).href).note("saved").into())
}

#[derive(Serialize)]
struct Directory {
    groups: List<Listed>,
    may_found: bool,
}

/// A group in a list.
#[derive(Serialize)]
pub(super) struct Listed {
    face: Face,
    about: String,
    members: i64,
}

impl Listed {
    /// A group in a list.
    pub(super) fn new(group: &Actor) -> Self {
        Self {
            face: Face::new(group),
            about: crate::text::plain::excerpt_html(&group.summary_html, 200),
            members: group.followers_count,
        }
    }
}

/// `/groups`: the hub's own groups.
pub(super) async fn list(visit: Visit) -> Result<Answer, Refusal> {
    let (viewer, request) = (visit.actor(), visit.page(LISTED));
    let page = visit
        .state
        .read(move |db| directory::groups(db, viewer, request))
        .await?;
    let groups = List::new(page, "/groups", |group| Listed::new(&group));
    let model = Directory {
        groups,
        may_found: super::people::may_found(&visit),
    };
    let (title, about) = (visit.text("groups-title"), visit.text("groups-shared"));
    let shared = Shared::list(&visit, title.clone(), about, "/groups");
    let page = Page::new("groups.html", title, &model);
    Ok(page.shared(shared).into())
}

/// An answer that is no page and for nobody else.
pub(super) fn private_file(text: String, kind: &'static str) -> Answer {
    let mut response = plain(text, kind);
    let never = HeaderValue::from_static("private, no-store");
    response.headers_mut().insert(header::CACHE_CONTROL, never);
    Answer::File(response)
}

/// An answer that is no page.
pub(super) fn file(text: String, kind: &'static str) -> Answer {
    let mut response = plain(text, kind);
    let age = HeaderValue::from_static("public, max-age=300");
    response.headers_mut().insert(header::CACHE_CONTROL, age);
    Answer::File(response)
}

fn plain(text: String, kind: &'static str) -> Response {
    let mut response = Response::new(Body::from(text));
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    let sniff = HeaderValue::from_static("nosniff");
    response
        .headers_mut()
        .insert(header::X_CONTENT_TYPE_OPTIONS, sniff);
    response
}
