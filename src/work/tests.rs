//! The workers together, against servers on loopback.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::FutureExt;
use http::Method;

use super::testing::{Got, Peer, World, in_order, until};
use super::{Stopping, prune};
use crate::crypto::digest::Digest;
use crate::crypto::keypair::PublicKey;
use crate::domain::activity::Lane;
use crate::domain::caller::Caller;
use crate::domain::clock::Ts;
use crate::domain::host::Steering;
use crate::federation::document;
use crate::federation::inbox::Outcome;
use crate::federation::verify::{self, Ours, Presented, Rejected, Window};
use crate::settings::Span;
use crate::store::inbox::{self, Received};
use crate::store::instances::{self, Reach};
use crate::store::testing::db_test;
use crate::store::{Db, Store, StoreError, actors, deliveries, outbox};

async fn cursor(store: &Store, lane: Lane) -> i64 {
    let all = store.read(deliveries::list_cursors).await.unwrap();
    all.iter()
        .filter(|c| c.lane == lane)
        .map(|c| c.seq)
        .min()
        .unwrap_or(0)
}

db_test!(
    order_holds_for_each_key_even_when_servers_fail_at_random,
    |store| {
        let mut world = World::new(store).await;
        let peer = Peer::new().await;
        world.follower(&peer, "lemmy", true).await;
        let mut asked: HashMap<i64, u32> = HashMap::new();
        peer.answers(move |got| {
            let times = asked.entry(got.seq).or_default();
            *times += 1;
            // Every third entry fails at first.
            if got.seq % 3 == 0 && *times < 2 {
                503
            } else {
                202
            }
        });
        world.start();
        world.burst(60, 7).await;
        until("every entry", async || peer.seqs().len() >= 60).await;
        let taken = peer.taken();
        assert!(in_order(&taken), "{taken:?}");
        assert_eq!(
            taken
                .iter()
                .map(|got| got.seq)
                .collect::<HashSet<_>>()
                .len(),
            60
        );
        assert!(taken.iter().all(|got| got.path == "/inbox"));
        world.stop().await;
    }
);

db_test!(
    s175_what_was_said_goes_before_the_votes_that_wait,
    |store| {
        let mut world = World::new(store).await;
        let peer = Peer::new().await;
        world.follower(&peer, "lemmy", true).await;
        world.set(|delivery| delivery.per_host = 1);
        for key in 0..80 {
            world.happen(world.vote(1_000 + key)).await;
        }
        world.happen(world.content(1)).await;
        world.start();
        until("all of it", async || peer.seqs().len() == 81).await;
        assert_eq!(peer.taken()[0].key, 1, "said last, but no vote");
        world.stop().await;
    }
);

db_test!(an_outage_opens_the_breaker_and_loses_nothing, |store| {
    let mut world = World::new(store.clone()).await;
    let (peer, healthy) = (Peer::new().await, Peer::new().await);
    let server = world.follower(&peer, "lemmy", true).await;
    world.follower(&healthy, "lemmy", true).await;
    peer.answers(|_| 503);
    world.start();
    world.burst(20, 20).await;
    until("a healthy server to be told", async || {
        healthy.seqs().len() == 20
    })
    .await;
    until("the breaker", async || {
        let row = store
            .read(move |db| instances::find(db, server))
            .await
            .unwrap()
            .unwrap();
        row.reach == Reach::Backoff
    })
    .await;
    peer.answers(|_| 202);
    until("what was missed", async || peer.seqs().len() == 20).await;
    assert_eq!(peer.seqs().iter().collect::<HashSet<_>>().len(), 20);
    until("the breaker to close", async || {
        let row = store
            .read(move |db| instances::find(db, server))
            .await
            .unwrap()
            .unwrap();
        row.reach == Reach::Ok
    })
    .await;
    assert_eq!(store.read(deliveries::count_dead_letters).await.unwrap(), 0);
    world.stop().await;
});

