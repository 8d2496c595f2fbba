//! Votes in polls that were made here: a Note with a choice and no words, as microblogs send it, or
//! `PieFed`'s `PollVote` (federation.md 4.15).

use crate::domain::actor::ActorKind;
use crate::domain::ids::{ObjectId, PostId};
use crate::domain::refusal::Refusal;
use crate::operations::poll::VoteInPoll;
use crate::store::polls;
use crate::store::traces::Trace;

use super::super::wire::Object;
use super::case::{Case, Handled, Verdict};
use super::content::Words;

/// A Note that is a vote; one of somebody else than its author is none.
pub(super) async fn vote(case: &Case<'_>, words: &Words) -> Handled {
    if case.via.is_some() || words.author.id != case.by.id {
        return Ok(Verdict::Ignored("votes come from those who vote"));
    }
    let object = &words.object;
    match (&object.in_reply_to, &object.name) {
        (Some(question), Some(name)) => {
            let known = case.resolver.known_object(question).await?;
            count(case, known, name).await
        }
        _ => Ok(Verdict::Ignored("it is no vote")),
    }
}

/// Whether what an object answers is a poll with the choice that it names.
pub(super) async fn offers(case: &Case<'_>, object: &Object) -> Result<bool, Refusal> {
    let (Some(question), Some(name)) = (&object.in_reply_to, &object.name) else {
        return Ok(false);
    };
    let known = case.resolver.known_object(question).await?;
    Ok(chosen(case, known, name).await?.is_some())
}

/// `PieFed` names the question and the choice, and its groups pass votes on.
pub(super) async fn vote_by_name(case: &Case<'_>) -> Handled {
    let Some(name) = &case.activity.choice else {
        return Ok(Verdict::Ignored("it chooses nothing"));
    };
    let known = case.subject().await?.map(|(known, _)| known);
    count(case, known, name).await
}

async fn count(case: &Case<'_>, asked: Option<Trace>, name: &str) -> Handled {
    if case.by.kind != ActorKind::Person {
        return Ok(Verdict::Ignored("only people vote"));
    }
    let Some((post, choice)) = chosen(case, asked, name).await? else {
        return Ok(Verdict::Ignored("there is no such choice here"));
    };
    let choices = vec![choice];
    case.run(VoteInPoll { post, choices }).await
}

/// The place of the choice with this text.
async fn chosen(
    case: &Case<'_>,
    asked: Option<Trace>,
    name: &str,
) -> Result<Option<(PostId, i32)>, Refusal> {
    let Some(ObjectId::Post(post)) = asked.map(|known| known.id) else {
        return Ok(None);
    };
    let store = &case.federation.operations.store;
    let found = store.read(move |db| polls::find(db, post)).await;
    let choices = found.map_err(Refusal::from)?.map(|poll| poll.choices);
    let mut places = (0i32..).zip(choices.unwrap_or_default());
    let place = places.find(|(_, choice)| choice.name == name.trim());
    Ok(place.map(|(place, _)| (post, place)))
}
