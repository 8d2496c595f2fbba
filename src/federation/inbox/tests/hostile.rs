//! What must have no effect.

use serde_json::json;

use super::*;
use crate::domain::ids::Uri;
use crate::settings::Refusing;
use crate::store::testing::db_test;

fn status(reception: Reception) -> u16 {
    match reception {
        Reception::Accepted => 202,
        Reception::Rejected(no) => no.status,
    }
}

db_test!(broken_bodies_and_envelopes_are_refused, |store| {
    let room = Room::new(store).await;
    let mia = room.peer.person("mia");
    let deep = format!("{}1{}", "{\"a\":".repeat(20_000), "}".repeat(20_000));
    for body in [
        "",
        "{",
        "[]",
        "null",
        "{\"type\":\"Create\"}",
        "{\"id\":1,\"type\":2,\"actor\":3}",
        &deep,
    ] {
        assert_eq!(
            status(room.post_raw(&mia, body.as_bytes()).await),
            400,
            "{body:.20}"
        );
    }
    let mut like = room
        .peer
        .act(&mia, "Like", 1, &json!("http://hub.test/post/1"));
    like["id"] = json!("https://elsewhere.example/1");
    assert_eq!(status(room.post(&mia, &like).await), 400, "H87");
    like["actor"] = json!("http://hub.test/u/anna");
    assert_eq!(status(room.post(&mia, &like).await), 401, "H89");
    assert_eq!(room.peer.fetches(), 0);
});

db_test!(
    a_body_that_was_changed_or_signed_with_another_key_is_refused,
    |store| {
        let room = Room::new(store).await;
        let mut mia = room.peer.person("mia");
        let like = room
            .peer
            .act(&mia, "Like", 1, &json!("http://hub.test/post/1"));
        mia.key = peer::key(2);
        assert_eq!(status(room.post(&mia, &like).await), 401);
        assert_eq!(room.hall.read(inbox::count).await, 0);
    }
);

db_test!(s051_a_key_that_does_not_fit_is_fetched_once_more, |store| {
    let room = Room::new(store).await;
    let mut mia = room.peer.person("mia");
    let (post, uri) = room.local_post().await;
    room.takes(&mia, &room.peer.act(&mia, "Like", 1, &json!(uri)))
        .await;
    mia = FakeActor {
        key: peer::key(2),
        ..room.peer.actor("Person", &mia.id, "mia", 2)
    };
    room.takes(&mia, &room.peer.act(&mia, "Dislike", 2, &json!(uri)))
        .await;
    assert_eq!(room.votes(post).await, (0, 1));
    let fetches = room.peer.fetches();
    mia.key = peer::key(1);
    let third = room.peer.act(&mia, "Like", 3, &json!(uri));
    assert_eq!(status(room.post(&mia, &third).await), 401);
    assert_eq!(
        room.peer.fetches(),
        fetches,
        "no second refetch within five minutes"
    );
});

db_test!(
    s058_blocked_servers_are_dropped_or_refused_unheard,
    |store| {
        let room = Room::new(store).await;
        let mia = room.peer.person("mia");
        let like = room
            .peer
            .act(&mia, "Like", 1, &json!("http://hub.test/post/1"));
        let body = like.to_string();
        let unsigned = [
            ("host", "hub.test"),
            ("content-type", "application/activity+json"),
        ];
        let unsigned = unsigned.map(|(name, value)| {
            let name = http::HeaderName::from_static(name);
            (name, http::HeaderValue::from_static(value))
        });
        let unsigned = unsigned.into_iter().collect();
        let answer = room.deliver("/inbox", &unsigned, body.as_bytes()).await;
        assert_eq!(status(answer), 401);
        let host = room.peer.base.trim_start_matches("http://").to_owned();
        for (answer, expected) in [(Refusing::Ignore, 202), (Refusing::Refuse, 403)] {
            let mut settings = (*room.federation.settings()).clone();
            settings.federation.blocked_hosts = vec![host.parse().unwrap()];
            settings.federation.blocked_senders = answer;
            room.federation.operations.live.reload(settings).unwrap();
            assert_eq!(status(room.post(&mia, &like).await), expected, "H61");
        }
        assert_eq!(room.hall.read(inbox::count).await, 0);
        assert_eq!(room.peer.fetches(), 0);
    }
);

