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

/// Joins a group here at once, or asks a group elsewhere; gives back where the membership stands.
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
        if let Some(follow) = follows::find(desk.db, group.id, member)? {
            let recent = follow.created_at.plus_seconds(PATIENCE) > desk.now;
            if follow.state == FollowState::Accepted || recent {
                return Ok(follow.state);
            }
        }
        if group.local {
            let uuid = crate::crypto::token::uuid();
            return enter(desk, &group, member, FollowState::Accepted, &uuid);
        }
        ask(desk, &group, member, 1)?;
        Ok(FollowState::Pending)
    }
}

/// Asks a group elsewhere to let somebody in, for the `asks`th time. Each time the Follow bears a
/// new id: a server that took the last one would pass over it, and its answer may be what was lost.
pub(super) fn ask(
    desk: &mut Desk<'_>,
    group: &Actor,
    member: ActorId,
    asks: i32,
) -> Result<(), Refusal> {
    let asked = Activity::Followed { target: group.id };
    let uuid = desk.record(Entry::new(member, None, asked, group.id.0).to([group.id]));
    let follow = follow(desk, group, member, FollowState::Pending, &uuid);
    let since = desk.next_id();
    follows::upsert(desk.db, &follow, LOCAL_INSTANCE, since)?;
    let ask_at = super::again_after(asks).map(|pause| desk.now.plus_seconds(pause));
    Ok(follows::set_asks(desk.db, &follow, asks, ask_at)?)
}

/// Stores the membership of a local person; `uuid` makes the id of the Follow.
pub(in crate::operations) fn enter(
    desk: &mut Desk<'_>,
    group: &Actor,
    member: ActorId,
    state: FollowState,
    uuid: &str,
) -> Result<FollowState, Refusal> {
    let follow = follow(desk, group, member, state, uuid);
    let since = desk.next_id();
    follows::upsert(desk.db, &follow, LOCAL_INSTANCE, since)?;
    Ok(state)
}

fn follow(
    desk: &Desk<'_>,
    group: &Actor,
    member: ActorId,
    state: FollowState,
    uuid: &str,
) -> Follow {
    Follow {
        target: group.id,
        follower: member,
        state,
        uri: desk.names.activity("follow", uuid).as_str().to_owned(),
        created_at: desk.now,
    }
}
