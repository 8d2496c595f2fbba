//! A group elsewhere that passes things on to this hub has let its members in: some servers never
//! answer a Follow, and some answers are lost (statement 81).

use super::require_remote;
use crate::domain::ids::LOCAL_INSTANCE;
use crate::domain::membership::FollowState;
use crate::domain::refusal::Refusal;
use crate::operations::{Desk, Operation};
use crate::store::actors;
use crate::store::follows::{self, Follow};

/// Requests that are taken as answered at once.
const MOST: u32 = 1_000;

/// The caller, a remote group, passes something on: the requests of members here that it left
/// unanswered count as accepted. Where moderators let people in one by one, that is so for a lone
/// request only, for with several nobody can tell whose was granted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReceiveWelcome;

impl Operation for ReceiveWelcome {
    type Output = ();
    const NAME: &'static str = "receive_welcome";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let target = require_remote(desk.caller)?;
        let Some(group) = actors::find(desk.db, target)? else {
            return Ok(());
        };
        let accepted = follows::find_local_state(desk.db, target)? == Some(FollowState::Accepted);
        let pending = follows::list_local_pending(desk.db, target, MOST)?;
        if group.manually_approves && (accepted || pending.len() > 1) {
            return Ok(());
        }
        for follow in pending {
            let accepted = Follow {
                state: FollowState::Accepted,
                ..follow
            };
            let since = desk.next_id();
            follows::upsert(desk.db, &accepted, LOCAL_INSTANCE, since)?;
        }
        Ok(())
    }
}
