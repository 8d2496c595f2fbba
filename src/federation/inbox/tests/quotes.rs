//! Quotes with consent: asked for and allowed in both directions, and taken back (FEP-044f).

use serde_json::{Value, json};

use super::*;
use crate::domain::block::Distance;
use crate::federation::document;
use crate::federation::outgoing::Reader;
use crate::federation::quirks::PeerClass;
use crate::operations::block::KeepAway;
use crate::operations::moderation::Ban;
use crate::operations::quote::{QuoteComment, QuotePost, RevokeQuote};
use crate::operations::testing::{answer, text_post};
use crate::store::quotes;
use crate::store::testing::db_test;
use crate::views;

const DIRECT: Reader = Reader::Direct(PeerClass::Microblog);

/// A note of somebody that quotes something, and their request to.
fn quoting(room: &Room, by: &FakeActor, number: u32, quoted: &str) -> (Value, Value) {
    let mut note = room.peer.note(by, number, &room.group(), "Look at that");
    note["quote"] = json!(quoted);
    room.peer.serve(note["id"].as_str().unwrap(), note.clone());
    let request = json!({"id": format!("{}#quote/{number}", by.id), "type": "QuoteRequest",
        "actor": by.id, "object": quoted, "instrument": note["id"]});
    (note, request)
}

async fn stamp(room: &Room, result: &Value) -> Option<Value> {
    let uuid = result
        .as_str()
        .unwrap()
        .rsplit('/')
        .next()
        .unwrap()
        .to_owned();
    let names = room.hall.operations.names.clone();
    room.hall
        .read(move |db| document::stamp(db, &names, &uuid))
        .await
}

db_test!(
    s157_a_quote_is_allowed_by_a_stamp_that_can_be_taken_back,
    |store| {
        let room = Room::new(store).await;
        let (_, uri) = room.local_post().await;
        let mia = room.peer.person("mia");
        let (note, request) = quoting(&room, &mia, 1, &uri);
        room.takes(&mia, &request).await;
        let said = room.sent(DIRECT).await;
        let [accept] = said.as_slice() else {
            panic!("{said:?}")
        };
        assert_eq!(accept["type"], "Accept");
        assert_eq!(accept["actor"], "http://hub.test/u/anna", "not the group");
        assert_eq!(accept["to"], json!([mia.id]));
        let echo = json!({"id": request["id"], "type": "QuoteRequest", "actor": mia.id,
            "object": uri, "instrument": note["id"]});
        assert_eq!(accept["object"], echo);
        let shown = stamp(&room, &accept["result"]).await.expect("a stamp");
        assert_eq!(
            shown,
            json!({"id": accept["result"], "type": "QuoteAuthorization",
                "attributedTo": "http://hub.test/u/anna",
                "interactingObject": note["id"], "interactionTarget": uri})
        );
        let mut again = request.clone();
        again["id"] = json!(format!("{}#quote/again", mia.id));
        again["instrument"] = note.clone();
        room.takes(&mia, &again).await;
        assert_eq!(room.sent(DIRECT).await[0]["result"], accept["result"]);
        let id = note["id"].as_str().unwrap().to_owned();
        let number = uri.rsplit('/').next().unwrap().parse().unwrap();
        let quote = move |db: &mut crate::store::Db| quotes::find_by_uri(db, &id, number);
        let quote = room.hall.read(quote).await.unwrap().id;
        room.hall
            .run(room.anna, RevokeQuote { quote })
            .await
            .unwrap();
        let said = room.sent(DIRECT).await;
        assert_eq!(
            (&said[0]["type"], &said[0]["object"], &said[0]["to"]),
            (&json!("Delete"), &accept["result"], &json!([mia.id]))
        );
        assert_eq!(
            stamp(&room, &accept["result"]).await,
            None,
            "404 from now on"
        );
        again["id"] = json!(format!("{}#quote/after", mia.id));
        room.takes(&mia, &again).await;
        assert_eq!(
            room.sent(DIRECT).await[0]["type"],
            "Reject",
            "it stays revoked"
        );
    }
);

