//! Moderation from elsewhere: moderators on other servers, reports in four dialects, bans by
//! servers, accounts that end.

use serde_json::json;

use super::*;
use crate::domain::flag::{Docket, Lines};
use crate::domain::host::{HostRule, Severity};
use crate::domain::page::PageRequest;
use crate::operations::host::SetHostRule;
use crate::store::flags;
use crate::store::testing::db_test;
use crate::store::{moderation, moderators};

/// A room in which mia of the peer moderates tea, above nobody but whoever comes later.
async fn moderated(store: Store) -> (Room, FakeActor) {
    let room = Room::new(store).await;
    let mia = room.peer.person("mia");
    appoint(&room, &mia.id).await;
    (room, mia)
}

async fn known(room: &Room, uri: &str) -> ActorId {
    room.federation.resolver().actor(uri).await.unwrap().id
}

async fn appoint(room: &Room, uri: &str) {
    let (tea, actor) = (room.tea, known(room, uri).await);
    room.hall.pass(1);
    room.hall
        .write(move |db, now| moderators::insert(db, tea, actor, now))
        .await;
}

async fn moderates(room: &Room, actor: ActorId) -> bool {
    let tea = room.tea;
    room.hall
        .read(move |db| moderators::is_moderator(db, tea, actor))
        .await
}

async fn is_banned(room: &Room, group: Option<ActorId>, actor: ActorId) -> bool {
    let now = room.hall.operations.now();
    let ban = room
        .hall
        .read(move |db| moderation::find_ban(db, group, actor, now))
        .await;
    ban.is_some()
}

/// The actions of the log of tea, the newest first.
async fn log(room: &Room) -> Vec<(String, String)> {
    let lines = Lines::GroupInside(room.tea);
    let page = room
        .hall
        .read(move |db| {
            moderation::list_log(
                db,
                crate::domain::caller::Viewer::Visitor,
                lines,
                PageRequest::first(20),
            )
        })
        .await;
    let line = |entry: crate::domain::flag::LogEntry| (entry.action, entry.reason);
    page.items.into_iter().map(line).collect()
}

async fn reports(room: &Room, docket: Docket) -> Vec<crate::domain::flag::Flag> {
    let page = room
        .hall
        .read(move |db| flags::list(db, docket, true, PageRequest::first(20)))
        .await;
    page.items
}

/// An act of governance in tea.
fn act(room: &Room, by: &FakeActor, kind: &str, number: u32, object: &str) -> Value {
    let mut act = room.peer.act(by, kind, number, &json!(object));
    act["cc"] = json!([room.group()]);
    act["audience"] = json!(room.group());
    act
}

fn is_refused(taken: &Taken) -> bool {
    taken.status == 202 && matches!(taken.outcomes.as_slice(), [Outcome::Refused(_)])
}

fn is_ignored(taken: &Taken) -> bool {
    *taken
        == Taken {
            status: 202,
            outcomes: vec![Outcome::Done],
        }
}

db_test!(
    s058_a_blocked_host_is_refused_or_if_configured_ignored_and_the_unsigned_get_401,
    |store| {
        use crate::settings::Refusing;
        let room = Room::new(store).await;
        let mia = room.peer.person("mia");
        let like = room
            .peer
            .act(&mia, "Like", 1, &json!("http://hub.test/post/1"));
        let body = like.to_string();
        let headers = [
            ("content-type", "application/activity+json"),
            ("host", "hub.test"),
        ];
        let headers = headers.into_iter().map(|(name, value)| {
            (
                http::HeaderName::from_static(name),
                http::HeaderValue::from_static(value),
            )
        });
        let headers = headers.collect();
        let Reception::Rejected(no) = room.deliver("/inbox", &headers, body.as_bytes()).await
        else {
            panic!("it was taken")
        };
        assert_eq!(no.status, 401);
        let host = room.peer.base.trim_start_matches("http://").to_owned();
        let rule = HostRule::new(host, Severity::Suspend);
        room.hall
            .run(Caller::System, SetHostRule { rule })
            .await
            .unwrap();
        for (answer, status) in [(Refusing::Refuse, 403), (Refusing::Ignore, 202)] {
            let mut settings = (*room.federation.settings()).clone();
            settings.federation.blocked_senders = answer;
            room.federation.operations.live.reload(settings).unwrap();
            let taken = room.send(&mia, &like).await;
            assert_eq!((taken.status, taken.outcomes), (status, vec![]));
        }
        assert_eq!(room.peer.fetches(), 0, "H61: not even its key is fetched");
    }
);

