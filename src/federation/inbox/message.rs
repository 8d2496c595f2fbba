//! Private messages from elsewhere: a Note or `ChatMessage` for people of this hub and nobody in
//! general (federation.md 4.13).

use crate::domain::actor::ActorKind;
use crate::domain::ids::{ActorId, MessageId};
use crate::domain::message::{MOST_MEMBERS, Message};
use crate::domain::refusal::Refusal;
use crate::operations::message::{DeleteMessage, SendMessage, UpdateMessage};
use crate::store::{StoreError, actors, messages};

use super::super::read;
use super::case::{Case, Handled, Verdict};
use super::content::{self, Words};
use super::group;

/// Stores the words as a message, if they are one; `None` if they are something else.
pub(super) async fn arrive(case: &Case<'_>, words: &Words) -> Result<Option<Handled>, Refusal> {
    let object = &words.object;
    let own = case.via.is_none() && words.author.id == case.by.id;
    let written = matches!(object.kind.as_str(), "ChatMessage" | "Note");
    if !own || !written || read::is_public(Some(&case.activity), object) {
        return Ok(None);
    }
    let answers = answers_here(case, words).await?;
    if !answers && !read::is_direct(&case.activity, object, &case.by) {
        return Ok(None);
    }
    let to = recipients(case, words, answers).await?;
    if to.is_empty() {
        return Ok(None);
    }
    let (body, published_at) = read::message(object, case.now);
    let send = SendMessage {
        to,
        body,
        origin: content::origin_of(object, None, published_at)?,
    };
    Ok(Some(case.run(send).await))
}

/// Whether it answers what stands here for everybody: what is then said to followers or few is for
/// those whom it names, though it names the group and the author's followers as well (federation.md
/// 4.3.4). In a private group all that is said is said to its followers.
async fn answers_here(case: &Case<'_>, words: &Words) -> Result<bool, Refusal> {
    let Some(above) = &words.object.in_reply_to else {
        return Ok(false);
    };
    let Some(known) = case.resolver.known_object(above).await? else {
        return Ok(false);
    };
    Ok(!case.actor_of(known.group).await?.is_private_group())
}

/// The people it is for, as far as they are known here; nobody if it is for nobody who lives here,
/// or if it is for a group of this hub and answers nothing in it.
async fn recipients(
    case: &Case<'_>,
    words: &Words,
    answers: bool,
) -> Result<Vec<ActorId>, Refusal> {
    let most = case.federation.settings().intake.addressees;
    let candidates = read::candidates(Some(&case.activity), &words.object, most);
    let named: Vec<String> = read::addressed(&case.activity, &words.object)
        .take(MOST_MEMBERS)
        .collect();
    let names = case.federation.operations.names.clone();
    let store = &case.federation.operations.store;
    let look = store.read(move |db| {
        if !answers && group::find_local_group(db, &names, &candidates)?.is_some() {
            return Ok(Vec::new());
        }
        let mut people = Vec::new();
        for uri in &named {
            people.extend(actors::find_by_uri(db, uri)?.filter(|a| a.kind != ActorKind::Group));
        }
        Ok::<_, StoreError>(people)
    });
    let people = look.await.map_err(Refusal::from)?;
    let here = people
        .iter()
        .any(|actor| actor.local && actor.kind == ActorKind::Person && actor.deleted_at.is_none());
    let ids = people.iter().filter(|_| here).map(|actor| actor.id);
    Ok(ids.collect())
}

/// The author's message with this id, if one is stored.
pub(super) async fn known(case: &Case<'_>, uri: &str) -> Result<Option<Message>, Refusal> {
    let (uri, author) = (uri.to_owned(), case.by.id);
    let store = &case.federation.operations.store;
    let found = store.read(move |db| messages::find_by_uri(db, &uri)).await;
    let own = |message: &Message| message.author == author && case.via.is_none();
    Ok(found.map_err(Refusal::from)?.filter(own))
}

/// Its author says it otherwise; who reads it does not change (security.md H98).
pub(super) async fn change(case: &Case<'_>, known: MessageId, words: &Words) -> Handled {
    if words.author.id != case.by.id {
        return Ok(Verdict::Ignored("somebody else wrote it"));
    }
    let (body, _) = read::message(&words.object, case.now);
    let edited_at = words.object.updated.unwrap_or(case.now).min(case.now);
    case.run(UpdateMessage {
        message: known,
        body,
        edited_at,
    })
    .await
}

/// Its author deletes it, or takes that back.
pub(super) async fn delete(case: &Case<'_>, known: MessageId, deleted: bool) -> Handled {
    case.run(DeleteMessage {
        message: known,
        deleted,
    })
    .await
}
