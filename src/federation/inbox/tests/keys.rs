//! Where keys come from, whose they are, how often they are asked for; and proofs.

use std::sync::Arc;

use serde_json::json;

use super::*;
use crate::crypto::keypair::PrivateKey;
use crate::domain::clock::Ts;
use crate::federation::proof;
use crate::federation::verify::{self, Ours, Window};
use crate::operations::actor::FoundHub;
use crate::operations::membership::JoinGroup;
use crate::operations::trial;
use crate::store::testing::db_test;

fn status(reception: &Reception) -> u16 {
    match reception {
        Reception::Accepted => 202,
        Reception::Rejected(no) => no.status,
    }
}

fn like(room: &Room, by: &FakeActor, number: u32, object: &str) -> Value {
    room.peer.act(by, "Like", number, &json!(object))
}

/// The rows that wait.
async fn rows(room: &Room) -> i64 {
    room.hall.read(inbox::count).await
}

db_test!(
    s050_a_key_in_a_document_of_its_own_is_found_and_kept,
    |store| {
        let room = Room::new(store).await;
        let (_, post) = room.local_post().await;
        let mut mia = room.peer.person("mia");
        mia.key_id = format!("{}/main-key", mia.id);
        let pem = mia.key.public().unwrap().to_pem().unwrap();
        let key = json!({"id": mia.key_id, "owner": mia.id, "publicKeyPem": pem});
        room.peer.serve(
            &mia.key_id,
            json!({"id": mia.id, "type": "Person", "preferredUsername": "mia", "publicKey": key}),
        );
        let mut actor = room.peer.served(&mia.id);
        actor["publicKey"] = key;
        room.peer.serve(&mia.id, actor);
        room.takes(&mia, &like(&room, &mia, 1, &post)).await;
        assert_eq!(room.peer.fetches(), 2, "the stub, then its owner");
        room.takes(&mia, &room.peer.act(&mia, "Dislike", 2, &json!(post)))
            .await;
        assert_eq!(room.peer.fetches(), 2, "the key is kept by its id");
    }
);

db_test!(s035_a_key_in_pkcs1_signs_as_any_other, |store| {
    let room = Room::new(store).await;
    let (post, uri) = room.local_post().await;
    let mia = room.peer.person("mia");
    // What lies around the key of 2048 bits in SPKI is 24 bytes long.
    let der = mia.key.public().unwrap().to_der().unwrap();
    let pem = format!(
        "-----BEGIN RSA PUBLIC KEY-----\n{}\n-----END RSA PUBLIC KEY-----\n",
        digest::base64(&der[24..])
    );
    room.peer.amend(&mia.id, |document| {
        document["publicKey"]["publicKeyPem"] = json!(pem);
    });
    room.takes(&mia, &like(&room, &mia, 1, &uri)).await;
    assert_eq!(room.votes(post).await, (1, 0));
});

db_test!(r14_bad_signatures_cause_one_fetch, |store| {
    let room = Room::new(store).await;
    let (_, post) = room.local_post().await;
    let mut mia = room.peer.person("mia");
    room.takes(&mia, &like(&room, &mia, 1, &post)).await;
    let fetches = room.peer.fetches();
    mia.key = peer::key(2);
    for number in 2..102 {
        let answer = room.post(&mia, &like(&room, &mia, number, &post)).await;
        assert_eq!(status(&answer), 401);
    }
    assert_eq!(room.peer.fetches(), fetches + 1);
    assert_eq!(rows(&room).await, 0);
});

db_test!(
    h50_keys_that_nobody_has_cost_their_host_one_fetch,
    |store| {
        let room = Room::new(store).await;
        let victim = Peer::new();
        for number in 0..100 {
            let id = format!("{}/users/nobody{number}", victim.base);
            let nobody = FakeActor {
                key_id: format!("{id}#main-key"),
                key: peer::key(0),
                id,
            };
            for _ in 0..2 {
                let activity = like(&room, &nobody, 1, "http://hub.test/post/1");
                let answer = status(&room.post(&nobody, &activity).await);
                let expected = if number == 0 { 401 } else { 429 };
                assert_eq!(answer, expected, "H50: {number}");
            }
        }
        assert_eq!(victim.fetches(), 1, "H50, R-38, R-39");
        assert_eq!(rows(&room).await, 0);
    }
);

