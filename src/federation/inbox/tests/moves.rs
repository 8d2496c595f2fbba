//! Moves of accounts, from elsewhere and to here; threads that go to another group.

use serde_json::{Value, json};

use super::*;
use crate::domain::membership::FollowState;
use crate::federation::document;
use crate::federation::outgoing::Reader;
use crate::federation::quirks::PeerClass;
use crate::operations::membership::JoinGroup;
use crate::operations::moving::{MoveThread, SetAliases};
use crate::operations::trial;
use crate::store::follows;
use crate::store::testing::db_test;

fn movement(from: &FakeActor, to: &str, number: u32) -> Value {
    json!({"id": format!("{}#moves/{number}", from.id), "type": "Move", "actor": from.id,
        "object": from.id, "target": to, "to": [format!("{}/followers", from.id)]})
}

async fn member(room: &Room, actor: &str) -> Option<FollowState> {
    let (tea, id) = (room.tea, room.find_actor(actor).await?.id);
    let find = move |db: &mut crate::store::Db| follows::find(db, tea, id);
    room.hall.read(find).await.map(|follow| follow.state)
}

/// Somebody of the peer in the group tea.
async fn joined(room: &Room, name: &str) -> FakeActor {
    let person = room.peer.person(name);
    let follow = room.peer.act(&person, "Follow", 1, &json!(room.group()));
    room.takes(&person, &follow).await;
    person
}

db_test!(s158_an_account_moves_to_one_that_names_it, |store| {
    let room = Room::new(store).await;
    let old = joined(&room, "mia").await;
    let other = Peer::new();
    let (new, third) = (other.person("mia"), other.person("third"));
    room.takes(&old, &movement(&old, &new.id, 1)).await;
    let before = Some(FollowState::Accepted);
    assert_eq!(member(&room, &old.id).await, before, "H116: no back-link");
    other.amend(&new.id, |document| {
        document["alsoKnownAs"] = json!([old.id]);
    });
    other.amend(&third.id, |document| {
        document["alsoKnownAs"] = json!([old.id, new.id]);
    });
    room.takes(&old, &movement(&old, &new.id, 2)).await;
    assert_eq!(member(&room, &old.id).await, None);
    assert_eq!(member(&room, &new.id).await, Some(FollowState::Accepted));
    room.takes(&old, &movement(&old, &third.id, 3)).await;
    assert_eq!(member(&room, &third.id).await, None, "twice in seven days");
    other.amend(&new.id, |document| {
        document["alsoKnownAs"] = json!([third.id]);
        document["movedTo"] = json!(third.id);
    });
    room.hall.pass(8 * 24 * 3600);
    room.takes(&third, &movement(&third, &new.id, 4)).await;
    assert_eq!(member(&room, &third.id).await, None, "H116: a chain");
});

db_test!(s158_nobody_moves_somebody_else, |store| {
    let room = Room::new(store).await;
    let (mia, otto) = (joined(&room, "mia").await, room.peer.person("otto"));
    room.peer.amend(&otto.id, |document| {
        document["alsoKnownAs"] = json!([mia.id]);
    });
    let mut forged = movement(&otto, &otto.id, 1);
    forged["object"] = json!(mia.id);
    room.takes(&otto, &forged).await;
    assert_eq!(member(&room, &otto.id).await, None);
    assert_eq!(member(&room, &mia.id).await, Some(FollowState::Accepted));
});

db_test!(h116_a_move_to_here_needs_the_members_word, |store| {
    let room = Room::new(store).await;
    let mia = joined(&room, "mia").await;
    let home = "http://hub.test/u/anna";
    room.takes(&mia, &movement(&mia, home, 1)).await;
    assert_eq!(member(&room, home).await, None, "H116: not confirmed");
    let uris = vec![mia.id.clone()];
    let here = SetAliases { group: None, uris };
    room.hall.run(room.anna, here).await.unwrap();
    room.takes(&mia, &movement(&mia, home, 2)).await;
    assert_eq!(member(&room, home).await, Some(FollowState::Accepted));
    assert_eq!(member(&room, &mia.id).await, None);
});

db_test!(s159_a_moved_thread_is_told_to_piefed_and_nodebb, |store| {
    let room = Room::new(store).await;
    let (post, uri) = room.local_post().await;
    let pots = room.hall.group("pots", room.anna).await;
    let thread = MoveThread { post, group: pots };
    room.hall.run(room.anna, thread).await.unwrap();
    let log = room.hall.log().await;
    let [.., moved, created] = log.as_slice() else {
        panic!("{log:?}")
    };
    assert_eq!(
        (moved.entry.group, created.entry.group),
        (Some(room.tea), Some(pots))
    );
    let forum = Reader::Follower(PeerClass::Threadiverse);
    let (names, live) = (
        room.hall.operations.names.clone(),
        room.hall.operations.live.clone(),
    );
    let (moved, created) = (moved.clone(), created.clone());
    let (moved, created) = room
        .hall
        .read(move |db| {
            let settings = live.get();
            let moved = documents(db, &names, &settings, &moved, forum)?;
            Ok((moved, documents(db, &names, &settings, &created, forum)?))
        })
        .await;
    let parse = |body: &[u8]| -> Value { serde_json::from_slice(body).unwrap() };
    let moved: Vec<Value> = moved.iter().map(|sending| parse(&sending.body)).collect();
    let [announce, conversation] = moved.as_slice() else {
        panic!("{moved:?}")
    };
    let (tea, pots) = (room.group(), "http://hub.test/c/pots");
    for (name, told, object) in [
        ("PieFed", &announce["object"], json!(uri)),
        (
            "NodeBB",
            conversation,
            json!({"id": format!("{uri}/context"), "type": "OrderedCollection"}),
        ),
    ] {
        assert_eq!(told["type"], "Move", "{name}");
        assert_eq!(told["object"], object, "{name}");
        assert_eq!(
            (&told["origin"], &told["target"]),
            (&json!(tea), &json!(pots)),
            "{name}"
        );
    }
    assert_eq!(announce["actor"], tea);
    let created = parse(&created[0].body);
    assert_eq!(
        (&created["actor"], &created["object"]["object"]["id"]),
        (&json!(pots), &json!(uri)),
        "the post appears in its new group, under its old id"
    );
});

