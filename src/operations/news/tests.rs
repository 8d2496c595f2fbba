//! Members are told once, as they wish, and no longer when they end it.

use super::*;
use crate::domain::ids::ActorId;
use crate::domain::letter::Letter;
use crate::operations::Operations;
use crate::operations::account::{OpenSession, Suspend};
use crate::operations::trial::{hub, member, person, read, refused, run, wait};
use crate::settings::DigestRhythm;
use crate::store::letters;
use crate::store::testing::db_test;

fn told(topic: Topic) -> News {
    News {
        topic,
        said: "item-answer",
        who: "Ben".to_owned(),
        title: "PH2, always.".to_owned(),
        path: "/post/1".to_owned(),
    }
}

fn news(to: ActorId, from: Option<i64>, upto: i64, topics: &[Topic]) -> TellNews {
    TellNews {
        from,
        upto,
        parcels: vec![Parcel {
            to,
            news: topics.iter().copied().map(told).collect(),
        }],
    }
}

async fn letters(operations: &Operations) -> Vec<Letter> {
    let now = operations.now();
    let take = operations.store.write(move |db| {
        let all = letters::list_due(db, now, 100)?;
        for letter in &all {
            letters::delete(db, letter.id)?;
        }
        Ok::<_, crate::store::StoreError>(all)
    });
    take.await.unwrap()
}

/// The link of a letter as the operation that it runs.
fn link(letter: &Letter) -> Unsubscribe {
    let address = letter.unsubscribe.clone().expect("a link");
    let part = |name: &str| {
        let (_, rest) = address.split_once(&format!("{name}=")).expect("a part");
        rest.split('&').next().unwrap().to_owned()
    };
    Unsubscribe {
        actor: ActorId(part("of").parse().unwrap()),
        ended: Ended::parse(&part("what")).unwrap(),
        seal: part("seal"),
    }
}

db_test!(what_happened_is_told_once, |store| {
    let operations = hub(store).await;
    let anna = person(&operations, "anna").await;
    run(
        &operations,
        Caller::System,
        news(anna, None, 10, &[Topic::Answers]),
    )
    .await;
    let sent = letters(&operations).await;
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].subject, "Ben answered you");
    assert!(
        sent[0].text.contains("https://hub.test/post/1"),
        "{}",
        sent[0].text
    );
    run(
        &operations,
        Caller::System,
        news(anna, None, 10, &[Topic::Answers]),
    )
    .await;
    assert!(
        letters(&operations).await.is_empty(),
        "somebody else told it"
    );
    let two = [Topic::Answers, Topic::Mentions];
    run(&operations, Caller::System, news(anna, Some(10), 20, &two)).await;
    let sent = letters(&operations).await;
    assert_eq!(sent.len(), 1, "what comes together is one letter");
    assert_eq!(link(&sent[0]).ended, Ended::Topics);
    let refusal = refused(&operations, member(anna), news(anna, Some(20), 30, &two)).await;
    assert_eq!(refusal.code, "news.hub");
});

db_test!(members_are_told_as_they_wish, |store| {
    let operations = hub(store).await;
    let anna = person(&operations, "anna").await;
    let off = Wish {
        mail: ByMail::Off,
        push: true,
    };
    let set = SetWishes {
        wishes: vec![(Topic::Answers, off)],
        rhythm: None,
    };
    run(&operations, member(anna), set).await;
    let both = [Topic::Answers, Topic::Polls];
    run(&operations, Caller::System, news(anna, None, 1, &both)).await;
    assert!(
        letters(&operations).await.is_empty(),
        "one is off, the other waits for the digest"
    );
    run(
        &operations,
        Caller::System,
        news(anna, Some(1), 2, &[Topic::Mentions]),
    )
    .await;
    assert_eq!(letters(&operations).await.len(), 1);
    run(&operations, Caller::System, Suspend { actor: anna }).await;
    run(
        &operations,
        Caller::System,
        news(anna, Some(2), 3, &[Topic::Mentions]),
    )
    .await;
    assert!(letters(&operations).await.is_empty(), "she was shut out");
});

