//! Feeds, frames, facts for others, the map, the search, the lists of people.

use axum::http::StatusCode;
use serde_json::Value;

use super::tests::{Browser, location, quoted};
use crate::domain::caller::Caller;
use crate::domain::event::Event;
use crate::domain::ids::{ActorId, ObjectId, PostId};
use crate::domain::post::{Extra, PostKind};
use crate::faces::shared::testing::{Hub, hub_test};
use crate::operations::comment::CreateComment;
use crate::operations::membership::JoinGroup;
use crate::operations::post::CreatePost;
use crate::operations::testing::{answer, from_elsewhere, text_post};

/// A group with a post and a comment.
async fn furnish(hub: &Hub) -> (Caller, ActorId, PostId) {
    let anna = hub.hall.person("anna").await;
    let group = hub.hall.group("drivers", anna).await;
    let post = hub.hall.post(anna, group, "Which <bit> & why?").await;
    hub.hall
        .comment(anna, ObjectId::Post(post), "PH2, **always**.")
        .await;
    (anna, group, post)
}

hub_test!(every_public_list_has_a_feed_in_both_forms, |hub| {
    let (_, _, post) = furnish(&hub).await;
    let mut visitor = Browser::new(&hub, "en");
    for (page, holds) in [
        ("", "Which &lt;bit&gt; &amp; why?"),
        ("/c/drivers", "Which &lt;bit&gt; &amp; why?"),
        ("/u/anna", "Which &lt;bit&gt; &amp; why?"),
        (format!("/post/{post}").as_str(), "&lt;strong&gt;always"),
    ] {
        let atom = visitor.get(&format!("{page}/feed.atom")).await;
        assert_eq!(atom.status, StatusCode::OK, "{page}");
        assert!(
            atom.header("content-type")
                .starts_with("application/atom+xml")
        );
        let own = format!("href=\"https://hub.test{page}/feed.atom\"");
        assert!(
            atom.text.contains(&own) && atom.text.contains(holds),
            "{}",
            atom.text
        );
        let rss = visitor.get(&format!("{page}/feed.rss")).await;
        assert!(
            rss.header("content-type")
                .starts_with("application/rss+xml")
        );
        assert!(
            rss.text.contains(holds) && rss.text.contains("GMT</pubDate>"),
            "{}",
            rss.text
        );
        let shown = visitor
            .get(if page.is_empty() { "/" } else { page })
            .await
            .text;
        for form in ["atom", "rss"] {
            assert!(
                shown.contains(&format!("href=\"{page}/feed.{form}\"")),
                "{page}"
            );
        }
        assert!(atom.header("set-cookie").is_empty(), "readers share it");
    }
    for path in [
        "/c/nobody/feed.rss",
        "/u/nobody/feed.atom",
        "/post/1/feed.atom",
    ] {
        assert_eq!(
            visitor.get(path).await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
});

/// Lets these websites show the hub.
fn embed_on(hub: &Hub, host: &str) {
    let mut settings = (*hub.state.settings()).clone();
    settings.sharing.embed_hosts = vec![host.parse().unwrap()];
    hub.state.operations().live.reload(settings).unwrap();
}

hub_test!(
    a_frame_is_for_the_websites_of_the_settings_and_sets_no_cookie,
    |hub| {
        let (_, _, post) = furnish(&hub).await;
        embed_on(&hub, "brand.example");
        let mut member = Browser::signed_up(&hub, "ben", "en").await;
        for (path, holds) in [
            (format!("/embed/thread/{post}"), "<strong>always</strong>"),
            ("/embed/group/drivers".to_owned(), "Which &lt;bit&gt;"),
            (
                "/embed/join/drivers".to_owned(),
                "/intent/follow?of=/c/drivers",
            ),
            ("/embed/feed".to_owned(), "Which &lt;bit&gt;"),
            (
                "/embed/questions".to_owned(),
                "No question is open right now.",
            ),
            ("/embed/events".to_owned(), "No event is planned right now."),
        ] {
            let frame = member.get(&path).await;
            assert_eq!(frame.status, StatusCode::OK, "{path}: {}", frame.text);
            assert!(frame.text.contains(holds), "{path}: {}", frame.text);
            assert!(
                !frame.text.contains("csrf") && !frame.text.contains("ben"),
                "{path}"
            );
            let policy = frame.header("content-security-policy");
            assert!(
                policy.contains("frame-ancestors https://brand.example 'self'"),
                "{policy}"
            );
            assert!(!policy.contains("unsafe"), "{policy}");
            assert_eq!(frame.header("x-frame-options"), "", "{path}");
            assert_eq!(frame.header("set-cookie"), "", "{path}");
        }
        // Every other page is in no frame.
        let page = member.get("/c/drivers").await;
        assert_eq!(page.header("x-frame-options"), "DENY");
        let german = member
            .get("/embed/group/drivers?lang=de&theme=dark&limit=1")
            .await
            .text;
        assert!(
            german.contains("lang=\"de\" data-theme=\"dark\""),
            "{german}"
        );
        let german = member.get("/embed/events?lang=de").await.text;
        assert!(
            german.contains("Gerade ist kein Termin geplant."),
            "{german}"
        );
        let elements = member.get("/embed.js").await;
        assert!(elements.text.len() <= 3 * 1024, "the script is small");
        assert_eq!(
            elements.header("cross-origin-resource-policy"),
            "cross-origin"
        );
    }
);

hub_test!(a_page_says_how_it_is_shown_elsewhere, |hub| {
    let (anna, group, post) = furnish(&hub).await;
    let evil = "</script><script>alert(1)</script>";
    let evil = hub
        .hall
        .run(anna, text_post(group, "An end", evil))
        .await
        .unwrap();
    let event = CreatePost {
        kind: PostKind::Event,
        extra: Extra::Event(Event {
            starts_at: hub.operations.now().plus_seconds(3600),
            ends_at: None,
            timezone: "Europe/Berlin".into(),
            place: Some("The workshop".into()),
            online_url: None,
            join_mode: crate::domain::event::JoinMode::Free,
            capacity: None,
            attendees: 0,
        }),
        ..text_post(group, "Come and see", "All of you.")
    };
    let event = hub.hall.run(anna, event).await.unwrap();
    let question = CreatePost {
        extra: Extra::Question,
        ..text_post(group, "How so?", "Why?")
    };
    let question = hub.hall.run(anna, question).await.unwrap();
    let mut visitor = Browser::new(&hub, "en");
    for (id, kind) in [
        (post, "DiscussionForumPosting"),
        (evil, "DiscussionForumPosting"),
        (event, "Event"),
        (question, "QAPage"),
    ] {
        let text = visitor.get(&format!("/post/{id}")).await.text;
        let block = text
            .split("<script type=\"application/ld+json\">")
            .nth(1)
            .and_then(|rest| rest.split("</script>").next())
            .expect("a data block");
        let facts: Value = serde_json::from_str(block).expect("whole facts");
        assert_eq!(facts["@type"], kind, "{facts}");
        assert!(text.contains("property=\"og:title\""));
        let ask = quoted(&text, "type=\"application/json+oembed\" title=\"");
        assert_eq!(ask.len(), 1);
    }
    let asked = format!("/oembed?url=https%3A%2F%2Fhub.test%2Fpost%2F{post}&maxwidth=300");
    let card = visitor.get(&asked).await.json();
    assert_eq!(card["type"], "link", "no website may frame it");
    assert!(card.get("html").is_none(), "{card}");
    embed_on(&hub, "brand.example");
    let card = visitor.get(&asked).await;
    assert_eq!(card.header("access-control-allow-origin"), "*");
    let card = card.json();
    assert_eq!(
        (&card["type"], &card["width"]),
        (&"rich".into(), &300.into())
    );
    let frame = card["html"].as_str().unwrap();
    assert!(
        frame.contains(&format!("src=\"https://hub.test/embed/thread/{post}\"")),
        "{frame}"
    );
    assert!(
        frame.contains("title=\"Which &lt;bit&gt; &amp; why?\""),
        "{frame}"
    );
    for url in [
        "https://else.example/post/1",
        "https://hub.test/settings",
        "",
    ] {
        let asked = visitor.get(&format!("/oembed?url={url}")).await;
        assert_eq!(asked.status, StatusCode::NOT_FOUND, "{url}");
    }
});

hub_test!(the_home_page_says_how_it_is_shown_elsewhere, |hub| {
    let mut settings = (*hub.state.settings()).clone();
    settings.instance.description = "A place for <friends> of tools.".to_owned();
    let name = settings.instance.name.clone();
    hub.state.operations().live.reload(settings).unwrap();
    let home = Browser::new(&hub, "en").get("/").await.text;
    for line in [
        format!("property=\"og:title\" content=\"{name}\""),
        "name=\"description\" content=\"A place for &lt;friends&gt; of tools.\"".to_owned(),
        "property=\"og:url\" content=\"https:".to_owned(),
    ] {
        assert!(home.contains(&line), "{line}: {home}");
    }
    assert!(!home.contains("json+oembed"), "no frame shows the hub");
});

hub_test!(lists_say_how_they_are_shown_elsewhere, |hub| {
    furnish(&hub).await;
    let mut visitor = Browser::new(&hub, "en");
    for (path, title) in [
        ("/groups", "Groups"),
        ("/questions", "Questions"),
        ("/questions?group=drivers", "Questions · drivers"),
        ("/events", "Events"),
    ] {
        let page = visitor.get(path).await.text;
        for line in [
            format!("property=\"og:title\" content=\"{title}\""),
            format!("property=\"og:url\" content=\"https://hub.test{path}\""),
            "property=\"og:description\"".to_owned(),
        ] {
            assert!(page.contains(&line), "{path} {line}: {page}");
        }
        assert!(!page.contains("json+oembed"), "{path}");
    }
});

hub_test!(
    the_map_lists_what_may_be_listed_at_once_or_by_month,
    |hub| {
        let (_, _, post) = furnish(&hub).await;
        let mut visitor = Browser::new(&hub, "en");
        let map = visitor.get("/sitemap.xml").await.text;
        for place in ["/c/drivers", &format!("/post/{post}")] {
            assert!(
                map.contains(&format!("<loc>https://hub.test{place}</loc>")),
                "{map}"
            );
        }
        let month = hub.operations.now().rfc3339();
        let month = visitor
            .get(&format!("/sitemap/{}.xml", month.get(..7).unwrap()))
            .await
            .text;
        assert!(month.contains(&format!("/post/{post}</loc>")), "{month}");
        let other = visitor.get("/sitemap/2020-12.xml").await;
        assert!(!other.text.contains("/post/"), "{}", other.text);
        assert!(
            visitor
                .get("/sitemap/hub.xml")
                .await
                .text
                .contains("/c/drivers")
        );
        for path in ["/sitemap/2020-13.xml", "/sitemap/x.xml", "/sitemap/2020-12"] {
            assert_eq!(
                visitor.get(path).await.status,
                StatusCode::NOT_FOUND,
                "{path}"
            );
        }
    }
);

hub_test!(
    a_search_is_narrowed_by_place_author_time_and_language,
    |hub| {
        let (_, _, post) = furnish(&hub).await;
        let ben = hub.hall.person("ben").await;
        let garden = hub.hall.group("garden", ben).await;
        let other = CreatePost {
            language: Some("de".into()),
            ..text_post(garden, "Which spade?", "A bit of earth.")
        };
        let other = hub.hall.run(ben, other).await.unwrap();
        let mut visitor = Browser::new(&hub, "en");
        let (first, second) = (
            format!("href=\"/post/{post}\""),
            format!("href=\"/post/{other}\""),
        );
        let day = hub
            .operations
            .now()
            .rfc3339()
            .chars()
            .take(10)
            .collect::<String>();
        for (query, finds) in [
            ("q=bit".to_owned(), [true, true]),
            ("q=bit&group=drivers".to_owned(), [true, false]),
            ("q=bit&author=@ben@hub.test".to_owned(), [false, true]),
            ("q=bit&language=de".to_owned(), [false, true]),
            ("author=ben".to_owned(), [false, true]),
            (format!("q=bit&since={day}&until={day}"), [true, true]),
            ("q=bit&until=2020-01-01".to_owned(), [false, false]),
            ("q=bit&group=nobody".to_owned(), [false, false]),
            ("q=bit&tab=events".to_owned(), [false, false]),
            ("q=%22bit%22+OR+*".to_owned(), [false, false]),
        ] {
            let page = visitor.get(&format!("/search?{query}")).await;
            assert_eq!(page.status, StatusCode::OK, "{query}");
            let found = [page.text.contains(&first), page.text.contains(&second)];
            assert_eq!(found, finds, "{query}");
        }
        let comments = visitor.get("/search?q=always&tab=comments").await.text;
        assert!(comments.contains("<strong>always</strong>"), "{comments}");
        assert!(comments.contains("class=\"face\" href=\"/u/"), "{comments}");
        let people = visitor.get("/search?q=ann&tab=people").await.text;
        assert!(people.contains("href=\"/u/anna\"") && !people.contains("href=\"/u/ben\""));
        let groups = visitor.get("/search?q=GARD&tab=groups").await.text;
        assert!(groups.contains("href=\"/c/garden\""), "{groups}");
        let nothing = visitor.get("/search?q=%25&tab=people").await.text;
        assert!(
            nothing.contains("/new?form=question"),
            "nothing found leads on: {nothing}"
        );
    }
);

hub_test!(
    words_of_elsewhere_are_found_only_where_their_author_agrees,
    |hub| {
        let (_, _, post) = furnish(&hub).await;
        let mia = hub.hall.remote("mia@peer.test").await;
        let agrees = |yes: bool| {
            let id = mia.actor().unwrap();
            hub.hall
                .change_actor(id, move |actor| actor.indexable = yes)
        };
        let said = CreateComment {
            origin: from_elsewhere("https://peer.test/notes/1", hub.operations.now()),
            ..answer(ObjectId::Post(post), "zebra crossing")
        };
        hub.hall.run(mia, said).await.unwrap();
        let search = "/search?q=zebra&tab=comments";
        let mut visitor = Browser::new(&hub, "en");
        assert!(visitor.get(search).await.text.contains("zebra crossing"));
        agrees(false).await;
        assert!(!visitor.get(search).await.text.contains("zebra crossing"));
        // Who joined the group reads all of it anyway.
        let mut ben = Browser::signed_up(&hub, "ben", "en").await;
        assert!(!ben.get(search).await.text.contains("zebra crossing"));
        location(&ben.send("/c/drivers", "/c/drivers/join", &[]).await);
        assert!(ben.get(search).await.text.contains("zebra crossing"));
    }
);

hub_test!(
    people_are_listed_for_each_other_as_far_as_they_agree,
    |hub| {
        let (anna, group, _) = furnish(&hub).await;
        let shy = hub.hall.person("shy").await;
        hub.hall.run(shy, JoinGroup { group }).await.unwrap();
        hub.hall.run(anna, JoinGroup { group }).await.unwrap();
        let id = shy.actor().unwrap();
        let hide = |actor: &mut crate::domain::actor::Actor| actor.discoverable = false;
        hub.hall.change_actor(id, hide).await;
        let mut visitor = Browser::new(&hub, "en");
        for path in ["/members", "/c/drivers/members"] {
            assert!(
                location(&visitor.get(path).await).starts_with("/sign-in"),
                "{path}"
            );
        }
        let mut ben = Browser::signed_up(&hub, "ben", "de").await;
        for path in ["/members", "/c/drivers/members"] {
            let text = ben.get(path).await.text;
            assert!(text.contains("href=\"/u/anna\""), "{path}: {text}");
            assert!(!text.contains("href=\"/u/shy\""), "{path}: {text}");
        }
        let explained = ben.get("/members").await.text;
        assert!(explained.contains("Wer nicht gelistet sein m\u{f6}chte"));
        let found = ben.get("/members?q=ben").await.text;
        assert!(!found.contains("href=\"/u/anna\""), "{found}");
        let about = visitor.get("/c/drivers/about").await;
        assert_eq!(about.status, StatusCode::OK);
        assert!(
            about.text.contains("href=\"/u/anna\""),
            "its moderators are named"
        );
    }
);

hub_test!(
    a_private_group_has_neither_feed_nor_frame_nor_facts,
    |hub| {
        let anna = hub.hall.person("anna").await;
        let den = hub.hall.group("den", anna).await;
        let post = hub.hall.post(anna, den, "A secret").await;
        let close = |group: &mut crate::domain::actor::Actor| group.manually_approves = true;
        hub.hall.change_actor(den, close).await;
        embed_on(&hub, "brand.example");
        let mut member = Browser::signed_up(&hub, "ben", "en").await;
        for path in [
            "/c/den/feed.atom".to_owned(),
            "/c/den/feed.rss".to_owned(),
            format!("/post/{post}/feed.atom"),
            "/embed/group/den".to_owned(),
            "/embed/comments?group=den&url=https://brand.example/".to_owned(),
            format!("/embed/thread/{post}"),
            format!("/oembed?url=https://hub.test/post/{post}"),
            "/oembed?url=https://hub.test/c/den".to_owned(),
        ] {
            assert_eq!(
                member.get(&path).await.status,
                StatusCode::NOT_FOUND,
                "{path}"
            );
        }
        assert!(!member.get("/c/den").await.text.contains("og:title"));
        assert!(!member.get("/sitemap.xml").await.text.contains("den"));
        assert_eq!(
            member.get("/c/den/members").await.status,
            StatusCode::FORBIDDEN
        );
    }
);

hub_test!(comments_beneath_a_page_are_the_thread_about_it, |hub| {
    let (anna, group, _) = furnish(&hub).await;
    embed_on(&hub, "brand.example");
    let mut visitor = Browser::new(&hub, "en");
    let at = |page: &str, group: &str| {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("url", page).append_pair("group", group);
        format!("/embed/comments?{}", query.finish())
    };
    let page = "https://brand.example/drill";
    let asked = format!("{page}?utm_source=mail#top");
    let frame = visitor.get(&at(&asked, "drivers")).await;
    assert_eq!(frame.status, StatusCode::OK, "{}", frame.text);
    let composer = "/c/drivers/new?form=link&amp;url=https%3A%2F%2Fbrand.example%2Fdrill\"";
    assert!(frame.text.contains(composer), "{}", frame.text);
    let policy = frame.header("content-security-policy");
    let around = "frame-ancestors https://brand.example 'self'";
    assert!(policy.contains(around), "{policy}");
    // The composer has it filled in.
    let mut ben = Browser::signed_up(&hub, "ben", "en").await;
    let path = "/c/drivers/new?form=link&url=https%3A%2F%2Fbrand.example%2Fdrill";
    let filled = ben.get(path).await.text;
    let field = format!("name=\"url\" value=\"{page}\"");
    assert!(filled.contains(&field), "{filled}");
    let link = |url: &str| CreatePost {
        link_url: Some(url.to_owned()),
        ..text_post(group, "Our drill", "New.")
    };
    let oldest = link("http://brand.example/drill/");
    let thread = hub.hall.run(anna, oldest).await.unwrap();
    hub.hall.run(anna, link(page)).await.unwrap();
    let object = ObjectId::Post(thread);
    hub.hall.comment(anna, object, "It **turns**.").await;
    for spelling in [
        page,
        "https://brand.example/drill/",
        "https://BRAND.example/drill#reviews",
    ] {
        let frame = visitor.get(&at(spelling, "drivers")).await.text;
        assert!(
            frame.contains("<strong>turns</strong>"),
            "{spelling}: {frame}"
        );
    }
    for (page, group, status) in [
        ("https://brand.example/drill?id=2", "drivers", 200),
        ("https://other.example/drill", "drivers", 403),
        ("https://brand.example:8443/drill", "drivers", 403),
        ("javascript:alert(1)", "drivers", 422),
        ("", "drivers", 422),
        (page, "", 422),
        (page, "nobody", 404),
    ] {
        let frame = visitor.get(&at(page, group)).await;
        assert_eq!(frame.status.as_u16(), status, "{page} in {group}");
        assert!(!frame.text.contains("turns"), "{page} in {group}");
    }
    let mut settings = (*hub.state.settings()).clone();
    settings.sharing.comments_group = "drivers".to_owned();
    hub.state.operations().live.reload(settings).unwrap();
    let frame = visitor.get(&at(page, "")).await.text;
    assert!(frame.contains("<strong>turns</strong>"), "{frame}");
});
