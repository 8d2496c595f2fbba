//! What others hear of moderation: removals, bans, reports, accounts that end.

use serde_json::{Value, json};

use super::{Reader, documents, fetchable};
use crate::domain::activity::{Activity, Lane};
use crate::domain::actor::ActorKind;
use crate::domain::caller::Caller;
use crate::domain::ids::{ActorId, ObjectId, PostId};
use crate::federation::quirks::PeerClass;
use crate::operations::account::DeleteAccount;
use crate::operations::flag::{RaiseFlag, ResolveFlag};
use crate::operations::moderation::{Ban, RemoveObject, Unban};
use crate::operations::post::CreatePost;
use crate::operations::testing::{Hall, from_elsewhere, text_post};
use crate::operations::trial;
use crate::settings::{ReportedBy, Settings};
use crate::store::deliveries::{self, DeliveryCursor};
use crate::store::testing::db_test;
use crate::store::{Store, actors, moderators, outbox};

const FORUM: PeerClass = PeerClass::Threadiverse;
const MICROBLOG: PeerClass = PeerClass::Microblog;
const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

/// A founded hub at `https://hub.test`.
async fn founded(store: Store) -> Hall {
    Hall::over(trial::hub(store).await)
}

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

/// Who is told of the newest entry in any case.
async fn told(hall: &Hall) -> Vec<ActorId> {
    let seq = hall.log().await.pop().expect("an entry").seq;
    let targets = hall.read(move |db| {
        let row = outbox::find(db, seq)?.expect("the entry");
        outbox::list_targets(db, row.id)
    });
    let mut told: Vec<_> = targets.await.into_iter().map(|one| one.actor).collect();
    told.sort_unstable();
    told
}

fn change(hall: &Hall, with: impl FnOnce(&mut Settings)) {
    let mut settings = (*hall.operations.live.get()).clone();
    with(&mut settings);
    hall.operations.live.reload(settings).unwrap();
}

async fn theirs(hall: &Hall, author: Caller, group: ActorId) -> PostId {
    let origin = from_elsewhere("https://peer.test/notes/1", hall.operations.now());
    let post = CreatePost {
        origin,
        ..text_post(group, "Hello", "x")
    };
    hall.run(author, post).await.unwrap()
}

db_test!(
    s117_a_removal_of_foreign_words_is_announced_to_forums_and_unboosted_for_microblogs,
    |store| {
        let hall = founded(store).await;
        let anna = hall.person("anna").await;
        let mia = hall.remote("mia@peer.test").await;
        let group = hall.group("drivers", anna).await;
        let object = ObjectId::Post(theirs(&hall, mia, group).await);
        let boost = newest(&hall, Reader::Follower(MICROBLOG)).await;
        let remove = RemoveObject {
            object,
            reason: "spam".into(),
            with_replies: false,
            relay: None,
        };
        hall.run(anna, remove).await.unwrap();
        let forum = newest(&hall, Reader::Follower(FORUM)).await;
        let [(signer, announce)] = forum.as_slice() else {
            panic!("{forum:?}")
        };
        assert_eq!((*signer, &announce["type"]), (group, &json!("Announce")));
        let delete = &announce["object"];
        assert_eq!(
            (&delete["type"], &delete["summary"], &delete["object"]),
            (
                &json!("Delete"),
                &json!("spam"),
                &json!("https://peer.test/notes/1")
            )
        );
        assert_eq!(delete["actor"], "https://hub.test/u/anna");
        let microblog = newest(&hall, Reader::Follower(MICROBLOG)).await;
        let [(signer, undo)] = microblog.as_slice() else {
            panic!("{microblog:?}")
        };
        assert_eq!((*signer, &undo["type"]), (group, &json!("Undo")));
        assert_eq!(undo["object"]["id"], boost[0].1["id"], "the very boost");
        let direct = newest(&hall, Reader::Direct(MICROBLOG)).await;
        for (signer, document) in microblog.iter().chain(&direct).chain(&forum) {
            assert_eq!(
                *signer, group,
                "nothing is signed as the author: {document}"
            );
        }
        assert_eq!(told(&hall).await, [mia.actor().unwrap()]);
    }
);

db_test!(s123_a_removal_with_replies_says_so, |store| {
    let hall = founded(store).await;
    let anna = hall.person("anna").await;
    let group = hall.group("drivers", anna).await;
    let object = ObjectId::Post(hall.post(anna, group, "A quarrel").await);
    let remove = RemoveObject {
        object,
        reason: String::new(),
        with_replies: true,
        relay: None,
    };
    hall.run(anna, remove).await.unwrap();
    let forum = newest(&hall, Reader::Follower(FORUM)).await;
    assert_eq!(forum[0].1["object"]["withReplies"], true);
});

