//! Posts and comments of every shape on their way into a local group (statements 84 to 106).

use serde_json::json;

use super::*;
use crate::domain::actor::Approval;
use crate::federation::outgoing::{Reader, documents};
use crate::federation::quirks::PeerClass;
use crate::federation::write::normalise;
use crate::operations::group::UpdateGroup;
use crate::operations::moderation::{Ban, LockObject, RemoveObject};
use crate::operations::post::ApprovePost;
use crate::store::testing::db_test;
use crate::store::{held, moderators};

const FORUM: Reader = Reader::Follower(PeerClass::Threadiverse);
const MICROBLOG: Reader = Reader::Follower(PeerClass::Microblog);

/// The documents of the last entry of the log for a reader.
async fn sent(room: &Room, reader: Reader) -> Vec<Value> {
    let logged = room.last_logged().await;
    let (names, settings) = (
        room.hall.operations.names.clone(),
        room.federation.settings(),
    );
    let sendings = room
        .hall
        .read(move |db| documents(db, &names, &settings, &logged, reader))
        .await;
    let parse = |body: &[u8]| serde_json::from_slice(body).unwrap();
    sendings.iter().map(|one| parse(&one.body)).collect()
}

/// A page as Lemmy 0.19 words it, and its Create.
fn page(room: &Room, by: &FakeActor, number: u32) -> (String, Value) {
    let (base, group) = (&room.peer.base, room.group());
    let id = format!("{base}/post/{number}");
    let page = json!({"type": "Page", "id": id, "attributedTo": by.id, "to": [group, PUBLIC],
        "cc": [], "audience": group, "name": "Which pot?", "content": "<p>Clay or iron?</p>",
        "mediaType": "text/html", "source": {"content": "Clay or iron?", "mediaType": "text/markdown"},
        "attachment": [{"type": "Link", "href": "https://pots.example/"}], "sensitive": false,
        "language": {"identifier": "de", "name": "Deutsch"},
        "tag": [{"type": "Hashtag", "href": id, "name": "#tea"}],
        "published": "2026-06-01T11:00:00.123456Z"});
    let create = json!({"@context": ["https://www.w3.org/ns/activitystreams"],
        "id": format!("{base}/activities/create/{number}"), "type": "Create", "actor": by.id,
        "to": [group, PUBLIC], "cc": [], "audience": group, "object": page});
    (id, create)
}

async fn set(room: &Room, change: impl FnOnce(&mut UpdateGroup)) {
    let mut update = UpdateGroup {
        group: room.tea,
        title: None,
        summary: None,
        posting_restricted: None,
        discoverable: None,
        approval: None,
    };
    change(&mut update);
    room.hall.run(room.anna, update).await.unwrap();
}

async fn refuses(room: &Room, from: &FakeActor, activity: &Value) {
    let taken = room.send(from, activity).await;
    assert_eq!(taken.status, 202);
    assert!(
        matches!(taken.outcomes.as_slice(), [Outcome::Refused(_)]),
        "{taken:?}"
    );
}

db_test!(s084_a_page_of_lemmy_is_announced_as_it_came, |store| {
    use crate::store::follows;
    let room = Room::new(store).await;
    let lea = room
        .peer
        .actor("Person", &format!("{}/u/lea", room.peer.base), "lea", 0);
    let follow = room.peer.act(&lea, "Follow", 1, &json!(room.group()));
    room.takes(&lea, &follow).await;
    let (id, create) = page(&room, &lea, 1);
    room.takes(&lea, &create).await;
    let post = room.find_post(&id).await.unwrap();
    assert_eq!((post.title.as_str(), post.group), ("Which pot?", room.tea));
    assert_eq!(post.source.as_deref(), Some("Clay or iron?"));
    assert_eq!(post.link_url.as_deref(), Some("https://pots.example/"));
    assert_eq!(post.language.as_deref(), Some("de"));
    let raw = room.last_logged().await.entry.relay.unwrap();
    assert_eq!(raw, create.to_string(), "to the byte");
    let announced = sent(&room, FORUM).await;
    assert_eq!(announced[0]["object"], normalise(&create));
    assert_eq!(announced[0]["object"], create, "the normaliser leaves it");
    let (tea, origin) = (room.tea, room.find_actor(&lea.id).await.unwrap().instance);
    let told = room
        .hall
        .read(move |db| follows::list_instances(db, tea))
        .await;
    assert_eq!(told[0].instance, origin, "its own server hears of it, too");
});