db_test!(s157_the_banned_and_the_lying_may_not_quote, |store| {
    let room = Room::new(store).await;
    let (_, uri) = room.local_post().await;
    let (otto, mia) = (room.peer.person("otto"), room.peer.person("mia"));
    let (_, request) = quoting(&room, &otto, 1, &uri);
    room.federation.resolver().actor(&otto.id).await.unwrap();
    let ban = Ban {
        group: Some(room.tea),
        actor: room.find_actor(&otto.id).await.unwrap().id,
        reason: String::new(),
        until: None,
        remove_content: false,
        relay: None,
    };
    room.hall.run(room.anna, ban).await.unwrap();
    room.takes(&otto, &request).await;
    let said = room.sent(DIRECT).await;
    assert_eq!(
        (&said[0]["type"], said[0].get("result")),
        (&json!("Reject"), None)
    );
    let (_, wanted) = quoting(&room, &mia, 5, &uri);
    room.federation.resolver().actor(&mia.id).await.unwrap();
    let block = KeepAway {
        person: room.id_of(&mia).await,
        distance: Distance::Blocked,
    };
    room.hall.run(room.anna, block).await.unwrap();
    room.takes(&mia, &wanted).await;
    assert_eq!(room.sent(DIRECT).await[0]["type"], "Reject", "blocked");
    let before = room.hall.log().await.len();
    let (note, mut request) = quoting(&room, &mia, 2, "http://hub.test/post/1");
    request["object"] = json!(uri);
    room.takes(&mia, &request).await;
    request["id"] = json!(format!("{}#quote/3", otto.id));
    request["actor"] = json!(otto.id);
    request["instrument"] = note;
    room.takes(&otto, &request).await;
    assert_eq!(room.hall.log().await.len(), before, "no answer to nonsense");
});

db_test!(
    r45_the_order_of_approval_and_quote_does_not_matter,
    |store| {
        let room = Room::new(store).await;
        let (_, uri) = room.local_post().await;
        let mia = room.peer.person("mia");
        for (number, approval_first) in [(1, true), (2, false)] {
            let (note, request) = quoting(&room, &mia, number, &uri);
            let create = room.peer.create(&mia, &note);
            let [first, second] = if approval_first {
                [&request, &create]
            } else {
                [&create, &request]
            };
            room.takes(&mia, first).await;
            room.takes(&mia, second).await;
            let post = room.find_post(note["id"].as_str().unwrap()).await.unwrap();
            let card = room
                .hall
                .read(move |db| views::quote::of_post(db, None, &post))
                .await
                .unwrap();
            let shown = card.text.and_then(|text| text.title);
            assert_eq!(
                shown.as_deref(),
                Some("A pot of tea"),
                "R-45: {approval_first}"
            );
        }
    }
);

db_test!(
    s157_a_quote_of_ours_bears_the_stamp_of_its_author,
    |store| {
        let room = Room::new(store).await;
        let (mia, otto) = (room.peer.person("mia"), room.peer.person("otto"));
        let theirs = room.peer.note(&mia, 1, &room.group(), "Quote me");
        room.takes(&mia, &room.peer.create(&mia, &theirs)).await;
        let quoted = theirs["id"].as_str().unwrap().to_owned();
        let ours = QuotePost {
            post: text_post(room.tea, "Seen", "See that?"),
            quote: Some(quoted.clone()),
            stamp: None,
        };
        let post = room.hall.run(room.anna, ours).await.unwrap();
        let said = room.sent(DIRECT).await;
        let [request] = said.as_slice() else {
            panic!("{said:?}")
        };
        assert_eq!(
            (&request["type"], &request["object"], &request["to"]),
            (&json!("QuoteRequest"), &json!(quoted), &json!([mia.id]))
        );
        let note = &request["instrument"];
        for key in ["quote", "quoteUri", "_misskey_quote"] {
            assert_eq!(note[key], json!(quoted), "{key}");
        }
        let html = note["content"].as_str().unwrap();
        assert!(
            html.contains("<p class=\"quote-inline\">RE: <a href="),
            "{html}"
        );
        let accept = |by: &FakeActor, number: u32, stamp: String| {
            let mut accept = room.peer.act(by, "Accept", number, &request["id"]);
            accept["result"] = json!(stamp);
            accept
        };
        let own = format!("{}/stamps/1", mia.id);
        let taken = room
            .send(&otto, &accept(&otto, 1, format!("{}/x", otto.id)))
            .await;
        assert_eq!(taken.status, 202);
        let elsewhere = accept(&mia, 2, "https://evil.example/stamp".to_owned());
        room.takes(&mia, &elsewhere).await;
        let stored = move |db: &mut crate::store::Db| quotes::find_quoted(db, post.0);
        let unstamped = room.hall.read(stored).await.unwrap();
        assert_eq!(unstamped.stamp, None, "neither is its author's word");
        room.takes(&mia, &accept(&mia, 3, own.clone())).await;
        let forum = room.sent(Reader::Follower(PeerClass::Threadiverse)).await;
        let update = &forum[0]["object"];
        assert_eq!(
            (&update["type"], &update["object"]["quoteAuthorization"]),
            (&json!("Update"), &json!(own))
        );
        room.takes(&mia, &room.peer.act(&mia, "Delete", 4, &json!(own)))
            .await;
        let revoked = room.hall.read(stored).await.unwrap();
        assert_eq!(revoked.stamp, None, "its author took it back");
    }
);

