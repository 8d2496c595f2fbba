//! `/styleguide`: every piece that pages are made of, for those who make pages.

use serde::Serialize;

use crate::domain::policy;
use crate::domain::refusal::Refusal;

use super::answer::{Answer, Page};
use super::visit::Visit;

#[derive(Serialize)]
struct Model {
    now: i64,
}

/// `/styleguide`: in development for everybody, otherwise for admins.
pub(super) async fn show(visit: Visit) -> Result<Answer, Refusal> {
    if !visit.settings.federation.development {
        policy::require_admin(visit.caller())?;
    }
    let model = Model { now: visit.now.0 };
    let title = visit.text("styleguide-title");
    Ok(Page::new("styleguide.html", title, &model)
        .unlisted()
        .into())
}
