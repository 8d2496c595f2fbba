//! Rules about other servers hold by these rules, on both databases.

use super::*;
use crate::domain::caller::Caller;
use crate::domain::flag::Lines;
use crate::domain::host::{HostRule, RuleSource, Severity};
use crate::domain::ids::ObjectId;
use crate::domain::page::PageRequest;
use crate::domain::post::Sort;
use crate::domain::refusal::Kind;
use crate::operations::testing::{Hall, answer, from_elsewhere, text_post};
use crate::store::testing::db_test;
use crate::store::{moderation, notices};
use crate::views::feed::{self, Feed};
use crate::views::post;
use crate::views::search;

fn rule(host: &str, severity: Severity) -> HostRule {
    HostRule::new(host.to_owned(), severity)
}

async fn set(hall: &Hall, host: &str, severity: Severity) {
    let rule = rule(host, severity);
    hall.run(Caller::System, SetHostRule { rule })
        .await
        .unwrap();
}

db_test!(
    only_admins_decide_about_servers_and_never_about_their_own,
    |store| {
        let hall = Hall::new(store).await;
        let anna = hall.person("anna").await;
        let by = |caller, host: &str| {
            let rule = rule(host, Severity::Suspend);
            let hall = hall.clone();
            async move { hall.run(caller, SetHostRule { rule }).await }
        };
        let refusal = by(anna, "bad.example").await.unwrap_err();
        assert_eq!(refusal.kind, Kind::Forbidden);
        for own in ["hub.test", "HUB.test.", "test"] {
            let refusal = by(Caller::System, own).await.unwrap_err();
            assert_eq!(refusal.code, "host.own", "{own}");
        }
        let refusal = by(Caller::System, "https://bad.example").await.unwrap_err();
        assert_eq!(refusal.code, "host.malformed");
        assert!(hall.operations.admits("bad.example").await.unwrap());
        by(Caller::System, "Bad.Example").await.unwrap();
        assert!(!hall.operations.admits("a.bad.example").await.unwrap());
        let lift = LiftHostRule {
            host: "bad.example".into(),
        };
        hall.run(Caller::System, lift.clone()).await.unwrap();
        assert!(hall.operations.admits("a.bad.example").await.unwrap());
        let refusal = hall.run(Caller::System, lift).await.unwrap_err();
        assert_eq!(refusal.kind, Kind::NotFound);
    }
);

db_test!(
    r_24_what_people_of_a_suspended_server_wrote_is_shown_to_nobody,
    |store| {
        let hall = Hall::new(store).await;
        let anna = hall.person("anna").await;
        let mia = hall.remote("mia@peer.test").await;
        let group = hall.group("drivers", anna).await;
        let kept = hall.post(anna, group, "Kept words").await;
        let origin = from_elsewhere("https://peer.test/notes/1", hall.operations.now());
        let theirs = crate::operations::post::CreatePost {
            origin,
            ..text_post(group, "Foreign words", "x")
        };
        let theirs = hall.run(mia, theirs).await.unwrap();
        let origin = from_elsewhere("https://peer.test/notes/2", hall.operations.now());
        let comment = crate::operations::comment::CreateComment {
            origin,
            ..answer(ObjectId::Post(kept), "foreign answer")
        };
        let comment = hall.run(mia, comment).await.unwrap();
        let seen = |feed| {
            let hall = hall.clone();
            async move {
                let page = hall
                    .read(move |db| feed::page(db, None, feed, Sort::New, PageRequest::first(9)))
                    .await;
                page.items.len()
            }
        };
        let found = || async {
            let page = hall.read(|db| {
                search::posts(
                    db,
                    None,
                    &crate::domain::search::Filter::of("words"),
                    PageRequest::first(9),
                )
            });
            page.await.items.len()
        };
        let hidden = || async {
            let card = hall
                .operations
                .store
                .read(move |db| post::comment(db, None, comment));
            card.await.unwrap().comment.hidden()
        };
        for (severity, everywhere, in_group, hides) in [
            (Severity::None, 2, 2, false),
            (Severity::Limit, 1, 2, false),
            (Severity::Suspend, 1, 1, true),
            (Severity::None, 2, 2, false),
        ] {
            set(&hall, "peer.test", severity).await;
            assert_eq!(seen(Feed::Everywhere).await, everywhere, "{severity:?}");
            assert_eq!(seen(Feed::Group(group)).await, in_group, "{severity:?}");
            assert_eq!(found().await, everywhere, "{severity:?}");
            assert_eq!(hidden().await, hides, "{severity:?}");
            let card = hall
                .operations
                .store
                .read(move |db| post::visible_card(db, None, theirs))
                .await;
            assert_eq!(card.is_err(), hides, "{severity:?}");
        }
    }
);

db_test!(people_of_a_limited_server_notify_nobody, |store| {
    let hall = Hall::new(store).await;
    let anna = hall.person("anna").await;
    let mia = hall.remote("mia@peer.test").await;
    let group = hall.group("drivers", anna).await;
    let post = hall.post(anna, group, "A question").await;
    for (number, severity) in [(1, Severity::Limit), (2, Severity::None)] {
        set(&hall, "peer.test", severity).await;
        let uri = format!("https://peer.test/notes/{number}");
        let origin = from_elsewhere(&uri, hall.operations.now());
        let comment = crate::operations::comment::CreateComment {
            origin,
            ..answer(ObjectId::Post(post), "an answer")
        };
        hall.run(mia, comment).await.unwrap();
    }
    let to = anna.actor().unwrap();
    assert_eq!(hall.read(move |db| notices::count_unread(db, to)).await, 1);
});

