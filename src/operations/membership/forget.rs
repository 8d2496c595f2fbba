//! Followers whose own server says that it has none.

use crate::domain::caller::Caller;
use crate::domain::ids::{ActorId, InstanceId};
use crate::domain::refusal::Refusal;
use crate::operations::{Desk, Operation};
use crate::store::follows;

/// Followers of one server that are forgotten at once.
const MOST: u32 = 10_000;

/// The hub forgets who follows a group from a server which says that nobody there does; gives back
/// how many they were. Who follows again is welcome.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ForgetFollowers {
    /// The group.
    pub(crate) group: ActorId,
    /// The server.
    pub(crate) instance: InstanceId,
}

impl Operation for ForgetFollowers {
    type Output = usize;
    const NAME: &'static str = "forget_followers";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<usize, Refusal> {
        if desk.caller != Caller::System {
            return Err(Refusal::forbidden(
                "follow.system",
                "Followers are forgotten by the hub itself.",
            ));
        }
        let followers = follows::list_followers(desk.db, self.group, self.instance, MOST)?;
        for follower in &followers {
            follows::delete(desk.db, self.group, follower.id, self.instance)?;
        }
        Ok(followers.len())
    }
}
