//! Private messages that are shown to moderators.

use crate::domain::activity::{Activity, Origin};
use crate::domain::caller::Caller;
use crate::domain::flag::Docket;
use crate::domain::ids::MessageId;
use crate::domain::page::PageRequest;
use crate::operations::markup::{Foreign, Markup};
use crate::operations::message::SendMessage;
use crate::operations::testing::{Hall, from_elsewhere};
use crate::store::testing::db_test;
use crate::views::moderation::{Report, reports};

use super::ReportMessage;

async fn write(hall: &Hall, by: Caller, to: Caller, body: &str) -> MessageId {
    let (body, origin) = if let Caller::Remote { .. } = by {
        let uri = format!("https://peer.test/m/{body}");
        let body = Markup::Html(Foreign::new(body, None, vec![], vec![]));
        (body, from_elsewhere(&uri, hall.operations.now()))
    } else {
        (Markup::Markdown(body.to_owned()), Origin::Local)
    };
    let to = vec![to.actor().unwrap()];
    hall.run(by, SendMessage { to, body, origin })
        .await
        .unwrap()
}

fn report(message: MessageId, forward: bool) -> ReportMessage {
    ReportMessage {
        message,
        reason: "threats".into(),
        forward,
        uri: None,
    }
}

async fn docket(hall: &Hall) -> Vec<Report> {
    hall.read(|db| reports(db, Docket::Hub, true, PageRequest::first(20)))
        .await
        .items
}

db_test!(
    a_reported_message_alone_is_shown_to_the_hubs_moderators,
    |store| {
        let hall = Hall::new(store).await;
        let (anna, ben) = (hall.person("anna").await, hall.person("ben").await);
        let carl = hall.person("carl").await;
        write(&hall, anna, ben, "giraffe").await;
        let bad = write(&hall, ben, anna, "zebra").await;
        for who in [ben, carl] {
            let refused = hall.run(who, report(bad, false)).await.unwrap_err();
            assert_eq!(refused.code, "message.not_found");
        }
        let wordless = ReportMessage {
            reason: " ".into(),
            ..report(bad, false)
        };
        let refused = hall.run(anna, wordless).await.unwrap_err();
        assert_eq!(refused.code, "flag.reason");
        hall.run(anna, report(bad, true)).await.unwrap();
        let found = docket(&hall).await;
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].subject.as_ref().map(|one| one.id), ben.actor());
        let shown: Vec<&str> = found[0].things.iter().map(|one| &*one.excerpt).collect();
        assert_eq!(shown, ["zebra"], "nothing else of the conversation");
        assert!(hall.log().await.is_empty(), "it stays here");
    }
);

db_test!(
    the_authors_server_hears_of_it_if_the_reporter_says_so,
    |store| {
        let hall = Hall::new(store).await;
        let anna = hall.person("anna").await;
        let (mia, leo) = (
            hall.remote("mia@peer.test").await,
            hall.remote("leo@peer.test").await,
        );
        for (who, forward) in [(mia, false), (leo, true)] {
            let name = if forward { "one" } else { "two" };
            let message = write(&hall, who, anna, name).await;
            let flag = hall.run(anna, report(message, forward)).await.unwrap();
            let log = hall.log().await;
            assert_eq!(log.len(), usize::from(forward));
            if let Some(row) = log.first() {
                assert_eq!(row.entry.activity, Activity::Flagged { flag });
            }
        }
    }
);

db_test!(a_server_reports_what_its_own_people_got, |store| {
    let hall = Hall::new(store).await;
    let anna = hall.person("anna").await;
    let mia = hall.remote("mia@peer.test").await;
    let (hub, other) = (
        hall.remote("actor@peer.test").await,
        hall.remote("actor@far.test").await,
    );
    let message = write(&hall, anna, mia, "zebra").await;
    let far = hall.run(other, report(message, false)).await.unwrap_err();
    assert_eq!(far.code, "message.not_found");
    hall.run(hub, report(message, false)).await.unwrap();
    assert_eq!(docket(&hall).await[0].things[0].excerpt, "zebra");
});
