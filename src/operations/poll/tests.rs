//! Polls: who may vote, what is counted, who is told.

use crate::domain::activity::Activity;
use crate::domain::caller::Caller;
use crate::domain::clock::Ts;
use crate::domain::ids::{ActorId, PostId};
use crate::domain::notice::NoticeKind;
use crate::domain::page::PageRequest;
use crate::domain::poll::{Choice, Poll};
use crate::domain::post::{Extra, PostKind};
use crate::operations::post::CreatePost;
use crate::operations::testing::{Hall, from_elsewhere, text_post};
use crate::store::testing::db_test;
use crate::store::{notices, outbox, polls, posts};

use super::{TellPolls, VoteInPoll};

const DAY: i64 = 24 * 3600;

fn asking(group: ActorId, multiple: bool, now: Ts) -> CreatePost {
    let choice = |name: &str| Choice {
        name: name.to_owned(),
        votes: 7,
    };
    let poll = Poll {
        multiple,
        ends_at: Some(now.plus_seconds(DAY)),
        voters: 9,
        choices: ["Green", " Black ", ""].map(choice).into(),
        ..Poll::default()
    };
    CreatePost {
        extra: Extra::Poll(poll),
        ..text_post(group, "Which tea?", "")
    }
}

async fn find(hall: &Hall, post: PostId) -> Poll {
    hall.read(move |db| polls::find(db, post)).await.unwrap()
}

async fn votes(hall: &Hall, post: PostId) -> (i64, Vec<i64>) {
    let poll = find(hall, post).await;
    let votes = poll.choices.iter().map(|choice| choice.votes).collect();
    (poll.voters, votes)
}

async fn vote(hall: &Hall, by: Caller, post: PostId, choices: &[i32]) -> Result<(), String> {
    let choices = choices.to_vec();
    let done = hall.run(by, VoteInPoll { post, choices }).await;
    done.map_err(|refusal| refusal.code.into_owned())
}

db_test!(a_poll_begins_without_votes, |store| {
    let hall = Hall::new(store).await;
    let anna = hall.person("anna").await;
    let group = hall.group("tea", anna).await;
    let now = hall.operations.now();
    let post = hall.run(anna, asking(group, false, now)).await.unwrap();
    let poll = find(&hall, post).await;
    let names: Vec<_> = poll.choices.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["Green", "Black"], "blank lines are no choices");
    assert_eq!(votes(&hall, post).await, (0, vec![0, 0]));
    let kind = hall
        .read(move |db| posts::find(db, post))
        .await
        .unwrap()
        .kind;
    assert_eq!(kind, PostKind::Question);
});

db_test!(a_poll_has_two_options_and_an_end, |store| {
    let hall = Hall::new(store).await;
    let anna = hall.person("anna").await;
    let group = hall.group("tea", anna).await;
    let now = hall.operations.now();
    let with = |change: &dyn Fn(&mut Poll)| {
        let mut post = asking(group, false, now);
        if let Extra::Poll(poll) = &mut post.extra {
            change(poll);
        }
        post
    };
    for (post, code) in [
        (with(&|poll| poll.choices.truncate(1)), "poll.options"),
        (
            with(&|poll| poll.choices[1].name = "Green".into()),
            "poll.option",
        ),
        (
            with(&|poll| poll.choices[1].name = "x".repeat(201)),
            "poll.option",
        ),
        (with(&|poll| poll.ends_at = None), "poll.end"),
        (with(&|poll| poll.ends_at = Some(now)), "poll.end"),
        (
            with(&|poll| poll.ends_at = Some(now.plus_seconds(400 * DAY))),
            "poll.end",
        ),
    ] {
        assert_eq!(hall.run(anna, post).await.unwrap_err().code, code);
    }
});

db_test!(s154_one_vote_for_each_and_none_after_the_end, |store| {
    let hall = Hall::new(store).await;
    let (anna, ben) = (hall.person("anna").await, hall.person("ben").await);
    let mia = hall.remote("mia@peer.test").await;
    let group = hall.group("tea", anna).await;
    let now = hall.operations.now();
    let post = hall.run(anna, asking(group, false, now)).await.unwrap();
    assert_eq!(vote(&hall, ben, post, &[0]).await, Ok(()));
    assert_eq!(vote(&hall, mia, post, &[1]).await, Ok(()));
    for (who, choices, code) in [
        (mia, vec![1], "poll.voted"),
        (mia, vec![0], "poll.voted"),
        (anna, vec![0, 1], "poll.choice"),
        (anna, vec![2], "poll.choice"),
        (anna, vec![-1], "poll.choice"),
        (anna, vec![], "poll.choice"),
        (Caller::Visitor, vec![0], "sign_in.required"),
    ] {
        assert_eq!(
            vote(&hall, who, post, &choices).await,
            Err(code.into()),
            "{choices:?}"
        );
    }
    assert_eq!(votes(&hall, post).await, (2, vec![1, 1]));
    hall.pass(DAY);
    assert_eq!(vote(&hall, anna, post, &[0]).await, Err("poll.over".into()));
    assert_eq!(votes(&hall, post).await, (2, vec![1, 1]));
});

