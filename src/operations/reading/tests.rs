//! What members keep is theirs alone, and what they mute is quiet.

use crate::domain::ids::{ActorId, ObjectId, PostId};
use crate::domain::notice::NoticeKind;
use crate::domain::page::PageRequest;
use crate::domain::reading::{CommentSort, Watch};
use crate::operations::markup::{Edit, Markup};
use crate::operations::object::DeleteObject;
use crate::operations::post::UpdatePost;
use crate::operations::testing::Hall;
use crate::store::testing::db_test;
use crate::store::{notices, versions};
use crate::views::history;
use crate::views::saved::{self, Kept};
use crate::views::thread::{self, Wanted};

use super::{MarkThreadRead, SaveObject, WatchThread};

const ALL: Wanted = Wanted {
    sort: CommentSort::Old,
    focus: None,
    after: None,
    limit: 50,
};

async fn read(hall: &Hall, viewer: ActorId, post: PostId) -> thread::Reading {
    let look = move |db: &mut _| Ok(thread::read(db, Some(viewer), post, ALL).expect("a thread"));
    hall.read(look).await
}

async fn kinds(hall: &Hall, of: ActorId) -> Vec<NoticeKind> {
    let request = PageRequest::first(50);
    let page = hall
        .read(move |db| notices::list(db, of, None, request))
        .await;
    page.items.iter().map(|notice| notice.kind).collect()
}

db_test!(a_thread_says_what_is_new_since_the_last_visit, |store| {
    let hall = Hall::new(store).await;
    let anna = hall.person("anna").await;
    let ben = hall.person("ben").await;
    let group = hall.group("drivers", anna).await;
    let post = hall.post(anna, group, "The thread").await;
    let first = hall.comment(ben, ObjectId::Post(post), "One").await;
    let viewer = anna.actor().unwrap();
    let fresh = read(&hall, viewer, post).await;
    assert_eq!((fresh.read_to, fresh.news), (None, None), "never there");
    let last = fresh.last;
    assert_eq!(last, first.0);
    hall.run(anna, MarkThreadRead { post, last }).await.unwrap();
    hall.comment(anna, ObjectId::Post(post), "Mine").await;
    let below = hall.comment(ben, ObjectId::Comment(first), "Below").await;
    hall.comment(ben, ObjectId::Post(post), "Two").await;
    let seen = read(&hall, viewer, post).await;
    let news = seen.news.expect("news");
    assert_eq!(
        (news.first, news.count),
        (below, 2),
        "own words are no news"
    );
    assert_eq!(seen.post.fresh, Some(2));
    let earlier = MarkThreadRead { post, last: 1 };
    hall.run(anna, earlier).await.unwrap();
    assert_eq!(read(&hall, viewer, post).await.read_to, Some(last));
    let last = seen.last;
    hall.run(anna, MarkThreadRead { post, last }).await.unwrap();
    let seen = read(&hall, viewer, post).await;
    assert_eq!((seen.news, seen.post.fresh), (None, None));
});

db_test!(pages_of_every_order_hold_each_comment_once, |store| {
    let hall = Hall::new(store).await;
    let anna = hall.person("anna").await;
    let group = hall.group("drivers", anna).await;
    let post = hall.post(anna, group, "The thread").await;
    let mut parent = ObjectId::Post(post);
    for n in 0..12 {
        let comment = hall.comment(anna, parent, &format!("{n}")).await;
        if n % 3 == 0 {
            parent = ObjectId::Comment(comment);
        }
    }
    for sort in CommentSort::ALL {
        let mut wanted = Wanted {
            sort,
            limit: 5,
            ..ALL
        };
        let mut seen = Vec::new();
        loop {
            let look = move |db: &mut _| Ok(thread::read(db, None, post, wanted).unwrap());
            let page = hall.read(look).await;
            seen.extend(page.comments.iter().map(|card| card.comment.id));
            wanted.after = page.next;
            if page.next.is_none() {
                break;
            }
        }
        let mut unique = seen.clone();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!((seen.len(), unique.len()), (12, 12), "{sort:?}");
    }
});

