//! Whom a member keeps away, for their own eyes.

use crate::domain::actor::Actor;
use crate::domain::block::{Distance, MessagePolicy};
use crate::domain::ids::ActorId;
use crate::store::{Db, Res, actors, blocks};

/// The most that is listed of each kind: all that one may keep away.
const MOST: u32 = 5_000;

/// What a member set.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct KeptAway {
    /// People, the last first.
    pub(crate) people: Vec<(Actor, Distance)>,
    /// The names of whole servers.
    pub(crate) hosts: Vec<String>,
    /// Who may begin to write to the member.
    pub(crate) messages: MessagePolicy,
}

/// Whom a member keeps away, and from whom they take messages: four queries.
pub(crate) fn of(db: &mut Db, member: ActorId) -> Res<KeptAway> {
    let rows = blocks::list(db, member, MOST)?;
    let ids: Vec<ActorId> = rows.iter().map(|(person, _)| *person).collect();
    let people = actors::list_by_ids(db, &ids)?;
    let named = |(id, distance): (ActorId, Distance)| {
        let person = people.iter().find(|actor| actor.id == id)?;
        Some((person.clone(), distance))
    };
    Ok(KeptAway {
        people: rows.into_iter().filter_map(named).collect(),
        hosts: blocks::list_hosts(db, member, MOST)?,
        messages: blocks::message_policy(db, member)?,
    })
}

/// How far a viewer keeps somebody away: by name, whatever they think of the server.
pub(crate) fn between(db: &mut Db, viewer: ActorId, person: ActorId) -> Res<Option<Distance>> {
    blocks::find(db, viewer, person)
}
