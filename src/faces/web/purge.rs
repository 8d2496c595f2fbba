//! Pictures that must go, and those that are not taken any more: for admins.

use serde::Serialize;

use crate::domain::actor::Actor;
use crate::domain::media::PictureBlock;
use crate::domain::policy;
use crate::domain::refusal::{Kind, Refusal};
use crate::operations::media::{LiftPictureBlock, Purged, purge};
use crate::views::media;

use super::answer::{Answer, Led, Page, Wrong};
use super::form::Submission;
use super::model::Face;
use super::visit::Visit;

/// Where the page is.
const AT: &str = "/admin/pictures";

#[derive(Default, Serialize)]
struct Model {
    address: String,
    reason: String,
    blocks: Vec<Block>,
    wrong: Wrong,
}

#[derive(Serialize)]
struct Block {
    id: i64,
    url: Option<String>,
    known: bool,
    reason: String,
    by: Option<Face>,
    at: i64,
}

impl Block {
    fn new((block, by): (PictureBlock, Option<Actor>)) -> Self {
        Self {
            id: block.id,
            url: block.url,
            known: block.likeness.is_some(),
            reason: block.reason,
            by: by.as_ref().map(Face::new),
            at: block.at.0,
        }
    }
}

/// `/admin/pictures`: the form, for the address that the page before knew, and what is blocked.
pub(super) async fn show(visit: Visit) -> Result<Answer, Refusal> {
    let model = Model {
        address: visit.query("address").unwrap_or_default().to_owned(),
        ..Model::default()
    };
    Ok(page(&visit, model).await?.into())
}

async fn page(visit: &Visit, model: Model) -> Result<Page, Refusal> {
    policy::require_admin(visit.caller())?;
    let blocks = visit.state.read(media::blocks).await?;
    let model = Model {
        blocks: blocks.into_iter().map(Block::new).collect(),
        ..model
    };
    Ok(Page::new("purge.html", visit.text("purge-title"), &model).unlisted())
}

/// `/admin/pictures`, sent: a picture goes.
pub(super) async fn send(form: Submission) -> Result<Answer, Refusal> {
    let (visit, fields) = (&form.visit, &form.fields);
    let (address, reason) = (fields.text("address"), fields.text("reason"));
    let purging = purge(visit.state.operations(), visit.caller(), address, reason);
    match Box::pin(purging).await {
        Ok(done) => Ok(Led::to(AT).note(note(done)).into()),
        Err(refusal) if matches!(refusal.kind, Kind::Invalid | Kind::NotFound) => {
            let model = Model {
                address: address.to_owned(),
                reason: reason.to_owned(),
                wrong: visit.wrong(&refusal),
                ..Model::default()
            };
            Ok(page(visit, model).await?.rejected(&refusal).into())
        }
        Err(refusal) => Err(refusal),
    }
}

/// What was done, in a sentence.
fn note(done: Purged) -> &'static str {
    if done.unseen > 0 {
        "purged-unseen"
    } else {
        "purged"
    }
}

/// `/admin/pictures/{id}/lift`: a picture may be taken again.
pub(super) async fn lift(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let lift = LiftPictureBlock {
        id: visit.number()?,
    };
    visit.state.operations().run(visit.caller(), lift).await?;
    Ok(Led::to(AT).note("purge-lifted").into())
}