db_test!(
    s085_a_note_of_mastodon_becomes_a_post_in_both_forms,
    |store| {
        let room = Room::new(store).await;
        let (mia, group) = (room.peer.person("mia"), room.group());
        let mut note = room.peer.note(&mia, 1, &group, "Which pot?");
        note["cc"] = json!([
            format!("{}/followers", mia.id),
            group,
            format!("{group}/followers")
        ]);
        let create = room.peer.create(&mia, &note);
        room.takes(&mia, &create).await;
        let post = room.find_post(note["id"].as_str().unwrap()).await.unwrap();
        assert_eq!((post.title.as_str(), post.group), ("Which pot?", room.tea));
        let wrapped = sent(&room, FORUM).await;
        assert_eq!(
            (wrapped.len(), &wrapped[0]["object"]["id"]),
            (1, &create["id"])
        );
        let boost = sent(&room, MICROBLOG).await;
        assert_eq!((boost.len(), &boost[0]["object"]), (1, &note["id"]));
        for announce in [&wrapped[0], &boost[0]] {
            assert_eq!(announce["actor"], room.group());
        }
    }
);

db_test!(
    s086_a_quiet_note_is_public_and_one_for_followers_is_not_announced,
    |store| {
        let room = Room::new(store).await;
        let mia = room.peer.person("mia");
        let followers = format!("{}/followers", mia.id);
        let mut quiet = room.peer.note(&mia, 1, &room.group(), "Said quietly");
        quiet["to"] = json!([followers]);
        quiet["cc"] = json!([PUBLIC, room.group()]);
        room.takes(&mia, &room.peer.create(&mia, &quiet)).await;
        assert!(
            room.find_post(quiet["id"].as_str().unwrap())
                .await
                .is_some()
        );
        let told = room.hall.log().await.len();
        assert_eq!(told, 1);
        let mut closed = room.peer.note(&mia, 2, &room.group(), "For my followers");
        closed["to"] = json!([followers]);
        closed["cc"] = json!([room.group()]);
        room.takes(&mia, &room.peer.create(&mia, &closed)).await;
        assert_eq!(room.find_post(closed["id"].as_str().unwrap()).await, None);
        assert_eq!(room.hall.log().await.len(), told);
    }
);

db_test!(
    s088_only_the_first_author_of_an_object_may_create_it,
    |store| {
        let room = Room::new(store).await;
        let (mia, leo) = (room.peer.person("mia"), room.peer.person("leo"));
        let note = room.peer.note(&mia, 1, &room.group(), "Words of mia");
        let mut stolen = room.peer.create(&leo, &note);
        stolen["id"] = json!(format!("{}/stolen", leo.id));
        refuses(&room, &leo, &stolen).await;
        assert_eq!(room.find_post(note["id"].as_str().unwrap()).await, None);
        let channel = room.peer.group("channel");
        let mut shared = room.peer.note(&mia, 2, &room.group(), "With a channel");
        shared["attributedTo"] = json!([mia.id, {"type": "Group", "id": channel.id}]);
        room.takes(&mia, &room.peer.create(&mia, &shared)).await;
        let post = room
            .find_post(shared["id"].as_str().unwrap())
            .await
            .unwrap();
        assert_eq!(post.author, room.find_actor(&mia.id).await.unwrap().id);
    }
);

db_test!(s089_a_post_of_who_may_not_post_is_stored_nowhere, |store| {
    let room = Room::new(store).await;
    let (mia, leo) = (room.peer.person("mia"), room.peer.person("leo"));
    room.federation.resolver().actor(&mia.id).await.unwrap();
    let ban = Ban {
        group: Some(room.tea),
        actor: room.find_actor(&mia.id).await.unwrap().id,
        reason: "spam".into(),
        until: None,
        remove_content: false,
        relay: None,
    };
    room.hall.run(room.anna, ban).await.unwrap();
    set(&room, |update| update.posting_restricted = Some(true)).await;
    let told = room.hall.log().await.len();
    for by in [&mia, &leo] {
        let note = room.peer.note(by, 1, &room.group(), "Not wanted here");
        refuses(&room, by, &room.peer.create(by, &note)).await;
        let id = note["id"].as_str().unwrap().to_owned();
        assert_eq!(room.find_post(&id).await, None, "{id}");
        let waits = room.hall.read(move |db| held::find_by_uri(db, &id)).await;
        assert_eq!(waits, None);
    }
    assert_eq!(room.hall.log().await.len(), told);
    let (tea, moderator) = (room.tea, room.find_actor(&leo.id).await.unwrap().id);
    room.hall
        .write(move |db, now| moderators::insert(db, tea, moderator, now))
        .await;
    let note = room.peer.note(&leo, 2, &room.group(), "From a moderator");
    room.takes(&leo, &room.peer.create(&leo, &note)).await;
});

