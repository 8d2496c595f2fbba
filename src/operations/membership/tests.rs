//! Memberships come and go by these rules, on both databases.

use super::*;
use crate::domain::activity::Activity;
use crate::domain::actor::ActorKind;
use crate::domain::membership::{Ban, FollowState};
use crate::domain::refusal::Kind;
use crate::operations::Operations;
use crate::operations::trial::{
    NOW, actor, group, hub, member, person, read, refused, remote, run, stranger, told, wait,
};
use crate::store::testing::db_test;
use crate::store::{follows, moderation, notices};

const FOLLOW: &str = "https://other.test/follows/1";

fn follow(target: ActorId) -> ReceiveFollow {
    ReceiveFollow {
        target,
        uri: FOLLOW.to_owned(),
    }
}

async fn berta(operations: &Operations) -> ActorId {
    remote(operations, "https://other.test/u/berta", ActorKind::Person).await
}

async fn ban(operations: &Operations, group: Option<ActorId>, actor: ActorId) {
    let ban = Ban {
        reason: "spam".to_owned(),
        until: None,
    };
    let banned = operations
        .store
        .write(move |db| moderation::upsert_ban(db, group, actor, &ban, NOW));
    banned.await.unwrap();
}

async fn followers(operations: &Operations, of: ActorId) -> i64 {
    actor(operations, of).await.followers_count
}

db_test!(joining_a_group_here_is_done_at_once_and_once, |store| {
    let operations = hub(store).await;
    let anna = person(&operations, "anna").await;
    let tea = group(&operations, "tea", None).await;
    for _ in 0..2 {
        let state = run(&operations, member(anna), JoinGroup { group: tea }).await;
        assert_eq!(state, FollowState::Accepted);
    }
    assert_eq!(followers(&operations, tea).await, 1);
    assert_eq!(told(&operations).await, [], "nobody else needs to know");
    for _ in 0..2 {
        run(&operations, member(anna), LeaveGroup { group: tea }).await;
    }
    assert_eq!(followers(&operations, tea).await, 0);
    assert_eq!(told(&operations).await, []);
});

db_test!(joining_a_group_elsewhere_asks_it, |store| {
    let operations = hub(store).await;
    let anna = person(&operations, "anna").await;
    let away = remote(&operations, "https://other.test/c/away", ActorKind::Group).await;
    for _ in 0..2 {
        let state = run(&operations, member(anna), JoinGroup { group: away }).await;
        assert_eq!(state, FollowState::Pending);
    }
    let told_once = told(&operations).await;
    let [(entry, targets)] = told_once.as_slice() else {
        panic!("{told_once:?}")
    };
    assert_eq!(
        (entry.by, entry.group, entry.order_key),
        (anna, None, away.0)
    );
    assert_eq!(entry.activity, Activity::Followed { target: away });
    assert_eq!(targets, &[away]);
    let asked = read(&operations, move |db| follows::find(db, away, anna))
        .await
        .unwrap();
    assert!(
        asked.uri.starts_with("https://hub.test/activities/follow/"),
        "{}",
        asked.uri
    );
    let uuid = asked.uri.rsplit('/').next().unwrap().to_owned();
    let logged = read(&operations, move |db| {
        crate::store::outbox::find_by_uuid(db, &uuid)
    })
    .await;
    assert!(logged.is_some(), "the Follow can be fetched");

    wait(&operations, 2 * 3600);
    run(&operations, member(anna), JoinGroup { group: away }).await;
    assert_eq!(
        told(&operations).await.len(),
        1,
        "asks again when nobody answered"
    );
});

db_test!(an_answer_makes_or_ends_a_membership_elsewhere, |store| {
    let operations = hub(store).await;
    let anna = person(&operations, "anna").await;
    let away = remote(&operations, "https://other.test/c/away", ActorKind::Group).await;
    run(&operations, member(anna), JoinGroup { group: away }).await;
    for _ in 0..2 {
        run(
            &operations,
            stranger(away),
            ReceiveAccept { follower: anna },
        )
        .await;
        assert_eq!(followers(&operations, away).await, 1);
    }
    assert!(read(&operations, move |db| follows::is_follower(db, away, anna)).await);
    for _ in 0..2 {
        run(
            &operations,
            stranger(away),
            ReceiveReject { follower: anna },
        )
        .await;
        assert_eq!(followers(&operations, away).await, 0);
    }
    let follow = read(&operations, move |db| follows::find(db, away, anna)).await;
    assert_eq!(follow.unwrap().state, FollowState::Refused, "to be seen");
    let unread = read(&operations, move |db| notices::count_unread(db, anna)).await;
    assert_eq!(unread, 1, "and told once");
    told(&operations).await;
    run(&operations, member(anna), LeaveGroup { group: away }).await;
    assert_eq!(told(&operations).await, [], "there is nothing to undo");
});

db_test!(an_answer_to_nothing_makes_no_membership, |store| {
    let operations = hub(store).await;
    let anna = person(&operations, "anna").await;
    let away = remote(&operations, "https://other.test/c/away", ActorKind::Group).await;
    let refusal = refused(
        &operations,
        stranger(away),
        ReceiveAccept { follower: anna },
    )
    .await;
    assert_eq!(
        (refusal.kind, &*refusal.code),
        (Kind::NotFound, "follow.unknown")
    );
    let refusal = refused(&operations, member(anna), ReceiveAccept { follower: anna }).await;
    assert_eq!(refusal.code, "follow.remote");
    let refusal = refused(
        &operations,
        Caller::Visitor,
        ReceiveReject { follower: anna },
    )
    .await;
    assert_eq!(refusal.code, "follow.remote");
});

