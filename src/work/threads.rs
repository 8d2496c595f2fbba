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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::caller::Caller;
    use crate::operations::post::CreatePost;
    use crate::operations::testing::{Hall, from_elsewhere, text_post};
    use crate::store::testing::db_test;

    /// A post of somebody on a server that runs this, in a group here; from the moment it came.
    async fn posted(hall: &Hall, software: &str) -> PostId {
        let anna = hall.person(&format!("anna_{software}")).await;
        let group = hall.group(&format!("group_{software}"), anna).await;
        let mia = hall.remote(&format!("mia@{software}.test")).await;
        let Caller::Remote { actor } = mia else {
            panic!("mia is elsewhere")
        };
        let name = software.to_owned();
        hall.write(move |db, now| {
            let mia = actors::find(db, actor)?.expect("mia");
            instances::set_software(db, mia.instance, Some(&name), None, now)
        })
        .await;
        let uri = format!("https://{software}.test/1");
        let create = CreatePost {
            origin: from_elsewhere(&uri, hall.operations.now()),
            ..text_post(group, "Which pot?", "For tea.")
        };
        hall.run(mia, create).await.expect("a post")
    }

    db_test!(
        s167_answers_are_asked_for_after_minutes_an_hour_and_a_day,
        |store| {
            let hall = Hall::new(store).await;
            let came = hall.operations.now();
            let post = posted(&hall, "mastodon").await;
            posted(&hall, "lemmy").await;
            let anna = hall.person("anna").await;
            let tea = hall.group("tea", anna).await;
            hall.post(anna, tea, "From here").await;
            let look = async |from: i64, to: i64| {
                let (after, until) = (came.plus_seconds(from), came.plus_seconds(to));
                hall.read(move |db| due(db, after, until)).await
            };
            for after in [5 * 60, 3_600, 24 * 3_600] {
                assert_eq!(look(after - 60, after - 1).await, [], "before {after}");
                assert_eq!(look(after - 1, after + 59).await, [post], "at {after}");
                assert_eq!(look(after + 59, after + 119).await, [], "after {after}");
            }
            assert_eq!(look(119, 299).await, [], "in between");
            assert_eq!(look(24 * 3_600 + 60, 30 * 24 * 3_600).await, [], "no more");
            let hour = look(24 * 3_600 - 1 - MAKE_UP, 24 * 3_600 + 59).await;
            assert_eq!(hour, [post], "what came due while the hub was down");
        }
    );
}
