//! Polls: made with a post, voted in, and told of when they change or end.

mod close;
mod vote;

pub(crate) use close::TellPolls;
pub(crate) use vote::VoteInPoll;

use crate::domain::clock::Ts;
use crate::domain::poll::{Choice, LEAST_CHOICES, LONGEST_CHOICE, MOST_CHOICES, Poll};
use crate::domain::refusal::Refusal;
use crate::store::polls;

use super::Desk;
use super::markup::storable;
use crate::domain::ids::PostId;

/// How long a poll that is made here may last, in seconds: a year.
const LONGEST: i64 = 366 * 24 * 3600;

/// Stores the poll of a post that came into being: one that is made here is checked and has no
/// votes yet, one from elsewhere is what its author's server says.
pub(super) fn begin(
    desk: &mut Desk<'_>,
    post: PostId,
    poll: &Poll,
    local: bool,
) -> Result<(), Refusal> {
    let poll = if local {
        checked(poll, desk.now)?
    } else {
        bounded(poll)
    };
    Ok(polls::insert(desk.db, post, &poll)?)
}

/// Takes over how a poll from elsewhere stands; whether that changed anything.
pub(super) fn recount(desk: &mut Desk<'_>, post: PostId, said: &Poll) -> Result<bool, Refusal> {
    let said = bounded(said);
    let Some(known) = polls::find(desk.db, post)? else {
        polls::insert(desk.db, post, &said)?;
        return Ok(true);
    };
    if !known.asks_like(&said) {
        polls::set_choices(desk.db, post, &said)?;
        return Ok(true);
    }
    let said = Poll {
        closed_at: known.closed_at,
        ..said
    };
    if said == known {
        return Ok(false);
    }
    polls::set_counts(desk.db, post, &said)?;
    Ok(true)
}

/// A poll from elsewhere, held to what the hub stores; its end is noticed here.
fn bounded(poll: &Poll) -> Poll {
    let choices = poll.choices.iter().take(MOST_CHOICES).map(|one| Choice {
        name: storable(&one.name),
        votes: one.votes.max(0),
    });
    Poll {
        choices: choices.collect(),
        voters: poll.voters.max(0),
        closed_at: None,
        ..poll.clone()
    }
}

/// A poll as it is stored, if it can be made here at this moment.
pub(super) fn checked(poll: &Poll, now: Ts) -> Result<Poll, Refusal> {
    let mut choices: Vec<Choice> = Vec::new();
    for choice in &poll.choices {
        let name = storable(&choice.name)
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        if name.is_empty() {
            continue;
        }
        if name.chars().count() > LONGEST_CHOICE || choices.iter().any(|known| known.name == name) {
            return Err(Refusal::invalid(
                "options",
                "poll.option",
                format!("Each option is there once and has at most {LONGEST_CHOICE} letters."),
            ));
        }
        choices.push(Choice { name, votes: 0 });
    }
    if !(LEAST_CHOICES..=MOST_CHOICES).contains(&choices.len()) {
        return Err(Refusal::invalid(
            "options",
            "poll.options",
            format!("A poll has between {LEAST_CHOICES} and {MOST_CHOICES} options."),
        ));
    }
    let until = now.plus_seconds(LONGEST);
    if !poll.ends_at.is_some_and(|end| end > now && end <= until) {
        return Err(Refusal::invalid(
            "ends_at",
            "poll.end",
            "A poll ends in the future, within a year.",
        ));
    }
    Ok(Poll {
        multiple: poll.multiple,
        ends_at: poll.ends_at,
        closed_at: None,
        voters: 0,
        choices,
    })
}

#[cfg(test)]
mod tests;