db_test!(s154_several_choices_of_one_person_are_one_voter, |store| {
    let hall = Hall::new(store).await;
    let anna = hall.person("anna").await;
    let mia = hall.remote("mia@peer.test").await;
    let group = hall.group("tea", anna).await;
    let now = hall.operations.now();
    let post = hall.run(anna, asking(group, true, now)).await.unwrap();
    assert_eq!(vote(&hall, anna, post, &[0, 1, 1]).await, Ok(()));
    assert_eq!(vote(&hall, mia, post, &[0]).await, Ok(()));
    assert_eq!(
        vote(&hall, mia, post, &[1]).await,
        Ok(()),
        "choices come one by one"
    );
    assert_eq!(vote(&hall, mia, post, &[1]).await, Err("poll.voted".into()));
    assert_eq!(votes(&hall, post).await, (2, vec![2, 2]));
});

db_test!(
    a_vote_in_a_poll_elsewhere_is_sent_to_its_author_alone,
    |store| {
        let hall = Hall::new(store).await;
        let (anna, leo) = (hall.person("anna").await, hall.remote("leo@far.test").await);
        let mia = hall.remote("mia@peer.test").await;
        let group = hall.group("tea", anna).await;
        let now = hall.operations.now();
        let origin = from_elsewhere("https://peer.test/q/1", now);
        let post = CreatePost {
            origin,
            ..asking(group, true, now)
        };
        let post = hall.run(mia, post).await.unwrap();
        assert_eq!(
            votes(&hall, post).await,
            (9, vec![7, 7, 7]),
            "as its server counts"
        );
        assert_eq!(
            vote(&hall, leo, post, &[0]).await,
            Err("poll.elsewhere".into())
        );
        assert_eq!(vote(&hall, anna, post, &[0, 2]).await, Ok(()));
        assert_eq!(votes(&hall, post).await, (10, vec![8, 7, 8]));
        hall.write(|db, _| outbox::sequence(db, 1000)).await;
        let rows = hall.read(|db| outbox::list_after(db, 0, 100)).await;
        let sent: Vec<_> = rows.iter().rev().take(2).rev().collect();
        for (row, choice) in sent.iter().zip([0, 2]) {
            let entry = &row.logged.entry;
            assert_eq!(entry.activity, Activity::PollVoted { post, choice });
            assert_eq!((Some(entry.by), entry.group), (anna.actor(), None));
            let id = row.id;
            let told = hall.read(move |db| outbox::list_targets(db, id)).await;
            let told: Vec<_> = told.into_iter().map(|one| Some(one.actor)).collect();
            assert_eq!(told, [mia.actor()]);
        }
    }
);

db_test!(counts_are_told_at_most_every_five_minutes, |store| {
    let hall = Hall::new(store).await;
    let (anna, ben) = (hall.person("anna").await, hall.person("ben").await);
    let mia = hall.remote("mia@peer.test").await;
    let group = hall.group("tea", anna).await;
    let now = hall.operations.now();
    let post = hall.run(anna, asking(group, false, now)).await.unwrap();
    let told = async || hall.run(Caller::System, TellPolls).await.unwrap();
    assert_eq!(told().await, 0, "nothing to tell yet");
    vote(&hall, mia, post, &[0]).await.unwrap();
    assert_eq!(told().await, 1);
    let logged = hall.log().await.pop().unwrap();
    assert_eq!(logged.entry.activity, Activity::Tallied { post });
    assert_eq!(logged.entry.group, Some(group));
    vote(&hall, ben, post, &[1]).await.unwrap();
    hall.pass(299);
    assert_eq!(told().await, 0, "not so soon again");
    hall.pass(1);
    assert_eq!(told().await, 1);
    assert_eq!(told().await, 0);
});

db_test!(whoever_took_part_is_told_of_the_end_once, |store| {
    let hall = Hall::new(store).await;
    let (anna, ben) = (hall.person("anna").await, hall.person("ben").await);
    let group = hall.group("tea", anna).await;
    let now = hall.operations.now();
    let post = hall.run(anna, asking(group, false, now)).await.unwrap();
    vote(&hall, ben, post, &[0]).await.unwrap();
    hall.pass(DAY);
    assert_eq!(hall.run(Caller::System, TellPolls).await.unwrap(), 1);
    assert_eq!(hall.run(Caller::System, TellPolls).await.unwrap(), 0);
    for member in [anna, ben] {
        let member = member.actor().unwrap();
        let page = hall
            .read(move |db| notices::list(db, member, None, PageRequest::first(10)))
            .await;
        let kinds: Vec<_> = page.items.iter().map(|notice| notice.kind).collect();
        assert_eq!(kinds, [NoticeKind::PollEnded]);
    }
    assert!(find(&hall, post).await.closed_at.is_some());
    assert_eq!(
        hall.log().await.pop().unwrap().entry.activity,
        Activity::Tallied { post }
    );
});
