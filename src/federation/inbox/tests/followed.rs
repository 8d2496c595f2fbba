//! Somebody here follows a person elsewhere, and hears what that person begins in groups.

use serde_json::{Value, json};

use super::*;
use crate::operations::membership::FollowPerson;
use crate::store::testing::db_test;

/// A room whose anna follows leo of the peer.
async fn following(store: Store) -> (Room, FakeActor) {
    let room = Room::new(store).await;
    let leo = room.peer.person("leo");
    let actor = room.federation.resolver().actor(&leo.id).await.unwrap();
    room.hall
        .run(room.anna, FollowPerson { person: actor.id })
        .await
        .unwrap();
    let logged = room.last_logged().await;
    let follow = json!({"id": format!("http://hub.test/activities/follow/{}", logged.uuid),
        "type": "Follow", "actor": "http://hub.test/u/anna", "object": leo.id});
    room.takes(&leo, &room.peer.act(&leo, "Accept", 1, &follow))
        .await;
    (room, leo)
}

/// What its author sends of a new thread in a group.
fn page(room: &Room, author: &FakeActor, number: u32, group: &str) -> (String, Value) {
    let mut page = room.peer.note(author, number, group, "New wipers");
    page["type"] = json!("Page");
    page["name"] = json!("New wipers");
    page["audience"] = json!(group);
    let id = page["id"].as_str().unwrap().to_owned();
    room.peer.serve(&id, page.clone());
    (id, room.peer.create(author, &page))
}

db_test!(an_accepted_follow_of_a_person_stands, |store| {
    let (room, leo) = following(store).await;
    let (leo, anna) = (room.id_of(&leo).await, room.anna.actor().unwrap());
    assert_eq!(room.follow(leo, anna).await, Some(FollowState::Accepted));
});

db_test!(
    what_a_followed_person_begins_in_a_group_elsewhere_is_taken,
    |store| {
        let (room, leo) = following(store).await;
        let cars = room.peer.group("cars");
        let (id, create) = page(&room, &leo, 1, &cars.id);
        room.takes(&leo, &create).await;
        let post = room.find_post(&id).await.expect("it is here");
        let group = room.find_actor(&cars.id).await.expect("it was fetched");
        assert_eq!((post.group, post.title.as_str()), (group.id, "New wipers"));
        let log = room.hall.log().await.len();
        let (id, create) = page(&room, &leo, 2, &cars.id);
        room.takes(&leo, &create).await;
        assert!(room.find_post(&id).await.is_some(), "now that it is known");
        assert_eq!(room.hall.log().await.len(), log, "nobody is told");
    }
);

db_test!(what_strangers_begin_there_is_not_taken, |store| {
    let (room, leo) = following(store).await;
    let (cars, mia) = (room.peer.group("cars"), room.peer.person("mia"));
    let (id, create) = page(&room, &mia, 1, &cars.id);
    room.takes(&mia, &create).await;
    assert!(room.find_post(&id).await.is_none(), "nobody follows mia");
    let (id, create) = page(&room, &leo, 2, PUBLIC);
    room.takes(&leo, &create).await;
    assert!(room.find_post(&id).await.is_none(), "it is for no group");
});

db_test!(what_is_for_a_private_group_is_not_taken, |store| {
    let (room, leo) = following(store).await;
    let den = room.peer.group("den");
    let known = room.federation.resolver().actor(&den.id).await.unwrap();
    room.hall
        .change_actor(known.id, |group| group.manually_approves = true)
        .await;
    let (id, create) = page(&room, &leo, 1, &den.id);
    room.takes(&leo, &create).await;
    assert!(room.find_post(&id).await.is_none());
});

db_test!(a_person_here_accepts_and_is_told, |store| {
    let room = Room::new(store).await;
    let mia = room.peer.person("mia");
    let follow = room
        .peer
        .act(&mia, "Follow", 1, &json!("http://hub.test/u/anna"));
    for _ in 0..2 {
        room.send(&mia, &follow).await;
    }
    let (anna, mia) = (room.anna.actor().unwrap(), room.id_of(&mia).await);
    assert_eq!(room.follow(anna, mia).await, Some(FollowState::Accepted));
    let kinds = room.hall.read(move |db| {
        let request = crate::domain::page::PageRequest::first(10);
        crate::store::notices::list(db, anna, None, request)
    });
    let kinds: Vec<_> = kinds.await.items.iter().map(|one| one.kind).collect();
    assert_eq!(kinds, [crate::domain::notice::NoticeKind::Followed]);
    let post = room.hall.post(room.anna, room.tea, "A pot").await;
    let told = room.inboxes().await;
    assert!(!told.is_empty(), "the followers of {post} hear of it");
});
