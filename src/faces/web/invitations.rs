//! Invitations: links that people give to others, and who came by them.

use serde::Serialize;

use crate::domain::caller::Caller;
use crate::domain::clock::Ts;
use crate::domain::invitation::Invitation;
use crate::domain::policy;
use crate::domain::refusal::{Kind, Refusal};
use crate::operations::invitation::{Uninvite, invite, may_invite};
use crate::views::invitation;

use super::answer::{Answer, Led, Page, Wrong};
use super::form::Submission;
use super::model::Face;
use super::visit::Visit;

#[derive(Default, Serialize)]
struct Model {
    link: Option<String>,
    may_invite: bool,
    note: String,
    uses: String,
    days: String,
    invitations: Vec<Invited>,
    invited: Vec<Face>,
    wrong: Wrong,
}

#[derive(Serialize)]
struct Invited {
    id: i64,
    note: String,
    uses: i32,
    most: i32,
    expires_at: i64,
    good: bool,
}

impl Invited {
    fn new(invitation: Invitation, now: Ts) -> Self {
        Self {
            id: invitation.id,
            good: invitation.is_good(now),
            note: invitation.note,
            uses: invitation.uses,
            most: invitation.most_uses,
            expires_at: invitation.expires_at.0,
        }
    }
}

/// Whether to show somebody the way to inviting others; the operation decides.
pub(super) fn may(visit: &Visit) -> bool {
    let inviters = visit.settings.accounts.inviters;
    matches!(visit.caller(), Caller::Member { role, .. } if may_invite(role, inviters))
}

/// `/invitations`.
pub(super) async fn show(visit: Visit) -> Result<Answer, Refusal> {
    let fresh = Model {
        uses: "1".to_owned(),
        days: "14".to_owned(),
        ..Model::default()
    };
    Ok(page(&visit, fresh).await?.into())
}

async fn page(visit: &Visit, model: Model) -> Result<Page, Refusal> {
    let (author, now) = (policy::require_actor(visit.caller())?, visit.now);
    let look = visit.state.read(move |db| invitation::of(db, author));
    let (invitations, invited) = look.await?;
    let model = Model {
        may_invite: may(visit),
        invitations: invitations
            .into_iter()
            .map(|one| Invited::new(one, now))
            .collect(),
        invited: invited.iter().map(Face::new).collect(),
        ..model
    };
    Ok(Page::new("invitations.html", visit.text("invitations-title"), &model).unlisted())
}

/// `/invitations`, sent: the page with the link, which nobody can look up again.
pub(super) async fn make(form: Submission) -> Result<Answer, Refusal> {
    let (visit, fields) = (&form.visit, &form.fields);
    policy::require_actor(visit.caller())?;
    let text = |name| fields.text(name).trim().to_owned();
    let (note, uses, days) = (text("note"), text("uses"), text("days"));
    // What is no number is none that can be chosen.
    let (most, long) = (uses.parse().unwrap_or(0), days.parse().unwrap_or(0));
    match invite(visit.state.operations(), visit.caller(), &note, most, long).await {
        Ok((link, _)) => {
            let model = Model {
                link: Some(link),
                uses,
                days,
                ..Model::default()
            };
            Ok(page(visit, model).await?.into())
        }
        Err(refusal) if refusal.kind == Kind::Invalid => {
            let wrong = visit.wrong(&refusal);
            let model = Model {
                note,
                uses,
                days,
                wrong,
                ..Model::default()
            };
            Ok(page(visit, model).await?.rejected(&refusal).into())
        }
        Err(refusal) => Err(refusal),
    }
}

/// `/invitations/end`: takes one back.
pub(super) async fn end(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let id = form.fields.text("invitation").parse().unwrap_or_default();
    let end = Uninvite { id };
    visit.state.operations().run(visit.caller(), end).await?;
    Ok(Led::to("/invitations").note("invitation-ended").into())
}
