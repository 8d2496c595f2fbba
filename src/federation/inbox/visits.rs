//! What processing asks of the store before it decides anything, for all activities that are on
//! their way at once.

use std::collections::HashMap;
use std::sync::Arc;

use crate::domain::actor::Actor;
use crate::domain::clock::Ts;
use crate::domain::ids::{ActorId, Uri};
use crate::domain::names::Names;
use crate::store::gather::Gathering;
use crate::store::traces::Trace;
use crate::store::{Db, Res, actors, held, moderation, seen};

use super::super::read::Candidate;
use super::super::resolve::find_placed;
use super::{deleted_mark, group};

/// The questions that are asked of every activity, or of most.
pub(in crate::federation) struct Visits {
    /// Whether it was dealt with, and who did it.
    pub(super) first: Gathering<First, Met>,
    /// What it is about.
    pub(super) subject: Gathering<Subject, Option<(Trace, Actor)>>,
    /// What is around an object that came.
    pub(super) around: Gathering<Place, Around>,
}

impl Default for Visits {
    fn default() -> Self {
        Self {
            first: Gathering::new(meet),
            subject: Gathering::new(find_subjects),
            around: Gathering::new(look_around),
        }
    }
}

/// An activity that was taken up.
pub(super) struct First {
    /// The digest under which it is known.
    pub(super) digest: Vec<u8>,
    /// Who did it, if that can be anybody.
    pub(super) actor: Option<Uri>,
    /// The moment.
    pub(super) now: Ts,
}

/// What is known of it.
pub(super) struct Met {
    /// It was dealt with before.
    pub(super) seen: bool,
    /// Who did it, if they are known.
    pub(super) actor: Option<Actor>,
    /// They are banned from the whole hub.
    pub(super) banned: bool,
}

fn meet(db: &mut Db, firsts: &[Arc<First>]) -> Res<Vec<Met>> {
    let digests: Vec<&[u8]> = firsts.iter().map(|first| &*first.digest).collect();
    let seen = seen::list_contained(db, &digests)?;
    let uris = firsts.iter().filter_map(|first| first.actor.as_ref());
    let uris: Vec<&str> = uris.map(Uri::as_str).collect();
    let known = actors::list_by_uris(db, &uris)?;
    let ids: Vec<ActorId> = known.iter().map(|actor| actor.id).collect();
    let now = firsts.iter().map(|first| first.now).max().unwrap_or(Ts(0));
    let banned = moderation::list_banned(db, &ids, now)?;
    let met = |first: &Arc<First>| {
        let actor = known
            .iter()
            .find(|known| Some(&known.uri) == first.actor.as_ref());
        Met {
            seen: seen.contains(&first.digest),
            actor: actor.cloned(),
            banned: actor.is_some_and(|actor| banned.contains(&actor.id)),
        }
    };
    Ok(firsts.iter().map(met).collect())
}

/// The id of a post or comment.
pub(super) struct Subject {
    /// The hub's own addresses.
    pub(super) names: Arc<Names>,
    /// The id.
    pub(super) uri: String,
}

fn find_subjects(db: &mut Db, asked: &[Arc<Subject>]) -> Res<Vec<Option<(Trace, Actor)>>> {
    let Some(first) = asked.first() else {
        return Ok(Vec::new());
    };
    let uris: Vec<&str> = asked.iter().map(|one| one.uri.as_str()).collect();
    let placed = find_placed(db, &first.names, &uris)?;
    Ok(uris.iter().map(|uri| placed.get(uri).cloned()).collect())
}

/// An object that came, and what it says of its place.
pub(super) struct Place {
    /// The hub's own addresses.
    pub(super) names: Arc<Names>,
    /// Its id.
    pub(super) id: String,
    /// What it answers.
    pub(super) above: Option<String>,
    /// Who may be its group; `None`: a group passed it on.
    pub(super) candidates: Option<Vec<Candidate>>,
    /// Whom it mentions.
    pub(super) mentioned: Vec<String>,
}

/// What the store knows around an object that came.
#[derive(Default)]
pub(super) struct Around {
    /// Why it is not wanted.
    pub(super) needless: Option<&'static str>,
    /// It is here already, but was never announced.
    pub(super) unannounced: Option<Trace>,
    /// The group to which it is addressed.
    pub(super) addressed: Option<Actor>,
    /// What it answers, with its group.
    pub(super) above: Option<(Trace, Actor)>,
    /// Whom it mentions, of those who are known.
    pub(super) mentions: Vec<ActorId>,
}

impl Around {
    /// The group into which it goes, as far as that is known without a fetch.
    pub(super) fn group(&self) -> Option<&Actor> {
        let above = self.above.as_ref().map(|(_, group)| group);
        above.or(self.addressed.as_ref())
    }
}

fn look_around(db: &mut Db, places: &[Arc<Place>]) -> Res<Vec<Around>> {
    let Some(first) = places.first() else {
        return Ok(Vec::new());
    };
    let marks: Vec<Vec<u8>> = places.iter().map(|place| deleted_mark(&place.id)).collect();
    let deleted = seen::list_contained(db, &marks.iter().map(Vec::as_slice).collect::<Vec<_>>())?;
    let mut uris: Vec<&str> = places.iter().map(|place| place.id.as_str()).collect();
    uris.extend(places.iter().filter_map(|place| place.above.as_deref()));
    uris.sort_unstable();
    uris.dedup();
    let known = find_placed(db, &first.names, &uris)?;
    let mut groups = HashMap::new();
    let mut found = Vec::with_capacity(places.len());
    for (place, mark) in places.iter().zip(&marks) {
        let mut around = Around::default();
        if deleted.contains(mark) {
            around.needless = Some("its author deleted it before it came");
        } else if let Some((known, _)) = known.get(place.id.as_str()) {
            around.needless = Some("it is here already");
            if place.candidates.is_some() && held::is_unannounced(db, known.id)? {
                around.unannounced = Some(known.clone());
            }
        } else {
            around.addressed = addressed(db, place, &mut groups)?;
            let above = place.above.as_deref().and_then(|above| known.get(above));
            around.above = above.cloned();
            around.mentions = find_mentioned(db, &place.mentioned)?;
        }
        found.push(around);
    }
    Ok(found)
}

/// The local group that the first candidate names who names any; each is looked for once.
fn addressed<'a>(
    db: &mut Db,
    place: &'a Place,
    known: &mut HashMap<&'a str, Option<Actor>>,
) -> Res<Option<Actor>> {
    for candidate in place.candidates.iter().flatten() {
        let uri = candidate.uri.as_str();
        if !known.contains_key(uri) {
            let one = std::slice::from_ref(candidate);
            known.insert(uri, group::find_local_group(db, &place.names, one)?);
        }
        if let Some(Some(group)) = known.get(uri) {
            return Ok(Some(group.clone()));
        }
    }
    Ok(None)
}

/// The mentioned people who are known, in the order of their mention.
pub(super) fn find_mentioned(db: &mut Db, uris: &[String]) -> Res<Vec<ActorId>> {
    let mut people = Vec::new();
    for uri in uris {
        people.extend(actors::find_by_uri(db, uri)?.map(|actor| actor.id));
    }
    people.dedup();
    Ok(people)
}
