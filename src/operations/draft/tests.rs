//! Drafts are kept for their authors alone, and posted once.

use crate::domain::caller::Caller;
use crate::domain::clock::Ts;
use crate::domain::draft::{Content, Form};
use crate::domain::ids::{ActorId, DraftId};
use crate::domain::post::PostKind;
use crate::operations::testing::Hall;
use crate::operations::{Operations, trial};
use crate::store::testing::db_test;
use crate::store::{drafts, polls, posts, questions};

use super::{DiscardDraft, PostDraft, PublishDraft, SaveDraft, ShelveDraft};

fn content(title: &str) -> Content {
    Content {
        title: title.to_owned(),
        body: "Some *words*.".to_owned(),
        timezone: "Europe/Berlin".to_owned(),
        days: 3,
        ..Content::default()
    }
}

fn save(group: Option<ActorId>, content: Content, publish_at: Option<Ts>) -> SaveDraft {
    SaveDraft {
        draft: None,
        group,
        content,
        publish_at,
    }
}

/// A member with an account, as planned posts need one.
async fn member(operations: &Operations, name: &str) -> Caller {
    trial::member(trial::person(operations, name).await)
}

async fn due(hall: &Hall) -> Vec<DraftId> {
    let now = hall.operations.now();
    hall.read(move |db| drafts::list_due(db, now, 10)).await
}

db_test!(drafts_are_kept_changed_and_seen_by_nobody_else, |store| {
    let hall = Hall::new(store).await;
    let anna = hall.person("anna").await;
    let ben = hall.person("ben").await;
    let id = hall
        .run(anna, save(None, content("A \0 beginning"), None))
        .await
        .unwrap();
    hall.pass(60);
    let again = SaveDraft {
        draft: Some(id),
        ..save(None, content("More of it"), None)
    };
    assert_eq!(hall.run(anna, again.clone()).await.unwrap(), id);
    let author = anna.actor().unwrap();
    let kept = hall.read(move |db| drafts::list(db, author, 10)).await;
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].content.title, "More of it");
    assert!(kept[0].updated_at > kept[0].created_at);
    for outcome in [
        hall.run(ben, again).await.map(drop),
        hall.run(ben, DiscardDraft { draft: id }).await,
    ] {
        assert_eq!(outcome.unwrap_err().code, "draft.not_found");
    }
    hall.run(anna, DiscardDraft { draft: id }).await.unwrap();
    let kept = hall.read(move |db| drafts::find(db, id)).await;
    assert_eq!(kept, None);
    assert!(hall.log().await.is_empty(), "nobody hears of drafts");
});

db_test!(nobody_keeps_more_drafts_than_the_setting_says, |store| {
    let hall = Hall::new(store).await;
    let anna = hall.person("anna").await;
    let mut settings = (*hall.operations.live.get()).clone();
    settings.posts.drafts = 2;
    hall.operations.live.reload(settings).unwrap();
    for _ in 0..2 {
        hall.run(anna, save(None, content("One"), None))
            .await
            .unwrap();
    }
    let refused = hall.run(anna, save(None, content("One"), None)).await;
    assert_eq!(refused.unwrap_err().code, "draft.full");
    let long = Content {
        options: "x".repeat(30_000),
        ..content("Long")
    };
    let refused = hall.run(anna, save(None, long, None)).await;
    assert_eq!(refused.unwrap_err().code, "post.too_long");
});

db_test!(a_draft_becomes_a_post_and_is_no_more, |store| {
    let hall = Hall::new(store).await;
    let anna = hall.person("anna").await;
    let group = hall.group("drivers", anna).await;
    let draft = hall
        .run(anna, save(Some(group), content("A question"), None))
        .await
        .unwrap();
    let asked = Content {
        form: Form::Question,
        ..content("A question")
    };
    let create = PostDraft {
        draft: Some(draft),
        group: Some(group),
        content: asked,
    };
    let id = hall.run(anna, create).await.unwrap();
    let (post, question, kept) = hall
        .read(move |db| {
            let post = posts::find(db, id)?.unwrap();
            Ok((post, questions::find(db, id)?, drafts::find(db, draft)?))
        })
        .await;
    assert_eq!(post.kind, PostKind::Article, "it stays readable for all");
    assert!(question.is_some_and(|question| question.answer.is_none()));
    assert_eq!(kept, None);
    let nowhere = PostDraft {
        draft: None,
        group: None,
        content: content("Nowhere"),
    };
    assert_eq!(
        hall.run(anna, nowhere).await.unwrap_err().code,
        "draft.group"
    );
});