db_test!(a_server_that_writes_to_us_is_tried_at_once, |store| {
    let mut world = World::new(store).await;
    world.set(|delivery| {
        delivery.backoff_base = Span::from_hours(1);
        delivery.backoff_cap = Span::from_hours(2);
    });
    let peer = Peer::new().await;
    world.follower(&peer, "lemmy", true).await;
    peer.answers(|_| 503);
    world.start();
    world.burst(1, 1).await;
    until("the first try", async || peer.got().len() == 1).await;
    peer.answers(|_| 202);
    until("the second try", async || {
        world.work.as_ref().unwrap().seen(&peer.host);
        peer.seqs().len() == 1
    })
    .await;
    world.stop().await;
});

db_test!(an_admin_pauses_resumes_and_retries_deliveries, |store| {
    let mut world = World::new(store).await;
    world.set(|delivery| {
        delivery.backoff_base = Span::from_hours(1);
        delivery.backoff_cap = Span::from_hours(2);
    });
    let (peer, other) = (Peer::new().await, Peer::new().await);
    world.follower(&peer, "lemmy", true).await;
    world.follower(&other, "lemmy", true).await;
    world.steer(&peer, Steering::Pause).await;
    world.start();
    world.burst(2, 1).await;
    until("the other server", async || other.seqs() == [1, 2]).await;
    assert!(peer.got().is_empty(), "a pause outlasts a start");
    world.steer(&peer, Steering::Resume).await;
    until("what waited", async || peer.seqs() == [1, 2]).await;
    world.steer(&peer, Steering::Pause).await;
    world.burst(1, 1).await;
    until("the other server", async || other.seqs() == [1, 2, 3]).await;
    assert_eq!(peer.seqs(), [1, 2], "obeyed at once");
    peer.answers(|_| 503);
    world.steer(&peer, Steering::Resume).await;
    until("a failure", async || peer.got().len() == 3).await;
    peer.answers(|_| 202);
    until("the retry", async || {
        world.steer(&peer, Steering::Retry).await;
        peer.seqs() == [1, 2, 3]
    })
    .await;
    world.stop().await;
});

db_test!(what_a_server_refuses_is_noted_and_left, |store| {
    let mut world = World::new(store.clone()).await;
    let peer = Peer::new().await;
    world.follower(&peer, "lemmy", true).await;
    peer.answers(|got| if got.seq == 3 { 400 } else { 202 });
    world.start();
    world.burst(6, 1).await;
    until("the others", async || peer.seqs() == [1, 2, 4, 5, 6]).await;
    world.stop().await;
    assert_eq!(store.read(deliveries::count_dead_letters).await.unwrap(), 1);
    assert_eq!(cursor(&store, Lane::Content).await, 6);
    assert_eq!(world.metrics.deliveries_that("refused"), 1);
});

db_test!(one_poisonous_entry_does_not_stop_the_others, |store| {
    let mut world = World::new(store.clone()).await;
    let peer = Peer::new().await;
    world.follower(&peer, "lemmy", true).await;
    peer.answers(|got| if got.seq == 1 { 500 } else { 202 });
    world.start();
    let mut sent = 0;
    until("the bad entry to be given up", async || {
        world.burst(1, 1_000).await;
        world.happen(world.content(sent + 5)).await;
        sent += 1;
        store.read(deliveries::count_dead_letters).await.unwrap() == 1
    })
    .await;
    world.burst(1, 1).await;
    let last = store.read(outbox::last_seq).await.unwrap();
    until("what followed", async || {
        peer.seqs().iter().max() >= Some(&last)
    })
    .await;
    world.stop().await;
});

