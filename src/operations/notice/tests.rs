//! Notices are read by lines, all at once, and unread again, on both databases.

use super::*;
use crate::domain::caller::Caller;
use crate::domain::ids::ObjectId;
use crate::domain::notice::Subject;
use crate::domain::page::PageRequest;
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
