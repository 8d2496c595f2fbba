//! What holds for comments, whoever writes them.

use crate::domain::activity::{Activity, Origin};
use crate::domain::block::Distance;
use crate::domain::caller::Caller;
use crate::domain::ids::{ObjectId, PostId};
use crate::domain::page::PageRequest;
use crate::domain::reading::Watch;
use crate::domain::refusal::Kind;
use crate::operations::block::{KeepAway, KeepHostAway};
use crate::operations::markup::{Edit, Markup};
use crate::operations::moderation::{Ban, LockObject, RemoveObject};
use crate::operations::moving::MoveThread;
use crate::operations::object::{DeleteObject, RestoreObject};
use crate::operations::post::CreatePost;
use crate::operations::reading::WatchThread;
use crate::operations::testing::{Hall, answer, from_elsewhere, text_post};
use crate::store::placed::{self, Look};
use crate::store::testing::db_test;
use crate::store::{Db, comments, moderators, notices, outbox, posts};
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
    assert_eq!(read.post.comment_count, 3);
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

/// Answers by all of them, one after the other or at once: what came of each, and how many entries of
/// the log and notices for `fan` came of all.
async fn answers(
    hall: &Hall,
    of: &[(Caller, PostId)],
    fan: Caller,
    round: &str,
    at_once: bool,
) -> (Vec<String>, i64, i64) {
    let count = async || {
        let fan = fan.actor().unwrap();
        let told = hall.read(move |db| notices::count_unread(db, fan)).await;
        (i64::try_from(hall.log().await.len()).unwrap(), told)
    };
    let before = count().await;
    let mut waiting = Vec::new();
    for (n, (who, post)) in of.iter().enumerate() {
        let mut answer = answer(ObjectId::Post(*post), "I know.");
        if let Caller::Remote { .. } = who {
            let uri = format!("https://peer.test/{round}/{n}");
            answer.origin = from_elsewhere(&uri, hall.operations.clock.now());
        }
        let one = async move {
            let said = hall.run(*who, answer).await;
            said.map_or_else(|refusal| refusal.code.into_owned(), |_id| "said".to_owned())
        };
        waiting.push(one);
    }
    let came = if at_once {
        futures_util::future::join_all(waiting).await
    } else {
        let mut came = Vec::new();
        for one in waiting {
            came.push(one.await);
        }
        came
    };
    let after = count().await;
    (came, after.0 - before.0, after.1 - before.1)
}