db_test!(
    s090_what_waits_is_announced_raw_after_its_approval,
    |store| {
        let room = Room::new(store).await;
        set(&room, |update| update.approval = Some(Approval::Everybody)).await;
        let told = room.hall.log().await.len();
        let lea = room.peer.person("lea");
        let (id, create) = page(&room, &lea, 1);
        room.takes(&lea, &create).await;
        assert_eq!(room.find_post(&id).await, None);
        assert_eq!(room.hall.log().await.len(), told);
        let uri = id.clone();
        let waits = room.hall.read(move |db| held::find_by_uri(db, &uri)).await;
        let post = waits.unwrap().id;
        room.hall
            .run(room.anna, ApprovePost { post })
            .await
            .unwrap();
        assert_eq!(room.find_post(&id).await.unwrap().id, post);
        assert_eq!(sent(&room, FORUM).await[0]["object"], create);
        assert_eq!(sent(&room, MICROBLOG).await[0]["object"], json!(id));
    }
);

db_test!(s090_what_waits_is_withdrawn_by_its_author, |store| {
    let room = Room::new(store).await;
    set(&room, |update| update.approval = Some(Approval::Everybody)).await;
    let (lea, leo) = (room.peer.person("lea"), room.peer.person("leo"));
    let (id, create) = page(&room, &lea, 1);
    room.takes(&lea, &create).await;
    let waits = || {
        let uri = id.clone();
        room.hall.read(move |db| held::find_by_uri(db, &uri))
    };
    room.takes(&leo, &room.peer.act(&leo, "Delete", 1, &json!(id)))
        .await;
    assert!(waits().await.is_some(), "not by somebody else");
    room.takes(&lea, &room.peer.act(&lea, "Delete", 1, &json!(id)))
        .await;
    assert_eq!(waits().await, None);
    let mut again = create.clone();
    again["id"] = json!(format!("{}/activities/create/again", room.peer.base));
    room.takes(&lea, &again).await;
    assert_eq!(waits().await, None, "and it does not come late");
});

db_test!(s091_the_first_of_two_groups_is_the_home, |store| {
    let room = Room::new(store).await;
    let pots = room.hall.group("pots", room.anna).await;
    let other = "http://hub.test/c/pots";
    let lea = room.peer.person("lea");
    let (id, mut create) = page(&room, &lea, 1);
    create["object"]["to"] = json!([PUBLIC, room.group(), other]);
    create["object"]["audience"] = json!(other);
    room.takes(&lea, &create).await;
    assert_eq!(
        room.find_post(&id).await.unwrap().group,
        pots,
        "the audience"
    );
    let (second, mut create) = page(&room, &lea, 2);
    create["object"]["audience"] = Value::Null;
    create["audience"] = Value::Null;
    create["object"]["to"] = json!([PUBLIC, room.group(), other]);
    room.takes(&lea, &create).await;
    assert_eq!(room.find_post(&second).await.unwrap().group, room.tea);
    let (_, uri) = room.local_post().await;
    let mut note = room.peer.answer(&lea, 3, &uri, "An answer");
    note["audience"] = json!(other);
    room.takes(&lea, &room.peer.create(&lea, &note)).await;
    assert!(
        room.find_comment(note["id"].as_str().unwrap())
            .await
            .is_some(),
        "what is answered goes before the audience"
    );
    let told = room.hall.log().await;
    let groups: Vec<_> = told.iter().map(|logged| logged.entry.group).collect();
    assert_eq!(
        groups[..2],
        [Some(pots), Some(room.tea)],
        "one announce each"
    );
    assert!(groups[2..].iter().all(|group| *group == Some(room.tea)));
});

