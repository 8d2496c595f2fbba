//! A moderator bans somebody from a group (or an admin from the hub), or lets them in again.

use crate::domain::activity::{Activity, Entry};
use crate::domain::actor::Actor;
use crate::domain::caller::Caller;
use crate::domain::clock::Ts;
use crate::domain::ids::{ActorId, ObjectId};
use crate::domain::membership;
use crate::domain::policy;
use crate::domain::refusal::{Kind, Refusal};
use crate::operations::{Desk, Operation};
use crate::store::{actors, comments, follows, held, moderation, posts};

/// How many of the newest posts, and of the newest comments, a ban removes at once.
const REMOVED_AT_ONCE: u32 = 500;

/// Somebody is kept out of a group, or of the whole hub.
#[derive(Clone, Debug)]
pub(crate) struct Ban {
    /// From which group; `None`: from the whole hub, which takes an admin.
    pub(crate) group: Option<ActorId>,
    /// Whom.
    pub(crate) actor: ActorId,
    /// Why; shown to them.
    pub(crate) reason: String,
    /// When it ends by itself.
    pub(crate) until: Option<Ts>,
    /// Whether what they wrote there goes too.
    pub(crate) remove_content: bool,
    /// The activity to be announced by a local group.
    pub(crate) relay: Option<String>,
}

/// Somebody is let in again.
#[derive(Clone, Debug)]
pub(crate) struct Unban {
    /// Into which group; `None`: the whole hub.
    pub(crate) group: Option<ActorId>,
    /// Whom.
    pub(crate) actor: ActorId,
    /// The activity to be announced by a local group.
    pub(crate) relay: Option<String>,
}

impl Operation for Ban {
    type Output = ();
    const NAME: &'static str = "ban";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let actor = check(desk, self.group, self.actor)?;
        if desk.caller.actor() == Some(self.actor) {
            return Err(Refusal::new(
                Kind::Invalid,
                "ban.self",
                "You cannot ban yourself.",
            ));
        }
        if self.until.is_some_and(|until| until <= desk.now) {
            return Err(Refusal::invalid(
                "until",
                "ban.past",
                "A ban ends in the future.",
            ));
        }
        let reason = super::checked_reason(desk, &self.reason)?;
        let ban = membership::Ban {
            reason: reason.clone(),
            until: self.until,
        };
        moderation::upsert_ban(desk.db, self.group, self.actor, &ban, desk.now)?;
        desk.log(self.group, "ban", None, Some(self.actor), &reason)?;
        held::delete_of_author(desk.db, self.actor, self.group)?;
        if self.remove_content {
            self.remove_content(desk, &reason)?;
        }
        if let Some(group) = self.group {
            end_membership(desk, group, &actor)?;
        }
        let activity = Activity::Banned {
            actor: self.actor,
            banned: true,
            reason,
            until: self.until.map(|at| at.0),
            remove_content: self.remove_content,
        };
        tell(desk, self.group, &actor, activity, self.relay.clone())
    }
}

impl Ban {
    fn remove_content(&self, desk: &mut Desk<'_>, reason: &str) -> Result<(), Refusal> {
        let (actor, group) = (self.actor, self.group);
        for id in posts::list_ids_of_author(desk.db, actor, group, REMOVED_AT_ONCE)? {
            let subject = desk.subject(ObjectId::Post(id))?;
            super::remove(desk, &subject, reason)?;
        }
        for id in comments::list_ids_of_author(desk.db, actor, group, REMOVED_AT_ONCE)? {
            let subject = desk.subject(ObjectId::Comment(id))?;
            super::remove(desk, &subject, reason)?;
        }
        Ok(())
    }
}

/// Who is banned from a group follows it no longer; elsewhere they learn it as a Reject of their
/// Follow.
fn end_membership(desk: &mut Desk<'_>, group: ActorId, actor: &Actor) -> Result<(), Refusal> {
    let Some(follow) = follows::delete(desk.db, group, actor.id, actor.instance)? else {
        return Ok(());
    };
    if desk.group(group)?.local && !actor.local {
        let rejected = Activity::FollowRejected {
            follower: actor.id,
            follow: follow.uri,
        };
        desk.record(Entry::new(group, None, rejected, group.0).to([actor.id]));
    }
    Ok(())
}

impl Operation for Unban {
    type Output = ();
    const NAME: &'static str = "unban";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let actor = check(desk, self.group, self.actor)?;
        if !moderation::delete_ban(desk.db, self.group, self.actor)? {
            return Err(Refusal::not_found(
                "ban.not_found",
                "They are not banned here.",
            ));
        }
        desk.log(self.group, "unban", None, Some(self.actor), "")?;
        let activity = Activity::Banned {
            actor: self.actor,
            banned: false,
            reason: String::new(),
            until: None,
            remove_content: false,
        };
        tell(desk, self.group, &actor, activity, self.relay.clone())
    }
}

/// Whoever decides may do so about this person.
fn check(desk: &mut Desk<'_>, group: Option<ActorId>, actor: ActorId) -> Result<Actor, Refusal> {
    match group {
        None => policy::require_admin(desk.caller)?,
        Some(group) => {
            let group = desk.group(group)?;
            super::require_moderator(desk, &group)?;
            super::require_rank(desk, &group, actor)?;
        }
    }
    actors::find(desk.db, actor)?
        .ok_or_else(|| Refusal::not_found("actor.not_found", "There is no such person."))
}

fn tell(
    desk: &mut Desk<'_>,
    group: Option<ActorId>,
    actor: &Actor,
    activity: Activity,
    relay: Option<String>,
) -> Result<(), Refusal> {
    if let Some(group) = group {
        let group = desk.group(group)?;
        return super::tell(desk, &group, activity, actor.id.0, relay, vec![actor.id]);
    }
    // What another server decided about its own people is not ours to tell.
    if desk.caller == Caller::System && !actor.local {
        return Ok(());
    }
    // Lemmy reads the ban of an admin only if the admin is a person.
    let by = match desk.caller.actor() {
        Some(admin) => Some(admin),
        None => desk.instance()?.map(|hub| hub.id),
    };
    let Some(by) = by else { return Ok(()) };
    let entry = Entry::new(by, None, activity, actor.id.0);
    desk.record(if actor.local {
        entry.everywhere()
    } else {
        entry.to([actor.id])
    });
    Ok(())
}
