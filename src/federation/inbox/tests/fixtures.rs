//! Payloads captured from real peers, re-addressed to a local group and signed. They lie beside
//! the checkout (`GUILDHALL_FIXTURES` at build time names another place); without them these
//! tests are skipped.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::*;
use crate::domain::flag::Docket;
use crate::store::flags;
use crate::store::testing::db_test;
use crate::store::{follows, moderation, moderators};

fn root() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/fixtures");
    let root = option_env!("GUILDHALL_FIXTURES").map_or(beside, PathBuf::from);
    if root.exists() {
        return Some(root);
    }
    println!("skipped: no payloads in {}", root.display());
    None
}

/// A payload with some texts replaced, in this order.
fn load(root: &Path, file: &str, replaced: &[(&str, &str)]) -> Value {
    let text = std::fs::read_to_string(root.join(file)).unwrap();
    let mut text = text.replace("\\/", "/");
    for (from, to) in replaced {
        text = text.replace(from, to);
    }
    serde_json::from_str(&text).unwrap()
}

db_test!(lemmys_payloads_have_their_effect, |store| {
    let Some(root) = root() else { return };
    let room = Room::new(store).await;
    let (base, group) = (room.peer.base.clone(), room.group());
    let person = |name: &str| {
        room.peer
            .actor("Person", &format!("{base}/u/{name}"), name, 0)
    };
    let (alpha, beta) = (person("lemmy_alpha"), person("lemmy_beta"));
    room.federation.resolver().actor(&beta.id).await.unwrap();
    let (tea, boss) = (room.tea, room.find_actor(&beta.id).await.unwrap().id);
    room.hall
        .write(move |db, now| moderators::insert(db, tea, boss, now))
        .await;
    let address = [
        ("http://lemmy-alpha:8541/u/lemmy_alpha", beta.id.as_str()),
        ("http://lemmy-alpha:8541/c/main", group.as_str()),
        ("https://enterprise.lemmy.ml/c/tenforward", group.as_str()),
        ("https://enterprise.lemmy.ml/c/main", group.as_str()),
        ("http://enterprise.lemmy.ml/c/main", group.as_str()),
        ("http://enterprise.lemmy.ml/u/main", group.as_str()),
        ("https://ds9.lemmy.ml/c/main", group.as_str()),
        ("http://lemmy-alpha:8541", base.as_str()),
        ("http://enterprise.lemmy.ml", base.as_str()),
        ("https://ds9.lemmy.ml", base.as_str()),
        ("http://ds9.lemmy.ml", base.as_str()),
        ("/post/2\"", "/post/1\""),
        ("/post/7\"", "/post/1\""),
        (
            "\"2021-11-01T12:23:50.151874Z\"",
            "\"2027-11-01T12:23:50Z\"",
        ),
    ];
    let payload = |file: &str| load(&root, &format!("lemmy/activities/{file}.json"), &address);
    let post_uri = format!("{base}/post/1");
    let comment_uri = format!("{base}/comment/1");
    let post = || async { room.find_post(&post_uri).await.unwrap() };
    let comment = || async { room.find_comment(&comment_uri).await.unwrap() };

    room.takes(&alpha, &payload("following/follow")).await;
    let follower = room.find_actor(&alpha.id).await.unwrap().id;
    assert!(
        room.hall
            .read(move |db| follows::is_follower(db, tea, follower))
            .await
    );
    room.takes(&alpha, &payload("create_or_update/create_page"))
        .await;
    assert_eq!(
        (post().await.title.as_str(), post().await.group),
        ("test post", tea)
    );
    assert_eq!(
        post().await.link_url.as_deref(),
        Some("https://lemmy.ml/pictrs/image/xl8W7FZfk9.jpg")
    );
    room.takes(&alpha, &payload("create_or_update/update_page"))
        .await;
    assert_eq!(post().await.title, "test post 1");
    room.takes(&alpha, &payload("create_or_update/create_comment"))
        .await;
    assert_eq!(comment().await.post, post().await.id);

    room.takes(&beta, &payload("voting/dislike_page")).await;
    assert_eq!(post().await.downvotes, 1);
    room.takes(&beta, &payload("voting/undo_dislike_page"))
        .await;
    assert_eq!(post().await.downvotes, 0);
    let swapped = |mut value: Value| {
        value["actor"] = Value::from(beta.id.as_str());
        if value["object"].is_object() {
            value["object"]["actor"] = Value::from(beta.id.as_str());
        }
        value
    };
    room.takes(&beta, &swapped(payload("voting/like_note")))
        .await;
    assert_eq!(comment().await.upvotes, 1);
    room.takes(&beta, &swapped(payload("voting/undo_like_note")))
        .await;
    assert_eq!(comment().await.upvotes, 0);

    room.takes(&beta, &payload("deletion/remove_note")).await;
    assert_eq!(
        comment().await.removal_reason.as_deref(),
        Some("bad comment")
    );
    room.takes(&beta, &payload("deletion/undo_remove_note"))
        .await;
    assert!(comment().await.removed_at.is_none());
    room.takes(&alpha, &payload("deletion/delete_page")).await;
    assert!(post().await.deleted_at.is_some());
    room.takes(&alpha, &payload("deletion/undo_delete_page"))
        .await;
    assert!(post().await.deleted_at.is_none());

    room.takes(&beta, &payload("community/lock_page")).await;
    assert!(post().await.locked);
    room.takes(&beta, &payload("community/undo_lock_page"))
        .await;
    assert!(!post().await.locked);
    room.takes(&beta, &swapped(payload("community/add_featured_post")))
        .await;
    assert!(post().await.featured_at.is_some());
    let mut unfeature = swapped(payload("community/remove_featured_post"));
    unfeature["id"] = Value::from(format!("{base}/activities/remove/1"));
    room.takes(&beta, &unfeature).await;
    assert!(post().await.featured_at.is_none());
    room.takes(&beta, &payload("community/add_mod")).await;
    assert!(
        room.hall
            .read(move |db| moderators::is_moderator(db, tea, follower))
            .await
    );
    room.takes(&beta, &payload("community/remove_mod")).await;
    assert!(
        !room
            .hall
            .read(move |db| moderators::is_moderator(db, tea, follower))
            .await
    );
    room.takes(&alpha, &payload("community/report_page")).await;
    let page = crate::domain::page::PageRequest {
        after: None,
        limit: 10,
    };
    let flags = room
        .hall
        .read(move |db| flags::list(db, Docket::Group(tea), true, page))
        .await;
    assert_eq!(flags.items.first().unwrap().reason, "report this post");
    for ignored in ["community/warn", "create_or_update/create_private_message"] {
        room.takes(&beta, &payload(ignored)).await;
    }

    room.takes(&beta, &payload("block/block_user")).await;
    let banned = move |db: &mut crate::store::Db| {
        moderation::find_ban(db, Some(tea), follower, crate::domain::clock::Ts(0))
    };
    assert_eq!(room.hall.read(banned).await.unwrap().reason, "spam post");
    assert!(post().await.removed_at.is_some(), "removeData");
    room.takes(&beta, &payload("block/undo_block_user")).await;
    assert_eq!(room.hall.read(banned).await, None);
    room.takes(&alpha, &payload("following/undo_follow")).await;
    assert!(
        !room
            .hall
            .read(move |db| follows::is_follower(db, tea, follower))
            .await
    );
    // The captured payloads of both deletions bear one id, and an id has its effect once.
    let mut gone = payload("deletion/delete_user");
    gone["id"] = Value::from(format!("{base}/activities/delete/2"));
    room.takes(&alpha, &gone).await;
    assert!(
        room.find_actor(&alpha.id)
            .await
            .unwrap()
            .deleted_at
            .is_some()
    );
});

