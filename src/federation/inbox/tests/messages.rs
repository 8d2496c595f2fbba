//! Private messages from elsewhere.

use serde_json::json;

use super::*;
use crate::domain::activity::Origin;
use crate::domain::block::Distance;
use crate::domain::flag::Docket;
use crate::domain::message::Message;
use crate::operations::block::KeepAway;
use crate::operations::markup::Markup;
use crate::operations::message::SendMessage;
use crate::store::testing::db_test;
use crate::store::{blocks, messages};

const ANNA: &str = "http://hub.test/u/anna";

impl Room {
    async fn message(&self, uri: &str) -> Option<Message> {
        let uri = uri.to_owned();
        self.hall
            .read(move |db| messages::find_by_uri(db, &uri))
            .await
    }
}

/// A direct Note as Mastodon words it.
fn note(room: &Room, by: &FakeActor) -> Value {
    let mut note = room.peer.note(by, 7, ANNA, "between us: zebra");
    note["to"] = json!([ANNA]);
    note["cc"] = json!([]);
    note["tag"] = json!([{"type": "Mention", "href": ANNA, "name": "@anna@hub.test"}]);
    note
}

/// A message as Lemmy 0.19 words it.
fn chat(room: &Room, by: &FakeActor) -> Value {
    json!({"type": "ChatMessage", "id": format!("{}/private_message/1", room.peer.base),
        "attributedTo": by.id, "to": [ANNA], "content": "<p>between us: zebra</p>\n",
        "mediaType": "text/html", "source": {"content": "between us: zebra", "mediaType": "text/markdown"},
        "published": "2026-06-01T11:00:00Z"})
}

/// A Create that is addressed as its object is, and without `cc`, as Lemmy sends it.
fn create(room: &Room, by: &FakeActor, object: &Value) -> Value {
    let mut create = room.peer.create(by, object);
    create["to"] = object["to"].clone();
    create.as_object_mut().unwrap().remove("cc");
    create
}

db_test!(
    s152_a_direct_note_and_a_chat_message_are_messages,
    |store| {
        let room = Room::new(store).await;
        let mia = room.peer.person("mia");
        for object in [note(&room, &mia), chat(&room, &mia)] {
            room.takes(&mia, &create(&room, &mia, &object)).await;
            let uri = object["id"].as_str().unwrap();
            let message = room.message(uri).await.expect("a message");
            assert!(message.html.contains("zebra"), "{}", message.html);
            assert_eq!(message.author, room.find_actor(&mia.id).await.unwrap().id);
            assert_eq!(room.find_post(uri).await, None);
            assert_eq!(room.find_comment(uri).await, None);
            assert_eq!(message.published_at.rfc3339(), "2026-06-01T11:00:00Z");
        }
        assert!(room.hall.log().await.is_empty(), "nothing is announced");
        let member = room.anna.actor().unwrap();
        let unread = room
            .hall
            .read(move |db| messages::count_unread(db, member))
            .await;
        assert_eq!(unread, 1, "both in one conversation");
    }
);

db_test!(
    s152_what_names_the_public_or_followers_is_no_message,
    |store| {
        let room = Room::new(store).await;
        let mia = room.peer.person("mia");
        let followers = format!("{}/followers", mia.id);
        let cases: [(&str, Value); 6] = [
            ("to", json!([ANNA, PUBLIC])),
            ("to", json!([ANNA, "as:Public"])),
            ("cc", json!([PUBLIC])),
            ("cc", json!(followers)),
            ("to", json!([ANNA, room.group()])),
            ("to", json!(["https://elsewhere.test/u/x"])),
        ];
        for (number, (field, recipients)) in cases.into_iter().enumerate() {
            for mut object in [note(&room, &mia), chat(&room, &mia)] {
                object["id"] = json!(format!("{}/{number}", object["id"].as_str().unwrap()));
                object[field] = recipients.clone();
                room.send(&mia, &room.peer.create(&mia, &object)).await;
                let uri = object["id"].as_str().unwrap();
                assert_eq!(room.message(uri).await, None, "{field}: {recipients}");
            }
        }
        // A public activity around a direct note does not make it one, either.
        let mut public = create(&room, &mia, &note(&room, &mia));
        public["to"] = json!([PUBLIC]);
        room.send(&mia, &public).await;
        assert_eq!(
            room.message(note(&room, &mia)["id"].as_str().unwrap())
                .await,
            None
        );
    }
);

