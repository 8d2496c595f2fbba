//! The documents of local actors.

use axum::extract::State as Given;
use axum::response::Response;

use super::answer::{Keep, at_its_origin, document, gone};
use crate::domain::actor::{Actor, ActorKind};
use crate::domain::ids::Handle;
use crate::faces::shared::extract::Path;
use crate::faces::shared::{Failed, State};
use crate::federation::document as documents;
use crate::views::{Snapshot, actor, instance};

/// The hub's own actor.
pub(super) async fn instance(Given(state): Given<State>) -> Result<Response, Failed> {
    let host = state.names().host().to_owned();
    show(&state, move |db| Ok(instance::actor(db, &host)?)).await
}

/// A group, or where it lives.
pub(super) async fn group(
    Given(state): Given<State>,
    Path(name): Path<String>,
) -> Result<Response, Failed> {
    let handle = handle(&state, &name)?;
    show(&state, move |db| {
        let found = actor::find_by_handle(db, &handle, Some(ActorKind::Group))?;
        Ok(found.filter(|actor| actor.kind == ActorKind::Group))
    })
    .await
}

/// A person, or where they live.
pub(super) async fn person(
    Given(state): Given<State>,
    Path(name): Path<String>,
) -> Result<Response, Failed> {
    let handle = handle(&state, &name)?;
    show(&state, move |db| {
        let found = actor::find_by_handle(db, &handle, None)?;
        Ok(found.filter(|actor| matches!(actor.kind, ActorKind::Person | ActorKind::Service)))
    })
    .await
}

/// The handle in an address: a local name exactly as its id has it, or `name@host`.
fn handle(state: &State, text: &str) -> Result<Handle, Failed> {
    let handle = Handle::parse(text).ok_or_else(Failed::unknown_address)?;
    let here = handle
        .host
        .as_deref()
        .is_none_or(|host| host == state.names().host());
    let exact = handle.name.chars().all(|c| !c.is_ascii_uppercase());
    match (here, exact) {
        (true, false) => Err(Failed::unknown_address()),
        (true, true) => Ok(Handle {
            name: handle.name,
            host: None,
        }),
        (false, _) => Ok(handle),
    }
}

async fn show(
    state: &State,
    find: impl FnOnce(&mut Snapshot) -> Result<Option<Actor>, crate::domain::refusal::Refusal>
    + Send
    + 'static,
) -> Result<Response, Failed> {
    let (names, settings) = (state.names().clone(), state.settings());
    let found = state.read(move |db| {
        let Some(actor) = find(db)? else {
            return Ok(None);
        };
        let value = if actor.local {
            Some(documents::actor(db, &names, &settings, &actor)?)
        } else {
            None
        };
        Ok::<_, crate::domain::refusal::Refusal>(Some((actor, value)))
    });
    match found.await? {
        None => Err(Failed::unknown_address()),
        Some((actor, None)) => Ok(at_its_origin(actor.uri.as_str())),
        Some((actor, Some(value))) if actor.deleted_at.is_some() => Ok(gone(value)),
        Some((_, Some(value))) => Ok(document(value, Keep::Shared)),
    }
}
