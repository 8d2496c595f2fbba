//! What holds for comments, whoever writes them.

use crate::domain::activity::Activity;
use crate::domain::ids::ObjectId;
use crate::domain::page::PageRequest;
use crate::domain::refusal::Kind;
use crate::operations::markup::{Edit, Markup};
use crate::operations::moderation::{LockObject, RemoveObject};
use crate::operations::object::{DeleteObject, RestoreObject};
use crate::operations::testing::{Hall, answer, from_elsewhere};
use crate::store::testing::db_test;
use crate::store::{comments, notices, outbox, posts};
use crate::views::thread;

use super::{CreateComment, UpdateComment};

db_test!(answers_thread_in_reading_order_and_are_counted, |store| {
    let hall = Hall::new(store).await;
    let anna = hall.person("anna").await;
    let ben = hall.person("ben").await;
    let group = hall.group("drivers", anna).await;
    let post = hall.post(anna, group, "A question").await;
    let first = hall.comment(ben, ObjectId::Post(post), "first").await;
    let second = hall.comment(ben, ObjectId::Post(post), "second").await;
    let below = hall
        .comment(anna, ObjectId::Comment(first), "below the first")
        .await;
    let read = hall
        .operations
        .store
        .read(move |db| thread::thread(db, None, post, PageRequest::first(10)))
        .await
        .unwrap();
    let order: Vec<_> = read
        .comments
        .items
        .iter()
        .map(|card| card.comment.id)
        .collect();
    assert_eq!(order, [first, below, second]);
    assert_eq!(read.post.post.comment_count, 3);
    assert_eq!(read.comments.items[1].comment.depth, 2);
    let anna_id = anna.actor().unwrap();
    assert_eq!(
        hall.read(move |db| notices::count_unread(db, anna_id))
            .await,
        2
    );
});

db_test!(
    s107_the_author_answered_is_told_wherever_they_are,
    |store| {
        let hall = Hall::new(store).await;
        let anna = hall.person("anna").await;
        let mia = hall.remote("mia@peer.test").await;
        let group = hall.group("drivers", anna).await;
        let post = hall.post(anna, group, "A question").await;
        let origin = from_elsewhere("https://peer.test/notes/1", hall.operations.now());
        let theirs = CreateComment {
            origin,
            ..answer(ObjectId::Post(post), "from afar")
        };
        let theirs = hall.run(mia, theirs).await.unwrap();
        hall.comment(anna, ObjectId::Comment(theirs), "thank you")
            .await;
        let row = hall
            .write(|db, _| outbox::take(db, 10))
            .await
            .pop()
            .expect("the answer");
        let targets = hall.read(move |db| outbox::list_targets(db, row.id)).await;
        assert_eq!(targets.len(), 1);
        assert_eq!(Some(targets[0].actor), mia.actor());
        assert_eq!(targets[0].inbox, "https://peer.test/users/mia/inbox");
    }
);

db_test!(a_locked_thread_takes_answers_of_moderators_only, |store| {
    let hall = Hall::new(store).await;
    let anna = hall.person("anna").await;
    let ben = hall.person("ben").await;
    let group = hall.group("drivers", anna).await;
    let post = hall.post(ben, group, "A question").await;
    let lock = LockObject {
        object: ObjectId::Post(post),
        locked: true,
        reason: String::new(),
        relay: None,
    };
    assert_eq!(
        hall.run(ben, lock.clone()).await.unwrap_err().code,
        "moderator.required"
    );
    hall.run(anna, lock).await.unwrap();
    let refusal = hall
        .run(ben, answer(ObjectId::Post(post), "too late"))
        .await
        .unwrap_err();
    assert_eq!(refusal.code, "comment.locked");
    hall.run(anna, answer(ObjectId::Post(post), "closing words"))
        .await
        .unwrap();
});

db_test!(threads_are_nested_only_so_deep, |store| {
    let hall = Hall::new(store).await;
    let anna = hall.person("anna").await;
    let group = hall.group("drivers", anna).await;
    let mut parent = ObjectId::Post(hall.post(anna, group, "Deep").await);
    for _ in 0..hall.operations.live.get().posts.comment_depth {
        parent = ObjectId::Comment(hall.comment(anna, parent, "deeper").await);
    }
    let refusal = hall
        .run(anna, answer(parent, "too deep"))
        .await
        .unwrap_err();
    assert_eq!(refusal.code, "comment.too_deep");
});

db_test!(nothing_answers_what_is_gone, |store| {
    let hall = Hall::new(store).await;
    let anna = hall.person("anna").await;
    let group = hall.group("drivers", anna).await;
    let post = hall.post(anna, group, "Soon gone").await;
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
    let refusal = hall.run(anna, answer(object, "hello?")).await.unwrap_err();
    assert_eq!(refusal.kind, Kind::Gone);
    assert_eq!(
        hall.run(anna, answer(object, "  ")).await.unwrap_err().kind,
        Kind::Gone
    );
});

db_test!(a_blank_comment_is_refused_and_an_edit_is_told, |store| {
    let hall = Hall::new(store).await;
    let anna = hall.person("anna").await;
    let group = hall.group("drivers", anna).await;
    let post = ObjectId::Post(hall.post(anna, group, "A question").await);
    assert_eq!(
        hall.run(anna, answer(post, " \n")).await.unwrap_err().code,
        "comment.blank"
    );
    let comment = hall.comment(anna, post, "before").await;
    let body = Markup::Markdown("after".into());
    let update = UpdateComment {
        comment,
        body,
        language: None,
        sensitive: None,
        warning: None,
        attachments: None,
        edit: Edit::Local,
    };
    hall.run(anna, update).await.unwrap();
    let stored = hall
        .read(move |db| comments::find(db, comment))
        .await
        .unwrap();
    assert!(stored.html.contains("after") && stored.edited_at.is_some());
    let object = ObjectId::Comment(comment);
    let log = hall.log().await;
    assert_eq!(
        log.last().unwrap().entry.activity,
        Activity::Updated { object }
    );
});

db_test!(deleting_and_removing_keep_the_count_right, |store| {
    let hall = Hall::new(store).await;
    let anna = hall.person("anna").await;
    let ben = hall.person("ben").await;
    let group = hall.group("drivers", anna).await;
    let post = hall.post(anna, group, "A question").await;
    let object = ObjectId::Comment(hall.comment(ben, ObjectId::Post(post), "hm").await);
    let count = || async {
        hall.read(move |db| posts::find(db, post))
            .await
            .unwrap()
            .comment_count
    };
    let delete = || DeleteObject {
        object,
        relay: None,
    };
    let remove = || RemoveObject {
        object,
        reason: "rude".into(),
        with_replies: false,
        relay: None,
    };
    assert_eq!(count().await, 1);
    hall.run(ben, delete()).await.unwrap();
    hall.run(ben, delete()).await.unwrap();
    assert_eq!(count().await, 0);
    hall.run(anna, remove()).await.unwrap();
    assert_eq!(count().await, 0);
    hall.run(
        ben,
        RestoreObject {
            object,
            relay: None,
        },
    )
    .await
    .unwrap();
    assert_eq!(
        count().await,
        0,
        "removed by a moderator, restored by nobody else"
    );
});