db_test!(
    h172_letters_end_by_a_link_that_nobody_can_make_up,
    |store| {
        let operations = hub(store).await;
        let (anna, ben) = (
            person(&operations, "anna").await,
            person(&operations, "ben").await,
        );
        run(
            &operations,
            Caller::System,
            news(anna, None, 1, &[Topic::Answers]),
        )
        .await;
        let sent = letters(&operations).await;
        let right = link(&sent[0]);
        for (actor, ended, seal) in [
            (ben, right.ended, right.seal.clone()),
            (anna, Ended::Digest, right.seal.clone()),
            (anna, right.ended, "a".repeat(43)),
            (anna, right.ended, String::new()),
        ] {
            let made_up = Unsubscribe { actor, ended, seal };
            let refusal = refused(&operations, Caller::Visitor, made_up).await;
            assert_eq!(refusal.code, "unsubscribe.unknown", "H172");
        }
        run(&operations, Caller::Visitor, right).await;
        let both = [Topic::Answers, Topic::Mentions];
        run(&operations, Caller::System, news(anna, Some(1), 2, &both)).await;
        let sent = letters(&operations).await;
        assert_eq!(
            link(&sent[0]).ended,
            Ended::Topic(Topic::Mentions),
            "answers are left out"
        );
    }
);

fn digest(due: wishes::Digest, threads: Vec<News>) -> SendDigest {
    SendDigest {
        until: due.due_at,
        due,
        threads,
        waiting: Vec::new(),
    }
}

db_test!(a_digest_comes_every_week_once, |store| {
    let operations = hub(store).await;
    let anna = person(&operations, "anna").await;
    assert_eq!(run(&operations, Caller::System, EnrolDigests).await, 1);
    assert_eq!(run(&operations, Caller::System, EnrolDigests).await, 0);
    let due = |operations: &Operations| {
        let now = operations.now();
        let operations = operations.clone();
        async move { read(&operations, move |db| wishes::list_due_digests(db, now, 10)).await }
    };
    assert!(due(&operations).await.is_empty(), "not in the first week");
    wait(&operations, 7 * 24 * 3600);
    let first = due(&operations).await[0];
    assert!(
        run(
            &operations,
            Caller::System,
            digest(first, vec![told(Topic::Groups)])
        )
        .await
    );
    let again = run(
        &operations,
        Caller::System,
        digest(first, vec![told(Topic::Groups)]),
    )
    .await;
    assert!(!again, "it was sent");
    let sent = letters(&operations).await;
    assert_eq!(sent.len(), 1);
    wait(&operations, 7 * 24 * 3600);
    let second = due(&operations).await[0];
    assert_eq!(second.since, first.due_at);
    assert!(
        !run(&operations, Caller::System, digest(second, Vec::new())).await,
        "nothing in it"
    );
    run(&operations, Caller::Visitor, link(&sent[0])).await;
    wait(&operations, 7 * 24 * 3600);
    let third = due(&operations).await[0];
    assert_eq!(third.rhythm, Some(DigestRhythm::Off));
    assert!(
        !run(
            &operations,
            Caller::System,
            digest(third, vec![told(Topic::Groups)])
        )
        .await
    );
    let daily = SetWishes {
        wishes: Vec::new(),
        rhythm: Some(DigestRhythm::Daily),
    };
    run(&operations, member(anna), daily).await;
    wait(&operations, 24 * 3600);
    assert_eq!(due(&operations).await.len(), 1);
});

db_test!(h214_push_services_lie_on_the_open_network, |store| {
    let operations = hub(store).await;
    let anna = person(&operations, "anna").await;
    let subscribe = |endpoint: &str| {
        Subscribe {
        session: "hash".to_owned(),
        endpoint: endpoint.to_owned(),
        // The receiver of the example in RFC 8291.
        public_key: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
            .to_owned(),
        secret: "BTBZMqHH6r4Tts7J_aSIgg".to_owned(),
    }
    };
    for bad in [
        "http://push.example/anna",
        "https://127.0.0.1/anna",
        "https://10.0.0.1/anna",
        "https://[::1]/anna",
        "https://push.example:8443/anna",
        "https://printer.local/anna",
        "https://a@push.example/anna",
        "file:///etc/passwd",
        "",
    ] {
        let refusal = refused(&operations, member(anna), subscribe(bad)).await;
        assert_eq!(refusal.code, "push.malformed", "H214 {bad}");
    }
    session(&operations, anna).await;
    run(
        &operations,
        member(anna),
        subscribe("https://push.example/anna"),
    )
    .await;
});

/// A session of somebody, under the hash `hash`.
async fn session(operations: &Operations, actor: ActorId) {
    let open = OpenSession {
        actor,
        token_hash: "hash".to_owned(),
        password_hash: "hash".to_owned(),
        device: String::new(),
    };
    run(operations, Caller::Visitor, open).await;
}
