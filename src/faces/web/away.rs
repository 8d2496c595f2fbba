//! Whom the one who looks keeps away, and from whom they take messages: listed, set and lifted.

use serde::Serialize;

use crate::domain::actor::Actor;
use crate::domain::block::{Distance, MessagePolicy};
use crate::domain::policy;
use crate::domain::refusal::{Kind, Refusal};
use crate::operations::block::{KeepAway, KeepHostAway, LetNear};
use crate::operations::message::SetMessagePolicy;
use crate::views::{actor, block};

use super::answer::{Answer, Led, Page, Wrong, next};
use super::form::{Fields, Submission};
use super::model::Face;
use super::visit::Visit;

#[derive(Serialize)]
struct Model {
    people: Vec<Line>,
    hosts: Vec<String>,
    policy: &'static str,
    policies: [&'static str; 3],
    host: String,
    wrong: Wrong,
}

#[derive(Serialize)]
struct Line {
    face: Face,
    blocked: bool,
}

/// `/away`.
pub(super) async fn show(visit: Visit) -> Result<Answer, Refusal> {
    let fields = Fields::default();
    Ok(page(&visit, &fields, Wrong::default()).await?.into())
}

/// The page, with the name of the server that was typed.
async fn page(visit: &Visit, typed: &Fields, wrong: Wrong) -> Result<Page, Refusal> {
    let member = policy::require_actor(visit.caller())?;
    let found = visit.state.read(move |db| block::of(db, member)).await?;
    let line = |(person, distance): &(Actor, Distance)| Line {
        face: Face::new(person),
        blocked: *distance == Distance::Blocked,
    };
    let model = Model {
        people: found.people.iter().map(line).collect(),
        hosts: found.hosts,
        policy: found.messages.as_str(),
        policies: MessagePolicy::ALL.map(MessagePolicy::as_str),
        host: typed.text("host").to_owned(),
        wrong,
    };
    Ok(Page::new("away.html", visit.text("away-title"), &model).unlisted())
}

/// `/away/messages`: who may begin to write to them.
pub(super) async fn messages(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let policy = form.fields.chosen("policy", MessagePolicy::parse)?;
    let set = SetMessagePolicy { policy };
    visit.state.operations().run(visit.caller(), set).await?;
    Ok(Led::to("/away").note("saved").into())
}

/// `/away/hosts`: a whole server is kept away, or no more.
pub(super) async fn host(form: Submission) -> Result<Answer, Refusal> {
    let (visit, fields) = (&form.visit, &form.fields);
    let away = fields.text("lift") != "true";
    let keep = KeepHostAway {
        host: fields.text("host").to_owned(),
        away,
    };
    match visit.state.operations().run(visit.caller(), keep).await {
        Ok(()) => Ok(Led::to("/away").note(note(away)).into()),
        Err(refusal) if refusal.kind == Kind::Invalid => {
            let page = page(visit, fields, visit.wrong(&refusal)).await?;
            Ok(page.rejected(&refusal).into())
        }
        Err(refusal) => Err(refusal),
    }
}

fn note(away: bool) -> &'static str {
    if away { "kept-away" } else { "let-near" }
}

/// `/u/{name}/away`: somebody is blocked or muted, or neither any more.
pub(super) async fn person(form: Submission) -> Result<Answer, Refusal> {
    let (visit, fields) = (&form.visit, &form.fields);
    let handle = visit.handle()?;
    let found = visit.state.read(move |db| actor::person(db, &handle));
    let found = found.await?;
    let (person, operations) = (found.id, visit.state.operations());
    let distance = Distance::parse(fields.text("distance"));
    match distance {
        Some(distance) => {
            let keep = KeepAway { person, distance };
            operations.run(visit.caller(), keep).await?;
        }
        None => {
            operations.run(visit.caller(), LetNear { person }).await?;
        }
    }
    let back = next(fields, &Face::new(&found).href);
    Ok(Led::to(back).note(note(distance.is_some())).into())
}
