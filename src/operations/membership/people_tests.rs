//! People follow people by these rules, on both databases.

use super::*;
use crate::domain::activity::Activity;
use crate::domain::actor::ActorKind;
use crate::domain::block::Distance;
use crate::domain::membership::{Ban, FollowState};
use crate::domain::notice::{NoticeKind, Subject};
use crate::domain::page::PageRequest;
use crate::domain::post::Sort;
use crate::domain::refusal::Kind;
use crate::operations::Operations;
use crate::operations::account::DeleteAccount;
use crate::operations::block::KeepAway;
use crate::operations::filter::SetFilter;
use crate::operations::testing::Hall;
use crate::operations::trial::{
    NOW, actor, admin, hub, member, person, read, refused, remote, run, stranger, told, wait,
};
use crate::store::testing::db_test;
use crate::store::{follows, moderation};
use crate::views::feed::{self, Feed};
use crate::views::{following, notice};

fn follow(person: ActorId) -> FollowPerson {
    FollowPerson { person }
}

fn unfollow(person: ActorId) -> UnfollowPerson {
    UnfollowPerson { person }
}

async fn mia(operations: &Operations) -> ActorId {
    remote(operations, "https://other.test/u/mia", ActorKind::Person).await
}

async fn state(operations: &Operations, of: ActorId, by: ActorId) -> Option<FollowState> {
    let found = read(operations, move |db| follows::find(db, of, by)).await;
    found.map(|follow| follow.state)
}

/// How many lines and notices somebody has of new followers.
async fn notices(operations: &Operations, of: ActorId) -> (usize, usize) {
    let cards = read(operations, move |db| {
        notice::page(db, of, Some(Subject::Followers), PageRequest::first(50))
    })
    .await
    .items;
    let count = cards.len();
    assert!(
        cards
            .iter()
            .all(|card| card.notice.kind == NoticeKind::Followed)
    );
    let days = notice::days(cards, "UTC");
    (days.iter().map(|day| day.lines.len()).sum(), count)
}

/// The titles that stand among what somebody follows.
async fn titles(operations: &Operations, of: ActorId, sort: Sort) -> Vec<String> {
    let page = read(operations, move |db| {
        let feed = Feed::Following(of);
        feed::page(db, Some(of), feed, sort, PageRequest::first(50))
    });
    page.await
        .items
        .into_iter()
        .map(|card| card.post.title)
        .collect()
}

db_test!(somebody_here_is_followed_at_once_and_told_once, |store| {
    let operations = hub(store).await;
    let anna = person(&operations, "anna").await;
    let ben = person(&operations, "ben").await;
    let carl = person(&operations, "carl").await;
    for _ in 0..2 {
        let state = run(&operations, member(ben), follow(anna)).await;
        assert_eq!(state, FollowState::Accepted);
    }
    assert_eq!(actor(&operations, anna).await.followers_count, 1);
    run(&operations, member(ben), unfollow(anna)).await;
    run(&operations, member(ben), unfollow(anna)).await;
    assert_eq!(actor(&operations, anna).await.followers_count, 0);
    run(&operations, member(ben), follow(anna)).await;
    assert_eq!(notices(&operations, anna).await, (1, 1), "no news twice");
    run(&operations, member(carl), follow(anna)).await;
    assert_eq!(notices(&operations, anna).await, (1, 2), "as one line");
    assert_eq!(told(&operations).await, [], "nobody else needs to know");
});

db_test!(somebody_elsewhere_is_asked_and_answers, |store| {
    let operations = hub(store).await;
    let anna = person(&operations, "anna").await;
    let mia = mia(&operations).await;
    for _ in 0..2 {
        let state = run(&operations, member(anna), follow(mia)).await;
        assert_eq!(state, FollowState::Pending);
    }
    let asked = told(&operations).await;
    let [(entry, targets)] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    assert_eq!(entry.activity, Activity::Followed { target: mia });
    assert_eq!((entry.by, targets.as_slice()), (anna, [mia].as_slice()));
    run(&operations, stranger(mia), ReceiveAccept { follower: anna }).await;
    assert_eq!(
        state(&operations, mia, anna).await,
        Some(FollowState::Accepted)
    );
    run(&operations, member(anna), unfollow(mia)).await;
    assert_eq!(state(&operations, mia, anna).await, None);
    let told = told(&operations).await;
    let (entry, targets) = told.last().expect("an Undo");
    assert!(matches!(entry.activity, Activity::Unfollowed { target, .. } if target == mia));
    assert_eq!(targets, &[mia]);

    run(&operations, member(anna), follow(mia)).await;
    run(&operations, stranger(mia), ReceiveReject { follower: anna }).await;
    assert_eq!(
        state(&operations, mia, anna).await,
        Some(FollowState::Refused)
    );
    wait(&operations, 2 * 3600);
    let again = run(&operations, member(anna), follow(mia)).await;
    assert_eq!(again, FollowState::Pending, "asked again");
});

