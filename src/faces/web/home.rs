//! The home page: what is new, everywhere or in the groups somebody joined.

use serde::Serialize;

use crate::domain::page::PageRequest;
use crate::domain::post::Sort;
use crate::domain::refusal::Refusal;
use crate::views::{account, directory, feed};

use super::answer::{Answer, Page};
use super::model::{Face, List, PostModel, posts};
use super::visit::Visit;

/// Posts of one page of a list.
pub(super) const PAGE: u32 = 20;
/// Groups beside the home page.
const GROUPS: u32 = 20;

/// A way to order a list.
#[derive(Serialize)]
pub(super) struct Order {
    key: &'static str,
    href: String,
    current: bool,
}

#[derive(Serialize)]
struct Model {
    description: String,
    scope: &'static str,
    everywhere: String,
    joined: String,
    orders: Vec<Order>,
    posts: List<PostModel>,
    mine: Vec<Face>,
    groups: Vec<Face>,
}

/// `/`: the newest (or otherwise ordered) posts and the groups of the hub.
pub(super) async fn show(visit: Visit) -> Result<Answer, Refusal> {
    let sort = order(&visit, Sort::Active);
    let viewer = visit.actor();
    let joined = viewer.filter(|_| visit.query("in") == Some("joined"));
    let (from, page) = (
        joined.map_or(feed::Feed::Everywhere, feed::Feed::Joined),
        visit.page(PAGE),
    );
    let (list, mine, groups) = visit
        .state
        .read(move |db| {
            let list = feed::page(db, viewer, from, sort, page)?;
            let mine = match viewer {
                Some(viewer) => account::groups_of(db, viewer)?,
                None => Vec::new(),
            };
            let groups = directory::groups(db, viewer, PageRequest::first(GROUPS))?;
            Ok::<_, Refusal>((list, mine, groups))
        })
        .await?;
    let scope = if joined.is_some() { "joined" } else { "all" };
    let path = format!("/?in={scope}");
    let model = Model {
        description: visit.settings.instance.description.clone(),
        scope,
        everywhere: format!("/?in=all&sort={}", sort.as_str()),
        joined: format!("/?in=joined&sort={}", sort.as_str()),
        orders: orders(&path, sort),
        posts: posts(list, &format!("{path}&sort={}", sort.as_str()), viewer),
        mine: mine.iter().map(Face::new).collect(),
        groups: groups.items.iter().map(Face::new).collect(),
    };
    let uri = visit.state.names().instance();
    Ok(Page::new("home.html", visit.text("home-title"), &model)
        .alternate(uri.as_str())
        .into())
}

/// The order that the address asks for.
pub(super) fn order(visit: &Visit, otherwise: Sort) -> Sort {
    visit
        .query("sort")
        .and_then(Sort::parse)
        .unwrap_or(otherwise)
}

/// The orders to choose from, as links below a path.
pub(super) fn orders(path: &str, current: Sort) -> Vec<Order> {
    let joint = if path.contains('?') { '&' } else { '?' };
    let link = |sort: Sort| Order {
        key: sort.as_str(),
        href: format!("{path}{joint}sort={}", sort.as_str()),
        current: sort == current,
    };
    [Sort::Active, Sort::New, Sort::Hot, Sort::Top]
        .map(link)
        .into()
}
