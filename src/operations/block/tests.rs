//! Who is kept away is seen, heard and reached no more, and nobody learns of it.

use crate::domain::activity::{Activity, Origin};
use crate::domain::block::{Distance, MessagePolicy};
use crate::domain::caller::Caller;
use crate::domain::ids::{ActorId, ObjectId};
use crate::domain::page::PageRequest;
use crate::domain::post::Sort;
use crate::operations::markup::Markup;
use crate::operations::membership::{JoinGroup, ReceiveFollow};
use crate::operations::message::{SendMessage, SetMessagePolicy};
use crate::operations::testing::{Hall, answer, from_elsewhere};
use crate::store::testing::db_test;
use crate::store::{blocks, follows};
use crate::views::feed::{self, Feed};
use crate::views::{message, notice, post, search, thread};

use super::{KeepAway, KeepHostAway, LetNear};

fn id(of: Caller) -> ActorId {
    of.actor().unwrap()
}

async fn keep(hall: &Hall, by: Caller, whom: Caller, distance: Distance) {
    let person = id(whom);
    hall.run(by, KeepAway { person, distance }).await.unwrap();
}

fn letter(to: Caller, origin: Origin) -> SendMessage {
    SendMessage {
        to: vec![id(to)],
        body: Markup::Markdown("zebra".to_owned()),
        origin,
    }
}

/// What somebody sees: titles in the feed, words in the thread, found posts, notices, messages.
async fn sees(
    hall: &Hall,
    who: Caller,
    thread: ObjectId,
) -> (Vec<String>, String, usize, i64, i64) {
    let (viewer, ObjectId::Post(opening)) = (who.actor(), thread) else {
        panic!("a thread begins with a post")
    };
    let page = PageRequest::first(50);
    hall.operations
        .store
        .read(move |db| {
            let feed = feed::page(db, viewer, Feed::Everywhere, Sort::New, page)?;
            let titles = feed.items.into_iter().map(|card| card.post.title).collect();
            let thread = thread::thread(db, viewer, opening, page)?;
            let words = thread.comments.items.iter().map(|card| &*card.comment.html);
            let words = words.collect();
            let found = search::posts(
                db,
                viewer,
                &crate::domain::search::Filter::of("zebra"),
                page,
            )?
            .items
            .len();
            let me = viewer.unwrap();
            let listed = notice::page(db, me, None, page)?.items.len();
            let notices = notice::unread(db, me)?;
            assert_eq!(i64::try_from(listed).unwrap(), notices);
            let letters = message::unread(db, me)?;
            Ok::<_, crate::domain::refusal::Refusal>((titles, words, found, notices, letters))
        })
        .await
        .unwrap()
}

db_test!(who_is_kept_away_is_seen_nowhere, |store| {
    let hall = Hall::new(store).await;
    let (anna, ben) = (hall.person("anna").await, hall.person("ben").await);
    let mia = hall.remote("mia@peer.test").await;
    let group = hall.group("tea", anna).await;
    let opening = ObjectId::Post(hall.post(anna, group, "Mine").await);
    for by in [ben, mia] {
        hall.post(by, group, "A zebra").await;
        hall.comment(by, opening, "zebra").await;
    }
    hall.run(ben, letter(anna, Origin::Local)).await.unwrap();
    let from = from_elsewhere("https://peer.test/m/1", hall.operations.now());
    hall.run(mia, letter(anna, from)).await.unwrap();
    let all = sees(&hall, anna, opening).await;
    assert_eq!((all.0.len(), all.2, all.3, all.4), (3, 2, 2, 2), "{all:?}");
    let zebra = "<p>zebra</p>\n";
    assert_eq!(all.1, zebra.repeat(2));

    keep(&hall, anna, ben, Distance::Muted).await;
    let some = sees(&hall, anna, opening).await;
    assert_eq!(
        some,
        (vec!["A zebra".into(), "Mine".into()], zebra.into(), 1, 1, 1)
    );
    let host = KeepHostAway {
        host: "peer.test".into(),
        away: true,
    };
    hall.run(anna, host.clone()).await.unwrap();
    let none = sees(&hall, anna, opening).await;
    assert_eq!(none, (vec!["Mine".into()], String::new(), 0, 0, 1));
    let others = sees(&hall, ben, opening).await;
    assert_eq!(
        (others.0.len(), others.1, others.2),
        (3, zebra.repeat(2), 2)
    );

    hall.run(anna, LetNear { person: id(ben) }).await.unwrap();
    hall.run(
        anna,
        KeepHostAway {
            away: false,
            ..host
        },
    )
    .await
    .unwrap();
    assert_eq!(sees(&hall, anna, opening).await.1, zebra.repeat(2));
    assert!(
        hall.log()
            .await
            .iter()
            .all(|row| matches!(row.entry.activity, Activity::Created { .. })),
        "nobody elsewhere hears of it"
    );
});

