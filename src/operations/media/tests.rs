//! Whose pictures are whose, what shows them, and when they go.

use std::sync::Arc;

use super::{DescribeMedia, SetPictures, delete, prepare, sweep, upload};
use crate::domain::caller::Caller;
use crate::domain::ids::ObjectId;
use crate::domain::media::{FileName, Focus, Media, MediaState};
use crate::domain::membership::Role;
use crate::domain::post::{Attachment, PostKind};
use crate::domain::refusal::Kind;
use crate::media::fake::Shelf;
use crate::media::testing::png;
use crate::net::{Limits, Service};
use crate::operations::Operations;
use crate::operations::account::DeleteAccount;
use crate::operations::markup::Edit;
use crate::operations::object::{DeleteObject, RestoreObject};
use crate::operations::post::{CreatePost, UpdatePost};
use crate::operations::testing::{Hall, answer, picture, text_post};
use crate::operations::trial;
use crate::settings::{Settings, Storage};
use crate::store::media;
use crate::store::testing::db_test;

#[derive(Clone, Copy)]
enum Place {
    Icon,
    Image,
}

/// The row of a picture, whatever becomes of it.
async fn row(operations: &Operations, key: &str) -> Option<Media> {
    let key = key.to_owned();
    let found = operations.store.read(move |db| media::find(db, &key)).await;
    found.unwrap()
}

async fn state(operations: &Operations, of: &Attachment) -> Option<MediaState> {
    let key = key(operations, of);
    row(operations, &key).await.map(|one| one.state)
}

fn key(operations: &Operations, of: &Attachment) -> String {
    operations.names.media_file(&of.url).unwrap().key
}

/// Whether any file of a picture is there.
async fn lies_there(operations: &Operations, of: &Attachment) -> bool {
    let name: FileName = operations.names.media_file(&of.url).unwrap();
    let found = operations.media.cupboard.get(&name, operations.now()).await;
    found.unwrap().is_some()
}

fn with(pictures: &[&Attachment], post: CreatePost) -> CreatePost {
    CreatePost {
        attachments: pictures.iter().copied().cloned().collect(),
        ..post
    }
}

/// The settings of a hub, changed while it runs.
fn set(operations: &Operations, change: impl FnOnce(&mut Settings)) {
    let mut settings = Settings::clone(&operations.live.get());
    change(&mut settings);
    operations.live.reload(settings).unwrap();
}

db_test!(a_post_shows_its_authors_pictures_and_no_others, |store| {
    let hall = Hall::new(store).await;
    let (anna, ben) = (hall.person("anna").await, hall.person("ben").await);
    let group = hall.group("tea", anna).await;
    let ops = &hall.operations;
    let pot = picture(ops, anna, "A pot").await;
    assert_eq!(state(ops, &pot).await, Some(MediaState::Unused));
    let others = with(&[&pot], text_post(group, "A pot", "mine"));
    let refused = hall.run(ben, others).await.unwrap_err();
    assert_eq!(refused.code, "media.unknown");
    let foreign = Attachment {
        url: "https://elsewhere.example/1.png".to_owned(),
        ..Attachment::default()
    };
    let elsewhere = with(&[&foreign], text_post(group, "A pot", "mine"));
    assert!(hall.run(anna, elsewhere).await.is_err());
    let described = Attachment {
        alt: Some("  A brown pot ".to_owned()),
        ..pot.clone()
    };
    let post = with(&[&described, &pot], text_post(group, "A pot", " "));
    let id = hall.run(anna, post).await.unwrap();
    let post = hall
        .read(move |db| crate::store::posts::find(db, id))
        .await
        .unwrap();
    let shown = &post.attachments;
    assert_eq!(shown.len(), 1, "each once");
    assert_eq!(
        shown[0].alt.as_deref(),
        Some("A brown pot"),
        "the first word counts"
    );
    assert_eq!(shown[0].size, Some((8, 8)));
    assert!(shown[0].blurhash.is_some() && shown[0].media_type.as_deref() == Some("image/png"));
    assert_eq!(post.kind, PostKind::Page, "a picture without a word");
    let again = with(&[&pot], text_post(group, "Once more", "mine"));
    assert!(hall.run(anna, again).await.is_err(), "it has its place");
    let many: Vec<_> = (0..5).map(|_| pot.clone()).collect();
    let many = with(
        &many.iter().collect::<Vec<_>>(),
        text_post(group, "Many", "x"),
    );
    assert_eq!(
        hall.run(anna, many).await.unwrap_err().code,
        "media.too_many"
    );
});

