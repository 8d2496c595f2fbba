//! May this caller do that? Every permission is decided here, from facts that were read before.

use super::caller::Caller;
use super::clock::Ts;
use super::ids::ActorId;
use super::membership::Ban;
use super::refusal::{Kind, Refusal};

/// How a caller stands to a group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Relation {
    /// Is on the group's list of moderators.
    pub(crate) moderator: bool,
    /// Is banned from the group or the hub.
    pub(crate) ban: Option<Ban>,
}

/// Whether the caller moderates the group: its moderators, and for local groups the hub's own.
pub(crate) fn moderates(caller: Caller, relation: &Relation, group_is_local: bool) -> bool {
    let hub = group_is_local && caller.moderates_hub();
    hub || caller == Caller::System || (relation.moderator && relation.ban.is_none())
}

/// Somebody must be behind the call.
pub(crate) fn require_actor(caller: Caller) -> Result<ActorId, Refusal> {
    caller.actor().ok_or_else(|| {
        Refusal::new(
            Kind::Unauthenticated,
            "sign_in.required",
            "Please sign in to do this.",
        )
    })
}

/// Banned people do not take part.
pub(crate) fn require_not_banned(relation: &Relation, now: Ts) -> Result<(), Refusal> {
    match &relation.ban {
        Some(ban) if ban.until.is_none_or(|until| until > now) => {
            let until = ban
                .until
                .map_or(String::new(), |at| format!(" until {}", at.rfc3339()));
            Err(Refusal::new(
                Kind::Banned,
                "banned",
                format!(
                    "You are banned here{until}. The reason given: {}",
                    ban.reason
                ),
            ))
        }
        _ => Ok(()),
    }
}

/// Only admins.
pub(crate) fn require_admin(caller: Caller) -> Result<(), Refusal> {
    if caller.is_admin() {
        return Ok(());
    }
    require_actor_or_system(caller)?;
    Err(Refusal::forbidden(
        "admin.required",
        "Only the admins of this hub can do this.",
    ))
}

/// Only moderators of the group.
pub(crate) fn require_moderator(
    caller: Caller,
    relation: &Relation,
    group_is_local: bool,
) -> Result<(), Refusal> {
    if moderates(caller, relation, group_is_local) {
        return Ok(());
    }
    require_actor_or_system(caller)?;
    Err(Refusal::forbidden(
        "moderator.required",
        "Only moderators of this group can do this.",
    ))
}

/// Only who moderates the group the longest, and admins: what concerns all of it.
pub(crate) fn require_founder(caller: Caller, first: Option<ActorId>) -> Result<(), Refusal> {
    if caller.is_admin() || (first.is_some() && caller.actor() == first) {
        return Ok(());
    }
    require_actor(caller)?;
    Err(Refusal::forbidden(
        "founder.required",
        "Only who has moderated this group the longest, and the admins of this hub, can do this.",
    ))
}

/// Only moderators of the whole hub, and admins.
pub(crate) fn require_hub_moderator(caller: Caller) -> Result<(), Refusal> {
    if caller.moderates_hub() {
        return Ok(());
    }
    require_actor_or_system(caller)?;
    Err(Refusal::forbidden(
        "moderator.required",
        "Only moderators and admins of this hub can do this.",
    ))
}

/// Only the author.
pub(crate) fn require_author(caller: Caller, author: ActorId) -> Result<(), Refusal> {
    if caller.actor() == Some(author) || caller == Caller::System {
        return Ok(());
    }
    require_actor_or_system(caller)?;
    Err(Refusal::forbidden(
        "author.required",
        "Only the author can do this.",
    ))
}

fn require_actor_or_system(caller: Caller) -> Result<(), Refusal> {
    if caller == Caller::System {
        Ok(())
    } else {
        require_actor(caller).map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use super::super::membership::Role;
    use super::*;

    #[test]
    fn a_ban_ends_when_its_time_is_over() {
        let ban = Ban {
            reason: "spam".into(),
            until: Some(Ts(100)),
        };
        let relation = Relation {
            moderator: false,
            ban: Some(ban),
        };
        assert!(require_not_banned(&relation, Ts(99)).is_err());
        assert!(require_not_banned(&relation, Ts(100)).is_ok());
    }

    #[test]
    fn the_hubs_moderators_moderate_local_groups_only() {
        let caller = Caller::Member {
            actor: ActorId(1),
            role: Role::Moderator,
        };
        assert!(moderates(caller, &Relation::default(), true));
        assert!(!moderates(caller, &Relation::default(), false));
    }

    #[test]
    fn a_banned_moderator_moderates_no_more() {
        let ban = Some(Ban {
            reason: String::new(),
            until: None,
        });
        let relation = Relation {
            moderator: true,
            ban,
        };
        assert!(!moderates(
            Caller::Remote { actor: ActorId(1) },
            &relation,
            true
        ));
    }
}