db_test!(
    h50_who_names_keys_that_are_not_there_keeps_nobody_elses_away,
    |store| {
        let room = Room::new(store).await;
        let (_, post) = room.local_post().await;
        let victim = Peer::new();
        let id = format!("{}/users/nobody", victim.base);
        let nobody = FakeActor {
            key_id: format!("{id}#main-key"),
            key: peer::key(0),
            id,
        };
        let (mia, ole) = (victim.person("mia"), victim.person("ole"));
        let forged = like(&room, &nobody, 1, &post).to_string();
        let honest = victim.act(&mia, "Like", 1, &json!(post)).to_string();
        for (network, by, body, expected) in [
            ("198.51.100.1", &nobody, &forged, 401),
            ("198.51.100.1", &mia, &honest, 429),
            ("192.0.2.1", &mia, &honest, 202),
        ] {
            let answer = room.post_from(network, by, body.as_bytes()).await;
            assert_eq!(status(&answer), expected, "H50 {network}");
        }
        let known = victim.act(&mia, "Like", 2, &json!(post)).to_string();
        let answer = room.post_from("198.51.100.1", &mia, known.as_bytes()).await;
        assert_eq!(status(&answer), 202, "H50: a key that is known");
        let later = victim.act(&ole, "Like", 3, &json!(post)).to_string();
        let answer = room.post_from("192.0.2.1", &ole, later.as_bytes()).await;
        assert_eq!(status(&answer), 202, "H50: another of the same server");
    }
);

db_test!(
    h50_an_actor_that_cannot_be_read_keeps_its_neighbours_not_away,
    |store| {
        let room = Room::new(store).await;
        let (_, post) = room.local_post().await;
        let (odd, mia) = (room.peer.person("odd"), room.peer.person("mia"));
        room.peer.amend(&odd.id, |actor| {
            drop(actor["publicKey"].take());
        });
        let answer = room.post(&odd, &like(&room, &odd, 1, &post)).await;
        assert_eq!(status(&answer), 401);
        let answer = room.post(&mia, &like(&room, &mia, 2, &post)).await;
        assert_eq!(status(&answer), 202);
    }
);

db_test!(s054_a_refused_form_does_not_use_up_the_id, |store| {
    let room = Room::new(store).await;
    let (post, uri) = room.local_post().await;
    let mia = room.peer.person("mia");
    let activity = like(&room, &mia, 1, &uri).to_string();
    let (first, second) = (room.rfc9421(&mia, &peer::key(2), &activity), &mia);
    let refused = room.deliver("/inbox", &first, activity.as_bytes()).await;
    assert_eq!(status(&refused), 401);
    for _ in 0..2 {
        let taken = room.post_raw(second, activity.as_bytes()).await;
        assert_eq!(taken, Reception::Accepted);
    }
    assert_eq!(rows(&room).await, 1);
    room.work().await;
    assert_eq!(room.votes(post).await, (1, 0));
});

db_test!(h55_a_nonce_is_good_for_one_activity, |store| {
    let room = Room::new(store).await;
    let (_, uri) = room.local_post().await;
    let mia = room.peer.person("mia");
    for (number, expected) in [(1, 1), (1, 1), (2, 1)] {
        let activity = like(&room, &mia, number, &uri).to_string();
        let headers = room.rfc9421(&mia, &mia.key, &activity);
        let answer = room.deliver("/inbox", &headers, activity.as_bytes()).await;
        assert_eq!(answer, Reception::Accepted, "H55");
        assert_eq!(rows(&room).await, expected, "H55: {number}");
    }
});

/// A room whose anna joined the group cars, which announces a post of mia's with this in it.
async fn announced(store: Store, change: impl FnOnce(&mut Value)) -> (Room, Peer, usize, String) {
    let room = Room::new(store).await;
    let (cars, elsewhere) = (room.peer.group("cars"), Peer::new());
    let group = room.federation.resolver().actor(&cars.id).await.unwrap();
    let join = JoinGroup { group: group.id };
    room.hall.run(room.anna, join).await.unwrap();
    let mia = elsewhere.person("mia");
    let proving = PrivateKey::generate_ed25519().unwrap();
    let method = format!("{}#ed25519-key", mia.id);
    let mut actor = elsewhere.served(&mia.id);
    actor["assertionMethod"] = json!([{"id": method, "type": "Multikey", "controller": mia.id,
        "publicKeyMultibase": proving.public().unwrap().to_multikey().unwrap()}]);
    elsewhere.serve(&mia.id, actor);
    room.federation.resolver().actor(&mia.id).await.unwrap();
    let note = elsewhere.note(&mia, 1, &cars.id, "What mia said");
    let id = note["id"].as_str().unwrap().to_owned();
    let mut create = elsewhere.create(&mia, &note);
    create["@context"] = json!(["https://www.w3.org/ns/activitystreams"]);
    let mut proven = proof::attach(create, &method, &proving, Ts(0)).unwrap();
    change(&mut proven);
    let fetches = elsewhere.fetches();
    let announce = room.peer.act(&cars, "Announce", 1, &proven);
    room.takes(&cars, &announce).await;
    (room, elsewhere, fetches, id)
}

