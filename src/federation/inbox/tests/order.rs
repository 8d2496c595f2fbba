//! What comes late, twice, in the wrong order or at one moment (security.md 3.3): the end is the
//! same.

use serde_json::json;

use super::remote::joined;
use super::*;
use crate::domain::membership::FollowState;
use crate::operations::moderation::Ban;
use crate::store::follows;
use crate::store::testing::db_test;

/// All orders of some things.
fn orders<T: Clone>(things: &[T]) -> Vec<Vec<T>> {
    if things.is_empty() {
        return vec![Vec::new()];
    }
    let with_first = |place: usize| {
        let mut rest = things.to_vec();
        let first = rest.remove(place);
        orders(&rest).into_iter().map(move |mut order| {
            order.insert(0, first.clone());
            order
        })
    };
    (0..things.len()).flat_map(with_first).collect()
}

/// What somebody sees of a thread: its title and votes, or nothing.
async fn seen(room: &Room, uri: &str) -> Option<(String, i64, i64)> {
    let post = room.find_post(uri).await.filter(|post| !post.hidden())?;
    Some((post.title, post.upvotes, post.downvotes))
}

/// Lets a life of one thread come in all orders, everything twice; all must end alike.
async fn all_orders_end_alike(store: Store, life: &[&str], end: Option<(&str, i64, i64)>) {
    let room = Room::new(store).await;
    let (mia, leo) = (room.peer.person("mia"), room.peer.person("leo"));
    let end = end.map(|(title, up, down)| (title.to_owned(), up, down));
    for (number, order) in (1..).zip(orders(life)) {
        let note = room.peer.note(&mia, number, &room.group(), "First words");
        let id = note["id"].as_str().unwrap();
        let like = room.peer.act(&leo, "Like", number, &note["id"]);
        let deed = |kind: &str| match kind {
            "Create" => (&mia, room.peer.create(&mia, &note)),
            "Update" => {
                let mut later = room.peer.note(&mia, number, &room.group(), "Better words");
                later["updated"] = json!("2026-06-01T11:30:00Z");
                (&mia, room.peer.act(&mia, "Update", number, &later))
            }
            "Delete" => (&mia, room.peer.act(&mia, "Delete", number, &note["id"])),
            "Like" => (&leo, like.clone()),
            _ => (&leo, room.peer.act(&leo, "Undo", number, &like)),
        };
        for kind in order.iter().chain(&order) {
            let (from, activity) = deed(kind);
            let taken = room.send(from, &activity).await;
            assert_eq!(taken.status, 202, "H126 {order:?}: {kind}");
        }
        assert_eq!(seen(&room, id).await, end, "H126 {order:?}");
        assert_eq!(room.hall.read(inbox::count).await, 0, "H126 {order:?}");
    }
}

db_test!(h126_a_life_ends_alike_in_all_120_orders, |store| {
    let life = ["Create", "Update", "Like", "Undo", "Delete"];
    all_orders_end_alike(store, &life, None).await;
});

db_test!(
    h126_a_life_without_end_ends_alike_in_all_24_orders,
    |store| {
        let life = ["Create", "Update", "Like", "Undo"];
        all_orders_end_alike(store, &life, Some(("Better words", 0, 0))).await;
    }
);

db_test!(h97_an_edit_older_than_what_is_stored_is_ignored, |store| {
    let room = Room::new(store).await;
    let mia = room.peer.person("mia");
    let note = room.peer.note(&mia, 1, &room.group(), "First words");
    room.takes(&mia, &room.peer.create(&mia, &note)).await;
    let rows = [
        (1, "2026-06-01T11:30:00Z", "Newer words", "Newer words"),
        (2, "2026-06-01T11:20:00Z", "Older words", "Newer words"),
        (
            3,
            "2026-06-01T10:00:00Z",
            "Before it was written",
            "Newer words",
        ),
        (
            4,
            "2999-01-01T00:00:00Z",
            "From the future",
            "From the future",
        ),
        (
            5,
            "2026-06-01T11:59:00Z",
            "Before the future",
            "From the future",
        ),
    ];
    for (number, updated, words, end) in rows {
        let mut edited = room.peer.note(&mia, 1, &room.group(), words);
        edited["updated"] = json!(updated);
        room.takes(&mia, &room.peer.act(&mia, "Update", number, &edited))
            .await;
        let post = room.find_post(note["id"].as_str().unwrap()).await.unwrap();
        assert_eq!(post.title, end, "H97 {words}");
        assert!(
            post.edited_at.unwrap() <= room.hall.operations.now(),
            "H97 {words}"
        );
    }
});

