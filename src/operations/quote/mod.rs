//! Quotes: asked for, allowed or not, taken back (FEP-044f, federation.md 4.15).

mod allow;
mod ask;
mod revoke;

pub(crate) use allow::{ReceiveQuoteRequest, SetQuotePolicy};
pub(crate) use ask::{QuoteComment, QuotePost, ReceiveQuoteAnswer};
pub(crate) use revoke::{ReceiveRevocation, RevokeQuote};

use crate::domain::actor::Actor;
use crate::domain::ids::ActorId;
use crate::domain::quote::QuotePolicy;
use crate::domain::refusal::Refusal;
use crate::store::{blocks, follows, quotes};

use super::Desk;
use super::access::Subject;

/// Whether somebody may quote what is there: never out of a private group, and elsewhere as its
/// author, who lives here, says.
fn allows(desk: &mut Desk<'_>, subject: &Subject, quoter: ActorId) -> Result<bool, Refusal> {
    let hidden = subject.deleted() || subject.removed() || subject.post.hidden();
    if hidden || subject.group.is_private_group() {
        return Ok(false);
    }
    if quoter == subject.author {
        return Ok(true);
    }
    if blocks::is_blocked(desk.db, subject.author, quoter)? {
        return Ok(false);
    }
    match quotes::policy_of(desk.db, subject.author)? {
        QuotePolicy::Everybody => Ok(true),
        QuotePolicy::Followers => Ok(follows::is_follower(desk.db, subject.author, quoter)?),
        QuotePolicy::Nobody => Ok(false),
    }
}

/// The refusal of what may not be quoted.
fn not_allowed() -> Refusal {
    Refusal::forbidden(
        "quote.not_allowed",
        "Its author does not want this to be quoted.",
    )
}

/// The author of something, if they live here.
fn local_author(desk: &mut Desk<'_>, subject: &Subject) -> Result<Option<Actor>, Refusal> {
    let author = crate::store::actors::find(desk.db, subject.author)?;
    Ok(author.filter(|author| author.local))
}

#[cfg(test)]
mod tests;
