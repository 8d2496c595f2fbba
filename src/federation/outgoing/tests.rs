//! Who gets which documents of an entry, in whose name.

use serde_json::Value;

use super::{Reader, documents, fetchable};
use crate::domain::ids::{ActorId, ObjectId};
use crate::federation::quirks::PeerClass;
use crate::operations::comment::CreateComment;
use crate::operations::markup::{Edit, Markup};
use crate::operations::moderation::{ChangeModerator, RemoveObject};
use crate::operations::object::DeleteObject;
use crate::operations::post::UpdatePost;
use crate::operations::reaction::Vote;
use crate::operations::testing::{Hall, answer, from_elsewhere, text_post};
use crate::store::testing::db_test;

/// The documents of the newest entry for a reader, with who signs them.
async fn newest(hall: &Hall, reader: Reader) -> Vec<(ActorId, Value)> {
    let logged = hall.log().await.pop().expect("an entry");
    let (names, live) = (hall.operations.names.clone(), hall.operations.live.clone());
    let sendings = hall
        .read(move |db| documents(db, &names, &live.get(), &logged, reader))
        .await;
    let parse = |body: &[u8]| serde_json::from_slice(body).expect("JSON");
    sendings
        .into_iter()
        .map(|sending| (sending.signer, parse(&sending.body)))
        .collect()
}

const FORUM: Reader = Reader::Follower(PeerClass::Threadiverse);
const MICROBLOG: Reader = Reader::Follower(PeerClass::Microblog);

db_test!(
    a_local_post_is_wrapped_for_forums_and_boosted_for_microblogs,
    |store| {
        let hall = Hall::new(store).await;
        let anna = hall.person("anna").await;
        let group = hall.group("drivers", anna).await;
        let post = hall
            .run(anna, text_post(group, "Meet us", "At **nine**."))
            .await
            .unwrap();
        let uri = format!("http://hub.test/post/{post}");
        let forum = newest(&hall, FORUM).await;
        let [(signer, announce)] = forum.as_slice() else {
            panic!("{forum:?}")
        };
        assert_eq!(*signer, group);
        assert_eq!(announce["object"]["type"], "Create");
        assert_eq!(announce["object"]["object"]["id"], uri);
        assert_eq!(announce["object"]["object"]["name"], "Meet us");
        let microblog = newest(&hall, MICROBLOG).await;
        let [(signer, boost)] = microblog.as_slice() else {
            panic!("{microblog:?}")
        };
        assert_eq!(
            (*signer, boost["object"].as_str()),
            (group, Some(uri.as_str()))
        );
        assert_eq!(
            newest(&hall, Reader::Follower(PeerClass::Both)).await.len(),
            2
        );
        for document in [announce, boost] {
            let id = document["id"].as_str().unwrap();
            let mut parts = id.rsplit('/');
            let uuid = parts.next().unwrap().to_owned();
            let kind = parts.next().unwrap().to_owned();
            let (names, live) = (hall.operations.names.clone(), hall.operations.live.clone());
            let found = hall
                .read(move |db| fetchable(db, &names, &live.get(), &kind, &uuid))
                .await
                .unwrap();
            let found = crate::federation::write::with_context(found);
            assert_eq!(&found, document, "what was sent can be fetched");
        }
    }
);

db_test!(a_foreign_activity_is_announced_as_it_came, |store| {
    let hall = Hall::new(store).await;
    let anna = hall.person("anna").await;
    let mia = hall.remote("mia@peer.test").await;
    let group = hall.group("drivers", anna).await;
    let origin = from_elsewhere("https://peer.test/notes/1", hall.operations.now());
    let post = crate::operations::post::CreatePost {
        origin,
        ..text_post(group, "Hello", "x")
    };
    hall.run(mia, post).await.unwrap();
    let forum = newest(&hall, FORUM).await;
    assert_eq!(forum[0].1["object"]["object"], "https://peer.test/notes/1");
    let microblog = newest(&hall, MICROBLOG).await;
    assert_eq!(microblog[0].1["object"], "https://peer.test/notes/1");
});