db_test!(what_is_saved_is_listed_while_it_can_be_read, |store| {
    let hall = Hall::new(store).await;
    let anna = hall.person("anna").await;
    let ben = hall.person("ben").await;
    let group = hall.group("drivers", anna).await;
    let post = hall.post(anna, group, "Worth keeping").await;
    let comment = hall.comment(anna, ObjectId::Post(post), "This too").await;
    for object in [ObjectId::Post(post), ObjectId::Comment(comment)] {
        for _ in 0..2 {
            let saved = true;
            hall.run(ben, SaveObject { object, saved }).await.unwrap();
        }
        hall.pass(1);
    }
    let viewer = ben.actor().unwrap();
    let list = move |db: &mut _| {
        let mut seen = Vec::new();
        let mut request = PageRequest::first(1);
        loop {
            let page = saved::page(db, viewer, request)?;
            seen.extend(page.items.iter().map(|kept| match kept {
                Kept::Post(card) => (card.post.id.0, card.saved),
                Kept::Comment(card) => (card.comment.id.0, card.saved),
            }));
            request.after = page.next;
            if page.next.is_none() {
                return Ok(seen);
            }
        }
    };
    assert_eq!(
        hall.read(list).await,
        [(comment.0, true), (post.0, true)],
        "the last one first"
    );
    let delete = DeleteObject {
        object: ObjectId::Comment(comment),
        relay: None,
    };
    hall.run(anna, delete).await.unwrap();
    assert_eq!(hall.read(list).await, [(post.0, true)]);
    let unsave = SaveObject {
        object: ObjectId::Post(post),
        saved: false,
    };
    hall.run(ben, unsave).await.unwrap();
    assert!(hall.read(list).await.is_empty());
});

db_test!(
    who_follows_hears_of_answers_and_who_mutes_of_none,
    |store| {
        let hall = Hall::new(store).await;
        let anna = hall.person("anna").await;
        let ben = hall.person("ben").await;
        let carl = hall.person("carl").await;
        let group = hall.group("drivers", anna).await;
        let post = hall.post(anna, group, "The thread").await;
        let watch = |watch| WatchThread { post, watch };
        hall.run(carl, watch(Some(Watch::Followed))).await.unwrap();
        hall.comment(ben, ObjectId::Post(post), "One").await;
        let (anna_id, carl_id) = (anna.actor().unwrap(), carl.actor().unwrap());
        assert_eq!(kinds(&hall, anna_id).await, [NoticeKind::Answer]);
        assert_eq!(kinds(&hall, carl_id).await, [NoticeKind::Thread]);
        hall.run(anna, watch(Some(Watch::Muted))).await.unwrap();
        hall.run(carl, watch(None)).await.unwrap();
        hall.comment(ben, ObjectId::Post(post), "Two, @anna").await;
        assert_eq!(kinds(&hall, anna_id).await.len(), 1, "anna is left alone");
        assert_eq!(kinds(&hall, carl_id).await.len(), 1);
        hall.comment(ben, ObjectId::Post(post), "Three, @carl")
            .await;
        assert_eq!(
            kinds(&hall, carl_id).await,
            [NoticeKind::Mention, NoticeKind::Thread]
        );
    }
);

db_test!(
    what_a_text_said_is_kept_for_author_and_moderators,
    |store| {
        let hall = Hall::new(store).await;
        let anna = hall.person("anna").await;
        let ben = hall.person("ben").await;
        let carl = hall.person("carl").await;
        let group = hall.group("drivers", anna).await;
        let post = hall.post(ben, group, "First title").await;
        for title in ["Second title", "Second title", "Third title"] {
            let update = UpdatePost {
                post,
                title: Some(title.to_owned()),
                body: Some(Markup::Markdown("A text.".into())),
                link_url: None,
                language: None,
                sensitive: None,
                warning: None,
                attachments: None,
                extra: crate::domain::post::Extra::Nothing,
                thumbnail: None,
                edit: Edit::Local,
            };
            hall.pass(60);
            hall.run(ben, update).await.unwrap();
        }
        let object = ObjectId::Post(post);
        let now = hall.operations.now();
        for (who, public, steps) in [
            (ben, false, Some(3)),
            (anna, false, Some(3)),
            (carl, false, None),
            (carl, true, Some(3)),
        ] {
            let look = move |db: &mut _| Ok(history::of(db, who, object, public, now).ok());
            let found = hall.read(look).await;
            let count = found.as_ref().map(|history| history.versions.len());
            assert_eq!(count, steps, "an edit that changes nothing is no version");
            if let Some(history) = found {
                assert!(history.versions[2].first && !history.versions[0].first);
                assert_eq!(history.versions[0].written_at, now);
            }
        }
        let later = now.plus_seconds(1);
        let gone = hall
            .write(move |db, _| versions::delete_before(db, later, 100))
            .await;
        assert_eq!(gone, 2);
    }
);
