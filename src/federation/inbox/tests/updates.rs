//! Edits and deletions, from here and from elsewhere (statements 109 to 119 of federation.md).

use serde_json::{Value, json};

use super::remote::{announce, joined};
use super::*;
use crate::domain::post::Extra;
use crate::federation::document::{Shown, show};
use crate::federation::quirks::PeerClass;
use crate::operations::markup::{Edit, Markup};
use crate::operations::object::DeleteObject;
use crate::operations::post::UpdatePost;
use crate::operations::testing::answer;
use crate::store::testing::db_test;

const FORUM: Reader = Reader::Follower(PeerClass::Threadiverse);
const MICROBLOG: Reader = Reader::Follower(PeerClass::Microblog);

fn edit(post: PostId, title: &str) -> UpdatePost {
    UpdatePost {
        post,
        title: Some(title.to_owned()),
        body: Some(Markup::Markdown("new".into())),
        link_url: None,
        language: None,
        sensitive: None,
        warning: None,
        attachments: None,
        extra: Extra::Nothing,
        thumbnail: None,
        edit: Edit::Local,
    }
}

/// A note of mia in tea, stored.
async fn note_of_mia(room: &Room) -> (FakeActor, Value) {
    let mia = room.peer.person("mia");
    let note = room.peer.note(&mia, 1, &room.group(), "Winter tea");
    room.takes(&mia, &room.peer.create(&mia, &note)).await;
    (mia, note)
}

async fn title(room: &Room, note: &Value) -> String {
    let found = room.find_post(note["id"].as_str().unwrap()).await;
    found.map(|post| post.title).unwrap_or_default()
}

fn changed(note: &Value, text: &str, updated: &str) -> Value {
    let mut changed = note.clone();
    changed["content"] = json!(format!("<p>{text}</p>"));
    changed["updated"] = json!(updated);
    changed
}

db_test!(
    s109_an_edit_goes_wrapped_to_forums_and_from_its_author_to_microblogs,
    |store| {
        let room = Room::new(store).await;
        let (post, uri) = room.local_post().await;
        let mut last = room.find_post(&uri).await.unwrap().published_at;
        for turn in ["First", "Second", "Third"] {
            room.hall.run(room.anna, edit(post, turn)).await.unwrap();
            let forum = room.told(FORUM).await.remove(0);
            let update = &forum.1["object"];
            assert_eq!(
                (forum.0, &forum.1["type"], &update["type"]),
                (room.tea, &json!("Announce"), &json!("Update"))
            );
            let microblog = room.told(MICROBLOG).await.remove(0);
            assert_eq!(Some(microblog.0), room.anna.actor());
            assert_eq!(microblog.1["type"], "Update");
            let updated = |object: &Value| {
                crate::domain::clock::Ts::parse(object["updated"].as_str().unwrap()).unwrap()
            };
            let at = updated(&update["object"]);
            assert_eq!(at, updated(&microblog.1["object"]));
            assert!(at > last, "it grows even within one moment");
            last = at;
        }
    }
);

db_test!(
    s109_an_edit_of_an_answer_reaches_those_who_got_the_answer,
    |store| {
        use crate::operations::comment::UpdateComment;
        let room = Room::new(store).await;
        let (mia, note) = note_of_mia(&room).await;
        let post = room.find_post(note["id"].as_str().unwrap()).await.unwrap();
        let above = ObjectId::Post(post.id);
        let comment = room
            .hall
            .run(room.anna, answer(above, "Green"))
            .await
            .unwrap();
        let inbox = [format!("{}/inbox", mia.id)];
        assert_eq!(room.inboxes().await, inbox);
        let update = UpdateComment {
            comment,
            body: Markup::Markdown("Black".into()),
            language: None,
            sensitive: None,
            warning: None,
            attachments: None,
            edit: Edit::Local,
        };
        room.hall.run(room.anna, update).await.unwrap();
        assert_eq!(room.inboxes().await, inbox);
        let direct = room.told(Reader::Direct(PeerClass::Microblog)).await;
        assert_eq!(Some(direct[0].0), room.anna.actor());
        assert_eq!(direct[0].1["type"], "Update");
    }
);

