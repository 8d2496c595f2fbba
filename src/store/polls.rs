//! Polls: what they offer, who chose what, and which of them somebody has still to be told of.

use std::collections::HashMap;

use diesel::prelude::*;

use super::schema::{actors, poll_choices, poll_votes, polls, posts};
use super::{Db, Res};
use crate::domain::clock::Ts;
use crate::domain::ids::{ActorId, PostId};
use crate::domain::poll::{Choice, Poll};

/// Stores the poll of a new post.
pub(crate) fn insert(db: &mut Db, post: PostId, poll: &Poll) -> Res<()> {
    diesel::insert_into(polls::table)
        .values((
            polls::post_id.eq(post.0),
            polls::multiple.eq(poll.multiple),
            polls::ends_at.eq(poll.ends_at.map(|at| at.0)),
            polls::closed_at.eq(poll.closed_at.map(|at| at.0)),
            polls::voters.eq(poll.voters),
        ))
        .execute(db)?;
    insert_choices(db, post, &poll.choices)
}

fn insert_choices(db: &mut Db, post: PostId, choices: &[Choice]) -> Res<()> {
    for (position, choice) in (0i32..).zip(choices) {
        diesel::insert_into(poll_choices::table)
            .values((
                poll_choices::post_id.eq(post.0),
                poll_choices::position.eq(position),
                poll_choices::name.eq(&choice.name),
                poll_choices::votes.eq(choice.votes),
            ))
            .execute(db)?;
    }
    Ok(())
}

/// The poll of a post.
pub(crate) fn find(db: &mut Db, post: PostId) -> Res<Option<Poll>> {
    Ok(list(db, &[post])?.remove(&post))
}

type PollRow = (i64, bool, Option<i64>, Option<i64>, i64);

/// The polls of those of these posts that have one: two queries.
pub(crate) fn list(db: &mut Db, of: &[PostId]) -> Res<HashMap<PostId, Poll>> {
    let ids: Vec<i64> = of.iter().map(|post| post.0).collect();
    let rows: Vec<PollRow> = polls::table
        .filter(polls::post_id.eq_any(&ids))
        .select((
            polls::post_id,
            polls::multiple,
            polls::ends_at,
            polls::closed_at,
            polls::voters,
        ))
        .load(db)?;
    let poll = |(post, multiple, ends_at, closed_at, voters): PollRow| {
        let poll = Poll {
            multiple,
            ends_at: ends_at.map(Ts),
            closed_at: closed_at.map(Ts),
            voters,
            choices: Vec::new(),
        };
        (PostId(post), poll)
    };
    let mut found: HashMap<PostId, Poll> = rows.into_iter().map(poll).collect();
    let choices: Vec<(i64, String, i64)> = poll_choices::table
        .filter(poll_choices::post_id.eq_any(&ids))
        .order((poll_choices::post_id, poll_choices::position))
        .select((
            poll_choices::post_id,
            poll_choices::name,
            poll_choices::votes,
        ))
        .load(db)?;
    for (post, name, votes) in choices {
        if let Some(poll) = found.get_mut(&PostId(post)) {
            poll.choices.push(Choice { name, votes });
        }
    }
    Ok(found)
}

/// Replaces how a poll from elsewhere stands by what its author's server says.
pub(crate) fn set_counts(db: &mut Db, post: PostId, poll: &Poll) -> Res<()> {
    diesel::update(polls::table.find(post.0))
        .set((
            polls::multiple.eq(poll.multiple),
            polls::ends_at.eq(poll.ends_at.map(|at| at.0)),
            polls::voters.eq(poll.voters),
        ))
        .execute(db)?;
    for (position, choice) in (0i32..).zip(&poll.choices) {
        diesel::update(poll_choices::table.find((post.0, position)))
            .set(poll_choices::votes.eq(choice.votes))
            .execute(db)?;
    }
    Ok(())
}

/// Replaces what a poll from elsewhere offers; what people here chose before means nothing now.
pub(crate) fn set_choices(db: &mut Db, post: PostId, poll: &Poll) -> Res<()> {
    diesel::delete(poll_votes::table.filter(poll_votes::post_id.eq(post.0))).execute(db)?;
    diesel::delete(poll_choices::table.filter(poll_choices::post_id.eq(post.0))).execute(db)?;
    insert_choices(db, post, &poll.choices)?;
    set_counts(db, post, poll)
}

