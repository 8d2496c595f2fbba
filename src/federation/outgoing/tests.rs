//! Who gets which documents of an entry, in whose name.

use serde_json::{Value, json};

use super::{Reader, documents, fetchable};
use crate::domain::activity::{Activity, Logged, Origin};
use crate::domain::brand::Sign;
use crate::domain::caller::{Caller, Viewer};
use crate::domain::clock::Ts;
use crate::domain::event::{Event, JoinMode};
use crate::domain::ids::{ActorId, ObjectId};
use crate::domain::poll::{Choice, Poll};
use crate::domain::post::Extra;
use crate::federation::quirks::PeerClass;
use crate::media::testing::png;
use crate::operations::comment::{CreateComment, UpdateComment};
use crate::operations::event::{AttendEvent, LeaveEvent};
use crate::operations::hub::{NameHub, set_sign};
use crate::operations::markup::{Edit, Markup};
use crate::operations::message::SendMessage;
use crate::operations::moderation::{ChangeModerator, RemoveObject};
use crate::operations::object::DeleteObject;
use crate::operations::poll::{TellPolls, VoteInPoll};
use crate::operations::post::{CreatePost, UpdatePost};
use crate::operations::reaction::Vote;
use crate::operations::testing::{Hall, answer, from_elsewhere, text_post};
use crate::operations::trial;
use crate::store::actors;
use crate::store::testing::db_test;

/// The documents of the newest entry for a reader, with who signs them.
async fn newest(hall: &Hall, reader: Reader) -> Vec<(ActorId, Value)> {
    let logged = hall.log().await.pop().expect("an entry");
    let (names, live) = (hall.operations.names.clone(), hall.operations.live.clone());
    let sendings = hall
        .read(move |db| documents(db, &names, &live.get(), &logged, reader))
        .await;
    let parse = |body: &[u8]| serde_json::from_slice(body).expect("JSON");
    sendings
        .into_iter()
        .map(|sending| (sending.signer, parse(&sending.body)))
        .collect()
}

const FORUM: Reader = Reader::Follower(PeerClass::Threadiverse);
const MICROBLOG: Reader = Reader::Follower(PeerClass::Microblog);
const DIRECT: Reader = Reader::Direct(PeerClass::Threadiverse);

db_test!(
    s082_a_local_post_is_wrapped_for_forums_and_boosted_for_microblogs,
    |store| {
        let hall = Hall::new(store).await;
        let anna = hall.person("anna").await;
        let group = hall.group("drivers", anna).await;
        let post = hall
            .run(anna, text_post(group, "Meet us", "At **nine**."))
            .await
            .unwrap();
        let uri = format!("http://hub.test/post/{post}");
        let forum = newest(&hall, FORUM).await;
        let [(signer, announce)] = forum.as_slice() else {
            panic!("{forum:?}")
        };
        assert_eq!(*signer, group);
        assert_eq!(announce["object"]["type"], "Create");
        assert_eq!(announce["object"]["object"]["id"], uri);
        assert_eq!(announce["object"]["object"]["name"], "Meet us");
        let microblog = newest(&hall, MICROBLOG).await;
        let [(signer, boost)] = microblog.as_slice() else {
            panic!("{microblog:?}")
        };
        assert_eq!(
            (*signer, boost["object"].as_str()),
            (group, Some(uri.as_str()))
        );
        assert_eq!(
            newest(&hall, Reader::Follower(PeerClass::Both)).await.len(),
            2
        );
        for document in [announce, boost] {
            let id = document["id"].as_str().unwrap();
            let mut parts = id.rsplit('/');
            let uuid = parts.next().unwrap().to_owned();
            let kind = parts.next().unwrap().to_owned();
            let (names, live) = (hall.operations.names.clone(), hall.operations.live.clone());
            let found = hall
                .read(move |db| fetchable(db, &names, &live.get(), Viewer::Visitor, (&kind, &uuid)))
                .await
                .unwrap();
            let found = crate::federation::write::with_context(found);
            assert_eq!(&found, document, "what was sent can be fetched");
        }
    }
);

db_test!(a_foreign_activity_is_announced_as_it_came, |store| {
    let hall = Hall::new(store).await;
    let anna = hall.person("anna").await;
    let mia = hall.remote("mia@peer.test").await;
    let group = hall.group("drivers", anna).await;
    let origin = from_elsewhere("https://peer.test/notes/1", hall.operations.now());
    let post = CreatePost {
        origin,
        ..text_post(group, "Hello", "x")
    };
    hall.run(mia, post).await.unwrap();
    let forum = newest(&hall, FORUM).await;
    assert_eq!(forum[0].1["object"]["object"], "https://peer.test/notes/1");
    let microblog = newest(&hall, MICROBLOG).await;
    assert_eq!(microblog[0].1["object"], "https://peer.test/notes/1");
});

