//! From what an address names to what the views know.

use crate::domain::actor::{Actor, ActorKind};
use crate::domain::ids::Handle;
use crate::domain::refusal::{Kind, Refusal};
use crate::faces::shared::State;
use crate::views::{actor, group};

/// The handle in an address, `name` or `name@host`; our own host is left away.
pub(super) fn handle(state: &State, text: &str) -> Result<Handle, Refusal> {
    let handle = Handle::parse(text)
        .ok_or_else(|| Refusal::not_found("handle.malformed", "This is no name or name@host."))?;
    let ours = handle.host.as_deref() == Some(state.names().host());
    Ok(if ours {
        Handle {
            host: None,
            ..handle
        }
    } else {
        handle
    })
}

/// The group of this name, if this hub knows it.
pub(super) async fn known_group(state: &State, name: &str) -> Result<Actor, Refusal> {
    let handle = handle(state, name)?;
    state.look_up(move |db| group::find(db, &handle)).await
}

/// The group of this name; one of another server is asked for where it is not known.
pub(super) async fn any_group(state: &State, name: &str) -> Result<Actor, Refusal> {
    let handle = handle(state, name)?;
    if handle.host.is_none() {
        return known_group(state, name).await;
    }
    let resolver = state.federation.resolver();
    Box::pin(resolver.handle(&handle, Some(ActorKind::Group))).await
}

/// The person of this handle; one of another server is asked for where they are not known.
pub(super) async fn any_person(state: &State, text: &str) -> Result<Actor, Refusal> {
    let handle = handle(state, text.trim().trim_start_matches('@'))?;
    let known = handle.clone();
    let known = state.read(move |db| actor::person(db, &known)).await;
    match known {
        Err(refusal) if refusal.kind == Kind::NotFound && handle.host.is_some() => {
            let resolver = state.federation.resolver();
            Box::pin(resolver.handle(&handle, Some(ActorKind::Person))).await
        }
        known => known,
    }
}

/// The person of this ActivityPub id or handle.
pub(super) async fn person(state: &State, text: &str) -> Result<Actor, Refusal> {
    let nobody = || Refusal::not_found("actor.not_found", "There is no such person.");
    let text = text.trim().to_owned();
    if text.contains("://") {
        let found = state.read(move |db| actor::find_by_uri(db, &text)).await?;
        return found.ok_or_else(nobody);
    }
    let handle = handle(state, &text)?;
    state.read(move |db| actor::person(db, &handle)).await
}
