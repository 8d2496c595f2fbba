//! Whom people keep away from themselves. Nothing public tells of it, and no server is told: peers
//! learn at most that a follow ended (federation.md 4.9 has others send their blocks; we do not).

mod host;
mod person;

pub(crate) use host::KeepHostAway;
pub(crate) use person::{KeepAway, LetNear};

use crate::domain::ids::ActorId;
use crate::domain::refusal::Refusal;
use crate::store::{actors, blocks};

use super::Desk;

/// Those of these people, who live here, who do not want to see anything of somebody.
pub(super) fn list_avoiding(
    desk: &mut Desk<'_>,
    people: &[ActorId],
    other: ActorId,
) -> Result<Vec<ActorId>, Refusal> {
    let mut avoiding = Vec::new();
    for person in actors::list_by_ids(desk.db, people)? {
        if person.local && !blocks::list_unwanted(desk.db, person.id, &[other])?.is_empty() {
            avoiding.push(person.id);
        }
    }
    Ok(avoiding)
}

#[cfg(test)]
mod tests;