/// What somebody chose in some polls: the post and the place of the choice.
pub(crate) fn list_votes_of(db: &mut Db, actor: ActorId, of: &[PostId]) -> Res<Vec<(PostId, i32)>> {
    let ids: Vec<i64> = of.iter().map(|post| post.0).collect();
    let rows: Vec<(i64, i32)> = poll_votes::table
        .filter(poll_votes::actor_id.eq(actor.0))
        .filter(poll_votes::post_id.eq_any(ids))
        .order((poll_votes::post_id, poll_votes::position))
        .select((poll_votes::post_id, poll_votes::position))
        .load(db)?;
    Ok(rows
        .into_iter()
        .map(|(post, position)| (PostId(post), position))
        .collect())
}

/// Lets nobody else vote in a poll before this transaction ends.
pub(crate) fn lock(db: &mut Db, post: PostId) -> Res<()> {
    diesel::update(polls::table.find(post.0))
        .set(polls::voters.eq(polls::voters))
        .execute(db)?;
    Ok(())
}

/// Counts one choice of somebody who did not make it before; `first` if it is their first in this
/// poll.
pub(crate) fn add_vote(
    db: &mut Db,
    post: PostId,
    actor: ActorId,
    position: i32,
    first: bool,
    now: Ts,
) -> Res<()> {
    diesel::insert_into(poll_votes::table)
        .values((
            poll_votes::post_id.eq(post.0),
            poll_votes::actor_id.eq(actor.0),
            poll_votes::position.eq(position),
            poll_votes::created_at.eq(now.0),
        ))
        .execute(db)?;
    diesel::update(poll_choices::table.find((post.0, position)))
        .set(poll_choices::votes.eq(poll_choices::votes + 1))
        .execute(db)?;
    let poll = polls::table.find(post.0);
    diesel::update(poll)
        .set((
            polls::voters.eq(polls::voters + i64::from(first)),
            polls::changed_at.eq(Some(now.0)),
        ))
        .execute(db)?;
    Ok(())
}

/// The members of this hub who voted.
pub(crate) fn list_local_voters(db: &mut Db, post: PostId, limit: u32) -> Res<Vec<ActorId>> {
    let rows: Vec<i64> = poll_votes::table
        .inner_join(actors::table.on(actors::id.eq(poll_votes::actor_id)))
        .filter(poll_votes::post_id.eq(post.0).and(actors::local.eq(true)))
        .select(poll_votes::actor_id)
        .distinct()
        .limit(i64::from(limit))
        .load(db)?;
    Ok(rows.into_iter().map(ActorId).collect())
}

/// One voter of each other server from which somebody voted.
pub(crate) fn list_remote_voters(db: &mut Db, post: PostId) -> Res<Vec<ActorId>> {
    let rows: Vec<Option<i64>> = poll_votes::table
        .inner_join(actors::table.on(actors::id.eq(poll_votes::actor_id)))
        .filter(poll_votes::post_id.eq(post.0).and(actors::local.eq(false)))
        .group_by(actors::instance_id)
        .select(diesel::dsl::min(poll_votes::actor_id))
        .load(db)?;
    Ok(rows.into_iter().flatten().map(ActorId).collect())
}

/// Polls made here whose counts changed, and of which nobody was told after `before`.
pub(crate) fn list_untold(db: &mut Db, before: Ts, limit: u32) -> Res<Vec<PostId>> {
    let rows: Vec<i64> = polls::table
        .inner_join(posts::table.on(posts::id.eq(polls::post_id)))
        .filter(polls::changed_at.is_not_null().and(posts::local.eq(true)))
        .filter(polls::told_at.is_null().or(polls::told_at.le(before.0)))
        .order(polls::changed_at)
        .limit(i64::from(limit))
        .select(polls::post_id)
        .load(db)?;
    Ok(rows.into_iter().map(PostId).collect())
}

/// Notes that the counts are told as they are now.
pub(crate) fn set_told(db: &mut Db, post: PostId, now: Ts) -> Res<()> {
    diesel::update(polls::table.find(post.0))
        .set((
            polls::told_at.eq(Some(now.0)),
            polls::changed_at.eq(None::<i64>),
        ))
        .execute(db)?;
    Ok(())
}

/// Polls whose end is there and was not noticed yet.
pub(crate) fn list_ended(db: &mut Db, now: Ts, limit: u32) -> Res<Vec<PostId>> {
    let rows: Vec<i64> = polls::table
        .filter(polls::closed_at.is_null().and(polls::ends_at.le(now.0)))
        .order(polls::ends_at)
        .limit(i64::from(limit))
        .select(polls::post_id)
        .load(db)?;
    Ok(rows.into_iter().map(PostId).collect())
}

/// Notes that the end of a poll was noticed.
pub(crate) fn set_closed(db: &mut Db, post: PostId, now: Ts) -> Res<()> {
    diesel::update(polls::table.find(post.0))
        .set(polls::closed_at.eq(Some(now.0)))
        .execute(db)?;
    Ok(())
}
