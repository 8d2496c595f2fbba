//! Votes, reactions and shares from elsewhere (statements 130 and 135 to 140 of federation.md).

use serde_json::{Value, json};

use super::*;
use crate::federation::quirks::PeerClass;
use crate::operations::reaction::{React, Vote};
use crate::store::reactions;
use crate::store::testing::db_test;

const FORUM: Reader = Reader::Follower(PeerClass::Threadiverse);

/// A vote as Lemmy words it: no recipients.
fn lemmys(room: &Room, by: &FakeActor, kind: &str, number: u32, object: &str) -> Value {
    json!({"id": format!("{}/activities/{kind}/{number}", room.peer.base), "type": kind,
        "actor": by.id, "object": object, "audience": room.group()})
}

async fn emoji(room: &Room, post: PostId) -> Vec<(String, i64)> {
    let list = move |db: &mut crate::store::Db| reactions::tally(db, &[post.0]);
    let found = room.hall.read(list).await.into_iter();
    found.map(|(_, content, count)| (content, count)).collect()
}

db_test!(
    s135_votes_without_recipients_count_once_and_the_last_wins,
    |store| {
        let room = Room::new(store).await;
        let mia = room.peer.person("mia");
        let (post, uri) = room.local_post().await;
        let like = lemmys(&room, &mia, "Like", 1, &uri);
        let again = lemmys(&room, &mia, "Like", 2, &uri);
        let dislike = lemmys(&room, &mia, "Dislike", 3, &uri);
        let mut undo = lemmys(&room, &mia, "Undo", 4, &uri);
        undo["object"] = dislike.clone();
        for (activity, votes) in [
            (like, (1, 0)),
            (again, (1, 0)),
            (dislike, (0, 1)),
            (undo, (0, 0)),
        ] {
            room.takes(&mia, &activity).await;
            assert_eq!(room.votes(post).await, votes, "{activity}");
        }
    }
);

db_test!(
    s136_votes_on_the_unknown_and_for_another_group_do_nothing,
    |store| {
        let room = Room::new(store).await;
        let mia = room.peer.person("mia");
        let (post, uri) = room.local_post().await;
        room.takes(&mia, &lemmys(&room, &mia, "Like", 1, &uri))
            .await;
        let (before, fetches) = (room.hall.log().await.len(), room.peer.fetches());
        let unknown = format!("{}/post/77", room.peer.base);
        let missing = "http://hub.test/post/77".to_owned();
        for (number, object) in [(2, unknown), (3, missing)] {
            let vote = lemmys(&room, &mia, "Like", number, &object);
            room.takes(&mia, &vote).await;
        }
        let mut elsewhere = lemmys(&room, &mia, "Dislike", 4, &uri);
        elsewhere["audience"] = json!("http://hub.test/c/other");
        room.takes(&mia, &elsewhere).await;
        assert_eq!(room.votes(post).await, (1, 0));
        assert_eq!(room.hall.log().await.len(), before);
        assert_eq!(room.peer.fetches(), fetches, "nothing is fetched");
    }
);

db_test!(s137_services_and_authors_do_not_vote, |store| {
    let room = Room::new(store).await;
    let mia = room.peer.person("mia");
    let id = format!("{}/u/bot", room.peer.base);
    let bot = room.peer.actor("Service", &id, "bot", 1);
    let (post, uri) = room.local_post().await;
    room.takes(&bot, &lemmys(&room, &bot, "Like", 1, &uri))
        .await;
    assert_eq!(room.votes(post).await, (0, 0));
    let note = room.peer.note(&mia, 1, &room.group(), "Mine");
    room.takes(&mia, &room.peer.create(&mia, &note)).await;
    let own = note["id"].as_str().unwrap();
    for (kind, number) in [("Like", 2), ("Dislike", 3)] {
        room.takes(&mia, &lemmys(&room, &mia, kind, number, own))
            .await;
    }
    let post = room.find_post(own).await.unwrap();
    assert_eq!(room.votes(post.id).await, (0, 0));
});

db_test!(
    s138_reactions_are_kept_count_as_one_vote_and_are_announced_as_a_like,
    |store| {
        let room = Room::new(store).await;
        let mia = room.peer.person("mia");
        let (post, uri) = room.local_post().await;
        let mut react = room.peer.act(&mia, "EmojiReact", 1, &json!(uri));
        react["content"] = json!("🍵");
        react["proof"] = json!({"type": "DataIntegrityProof"});
        room.takes(&mia, &react).await;
        assert_eq!(room.votes(post).await, (1, 0));
        let told = room.told(FORUM).await;
        let like = &told[0].1["object"];
        assert_eq!(
            (&told[0].1["type"], &like["type"], &like["id"]),
            (&json!("Announce"), &json!("Like"), &react["id"])
        );
        for key in ["content", "tag", "_misskey_reaction", "proof"] {
            assert!(like.get(key).is_none(), "{key} of {like}");
        }
        let mut misskey = room.peer.act(&mia, "Like", 2, &json!(uri));
        misskey["content"] = json!(":cup:");
        misskey["_misskey_reaction"] = json!(":cup:");
        misskey["tag"] = json!([{"type": "Emoji", "name": ":cup:"}]);
        room.takes(&mia, &misskey).await;
        assert_eq!(room.votes(post).await, (1, 0), "one person, one vote");
        let both = [(":cup:".to_owned(), 1), ("🍵".to_owned(), 1)];
        assert_eq!(emoji(&room, post).await, both);
        for (number, activity, votes) in [(3, &react, (1, 0)), (4, &misskey, (0, 0))] {
            room.takes(&mia, &room.peer.act(&mia, "Undo", number, activity))
                .await;
            assert_eq!(room.votes(post).await, votes);
        }
        assert_eq!(emoji(&room, post).await, []);
    }
);