db_test!(
    a_crash_repeats_only_what_was_not_saved_and_loses_nothing,
    |store| {
        let mut world = World::new(store.clone()).await;
        let peer = Peer::new().await;
        world.follower(&peer, "lemmy", true).await;
        world.start();
        world.burst(40, 5).await;
        until("the cursor to be saved", async || {
            cursor(&store, Lane::Content).await == 40
        })
        .await;
        peer.answers(|got| if got.seq % 2 == 0 { 202 } else { 503 });
        world.burst(20, 20).await;
        until("some of it", async || peer.got().len() > 41).await;
        world.crash().await;
        world.burst(5, 5).await;
        peer.answers(|_| 202);
        world.start();
        until("the rest", async || {
            let seqs: HashSet<i64> = peer.seqs().into_iter().collect();
            (1..=65).all(|seq| seqs.contains(&seq))
        })
        .await;
        let mut times: HashMap<i64, u32> = HashMap::new();
        for seq in peer.seqs() {
            *times.entry(seq).or_default() += 1;
        }
        assert!(
            (1..=40).all(|seq| times[&seq] == 1),
            "what was saved is not sent again"
        );
        assert!(in_order(&peer.taken()[40..]));
        world.stop().await;
        assert_eq!(cursor(&store, Lane::Content).await, 65);
        assert_eq!(
            cursor(&store, Lane::Votes).await,
            65,
            "an idle lane moves along"
        );
    }
);

db_test!(a_server_that_fell_behind_is_read_the_log, |store| {
    let mut world = World::new(store.clone()).await;
    let (peer, other) = (Peer::new().await, Peer::new().await);
    world.follower(&peer, "lemmy", true).await;
    let passer_by = world.somebody(&other, "mastodon", "eve", true).await;
    peer.answers(|_| 503);
    world.start();
    for n in 0..350 {
        world
            .happen(world.content(n % 50 + 1).to([passer_by.id]))
            .await;
    }
    until("the one who is told directly", async || {
        other.seqs().len() == 350
    })
    .await;
    assert!(other.taken().iter().all(|got| got.role == "direct"));
    peer.answers(|_| 202);
    until("all of it", async || peer.seqs().len() >= 350).await;
    assert_eq!(peer.seqs().iter().collect::<HashSet<_>>().len(), 350);
    assert_eq!(peer.seqs().len(), 350, "nothing twice");
    assert!(in_order(&peer.taken()));
    world.stop().await;
});

db_test!(a_forum_that_follows_is_not_also_told_directly, |store| {
    let mut world = World::new(store).await;
    let (forum, blog) = (Peer::new().await, Peer::new().await);
    let leo = world.somebody(&forum, "lemmy", "leo", true).await;
    let mia = world.somebody(&blog, "mastodon", "mia", true).await;
    world.follow(&leo).await;
    world.follow(&mia).await;
    world.start();
    world.happen(world.content(1).to([leo.id, mia.id])).await;
    until("both", async || {
        forum.got().len() == 1 && blog.got().len() == 2
    })
    .await;
    world.happen(world.content(1)).await;
    until("the next", async || {
        forum.got().len() == 2 && blog.got().len() == 3
    })
    .await;
    assert!(forum.got().iter().all(|got| got.role == "follower"));
    let told: Vec<(String, String)> = blog
        .got()
        .into_iter()
        .map(|got| (got.role, got.path))
        .collect();
    assert_eq!(told[0], ("follower".to_owned(), "/inbox".to_owned()));
    assert_eq!(
        told[1],
        ("direct".to_owned(), "/users/mia/inbox".to_owned())
    );
    world.stop().await;
});

db_test!(what_happened_before_a_follow_is_not_told, |store| {
    let mut world = World::new(store).await;
    let peer = Peer::new().await;
    world.burst(3, 1).await;
    world.follower(&peer, "lemmy", true).await;
    world.start();
    world.burst(1, 1).await;
    until("what came after", async || !peer.got().is_empty()).await;
    world.stop().await;
    assert_eq!(peer.seqs(), [4]);
});

/// Rows in every table that publishing may touch.
async fn rows(store: &Store) -> i64 {
    use diesel::prelude::*;
    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        count: i64,
    }
    let tables = [
        "posts",
        "comments",
        "outbox",
        "outbox_targets",
        "cursors",
        "follows",
        "follower_instances",
        "dead_letters",
        "notices",
        "mentions",
        "hashtags",
        "inbox",
        "actors",
    ];
    store
        .read(move |db| {
            let mut rows = 0;
            for table in tables {
                let sql = format!("SELECT COUNT(*) AS count FROM {table}");
                rows += diesel::sql_query(sql).get_result::<Count>(db)?.count;
            }
            Ok::<_, StoreError>(rows)
        })
        .await
        .unwrap()
}