db_test!(
    s110_only_the_author_changes_words_and_only_with_a_newer_time,
    |store| {
        let room = Room::new(store).await;
        let (mia, note) = note_of_mia(&room).await;
        let leo = room.peer.person("leo");
        let forged = changed(&note, "Forged", "2026-06-01T11:40:00Z");
        room.send(&leo, &room.peer.act(&leo, "Update", 1, &forged))
            .await;
        assert_eq!(title(&room, &note).await, "Winter tea");
        let newer = changed(&note, "Summer tea", "2026-06-01T11:30:00Z");
        room.takes(&mia, &room.peer.act(&mia, "Update", 1, &newer))
            .await;
        assert_eq!(title(&room, &note).await, "Summer tea");
        let same = changed(&note, "Counts only", "2026-06-01T11:30:00Z");
        room.takes(&mia, &room.peer.act(&mia, "Update", 2, &same))
            .await;
        assert_eq!(title(&room, &note).await, "Summer tea");
    }
);

db_test!(
    s111_an_update_of_the_unknown_is_a_create_under_the_same_checks,
    |store| {
        let room = Room::new(store).await;
        let mia = room.peer.person("mia");
        let note = room.peer.note(&mia, 1, &room.group(), "Late but here");
        room.takes(&mia, &room.peer.act(&mia, "Update", 1, &note))
            .await;
        assert_eq!(title(&room, &note).await, "Late but here");
        let mut secret = room.peer.note(&mia, 2, &room.group(), "Psst");
        secret["to"] = json!([room.group()]);
        secret["cc"] = json!([]);
        let mut update = room.peer.act(&mia, "Update", 2, &secret);
        update["to"] = json!([room.group()]);
        room.takes(&mia, &update).await;
        assert_eq!(title(&room, &secret).await, "", "it is not public");
        let other = Peer::new();
        let eve = other.person("eve");
        let stolen = room.peer.note(&mia, 3, &room.group(), "Mine");
        let mut claimed = stolen.clone();
        claimed["attributedTo"] = json!(eve.id);
        room.send(&eve, &other.act(&eve, "Update", 3, &claimed))
            .await;
        let found = room.find_post(stolen["id"].as_str().unwrap()).await;
        let author = match found {
            Some(post) => Some(post.author == room.id_of(&mia).await),
            None => None,
        };
        assert_ne!(author, Some(false), "never under a stranger's name");
    }
);

db_test!(s112_an_announced_edit_is_asked_of_its_origin, |store| {
    let (room, cars) = joined(store).await;
    let other = Peer::new();
    let mia = other.person("mia");
    let note = other.note(&mia, 1, &cars.id, "Winter tyres");
    let create = other.create(&mia, &note);
    room.takes(&cars, &announce(&room, &cars, 2, &create)).await;
    assert_eq!(title(&room, &note).await, "Winter tyres");
    let honest = changed(&note, "Summer tyres", "2026-06-01T11:30:00Z");
    other.serve(note["id"].as_str().unwrap(), honest);
    let forged = changed(&note, "Forged", "2026-06-01T11:30:00Z");
    let update = other.act(&mia, "Update", 1, &forged);
    room.takes(&cars, &announce(&room, &cars, 3, &update)).await;
    assert_eq!(title(&room, &note).await, "Summer tyres");
});

