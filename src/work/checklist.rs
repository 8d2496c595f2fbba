//! What federation.md asks of deliveries (statements 77, 80 and 168 to 175), against servers on
//! loopback.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use super::testing::{Got, Peer, World, in_order, until};
use crate::domain::activity::{Activity, Entry};
use crate::domain::actor::{Actor, ActorKind};
use crate::domain::caller::Caller;
use crate::domain::ids::{ActorId, ObjectId, PostId};
use crate::operations::membership::ReceiveUnfollow;
use crate::store::follows;
use crate::store::inbox::{self, Received};
use crate::store::instances::{self, Reach};
use crate::store::testing::db_test;

async fn follows_still(world: &World, follower: ActorId) -> bool {
    let group = world.group;
    let find = move |db: &mut crate::store::Db| follows::find(db, group, follower);
    world.hall.read(find).await.is_some()
}

async fn reach(world: &World, actor: &Actor) -> Reach {
    let id = actor.instance;
    let row = world.hall.read(move |db| instances::find(db, id)).await;
    row.expect("it is known").reach
}

fn paths(got: &[Got]) -> HashSet<&str> {
    got.iter().map(|got| got.path.as_str()).collect()
}

db_test!(s077_a_group_that_follows_hears_at_its_own_inbox, |store| {
    let mut world = World::new(store).await;
    let forum = Peer::new().await;
    let who = ("category", true);
    let category = world
        .someone(&forum, "discourse", ActorKind::Group, who)
        .await;
    world.follow(&category).await;
    world.start();
    world.burst(1, 1).await;
    until("both", async || forum.got().len() == 2).await;
    let got = forum.got();
    assert_eq!(
        paths(&got),
        HashSet::from(["/users/category/inbox", "/inbox"])
    );
    world.stop().await;
});

db_test!(s080_nothing_is_delivered_after_a_block, |store| {
    let mut world = World::new(store).await;
    let blog = Peer::new().await;
    let mia = world.somebody(&blog, "gotosocial", "mia", false).await;
    let leo = world.somebody(&blog, "gotosocial", "leo", false).await;
    world.follow(&mia).await;
    world.follow(&leo).await;
    world.start();
    world.burst(1, 1).await;
    until("both", async || blog.got().len() == 2).await;
    let caller = Caller::Remote { actor: mia.id };
    let target = world.group;
    let block = ReceiveUnfollow { target };
    world.hall.run(caller, block).await.unwrap();
    world.burst(3, 1).await;
    until("the other", async || blog.got().len() == 5).await;
    let later = &blog.got()[2..];
    assert_eq!(paths(later), HashSet::from(["/users/leo/inbox"]));
    world.stop().await;
});

db_test!(
    s168_fifty_followers_are_one_request_where_the_inbox_is_shared,
    |store| {
        let mut world = World::new(store).await;
        let (shared, personal) = (Peer::new().await, Peer::new().await);
        for number in 0..50 {
            let name = format!("fan{number}");
            let fan = world.somebody(&shared, "lemmy", &name, true).await;
            world.follow(&fan).await;
            let fan = world.somebody(&personal, "gotosocial", &name, false).await;
            world.follow(&fan).await;
        }
        world.start();
        for round in 1..=2 {
            world.burst(1, 1).await;
            until("both", async || {
                shared.got().len() == round && personal.got().len() == 50 * round
            })
            .await;
        }
        let got = personal.got();
        assert_eq!(paths(&got).len(), 50, "each at their own");
        assert_eq!(paths(&shared.got()), HashSet::from(["/inbox"]));
        world.stop().await;
    }
);

db_test!(
    s169_a_follower_whose_inbox_is_gone_is_asked_for_and_the_server_is_not_punished,
    |store| {
        let mut world = World::new(store).await;
        let blog = Peer::new().await;
        let mia = world.somebody(&blog, "gotosocial", "mia", false).await;
        let leo = world.somebody(&blog, "gotosocial", "leo", false).await;
        let ann = world.somebody(&blog, "gotosocial", "ann", false).await;
        for fan in [&mia, &leo, &ann] {
            world.follow(fan).await;
        }
        let moved = serde_json::json!({"id": ann.uri, "type": "Person", "preferredUsername": "ann",
            "inbox": format!("{}/new-inbox", ann.uri)});
        blog.serves("/users/ann", &moved);
        blog.answers(|got| match got.path.as_str() {
            "/users/mia/inbox" | "/users/ann/inbox" => 410,
            _ => 202,
        });
        world.start();
        world.burst(1, 1).await;
        until("the end of the follow", async || {
            !follows_still(&world, mia.id).await
        })
        .await;
        until("the new inbox", async || {
            world.burst(1, 1).await;
            blog.taken()
                .iter()
                .any(|got| got.path == "/users/ann/new-inbox")
        })
        .await;
        let fetched = blog.fetched();
        assert!(fetched.iter().any(|path| path == "/users/mia"));
        assert!(follows_still(&world, leo.id).await && follows_still(&world, ann.id).await);
        assert_eq!(reach(&world, &leo).await, Reach::Ok);
        world.stop().await;
    }
);

db_test!(
    s170_a_server_that_asks_for_patience_gets_it_and_its_order,
    |store| {
        let mut world = World::new(store).await;
        let peer = Peer::new().await;
        world.follower(&peer, "lemmy", true).await;
        peer.says(Some(2), "slow down");
        let mut first = true;
        peer.answers(move |_| if std::mem::take(&mut first) { 429 } else { 202 });
        world.start();
        world.burst(1, 1).await;
        until("the refusal", async || peer.got().len() == 1).await;
        world.burst(9, 3).await;
        until("all of it", async || peer.taken().len() == 10).await;
        let got = peer.got();
        let waited = got[1].at - got[0].at;
        assert!(waited >= Duration::from_secs(2), "{waited:?}");
        assert!(in_order(&peer.taken()));
        world.stop().await;
    }
);

