//! The search: local words, and what an address or handle stands for, wherever it lives.

use axum::extract::State as Given;
use serde::Deserialize;

use super::call::{CURSOR, Call, LIMIT, Parameter};
use super::find::handle;
use super::model::{Comment, Found, Post};
use crate::domain::actor::Actor;
use crate::domain::ids::{ActorId, ObjectId};
use crate::domain::refusal::Refusal;
use crate::domain::search::Filter;
use crate::faces::shared::extract::{Json, Query};
use crate::faces::shared::paginate::{List, Paging};
use crate::faces::shared::token::Reader;
use crate::faces::shared::{Failed, State};
use crate::federation::inbox::{Brought, bring};
use crate::federation::resolve::malformed_handle;
use crate::views::search;
use crate::views::{Snapshot, actor, group, post};

/// The longest search, in characters.
const LONGEST: usize = 300;

const WORDS: Parameter = Parameter {
    name: "q",
    schema: "string",
    about: "Words, an address, or a handle such as name@host",
};

pub(super) fn calls() -> Vec<Call> {
    vec![
        Call::get("/search", "Find posts, people and groups", find)
            .query(&[WORDS, LIMIT, CURSOR])
            .answers::<List<Found>>(200),
    ]
}

#[derive(Deserialize)]
struct Asked {
    q: Option<String>,
}

async fn find(
    Given(state): Given<State>,
    reader: Reader,
    Query(asked): Query<Asked>,
    Paging(page): Paging,
) -> Result<Json<List<Found>>, Failed> {
    let words = words(asked.q)?;
    let mut first = Vec::new();
    if page.after.is_none() {
        first.extend(named(&state, reader, &words).await?);
    }
    let viewer = reader.viewer();
    let found = state
        .read(move |db| search::posts(db, viewer, &Filter::of(&words), page))
        .await?;
    let mut list = List::of(found, |card| Found::Post(Post::of(card, &state)));
    list.items.splice(0..0, first);
    Ok(Json(list))
}

fn words(asked: Option<String>) -> Result<String, Refusal> {
    let words = asked.unwrap_or_default().trim().to_owned();
    if (1..=LONGEST).contains(&words.chars().count()) {
        return Ok(words);
    }
    let sentence = format!("q must have between 1 and {LONGEST} characters.");
    Err(Refusal::invalid("q", "search.words", sentence))
}

/// What an address or handle stands for. A server that cannot be asked, or has nothing there, is
/// no failure of the search.
async fn named(state: &State, reader: Reader, words: &str) -> Result<Option<Found>, Refusal> {
    if words.contains(char::is_whitespace) {
        return Ok(None);
    }
    if words.contains("://") {
        return at_address(state, reader, words).await;
    }
    let handle = match handle(state, words) {
        Ok(handle) => handle,
        Err(_) if words.starts_with(['@', '!']) => return Err(malformed_handle()),
        Err(_) => return Ok(None),
    };
    let (known, viewer) = (handle.clone(), reader.viewer());
    let known = state
        .read(move |db| {
            let found = actor::find_by_handle(db, &known, None)?;
            group::veiled(db, viewer, found.into_iter().collect())
        })
        .await?
        .pop();
    let elsewhere = handle.host.is_some() && reader.viewer().is_some();
    match known {
        Some(known) => Ok(Found::actor(&known)),
        None if elsewhere => {
            let resolver = state.federation.resolver();
            let answer = Box::pin(resolver.handle(&handle, None)).await;
            asked(state, viewer, answer).await
        }
        None => Ok(None),
    }
}

async fn at_address(
    state: &State,
    reader: Reader,
    address: &str,
) -> Result<Option<Found>, Refusal> {
    let (uri, viewer, own) = (address.to_owned(), reader.viewer(), state.clone());
    let known = state.read(move |db| {
        if let Some(actor) = actor::find_by_uri(db, &uri)? {
            let actor = group::veiled(db, viewer, vec![actor])?.pop();
            return Ok(Some(actor.and_then(|actor| Found::actor(&actor))));
        }
        let found = post::find_by_uri(db, viewer, &uri)?;
        Ok::<_, Refusal>(found.map(|object| shown(db, &own, viewer, object)))
    });
    match known.await? {
        Some(known) => Ok(known),
        None if viewer.is_some() && !state.names().is_local(address) => {
            brought(state, viewer, address).await
        }
        None => Ok(None),
    }
}

/// What the origin of an address has there; only people of this hub make it ask.
async fn brought(
    state: &State,
    viewer: Option<ActorId>,
    address: &str,
) -> Result<Option<Found>, Refusal> {
    let own = state.clone();
    match Box::pin(bring(&state.federation, address)).await {
        Ok(Some(Brought::Actor(actor))) => asked(state, viewer, Ok(*actor)).await,
        Ok(Some(Brought::Object(object))) => {
            state
                .read(move |db| Ok::<_, Refusal>(shown(db, &own, viewer, object)))
                .await
        }
        Ok(None) => Ok(None),
        Err(refusal) => {
            tracing::debug!(%refusal, "a search found nothing elsewhere");
            Ok(None)
        }
    }
}

fn shown(
    db: &mut Snapshot,
    state: &State,
    viewer: Option<ActorId>,
    object: ObjectId,
) -> Option<Found> {
    match object {
        ObjectId::Post(id) => shown_post(post::visible_card(db, viewer, id), state),
        ObjectId::Comment(id) => shown_comment(post::comment(db, viewer, id)),
    }
}

fn shown_post(card: Result<post::PostCard, Refusal>, state: &State) -> Option<Found> {
    card.ok().map(|card| Found::Post(Post::of(card, state)))
}

fn shown_comment(card: Result<post::CommentCard, Refusal>) -> Option<Found> {
    let card = card.ok().filter(|card| !card.comment.hidden());
    card.map(|card| Found::Comment(Comment::of(card)))
}

/// Who was found elsewhere, as the viewer may see them.
async fn asked(
    state: &State,
    viewer: Option<ActorId>,
    answer: Result<Actor, Refusal>,
) -> Result<Option<Found>, Refusal> {
    let actor = match answer {
        Ok(actor) => actor,
        Err(refusal) if refusal.code == malformed_handle().code => return Err(refusal),
        Err(refusal) => {
            tracing::debug!(%refusal, "a search found nothing elsewhere");
            return Ok(None);
        }
    };
    let shown = state
        .read(move |db| group::veiled(db, viewer, vec![actor]))
        .await?
        .pop();
    Ok(shown.and_then(|actor| Found::actor(&actor)))
}
