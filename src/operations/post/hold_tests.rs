//! What holds for posts that wait for a moderator's word.

use super::{ApprovePost, CreatePost, RejectPost};
use crate::domain::activity::Activity;
use crate::domain::actor::ActorKind;
use crate::domain::actor::Approval;
use crate::domain::caller::Caller;
use crate::domain::flag::Lines;
use crate::domain::ids::{ActorId, ObjectId, PostId};
use crate::domain::page::PageRequest;
use crate::operations::Operations;
use crate::operations::group::UpdateGroup;
use crate::operations::object::DeleteObject;
use crate::operations::testing::{from_elsewhere, text_post};
use crate::operations::trial::{
    group, hub_with, member, person, read, refused, remote, run, stranger, told,
};
use crate::settings::Settings;
use crate::store::testing::db_test;
use crate::store::{Store, held, notices, posts};
use crate::views::{moderation, search};

/// A hub whose group tea, moderated by anna, lets people in by this rule.
async fn tea(
    store: Store,
    approval: Approval,
    change: impl FnOnce(&mut Settings),
) -> (Operations, ActorId, ActorId) {
    let operations = hub_with(store, change).await;
    let anna = person(&operations, "anna").await;
    let tea = group(&operations, "tea", Some(anna)).await;
    let update = UpdateGroup {
        group: tea,
        title: None,
        summary: None,
        posting_restricted: None,
        discoverable: None,
        approval: Some(approval),
    };
    run(&operations, member(anna), update).await;
    told(&operations).await;
    (operations, anna, tea)
}

fn from_mia(operations: &Operations, tea: ActorId, number: u32, title: &str) -> CreatePost {
    let uri = format!("https://peer.test/notes/{number}");
    CreatePost {
        origin: from_elsewhere(&uri, operations.now()),
        ..text_post(tea, title, "Some **words**.")
    }
}

async fn mia(operations: &Operations) -> Caller {
    stranger(remote(operations, "https://peer.test/u/mia", ActorKind::Person).await)
}

async fn stands(operations: &Operations, id: PostId) -> bool {
    read(operations, move |db| posts::find(db, id))
        .await
        .is_some()
}

async fn queue(operations: &Operations, tea: ActorId) -> Vec<PostId> {
    let page = read(operations, move |db| {
        held::list(db, tea, PageRequest::first(10))
    });
    page.await.items.iter().map(|held| held.id).collect()
}

db_test!(
    s090_nobody_hears_of_a_post_that_waits_until_a_moderator_lets_it_in,
    |store| {
        let (operations, anna, group) = tea(store, Approval::Everybody, |_| ()).await;
        let ben = person(&operations, "ben").await;
        let draft = text_post(group, "Guess who", "It is me, @anna!");
        let id = run(&operations, member(ben), draft).await;
        assert!(!stands(&operations, id).await && told(&operations).await.is_empty());
        let found = read(&operations, |db| {
            search::posts(
                db,
                None,
                &crate::domain::search::Filter::of("guess"),
                PageRequest::first(10),
            )
        });
        assert!(found.await.items.is_empty(), "search");
        let unread = move |db: &mut crate::store::Db| notices::count_unread(db, anna);
        assert_eq!(read(&operations, unread).await, 0, "nobody is notified");
        let queued = read(&operations, move |db| {
            Ok(moderation::waiting_post(db, id).ok())
        });
        let queued = queued.await.unwrap();
        assert_eq!((queued.author.id, queued.group.id), (ben, group));
        let approve = ApprovePost { post: id };
        let refusal = refused(&operations, member(ben), approve.clone()).await;
        assert_eq!(refusal.code, "moderator.required");
        run(&operations, member(anna), approve.clone()).await;
        let post = read(&operations, move |db| posts::find(db, id)).await;
        let post = post.unwrap();
        assert_eq!((post.title.as_str(), post.author), ("Guess who", ben));
        assert_eq!(read(&operations, unread).await, 1);
        let told = told(&operations).await;
        let object = ObjectId::Post(id);
        assert_eq!(told[0].0.activity, Activity::Created { object });
        assert_eq!((told[0].0.by, told.len()), (ben, 1));
        let refusal = refused(&operations, member(anna), approve).await;
        assert_eq!(refusal.code, "held.not_found");
    }
);

db_test!(
    s090_a_foreign_post_is_announced_raw_after_its_approval,
    |store| {
        let (operations, anna, tea) = tea(store, Approval::Everybody, |_| ()).await;
        let mia = mia(&operations).await;
        let first = from_mia(&operations, tea, 1, "As it was");
        let id = run(&operations, mia, first).await;
        let edited = from_mia(&operations, tea, 1, "As it is");
        assert_eq!(run(&operations, mia, edited).await, id, "a newer version");
        assert_eq!(queue(&operations, tea).await, [id]);
        run(&operations, member(anna), ApprovePost { post: id }).await;
        let post = read(&operations, move |db| posts::find(db, id)).await;
        assert_eq!(post.unwrap().title, "As it is");
        let told = told(&operations).await;
        let raw = "{\"object\":\"https://peer.test/notes/1\"}";
        assert_eq!(told[0].0.relay.as_deref(), Some(raw));
    }
);

