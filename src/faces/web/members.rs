//! Lists of people: those of the hub, and those of a group; who does not want to be listed is not.

use serde::Serialize;

use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::views::{group as groups, rule, search};

use super::answer::{Answer, Page};
use super::group::GroupModel;
use super::model::List;
use super::rules::RuleModel;
use super::search::Listed;
use super::visit::Visit;

/// People of one page.
const PAGE: u32 = 50;

#[derive(Serialize)]
struct Directory {
    query: String,
    people: List<Listed>,
}

/// `/members`: the hub's people, for each other.
pub(super) async fn hub(visit: Visit) -> Result<Answer, Refusal> {
    policy::require_actor(visit.caller())?;
    let (viewer, request) = (visit.actor(), visit.page(PAGE));
    let query = visit.query("q").unwrap_or_default().trim();
    let query: String = query.chars().take(100).collect();
    let words = query.clone();
    let found = visit
        .state
        .read(move |db| search::people(db, viewer, &words, true, request));
    let encoded: String = url::form_urlencoded::byte_serialize(query.as_bytes()).collect();
    let path = format!("/members?q={encoded}");
    let model = Directory {
        people: List::new(found.await?, &path, |person| Listed::new(&person)),
        query,
    };
    Ok(
        Page::new("members.html", visit.text("members-title"), &model)
            .unlisted()
            .into(),
    )
}

#[derive(Serialize)]
struct OfGroup {
    group: GroupModel,
    people: List<Listed>,
}

/// `/c/{name}/members`: who is in a group, for people of the hub; to its moderators all of them.
pub(super) async fn group(visit: Visit) -> Result<Answer, Refusal> {
    policy::require_actor(visit.caller())?;
    let (handle, caller, now) = (visit.handle()?, visit.caller(), visit.now);
    let request = visit.page(PAGE);
    let look = visit.state.read(move |db| {
        let found = groups::find(db, &handle)?;
        let page = groups::page(db, found, caller, now)?;
        if !page.open {
            return Err(Refusal::forbidden(
                "group.closed",
                "Only its members see who is in this group.",
            ));
        }
        let people = search::members(db, page.group.id, page.moderates, request)?;
        Ok((page, people))
    });
    let (page, people) = look.await?;
    let group = GroupModel::new(&page);
    let path = format!("{}/members", group.href());
    let model = OfGroup {
        people: List::new(people, &path, |person| Listed::new(&person)),
        group,
    };
    let title = page.group.title;
    Ok(Page::new("group_members.html", title, &model)
        .unlisted()
        .into())
}

#[derive(Serialize)]
struct About {
    group: GroupModel,
    rules: Vec<RuleModel>,
}

/// `/c/{name}/about`: what a group is for, by which rules, and who runs it.
pub(super) async fn about(visit: Visit) -> Result<Answer, Refusal> {
    let page = super::group::seen(&visit).await?;
    let of = page.group.id;
    let look = visit.state.read(move |db| rule::of(db, Some(of)));
    let rules = if page.open { look.await? } else { Vec::new() };
    let model = About {
        group: GroupModel::new(&page),
        rules: rules.into_iter().map(RuleModel::new).collect(),
    };
    let title = page.group.title;
    Ok(Page::new("group_about.html", title, &model).into())
}
