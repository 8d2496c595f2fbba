//! A member of this hub joins a group.

use super::require_member;
use crate::domain::activity::{Activity, Entry};
use crate::domain::actor::Actor;
use crate::domain::ids::{ActorId, LOCAL_INSTANCE};
use crate::domain::membership::FollowState;
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::operations::{Desk, Operation};
use crate::store::follows::{self, Follow};

/// How long an unanswered request stands before asking again sends another, in seconds.
const PATIENCE: i64 = 3600;

/// Joins a group here at once, or asks the moderators of a private one, or a group elsewhere;
/// gives back where the membership stands.
///
/// The ids of the Follow and of its outbox entry share one uuid, so that the Follow can be fetched.
#[derive(Clone, Debug)]
pub(crate) struct JoinGroup {
    /// Which.
    pub(crate) group: ActorId,
}

impl Operation for JoinGroup {
    type Output = FollowState;
    const NAME: &'static str = "join_group";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<FollowState, Refusal> {
        let member = require_member(desk.caller)?;
        let group = desk.group(self.group)?;
        let relation = desk.relation(&group)?;
        policy::require_not_banned(&relation, desk.now)?;
        let known = follows::find(desk.db, group.id, member)?;
        if let Some(follow) = known.filter(|known| is_answered(desk, &group, known)) {
            return Ok(follow.state);
        }
        if group.local {
            let uuid = crate::crypto::token::uuid();
            let open = !group.is_private_group();
            let state = if open || policy::moderates(desk.caller, &relation, true) {
                FollowState::Accepted
            } else {
                FollowState::Pending
            };
            return enter(desk, &group, member, state, &uuid);
        }
        ask(desk, &group, member, 1)?;
        Ok(FollowState::Pending)
    }
}

/// Whether a follow stands as it is, so that asking once more changes nothing.
pub(super) fn is_answered(desk: &Desk<'_>, target: &Actor, follow: &Follow) -> bool {
    let recent = follow.created_at.plus_seconds(PATIENCE) > desk.now;
    follow.state == FollowState::Accepted || recent || target.local
}

/// Asks a group elsewhere to let somebody in, or a person to be followed, for the `asks`th time. Each
/// time the Follow bears a new id: a server that took the last one would pass over it, and its answer
/// may be what was lost.
pub(super) fn ask(
    desk: &mut Desk<'_>,
    target: &Actor,
    member: ActorId,
    asks: i32,
) -> Result<(), Refusal> {
    let asked = Activity::Followed { target: target.id };
    let uuid = desk.record(Entry::new(member, None, asked, target.id.0).to([target.id]));
    let follow = follow(desk, target, member, FollowState::Pending, &uuid);
    let since = desk.next_id();
    follows::upsert(desk.db, &follow, LOCAL_INSTANCE, since)?;
    let ask_at = super::again_after(asks).map(|pause| desk.now.plus_seconds(pause));
    Ok(follows::set_asks(desk.db, &follow, asks, ask_at)?)
}

/// Stores that a local person is in a group, or follows somebody; `uuid` makes the id of the Follow.
pub(in crate::operations) fn enter(
    desk: &mut Desk<'_>,
    target: &Actor,
    member: ActorId,
    state: FollowState,
    uuid: &str,
) -> Result<FollowState, Refusal> {
    let follow = follow(desk, target, member, state, uuid);
    let since = desk.next_id();
    follows::upsert(desk.db, &follow, LOCAL_INSTANCE, since)?;
    Ok(state)
}

fn follow(
    desk: &Desk<'_>,
    target: &Actor,
    member: ActorId,
    state: FollowState,
    uuid: &str,
) -> Follow {
    Follow {
        target: target.id,
        follower: member,
        state,
        uri: desk.names.activity("follow", uuid).as_str().to_owned(),
        created_at: desk.now,
    }
}