db_test!(
    s113_an_update_of_a_group_by_its_moderator_asks_the_group_itself,
    |store| {
        let (room, cars) = joined(store).await;
        let boss = room.peer.person("boss");
        let mut document = room.peer.document(&cars.id).unwrap();
        document["name"] = json!("All about cars");
        room.peer.serve(&cars.id, document.clone());
        document["name"] = json!("Forged");
        document["inbox"] = json!("http://evil.test/inbox");
        let update = room.peer.act(&boss, "Update", 1, &document);
        room.takes(&cars, &announce(&room, &cars, 2, &update)).await;
        let group = room.find_actor(&cars.id).await.unwrap();
        assert_eq!(group.title, "All about cars");
        assert_eq!(group.inbox, format!("{}/inbox", cars.id));
    }
);

db_test!(s115_an_edit_of_the_future_happened_on_arrival, |store| {
    let room = Room::new(store).await;
    let (mia, note) = note_of_mia(&room).await;
    let far = changed(&note, "From 2099", "2099-01-01T00:00:00Z");
    room.takes(&mia, &room.peer.act(&mia, "Update", 1, &far))
        .await;
    let post = room.find_post(note["id"].as_str().unwrap()).await.unwrap();
    assert_eq!(post.edited_at, Some(room.hall.operations.now()));
    room.hall.pass(60);
    let next = changed(&note, "Of today", "2026-06-01T12:01:00Z");
    room.takes(&mia, &room.peer.act(&mia, "Update", 2, &next))
        .await;
    assert_eq!(title(&room, &note).await, "Of today", "it blocks nothing");
});

db_test!(
    s116_an_authors_delete_has_no_summary_and_leaves_a_tombstone,
    |store| {
        let room = Room::new(store).await;
        let (post, uri) = room.local_post().await;
        let object = ObjectId::Post(post);
        let delete = DeleteObject {
            object,
            relay: None,
        };
        room.hall.run(room.anna, delete).await.unwrap();
        let forum = room.told(FORUM).await.remove(0).1;
        let delete = &forum["object"];
        assert_eq!(
            (&forum["type"], &delete["type"], &delete["object"]),
            (&json!("Announce"), &json!("Delete"), &json!(uri))
        );
        assert!(delete.get("summary").is_none());
        assert!(delete["to"].as_array().unwrap().contains(&json!(PUBLIC)));
        let microblog = room.told(MICROBLOG).await.remove(0);
        assert_eq!(Some(microblog.0), room.anna.actor());
        assert_eq!(
            (&microblog.1["type"], &microblog.1["object"]["id"]),
            (&json!("Delete"), &json!(uri))
        );
        assert_eq!(microblog.1["object"]["type"], "Tombstone");
        assert!(microblog.1.get("summary").is_none());
        let (names, live) = (
            room.hall.operations.names.clone(),
            room.hall.operations.live.clone(),
        );
        let shown = move |db: &mut crate::store::Db| {
            let viewer = crate::domain::caller::Viewer::Visitor;
            show(db, &names, &live.get(), viewer, object, &HeaderMap::new())
        };
        let Some(Shown::Gone(tombstone)) = room.hall.read(shown).await else {
            panic!("it is still served")
        };
        assert_eq!(
            (&tombstone["type"], &tombstone["id"]),
            (&json!("Tombstone"), &json!(uri))
        );
    }
);

db_test!(s119_a_delete_names_its_object_in_three_shapes, |store| {
    let room = Room::new(store).await;
    let mia = room.peer.person("mia");
    for (number, shape) in (1..).zip(["tombstone", "id", "whole"]) {
        let note = room.peer.note(&mia, number, &room.group(), "Going");
        room.takes(&mia, &room.peer.create(&mia, &note)).await;
        let object = match shape {
            "tombstone" => json!({"id": note["id"], "type": "Tombstone"}),
            "id" => note["id"].clone(),
            _ => note.clone(),
        };
        room.takes(&mia, &room.peer.act(&mia, "Delete", number, &object))
            .await;
        let post = room.find_post(note["id"].as_str().unwrap()).await.unwrap();
        assert!(post.deleted_at.is_some(), "{shape}");
    }
});