db_test!(s092_odd_shapes_have_the_right_author_and_group, |store| {
    let room = Room::new(store).await;
    let (ada, base) = (room.peer.person("ada"), room.peer.base.clone());
    let group = room.group();
    let channel = room.peer.group("channel");
    let shapes = [
        // NodeBB: a summary that is a teaser, and a Note for microblogs beside it.
        json!({"type": "Article", "attributedTo": ada.id, "name": "Green tea", "summary": "<p>A teaser</p>",
            "preview": {"type": "Note", "attributedTo": ada.id, "content": "A teaser"}, "content": "<p>Long</p>"}),
        // Mbin: the link as source, no content.
        json!({"type": "Page", "attributedTo": ada.id, "name": "Pots", "source": "https://pots.example/",
            "content": null, "contentMap": {"en": null}, "summary": "Pots #tea", "url": "https://pots.example/",
            "stickied": false, "commentsEnabled": true}),
        // PeerTube: a film of an account on a channel.
        json!({"type": "Video", "name": "Pouring", "url": [{"type": "Link", "mediaType": "text/html", "href": format!("{base}/w/1")}],
            "attributedTo": [{"type": "Person", "id": ada.id}, {"type": "Group", "id": channel.id}]}),
        // Mobilizon: a meeting of a group, made by a person.
        json!({"type": "Event", "name": "Tasting", "actor": ada.id, "attributedTo": channel.id,
            "startTime": "2026-07-01T18:00:00Z", "location": {"type": "Place", "name": "Hall"},
            "attachment": [{"type": "Document", "mediaType": "image/png", "name": "Banner", "url": format!("{base}/b.png")}]}),
    ];
    for (number, mut shape) in shapes.into_iter().enumerate() {
        let id = format!("{base}/things/{number}");
        let (kind, title) = (shape["type"].clone(), shape["name"].clone());
        for (key, value) in [
            ("id", json!(id)),
            ("to", json!([PUBLIC, group])),
            ("cc", json!([])),
        ] {
            shape[key] = value;
        }
        room.takes(&ada, &room.peer.create(&ada, &shape)).await;
        let post = room
            .find_post(&id)
            .await
            .unwrap_or_else(|| panic!("{kind}"));
        let author = room.find_actor(&ada.id).await.unwrap().id;
        assert_eq!((post.author, post.group), (author, room.tea), "{kind}");
        assert_eq!(json!(post.title), title, "{kind}");
        assert_eq!(post.warning, None, "a teaser is no warning: {kind}");
    }
});

db_test!(
    s092_an_announce_of_wordpress_names_its_author_in_the_object,
    |store| {
        use crate::operations::membership::JoinGroup;
        let room = Room::new(store).await;
        let (blog, ada) = (room.peer.group("blog"), room.peer.person("ada"));
        let group = room.federation.resolver().actor(&blog.id).await.unwrap();
        let join = JoinGroup { group: group.id };
        room.hall.run(room.anna, join).await.unwrap();
        let id = format!("{}/2026/tea", room.peer.base);
        let article = json!({"id": id, "type": "Article", "attributedTo": ada.id, "name": "Tea",
            "content": "<p>Hot.</p>", "to": [PUBLIC], "cc": [format!("{}/followers", blog.id)],
            "published": "2026-06-01T11:00:00Z", "updated": "2026-06-01T11:30:00Z"});
        room.peer.serve(&id, article.clone());
        let announce = room.peer.act(
            &blog,
            "Announce",
            1,
            &json!({"type": "Update", "object": article}),
        );
        room.takes(&blog, &announce).await;
        let post = room.find_post(&id).await.unwrap();
        let author = room.find_actor(&ada.id).await.unwrap().id;
        assert_eq!((post.author, post.group), (author, group.id));
    }
);

db_test!(s094_long_titles_are_cut_and_short_ones_replaced, |store| {
    let room = Room::new(store).await;
    let lea = room.peer.person("lea");
    let (long, mut create) = page(&room, &lea, 1);
    create["object"]["name"] = json!("\u{e4}".repeat(500));
    room.takes(&lea, &create).await;
    let title = room.find_post(&long).await.unwrap().title;
    assert_eq!(title.chars().count(), 200);
    let (short, mut create) = page(&room, &lea, 2);
    create["object"]["name"] = json!("x");
    room.takes(&lea, &create).await;
    assert_eq!(room.find_post(&short).await.unwrap().title, "Clay or iron?");
});

db_test!(
    s088_the_signer_is_the_author_of_what_names_nobody,
    |store| {
        let room = Room::new(store).await;
        let (mia, channel) = (room.peer.person("mia"), room.peer.group("channel"));
        let mut note = room.peer.note(&mia, 1, &room.group(), "Signed by me");
        note.as_object_mut().unwrap().remove("attributedTo");
        room.takes(&mia, &room.peer.create(&mia, &note)).await;
        let post = room.find_post(note["id"].as_str().unwrap()).await.unwrap();
        assert_eq!(post.author, room.id_of(&mia).await);
        let mut note = room.peer.note(&mia, 2, &room.group(), "In a channel");
        note["attributedTo"] =
            json!([{"type": "Group", "id": channel.id}, {"type": "Person", "id": mia.id}]);
        room.takes(&mia, &room.peer.create(&mia, &note)).await;
        let post = room.find_post(note["id"].as_str().unwrap()).await.unwrap();
        assert_eq!(post.author, room.id_of(&mia).await);
    }
);

