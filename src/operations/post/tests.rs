//! What holds for posts, whoever writes them.

use crate::domain::activity::{Activity, Origin};
use crate::domain::clock::Ts;
use crate::domain::ids::{ObjectId, PostId};
use crate::domain::page::PageRequest;
use crate::domain::post::{Extra, Range, Sort};
use crate::domain::refusal::Kind;
use crate::operations::markup::{Edit, Foreign, Markup};
use crate::operations::testing::{Hall, answer, from_elsewhere, text_post};
use crate::store::posts::{self, Source};
use crate::store::testing::db_test;
use crate::store::{actors, notices};
use crate::views::search;

use super::{CreatePost, UpdatePost};

fn change(post: PostId, title: &str, body: &str, edit: Edit) -> UpdatePost {
    UpdatePost {
        post,
        title: Some(title.to_owned()),
        body: Some(Markup::Markdown(body.to_owned())),
        link_url: None,
        language: None,
        sensitive: None,
        warning: None,
        attachments: None,
        extra: Extra::Nothing,
        thumbnail: None,
        edit,
    }
}

db_test!(a_local_post_is_rendered_found_and_told_of_once, |store| {
    let hall = Hall::new(store).await;
    let anna = hall.person("anna").await;
    let ben = hall.person("ben").await;
    let group = hall.group("drivers", anna).await;
    let body = "Hello **all**, and @ben! #Meetup <script>x</script>";
    let id = hall
        .run(anna, text_post(group, "  Meet\nus  ", body))
        .await
        .unwrap();
    let post = hall.read(move |db| posts::find(db, id)).await.unwrap();
    assert_eq!(post.title, "Meet us");
    assert_eq!(post.uri.as_str(), format!("http://hub.test/post/{id}"));
    assert!(post.html.contains("<strong>all</strong>") && !post.html.contains("<script"));
    assert!(post.html.contains("http://hub.test/u/ben"), "{}", post.html);
    let object = ObjectId::Post(id);
    assert_eq!(
        hall.read(move |db| notices::list_hashtags(db, object))
            .await,
        ["meetup"]
    );
    let told = hall
        .read(move |db| notices::count_unread(db, ben.actor().unwrap()))
        .await;
    assert_eq!(told, 1, "ben was mentioned");
    for (words, posts) in [
        ("hello meet", 1),
        ("hello you", 0),
        ("\u{1f642} *\"", 0),
        (" ", 1),
    ] {
        let filter = crate::domain::search::Filter::of(words);
        let found = hall
            .read(move |db| search::posts(db, None, &filter, PageRequest::first(10)))
            .await;
        assert_eq!(found.items.len(), posts, "{words}");
    }
    let log = hall.log().await;
    assert_eq!(log.len(), 1);
    assert_eq!(log[0].entry.activity, Activity::Created { object });
    assert_eq!(log[0].entry.group, Some(group));
});

db_test!(
    titles_have_three_letters_and_links_are_web_addresses,
    |store| {
        let hall = Hall::new(store).await;
        let anna = hall.person("anna").await;
        let group = hall.group("drivers", anna).await;
        for title in ["", "ab", &"x".repeat(400)] {
            let refusal = hall
                .run(anna, text_post(group, title, "x"))
                .await
                .unwrap_err();
            assert_eq!(refusal.fields[0].name, "title");
        }
        let link = CreatePost {
            link_url: Some("javascript:alert(1)".into()),
            ..text_post(group, "A link", "")
        };
        let refusal = hall.run(anna, link).await.unwrap_err();
        assert_eq!(
            (refusal.kind, refusal.fields[0].name),
            (Kind::Invalid, "url")
        );
        assert!(
            hall.log().await.is_empty(),
            "what was refused is told to nobody"
        );
    }
);