db_test!(
    h96_an_edit_changes_neither_author_group_nor_kind_of_place,
    |store| {
        let room = Room::new(store).await;
        let (mia, ann) = (room.peer.person("mia"), room.peer.person("ann"));
        room.hall.group("other", room.anna).await;
        let note = room.peer.note(&mia, 1, &room.group(), "First words");
        let id = note["id"].as_str().unwrap();
        room.takes(&mia, &room.peer.create(&mia, &note)).await;
        let before = room.find_post(id).await.unwrap();
        let (_, uri) = room.local_post().await;
        let rows = [
            ("group", "audience", json!("http://hub.test/c/other")),
            ("place", "inReplyTo", json!(uri)),
            ("second author", "attributedTo", json!([mia.id, ann.id])),
            ("kind", "type", json!("Event")),
        ];
        for (number, (row, field, value)) in (1..).zip(rows) {
            let mut edited = note.clone();
            edited[field] = value;
            edited["updated"] = json!(format!("2026-06-01T11:3{number}:00Z"));
            room.send(&mia, &room.peer.act(&mia, "Update", number, &edited))
                .await;
            let post = room.find_post(id).await.unwrap();
            assert_eq!(
                (post.author, post.group, post.id),
                (before.author, before.group, before.id),
                "H96 {row}"
            );
            assert_eq!(room.find_comment(id).await, None, "H96 {row}");
        }
    }
);

db_test!(h99_what_was_deleted_before_it_came_does_not_come, |store| {
    let room = Room::new(store).await;
    let mia = room.peer.person("mia");
    let note = room.peer.note(&mia, 1, &room.group(), "Taken back");
    let id = note["id"].as_str().unwrap();
    let tombstone = json!({"id": id, "type": "Tombstone"});
    room.takes(&mia, &room.peer.act(&mia, "Delete", 1, &tombstone))
        .await;
    room.hall.pass(6 * 24 * 3600);
    room.takes(&mia, &room.peer.create(&mia, &note)).await;
    room.takes(&mia, &room.peer.act(&mia, "Update", 2, &note))
        .await;
    assert_eq!(room.find_post(id).await, None);
    let kept = room.federation.settings().privacy.inbox_retention;
    assert!(kept.seconds() >= 7 * 24 * 3600, "H99: seven days at least");
});

db_test!(
    h100_h101_actors_end_by_their_own_word_and_unknown_ones_cost_nothing,
    |store| {
        let room = Room::new(store).await;
        let mia = room.peer.person("mia");
        let note = room.peer.note(&mia, 1, &room.group(), "Last words");
        room.takes(&mia, &room.peer.create(&mia, &note)).await;
        let leo = room.peer.person("leo");
        room.takes(&leo, &room.peer.act(&leo, "Like", 1, &note["id"]))
            .await;
        room.peer.serve(&leo.id, json!(410));
        room.takes(&leo, &room.peer.act(&leo, "Delete", 2, &json!(leo.id)))
            .await;
        assert!(room.find_actor(&leo.id).await.unwrap().deleted_at.is_some());
        let fetches = room.peer.fetches();
        for number in 0..1_000 {
            let id = format!("{}/users/nobody{number}", room.peer.base);
            let nobody = FakeActor {
                key_id: format!("{id}#main-key"),
                id: id.clone(),
                key: peer::key(0),
            };
            let delete = room.peer.act(&nobody, "Delete", 1, &json!(id));
            assert_eq!(
                room.post(&nobody, &delete).await,
                Reception::Accepted,
                "H101"
            );
        }
        assert_eq!(room.peer.fetches(), fetches, "H101");
        assert_eq!(room.hall.read(inbox::count).await, 0, "H101");
        assert!(room.find_actor(&mia.id).await.unwrap().deleted_at.is_none());
    }
);

