//! What holds for moderation.

use crate::domain::activity::Activity;
use crate::domain::caller::Caller;
use crate::domain::flag::{Docket, Lines};
use crate::domain::ids::{ActorId, ObjectId, PostId};
use crate::domain::page::PageRequest;
use crate::domain::post::Sort;
use crate::domain::refusal::Kind;
use crate::operations::flag::{RaiseFlag, ResolveFlag};
use crate::operations::testing::{Hall, answer};
use crate::store::testing::db_test;
use crate::store::{flags, moderation, moderators, posts};
use crate::views::feed::{self, Feed};
use crate::views::moderation::reports;
use crate::views::search;

use super::{Ban, ChangeModerator, FeaturePost, RemoveObject, Unban, UnremoveObject};

/// A report of a post to the moderators of a group, or to the hub's own.
fn report(group: Option<ActorId>, subject: Caller, objects: &[PostId]) -> RaiseFlag {
    RaiseFlag {
        group,
        objects: objects.iter().map(|post| ObjectId::Post(*post)).collect(),
        subject: subject.actor().unwrap(),
        reason: "spam".into(),
        uri: None,
    }
}

fn removal(object: ObjectId) -> RemoveObject {
    RemoveObject {
        object,
        reason: "spam".into(),
        with_replies: true,
        relay: None,
    }
}

db_test!(
    what_is_removed_needs_no_look_at_its_reports_any_more,
    |store| {
        let hall = Hall::new(store).await;
        let (anna, ben) = (hall.person("anna").await, hall.person("ben").await);
        let (mia, oda) = (hall.person("mia").await, hall.remote("oda@far.test").await);
        let group = hall.group("drivers", anna).await;
        let helper = oda.actor().unwrap();
        hall.write(move |db, now| moderators::insert(db, group, helper, now))
            .await;
        let one = hall.post(ben, group, "Buy").await;
        let two = hall.post(ben, group, "Buy more").await;
        let first = hall
            .run(mia, report(Some(group), ben, &[one]))
            .await
            .unwrap();
        let both = hall
            .run(oda, report(Some(group), ben, &[one, two]))
            .await
            .unwrap();
        let hub = hall.run(mia, report(None, ben, &[one])).await.unwrap();
        let open = async |docket| {
            let look =
                move |db: &mut crate::store::Db| reports(db, docket, true, PageRequest::first(10));
            let found = hall.read(look).await.items.into_iter();
            found.map(|one| one.flag.id).collect::<Vec<_>>()
        };
        let resolved = async || {
            let log = hall.log().await;
            log.into_iter()
                .filter_map(|row| match row.entry.activity {
                    Activity::FlagResolved { flag } => Some(flag),
                    _ => None,
                })
                .collect::<Vec<_>>()
        };
        hall.run(anna, removal(ObjectId::Post(one))).await.unwrap();
        assert_eq!(
            open(Docket::Group(group)).await,
            [both],
            "the other one stands"
        );
        assert_eq!(
            open(Docket::Hub).await,
            [hub],
            "not on the desk of who removed it"
        );
        assert_eq!(
            resolved().await,
            [first],
            "whoever looks after it elsewhere hears of it"
        );
        let done = hall.read(move |db| flags::find(db, first)).await.unwrap();
        assert_eq!(done.resolved_by, anna.actor());
        hall.run(anna, removal(ObjectId::Post(two))).await.unwrap();
        assert_eq!(open(Docket::Group(group)).await, []);
    }
);

db_test!(
    reports_of_answers_that_go_along_are_closed_too_on_both_desks,
    |store| {
        let hall = Hall::new(store).await;
        let (anna, ben) = (hall.person("anna").await, hall.person("ben").await);
        let mia = hall.person("mia").await;
        let group = hall.group("drivers", anna).await;
        let post = ObjectId::Post(hall.post(ben, group, "Buy").await);
        let comment = ObjectId::Comment(hall.comment(ben, post, "here").await);
        for group in [None, Some(group)] {
            let mut about = report(group, ben, &[]);
            about.objects = vec![comment];
            hall.run(mia, about).await.unwrap();
        }
        hall.run(Caller::System, removal(post)).await.unwrap();
        for docket in [Docket::Group(group), Docket::Hub] {
            let look =
                move |db: &mut crate::store::Db| reports(db, docket, true, PageRequest::first(10));
            assert!(hall.read(look).await.items.is_empty(), "{docket:?}");
        }
    }
);

