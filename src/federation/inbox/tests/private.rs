//! Private groups, here and elsewhere: who comes in, what is taken from whom, and who hears of it.

use serde_json::{Value, json};

use super::*;
use crate::domain::caller::Viewer;
use crate::domain::ids::ActorId;
use crate::domain::page::PageRequest;
use crate::domain::post::Sort;
use crate::federation::document;
use crate::federation::outgoing::Reader;
use crate::federation::quirks::PeerClass;
use crate::operations::membership::{AnswerRequest, JoinGroup};
use crate::store::testing::db_test;
use crate::store::{follows, notices};
use crate::views::feed::{self, Feed};

/// A room whose group tea is private.
async fn closed(store: Store) -> Room {
    let room = Room::new(store).await;
    let tea = room.tea;
    let close = move |db: &mut crate::store::Db, _| {
        let mut group = actors::find(db, tea)?.unwrap();
        group.manually_approves = true;
        actors::set_profile(db, &group)
    };
    room.hall.write(close).await;
    room
}

async fn id_of(room: &Room, actor: &FakeActor) -> ActorId {
    room.find_actor(&actor.id).await.unwrap().id
}

/// Somebody of the peer asks to join and is let in.
async fn let_in(room: &Room, name: &str) -> FakeActor {
    let person = room.peer.person(name);
    let follow = room.peer.act(&person, "Follow", 1, &json!(room.group()));
    room.takes(&person, &follow).await;
    let answer = AnswerRequest {
        group: room.tea,
        follower: id_of(room, &person).await,
        accepted: true,
    };
    room.hall.run(room.anna, answer).await.unwrap();
    person
}

/// The same words for members of a group alone.
fn among(group: &str, mut note: Value) -> Value {
    note["to"] = json!([group, format!("{group}/followers")]);
    note["cc"] = json!([]);
    note
}

async fn seen(room: &Room, viewer: Option<ActorId>) -> usize {
    let page = PageRequest::first(50);
    room.hall
        .read(move |db| feed::page(db, viewer, Feed::Everywhere, Sort::New, page))
        .await
        .items
        .len()
}

db_test!(
    s075_a_follow_of_a_private_group_waits_for_a_moderator,
    |store| {
        let room = closed(store).await;
        let olga = room.hall.person("olga").await;
        for (name, accepted, kind) in [("mia", true, "Accept"), ("max", false, "Reject")] {
            let person = room.peer.person(name);
            let follow = room.peer.act(&person, "Follow", 1, &json!(room.group()));
            let before = room.hall.log().await.len();
            room.takes(&person, &follow).await;
            let row = room.tea;
            let follower = id_of(&room, &person).await;
            let member = move |db: &mut crate::store::Db| follows::is_follower(db, row, follower);
            assert_eq!(room.hall.log().await.len(), before, "H110: no answer yet");
            assert!(!room.hall.read(member).await);
            let answer = AnswerRequest {
                group: room.tea,
                follower,
                accepted,
            };
            let refused = room.hall.run(olga, answer.clone()).await;
            assert!(refused.is_err(), "olga moderates nothing");
            room.hall.run(room.anna, answer.clone()).await.unwrap();
            let said = room.sent(Reader::Direct(PeerClass::Threadiverse)).await;
            let [said] = said.as_slice() else {
                panic!("{said:?}")
            };
            assert_eq!(
                (&said["type"], &said["actor"]),
                (&json!(kind), &json!(room.group()))
            );
            assert_eq!(said["object"]["id"], follow["id"], "the original id");
            assert_eq!(said["object"]["type"], "Follow");
            assert_eq!(said["to"], json!([person.id]));
            assert_eq!(room.hall.read(member).await, accepted);
        }
    }
);

