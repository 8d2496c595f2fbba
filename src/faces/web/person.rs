//! A person's page: who they are, what they wrote.

use serde::Serialize;

use crate::domain::block::Distance;
use crate::domain::membership::Role;
use crate::domain::page::Page as Rows;
use crate::domain::post::Sort;
use crate::domain::refusal::Refusal;
use crate::views::{account, actor, block, feed, thread};

use super::answer::{Answer, Page, moved};
use super::following::followed;
use super::home::PAGE;
use super::model::{CommentModel, Face, List, PostModel, is_web, posts};
use super::sharing::Shared;
use super::visit::Visit;

#[derive(Serialize)]
struct Model {
    person: Face,
    cover: Option<String>,
    address: String,
    bio: String,
    source_url: Option<String>,
    since: i64,
    post_count: i64,
    comment_count: i64,
    moderates: Vec<Face>,
    mine: bool,
    /// How many follow them, where they show it.
    followers: Option<i64>,
    /// Whether the viewer follows them: `none`, `asked`, `unreachable`, `refused` or `following`.
    followed: &'static str,
    /// What they may do on the hub, for admins.
    role: Option<&'static str>,
    /// How far the viewer keeps them away: `block`, `mute` or not at all.
    distance: Option<&'static str>,
    tab: &'static str,
    posts: List<PostModel>,
    comments: List<CommentModel>,
}

/// `/u/{name}`: a person with their posts, or with their comments.
pub(super) async fn show(visit: Visit) -> Result<Answer, Refusal> {
    let (handle, viewer, request) = (visit.handle()?, visit.actor(), visit.page(PAGE));
    let writes = visit.query("show") == Some("comments");
    let admin = visit.caller().is_admin();
    let (profile, role, distance, list, comments) = visit
        .state
        .read(move |db| {
            let person = actor::person(db, &handle)?;
            let profile = actor::profile(db, viewer, person)?;
            let of = profile.actor.id;
            let role = if admin && profile.actor.local {
                account::find(db, of)?.map(|account| account.role)
            } else {
                None
            };
            let distance = match viewer {
                Some(viewer) => block::between(db, viewer, of)?,
                None => None,
            };
            let (mut list, mut comments) = (nothing(), nothing());
            if writes {
                comments = thread::of_author(db, viewer, of, request)?;
            } else {
                list = feed::page(db, viewer, feed::Feed::Author(of), Sort::New, request)?;
            }
            Ok::<_, Refusal>((profile, role, distance, list, comments))
        })
        .await?;
    if let Some(path) = visit.in_lower_case() {
        return Ok(moved(&path));
    }
    let of = &profile.actor;
    let face = Face::new(of);
    let path = face.href.clone();
    let model = Model {
        cover: of.image_url.clone(),
        address: of.full_handle(),
        bio: of.summary_html.clone(),
        source_url: (!of.local)
            .then(|| of.url.clone())
            .filter(|url| is_web(url)),
        since: of.created_at.0,
        post_count: profile.post_count,
        comment_count: profile.comment_count,
        moderates: profile.moderates.iter().map(Face::new).collect(),
        mine: viewer == Some(of.id),
        followers: profile.followers,
        followed: followed(profile.followed, profile.unreachable),
        role: role.map(Role::as_str),
        distance: distance.map(Distance::as_str),
        tab: if writes { "comments" } else { "posts" },
        posts: posts(list, &path, viewer),
        comments: List::new(comments, &format!("{path}?show=comments"), |card| {
            CommentModel::new(&card, None, viewer)
        }),
        person: face,
    };
    Ok(Page::new("person.html", of.title.clone(), &model)
        .alternate(of.uri.as_str())
        .canonical(&of.url)
        .feed(format!("{path}/feed.atom"))
        .shared(Shared::actor(&visit, of))
        .into())
}

fn nothing<T>() -> Rows<T> {
    Rows {
        items: Vec::new(),
        next: None,
    }
}