db_test!(
    s107_an_answer_goes_to_the_person_answered_signed_by_its_author,
    |store| {
        let hall = Hall::new(store).await;
        let anna = hall.person("anna").await;
        let mia = hall.remote("mia@peer.test").await;
        let group = hall.group("drivers", anna).await;
        let post = ObjectId::Post(hall.post(anna, group, "A question").await);
        let origin = from_elsewhere("https://peer.test/notes/1", hall.operations.now());
        let theirs = hall
            .run(
                mia,
                CreateComment {
                    origin,
                    ..answer(post, "hm")
                },
            )
            .await
            .unwrap();
        hall.run(anna, answer(ObjectId::Comment(theirs), "thank you"))
            .await
            .unwrap();
        let direct = newest(&hall, Reader::Direct(PeerClass::Microblog)).await;
        let [(signer, create)] = direct.as_slice() else {
            panic!("{direct:?}")
        };
        assert_eq!(Some(*signer), anna.actor());
        let note = &create["object"];
        assert_eq!(note["inReplyTo"], "https://peer.test/notes/1");
        let mia_uri = "https://peer.test/users/mia";
        let mentioned = note["tag"]
            .as_array()
            .unwrap()
            .iter()
            .any(|tag| tag["href"] == mia_uri);
        assert!(mentioned, "{note}");
        assert!(
            newest(&hall, MICROBLOG).await.is_empty(),
            "a comment is no boost"
        );
    }
);

db_test!(
    edits_and_deletions_reach_microblogs_from_the_author_as_a_note,
    |store| {
        let hall = Hall::new(store).await;
        let anna = hall.person("anna").await;
        let group = hall.group("drivers", anna).await;
        let post = hall.post(anna, group, "Before").await;
        let update = UpdatePost {
            post,
            title: Some("After".into()),
            body: Some(Markup::Markdown("new".into())),
            link_url: None,
            language: None,
            sensitive: None,
            warning: None,
            attachments: None,
            extra: Extra::Nothing,
            thumbnail: None,
            edit: Edit::Local,
        };
        hall.run(anna, update).await.unwrap();
        let sent = newest(&hall, MICROBLOG).await;
        let [(signer, update)] = sent.as_slice() else {
            panic!("{sent:?}")
        };
        assert_eq!(
            (Some(*signer), &update["object"]["type"]),
            (anna.actor(), &"Note".into())
        );
        assert!(
            update["object"]["content"]
                .as_str()
                .unwrap()
                .contains("After")
        );
        assert_eq!(
            newest(&hall, FORUM).await[0].1["object"]["object"]["type"],
            "Article"
        );
        let object = ObjectId::Post(post);
        hall.run(
            anna,
            DeleteObject {
                object,
                relay: None,
            },
        )
        .await
        .unwrap();
        let sent = newest(&hall, MICROBLOG).await;
        assert_eq!(sent[0].1["object"]["type"], "Tombstone");
        assert_eq!(newest(&hall, FORUM).await[0].1["object"]["type"], "Delete");
    }
);

db_test!(
    votes_spare_microblogs_and_a_removal_of_theirs_is_no_deletion,
    |store| {
        let hall = Hall::new(store).await;
        let anna = hall.person("anna").await;
        let mia = hall.remote("mia@peer.test").await;
        let group = hall.group("drivers", anna).await;
        let origin = from_elsewhere("https://peer.test/notes/1", hall.operations.now());
        let post = CreatePost {
            origin,
            ..text_post(group, "Hello", "x")
        };
        let object = ObjectId::Post(hall.run(mia, post).await.unwrap());
        hall.run(
            anna,
            Vote {
                object,
                value: 1,
                relay: None,
            },
        )
        .await
        .unwrap();
        assert!(newest(&hall, MICROBLOG).await.is_empty());
        assert_eq!(newest(&hall, FORUM).await[0].1["object"]["type"], "Like");
        let remove = RemoveObject {
            object,
            reason: "spam".into(),
            with_replies: false,
            relay: None,
        };
        hall.run(anna, remove).await.unwrap();
        let sent = newest(&hall, MICROBLOG).await;
        let [(signer, undo)] = sent.as_slice() else {
            panic!("{sent:?}")
        };
        assert_eq!((*signer, &undo["type"]), (group, &"Undo".into()));
        assert_eq!(undo["object"]["object"], "https://peer.test/notes/1");
        let forum = newest(&hall, FORUM).await;
        assert_eq!(forum[0].1["object"]["summary"], "spam");
    }
);

