//! `ChooseAnswer`: who may say from elsewhere which answer helped.

use serde_json::json;

use super::*;
use crate::domain::ids::CommentId;
use crate::domain::post::Extra;
use crate::operations::post::CreatePost;
use crate::operations::testing::{answer, text_post};
use crate::store::questions;
use crate::store::testing::db_test;

/// The word of PieFed, by an actor about a comment.
fn choose(room: &Room, by: &FakeActor, number: u32, comment: CommentId) -> Value {
    json!({"@context": "https://www.w3.org/ns/activitystreams",
        "id": format!("{}/activities/choose/{number}", room.peer.base),
        "type": "ChooseAnswer", "actor": by.id, "object": format!("http://hub.test/comment/{comment}"),
        "to": ["https://www.w3.org/ns/activitystreams#Public"], "cc": [room.group()],
        "audience": room.group()})
}

impl Room {
    async fn chosen(&self, post: PostId) -> Option<CommentId> {
        let question = self.hall.read(move |db| questions::find(db, post)).await;
        question?.answer.map(|chosen| chosen.comment)
    }
}

db_test!(a_strangers_choice_of_an_answer_is_refused, |store| {
    let room = Room::new(store).await;
    let mia = room.peer.person("mia");
    let ask = CreatePost {
        extra: Extra::Question,
        ..text_post(room.tea, "Which pot?", "For green tea.")
    };
    let post = room.hall.run(room.anna, ask).await.unwrap();
    let object = ObjectId::Post(post);
    let comment = room
        .hall
        .run(room.anna, answer(object, "Iron."))
        .await
        .unwrap();
    room.send(&mia, &choose(&room, &mia, 1, comment)).await;
    assert_eq!(room.chosen(post).await, None);
});

db_test!(an_asker_elsewhere_chooses_and_takes_it_back, |store| {
    let room = Room::new(store).await;
    let (mia, leo) = (room.peer.person("mia"), room.peer.person("leo"));
    let asked = room.peer.note(&mia, 1, &room.group(), "Which pot?");
    room.takes(&mia, &room.peer.create(&mia, &asked)).await;
    let post = room
        .find_post(asked["id"].as_str().unwrap())
        .await
        .unwrap()
        .id;
    let object = ObjectId::Post(post);
    let comment = room
        .hall
        .run(room.anna, answer(object, "Iron."))
        .await
        .unwrap();
    let choice = choose(&room, &mia, 1, comment);
    room.send(&leo, &choose(&room, &leo, 9, comment)).await;
    assert_eq!(room.chosen(post).await, None, "leo did not ask");
    room.takes(&mia, &choice).await;
    assert_eq!(room.chosen(post).await, Some(comment));
    let logged = room.last_logged().await;
    assert_eq!(
        logged.entry.relay,
        Some(choice.to_string()),
        "it is passed on"
    );
    let undo = room.peer.act(&mia, "Undo", 2, &choice);
    room.takes(&mia, &undo).await;
    assert_eq!(room.chosen(post).await, None);
});
