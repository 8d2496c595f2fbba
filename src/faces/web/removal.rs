//! A moderator removes something: for what reason, by which rule, and with which words to its author.

use serde::Serialize;

use crate::domain::ids::ObjectId;
use crate::domain::policy;
use crate::domain::refusal::{Kind, Refusal};
use crate::operations::moderation::RemoveObject;
use crate::operations::rule::RemoveByRule;
use crate::text::plain::excerpt_html;
use crate::views::{group, queue, rule};

use super::answer::{Answer, Led, Page, Wrong, next};
use super::desk::WordingModel;
use super::form::{Fields, Submission};
use super::report::subject;
use super::rules::{RuleModel, cited_rule};
use super::thread::place;
use super::visit::{Visit, is_local_path};

#[derive(Serialize)]
struct Model {
    what: String,
    action: String,
    back: String,
    next: String,
    rules: Vec<RuleModel>,
    rule: String,
    wordings: Vec<WordingModel>,
    reason: String,
    message: String,
    comment: bool,
    with_replies: bool,
    wrong: Wrong,
}

/// `.../remove`: the form.
pub(super) async fn form(visit: Visit) -> Result<Answer, Refusal> {
    let next = visit.query("next").filter(|path| is_local_path(path));
    let next = next.unwrap_or_default().to_owned();
    let page = page(&visit, &Fields::default(), next, Wrong::default()).await?;
    Ok(page.into())
}

/// The form with what was typed.
async fn page(visit: &Visit, typed: &Fields, next: String, wrong: Wrong) -> Result<Page, Refusal> {
    policy::require_actor(visit.caller())?;
    let object = visit.object()?;
    let (caller, now) = (visit.caller(), visit.now);
    let (card, comment) = subject(visit, object).await?;
    let home = card.group;
    let look = visit.state.read(move |db| {
        let page = group::page(db, home, caller, now)?;
        policy::require_moderator(caller, &page.relation, page.group.local)?;
        let rules = rule::citable(db, Some(page.group.id))?;
        Ok::<_, Refusal>((rules, queue::wordings(db)?))
    });
    let (rules, wordings) = look.await?;
    let said = comment.map(|card| excerpt_html(&card.comment.html, 200));
    let text = |name: &str| typed.text(name).to_owned();
    let mut message = text("message");
    if typed.ticked("insert") {
        let chosen = wordings
            .iter()
            .find(|one| one.id.to_string() == typed.text("wording"));
        let chosen = chosen.map(|one| one.text.as_str()).unwrap_or_default();
        if !message.is_empty() {
            message.push_str("\n\n");
        }
        message.push_str(chosen);
    }
    let model = Model {
        what: said.unwrap_or(card.post.title),
        action: visit.path.split('?').next().unwrap_or("/").to_owned(),
        back: place(visit, object).await?,
        next,
        rules: rules.into_iter().map(RuleModel::new).collect(),
        rule: text("rule"),
        wordings: wordings.into_iter().map(WordingModel::new).collect(),
        reason: text("reason"),
        message,
        comment: matches!(object, ObjectId::Comment(_)),
        with_replies: typed.ticked("with_replies"),
        wrong,
    };
    Ok(Page::new("removal.html", visit.text("removal-title"), &model).unlisted())
}

/// `.../remove`, sent: takes it away from everybody; it can be brought back.
pub(super) async fn remove(form: Submission) -> Result<Answer, Refusal> {
    let (visit, fields) = (&form.visit, &form.fields);
    let object = visit.object()?;
    let to = next(fields, "");
    if fields.ticked("insert") {
        return Ok(page(visit, fields, to, Wrong::default()).await?.into());
    }
    let remove = RemoveByRule {
        removal: RemoveObject {
            object,
            reason: fields.text("reason").to_owned(),
            with_replies: fields.ticked("with_replies"),
            relay: None,
        },
        rule: cited_rule(fields),
        message: fields.text("message").to_owned(),
    };
    match visit.state.operations().run(visit.caller(), remove).await {
        Ok(()) => {
            let to = if to.is_empty() {
                place(visit, object).await?
            } else {
                to
            };
            Ok(Led::to(to).note("removed").undo(object, "unremove").into())
        }
        Err(refusal) if refusal.kind == Kind::Invalid => {
            let page = page(visit, fields, to, visit.wrong(&refusal)).await?;
            Ok(page.rejected(&refusal).into())
        }
        Err(refusal) => Err(refusal),
    }
}