db_test!(
    a_post_that_is_turned_down_leaves_a_line_in_the_log,
    |store| {
        let (operations, anna, tea) = tea(store, Approval::Everybody, |_| ()).await;
        let mia = mia(&operations).await;
        let post = run(&operations, mia, from_mia(&operations, tea, 1, "Buy now")).await;
        let reject = RejectPost {
            post,
            reason: "an advert".to_owned(),
        };
        run(&operations, member(anna), reject).await;
        assert!(!stands(&operations, post).await && queue(&operations, tea).await.is_empty());
        assert!(told(&operations).await.is_empty());
        let log = read(&operations, move |db| {
            moderation::log(db, None, Lines::Group(tea), PageRequest::first(10))
        });
        let line = log.await.items.remove(0);
        assert_eq!(
            (line.entry.action.as_str(), line.entry.reason.as_str()),
            ("reject", "an advert")
        );
        assert_eq!(line.about.map(|actor| actor.id), mia.actor());
    }
);

db_test!(its_author_takes_a_waiting_post_back, |store| {
    let (operations, anna, tea) = tea(store, Approval::Everybody, |_| ()).await;
    let ben = person(&operations, "ben").await;
    let id = run(&operations, member(ben), text_post(tea, "Rash", "words")).await;
    let delete = DeleteObject {
        object: ObjectId::Post(id),
        relay: None,
    };
    let refusal = refused(&operations, member(anna), delete.clone()).await;
    assert_eq!(refusal.code, "author.required");
    run(&operations, member(ben), delete).await;
    assert!(queue(&operations, tea).await.is_empty() && told(&operations).await.is_empty());
});

db_test!(only_the_first_post_of_a_newcomer_waits, |store| {
    let (operations, anna, tea) = tea(store, Approval::Newcomers, |_| ()).await;
    let mia = mia(&operations).await;
    let first = run(&operations, mia, from_mia(&operations, tea, 1, "First")).await;
    run(&operations, member(anna), ApprovePost { post: first }).await;
    let second = run(&operations, mia, from_mia(&operations, tea, 2, "Second")).await;
    assert!(stands(&operations, second).await);
    let own = run(&operations, member(anna), text_post(tea, "Mine", "x")).await;
    assert!(
        stands(&operations, own).await,
        "moderators are no newcomers"
    );
});

db_test!(no_server_fills_the_queue_alone, |store| {
    let few = |settings: &mut Settings| settings.groups.held_per_server = 2;
    let (operations, _, tea) = tea(store, Approval::Everybody, few).await;
    let mia = mia(&operations).await;
    for number in 1..=2 {
        run(
            &operations,
            mia,
            from_mia(&operations, tea, number, "Again"),
        )
        .await;
    }
    let refusal = refused(&operations, mia, from_mia(&operations, tea, 3, "More")).await;
    assert_eq!(refusal.code, "held.full");
    let leo = remote(&operations, "https://other.test/u/leo", ActorKind::Person).await;
    let elsewhere = CreatePost {
        origin: from_elsewhere("https://other.test/1", operations.now()),
        ..text_post(tea, "From another server", "x")
    };
    run(&operations, stranger(leo), elsewhere).await;
    assert_eq!(queue(&operations, tea).await.len(), 3);
});

db_test!(what_a_banned_person_left_waiting_is_gone, |store| {
    use crate::operations::moderation::Ban;
    let (operations, anna, tea) = tea(store, Approval::Everybody, |_| ()).await;
    let mia = mia(&operations).await;
    run(&operations, mia, from_mia(&operations, tea, 1, "Spam")).await;
    let ban = Ban {
        group: Some(tea),
        actor: mia.actor().unwrap(),
        reason: "spam".to_owned(),
        until: None,
        remove_content: false,
        relay: None,
    };
    run(&operations, member(anna), ban).await;
    assert!(queue(&operations, tea).await.is_empty());
});

db_test!(
    s089_who_posts_too_often_from_elsewhere_is_not_taken,
    |store| {
        let few = |settings: &mut Settings| settings.limits.remote_posts = "2/1h".parse().unwrap();
        let (operations, _, tea) = tea(store, Approval::Nobody, few).await;
        let mia = mia(&operations).await;
        for number in 1..=2 {
            run(
                &operations,
                mia,
                from_mia(&operations, tea, number, "Again"),
            )
            .await;
        }
        let refusal = refused(&operations, mia, from_mia(&operations, tea, 3, "More")).await;
        assert_eq!(refusal.code, "post.flood");
        assert_eq!(told(&operations).await.len(), 2);
        crate::operations::trial::wait(&operations, 3601);
        run(
            &operations,
            mia,
            from_mia(&operations, tea, 4, "An hour later"),
        )
        .await;
    }
);