db_test!(
    a_list_says_what_it_would_change_and_takes_back_what_it_had,
    |store| {
        let hall = Hall::new(store).await;
        hall.remote("mia@bad.example").await;
        let url = "https://lists.example/blocks.csv".to_owned();
        let list = hall
            .run(Caller::System, Subscribe { url: url.clone() })
            .await
            .unwrap();
        let again = hall
            .run(Caller::System, Subscribe { url })
            .await
            .unwrap_err();
        assert_eq!(again.kind, Kind::Conflict);
        let rules = vec![
            rule("bad.example", Severity::Suspend),
            rule("loud.example", Severity::Limit),
        ];
        let look = ImportRules {
            rules: rules.clone(),
            source: RuleSource::List(list),
            dry_run: true,
        };
        let changes = hall.run(Caller::System, look).await.unwrap();
        assert_eq!(changes.added, rules);
        assert!(hall.operations.admits("bad.example").await.unwrap());
        let said = |said| RefreshList { list, said };
        hall.run(Caller::System, said(Ok(rules.clone())))
            .await
            .unwrap();
        assert!(!hall.operations.admits("bad.example").await.unwrap());
        hall.run(Caller::System, said(Err("it is away".into())))
            .await
            .unwrap();
        assert!(
            !hall.operations.admits("bad.example").await.unwrap(),
            "rules stay while the list is away"
        );
        set(&hall, "loud.example", Severity::None).await;
        let rest = vec![rule("loud.example", Severity::Suspend)];
        let changes = hall.run(Caller::System, said(Ok(rest))).await.unwrap();
        assert_eq!((changes.changed.len(), changes.removed.len()), (1, 1));
        assert!(hall.operations.admits("bad.example").await.unwrap());
        assert!(
            hall.operations.admits("loud.example").await.unwrap(),
            "the hand wins over the list"
        );
        hall.run(Caller::System, Unsubscribe { list })
            .await
            .unwrap();
        let left = hall.read(host_rules::list_all).await;
        assert_eq!(left.len(), 1, "the rule set by hand stays: {left:?}");
    }
);

db_test!(the_settings_shut_servers_out_of_sight_too, |store| {
    let hall = Hall::new(store).await;
    let mia = hall.remote("mia@peer.test").await.actor().unwrap();
    let mut settings = (*hall.operations.live.get()).clone();
    settings.federation.blocked_hosts = vec!["peer.test".parse().unwrap()];
    hall.operations.live.reload(settings).unwrap();
    assert!(!hall.operations.admits("peer.test").await.unwrap());
    hall.run(Caller::System, ApplySettings).await.unwrap();
    let shut = hall
        .read(move |db| crate::store::actors::list_suspended(db, &[mia]))
        .await;
    assert_eq!(shut, [mia]);
});

db_test!(
    the_public_log_names_servers_but_those_to_be_hidden,
    |store| {
        let hall = Hall::new(store).await;
        set(&hall, "bad.example", Severity::Suspend).await;
        let mut hidden = rule("hidden.example", Severity::Limit);
        hidden.obfuscate = true;
        hall.run(Caller::System, SetHostRule { rule: hidden })
            .await
            .unwrap();
        assert_eq!(
            logged(&hall).await,
            [
                ("server-limit".to_owned(), None),
                ("server-suspend".to_owned(), Some("bad.example".to_owned()))
            ]
        );
    }
);

/// What the public log says of servers, the newest first.
async fn logged(hall: &Hall) -> Vec<(String, Option<String>)> {
    let lines = hall.read(|db| {
        let viewer = crate::domain::caller::Viewer::Visitor;
        moderation::list_log(db, viewer, Lines::Hub, PageRequest::first(9))
    });
    let lines = lines.await.items.into_iter();
    lines.map(|line| (line.action, line.host)).collect()
}

db_test!(
    the_public_log_names_what_a_list_changes_unless_it_is_very_much,
    |store| {
        let hall = Hall::new(store).await;
        let url = "https://lists.example/blocks.csv".to_owned();
        let list = hall.run(Caller::System, Subscribe { url }).await.unwrap();
        let read = |rules: Vec<HostRule>| RefreshList {
            list,
            said: Ok(rules),
        };
        let mut hidden = rule("hidden.example", Severity::Limit);
        hidden.obfuscate = true;
        let first = vec![rule("bad.example", Severity::Suspend), hidden];
        hall.run(Caller::System, read(first)).await.unwrap();
        let line =
            |what: &str, host: Option<&str>| (format!("server-{what}"), host.map(str::to_owned));
        let mut seen = logged(&hall).await;
        seen.sort();
        assert_eq!(
            seen,
            [line("limit", None), line("suspend", Some("bad.example"))]
        );
        let many = (0..200).map(|n| rule(&format!("n{n}.example"), Severity::Suspend));
        hall.run(Caller::System, read(many.collect()))
            .await
            .unwrap();
        assert_eq!(logged(&hall).await.len(), 3, "one line for all");
        assert_eq!(logged(&hall).await[0], line("import", None));
        let rest = vec![rule("n1.example", Severity::Suspend)];
        hall.run(Caller::System, read(rest)).await.unwrap();
        hall.run(Caller::System, Unsubscribe { list })
            .await
            .unwrap();
        assert_eq!(logged(&hall).await[0], line("lift", Some("n1.example")));
    }
);