db_test!(leaving_a_group_elsewhere_takes_the_follow_back, |store| {
    let operations = hub(store).await;
    let anna = person(&operations, "anna").await;
    let away = remote(&operations, "https://other.test/c/away", ActorKind::Group).await;
    run(&operations, member(anna), JoinGroup { group: away }).await;
    let asked = read(&operations, move |db| follows::find(db, away, anna))
        .await
        .unwrap();
    told(&operations).await;
    run(&operations, member(anna), LeaveGroup { group: away }).await;
    run(&operations, member(anna), LeaveGroup { group: away }).await;
    let told = told(&operations).await;
    let [(entry, targets)] = told.as_slice() else {
        panic!("{told:?}")
    };
    let left = Activity::Unfollowed {
        target: away,
        follow: asked.uri,
    };
    assert_eq!(
        (&entry.activity, targets.as_slice()),
        (&left, [away].as_slice())
    );
});

db_test!(who_is_banned_or_nobody_cannot_join, |store| {
    let operations = hub(store).await;
    let anna = person(&operations, "anna").await;
    let tea = group(&operations, "tea", None).await;
    ban(&operations, Some(tea), anna).await;
    let refusal = refused(&operations, member(anna), JoinGroup { group: tea }).await;
    assert_eq!(refusal.kind, Kind::Banned);
    let refusal = refused(&operations, Caller::Visitor, JoinGroup { group: tea }).await;
    assert_eq!(refusal.kind, Kind::Unauthenticated);
    let refusal = refused(&operations, Caller::Visitor, LeaveGroup { group: tea }).await;
    assert_eq!(refusal.kind, Kind::Unauthenticated);
    let berta = berta(&operations).await;
    let refusal = refused(&operations, stranger(berta), JoinGroup { group: tea }).await;
    assert_eq!(refusal.code, "membership.local");
    let refusal = refused(&operations, member(anna), JoinGroup { group: anna }).await;
    assert_eq!(refusal.kind, Kind::NotFound, "a person is no group");
    let refusal = refused(&operations, member(anna), LeaveGroup { group: ActorId(5) }).await;
    assert_eq!(refusal.kind, Kind::NotFound);
    assert_eq!(followers(&operations, tea).await, 0);
});

db_test!(
    every_follow_from_elsewhere_is_answered_also_a_repeated_one,
    |store| {
        let operations = hub(store).await;
        let tea = group(&operations, "tea", None).await;
        let berta = berta(&operations).await;
        for _ in 0..2 {
            let state = run(&operations, stranger(berta), follow(tea)).await;
            assert_eq!(state, Some(FollowState::Accepted));
            let told = told(&operations).await;
            let [(entry, targets)] = told.as_slice() else {
                panic!("{told:?}")
            };
            let accepted = Activity::FollowAccepted {
                follower: berta,
                follow: FOLLOW.to_owned(),
            };
            assert_eq!(
                (entry.by, entry.group, &entry.activity),
                (tea, None, &accepted)
            );
            assert_eq!(
                (targets.as_slice(), entry.order_key),
                ([berta].as_slice(), tea.0)
            );
        }
        assert_eq!(followers(&operations, tea).await, 1);
        assert_eq!(
            read(&operations, move |db| follows::list_instances(db, tea))
                .await
                .len(),
            1
        );
        for _ in 0..2 {
            run(
                &operations,
                stranger(berta),
                ReceiveUnfollow { target: tea },
            )
            .await;
            assert_eq!(followers(&operations, tea).await, 0);
        }
        assert_eq!(
            read(&operations, move |db| follows::list_instances(db, tea)).await,
            []
        );
    }
);

db_test!(a_banned_follower_is_turned_down, |store| {
    let operations = hub(store).await;
    let tea = group(&operations, "tea", None).await;
    let berta = berta(&operations).await;
    run(&operations, stranger(berta), follow(tea)).await;
    told(&operations).await;
    ban(&operations, None, berta).await;
    assert_eq!(run(&operations, stranger(berta), follow(tea)).await, None);
    let told = told(&operations).await;
    let rejected = Activity::FollowRejected {
        follower: berta,
        follow: FOLLOW.to_owned(),
    };
    assert_eq!(told.len(), 1);
    assert_eq!(
        (&told[0].0.activity, told[0].1.as_slice()),
        (&rejected, [berta].as_slice())
    );
    assert_eq!(followers(&operations, tea).await, 0);
});

db_test!(
    people_are_followed_too_but_not_the_hub_or_strangers,
    |store| {
        let operations = hub(store).await;
        let anna = person(&operations, "anna").await;
        let berta = berta(&operations).await;
        let state = run(&operations, stranger(berta), follow(anna)).await;
        assert_eq!(state, Some(FollowState::Accepted));
        let hub = read(&operations, |db| {
            crate::store::actors::find_local(db, "hub.test")
        })
        .await;
        for target in [hub.unwrap().id, berta, ActorId(5)] {
            let refusal = refused(&operations, stranger(berta), follow(target)).await;
            assert_eq!(refusal.kind, Kind::NotFound);
        }
        let refusal = refused(&operations, member(anna), follow(anna)).await;
        assert_eq!(refusal.code, "follow.remote");
        for uri in ["", "no uri", "urn:x"] {
            let follow = ReceiveFollow {
                target: anna,
                uri: uri.to_owned(),
            };
            let refusal = refused(&operations, stranger(berta), follow).await;
            assert_eq!(refusal.kind, Kind::Invalid, "{uri}");
        }
        let refusal = refused(&operations, member(anna), ReceiveUnfollow { target: anna }).await;
        assert_eq!(refusal.code, "follow.remote");
    }
);