db_test!(what_is_planned_could_be_posted_now, |store| {
    let hall = Hall::new(store).await;
    let anna = hall.person("anna").await;
    let group = hall.group("drivers", anna).await;
    let soon = hall.operations.now().plus_seconds(60);
    let poll = Content {
        form: Form::Poll,
        options: "Only one".into(),
        ..content("A poll")
    };
    for (group, content, at, code) in [
        (None, content("Nowhere"), soon, "draft.group"),
        (Some(group), content("x"), soon, "post.title"),
        (Some(group), poll, soon, "poll.options"),
        (Some(group), content("Too late"), Ts(0), "draft.time"),
        (
            Some(group),
            content("Too far"),
            soon.plus_seconds(400 * 24 * 3600),
            "draft.time",
        ),
    ] {
        let refused = hall.run(anna, save(group, content, Some(at))).await;
        assert_eq!(refused.unwrap_err().code, code);
    }
});

db_test!(a_planned_post_goes_out_once_when_its_time_comes, |store| {
    let (operations, hall) = {
        let hall = Hall::new(store).await;
        (hall.operations.clone(), hall)
    };
    let anna = member(&operations, "anna").await;
    let group = hall.group("drivers", anna).await;
    let poll = Content {
        form: Form::Poll,
        options: "Winter\nSummer".into(),
        ..content("Which tyre?")
    };
    let at = operations.now().plus_seconds(3600);
    let draft = hall
        .run(anna, save(Some(group), poll, Some(at)))
        .await
        .unwrap();
    let publish = PublishDraft { draft };
    assert!(due(&hall).await.is_empty(), "not yet");
    assert_eq!(hall.run(Caller::System, publish).await.unwrap(), None);
    hall.pass(3600);
    assert_eq!(due(&hall).await, [draft]);
    let id = hall.run(Caller::System, publish).await.unwrap().unwrap();
    let again = hall.run(Caller::System, publish).await.unwrap();
    assert_eq!((again, due(&hall).await.len()), (None, 0));
    let (post, poll) = hall
        .read(move |db| Ok((posts::find(db, id)?.unwrap(), polls::find(db, id)?.unwrap())))
        .await;
    assert_eq!(Some(post.author), anna.actor());
    assert_eq!(post.published_at, at, "it is as if it was written then");
    assert_eq!(poll.ends_at, Some(at.plus_seconds(3 * 24 * 3600)));
    assert_eq!(hall.log().await.len(), 1);
});

db_test!(what_cannot_be_posted_waits_for_its_author, |store| {
    let hall = Hall::new(store).await;
    let operations = hall.operations.clone();
    let anna = member(&operations, "anna").await;
    let ben = member(&operations, "ben").await;
    let group = hall.group("drivers", anna).await;
    let at = operations.now().plus_seconds(60);
    let draft = hall
        .run(ben, save(Some(group), content("Too late"), Some(at)))
        .await
        .unwrap();
    let ban = crate::operations::moderation::Ban {
        group: Some(group),
        actor: ben.actor().unwrap(),
        reason: "rude".into(),
        until: None,
        remove_content: false,
        relay: None,
    };
    hall.run(anna, ban).await.unwrap();
    hall.pass(60);
    let refused = hall.run(Caller::System, PublishDraft { draft }).await;
    assert_eq!(refused.unwrap_err().code, "banned");
    assert_eq!(due(&hall).await, [draft], "nothing of it was kept");
    let why = "banned".to_owned();
    let shelve = ShelveDraft { draft, why };
    hall.run(Caller::System, shelve).await.unwrap();
    let kept = hall.read(move |db| drafts::find(db, draft)).await.unwrap();
    assert_eq!(kept.refusal.as_deref(), Some("banned"));
    assert!(kept.publish_at.is_none() && due(&hall).await.is_empty());
});