db_test!(
    an_answer_to_several_things_stands_below_the_one_that_is_here,
    |store| {
        let room = Room::new(store).await;
        let mia = room.peer.person("mia");
        let (_, uri) = room.local_post().await;
        let mut answer = room.peer.answer(&mia, 1, &uri, "To both of you");
        answer["inReplyTo"] = json!([format!("{}/gone", room.peer.base), uri]);
        room.takes(&mia, &room.peer.create(&mia, &answer)).await;
        assert!(
            room.find_comment(answer["id"].as_str().unwrap())
                .await
                .is_some()
        );
    }
);

db_test!(s095_the_first_sixteen_attachments_are_kept, |store| {
    let room = Room::new(store).await;
    let mia = room.peer.person("mia");
    let mut note = room.peer.note(&mia, 1, &room.group(), "Many cups");
    let image = |n: u32| {
        json!({"type": "Document", "mediaType": "image/png", "name": format!("cup {n}"),
            "url": format!("https://m.example/{n}.png")})
    };
    note["attachment"] = (0..30).map(image).collect();
    room.takes(&mia, &room.peer.create(&mia, &note)).await;
    let post = room.find_post(note["id"].as_str().unwrap()).await.unwrap();
    assert_eq!(post.attachments.len(), 16);
    let last = post.attachments.last().unwrap();
    assert_eq!(
        last.alt.as_deref(),
        Some("cup 15"),
        "with the words for them"
    );
});

db_test!(
    s096_what_is_shown_is_clean_and_what_is_announced_is_raw,
    |store| {
        let room = Room::new(store).await;
        let mia = room.peer.person("mia");
        let dirt = "<p style=\"position:fixed\" onclick=\"x()\">Tea<script>alert(1)</script>\
        <img src=\"data:image/png;base64,AA\"><a href=\"javascript:x()\">here</a>\
        <iframe src=\"https://e.example/\"></iframe><style>p{}</style></p>";
        let mut note = room.peer.note(&mia, 1, &room.group(), "x");
        note["content"] = json!(dirt);
        let create = room.peer.create(&mia, &note);
        room.takes(&mia, &create).await;
        let html = room
            .find_post(note["id"].as_str().unwrap())
            .await
            .unwrap()
            .html;
        for bad in [
            "script",
            "style",
            "onclick",
            "data:",
            "javascript",
            "iframe",
            "alert",
        ] {
            assert!(!html.contains(bad), "{bad}: {html}");
        }
        assert!(html.contains("Tea") && html.contains("here"), "{html}");
        assert_eq!(
            sent(&room, FORUM).await[0]["object"]["object"]["content"],
            dirt
        );
    }
);

db_test!(
    s097_one_post_comes_of_announce_create_and_fetch_in_any_order,
    |store| {
        use crate::federation::inbox::bring;
        use crate::operations::membership::JoinGroup;
        let room = Room::new(store).await;
        let (cars, leo) = (room.peer.group("cars"), room.peer.person("leo"));
        let group = room.federation.resolver().actor(&cars.id).await.unwrap();
        let join = JoinGroup { group: group.id };
        room.hall.run(room.anna, join).await.unwrap();
        let orders = [
            [0, 1, 2],
            [0, 2, 1],
            [1, 0, 2],
            [1, 2, 0],
            [2, 0, 1],
            [2, 1, 0],
        ];
        for (number, order) in (1..).zip(orders) {
            let note = room.peer.note(&leo, number, &cars.id, "New wipers");
            let id = note["id"].as_str().unwrap();
            let create = room.peer.create(&leo, &note);
            for way in order {
                // What was seen before is dropped at the door.
                let (from, sent) = match way {
                    0 => (&cars, room.peer.act(&cars, "Announce", number, &create)),
                    1 => (&leo, create.clone()),
                    _ => {
                        bring(&room.federation, id).await.unwrap();
                        continue;
                    }
                };
                let taken = room.send(from, &sent).await;
                assert_eq!(taken.status, 202);
                let done = |one: &Outcome| *one == Outcome::Done;
                assert!(taken.outcomes.iter().all(done), "{taken:?}");
            }
            let post = room.find_post(id).await.unwrap();
            assert_eq!((post.group, post.title.as_str()), (group.id, "New wipers"));
        }
        let of = group.id;
        let posts = room
            .hall
            .read(move |db| posts::count_of_group(db, of))
            .await;
        assert_eq!(posts, 6, "each once");
    }
);

