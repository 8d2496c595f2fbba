//! What a received activity does: each kind to the operation that it asks for, once.
//!
//! The effect and the mark by which a repetition is known are one transaction (federation.md 4.0.3);
//! the row ends after it, many at once, since processing it again does nothing. Whatever is not an author's own word is asked of its origin (4.0.4).

mod announce;
mod backfill;
mod bring;
mod case;
mod content;
mod create;
mod delete;
mod event;
mod flag;
mod follow;
mod followed;
mod forwarded;
mod group;
mod message;
mod moderate;
mod moving;
mod poll;
mod question;
mod quote;
mod react;
mod thread;
mod undo;
mod visits;

use crate::domain::ids::Uri;
use crate::domain::refusal::{Kind, Refusal};
use crate::store::inbox::Received;
use crate::store::seen;

use super::wire::{self, Activity};
use super::{Federation, receive};
use case::{Case, Handled, SEEN_BEFORE, Verdict};
use visits::First;

pub(crate) use backfill::backfill;
pub(crate) use bring::{Brought, bring};
pub(crate) use thread::fetch_thread;
pub(super) use visits::Visits;

/// What became of a received activity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It had its effect, now or before, or there is nothing for it to do. Its row may go.
    Done,
    /// It asks for what its actor may not do, or makes no sense. Its row may go.
    Refused(String),
    /// It cannot be dealt with now. Its row stays, for a later try.
    Later(String),
}

/// Does what a received activity asks for. Unless the outcome is [`Outcome::Later`] it is marked as
/// dealt with, and whoever took the row up deletes it; running it again is harmless.
#[tracing::instrument(name = "process", skip_all, fields(activity.uri = %row.uri))]
pub(crate) async fn process(federation: &Federation, row: Received) -> Outcome {
    let row = &row;
    let handled = Box::pin(handle(federation, row)).await;
    let outcome = match handled {
        Ok(Verdict::Applied) => return Outcome::Done,
        Ok(Verdict::Ignored(why)) => {
            tracing::debug!(why, "ignored");
            Outcome::Done
        }
        Err(refusal) if refusal.code == SEEN_BEFORE => Outcome::Done,
        Err(refusal) if refusal.is_passing() => {
            tracing::debug!(why = %refusal, cause = ?refusal.source, "put off");
            return Outcome::Later(refusal.sentence);
        }
        Err(refusal) => {
            tracing::debug!(actor.uri = %row.actor_uri, code = %refusal.code, why = %refusal, "refused");
            Outcome::Refused(refusal.sentence)
        }
    };
    match finish(federation, row).await {
        Ok(()) => outcome,
        Err(refusal) => Outcome::Later(refusal.sentence),
    }
}

async fn handle(federation: &Federation, row: &Received) -> Handled {
    let bounds = wire::Bounds::of(&federation.settings());
    let value = wire::parse_bounded(row.body.as_bytes(), bounds).map_err(|no| unreadable(&no))?;
    let activity = Activity::from_value(&value).map_err(|no| unreadable(&no))?;
    let first = First {
        digest: row.digest.clone(),
        actor: Uri::parse(&activity.actor),
        now: federation.now(),
    };
    let store = &federation.operations.store;
    let met = federation.visits.first.ask(store, first).await?;
    if met.seen {
        return Ok(Verdict::Ignored("it was dealt with before"));
    }
    // Who is banned from the whole hub may still take back what they did (security.md H124).
    if met.banned && !matches!(activity.kind.as_str(), "Delete" | "Undo") {
        return Ok(Verdict::Ignored("its actor is banned from the hub"));
    }
    let resolver = federation.resolver();
    if !row.trusted {
        return forwarded::apply(&resolver, federation, row, &activity).await;
    }
    let by = resolver.fresh_actor(&activity.actor, met.actor).await?;
    if !federation.operations.admits(&by.host).await? {
        return Ok(Verdict::Ignored("its server is not heard any more"));
    }
    let case = Case::received(federation, &resolver, row, activity, by);
    dispatch(&case).await
}

/// To the file of its kind; kinds that nobody here understands do nothing.
async fn dispatch(case: &Case<'_>) -> Handled {
    match case.activity.kind.as_str() {
        "Create" => Box::pin(create::create(case)).await,
        "Update" => Box::pin(create::update(case)).await,
        "Delete" => Box::pin(delete::delete(case)).await,
        "Undo" => Box::pin(undo::undo(case)).await,
        "Follow" => Box::pin(follow::follow(case)).await,
        "Accept" => Box::pin(follow::accept(case)).await,
        "Reject" => Box::pin(follow::reject(case)).await,
        "Join" => Box::pin(event::join(case)).await,
        "Leave" => Box::pin(event::leave(case)).await,
        "Like" | "Dislike" | "EmojiReact" => Box::pin(react::react(case)).await,
        "Announce" => Box::pin(announce::announce(case)).await,
        "PollVote" => Box::pin(poll::vote_by_name(case)).await,
        "ChooseAnswer" => Box::pin(question::choose(case, true)).await,
        "Flag" => Box::pin(flag::flag(case)).await,
        "Resolve" => Box::pin(flag::resolve(case)).await,
        "QuoteRequest" => Box::pin(quote::request(case)).await,
        "Block" => Box::pin(moderate::block(case)).await,
        "Add" => Box::pin(moderate::add(case, true)).await,
        "Remove" => Box::pin(moderate::add(case, false)).await,
        "Lock" => Box::pin(moderate::lock(case)).await,
        "Move" => Box::pin(moving::moved(case)).await,
        _ => Ok(Verdict::Ignored("its kind is not known here")),
    }
}

/// Marks an activity without effect as dealt with.
async fn finish(federation: &Federation, row: &Received) -> Result<(), Refusal> {
    let (digest, now) = (row.digest.clone(), federation.operations.now());
    let store = &federation.operations.store;
    store
        .write(move |db| Ok::<_, Refusal>(seen::insert(db, &digest, now).map(drop)?))
        .await
}

fn unreadable(why: &impl std::fmt::Display) -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "activity.unreadable",
        format!("The activity is no use: {why}."),
    )
}

/// The digest under which a deletion of something unknown is remembered.
fn deleted_mark(uri: &str) -> Vec<u8> {
    receive::mark(&format!("deleted {uri}"), true)
}

#[cfg(test)]
mod tests;