db_test!(what_is_kept_away_is_not_opened_by_its_address, |store| {
    let hall = Hall::new(store).await;
    let (anna, ben) = (hall.person("anna").await, hall.person("ben").await);
    let group = hall.group("tea", anna).await;
    let theirs = hall.post(ben, group, "A zebra").await;
    keep(&hall, anna, ben, Distance::Muted).await;
    for (who, code) in [(anna, Some("post.unwanted")), (ben, None)] {
        let viewer = who.actor();
        let card = hall
            .operations
            .store
            .read(move |db| post::visible_card(db, viewer, theirs))
            .await;
        assert_eq!(card.err().map(|no| no.code).as_deref(), code);
    }
});

db_test!(who_is_blocked_neither_answers_nor_notifies, |store| {
    let hall = Hall::new(store).await;
    let (anna, ben) = (hall.person("anna").await, hall.person("ben").await);
    let (mia, carl) = (
        hall.remote("mia@peer.test").await,
        hall.person("carl").await,
    );
    let group = hall.group("tea", carl).await;
    let far = hall.remote_group("far@peer.test").await;
    let mine = ObjectId::Post(hall.post(anna, group, "Mine").await);
    let there = ObjectId::Post(hall.post(anna, far, "There").await);
    for whom in [ben, mia, carl] {
        keep(&hall, anna, whom, Distance::Blocked).await;
    }
    for (who, place, may) in [
        (ben, mine, false),
        (mia, mine, false),
        (carl, mine, true),
        (ben, there, false),
        (mia, there, true),
    ] {
        let mut comment = answer(place, "Hello @anna");
        if who == mia {
            let uri = format!("https://peer.test/c/{}", place.number());
            comment.origin = from_elsewhere(&uri, hall.operations.now());
        }
        let done = hall.run(who, comment).await;
        let code = done.err().map(|no| no.code);
        let refused = (!may).then(|| "comment.unwelcome".into());
        assert_eq!(code, refused, "{who:?} {place:?}");
    }
    hall.comment(
        ben,
        ObjectId::Post(hall.post(ben, group, "Ben's").await),
        "@anna",
    )
    .await;
    let told = hall.read(move |db| notice::unread(db, id(anna))).await;
    assert_eq!(told, 0);
});

db_test!(
    h122_who_is_blocked_writes_to_nobody_and_is_not_told,
    |store| {
        let hall = Hall::new(store).await;
        let (anna, ben) = (hall.person("anna").await, hall.person("ben").await);
        let mia = hall.remote("mia@peer.test").await;
        for whom in [ben, mia] {
            keep(&hall, anna, whom, Distance::Blocked).await;
        }
        let sent = hall.run(ben, letter(anna, Origin::Local)).await.unwrap();
        let from = from_elsewhere("https://peer.test/m/1", hall.operations.now());
        let dropped = hall.run(mia, letter(anna, from)).await.unwrap_err();
        assert_eq!(dropped.code, "message.to", "it reaches nobody here");
        let page = PageRequest::first(20);
        let (me, ben_id) = (id(anna), id(ben));
        let look = hall.read(move |db| {
            let hers = (
                message::conversations(db, me, page)?.items.len(),
                message::page(db, me, page)?.items.len(),
                message::unread(db, me)?,
            );
            Ok((hers, message::page(db, ben_id, page)?.items))
        });
        let (hers, his) = look.await;
        assert_eq!(hers, (0, 0, 0));
        assert_eq!(his[0].message.id, sent, "to him it looks like any other");
        let back = hall.run(anna, letter(ben, Origin::Local)).await;
        assert_eq!(back.unwrap_err().code, "message.to_blocked");
        assert!(hall.log().await.is_empty());
    }
);