db_test!(
    h102_a_vote_that_was_taken_back_before_it_came_is_void,
    |store| {
        let room = Room::new(store).await;
        let mia = room.peer.person("mia");
        let (post, uri) = room.local_post().await;
        let like = room.peer.act(&mia, "Like", 1, &json!(uri));
        room.takes(&mia, &room.peer.act(&mia, "Undo", 2, &like))
            .await;
        room.send(&mia, &like).await;
        assert_eq!(room.votes(post).await, (0, 0));
        let note = room.peer.note(&mia, 1, &room.group(), "Not here yet");
        let leo = room.peer.person("leo");
        let like = room.peer.act(&leo, "Like", 1, &note["id"]);
        room.takes(&leo, &room.peer.act(&leo, "Undo", 2, &like))
            .await;
        room.takes(&mia, &room.peer.create(&mia, &note)).await;
        room.send(&leo, &like).await;
        let stored = room.find_post(note["id"].as_str().unwrap()).await.unwrap();
        assert_eq!(room.votes(stored.id).await, (0, 0));
        room.takes(&leo, &room.peer.act(&leo, "Like", 3, &note["id"]))
            .await;
        assert_eq!(room.votes(stored.id).await, (1, 0), "a new vote counts");
    }
);

db_test!(h103_one_person_has_one_vote, |store| {
    let room = Room::new(store).await;
    let mia = room.peer.person("mia");
    let (post, uri) = room.local_post().await;
    let rows = [
        (1, "Like", (1, 0)),
        (2, "Like", (1, 0)),
        (3, "Dislike", (0, 1)),
        (4, "Dislike", (0, 1)),
        (5, "EmojiReact", (1, 0)),
        (6, "Like", (1, 0)),
    ];
    for (number, kind, votes) in rows {
        room.takes(&mia, &room.peer.act(&mia, kind, number, &json!(uri)))
            .await;
        assert_eq!(room.votes(post).await, votes, "H103 {number} {kind}");
    }
    let own = room.peer.note(&mia, 1, &room.group(), "My own words");
    room.takes(&mia, &room.peer.create(&mia, &own)).await;
    room.takes(&mia, &room.peer.act(&mia, "Like", 7, &own["id"]))
        .await;
    let own = room.find_post(own["id"].as_str().unwrap()).await.unwrap();
    assert_eq!(room.votes(own.id).await, (0, 0), "H103 own words");
});

db_test!(
    h105_h107_r24_who_is_not_heard_does_not_come_by_way_of_a_group,
    |store| {
        let (room, cars) = joined(store).await;
        let (blocked, bystander) = (Peer::new(), room.peer.person("bystander"));
        let bea = blocked.person("bea");
        let host = blocked.base.trim_start_matches("http://");
        let mut settings = (*room.federation.settings()).clone();
        settings.federation.blocked_hosts = vec![host.parse().unwrap()];
        room.federation.operations.live.reload(settings).unwrap();
        let note = blocked.note(&bea, 1, &cars.id, "From a blocked server");
        let create = blocked.create(&bea, &note);
        let as_own = json!({"id": format!("{}#own", cars.id), "type": "Create", "actor": cars.id,
        "to": [PUBLIC], "object": note});
        let banned = room.peer.person("banned");
        room.federation.resolver().actor(&banned.id).await.unwrap();
        let ban = Ban {
            group: None,
            actor: room.find_actor(&banned.id).await.unwrap().id,
            reason: "spam".into(),
            until: None,
            remove_content: false,
            relay: None,
        };
        room.hall.run(Caller::System, ban).await.unwrap();
        let spam = room.peer.note(&banned, 1, &cars.id, "From a banned person");
        let spam_create = room.peer.create(&banned, &spam);
        let rows = [
            ("H107 by id", note["id"].clone()),
            ("H107 object", note.clone()),
            ("H107 Create", create.clone()),
            ("H107 Create by id", create["id"].clone()),
            ("H107 Create of the group", as_own),
            ("R-24 by id", spam["id"].clone()),
            ("R-24 Create", spam_create),
        ];
        for (number, (row, object)) in (200..).zip(rows) {
            room.send(&cars, &room.peer.act(&cars, "Announce", number, &object))
                .await;
            let share = room.peer.act(&bystander, "Announce", number, &object);
            room.send(&bystander, &share).await;
            for thing in [&note, &spam] {
                let post = room.find_post(thing["id"].as_str().unwrap()).await;
                assert_eq!(post, None, "{row}");
            }
        }
        assert_eq!(blocked.fetches(), 0, "a blocked server is not even asked");
    }
);

