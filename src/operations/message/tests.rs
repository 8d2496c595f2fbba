//! Private messages: to whom they go, who reads them, who is told.

use crate::domain::activity::{Activity, Origin};
use crate::domain::caller::Caller;
use crate::domain::ids::{ActorId, ConversationId, MessageId};
use crate::domain::page::PageRequest;
use crate::domain::refusal::Refusal;
use crate::operations::markup::{Foreign, Markup};
use crate::operations::testing::{Hall, from_elsewhere};
use crate::store::messages;
use crate::store::testing::db_test;
use crate::views::message;

use super::{DeleteMessage, ReadConversation, SendMessage};

async fn write(hall: &Hall, by: Caller, to: &[Caller], body: &str) -> Result<MessageId, String> {
    let send = SendMessage {
        to: to.iter().filter_map(|one| one.actor()).collect(),
        body: Markup::Markdown(body.to_owned()),
        origin: Origin::Local,
    };
    let sent = hall.run(by, send).await;
    sent.map_err(|refusal| refusal.code.into_owned())
}

/// What somebody has in their list, newest first.
async fn reads(hall: &Hall, who: Caller) -> Vec<String> {
    let member = who.actor().unwrap();
    let page = hall
        .read(move |db| message::page(db, member, PageRequest::first(20)))
        .await;
    let text = |card: message::MessageCard| card.message.source.unwrap_or_default();
    page.items.into_iter().map(text).collect()
}

async fn unread(hall: &Hall, who: Caller) -> i64 {
    let member = who.actor().unwrap();
    hall.read(move |db| message::unread(db, member)).await
}

async fn conversation_of(hall: &Hall, id: MessageId) -> ConversationId {
    let found = hall.read(move |db| messages::find(db, id)).await;
    found.unwrap().conversation
}

db_test!(
    s151_a_message_is_read_by_those_it_is_written_to_alone,
    |store| {
        let hall = Hall::new(store).await;
        let (anna, ben) = (hall.person("anna").await, hall.person("ben").await);
        let carl = hall.person("carl").await;
        let first = write(&hall, anna, &[ben], "zebra").await.unwrap();
        let second = write(&hall, ben, &[anna], "giraffe").await.unwrap();
        assert_eq!(
            conversation_of(&hall, first).await,
            conversation_of(&hall, second).await,
            "two people have one conversation"
        );
        for who in [anna, ben] {
            assert_eq!(reads(&hall, who).await, ["giraffe", "zebra"]);
        }
        assert!(reads(&hall, carl).await.is_empty());
        let (stranger, id) = (carl.actor().unwrap(), conversation_of(&hall, first).await);
        let page = PageRequest::first(20);
        let seen = hall
            .operations
            .store
            .read(move |db| {
                let card = message::card(db, stranger, first);
                let thread = message::conversation(db, stranger, id, page);
                Ok::<_, Refusal>((card.unwrap_err().code, thread.unwrap_err().code))
            })
            .await
            .unwrap();
        assert_eq!(
            seen,
            ("message.not_found".into(), "conversation.not_found".into())
        );
        let found = hall
            .read(|db| {
                crate::views::search::posts(
                    db,
                    None,
                    &crate::domain::search::Filter::of("zebra"),
                    PageRequest::first(10),
                )
            })
            .await;
        assert!(found.items.is_empty(), "no search finds it");
        assert!(hall.log().await.is_empty(), "nobody elsewhere hears of it");
    }
);

db_test!(what_is_new_is_unread_until_it_is_looked_at, |store| {
    let hall = Hall::new(store).await;
    let (anna, ben) = (hall.person("anna").await, hall.person("ben").await);
    let id = write(&hall, anna, &[ben], "hello").await.unwrap();
    assert_eq!(
        (unread(&hall, anna).await, unread(&hall, ben).await),
        (0, 1)
    );
    let conversation = conversation_of(&hall, id).await;
    hall.run(ben, ReadConversation { conversation })
        .await
        .unwrap();
    assert_eq!(unread(&hall, ben).await, 0);
});

db_test!(a_message_goes_to_people_and_says_something, |store| {
    let hall = Hall::new(store).await;
    let (anna, ben) = (hall.person("anna").await, hall.person("ben").await);
    let group = Caller::Remote {
        actor: hall.group("tea", anna).await,
    };
    let nobody = Caller::Remote { actor: ActorId(7) };
    for (to, body, code) in [
        (vec![], "hello", "message.to"),
        (vec![anna], "hello", "message.to"),
        (vec![group], "hello", "message.to"),
        (vec![ben, group], "hello", "message.to"),
        (vec![nobody], "hello", "message.to"),
        (vec![ben], " \n", "message.blank"),
    ] {
        assert_eq!(
            write(&hall, anna, &to, body).await,
            Err(code.into()),
            "{body}"
        );
    }
    let long = "x".repeat(30_000);
    assert_eq!(
        write(&hall, anna, &[ben], &long).await,
        Err("message.too_long".into())
    );
    let nobody = write(&hall, Caller::Visitor, &[ben], "hello").await;
    assert_eq!(nobody, Err("sign_in.required".into()));
});

db_test!(each_recipient_elsewhere_is_told_once, |store| {
    let hall = Hall::new(store).await;
    let (anna, ben) = (hall.person("anna").await, hall.person("ben").await);
    let mia = hall.remote("mia@peer.test").await;
    let leo = hall.remote("leo@far.test").await;
    let id = write(&hall, anna, &[ben, mia, leo], "hello").await.unwrap();
    let told = |message| [mia, leo].map(|to| (message, to.actor().unwrap()));
    let sent: Vec<_> = hall.log().await.into_iter().map(|one| one.entry).collect();
    assert_eq!(sent.len(), 2);
    for (entry, (message, to)) in sent.iter().zip(told(id)) {
        assert_eq!(entry.activity, Activity::MessageSent { message, to });
        assert_eq!(entry.group, None);
    }
    let delete = DeleteMessage {
        message: id,
        deleted: true,
    };
    let others = hall.run(ben, delete.clone()).await.unwrap_err();
    assert_eq!(others.code, "message.not_found");
    hall.run(anna, delete).await.unwrap();
    let gone: Vec<_> = hall
        .log()
        .await
        .into_iter()
        .skip(2)
        .map(|one| one.entry)
        .collect();
    for (entry, (message, to)) in gone.iter().zip(told(id)) {
        assert_eq!(entry.activity, Activity::MessageDeleted { message, to });
    }
    assert_eq!(gone.len(), 2);
});

db_test!(a_message_from_elsewhere_needs_a_reader_here, |store| {
    let hall = Hall::new(store).await;
    let anna = hall.person("anna").await;
    let (mia, leo) = (
        hall.remote("mia@peer.test").await,
        hall.remote("leo@far.test").await,
    );
    let from = |to: Caller, uri: &str| SendMessage {
        to: vec![to.actor().unwrap()],
        body: Markup::Html(Foreign::new("<p>hi</p>", None, vec![], vec![])),
        origin: from_elsewhere(uri, hall.operations.now()),
    };
    let past = hall.run(mia, from(leo, "https://peer.test/m/1")).await;
    assert_eq!(past.unwrap_err().code, "message.to");
    let first = hall
        .run(mia, from(anna, "https://peer.test/m/2"))
        .await
        .unwrap();
    let again = hall
        .run(mia, from(anna, "https://peer.test/m/2"))
        .await
        .unwrap();
    assert_eq!(first, again);
    assert_eq!(unread(&hall, anna).await, 1);
});