db_test!(a_letter_that_no_database_keeps_is_left_out, |store| {
    let hall = Hall::new(store).await;
    let anna = hall.person("anna").await;
    let group = hall.group("drivers", anna).await;
    let post = CreatePost {
        warning: Some("care\0ful".into()),
        ..text_post(group, "A \0 title", "te\0xt")
    };
    let id = hall.run(anna, post).await.unwrap();
    let stored = hall.read(move |db| posts::find(db, id)).await.unwrap();
    assert_eq!(stored.source.as_deref(), Some("text"));
    assert_eq!(stored.warning.as_deref(), Some("careful"));
    let link = CreatePost {
        link_url: Some("https://a.example/\0".into()),
        ..text_post(group, "A link", "")
    };
    assert_eq!(hall.run(anna, link).await.unwrap_err().code, "post.link");
});

db_test!(what_is_said_of_a_post_has_its_usual_form, |store| {
    let hall = Hall::new(store).await;
    let anna = hall.person("anna").await;
    let group = hall.group("drivers", anna).await;
    for url in [
        "https://mia:secret@a.example/",
        " https://a.example/",
        "https://a.example/a b",
    ] {
        let link_url = Some(url.to_owned());
        let link = CreatePost {
            link_url,
            ..text_post(group, "A link", "")
        };
        assert_eq!(
            hall.run(anna, link).await.unwrap_err().code,
            "post.link",
            "{url}"
        );
    }
    let unseen = text_post(group, "\u{200b}\u{feff}\u{2060}\u{200b}", "text");
    assert_eq!(hall.run(anna, unseen).await.unwrap_err().code, "post.title");
    let in_language = |tag: &str| CreatePost {
        language: Some(tag.to_owned()),
        ..text_post(group, "A title", "text")
    };
    let refused = hall.run(anna, in_language("the one of home")).await;
    assert_eq!(refused.unwrap_err().code, "post.language");
    let id = hall.run(anna, in_language("DE-at")).await.unwrap();
    let stored = hall.read(move |db| posts::find(db, id)).await.unwrap();
    assert_eq!(stored.language.as_deref(), Some("de-AT"));
    let blank = hall
        .run(anna, answer(ObjectId::Post(id), "\u{200b} \u{200d}"))
        .await;
    assert_eq!(blank.unwrap_err().code, "comment.blank");
});

db_test!(the_same_foreign_post_is_stored_once, |store| {
    let hall = Hall::new(store).await;
    let anna = hall.person("anna").await;
    let mia = hall.remote("mia@peer.test").await;
    let group = hall.group("drivers", anna).await;
    let origin = from_elsewhere("https://peer.test/notes/1", hall.operations.now());
    let html = "<p>hi <script>alert(1)</script></p>";
    let post = CreatePost {
        body: Markup::Html(Foreign::new(html, None, vec!["Cars".into()], vec![])),
        origin,
        ..text_post(group, "Hi", "")
    };
    let first = hall.run(mia, post.clone()).await.unwrap();
    let second = hall.run(mia, post).await.unwrap();
    assert_eq!(first, second);
    let stored = hall.read(move |db| posts::find(db, first)).await.unwrap();
    assert!(!stored.html.contains("script") && stored.source.is_none());
    let log = hall.log().await;
    assert_eq!(log.len(), 1);
    assert!(
        log[0].entry.relay.is_some(),
        "the group announces what it got"
    );
});

db_test!(a_foreign_post_is_never_dated_in_the_future, |store| {
    let hall = Hall::new(store).await;
    let anna = hall.person("anna").await;
    let mia = hall.remote("mia@peer.test").await;
    let group = hall.group("drivers", anna).await;
    let origin = from_elsewhere("https://peer.test/notes/1", Ts(i64::MAX / 2));
    let post = CreatePost {
        origin,
        ..text_post(group, "From the future", "x")
    };
    let id = hall.run(mia, post).await.unwrap();
    let stored = hall.read(move |db| posts::find(db, id)).await.unwrap();
    assert_eq!(stored.published_at, hall.operations.now());
});

