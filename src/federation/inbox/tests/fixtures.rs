//! Payloads captured from real peers, re-addressed to a local group and signed. They lie beside
//! the checkout (`GUILDHALL_FIXTURES` at build time names another place); without them these
//! tests are skipped.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::*;
use crate::store::flags::{self, Docket};
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
    let mut text = std::fs::read_to_string(root.join(file)).unwrap();
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