db_test!(
    s134_what_a_private_group_elsewhere_announces_is_for_its_members,
    |store| {
        let room = Room::new(store).await;
        let cars = room.peer.group("cars");
        room.peer.amend(&cars.id, |document| {
            document["manuallyApprovesFollowers"] = json!(true);
        });
        let group = room.federation.resolver().actor(&cars.id).await.unwrap();
        let join = JoinGroup { group: group.id };
        room.hall.run(room.anna, join.clone()).await.unwrap();
        let logged = room.last_logged().await;
        let follow = json!({"id": format!("http://hub.test/activities/follow/{}", logged.uuid),
            "type": "Follow", "actor": "http://hub.test/u/anna", "object": cars.id});
        room.takes(&cars, &room.peer.act(&cars, "Accept", 1, &follow))
            .await;
        let olga = room.hall.person("olga").await;
        room.hall.run(olga, join).await.unwrap();
        let leo = room.peer.person("leo");
        let note = among(&cars.id, room.peer.note(&leo, 1, &cars.id, "New wipers"));
        let create = room.peer.create(&leo, &note);
        let mut announce = room.peer.act(&cars, "Announce", 2, &create);
        announce["to"] = note["to"].clone();
        room.takes(&cars, &announce).await;
        let id = note["id"].as_str().unwrap();
        assert!(room.find_post(id).await.is_some(), "it is stored");
        assert_eq!(seen(&room, room.anna.actor()).await, 1, "a member reads it");
        assert_eq!(seen(&room, None).await, 0, "no visitor does");
        assert_eq!(seen(&room, olga.actor()).await, 0, "nor who still waits");
    }
);

db_test!(
    only_members_write_into_a_private_group_and_for_members_alone,
    |store| {
        let room = closed(store).await;
        let (mia, otto) = (let_in(&room, "mia").await, room.peer.person("otto"));
        let group = room.group();
        let from_outside = among(&group, room.peer.note(&otto, 1, &group, "Let me in"));
        let taken = room
            .send(&otto, &room.peer.create(&otto, &from_outside))
            .await;
        assert!(matches!(taken.outcomes[..], [Outcome::Refused(_)]));
        let aloud = room.peer.note(&mia, 2, &group, "For everybody");
        room.takes(&mia, &room.peer.create(&mia, &aloud)).await;
        for note in [&from_outside, &aloud] {
            assert_eq!(room.find_post(note["id"].as_str().unwrap()).await, None);
        }
        let note = among(&group, room.peer.note(&mia, 3, &group, "Among us"));
        room.takes(&mia, &room.peer.create(&mia, &note)).await;
        assert!(room.find_post(note["id"].as_str().unwrap()).await.is_some());
        let forum = room.sent(Reader::Follower(PeerClass::Threadiverse)).await;
        let [announce] = forum.as_slice() else {
            panic!("{forum:?}")
        };
        assert!(!announce.to_string().contains("#Public\""), "{announce}");
        let microblog = room.sent(Reader::Follower(PeerClass::Microblog)).await;
        assert!(microblog.is_empty(), "{microblog:?}");
    }
);

db_test!(h98_an_update_does_not_open_what_is_private, |store| {
    let room = closed(store).await;
    let mia = let_in(&room, "mia").await;
    let group = room.group();
    let note = among(&group, room.peer.note(&mia, 3, &group, "Among us"));
    room.takes(&mia, &room.peer.create(&mia, &note)).await;
    let before = room.hall.log().await.len();
    let mut opened = note.clone();
    opened["to"] = json!([PUBLIC]);
    opened["content"] = json!("<p>Said aloud</p>");
    opened["updated"] = json!("2026-06-01T11:30:00Z");
    let mut update = room.peer.create(&mia, &opened);
    update["type"] = json!("Update");
    update["id"] = json!(format!("{}/update", note["id"].as_str().unwrap()));
    room.takes(&mia, &update).await;
    let post = room.find_post(note["id"].as_str().unwrap()).await.unwrap();
    assert!(post.html.contains("Said aloud"), "H98: the words change");
    assert_eq!(seen(&room, None).await, 0, "H98: the audience does not");
    assert_eq!(
        room.hall.log().await.len(),
        before,
        "H98: nor is it announced so"
    );
});

