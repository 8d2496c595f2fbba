//! Who follows whom: people elsewhere follow groups here, and the other way round (statements 71
//! to 81 of federation.md).

use serde_json::{Value, json};

use super::*;
use crate::federation::quirks::PeerClass;
use crate::operations::membership::JoinGroup;
use crate::operations::moderation::Ban;
use crate::store::notices;
use crate::store::testing::db_test;

const DIRECT: Reader = Reader::Direct(PeerClass::Threadiverse);

/// A Follow as Lemmy words it.
fn lemmys(room: &Room, by: &FakeActor, number: u32) -> Value {
    json!({"actor": by.id, "to": [room.group()], "object": room.group(), "type": "Follow",
        "id": format!("{}/activities/follow/{number}", room.peer.base)})
}

/// The same as Mastodon words it.
fn mastodons(room: &Room, by: &FakeActor, number: u32) -> Value {
    json!({"@context": "https://www.w3.org/ns/activitystreams", "actor": by.id,
        "object": room.group(), "type": "Follow", "id": format!("{}#follows/{number}", by.id)})
}

async fn is_accepted(room: &Room, by: &FakeActor, follow: &Value) {
    let follower = room.id_of(by).await;
    assert_eq!(
        room.follow(room.tea, follower).await,
        Some(FollowState::Accepted)
    );
    assert_eq!(room.inboxes().await, [format!("{}/inbox", by.id)]);
    let told = room.told(DIRECT).await;
    let [(signer, accept)] = told.as_slice() else {
        panic!("{told:?}")
    };
    assert_eq!(*signer, room.tea);
    assert_eq!(
        (&accept["type"], &accept["actor"], &accept["to"]),
        (&json!("Accept"), &json!(room.group()), &json!([by.id]))
    );
    for key in ["id", "type", "actor", "object"] {
        assert_eq!(accept["object"][key], follow[key], "{key}");
    }
}

db_test!(s071_a_lemmy_follow_is_stored_and_accepted, |store| {
    let room = Room::new(store).await;
    let mia = room.peer.person("mia");
    let follow = lemmys(&room, &mia, 1);
    room.takes(&mia, &follow).await;
    is_accepted(&room, &mia, &follow).await;
});

db_test!(s072_a_mastodon_follow_without_to_is_accepted, |store| {
    let room = Room::new(store).await;
    let mia = room.peer.person("mia");
    let follow = mastodons(&room, &mia, 1);
    room.takes(&mia, &follow).await;
    is_accepted(&room, &mia, &follow).await;
});

db_test!(
    s073_a_repeated_follow_is_answered_again_and_counts_once,
    |store| {
        let room = Room::new(store).await;
        let mia = room.peer.person("mia");
        for number in [1, 2] {
            let follow = lemmys(&room, &mia, number);
            room.takes(&mia, &follow).await;
            is_accepted(&room, &mia, &follow).await;
        }
        assert_eq!(room.hall.log().await.len(), 2);
        let group = room.find_actor(&room.group()).await.unwrap();
        assert_eq!(group.followers_count, 1);
    }
);

db_test!(s074_a_banned_actor_is_rejected, |store| {
    let room = Room::new(store).await;
    let mia = room.peer.person("mia");
    let first = lemmys(&room, &mia, 1);
    room.takes(&mia, &first).await;
    let actor = room.id_of(&mia).await;
    let ban = Ban {
        group: Some(room.tea),
        actor,
        reason: "spam".into(),
        until: None,
        remove_content: false,
        relay: None,
    };
    room.hall.run(room.anna, ban).await.unwrap();
    let follow = lemmys(&room, &mia, 2);
    room.takes(&mia, &follow).await;
    let told = room.told(DIRECT).await;
    assert_eq!(told[0].0, room.tea);
    assert_eq!(told[0].1["type"], "Reject");
    assert_eq!(told[0].1["object"]["id"], follow["id"]);
    assert_eq!(room.follow(room.tea, actor).await, None);
});