db_test!(
    s118_a_moderators_delete_removes_with_its_reason_and_anybody_elses_does_nothing,
    |store| {
        let (room, mia) = moderated(store).await;
        let leo = room.peer.person("leo");
        let (post, uri) = room.local_post().await;
        let mut delete = act(&room, &leo, "Delete", 1, &uri);
        delete["summary"] = json!("mine now");
        assert!(is_refused(&room.send(&leo, &delete).await));
        let find = || async {
            room.hall
                .read(move |db| posts::find(db, post))
                .await
                .unwrap()
        };
        assert!(find().await.removed_at.is_none());
        let mut delete = act(&room, &mia, "Delete", 1, &uri);
        delete["summary"] = json!("off <b>topic</b>");
        room.takes(&mia, &delete).await;
        assert_eq!(find().await.removal_reason.as_deref(), Some("off topic"));
        assert_eq!(log(&room).await, [("remove".into(), "off topic".into())]);
        assert_eq!(
            room.last_logged().await.entry.relay,
            Some(delete.to_string()),
            "it is announced as it came"
        );
    }
);

db_test!(
    s120_undo_of_a_delete_restores_but_not_what_a_moderator_removed,
    |store| {
        let (room, mia) = moderated(store).await;
        let leo = room.peer.person("leo");
        let note = room.peer.note(&leo, 1, &room.group(), "Coming and going");
        let id = note["id"].as_str().unwrap().to_owned();
        room.takes(&leo, &room.peer.create(&leo, &note)).await;
        let own = act(&room, &leo, "Delete", 1, &id);
        room.takes(&leo, &own).await;
        assert!(room.find_post(&id).await.unwrap().deleted_at.is_some());
        let ann = room.peer.person("ann");
        let strange = room.peer.act(&ann, "Undo", 2, &own);
        assert!(is_refused(&room.send(&ann, &strange).await));
        assert!(room.find_post(&id).await.unwrap().deleted_at.is_some());
        room.takes(&leo, &room.peer.act(&leo, "Undo", 3, &own))
            .await;
        assert!(!room.find_post(&id).await.unwrap().hidden());
        let mut removal = act(&room, &mia, "Delete", 4, &id);
        removal["summary"] = json!("rude");
        room.takes(&mia, &removal).await;
        let mut again = act(&room, &leo, "Delete", 5, &id);
        for summary in [json!(null), json!("rude")] {
            again["summary"] = summary;
            room.send(&leo, &room.peer.act(&leo, "Undo", 6, &again))
                .await;
            let post = room.find_post(&id).await.unwrap();
            assert!(post.removed_at.is_some(), "{again}");
        }
        room.takes(&mia, &room.peer.act(&mia, "Undo", 7, &removal))
            .await;
        assert!(!room.find_post(&id).await.unwrap().hidden());
    }
);

db_test!(
    s122_an_actor_that_deletes_itself_takes_its_words_along_and_is_heard_no_more,
    |store| {
        let room = Room::new(store).await;
        let mia = room.peer.person("mia");
        room.takes(
            &mia,
            &room.peer.act(&mia, "Follow", 1, &json!(room.group())),
        )
        .await;
        let note = room.peer.note(&mia, 1, &room.group(), "My last words");
        room.takes(&mia, &room.peer.create(&mia, &note)).await;
        let (thread, uri) = room.local_post().await;
        let answer = room.peer.answer(&mia, 2, &uri, "Words too");
        room.takes(&mia, &room.peer.create(&mia, &answer)).await;
        room.takes(&mia, &room.peer.act(&mia, "Delete", 1, &json!(mia.id)))
            .await;
        let gone = room.find_actor(&mia.id).await.unwrap();
        assert!(gone.deleted_at.is_some());
        let (tea, id) = (room.tea, gone.id);
        let follow = room
            .hall
            .read(move |db| crate::store::follows::find(db, tea, id))
            .await;
        assert_eq!(follow, None);
        let post = room.find_post(note["id"].as_str().unwrap()).await.unwrap();
        let comment = room
            .find_comment(answer["id"].as_str().unwrap())
            .await
            .unwrap();
        assert!(post.deleted_at.is_some() && comment.deleted_at.is_some());
        let thread = room
            .hall
            .read(move |db| posts::find(db, thread))
            .await
            .unwrap();
        assert_eq!(thread.comment_count, 0);
        let late = room.peer.note(&mia, 3, &room.group(), "From beyond");
        room.send(&mia, &room.peer.create(&mia, &late)).await;
        assert_eq!(room.find_post(late["id"].as_str().unwrap()).await, None);
        assert!(room.find_actor(&mia.id).await.unwrap().deleted_at.is_some());
    }
);

