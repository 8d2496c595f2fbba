//! Writing and reading with forms alone: drafts, plans, questions, history, saved things, live news.

use futures_util::StreamExt as _;
use tower::ServiceExt as _;

use super::*;
use crate::faces::shared::testing::Whole as _;

/// Fields of the composer, all there as a browser sends them.
fn sheet<'a>(changed: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let usual = [
        ("form", "text"),
        ("title", "A thing to say"),
        ("body", "Some **words**."),
        ("url", ""),
        ("language", "en"),
        ("options", ""),
        ("days", "7"),
        ("starts_at", ""),
        ("ends_at", ""),
        ("timezone", "UTC"),
        ("place", ""),
        ("online_url", ""),
        ("capacity", ""),
        ("publish_at", ""),
        ("zone", "Europe/Berlin"),
    ];
    let known = |name: &str| changed.iter().find(|(key, _)| *key == name);
    let mut fields: Vec<_> = usual
        .iter()
        .map(|(name, value)| known(name).copied().unwrap_or((name, value)))
        .collect();
    let others = changed
        .iter()
        .filter(|(name, _)| usual.iter().all(|(key, _)| key != name));
    fields.extend(others.copied());
    fields
}

hub_test!(a_draft_is_kept_and_gone_on_with_on_another_device, |hub| {
    open(&hub);
    furnish(&hub).await;
    let mut ben = Browser::signed_up(&hub, "ben", "en").await;
    let kept = ben.send("/new", "/new", &sheet(&[("keep", "1")])).await;
    let path = location(&kept).to_owned();
    assert!(path.starts_with("/new?draft="), "{path}");
    let mut elsewhere = Browser::new(&hub, "de");
    let fields = [("name", "ben"), ("password", PASSWORD)];
    location(&elsewhere.send("/sign-in", "/sign-in", &fields).await);
    let list = elsewhere.get("/drafts").await;
    sound("/drafts", &list, "en");
    assert!(
        list.text.contains(&format!("href=\"{path}\"")),
        "{}",
        list.text
    );
    let page = elsewhere.get(&path).await;
    sound(&path, &page, "en");
    assert!(page.text.contains("value=\"A thing to say\"") && page.text.contains("**words**"));
    let draft = quoted(&page.text, "name=\"draft\" value=\"")[0].to_owned();
    let mut eve = Browser::signed_up(&hub, "eve", "en").await;
    assert_eq!(eve.get(&path).await.status, StatusCode::NOT_FOUND);
    let nowhere = elsewhere
        .send(&path, "/new", &sheet(&[("draft", &draft)]))
        .await;
    assert_eq!(nowhere.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        nowhere.text.contains("id=\"wrong-group\""),
        "{}",
        nowhere.text
    );
    let fields = sheet(&[("draft", &draft), ("group", "drivers")]);
    let posted = elsewhere.send(&path, "/new", &fields).await;
    let thread = location(&posted).to_owned();
    assert!(thread.starts_with("/post/"), "{thread}");
    assert!(
        !ben.get("/drafts").await.text.contains(&path),
        "it is no more"
    );
    let picker = ben.get("/new").await.text;
    assert!(picker.contains("<option value=\"drivers\">"), "{picker}");
});

hub_test!(a_hub_without_groups_leads_to_the_founding_of_one, |hub| {
    open(&hub);
    let mut ben = Browser::signed_up(&hub, "ben", "en").await;
    let composer = ben.get("/new").await;
    sound("/new", &composer, "en");
    assert!(composer.text.contains("There is no group yet"));
    assert!(!composer.text.contains("id=\"compose\""));
    assert!(!ben.get("/").await.text.contains("href=\"/groups/new\""));
    let mut settings = (*hub.state.settings()).clone();
    settings.groups.founders = crate::settings::Founders::Members;
    hub.state.operations().live.reload(settings).unwrap();
    for path in ["/", "/new"] {
        let text = ben.get(path).await.text;
        assert!(text.contains("href=\"/groups/new\""), "{path}: {text}");
    }
});