db_test!(
    s097_what_was_fetched_is_announced_when_its_create_comes,
    |store| {
        let room = Room::new(store).await;
        let (mia, leo) = (room.peer.person("mia"), room.peer.person("leo"));
        let root = room.peer.note(&mia, 1, &room.group(), "The beginning");
        let mut answer = room.peer.note(&leo, 2, &room.group(), "To that");
        answer["inReplyTo"] = root["id"].clone();
        room.takes(&leo, &room.peer.create(&leo, &answer)).await;
        assert!(room.find_post(root["id"].as_str().unwrap()).await.is_some());
        assert_eq!(room.hall.log().await.len(), 1, "the answer alone");
        let create = room.peer.create(&mia, &root);
        room.takes(&mia, &create).await;
        let logged = room.last_logged().await;
        assert_eq!(logged.entry.relay, Some(create.to_string()));
        let mut again = create.clone();
        again["id"] = json!(format!("{}/again", mia.id));
        room.takes(&mia, &again).await;
        assert_eq!(room.hall.log().await.len(), 2, "once");
    }
);

db_test!(s098_what_was_deleted_does_not_come_late, |store| {
    let room = Room::new(store).await;
    let mia = room.peer.person("mia");
    let note = room
        .peer
        .note(&mia, 1, &room.group(), "Deleted before it came");
    let delete = room.peer.act(&mia, "Delete", 1, &note["id"]);
    room.federation.resolver().actor(&mia.id).await.unwrap();
    room.takes(&mia, &delete).await;
    room.hall.pass(23 * 3600);
    room.takes(&mia, &room.peer.create(&mia, &note)).await;
    assert_eq!(room.find_post(note["id"].as_str().unwrap()).await, None);
    assert!(room.hall.log().await.is_empty());
});

db_test!(
    s099_an_answer_to_a_local_post_is_announced_to_forums_only,
    |store| {
        let room = Room::new(store).await;
        let mia = room.peer.person("mia");
        let (post, uri) = room.local_post().await;
        let note = room.peer.answer(&mia, 1, &uri, "Green, always");
        let create = room.peer.create(&mia, &note);
        room.takes(&mia, &create).await;
        let comment = room
            .find_comment(note["id"].as_str().unwrap())
            .await
            .unwrap();
        assert_eq!((comment.post, comment.parent), (post, None));
        let wrapped = sent(&room, FORUM).await;
        assert_eq!(
            (wrapped.len(), &wrapped[0]["object"]["id"]),
            (1, &create["id"])
        );
        assert_eq!(sent(&room, MICROBLOG).await, Vec::<Value>::new());
    }
);

db_test!(
    s100_an_answer_to_a_local_comment_needs_not_name_the_group,
    |store| {
        let room = Room::new(store).await;
        let mia = room.peer.person("mia");
        let (post, _) = room.local_post().await;
        let above = room
            .hall
            .comment(room.anna, ObjectId::Post(post), "Black?")
            .await;
        let uri = format!("http://hub.test/comment/{above}");
        let mut note = room.peer.answer(&mia, 1, &uri, "No, green");
        note["cc"] = json!([format!("{}/followers", mia.id), "http://hub.test/u/anna"]);
        note["tag"] = json!([{"type": "Mention", "href": "http://hub.test/u/anna", "name": "@anna@hub.test"}]);
        room.takes(&mia, &room.peer.create(&mia, &note)).await;
        let comment = room
            .find_comment(note["id"].as_str().unwrap())
            .await
            .unwrap();
        assert_eq!((comment.post, comment.parent), (post, Some(above)));
        let logged = room.last_logged().await;
        assert_eq!(logged.entry.group, Some(room.tea));
        assert_eq!(sent(&room, FORUM).await.len(), 1);
    }
);

/// A chain of answers below a thing, each by its own hand; only the last is sent.
pub(super) fn chain(room: &Room, by: &FakeActor, root: &str, length: u32) -> Vec<Value> {
    let mut above = json!(root);
    let link = |number: u32| {
        let mut note = room.peer.note(by, number, &room.group(), "Further down");
        note["inReplyTo"] = above.clone();
        room.peer.serve(note["id"].as_str().unwrap(), note.clone());
        above = note["id"].clone();
        note
    };
    (1..=length).map(link).collect()
}