db_test!(lemmys_announce_fills_a_followed_group, |store| {
    use crate::operations::membership::JoinGroup;
    let Some(root) = root() else { return };
    let room = Room::new(store).await;
    let base = room.peer.base.clone();
    let main = room.peer.group("main");
    room.peer
        .actor("Person", &format!("{base}/u/lemmy_beta"), "lemmy_beta", 0);
    let group = room.federation.resolver().actor(&main.id).await.unwrap();
    room.hall
        .run(room.anna, JoinGroup { group: group.id })
        .await
        .unwrap();
    let file = "lemmy/activities/community/announce_create_page.json";
    room.takes(
        &main,
        &load(&root, file, &[("http://enterprise.lemmy.ml", &base)]),
    )
    .await;
    let post = room.find_post(&format!("{base}/post/7")).await.unwrap();
    assert_eq!((post.title.as_str(), post.group), ("post 4", group.id));
});

db_test!(mastodons_payloads_have_their_effect, |store| {
    let Some(root) = root() else { return };
    let room = Room::new(store).await;
    let (base, group, tea) = (room.peer.base.clone(), room.group(), room.tea);
    let (felix, asonix) = (room.peer.person("felix"), room.peer.person("asonix"));
    let instance = room
        .peer
        .actor("Application", &format!("{base}/actor"), "host", 0);
    let (post, uri) = room.local_post().await;
    let address = [
        ("https://masto.asonix.dog", base.as_str()),
        ("https://ds9.lemmy.ml/c/testcom", group.as_str()),
        (
            "https://mamot.fr/users/retiolus/statuses/107224244380204526",
            uri.as_str(),
        ),
        ("107773559874184870", "107224289116410645"),
        ("https://mastodon.madrid", base.as_str()),
        ("https://ds9.lemmy.ml/post/147", uri.as_str()),
        ("https://mastodon.example", base.as_str()),
        ("https://example.com/users/1", "http://hub.test/u/anna"),
        ("https://example.com/posts/380590", uri.as_str()),
    ];
    let payload = |file: &str| load(&root, &format!("mastodon/activities/{file}.json"), &address);

    room.takes(&asonix, &payload("follow")).await;
    let follower = room.find_actor(&asonix.id).await.unwrap().id;
    assert!(
        room.hall
            .read(move |db| follows::is_follower(db, tea, follower))
            .await
    );
    room.takes(&asonix, &payload("undo_follow")).await;
    assert!(
        !room
            .hall
            .read(move |db| follows::is_follower(db, tea, follower))
            .await
    );
    room.takes(&felix, &payload("create_note")).await;
    let comment_uri = format!("{base}/users/felix/statuses/107224289116410645");
    let comment = room.find_comment(&comment_uri).await.unwrap();
    assert_eq!(
        (comment.post, comment.language.as_deref()),
        (post, Some("en"))
    );
    assert!(comment.html.contains("thinkpad"));
    room.takes(&felix, &payload("like_page")).await;
    assert_eq!(room.votes(post).await, (1, 0));
    room.takes(&felix, &payload("undo_like_page")).await;
    assert_eq!(room.votes(post).await, (0, 0));
    room.takes(&instance, &payload("flag")).await;
    let page = crate::domain::page::PageRequest {
        after: None,
        limit: 10,
    };
    let flags = room
        .hall
        .read(move |db| flags::list(db, Docket::Group(tea), true, page))
        .await;
    assert_eq!(
        flags.items.first().unwrap().reason,
        "Please take a look at this user and their posts"
    );
    room.takes(&felix, &payload("delete")).await;
    assert!(
        room.find_comment(&comment_uri)
            .await
            .unwrap()
            .deleted_at
            .is_some()
    );
});