hub_test!(a_post_is_planned_changed_and_withdrawn, |hub| {
    open(&hub);
    furnish(&hub).await;
    let mut ben = Browser::signed_up(&hub, "ben", "en").await;
    let late = ("publish_at", "2026-06-02T09:00");
    for (at, status) in [
        (("publish_at", ""), 422),
        (("publish_at", "2020-01-01T09:00"), 422),
    ] {
        let fields = sheet(&[("group", "drivers"), ("plan", "1"), at]);
        let refused = ben.send("/new", "/new", &fields).await;
        assert_eq!(refused.status, status);
        assert!(
            refused.text.contains("id=\"wrong-publish_at\""),
            "{}",
            refused.text
        );
    }
    let fields = sheet(&[("group", "drivers"), ("plan", "1"), late]);
    assert_eq!(
        location(&ben.send("/new", "/new", &fields).await),
        "/drafts"
    );
    let list = ben.get("/drafts").await.text;
    let time = "<time datetime=\"2026-06-02T07:00:00Z\">Tuesday, 2 June 2026, 09:00</time>";
    assert!(list.contains(time), "{list}");
    assert!(
        list.contains("<span class=\"zone\">(Europe/Berlin)</span>"),
        "{list}"
    );
    let path = quoted(&list, "href=\"/new?draft=")[0].to_owned();
    let page = ben.get(&format!("/new?draft={path}")).await.text;
    assert!(page.contains("value=\"2026-06-02T09:00\""), "{page}");
    let zone = ben.get("/new").await.text;
    assert!(
        zone.contains("name=\"zone\" value=\"Europe/Berlin\""),
        "{zone}"
    );
    let discard = format!("/drafts/{path}/discard");
    assert_eq!(
        location(&ben.send("/drafts", &discard, &[]).await),
        "/drafts"
    );
    assert!(
        ben.get("/drafts")
            .await
            .text
            .contains("Nothing is planned.")
    );
});

hub_test!(a_preview_shows_what_is_like_it_and_where_it_goes, |hub| {
    open(&hub);
    let (_, post, _) = furnish(&hub).await;
    let mut ben = Browser::signed_up(&hub, "ben", "en").await;
    let fields = sheet(&[
        ("title", "What bit is best?"),
        ("form", "poll"),
        ("options", "PH2\nTorx"),
        ("preview", "1"),
    ]);
    let page = ben.send("/c/drivers/new", "/c/drivers/new", &fields).await;
    sound("/c/drivers/new", &page, "en");
    assert!(
        page.text.contains("<strong>words</strong>"),
        "{}",
        page.text
    );
    assert!(
        page.text.contains("<li dir=\"auto\">Torx</li>"),
        "{}",
        page.text
    );
    assert!(
        page.text.contains(&format!("href=\"/post/{post}\"")),
        "{}",
        page.text
    );
    assert!(
        page.text.contains("Everybody can read this."),
        "{}",
        page.text
    );
    let found = ben.get("/new/similar?title=Which+bit").await;
    assert!(found.text.contains("Which bit?") && !found.text.contains("<html"));
    assert!(
        !ben.get("/new/similar?title=zebra")
            .await
            .text
            .contains("<li")
    );
});