db_test!(
    s101_three_missing_ancestors_are_fetched_and_sixty_are_not,
    |store| {
        let room = Room::new(store).await;
        let (mia, leo) = (room.peer.person("mia"), room.peer.person("leo"));
        let (post, uri) = room.local_post().await;
        let thread = chain(&room, &mia, &uri, 4);
        let last = thread.last().unwrap();
        room.takes(&mia, &room.peer.create(&mia, last)).await;
        let mut depths = Vec::new();
        for note in &thread {
            let comment = room
                .find_comment(note["id"].as_str().unwrap())
                .await
                .unwrap();
            assert_eq!(comment.post, post);
            depths.push(comment.depth);
        }
        assert_eq!(depths, [1, 2, 3, 4]);
        let mut settings = (*room.federation.settings()).clone();
        settings.federation.fetches_per_job = 100;
        room.federation.operations.live.reload(settings).unwrap();
        let long = chain(&room, &leo, &uri, 61);
        let before = room.peer.fetches();
        room.takes(&leo, &room.peer.create(&leo, long.last().unwrap()))
            .await;
        for note in &long {
            let id = note["id"].as_str().unwrap();
            assert_eq!(
                (room.find_comment(id).await, room.find_post(id).await),
                (None, None)
            );
        }
        assert!(
            room.peer.fetches() - before <= 52,
            "fifty levels and the author"
        );
    }
);

db_test!(
    s102_nothing_is_answered_below_what_is_removed_or_locked,
    |store| {
        let room = Room::new(store).await;
        let mia = room.peer.person("mia");
        let (locked, locked_uri) = room.local_post().await;
        let (removed, removed_uri) = room.local_post().await;
        let lock = LockObject {
            object: ObjectId::Post(locked),
            locked: true,
            reason: String::new(),
            relay: None,
        };
        room.hall.run(room.anna, lock).await.unwrap();
        let remove = RemoveObject {
            object: ObjectId::Post(removed),
            reason: "spam".into(),
            with_replies: false,
            relay: None,
        };
        room.hall.run(room.anna, remove).await.unwrap();
        let told = room.hall.log().await.len();
        for (number, uri) in [(1, &locked_uri), (2, &removed_uri)] {
            let note = room.peer.answer(&mia, number, uri, "Still here");
            refuses(&room, &mia, &room.peer.create(&mia, &note)).await;
            assert_eq!(room.find_comment(note["id"].as_str().unwrap()).await, None);
        }
        assert_eq!(room.hall.log().await.len(), told);
        let (tea, moderator) = (room.tea, room.find_actor(&mia.id).await.unwrap().id);
        room.hall
            .write(move |db, now| moderators::insert(db, tea, moderator, now))
            .await;
        let note = room.peer.answer(&mia, 3, &locked_uri, "Closed for now");
        room.takes(&mia, &room.peer.create(&mia, &note)).await;
    }
);

db_test!(
    s103_the_scalars_of_gotosocial_are_taken_and_listed,
    |store| {
        let room = Room::new(store).await;
        let mia = room.peer.person("mia");
        let (_, uri) = room.local_post().await;
        let mut note = room.peer.answer(&mia, 1, &uri, "Short");
        note["to"] = json!(PUBLIC);
        note["cc"] = json!("http://hub.test/u/anna");
        note["tag"] =
            json!({"type": "Mention", "href": "http://hub.test/u/anna", "name": "@anna@hub.test"});
        note["attachment"] = json!({"type": "Image", "mediaType": "image/png", "url": "https://g.example/1.png", "summary": "a cup"});
        note["content"] = json!("<p>Short</p>");
        room.takes(&mia, &room.peer.create(&mia, &note)).await;
        let comment = room
            .find_comment(note["id"].as_str().unwrap())
            .await
            .unwrap();
        assert_eq!(comment.attachments[0].alt.as_deref(), Some("a cup"));
        let wrapped = sent(&room, FORUM).await.remove(0);
        for place in [&wrapped["object"], &wrapped["object"]["object"]] {
            for key in ["to", "cc"] {
                assert!(place[key].is_array(), "{key}: {place}");
            }
        }
        assert!(wrapped["object"]["object"]["tag"].is_array());
    }
);