db_test!(
    s152_only_its_author_sends_changes_and_deletes_a_message,
    |store| {
        let room = Room::new(store).await;
        let (mia, leo) = (room.peer.person("mia"), room.peer.person("leo"));
        let mut object = note(&room, &mia);
        let uri = object["id"].as_str().unwrap().to_owned();
        room.peer.serve(&uri, json!(404));
        let mut forged = create(&room, &leo, &object);
        forged["actor"] = json!(leo.id);
        room.send(&leo, &forged).await;
        assert_eq!(room.message(&uri).await, None);
        object["id"] = json!(format!("{uri}/2"));
        let uri = format!("{uri}/2");
        room.takes(&mia, &create(&room, &mia, &object)).await;
        for (by, changed) in [(&leo, false), (&mia, true)] {
            object["content"] = json!("<p>giraffe</p>");
            object["updated"] = json!("2026-06-01T11:30:00Z");
            let mut update = room.peer.act(by, "Update", 1, &object);
            update["to"] = json!([ANNA]);
            room.send(by, &update).await;
            let message = room.message(&uri).await.unwrap();
            assert_eq!(message.html.contains("giraffe"), changed);
            assert_eq!(message.edited_at.is_some(), changed);
        }
        for (by, deleted) in [(&leo, false), (&mia, true)] {
            let delete = room.peer.act(by, "Delete", 2, &json!(uri));
            room.send(by, &delete).await;
            let message = room.message(&uri).await.unwrap();
            assert_eq!(message.deleted_at.is_some(), deleted);
        }
        let delete = room.peer.act(&mia, "Delete", 2, &json!(uri));
        room.takes(&mia, &room.peer.act(&mia, "Undo", 3, &delete))
            .await;
        assert_eq!(room.message(&uri).await.unwrap().deleted_at, None);
    }
);

db_test!(s152_several_people_talk_in_one_conversation, |store| {
    let room = Room::new(store).await;
    let (mia, leo) = (room.peer.person("mia"), room.peer.person("leo"));
    let (public, _) = room.local_post().await;
    let hello = room
        .peer
        .answer(&leo, 1, &format!("http://hub.test/post/{public}"), "hi");
    room.takes(&leo, &room.peer.create(&leo, &hello)).await;
    let mut object = note(&room, &mia);
    object["to"] = json!([ANNA, leo.id]);
    room.takes(&mia, &create(&room, &mia, &object)).await;
    let message = room.message(object["id"].as_str().unwrap()).await.unwrap();
    let members = room
        .hall
        .read(move |db| messages::list_members(db, &[message.conversation]))
        .await;
    assert_eq!(members.len(), 3);
});

db_test!(h122_what_somebody_blocked_sends_is_dropped, |store| {
    let room = Room::new(store).await;
    let mia = room.peer.person("mia");
    let block = room.peer.act(&mia, "Follow", 1, &json!(ANNA));
    room.takes(&mia, &block).await;
    let person = room.find_actor(&mia.id).await.unwrap().id;
    let away = KeepAway {
        person,
        distance: Distance::Blocked,
    };
    room.hall.run(room.anna, away).await.unwrap();
    let object = note(&room, &mia);
    room.send(&mia, &create(&room, &mia, &object)).await;
    assert_eq!(room.message(object["id"].as_str().unwrap()).await, None);
    assert_eq!(room.hall.waiting().await, 0, "it is not tried again");
});

db_test!(
    a_personal_block_from_elsewhere_holds_until_it_is_undone,
    |store| {
        let room = Room::new(store).await;
        let mia = room.peer.person("mia");
        let block = room.peer.act(&mia, "Block", 1, &json!(ANNA));
        room.takes(&mia, &block).await;
        let her = room.find_actor(&mia.id).await.unwrap().id;
        let me = room.anna.actor().unwrap();
        for (undone, blocked) in [(false, true), (true, false)] {
            if undone {
                room.takes(&mia, &room.peer.act(&mia, "Undo", 2, &block))
                    .await;
            }
            let found = room
                .hall
                .read(move |db| blocks::is_blocked(db, her, me))
                .await;
            assert_eq!(found, blocked);
        }
        assert!(room.hall.log().await.is_empty(), "nothing is said of it");
    }
);

db_test!(s147_a_server_shows_a_message_that_its_people_got, |store| {
    let room = Room::new(store).await;
    let mia = room.peer.person("mia");
    let follow = room.peer.act(&mia, "Follow", 1, &json!(ANNA));
    room.takes(&mia, &follow).await;
    let send = SendMessage {
        to: vec![room.find_actor(&mia.id).await.unwrap().id],
        body: Markup::Markdown("zebra".into()),
        origin: Origin::Local,
    };
    let id = room.hall.run(room.anna, send).await.unwrap();
    let message = room.hall.read(move |db| messages::find(db, id)).await;
    let uri = message.unwrap().uri.to_string();
    let hub = format!("{}/actor", room.peer.base);
    let hub = room.peer.actor("Application", &hub, "host", 0);
    let mut flag = room.peer.act(&hub, "Flag", 1, &json!([ANNA, uri]));
    flag["content"] = json!("rude");
    let other = Peer::new();
    let far = other.person("far");
    let mut strange = other.act(&far, "Flag", 1, &json!([uri]));
    strange["content"] = json!("let me see");
    let refused = room.send(&far, &strange).await;
    assert!(matches!(refused.outcomes[..], [Outcome::Refused(_)]));
    room.takes(&hub, &flag).await;
    let docket = |db: &mut crate::store::Db| {
        let page = crate::domain::page::PageRequest::first(9);
        crate::views::moderation::reports(db, Docket::Hub, true, page)
    };
    let found = room.hall.read(docket).await.items;
    let shown: Vec<&str> = found[0].things.iter().map(|one| &*one.excerpt).collect();
    assert_eq!((found.len(), shown), (1, vec!["zebra"]));
});
