//! The documents of local actors.

use axum::extract::State as Given;
use axum::response::Response;

use super::answer::{Keep, at_its_origin, document, gone};
use super::asker::Asker;
use super::peer::Peer;
use crate::domain::actor::{Actor, ActorKind};
use crate::domain::caller::Viewer;
use crate::domain::ids::{Handle, Uri};
use crate::domain::refusal::Refusal;
use crate::faces::shared::extract::Path;
use crate::faces::shared::{Failed, State};
use crate::federation::document as documents;
use crate::federation::write::stub;
use crate::views::group::veiled;
use crate::views::{Snapshot, actor, instance};

/// The hub's own actor: whoever checks a signature needs its key, so it is open to all.
pub(super) async fn instance(Given(state): Given<State>) -> Result<Response, Failed> {
    let host = state.names().host().to_owned();
    let asked = Asked {
        peer: Peer::Anybody,
        asker: None,
        uri: state.names().instance(),
    };
    show(&state, asked, move |db| Ok(instance::actor(db, &host)?)).await
}

/// A group, or where it lives.
pub(super) async fn group(
    Given(state): Given<State>,
    peer: Peer,
    asker: Asker,
    Path(name): Path<String>,
) -> Result<Response, Failed> {
    let handle = handle(&state, &name)?;
    let asked = Asked {
        peer,
        asker: Some(asker),
        uri: state.names().group(&name),
    };
    show(&state, asked, move |db| {
        let found = actor::find_by_handle(db, &handle, Some(ActorKind::Group))?;
        Ok(found.filter(|actor| actor.kind == ActorKind::Group))
    })
    .await
}

/// A person, or where they live.
pub(super) async fn person(
    Given(state): Given<State>,
    peer: Peer,
    Path(name): Path<String>,
) -> Result<Response, Failed> {
    let handle = handle(&state, &name)?;
    let asked = Asked {
        peer,
        asker: None,
        uri: state.names().person(&name),
    };
    show(&state, asked, move |db| {
        let found = actor::find_by_handle(db, &handle, None)?;
        Ok(found.filter(|actor| matches!(actor.kind, ActorKind::Person | ActorKind::Service)))
    })
    .await
}

/// The handle in an address: a local name, or `name@host`. Who writes a local one with other letters
/// than its id is led to that.
fn handle(state: &State, text: &str) -> Result<Handle, Failed> {
    let mut handle = Handle::parse(text).ok_or_else(Failed::unknown_address)?;
    if handle.host.as_deref() == Some(state.names().host()) {
        handle.host = None;
    }
    Ok(handle)
}

/// What is asked for, and by whom.
struct Asked {
    peer: Peer,
    /// Where what is answered depends on who asks.
    asker: Option<Asker>,
    uri: Uri,
}

/// The document of the actor that is found, or where it is: at its origin, or under its id if it
/// was asked for by a name that it took later. What only members of a private group know of it is
/// for the servers on which they live.
async fn show(
    state: &State,
    asked: Asked,
    find: impl FnOnce(&mut Snapshot) -> Result<Option<Actor>, Refusal> + Send + 'static,
) -> Result<Response, Failed> {
    let Asked {
        peer,
        asker,
        uri: asked,
    } = asked;
    let (names, settings) = (state.names().clone(), state.settings());
    let Some(found) = state.read(find).await? else {
        return Err(Failed::unknown_address());
    };
    let private = found.is_private_group();
    let viewer = match asker.filter(|_| private) {
        Some(asker) => asker.viewer(state).await,
        None => Viewer::Visitor,
    };
    let keep = if private { Keep::Private } else { peer.keep() };
    let found = state.read(move |db| {
        let Some(actor) = veiled(db, viewer, vec![found])?.pop() else {
            return Ok(None);
        };
        let here = actor.local && actor.uri == asked;
        let value = if here {
            Some(documents::actor(db, &names, &settings, &actor)?)
        } else {
            None
        };
        Ok::<_, Refusal>(Some((actor, value)))
    });
    Ok(match found.await?.ok_or_else(Failed::unknown_address)? {
        (actor, None) => at_its_origin(actor.uri.as_str()),
        (actor, Some(value)) if actor.deleted_at.is_some() => gone(value),
        (_, Some(value)) if peer == Peer::Unsigned => document(stub(&value), peer.keep()),
        (_, Some(value)) => document(value, keep),
    })
}