db_test!(
    s122_or_only_its_name_goes_where_the_hub_keeps_the_words,
    |store| {
        let room = Room::new(store).await;
        let mut settings = (*room.federation.settings()).clone();
        settings.privacy.deleted_accounts = crate::settings::DeletedAccounts::Anonymise;
        room.federation.operations.live.reload(settings).unwrap();
        let mia = room.peer.person("mia");
        let note = room.peer.note(&mia, 1, &room.group(), "My last words");
        room.takes(&mia, &room.peer.create(&mia, &note)).await;
        room.takes(&mia, &room.peer.act(&mia, "Delete", 1, &json!(mia.id)))
            .await;
        let gone = room.find_actor(&mia.id).await.unwrap();
        assert_eq!(gone.title, "[deleted]");
        let post = room.find_post(note["id"].as_str().unwrap()).await.unwrap();
        assert!(!post.hidden());
    }
);

db_test!(
    s123_a_removal_with_replies_takes_the_whole_subtree,
    |store| {
        let (room, mia) = moderated(store).await;
        let (post, _) = room.local_post().await;
        let thread = ObjectId::Post(post);
        let first = room.hall.comment(room.anna, thread, "one").await;
        let below = room
            .hall
            .comment(room.anna, ObjectId::Comment(first), "below")
            .await;
        let beside = room.hall.comment(room.anna, thread, "beside").await;
        let mut delete = act(
            &room,
            &mia,
            "Delete",
            1,
            &format!("http://hub.test/comment/{first}"),
        );
        delete["summary"] = json!("quarrel");
        delete["withReplies"] = json!(true);
        room.takes(&mia, &delete).await;
        for (id, gone) in [(first, true), (below, true), (beside, false)] {
            let comment = room
                .hall
                .read(move |db| comments::find(db, id))
                .await
                .unwrap();
            assert_eq!(comment.removed_at.is_some(), gone, "{}", comment.html);
        }
        let stored = room
            .hall
            .read(move |db| posts::find(db, post))
            .await
            .unwrap();
        assert_eq!(stored.comment_count, 1);
        assert_eq!(log(&room).await.len(), 1, "the log says it once");
        let mut all = act(
            &room,
            &mia,
            "Delete",
            2,
            &format!("http://hub.test/post/{post}"),
        );
        all["summary"] = json!("all of it");
        all["withReplies"] = json!(true);
        room.takes(&mia, &all).await;
        let last = room
            .hall
            .read(move |db| comments::find(db, beside))
            .await
            .unwrap();
        assert!(last.removed_at.is_some());
    }
);