db_test!(who_may_not_follow_is_told_why, |store| {
    let operations = hub(store).await;
    let anna = person(&operations, "anna").await;
    let ben = person(&operations, "ben").await;
    let tea = crate::operations::trial::group(&operations, "tea", None).await;
    let remote = mia(&operations).await;
    let no = refused(&operations, member(anna), follow(anna)).await;
    assert_eq!(no.code, "follow.self");
    let no = refused(&operations, member(anna), follow(tea)).await;
    assert_eq!(no.code, "actor.not_found", "groups are joined");
    let no = refused(&operations, stranger(remote), follow(anna)).await;
    assert_eq!(no.kind, Kind::Forbidden);

    let block = |person| KeepAway {
        person,
        distance: Distance::Blocked,
    };
    run(&operations, member(ben), follow(anna)).await;
    run(&operations, member(anna), follow(ben)).await;
    run(&operations, member(anna), block(ben)).await;
    for (of, by) in [(anna, ben), (ben, anna)] {
        assert_eq!(state(&operations, of, by).await, None, "in both directions");
    }
    let no = refused(&operations, member(ben), follow(anna)).await;
    assert_eq!(no.kind, Kind::Forbidden);
    assert_eq!(no.code, "follow.unwelcome");
    let no = refused(&operations, member(anna), follow(ben)).await;
    assert_eq!(no.code, "follow.blocked");
    assert_eq!(
        notices(&operations, anna).await,
        (0, 0),
        "nothing is said of who is blocked"
    );

    let ban = Ban {
        reason: "spam".to_owned(),
        until: None,
    };
    let banned = operations
        .store
        .write(move |db| moderation::upsert_ban(db, None, ben, &ban, NOW));
    banned.await.unwrap();
    let no = refused(&operations, member(ben), follow(remote)).await;
    assert_eq!(no.kind, Kind::Banned);
});

db_test!(who_is_gone_follows_nobody_and_is_not_followed, |store| {
    let operations = hub(store).await;
    let anna = person(&operations, "anna").await;
    let ben = person(&operations, "ben").await;
    run(&operations, member(ben), follow(anna)).await;
    run(&operations, member(anna), follow(ben)).await;
    let gone = DeleteAccount {
        actor: ben,
        words: None,
    };
    run(&operations, admin(anna), gone).await;
    assert_eq!(actor(&operations, anna).await.followers_count, 0);
    let request = PageRequest::first(10);
    let list = read(&operations, move |db| {
        following::page(db, anna, following::Which::People, request)
    });
    assert_eq!(list.await.items, []);
    let no = refused(&operations, member(anna), follow(ben)).await;
    assert_eq!(no.kind, Kind::Gone);
});

db_test!(what_followed_people_write_stands_in_the_feed, |store| {
    let hall = Hall::over(hub(store).await);
    let operations = &hall.operations;
    let anna = person(operations, "anna").await;
    let ben = person(operations, "ben").await;
    let carl = person(operations, "carl").await;
    let (tea, pots) = (
        hall.group("tea", member(anna)).await,
        hall.group("pots", member(anna)).await,
    );
    hall.post(member(ben), tea, "By ben").await;
    hall.pass(1);
    hall.post(member(carl), tea, "By carl").await;
    hall.pass(1);
    hall.post(member(carl), pots, "In pots").await;
    let none: [&str; 0] = [];
    assert_eq!(titles(operations, anna, Sort::New).await, none);
    run(operations, member(anna), follow(ben)).await;
    run(operations, member(anna), JoinGroup { group: pots }).await;
    for sort in [Sort::New, Sort::Hot, Sort::Active] {
        let found = titles(operations, anna, sort).await;
        assert_eq!(found, ["In pots", "By ben"], "{sort:?}");
    }
    assert_eq!(titles(operations, anna, Sort::Top(None)).await.len(), 2);
    run(operations, member(anna), follow(carl)).await;
    let all = titles(operations, anna, Sort::New).await;
    assert_eq!(all, ["In pots", "By carl", "By ben"], "each once");
    let mute = KeepAway {
        person: carl,
        distance: Distance::Muted,
    };
    run(operations, member(anna), mute).await;
    assert_eq!(titles(operations, anna, Sort::New).await, ["By ben"]);
    let filter = SetFilter {
        phrase: "ben".to_owned(),
        effect: crate::domain::filter::Effect::Hide,
        until: None,
    };
    run(operations, member(anna), filter).await;
    assert_eq!(titles(operations, anna, Sort::New).await, none);
});

