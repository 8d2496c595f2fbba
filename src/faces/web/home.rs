//! The home page: what is new, everywhere or of what somebody follows.

use serde::Serialize;

use crate::domain::ids::ActorId;
use crate::domain::page::{Page as Rows, PageRequest};
use crate::domain::post::{Range, Sort};
use crate::domain::question::{Of, Which};
use crate::domain::refusal::Refusal;
use crate::views::post::PostCard;
use crate::views::{Snapshot, directory, feed, question};

use super::answer::{Answer, Page};
use super::group::Listed;
use super::model::{List, PostModel, posts};
use super::order::{Link, Ordered};
use super::people::may_found;
use super::sharing::Shared;
use super::visit::Visit;

/// Posts of one page of a list.
pub(super) const PAGE: u32 = 20;
/// Groups beside the home page.
const GROUPS: u32 = 8;

#[derive(Serialize)]
struct Model {
    description: String,
    scope: &'static str,
    everywhere: String,
    following: String,
    /// Empty where the list has an order of its own.
    orders: Vec<Link>,
    ranges: Vec<Link>,
    posts: List<PostModel>,
    groups: Vec<Listed>,
    numbers: Numbers,
    steps: Vec<Step>,
    may_found: bool,
}

/// What tells a visitor that somebody is at home.
#[derive(Serialize)]
struct Numbers {
    users: i64,
    active: i64,
    written: i64,
}

/// Something a newcomer may want to do first.
#[derive(Serialize)]
struct Step {
    key: &'static str,
    href: &'static str,
    done: bool,
}

/// What a list on the home page is taken from.
#[derive(Clone, Copy)]
enum Scope {
    All,
    /// The groups and people that a member follows.
    Following(ActorId),
    /// Questions that wait for an answer.
    Unanswered,
}

impl Scope {
    /// What the address asks for; members alone have a choice.
    fn asked(visit: &Visit) -> Self {
        match (visit.actor(), visit.query("in")) {
            // The other is what this address was.
            (Some(member), Some("following" | "joined")) => Self::Following(member),
            (Some(_), Some("unanswered")) => Self::Unanswered,
            _ => Self::All,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Following(_) => "following",
            Self::Unanswered => "unanswered",
        }
    }

    fn posts(
        self,
        db: &mut Snapshot,
        viewer: Option<ActorId>,
        sort: Sort,
        page: PageRequest,
    ) -> Result<Rows<PostCard>, Refusal> {
        let from = match self {
            Self::All => feed::Feed::Everywhere,
            Self::Following(member) => feed::Feed::Following(member),
            Self::Unanswered => {
                return Ok(question::page(db, viewer, &Which::open(Of::All), page)?);
            }
        };
        Ok(feed::page(db, viewer, from, sort, page)?)
    }
}

/// `/`: the newest (or otherwise ordered) posts and the groups of the hub.
pub(super) async fn show(visit: Visit) -> Result<Answer, Refusal> {
    // What was best since the beginning is a memory of groups; the hub shows what is best of late.
    let order = Ordered::asked(&visit, Range::Month);
    let sort = order.sort;
    let (viewer, scope, page) = (visit.actor(), Scope::asked(&visit), visit.page(PAGE));
    let (list, groups) = visit
        .state
        .read(move |db| {
            let list = scope.posts(db, viewer, sort, page)?;
            let groups = directory::groups(db, viewer, PageRequest::first(GROUPS))?;
            Ok::<_, Refusal>((list, groups))
        })
        .await?;
    let numbers = numbers(&visit).await;
    let steps = steps(&visit, !groups.items.is_empty(), &numbers);
    let path = format!("/?in={}", scope.as_str());
    let ordered = !matches!(scope, Scope::Unanswered);
    let model = Model {
        description: visit.settings.instance.description.clone(),
        scope: scope.as_str(),
        everywhere: order.path("/?in=all"),
        following: order.path("/?in=following"),
        orders: if ordered {
            order.orders(&path)
        } else {
            Vec::new()
        },
        ranges: if ordered {
            order.ranges(&path)
        } else {
            Vec::new()
        },
        posts: posts(list, &order.path(&path), viewer),
        groups: groups.items.iter().map(Listed::new).collect(),
        numbers,
        steps,
        may_found: may_found(&visit),
    };
    let uri = visit.state.names().instance();
    Ok(Page::new("home.html", title(&visit), &model)
        .alternate(uri.as_str())
        .feed("/feed.atom".to_owned())
        .shared(Shared::hub(&visit))
        .into())
}

/// Visitors come to the hub by its name, members to what is new.
fn title(visit: &Visit) -> String {
    match visit.signed {
        Some(_) => visit.text("home-title"),
        None => visit.settings.instance.name.clone(),
    }
}

async fn numbers(visit: &Visit) -> Numbers {
    let counts = visit.state.numbers.lately(&visit.state).await;
    Numbers {
        users: counts.users,
        active: counts.active_month,
        written: counts.posts + counts.comments,
    }
}

/// The first steps of a member, and before them those of who runs the hub, until all of them are taken.
fn steps(visit: &Visit, grouped: bool, numbers: &Numbers) -> Vec<Step> {
    let Some(signed) = &visit.signed else {
        return Vec::new();
    };
    let step = |key, href, done| Step { key, href, done };
    let described = !visit.settings.instance.description.is_empty();
    let mut steps = Vec::new();
    if visit.caller().is_admin() {
        steps.push(step("welcome-look", "/admin/appearance", described));
        steps.push(step("welcome-found", "/groups/new", grouped));
        steps.push(step("welcome-invite", "/invitations", numbers.users > 1));
    } else {
        let joined = !visit.own.groups.is_empty();
        steps.push(step("welcome-join", "/groups", joined));
    }
    let told = !signed.actor.summary_html.is_empty();
    steps.push(step("welcome-profile", "/settings", told));
    let open = steps.iter().any(|step| !step.done);
    if open { steps } else { Vec::new() }
}