db_test!(
    s027_moderators_are_added_to_and_removed_from_the_address_that_the_group_names,
    |store| {
        let hall = Hall::new(store).await;
        let anna = hall.person("anna").await;
        let berta = hall.person("berta").await.actor().unwrap();
        let group = hall.group("drivers", anna).await;
        for (added, kind) in [(true, "Add"), (false, "Remove")] {
            let change = ChangeModerator {
                group,
                moderator: berta,
                added,
                relay: None,
            };
            hall.run(anna, change).await.unwrap();
            let announce = &newest(&hall, FORUM).await[0].1;
            assert_eq!(announce["object"]["type"], kind);
            let target = announce["object"]["target"].as_str();
            let moderators = "http://hub.test/c/drivers/moderators";
            assert_eq!(target, Some(moderators), "as attributedTo has it");
        }
    }
);

/// A question of the caller's, from here or from elsewhere.
fn asking(group: ActorId, now: Ts) -> CreatePost {
    let choice = |name: &str| Choice {
        name: name.into(),
        votes: 0,
    };
    let poll = Poll {
        ends_at: Some(now.plus_seconds(3600)),
        choices: ["Green", "Black"].map(choice).into(),
        ..Poll::default()
    };
    CreatePost {
        extra: Extra::Poll(poll),
        ..text_post(group, "Which tea?", "")
    }
}

db_test!(
    s155_a_vote_in_a_poll_has_no_time_and_no_words_and_goes_to_its_author,
    |store| {
        let hall = Hall::new(store).await;
        let anna = hall.person("anna").await;
        let mia = hall.remote("mia@peer.test").await;
        let group = hall.group("tea", anna).await;
        let now = hall.operations.now();
        let ask = CreatePost {
            origin: from_elsewhere("https://peer.test/q/1", now),
            ..asking(group, now)
        };
        let post = hall.run(mia, ask).await.unwrap();
        let choices = vec![1];
        hall.run(anna, VoteInPoll { post, choices }).await.unwrap();
        for class in [
            PeerClass::Microblog,
            PeerClass::Threadiverse,
            PeerClass::Both,
        ] {
            let sent = newest(&hall, Reader::Direct(class)).await;
            let [(signer, create)] = sent.as_slice() else {
                panic!("{sent:?}")
            };
            let vote = &create["object"];
            assert_eq!(
                (Some(*signer), &create["type"]),
                (anna.actor(), &json!("Create"))
            );
            for field in ["published", "content", "updated"] {
                assert!(
                    vote.get(field).is_none() && create.get(field).is_none(),
                    "{vote}"
                );
            }
            assert_eq!(
                (&vote["type"], &vote["name"]),
                (&json!("Note"), &json!("Black"))
            );
            assert_eq!(vote["inReplyTo"], "https://peer.test/q/1");
            assert_eq!(vote["attributedTo"], create["actor"]);
            for document in [create, vote] {
                assert_eq!(document["to"], json!(["https://peer.test/users/mia"]));
                assert_eq!(document["cc"], json!([]));
            }
        }
        assert!(
            newest(&hall, FORUM).await.is_empty(),
            "nobody else hears of it"
        );
        let uuid = hall.log().await.pop().unwrap().uuid;
        let (names, live) = (hall.operations.names.clone(), hall.operations.live.clone());
        let found = hall
            .read(move |db| fetchable(db, &names, &live.get(), Viewer::Visitor, ("create", &uuid)))
            .await;
        assert_eq!(found, None, "nor can anybody fetch it");
    }
);

