//! Members see where they are signed in, and end what they do not know.

use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::operations::{Desk, Operation};
use crate::store::sessions;

/// Ends one session of the caller's.
pub(crate) struct EndSession {
    /// The hash of its token, by which the list of sessions names it.
    pub(crate) token_hash: String,
}

impl Operation for EndSession {
    type Output = ();
    const NAME: &'static str = "end_session";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let actor = policy::require_actor(desk.caller)?;
        if sessions::delete_of(desk.db, actor, &self.token_hash)? {
            return Ok(());
        }
        Err(Refusal::not_found(
            "session.ended",
            "This session has ended already.",
        ))
    }
}

/// Ends every session of the caller's but one.
pub(crate) struct EndOtherSessions {
    /// The one that goes on, by its token's hash.
    pub(crate) kept: Option<String>,
}

impl Operation for EndOtherSessions {
    type Output = usize;
    const NAME: &'static str = "end_other_sessions";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<usize, Refusal> {
        let actor = policy::require_actor(desk.caller)?;
        Ok(sessions::delete_others(
            desk.db,
            actor,
            self.kept.as_deref(),
        )?)
    }
}
