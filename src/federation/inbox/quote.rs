//! Quotes: asked for, allowed, no longer allowed (FEP-044f, federation.md 4.15, 5.5).

use crate::domain::activity::Activity as Deed;
use crate::domain::ids::{ObjectId, Uri};
use crate::domain::names::Local;
use crate::domain::refusal::Refusal;
use crate::operations::quote::{ReceiveQuoteAnswer, ReceiveQuoteRequest, ReceiveRevocation};
use crate::store::{outbox, quotes};

use super::super::resolve::read_object;
use super::super::wire::{Activity, Object, Ref};
use super::case::{Case, Handled, Verdict};

/// Somebody asks to quote what was written here.
pub(super) async fn request(case: &Case<'_>) -> Handled {
    if case.via.is_some() {
        return Ok(Verdict::Ignored("only who quotes asks for it"));
    }
    let Some((known, _)) = case.subject().await? else {
        return Ok(Verdict::Ignored("what it quotes is not here"));
    };
    let quoted = case.object_id()?.to_owned();
    let Some(note) = instrument(case).await? else {
        return Ok(Verdict::Ignored("what quotes is not its actor's"));
    };
    if note.quote.as_deref() != Some(quoted.as_str()) {
        return Ok(Verdict::Ignored("what quotes does not quote that"));
    }
    case.run(ReceiveQuoteRequest {
        object: known.id,
        uri: note.id,
        request: case.activity.id.clone(),
    })
    .await
}

/// The text that quotes, by the actor, from the actor's server: as it came, or fetched.
async fn instrument(case: &Case<'_>) -> Result<Option<Object>, Refusal> {
    let own =
        |note: &Object| case.is_own_host(&note.id) && note.author() == Some(case.by.uri.as_str());
    let note = match &case.activity.instrument {
        Some(Ref::Embedded(value)) => read_object(value)?,
        Some(Ref::Id(id)) if case.is_own_host(id) => case.resolver.object(id).await?,
        _ => return Ok(None),
    };
    Ok(Some(note).filter(own))
}

/// The text whose author asked for what is answered now, if this is such an answer.
pub(super) async fn asked(case: &Case<'_>) -> Result<Option<ObjectId>, Refusal> {
    let id = match case.object()? {
        Ref::Embedded(value) => match Activity::inner(value) {
            Ok(inner) if inner.kind == "QuoteRequest" => inner.id,
            _ => return Ok(None),
        },
        Ref::Id(id) => id.clone(),
    };
    let Some(Local::Activity(kind, uuid)) = case.federation.names().parse(&id) else {
        return Ok(None);
    };
    if kind != "quote" {
        return Ok(None);
    }
    let store = &case.federation.operations.store;
    let row = store.read(move |db| outbox::find_by_uuid(db, &uuid)).await;
    Ok(row
        .map_err(Refusal::from)?
        .and_then(|row| match row.logged.entry.activity {
            Deed::QuoteAsked { post, comment } => {
                Some(comment.map_or(ObjectId::Post(post), ObjectId::Comment))
            }
            _ => None,
        }))
}

/// The author of what a text here quotes allows it (by a stamp on their server), or does not.
pub(super) async fn answered(case: &Case<'_>, object: ObjectId, allowed: bool) -> Handled {
    let stamp = case.activity.result.clone().filter(|_| allowed);
    if allowed
        && !stamp
            .as_deref()
            .is_some_and(|stamp| case.is_own_host(stamp))
    {
        return Ok(Verdict::Ignored("the stamp is not its author's"));
    }
    case.run(ReceiveQuoteAnswer { object, stamp }).await
}

/// Whether a deletion is that of a stamp by which something here quotes; then it is dealt with.
pub(super) async fn revoked(case: &Case<'_>) -> Result<Option<Verdict>, Refusal> {
    let Some(stamp) = Uri::parse(case.object_id()?).filter(|uri| case.is_own_host(uri.as_str()))
    else {
        return Ok(None);
    };
    let (looked_for, store) = (stamp.clone(), &case.federation.operations.store);
    let texts = store
        .read(move |db| quotes::list_by_stamp(db, looked_for.as_str()))
        .await;
    if texts.map_err(Refusal::from)?.is_empty() || !case.believed {
        return Ok(None);
    }
    case.run(ReceiveRevocation { stamp }).await.map(Some)
}
