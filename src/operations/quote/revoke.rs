//! An author no longer allows a quote.

use super::ask::renew;
use crate::domain::activity::{Activity, Entry};
use crate::domain::ids::Uri;
use crate::domain::policy;
use crate::domain::quote::QuoteState;
use crate::domain::refusal::Refusal;
use crate::operations::{Desk, Operation};
use crate::store::quotes;

/// The caller takes back that what they wrote may be quoted by one text; done already if they did.
#[derive(Clone, Debug)]
pub(crate) struct RevokeQuote {
    /// The row of the quote.
    pub(crate) quote: i64,
}

impl Operation for RevokeQuote {
    type Output = ();
    const NAME: &'static str = "revoke_quote";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let caller = policy::require_actor(desk.caller)?;
        let quote = quotes::find(desk.db, self.quote)?
            .filter(|quote| quote.author == caller)
            .ok_or_else(|| Refusal::not_found("quote.not_found", "There is no such quote."))?;
        if quote.state == QuoteState::Revoked {
            return Ok(());
        }
        quotes::set_state(desk.db, quote.id, QuoteState::Revoked, &quote.request)?;
        let revoked = Activity::QuoteRevoked { quote: quote.id };
        desk.record(Entry::new(caller, None, revoked, quote.id).to([quote.quoter]));
        Ok(())
    }
}

/// A stamp of another server is gone: the texts that quote by it lose it. The stamp lies on the
/// server of the caller.
#[derive(Clone, Debug)]
pub(crate) struct ReceiveRevocation {
    /// The stamp.
    pub(crate) stamp: Uri,
}

impl Operation for ReceiveRevocation {
    type Output = ();
    const NAME: &'static str = "receive_revocation";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let caller = policy::require_actor(desk.caller)?;
        for quoted in quotes::list_by_stamp(desk.db, self.stamp.as_str())? {
            if quoted.author == Some(caller) {
                quotes::set_stamp(desk.db, quoted.object, None)?;
                renew(desk, quoted.object)?;
            }
        }
        Ok(())
    }
}
