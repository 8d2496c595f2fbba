//! What is asked of groups elsewhere: their past when somebody joins, and the answers that never
//! came here (statements 165 to 167 of federation.md).

use serde_json::{Value, json};

use super::follows::asked;
use super::remote::joined;
use super::*;
use crate::federation::inbox::{backfill, fetch_thread};
use crate::store::testing::db_test;

/// Serves a collection of a group.
fn list(room: &Room, group: &FakeActor, which: &str, document: Value) -> String {
    let id = format!("{}/{which}", group.id);
    room.peer.serve(&id, document);
    id
}

fn ordered(items: &Value) -> Value {
    json!({"type": "OrderedCollection", "orderedItems": items})
}

/// Accepts anna's request and fetches the past of the group.
async fn accepted(room: &Room, cars: &FakeActor, follow: &Value) {
    room.takes(cars, &room.peer.act(cars, "Accept", 1, follow))
        .await;
    let group = room.find_actor(&cars.id).await.unwrap();
    let state = room.follow(group.id, room.anna.actor().unwrap()).await;
    assert_eq!(state, Some(FollowState::Accepted));
    // Whether all of it could be had does not matter for the follow.
    drop(backfill(&room.federation, &group).await);
    let state = room.follow(group.id, room.anna.actor().unwrap()).await;
    assert_eq!(state, Some(FollowState::Accepted));
}

db_test!(
    s165_a_follow_succeeds_whatever_its_collections_do,
    |store| {
        let (room, cars, follow) = asked(store).await;
        let leo = room.peer.person("leo");
        let (old, pinned) = (
            room.peer.note(&leo, 1, &cars.id, "An old thread"),
            room.peer.note(&leo, 2, &cars.id, "Read this first"),
        );
        let group = room.find_actor(&cars.id).await.unwrap();
        // As Lemmy: whole Announces inline; moderators by id; pinned posts whole.
        let item = room
            .peer
            .act(&cars, "Announce", 9, &room.peer.create(&leo, &old));
        list(&room, &cars, "outbox", ordered(&json!([item])));
        list(&room, &cars, "moderators", json!(503));
        list(&room, &cars, "featured", ordered(&json!([pinned])));
        accepted(&room, &cars, &follow).await;
        let title = async |note: &Value| {
            let found = room.find_post(note["id"].as_str().unwrap()).await;
            found.map(|post| (post.title, post.featured_at.is_some()))
        };
        let threads = (title(&old).await, title(&pinned).await);
        let expected = (
            Some(("An old thread".to_owned(), false)),
            Some(("Read this first".to_owned(), true)),
        );
        assert_eq!(threads, expected, "one list that fails spoils no other");
        // As Mbin: an empty array for an outbox; as NodeBB: a first page; as PieFed and Discourse:
        // activities by id, collections that are not there.
        list(&room, &cars, "outbox", json!([]));
        assert!(
            backfill(&room.federation, &group).await.is_err(),
            "the moderators"
        );
        list(&room, &cars, "moderators", json!(404));
        assert_eq!(backfill(&room.federation, &group).await.unwrap(), 0);
        let paged = room.peer.note(&leo, 3, &cars.id, "From a page");
        let create = room.peer.create(&leo, &paged);
        room.peer
            .serve(create["id"].as_str().unwrap(), create.clone());
        let page = list(
            &room,
            &cars,
            "outbox/page",
            json!({"type": "OrderedCollectionPage", "orderedItems": [create["id"]]}),
        );
        let paging = json!({"type": "OrderedCollection", "totalItems": 1, "first": page});
        list(&room, &cars, "outbox", paging);
        list(&room, &cars, "featured", json!(404));
        assert_eq!(backfill(&room.federation, &group).await.unwrap(), 1);
        assert!(title(&paged).await.is_some());
        for nonsense in [
            json!({"type": "Person"}),
            json!("x"),
            json!(500),
            json!(null),
        ] {
            list(&room, &cars, "outbox", nonsense);
            drop(backfill(&room.federation, &group).await);
        }
    }
);

