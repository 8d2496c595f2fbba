//! From whom people take messages: what they set, and who may write to whom by that.

use crate::domain::activity::Origin;
use crate::domain::actor::Actor;
use crate::domain::block::MessagePolicy;
use crate::domain::ids::ActorId;
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::operations::{Desk, Operation};
use crate::store::{blocks, follows, messages};

/// The caller says who may begin to write to them.
#[derive(Clone, Debug)]
pub(crate) struct SetMessagePolicy {
    /// Who.
    pub(crate) policy: MessagePolicy,
}

impl Operation for SetMessagePolicy {
    type Output = ();
    const NAME: &'static str = "set_message_policy";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let caller = policy::require_actor(desk.caller)?;
        Ok(blocks::set_message_policy(desk.db, caller, self.policy)?)
    }
}

/// Those of these people to whom the author may write. Somebody here is told when one of them does
/// not take messages from strangers, but not when one blocked them; what comes from elsewhere
/// reaches those who take it, and nobody else hears of it (security.md H122).
pub(super) fn willing(
    desk: &mut Desk<'_>,
    origin: &Origin,
    author: ActorId,
    people: Vec<Actor>,
) -> Result<Vec<Actor>, Refusal> {
    let mut willing = Vec::with_capacity(people.len());
    for person in people {
        if origin.is_local() {
            require_reach(desk, author, &person)?;
            willing.push(person);
        } else if !person.local
            || takes(desk, author, &person)? && !blocks::is_blocked(desk.db, person.id, author)?
        {
            willing.push(person);
        }
    }
    Ok(willing)
}

fn require_reach(desk: &mut Desk<'_>, author: ActorId, person: &Actor) -> Result<(), Refusal> {
    if blocks::is_blocked(desk.db, author, person.id)? {
        return Err(Refusal::invalid(
            "to",
            "message.to_blocked",
            "You block somebody to whom you want to write; lift that first.",
        ));
    }
    if takes(desk, author, person)? {
        return Ok(());
    }
    Err(Refusal::invalid(
        "to",
        "message.unwelcome",
        format!(
            "{} takes messages from fewer people, and you are not among them.",
            person.handle()
        ),
    ))
}

/// Whether somebody's own setting lets the author write to them; servers elsewhere ask their own
/// people.
fn takes(desk: &mut Desk<'_>, author: ActorId, person: &Actor) -> Result<bool, Refusal> {
    if !person.local || desk.caller.moderates_hub() {
        return Ok(true);
    }
    let known = match blocks::message_policy(desk.db, person.id)? {
        MessagePolicy::Everybody => return Ok(true),
        MessagePolicy::Known => {
            follows::is_follower(desk.db, author, person.id)?
                || follows::share_group(desk.db, author, person.id)?
        }
        MessagePolicy::Nobody => false,
    };
    Ok(known || messages::wrote_to(desk.db, person.id, author)?)
}