db_test!(
    s083_s114_a_poll_is_a_question_whose_counts_are_told_to_all_but_lemmy,
    |store| {
        let hall = Hall::new(store).await;
        let anna = hall.person("anna").await;
        let mia = hall.remote("mia@peer.test").await;
        let group = hall.group("tea", anna).await;
        let now = hall.operations.now();
        let post = hall.run(anna, asking(group, now)).await.unwrap();
        let forum = newest(&hall, FORUM).await;
        let made = &forum[0].1["object"]["object"];
        assert_eq!(made["type"], "Question");
        assert_eq!(made["oneOf"][1]["name"], "Black");
        for class in [PeerClass::Lemmy, PeerClass::OldLemmy] {
            assert!(newest(&hall, Reader::Follower(class)).await.is_empty());
        }
        let choices = vec![1];
        hall.run(mia, VoteInPoll { post, choices }).await.unwrap();
        hall.run(Caller::System, TellPolls).await.unwrap();
        let forum = newest(&hall, FORUM).await;
        let microblog = newest(&hall, MICROBLOG).await;
        let direct = newest(&hall, Reader::Direct(PeerClass::Microblog)).await;
        for (update, signer) in [
            (&forum[0].1["object"], group),
            (&microblog[0].1, anna.actor().unwrap()),
            (&direct[0].1, anna.actor().unwrap()),
        ] {
            assert_eq!(update["type"], "Update");
            let question = &update["object"];
            assert_eq!(question["oneOf"][1]["replies"]["totalItems"], 1);
            assert_eq!(question["votersCount"], 1);
            assert_eq!(question["published"], made["published"]);
            assert!(question.get("updated").is_none(), "no edit mark");
            let sent = [&forum[0], &microblog[0], &direct[0]];
            assert!(sent.iter().any(|(by, _)| *by == signer));
        }
        for class in [PeerClass::Lemmy, PeerClass::OldLemmy] {
            assert!(newest(&hall, Reader::Follower(class)).await.is_empty());
        }
        let comment = answer(ObjectId::Post(post), "Milk first");
        hall.run(anna, comment).await.unwrap();
        assert!(
            newest(&hall, Reader::Follower(PeerClass::Lemmy))
                .await
                .is_empty(),
            "nor what is said below"
        );
    }
);

db_test!(
    s151_a_message_has_the_form_of_its_readers_server_and_no_other_reader,
    |store| {
        let hall = Hall::new(store).await;
        let anna = hall.person("anna").await;
        let mia = hall.remote("mia@peer.test").await;
        let send = SendMessage {
            to: vec![mia.actor().unwrap()],
            body: Markup::Markdown("Between us".into()),
            origin: Origin::Local,
        };
        hall.run(anna, send).await.unwrap();
        for (class, kind) in [
            (PeerClass::OldLemmy, "ChatMessage"),
            (PeerClass::Mbin, "ChatMessage"),
            (PeerClass::Lemmy, "Note"),
            (PeerClass::Threadiverse, "Note"),
            (PeerClass::Microblog, "Note"),
            (PeerClass::Both, "Note"),
        ] {
            let sent = newest(&hall, Reader::Direct(class)).await;
            let [(signer, create)] = sent.as_slice() else {
                panic!("{sent:?}")
            };
            assert_eq!(Some(*signer), anna.actor());
            let message = &create["object"];
            assert_eq!(
                (&create["type"], &message["type"]),
                (&json!("Create"), &json!(kind))
            );
            for document in [create, message] {
                assert_eq!(document["to"], json!(["https://peer.test/users/mia"]));
                assert_eq!(document["cc"], json!([]));
                assert!(document.get("audience").is_none(), "s64");
            }
            let text = create.to_string();
            let rest = text.replace("https://www.w3.org/ns/activitystreams\"", "");
            assert!(
                !rest.contains("#Public") && !text.contains("as:Public"),
                "{text}"
            );
            if kind == "Note" {
                assert_eq!(message["tag"][0]["href"], "https://peer.test/users/mia");
            }
            assert!(newest(&hall, Reader::Follower(class)).await.is_empty());
        }
        let uuid = hall.log().await.pop().unwrap().uuid;
        let (names, live) = (hall.operations.names.clone(), hall.operations.live.clone());
        let found = hall
            .read(move |db| fetchable(db, &names, &live.get(), Viewer::Visitor, ("create", &uuid)))
            .await;
        assert_eq!(found, None, "s153");
    }
);