db_test!(
    s141_moderators_are_added_and_removed_by_moderators_in_the_groups_own_list_only,
    |store| {
        let (room, mia) = moderated(store).await;
        let leo = room.peer.person("leo");
        let leo_id = known(&room, &leo.id).await;
        let with = |by: &FakeActor, kind: &str, number: u32, target: &str| {
            let mut change = act(&room, by, kind, number, &leo.id);
            change["target"] = json!(target);
            change
        };
        let list = format!("{}/moderators", room.group());
        let own = with(&leo, "Add", 1, &list);
        assert!(is_refused(&room.send(&leo, &own).await), "H114");
        let foreign = with(&mia, "Add", 2, "https://elsewhere.example/c/tea/moderators");
        assert!(is_ignored(&room.send(&mia, &foreign).await));
        let other = with(&mia, "Add", 3, "http://hub.test/c/other/moderators");
        assert!(is_ignored(&room.send(&mia, &other).await));
        assert!(!moderates(&room, leo_id).await);
        let add = with(&mia, "Add", 4, &list);
        room.takes(&mia, &add).await;
        assert!(moderates(&room, leo_id).await);
        let logged = room.last_logged().await.entry;
        assert_eq!(
            (logged.group, logged.relay),
            (Some(room.tea), Some(add.to_string()))
        );
        let remove = with(&mia, "Remove", 5, &list);
        room.takes(&mia, &remove).await;
        assert!(!moderates(&room, leo_id).await);
        assert_eq!(
            room.last_logged().await.entry.relay,
            Some(remove.to_string())
        );
    }
);

db_test!(
    s142_a_higher_ranked_moderator_is_not_removed_or_banned,
    |store| {
        let (room, mia) = moderated(store).await;
        let leo = room.peer.person("leo");
        appoint(&room, &leo.id).await;
        let (mia_id, leo_id) = (known(&room, &mia.id).await, known(&room, &leo.id).await);
        let list = format!("{}/moderators", room.group());
        for (number, above) in [(1, "http://hub.test/u/anna"), (2, mia.id.as_str())] {
            let mut remove = act(&room, &leo, "Remove", number, above);
            remove["target"] = json!(list);
            assert!(is_refused(&room.send(&leo, &remove).await), "{above}");
        }
        let mut block = act(&room, &leo, "Block", 3, &mia.id);
        block["target"] = json!(room.group());
        assert!(is_refused(&room.send(&leo, &block).await));
        assert!(
            moderates(&room, mia_id).await && moderates(&room, room.anna.actor().unwrap()).await
        );
        let mut remove = act(&room, &mia, "Remove", 4, &leo.id);
        remove["target"] = json!(list);
        room.takes(&mia, &remove).await;
        assert!(!moderates(&room, leo_id).await);
        let again = act(&room, &leo, "Lock", 5, "http://hub.test/post/1");
        assert!(!matches!(
            room.send(&leo, &again).await.outcomes.as_slice(),
            []
        ));
    }
);

db_test!(
    s143_a_pinned_post_stands_in_featured_until_it_is_unpinned,
    |store| {
        let (room, mia) = moderated(store).await;
        let (_, uri) = room.local_post().await;
        let featured = || async {
            let (names, settings) = (
                room.hall.operations.names.clone(),
                room.federation.settings(),
            );
            let tea = room.tea;
            let document = room
                .hall
                .read(move |db| {
                    let tea = actors::find(db, tea)?.expect("tea is there");
                    let of = crate::federation::collection::of_actor;
                    let viewer = crate::domain::caller::Viewer::Visitor;
                    of(db, &names, &settings, viewer, &tea, ("featured", None))
                })
                .await;
            document.expect("a collection").to_string().contains(&uri)
        };
        let change = |kind: &str, number| {
            let mut change = act(&room, &mia, kind, number, &uri);
            change["target"] = json!(format!("{}/featured", room.group()));
            change
        };
        assert!(!featured().await);
        room.takes(&mia, &change("Add", 1)).await;
        assert!(featured().await);
        room.takes(&mia, &change("Remove", 2)).await;
        assert!(!featured().await);
        let leo = room.peer.person("leo");
        let mut strange = change("Add", 3);
        strange["actor"] = json!(leo.id);
        strange["id"] = json!(format!("{}#add", leo.id));
        assert!(is_refused(&room.send(&leo, &strange).await), "H114");
        assert!(!featured().await);
    }
);

