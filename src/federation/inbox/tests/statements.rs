//! What the database is asked for one activity. The numbers only go down: on PostgreSQL each
//! statement is a journey, and they are most of what an activity costs.

use serde_json::json;

use super::*;
use crate::store::testing::db_test;
use crate::store::{notices, posts};

/// Statements from the signed request to the stored row, and from the row to the effect; those that
/// begin and end the two transactions are four of them.
async fn taken(room: &Room, from: &FakeActor, activity: &Value) -> (usize, usize) {
    let store = &room.hall.operations.store;
    let before = store.statements();
    assert_eq!(room.post(from, activity).await, Reception::Accepted);
    let kept = store.statements();
    let now = room.hall.operations.now();
    let mut due = room.hall.read(move |db| inbox::list_all_due(db, now)).await;
    let row = due.pop().expect("the row");
    let (id, taken_up) = (row.id, store.statements());
    assert_eq!(process(&room.federation, row).await, Outcome::Done);
    let done = store.statements();
    room.hall.write(move |db, _| inbox::delete(db, &[id])).await;
    (kept - before, done - taken_up)
}

db_test!(a_comment_and_a_vote_ask_the_database_this_often, |store| {
    let room = Room::new(store).await;
    let (mia, leo) = (room.peer.person("mia"), room.peer.person("leo"));
    let opening = room.peer.note(&leo, 1, &room.group(), "Milk first?");
    room.takes(&leo, &room.peer.create(&leo, &opening)).await;
    let uri = opening["id"].as_str().unwrap();
    let post = room.find_post(uri).await.unwrap();
    // Nobody has to be met for the first time.
    room.takes(
        &mia,
        &room.peer.act(&mia, "Follow", 2, &json!(room.group())),
    )
    .await;
    let mut answer = room.peer.note(&mia, 3, &room.group(), "Never.");
    answer["inReplyTo"] = json!(uri);
    answer["tag"] = json!([]);
    let comment = taken(&room, &mia, &room.peer.create(&mia, &answer)).await;
    let vote = taken(&room, &mia, &room.peer.act(&mia, "Like", 4, &json!(uri))).await;
    assert_eq!(room.votes(post.id).await, (1, 0));
    let id = answer["id"].as_str().unwrap();
    assert!(room.find_comment(id).await.is_some());
    assert_eq!((comment, vote), ((3, 16), (3, 13)));
});

/// What each of forty answers to a post costs that come at once, besides their receipt.
async fn crowd(room: &Room, uri: &str) -> usize {
    let mut crowd = Vec::new();
    for n in 0..40 {
        let one = room.peer.person(&format!("one{n}"));
        let serial = 100 + 2 * n;
        let follow = room.peer.act(&one, "Follow", serial, &json!(room.group()));
        room.takes(&one, &follow).await;
        let mut answer = room.peer.note(&one, serial + 1, &room.group(), "Never.");
        answer["inReplyTo"] = json!(uri);
        crowd.push((room.peer.create(&one, &answer), one));
    }
    for (create, one) in &crowd {
        assert_eq!(room.post(one, create).await, Reception::Accepted);
    }
    let now = room.hall.operations.now();
    let rows = room.hall.read(move |db| inbox::list_all_due(db, now)).await;
    assert_eq!(rows.len(), 40);
    let before = room.hall.operations.store.statements();
    let done = rows.into_iter().map(|row| process(&room.federation, row));
    let done = futures_util::future::join_all(done).await;
    assert!(done.iter().all(|one| *one == Outcome::Done), "{done:?}");
    let each = (room.hall.operations.store.statements() - before) / 40;
    let post = room.find_post(uri).await.unwrap();
    assert_eq!(post.comment_count, 40);
    each
}

// Alone each takes 16; SQLite, to which no statement is a journey, puts rows one by one.

db_test!(a_crowd_asks_the_database_less_often, |store| {
    let room = Room::new(store).await;
    let leo = room.peer.person("leo");
    let opening = room.peer.note(&leo, 1, &room.group(), "Milk first?");
    room.takes(&leo, &room.peer.create(&leo, &opening)).await;
    let each = crowd(&room, opening["id"].as_str().unwrap()).await;
    assert!(each <= 9, "{each}");
});

db_test!(a_crowd_that_answers_a_member_does_so_too, |store| {
    let room = Room::new(store).await;
    let post = room.hall.post(room.anna, room.tea, "Milk first?").await;
    let found = room.hall.read(move |db| posts::find(db, post)).await;
    let each = crowd(&room, found.unwrap().uri.as_str()).await;
    assert!(each <= 10, "{each}");
    let anna = room.anna.actor().unwrap();
    let unread = room.hall.read(move |db| notices::count_unread(db, anna));
    assert_eq!(unread.await, 40);
});