db_test!(
    s171_followers_whose_server_disowns_them_are_asked_for_and_end,
    |store| {
        let mut world = World::new(store).await;
        let forum = Peer::new().await;
        let mia = world.somebody(&forum, "lemmy", "mia", true).await;
        world.follow(&mia).await;
        forum.says(None, "{\"error\":\"community_has_no_followers\"}");
        forum.answers(|_| 400);
        world.start();
        world.burst(1, 1).await;
        until("the first", async || forum.got().len() == 1).await;
        world.burst(1, 1).await;
        until("the second", async || forum.got().len() == 2).await;
        assert!(follows_still(&world, mia.id).await, "once is no rule");
        world.burst(1, 1).await;
        until("the end of the follow", async || {
            !follows_still(&world, mia.id).await
        })
        .await;
        assert_eq!(forum.fetched(), ["/users/mia"]);
        world.burst(1, 1).await;
        world.stop().await;
        assert_eq!(forum.got().len(), 3, "nothing more is said there");
    }
);

db_test!(
    s172_a_server_silent_for_days_is_suspended_until_it_speaks,
    |store| {
        let mut world = World::new(store).await;
        let peer = Peer::new().await;
        let mia = world.somebody(&peer, "lemmy", "mia", true).await;
        world.follow(&mia).await;
        peer.answers(|_| 503);
        world.start();
        world.hall.pass(8 * 24 * 3600);
        world.burst(1, 1).await;
        until("the suspension", async || {
            reach(&world, &mia).await == Reach::Dormant
        })
        .await;
        let tries = peer.got().len();
        peer.answers(|_| 202);
        world.burst(1, 2).await;
        assert!(peer.taken().is_empty(), "only a probe each day");
        let now = world.hall.operations.now();
        let signed = Received {
            id: 1,
            digest: vec![1],
            uri: format!("http://{}/activity/1", peer.host),
            actor_uri: mia.uri.as_str().to_owned(),
            body: "{}".to_owned(),
            trusted: true,
            received_at: now,
            attempts: 0,
        };
        let spoke = Instant::now();
        world
            .hall
            .write(move |db, _| inbox::insert(db, &signed))
            .await;
        world.federation.wake();
        until("both", async || peer.taken().len() == 2).await;
        assert!(spoke.elapsed() < Duration::from_mins(1));
        until("it is well", async || {
            reach(&world, &mia).await == Reach::Ok
        })
        .await;
        assert_eq!(peer.got().len(), tries + 2);
        world.stop().await;
    }
);

db_test!(
    s173_a_crash_amid_a_thousand_deliveries_loses_none,
    |store| {
        let mut world = World::new(store).await;
        let mut peers = Vec::new();
        for _ in 0..20 {
            let peer = Peer::new().await;
            world.follower(&peer, "lemmy", true).await;
            peers.push(peer);
        }
        world.start();
        world
            .happen_at_once((1..=50).map(|key| world.content(key)).collect())
            .await;
        let all = || peers.iter().map(|peer| peer.taken().len()).sum::<usize>();
        until("some of them", async || all() > 100).await;
        world.crash().await;
        world.start();
        until("all of them", async || {
            peers.iter().all(|peer| {
                let seqs: HashSet<i64> = peer.seqs().into_iter().collect();
                seqs.len() == 50
            })
        })
        .await;
        let mut ids: HashMap<i64, HashSet<String>> = HashMap::new();
        for got in peers.iter().flat_map(Peer::taken) {
            ids.entry(got.seq).or_default().insert(got.id);
        }
        assert!(ids.values().all(|ids| ids.len() == 1), "under one id each");
        world.stop().await;
    }
);

db_test!(
    s174_a_create_its_update_and_its_delete_arrive_in_order_under_retries,
    |store| {
        let mut world = World::new(store).await;
        let peer = Peer::new().await;
        world.follower(&peer, "lemmy", true).await;
        let mut asked: HashMap<i64, u32> = HashMap::new();
        peer.answers(move |got| {
            let times = asked.entry(got.seq).or_default();
            *times += 1;
            if *times <= 2 { 503 } else { 202 }
        });
        world.start();
        let object = ObjectId::Post(PostId(1));
        for activity in [
            Activity::Created { object },
            Activity::Updated { object },
            Activity::Deleted { object },
        ] {
            let group = Some(world.group);
            world
                .happen(Entry::new(world.group, group, activity, 1))
                .await;
        }
        until("all three", async || peer.taken().len() == 3).await;
        assert_eq!(peer.seqs(), [1, 2, 3]);
        assert!(peer.got().len() >= 5, "after failures");
        world.stop().await;
    }
);

db_test!(s175_ten_thousand_votes_do_not_delay_a_post, |store| {
    let mut world = World::new(store).await;
    let peer = Peer::new().await;
    world.follower(&peer, "lemmy", true).await;
    // A responsive server, but not one that swallows everything at once.
    world.set(|delivery| delivery.per_host = 4);
    for thousand in 0..10 {
        let votes = (0..1_000).map(|n| world.vote(10_000 + thousand * 1_000 + n));
        world.happen_at_once(votes.collect()).await;
    }
    world.start();
    until("the votes to flow", async || peer.taken().len() > 50).await;
    let posted = Instant::now();
    world.happen(world.content(1)).await;
    until("the post", async || {
        peer.taken().iter().any(|got| got.key == 1)
    })
    .await;
    let took = posted.elapsed();
    assert!(took < Duration::from_secs(10), "{took:?}");
    assert!(peer.taken().len() < 10_000, "there were votes left");
    world.crash().await;
});