db_test!(
    s144_a_block_bans_until_its_end_removes_on_demand_and_undo_lifts_it,
    |store| {
        let (room, mia) = moderated(store).await;
        let other = Peer::new();
        let eve = other.person("eve");
        let follow = other.act(&eve, "Follow", 9, &json!(room.group()));
        room.takes(&eve, &follow).await;
        let note = other.note(&eve, 1, &room.group(), "Buy this");
        let id = note["id"].as_str().unwrap().to_owned();
        room.takes(&eve, &other.create(&eve, &note)).await;
        let eve_id = known(&room, &eve.id).await;
        let mut block = act(&room, &mia, "Block", 1, &eve.id);
        block["target"] = json!(room.group());
        block["summary"] = json!("spam");
        block["endTime"] = json!("2026-06-02T12:00:00Z");
        block["removeData"] = json!(true);
        room.takes(&mia, &block).await;
        assert!(is_banned(&room, Some(room.tea), eve_id).await);
        assert!(room.find_post(&id).await.unwrap().removed_at.is_some());
        let log = room.hall.log().await;
        let told = log.last().unwrap();
        assert_eq!(told.entry.relay, Some(block.to_string()), "it is announced");
        assert!(
            matches!(
                &log[log.len() - 2].entry.activity,
                Deed::FollowRejected { follower, .. } if *follower == eve_id
            ),
            "the follow ends with a Reject"
        );
        assert_eq!(targets(&room).await, [eve_id], "her server hears of it");
        let again = other.note(&eve, 2, &room.group(), "Buy it now");
        assert!(is_refused(
            &room.send(&eve, &other.create(&eve, &again)).await
        ));
        room.hall.pass(48 * 3600);
        assert!(
            !is_banned(&room, Some(room.tea), eve_id).await,
            "it ends by itself"
        );
        let mut forever = act(&room, &mia, "Block", 2, &eve.id);
        forever["target"] = json!(room.group());
        room.takes(&mia, &forever).await;
        assert!(is_banned(&room, Some(room.tea), eve_id).await);
        let undo = room.peer.act(&mia, "Undo", 3, &forever);
        room.takes(&mia, &undo).await;
        assert!(!is_banned(&room, Some(room.tea), eve_id).await);
        assert_eq!(room.last_logged().await.entry.relay, Some(undo.to_string()));
        assert_eq!(targets(&room).await, [eve_id], "of the end, too");
    }
);

/// Who is told of the newest entry in any case.
async fn targets(room: &Room) -> Vec<ActorId> {
    let seq = room.last_logged().await.seq;
    let targets = room.hall.read(move |db| {
        let row = outbox::find(db, seq)?.expect("the entry");
        outbox::list_targets(db, row.id)
    });
    targets
        .await
        .into_iter()
        .map(|target| target.actor)
        .collect()
}

db_test!(
    s145_a_server_bans_its_own_people_and_nobody_elses,
    |store| {
        let room = Room::new(store).await;
        let (boss, mia) = (room.peer.person("boss"), room.peer.person("mia"));
        let other = Peer::new();
        let eve = other.person("eve");
        let (mia_id, eve_id) = (known(&room, &mia.id).await, known(&room, &eve.id).await);
        let root = format!("{}/", room.peer.base);
        let anna = "http://hub.test/u/anna";
        for (number, whom, target) in [
            (1, eve.id.as_str(), root.as_str()),
            (2, anna, root.as_str()),
            (3, eve.id.as_str(), &format!("{}/", other.base)),
            (4, anna, "http://hub.test/"),
        ] {
            let mut block = room.peer.act(&boss, "Block", number, &json!(whom));
            block["target"] = json!(target);
            assert!(
                is_ignored(&room.send(&boss, &block).await),
                "{whom} {target}"
            );
        }
        let anna_id = room.anna.actor().unwrap();
        assert!(!is_banned(&room, None, eve_id).await && !is_banned(&room, None, anna_id).await);
        let mut block = room.peer.act(&boss, "Block", 5, &json!(mia.id));
        block["target"] = json!(room.peer.base);
        room.takes(&boss, &block).await;
        assert!(is_banned(&room, None, mia_id).await);
        let note = room.peer.note(&mia, 1, &room.group(), "Still here");
        room.takes(&mia, &room.peer.create(&mia, &note)).await;
        let gone = room.find_post(note["id"].as_str().unwrap()).await;
        assert_eq!(gone, None, "H124");
        room.takes(&boss, &room.peer.act(&boss, "Undo", 6, &block))
            .await;
        assert!(!is_banned(&room, None, mia_id).await);
    }
);

