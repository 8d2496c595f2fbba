//! Notices are read by lines, all at once, and unread again, on both databases.

use super::*;
use crate::domain::caller::Caller;
use crate::domain::ids::ObjectId;
use crate::domain::notice::Subject;
use crate::domain::page::PageRequest;
use crate::operations::reaction::{ReceiveVote, Vote};
use crate::operations::testing::Hall;
use crate::operations::trial::{self, NOW};
use crate::store::testing::db_test;
use crate::views::notice::{Day, NoticeCard, days, page};

async fn cards(hall: &Hall, of: Caller, about: Option<Subject>) -> Vec<NoticeCard> {
    let (member, request) = (of.actor().unwrap(), PageRequest::first(50));
    let page = hall.read(move |db| page(db, member, about, request)).await;
    page.items
}

/// Anna's post, answered twice by ben and once by carl, who names her elsewhere the day after.
async fn told(hall: &Hall) -> Caller {
    let operations = &hall.operations;
    let mut people = Vec::new();
    for name in ["anna", "ben", "carl"] {
        people.push(trial::member(trial::person(operations, name).await));
    }
    let [anna, ben, carl] = people[..] else {
        panic!("three people")
    };
    let tea = hall.group("tea", anna).await;
    let post = ObjectId::Post(hall.post(anna, tea, "Which tea?").await);
    for (author, text) in [(ben, "Green."), (carl, "Black."), (ben, "Or white.")] {
        hall.comment(author, post, text).await;
    }
    hall.pass(24 * 3600);
    let other = ObjectId::Post(hall.post(ben, tea, "Coffee").await);
    hall.comment(carl, other, "@anna would know").await;
    anna
}

db_test!(what_is_told_of_one_thing_on_one_day_is_one_line, |store| {
    let hall = Hall::over(trial::hub(store).await);
    let anna = told(&hall).await;
    let lines = |day: &Day| {
        let lines = day.lines.iter();
        lines.map(|line| line.cards.len()).collect::<Vec<_>>()
    };
    let all = days(cards(&hall, anna, None).await, "UTC");
    let shape: Vec<_> = all.iter().map(lines).collect();
    assert_eq!(shape, [vec![1], vec![3]], "{all:?}");
    let names: Vec<_> = all[1].lines[0]
        .people()
        .iter()
        .map(|one| one.name.clone())
        .collect();
    assert_eq!(names, ["ben", "carl"], "each once, the last first");
    assert_eq!(all[1].date, NOW.date("UTC"));
    for (about, count) in [
        (Subject::Answers, 3),
        (Subject::Mentions, 1),
        (Subject::Votes, 0),
        (Subject::Dates, 0),
        (Subject::Moderation, 0),
    ] {
        let found = cards(&hall, anna, Some(about)).await.len();
        assert_eq!(found, count, "{about:?}");
    }
});

db_test!(a_day_is_that_of_the_time_zone, |store| {
    let hall = Hall::over(trial::hub(store).await);
    let anna = told(&hall).await;
    let all = days(cards(&hall, anna, None).await, "Pacific/Kiritimati");
    assert_eq!(all[1].date, NOW.date("Pacific/Kiritimati"));
    assert_ne!(all[1].date, NOW.date("UTC"));
    let none = days(cards(&hall, anna, None).await, "No/Where");
    assert_eq!(none[1].date, NOW.date("UTC"));
});

db_test!(notices_are_read_and_unread_again, |store| {
    let hall = Hall::over(trial::hub(store).await);
    let anna = told(&hall).await;
    let unread = async || {
        let member = anna.actor().unwrap();
        hall.read(move |db| notices::count_unread(db, member)).await
    };
    let first = cards(&hall, anna, None).await[0].notice.id;
    let these = Some(vec![first, -1]);
    hall.run(anna, MarkNoticesRead { these }).await.unwrap();
    assert_eq!(unread().await, 3, "one line");
    hall.pass(60);
    let at = hall
        .run(anna, MarkNoticesRead { these: None })
        .await
        .unwrap();
    assert_eq!(unread().await, 0);
    let stranger = trial::member(trial::person(&hall.operations, "dora").await);
    hall.run(stranger, MarkNoticesUnread { at }).await.unwrap();
    assert_eq!(unread().await, 0, "nobody else's");
    hall.run(anna, MarkNoticesUnread { at }).await.unwrap();
    assert_eq!(unread().await, 3, "what was read before stays read");
});

fn like(object: ObjectId, value: i16) -> Vote {
    Vote {
        object,
        value,
        relay: None,
    }
}

db_test!(likes_of_one_thing_on_one_day_are_one_line, |store| {
    let hall = Hall::over(trial::hub(store).await);
    let anna = told(&hall).await;
    let tea = hall.group("pots", anna).await;
    let post = hall.post(anna, tea, "Which pot?").await;
    let comment = hall.comment(anna, ObjectId::Post(post), "Iron?").await;
    let (post, comment) = (ObjectId::Post(post), ObjectId::Comment(comment));
    let mut fans = Vec::new();
    for name in ["dora", "emil", "fred"] {
        fans.push(trial::member(trial::person(&hall.operations, name).await));
    }
    for fan in &fans {
        hall.run(*fan, like(post, 1)).await.unwrap();
    }
    hall.run(fans[0], like(comment, 1)).await.unwrap();
    hall.run(anna, like(post, 1)).await.unwrap();
    let lines = async || {
        let found = cards(&hall, anna, Some(Subject::Votes)).await;
        let lines = days(found, "UTC").into_iter().flat_map(|day| day.lines);
        let names = |line: &crate::views::notice::Bundle| {
            let people = line.people().into_iter();
            people.map(|one| one.name.clone()).collect::<Vec<_>>()
        };
        lines.map(|line| names(&line)).collect::<Vec<_>>()
    };
    assert_eq!(
        lines().await,
        [vec!["dora"], vec!["fred", "emil", "dora"]],
        "a comment is not its post, and nobody likes their own words"
    );
    for value in [0, 1, -1, 1, 1] {
        hall.run(fans[1], like(post, value)).await.unwrap();
    }
    assert_eq!(
        lines().await,
        [vec!["emil", "fred", "dora"], vec!["dora"]],
        "who thinks better of it is named once"
    );
    hall.run(fans[1], like(post, -1)).await.unwrap();
    assert_eq!(lines().await[0], ["dora"], "nobody is told of a dislike");
});

db_test!(
    a_vote_that_a_group_passed_on_counts_and_names_nobody,
    |store| {
        let hall = Hall::over(trial::hub(store).await);
        let anna = trial::member(trial::person(&hall.operations, "anna").await);
        let away = hall.remote_group("pots@away.test").await;
        let post = ObjectId::Post(hall.post(anna, away, "Which pot?").await);
        for (name, via_group, told) in [("dora", true, 0), ("emil", false, 1)] {
            let fan = hall.remote(&format!("{name}@away.test")).await;
            let vote = ReceiveVote {
                vote: like(post, 1),
                content: None,
                activity: String::new(),
                via_group,
            };
            hall.run(fan, vote).await.unwrap();
            let found = cards(&hall, anna, Some(Subject::Votes)).await;
            assert_eq!(found.len(), told, "{name}");
        }
    }
);
