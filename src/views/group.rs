//! A group as its page shows it; its posts are a feed of its own.

use super::actor::refuse_gone;
use crate::domain::actor::{Actor, ActorKind};
use crate::domain::caller::{Caller, Viewer};
use crate::domain::clock::Ts;
use crate::domain::ids::{ActorId, Handle};
use crate::domain::membership::FollowState;
use crate::domain::policy::{self, Relation};
use crate::domain::reading::Level;
use crate::domain::refusal::Refusal;
use crate::store::follows::Follow;
use crate::store::instances::Reach;
use crate::store::{
    Db, Res, actors, deliveries, follows, instances, links, moderation, moderators, moves, privacy,
};

/// A group, the people who run it, and how the viewer stands to it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct GroupPage {
    /// The group; no more than its name where the viewer may not look into it.
    pub(crate) group: Actor,
    /// Whether the viewer may look into it.
    pub(crate) open: bool,
    /// Its moderators, the longest-serving first.
    pub(crate) moderators: Vec<Actor>,
    /// How many people are in it, as far as this hub knows.
    pub(crate) member_count: i64,
    /// Where the viewer's membership stands; `None`: has none.
    pub(crate) membership: Option<FollowState>,
    /// What the viewer hears of it; `None`: does not follow it.
    pub(crate) level: Option<Level>,
    /// Whether the viewer's request waits for a server that does not take it.
    pub(crate) unreachable: bool,
    /// Whether the viewer is on its list of moderators, or banned.
    pub(crate) relation: Relation,
    /// Whether the viewer moderates it, also as a moderator of the hub.
    pub(crate) moderates: bool,
    /// Whether the viewer may start a thread in it, as far as this hub can tell.
    pub(crate) may_post: bool,
    /// To which other group it moved.
    pub(crate) moved: Option<Actor>,
}

/// The page of a group for a viewer: five queries, one more for who follows it, three more while a
/// request waits, and one more if it moved.
pub(crate) fn page(db: &mut Db, group: Actor, viewer: Caller, now: Ts) -> Res<GroupPage> {
    let open = privacy::sees(db, viewer.actor().into(), group.id)?;
    let mut moderators = moderators::list(db, group.id)?;
    let (mut membership, mut relation) = (None, Relation::default());
    let (mut unreachable, mut level) = (false, None);
    if let Some(actor) = viewer.actor() {
        let follow = follows::find(db, group.id, actor)?;
        if let Some(follow) = &follow {
            unreachable = follow.state == FollowState::Pending && is_lost(db, &group, follow)?;
            level = follows::level_of(db, group.id, actor)?;
        }
        membership = follow.map(|follow| follow.state);
        relation.moderator = moderators.iter().any(|moderator| moderator.id == actor);
        relation.ban = moderation::find_ban(db, Some(group.id), actor, now)?;
    }
    let moderates = policy::moderates(viewer, &relation, group.local);
    let mut group = group;
    if !open {
        veil(&mut group);
        moderators.clear();
    }
    let moved = match moves::find(db, group.id)? {
        Some((target, _)) => actors::find(db, target)?,
        None => None,
    };
    let starts = open && (moderates || !group.posting_restricted);
    Ok(GroupPage {
        open,
        may_post: starts && viewer.actor().is_some() && relation.ban.is_none(),
        member_count: group.followers_count,
        moderators,
        membership,
        level,
        unreachable,
        relation,
        moderates,
        moved,
        group,
    })
}

/// Whether a request cannot get through to the server of a group or person, or was not taken there.
pub(super) fn is_lost(db: &mut Db, group: &Actor, follow: &Follow) -> Res<bool> {
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

/// How many groups are listed with what a member hears of them.
const LISTED: u32 = 500;

/// The groups of a member and what they hear of each, by their names: one query.
pub(crate) fn levels(db: &mut Db, member: ActorId) -> Res<Vec<(Actor, Level)>> {
    follows::list_levels(db, member, LISTED)
}

/// The accounts on other servers that are a viewer's, linked to their account here or proved to be
/// theirs, and that are in a group: one query, and one for each account.
pub(crate) fn linked(
    db: &mut Db,
    group: ActorId,
    viewer: Option<ActorId>,
    proved: Option<Actor>,
) -> Res<Vec<Actor>> {
    let mut accounts = match viewer {
        Some(viewer) => links::list(db, viewer)?,
        None => Vec::new(),
    };
    accounts.extend(proved);
    let mut within = Vec::new();
    for account in accounts {
        if follows::is_follower(db, group, account.id)? {
            within.push(account);
        }
    }
    Ok(within)
}

/// These actors as a viewer may see them: of a private group that is not theirs, the name alone.
/// One query.
pub(crate) fn veiled(
    db: &mut Db,
    viewer: impl Into<Viewer>,
    mut actors: Vec<Actor>,
) -> Res<Vec<Actor>> {
    let groups: Vec<ActorId> = actors
        .iter()
        .filter(|actor| actor.is_private_group())
        .map(|actor| actor.id)
        .collect();
    let hidden = privacy::list_hidden(db, viewer.into(), &groups)?;
    for actor in &mut actors {
        if hidden.contains(&actor.id) {
            veil(actor);
        }
    }
    Ok(actors)
}

/// Takes away what only members know of a group.
pub(crate) fn veil(group: &mut Actor) {
    group.title.clone_from(&group.name);
    group.summary_html.clear();
    group.summary_source = None;
    group.icon_url = None;
    group.image_url = None;
    group.followers_count = 0;
}

/// The group at a handle, as it is; [`page`] says what of it a viewer sees.
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