db_test!(
    s146_locks_close_a_thread_or_what_lies_below_a_comment,
    |store| {
        let (room, mia) = moderated(store).await;
        let leo = room.peer.person("leo");
        let (post, uri) = room.local_post().await;
        let comment = room
            .hall
            .comment(room.anna, ObjectId::Post(post), "hm")
            .await;
        let below = room
            .hall
            .comment(room.anna, ObjectId::Comment(comment), "hm hm")
            .await;
        let address = |id| format!("http://hub.test/comment/{id}");
        let mut number = 0;
        let mut answers = async |to: &str| {
            number += 1;
            let answer = room.peer.answer(&leo, number, to, "an answer");
            room.send(&leo, &room.peer.create(&leo, &answer)).await;
            let id = answer["id"].as_str().unwrap();
            room.find_comment(id).await.is_some()
        };
        let strange = act(&room, &leo, "Lock", 90, &uri);
        assert!(is_refused(&room.send(&leo, &strange).await));
        let lock = act(&room, &mia, "Lock", 1, &address(comment));
        room.takes(&mia, &lock).await;
        assert!(!answers(&address(comment)).await && !answers(&address(below)).await);
        assert!(answers(&uri).await, "the thread stays open");
        room.takes(&mia, &room.peer.act(&mia, "Undo", 2, &lock))
            .await;
        assert!(answers(&address(below)).await);
        let lock = act(&room, &mia, "Lock", 3, &uri);
        room.takes(&mia, &lock).await;
        assert!(!answers(&uri).await && !answers(&address(below)).await);
        let refused = log(&room)
            .await
            .iter()
            .any(|(action, _)| action == "refuse");
        assert!(refused, "moderators see that somebody was refused");
        let own = room.peer.answer(&mia, 70, &uri, "as a moderator");
        room.takes(&mia, &room.peer.create(&mia, &own)).await;
        room.takes(&mia, &room.peer.act(&mia, "Undo", 4, &lock))
            .await;
        assert!(answers(&uri).await);
    }
);

db_test!(
    s147_reports_in_four_dialects_become_one_each_and_duplicates_are_merged,
    |store| {
        let room = Room::new(store).await;
        let (post, uri) = room.local_post().await;
        let comment = room
            .hall
            .comment(room.anna, ObjectId::Post(post), "hm")
            .await;
        let answer = format!("http://hub.test/comment/{comment}");
        let anna = "http://hub.test/u/anna";
        let base = room.peer.base.clone();
        let flag = |by: &FakeActor, number: u32, object: &Value| {
            let mut flag = room.peer.act(by, "Flag", number, object);
            flag["to"] = json!([room.group()]);
            flag
        };
        let (lemmy, mbin) = (room.peer.person("lemmy"), room.peer.person("mbin"));
        let misskey = room.peer.person("misskey");
        let mastodon = room
            .peer
            .actor("Application", &format!("{base}/actor"), "host", 0);
        let mut one = flag(&lemmy, 1, &json!(uri));
        one["summary"] = json!("from lemmy");
        one["audience"] = json!(room.group());
        let mut two = flag(
            &mastodon,
            2,
            &json!([anna, uri, answer, "https://x.example/1"]),
        );
        two["content"] = json!("from <script>alert(1)</script>mastodon");
        two["to"] = json!(anna);
        let mut three = flag(&mbin, 3, &json!([uri, anna]));
        three["summary"] = json!("from mbin");
        three["content"] = json!("from mbin");
        let mut four = flag(&misskey, 4, &json!(anna));
        four["content"] = json!(format!(
            "Note: {answer}\nLocal Note: {base}/notes/1\n-----\nfrom misskey"
        ));
        for (by, report) in [
            (&lemmy, one),
            (&mastodon, two),
            (&mbin, three),
            (&misskey, four),
        ] {
            room.takes(by, &report).await;
            let mut again = report.clone();
            again["id"] = json!(format!("{}/again", report["id"].as_str().unwrap()));
            room.takes(by, &again).await;
        }
        let mut found: Vec<_> = reports(&room, Docket::Group(room.tea))
            .await
            .into_iter()
            .map(|flag| {
                (
                    flag.reason.lines().last().unwrap_or_default().to_owned(),
                    flag.objects,
                )
            })
            .collect();
        found.sort();
        let (post, comment) = (post.0, comment.0);
        let reasons: Vec<_> = found.iter().map(|(reason, _)| reason.as_str()).collect();
        assert!(
            reasons.iter().all(|reason| reason.contains("from")),
            "{reasons:?}"
        );
        assert!(
            !reasons.iter().any(|reason| reason.contains('<')),
            "H113: {reasons:?}"
        );
        let mut objects: Vec<_> = found.into_iter().map(|(_, objects)| objects).collect();
        objects.sort();
        assert_eq!(
            objects,
            [vec![post], vec![post], vec![post, comment], vec![comment]]
        );
        assert!(reports(&room, Docket::Hub).await.is_empty());
    }
);

