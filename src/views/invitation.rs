//! Invitations: what one lets do, whose somebody has, and how people came.

use crate::domain::actor::Actor;
use crate::domain::clock::Ts;
use crate::domain::ids::ActorId;
use crate::domain::invitation::Invitation;
use crate::store::{Db, Res, actors, invitations};

/// The most invitations, and people who came by them, that are listed.
const MOST: u32 = 200;

/// The invitation of this hash, if somebody may still join with it, and who invites. Two queries.
pub(crate) fn find_good(db: &mut Db, token_hash: &str, now: Ts) -> Res<Option<Actor>> {
    let found = invitations::find_by_token(db, token_hash)?;
    match found.filter(|found| found.is_good(now)) {
        Some(found) => actors::find(db, found.author),
        None => Ok(None),
    }
}

/// Somebody's invitations and who came by them, newest first. Two queries.
pub(crate) fn of(db: &mut Db, author: ActorId) -> Res<(Vec<Invitation>, Vec<Actor>)> {
    let invitations = invitations::list_of(db, author, MOST)?;
    Ok((invitations, invitations::list_invited(db, author, MOST)?))
}

/// How somebody came.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ArrivalCard {
    /// Who invited them.
    pub(crate) inviter: Option<Actor>,
    /// What they answered to the hub's question.
    pub(crate) answer: String,
}

/// How these people came, each at the place of theirs. Two queries.
pub(crate) fn arrivals(db: &mut Db, people: &[ActorId]) -> Res<Vec<ArrivalCard>> {
    let arrivals = invitations::list_arrivals(db, people)?;
    let by: Vec<ActorId> = arrivals.iter().filter_map(|(_, how)| how.inviter).collect();
    let inviters = actors::list_by_ids(db, &by)?;
    let card = |person: &ActorId| {
        let Some((_, how)) = arrivals.iter().find(|(id, _)| id == person) else {
            return ArrivalCard::default();
        };
        ArrivalCard {
            inviter: inviters
                .iter()
                .find(|one| Some(one.id) == how.inviter)
                .cloned(),
            answer: how.answer.clone(),
        }
    };
    Ok(people.iter().map(card).collect())
}