db_test!(
    s076_an_undo_ends_a_follow_by_its_ends_or_by_its_id,
    |store| {
        let room = Room::new(store).await;
        let mia = room.peer.person("mia");
        let follow = lemmys(&room, &mia, 1);
        room.takes(&mia, &follow).await;
        let actor = room.id_of(&mia).await;
        let mut unknown = follow.clone();
        unknown["id"] = json!(format!("{}/activities/follow/other", room.peer.base));
        room.takes(&mia, &room.peer.act(&mia, "Undo", 1, &unknown))
            .await;
        assert_eq!(room.follow(room.tea, actor).await, None, "by its ends");
        let again = lemmys(&room, &mia, 2);
        room.takes(&mia, &again).await;
        let other = room.peer.act(&mia, "Undo", 2, &json!("http://x.test/1"));
        room.takes(&mia, &other).await;
        assert!(room.follow(room.tea, actor).await.is_some());
        room.takes(&mia, &room.peer.act(&mia, "Undo", 3, &again["id"]))
            .await;
        assert_eq!(room.follow(room.tea, actor).await, None, "by its id");
    }
);

db_test!(s077_a_group_that_follows_is_accepted, |store| {
    let room = Room::new(store).await;
    let cars = room.peer.group("cars");
    let follow = lemmys(&room, &cars, 1);
    room.takes(&cars, &follow).await;
    is_accepted(&room, &cars, &follow).await;
});

/// A room whose anna asked to join the group cars of the peer, with the Follow that was sent.
pub(super) async fn asked(store: Store) -> (Room, FakeActor, Value) {
    let room = Room::new(store).await;
    let cars = room.peer.group("cars");
    let actor = room.federation.resolver().actor(&cars.id).await.unwrap();
    let join = JoinGroup { group: actor.id };
    let state = room.hall.run(room.anna, join).await.unwrap();
    assert_eq!(state, FollowState::Pending);
    let told = room.told(DIRECT).await;
    let [(signer, follow)] = told.as_slice() else {
        panic!("{told:?}")
    };
    assert_eq!(Some(*signer), room.anna.actor());
    assert_eq!(
        (&follow["type"], &follow["object"], &follow["to"]),
        (&json!("Follow"), &json!(cars.id), &json!([cars.id]))
    );
    (room, cars, follow.clone())
}

async fn annas(room: &Room, group: &FakeActor) -> Option<FollowState> {
    let group = room.id_of(group).await;
    room.follow(group, room.anna.actor().unwrap()).await
}

db_test!(
    s078_an_accept_in_every_shape_makes_our_follow_active,
    |store| {
        let (room, cars, _) = asked(store).await;
        let group = room.id_of(&cars).await;
        let leo = room.peer.person("leo");
        for (number, shape) in (1..).zip(["id", "embedded", "embellished"]) {
            room.hall.run(room.anna, JoinGroup { group }).await.unwrap();
            let follow = room.told(DIRECT).await.remove(0).1;
            let mut object = match shape {
                "id" => follow["id"].clone(),
                _ => follow.clone(),
            };
            if shape == "embellished" {
                object["to"] = json!([cars.id, PUBLIC]);
                object["_mystery"] = json!({"a": [1, 2]});
                object["published"] = json!("2026-06-01T12:00:00Z");
            }
            room.send(&leo, &room.peer.act(&leo, "Accept", number, &object))
                .await;
            assert_eq!(
                annas(&room, &cars).await,
                Some(FollowState::Pending),
                "{shape} by somebody else"
            );
            room.takes(&cars, &room.peer.act(&cars, "Accept", number, &object))
                .await;
            assert_eq!(
                annas(&room, &cars).await,
                Some(FollowState::Accepted),
                "{shape}"
            );
            let leave = crate::operations::membership::LeaveGroup { group };
            room.hall.run(room.anna, leave).await.unwrap();
        }
    }
);

