//! Pictures that had to go are nowhere any more, and do not come back.

use super::{LiftPictureBlock, Purged, is_address_blocked, is_picture_blocked, purge};
use crate::domain::activity::Activity;
use crate::domain::caller::Caller;
use crate::domain::draft::Content;
use crate::domain::flag::Lines;
use crate::domain::ids::{ObjectId, PostId};
use crate::domain::media::PictureBlock;
use crate::domain::page::PageRequest;
use crate::domain::post::Attachment;
use crate::domain::refusal::Kind;
use crate::media::testing::{file, png};
use crate::media::{Bounds, CACHED_SIDE, CACHED_WIDTHS, Made};
use crate::operations::Operations;
use crate::operations::comment::CreateComment;
use crate::operations::draft::SaveDraft;
use crate::operations::media::{SetPictures, upload};
use crate::operations::post::CreatePost;
use crate::operations::testing::{Hall, answer, from_elsewhere, text_post};
use crate::store::testing::db_test;
use crate::store::{actors, comments, drafts, media, picture_blocks, posts};
use crate::views;

/// A picture of somebody's that nobody takes for another: its colours are of this kind.
async fn painted(ops: &Operations, owner: Caller, side: u32, kind: u8) -> Attachment {
    let uploaded = upload(ops, owner, &painting(side, kind), "").await.unwrap();
    Attachment {
        url: ops.names.media(&uploaded.file_of_width(None)),
        ..Attachment::default()
    }
}

fn painting(side: u32, kind: u8) -> Vec<u8> {
    let dot = |x: u32, y: u32| {
        let across = u8::try_from(x * 255 / side).unwrap();
        let down = u8::try_from(y * 255 / side).unwrap();
        image::Rgb([across, down, kind])
    };
    let picture = image::RgbImage::from_fn(side, side, dot);
    file(&picture.into(), image::ImageFormat::Png)
}

async fn lies_there(ops: &Operations, of: &Attachment) -> bool {
    let name = ops.names.media_file(&of.url).unwrap();
    let found = ops.media.cupboard.get(&name, ops.now()).await.unwrap();
    let key = name.key;
    let row = ops.store.read(move |db| media::find(db, &key)).await;
    found.is_some() || row.unwrap().is_some()
}

fn showing(pictures: &[&Attachment], post: CreatePost) -> CreatePost {
    CreatePost {
        attachments: pictures.iter().copied().cloned().collect(),
        ..post
    }
}

async fn blocks(ops: &Operations) -> Vec<PictureBlock> {
    let blocks = ops.store.read(|db| picture_blocks::list(db, 100)).await;
    blocks.unwrap()
}

/// What the hub makes of a picture of another server.
async fn made(ops: &Operations, bytes: &[u8]) -> Made {
    let bounds = Bounds {
        side: CACHED_SIDE,
        ..Bounds::new(&ops.live.get().media, &CACHED_WIDTHS)
    };
    ops.media.workshop.make(bytes, &bounds).await.unwrap()
}

db_test!(
    r35_a_purged_picture_is_nowhere_and_does_not_come_back,
    |store| {
        let hall = Hall::new(store).await;
        let (anna, ben) = (hall.person("anna").await, hall.person("ben").await);
        let group = hall.group("tea", anna).await;
        let ops = &hall.operations;
        let bad = painted(ops, anna, 300, 40).await;
        let good = painted(ops, anna, 64, 200).await;
        // Somebody else uploaded the same.
        let copy = painted(ops, ben, 300, 40).await;
        let id = hall
            .run(
                anna,
                showing(&[&bad, &good], text_post(group, "Look", "here")),
            )
            .await
            .unwrap();
        let refused = purge(ops, ben, &bad.url, "Spam").await.unwrap_err();
        assert_eq!(refused.kind, Kind::Forbidden);
        let refused = purge(ops, Caller::System, &bad.url, "  ")
            .await
            .unwrap_err();
        assert_eq!(refused.code, "media.reason");
        assert!(lies_there(ops, &bad).await, "nothing happened yet");
        // A smaller size of it means all of it.
        let small = bad.url.replace(".png", "-160.png");
        let done = purge(ops, Caller::System, &small, "Spam").await.unwrap();
        let two = Purged {
            uploaded: 2,
            elsewhere: 0,
            unseen: 0,
        };
        assert_eq!(done, two, "R-35");
        for (gone, which) in [(&bad, "it"), (&copy, "its copy")] {
            assert!(!lies_there(ops, gone).await, "R-35 {which}");
        }
        assert!(lies_there(ops, &good).await, "R-35: the other stays");
        let post = hall.read(move |db| posts::find(db, id)).await.unwrap();
        let shown: Vec<_> = post.attachments.iter().map(|one| &one.url).collect();
        assert_eq!(shown, [&good.url]);
        assert!(post.edited_at.is_some(), "others hear of it");
        let told = hall.log().await;
        let object = ObjectId::Post(id);
        assert!(
            told.iter()
                .any(|one| one.entry.activity == Activity::Updated { object })
        );
        let request = PageRequest::first(10);
        let lines = hall
            .read(move |db| views::moderation::log(db, None, Lines::Group(group), request))
            .await;
        let line = &lines.items[0].entry;
        assert_eq!(
            (line.action.as_str(), line.reason.as_str()),
            ("purge", "Spam")
        );
        assert_eq!((line.object, line.group), (Some(id.0), Some(group)));
        // Neither it nor what looks like it is taken again.
        for side in [300, 150, 900] {
            let refused = upload(ops, ben, &painting(side, 40), "").await.unwrap_err();
            assert_eq!(refused.code, "media.blocked", "R-35 {side}");
            let elsewhere = made(ops, &painting(side, 40)).await;
            assert!(
                is_picture_blocked(ops, &elsewhere).await.unwrap(),
                "R-35 {side}"
            );
        }
        upload(ops, ben, &painting(300, 90), "").await.unwrap();
        upload(ops, ben, &png(300, 300), "").await.unwrap();
        let refused = purge(ops, Caller::System, &bad.url, "Spam")
            .await
            .unwrap_err();
        assert_eq!(refused.code, "media.not_found");
        // Until that is lifted.
        let list = blocks(ops).await;
        assert_eq!(list.len(), 2);
        let lift = |id| LiftPictureBlock { id };
        assert_eq!(
            hall.run(ben, lift(list[0].id)).await.unwrap_err().kind,
            Kind::Forbidden
        );
        for block in &list {
            hall.run(Caller::System, lift(block.id)).await.unwrap();
        }
        let again = hall
            .run(Caller::System, lift(list[0].id))
            .await
            .unwrap_err();
        assert_eq!(again.code, "media.no_block");
        upload(ops, ben, &painting(300, 40), "").await.unwrap();
    }
);