db_test!(
    s156_a_join_is_sent_to_the_organiser_and_its_answer_repeats_it,
    |store| {
        let hall = Hall::new(store).await;
        let anna = hall.person("anna").await;
        let mia = hall.remote("mia@peer.test").await;
        let group = hall.group("tea", anna).await;
        let now = hall.operations.now();
        let announcing = |origin| CreatePost {
            extra: Extra::Event(Event {
                starts_at: now.plus_seconds(3600),
                ends_at: None,
                timezone: "UTC".into(),
                place: None,
                online_url: None,
                join_mode: JoinMode::Free,
                capacity: None,
                attendees: 0,
            }),
            origin,
            ..text_post(group, "Meet us", "")
        };
        let elsewhere = announcing(from_elsewhere("https://peer.test/e/1", now));
        let post = hall.run(mia, elsewhere).await.unwrap();
        hall.run(anna, AttendEvent { post, join: None })
            .await
            .unwrap();
        let sent = newest(&hall, Reader::Direct(PeerClass::EventSite)).await;
        let join = &sent[0].1;
        assert_eq!(
            (&join["type"], &join["object"]),
            (&json!("Join"), &json!("https://peer.test/e/1"))
        );
        assert_eq!(join["to"], json!(["https://peer.test/users/mia"]));
        hall.run(anna, LeaveEvent { post }).await.unwrap();
        let sent = newest(&hall, Reader::Direct(PeerClass::EventSite)).await;
        assert_eq!(sent[0].1["type"], "Leave");
        assert_eq!(sent[0].1["object"], "https://peer.test/e/1");
        let post = hall.run(anna, announcing(Origin::Local)).await.unwrap();
        let join = Some("https://peer.test/join/1".to_owned());
        hall.run(mia, AttendEvent { post, join }).await.unwrap();
        let sent = newest(&hall, Reader::Direct(PeerClass::EventSite)).await;
        let [(signer, accept)] = sent.as_slice() else {
            panic!("{sent:?}")
        };
        assert_eq!(
            (Some(*signer), &accept["type"]),
            (anna.actor(), &json!("Accept"))
        );
        assert_eq!(
            accept["object"],
            json!({"id": "https://peer.test/join/1", "type": "Join",
                "actor": "https://peer.test/users/mia", "object": format!("http://hub.test/post/{post}")})
        );
    }
);

db_test!(s082_the_authors_followers_are_told_by_the_author, |store| {
    use crate::operations::membership::ReceiveFollow;
    use crate::store::outbox;
    let hall = Hall::new(store).await;
    let anna = hall.person("anna").await;
    let group = hall.group("drivers", anna).await;
    let mut fans = Vec::new();
    for (number, handle) in ["ben@one.test", "cleo@one.test", "dora@two.test"]
        .iter()
        .enumerate()
    {
        let fan = hall.remote(handle).await;
        let follow = ReceiveFollow {
            target: anna.actor().unwrap(),
            uri: format!("https://one.test/follows/{number}"),
        };
        hall.run(fan, follow).await.unwrap();
        fans.push(fan.actor().unwrap());
    }
    hall.log().await;
    let post = hall.post(anna, group, "For everybody").await;
    let row = hall.write(|db, _| outbox::take(db, 10)).await.remove(0);
    let mut told: Vec<ActorId> = hall
        .read(move |db| outbox::list_targets(db, row.id))
        .await
        .iter()
        .map(|target| target.actor)
        .collect();
    told.sort_unstable();
    assert_eq!(told, [fans[0], fans[2]], "one for each server");
    let sent = newest(&hall, Reader::Direct(PeerClass::Microblog)).await;
    let [(signer, create)] = sent.as_slice() else {
        panic!("{sent:?}")
    };
    assert_eq!(
        (Some(*signer), &create["type"]),
        (anna.actor(), &"Create".into())
    );
    let uri = format!("http://hub.test/post/{post}");
    assert_eq!(create["object"]["id"], uri);
});

/// Everything that is sent for the newest entry has the fields that all peers read, and can be
/// fetched under its id as it was sent.
async fn check_newest(hall: &Hall) {
    for class in [
        PeerClass::Threadiverse,
        PeerClass::Both,
        PeerClass::Microblog,
    ] {
        for reader in [Reader::Follower(class), Reader::Direct(class)] {
            for (_, document) in newest(hall, reader).await {
                check(hall, class, &document).await;
            }
        }
    }
}

async fn check(hall: &Hall, class: PeerClass, document: &Value) {
    let id = document["id"]
        .as_str()
        .unwrap_or_else(|| panic!("{document}"));
    assert!(
        document["type"].is_string() && document["actor"].is_string(),
        "{document}"
    );
    assert!(
        document["to"].is_array() && document["cc"].is_array(),
        "{document}"
    );
    let newest = hall.log().await.pop().expect("an entry").entry;
    if newest.group.is_some() && document["type"] != "Move" {
        assert!(document["audience"].is_string(), "s064: {document}");
    }
    let mut parts = id.rsplit('/');
    let uuid = parts.next().unwrap().to_owned();
    let kind = parts.next().unwrap().to_owned();
    let (names, live) = (hall.operations.names.clone(), hall.operations.live.clone());
    let found = hall
        .read(move |db| fetchable(db, &names, &live.get(), Viewer::Visitor, (&kind, &uuid)))
        .await;
    let found = found.unwrap_or_else(|| panic!("cannot be fetched: {document}"));
    let found = crate::federation::write::with_context(found);
    if class == PeerClass::Threadiverse {
        assert_eq!(&found, document);
        return;
    }
    // Others get notes, and tombstones with the former type.
    for key in ["id", "type", "actor"] {
        assert_eq!(found[key], document[key], "{document}");
    }
}