db_test!(each_of_a_crowd_is_treated_as_if_alone, |store| {
    let hall = Hall::new(store).await;
    let (anna, fan) = (hall.person("anna").await, hall.person("fan").await);
    let (moderator, plain) = (hall.person("mod").await, hall.person("plain").await);
    let (tea, den) = (hall.group("tea", anna).await, hall.group("den", anna).await);
    let appointed = moderator.actor().unwrap();
    hall.write(move |db, now| moderators::insert(db, tea, appointed, now))
        .await;
    let (open, shut) = (
        hall.post(anna, tea, "Milk first?").await,
        hall.post(anna, tea, "Sugar?").await,
    );
    let moved = hall.post(anna, den, "Lemon?").await;
    let (banned, blocked) = (
        hall.remote("ida@a.test").await,
        hall.remote("uwe@a.test").await,
    );
    let (away, other) = (
        hall.remote("eve@away.test").await,
        hall.remote("kim@a.test").await,
    );
    let watch = Some(Watch::Followed);
    hall.run(fan, WatchThread { post: open, watch })
        .await
        .unwrap();
    let group = tea;
    hall.run(anna, MoveThread { post: moved, group })
        .await
        .unwrap();
    let ban = Ban {
        group: Some(tea),
        actor: banned.actor().unwrap(),
        reason: "Enough.".to_owned(),
        until: None,
        remove_content: false,
        relay: None,
    };
    hall.run(anna, ban.clone()).await.unwrap();
    let (person, distance) = (blocked.actor().unwrap(), Distance::Blocked);
    hall.run(anna, KeepAway { person, distance }).await.unwrap();
    let host = "away.test".to_owned();
    hall.run(anna, KeepHostAway { host, away: true })
        .await
        .unwrap();
    let lock = LockObject {
        object: ObjectId::Post(shut),
        locked: true,
        reason: String::new(),
        relay: None,
    };
    hall.run(anna, lock).await.unwrap();

    let heard = [
        (plain, open),
        (other, open),
        (plain, moved),
        (other, moved),
        (moderator, shut),
    ];
    let alone = answers(&hall, &heard, fan, "alone", false).await;
    assert_eq!(alone, (vec!["said".to_owned(); 5], 7, 2));
    assert_eq!(answers(&hall, &heard, fan, "together", true).await, alone);
    let unheard = [
        (banned, open),
        (blocked, open),
        (away, open),
        (plain, shut),
        (other, shut),
    ];
    let alone = answers(&hall, &unheard, fan, "alone", false).await;
    let codes = ["banned", "comment.unwelcome", "comment.unwelcome"];
    assert_eq!(alone.0[..3], codes);
    assert_eq!(alone.0[3..], ["comment.locked"; 2]);
    assert_eq!(answers(&hall, &unheard, fan, "together", true).await, alone);

    // A wrong look ahead costs no more than a second run, which would hide it here.
    let ban = Ban { group: None, ..ban };
    hall.run(Caller::System, ban.clone()).await.unwrap();
    let ban = Ban {
        actor: plain.actor().unwrap(),
        ..ban
    };
    hall.run(Caller::System, ban).await.unwrap();
    let (person, distance) = (other.actor().unwrap(), Distance::Muted);
    hall.run(anna, KeepAway { person, distance }).await.unwrap();
    let watch = Some(Watch::Muted);
    hall.run(fan, WatchThread { post: shut, watch })
        .await
        .unwrap();
    let people = [anna, fan, moderator, plain, banned, blocked, away, other];
    let now = hall.operations.now();
    let mut told = Vec::new();
    for (post, by) in [open, shut, moved]
        .into_iter()
        .flat_map(|post| people.map(|by| (post, by)))
    {
        let by = by.actor().unwrap();
        for since in [now, now.plus_seconds(-60)] {
            let look = move |db: &mut Db| placed::look_twice(db, Look { post, by }, since);
            let [alone, ahead] = hall.read(look).await;
            assert_eq!(alone, ahead, "{post} by {by:?}");
            let (placed, around) = alone.unwrap();
            told.push([
                placed.moderated,
                placed.banned,
                around.unwelcome,
                around.followed,
                around.moved_from.is_some(),
            ]);
        }
    }
    for fact in 0..5 {
        let both = [false, true].map(|seen| told.iter().any(|facts| facts[fact] == seen));
        assert_eq!(both, [true; 2], "each is seen, and seen missing: {fact}");
    }
});

db_test!(
    a_comment_from_here_is_in_the_language_of_the_post_if_none_is_said,
    |store| {
        let hall = Hall::new(store).await;
        let (anna, mia) = (hall.person("anna").await, hall.remote("mia@far.test").await);
        let tea = hall.group("tea", anna).await;
        let german = CreatePost {
            language: Some("de".to_owned()),
            ..text_post(tea, "Welcher Tee?", "Gern stark.")
        };
        let post = hall.run(anna, german).await.unwrap();
        let said = |language: Option<&str>, origin: Origin| CreateComment {
            language: language.map(str::to_owned),
            origin,
            ..answer(ObjectId::Post(post), "Assam")
        };
        let far = from_elsewhere("https://far.test/notes/1", hall.operations.now());
        for (by, comment, language) in [
            (anna, said(None, Origin::Local), Some("de")),
            (anna, said(Some("en"), Origin::Local), Some("en")),
            (mia, said(None, far), None),
        ] {
            let id = hall.run(by, comment).await.unwrap();
            let kept = hall.read(move |db| comments::find(db, id)).await.unwrap();
            assert_eq!(kept.language.as_deref(), language);
        }
        let odd = hall.run(anna, said(Some("?"), Origin::Local)).await;
        assert_eq!(odd.unwrap_err().kind, Kind::Invalid);
    }
);
