//! A local member is in a group elsewhere, which announces what happens in it.

use serde_json::{Value, json};

use super::*;
use crate::operations::membership::JoinGroup;
use crate::store::testing::db_test;

/// A room whose anna joined the group cars of the peer.
pub(super) async fn joined(store: Store) -> (Room, FakeActor) {
    let room = Room::new(store).await;
    let cars = room.peer.group("cars");
    let actor = room.federation.resolver().actor(&cars.id).await.unwrap();
    room.hall
        .run(room.anna, JoinGroup { group: actor.id })
        .await
        .unwrap();
    let logged = room.last_logged().await;
    let follow = json!({"id": format!("http://hub.test/activities/follow/{}", logged.uuid),
        "type": "Follow", "actor": "http://hub.test/u/anna", "object": cars.id});
    room.takes(&cars, &room.peer.act(&cars, "Accept", 1, &follow))
        .await;
    (room, cars)
}

pub(super) fn announce(room: &Room, group: &FakeActor, number: u32, inner: &Value) -> Value {
    room.peer.act(group, "Announce", number, inner)
}

db_test!(an_accepted_follow_makes_a_member, |store| {
    use crate::store::follows;
    let (room, cars) = joined(store).await;
    let group = room.find_actor(&cars.id).await.unwrap().id;
    let anna = room.anna.actor().unwrap();
    assert!(
        room.hall
            .read(move |db| follows::is_follower(db, group, anna))
            .await
    );
});

db_test!(
    what_a_followed_group_announces_is_stored_and_not_announced_again,
    |store| {
        let (room, cars) = joined(store).await;
        let leo = room.peer.person("leo");
        let before = room.hall.log().await.len();
        let mut page = room.peer.note(&leo, 1, &cars.id, "New wipers");
        page["type"] = json!("Page");
        page["name"] = json!("New wipers");
        let create = room.peer.create(&leo, &page);
        room.takes(&cars, &announce(&room, &cars, 2, &create)).await;
        let post = room.find_post(page["id"].as_str().unwrap()).await.unwrap();
        assert_eq!(post.title, "New wipers");
        let like = room.peer.act(&leo, "Like", 3, &page["id"]);
        let mia = room.peer.person("mia");
        let other = room.peer.act(&mia, "Like", 3, &page["id"]);
        let batch = json!([like, other, other]);
        room.takes(&cars, &announce(&room, &cars, 4, &batch)).await;
        assert_eq!(
            room.votes(post.id).await,
            (1, 0),
            "own and repeated votes do not count"
        );
        assert_eq!(room.hall.log().await.len(), before);
        room.takes(&cars, &announce(&room, &cars, 5, &page["id"]))
            .await;
    }
);

db_test!(a_forged_announce_is_checked_at_the_origin, |store| {
    let (room, cars) = joined(store).await;
    let other = Peer::new();
    let mia = other.person("mia");
    let mut forged = other.note(&mia, 4711, &cars.id, "I never said this");
    let id = forged["id"].as_str().unwrap().to_owned();
    other.serve(&id, json!(404));
    room.takes(
        &cars,
        &announce(&room, &cars, 2, &other.create(&mia, &forged)),
    )
    .await;
    assert_eq!(room.find_post(&id).await, None);
    other.note(&mia, 4711, &cars.id, "What mia said");
    forged["content"] = json!("<p>forged</p>");
    let mut create = other.create(&mia, &forged);
    create["id"] = json!(format!("{id}/again"));
    room.takes(&cars, &announce(&room, &cars, 3, &create)).await;
    assert_eq!(room.find_post(&id).await.unwrap().title, "What mia said");
});

db_test!(a_remote_groups_server_answers_for_its_moderators, |store| {
    let (room, cars) = joined(store).await;
    let (leo, boss) = (room.peer.person("leo"), room.peer.person("boss"));
    let note = room.peer.note(&leo, 1, &cars.id, "Off topic");
    room.takes(
        &cars,
        &announce(&room, &cars, 2, &room.peer.create(&leo, &note)),
    )
    .await;
    let mut removal = room.peer.act(&boss, "Delete", 1, &note["id"]);
    removal["summary"] = json!("off topic");
    room.takes(&cars, &announce(&room, &cars, 3, &removal))
        .await;
    let post = room.find_post(note["id"].as_str().unwrap()).await.unwrap();
    assert!(post.removed_at.is_some());
    assert_eq!(post.removal_reason.as_deref(), Some("off topic"));
});