db_test!(s079_a_late_reject_ends_a_follow_and_is_told, |store| {
    let (room, cars, follow) = asked(store).await;
    let accept = room.peer.act(&cars, "Accept", 1, &follow);
    room.takes(&cars, &accept).await;
    let reject = room.peer.act(&cars, "Reject", 2, &follow);
    room.takes(&cars, &reject).await;
    assert_eq!(annas(&room, &cars).await, Some(FollowState::Refused));
    let anna = room.anna.actor().unwrap();
    let group = room.id_of(&cars).await;
    let state = move |db: &mut crate::store::Db| {
        Ok((
            crate::store::follows::find_local_state(db, group)?,
            notices::count_unread(db, anna)?,
        ))
    };
    assert_eq!(room.hall.read(state).await, (None, 1));
});

db_test!(s080_a_block_of_the_group_ends_a_follow, |store| {
    let room = Room::new(store).await;
    let mia = room.peer.person("mia");
    room.takes(&mia, &lemmys(&room, &mia, 1)).await;
    let block = room.peer.act(&mia, "Block", 1, &json!(room.group()));
    room.takes(&mia, &block).await;
    let actor = room.id_of(&mia).await;
    assert_eq!(room.follow(room.tea, actor).await, None);
    let tea = room.tea;
    let servers = move |db: &mut crate::store::Db| crate::store::follows::list_instances(db, tea);
    assert_eq!(room.hall.read(servers).await, [], "nothing is delivered");
});

db_test!(
    s081_a_group_that_announces_has_let_its_members_in,
    |store| {
        let (room, cars, _) = asked(store).await;
        let leo = room.peer.person("leo");
        let note = room.peer.note(&leo, 1, &cars.id, "You are in");
        let create = room.peer.create(&leo, &note);
        room.takes(&cars, &room.peer.act(&cars, "Announce", 1, &create))
            .await;
        assert_eq!(annas(&room, &cars).await, Some(FollowState::Accepted));
        assert!(room.find_post(note["id"].as_str().unwrap()).await.is_some());
    }
);

db_test!(
    s081_where_moderators_let_people_in_several_requests_stay_open,
    |store| {
        let (room, cars, _) = asked(store).await;
        let (ben, group) = (room.hall.person("ben").await, room.id_of(&cars).await);
        let cars_document = room.peer.document(&cars.id);
        let mut careful = cars_document.unwrap();
        careful["manuallyApprovesFollowers"] = json!(true);
        room.peer.serve(&cars.id, careful);
        room.federation.resolver().refresh(&cars.id).await.unwrap();
        room.hall.run(ben, JoinGroup { group }).await.unwrap();
        let announce = room
            .peer
            .act(&cars, "Announce", 1, &json!("http://x.test/1"));
        room.send(&cars, &announce).await;
        for member in [room.anna, ben] {
            let member = member.actor().unwrap();
            assert_eq!(room.follow(group, member).await, Some(FollowState::Pending));
        }
    }
);

db_test!(
    an_unanswered_follow_is_asked_again_under_another_id_and_not_for_ever,
    |store| {
        use crate::operations::membership::RepeatFollows;
        let (room, cars, follow) = asked(store).await;
        let repeat = async || room.hall.run(Caller::System, RepeatFollows).await.unwrap();
        assert_eq!(repeat().await, 0, "not at once");
        room.hall.pass(121);
        assert_eq!((repeat().await, repeat().await), (1, 0));
        let again = room.told(DIRECT).await.remove(0).1;
        assert_eq!(again["object"], follow["object"]);
        assert_ne!(again["id"], follow["id"], "the peer knows the first");
        let mut times = 2;
        for _ in 0..60 {
            room.hall.pass(12 * 3600);
            times += repeat().await;
        }
        assert_eq!(times, 7);
        let accept = room.peer.act(&cars, "Accept", 1, &again["id"]);
        room.takes(&cars, &accept).await;
        assert_eq!(annas(&room, &cars).await, Some(FollowState::Accepted));
    }
);
