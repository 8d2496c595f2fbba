//! What groups elsewhere pass on (statements 125 to 133 of federation.md).

use serde_json::{Value, json};

use super::remote::{announce, joined};
use super::*;
use crate::store::testing::db_test;
use crate::store::votes;

/// A note of leo in cars as a page, stored by way of the group.
async fn page_of_leo(room: &Room, cars: &FakeActor) -> (FakeActor, Value, Post) {
    let leo = room.peer.person("leo");
    let mut page = room.peer.note(&leo, 1, &cars.id, "New wipers");
    page["type"] = json!("Page");
    page["name"] = json!("New wipers");
    room.peer.serve(page["id"].as_str().unwrap(), page.clone());
    let create = room.peer.create(&leo, &page);
    room.takes(cars, &announce(room, cars, 100, &create)).await;
    let post = room.find_post(page["id"].as_str().unwrap()).await.unwrap();
    (leo, page, post)
}

db_test!(
    s125_a_group_that_nobody_follows_stores_and_fetches_nothing,
    |store| {
        let room = Room::new(store).await;
        let (cars, leo) = (room.peer.group("cars"), room.peer.person("leo"));
        let note = room.peer.note(&leo, 1, &cars.id, "Nobody asked");
        let create = room.peer.create(&leo, &note);
        let fetches_for_the_key = 1;
        for (number, object) in [(1, &create), (2, &note["id"])] {
            room.takes(&cars, &announce(&room, &cars, number, object))
                .await;
        }
        assert_eq!(room.find_post(note["id"].as_str().unwrap()).await, None);
        assert_eq!(room.peer.fetches(), fetches_for_the_key);
    }
);

db_test!(
    s126_an_announced_like_counts_once_and_is_known_to_come_from_the_group,
    |store| {
        let (room, cars) = joined(store).await;
        let (_, page, post) = page_of_leo(&room, &cars).await;
        let mia = room.peer.person("mia");
        let like = room.peer.act(&mia, "Like", 3, &page["id"]);
        for number in [2, 3] {
            room.takes(&cars, &announce(&room, &cars, number, &like))
                .await;
        }
        room.send(&mia, &like).await;
        assert_eq!(room.votes(post.id).await, (1, 0));
        let object = ObjectId::Post(post.id);
        let via = room.hall.read(move |db| votes::count_via_group(db, object));
        assert_eq!(via.await, 1);
    }
);

db_test!(
    s127_what_was_done_here_is_confirmed_and_has_no_other_effect,
    |store| {
        use crate::store::confirmations;
        let (room, cars) = joined(store).await;
        let group = room.id_of(&cars).await;
        let post = room.hall.post(room.anna, group, "From here").await;
        let uri = format!("http://hub.test/post/{post}");
        let create = json!({"id": "http://hub.test/activities/create/1", "type": "Create",
            "actor": "http://hub.test/u/anna", "to": [PUBLIC],
            "object": {"id": uri, "type": "Page", "name": "Forged",
                "attributedTo": "http://hub.test/u/anna", "to": [PUBLIC], "content": "x"}});
        let state = async || {
            let find = move |db: &mut crate::store::Db| {
                Ok((
                    posts::find(db, post)?,
                    confirmations::contains(db, ObjectId::Post(post))?,
                ))
            };
            room.hall.read(find).await
        };
        let (before, confirmed) = state().await;
        assert!(!confirmed);
        let log = room.hall.log().await.len();
        room.takes(&cars, &announce(&room, &cars, 2, &create)).await;
        assert_eq!(state().await, (before, true));
        let mut delete = create.clone();
        delete["type"] = json!("Delete");
        room.takes(&cars, &announce(&room, &cars, 3, &delete)).await;
        assert_eq!(state().await.0.unwrap().deleted_at, None);
        assert_eq!(room.hall.log().await.len(), log);
    }
);

db_test!(s128_three_announced_at_once_have_three_effects, |store| {
    let (room, cars) = joined(store).await;
    let (_, page, post) = page_of_leo(&room, &cars).await;
    let likes = |first: u32| -> Vec<Value> {
        (first..first + 3)
            .map(|number| {
                let name = format!("fan{number}");
                let fan = room.peer.person(&name);
                room.peer.act(&fan, "Like", number, &page["id"])
            })
            .collect()
    };
    let array = json!(likes(1));
    room.takes(&cars, &announce(&room, &cars, 2, &array)).await;
    assert_eq!(room.votes(post.id).await, (3, 0));
    let collection = json!({"type": "OrderedCollection", "orderedItems": likes(4)});
    room.takes(&cars, &announce(&room, &cars, 3, &collection))
        .await;
    assert_eq!(room.votes(post.id).await, (6, 0));
});