db_test!(a_picture_keeps_in_view_what_its_owner_says, |store| {
    let hall = Hall::new(store).await;
    let anna = hall.person("anna").await;
    let group = hall.group("tea", anna).await;
    let ops = &hall.operations;
    let pot = picture(ops, anna, "A pot").await;
    let corner = Focus::new(-1.0, 0.5);
    let describe = DescribeMedia {
        key: key(ops, &pot),
        alt: None,
        focus: corner,
    };
    let described = hall.run(anna, describe).await.unwrap();
    assert_eq!(Some(described.focus), corner);
    assert_eq!(described.alt.as_deref(), Some("A pot"), "as it was");
    let post = with(&[&pot], text_post(group, "A pot", "mine"));
    let id = hall.run(anna, post).await.unwrap();
    let shown = || hall.read(move |db| crate::store::posts::find(db, id));
    assert_eq!(shown().await.unwrap().attachments[0].focus, corner);
    // An edit says another, and the middle needs no word.
    for (said, kept) in [
        (Focus::new(0.0, -1.0), Focus::new(0.0, -1.0)),
        (None, Focus::new(0.0, -1.0)),
        (Some(Focus::MIDDLE), None),
    ] {
        let one = Attachment {
            focus: said,
            ..pot.clone()
        };
        let update = UpdatePost {
            post: id,
            title: None,
            body: None,
            link_url: None,
            language: None,
            sensitive: None,
            warning: None,
            attachments: Some(vec![one]),
            extra: crate::domain::post::Extra::Nothing,
            thumbnail: None,
            edit: Edit::Local,
        };
        hall.run(anna, update).await.unwrap();
        assert_eq!(shown().await.unwrap().attachments[0].focus, kept);
    }
});

db_test!(r34_pictures_go_with_what_showed_them, |store| {
    let hall = Hall::new(store).await;
    let anna = hall.person("anna").await;
    let group = hall.group("tea", anna).await;
    let ops = &hall.operations;
    let (pot, cup) = (
        picture(ops, anna, "A pot").await,
        picture(ops, anna, "A cup").await,
    );
    let post = with(&[&pot, &cup], text_post(group, "A pot", "and a cup"));
    let id = hall.run(anna, post).await.unwrap();
    let object = ObjectId::Post(id);
    // Taken out of it by an edit: gone.
    let update = UpdatePost {
        post: id,
        title: None,
        body: None,
        link_url: None,
        language: None,
        sensitive: None,
        warning: None,
        attachments: Some(vec![cup.clone()]),
        extra: crate::domain::post::Extra::Nothing,
        thumbnail: None,
        edit: Edit::Local,
    };
    hall.run(anna, update).await.unwrap();
    assert_eq!(sweep(ops).await.unwrap(), 1);
    assert_eq!(state(ops, &pot).await, None);
    assert!(!lies_there(ops, &pot).await, "R-34");
    // Deleted: hidden, shown again if it is taken back, gone after a while.
    let delete = DeleteObject {
        object,
        relay: None,
    };
    hall.run(anna, delete.clone()).await.unwrap();
    assert_eq!(state(ops, &cup).await, Some(MediaState::Hidden));
    let restore = RestoreObject {
        object,
        relay: None,
    };
    hall.run(anna, restore).await.unwrap();
    assert_eq!(state(ops, &cup).await, Some(MediaState::Shown));
    hall.run(anna, delete).await.unwrap();
    assert_eq!(sweep(ops).await.unwrap(), 0);
    hall.pass(8 * 24 * 3600);
    assert_eq!(sweep(ops).await.unwrap(), 1);
    assert!(!lies_there(ops, &cup).await, "R-34");
});