/// No change of a post.
fn unchanged(post: crate::domain::ids::PostId) -> UpdatePost {
    UpdatePost {
        post,
        title: None,
        body: None,
        link_url: None,
        language: None,
        sensitive: None,
        warning: None,
        attachments: None,
        extra: Extra::Nothing,
        thumbnail: None,
        edit: Edit::Local,
    }
}

db_test!(
    s062_whatever_is_sent_is_complete_and_can_be_fetched,
    |store| {
        use crate::operations::membership::{JoinGroup, LeaveGroup, ReceiveFollow};
        use crate::operations::moderation::{Ban, ChangeModerator, FeaturePost, LockObject, Unban};
        use crate::operations::object::RestoreObject;
        use crate::operations::quote::QuoteComment;
        use crate::operations::reaction::React;
        let hall = Hall::new(store).await;
        let anna = hall.person("anna").await;
        let (ben, mia) = (hall.person("ben").await, hall.remote("mia@peer.test").await);
        let group = hall.group("drivers", anna).await;
        let cars = hall.remote_group("cars@peer.test").await;
        let post = hall.post(anna, group, "Before").await;
        check_newest(&hall).await;
        let object = ObjectId::Post(post);
        let comment = hall.comment(ben, object, "An answer").await;
        check_newest(&hall).await;
        macro_rules! each {
            ($($caller:expr => $operation:expr),* $(,)?) => {$(
                hall.run($caller, $operation).await.unwrap();
                check_newest(&hall).await;
            )*};
        }
        let relay = || None;
        let (their, target) = (mia.actor().unwrap(), group);
        each!(
            mia => ReceiveFollow { target, uri: "https://peer.test/follows/1".into() },
            ben => JoinGroup { group: cars },
            ben => LeaveGroup { group: cars },
            ben => Vote { object, value: 1, relay: relay() },
            ben => Vote { object, value: -1, relay: relay() },
            ben => Vote { object, value: 0, relay: relay() },
            ben => React { object, content: "🎉".into(), on: true },
            ben => React { object, content: "🎉".into(), on: false },
            ben => UpdateComment { comment, body: Markup::Markdown("Another".into()), language: None,
                sensitive: None, warning: None, attachments: None, edit: Edit::Local },
            anna => UpdatePost { title: Some("After".into()), ..unchanged(post) },
            anna => QuoteComment { comment: answer(object, "See that?"),
                quote: Some(format!("http://hub.test/comment/{comment}")), stamp: None },
            anna => asking(group, hall.operations.now()),
            anna => LockObject { object, locked: true, reason: "enough".into(), relay: relay() },
            anna => LockObject { object, locked: false, reason: String::new(), relay: relay() },
            anna => FeaturePost { post, featured: true, relay: relay() },
            anna => FeaturePost { post, featured: false, relay: relay() },
            anna => ChangeModerator { group, moderator: their, added: true, relay: relay() },
            anna => ChangeModerator { group, moderator: their, added: false, relay: relay() },
            anna => Ban { group: Some(group), actor: their, reason: "spam".into(), until: None,
                remove_content: true, relay: relay() },
            anna => Unban { group: Some(group), actor: their, relay: relay() },
            anna => DeleteObject { object, relay: relay() },
            anna => RestoreObject { object, relay: relay() },
            anna => RemoveObject { object, reason: "off topic".into(), with_replies: false, relay: relay() },
        );
    }
);

