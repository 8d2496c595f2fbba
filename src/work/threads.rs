//! Fetches answers that never came here: to the threads that members open, and to what was written
//! on microblogs for the groups of this hub, whose servers tell nobody of them (federation.md 6.3
//! and 6.5).

use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;

use super::Stopping;
use crate::domain::clock::Ts;
use crate::domain::ids::{Ids, PostId};
use crate::federation::Federation;
use crate::federation::inbox::fetch_thread;
use crate::federation::quirks::PeerClass;
use crate::store::{Db, Res, actors, instances, posts};

/// Threads that are fetched at once.
const AT_ONCE: usize = 4;
/// How often it is looked for posts whose answers are due.
const EVERY: Duration = Duration::from_mins(1);
/// How long after a post came its answers are asked for, in seconds.
const DUE_AFTER: [i64; 3] = [5 * 60, 3600, 24 * 3600];
/// What came due while the hub was down is made up for, so far back in seconds.
const MAKE_UP: i64 = 3600;
/// Posts of one look.
const MOST: u32 = 500;

/// Fetches until the hub stops.
pub(super) async fn run(federation: &Federation, stopping: &Stopping) -> Res<()> {
    let mut looked = federation.now().plus_seconds(-MAKE_UP);
    let mut look = tokio::time::interval(EVERY);
    look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut fetching = FuturesUnordered::new();
    loop {
        tokio::select! {
            () = stopping.token.cancelled() => return Ok(()),
            Some(()) = fetching.next(), if !fetching.is_empty() => {}
            Some(post) = federation.wanted_thread(), if fetching.len() < AT_ONCE => {
                fetching.push(fetch(federation, post));
            }
            _ = look.tick() => {
                let now = federation.now();
                let find = move |db: &mut Db| due(db, looked, now);
                for post in federation.operations.store.read(find).await? {
                    federation.want_thread(post);
                }
                looked = now;
            }
        }
    }
}

async fn fetch(federation: &Federation, post: PostId) {
    match Box::pin(fetch_thread(federation, post)).await {
        Ok(0) => {}
        Ok(found) => tracing::info!(post = post.0, found, "answers were fetched"),
        Err(why) => tracing::debug!(post = post.0, %why, "answers could not be fetched"),
    }
}

/// The posts from microblogs in groups of this hub whose answers came due between two moments.
pub(super) fn due(db: &mut Db, after: Ts, until: Ts) -> Res<Vec<PostId>> {
    let mut due = Vec::new();
    for pause in DUE_AFTER {
        let came = |at: Ts| Ids::floor(at.plus_seconds(-pause));
        for post in posts::list_foreign_between(db, came(after), came(until), MOST)? {
            let group = actors::find(db, post.group)?;
            let author = actors::find(db, post.author)?;
            let (Some(group), Some(author)) = (group, author) else {
                continue;
            };
            let server = instances::find(db, author.instance)?;
            let class = server.map_or(PeerClass::Both, |server| {
                PeerClass::of(server.software.as_deref(), server.version.as_deref())
            });
            let answers_stay = class.reads_notes() || class == PeerClass::Both;
            if group.local && answers_stay {
                due.push(post.id);
            }
        }
    }
    Ok(due)
}