db_test!(
    r34_what_nothing_shows_goes_after_a_day_and_at_once_if_asked,
    |store| {
        let hall = Hall::new(store).await;
        let (anna, ben) = (hall.person("anna").await, hall.person("ben").await);
        let group = hall.group("tea", anna).await;
        let ops = &hall.operations;
        let (pot, cup) = (
            picture(ops, anna, "A pot").await,
            picture(ops, anna, "A cup").await,
        );
        let refused = delete(ops, ben, &key(ops, &cup)).await.unwrap_err();
        assert_eq!(refused.code, "media.not_found", "not theirs");
        delete(ops, anna, &key(ops, &cup)).await.unwrap();
        assert!(
            !lies_there(ops, &cup).await && state(ops, &cup).await.is_none(),
            "R-34"
        );
        let object = hall.post(anna, group, "Hello").await;
        let comment = crate::operations::comment::CreateComment {
            attachments: vec![pot.clone()],
            ..answer(ObjectId::Post(object), "Look")
        };
        hall.run(anna, comment).await.unwrap();
        let refused = delete(ops, anna, &key(ops, &pot)).await.unwrap_err();
        assert_eq!(refused.kind, Kind::Conflict, "a comment shows it");
        let spoon = picture(ops, anna, "A spoon").await;
        hall.pass(23 * 3600);
        assert_eq!(sweep(ops).await.unwrap(), 0);
        hall.pass(2 * 3600);
        assert_eq!(sweep(ops).await.unwrap(), 1);
        assert!(
            !lies_there(ops, &spoon).await && lies_there(ops, &pot).await,
            "R-34"
        );
    }
);

db_test!(
    a_waiting_post_keeps_its_pictures_until_it_is_turned_down,
    |store| {
        use crate::domain::actor::Approval;
        use crate::operations::group::UpdateGroup;
        use crate::operations::post::{ApprovePost, RejectPost};
        let hall = Hall::new(store).await;
        let (anna, ben) = (hall.person("anna").await, hall.person("ben").await);
        let group = hall.group("tea", anna).await;
        let ops = &hall.operations;
        let ask = UpdateGroup {
            group,
            title: None,
            summary: None,
            posting_restricted: None,
            discoverable: None,
            approval: Some(Approval::Everybody),
        };
        hall.run(anna, ask).await.unwrap();
        let (pot, cup) = (
            picture(ops, ben, "A pot").await,
            picture(ops, ben, "A cup").await,
        );
        let first = hall
            .run(ben, with(&[&pot], text_post(group, "A pot", "x")))
            .await
            .unwrap();
        let second = hall
            .run(ben, with(&[&cup], text_post(group, "A cup", "x")))
            .await
            .unwrap();
        hall.pass(48 * 3600);
        assert_eq!(sweep(ops).await.unwrap(), 0);
        hall.run(anna, ApprovePost { post: first }).await.unwrap();
        let reject = RejectPost {
            post: second,
            reason: String::new(),
        };
        hall.run(anna, reject).await.unwrap();
        assert_eq!(sweep(ops).await.unwrap(), 1);
        assert!(lies_there(ops, &pot).await && !lies_there(ops, &cup).await);
    }
);

