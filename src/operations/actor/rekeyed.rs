//! Somebody who comes back after a long silence with another key may be somebody else, who has their
//! name now (security.md R-54).

use super::tombstone::part;
use crate::domain::actor::{Actor, RemoteActor};
use crate::domain::refusal::Refusal;
use crate::operations::Desk;
use crate::store::{actors, links};

/// Seconds without a look at an actor after which another key is another owner. Who is active is
/// looked at every day, so their server changes its keys within sight.
const SILENCE: i64 = 30 * 24 * 3600;

/// Takes everything from a known actor that was given to whoever had the name before, if it may be
/// somebody else now: memberships, followers, offices, and accounts here that they signed in to.
pub(super) fn begin_anew(
    desk: &mut Desk<'_>,
    known: &Actor,
    remote: &RemoteActor,
) -> Result<(), Refusal> {
    let silent = known
        .fetched_at
        .is_some_and(|at| at.plus_seconds(SILENCE) < desk.now);
    if !silent || !is_rekeyed(desk, known, remote)? {
        return Ok(());
    }
    part(desk, known)?;
    if let Some(account) = links::find(desk.db, known.id)? {
        links::delete(desk.db, account, known.id)?;
    }
    Ok(())
}

/// Whether the key for requests is another than was known.
fn is_rekeyed(desk: &mut Desk<'_>, known: &Actor, remote: &RemoteActor) -> Result<bool, Refusal> {
    let Some(key) = &remote.key else {
        return Ok(false);
    };
    Ok(match actors::find_key(desk.db, &key.uri)? {
        Some(stored) => stored.public_der != key.der,
        None => actors::find_key_of(desk.db, known.id)?.is_some(),
    })
}