db_test!(s055_what_is_proven_is_believed_without_a_fetch, |store| {
    let (room, elsewhere, fetches, id) = announced(store, |_| ()).await;
    assert_eq!(room.find_post(&id).await.unwrap().title, "What mia said");
    assert_eq!(elsewhere.fetches(), fetches, "nothing was asked");
});

db_test!(s055_what_was_changed_is_asked_of_its_origin, |store| {
    let forge = |create: &mut Value| create["object"]["content"] = json!("<p>What eve said</p>");
    let (room, elsewhere, fetches, id) = announced(store, forge).await;
    assert_eq!(room.find_post(&id).await.unwrap().title, "What mia said");
    assert!(elsewhere.fetches() > fetches);
});

db_test!(
    s055_what_is_passed_on_with_a_proof_is_its_actors_word,
    |store| {
        let room = Room::new(store).await;
        let (_, uri) = room.local_post().await;
        let (mia, elsewhere) = (room.peer.person("mia"), Peer::new());
        let eve = elsewhere.person("eve");
        let proving = PrivateKey::generate_ed25519().unwrap();
        let method = format!("{}#ed25519-key", mia.id);
        let mut actor = room.peer.served(&mia.id);
        actor["assertionMethod"] = json!({"id": method, "type": "Multikey", "controller": mia.id,
        "publicKeyMultibase": proving.public().unwrap().to_multikey().unwrap()});
        room.peer.serve(&mia.id, actor);
        let mut vote = like(&room, &mia, 1, &uri);
        vote["@context"] = json!(["https://www.w3.org/ns/activitystreams"]);
        let now = room.hall.operations.now();
        let yesterday = now.plus_seconds(-86_400);
        let old = proof::attach(vote.clone(), &method, &proving, yesterday).unwrap();
        let vote = proof::attach(vote, &method, &proving, now).unwrap();
        let mut forged = vote.clone();
        forged["type"] = json!("Dislike");
        let dropped = Taken {
            status: 202,
            outcomes: vec![],
        };
        assert_eq!(room.send(&eve, &forged).await, dropped);
        let taken = room.send(&eve, &old).await;
        assert_eq!(taken, dropped, "a proof of yesterday");
        room.takes(&eve, &vote).await;
    }
);

db_test!(
    s060_a_burst_is_stored_row_by_row_and_nothing_else_happens,
    |store| {
        let room = Room::new(store).await;
        let (post, uri) = room.local_post().await;
        let people: Vec<_> = ["ann", "ben", "cem"]
            .map(|name| room.peer.person(name))
            .into();
        for person in &people {
            room.post(person, &like(&room, person, 0, &uri)).await;
        }
        let (fetches, before) = (room.peer.fetches(), rows(&room).await);
        let room = Arc::new(room);
        let mut burst = tokio::task::JoinSet::new();
        for number in 1..101 {
            for person in people.clone() {
                let (room, activity) = (Arc::clone(&room), like(&room, &person, number, &uri));
                burst.spawn(async move { room.post(&person, &activity).await });
            }
        }
        let answers = burst.join_all().await;
        assert!(answers.iter().all(|answer| *answer == Reception::Accepted));
        assert_eq!(rows(&room).await, before + 300, "one row for each");
        assert_eq!(room.peer.fetches(), fetches, "no fetch");
        assert_eq!(room.votes(post).await, (0, 0), "no effect yet");
        assert!(
            room.hall.log().await.len() <= 1,
            "nobody is told of anything but the post"
        );
    }
);

db_test!(
    s061_an_activity_that_comes_to_two_inboxes_at_once_counts_once,
    |store| {
        let room = Room::new(store).await;
        let (post, uri) = room.local_post().await;
        let mia = room.peer.person("mia");
        let activity = like(&room, &mia, 1, &uri).to_string();
        let to = |path: &str| {
            let inbox = url::Url::parse(&format!("http://hub.test{path}")).unwrap();
            let (now, digest) = (room.hall.operations.now(), Digest::of(activity.as_bytes()));
            let headers = sign::post(&mia.key, &mia.key_id, &inbox, &digest, now).unwrap();
            headers.into_iter().collect::<HeaderMap>()
        };
        let (shared, own) = (to("/inbox"), to("/c/tea/inbox"));
        let body = activity.as_bytes();
        let (one, other) = tokio::join!(
            room.deliver("/inbox", &shared, body),
            room.deliver("/c/tea/inbox", &own, body)
        );
        assert_eq!((one, other), (Reception::Accepted, Reception::Accepted));
        assert_eq!(room.work().await, [Outcome::Done]);
        let again = room.deliver("/inbox", &shared, body).await;
        assert_eq!(again, Reception::Accepted);
        assert_eq!(room.work().await, []);
        assert_eq!(room.votes(post).await, (1, 0));
    }
);