/// Adds followers `first..=last`, spread over `servers` servers, as that many follows would.
async fn add_followers(world: &World, store: &Store, first: i64, last: i64, servers: i64) {
    use diesel::prelude::*;
    let group = world.group.0;
    let base = 1_i64 << 40;
    let numbers = format!(
        "WITH RECURSIVE n(i) AS (SELECT CAST({first} AS BIGINT) UNION ALL \
         SELECT i + 1 FROM n WHERE i < {last})"
    );
    let sql = [
        format!(
            "{numbers} INSERT INTO instances (id, host, state, fails, next_at, created_at) \
             SELECT DISTINCT {base} + i % {servers}, 'h' || (i % {servers}) || '.example', 'ok', 0, 0, 0 \
             FROM n WHERE true ON CONFLICT DO NOTHING"
        ),
        format!(
            "{numbers} INSERT INTO actors (id, uri, url, kind, name, host, instance_id, local, \
             title, summary_html, inbox, discoverable, indexable, manually_approves, \
             posting_restricted, created_at, updated_at) \
             SELECT {base} + i, 'https://h' || (i % {servers}) || '.example/u/' || i, '', 'Person', \
             'u' || i, 'h' || (i % {servers}) || '.example', {base} + i % {servers}, FALSE, '', '', \
             'https://h' || (i % {servers}) || '.example/u/' || i || '/inbox', FALSE, FALSE, FALSE, \
             FALSE, 0, 0 FROM n"
        ),
        format!(
            "{numbers} INSERT INTO follows (target_id, follower_id, state, uri, created_at) \
             SELECT {group}, {base} + i, 'accepted', '', 0 FROM n"
        ),
        format!("DELETE FROM follower_instances WHERE target_id = {group}"),
        format!(
            "INSERT INTO follower_instances (target_id, instance_id, followers, since) \
             SELECT f.target_id, a.instance_id, COUNT(*), 0 FROM follows f \
             JOIN actors a ON a.id = f.follower_id WHERE f.target_id = {group} \
             GROUP BY f.target_id, a.instance_id"
        ),
    ];
    store
        .write(move |db| {
            for statement in &sql {
                diesel::sql_query(statement.as_str()).execute(db)?;
            }
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
}

db_test!(
    publishing_writes_as_many_rows_for_100_000_followers_as_for_10,
    |store| {
        let world = World::new(store.clone()).await;
        let author = world.hall.person("ben").await;
        let mut written = Vec::new();
        for (first, last, servers) in [(1, 10, 10), (11, 100_000, 2_000)] {
            add_followers(&world, &store, first, last, servers).await;
            let before = rows(&store).await;
            let post = crate::operations::testing::text_post(world.group, "Title", "Text");
            world.hall.run(author, post).await.unwrap();
            written.push(rows(&store).await - before);
        }
        assert_eq!(written[0], written[1]);
        let servers = store
            .read(move |db| crate::store::follows::list_instances(db, world.group))
            .await
            .unwrap();
        assert_eq!(servers.len(), 2_000);
    }
);

fn received(id: i64, actor: &str) -> Received {
    Received {
        id,
        digest: id.to_be_bytes().to_vec(),
        uri: format!("https://peer.example/activity/{id}"),
        actor_uri: actor.to_owned(),
        body: "{}".to_owned(),
        trusted: true,
        received_at: Ts(id),
        attempts: 0,
    }
}

async fn receive(world: &World, rows: Vec<Received>) {
    world
        .hall
        .write(move |db, _| {
            for row in &rows {
                inbox::insert(db, row)?;
            }
            Ok(())
        })
        .await;
    world.federation.wake();
}

db_test!(
    activities_of_one_sender_keep_their_order_and_others_run_beside,
    |store| {
        let mut world = World::new(store.clone()).await;
        let log: Arc<Mutex<Vec<(String, i64)>>> = Arc::default();
        let busy: Arc<Mutex<HashSet<String>>> = Arc::default();
        let most: Arc<Mutex<usize>> = Arc::default();
        let (seen, at_work, peak) = (Arc::clone(&log), Arc::clone(&busy), Arc::clone(&most));
        world.handle = Arc::new(move |_federation, row| {
            let (seen, at_work, peak) =
                (Arc::clone(&seen), Arc::clone(&at_work), Arc::clone(&peak));
            async move {
                assert!(
                    at_work.lock().unwrap().insert(row.actor_uri.clone()),
                    "two at once"
                );
                let now = at_work.lock().unwrap().len();
                let before = *peak.lock().unwrap();
                *peak.lock().unwrap() = before.max(now);
                tokio::time::sleep(Duration::from_millis(1)).await;
                at_work.lock().unwrap().remove(&row.actor_uri);
                seen.lock().unwrap().push((row.actor_uri, row.id));
                Outcome::Done
            }
            .boxed()
        });
        world.start();
        let rows = (1..=900)
            .map(|id| received(id, &format!("https://p/{}", id % 9)))
            .collect();
        receive(&world, rows).await;
        until("all of them", async || log.lock().unwrap().len() == 900).await;
        let mut last: HashMap<String, i64> = HashMap::new();
        for (actor, id) in log.lock().unwrap().iter() {
            assert!(
                last.insert(actor.clone(), *id)
                    .is_none_or(|before| before < *id)
            );
        }
        assert!(*most.lock().unwrap() > 1, "different senders side by side");
        until("an empty table", async || {
            store.read(inbox::count).await.unwrap() == 0
        })
        .await;
        world.stop().await;
    }
);

db_test!(
    what_cannot_be_done_yet_is_tried_later_and_steps_aside,
    |store| {
        let mut world = World::new(store.clone()).await;
        let tries: Arc<Mutex<Vec<(i64, i32)>>> = Arc::default();
        let log = Arc::clone(&tries);
        world.handle = Arc::new(move |_federation, row| {
            log.lock().unwrap().push((row.id, row.attempts));
            let outcome = match (row.id, row.attempts) {
                (1, 0) => Outcome::Later("not yet".to_owned()),
                (1, 1) => panic!("even so"),
                (3, _) => Outcome::Refused("never".to_owned()),
                _ => Outcome::Done,
            };
            std::future::ready(outcome).boxed()
        });
        world.start();
        receive(
            &world,
            (1..=3).map(|id| received(id, "https://p/a")).collect(),
        )
        .await;
        until("the others", async || tries.lock().unwrap().len() == 3).await;
        until("one row left", async || {
            store.read(inbox::count).await.unwrap() == 1
        })
        .await;
        assert_eq!(*tries.lock().unwrap(), [(1, 0), (2, 0), (3, 0)]);
        for _ in 0..2 {
            world.hall.pass(3600);
            let before = tries.lock().unwrap().len();
            until("the next try", async || {
                tries.lock().unwrap().len() > before
            })
            .await;
            until("it is filed", async || {
                let due = world.hall.operations.now();
                store
                    .read(move |db| inbox::list_all_due(db, due))
                    .await
                    .unwrap()
                    .is_empty()
            })
            .await;
        }
        assert_eq!(tries.lock().unwrap()[3..], [(1, 1), (1, 2)]);
        assert_eq!(store.read(inbox::count).await.unwrap(), 0);
        world.stop().await;
    }
);

db_test!(
    h128_what_always_fails_is_parked_after_five_tries_and_retried_on_demand,
    |store| {
        use crate::operations::inbox::{Release, ReleaseParked};
        let mut world = World::new(store.clone()).await;
        let tries: Arc<Mutex<Vec<i64>>> = Arc::default();
        let log = Arc::clone(&tries);
        world.handle = Arc::new(move |_federation, row| {
            log.lock().unwrap().push(row.id);
            let outcome = match row.id {
                1 => Outcome::Later("no use".to_owned()),
                _ => Outcome::Done,
            };
            std::future::ready(outcome).boxed()
        });
        world.start();
        receive(&world, vec![received(1, "https://p/a")]).await;
        let poison = async |times: usize| {
            until("a try", async || tries.lock().unwrap().len() == times).await;
            let parked = |attempts: i32| {
                move |db: &mut Db| {
                    let due = inbox::list_all_due(db, Ts(i64::MAX))?;
                    Ok::<_, StoreError>(due.first().is_some_and(|row| row.attempts == attempts))
                }
            };
            let attempts = i32::try_from(times).unwrap();
            until("it is filed", async || {
                store.read(parked(attempts)).await.unwrap()
            })
            .await;
        };
        for times in 1..=5 {
            poison(times).await;
            world.hall.pass(3600);
        }
        world.hall.pass(365 * 24 * 3600);
        receive(&world, vec![received(2, "https://p/a")]).await;
        until("the next of its sender", async || {
            tries.lock().unwrap().contains(&2)
        })
        .await;
        assert_eq!(*tries.lock().unwrap(), [1, 1, 1, 1, 1, 2], "no sixth try");
        let parked = store.read(|db| inbox::list_parked(db, 9)).await.unwrap();
        assert_eq!((parked.len(), parked[0].attempts), (1, 5));
        assert_eq!(parked[0].error, "no use");
        let retry = ReleaseParked {
            row: Some(1),
            release: Release::Retry,
        };
        let operations = &world.hall.operations;
        assert_eq!(operations.run(Caller::System, retry).await.unwrap(), 1);
        until("it is tried again", async || {
            tries.lock().unwrap().len() == 7
        })
        .await;
        world.stop().await;
    }
);

db_test!(
    a_crash_in_the_middle_of_receiving_repeats_what_was_not_filed,
    |store| {
        let mut world = World::new(store.clone()).await;
        let done: Arc<Mutex<HashSet<i64>>> = Arc::default();
        let log = Arc::clone(&done);
        world.handle = Arc::new(move |_federation, row| {
            log.lock().unwrap().insert(row.id);
            async {
                tokio::time::sleep(Duration::from_millis(1)).await;
                Outcome::Done
            }
            .boxed()
        });
        world.start();
        let rows = (1..=300)
            .map(|id| received(id, &format!("https://p/{}", id % 3)))
            .collect();
        receive(&world, rows).await;
        until("some", async || done.lock().unwrap().len() > 20).await;
        world.crash().await;
        world.start();
        until("all", async || store.read(inbox::count).await.unwrap() == 0).await;
        assert_eq!(done.lock().unwrap().len(), 300);
        world.stop().await;
    }
);

db_test!(old_entries_go_when_everyone_was_told, |store| {
    let mut world = World::new(store.clone()).await;
    let peer = Peer::new().await;
    world.follower(&peer, "lemmy", true).await;
    world.start();
    world.burst(5, 1).await;
    until("all of it", async || peer.seqs().len() == 5).await;
    world.stop().await;
    let stopping = Stopping::default();
    let once = async || {
        prune::once(&world.hall.operations, &stopping)
            .await
            .unwrap()
    };
    assert_eq!(once().await, 0, "young entries stay");
    world.hall.pass(73 * 3600);
    assert_eq!(once().await, 4, "all but the last");
    assert_eq!(store.read(outbox::last_seq).await.unwrap(), 5);
});

/// Judges what a server got as it would itself, with the key that the group publishes.
async fn judge(world: &World, peer: &Peer, got: &Got) -> Result<Presented, Rejected> {
    let (names, live, group) = (
        world.federation.names().clone(),
        world.federation.settings(),
        world.group,
    );
    let published = world.hall.read(move |db| {
        let group = actors::find(db, group)?.expect("the group");
        document::actor(db, &names, &live, &group)
    });
    let published = published.await;
    let pem = published["publicKey"]["publicKeyPem"].as_str().unwrap();
    let ours = Ours {
        hosts: std::slice::from_ref(&peer.host),
        development: true,
        window: Window::default(),
    };
    let now = world.federation.now();
    let presented = verify::parse(&Method::POST, &got.path, &got.headers, &ours, now)?;
    presented.check_digest(&got.body)?;
    presented.verify(&PublicKey::from_pem(pem).unwrap())?;
    assert_eq!(
        presented.key_id_text,
        published["publicKey"]["id"].as_str().unwrap()
    );
    Ok(presented)
}

db_test!(s040_deliveries_are_signed_as_everybody_demands, |store| {
    let mut world = World::new(store).await;
    let peer = Peer::new().await;
    world.follower(&peer, "lemmy", true).await;
    world.start();
    world.burst(1, 1).await;
    until("the delivery", async || peer.taken().len() == 1).await;
    world.stop().await;
    let got = peer.got().remove(0);
    let header = |name: &str| got.headers[name].to_str().unwrap();
    assert_eq!(header("host"), peer.host);
    assert_eq!(header("content-type"), "application/activity+json");
    assert_eq!(header("digest"), Digest::of(&got.body).header());
    let now = world.federation.now().system_time();
    assert_eq!(header("date"), httpdate::fmt_http_date(now));
    let signature = header("signature");
    let demanded =
        "algorithm=\"rsa-sha256\",headers=\"(request-target) host date digest content-type\"";
    assert!(signature.contains(demanded), "{signature}");
    assert!(judge(&world, &peer, &got).await.is_ok());
});

db_test!(s041_a_retry_is_signed_anew, |store| {
    let mut world = World::new(store).await;
    let peer = Peer::new().await;
    world.follower(&peer, "lemmy", true).await;
    let (hall, mut tries) = (world.hall.clone(), 0);
    peer.answers(move |_| {
        tries += 1;
        if tries == 1 {
            hall.pass(600);
            503
        } else {
            202
        }
    });
    world.start();
    world.burst(1, 1).await;
    until("the retry", async || peer.taken().len() == 1).await;
    world.stop().await;
    let [first, second] = <[Got; 2]>::try_from(peer.got()).unwrap();
    assert_eq!(first.body, second.body);
    for name in ["date", "signature"] {
        assert_ne!(first.headers[name], second.headers[name], "{name}");
    }
    assert!(judge(&world, &peer, &second).await.is_ok());
});

db_test!(
    s056_rfc_9421_is_tried_once_and_only_where_it_is_read,
    |store| {
        let mut world = World::new(store).await;
        let [plain, stubborn, modern, asking] = [
            Peer::new().await,
            Peer::new().await,
            Peer::new().await,
            Peer::new().await,
        ];
        for peer in [&plain, &stubborn, &modern, &asking] {
            world.follower(peer, "lemmy", true).await;
        }
        for peer in [&stubborn, &modern] {
            let id = format!("http://{}/users/reader", peer.host);
            let actor = serde_json::json!({"id": id, "type": "Person", "preferredUsername": "reader",
            "inbox": format!("{id}/inbox"), "generator": {"type": "Application", "implements":
                [{"href": "https://datatracker.ietf.org/doc/html/rfc9421", "name": "RFC-9421"}]}});
            peer.serve("/users/reader", actor);
            world.federation.resolver().refresh(&id).await.unwrap();
        }
        asking.ask_for_rfc9421();
        plain.answers(|_| 401);
        stubborn.answers(|_| 401);
        modern.answers(|got| if got.is_rfc9421() { 202 } else { 401 });
        asking.answers(|got| if got.is_rfc9421() { 202 } else { 403 });
        world.start();
        world.burst(1, 1).await;
        until("all tries", async || {
            let tries = [&plain, &stubborn, &modern, &asking].map(|peer| peer.got().len());
            tries == [3, 4, 2, 2]
        })
        .await;
        let structured = |peer: &Peer| peer.got().iter().filter(|got| got.is_rfc9421()).count();
        assert_eq!(structured(&plain), 0, "nothing says that it reads RFC 9421");
        assert_eq!(structured(&stubborn), 1);
        for peer in [&modern, &asking] {
            let got = peer.got();
            assert!(!got[0].is_rfc9421() && got[1].is_rfc9421());
            assert!(judge(&world, peer, &got[1]).await.is_ok());
        }
        world.burst(1, 1).await;
        until("the next entry", async || {
            modern.got().len() == 3 && asking.got().len() == 3
        })
        .await;
        world.stop().await;
        assert!(
            modern.got()[2].is_rfc9421(),
            "what a host took is remembered"
        );
        assert!(asking.got()[2].is_rfc9421());
    }
);