db_test!(
    s067_published_is_the_same_in_every_document_and_after_a_restart,
    |store| {
        let hall = Hall::new(store.clone()).await;
        let anna = hall.person("anna").await;
        let group = hall.group("drivers", anna).await;
        let post = hall.post(anna, group, "Before").await;
        let create = newest(&hall, FORUM).await.remove(0).1;
        let published = create["object"]["object"]["published"].clone();
        assert!(published.is_string(), "{create}");
        hall.pass(3600);
        let update = UpdatePost {
            post,
            title: Some("After".into()),
            body: None,
            link_url: None,
            language: None,
            sensitive: None,
            warning: None,
            attachments: None,
            extra: Extra::Nothing,
            thumbnail: None,
            edit: Edit::Local,
        };
        hall.run(anna, update).await.unwrap();
        let update = newest(&hall, FORUM).await.remove(0).1;
        assert_eq!(update["object"]["object"]["published"], published);
        let note = newest(&hall, MICROBLOG).await.remove(0).1;
        assert_eq!(note["object"]["published"], published);
        let again = Hall::new(store).await;
        let served = again.operations.names.clone();
        let served = again.read(move |db| {
            let stored = crate::store::posts::find(db, post)?.unwrap();
            let said = crate::federation::document::post(db, &served, &stored)?.unwrap();
            Ok(crate::federation::write::post(&said))
        });
        assert_eq!(served.await["published"], published);
    }
);

/// What an entry means for a reader: each document with the id of who signs it.
async fn signed(hall: &Hall, logged: &Logged, reader: Reader) -> Vec<(String, Value)> {
    let (names, live) = (hall.operations.names.clone(), hall.operations.live.clone());
    let logged = logged.clone();
    let sendings = hall.read(move |db| documents(db, &names, &live.get(), &logged, reader));
    let mut signed = Vec::new();
    for sending in sendings.await {
        let signer = hall.read(move |db| actors::find(db, sending.signer)).await;
        let document = serde_json::from_slice(&sending.body).unwrap();
        signed.push((signer.unwrap().uri.to_string(), document));
    }
    signed
}

/// Everything in the log for every reader: whoever signs it is its actor.
async fn check_signers(hall: &Hall) -> usize {
    let classes = [
        PeerClass::Threadiverse,
        PeerClass::Lemmy,
        PeerClass::Microblog,
        PeerClass::EventSite,
        PeerClass::PeerTube,
        PeerClass::Both,
    ];
    let readers = classes.map(|class| [Reader::Follower(class), Reader::Direct(class)]);
    let mut checked = 0;
    for logged in hall.log().await {
        for reader in readers.into_iter().flatten() {
            for (signer, document) in signed(hall, &logged, reader).await {
                assert_eq!(document["actor"], signer, "{document}");
                checked += 1;
            }
        }
    }
    checked
}

db_test!(s042_everything_is_signed_by_its_actor, |store| {
    let hall = Hall::new(store).await;
    let anna = hall.person("anna").await;
    let mia = hall.remote("mia@peer.test").await;
    let group = hall.group("drivers", anna).await;
    let elsewhere = hall.remote_group("cars@peer.test").await;
    let post = hall.post(anna, group, "Before").await;
    let object = ObjectId::Post(post);
    let origin = from_elsewhere("https://peer.test/notes/1", hall.operations.now());
    let theirs = CreateComment {
        origin,
        ..answer(object, "hm")
    };
    let theirs = hall.run(mia, theirs).await.unwrap();
    hall.run(anna, answer(ObjectId::Comment(theirs), "thank you"))
        .await
        .unwrap();
    let relay = None;
    let vote = Vote {
        object: ObjectId::Comment(theirs),
        value: 1,
        relay,
    };
    hall.run(anna, vote).await.unwrap();
    let join = crate::operations::membership::JoinGroup { group: elsewhere };
    hall.run(anna, join).await.unwrap();
    let edit = UpdatePost {
        post,
        title: Some("After".into()),
        body: None,
        link_url: None,
        language: None,
        sensitive: None,
        warning: None,
        attachments: None,
        extra: Extra::Nothing,
        thumbnail: None,
        edit: Edit::Local,
    };
    hall.run(anna, edit).await.unwrap();
    let checked = check_signers(&hall).await;
    assert!(checked > 20, "{checked} documents");
    let remove = RemoveObject {
        object: ObjectId::Comment(theirs),
        reason: "spam".into(),
        with_replies: false,
        relay: None,
    };
    hall.run(anna, remove).await.unwrap();
    hall.run(
        anna,
        DeleteObject {
            object,
            relay: None,
        },
    )
    .await
    .unwrap();
    check_signers(&hall).await;
});

