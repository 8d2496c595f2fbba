//! What is listed, in which order and shape (statements 160, 161, 163 and 164 of federation.md).

use std::collections::HashSet;

use super::*;
use crate::domain::caller::Caller;
use crate::domain::poll::{Choice, Poll};
use crate::domain::post::Extra;
use crate::federation::outgoing::fetchable;
use crate::federation::write::strict::{read_featured, read_outbox};
use crate::federation::write::with_context;
use crate::operations::comment::CreateComment;
use crate::operations::moderation::FeaturePost;
use crate::operations::object::DeleteObject;
use crate::operations::post::CreatePost;
use crate::operations::testing::{Hall, answer, from_elsewhere, text_post};
use crate::store::testing::db_test;
use crate::store::{actors, outbox};

async fn group(hall: &Hall, id: crate::domain::ids::ActorId) -> Actor {
    hall.read(move |db| actors::find(db, id)).await.unwrap()
}

async fn of_group(hall: &Hall, group: &Actor, which: &'static str, part: Option<Part>) -> Value {
    let (names, live) = (hall.operations.names.clone(), hall.operations.live.clone());
    let group = group.clone();
    hall.read(move |db| {
        of_actor(
            db,
            &names,
            &live.get(),
            Viewer::Visitor,
            &group,
            (which, part),
        )
    })
    .await
    .expect("there is one")
}

async fn of_thread(hall: &Hall, post: PostId, which: &'static str, part: Option<Part>) -> Value {
    let names = hall.operations.names.clone();
    hall.read(move |db| {
        of_object(
            db,
            &names,
            Viewer::Visitor,
            ObjectId::Post(post),
            which,
            part,
        )
    })
    .await
    .expect("there is one")
}

fn items(document: &Value) -> Vec<String> {
    let items = document["orderedItems"].as_array();
    let items = items.or_else(|| document["items"].as_array());
    items
        .into_iter()
        .flatten()
        .map(|item| item.as_str().expect("an id").to_owned())
        .collect()
}

fn next(document: &Value) -> Option<Part> {
    let page = document["next"].as_str()?.rsplit("page=").next()?;
    Part::parse(page)
}

db_test!(
    s160_an_outbox_is_read_whole_by_lemmy_however_old_its_posts,
    |store| {
        let hall = Hall::new(store).await;
        let anna = hall.person("anna").await;
        let mia = hall.remote("mia@peer.test").await;
        let tea = hall.group("tea", anna).await;
        for number in 0..25 {
            hall.post(anna, tea, &format!("Post {number}")).await;
        }
        let choice = |name: &str| Choice {
            name: name.into(),
            votes: 0,
        };
        let poll = Poll {
            ends_at: Some(hall.operations.now().plus_seconds(3600)),
            choices: ["Green", "Black"].map(choice).into(),
            ..Poll::default()
        };
        let asking = CreatePost {
            extra: Extra::Poll(poll),
            ..text_post(tea, "Which tea?", "")
        };
        hall.run(anna, asking).await.unwrap();
        hall.log().await;
        hall.pass(30 * 24 * 3600);
        let forgotten = hall.write(|db, now| outbox::delete_before(db, now, 25, 100));
        assert_eq!(forgotten.await, 25);
        let fresh = hall.post(anna, tea, "Fresh").await;
        let origin = from_elsewhere("https://peer.test/notes/1", hall.operations.now());
        let theirs = CreatePost {
            origin,
            ..text_post(tea, "Theirs", "x")
        };
        hall.run(mia, theirs).await.unwrap();
        let document = of_group(&hall, &group(&hall, tea).await, "outbox", None).await;
        assert_eq!(document["type"], "OrderedCollection");
        assert_eq!(document["totalItems"], 28);
        let first = format!("{}?page=1", document["id"].as_str().unwrap());
        assert_eq!(document["first"], json!(first));
        let read = read_outbox(&document);
        assert!((18..=20).contains(&read), "{read}");
        let listed = document["orderedItems"].as_array().unwrap();
        let uri = format!("http://hub.test/post/{fresh}");
        assert_eq!(listed[0]["object"]["object"]["id"], json!(uri));
        for item in listed {
            assert_eq!(item["object"]["type"], "Create");
            assert_ne!(item["object"]["object"]["type"], "Question");
            for document in [item, &item["object"]] {
                let id = document["id"].as_str().unwrap();
                let mut words = id.rsplit('/').map(str::to_owned);
                let (uuid, kind) = (words.next().unwrap(), words.next().unwrap());
                let (names, live) = (hall.operations.names.clone(), hall.operations.live.clone());
                let found = hall
                    .read(move |db| {
                        fetchable(db, &names, &live.get(), Viewer::Visitor, (&kind, &uuid))
                    })
                    .await;
                assert_eq!(found.as_ref(), Some(document), "{id} can be fetched");
            }
        }
    }
);