db_test!(
    s124_the_end_of_an_account_is_told_to_every_server_that_ever_was_told_anything,
    |store| {
        let operations = trial::hub(store).await;
        let ben = trial::person(&operations, "ben").await;
        let hall = Hall::over(operations);
        let eva = trial::remote(
            &hall.operations,
            "https://once.test/u/eva",
            ActorKind::Person,
        )
        .await;
        trial::remote(
            &hall.operations,
            "https://never.test/u/ida",
            ActorKind::Person,
        )
        .await;
        let instance = trial::actor(&hall.operations, eva).await.instance;
        hall.write(move |db, _| {
            let cursor = DeliveryCursor {
                instance,
                lane: Lane::Content,
                seq: 1,
            };
            deliveries::set_cursors(db, &[cursor])
        })
        .await;
        let delete = DeleteAccount {
            actor: ben,
            words: None,
        };
        hall.run(Caller::System, delete).await.unwrap();
        assert_eq!(told(&hall).await, [eva]);
        for class in [FORUM, MICROBLOG, PeerClass::Both] {
            let sent = newest(&hall, Reader::Direct(class)).await;
            let [(signer, delete)] = sent.as_slice() else {
                panic!("{sent:?}")
            };
            assert_eq!((*signer, &delete["type"]), (ben, &json!("Delete")));
            assert_eq!(delete["object"], "https://hub.test/u/ben");
            assert_eq!(delete["to"], json!([PUBLIC]));
            assert_eq!(delete["removeData"], true);
        }
        let gone = trial::actor(&hall.operations, ben).await;
        assert!(gone.deleted_at.is_some(), "the faces answer 410");
    }
);

db_test!(
    s144_a_ban_is_announced_and_told_to_the_banned_persons_server_and_so_is_its_end,
    |store| {
        let hall = founded(store).await;
        let anna = hall.person("anna").await;
        let mia = hall.remote("mia@peer.test").await.actor().unwrap();
        let group = hall.group("drivers", anna).await;
        let ban = Ban {
            group: Some(group),
            actor: mia,
            reason: "spam".into(),
            until: Some(hall.operations.now().plus_seconds(3600)),
            remove_content: true,
            relay: None,
        };
        hall.run(anna, ban).await.unwrap();
        assert_eq!(told(&hall).await, [mia]);
        for reader in [Reader::Follower(FORUM), Reader::Direct(FORUM)] {
            let sent = newest(&hall, reader).await;
            let [(signer, announce)] = sent.as_slice() else {
                panic!("{sent:?}")
            };
            let block = &announce["object"];
            assert_eq!((*signer, &block["type"]), (group, &json!("Block")));
            assert_eq!(block["object"], "https://peer.test/users/mia");
            assert_eq!(block["target"], "https://hub.test/c/drivers");
            assert_eq!(block["endTime"], block["expires"]);
            assert!(block["endTime"].is_string());
            assert_eq!(
                (&block["summary"], &block["removeData"]),
                (&json!("spam"), &json!(true))
            );
        }
        let unban = Unban {
            group: Some(group),
            actor: mia,
            relay: None,
        };
        hall.run(anna, unban).await.unwrap();
        let sent = newest(&hall, Reader::Direct(FORUM)).await;
        let undo = &sent[0].1["object"];
        assert_eq!(
            (&undo["type"], &undo["object"]["type"]),
            (&json!("Undo"), &json!("Block"))
        );
        assert_eq!(told(&hall).await, [mia]);
    }
);

db_test!(
    s145_our_ban_of_one_of_ours_has_the_hub_as_its_target_and_is_told_everywhere,
    |store| {
        let hall = founded(store).await;
        let boss = hall.person("boss").await.actor().unwrap();
        let ben = hall.person("ben").await.actor().unwrap();
        let mia = hall.remote("mia@peer.test").await.actor().unwrap();
        let instance = hall
            .read(move |db| actors::find(db, mia))
            .await
            .unwrap()
            .instance;
        hall.write(move |db, _| {
            let cursor = DeliveryCursor {
                instance,
                lane: Lane::Content,
                seq: 1,
            };
            deliveries::set_cursors(db, &[cursor])
        })
        .await;
        let ban = |actor| Ban {
            group: None,
            actor,
            reason: "spam".into(),
            until: None,
            remove_content: false,
            relay: None,
        };
        hall.run(trial::admin(boss), ban(ben)).await.unwrap();
        assert_eq!(told(&hall).await, [mia]);
        let sent = newest(&hall, Reader::Direct(FORUM)).await;
        let [(signer, block)] = sent.as_slice() else {
            panic!("{sent:?}")
        };
        assert_eq!((*signer, &block["type"]), (boss, &json!("Block")));
        assert_eq!(
            (&block["object"], &block["target"], &block["to"]),
            (
                &json!("https://hub.test/u/ben"),
                &json!("https://hub.test/"),
                &json!([PUBLIC])
            )
        );
    }
);

