//! A group as its page shows it; its posts are a feed of its own.

use super::actor::refuse_gone;
use crate::domain::actor::{Actor, ActorKind};
use crate::domain::caller::Caller;
use crate::domain::clock::Ts;
use crate::domain::ids::Handle;
use crate::domain::membership::FollowState;
use crate::domain::policy::{self, Relation};
use crate::domain::refusal::Refusal;
use crate::store::follows::Follow;
use crate::store::instances::Reach;
use crate::store::{Db, Res, actors, deliveries, follows, instances, moderation, moderators};

/// A group, the people who run it, and how the viewer stands to it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct GroupPage {
    /// The group.
    pub(crate) group: Actor,
    /// Its moderators, the longest-serving first.
    pub(crate) moderators: Vec<Actor>,
    /// How many people are in it, as far as this hub knows.
    pub(crate) member_count: i64,
    /// Where the viewer's membership stands; `None`: has none.
    pub(crate) membership: Option<FollowState>,
    /// Whether the viewer's request waits for a server that does not take it.
    pub(crate) unreachable: bool,
    /// Whether the viewer is on its list of moderators, or banned.
    pub(crate) relation: Relation,
    /// Whether the viewer moderates it, also as a moderator of the hub.
    pub(crate) moderates: bool,
    /// Whether the viewer may start a thread in it, as far as this hub can tell.
    pub(crate) may_post: bool,
}

/// The page of a group for a viewer: three queries, and three more while a request waits.
pub(crate) fn page(db: &mut Db, group: Actor, viewer: Caller, now: Ts) -> Res<GroupPage> {
    let moderators = moderators::list(db, group.id)?;
    let (mut membership, mut relation) = (None, Relation::default());
    let mut unreachable = false;
    if let Some(actor) = viewer.actor() {
        let follow = follows::find(db, group.id, actor)?;
        if let Some(follow) = &follow {
            unreachable = follow.state == FollowState::Pending && is_lost(db, &group, follow)?;
        }
        membership = follow.map(|follow| follow.state);
        relation.moderator = moderators.iter().any(|moderator| moderator.id == actor);
        relation.ban = moderation::find_ban(db, Some(group.id), actor, now)?;
    }
    let moderates = policy::moderates(viewer, &relation, group.local);
    let open = moderates || !group.posting_restricted;
    Ok(GroupPage {
        may_post: open && viewer.actor().is_some() && relation.ban.is_none(),
        member_count: group.followers_count,
        moderators,
        membership,
        unreachable,
        relation,
        moderates,
        group,
    })
}

/// Whether a request cannot get through to the group's server, or was not taken there.
fn is_lost(db: &mut Db, group: &Actor, follow: &Follow) -> Res<bool> {
    if group.local {
        return Ok(false);
    }
    let server = instances::find(db, group.instance)?;
    if server.is_some_and(|server| server.reach != Reach::Ok) {
        return Ok(true);
    }
    let uuid = follow.uri.rsplit('/').next().unwrap_or_default();
    deliveries::was_given_up(db, group.instance, uuid)
}

/// The group at a handle.
///
/// # Errors
/// If there is none, or it is gone.
pub(crate) fn find(db: &mut Db, handle: &Handle) -> Result<Actor, Refusal> {
    let kind = Some(ActorKind::Group);
    let group = actors::find_by_handle(db, handle, kind)?
        .filter(|actor| actor.kind == ActorKind::Group)
        .ok_or_else(|| Refusal::not_found("group.not_found", "There is no such group."))?;
    refuse_gone(group, "group.gone", "This group was deleted.")
}