db_test!(
    s147_a_report_of_a_person_alone_is_for_the_hubs_moderators_and_unknown_things_are_dropped,
    |store| {
        let room = Room::new(store).await;
        let mia = room.peer.person("mia");
        let mut flag = room
            .peer
            .act(&mia, "Flag", 1, &json!("http://hub.test/u/anna"));
        flag["content"] = json!("rude everywhere");
        room.takes(&mia, &flag).await;
        let hub = reports(&room, Docket::Hub).await;
        assert_eq!(hub.len(), 1);
        assert_eq!(
            (hub[0].group, hub[0].objects.as_slice()),
            (None, [].as_slice())
        );
        let mut flag = room.peer.act(&mia, "Flag", 9, &json!(room.group()));
        flag["content"] = json!("the whole group is full of it");
        room.takes(&mia, &flag).await;
        let hub = reports(&room, Docket::Hub).await;
        assert_eq!((hub[0].group, hub[0].subject), (None, room.tea));
        let both = json!(["http://hub.test/u/anna", room.group()]);
        room.takes(&mia, &room.peer.act(&mia, "Flag", 10, &both))
            .await;
        assert_eq!(reports(&room, Docket::Hub).await.len(), 2, "where it was");
        let many: Vec<_> = (0..10_000)
            .map(|n| format!("http://hub.test/post/{n}"))
            .collect();
        let flood = room.peer.act(&mia, "Flag", 2, &json!(many));
        room.takes(&mia, &flood).await;
        let unknown = room
            .peer
            .act(&mia, "Flag", 3, &json!("http://hub.test/post/404"));
        assert!(is_ignored(&room.send(&mia, &unknown).await));
        assert_eq!(reports(&room, Docket::Hub).await.len(), 2, "H113");
        let rule = HostRule {
            reject_reports: true,
            ..HostRule::new(room.peer.base.replace("http://", ""), Severity::None)
        };
        room.hall
            .run(Caller::System, SetHostRule { rule })
            .await
            .unwrap();
        let leo = room.peer.person("leo");
        let flag = room
            .peer
            .act(&leo, "Flag", 4, &json!("http://hub.test/u/anna"));
        assert!(is_ignored(&room.send(&leo, &flag).await));
        assert_eq!(
            reports(&room, Docket::Hub).await.len(),
            2,
            "reports are not taken"
        );
    }
);

db_test!(s149_a_moderators_resolve_closes_the_report, |store| {
    let (room, mia) = moderated(store).await;
    let leo = room.peer.person("leo");
    let (_, uri) = room.local_post().await;
    let mut flag = room.peer.act(&leo, "Flag", 1, &json!(uri));
    flag["summary"] = json!("spam");
    room.takes(&leo, &flag).await;
    let open = || async { reports(&room, Docket::Group(room.tea)).await.len() };
    assert_eq!(open().await, 1);
    let resolve = room.peer.act(&leo, "Resolve", 2, &flag);
    assert!(is_refused(&room.send(&leo, &resolve).await));
    assert_eq!(open().await, 1);
    let mut other = flag.clone();
    other["id"] = json!(format!("{}/elsewhere", leo.id));
    room.takes(&mia, &room.peer.act(&mia, "Resolve", 3, &other))
        .await;
    assert_eq!(open().await, 0);
});

