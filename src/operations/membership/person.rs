//! A member of this hub follows a person, here or elsewhere, and what that person hears of it.

use super::join::{ask, enter, is_answered};
use super::leave::end;
use super::require_member;
use crate::domain::actor::{Actor, ActorKind};
use crate::domain::ids::ActorId;
use crate::domain::membership::FollowState;
use crate::domain::notice::NoticeKind;
use crate::domain::policy::{self, Relation};
use crate::domain::refusal::{Kind, Refusal};
use crate::operations::{Desk, Operation, notice};
use crate::store::{accounts, actors, blocks, follows, moderation, notices};

/// The most people whom one person follows.
const MOST: u32 = 2_000;

/// Follows a person of this hub at once, or asks one elsewhere; gives back where the follow stands.
///
/// What they write in groups that the follower may look into stands among what the follower follows.
#[derive(Clone, Debug)]
pub(crate) struct FollowPerson {
    /// Whom.
    pub(crate) person: ActorId,
}

impl Operation for FollowPerson {
    type Output = FollowState;
    const NAME: &'static str = "follow_person";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<FollowState, Refusal> {
        let member = require_member(desk.caller)?;
        let person = person(desk, self.person)?;
        if person.deleted_at.is_some() {
            return Err(Refusal::new(
                Kind::Gone,
                "actor.gone",
                "This person is no longer there.",
            ));
        }
        check(desk, member, &person)?;
        let known = follows::find(desk.db, person.id, member)?;
        if let Some(follow) = known
            .as_ref()
            .filter(|known| is_answered(desk, &person, known))
        {
            return Ok(follow.state);
        }
        if known.is_none() && follows::count_people_of(desk.db, member)? >= i64::from(MOST) {
            return Err(Refusal::new(
                Kind::Conflict,
                "follow.too_many",
                format!("Nobody follows more than {MOST} people."),
            ));
        }
        if !person.local {
            ask(desk, &person, member, 1)?;
            return Ok(FollowState::Pending);
        }
        let uuid = crate::crypto::token::uuid();
        let state = enter(desk, &person, member, FollowState::Accepted, &uuid)?;
        tell_followed(desk, &person, member)?;
        Ok(state)
    }
}

/// Whether somebody may follow a person at all.
fn check(desk: &mut Desk<'_>, member: ActorId, person: &Actor) -> Result<(), Refusal> {
    if person.id == member {
        return Err(Refusal::invalid(
            "person",
            "follow.self",
            "Nobody follows themselves.",
        ));
    }
    let relation = Relation {
        ban: moderation::find_ban(desk.db, None, member, desk.now)?,
        ..Relation::default()
    };
    policy::require_not_banned(&relation, desk.now)?;
    if blocks::is_blocked(desk.db, person.id, member)? {
        return Err(Refusal::forbidden(
            "follow.unwelcome",
            "This person does not want to be followed by you.",
        ));
    }
    if blocks::is_blocked(desk.db, member, person.id)? {
        return Err(Refusal::new(
            Kind::Conflict,
            "follow.blocked",
            "You block this person, or their server. Let them near first.",
        ));
    }
    Ok(())
}

/// A person or bot, gone or not.
fn person(desk: &mut Desk<'_>, id: ActorId) -> Result<Actor, Refusal> {
    actors::find(desk.db, id)?
        .filter(|actor| matches!(actor.kind, ActorKind::Person | ActorKind::Service))
        .ok_or_else(|| Refusal::not_found("actor.not_found", "There is no such person."))
}

/// Tells somebody here, once for each follower, that they are followed: who goes and comes again is
/// no news.
pub(super) fn tell_followed(
    desk: &mut Desk<'_>,
    person: &Actor,
    follower: ActorId,
) -> Result<(), Refusal> {
    let (kind, object) = (NoticeKind::Followed, follower.0);
    if notices::is_told(desk.db, person.id, kind, follower, object)? {
        return Ok(());
    }
    notice::tell(desk, kind, &[person.id], follower, object)
}

/// Follows a person no more, or takes a request back; done already if there is none.
#[derive(Clone, Debug)]
pub(crate) struct UnfollowPerson {
    /// Whom; who is gone can be left, too.
    pub(crate) person: ActorId,
}

impl Operation for UnfollowPerson {
    type Output = ();
    const NAME: &'static str = "unfollow_person";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let member = require_member(desk.caller)?;
        let person = person(desk, self.person)?;
        end(desk, &person, member)
    }
}

/// Says whether the caller's page tells how many people follow them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ShowFollowers {
    /// Whether it does.
    pub(crate) shown: bool,
}

impl Operation for ShowFollowers {
    type Output = ();
    const NAME: &'static str = "show_followers";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let member = require_member(desk.caller)?;
        Ok(accounts::set_shows_followers(desk.db, member, self.shown)?)
    }
}