db_test!(
    s166_a_list_without_end_is_left_and_no_server_is_asked_too_fast,
    |store| {
        let (room, cars) = joined(store).await;
        let group = room.find_actor(&cars.id).await.unwrap();
        let pages = ["a", "b"].map(|page| format!("{}/outbox/{page}", cars.id));
        for (here, there) in [(0, 1), (1, 0)] {
            let page = json!({"type": "OrderedCollectionPage", "orderedItems": [],
                "next": pages[there]});
            room.peer.serve(&pages[here], page);
        }
        let first = json!({"type": "OrderedCollection", "first": pages[0]});
        list(&room, &cars, "outbox", first);
        let before = room.peer.fetches();
        backfill(&room.federation, &group).await.unwrap();
        let lists = room.peer.asked()[before..]
            .iter()
            .filter(|path| path.contains("outbox"))
            .count();
        assert_eq!(lists, 3, "each page once");
        // The clock of the pace is the runtime's: two at once, then one in a tenth of a second.
        room.set(|settings| settings.limits.backfill_host = "2/200ms".parse().unwrap());
        let items: Vec<String> = (0..8)
            .map(|number| format!("{}/gone/{number}", room.peer.base))
            .collect();
        list(&room, &cars, "outbox", ordered(&json!(items)));
        let (begun, before) = (std::time::Instant::now(), room.peer.fetches());
        backfill(&room.federation, &group).await.unwrap();
        let (took, asked) = (begun.elapsed(), room.peer.fetches() - before);
        assert!(asked >= 8 && took.as_millis() >= 600, "{asked} in {took:?}");
        let usual = Settings::default();
        assert_eq!(usual.limits.backfill_host.to_string(), "10/10s");
    }
);

db_test!(
    s166_the_whole_job_ends_after_its_documents_are_spent,
    |store| {
        let (room, cars) = joined(store).await;
        assert_eq!(room.federation.patient_resolver().left(), 500);
        room.set(|settings| settings.intake.backfill_fetches = 10);
        let group = room.find_actor(&cars.id).await.unwrap();
        let items: Vec<String> = (0..40)
            .map(|number| format!("{}/gone/{number}", room.peer.base))
            .collect();
        list(&room, &cars, "outbox", ordered(&json!(items)));
        let before = room.peer.fetches();
        drop(backfill(&room.federation, &group).await);
        let asked = room.peer.fetches() - before;
        assert!((5..=10).contains(&asked), "{asked}");
    }
);

db_test!(s166_the_whole_job_ends_after_its_time, |store| {
    let (room, cars) = joined(store).await;
    let usual = &Settings::default().intake;
    assert_eq!(usual.backfill_time.to_string(), "1m");
    let group = room.find_actor(&cars.id).await.unwrap();
    let leo = room.peer.person("leo");
    // After what may be asked at once, the next turn comes in an hour: only the time ends the job.
    room.set(|settings| {
        settings.limits.backfill_host = "6/6h".parse().unwrap();
        settings.intake.backfill_time = "2s".parse().unwrap();
    });
    list(&room, &cars, "moderators", json!(404));
    let creates: Vec<Value> = (1..=12)
        .map(|number| {
            let note = room.peer.note(&leo, number, &cars.id, "One of many");
            let create = room.peer.create(&leo, &note);
            room.peer
                .serve(create["id"].as_str().unwrap(), create.clone());
            create["id"].clone()
        })
        .collect();
    list(&room, &cars, "outbox", ordered(&json!(creates)));
    let (begun, before) = (std::time::Instant::now(), room.peer.fetches());
    assert_eq!(backfill(&room.federation, &group).await.unwrap(), 0);
    let asked = room.peer.fetches() - before;
    assert!(begun.elapsed().as_secs() < 60 && asked <= 7, "{asked}");
    let last = format!("{}/statuses/1", leo.id);
    assert_eq!(room.find_post(&last).await, None, "what was not reached");
});

