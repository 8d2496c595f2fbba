//! People and other actors, by id, address and handle, and their profiles.

use crate::domain::actor::{Actor, ActorKind};
use crate::domain::caller::Viewer;
use crate::domain::ids::{ActorId, Handle};
use crate::domain::membership::FollowState;
use crate::domain::refusal::{Kind, Refusal};
use crate::store::{Db, Res, accounts, actors, follows, moderators, privacy, statistics};

use super::group::is_lost;

/// A person as their page shows them; their posts are a feed of its own.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Profile {
    /// The person.
    pub(crate) actor: Actor,
    /// Posts that can be seen.
    pub(crate) post_count: i64,
    /// Comments that can be seen.
    pub(crate) comment_count: i64,
    /// The groups they moderate.
    pub(crate) moderates: Vec<Actor>,
    /// How many follow them; `None`: they live elsewhere, or do not want to show it.
    pub(crate) followers: Option<i64>,
    /// Where the viewer's follow stands.
    pub(crate) followed: Option<FollowState>,
    /// Whether their server cannot be reached with it.
    pub(crate) unreachable: bool,
}

/// The profile of an actor, as a viewer sees it: six queries, and two more while a request waits.
pub(crate) fn profile(db: &mut Db, viewer: Option<ActorId>, actor: Actor) -> Res<Profile> {
    let shown = actor.local && accounts::shows_followers(db, actor.id)?;
    let follow = match viewer {
        Some(viewer) => follows::find(db, actor.id, viewer)?,
        None => None,
    };
    let waits = follow
        .as_ref()
        .filter(|follow| follow.state == FollowState::Pending);
    let unreachable = match waits {
        Some(follow) => is_lost(db, &actor, follow)?,
        None => false,
    };
    let viewer: Viewer = viewer.into();
    let mut moderates = moderators::list_groups_of(db, actor.id)?;
    let ids: Vec<ActorId> = moderates.iter().map(|group| group.id).collect();
    let hidden = privacy::list_hidden(db, viewer, &ids)?;
    moderates.retain(|group| !hidden.contains(&group.id));
    Ok(Profile {
        post_count: statistics::count_posts_of(db, viewer, actor.id)?,
        comment_count: statistics::count_comments_of(db, viewer, actor.id)?,
        moderates,
        followers: shown.then_some(actor.followers_count),
        followed: follow.map(|follow| follow.state),
        unreachable,
        actor,
    })
}

/// The person (or bot) at a handle, for a page of theirs.
///
/// # Errors
/// If there is none, or they are gone.
pub(crate) fn person(db: &mut Db, handle: &Handle) -> Result<Actor, Refusal> {
    let kind = handle.host.is_some().then_some(ActorKind::Person);
    let person = actors::find_by_handle(db, handle, kind)?
        .filter(|actor| matches!(actor.kind, ActorKind::Person | ActorKind::Service))
        .ok_or_else(|| Refusal::not_found("actor.not_found", "There is no such person."))?;
    refuse_gone(person, "actor.gone", "This person is no longer there.")
}

/// The actor, unless it was deleted.
pub(super) fn refuse_gone(
    actor: Actor,
    code: &'static str,
    sentence: &str,
) -> Result<Actor, Refusal> {
    if actor.deleted_at.is_some() {
        return Err(Refusal::new(Kind::Gone, code, sentence));
    }
    Ok(actor)
}

/// The actor of a row, deleted or not.
pub(crate) fn find(db: &mut Db, id: ActorId) -> Res<Option<Actor>> {
    actors::find(db, id)
}

/// The actor with this ActivityPub id, deleted or not.
pub(crate) fn find_by_uri(db: &mut Db, uri: &str) -> Res<Option<Actor>> {
    actors::find_by_uri(db, uri)
}

/// The local person, group or hub of this name, in any case, deleted or not.
pub(crate) fn find_local(db: &mut Db, name: &str) -> Res<Option<Actor>> {
    actors::find_local(db, name)
}

/// The actor at this address, of this kind if one is given; deleted or not.
pub(crate) fn find_by_handle(
    db: &mut Db,
    handle: &Handle,
    kind: Option<ActorKind>,
) -> Res<Option<Actor>> {
    actors::find_by_handle(db, handle, kind)
}