db_test!(s161_what_lemmy_reads_of_a_group_is_in_its_shapes, |store| {
    let hall = Hall::new(store).await;
    let anna = hall.person("anna").await;
    let mia = hall.remote("mia@peer.test").await;
    let tea = hall.group("tea", anna).await;
    let ours = hall.post(anna, tea, "Ours").await;
    let origin = from_elsewhere("https://peer.test/notes/1", hall.operations.now());
    let theirs = CreatePost {
        origin,
        ..text_post(tea, "Theirs", "x")
    };
    let theirs = hall.run(mia, theirs).await.unwrap();
    for post in [ours, theirs] {
        let pin = FeaturePost {
            post,
            featured: true,
            relay: None,
        };
        hall.run(anna, pin).await.unwrap();
    }
    let group = group(&hall, tea).await;
    let featured = of_group(&hall, &group, "featured", None).await;
    assert_eq!(featured["type"], "OrderedCollection");
    assert_eq!(read_featured(&featured), 1, "an id would cost the list");
    let moderators = of_group(&hall, &group, "moderators", None).await;
    assert_eq!(moderators["type"], "OrderedCollection");
    assert_eq!(items(&moderators), ["http://hub.test/u/anna"]);
    assert!(moderators.get("items").is_none());
    let followers = with_context(of_group(&hall, &group, "followers", None).await);
    assert_eq!(
        (&followers["type"], &followers["items"]),
        (&json!("Collection"), &json!([]))
    );
    assert!(followers["totalItems"].is_u64() && followers["id"].is_string());
});

db_test!(s108_a_new_answer_is_listed_with_what_it_answers, |store| {
    let hall = Hall::new(store).await;
    let anna = hall.person("anna").await;
    let tea = hall.group("tea", anna).await;
    let post = hall.post(anna, tea, "Which pot?").await;
    let id = hall.comment(anna, ObjectId::Post(post), "Iron").await;
    let uri = format!("http://hub.test/comment/{id}");
    let names = hall.operations.names.clone();
    let read = move |db: &mut Db| {
        let post = posts::find(db, post)?.expect("it is there");
        document::post(db, &names, &post)
    };
    let whole = post_document(&hall.read(read).await.unwrap());
    let listed = of_thread(&hall, post, "replies", None).await;
    for replies in [&whole["replies"], &listed] {
        assert_eq!(replies["first"]["type"], "CollectionPage");
        assert_eq!(replies["first"]["items"], json!([uri]));
    }
});