db_test!(
    r35_a_post_is_purged_of_all_its_pictures_wherever_they_lie,
    |store| {
        let hall = Hall::new(store).await;
        let anna = hall.person("anna").await;
        let group = hall.group("tea", anna).await;
        let eve = hall.remote("eve@elsewhere.example").await;
        let ops = &hall.operations;
        let (seen, unseen) = (
            "https://elsewhere.example/1.png",
            "https://elsewhere.example/2.png",
        );
        let picture = |url: &str, kind: &str| Attachment {
            url: url.to_owned(),
            media_type: Some(kind.to_owned()),
            ..Attachment::default()
        };
        let film = picture("https://elsewhere.example/3.mp4", "video/mp4");
        let post = CreatePost {
            attachments: vec![
                picture(seen, "image/png"),
                picture(unseen, "image/png"),
                film,
            ],
            origin: from_elsewhere("https://elsewhere.example/post/1", ops.now()),
            ..text_post(group, "Look", "here")
        };
        let id: PostId = hall.run(eve, post).await.unwrap();
        let kept = made(ops, &painting(300, 40)).await;
        ops.media.cache.keep(seen, kept).await.unwrap();
        let address = "https://elsewhere.example/post/1";
        let done = purge(ops, Caller::System, address, "Cruel").await.unwrap();
        let two = Purged {
            uploaded: 0,
            elsewhere: 2,
            unseen: 1,
        };
        assert_eq!(done, two, "R-35");
        let long = std::time::Duration::MAX;
        for width in [None, Some(160)] {
            let cached = ops.media.cache.find(seen, width, ops.now(), long).await;
            assert_eq!(cached.unwrap(), None, "R-35");
        }
        for url in [seen, unseen] {
            assert!(is_address_blocked(ops, url).await.unwrap(), "R-35 {url}");
        }
        assert!(
            !is_address_blocked(ops, "https://elsewhere.example/3.mp4")
                .await
                .unwrap()
        );
        let post = hall.read(move |db| posts::find(db, id)).await.unwrap();
        assert_eq!(post.attachments.len(), 1, "the film stays");
        assert_eq!(post.edited_at, None, "its author changed nothing");
        let refused = purge(ops, Caller::System, &format!("/post/{id}"), "Cruel")
            .await
            .unwrap_err();
        assert_eq!(refused.code, "media.none");
    }
);

db_test!(r35_whatever_shows_a_picture_shows_it_no_more, |store| {
    let hall = Hall::new(store).await;
    let anna = hall.person("anna").await;
    let actor = anna.actor().unwrap();
    let group = hall.group("tea", anna).await;
    let ops = &hall.operations;
    let mut pictures = Vec::new();
    for kind in [10, 80, 150] {
        pictures.push(painted(ops, anna, 64, kind).await);
    }
    let key = ops.names.media_file(&pictures[0].url).unwrap().key;
    let icon = SetPictures {
        actor,
        icon: Some(Some(key)),
        image: None,
    };
    hall.run(anna, icon).await.unwrap();
    let draft = SaveDraft {
        draft: None,
        group: Some(group),
        content: Content {
            attachments: vec![pictures[1].clone()],
            ..Content::default()
        },
        publish_at: None,
    };
    let draft = hall.run(anna, draft).await.unwrap();
    let thread = hall.post(anna, group, "Look").await;
    let comment = CreateComment {
        attachments: vec![pictures[2].clone()],
        ..answer(ObjectId::Post(thread), "Here")
    };
    let comment = hall.run(anna, comment).await.unwrap();
    for one in &pictures[..2] {
        purge(ops, Caller::System, &one.url, "Spam").await.unwrap();
    }
    purge(
        ops,
        Caller::System,
        &format!("/post/{thread}?comment={comment}"),
        "Spam",
    )
    .await
    .unwrap();
    for one in &pictures {
        assert!(!lies_there(ops, one).await);
    }
    let found = hall.read(move |db| actors::find(db, actor)).await.unwrap();
    assert_eq!(found.icon_url, None);
    let found = hall.read(move |db| drafts::find(db, draft)).await.unwrap();
    assert_eq!(found.content.attachments, []);
    let found = hall
        .read(move |db| comments::find(db, comment))
        .await
        .unwrap();
    assert_eq!(
        (found.attachments.len(), found.source.as_deref()),
        (0, Some("Here"))
    );
});