db_test!(a_reason_is_bounded, |store| {
    let hall = Hall::new(store).await;
    let anna = hall.person("anna").await;
    let mia = hall.remote("mia@other.test").await;
    let group = hall.group("drivers", anna).await;
    let moderator = mia.actor().unwrap();
    hall.write(move |db, now| moderators::insert(db, group, moderator, now))
        .await;
    let post = hall.post(anna, group, "Loud").await;
    let remove = RemoveObject {
        object: ObjectId::Post(post),
        reason: "a".repeat(1_001),
        with_replies: false,
        relay: None,
    };
    let refused = hall.run(anna, remove.clone()).await.unwrap_err();
    assert_eq!(refused.code, "moderation.reason");
    hall.run(mia, remove).await.unwrap();
    let removed = hall.read(move |db| posts::find(db, post)).await.unwrap();
    assert_eq!(removed.removal_reason.map(|said| said.len()), Some(1_000));
});

db_test!(
    a_ban_ends_by_itself_removes_content_and_is_logged,
    |store| {
        let hall = Hall::new(store).await;
        let anna = hall.person("anna").await;
        let oda = hall.remote("oda@other.test").await;
        let group = hall.group("drivers", anna).await;
        let spam = hall.post(anna, group, "Kept").await;
        let theirs = hall
            .run(
                oda,
                crate::operations::testing::text_post(group, "Buy my stuff", "now"),
            )
            .await
            .unwrap();
        let actor = oda.actor().unwrap();
        let ban = Ban {
            group: Some(group),
            actor,
            reason: "spam".into(),
            until: Some(hall.operations.now().plus_seconds(3600)),
            remove_content: true,
            relay: None,
        };
        assert_eq!(
            hall.run(oda, ban.clone()).await.unwrap_err().kind,
            Kind::Forbidden
        );
        hall.run(anna, ban).await.unwrap();
        let page = hall
            .read(move |db| {
                feed::page(
                    db,
                    None,
                    Feed::Group(group),
                    Sort::New,
                    PageRequest::first(10),
                )
            })
            .await;
        assert_eq!(
            page.items
                .iter()
                .map(|card| card.post.id)
                .collect::<Vec<_>>(),
            [spam]
        );
        let refusal = hall
            .run(oda, answer(ObjectId::Post(spam), "again"))
            .await
            .unwrap_err();
        assert_eq!(refusal.kind, Kind::Banned);
        assert!(
            refusal.sentence.contains("spam"),
            "the reason is given: {}",
            refusal.sentence
        );
        hall.pass(3601);
        hall.run(oda, answer(ObjectId::Post(spam), "sorry"))
            .await
            .unwrap();
        let log = hall
            .read(move |db| {
                moderation::list_log(
                    db,
                    crate::domain::caller::Viewer::Visitor,
                    Lines::Group(group),
                    PageRequest::first(9),
                )
            })
            .await;
        let actions: Vec<_> = log
            .items
            .iter()
            .map(|entry| entry.action.as_str())
            .collect();
        assert_eq!(actions, ["remove", "ban"]);
        let stored = hall.read(move |db| posts::find(db, theirs)).await.unwrap();
        assert_eq!(stored.removal_reason.as_deref(), Some("spam"));
        hall.run(
            anna,
            Unban {
                group: Some(group),
                actor,
                relay: None,
            },
        )
        .await
        .unwrap();
    }
);