db_test!(a_block_ends_follows_and_says_no_more, |store| {
    let hall = Hall::new(store).await;
    let anna = hall.person("anna").await;
    let mia = hall.remote("mia@peer.test").await;
    let follow = || ReceiveFollow {
        target: id(anna),
        uri: "https://peer.test/f/1".into(),
    };
    hall.run(mia, follow()).await.unwrap();
    keep(&hall, anna, mia, Distance::Muted).await;
    let (her, me) = (id(mia), id(anna));
    let still = hall.read(move |db| follows::is_follower(db, me, her));
    assert!(still.await, "who is muted does not notice");
    keep(&hall, anna, mia, Distance::Blocked).await;
    let still = hall.read(move |db| follows::is_follower(db, me, her));
    assert!(!still.await);
    assert_eq!(hall.run(mia, follow()).await.unwrap(), None, "nor again");
    let rejected = Activity::FollowRejected {
        follower: her,
        follow: "https://peer.test/f/1".into(),
    };
    let log: Vec<Activity> = hall
        .log()
        .await
        .into_iter()
        .skip(1)
        .map(|row| row.entry.activity)
        .collect();
    assert_eq!(log, [rejected.clone(), rejected]);
});

db_test!(a_block_from_elsewhere_holds_here, |store| {
    let hall = Hall::new(store).await;
    let (anna, ben) = (hall.person("anna").await, hall.person("ben").await);
    let mia = hall.remote("mia@peer.test").await;
    let group = hall.group("tea", anna).await;
    let hers = ObjectId::Post(hall.post(mia, group, "Hers").await);
    keep(&hall, mia, anna, Distance::Blocked).await;
    let log = hall.log().await.len();
    hall.run(anna, letter(mia, Origin::Local)).await.unwrap();
    assert_eq!(hall.log().await.len(), log, "nothing is delivered to her");
    hall.comment(anna, hers, "As a moderator").await;
    keep(&hall, mia, ben, Distance::Blocked).await;
    let refused = hall.run(ben, answer(hers, "Hello")).await.unwrap_err();
    assert_eq!(refused.code, "comment.unwelcome");
    hall.run(mia, LetNear { person: id(ben) }).await.unwrap();
    hall.comment(ben, hers, "Hello").await;
});

db_test!(what_cannot_be_kept_away, |store| {
    let hall = Hall::new(store).await;
    let anna = hall.person("anna").await;
    let group = hall.group("tea", anna).await;
    let cases = [
        (anna, id(anna), "block.self"),
        (anna, group, "actor.not_found"),
        (anna, ActorId(7), "actor.not_found"),
        (Caller::Visitor, id(anna), "sign_in.required"),
    ];
    for (who, person, code) in cases {
        let distance = Distance::Blocked;
        let refused = hall.run(who, KeepAway { person, distance }).await;
        assert_eq!(refused.unwrap_err().code, code);
    }
    for (host, code) in [("hub.test", "host.own"), ("no host", "host.malformed")] {
        let host = host.to_owned();
        let refused = hall.run(anna, KeepHostAway { host, away: true }).await;
        assert_eq!(refused.unwrap_err().code, code);
    }
});

db_test!(people_say_who_may_write_to_them, |store| {
    let hall = Hall::new(store).await;
    let (anna, ben) = (hall.person("anna").await, hall.person("ben").await);
    let (carl, mia) = (
        hall.person("carl").await,
        hall.remote("mia@peer.test").await,
    );
    let group = hall.group("tea", carl).await;
    for member in [anna, ben] {
        hall.run(member, JoinGroup { group }).await.unwrap();
    }
    let mut number = 0;
    for (policy, from_ben, from_carl, from_mia) in [
        (MessagePolicy::Everybody, true, true, true),
        (MessagePolicy::Known, true, false, false),
        (MessagePolicy::Nobody, false, false, false),
    ] {
        hall.run(anna, SetMessagePolicy { policy }).await.unwrap();
        for (who, may) in [(ben, from_ben), (carl, from_carl), (mia, from_mia)] {
            number += 1;
            let (origin, code) = if who == mia {
                let uri = format!("https://peer.test/m/{number}");
                (from_elsewhere(&uri, hall.operations.now()), "message.to")
            } else {
                (Origin::Local, "message.unwelcome")
            };
            let done = hall.run(who, letter(anna, origin)).await;
            let code = (!may).then(|| code.into());
            assert_eq!(done.err().map(|no| no.code), code, "{policy:?} {who:?}");
        }
    }
    hall.run(anna, letter(carl, Origin::Local)).await.unwrap();
    hall.run(carl, letter(anna, Origin::Local))
        .await
        .expect("whom she wrote to may answer");
    let kept = hall.read(move |db| blocks::message_policy(db, id(anna)));
    assert_eq!(kept.await, MessagePolicy::Nobody);
    let moderator = Caller::Member {
        actor: id(ben),
        role: crate::domain::membership::Role::Moderator,
    };
    let sent = hall.run(moderator, letter(anna, Origin::Local)).await;
    sent.expect("moderators of the hub reach everybody");
});