hub_test!(a_question_is_asked_answered_and_open_again, |hub| {
    open(&hub);
    furnish(&hub).await;
    let mut ben = Browser::signed_up(&hub, "ben", "en").await;
    let mut carl = Browser::signed_up(&hub, "carl", "de").await;
    let fields = sheet(&[("form", "question"), ("title", "Which tyre?")]);
    let asked = ben.send("/c/drivers/new", "/c/drivers/new", &fields).await;
    let path = location(&asked).to_owned();
    assert!(carl.get("/questions").await.text.contains("Which tyre?"));
    let answers = format!("{path}/comments");
    let said = carl
        .send(&path, &answers, &[("body", "The round ones.")])
        .await;
    let comment = location(&said)
        .split("#comment-")
        .nth(1)
        .unwrap()
        .to_owned();
    let accept = format!("/comment/{comment}/accept");
    assert!(
        !carl.get(&path).await.text.contains(&accept),
        "not his to choose"
    );
    let refused = carl.send(&path, &accept, &[("chosen", "true")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(ben.get(&path).await.text.contains(&accept));
    location(&ben.send(&path, &accept, &[("chosen", "true")]).await);
    let page = carl.get(&path).await;
    sound(&path, &page, "de");
    let (above, below) = page.text.split_once("id=\"comments\"").unwrap();
    assert!(
        above.contains("The round ones."),
        "right below the question"
    );
    assert!(below.contains("The round ones.") && above.contains("beantwortet"));
    assert!(!carl.get("/questions").await.text.contains("Which tyre?"));
    let here = "/questions?group=drivers&show=answered";
    assert!(carl.get(here).await.text.contains("Which tyre?"));
    let answered = "/questions?show=answered";
    assert!(carl.get(answered).await.text.contains("Which tyre?"));
    assert!(
        carl.get("/notices")
            .await
            .text
            .contains("deine Antwort geholfen hat")
    );
    location(&ben.send(&path, &accept, &[("chosen", "false")]).await);
    assert!(carl.get("/questions").await.text.contains("Which tyre?"));
});

hub_test!(what_a_post_said_before_is_shown_to_its_author, |hub| {
    open(&hub);
    furnish(&hub).await;
    let mut ben = Browser::signed_up(&hub, "ben", "en").await;
    let made = ben
        .send("/c/drivers/new", "/c/drivers/new", &sheet(&[]))
        .await;
    let path = location(&made).to_owned();
    let edit = format!("{path}/edit");
    let change = [
        ("title", "A thing to say"),
        ("body", "Some other words."),
        ("url", ""),
    ];
    location(&ben.send(&edit, &edit, &change).await);
    let history = format!("{path}/history");
    assert!(ben.get(&path).await.text.contains(&history));
    let page = ben.get(&history).await;
    sound(&history, &page, "en");
    assert!(
        page.text.contains("<ins>") && page.text.contains("<del>"),
        "{}",
        page.text
    );
    let mut eve = Browser::signed_up(&hub, "eve", "en").await;
    assert_eq!(eve.get(&history).await.status, StatusCode::FORBIDDEN);
    assert!(!eve.get(&path).await.text.contains(&history));
});

hub_test!(who_edits_a_comment_chooses_its_language, |hub| {
    open(&hub);
    furnish(&hub).await;
    let mut ben = Browser::signed_up(&hub, "ben", "en").await;
    let at = "/c/drivers/new";
    let path = location(&ben.send(at, at, &sheet(&[])).await).to_owned();
    let answers = format!("{path}/comments");
    let said = [("body", "Gut gesagt."), ("language", "fr")];
    let said = ben.send(&path, &answers, &said).await;
    let comment = location(&said)
        .split("#comment-")
        .nth(1)
        .unwrap()
        .to_owned();
    let edit = format!("/comment/{comment}/edit");
    let form = ben.get(&edit).await.text;
    // It stays what it is, though no page is in it, unless another is chosen.
    assert!(form.contains("value=\"fr\" selected"), "{form}");
    let change = [("body", "Gut gesagt!"), ("language", "de")];
    location(&ben.send(&edit, &edit, &change).await);
    let page = ben.get(&path).await.text;
    let shown = "<div class=\"prose\" hx-ignore lang=\"de\" dir=\"auto\"><p>Gut gesagt!</p>";
    assert!(page.contains(shown), "{page}");
});

hub_test!(a_thread_is_read_in_every_order_and_folded, |hub| {
    open(&hub);
    let (_, post, first) = furnish(&hub).await;
    let mut ben = Browser::signed_up(&hub, "ben", "en").await;
    let mut deep = ObjectId::Comment(first);
    let anna = Caller::Member {
        actor: named(&hub, "anna").await,
        role: Role::Member,
    };
    for n in 0..10 {
        let comment = hub.hall.comment(anna, deep, &format!("level {n}")).await;
        deep = ObjectId::Comment(comment);
    }
    let path = format!("/post/{post}");
    for sort in ["best", "new", "old"] {
        let at = format!("{path}?sort={sort}");
        let page = ben.get(&at).await;
        sound(&at, &page, "en");
        let folds = page.text.matches("<details class=\"fold\"").count();
        let summary = page.text.matches("</details>").count();
        assert!(folds > 0 && summary >= folds, "{}", page.text);
        assert!(page.text.contains("Go on reading"), "{}", page.text);
        assert!(!page.text.contains("level 9"), "too deep for one page");
    }
    let focus = format!("{path}?comment={}", deep.number());
    let page = ben.get(&focus).await;
    sound(&focus, &page, "en");
    assert!(page.text.contains("level 9") && page.text.contains("comment focus"));
    assert!(page.text.contains("PH2, always."), "with what it answers");
    assert!(!page.text.contains("of course"), "and nothing beside it");
});

hub_test!(a_member_finds_what_is_new_and_keeps_what_is_good, |hub| {
    open(&hub);
    let (anna, post, first) = furnish(&hub).await;
    let mut ben = Browser::signed_up(&hub, "ben", "en").await;
    let path = format!("/post/{post}");
    assert!(!ben.get(&path).await.text.contains("since you were here"));
    let new = hub
        .hall
        .comment(anna, ObjectId::Comment(first), "News!")
        .await;
    assert!(ben.get("/").await.text.contains("one new"));
    let page = ben.get(&path).await.text;
    assert!(
        page.contains("One new answer since you were here"),
        "{page}"
    );
    assert!(page.contains(&format!("href=\"#comment-{new}\"")), "{page}");
    assert!(!ben.get(&path).await.text.contains("since you were here"));
    assert!(!ben.get("/").await.text.contains("one new"));
    location(
        &ben.send(&path, &format!("{path}/save"), &[("saved", "true")])
            .await,
    );
    let save = format!("/comment/{new}/save");
    location(&ben.send(&path, &save, &[("saved", "true")]).await);
    let page = ben.get("/saved").await;
    sound("/saved", &page, "en");
    assert!(page.text.contains("Which bit?") && page.text.contains("News!"));
    location(&ben.send("/saved", &save, &[("saved", "false")]).await);
    assert!(!ben.get("/saved").await.text.contains("News!"));
    let watch = format!("{path}/watch");
    location(&ben.send(&path, &watch, &[("watch", "followed")]).await);
    assert!(ben.get(&path).await.text.contains("Follow no longer"));
    hub.hall
        .comment(anna, ObjectId::Post(post), "More news!")
        .await;
    let notices = ben.get("/notices").await.text;
    assert!(
        notices.contains("wrote in a thread that you follow"),
        "{notices}"
    );
});

hub_test!(what_was_deleted_is_brought_back_with_one_button, |hub| {
    open(&hub);
    furnish(&hub).await;
    let mut ben = Browser::signed_up(&hub, "ben", "en").await;
    let made = ben
        .send("/c/drivers/new", "/c/drivers/new", &sheet(&[]))
        .await;
    let path = location(&made).to_owned();
    location(&ben.send(&path, &format!("{path}/delete"), &[]).await);
    let page = ben.get(&path).await.text;
    let undo = format!("<form action=\"{path}/restore\"");
    assert!(
        page.contains(&undo) && page.contains(">Undo</button>"),
        "{page}"
    );
    location(&ben.send("/", &format!("{path}/restore"), &[]).await);
    assert_eq!(ben.get(&path).await.status, StatusCode::OK);
    assert!(
        !ben.get(&path).await.text.contains(">Undo</button>"),
        "said once"
    );
});

/// The next words on a line, or nothing when it ends.
async fn heard(body: &mut axum::body::BodyDataStream) -> Option<String> {
    let next = tokio::time::timeout(std::time::Duration::from_secs(20), body.next());
    let bytes = next.await.expect("a word in time")?.unwrap();
    Some(String::from_utf8(bytes.to_vec()).unwrap())
}

async fn line(hub: &Hub, path: &str) -> axum::response::Response {
    let request = Request::get(path).header(header::HOST, "hub.test");
    let request = request.body(Body::empty()).unwrap();
    let router = hub.state.clone().whole();
    router.oneshot(request).await.unwrap()
}

hub_test!(a_reader_is_told_of_news_until_the_hub_closes, |hub| {
    let (anna, post, _) = furnish(&hub).await;
    let path = format!("/post/{post}/live?since=9000000000000000");
    let response = line(&hub, &path).await;
    let kind = response.headers().get(header::CONTENT_TYPE).unwrap();
    assert_eq!(kind, "text/event-stream");
    drop(response);
    let response = line(&hub, &format!("/post/{post}/live?since=1")).await;
    let mut body = response.into_body().into_data_stream();
    let said = heard(&mut body).await.unwrap();
    assert!(said.starts_with("event: thread\ndata: {"), "{said}");
    assert!(
        said.contains("\"count\":3"),
        "what came in between, too: {said}"
    );
    let comment = hub.hall.comment(anna, ObjectId::Post(post), "zebra").await;
    let said = heard(&mut body).await.unwrap();
    assert!(
        said.contains("\"count\":4") && !said.contains("zebra"),
        "{said}"
    );
    assert!(comment.0 > 0);
    hub.state.closing.cancel();
    assert_eq!(heard(&mut body).await, None);
});

hub_test!(places_for_readers_are_bounded_and_come_free_again, |hub| {
    let (_, post, _) = furnish(&hub).await;
    let path = format!("/post/{post}/live");
    let free = u32::try_from(hub.state.lines.available_permits()).unwrap();
    let taken = hub.state.lines.clone().try_acquire_many_owned(free - 1);
    let first = line(&hub, &path).await;
    assert_eq!(first.status(), StatusCode::OK);
    let second = line(&hub, &path).await;
    assert_eq!(second.status(), StatusCode::SERVICE_UNAVAILABLE);
    drop(first);
    assert_eq!(line(&hub, &path).await.status(), StatusCode::OK);
    drop(taken);
    assert_eq!(
        line(&hub, "/post/1/live").await.status(),
        StatusCode::NOT_FOUND
    );
});

hub_test!(r23_h209_a_line_ends_for_who_is_shut_out, |hub| {
    open(&hub);
    let (anna, post, _) = furnish(&hub).await;
    let ben = Browser::signed_up(&hub, "ben", "en").await;
    let cookie = format!("__Host-gh={}", ben.cookies["__Host-gh"]);
    let request = Request::get(format!("/post/{post}/live?since=9000000000000000"))
        .header(header::HOST, "hub.test")
        .header(header::COOKIE, cookie)
        .body(Body::empty());
    let router = hub.state.clone().whole();
    let response = router.oneshot(request.unwrap()).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let mut body = response.into_body().into_data_stream();
    let actor = named(&hub, "ben").await;
    let suspend = crate::operations::account::Suspend { actor };
    hub.hall.run(Caller::System, suspend).await.unwrap();
    hub.hall.comment(anna, ObjectId::Post(post), "zebra").await;
    assert_eq!(heard(&mut body).await, None, "R-23");
});

hub_test!(an_answer_quotes_with_a_form, |hub| {
    open(&hub);
    let (_, post, first) = furnish(&hub).await;
    let (thread, quoted_id) = (
        format!("/post/{post}"),
        format!("https://hub.test/comment/{first}"),
    );
    for (language, says, kind) in [
        ("en", "Your answer quotes", ">Comment</a>"),
        ("de", "Deine Antwort zitiert", ">Kommentar</a>"),
    ] {
        let mut ben = Browser::signed_up(&hub, &format!("ben{language}"), language).await;
        let page = ben.get(&thread).await.text;
        let links = quoted(&page, &format!("href=\"{thread}?quote="));
        assert!(links.len() >= 3, "each comment can be quoted: {page}");
        let form = format!("{thread}?quote={}", links[0].replace("&#x2f;", "/"));
        let asked = ben.get(form.split('#').next().unwrap()).await;
        sound(&form, &asked, language);
        assert!(asked.text.contains(says), "{}", asked.text);
        let fields = [("body", "See that?"), ("quote", quoted_id.as_str())];
        let place = ben
            .send(&thread, &format!("{thread}/comments"), &fields)
            .await;
        let answer = ben.get(location(&place).split('#').next().unwrap()).await;
        sound("the answer", &answer, language);
        let quote = answer.text.split("<blockquote>").nth(1).expect("a quote");
        let quote = quote.split("</blockquote>").next().unwrap();
        assert!(
            quote.contains("PH2, always.") && quote.contains(kind),
            "{quote}"
        );
        let fields = [("body", "And that?"), ("quote", "https://hub.test/post/1")];
        let refused = ben
            .send(&thread, &format!("{thread}/comments"), &fields)
            .await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("And that?"), "nothing typed is lost");
        for odd in [&thread, "/c/drivers/new"] {
            let page = ben.get(&format!("{odd}?quote=javascript:alert(1)")).await;
            sound(odd, &page, language);
            assert!(!page.text.contains("\"javascript:alert"), "{odd}");
        }
    }
});

hub_test!(h187_a_form_that_is_sent_twice_posts_once, |hub| {
    open(&hub);
    let (_, post, _) = furnish(&hub).await;
    let mut ben = Browser::signed_up(&hub, "ben", "en").await;
    let page = ben.get("/c/drivers/new").await.text;
    let once = quoted(&page, "name=\"once\" value=\"")[0].to_owned();
    let fields = sheet(&[("once", &once)]);
    let first = ben.send("/c/drivers/new", "/c/drivers/new", &fields).await;
    let again = ben.send("/c/drivers/new", "/c/drivers/new", &fields).await;
    assert_eq!(location(&first), location(&again), "H187: double submit");
    let other = sheet(&[("once", &once), ("body", "Gone back, and said more.")]);
    let other = ben.send("/c/drivers/new", "/c/drivers/new", &other).await;
    assert_ne!(location(&first), location(&other), "H187: nothing is lost");
    let thread = format!("/post/{post}");
    let page = ben.get(&thread).await.text;
    let once = quoted(&page, "name=\"once\" value=\"")[0].to_owned();
    let fields = [("body", "Torx it is"), ("once", once.as_str())];
    let to = format!("{thread}/comments");
    let first = ben.send(&thread, &to, &fields).await;
    let again = ben.send(&thread, &to, &fields).await;
    assert_eq!(location(&first), location(&again), "H187: a comment");
    let page = ben.get(&thread).await.text;
    assert_eq!(page.matches("Torx it is").count(), 1, "{page}");
});

hub_test!(h188_two_edits_of_one_text_are_both_kept, |hub| {
    open(&hub);
    furnish(&hub).await;
    let mut ben = Browser::signed_up(&hub, "ben", "de").await;
    let made = ben
        .send("/c/drivers/new", "/c/drivers/new", &sheet(&[]))
        .await;
    let edit = format!("{}/edit", location(&made));
    let version = |page: &str| quoted(page, "name=\"version\" value=\"")[0].to_owned();
    let seen = version(&ben.get(&edit).await.text);
    let change = |body, version| {
        [
            ("title", "A thing to say"),
            ("body", body),
            ("url", ""),
            ("version", version),
        ]
    };
    location(&ben.send(&edit, &edit, &change("In one tab.", &seen)).await);
    let late = ben
        .send(&edit, &edit, &change("In another tab.", &seen))
        .await;
    assert_eq!(late.status, StatusCode::CONFLICT, "H188");
    for kept in ["In one tab.", "In another tab.", "Was jetzt dort steht"] {
        assert!(late.text.contains(kept), "H188: {kept} in {}", late.text);
    }
    let now = version(&late.text);
    location(&ben.send(&edit, &edit, &change("Of both.", &now)).await);
    let page = ben.get(&edit).await.text;
    assert!(page.contains("Of both."), "{page}");
});