db_test!(nobody_changes_or_deletes_what_another_wrote, |store| {
    let room = Room::new(store).await;
    let (mia, evil) = (room.peer.person("mia"), Peer::new());
    let eve = evil.person("eve");
    let note = room.peer.note(&mia, 1, &room.group(), "Mine alone");
    let id = note["id"].as_str().unwrap().to_owned();
    room.takes(&mia, &room.peer.create(&mia, &note)).await;
    let mut stolen = note.clone();
    stolen["content"] = json!("<p>owned</p>");
    stolen["attributedTo"] = json!(eve.id);
    let update = evil.act(&eve, "Update", 1, &stolen);
    assert_eq!(room.send(&eve, &update).await.status, 202);
    let delete = evil.act(&eve, "Delete", 2, &json!(id));
    let taken = room.send(&eve, &delete).await;
    assert!(
        matches!(taken.outcomes.as_slice(), [Outcome::Refused(_)]),
        "{taken:?}"
    );
    let ann = room.peer.person("ann");
    let mut own_host = room.peer.act(&ann, "Update", 3, &stolen);
    own_host["object"]["attributedTo"] = json!(ann.id);
    room.send(&ann, &own_host).await;
    let post = room.find_post(&id).await.unwrap();
    assert_eq!((post.title.as_str(), post.deleted_at), ("Mine alone", None));
    assert!(!post.html.contains("owned"));
});

db_test!(
    a_forged_object_of_another_server_is_asked_of_its_origin,
    |store| {
        let room = Room::new(store).await;
        let (mia, evil) = (room.peer.person("mia"), Peer::new());
        let eve = evil.person("eve");
        let mut forged = room.peer.note(&mia, 9, &room.group(), "never said");
        room.peer.serve(forged["id"].as_str().unwrap(), json!(404));
        forged["published"] = json!("2026-06-01T10:00:00Z");
        let mut create = evil.create(&eve, &forged);
        create["id"] = json!(format!("{}/c/1", evil.base));
        room.takes(&eve, &create).await;
        assert_eq!(room.find_post(forged["id"].as_str().unwrap()).await, None);
    }
);

db_test!(
    s052_a_forwarded_activity_counts_only_as_its_origin_serves_it,
    |store| {
        let room = Room::new(store).await;
        let (mia, evil) = (room.peer.person("mia"), Peer::new());
        let eve = evil.person("eve");
        let note = room
            .peer
            .note(&mia, 1, &room.group(), "What mia really said");
        let mut forged = note.clone();
        forged["content"] = json!("<p>what eve says mia said</p>");
        let create = room.peer.create(&mia, &forged);
        let taken = room.send(&eve, &create).await;
        assert_eq!(
            taken,
            Taken {
                status: 202,
                outcomes: vec![Outcome::Done]
            }
        );
        let post = room.find_post(note["id"].as_str().unwrap()).await.unwrap();
        assert_eq!(post.title, "What mia really said");
        assert!(
            room.hall.log().await.is_empty(),
            "a body that nobody vouches for is not announced"
        );
        let other = room
            .peer
            .note(&mia, 2, &room.group(), "Named by its id alone");
        let mut named = room.peer.create(&mia, &other);
        named["object"] = other["id"].clone();
        room.send(&eve, &named).await;
        assert!(
            room.find_post(other["id"].as_str().unwrap())
                .await
                .is_some()
        );
        assert!(room.hall.log().await.is_empty(), "nor one that names it");
        let mut newer = room.peer.note(&mia, 1, &room.group(), "What mia says now");
        newer["updated"] = json!("2026-06-01T11:30:00Z");
        room.peer.serve(note["id"].as_str().unwrap(), newer.clone());
        newer["content"] = json!("<p>what eve says mia says now</p>");
        let mut update = room.peer.act(&mia, "Update", 4, &newer);
        // An LD signature is nobody's word here.
        update["signature"] = json!({"type": "RsaSignature2017", "creator": mia.key_id,
            "created": "2026-06-01T11:30:00Z", "signatureValue": "YQ=="});
        let taken = room.send(&eve, &update).await;
        assert_eq!((taken.status, taken.outcomes.len()), (202, 1));
        let post = room.find_post(note["id"].as_str().unwrap()).await.unwrap();
        assert_eq!(post.title, "What mia says now");
        let like = room.peer.act(&mia, "Like", 3, &note["id"]);
        assert_eq!(
            room.send(&eve, &like).await,
            Taken {
                status: 202,
                outcomes: vec![]
            }
        );
    }
);