db_test!(nobody_elsewhere_makes_objects_of_this_hub, |store| {
    let hall = Hall::new(store).await;
    let anna = hall.person("anna").await;
    let mia = hall.remote("mia@peer.test").await;
    let group = hall.group("drivers", anna).await;
    let origin = from_elsewhere("http://hub.test/post/1", hall.operations.now());
    let post = CreatePost {
        origin,
        ..text_post(group, "Forged", "x")
    };
    assert_eq!(hall.run(mia, post).await.unwrap_err().kind, Kind::Invalid);
});

db_test!(
    only_moderators_start_threads_in_a_restricted_group,
    |store| {
        let hall = Hall::new(store).await;
        let anna = hall.person("anna").await;
        let ben = hall.person("ben").await;
        let group = hall.group("news", anna).await;
        hall.write(move |db, _| {
            let mut actor = actors::find(db, group)?.expect("the group");
            actor.posting_restricted = true;
            actors::set_profile(db, &actor)
        })
        .await;
        let refusal = hall
            .run(ben, text_post(group, "Not me", "x"))
            .await
            .unwrap_err();
        assert_eq!(refusal.code, "group.restricted");
        hall.run(anna, text_post(group, "But me", "x"))
            .await
            .unwrap();
    }
);

db_test!(
    only_the_author_edits_and_edits_move_forward_in_time,
    |store| {
        let hall = Hall::new(store).await;
        let anna = hall.person("anna").await;
        let ben = hall.person("ben").await;
        let group = hall.group("drivers", anna).await;
        let id = hall.post(anna, group, "First title").await;
        let refusal = hall
            .run(ben, change(id, "Mine", "x", Edit::Local))
            .await
            .unwrap_err();
        assert_eq!(refusal.code, "author.required");
        hall.run(anna, change(id, "Second title", "new", Edit::Local))
            .await
            .unwrap();
        let post = hall.read(move |db| posts::find(db, id)).await.unwrap();
        assert_eq!(post.title, "Second title");
        assert!(post.edited_at.unwrap().seconds() > post.published_at.seconds());
        assert_eq!(hall.log().await.len(), 2);
    }
);

db_test!(an_old_foreign_edit_changes_nothing, |store| {
    let hall = Hall::new(store).await;
    let anna = hall.person("anna").await;
    let mia = hall.remote("mia@peer.test").await;
    let group = hall.group("drivers", anna).await;
    let published = hall.operations.now();
    let origin = from_elsewhere("https://peer.test/notes/1", published);
    let id = hall
        .run(
            mia,
            CreatePost {
                origin,
                ..text_post(group, "Now", "x")
            },
        )
        .await
        .unwrap();
    hall.pass(60);
    let edit = |seconds| Edit::Remote {
        edited_at: published.plus_seconds(seconds),
        relay: Some("{}".into()),
    };
    hall.run(mia, change(id, "Newer", "x", edit(30)))
        .await
        .unwrap();
    hall.run(mia, change(id, "Older", "x", edit(20)))
        .await
        .unwrap();
    let post = hall.read(move |db| posts::find(db, id)).await.unwrap();
    assert_eq!(post.title, "Newer");
    assert_eq!(hall.log().await.len(), 2, "the old edit is not announced");
});

db_test!(
    pages_of_every_order_join_without_gap_or_repetition,
    |store| {
        let hall = Hall::new(store).await;
        let anna = hall.person("anna").await;
        let group = hall.group("drivers", anna).await;
        for n in 0..7 {
            hall.post(anna, group, &format!("Post {n}")).await;
            hall.pass(if n % 2 == 0 { 0 } else { 10 });
        }
        let long_ago = hall.operations.now().plus_seconds(-3600);
        for sort in [
            Sort::New,
            Sort::Hot,
            Sort::Top(None),
            Sort::Top(Some(long_ago)),
            Sort::Active,
        ] {
            let mut request = PageRequest::first(3);
            let mut seen = Vec::new();
            loop {
                let page = hall
                    .read(move |db| {
                        posts::list(
                            db,
                            crate::domain::caller::Viewer::Visitor,
                            &Source::Group(group),
                            sort,
                            request,
                        )
                    })
                    .await;
                seen.extend(page.items.iter().map(|post| post.id));
                request.after = page.next;
                if request.after.is_none() {
                    break;
                }
            }
            let mut unique = seen.clone();
            unique.sort_unstable();
            unique.dedup();
            assert_eq!((seen.len(), unique.len()), (7, 7), "{sort:?}");
        }
    }
);