/// How a document is changed before it is served.
type Change = fn(&Peer, &FakeActor, &mut Value);

/// What the hub answers when the key of mia's is published like this.
async fn judged(room: &Room, change: impl FnOnce(&Peer, &FakeActor, &mut Value)) -> u16 {
    let peer = Peer::new();
    let mia = peer.person("mia");
    let mut actor = peer.served(&mia.id);
    change(&peer, &mia, &mut actor);
    peer.serve(&mia.id, actor);
    status(
        &room
            .post(&mia, &like(room, &mia, 1, "http://hub.test/post/1"))
            .await,
    )
}

const SMALL: &str = "-----BEGIN PUBLIC KEY-----\nMFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBALq/gM+ZfXZkUU1upv7TAdABGHzZdpl8\nvCVI7jXkxqbHnMPWD2dwmLdvCWL3U/FzA/HCk62itiZa99nnDGcjNjcCAwEAAQ==\n-----END PUBLIC KEY-----\n";

db_test!(h57_h58_keys_are_taken_in_every_honest_form, |store| {
    let rows: [(&str, Change, u16); 7] = [
        ("as it is", |_, _, _| (), 202),
        (
            "H57 512 bits",
            |_, _, actor| actor["publicKey"]["publicKeyPem"] = json!(SMALL),
            401,
        ),
        (
            "H58 CRLF",
            |_, _, actor| edit(actor, |pem| pem.replace('\n', "\r\n")),
            202,
        ),
        (
            "H58 no final newline",
            |_, _, actor| edit(actor, |pem| pem.trim().to_owned()),
            202,
        ),
        (
            "H58 two PEMs",
            |_, _, actor| edit(actor, |pem| pem.repeat(2)),
            401,
        ),
        (
            "H58 private key",
            |_, _, actor| edit(actor, |pem| pem.replace("PUBLIC KEY", "PRIVATE KEY")),
            401,
        ),
        (
            "H58 certificate",
            |_, _, actor| edit(actor, |pem| pem.replace("PUBLIC KEY", "CERTIFICATE")),
            401,
        ),
    ];
    let room = Room::new(store).await;
    for (row, change, expected) in rows {
        assert_eq!(judged(&room, change).await, expected, "{row}");
    }
});

db_test!(h59_h60_keys_belong_to_who_names_them, |store| {
    let rows: [(&str, Change, u16); 9] = [
        (
            "H59 two keys",
            |_, mia, actor| {
                let mut other = actor["publicKey"].clone();
                other["id"] = json!(format!("{}#other", mia.id));
                other["publicKeyPem"] = json!(peer::key(2).public().unwrap().to_pem().unwrap());
                actor["publicKey"] = json!([other, actor["publicKey"]]);
            },
            202,
        ),
        (
            "H59 missing",
            |_, _, actor| drop(actor.as_object_mut().unwrap().remove("publicKey")),
            401,
        ),
        (
            "H59 null",
            |_, _, actor| actor["publicKey"] = json!(null),
            401,
        ),
        (
            "H59 1,000 keys",
            |_, _, actor| {
                let mut other = actor["publicKey"].clone();
                other["id"] = json!("https://other.example/k");
                let mut keys = vec![other; 999];
                keys.push(actor["publicKey"].clone());
                actor["publicKey"] = json!(keys);
            },
            401,
        ),
        (
            "H60 owner is another actor",
            |peer, _, actor| {
                let ann = peer.person("ann");
                actor["publicKey"]["owner"] = json!(ann.id);
            },
            401,
        ),
        (
            "H60, R-13 the owner lives elsewhere",
            |_, _, actor| actor["publicKey"]["owner"] = json!("http://127.0.0.1:9/users/mia"),
            401,
        ),
        (
            "H60, s036 another id",
            |_, mia, actor| actor["publicKey"]["id"] = json!(format!("{}#other", mia.id)),
            401,
        ),
        (
            "R-01 the document bears an id of elsewhere",
            |_, _, actor| actor["id"] = json!("http://127.0.0.1:9/users/mia"),
            401,
        ),
        (
            "R-02 no actor at all",
            |_, _, actor| *actor = json!({"type": "Note"}),
            401,
        ),
    ];
    let room = Room::new(store).await;
    for (row, change, expected) in rows {
        assert_eq!(judged(&room, change).await, expected, "{row}");
    }
});