db_test!(
    a_forwarded_copy_does_not_stand_in_the_way_of_the_real_one,
    |store| {
        let room = Room::new(store).await;
        let (mia, evil) = (room.peer.person("mia"), Peer::new());
        let eve = evil.person("eve");
        let note = room.peer.note(&mia, 1, &room.group(), "Said by mia");
        let id = note["id"].as_str().unwrap();
        room.peer.serve(id, json!(404));
        let create = room.peer.create(&mia, &note);
        room.send(&eve, &create).await;
        assert_eq!(room.find_post(id).await, None);
        room.takes(&mia, &create).await;
        assert!(room.find_post(id).await.is_some());
    }
);

db_test!(what_is_not_for_everybody_is_not_stored, |store| {
    let room = Room::new(store).await;
    let mia = room.peer.person("mia");
    let mut note = room.peer.note(&mia, 1, &room.group(), "between us");
    note["to"] = json!([room.group()]);
    note["cc"] = json!([]);
    room.takes(&mia, &room.peer.create(&mia, &note)).await;
    assert_eq!(room.find_post(note["id"].as_str().unwrap()).await, None);
});

db_test!(
    a_poll_vote_is_no_comment_and_unknown_kinds_do_nothing,
    |store| {
        let room = Room::new(store).await;
        let mia = room.peer.person("mia");
        let (_, uri) = room.local_post().await;
        let id = format!("{}#votes/1", mia.id);
        let vote = json!({"id": id, "type": "Note", "name": "Winter", "attributedTo": mia.id,
        "inReplyTo": uri, "to": ["http://hub.test/u/anna"]});
        let create = json!({"id": format!("{id}/activity"), "type": "Create", "actor": mia.id,
        "to": ["http://hub.test/u/anna"], "object": vote});
        room.takes(&mia, &create).await;
        assert_eq!(room.find_comment(&id).await, None);
        for kind in ["Arrive", "View", "EmojiReact", "QuoteRequest", "Move"] {
            room.takes(&mia, &room.peer.act(&mia, kind, 1, &json!(room.group())))
                .await;
        }
    }
);

db_test!(s057_deletions_of_unknown_actors_cost_no_fetch, |store| {
    let room = Room::new(store).await;
    let mia = room.peer.person("mia");
    let delete = room.peer.act(&mia, "Delete", 1, &json!(mia.id));
    assert_eq!(
        room.send(&mia, &delete).await,
        Taken {
            status: 202,
            outcomes: vec![]
        }
    );
    assert_eq!(room.peer.fetches(), 0);
});

db_test!(a_banned_person_is_not_heard, |store| {
    use crate::operations::moderation::Ban;
    let room = Room::new(store).await;
    let mia = room.peer.person("mia");
    room.takes(
        &mia,
        &room
            .peer
            .create(&mia, &room.peer.note(&mia, 1, &room.group(), "buy now")),
    )
    .await;
    let actor = room.find_actor(&mia.id).await.unwrap().id;
    let ban = Ban {
        group: Some(room.tea),
        actor,
        reason: "spam".into(),
        until: None,
        remove_content: true,
        relay: None,
    };
    room.hall.run(room.anna, ban).await.unwrap();
    let again = room.peer.note(&mia, 2, &room.group(), "buy it again");
    let taken = room.send(&mia, &room.peer.create(&mia, &again)).await;
    assert!(
        matches!(taken.outcomes.as_slice(), [Outcome::Refused(_)]),
        "{taken:?}"
    );
    assert_eq!(room.find_post(again["id"].as_str().unwrap()).await, None);
});

