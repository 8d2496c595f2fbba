//! Collections of actors and objects; always documents, whatever `Accept` says.

use axum::Router;
use axum::extract::State as Given;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::StatusCode;
use serde::Deserialize;

use super::answer::document;
use super::asker::Asker;
use super::peer::Known;
use crate::domain::actor::{Actor, ActorKind};
use crate::domain::ids::{CommentId, ObjectId, PostId};
use crate::domain::refusal::Refusal;
use crate::faces::shared::extract::{Number, Path, Query};
use crate::faces::shared::{Failed, State};
use crate::federation::collection::{self as collections, Part};
use crate::views::{Snapshot, actor};

const OF_GROUPS: [&str; 5] = ["outbox", "followers", "following", "moderators", "featured"];
const OF_PEOPLE: [&str; 4] = ["outbox", "followers", "following", "featured"];
const OF_OBJECTS: [&str; 6] = [
    "attendees",
    "context",
    "replies",
    "likes",
    "dislikes",
    "shares",
];

/// `?page=` of a paged collection; `?is_follower=` of a private group's followers.
#[derive(Deserialize)]
struct Asked {
    page: Option<String>,
    is_follower: Option<String>,
}

impl Asked {
    /// # Errors
    /// For a page that no collection gave out.
    fn part(&self) -> Result<Option<Part>, Failed> {
        let Some(text) = &self.page else {
            return Ok(None);
        };
        Part::parse(text)
            .map(Some)
            .ok_or_else(Failed::unknown_address)
    }
}

pub(super) fn routes() -> Router<State> {
    let mut router = Router::new();
    for which in OF_GROUPS {
        let show = move |given, peer, asker, Path(name), Query(asked)| {
            of_actor(given, (peer, asker), (name, is_group), which, asked)
        };
        router = router.route(&format!("/c/{{name}}/{which}"), get(show));
    }
    for which in OF_PEOPLE {
        let show = move |given, peer, asker, Path(name), Query(asked)| {
            of_actor(given, (peer, asker), (name, is_person), which, asked)
        };
        router = router.route(&format!("/u/{{name}}/{which}"), get(show));
    }
    for which in OF_OBJECTS {
        let post = move |given, peer, asker, Path(Number(id)), Query(asked)| {
            of_object(
                given,
                (peer, asker),
                ObjectId::Post(PostId(id)),
                which,
                asked,
            )
        };
        let comment = move |given, peer, asker, Path(Number(id)), Query(asked)| {
            of_object(
                given,
                (peer, asker),
                ObjectId::Comment(CommentId(id)),
                which,
                asked,
            )
        };
        router = router.route(&format!("/post/{{id}}/{which}"), get(post));
        router = router.route(&format!("/comment/{{id}}/{which}"), get(comment));
    }
    router
}

fn is_group(kind: ActorKind) -> bool {
    kind == ActorKind::Group
}

fn is_person(kind: ActorKind) -> bool {
    matches!(kind, ActorKind::Person | ActorKind::Service)
}

async fn of_actor(
    Given(state): Given<State>,
    (Known(peer), asker): (Known, Asker),
    (name, fits): (String, fn(ActorKind) -> bool),
    which: &'static str,
    asked: Asked,
) -> Result<Response, Failed> {
    let part = asked.part()?;
    if let Some(person) = asked.is_follower.filter(|_| which == "followers") {
        return is_follower(&state, &asker, name, person).await;
    }
    let (names, settings) = (state.names().clone(), state.settings());
    let read = move |db: &mut Snapshot, viewer| {
        let owner = actor::find_local(db, &name)?.filter(|actor| fits(actor.kind));
        let Some(owner) = owner.filter(|actor| actor.deleted_at.is_none()) else {
            return Ok::<_, Refusal>(None);
        };
        let part = (which, part);
        let found = collections::of_actor(db, &names, &settings, viewer, &owner, part)?;
        Ok(found)
    };
    let found = asker.find(&state, peer.keep(), read).await?;
    let (found, keep) = found.ok_or_else(Failed::unknown_address)?;
    Ok(document(found, keep))
}

/// Whether somebody's server has members of a private group, for the servers of its other members:
/// Lemmy asks so before it serves what its people wrote there. 200 says yes, 404 no.
async fn is_follower(
    state: &State,
    asker: &Asker,
    name: String,
    person: String,
) -> Result<Response, Failed> {
    let viewer = asker.viewer(state).await;
    let found = state.read(move |db| {
        let group = actor::find_local(db, &name)?;
        let Some(group) = group.filter(Actor::is_private_group) else {
            return Ok::<_, Refusal>(false);
        };
        Ok(collections::lives_with_members(
            db, viewer, &group, &person,
        )?)
    });
    if found.await? {
        return Ok(StatusCode::OK.into_response());
    }
    Err(Failed::unknown_address())
}

async fn of_object(
    Given(state): Given<State>,
    (Known(peer), asker): (Known, Asker),
    object: ObjectId,
    which: &'static str,
    asked: Asked,
) -> Result<Response, Failed> {
    let part = asked.part()?;
    let names = state.names().clone();
    let read = move |db: &mut Snapshot, viewer| {
        let found = collections::of_object(db, &names, viewer, object, which, part)?;
        Ok::<_, Refusal>(found)
    };
    let found = asker.find(&state, peer.keep(), read).await?;
    let (found, keep) = found.ok_or_else(Failed::unknown_address)?;
    Ok(document(found, keep))
}
