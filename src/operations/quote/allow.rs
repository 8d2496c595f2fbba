//! Somebody elsewhere asks to quote what was written here; its author's policy answers.

use super::{allows, local_author};
use crate::domain::activity::{Activity, Entry};
use crate::domain::caller::Caller;
use crate::domain::ids::{ActorId, ObjectId};
use crate::domain::policy;
use crate::domain::quote::{Quote, QuotePolicy, QuoteState};
use crate::domain::refusal::Refusal;
use crate::operations::access::Subject;
use crate::operations::{Desk, Operation};
use crate::store::quotes;

/// Takes a request of the caller, a remote person, and answers it; gives back whether it was
/// allowed. A repeated request is answered again, with the same stamp.
#[derive(Clone, Debug)]
pub(crate) struct ReceiveQuoteRequest {
    /// What is to be quoted.
    pub(crate) object: ObjectId,
    /// The id of the text that quotes it; checked against its origin before.
    pub(crate) uri: String,
    /// The id of the request, which the answer repeats.
    pub(crate) request: String,
}

impl Operation for ReceiveQuoteRequest {
    type Output = bool;
    const NAME: &'static str = "receive_quote_request";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<bool, Refusal> {
        let Caller::Remote { actor: quoter } = desk.caller else {
            return Err(Refusal::forbidden(
                "quote.remote",
                "Only people of other servers ask this way.",
            ));
        };
        let subject = desk.subject(self.object)?;
        let Some(author) = local_author(desk, &subject)? else {
            return Err(Refusal::not_found(
                "quote.not_ours",
                "Its author does not live here.",
            ));
        };
        let known = quotes::find_by_uri(desk.db, &self.uri, self.object.number())?;
        if known.as_ref().is_some_and(|known| known.quoter != quoter) {
            return Err(Refusal::forbidden(
                "quote.other",
                "Somebody else asked for this quote.",
            ));
        }
        let before = known.as_ref().map(|known| known.state);
        let state = state(desk, &subject, quoter, before)?;
        let id = match known {
            Some(known) => {
                quotes::set_state(desk.db, known.id, state, &self.request)?;
                known.id
            }
            None => self.keep(desk, author.id, quoter, state)?,
        };
        let answered = Activity::QuoteAnswered { quote: id };
        desk.record(Entry::new(author.id, None, answered, id).to([quoter]));
        Ok(state == QuoteState::Accepted)
    }
}

/// Where a quote stands once more was asked: what its author took back stays so, and nobody who is
/// banned quotes.
fn state(
    desk: &mut Desk<'_>,
    subject: &Subject,
    quoter: ActorId,
    before: Option<QuoteState>,
) -> Result<QuoteState, Refusal> {
    if before == Some(QuoteState::Revoked) {
        return Ok(QuoteState::Revoked);
    }
    let relation = desk.relation(&subject.group)?;
    let welcome = policy::require_not_banned(&relation, desk.now).is_ok();
    Ok(if welcome && allows(desk, subject, quoter)? {
        QuoteState::Accepted
    } else {
        QuoteState::Rejected
    })
}

impl ReceiveQuoteRequest {
    fn keep(
        &self,
        desk: &mut Desk<'_>,
        author: ActorId,
        quoter: ActorId,
        state: QuoteState,
    ) -> Result<i64, Refusal> {
        let quote = Quote {
            id: desk.next_id(),
            uuid: crate::crypto::token::uuid(),
            object: self.object.number(),
            author,
            quoter,
            uri: self.uri.clone(),
            request: self.request.clone(),
            state,
            created_at: desk.now,
        };
        quotes::insert(desk.db, &quote)?;
        Ok(quote.id)
    }
}

/// The caller says who may quote their public words without being asked.
#[derive(Clone, Debug)]
pub(crate) struct SetQuotePolicy {
    /// Who may.
    pub(crate) policy: QuotePolicy,
}

impl Operation for SetQuotePolicy {
    type Output = ();
    const NAME: &'static str = "set_quote_policy";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let actor = policy::require_actor(desk.caller)?;
        Ok(quotes::set_policy(desk.db, actor, self.policy)?)
    }
}