db_test!(people_and_groups_have_a_picture_and_a_cover, |store| {
    let hall = Hall::new(store).await;
    let (anna, ben) = (hall.person("anna").await, hall.person("ben").await);
    let group = hall.group("tea", anna).await;
    let ops = &hall.operations;
    let own = anna.actor().unwrap();
    let (first, second) = (picture(ops, anna, "").await, picture(ops, anna, "").await);
    let set = |actor, place, of: Option<&Attachment>| {
        let key = Some(of.map(|of| key(ops, of)));
        let (icon, image) = match place {
            Place::Icon => (key, None),
            Place::Image => (None, key),
        };
        SetPictures { actor, icon, image }
    };
    hall.run(anna, set(own, Place::Icon, Some(&first)))
        .await
        .unwrap();
    let actor = trial::actor(ops, own).await;
    assert_eq!(actor.icon_url.as_deref(), Some(first.url.as_str()));
    hall.run(anna, set(own, Place::Icon, Some(&second)))
        .await
        .unwrap();
    sweep(ops).await.unwrap();
    assert!(!lies_there(ops, &first).await && lies_there(ops, &second).await);
    hall.run(anna, set(own, Place::Icon, None)).await.unwrap();
    assert_eq!(trial::actor(ops, own).await.icon_url, None);
    let cover = picture(ops, ben, "").await;
    let refused = hall
        .run(ben, set(group, Place::Image, Some(&cover)))
        .await
        .unwrap_err();
    assert_eq!(refused.kind, Kind::Forbidden);
    assert!(
        hall.run(ben, set(own, Place::Image, Some(&cover)))
            .await
            .is_err()
    );
    let cover = picture(ops, anna, "").await;
    hall.run(anna, set(group, Place::Image, Some(&cover)))
        .await
        .unwrap();
    let told = trial::told(ops).await;
    assert_eq!(told.len(), 4, "others hear of each change");
    hall.pass(48 * 3600);
    sweep(ops).await.unwrap();
    assert!(lies_there(ops, &cover).await, "a group shows it");
});

db_test!(h224_h225_nobody_uploads_more_than_they_may, |store| {
    let hall = Hall::new(store).await;
    let anna = hall.person("anna").await;
    let ops = &hall.operations;
    let at_limit = ops.live.get().media.picture_limit.length() + 1;
    let refused = upload(ops, anna, &vec![0; at_limit], "").await.unwrap_err();
    assert_eq!(
        (refused.kind, &*refused.code),
        (Kind::TooLarge, "media.too_large"),
        "H224"
    );
    let refused = upload(ops, Caller::Visitor, &png(8, 8), "")
        .await
        .unwrap_err();
    assert_eq!(refused.kind, Kind::Unauthenticated);
    let refused = upload(ops, anna, b"<svg/>", "").await.unwrap_err();
    assert_eq!(refused.code, "media.kind");
    let long = "x".repeat(1_501);
    let refused = upload(ops, anna, &png(8, 8), &long).await.unwrap_err();
    assert_eq!(refused.code, "media.alt_long", "H232");
    set(ops, |settings| settings.media.uploads_per_hour = 2);
    for _ in 0..2 {
        upload(ops, anna, &png(8, 8), "").await.unwrap();
    }
    let refused = upload(ops, anna, &png(8, 8), "").await.unwrap_err();
    assert_eq!(refused.code, "media.too_often", "H225");
    hall.pass(3_601);
    upload(ops, anna, &png(8, 8), "").await.unwrap();
    hall.write(move |db, now| {
        let large = Media {
            id: crate::domain::ids::MediaId(1),
            owner: anna.actor().unwrap(),
            key: "a".repeat(64),
            kind: crate::domain::media::PictureKind::Png,
            bytes: 1_024 << 20,
            width: 1,
            height: 1,
            blurhash: String::new(),
            alt: None,
            focus: Focus::MIDDLE,
            state: MediaState::Unused,
            attached_to: None,
            created_at: now.plus_seconds(-7_200),
            changed_at: now,
        };
        media::insert(db, &large)
    })
    .await;
    let refused = upload(ops, anna, &png(8, 8), "").await.unwrap_err();
    assert_eq!(
        (refused.kind, &*refused.code),
        (Kind::TooLarge, "media.quota"),
        "H225"
    );
});