db_test!(
    s129_an_announced_id_stands_for_an_activity_a_post_or_nothing,
    |store| {
        use crate::store::reactions;
        let (room, cars) = joined(store).await;
        let (_, page, post) = page_of_leo(&room, &cars).await;
        let mia = room.peer.person("mia");
        let id = format!("{}/activities/like/1", room.peer.base);
        let like = json!({"id": id, "type": "Like", "actor": mia.id, "object": page["id"]});
        room.peer.serve(&id, like);
        room.takes(&cars, &announce(&room, &cars, 2, &json!(id)))
            .await;
        assert_eq!(room.votes(post.id).await, (1, 0), "processed");
        let fresh = room.peer.note(&mia, 9, &cars.id, "By its id alone");
        room.takes(&cars, &announce(&room, &cars, 3, &fresh["id"]))
            .await;
        let found = room.find_post(fresh["id"].as_str().unwrap()).await;
        assert_eq!(found.unwrap().title, "By its id alone");
        let (local, uri) = room.local_post().await;
        room.takes(&cars, &announce(&room, &cars, 4, &json!(uri)))
            .await;
        let shares =
            move |db: &mut crate::store::Db| reactions::count_shares(db, ObjectId::Post(local));
        assert_eq!(room.hall.read(shares).await, 1, "boosted");
        let gone = json!(format!("{}/statuses/404", mia.id));
        let taken = room.send(&cars, &announce(&room, &cars, 5, &gone)).await;
        assert_eq!(taken.status, 202);
        assert_eq!(room.hall.read(inbox::count).await, 0, "dropped");
    }
);

db_test!(s131_nobody_announces_in_the_name_of_a_group, |store| {
    let (room, cars) = joined(store).await;
    let leo = room.peer.person("leo");
    let note = room.peer.note(&leo, 1, &cars.id, "Not from the group");
    let forged = announce(&room, &cars, 2, &room.peer.create(&leo, &note));
    room.send(&leo, &forged).await;
    let other = Peer::new();
    let mia = other.person("mia");
    let taken = room.send(&mia, &forged).await;
    assert_eq!(taken.outcomes, []);
    assert_eq!(room.find_post(note["id"].as_str().unwrap()).await, None);
});

db_test!(s132_an_announce_in_an_announce_is_ignored, |store| {
    let (room, cars) = joined(store).await;
    let (_, page, post) = page_of_leo(&room, &cars).await;
    let mia = room.peer.person("mia");
    let like = room.peer.act(&mia, "Like", 1, &page["id"]);
    let inner = announce(&room, &cars, 2, &like);
    room.takes(&cars, &announce(&room, &cars, 3, &inner)).await;
    let mut share = room.peer.act(&mia, "Announce", 2, &page["id"]);
    share["id"] = json!(format!("{}/activities/announce/9", room.peer.base));
    room.peer
        .serve(share["id"].as_str().unwrap(), share.clone());
    room.takes(&cars, &announce(&room, &cars, 4, &share["id"]))
        .await;
    assert_eq!(room.votes(post.id).await, (0, 0));
    let shares = move |db: &mut crate::store::Db| {
        crate::store::reactions::count_shares(db, ObjectId::Post(post.id))
    };
    assert_eq!(room.hall.read(shares).await, 0);
});

db_test!(
    s133_groups_that_follow_each_other_announce_nothing_twice,
    |store| {
        let (room, cars) = joined(store).await;
        let follow = room.peer.act(&cars, "Follow", 1, &json!(room.group()));
        room.takes(&cars, &follow).await;
        let (mia, _) = (room.peer.person("mia"), room.local_post().await);
        let (_, uri) = room.local_post().await;
        let start = room.hall.log().await.len();
        let mut events = 0;
        let said: Vec<Value> = (1..=250)
            .map(|number| room.peer.answer(&mia, number, &uri, "An answer"))
            .map(|note| room.peer.create(&mia, &note))
            .collect();
        for activity in &said {
            room.takes(&mia, activity).await;
            events += 1;
        }
        let announced = room.hall.log().await.len() - start;
        assert_eq!(announced, 250, "each answer once");
        // The other group announces back whatever it heard from ours, three times over.
        for round in 0..3 {
            for (number, activity) in (0..).zip(&said) {
                let number = 1_000 * (round + 1) + number;
                room.takes(&cars, &announce(&room, &cars, number, activity))
                    .await;
                events += 1;
            }
        }
        assert_eq!(events, 1_000);
        assert_eq!(room.hall.log().await.len() - start, announced);
    }
);