db_test!(
    s087_a_note_whose_id_lies_on_another_server_has_no_effect,
    |store| {
        let room = Room::new(store).await;
        let (mia, other) = (room.peer.person("mia"), Peer::new());
        let mut note = room.peer.note(&mia, 1, &room.group(), "Not from there");
        let foreign = format!("{}/notes/1", other.base);
        note["id"] = json!(foreign);
        let before = room.hall.log().await.len();
        let mut create = room.peer.create(&mia, &note);
        create["id"] = json!(format!("{}/activities/87", room.peer.base));
        let taken = room.send(&mia, &create).await;
        assert_eq!(taken.status, 202);
        assert_eq!(room.find_post(&foreign).await, None);
        assert_eq!(room.hall.log().await.len(), before, "nothing is announced");
    }
);

db_test!(
    r10_nobody_is_the_author_by_a_number_or_another_name,
    |store| {
        let room = Room::new(store).await;
        let mia = room.peer.person("mia");
        let strange = [
            json!(1),
            json!("1"),
            json!([1]),
            json!({"id": 1}),
            json!("http://hub.test/u/anna"),
            json!({"id": "http://hub.test/u/anna"}),
            json!(null),
        ];
        for (number, author) in (1..).zip(strange) {
            let mut note = room.peer.note(&mia, number, &room.group(), "Not mine");
            note["attributedTo"] = author.clone();
            let id = note["id"].as_str().unwrap().to_owned();
            room.peer.serve(&id, note.clone());
            let taken = room.send(&mia, &room.peer.create(&mia, &note)).await;
            assert_eq!(taken.status, 202, "R-10 {author}");
            let post = room.find_post(&id).await;
            assert_eq!(post, None, "R-10 {author}");
        }
    }
);

db_test!(r11_any_field_may_be_missing, |store| {
    let room = Room::new(store).await;
    let mia = room.peer.person("mia");
    let note = room.peer.note(&mia, 1, &room.group(), "All of it");
    let create = room.peer.create(&mia, &note);
    let outer: Vec<String> = create.as_object().unwrap().keys().cloned().collect();
    let inner: Vec<String> = note.as_object().unwrap().keys().cloned().collect();
    let paths = outer.iter().map(|key| ("", key));
    let paths = paths.chain(inner.iter().map(|key| ("/object", key)));
    for (number, (parent, key)) in paths.enumerate() {
        let mut activity = create.clone();
        activity["id"] = json!(format!("{}/r11/{number}", mia.id));
        let fields = activity.pointer_mut(parent).unwrap();
        fields.as_object_mut().unwrap().remove(key);
        let taken = room.send(&mia, &activity).await;
        assert!(
            matches!(taken.status, 202 | 400),
            "R-11 {parent}/{key}: {taken:?}"
        );
        let later = |outcome: &Outcome| matches!(outcome, Outcome::Later(_));
        assert!(
            !taken.outcomes.iter().any(later),
            "R-11 {parent}/{key}: {taken:?}"
        );
    }
});

db_test!(r51_quotes_and_backslashes_are_text, |store| {
    let room = Room::new(store).await;
    let mia = room.peer.person("mia");
    let odd = "O'Brien \"x\" \\ ; DROP TABLE actors; -- %s";
    let mut actor = room.peer.served(&mia.id);
    actor["name"] = json!(odd);
    actor["url"] = json!(format!("{}/@mia?a='\"&b=%00%27;--", room.peer.base));
    actor["outbox"] = json!(format!("{}/users/mia/out'box", room.peer.base));
    room.peer.serve(&mia.id, actor);
    let (_, uri) = room.local_post().await;
    room.takes(&mia, &room.peer.act(&mia, "Like", 1, &json!(uri)))
        .await;
    let known = room.find_actor(&mia.id).await.unwrap();
    assert_eq!(known.title, odd, "R-51");
    let uri = Uri::parse(&mia.id).unwrap();
    assert_eq!(known.uri, uri, "R-51");
});