db_test!(h226_an_upload_that_broke_off_leaves_nothing, |store| {
    let hall = Hall::new(store).await;
    let anna = hall.person("anna").await;
    let ops = &hall.operations;
    let pot = picture(ops, anna, "").await;
    let id = row(ops, &key(ops, &pot)).await.unwrap().id;
    hall.write(move |db, now| media::set_state(db, id, MediaState::Arriving, None, now))
        .await;
    let describe = DescribeMedia {
        key: key(ops, &pot),
        alt: Some("A pot".to_owned()),
        focus: None,
    };
    hall.run(anna, describe).await.unwrap();
    hall.pass(3_700);
    assert_eq!(sweep(ops).await.unwrap(), 1, "H226");
    assert!(!lies_there(ops, &pot).await, "H226");
});

db_test!(who_leaves_takes_their_pictures_along, |store| {
    let operations = trial::hub_with(store, |settings| {
        settings.privacy.deleted_accounts = crate::settings::DeletedAccounts::Anonymise;
    })
    .await;
    let ops = &operations;
    let anna = trial::person(ops, "anna").await;
    let caller = Caller::Member {
        actor: anna,
        role: Role::Member,
    };
    let group = trial::group(ops, "tea", Some(anna)).await;
    let pot = picture(ops, caller, "A pot").await;
    let post = with(&[&pot], text_post(group, "A pot", "words that stay"));
    let id = trial::run(ops, caller, post).await;
    let leave = DeleteAccount {
        actor: anna,
        words: None,
    };
    trial::run(ops, caller, leave).await;
    let post = trial::read(ops, move |db| crate::store::posts::find(db, id))
        .await
        .unwrap();
    assert!(post.deleted_at.is_none() && post.attachments.is_empty());
    assert_eq!(sweep(ops).await.unwrap(), 1);
    assert!(!lies_there(ops, &pot).await);
});

db_test!(a_bucket_keeps_pictures_as_a_disk_does, |store| {
    let shelf = Shelf::start();
    let endpoint = shelf.url("");
    let operations = trial::hub_with(store, move |settings| {
        settings.media.storage = Storage::S3;
        settings.media.s3_endpoint = endpoint;
        settings.media.s3_bucket = "hub".to_owned();
        settings.media.s3_key = "key".to_owned();
        settings.media.s3_secret = "secret".to_owned().into();
    })
    .await;
    let ops = &operations;
    let anna = trial::person(ops, "anna").await;
    let caller = Caller::Member {
        actor: anna,
        role: Role::Member,
    };
    let refused = upload(ops, caller, &png(8, 8), "").await.unwrap_err();
    assert_eq!(refused.kind, Kind::Fault, "there is no way to it yet");
    let service = Service::new(Limits::default()).unwrap();
    ops.media.cupboard.set_carrier(Arc::new(service));
    let wide = upload(ops, caller, &png(200, 100), "").await.unwrap();
    let key = &wide.key;
    let shelf_of = key.get(..2).unwrap();
    let paths = [
        format!("/hub/media/{shelf_of}/{key}-160.png"),
        format!("/hub/media/{shelf_of}/{key}.png"),
    ];
    assert_eq!(shelf.paths(), paths);
    let name = wide.file_of_width(Some(160));
    let small = ops
        .media
        .cupboard
        .get(&name, ops.now())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(image::load_from_memory(&small).unwrap().width(), 160);
    assert!(
        shelf
            .asked()
            .iter()
            .all(|line| line.contains("X-Amz-Signature="))
    );
    delete(ops, caller, key).await.unwrap();
    assert!(shelf.paths().is_empty());
    assert_eq!(
        ops.media.cupboard.get(&name, ops.now()).await.unwrap(),
        None
    );
});

db_test!(the_secret_of_addresses_outlives_a_restart, |store| {
    let operations = trial::hub(store).await;
    prepare(&operations).await.unwrap();
    let again = trial::under(&operations, |_| ());
    prepare(&again).await.unwrap();
    assert_eq!(operations.media.sign("x"), again.media.sign("x"));
    let never = trial::under(&operations, |_| ());
    assert_ne!(operations.media.sign("x"), never.media.sign("x"));
});