/// What becomes of an object that its author publishes into a local group.
enum Effect {
    /// A post with this title.
    Post(&'static str),
    /// A comment with so many pictures.
    Comment(usize),
    /// Neither: it is a private message, and none of a group's business.
    Nothing,
}

/// An object as one peer words it: the file, the server in it, its author there, what else is
/// replaced (`{group}` and `{post}` stand for ours), and the effect.
type Row<'a> = (&'a str, &'a str, &'a str, &'a [(&'a str, &'a str)], Effect);

const OBJECTS: [Row<'static>; 12] = [
    (
        "nodebb/objects/page.json",
        "https://bb.devnull.land",
        "/uid/1",
        &[("https://bb.devnull.land/category/2", "{group}")],
        Effect::Post("Welcome to your NodeBB!"),
    ),
    (
        "mobilizon/objects/event.json",
        "https://rendezvous.nomagic.uk",
        "/@emorrp1",
        &[(
            "https://rendezvous.nomagic.uk/@emorrp1/followers",
            "{group}",
        )],
        Effect::Post("Caledonian scottish dance class"),
    ),
    (
        "lemmy/objects/page.json",
        "https://enterprise.lemmy.ml",
        "/u/picard",
        &[("https://enterprise.lemmy.ml/c/tenforward", "{group}")],
        Effect::Post("Post title"),
    ),
    (
        "lemmy/objects/page_image_and_link.json",
        "https://enterprise.lemmy.ml",
        "/u/picard",
        &[("https://enterprise.lemmy.ml/c/tenforward", "{group}")],
        Effect::Post("Post with image and link"),
    ),
    (
        "lemmy/objects/comment.json",
        "https://enterprise.lemmy.ml",
        "/u/picard",
        &[("https://enterprise.lemmy.ml/c/tenforward", "{group}")],
        Effect::Comment(0),
    ),
    (
        "lemmy/objects/private_message.json",
        "https://enterprise.lemmy.ml",
        "/u/picard",
        &[("https://queer.hacktivis.me/users/lanodan", "{anna}")],
        Effect::Nothing,
    ),
    (
        "mastodon/objects/page.json",
        "https://masto.qa.urbanwildlife.biz",
        "/users/mastodon",
        &[("https://enterprise.lemmy.ml/c/tenforward", "{group}")],
        Effect::Post("Variable never resetting at refresh"),
    ),
    (
        "mastodon/objects/note_1.json",
        "https://mastodon.madrid",
        "/users/felix",
        &[(
            "https://mamot.fr/users/retiolus/statuses/107224244380204526",
            "{post}",
        )],
        Effect::Comment(0),
    ),
    (
        "mastodon/objects/note_2.json",
        "https://floss.social",
        "/users/kde",
        &[
            (
                "https://floss.social/users/kde/statuses/113306824627995724",
                "{post}",
            ),
            ("https://lemmy.kde.social/c/kde", "{group}"),
        ],
        Effect::Comment(1),
    ),
    (
        "mastodon/activities/private_message.json",
        "https://mastodon.world",
        "/users/nutomic",
        &[("https://ds9.lemmy.ml/u/nutomic", "{anna}")],
        Effect::Nothing,
    ),
    (
        "pleroma/objects/note.json",
        "https://queer.hacktivis.me",
        "/users/lanodan",
        &[("https://enterprise.lemmy.ml/post/55143", "{post}")],
        Effect::Comment(0),
    ),
    (
        "pleroma/objects/chat_message.json",
        "https://queer.hacktivis.me",
        "/users/lanodan",
        &[("https://enterprise.lemmy.ml/u/picard", "{anna}")],
        Effect::Nothing,
    ),
];

db_test!(objects_of_every_peer_have_their_effect, |store| {
    let Some(root) = root() else { return };
    let room = Room::new(store).await;
    let (base, group) = (room.peer.base.clone(), room.group());
    let (_, post_uri) = room.local_post().await;
    for (file, server, person, replaced, effect) in OBJECTS {
        let ours = |text: &str| match text {
            "{group}" => group.clone(),
            "{post}" => post_uri.clone(),
            "{anna}" => "http://hub.test/u/anna".to_owned(),
            other => other.to_owned(),
        };
        let mut address: Vec<(&str, String)> = Vec::new();
        address.extend(replaced.iter().map(|(from, to)| (*from, ours(to))));
        address.push((server, base.clone()));
        let pairs: Vec<(&str, &str)> = address.iter().map(|(a, b)| (*a, b.as_str())).collect();
        let object = load(&root, file, &pairs);
        let author = room
            .peer
            .actor("Person", &format!("{base}{person}"), "somebody", 0);
        room.takes(&author, &room.peer.create(&author, &object))
            .await;
        let id = object["id"].as_str().unwrap();
        let (post, comment) = (room.find_post(id).await, room.find_comment(id).await);
        match effect {
            Effect::Post(title) => {
                let post = post.unwrap_or_else(|| panic!("{file}"));
                assert_eq!(
                    (post.title.as_str(), post.group),
                    (title, room.tea),
                    "{file}"
                );
                let by = room.find_actor(&author.id).await.unwrap().id;
                assert_eq!((post.author, post.warning), (by, None), "{file}");
            }
            Effect::Comment(pictures) => {
                let comment = comment.unwrap_or_else(|| panic!("{file}"));
                assert_eq!(comment.attachments.len(), pictures, "{file}");
                assert_eq!(comment.warning, None, "{file}");
            }
            Effect::Nothing => assert_eq!((post, comment), (None, None), "{file}"),
        }
    }
    let author = room
        .peer
        .actor("Person", &format!("{base}/u/picard"), "picard", 0);
    let address = [(
        "https://lemmy.ml/comment/110273",
        format!("{base}/comment/38741"),
    )];
    let address = address.each_ref().map(|(from, to)| (*from, to.as_str()));
    let tombstone = load(&root, "lemmy/objects/tombstone.json", &address);
    let delete = room.peer.act(&author, "Delete", 1, &tombstone);
    room.takes(&author, &delete).await;
    let gone = room.find_comment(&format!("{base}/comment/38741")).await;
    assert!(gone.unwrap().deleted_at.is_some());
});

db_test!(pleromas_payloads_have_their_effect, |store| {
    let Some(root) = root() else { return };
    let room = Room::new(store).await;
    let (base, (post, uri)) = (room.peer.base.clone(), room.local_post().await);
    let (kinetix, writer) = (room.peer.person("kinetix"), room.peer.person("vpzom"));
    let address = [
        ("https://mycrowd.ca", base.as_str()),
        ("https://lemmy.ca/u/kinetix", "http://hub.test/u/anna"),
        (
            "1a522f2e-d5ab-454b-93d7-e58bc0650c2a",
            "38e2b983-ebf5-4387-9bc2-3b80305469c9",
        ),
        ("https://greenish.red/users/nutomic", writer.id.as_str()),
        ("https://greenish.red", base.as_str()),
        ("https://enterprise.lemmy.ml/post/55143", uri.as_str()),
        (
            "https://enterprise.lemmy.ml/u/picard",
            "http://hub.test/u/anna",
        ),
    ];
    let payload = |file: &str| load(&root, &format!("pleroma/activities/{file}.json"), &address);
    room.takes(&kinetix, &payload("follow")).await;
    let anna = room.anna.actor().unwrap();
    let follower = room.find_actor(&kinetix.id).await.unwrap().id;
    assert!(
        room.hall
            .read(move |db| follows::is_follower(db, anna, follower))
            .await
    );
    room.takes(&writer, &payload("create_note")).await;
    let id = format!("{base}/objects/38e2b983-ebf5-4387-9bc2-3b80305469c9");
    assert_eq!(room.find_comment(&id).await.unwrap().post, post);
    room.takes(&writer, &payload("delete")).await;
    assert!(room.find_comment(&id).await.unwrap().deleted_at.is_some());
});

db_test!(mbins_payloads_have_their_effect, |store| {
    use crate::operations::membership::JoinGroup;
    let Some(root) = root() else { return };
    let room = Room::new(store).await;
    let (base, group, (_, uri)) = (
        room.peer.base.clone(),
        room.group(),
        room.local_post().await,
    );
    let magazine = format!("{base}/m/someMag");
    let some_mag = room.peer.actor("Group", &magazine, "somemag", 1);
    let reporter = format!("{base}/u/BentiGorlich");
    let reporter = room.peer.actor("Person", &reporter, "bentigorlich", 0);
    let address = [
        ("https://some-mbin.instance", base.as_str()),
        (
            "https://some-other.instance/u/someUser",
            "http://hub.test/u/anna",
        ),
        ("https://mbin-test1", base.as_str()),
        ("https://lemmy-test/post/4", uri.as_str()),
        (
            "https://lemmy-test/u/BentiGorlich",
            "http://hub.test/u/anna",
        ),
        ("https://lemmy-test/c/test_mag", group.as_str()),
    ];
    let payload = |file: &str| load(&root, &format!("mbin/activities/{file}.json"), &address);
    let remote = room
        .federation
        .resolver()
        .actor(&magazine)
        .await
        .unwrap()
        .id;
    room.hall
        .run(room.anna, JoinGroup { group: remote })
        .await
        .unwrap();
    room.takes(&some_mag, &payload("accept")).await;
    let anna = room.anna.actor().unwrap();
    assert!(
        room.hall
            .read(move |db| follows::is_follower(db, remote, anna))
            .await
    );
    room.takes(&reporter, &payload("flag")).await;
    let (tea, page) = (room.tea, crate::domain::page::PageRequest::first(10));
    let flags = room
        .hall
        .read(move |db| flags::list(db, Docket::Group(tea), true, page))
        .await;
    assert_eq!(flags.items[0].reason, "dikjhgasdpas dsa\u{fc}");
});

db_test!(actors_of_every_peer_are_known_after_a_fetch, |store| {
    use crate::domain::actor::ActorKind;
    let Some(root) = root() else { return };
    let room = Room::new(store).await;
    let base = room.peer.base.clone();
    for (file, server, kind, name) in [
        (
            "lemmy/objects/group.json",
            "https://enterprise.lemmy.ml",
            ActorKind::Group,
            "tenforward",
        ),
        (
            "lemmy/objects/person.json",
            "https://enterprise.lemmy.ml",
            ActorKind::Person,
            "picard",
        ),
        (
            "lemmy/objects/instance.json",
            "https://enterprise.lemmy.ml",
            ActorKind::Application,
            "enterprise.lemmy.ml",
        ),
        (
            "mastodon/objects/person.json",
            "https://masto.qa.urbanwildlife.biz",
            ActorKind::Person,
            "mastodon",
        ),
        (
            "pleroma/objects/person.json",
            "https://queer.hacktivis.me",
            ActorKind::Person,
            "lanodan",
        ),
        (
            "nodebb/objects/group.json",
            "https://bb.devnull.land",
            ActorKind::Group,
            "general",
        ),
        (
            "nodebb/objects/person.json",
            "https://bb.devnull.land",
            ActorKind::Person,
            "julian",
        ),
        (
            "mobilizon/objects/group.json",
            "https://mobilizon.fr",
            ActorKind::Group,
            "contribateliers",
        ),
        (
            "mobilizon/objects/person.json",
            "https://mobilizon.fr",
            ActorKind::Person,
            "sanof44",
        ),
        (
            "mbin/objects/instance.json",
            "https://fedia.io",
            ActorKind::Application,
            "fedia.io",
        ),
    ] {
        let document = load(&root, file, &[(server, &base)]);
        let id = document["id"].as_str().unwrap().to_owned();
        room.peer.serve(&id, document);
        let actor = room.federation.resolver().actor(&id).await;
        let actor = actor.unwrap_or_else(|no| panic!("{file}: {no}"));
        assert_eq!((actor.kind, actor.name.as_str()), (kind, name), "{file}");
    }
});

db_test!(a_captured_outbox_fills_a_group, |store| {
    use crate::federation::inbox::backfill;
    use crate::operations::membership::JoinGroup;
    let Some(root) = root() else { return };
    let room = Room::new(store).await;
    let base = room.peer.base.clone();
    let address = [
        ("https://ds9.lemmy.ml", base.as_str()),
        ("http://ds9.lemmy.ml", &base),
        (
            "https://enterprise.lemmy.ml/c/tenforward",
            &format!("{base}/c/testcom"),
        ),
        ("https://enterprise.lemmy.ml", &base),
        ("http://enterprise.lemmy.ml", &base),
    ];
    let testcom = room.peer.group("testcom");
    for name in ["nutomic", "picard"] {
        room.peer
            .actor("Person", &format!("{base}/u/{name}"), name, 0);
    }
    for name in [
        "group_outbox",
        "group_moderators",
        "group_featured_posts",
        "group_followers",
    ] {
        let collection = load(&root, &format!("lemmy/collections/{name}.json"), &address);
        room.peer
            .serve(collection["id"].as_str().unwrap(), collection.clone());
    }
    let group = room.federation.resolver().actor(&testcom.id).await.unwrap();
    let join = JoinGroup { group: group.id };
    room.hall.run(room.anna, join).await.unwrap();
    backfill(&room.federation, &group).await.unwrap();
    // Both captured Creates bear one id, and an id has its effect once: the older one's.
    let post = room.find_post(&format!("{base}/post/2327")).await.unwrap();
    assert_eq!((post.title.as_str(), post.group), ("outbox test", group.id));
    assert_eq!(room.find_post(&format!("{base}/post/2328")).await, None);
});

db_test!(what_changes_nothing_here_is_still_taken, |store| {
    let Some(root) = root() else { return };
    let room = Room::new(store).await;
    let (base, group) = (room.peer.base.clone(), room.group());
    let address = [
        ("http://enterprise.lemmy.ml/c/main", group.as_str()),
        ("https://enterprise.lemmy.ml/c/main", group.as_str()),
        ("https://enterprise.lemmy.ml", base.as_str()),
        ("http://enterprise.lemmy.ml", base.as_str()),
        ("https://voyager.lemmy.ml", "http://hub.test"),
        ("https://lemmy-alpha", base.as_str()),
        ("http://lemmy-alpha", base.as_str()),
        ("http://ds9.lemmy.ml", base.as_str()),
    ];
    for file in [
        "community/lock_note",
        "community/undo_lock_note",
        "community/warn",
        "community/resolve_report_page",
        "community/update_community",
        "create_or_update/create_private_message",
        "create_or_update/create_private_message_0.19",
        "deletion/delete_private_message",
        "deletion/undo_delete_private_message",
        "following/accept",
    ] {
        let payload = load(&root, &format!("lemmy/activities/{file}.json"), &address);
        let id = payload["actor"].as_str().unwrap();
        let kind = if id.contains("/c/") {
            "Group"
        } else {
            "Person"
        };
        let Some(path) = id.strip_prefix(&base) else {
            continue;
        };
        let name = path.rsplit('/').next().unwrap();
        let actor = room.peer.actor(kind, id, name, 0);
        let taken = room.send(&actor, &payload).await;
        assert_eq!(taken.status, 202, "{file}");
        let passing = taken
            .outcomes
            .iter()
            .any(|one| matches!(one, Outcome::Later(_)));
        assert!(!passing, "{file}: {taken:?}");
    }
    let stored = room
        .hall
        .read(move |db| actors::find(db, room.tea))
        .await
        .unwrap();
    assert_eq!(
        (stored.title.as_str(), stored.deleted_at),
        ("tea", None),
        "nobody changes our group"
    );
});
