//! What admins look after beside servers: the hub's groups, and who has which role.

use axum::http::StatusCode;
use serde::Serialize;

use crate::domain::membership::{AmongGroups, Role};
use crate::domain::policy;
use crate::domain::refusal::{Kind, Refusal};
use crate::faces::shared::error;
use crate::operations::account::SetRole;
use crate::views::actor;
use crate::views::overview::{self, GroupCard};

use super::answer::{Answer, Led, Page};
use super::form::Submission;
use super::model::{Face, List};
use super::visit::Visit;

/// Where the groups are.
const AT: &str = "/admin/groups";
/// Groups on one page.
const PAGE: u32 = 50;
/// Letters of what is looked for that count.
const SOUGHT: usize = 100;
/// Moderators of a group that are named.
const NAMED: usize = 3;

/// The parts of the hub's groups by the words that stand for them in the address, and their texts.
const PARTS: [(&str, AmongGroups, &str); 4] = [
    ("all", AmongGroups::All, "run-groups-all"),
    ("private", AmongGroups::Private, "run-groups-private"),
    ("unlisted", AmongGroups::Unlisted, "run-groups-unlisted"),
    ("left", AmongGroups::Unmoderated, "run-groups-left"),
];

#[derive(Serialize)]
struct Model {
    query: String,
    show: &'static str,
    chips: Vec<Chip>,
    groups: List<GroupLine>,
}

/// A part of a list to choose.
#[derive(Serialize)]
pub(super) struct Chip {
    pub(super) name: String,
    pub(super) href: String,
    pub(super) current: bool,
}

#[derive(Serialize)]
struct GroupLine {
    face: Face,
    members: i64,
    posts: i64,
    private: bool,
    listed: bool,
    restricted: bool,
    moderators: Vec<Face>,
    /// How many more there are.
    others: usize,
    since: i64,
    /// Whether the viewer is one of the moderators.
    mine: bool,
}

impl GroupLine {
    fn new(card: GroupCard, visit: &Visit) -> Self {
        let moderators = card.moderators;
        Self {
            face: Face::new(&card.group),
            members: card.group.followers_count,
            posts: card.posts,
            private: card.group.is_private_group(),
            listed: card.group.discoverable,
            restricted: card.group.posting_restricted,
            others: moderators.len().saturating_sub(NAMED),
            mine: moderators.iter().any(|one| visit.actor() == Some(one.id)),
            moderators: moderators.iter().take(NAMED).map(Face::new).collect(),
            since: card.group.created_at.0,
        }
    }
}

/// The part of a list that an address asks for, and all of them to choose from.
pub(super) struct Parts<T> {
    /// The word that stands for it in the address.
    pub(super) show: &'static str,
    pub(super) among: T,
    pub(super) chips: Vec<Chip>,
    /// What is looked for in it.
    pub(super) query: String,
    /// Its address.
    pub(super) at: String,
}

impl<T: Copy> Parts<T> {
    /// What `?show=` and `?q=` ask for of the list at a path; the first of the parts, if it is none of
    /// them.
    pub(super) fn asked<const N: usize>(
        visit: &Visit,
        path: &str,
        parts: [(&'static str, T, &str); N],
    ) -> Self {
        let query = sought(visit);
        let asked = visit.query("show").unwrap_or_default();
        let part = parts.iter().find(|(key, ..)| *key == asked);
        let (show, among, _) = *part.unwrap_or(&parts[0]);
        let chip = |(key, _, text): (&str, T, &str)| Chip {
            name: visit.text(text),
            href: part_at(path, key, &query),
            current: key == show,
        };
        Self {
            chips: parts.map(chip).into(),
            at: part_at(path, show, &query),
            show,
            among,
            query,
        }
    }
}

/// What somebody looks for, within bounds.
fn sought(visit: &Visit) -> String {
    let query = visit.query("q").unwrap_or_default().trim();
    query.chars().take(SOUGHT).collect()
}

/// The address of a part of a list.
fn part_at(path: &str, show: &str, query: &str) -> String {
    let mut given = url::form_urlencoded::Serializer::new(String::new());
    given.append_pair("show", show);
    if !query.is_empty() {
        given.append_pair("q", query);
    }
    format!("{path}?{}", given.finish())
}

/// `/admin/groups`: every group of the hub.
pub(super) async fn groups(visit: Visit) -> Result<Answer, Refusal> {
    policy::require_admin(visit.caller())?;
    let (part, request) = (Parts::asked(&visit, AT, PARTS), visit.page(PAGE));
    let (among, text) = (part.among, part.query.clone());
    let look = move |db: &mut _| overview::groups(db, among, &text, request);
    let found = visit.state.read(look).await?;
    let model = Model {
        groups: List::new(found, &part.at, |card| GroupLine::new(card, &visit)),
        chips: part.chips,
        query: part.query,
        show: part.show,
    };
    let title = visit.text("run-groups-title");
    Ok(Page::new("admin_groups.html", title, &model)
        .unlisted()
        .into())
}

/// `/u/{name}/role`: an admin gives somebody another role.
pub(super) async fn role(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    policy::require_admin(visit.caller())?;
    let role = form.fields.chosen("role", Role::parse)?;
    let handle = visit.handle()?;
    let person = visit.state.read(move |db| actor::person(db, &handle));
    let person = person.await?;
    let set = SetRole {
        actor: person.id,
        role,
    };
    match visit.state.operations().run(visit.caller(), set).await {
        Ok(()) => Ok(Led::to(Face::new(&person).href).note("role").into()),
        // The last admin stays one, and is told so.
        Err(refusal) if refusal.kind == Kind::Conflict => {
            error::log(&refusal);
            let page = visit.refused(&refusal, StatusCode::CONFLICT);
            Ok(Answer::File(page))
        }
        Err(refusal) => Err(refusal),
    }
}
