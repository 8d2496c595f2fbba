//! Something is reported to moderators: a post, a comment, a person.

use serde::Serialize;

use crate::domain::ids::{ActorId, ObjectId, PostId};
use crate::domain::policy;
use crate::domain::refusal::{Kind, Refusal};
use crate::operations::flag::RaiseFlag;
use crate::operations::rule::ReportByRule;
use crate::views::post::{self, PostCard};
use crate::views::{actor, rule};

use super::answer::{Answer, Led, Page, Wrong};
use super::form::{Fields, Submission};
use super::model::Face;
use super::rules::{RuleModel, cited_rule};
use super::thread::place;
use super::visit::Visit;

#[derive(Serialize)]
struct Model {
    what: String,
    action: String,
    back: String,
    rules: Vec<RuleModel>,
    rule: String,
    reason: String,
    wrong: Wrong,
}

/// `.../report`: the form that tells moderators.
pub(super) async fn form(visit: Visit) -> Result<Answer, Refusal> {
    policy::require_actor(visit.caller())?;
    Ok(page(&visit, &Fields::default(), Wrong::default())
        .await?
        .into())
}

async fn page(visit: &Visit, typed: &Fields, wrong: Wrong) -> Result<Page, Refusal> {
    let object = visit.object()?;
    let (card, comment) = subject(visit, object).await?;
    let rules = rules_for(visit, Some(card.group.id)).await?;
    let text = comment
        .as_ref()
        .map(|card| crate::text::plain::excerpt_html(&card.comment.html, 200));
    let model = Model {
        what: text.unwrap_or(card.post.title),
        action: visit.path.split('?').next().unwrap_or("/").to_owned(),
        back: place(visit, object).await?,
        rules,
        rule: typed.text("rule").to_owned(),
        reason: typed.text("reason").to_owned(),
        wrong,
    };
    Ok(Page::new("report.html", visit.text("report-title"), &model).unlisted())
}

/// The rules that somebody may cite.
async fn rules_for(visit: &Visit, group: Option<ActorId>) -> Result<Vec<RuleModel>, Refusal> {
    let rules = visit.state.read(move |db| rule::citable(db, group)).await?;
    Ok(rules.into_iter().map(RuleModel::new).collect())
}

/// What a post or comment says, and around it.
pub(super) async fn subject(
    visit: &Visit,
    object: ObjectId,
) -> Result<(PostCard, Option<post::CommentCard>), Refusal> {
    let viewer = visit.actor();
    let look = visit.state.read(move |db| {
        let comment = match object {
            ObjectId::Comment(id) => Some(post::comment(db, viewer, id)?),
            ObjectId::Post(_) => None,
        };
        let id = comment
            .as_ref()
            .map_or(PostId(object.number()), |card| card.comment.post);
        Ok::<_, Refusal>((post::card(db, viewer, id)?, comment))
    });
    look.await
}

/// `.../report`: tells the moderators.
pub(super) async fn send(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let object = visit.object()?;
    let (card, comment) = subject(visit, object).await?;
    let report = RaiseFlag {
        group: Some(card.group.id),
        objects: vec![object],
        subject: comment.map_or(card.author.id, |card| card.author.id),
        reason: form.fields.text("reason").to_owned(),
        uri: None,
    };
    let flag = ReportByRule {
        report,
        rule: cited_rule(&form.fields),
    };
    match visit.state.operations().run(visit.caller(), flag).await {
        Ok(_) => Ok(Led::to(place(visit, object).await?).note("reported").into()),
        Err(refusal) if refusal.kind == Kind::Invalid => {
            let page = page(visit, &form.fields, visit.wrong(&refusal)).await?;
            Ok(page.rejected(&refusal).into())
        }
        Err(refusal) => Err(refusal),
    }
}

/// `/u/{name}/report`: the form that tells the hub's moderators about a person.
pub(super) async fn person_form(visit: Visit) -> Result<Answer, Refusal> {
    policy::require_actor(visit.caller())?;
    let page = person_page(&visit, &Fields::default(), Wrong::default()).await?;
    Ok(page.into())
}

async fn person_page(visit: &Visit, typed: &Fields, wrong: Wrong) -> Result<Page, Refusal> {
    let handle = visit.handle()?;
    let person = visit
        .state
        .read(move |db| actor::person(db, &handle))
        .await?;
    let face = Face::new(&person);
    let model = Model {
        what: person.full_handle(),
        action: format!("{}/report", face.href),
        back: face.href,
        rules: rules_for(visit, None).await?,
        rule: typed.text("rule").to_owned(),
        reason: typed.text("reason").to_owned(),
        wrong,
    };
    Ok(Page::new("report.html", visit.text("report-title"), &model).unlisted())
}

/// `/u/{name}/report`: tells the hub's moderators.
pub(super) async fn person(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let handle = visit.handle()?;
    let person = visit
        .state
        .read(move |db| actor::person(db, &handle))
        .await?;
    let report = RaiseFlag {
        group: None,
        objects: Vec::new(),
        subject: person.id,
        reason: form.fields.text("reason").to_owned(),
        uri: None,
    };
    let flag = ReportByRule {
        report,
        rule: cited_rule(&form.fields),
    };
    match visit.state.operations().run(visit.caller(), flag).await {
        Ok(_) => Ok(Led::to(Face::new(&person).href).note("reported").into()),
        Err(refusal) if refusal.kind == Kind::Invalid => {
            let page = person_page(visit, &form.fields, visit.wrong(&refusal)).await?;
            Ok(page.rejected(&refusal).into())
        }
        Err(refusal) => Err(refusal),
    }
}
