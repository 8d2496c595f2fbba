//! Collections of actors and objects; always documents, whatever `Accept` says.

use axum::Router;
use axum::extract::State as Given;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;

use super::answer::document;
use super::peer::Known;
use crate::domain::actor::ActorKind;
use crate::domain::ids::{CommentId, ObjectId, PostId};
use crate::domain::refusal::Refusal;
use crate::faces::shared::extract::{Path, Query};
use crate::faces::shared::{Failed, State};
use crate::federation::collection::{self as collections, Part};
use crate::views::actor;

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

/// `?page=` of a paged collection.
#[derive(Deserialize)]
struct Asked {
    page: Option<String>,
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
        let show = move |given, peer, Path(name), Query(asked)| {
            of_actor(given, peer, (name, is_group), which, asked)
        };
        router = router.route(&format!("/c/{{name}}/{which}"), get(show));
    }
    for which in OF_PEOPLE {
        let show = move |given, peer, Path(name), Query(asked)| {
            of_actor(given, peer, (name, is_person), which, asked)
        };
        router = router.route(&format!("/u/{{name}}/{which}"), get(show));
    }
    for which in OF_OBJECTS {
        let post = move |given, peer, Path(id), Query(asked)| {
            of_object(given, peer, ObjectId::Post(PostId(id)), which, asked)
        };
        let comment = move |given, peer, Path(id), Query(asked)| {
            of_object(given, peer, ObjectId::Comment(CommentId(id)), which, asked)
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
    Known(peer): Known,
    (name, fits): (String, fn(ActorKind) -> bool),
    which: &'static str,
    asked: Asked,
) -> Result<Response, Failed> {
    let part = asked.part()?;
    let (names, settings) = (state.names().clone(), state.settings());
    let found = state.read(move |db| {
        let owner = actor::find_local(db, &name)?.filter(|actor| fits(actor.kind));
        let Some(owner) = owner.filter(|actor| actor.deleted_at.is_none()) else {
            return Ok::<_, Refusal>(None);
        };
        Ok(collections::of_actor(
            db, &names, &settings, &owner, which, part,
        )?)
    });
    let found = found.await?.ok_or_else(Failed::unknown_address)?;
    Ok(document(found, peer.keep()))
}

async fn of_object(
    Given(state): Given<State>,
    Known(peer): Known,
    object: ObjectId,
    which: &'static str,
    asked: Asked,
) -> Result<Response, Failed> {
    let part = asked.part()?;
    let names = state.names().clone();
    let read = move |db: &mut _| collections::of_object(db, &names, object, which, part);
    let found = state
        .read(read)
        .await?
        .ok_or_else(Failed::unknown_address)?;
    Ok(document(found, peer.keep()))
}