db_test!(
    h109_h110_answers_to_follows_count_once_and_from_whom_they_must,
    |store| {
        let (room, cars) = joined(store).await;
        let (group, anna) = (
            room.find_actor(&cars.id).await.unwrap().id,
            room.anna.actor().unwrap(),
        );
        let follow =
            json!({"type": "Follow", "actor": "http://hub.test/u/anna", "object": cars.id});
        let state = || room.hall.read(move |db| follows::find(db, group, anna));
        for number in [300, 301] {
            room.takes(&cars, &room.peer.act(&cars, "Accept", number, &follow))
                .await;
            assert_eq!(state().await.unwrap().state, FollowState::Accepted, "H109");
        }
        let other = room.peer.group("other");
        room.send(&other, &room.peer.act(&other, "Reject", 302, &follow))
            .await;
        assert!(state().await.is_some(), "H109: a third actor");
        for number in [303, 304] {
            room.takes(&cars, &room.peer.act(&cars, "Reject", number, &follow))
                .await;
            let state = state().await.unwrap().state;
            assert_eq!(state, FollowState::Refused, "H109: rejected, twice");
        }
        room.send(&cars, &room.peer.act(&cars, "Accept", 305, &follow))
            .await;
        let state = state().await.unwrap().state;
        assert_eq!(state, FollowState::Accepted, "H109: it changed its mind");
    }
);

db_test!(h111_a_flood_of_follows_is_counted_exactly, |store| {
    let room = Room::new(store).await;
    let people: Vec<FakeActor> = (0..30)
        .map(|number| room.peer.person(&format!("fan{number}")))
        .collect();
    for (number, fan) in (1..).zip(&people) {
        for again in [number, number + 100] {
            room.takes(
                fan,
                &room.peer.act(fan, "Follow", again, &json!(room.group())),
            )
            .await;
        }
    }
    let count = || async {
        room.find_actor(&room.group())
            .await
            .unwrap()
            .followers_count
    };
    assert_eq!(count().await, 30);
    for (number, fan) in (1..).zip(&people).take(10) {
        let follow = room.peer.act(fan, "Follow", number, &json!(room.group()));
        for again in [200, 300] {
            room.takes(fan, &room.peer.act(fan, "Undo", number + again, &follow))
                .await;
        }
    }
    assert_eq!(count().await, 20);
});

db_test!(h118_h119_r42_long_and_circular_threads_end, |store| {
    let room = Room::new(store).await;
    let mia = room.peer.person("mia");
    let id = |number: u32| format!("{}/statuses/{number}", mia.id);
    for number in 1..=500 {
        room.peer.answer(&mia, number, &id(number + 1), "Up and up");
    }
    let fetches = room.peer.fetches();
    let mut deep = room.peer.note(&mia, 1, &room.group(), "At the bottom");
    deep["inReplyTo"] = json!(id(2));
    let taken = room.send(&mia, &room.peer.create(&mia, &deep)).await;
    assert_eq!(taken.outcomes.len(), 1, "H118: {taken:?}");
    assert!(
        !matches!(taken.outcomes[0], Outcome::Later(_)),
        "H118: {taken:?}"
    );
    let budget = usize::try_from(room.federation.settings().federation.fetches_per_job).unwrap();
    assert!(
        room.peer.fetches() <= fetches + budget + 1,
        "H118: {}",
        room.peer.fetches()
    );
    let cycles = [
        ("H119 two", vec![(601, 602), (602, 601)]),
        ("H119 itself", vec![(603, 603)]),
        ("H119 three", vec![(604, 605), (605, 606), (606, 604)]),
    ];
    for (row, links) in cycles {
        for (number, above) in &links {
            let mut note = room
                .peer
                .note(&mia, *number, &room.group(), "Round and round");
            note["inReplyTo"] = json!(id(*above));
            room.peer.serve(&id(*number), note);
        }
        let first = room.peer.served(&id(links[0].0));
        let taken = room.send(&mia, &room.peer.create(&mia, &first)).await;
        assert!(
            !matches!(taken.outcomes[..], [Outcome::Later(_)]),
            "{row}: {taken:?}"
        );
        assert_eq!(room.hall.read(inbox::count).await, 0, "{row}");
    }
});