db_test!(
    s150_moderation_that_neither_the_group_nor_its_moderator_sent_is_ignored,
    |store| {
        let (room, mia) = moderated(store).await;
        let other = Peer::new();
        let eve = other.person("eve");
        let (post, uri) = room.local_post().await;
        let mut delete = act(&room, &mia, "Delete", 1, &uri);
        delete["summary"] = json!("forged");
        for act in [delete, act(&room, &mia, "Lock", 2, &uri)] {
            let taken = room.send(&eve, &act).await;
            assert_eq!(taken.status, 202, "{act}");
        }
        let stored = room
            .hall
            .read(move |db| posts::find(db, post))
            .await
            .unwrap();
        assert!(!stored.hidden() && !stored.locked);
    }
);

db_test!(
    h115_who_was_dismissed_or_moderates_another_group_does_nothing_here,
    |store| {
        let (room, mia) = moderated(store).await;
        let leo = room.peer.person("leo");
        let leo_id = known(&room, &leo.id).await;
        let coffee = room.hall.group("coffee", room.anna).await;
        room.hall
            .write(move |db, now| moderators::insert(db, coffee, leo_id, now))
            .await;
        let (tea, mia_id) = (room.tea, known(&room, &mia.id).await);
        room.hall
            .write(move |db, _| moderators::delete(db, tea, mia_id))
            .await;
        let (post, uri) = room.local_post().await;
        for (id, by) in [("H115 another group's", &leo), ("H115 dismissed", &mia)] {
            let mut delete = act(&room, by, "Delete", 1, &uri);
            delete["summary"] = json!("no");
            assert!(is_refused(&room.send(by, &delete).await), "{id}");
        }
        let stored = room
            .hall
            .read(move |db| posts::find(db, post))
            .await
            .unwrap();
        assert!(!stored.hidden());
    }
);

db_test!(
    h117_a_banned_or_locked_out_author_is_refused_and_moderators_can_see_it,
    |store| {
        let (room, mia) = moderated(store).await;
        let leo = room.peer.person("leo");
        let (post, uri) = room.local_post().await;
        room.takes(&mia, &act(&room, &mia, "Lock", 1, &uri)).await;
        for number in [1, 2] {
            let answer = room.peer.answer(&leo, number, &uri, "let me in");
            let taken = room.send(&leo, &room.peer.create(&leo, &answer)).await;
            assert!(is_refused(&taken), "H117");
        }
        let refused: Vec<_> = log(&room)
            .await
            .into_iter()
            .filter(|(action, _)| action == "refuse")
            .collect();
        assert_eq!(refused.len(), 1, "one line a day: {refused:?}");
        let lines = Lines::Group(room.tea);
        let public = room
            .hall
            .read(move |db| {
                moderation::list_log(
                    db,
                    crate::domain::caller::Viewer::Visitor,
                    lines,
                    PageRequest::first(20),
                )
            })
            .await;
        assert!(public.items.iter().all(|line| line.action != "refuse"));
        let stored = room
            .hall
            .read(move |db| posts::find(db, post))
            .await
            .unwrap();
        assert_eq!(stored.comment_count, 0);
    }
);

db_test!(
    h107_what_a_blocked_author_wrote_does_not_come_by_way_of_others,
    |store| {
        let room = Room::new(store).await;
        let evil = Peer::new();
        let eve = evil.person("eve");
        let cars = room.peer.group("cars");
        let group = known(&room, &cars.id).await;
        room.hall
            .run(
                room.anna,
                crate::operations::membership::JoinGroup { group },
            )
            .await
            .unwrap();
        let note = evil.note(&eve, 1, &cars.id, "Words of the blocked");
        let rule = HostRule::new(evil.base.replace("http://", ""), Severity::Suspend);
        room.hall
            .run(Caller::System, SetHostRule { rule })
            .await
            .unwrap();
        for (number, inner) in [(1, note["id"].clone()), (2, evil.create(&eve, &note))] {
            let announce = room.peer.act(&cars, "Announce", number, &inner);
            room.send(&cars, &announce).await;
        }
        assert_eq!(
            room.find_post(note["id"].as_str().unwrap()).await,
            None,
            "H107"
        );
        assert_eq!(evil.fetches(), 0, "R-24: it is not even asked");
    }
);