db_test!(
    s163_a_context_lists_a_thread_in_order_of_time_with_the_root_first,
    |store| {
        let hall = Hall::new(store).await;
        let anna = hall.person("anna").await;
        let mia = hall.remote("mia@peer.test").await;
        let tea = hall.group("tea", anna).await;
        let post = hall.post(anna, tea, "Which pot?").await;
        let started = hall.operations.now();
        let root = ObjectId::Post(post);
        hall.pass(60);
        let first = hall.comment(anna, root, "First").await;
        hall.pass(60);
        let second = hall.comment(anna, root, "Second").await;
        hall.pass(60);
        let below = hall.comment(anna, ObjectId::Comment(first), "Below").await;
        let gone = hall.comment(anna, root, "Gone").await;
        let delete = DeleteObject {
            object: ObjectId::Comment(gone),
            relay: None,
        };
        hall.run(anna, delete).await.unwrap();
        let late = CreateComment {
            origin: from_elsewhere("https://peer.test/notes/1", started.plus_seconds(30)),
            ..answer(root, "Written first, here last")
        };
        hall.run(mia, late).await.unwrap();
        let ours = |id: CommentId| format!("http://hub.test/comment/{id}");
        let expected = [
            format!("http://hub.test/post/{post}"),
            "https://peer.test/notes/1".to_owned(),
            ours(first),
            ours(second),
            ours(below),
        ];
        let whole = of_thread(&hall, post, "context", None).await;
        assert_eq!(items(&whole), expected);
        assert_eq!(whole["attributedTo"], "http://hub.test/c/tea");
        assert_eq!(whole["totalItems"], 5);
        assert_eq!(of_thread(&hall, post, "context", None).await, whole);
    }
);

async fn fill(hall: &Hall, anna: Caller, root: ObjectId, count: usize) -> HashSet<String> {
    let mut all = HashSet::new();
    for number in 0..count {
        hall.pass(1);
        let id = hall.comment(anna, root, &format!("Comment {number}")).await;
        all.insert(format!("http://hub.test/comment/{id}"));
    }
    all
}

db_test!(
    s164_paging_meets_every_comment_once_while_others_come,
    |store| {
        let hall = Hall::new(store).await;
        let anna = hall.person("anna").await;
        let tea = hall.group("tea", anna).await;
        let post = hall.post(anna, tea, "A long thread").await;
        let root = ObjectId::Post(post);
        let old = fill(&hall, anna, root, 1_000).await;
        for which in ["context", "replies"] {
            let mut met: Vec<String> = Vec::new();
            let mut part = Some(Part::First);
            let mut pages = 0;
            while let Some(asked) = part {
                let page = of_thread(&hall, post, which, Some(asked)).await;
                met.extend(items(&page));
                let in_order = page["type"] == "OrderedCollectionPage";
                assert_eq!(in_order, which == "context", "as the first page says");
                part = next(&page);
                pages += 1;
                if pages <= 5 {
                    fill(&hall, anna, root, 10).await;
                }
            }
            let known: Vec<&String> = met.iter().filter(|id| old.contains(*id)).collect();
            assert_eq!(known.len(), 1_000, "{which}");
            assert_eq!(known.into_iter().collect::<HashSet<_>>().len(), 1_000);
            assert!(pages > 5, "{which}: {pages}");
        }
    }
);

db_test!(a_persons_outbox_says_how_much_everybody_can_read, |store| {
    let hall = Hall::new(store).await;
    let (anna, ben) = (hall.person("anna").await, hall.person("ben").await);
    let tea = hall.group("tea", ben).await;
    let post = hall.post(anna, tea, "Ours").await;
    hall.post(ben, tea, "Theirs").await;
    let object = ObjectId::Post(post);
    let mut comments = Vec::new();
    for text in ["one", "two", "three"] {
        comments.push(hall.comment(anna, object, text).await);
    }
    let gone = DeleteObject {
        object: ObjectId::Comment(comments[0]),
        relay: None,
    };
    hall.run(anna, gone).await.unwrap();
    let person = group(&hall, anna.actor().unwrap()).await;
    let outbox = of_group(&hall, &person, "outbox", None).await;
    assert_eq!(outbox["totalItems"], 3, "{outbox}");
    assert_eq!(outbox["orderedItems"], serde_json::json!([]));
});