db_test!(h121_blind_copies_are_not_passed_on, |store| {
    let room = Room::new(store).await;
    let mia = room.peer.person("mia");
    let mut note = room.peer.note(&mia, 1, &room.group(), "For everybody");
    note["bto"] = json!(["https://m.example/secret-friend"]);
    note["bcc"] = json!("https://m.example/secret-friend");
    let mut create = room.peer.create(&mia, &note);
    create["bcc"] = json!(["https://m.example/secret-friend"]);
    room.takes(&mia, &create).await;
    let relay = room.last_logged().await.entry.relay.unwrap();
    assert!(!relay.contains("secret-friend"), "{relay}");
    assert!(relay.contains("For everybody"), "{relay}");
});

db_test!(h123_one_post_comes_into_one_group, |store| {
    let room = Room::new(store).await;
    let mia = room.peer.person("mia");
    let mut groups = vec![room.group()];
    for number in 0..20 {
        let name = format!("group{number}");
        room.hall.group(&name, room.anna).await;
        groups.push(format!("http://hub.test/c/{name}"));
    }
    groups.extend((0..180).map(|number| format!("https://m.example/c/{number}")));
    let mut note = room.peer.note(&mia, 1, &room.group(), "For all of you");
    note["cc"] = json!(groups);
    let create = room.peer.create(&mia, &note);
    room.takes(&mia, &create).await;
    let post = room.find_post(note["id"].as_str().unwrap()).await.unwrap();
    assert_eq!(post.group, room.tea);
    assert_eq!(room.hall.log().await.len(), 1, "announced once");
});

db_test!(
    h125_an_actor_that_changes_is_read_anew_from_its_server,
    |store| {
        let room = Room::new(store).await;
        let mia = room.peer.person("mia");
        let note = room.peer.note(&mia, 1, &room.group(), "As I was");
        room.takes(&mia, &room.peer.create(&mia, &note)).await;
        let before = room.find_actor(&mia.id).await.unwrap();
        let good = room.peer.served(&mia.id);
        let rows = [
            ("name", "preferredUsername", json!("anna")),
            ("inbox", "inbox", json!("https://elsewhere.example/inbox")),
            ("kind", "type", json!("Group")),
            ("unknown kind", "type", json!("Feed")),
            ("id", "id", json!("http://hub.test/u/anna")),
        ];
        for (number, (row, field, value)) in (1..).zip(rows) {
            let mut document = good.clone();
            document[field] = value;
            room.peer.serve(&mia.id, document.clone());
            room.send(&mia, &room.peer.act(&mia, "Update", number, &document))
                .await;
            let actor = room.find_actor(&mia.id).await.unwrap();
            assert_eq!(
                (&actor.name, &actor.inbox, actor.id),
                (&before.name, &before.inbox, before.id),
                "H125 {row}"
            );
            assert_eq!(actor.kind, before.kind, "H125 {row}");
            let ours = room.find_actor("http://hub.test/u/anna").await.unwrap();
            assert!(ours.local, "H125 {row}");
        }
    }
);

db_test!(
    h127_two_nodes_that_get_one_activity_at_once_have_one_effect,
    |store| {
        let room = Room::new(store).await;
        let mia = room.peer.person("mia");
        let (post, uri) = room.local_post().await;
        let warm = room.peer.act(&mia, "Follow", 1, &json!(room.group()));
        room.takes(&mia, &warm).await;
        let before = room.hall.log().await.len();
        let like = room.peer.act(&mia, "Like", 2, &json!(uri));
        let taken = tokio::join!(room.post(&mia, &like), room.post(&mia, &like));
        assert_eq!(taken, (Reception::Accepted, Reception::Accepted));
        let now = room.hall.operations.now();
        let due = room.hall.read(move |db| inbox::list_all_due(db, now)).await;
        let [row] = due.as_slice() else {
            panic!("one row: {due:?}");
        };
        let ends = tokio::join!(
            process(&room.federation, row.clone()),
            process(&room.federation, row.clone())
        );
        assert_eq!(ends, (Outcome::Done, Outcome::Done));
        assert_eq!(room.votes(post).await, (1, 0));
        assert_eq!(room.hall.log().await.len(), before + 1);
    }
);