db_test!(a_private_group_stays_closed_to_who_follows, |store| {
    let hall = Hall::over(hub(store).await);
    let operations = &hall.operations;
    let anna = person(operations, "anna").await;
    let ben = person(operations, "ben").await;
    let den = hall.group("den", member(ben)).await;
    hall.post(member(ben), den, "Within").await;
    run(operations, member(anna), follow(ben)).await;
    assert_eq!(titles(operations, anna, Sort::New).await, ["Within"]);
    hall.change_actor(den, |group| group.manually_approves = true)
        .await;
    let none: [&str; 0] = [];
    assert_eq!(titles(operations, anna, Sort::New).await, none);
});

db_test!(a_feed_of_many_posts_is_the_same_page_by_page, |store| {
    let hall = Hall::over(hub(store).await);
    let operations = &hall.operations;
    let anna = person(operations, "anna").await;
    let ben = person(operations, "ben").await;
    let tea = hall.group("tea", member(ben)).await;
    let first = hall.post(member(ben), tea, "0").await;
    run(operations, member(anna), follow(ben)).await;
    let copies = hall.write(move |db, _| {
        let post = crate::store::posts::find(db, first)?.expect("a post");
        for number in 1..=1_000_i64 {
            let mut copy = post.clone();
            copy.id = crate::domain::ids::PostId(first.0 + number);
            copy.uri = crate::domain::ids::Uri::trusted(format!("{}/{number}", post.uri));
            copy.published_at = post.published_at.plus_seconds(number);
            copy.title = number.to_string();
            crate::store::posts::insert(db, &copy)?;
        }
        Ok(())
    });
    copies.await;
    let mut request = PageRequest::first(100);
    let mut seen = Vec::new();
    loop {
        let page = read(operations, move |db| {
            let feed = Feed::Following(anna);
            feed::page(db, Some(anna), feed, Sort::New, request)
        });
        let page = page.await;
        seen.extend(page.items.into_iter().map(|card| card.post.title));
        match page.next {
            Some(next) => request.after = Some(next),
            None => break,
        }
    }
    let all: Vec<String> = (0..=1_000).rev().map(|number| number.to_string()).collect();
    assert_eq!(seen, all);
});

db_test!(who_follows_hears_of_a_changed_profile, |store| {
    let operations = hub(store).await;
    let anna = person(&operations, "anna").await;
    let mia = mia(&operations).await;
    let follow = ReceiveFollow {
        target: anna,
        uri: "https://other.test/follows/1".to_owned(),
    };
    run(&operations, stranger(mia), follow).await;
    assert_eq!(notices(&operations, anna).await, (1, 1));
    let update = crate::operations::account::UpdateProfile {
        actor: anna,
        title: Some("Anna".to_owned()),
        bio: None,
        discoverable: None,
        indexable: None,
        automatic: None,
    };
    run(&operations, member(anna), update).await;
    let told = told(&operations).await;
    let (entry, targets) = told.last().expect("an Update");
    assert_eq!(entry.activity, Activity::ProfileUpdated { actor: anna });
    assert_eq!(targets, &[mia]);
});

db_test!(a_page_says_how_many_follow_where_that_is_wanted, |store| {
    let operations = hub(store).await;
    let anna = person(&operations, "anna").await;
    let ben = person(&operations, "ben").await;
    run(&operations, member(ben), follow(anna)).await;
    for (shown, count) in [(true, Some(1)), (false, None)] {
        run(&operations, member(anna), ShowFollowers { shown }).await;
        let profile = read(&operations, move |db| {
            let actor = crate::store::actors::find(db, anna)?.expect("anna");
            crate::views::actor::profile(db, Some(ben), actor)
        });
        let profile = profile.await;
        assert_eq!(profile.followers, count);
        assert_eq!(profile.followed, Some(FollowState::Accepted));
    }
});