db_test!(the_past_of_a_group_comes_from_its_outbox, |store| {
    let (room, cars) = joined(store).await;
    let leo = room.peer.person("leo");
    let old = room.peer.note(&leo, 1, &cars.id, "An old thread");
    let item = announce(&room, &cars, 9, &room.peer.create(&leo, &old));
    let outbox = json!({"id": format!("{}/outbox", cars.id), "type": "OrderedCollection",
        "totalItems": 1, "orderedItems": [item]});
    room.peer.serve(&format!("{}/outbox", cars.id), outbox);
    let moderators = json!({"id": format!("{}/moderators", cars.id), "type": "OrderedCollection",
        "orderedItems": [leo.id]});
    room.peer
        .serve(&format!("{}/moderators", cars.id), moderators);
    let group = room.find_actor(&cars.id).await.unwrap();
    for _ in 0..2 {
        assert_eq!(
            crate::federation::inbox::backfill(&room.federation, &group)
                .await
                .unwrap(),
            1
        );
    }
    assert_eq!(
        room.find_post(old["id"].as_str().unwrap())
            .await
            .unwrap()
            .title,
        "An old thread"
    );
    let (group, leo) = (group.id, room.find_actor(&leo.id).await.unwrap().id);
    let moderates =
        move |db: &mut crate::store::Db| crate::store::moderators::is_moderator(db, group, leo);
    assert!(room.hall.read(moderates).await);
});

db_test!(
    a_group_passes_on_nothing_about_other_groups_and_follows,
    |store| {
        use crate::store::{follows, moderation, moderators};
        let (room, cars) = joined(store).await;
        let other = Peer::new();
        let (mia, ann) = (other.person("mia"), other.person("ann"));
        let follow = other.act(&mia, "Follow", 1, &json!(room.group()));
        room.takes(&mia, &follow).await;
        room.takes(&ann, &other.act(&ann, "Follow", 1, &json!(room.group())))
            .await;
        let tea = room.tea;
        let (mia_id, ann_id) = (
            room.find_actor(&mia.id).await.unwrap().id,
            room.find_actor(&ann.id).await.unwrap().id,
        );
        room.hall
            .write(move |db, now| moderators::insert(db, tea, mia_id, now))
            .await;
        let mut block = other.act(&mia, "Block", 2, &json!(ann.id));
        block["target"] = json!(room.group());
        room.takes(&cars, &announce(&room, &cars, 2, &block)).await;
        let ban = move |db: &mut crate::store::Db| {
            moderation::find_ban(db, Some(tea), ann_id, crate::domain::clock::Ts(0))
        };
        assert_eq!(room.hall.read(ban).await, None, "a forged ban");
        room.takes(
            &cars,
            &announce(&room, &cars, 3, &other.act(&mia, "Undo", 3, &follow)),
        )
        .await;
        assert!(
            room.hall
                .read(move |db| follows::is_follower(db, tea, mia_id))
                .await
        );
    }
);

db_test!(
    s121_an_announced_delete_by_neither_author_nor_moderator_is_asked_of_the_origin,
    |store| {
        let (room, cars) = joined(store).await;
        let (home, third) = (Peer::new(), Peer::new());
        let (leo, boss) = (home.person("leo"), third.person("boss"));
        let tombstone = |id: &str| json!({"id": id, "type": "Tombstone"});
        for (number, now, gone) in [
            (1, None, false),
            (2, Some(json!(404)), true),
            (3, Some(json!(410)), true),
            (4, Some(json!("tombstone")), true),
            (5, Some(json!(500)), false),
        ] {
            let note = home.note(&leo, number, &cars.id, "Will it stay?");
            let id = note["id"].as_str().unwrap().to_owned();
            let create = home.create(&leo, &note);
            room.takes(&cars, &announce(&room, &cars, 10 + number, &create))
                .await;
            match &now {
                Some(Value::String(_)) => home.serve(&id, tombstone(&id)),
                Some(status) => home.serve(&id, status.clone()),
                None => {}
            }
            let delete = third.act(&boss, "Delete", number, &json!(id));
            room.send(&cars, &announce(&room, &cars, 20 + number, &delete))
                .await;
            let post = room.find_post(&id).await.unwrap();
            assert_eq!(post.hidden(), gone, "served as {now:?}");
        }
    }
);