db_test!(
    what_is_sent_bears_its_signers_proof_where_that_is_set,
    |store| {
        use crate::domain::actor::ActorKind;
        use crate::federation::{document, wire};
        let operations = trial::hub_with(store, |settings| settings.federation.proofs = true).await;
        let hall = Hall::over(operations);
        let owner = trial::person(&hall.operations, "anna").await;
        let group = trial::group(&hall.operations, "tea", Some(owner)).await;
        hall.post(trial::member(owner), group, "Proven").await;
        let sent = newest(&hall, FORUM).await;
        let (names, live) = (hall.operations.names.clone(), hall.operations.live.clone());
        let published = hall.read(move |db| {
            let group = actors::find(db, group)?.expect("the group");
            assert_eq!(group.kind, ActorKind::Group);
            document::actor(db, &names, &live.get(), &group)
        });
        let published = published.await;
        let actor = wire::Actor::from_value(&published).unwrap();
        let [key] = actor.multikeys.as_slice() else {
            panic!("{published}")
        };
        assert_eq!(key.controller, actor.id);
        let key = crate::crypto::keypair::PublicKey::from_multikey(&key.multibase).unwrap();
        assert!(crate::federation::proof::is_proven_with(
            &sent[0].1, &actor.id, &key
        ));
    }
);

db_test!(
    an_answer_that_helped_is_told_in_piefeds_word_and_plainly,
    |store| {
        let hall = Hall::new(store).await;
        let anna = hall.person("anna").await;
        let group = hall.group("drivers", anna).await;
        let ask = CreatePost {
            extra: Extra::Question,
            ..text_post(group, "Which bit?", "For this.")
        };
        let post = hall.run(anna, ask).await.unwrap();
        let comment = hall.comment(anna, ObjectId::Post(post), "PH2.").await;
        let uri = format!("http://hub.test/comment/{comment}");
        let choose = |chosen| crate::operations::question::ChooseAnswer {
            answer: comment,
            chosen,
            relay: None,
        };
        for (chosen, outer) in [(true, "ChooseAnswer"), (false, "Undo")] {
            hall.run(anna, choose(chosen)).await.unwrap();
            let log = hall.log().await;
            let (names, live) = (hall.operations.names.clone(), hall.operations.live.clone());
            let told = log[log.len() - 2].clone();
            let sent = hall
                .read(move |db| documents(db, &names, &live.get(), &told, FORUM))
                .await;
            let announce: Value = serde_json::from_slice(&sent[0].body).unwrap();
            let inner = &announce["object"];
            assert_eq!(inner["type"], outer, "{announce}");
            let choice = if chosen { inner } else { &inner["object"] };
            assert_eq!(
                (&choice["type"], &choice["object"]),
                (&json!("ChooseAnswer"), &json!(uri))
            );
            let update = newest(&hall, MICROBLOG).await;
            let content = update[0].1["object"]["content"].as_str().unwrap();
            assert_eq!(content.contains(&uri), chosen, "{content}");
        }
    }
);

db_test!(
    what_admins_call_the_hub_is_told_to_all_servers_that_know_it,
    |store| {
        let hall = Hall::over(trial::hub(store).await);
        let called = |name: &str| NameHub {
            words: Some((name.to_owned(), "For all who mend.".to_owned())),
        };
        hall.run(Caller::System, called("Tools")).await.unwrap();
        let entry = hall.log().await.pop().expect("an entry").entry;
        let Activity::ProfileUpdated { actor: hub } = entry.activity else {
            panic!("{entry:?}")
        };
        let sent = newest(&hall, DIRECT).await;
        let [(signer, update)] = sent.as_slice() else {
            panic!("{sent:?}")
        };
        assert_eq!(*signer, hub);
        assert_eq!(update["type"], "Update");
        let told = &update["object"];
        assert_eq!(
            (&told["type"], &told["name"]),
            (&json!("Application"), &json!("Tools")),
            "though the settings in force are still those from before"
        );
        let before = hall.log().await.len();
        hall.run(Caller::System, called("Tools")).await.unwrap();
        assert_eq!(hall.log().await.len(), before, "nothing new to say");
        let logo = png(64, 64);
        let (operations, by) = (&hall.operations, Caller::System);
        set_sign(operations, by, Sign::Logo, Some(&logo))
            .await
            .unwrap();
        let icon = newest(&hall, DIRECT).await[0].1["object"]["icon"].clone();
        let at = icon["url"].as_str().unwrap_or_default();
        assert!(
            at.starts_with("https://hub.test/theme/chosen/logo-"),
            "{icon}"
        );
        set_sign(operations, by, Sign::Logo, None).await.unwrap();
        let last = newest(&hall, DIRECT).await;
        assert!(last[0].1["object"].get("icon").is_none(), "{last:?}");
    }
);