db_test!(
    an_answer_goes_to_the_person_answered_signed_by_its_author,
    |store| {
        let hall = Hall::new(store).await;
        let anna = hall.person("anna").await;
        let mia = hall.remote("mia@peer.test").await;
        let group = hall.group("drivers", anna).await;
        let post = ObjectId::Post(hall.post(anna, group, "A question").await);
        let origin = from_elsewhere("https://peer.test/notes/1", hall.operations.now());
        let theirs = hall
            .run(
                mia,
                CreateComment {
                    origin,
                    ..answer(post, "hm")
                },
            )
            .await
            .unwrap();
        hall.run(anna, answer(ObjectId::Comment(theirs), "thank you"))
            .await
            .unwrap();
        let direct = newest(&hall, Reader::Direct(PeerClass::Microblog)).await;
        let [(signer, create)] = direct.as_slice() else {
            panic!("{direct:?}")
        };
        assert_eq!(Some(*signer), anna.actor());
        let note = &create["object"];
        assert_eq!(note["inReplyTo"], "https://peer.test/notes/1");
        let mia_uri = "https://peer.test/users/mia";
        let mentioned = note["tag"]
            .as_array()
            .unwrap()
            .iter()
            .any(|tag| tag["href"] == mia_uri);
        assert!(mentioned, "{note}");
        assert!(
            newest(&hall, MICROBLOG).await.is_empty(),
            "a comment is no boost"
        );
    }
);

db_test!(
    edits_and_deletions_reach_microblogs_from_the_author_as_a_note,
    |store| {
        let hall = Hall::new(store).await;
        let anna = hall.person("anna").await;
        let group = hall.group("drivers", anna).await;
        let post = hall.post(anna, group, "Before").await;
        let update = UpdatePost {
            post,
            title: Some("After".into()),
            body: Some(Markup::Markdown("new".into())),
            link_url: None,
            language: None,
            sensitive: None,
            warning: None,
            attachments: None,
            edit: Edit::Local,
        };
        hall.run(anna, update).await.unwrap();
        let sent = newest(&hall, MICROBLOG).await;
        let [(signer, update)] = sent.as_slice() else {
            panic!("{sent:?}")
        };
        assert_eq!(
            (Some(*signer), &update["object"]["type"]),
            (anna.actor(), &"Note".into())
        );
        assert!(
            update["object"]["content"]
                .as_str()
                .unwrap()
                .contains("After")
        );
        assert_eq!(
            newest(&hall, FORUM).await[0].1["object"]["object"]["type"],
            "Article"
        );
        let object = ObjectId::Post(post);
        hall.run(
            anna,
            DeleteObject {
                object,
                relay: None,
            },
        )
        .await
        .unwrap();
        let sent = newest(&hall, MICROBLOG).await;
        assert_eq!(sent[0].1["object"]["type"], "Tombstone");
        assert_eq!(newest(&hall, FORUM).await[0].1["object"]["type"], "Delete");
    }
);

db_test!(
    votes_spare_microblogs_and_a_removal_of_theirs_is_no_deletion,
    |store| {
        let hall = Hall::new(store).await;
        let anna = hall.person("anna").await;
        let mia = hall.remote("mia@peer.test").await;
        let group = hall.group("drivers", anna).await;
        let origin = from_elsewhere("https://peer.test/notes/1", hall.operations.now());
        let post = crate::operations::post::CreatePost {
            origin,
            ..text_post(group, "Hello", "x")
        };
        let object = ObjectId::Post(hall.run(mia, post).await.unwrap());
        hall.run(
            anna,
            Vote {
                object,
                value: 1,
                relay: None,
            },
        )
        .await
        .unwrap();
        assert!(newest(&hall, MICROBLOG).await.is_empty());
        assert_eq!(newest(&hall, FORUM).await[0].1["object"]["type"], "Like");
        let remove = RemoveObject {
            object,
            reason: "spam".into(),
            relay: None,
        };
        hall.run(anna, remove).await.unwrap();
        let sent = newest(&hall, MICROBLOG).await;
        let [(signer, undo)] = sent.as_slice() else {
            panic!("{sent:?}")
        };
        assert_eq!((*signer, &undo["type"]), (group, &"Undo".into()));
        assert_eq!(undo["object"]["object"], "https://peer.test/notes/1");
        let forum = newest(&hall, FORUM).await;
        assert_eq!(forum[0].1["object"]["summary"], "spam");
    }
);

db_test!(
    s027_moderators_are_added_to_and_removed_from_the_address_that_the_group_names,
    |store| {
        let hall = Hall::new(store).await;
        let anna = hall.person("anna").await;
        let berta = hall.person("berta").await.actor().unwrap();
        let group = hall.group("drivers", anna).await;
        for (added, kind) in [(true, "Add"), (false, "Remove")] {
            let change = ChangeModerator {
                group,
                moderator: berta,
                added,
                relay: None,
            };
            hall.run(anna, change).await.unwrap();
            let announce = &newest(&hall, FORUM).await[0].1;
            assert_eq!(announce["object"]["type"], kind);
            let target = announce["object"]["target"].as_str();
            let moderators = "http://hub.test/c/drivers/moderators";
            assert_eq!(target, Some(moderators), "as attributedTo has it");
        }
    }
);