db_test!(the_best_ones_are_those_of_a_time, |store| {
    let hall = Hall::new(store).await;
    let (anna, ben) = (hall.person("anna").await, hall.person("ben").await);
    let group = hall.group("drivers", anna).await;
    let mut made = Vec::new();
    for (liked, days) in [(true, 20), (false, 5), (true, 1), (false, 1)] {
        let id = hall.post(anna, group, "A post").await;
        if liked {
            let vote = crate::operations::reaction::Vote {
                object: ObjectId::Post(id),
                value: 1,
                relay: None,
            };
            hall.run(ben, vote).await.unwrap();
        }
        made.push(id);
        hall.pass(days * 24 * 3600);
    }
    let [oldest, older, newer, newest] = made[..] else {
        panic!("four posts")
    };
    let now = hall.operations.now();
    for (range, best) in [
        (Range::Day, vec![newest]),
        (Range::Week, vec![newer, newest, older]),
        (Range::Month, vec![newer, oldest, newest, older]),
        (Range::All, vec![newer, oldest, newest, older]),
    ] {
        for from in [Source::Group(group), Source::Everywhere] {
            let sort = range.of(Sort::Top(None), now);
            let mut request = PageRequest::first(1);
            let mut seen = Vec::new();
            loop {
                let from = from.clone();
                let list = move |db: &mut _| {
                    let visitor = crate::domain::caller::Viewer::Visitor;
                    posts::list(db, visitor, &from, sort, request)
                };
                let page = hall.read(list).await;
                seen.extend(page.items.iter().map(|post| post.id));
                request.after = page.next;
                if request.after.is_none() {
                    break;
                }
            }
            assert_eq!(seen, best, "{range:?} of {from:?}");
        }
    }
    assert_eq!(Range::Day.of(Sort::Hot, now), Sort::Hot);
    for range in Range::ALL {
        assert_eq!(Range::parse(range.as_str()), Some(range));
    }
});

db_test!(a_member_posts_into_a_remote_group_by_telling_it, |store| {
    let hall = Hall::new(store).await;
    let anna = hall.person("anna").await;
    let group = hall.remote_group("cars@lemmy.test").await;
    hall.run(anna, text_post(group, "Hello over there", "x"))
        .await
        .unwrap();
    let id = hall
        .write(|db, _| crate::store::outbox::take(db, 10))
        .await
        .pop()
        .expect("one entry")
        .id;
    let targets = hall
        .read(move |db| crate::store::outbox::list_targets(db, id))
        .await;
    assert_eq!(
        targets
            .iter()
            .map(|target| target.actor)
            .collect::<Vec<_>>(),
        [group]
    );
});

db_test!(a_post_of_a_remote_group_is_told_to_nobody, |store| {
    let hall = Hall::new(store).await;
    let leo = hall.remote("leo@lemmy.test").await;
    let group = hall.remote_group("cars@lemmy.test").await;
    let origin = Origin::Remote {
        uri: crate::domain::ids::Uri::parse("https://lemmy.test/post/1").unwrap(),
        url: None,
        published_at: hall.operations.now(),
        relay: None,
    };
    hall.run(
        leo,
        CreatePost {
            origin,
            ..text_post(group, "Over there", "x")
        },
    )
    .await
    .unwrap();
    assert!(hall.log().await.is_empty());
});
