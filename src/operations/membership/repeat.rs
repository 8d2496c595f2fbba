//! Requests that nobody answered are made again: a server that has just heard of this hub may lose
//! the first, or its answer (federation.md 4.1).

use super::join::ask;
use crate::domain::caller::Caller;
use crate::domain::refusal::Refusal;
use crate::operations::{Desk, Operation};
use crate::store::follows::{self, Follow};
use crate::store::{Res, actors};

/// The pauses after each time that was asked, in seconds; after the last nobody is asked again.
const PAUSES: [i64; 6] = [
    2 * 60,
    15 * 60,
    3 * 3600,
    24 * 3600,
    3 * 24 * 3600,
    3 * 24 * 3600,
];
/// Requests that one run makes.
const MOST: u32 = 100;

/// How long after it was asked so many times a request is made again.
pub(super) fn again_after(asks: i32) -> Option<i64> {
    let place = usize::try_from(asks).ok()?.checked_sub(1)?;
    PAUSES.get(place).copied()
}

/// The hub asks again for what its members asked and nobody answered; gives back how many requests
/// it made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RepeatFollows;

impl Operation for RepeatFollows {
    type Output = usize;
    const NAME: &'static str = "repeat_follows";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<usize, Refusal> {
        if desk.caller != Caller::System {
            return Err(Refusal::forbidden(
                "follow.system",
                "Requests are repeated by the hub itself.",
            ));
        }
        let due = follows::list_to_ask(desk.db, desk.now, MOST)?;
        let mut made = 0;
        for (follow, asks) in due {
            if still_wanted(desk, &follow)? {
                let target = actors::find(desk.db, follow.target)?;
                let target = target.filter(|actor| !actor.local && actor.deleted_at.is_none());
                if let Some(target) = target {
                    ask(desk, &target, follow.follower, asks.saturating_add(1))?;
                    made += 1;
                    continue;
                }
            }
            follows::set_asks(desk.db, &follow, asks, None)?;
        }
        Ok(made)
    }
}

fn still_wanted(desk: &mut Desk<'_>, follow: &Follow) -> Res<bool> {
    let follower = actors::find(desk.db, follow.follower)?;
    Ok(follower.is_some_and(|actor| actor.local && actor.deleted_at.is_none()))
}