db_test!(
    s148_a_report_of_foreign_words_is_worded_for_its_reader_and_signed_by_setting,
    |store| {
        let hall = founded(store).await;
        let anna = hall.person("anna").await;
        let (mia, mo) = (
            hall.remote("mia@peer.test").await,
            hall.remote("mo@forum.test").await.actor().unwrap(),
        );
        let group = hall.group("drivers", anna).await;
        hall.pass(1);
        hall.write(move |db, now| moderators::insert(db, group, mo, now))
            .await;
        let post = theirs(&hall, mia, group).await;
        let author = mia.actor().unwrap();
        let report = |reason: &str| RaiseFlag {
            group: Some(group),
            objects: vec![ObjectId::Post(post)],
            subject: author,
            reason: reason.to_owned(),
            uri: None,
        };
        let flag = hall.run(anna, report("spam")).await.unwrap();
        let mut both = [author, mo];
        both.sort_unstable();
        assert_eq!(
            told(&hall).await,
            both,
            "moderators elsewhere, and her server"
        );
        for class in [FORUM, MICROBLOG, PeerClass::Both] {
            let followers = newest(&hall, Reader::Follower(class)).await;
            assert!(
                followers.is_empty(),
                "nobody else hears of it: {followers:?}"
            );
        }
        let forum = newest(&hall, Reader::Direct(FORUM)).await;
        let [(signer, lemmy)] = forum.as_slice() else {
            panic!("{forum:?}")
        };
        assert_eq!(
            (Some(*signer), &lemmy["type"]),
            (anna.actor(), &json!("Flag"))
        );
        assert_eq!(lemmy["to"], json!(["https://hub.test/c/drivers"]));
        assert_eq!(lemmy["object"], "https://peer.test/notes/1");
        assert_eq!(
            (&lemmy["summary"], &lemmy["content"]),
            (&json!("spam"), &json!("spam"))
        );
        let microblog = newest(&hall, Reader::Direct(MICROBLOG)).await;
        let [(_, mastodon)] = microblog.as_slice() else {
            panic!("{microblog:?}")
        };
        assert_eq!(mastodon["actor"], "https://hub.test/", "nobody is named");
        let mia_uri = "https://peer.test/users/mia";
        assert_eq!(mastodon["to"], json!([mia_uri]));
        assert_eq!(
            mastodon["object"],
            json!([mia_uri, "https://peer.test/notes/1"])
        );
        assert!(!mastodon.to_string().contains("anna"));
        let id = lemmy["id"].as_str().unwrap();
        let uuid = id.rsplit('/').next().unwrap().to_owned();
        let (names, live) = (hall.operations.names.clone(), hall.operations.live.clone());
        let public = hall
            .read(move |db| {
                fetchable(
                    db,
                    &names,
                    &live.get(),
                    crate::domain::caller::Viewer::Visitor,
                    ("flag", &uuid),
                )
            })
            .await;
        assert_eq!(public, None, "a report is for those it was sent to");
        hall.run(anna, ResolveFlag { flag }).await.unwrap();
        let resolve = newest(&hall, Reader::Direct(FORUM)).await;
        assert_eq!(resolve[0].1["type"], "Resolve");
        assert_eq!(resolve[0].1["object"]["id"], lemmy["id"]);
        change(&hall, |settings| {
            settings.moderation.reports_by = ReportedBy::Hub;
            settings.moderation.forward_reports = false;
        });
        hall.run(anna, report("again")).await.unwrap();
        assert_eq!(told(&hall).await, [mo]);
        let hubs = newest(&hall, Reader::Direct(FORUM)).await;
        assert_eq!(hubs[0].1["actor"], "https://hub.test/");
    }
);

db_test!(
    s148_a_report_into_a_group_elsewhere_goes_to_that_group,
    |store| {
        let hall = founded(store).await;
        let anna = hall.person("anna").await;
        let mia = hall.remote("mia@forum.test").await;
        let cars = hall.remote_group("cars@forum.test").await;
        let post = theirs(&hall, mia, cars).await;
        change(&hall, |settings| {
            settings.moderation.forward_reports = false;
        });
        let report = RaiseFlag {
            group: Some(cars),
            objects: vec![ObjectId::Post(post)],
            subject: mia.actor().unwrap(),
            reason: "spam".into(),
            uri: None,
        };
        hall.run(anna, report).await.unwrap();
        assert_eq!(told(&hall).await, [cars]);
        let sent = newest(&hall, Reader::Direct(FORUM)).await;
        assert_eq!(sent[0].1["to"], json!(["https://forum.test/users/cars"]));
        let log = hall.log().await;
        assert!(matches!(
            log.last().unwrap().entry.activity,
            Activity::Flagged { .. }
        ));
    }
);
