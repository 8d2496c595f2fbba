//! Block, Add, Remove and Lock: what moderators do to people and threads (federation.md 4.9-4.11).

use crate::domain::actor::{Actor, ActorKind};
use crate::domain::block::Distance;
use crate::domain::caller::Caller;
use crate::domain::ids::{ObjectId, PostId, Uri};
use crate::domain::names::Local;
use crate::domain::refusal::Refusal;
use crate::operations::block::{KeepAway, LetNear};
use crate::operations::membership::ReceiveUnfollow;
use crate::operations::moderation::{Ban, ChangeModerator, FeaturePost, LockObject, Unban};
use crate::store::actors;

use super::case::{Case, Handled, Verdict};
use super::delete;

/// From what somebody is banned.
#[expect(
    clippy::large_enum_variant,
    reason = "one lives at a time, for the length of a call"
)]
enum Scope {
    /// A group.
    Group(Actor),
    /// The whole server of the one who bans.
    OwnServer,
    /// Neither: a personal block.
    Personal,
    /// Something that is not here, or not theirs to ban from.
    Nothing,
}

/// A ban from a group; a server's ban of its own people; or a personal block, which keeps
/// somebody of this hub away from its author and ends follows.
pub(super) async fn block(case: &Case<'_>) -> Handled {
    match scope(case).await? {
        Scope::Group(group) => {
            let actor = case.resolver.actor(case.object_id()?).await?;
            let ban = ban(case, Some(&group), &actor);
            case.moderate(&group, Some(&actor), ban).await
        }
        Scope::OwnServer => match case.resolver.known_actor(case.object_id()?).await? {
            Some(actor) if actor.host == case.by.host => {
                case.run_as(Caller::System, ban(case, None, &actor)).await
            }
            _ => Ok(Verdict::Ignored("a server bans its own people only")),
        },
        Scope::Personal => match case.local_actor(case.object_id()?).await? {
            Some(target) if target.kind == ActorKind::Group => {
                case.run(ReceiveUnfollow { target: target.id }).await
            }
            Some(target) => {
                let away = KeepAway {
                    person: target.id,
                    distance: Distance::Blocked,
                };
                case.run(away).await
            }
            None => Ok(Verdict::Ignored("whom it blocks is not here")),
        },
        Scope::Nothing => Ok(Verdict::Ignored("there is nothing here to ban from")),
    }
}

/// The end of a ban.
pub(super) async fn unblock(case: &Case<'_>) -> Handled {
    let Some(actor) = case.resolver.known_actor(case.object_id()?).await? else {
        return Ok(Verdict::Ignored("whom it lets in is not known"));
    };
    match scope(case).await? {
        Scope::Group(group) => {
            let relay = case.relay(&group);
            let unban = Unban {
                group: Some(group.id),
                actor: actor.id,
                relay,
            };
            case.moderate(&group, Some(&actor), unban).await
        }
        Scope::Personal => case.run(LetNear { person: actor.id }).await,
        Scope::OwnServer if actor.host == case.by.host => {
            let unban = Unban {
                group: None,
                actor: actor.id,
                relay: None,
            };
            case.run_as(Caller::System, unban).await
        }
        _ => Ok(Verdict::Ignored("there is no ban of this kind")),
    }
}

/// A group gets or loses a moderator or a pinned post. Anybody else's collection is not for us.
pub(super) async fn add(case: &Case<'_>, added: bool) -> Handled {
    let Some((group, moderators)) = collection(case).await? else {
        return Ok(Verdict::Ignored(
            "its target is no collection of a group here",
        ));
    };
    let relay = case.relay(&group);
    if moderators {
        let moderator = case.resolver.actor(case.object_id()?).await?.id;
        let change = ChangeModerator {
            group: group.id,
            moderator,
            added,
            relay,
        };
        return case.moderate(&group, None, change).await;
    }
    match post(case, &group).await? {
        Some(post) => {
            case.moderate(
                &group,
                None,
                FeaturePost {
                    post,
                    featured: added,
                    relay,
                },
            )
            .await
        }
        None => Ok(Verdict::Ignored("the post is not here")),
    }
}

