//! Polls from elsewhere, and votes from elsewhere in polls made here.

use serde_json::json;

use super::*;
use crate::domain::clock::Ts;
use crate::domain::poll::{Choice, Poll};
use crate::domain::post::{Extra, PostKind};
use crate::operations::post::CreatePost;
use crate::operations::testing::text_post;
use crate::store::polls;
use crate::store::testing::db_test;

const DAY: i64 = 24 * 3600;

impl Room {
    async fn poll(&self, post: PostId) -> Poll {
        let found = self.hall.read(move |db| polls::find(db, post)).await;
        found.expect("a poll")
    }

    async fn tallies(&self, post: PostId) -> (i64, Vec<i64>) {
        let poll = self.poll(post).await;
        let votes = poll.choices.iter().map(|choice| choice.votes).collect();
        (poll.voters, votes)
    }

    /// A poll of anna's that lasts a day.
    async fn local_poll(&self, multiple: bool) -> (PostId, String) {
        let choice = |name: &str| Choice {
            name: name.to_owned(),
            votes: 0,
        };
        let poll = Poll {
            multiple,
            ends_at: Some(self.hall.operations.now().plus_seconds(DAY)),
            choices: ["Green", "Black"].map(choice).into(),
            ..Poll::default()
        };
        let ask = CreatePost {
            extra: Extra::Poll(poll),
            ..text_post(self.tea, "Which tea?", "")
        };
        let id = self.hall.run(self.anna, ask).await.unwrap();
        (id, format!("http://hub.test/post/{id}"))
    }
}

/// A question as Mastodon words it.
fn question(room: &Room, by: &FakeActor) -> Value {
    let mut question = room.peer.note(by, 3, &room.group(), "Which pot?");
    question["type"] = json!("Question");
    question["endTime"] = json!("2026-06-08T12:00:00Z");
    question["votersCount"] = json!(4);
    question["oneOf"] = json!([
        {"type": "Note", "name": "Iron", "replies": {"type": "Collection", "totalItems": 3}},
        {"type": "Note", "name": "Clay", "replies": {"type": "Collection", "totalItems": 1}}]);
    question
}

/// A vote as Mastodon words it: no time, no words, scalar recipients.
fn vote(by: &FakeActor, number: u32, question: &str, name: &str) -> Value {
    let id = format!("{}#votes/{number}", by.id);
    json!({"@context": "https://www.w3.org/ns/activitystreams", "id": format!("{id}/activity"),
        "type": "Create", "actor": by.id, "to": "http://hub.test/u/anna",
        "object": {"id": id, "type": "Note", "name": name, "attributedTo": by.id,
            "inReplyTo": question, "to": "http://hub.test/u/anna"}})
}

db_test!(
    s093_a_question_becomes_a_poll_with_options_end_and_counts,
    |store| {
        let room = Room::new(store).await;
        let mia = room.peer.person("mia");
        let question = question(&room, &mia);
        room.takes(&mia, &room.peer.create(&mia, &question)).await;
        let post = room.find_post(question["id"].as_str().unwrap()).await;
        let post = post.expect("a post");
        assert_eq!(
            (post.kind, post.title.as_str()),
            (PostKind::Question, "Which pot?")
        );
        let poll = room.poll(post.id).await;
        assert_eq!(poll.ends_at, Ts::parse("2026-06-08T12:00:00Z"));
        assert!(!poll.multiple);
        let names: Vec<_> = poll.choices.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["Iron", "Clay"]);
        assert_eq!(room.tallies(post.id).await, (4, vec![3, 1]));
        assert!(!post.html.contains("Iron"), "the options are no text");
    }
);

db_test!(
    s114_new_counts_change_the_tallies_and_are_no_edit,
    |store| {
        let room = Room::new(store).await;
        let mia = room.peer.person("mia");
        let mut question = question(&room, &mia);
        room.takes(&mia, &room.peer.create(&mia, &question)).await;
        let uri = question["id"].as_str().unwrap().to_owned();
        question["oneOf"][1]["replies"]["totalItems"] = json!(5);
        question["votersCount"] = json!(8);
        question["content"] = json!("<p>This is no edit</p>");
        let mut update = room.peer.act(&mia, "Update", 1, &question);
        room.takes(&mia, &update).await;
        let post = room.find_post(&uri).await.unwrap();
        assert_eq!(room.tallies(post.id).await, (8, vec![3, 5]));
        assert_eq!(post.edited_at, None);
        assert!(post.html.contains("Which pot?"), "{}", post.html);
        let logged = room.last_logged().await;
        assert_eq!(object_of(&logged), ObjectId::Post(post.id));
        assert_eq!(
            logged.entry.relay,
            Some(update.to_string()),
            "it is passed on"
        );
        // The same counts again are nothing new; a later text is an edit.
        let entries = room.hall.log().await.len();
        update["id"] = json!(format!("{}#again", mia.id));
        room.takes(&mia, &update).await;
        assert_eq!(room.hall.log().await.len(), entries);
        question["updated"] = json!("2026-06-01T11:30:00Z");
        let edit = room.peer.act(&mia, "Update", 3, &question);
        room.takes(&mia, &edit).await;
        let post = room.find_post(&uri).await.unwrap();
        assert_eq!(post.edited_at, Ts::parse("2026-06-01T11:30:00Z"));
        assert!(post.html.contains("This is no edit"));
    }
);