/// Changes the PEM of an actor's document.
fn edit(actor: &mut Value, change: impl FnOnce(&str) -> String) {
    let pem = actor["publicKey"]["publicKeyPem"].as_str().unwrap();
    actor["publicKey"]["publicKeyPem"] = json!(change(pem));
}

db_test!(h59_a_key_that_is_named_by_its_address_is_fetched, |store| {
    let room = Room::new(store).await;
    let mut mia = room.peer.person("mia");
    let mut key = room.peer.served(&mia.id)["publicKey"].clone();
    mia.key_id = format!("{}/key", mia.id);
    key["id"] = json!(mia.key_id);
    room.peer.serve(&mia.key_id, key);
    let mut actor = room.peer.served(&mia.id);
    actor["publicKey"] = json!(mia.key_id);
    room.peer.serve(&mia.id, actor);
    let answer = room
        .post(&mia, &like(&room, &mia, 1, "http://hub.test/post/1"))
        .await;
    assert_eq!(status(&answer), 202, "H59");
});

db_test!(h56_an_actor_may_sign_with_ed25519, |store| {
    let room = Room::new(store).await;
    let mut mia = room.peer.person("mia");
    mia.key = PrivateKey::generate_ed25519().unwrap();
    let mut actor = room.peer.served(&mia.id);
    let pem = mia.key.public().unwrap().to_pem().unwrap();
    actor["publicKey"]["publicKeyPem"] = json!(pem);
    room.peer.serve(&mia.id, actor);
    let activity = like(&room, &mia, 1, "http://hub.test/post/1").to_string();
    let named = room.rfc9421(&mia, &mia.key, &activity);
    let refused = room.deliver("/inbox", &named, activity.as_bytes()).await;
    assert_eq!(status(&refused), 401, "H56: it says RSA");
    let input = named["signature-input"].to_str().unwrap();
    let honest = input.replace("rsa-v1_5-sha256", "ed25519");
    let headers = room.resigned(&named, &honest, &mia.key, &activity);
    let taken = room.deliver("/inbox", &headers, activity.as_bytes()).await;
    assert_eq!(status(&taken), 202, "H56");
});

/// A room whose hub has an actor, with its key.
async fn founded(store: Store) -> (Room, PrivateKey) {
    let room = Room::new(store).await;
    let keys = trial::keys();
    let key = PrivateKey::from_pkcs8(&keys.private_der).unwrap();
    room.hall
        .run(Caller::System, FoundHub { keys })
        .await
        .unwrap();
    (room, key)
}

db_test!(s043_fetches_are_signed_by_the_hub_itself, |store| {
    let (room, key) = founded(store).await;
    let mia = room.peer.person("mia");
    let note = room.peer.note(&mia, 1, &room.group(), "hello");
    let mut create = room.peer.create(&mia, &note);
    create["object"] = note["id"].clone();
    room.takes(&mia, &create).await;
    let hosts = [room.peer.base.trim_start_matches("http://").to_owned()];
    let ours = Ours {
        hosts: &hosts,
        development: true,
        window: Window::default(),
    };
    let requests = room.peer.requests();
    assert!(requests.len() >= 2, "the actor and the note");
    for fetch in requests {
        let (target, headers) = (fetch.target.as_str(), &fetch.headers);
        let now = room.hall.operations.now();
        let presented = verify::parse(&Method::GET, target, headers, &ours, now).unwrap();
        assert_eq!(presented.key_id_text, "http://hub.test/#main-key");
        assert_eq!(presented.verify(&key.public().unwrap()), Ok(()), "{target}");
        assert!(!headers.contains_key("digest"));
    }
});

db_test!(s044_a_host_that_signs_paths_only_is_remembered, |store| {
    let (room, key) = founded(store).await;
    for page in 1..4 {
        let id = format!("{}/outbox?page={page}", room.peer.base);
        room.peer
            .serve(&id, json!({"id": id, "type": "OrderedCollectionPage"}));
    }
    room.peer.demand_path_only(key.public().unwrap());
    for (page, requests) in [(1, 2), (2, 3), (3, 4)] {
        let url = format!("{}/outbox?page={page}", room.peer.base);
        assert!(room.federation.fetch_at(&url).await.is_ok(), "{page}");
        assert_eq!(room.peer.fetches(), requests, "{page}");
    }
});
