//! The rules of the hub and of its groups: shown on their pages, written by moderators, chosen where
//! something is reported or removed.

use serde::Serialize;

use crate::domain::actor::Actor;
use crate::domain::ids::RuleId;
use crate::domain::policy;
use crate::domain::refusal::{Kind, Refusal};
use crate::domain::rule::Rule;
use crate::operations::rule::{DropRule, WriteRule};
use crate::views::rule;

use super::answer::{Answer, Led, Page, Wrong};
use super::form::{Fields, Submission};
use super::group::seen;
use super::model::Face;
use super::visit::Visit;

/// A rule, as lists and choices show it.
#[derive(Serialize)]
pub(super) struct RuleModel {
    id: i64,
    number: i32,
    title: String,
    text: String,
    /// As it stands before a reason.
    cited: String,
}

impl RuleModel {
    pub(super) fn new(rule: Rule) -> Self {
        Self {
            id: rule.id.0,
            number: rule.number,
            cited: rule.cited(),
            title: rule.title,
            text: rule.text,
        }
    }
}

/// The rule that was chosen in a form.
pub(super) fn cited_rule(fields: &Fields) -> Option<RuleId> {
    fields.text("rule").parse().ok().map(RuleId)
}

#[derive(Serialize)]
struct Model {
    of: Option<Face>,
    action: String,
    rules: Vec<RuleModel>,
    title: String,
    text: String,
    wrong: Wrong,
}

/// Whose rules a page at this address is about: `/rules` the hub's, `/c/{name}/rules` a group's.
async fn home(visit: &Visit) -> Result<Option<Actor>, Refusal> {
    if visit.param("name").is_empty() {
        policy::require_hub_moderator(visit.caller())?;
        return Ok(None);
    }
    let seen = seen(visit).await?;
    policy::require_moderator(visit.caller(), &seen.relation, seen.group.local)?;
    Ok(Some(seen.group))
}

/// `/rules` and `/c/{name}/rules`: where moderators write them.
pub(super) async fn form(visit: Visit) -> Result<Answer, Refusal> {
    let page = page(&visit, &Fields::default(), Wrong::default()).await?;
    Ok(page.into())
}

async fn page(visit: &Visit, typed: &Fields, wrong: Wrong) -> Result<Page, Refusal> {
    let home = home(visit).await?;
    let group = home.as_ref().map(|group| group.id);
    let rules = visit.state.read(move |db| rule::of(db, group)).await?;
    let of = home.as_ref().map(Face::new);
    // What was typed stands where a new rule is written; a rule that there is keeps its words.
    let new = |name| match typed.filled("rule") {
        None => typed.text(name).to_owned(),
        Some(_) => String::new(),
    };
    let model = Model {
        action: place(of.as_ref()),
        of,
        rules: rules.into_iter().map(RuleModel::new).collect(),
        title: new("title"),
        text: new("body"),
        wrong,
    };
    Ok(Page::new("rules_edit.html", visit.text("rules-edit"), &model).unlisted())
}

fn place(of: Option<&Face>) -> String {
    of.map_or_else(
        || "/rules".to_owned(),
        |face| format!("{}/rules", face.href),
    )
}

/// The same addresses, sent: a rule is written or changed.
pub(super) async fn write(form: Submission) -> Result<Answer, Refusal> {
    let (visit, fields) = (&form.visit, &form.fields);
    let home = home(visit).await?;
    let write = WriteRule {
        group: home.as_ref().map(|group| group.id),
        rule: cited_rule(fields),
        number: fields.text("number").parse().ok(),
        title: fields.text("title").to_owned(),
        text: fields.text("body").to_owned(),
    };
    match visit.state.operations().run(visit.caller(), write).await {
        Ok(_) => {
            let to = place(home.as_ref().map(Face::new).as_ref());
            Ok(Led::to(to).note("saved").into())
        }
        Err(refusal) if matches!(refusal.kind, Kind::Invalid | Kind::Conflict) => {
            let page = page(visit, fields, visit.wrong(&refusal)).await?;
            Ok(page.rejected(&refusal).into())
        }
        Err(refusal) => Err(refusal),
    }
}

/// `/rules/drop` and `/c/{name}/rules/drop`: a rule holds no more.
pub(super) async fn drop_rule(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let home = home(visit).await?;
    let missing = || Refusal::not_found("rule.not_found", "There is no such rule.");
    let rule = cited_rule(&form.fields).ok_or_else(missing)?;
    let done = visit
        .state
        .operations()
        .run(visit.caller(), DropRule { rule });
    done.await?;
    let to = place(home.as_ref().map(Face::new).as_ref());
    Ok(Led::to(to).note("saved").into())
}