/// A thread, or what lies below a comment, takes no more answers.
pub(super) async fn lock(case: &Case<'_>) -> Handled {
    set_locked(case, true).await
}

/// It takes answers again.
pub(super) async fn unlock(case: &Case<'_>) -> Handled {
    set_locked(case, false).await
}

async fn set_locked(case: &Case<'_>, locked: bool) -> Handled {
    let Some((known, group)) = case.subject().await? else {
        return Ok(Verdict::Ignored("what it locks is not here"));
    };
    let reason = delete::reason(case.activity.summary.as_deref());
    let lock = LockObject {
        object: known.id,
        locked,
        reason,
        relay: case.relay(&group),
    };
    let author = case.actor_of(known.author).await?;
    case.moderate(&group, Some(&author), lock).await
}

fn ban(case: &Case<'_>, group: Option<&Actor>, actor: &Actor) -> Ban {
    Ban {
        group: group.map(|group| group.id),
        actor: actor.id,
        reason: delete::reason(case.activity.summary.as_deref()),
        until: case.activity.end_time,
        remove_content: case.activity.remove_data,
        relay: group.and_then(|group| case.relay(group)),
    }
}

/// What is banned from; a remote group passes on bans from itself only.
async fn scope(case: &Case<'_>) -> Result<Scope, Refusal> {
    let Some(target) = case.activity.target.as_ref().and_then(|target| target.id()) else {
        let personal = case.via.is_none();
        return Ok(if personal {
            Scope::Personal
        } else {
            Scope::Nothing
        });
    };
    if let Some(via) = &case.via {
        let own = via.uri.as_str() == target;
        return Ok(if own {
            Scope::Group(via.clone())
        } else {
            Scope::Nothing
        });
    }
    let group = case.resolver.known_actor(target).await?;
    if let Some(group) = group.filter(|actor| actor.kind == ActorKind::Group) {
        return Ok(Scope::Group(group));
    }
    let root = Uri::parse(target)
        .and_then(|uri| uri.url())
        .is_some_and(|url| url.path() == "/");
    Ok(if root && case.is_own_host(target) {
        Scope::OwnServer
    } else {
        Scope::Nothing
    })
}

/// The group whose collection is the target, and whether it is that of its moderators: a local
/// group's, or that of the group which announces this.
async fn collection(case: &Case<'_>) -> Result<Option<(Actor, bool)>, Refusal> {
    let Some(target) = case.activity.target.as_ref().and_then(|target| target.id()) else {
        return Ok(None);
    };
    if let Some(via) = &case.via {
        let is = |own: &Option<String>| own.as_deref() == Some(target);
        return Ok(match (is(&via.moderators), is(&via.featured)) {
            (true, _) => Some((via.clone(), true)),
            (_, true) => Some((via.clone(), false)),
            _ => None,
        });
    }
    let Some(Local::Collection(of, what)) = case.federation.names().parse(target) else {
        return Ok(None);
    };
    let (Local::Group(name), "moderators" | "featured") = (*of, what.as_str()) else {
        return Ok(None);
    };
    let store = &case.federation.operations.store;
    let group = store
        .read(move |db| actors::find_local(db, &name))
        .await
        .map_err(Refusal::from)?;
    let group = group.filter(|actor| actor.kind == ActorKind::Group);
    Ok(group.map(|group| (group, what == "moderators")))
}

/// The post that the activity is about, if it is one of this group.
async fn post(case: &Case<'_>, group: &Actor) -> Result<Option<PostId>, Refusal> {
    let known = case.resolver.known_object(case.object_id()?).await?;
    Ok(match known {
        Some(known) if known.group == group.id => match known.id {
            ObjectId::Post(id) => Some(id),
            ObjectId::Comment(_) => None,
        },
        _ => None,
    })
}
