//! Create and Update: an author's words come, or change.

use serde_json::Value;

use crate::domain::actor::{Actor, ActorKind};
use crate::domain::refusal::Refusal;

use super::super::resolve::read_object;
use super::super::wire::{Object, Ref};
use super::case::{Case, Handled, Verdict};
use super::content::{self, Words};
use super::{message, poll};

/// Create: a post or comment comes into being (federation.md 4.2, 4.3).
pub(super) async fn create(case: &Case<'_>) -> Handled {
    match authentic(case).await? {
        Some(words) => Box::pin(come(case, &words)).await,
        None => Ok(Verdict::Ignored("its origin does not have it")),
    }
}

/// Words that are not known yet: a vote in a poll, a private message, a post or a comment.
async fn come(case: &Case<'_>, words: &Words) -> Handled {
    let object = &words.object;
    if object.is_poll_vote() || object.may_be_poll_vote() && poll::offers(case, object).await? {
        return poll::vote(case, words).await;
    }
    match message::arrive(case, words).await? {
        Some(handled) => handled,
        None => Box::pin(content::arrive(case, words)).await,
    }
}

/// Update: of words by their author, of a profile by anybody who then is asked (federation.md 4.4).
pub(super) async fn update(case: &Case<'_>) -> Handled {
    let object = case.object()?;
    if is_actor(case, object) {
        return update_actor(case).await;
    }
    let Some(words) = authentic(case).await? else {
        return Ok(Verdict::Ignored("its origin does not have it"));
    };
    if case.believed && case.via.is_none() && words.author.id != case.by.id {
        return Err(Refusal::forbidden(
            "author.required",
            "Only the author can change this.",
        ));
    }
    if let Some(known) = case.resolver.known_object(&words.object.id).await? {
        return Box::pin(content::change(case, &known, &words)).await;
    }
    match message::known(case, &words.object.id).await? {
        Some(known) => message::change(case, known.id, &words).await,
        None => Box::pin(come(case, &words)).await,
    }
}

/// The object in its author's own words, below the first thing that it answers and that is here.
async fn authentic(case: &Case<'_>) -> Result<Option<Words>, Refusal> {
    let mut words = own_words(case).await?;
    if let Some(Words { object, .. }) = &mut words
        && !object.also_in_reply_to.is_empty()
    {
        let also = std::mem::take(&mut object.also_in_reply_to);
        for uri in object.in_reply_to.iter().chain(&also) {
            if case.resolver.known_object(uri).await?.is_some() {
                object.in_reply_to = Some(uri.clone());
                break;
            }
        }
    }
    Ok(words)
}

/// Those words that came, if the author signed them, else those that its origin serves now. `None`
/// if the origin has none.
async fn own_words(case: &Case<'_>) -> Result<Option<Words>, Refusal> {
    if let Ref::Embedded(value) = case.object()?
        && case.believed
    {
        let object = read_object(value)?;
        if case.is_own_host(&object.id) {
            if !is_author(&object, value, &case.by) {
                return Err(Refusal::forbidden(
                    "author.required",
                    "Somebody else wrote this.",
                ));
            }
            return Ok(Some(Words {
                object,
                author: case.by.clone(),
                sent: true,
            }));
        }
    }
    let id = case.object_id()?;
    if case.federation.names().is_local(id) {
        return Ok(None);
    }
    match case.resolver.object(id).await {
        Ok(object) if !object.is_tombstone() => {
            let author = content::author_of(case, &object).await?;
            let named = case.believed && case.object()?.embedded().is_none();
            let sent = named && author.id == case.by.id;
            Ok(Some(Words {
                object,
                author,
                sent,
            }))
        }
        Ok(_) => Ok(None),
        Err(refusal) if refusal.is_passing() => Err(refusal),
        Err(refusal) => {
            tracing::debug!(object.uri = id, why = %refusal, "not had from its origin");
            Ok(None)
        }
    }
}

/// Whether the first author is this actor, who signed; with Mobilizon the person is `actor`. What
/// names no author is by who signed it, what names one that cannot be read is not.
fn is_author(object: &Object, value: &Value, by: &Actor) -> bool {
    match object.actor.as_deref().or_else(|| object.author()) {
        Some(author) => author == by.uri.as_str(),
        None => value.get("actor").is_none() && value.get("attributedTo").is_none(),
    }
}

fn is_actor(case: &Case<'_>, object: &Ref) -> bool {
    let typed = object
        .kind()
        .is_some_and(|kind| ActorKind::parse(kind).is_some());
    typed || object.id() == Some(case.by.uri.as_str())
}

/// The document is asked of its server instead of taken from the activity.
async fn update_actor(case: &Case<'_>) -> Handled {
    let uri = case.object_id()?;
    match case.resolver.known_actor(uri).await? {
        Some(actor) if !actor.local => {
            let own = case.believed && actor.id == case.by.id;
            if !own && !case.federation.may_ask(uri) {
                return Ok(Verdict::Ignored("its profile was fetched lately"));
            }
            case.resolver.refresh(uri).await?;
            Ok(Verdict::Ignored("its profile was fetched anew"))
        }
        Some(_) => Ok(Verdict::Ignored(
            "nobody changes an actor of this hub from outside",
        )),
        None => Ok(Verdict::Ignored("the actor is not known here")),
    }
}
