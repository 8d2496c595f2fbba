//! People elsewhere follow a local group, post into it, answer, vote, edit and delete.

use serde_json::json;

use super::*;
use crate::store::testing::db_test;

db_test!(
    a_note_that_mentions_the_group_becomes_a_post_and_is_announced,
    |store| {
        let room = Room::new(store).await;
        let mia = room.peer.person("mia");
        let note = room
            .peer
            .note(&mia, 1, &room.group(), "Which pot do you use?");
        let create = room.peer.create(&mia, &note);
        room.takes(&mia, &create).await;
        let post = room.find_post(note["id"].as_str().unwrap()).await.unwrap();
        assert_eq!(
            (post.title.as_str(), post.group),
            ("Which pot do you use?", room.tea)
        );
        let logged = room.last_logged().await;
        assert_eq!(object_of(&logged), ObjectId::Post(post.id));
        assert_eq!(
            logged.entry.relay,
            Some(create.to_string()),
            "the raw activity is announced"
        );
        assert_eq!(logged.entry.group, Some(room.tea));
    }
);

db_test!(a_repeated_delivery_has_one_effect, |store| {
    let room = Room::new(store).await;
    let mia = room.peer.person("mia");
    let create = room.peer.create(
        &mia,
        &room.peer.note(&mia, 1, &room.group(), "Once, please"),
    );
    room.takes(&mia, &create).await;
    let fetches = room.peer.fetches();
    assert_eq!(
        room.send(&mia, &create).await,
        Taken {
            status: 202,
            outcomes: vec![]
        }
    );
    assert_eq!(room.hall.log().await.len(), 1);
    assert_eq!(room.peer.fetches(), fetches, "the key is known");
});

db_test!(answers_form_a_thread_without_naming_the_group, |store| {
    let room = Room::new(store).await;
    let (mia, leo) = (room.peer.person("mia"), room.peer.person("leo"));
    let (post, uri) = room.local_post().await;
    let first = room.peer.answer(&mia, 1, &uri, "Green, always");
    room.takes(&mia, &room.peer.create(&mia, &first)).await;
    let second = room
        .peer
        .answer(&leo, 2, first["id"].as_str().unwrap(), "Black");
    room.takes(&leo, &room.peer.create(&leo, &second)).await;
    let one = room
        .find_comment(first["id"].as_str().unwrap())
        .await
        .unwrap();
    let two = room
        .find_comment(second["id"].as_str().unwrap())
        .await
        .unwrap();
    assert_eq!((one.post, one.parent), (post, None));
    assert_eq!((two.post, two.parent), (post, Some(one.id)));
    assert!(room.last_logged().await.entry.relay.is_some());
});

db_test!(a_missing_ancestor_is_fetched, |store| {
    let room = Room::new(store).await;
    let (mia, leo) = (room.peer.person("mia"), room.peer.person("leo"));
    let (post, uri) = room.local_post().await;
    let lost = room.peer.answer(&mia, 1, &uri, "This never came");
    let mut answer = room.peer.note(&leo, 2, &room.group(), "To that");
    answer["inReplyTo"] = lost["id"].clone();
    room.takes(&leo, &room.peer.create(&leo, &answer)).await;
    let found = room
        .find_comment(lost["id"].as_str().unwrap())
        .await
        .unwrap();
    let below = room
        .find_comment(answer["id"].as_str().unwrap())
        .await
        .unwrap();
    assert_eq!((found.post, below.parent), (post, Some(found.id)));
});

db_test!(votes_count_once_and_are_taken_back, |store| {
    let room = Room::new(store).await;
    let mia = room.peer.person("mia");
    let (post, uri) = room.local_post().await;
    for number in [1, 2] {
        room.takes(&mia, &room.peer.act(&mia, "Like", number, &json!(uri)))
            .await;
        assert_eq!(room.votes(post).await, (1, 0), "the second changes nothing");
    }
    let dislike = room.peer.act(&mia, "Dislike", 3, &json!(uri));
    room.takes(&mia, &dislike).await;
    assert_eq!(room.votes(post).await, (0, 1));
    room.takes(&mia, &room.peer.act(&mia, "Undo", 4, &dislike))
        .await;
    assert_eq!(room.votes(post).await, (0, 0));
    let elsewhere = json!("http://hub.test/c/other");
    let mut like = room.peer.act(&mia, "Like", 5, &json!(uri));
    like["audience"] = elsewhere;
    room.takes(&mia, &like).await;
    assert_eq!(
        room.votes(post).await,
        (0, 0),
        "an audience that is another group"
    );
});

db_test!(
    an_edit_by_the_author_replaces_the_text_if_it_is_newer,
    |store| {
        let room = Room::new(store).await;
        let mia = room.peer.person("mia");
        let mut note = room.peer.note(&mia, 1, &room.group(), "Winter tea");
        let id = note["id"].as_str().unwrap().to_owned();
        room.takes(&mia, &room.peer.create(&mia, &note)).await;
        note["content"] = json!("<p>Summer tea</p>");
        note["updated"] = json!("2026-06-01T11:30:00Z");
        let update = room.peer.act(&mia, "Update", 1, &note);
        room.takes(&mia, &update).await;
        assert_eq!(room.find_post(&id).await.unwrap().title, "Summer tea");
        assert_eq!(
            room.last_logged().await.entry.relay,
            Some(update.to_string())
        );
        note["content"] = json!("<p>Ancient tea</p>");
        note["updated"] = json!("2026-06-01T11:10:00Z");
        room.takes(&mia, &room.peer.act(&mia, "Update", 2, &note))
            .await;
        assert_eq!(
            room.find_post(&id).await.unwrap().title,
            "Summer tea",
            "H97"
        );
    }
);

db_test!(
    a_deletion_by_the_author_travels_and_a_late_create_is_void,
    |store| {
        let room = Room::new(store).await;
        let mia = room.peer.person("mia");
        let note = room.peer.note(&mia, 1, &room.group(), "Going away");
        let id = note["id"].as_str().unwrap().to_owned();
        room.takes(&mia, &room.peer.create(&mia, &note)).await;
        let tombstone = json!({"id": id, "type": "Tombstone"});
        room.takes(&mia, &room.peer.act(&mia, "Delete", 1, &tombstone))
            .await;
        assert!(room.find_post(&id).await.unwrap().deleted_at.is_some());
        assert!(matches!(
            room.last_logged().await.entry.activity,
            Deed::Deleted { .. }
        ));
        let late = room
            .peer
            .note(&mia, 2, &room.group(), "Deleted before it came");
        room.takes(&mia, &room.peer.act(&mia, "Delete", 2, &late["id"]))
            .await;
        room.takes(&mia, &room.peer.create(&mia, &late)).await;
        assert_eq!(
            room.find_post(late["id"].as_str().unwrap()).await,
            None,
            "H99"
        );
    }
);