db_test!(
    s167_lost_public_answers_are_fetched_and_private_ones_are_not,
    |store| {
        let room = Room::new(store).await;
        let mia = room.peer.person("mia");
        let other = Peer::new();
        let (ann, eve) = (other.person("ann"), other.person("eve"));
        let mut note = room.peer.note(&mia, 1, &room.group(), "Which pot?");
        let id = note["id"].as_str().unwrap().to_owned();
        room.takes(&mia, &room.peer.create(&mia, &note)).await;
        let open = other.answer(&ann, 1, &id, "Iron");
        let mut secret = other.answer(&eve, 2, &id, "Between us");
        secret["to"] = json!([mia.id]);
        other.serve(secret["id"].as_str().unwrap(), secret.clone());
        let below = room
            .peer
            .answer(&mia, 3, open["id"].as_str().unwrap(), "Iron rusts");
        let mut listing = open.clone();
        listing["replies"] = json!({"type": "Collection", "first": {
            "type": "CollectionPage", "items": [below["id"]]}});
        other.serve(open["id"].as_str().unwrap(), listing);
        let page = format!("{id}/replies?page=2");
        let stranger = room
            .peer
            .note(&mia, 4, &room.group(), "A thread of its own");
        note["replies"] = json!({"id": format!("{id}/replies"), "type": "Collection", "first": {
            "type": "CollectionPage", "items": [open["id"]], "next": page}});
        room.peer.serve(&id, note);
        let items = json!([secret["id"], stranger["id"]]);
        room.peer
            .serve(&page, json!({"type": "CollectionPage", "items": items}));
        let post = room.find_post(&id).await.unwrap().id;
        let log = room.hall.log().await.len();
        assert_eq!(fetch_thread(&room.federation, post).await.unwrap(), 2);
        let comment = async |note: &Value| room.find_comment(note["id"].as_str().unwrap()).await;
        let (open, below) = (
            comment(&open).await.unwrap(),
            comment(&below).await.unwrap(),
        );
        assert_eq!((open.post, below.parent), (post, Some(open.id)));
        assert_eq!(comment(&secret).await, None);
        let stranger = room.find_post(stranger["id"].as_str().unwrap()).await;
        assert_eq!(stranger, None, "a list of answers starts no thread");
        assert_eq!(room.hall.log().await.len(), log);
        assert_eq!(fetch_thread(&room.federation, post).await.unwrap(), 0);
    }
);

db_test!(
    a_thread_elsewhere_is_fetched_by_its_context_if_that_is_its_groups,
    |store| {
        let (room, cars) = joined(store).await;
        let leo = room.peer.person("leo");
        let mut note = room.peer.note(&leo, 1, &cars.id, "New wipers");
        let id = note["id"].as_str().unwrap().to_owned();
        let create = room.peer.create(&leo, &note);
        room.takes(&cars, &room.peer.act(&cars, "Announce", 2, &create))
            .await;
        let first = room.peer.answer(&leo, 2, &id, "Rubber");
        let second = room
            .peer
            .answer(&leo, 3, first["id"].as_str().unwrap(), "Silicone");
        note["context"] = json!(format!("{id}/context"));
        room.peer.serve(&id, note);
        let context = json!({"type": "OrderedCollection", "attributedTo": cars.id,
            "orderedItems": [id, first["id"], second["id"]]});
        room.peer.serve(&format!("{id}/context"), context);
        let post = room.find_post(&id).await.unwrap().id;
        assert_eq!(fetch_thread(&room.federation, post).await.unwrap(), 2);
        let found = room.find_comment(second["id"].as_str().unwrap()).await;
        assert_eq!(found.unwrap().depth, 2);
    }
);
