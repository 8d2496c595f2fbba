//! How somebody wants pages to look. A member's account keeps it, and a cookie for visitors; the
//! server writes it into the page, so that nothing flashes.

use crate::domain::refusal::Refusal;
use crate::faces::shared::cookie::Cookie;
use crate::operations::account::SetLook;

use super::answer::{Answer, Led, next};
use super::form::Submission;

const YEAR: u64 = 365 * 24 * 3600;

/// `/look`: how pages look from now on, to a member wherever they sign in.
pub(super) async fn set(form: Submission) -> Result<Answer, Refusal> {
    let (visit, fields) = (&form.visit, &form.fields);
    let look = visit
        .look
        .with(fields.text("theme"))
        .with(fields.text("density"));
    if visit.signed.is_some() {
        let set = SetLook { look };
        visit.state.operations().run(visit.caller(), set).await?;
    }
    let cookie = Cookie::Look.set(look.as_str(), Some(YEAR), visit.secure());
    Ok(Led::to(next(fields, "/")).cookie(cookie).into())
}