/// A group of anna's with everything that a document of it says.
async fn pots(room: &Room) -> (ActorId, String) {
    let group = trial::group(&room.hall.operations, "pots", room.anna.actor()).await;
    (group, "http://hub.test/c/pots".to_owned())
}

db_test!(s158_a_group_that_moves_says_so_itself, |store| {
    let room = Room::new(store).await;
    let (pots, uri) = pots(&room).await;
    let new = room.peer.group("pots");
    let to = room.federation.resolver().actor(&new.id).await.unwrap();
    let refused = room
        .federation
        .move_away(room.anna, Some(pots), &new.id, "")
        .await;
    assert_eq!(refused.unwrap_err().code, "move.unnamed");
    room.peer.amend(&new.id, |document| {
        document["alsoKnownAs"] = json!([uri]);
    });
    room.federation
        .move_away(room.anna, Some(pots), &new.id, "")
        .await
        .unwrap();
    let log = room.hall.log().await;
    let target = to.id;
    let moved = log
        .iter()
        .find(|row| row.entry.activity == Deed::Moved { target });
    let moved = said(&room, moved.expect("it was recorded")).await;
    for (key, value) in [
        ("type", json!("Move")),
        ("actor", json!(uri)),
        ("object", json!(uri)),
        ("target", json!(new.id)),
        ("to", json!([format!("{uri}/followers")])),
    ] {
        assert_eq!(moved[key], value, "{key}");
    }
    let last = log.last().unwrap();
    let updated = Deed::ProfileUpdated { actor: pots };
    assert_eq!((last.entry.by, &last.entry.activity), (pots, &updated));
    let update = said(&room, last).await;
    let group = &update["object"];
    assert_eq!(
        (&update["type"], &group["id"], &group["movedTo"]),
        (&json!("Update"), &json!(uri), &json!(new.id))
    );
    assert_eq!(group["postingRestrictedToMods"], true);
    let shown = shown(&room, pots).await;
    assert_eq!(shown["movedTo"], json!(new.id), "whoever asks reads it too");
});

db_test!(s158_a_group_comes_here_from_elsewhere, |store| {
    let room = Room::new(store).await;
    let (pots, uri) = pots(&room).await;
    let old = room.peer.group("pots");
    assert_eq!(shown(&room, pots).await["alsoKnownAs"], json!([]));
    let (group, uris) = (Some(pots), vec![old.id.clone()]);
    let stranger = room.hall.person("eve").await;
    let named = SetAliases { group, uris };
    let refused = room.hall.run(stranger, named.clone()).await;
    assert!(refused.is_err(), "it is not their group");
    room.hall.run(room.anna, named).await.unwrap();
    let update = said(&room, &room.last_logged().await).await;
    let told = &update["object"]["alsoKnownAs"];
    assert_eq!(
        (&update["type"], told),
        (&json!("Update"), &json!([old.id]))
    );
    let document = shown(&room, pots).await;
    assert_eq!(document["alsoKnownAs"], json!([old.id]));
    assert_eq!(document.get("movedTo"), None);
    let known = room.federation.resolver().actor(&old.id).await.unwrap();
    let eve = stranger.actor().unwrap();
    let join = JoinGroup { group: known.id };
    room.hall.run(stranger, join).await.unwrap();
    room.takes(&old, &movement(&old, &uri, 1)).await;
    let states = [
        room.follow(pots, eve).await,
        room.follow(known.id, eve).await,
    ];
    assert_eq!(
        states,
        [Some(FollowState::Accepted), None],
        "its members of this hub come along"
    );
});

/// What an entry says to forums, out of its Announce if it is in one.
async fn said(room: &Room, logged: &Logged) -> Value {
    let operations = &room.hall.operations;
    let (names, live, logged) = (
        operations.names.clone(),
        operations.live.clone(),
        logged.clone(),
    );
    let forum = Reader::Follower(PeerClass::Threadiverse);
    let sendings = room
        .hall
        .read(move |db| documents(db, &names, &live.get(), &logged, forum))
        .await;
    let document: Value = serde_json::from_slice(&sendings[0].body).unwrap();
    match document["type"].as_str() {
        Some("Announce") => document["object"].clone(),
        _ => document,
    }
}

/// The document of an actor.
async fn shown(room: &Room, id: ActorId) -> Value {
    let operations = &room.hall.operations;
    let (names, live) = (operations.names.clone(), operations.live.clone());
    room.hall
        .read(move |db| {
            let found = actors::find(db, id)?.expect("it is there");
            document::actor(db, &names, &live.get(), &found)
        })
        .await
}