db_test!(
    s139_a_vote_of_a_member_goes_to_the_author_and_to_forums_alone,
    |store| {
        let room = Room::new(store).await;
        let mia = room.peer.person("mia");
        let note = room.peer.note(&mia, 1, &room.group(), "Like me");
        room.takes(&mia, &room.peer.create(&mia, &note)).await;
        let post = room.find_post(note["id"].as_str().unwrap()).await.unwrap();
        let like = Vote {
            object: ObjectId::Post(post.id),
            value: 1,
            relay: None,
        };
        room.hall.run(room.anna, like).await.unwrap();
        assert_eq!(room.inboxes().await, [format!("{}/inbox", mia.id)]);
        let direct = room.told(Reader::Direct(PeerClass::Microblog)).await;
        assert_eq!(direct.len(), 1);
        assert_eq!(Some(direct[0].0), room.anna.actor());
        assert_eq!(
            (&direct[0].1["type"], &direct[0].1["object"]),
            (&json!("Like"), &note["id"])
        );
        let forum = room.told(FORUM).await;
        assert_eq!(
            (&forum[0].1["type"], &forum[0].1["object"]["type"]),
            (&json!("Announce"), &json!("Like"))
        );
        assert!(
            room.told(Reader::Follower(PeerClass::Microblog))
                .await
                .is_empty(),
            "microblogs are spared"
        );
    }
);

db_test!(
    s140_an_undo_bears_the_vote_with_its_id_and_is_matched_by_its_ends,
    |store| {
        let room = Room::new(store).await;
        let (mia, leo) = (room.peer.person("mia"), room.peer.person("leo"));
        let note = room.peer.note(&mia, 1, &room.group(), "Like me");
        room.takes(&mia, &room.peer.create(&mia, &note)).await;
        let post = room.find_post(note["id"].as_str().unwrap()).await.unwrap();
        let vote = |value| Vote {
            object: ObjectId::Post(post.id),
            value,
            relay: None,
        };
        for value in [1, -1] {
            room.hall.run(room.anna, vote(value)).await.unwrap();
            let cast = room.told(FORUM).await.remove(0).1["object"].clone();
            room.hall.run(room.anna, vote(0)).await.unwrap();
            let undo = room.told(FORUM).await.remove(0).1["object"].clone();
            assert_eq!(undo["type"], "Undo");
            for key in ["id", "type", "actor", "object"] {
                assert_eq!(undo["object"][key], cast[key], "{key}");
            }
        }
        let uri = note["id"].as_str().unwrap();
        room.takes(&leo, &lemmys(&room, &leo, "Like", 1, uri)).await;
        assert_eq!(room.votes(post.id).await, (1, 0));
        let mut undo = lemmys(&room, &leo, "Undo", 3, uri);
        undo["object"] = lemmys(&room, &leo, "Like", 2, uri);
        room.takes(&leo, &undo).await;
        assert_eq!(room.votes(post.id).await, (0, 0), "an id never seen");
    }
);

db_test!(s140_an_undo_may_name_no_more_than_an_id, |store| {
    let room = Room::new(store).await;
    let (mia, leo) = (room.peer.person("mia"), room.peer.person("leo"));
    let (post, uri) = room.local_post().await;
    let mut like = room.peer.act(&mia, "Like", 1, &json!(uri));
    like["id"] = json!(format!("{}/activities/1", room.peer.base));
    let mut react = room.peer.act(&leo, "EmojiReact", 2, &json!(uri));
    react["content"] = json!("🍵");
    let share = room.peer.act(&mia, "Announce", 3, &json!(uri));
    for (by, done) in [(&mia, &like), (&leo, &react), (&mia, &share)] {
        room.takes(by, done).await;
    }
    let count = move |db: &mut crate::store::Db| reactions::count_shares(db, ObjectId::Post(post));
    assert_eq!(room.votes(post).await, (2, 0));
    assert_eq!(room.hall.read(count).await, 1);
    let undo =
        |by: &FakeActor, number, done: &Value| room.peer.act(by, "Undo", number, &done["id"]);
    room.peer.serve(like["id"].as_str().unwrap(), like.clone());
    let taken = room.send(&leo, &undo(&leo, 4, &like)).await;
    assert!(
        matches!(taken.outcomes[..], [Outcome::Refused(_)]),
        "{taken:?}"
    );
    assert_eq!(room.votes(post).await, (2, 0), "another's");
    for (by, number, done) in [(&mia, 5, &like), (&leo, 6, &react), (&mia, 7, &share)] {
        room.takes(by, &undo(by, number, done)).await;
    }
    assert_eq!(room.votes(post).await, (0, 0));
    assert!(emoji(&room, post).await.is_empty());
    assert_eq!(room.hall.read(count).await, 0);
    let late = room.peer.act(&mia, "Like", 8, &json!(uri));
    room.takes(&mia, &undo(&mia, 9, &late)).await;
    assert_eq!(room.send(&mia, &late).await.status, 202);
    assert_eq!(
        room.votes(post).await,
        (0, 0),
        "it was undone before it came"
    );
});