db_test!(
    removing_and_restoring_are_told_and_change_what_is_seen,
    |store| {
        let hall = Hall::new(store).await;
        let anna = hall.person("anna").await;
        let ben = hall.person("ben").await;
        let group = hall.group("drivers", anna).await;
        let post = hall.post(ben, group, "Rude words").await;
        let object = ObjectId::Post(post);
        let reason = "rude".to_owned();
        let remove = RemoveObject {
            object,
            reason: reason.clone(),
            with_replies: false,
            relay: None,
        };
        assert_eq!(
            hall.run(ben, remove.clone()).await.unwrap_err().code,
            "moderator.required"
        );
        hall.run(anna, remove).await.unwrap();
        let search = || async {
            hall.read(|db| {
                search::posts(
                    db,
                    None,
                    &crate::domain::search::Filter::of("rude"),
                    PageRequest::first(5),
                )
            })
            .await
            .items
            .len()
        };
        assert_eq!(search().await, 0);
        hall.run(
            anna,
            UnremoveObject {
                object,
                reason: reason.clone(),
                relay: None,
            },
        )
        .await
        .unwrap();
        assert_eq!(search().await, 1);
        let log = hall.log().await;
        assert_eq!(
            log[1].entry.activity,
            Activity::Removed {
                object,
                reason: reason.clone(),
                with_replies: false,
            }
        );
        assert_eq!(
            log[2].entry.activity,
            Activity::Unremoved { object, reason }
        );
    }
);

db_test!(pinned_posts_lead_and_a_group_keeps_a_moderator, |store| {
    let hall = Hall::new(store).await;
    let anna = hall.person("anna").await;
    let ben = hall.person("ben").await;
    let group = hall.group("drivers", anna).await;
    let post = hall.post(ben, group, "Read me first").await;
    hall.run(
        anna,
        FeaturePost {
            post,
            featured: true,
            relay: None,
        },
    )
    .await
    .unwrap();
    assert_eq!(
        hall.read(move |db| feed::featured(db, None, group))
            .await
            .len(),
        1
    );
    let change = |caller: Caller, added| ChangeModerator {
        group,
        moderator: caller.actor().unwrap(),
        added,
        relay: None,
    };
    let refusal = hall.run(anna, change(anna, false)).await.unwrap_err();
    assert_eq!(refusal.code, "moderator.last");
    hall.run(anna, change(ben, true)).await.unwrap();
    let refusal = hall.run(ben, change(anna, false)).await.unwrap_err();
    assert_eq!(refusal.code, "moderator.rank", "statement 142");
    hall.run(anna, change(anna, false)).await.unwrap();
    assert_eq!(
        hall.run(anna, change(anna, true)).await.unwrap_err().kind,
        Kind::Forbidden
    );
});

db_test!(
    reports_reach_the_moderators_and_are_resolved_together,
    |store| {
        let hall = Hall::new(store).await;
        let anna = hall.person("anna").await;
        let ben = hall.person("ben").await;
        let mia = hall.remote("mia@peer.test").await;
        let group = hall.group("drivers", anna).await;
        let post = hall.post(ben, group, "Hmm").await;
        let flag = |reason: &str| RaiseFlag {
            group: Some(group),
            objects: vec![ObjectId::Post(post)],
            subject: ben.actor().unwrap(),
            reason: reason.to_owned(),
            uri: None,
        };
        assert_eq!(
            hall.run(anna, flag(" ")).await.unwrap_err().code,
            "flag.reason"
        );
        let first = hall.run(anna, flag("spam")).await.unwrap();
        hall.run(mia, flag("off topic")).await.unwrap();
        let open = || async {
            hall.read(move |db| reports(db, Docket::Group(group), true, PageRequest::first(10)))
                .await
                .items
        };
        let list = open().await;
        assert_eq!(list.len(), 2);
        assert_eq!(list[0].things[0].excerpt, "Hmm");
        assert_eq!(
            hall.run(ben, ResolveFlag { flag: first })
                .await
                .unwrap_err()
                .kind,
            Kind::Forbidden
        );
        hall.run(anna, ResolveFlag { flag: first }).await.unwrap();
        assert!(open().await.is_empty());
    }
);