db_test!(s114_counts_by_somebody_else_change_nothing, |store| {
    let room = Room::new(store).await;
    let (mia, leo) = (room.peer.person("mia"), room.peer.person("leo"));
    let mut question = question(&room, &mia);
    room.takes(&mia, &room.peer.create(&mia, &question)).await;
    let post = room.find_post(question["id"].as_str().unwrap()).await;
    room.peer
        .serve(question["id"].as_str().unwrap(), json!(404));
    question["votersCount"] = json!(1000);
    let update = room.peer.act(&leo, "Update", 1, &question);
    room.send(&leo, &update).await;
    assert_eq!(room.tallies(post.unwrap().id).await, (4, vec![3, 1]));
});

db_test!(
    s154_a_vote_note_is_counted_with_or_without_a_time_and_is_no_comment,
    |store| {
        let room = Room::new(store).await;
        let (mia, leo) = (room.peer.person("mia"), room.peer.person("leo"));
        let (post, uri) = room.local_poll(false).await;
        room.takes(&mia, &vote(&mia, 1, &uri, "Black")).await;
        let mut timed = vote(&leo, 1, &uri, "Green");
        timed["object"]["published"] = json!("2026-06-01T11:59:00Z");
        room.takes(&leo, &timed).await;
        assert_eq!(room.tallies(post).await, (2, vec![1, 1]));
        let asked = room.hall.read(move |db| posts::find(db, post)).await;
        assert_eq!(asked.unwrap().comment_count, 0);
        assert_eq!(
            room.find_comment(&format!("{}#votes/1", mia.id)).await,
            None
        );
    }
);

db_test!(s154_a_single_choice_is_made_once_and_in_time, |store| {
    let room = Room::new(store).await;
    let (mia, leo) = (room.peer.person("mia"), room.peer.person("leo"));
    let (post, uri) = room.local_poll(false).await;
    room.takes(&mia, &vote(&mia, 1, &uri, "Black")).await;
    for (number, name) in [(2, "Black"), (3, "Green"), (4, "Coffee")] {
        let taken = room.send(&mia, &vote(&mia, number, &uri, name)).await;
        assert_eq!(taken.status, 202);
        assert_eq!(room.tallies(post).await, (1, vec![0, 1]), "{name}");
    }
    room.hall.pass(DAY);
    room.send(&leo, &vote(&leo, 1, &uri, "Green")).await;
    assert_eq!(room.tallies(post).await, (1, vec![0, 1]), "after the end");
});

db_test!(s154_bots_do_not_vote, |store| {
    let room = Room::new(store).await;
    let id = format!("{}/users/robo", room.peer.base);
    let robo = room.peer.actor("Service", &id, "robo", 0);
    let (post, uri) = room.local_poll(false).await;
    room.takes(&robo, &vote(&robo, 1, &uri, "Black")).await;
    assert_eq!(room.tallies(post).await, (0, vec![0, 0]));
});

db_test!(
    s154_a_vote_that_says_its_choice_twice_is_no_private_message,
    |store| {
        let room = Room::new(store).await;
        let mia = room.peer.person("mia");
        let (post, uri) = room.local_poll(true).await;
        for (number, name, content) in [(1, "Black", "<p>Black</p>"), (2, "Green", "<p></p>")] {
            let mut vote = vote(&mia, number, &uri, name);
            vote["object"]["content"] = json!(content);
            room.takes(&mia, &vote).await;
            let id = vote["object"]["id"].as_str().unwrap().to_owned();
            let message = room
                .hall
                .read(move |db| crate::store::messages::find_by_uri(db, &id));
            assert_eq!(message.await, None, "{name}");
        }
        let (_, plain) = room.local_post().await;
        let mut answer = room.peer.answer(&mia, 3, &plain, "Tea");
        answer["name"] = json!("Tea");
        answer["content"] = json!("<p>Tea</p>");
        room.takes(&mia, &room.peer.create(&mia, &answer)).await;
        let id = answer["id"].as_str().unwrap();
        assert!(room.find_comment(id).await.is_some(), "no poll is answered");
        assert_eq!(room.tallies(post).await, (1, vec![1, 1]));
    }
);

db_test!(s154_several_choices_come_one_by_one, |store| {
    let room = Room::new(store).await;
    let mia = room.peer.person("mia");
    let (post, uri) = room.local_poll(true).await;
    room.takes(&mia, &vote(&mia, 1, &uri, "Black")).await;
    room.takes(&mia, &vote(&mia, 2, &uri, "Green")).await;
    assert_eq!(room.tallies(post).await, (1, vec![1, 1]));
});

db_test!(s154_the_vote_of_piefed_is_counted, |store| {
    let room = Room::new(store).await;
    let mia = room.peer.person("mia");
    let (post, uri) = room.local_poll(false).await;
    let vote = json!({"id": format!("{}/activities/pollvote/1", room.peer.base), "type": "PollVote",
        "actor": mia.id, "object": uri, "choice_text": "Green", "audience": room.group()});
    room.takes(&mia, &vote).await;
    assert_eq!(room.tallies(post).await, (1, vec![1, 0]));
});