db_test!(s157_a_comment_from_elsewhere_quotes_with_consent, |store| {
    let room = Room::new(store).await;
    let (post, uri) = room.local_post().await;
    let said = room
        .hall
        .comment(room.anna, ObjectId::Post(post), "Iron, always")
        .await;
    let quoted = format!("http://hub.test/comment/{said}");
    let mia = room.peer.person("mia");
    let mut note = room.peer.answer(&mia, 1, &uri, "Look at that");
    note["quote"] = json!(quoted);
    room.peer.serve(note["id"].as_str().unwrap(), note.clone());
    room.takes(&mia, &room.peer.create(&mia, &note)).await;
    let shown = async || {
        let comment = room.find_comment(note["id"].as_str().unwrap()).await;
        let id = comment.unwrap().id;
        let store = &room.hall.operations.store;
        let card = store
            .read(move |db| views::post::comment(db, None, id))
            .await;
        let quote = card.unwrap().quote.expect("it quotes");
        assert_eq!(quote.uri, quoted);
        quote.text.map(|text| text.excerpt)
    };
    assert_eq!(shown().await, None, "nobody allowed it yet");
    let request = json!({"id": format!("{}#quote/1", mia.id), "type": "QuoteRequest",
        "actor": mia.id, "object": quoted, "instrument": note["id"]});
    room.takes(&mia, &request).await;
    assert_eq!(room.sent(DIRECT).await[0]["type"], "Accept");
    assert_eq!(shown().await.as_deref(), Some("Iron, always"));
    let id = note["id"].as_str().unwrap().to_owned();
    let quote = move |db: &mut crate::store::Db| quotes::find_by_uri(db, &id, said.0);
    let quote = room.hall.read(quote).await.unwrap().id;
    let revoke = RevokeQuote { quote };
    room.hall.run(room.anna, revoke).await.unwrap();
    assert_eq!(shown().await, None, "it was taken back");
});

db_test!(s157_a_comment_of_ours_bears_the_stamp, |store| {
    let room = Room::new(store).await;
    let mia = room.peer.person("mia");
    let (post, uri) = room.local_post().await;
    let theirs = room.peer.answer(&mia, 1, &uri, "Quote me");
    room.takes(&mia, &room.peer.create(&mia, &theirs)).await;
    let quoted = theirs["id"].as_str().unwrap().to_owned();
    let ours = QuoteComment {
        comment: answer(ObjectId::Post(post), "See that?"),
        quote: Some(quoted.clone()),
        stamp: None,
    };
    let comment = room.hall.run(room.anna, ours).await.unwrap();
    let said = room.sent(DIRECT).await;
    let request = &said[0];
    assert_eq!(
        (&request["type"], &request["object"], &request["to"]),
        (&json!("QuoteRequest"), &json!(quoted), &json!([mia.id]))
    );
    let note = &request["instrument"];
    let id = format!("http://hub.test/comment/{comment}");
    assert_eq!(
        (&note["type"], &note["id"], &note["inReplyTo"]),
        (&json!("Note"), &json!(id), &json!(uri))
    );
    for key in ["quote", "quoteUri", "_misskey_quote"] {
        assert_eq!(note[key], json!(quoted), "{key}");
    }
    let html = note["content"].as_str().unwrap();
    assert!(
        html.contains("<p class=\"quote-inline\">RE: <a href="),
        "{html}"
    );
    let own = format!("{}/stamps/1", mia.id);
    let mut accept = room.peer.act(&mia, "Accept", 2, &request["id"]);
    accept["result"] = json!(own);
    room.takes(&mia, &accept).await;
    let forum = room.sent(Reader::Follower(PeerClass::Threadiverse)).await;
    let update = &forum[0]["object"];
    assert_eq!(
        (
            &update["type"],
            &update["object"]["id"],
            &update["object"]["quoteAuthorization"]
        ),
        (&json!("Update"), &json!(id), &json!(own))
    );
    room.takes(&mia, &room.peer.act(&mia, "Delete", 3, &json!(own)))
        .await;
    let quoted = room
        .hall
        .read(move |db| quotes::find_quoted(db, comment.0))
        .await;
    assert_eq!(quoted.unwrap().stamp, None, "its author took it back");
    let forum = room.sent(Reader::Follower(PeerClass::Threadiverse)).await;
    let update = &forum[0]["object"]["object"];
    assert_eq!(
        (&update["id"], update.get("quoteAuthorization")),
        (&json!(id), None)
    );
});
