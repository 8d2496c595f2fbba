//! Rules are numbered lists, and what is done by one says so to everybody and to the author.

use crate::domain::caller::Caller;
use crate::domain::flag::{Docket, Lines};
use crate::domain::ids::{ActorId, ObjectId, RuleId};
use crate::domain::membership::Role;
use crate::domain::page::PageRequest;
use crate::domain::refusal::Kind;
use crate::operations::flag::RaiseFlag;
use crate::operations::moderation::RemoveObject;
use crate::operations::testing::Hall;
use crate::store::testing::db_test;
use crate::views::moderation::{self, reports};
use crate::views::{message, rule};

use super::{DropRule, RemoveByRule, ReportByRule, WriteRule};

fn new(group: Option<ActorId>, title: &str) -> WriteRule {
    WriteRule {
        group,
        rule: None,
        number: None,
        title: title.to_owned(),
        text: "Because it is so.".to_owned(),
    }
}

async fn titles(hall: &Hall, group: Option<ActorId>) -> Vec<String> {
    let rules = hall.read(move |db| rule::of(db, group)).await;
    let numbers: Vec<i32> = rules.iter().map(|rule| rule.number).collect();
    let expected: Vec<i32> = (1..).take(rules.len()).collect();
    assert_eq!(numbers, expected, "numbers have no gaps");
    rules.into_iter().map(|rule| rule.title).collect()
}

db_test!(rules_are_written_moved_and_dropped_by_moderators, |store| {
    let hall = Hall::new(store).await;
    let (anna, ben) = (hall.person("anna").await, hall.person("ben").await);
    let group = Some(hall.group("drivers", anna).await);
    let hugo = Caller::Member {
        actor: ben.actor().unwrap(),
        role: Role::Moderator,
    };
    for (who, whose) in [(ben, group), (anna, None), (ben, None)] {
        let refused = hall.run(who, new(whose, "No")).await.unwrap_err();
        assert_eq!(refused.kind, Kind::Forbidden);
    }
    let far = hall.remote_group("far@else.test").await;
    let refused = hall.run(Caller::System, new(Some(far), "No")).await;
    assert_eq!(refused.unwrap_err().code, "rule.elsewhere");
    let refused = hall.run(anna, new(group, " ")).await.unwrap_err();
    assert_eq!(refused.code, "rule.title");
    for title in ["Be kind", "No adverts", "Stay on topic"] {
        hall.run(anna, new(group, title)).await.unwrap();
    }
    hall.run(hugo, new(None, "Of the hub")).await.unwrap();
    assert_eq!(titles(&hall, None).await, ["Of the hub"]);
    let kept = hall.read(move |db| rule::of(db, group)).await;
    let first = WriteRule {
        rule: Some(kept[2].id),
        number: Some(1),
        ..new(group, "On topic, please")
    };
    assert_eq!(hall.run(anna, first).await.unwrap().number, 1);
    let order = ["On topic, please", "Be kind", "No adverts"];
    assert_eq!(titles(&hall, group).await, order);
    let drop = DropRule { rule: kept[0].id };
    assert_eq!(hall.run(ben, drop).await.unwrap_err().kind, Kind::Forbidden);
    hall.run(anna, drop).await.unwrap();
    assert_eq!(
        titles(&hall, group).await,
        ["On topic, please", "No adverts"]
    );
    assert_eq!(
        hall.run(anna, drop).await.unwrap_err().code,
        "rule.not_found"
    );
});

db_test!(a_report_and_a_removal_name_the_rule, |store| {
    let hall = Hall::new(store).await;
    let (anna, ben) = (hall.person("anna").await, hall.person("ben").await);
    let group = hall.group("drivers", anna).await;
    let other = hall.group("bakers", anna).await;
    let rule = hall
        .run(anna, new(Some(group), "No adverts"))
        .await
        .unwrap();
    let foreign = hall.run(anna, new(Some(other), "Not here")).await.unwrap();
    let post = hall.post(ben, group, "Buy now").await;
    let object = ObjectId::Post(post);
    let report = |rule: RuleId, reason: &str| ReportByRule {
        report: RaiseFlag {
            group: Some(group),
            objects: vec![object],
            subject: ben.actor().unwrap(),
            reason: reason.to_owned(),
            uri: None,
        },
        rule: Some(rule),
    };
    let carl = hall.person("carl").await;
    let refused = hall.run(carl, report(foreign.id, "x")).await.unwrap_err();
    assert_eq!(refused.code, "rule.unknown");
    hall.run(carl, report(rule.id, "")).await.unwrap();
    let first = PageRequest::first(10);
    let docket = Docket::Group(group);
    let found = hall.read(move |db| reports(db, docket, true, first)).await;
    assert_eq!(found.items[0].flag.reason, "§ 1 No adverts");
    let remove = |by: Option<RuleId>| RemoveByRule {
        removal: RemoveObject {
            object,
            reason: "again".to_owned(),
            with_replies: false,
            relay: None,
        },
        rule: by,
        message: "Please *stop*.".to_owned(),
    };
    let refused = hall.run(carl, remove(Some(rule.id))).await.unwrap_err();
    assert_eq!(refused.kind, Kind::Forbidden);
    let refused = hall.run(anna, remove(Some(foreign.id))).await.unwrap_err();
    assert_eq!(refused.code, "rule.unknown");
    hall.run(anna, remove(Some(rule.id))).await.unwrap();
    let lines = Lines::Group(group);
    let log = hall
        .read(move |db| moderation::log(db, None, lines, first))
        .await;
    let line = log.items.iter().find(|line| line.entry.action == "remove");
    assert_eq!(line.unwrap().entry.reason, "§ 1 No adverts – again");
    let told = async || {
        let ben = ben.actor().unwrap();
        hall.read(move |db| message::unread(db, ben)).await
    };
    assert_eq!(told().await, 1, "the author is written to");
    let ben_id = ben.actor().unwrap();
    let list = hall.read(move |db| message::page(db, ben_id, first)).await;
    let shown = format!("{list:?}");
    assert!(shown.contains("No adverts"), "{shown}");
    assert!(
        !shown.contains("again"),
        "the reason stands with the post: {shown}"
    );
});

db_test!(
    who_takes_no_messages_is_removed_from_all_the_same,
    |store| {
        use crate::domain::block::MessagePolicy;
        use crate::operations::message::SetMessagePolicy;
        let hall = Hall::new(store).await;
        let (anna, ben) = (hall.person("anna").await, hall.person("ben").await);
        let group = hall.group("drivers", anna).await;
        let post = hall.post(ben, group, "Buy now").await;
        let policy = MessagePolicy::Nobody;
        hall.run(ben, SetMessagePolicy { policy }).await.unwrap();
        let remove = RemoveByRule {
            removal: RemoveObject {
                object: ObjectId::Post(post),
                reason: "an advert".to_owned(),
                with_replies: false,
                relay: None,
            },
            rule: None,
            message: "Please stop.".to_owned(),
        };
        hall.run(anna, remove).await.unwrap();
        let gone = hall
            .read(move |db| crate::store::posts::find(db, post))
            .await;
        assert!(gone.unwrap().removed_at.is_some());
        let ben = ben.actor().unwrap();
        assert_eq!(hall.read(move |db| message::unread(db, ben)).await, 0);
    }
);