db_test!(
    h104_a_vote_on_what_the_voter_cannot_see_does_nothing,
    |store| {
        let room = closed(store).await;
        let (post, uri) = room.local_post().await;
        let otto = room.peer.person("otto");
        let before = room.hall.log().await.len();
        let taken = room
            .send(&otto, &room.peer.act(&otto, "Like", 1, &json!(uri)))
            .await;
        assert!(matches!(taken.outcomes[..], [Outcome::Refused(_)]), "H104");
        assert_eq!(room.votes(post).await, (0, 0), "H104");
        assert_eq!(room.hall.log().await.len(), before, "H104");
        let anna = room.anna.actor().unwrap();
        let unread = room
            .hall
            .read(move |db| notices::count_unread(db, anna))
            .await;
        assert_eq!(unread, 0, "H104: no notification");
    }
);

db_test!(h110_a_follow_of_nobody_does_nothing, |store| {
    let room = Room::new(store).await;
    let otto = room.peer.person("otto");
    let before = room.hall.log().await.len();
    let follow = room
        .peer
        .act(&otto, "Follow", 1, &json!("http://hub.test/u/nobody"));
    room.takes(&otto, &follow).await;
    assert_eq!(room.hall.log().await.len(), before, "H110");
});

db_test!(
    what_is_written_into_a_private_group_elsewhere_is_for_those_for_whom_it_vouches,
    |store| {
        let room = Room::new(store).await;
        let cars = room.peer.group("cars");
        room.peer.amend(&cars.id, |document| {
            document["manuallyApprovesFollowers"] = json!(true);
        });
        let group = room.federation.resolver().actor(&cars.id).await.unwrap();
        let join = JoinGroup { group: group.id };
        room.hall.run(room.anna, join).await.unwrap();
        let follow = json!({"type": "Follow", "actor": "http://hub.test/u/anna", "object": cars.id,
            "id": format!("http://hub.test/activities/follow/{}", room.last_logged().await.uuid)});
        room.takes(&cars, &room.peer.act(&cars, "Accept", 1, &follow))
            .await;
        let object = ObjectId::Post(room.hall.post(room.anna, group.id, "Among us").await);
        let (names, settings) = (room.federation.names().clone(), room.federation.settings());
        let shown = async |viewer: Viewer| {
            let (names, settings) = (names.clone(), std::sync::Arc::clone(&settings));
            let headers = HeaderMap::new();
            let show = move |db: &mut crate::store::Db| {
                document::show(db, &names, &settings, viewer, object, &headers)
            };
            room.hall.read(show).await.is_some()
        };
        assert!(!shown(Viewer::Visitor).await, "nobody else reads it");
        let question =
            |host: &str| format!("/c/cars/followers?is_follower=https%3A%2F%2F{host}%2F");
        room.peer.serve(
            &format!("{}{}", room.peer.base, question("friend.test")),
            json!({}),
        );
        let asker = |uri: &str| crate::domain::ids::Uri::parse(uri).unwrap();
        let own = format!("{}/users/leo", room.peer.base);
        for (who, may) in [
            ("https://friend.test/", true),
            ("https://other.test/", false),
            (own.as_str(), true),
        ] {
            let before = room.peer.fetches();
            for _again in 0..2 {
                let guest = room.federation.guest(&asker(who), object).await.unwrap();
                assert_eq!(guest.is_some(), may, "{who}");
                if let Some(guest) = guest {
                    assert!(shown(guest).await, "{who}");
                }
            }
            let asked = usize::from(who != own);
            assert_eq!(room.peer.fetches() - before, asked, "{who}: asked once");
        }
        let public = ObjectId::Post(room.hall.post(room.anna, room.tea, "Aloud").await);
        let guest = room.federation.guest(&asker(&own), public).await.unwrap();
        assert_eq!(guest, None, "nobody has to vouch for what is public");
    }
);