db_test!(
    s140_what_is_undone_by_its_id_is_asked_of_its_origin,
    |store| {
        let room = Room::new(store).await;
        let mia = room.peer.person("mia");
        let note = room.peer.note(&mia, 1, &room.group(), "Gone and back");
        room.takes(&mia, &room.peer.create(&mia, &note)).await;
        let uri = note["id"].as_str().unwrap();
        let mut delete = room.peer.act(&mia, "Delete", 2, &json!(uri));
        delete["id"] = json!(format!("{}/activities/2", room.peer.base));
        room.takes(&mia, &delete).await;
        assert!(room.find_post(uri).await.unwrap().deleted_at.is_some());
        room.peer
            .serve(delete["id"].as_str().unwrap(), delete.clone());
        room.takes(&mia, &room.peer.act(&mia, "Undo", 3, &delete["id"]))
            .await;
        assert!(room.find_post(uri).await.unwrap().deleted_at.is_none());
    }
);

db_test!(
    s130_a_share_by_a_person_is_counted_and_changes_nothing_else,
    |store| {
        let room = Room::new(store).await;
        let (mia, leo) = (room.peer.person("mia"), room.peer.person("leo"));
        let (post, uri) = room.local_post().await;
        let before = room.hall.log().await.len();
        let shares = async || {
            let count =
                move |db: &mut crate::store::Db| reactions::count_shares(db, ObjectId::Post(post));
            room.hall.read(count).await
        };
        let stored = room.hall.read(move |db| posts::find(db, post)).await;
        let mias = room.peer.act(&mia, "Announce", 1, &json!(uri));
        room.takes(&mia, &mias).await;
        room.takes(&mia, &room.peer.act(&mia, "Announce", 2, &json!(uri)))
            .await;
        room.takes(&leo, &room.peer.act(&leo, "Announce", 1, &json!(uri)))
            .await;
        assert_eq!(shares().await, 2);
        room.takes(&mia, &room.peer.act(&mia, "Undo", 3, &mias))
            .await;
        assert_eq!(shares().await, 1);
        assert_eq!(
            room.hall.read(move |db| posts::find(db, post)).await,
            stored
        );
        assert_eq!(room.hall.log().await.len(), before);
    }
);

db_test!(
    s138_a_reaction_of_a_member_is_worded_as_its_reader_knows_it,
    |store| {
        let room = Room::new(store).await;
        let mia = room.peer.person("mia");
        let note = room.peer.note(&mia, 1, &room.group(), "React to me");
        room.takes(&mia, &room.peer.create(&mia, &note)).await;
        let post = room.find_post(note["id"].as_str().unwrap()).await.unwrap();
        let react = |on| React {
            object: ObjectId::Post(post.id),
            content: "🎉".into(),
            on,
        };
        room.hall.run(room.anna, react(true)).await.unwrap();
        let direct = async |class| room.told(Reader::Direct(class)).await;
        let mut forms = Vec::new();
        for (class, kind) in [
            (PeerClass::Misskey, Some("Like")),
            (PeerClass::Both, Some("Like")),
            (PeerClass::Pleroma, Some("EmojiReact")),
            (PeerClass::PieFed, Some("EmojiReact")),
            (PeerClass::Microblog, None),
            (PeerClass::Lemmy, None),
        ] {
            let told = direct(class).await;
            assert_eq!(
                told.first().map(|(_, it)| &it["type"]),
                kind.map(|kind| json!(kind)).as_ref()
            );
            if let Some((_, it)) = told.first() {
                assert_eq!((&it["content"], &it["object"]), (&json!("🎉"), &note["id"]));
                assert_eq!(it["to"], json!([room.group(), mia.id]));
                forms.push(it["id"].clone());
            }
        }
        assert!(room.told(FORUM).await.is_empty(), "forums hear of the vote");
        room.hall.run(room.anna, react(false)).await.unwrap();
        let log = room.hall.log().await;
        let told = log.iter().rev().take(4).map(|row| &row.entry.activity);
        let kinds: Vec<&str> = told
            .map(|activity| match activity {
                Deed::Unvoted { .. } => "unvoted",
                Deed::Unreacted { .. } => "unreacted",
                Deed::Reacted { .. } => "reacted",
                Deed::Voted { .. } => "voted",
                _ => "other",
            })
            .collect();
        assert_eq!(kinds, ["unvoted", "unreacted", "reacted", "voted"]);
        assert!(forms.iter().all(|id| *id == forms[0]), "one id: {forms:?}");
    }
);