db_test!(s106_only_moderators_speak_as_moderators, |store| {
    let room = Room::new(store).await;
    let mia = room.peer.person("mia");
    let (_, uri) = room.local_post().await;
    for (number, moderates) in [(1, false), (2, true)] {
        if moderates {
            let (tea, moderator) = (room.tea, room.find_actor(&mia.id).await.unwrap().id);
            room.hall
                .write(move |db, now| moderators::insert(db, tea, moderator, now))
                .await;
        }
        let mut note = room.peer.answer(&mia, number, &uri, "Order, please");
        note["distinguished"] = json!(true);
        room.takes(&mia, &room.peer.create(&mia, &note)).await;
        let comment = room
            .find_comment(note["id"].as_str().unwrap())
            .await
            .unwrap();
        assert_eq!(comment.distinguished, moderates);
    }
});

db_test!(a_comment_keeps_its_warning_language_and_pictures, |store| {
    let room = Room::new(store).await;
    let mia = room.peer.person("mia");
    let (_, uri) = room.local_post().await;
    let mut note = room.peer.answer(&mia, 1, &uri, "Look :blobcup:");
    note["summary"] = json!("Spiders");
    note["sensitive"] = json!(true);
    note["contentMap"] = json!({"it": note["content"]});
    note["attachment"] = json!([{"type": "Document", "mediaType": "image/png", "url": "https://m.example/1.png", "name": "a spider"}]);
    note["tag"] = json!([{"type": "Emoji", "name": ":blobcup:", "icon": {"type": "Image", "url": "https://m.example/e.png"}}]);
    let create = room.peer.create(&mia, &note);
    room.takes(&mia, &create).await;
    let find = || async {
        room.find_comment(note["id"].as_str().unwrap())
            .await
            .unwrap()
    };
    let comment = find().await;
    assert_eq!(comment.warning.as_deref(), Some("Spiders"));
    assert_eq!(
        (comment.sensitive, comment.language.as_deref()),
        (true, Some("it"))
    );
    assert_eq!(comment.attachments[0].alt.as_deref(), Some("a spider"));
    assert!(comment.html.contains(":blobcup:") && !comment.html.contains("<img"));
    let mut calmer = note.clone();
    calmer["summary"] = Value::Null;
    calmer["sensitive"] = json!(false);
    calmer["attachment"] = json!([]);
    calmer["updated"] = json!("2026-06-01T11:30:00Z");
    room.takes(&mia, &room.peer.act(&mia, "Update", 1, &calmer))
        .await;
    let comment = find().await;
    assert_eq!(
        (
            comment.warning,
            comment.sensitive,
            comment.attachments.len()
        ),
        (None, false, 0)
    );
});

db_test!(
    s105_an_answer_for_followers_is_seen_by_those_it_names_only,
    |store| {
        use crate::store::messages;
        let room = Room::new(store).await;
        let mia = room.peer.person("mia");
        let (_, uri) = room.local_post().await;
        let told = room.hall.log().await.len();
        let mut note = room.peer.answer(&mia, 1, &uri, "For few: zebra");
        note["to"] = json!([format!("{}/followers", mia.id)]);
        note["cc"] = json!([room.group(), "http://hub.test/u/anna"]);
        let id = note["id"].as_str().unwrap().to_owned();
        room.takes(&mia, &room.peer.create(&mia, &note)).await;
        assert_eq!(room.find_comment(&id).await, None, "not in the thread");
        assert_eq!(room.hall.log().await.len(), told, "not announced");
        let message = room
            .hall
            .read(move |db| messages::find_by_uri(db, &id))
            .await
            .expect("anna can read it");
        let place = message.conversation;
        let members = room
            .hall
            .read(move |db| messages::list_members(db, &[place]));
        let members: Vec<ActorId> = members.await.into_iter().map(|(_, who)| who).collect();
        let mia_id = room.find_actor(&mia.id).await.unwrap().id;
        let mut both = vec![room.anna.actor().unwrap(), mia_id];
        both.sort_unstable();
        assert_eq!(members, both, "nobody else");
        let mut alone = room.peer.answer(&mia, 2, &uri, "For my followers alone");
        alone["to"] = json!([format!("{}/followers", mia.id)]);
        let id = alone["id"].as_str().unwrap().to_owned();
        room.takes(&mia, &room.peer.create(&mia, &alone)).await;
        assert_eq!(room.find_comment(&id).await, None);
        let kept = room
            .hall
            .read(move |db| messages::find_by_uri(db, &id))
            .await;
        assert_eq!(kept, None);
    }
);
