//! What members do with their own account: take everything along, leave and stay, their look, their
//! notices and messages; and the list of the hub's people.

use super::*;
use crate::faces::web::export::read_archive;
use crate::operations::trial::wait;

/// Deletes accounts at once.
pub(super) fn without_delay(hub: &Hub) {
    let mut settings = (*hub.state.settings()).clone();
    settings.accounts.deletion_delay = "0s".parse().unwrap();
    hub.state.operations().live.reload(settings).unwrap();
}

/// The archive that somebody downloads with this password.
async fn download(browser: &mut Browser<'_>, hub: &Hub, password: &str) -> (StatusCode, Vec<u8>) {
    let page = browser.get("/settings/export").await;
    let token = quoted(&page.text, "name=\"csrf\" value=\"")[0].to_owned();
    let cookies: Vec<_> = browser
        .cookies
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let mut body = url::form_urlencoded::Serializer::new(String::new());
    body.append_pair("csrf", &token);
    body.append_pair("export_password", password);
    let request = Request::post("/settings/export")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::HOST, "hub.test")
        .header(header::COOKIE, cookies.join("; "))
        .body(Body::from(body.finish()))
        .unwrap();
    let (status, headers, bytes) = hub.file(request).await;
    if status == StatusCode::OK {
        assert_eq!(headers[header::CONTENT_TYPE], "application/zip");
        assert_eq!(headers[header::CACHE_CONTROL], "private, no-store");
        let name = headers[header::CONTENT_DISPOSITION].to_str().unwrap();
        assert!(name.starts_with("attachment; filename=\"ben-"), "{name}");
    }
    (status, bytes)
}

/// Ben, who did a little of everything.
async fn busy(hub: &Hub) -> Browser<'_> {
    open(hub);
    let (_, post, comment) = furnish(hub).await;
    let mut ben = Browser::signed_up(hub, "ben", "en").await;
    let thread = format!("/post/{post}");
    for (from, to, fields) in [
        ("/c/drivers", "/c/drivers/join".to_owned(), vec![]),
        (&thread, format!("{thread}/vote"), vec![("value", "1")]),
        (&thread, format!("{thread}/save"), vec![("saved", "true")]),
        (
            &thread,
            format!("/comment/{comment}/answers"),
            vec![("body", "Really, \"quoted\", ünd schön.")],
        ),
        (
            "/messages/new",
            "/messages/new".to_owned(),
            vec![("to", "anna"), ("body", "A secret for anna.")],
        ),
        (
            "/c/drivers/new",
            "/c/drivers/new".to_owned(),
            vec![("title", "My bits"), ("body", "All of **them**.")],
        ),
        (
            "/filters",
            "/filters".to_owned(),
            vec![("phrase", "spoiler"), ("effect", "hide")],
        ),
    ] {
        let answer = ben.send(from, &to, &fields).await;
        assert_eq!(
            answer.status,
            StatusCode::SEE_OTHER,
            "{to}: {}",
            answer.text
        );
    }
    ben
}

hub_test!(all_that_somebody_wrote_is_in_the_archive, |hub| {
    let mut ben = busy(&hub).await;
    let (status, _) = download(&mut ben, &hub, "wrong wrong wrong").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let (status, archive) = download(&mut ben, &hub, PASSWORD).await;
    assert_eq!(status, StatusCode::OK);
    let files = read_archive(&archive);
    for (name, part) in [
        ("profile.json", "\"email\":\"ben@example.org\""),
        ("outbox.json", "All of **them**."),
        ("outbox.json", "ünd schön."),
        ("posts.json", "\"title\":\"My bits\""),
        ("comments.json", "\\\"quoted\\\""),
        ("messages.json", "A secret for anna."),
        ("votes.json", "\"value\":1"),
        ("saved.json", "/post/"),
        ("follows.json", "drivers@hub.test"),
        ("following_accounts.csv", "drivers@hub.test,true,false,\n"),
        ("filters.json", "spoiler"),
    ] {
        let (_, bytes) = files.iter().find(|(found, _)| found == name).unwrap();
        let text = String::from_utf8(bytes.clone()).unwrap();
        assert!(text.contains(part), "{name}: {text}");
    }
    for (name, bytes) in &files {
        if name.split('.').next_back() == Some("json") {
            let read = serde_json::from_slice::<serde_json::Value>(bytes);
            assert!(read.is_ok(), "{name}: {}", String::from_utf8_lossy(bytes));
        }
        let text = String::from_utf8_lossy(bytes);
        assert!(!text.contains("PH2, always."), "{name} is ben's alone");
    }
});

hub_test!(
    an_archive_is_made_a_few_times_an_hour_for_its_owner,
    |hub| {
        open(&hub);
        let mut settings = (*hub.state.settings()).clone();
        settings.limits.exports = "2/1h".parse().unwrap();
        hub.state.operations().live.reload(settings).unwrap();
        let mut ben = Browser::signed_up(&hub, "ben", "en").await;
        for status in [200, 200, 429] {
            assert_eq!(download(&mut ben, &hub, PASSWORD).await.0, status);
        }
        let page = ben.get("/settings/export").await;
        sound("/settings/export", &page, "en");
        let page = page.text;
        assert!(page.contains("It is complete."), "{page}");
        assert!(page.contains("Made: 17 of 17 parts; sent: "), "{page}");
        let mut mia = Browser::signed_up(&hub, "mia", "en").await;
        let page = mia.get("/settings/export").await.text;
        assert!(!page.contains("id=\"export-progress\""), "{page}");
        let mut visitor = Browser::new(&hub, "en");
        let answer = visitor.get("/settings/export").await;
        assert_eq!(location(&answer), "/sign-in?next=%2Fsettings%2Fexport");
    }
);

hub_test!(who_leaves_is_asked_at_the_door_whether_to_stay, |hub| {
    open(&hub);
    furnish(&hub).await;
    let mut ben = Browser::signed_up(&hub, "ben", "de").await;
    let page = ben.get("/settings/account").await.text;
    assert!(page.contains("Das geschieht nach 7 Tagen."), "{page}");
    let leave = [("leave_password", PASSWORD), ("words", "keep")];
    let answer = ben.send("/settings", "/settings/delete", &leave).await;
    assert_eq!(location(&answer), "/");
    assert!(!ben.get("/").await.text.contains("/sign-out"), "signed out");
    assert_eq!(ben.get("/u/ben").await.status, StatusCode::OK, "not gone");
    let fields = [("name", "ben"), ("password", PASSWORD), ("next", "/groups")];
    let answer = ben.send("/sign-in", "/sign-in", &fields).await;
    assert_eq!(location(&answer), "/settings/leaving");
    let page = ben.get("/settings/leaving").await;
    sound("/settings/leaving", &page, "de");
    assert!(page.text.contains("gelöschtes Konto"), "{}", page.text);
    let account = ben.get("/settings/account").await.text;
    assert!(account.contains("/settings/leaving"), "{account}");
    let answer = ben
        .send("/settings/leaving", "/settings/leaving/keep", &[])
        .await;
    assert_eq!(location(&answer), "/");
    let answer = ben.get("/settings/leaving").await;
    assert_eq!(location(&answer), "/settings/account");
    ben.send("/settings", "/sign-out", &[]).await;
    let answer = ben.send("/sign-in", "/sign-in", &fields).await;
    assert_eq!(location(&answer), "/groups");
});

hub_test!(a_look_comes_along_to_another_browser, |hub| {
    open(&hub);
    let mut ben = Browser::signed_up(&hub, "ben", "en").await;
    let look = [("theme", "dark"), ("density", "compact")];
    location(&ben.send("/settings", "/look", &look).await);
    let mut elsewhere = Browser::new(&hub, "en");
    let fields = [("name", "ben"), ("password", PASSWORD)];
    location(&elsewhere.send("/sign-in", "/sign-in", &fields).await);
    let page = elsewhere.get("/settings").await.text;
    assert!(page.contains("data-theme=\"dark\" data-density=\"compact\""));
    elsewhere.send("/settings", "/sign-out", &[]).await;
    let page = elsewhere.get("/").await.text;
    assert!(page.contains("data-theme=\"auto\""), "it is the account's");
});

hub_test!(notices_come_in_lines_and_are_unread_again, |hub| {
    open(&hub);
    let mut ben = Browser::signed_up(&hub, "ben", "en").await;
    let (anna, ..) = furnish(&hub).await;
    let carl = hub.hall.person("carl").await;
    let new = [("title", "Who knows?"), ("body", "I do not.")];
    let answer = ben.send("/c/drivers/new", "/c/drivers/new", &new).await;
    let post: i64 = location(&answer)
        .trim_start_matches("/post/")
        .parse()
        .unwrap();
    let post = ObjectId::Post(PostId(post));
    for (author, text) in [(anna, "I."), (carl, "Me too."), (anna, "No, I.")] {
        hub.hall.comment(author, post, text).await;
    }
    let page = ben.get("/notices").await;
    sound("/notices", &page, "en");
    for part in ["Today", "and one other", "answered you", "3 times"] {
        assert!(page.text.contains(part), "{part}: {}", page.text);
    }
    let mentions = ben.get("/notices?show=mentions").await.text;
    assert!(mentions.contains("Nothing of this sort."), "{mentions}");
    let news = async |ben: &mut Browser<'_>| {
        let answer = ben.get("/news").await.text;
        let places = quoted(&answer, "data-unread=\"").join(" ");
        let counts = quoted(&answer, "data-count=\"").join(" ");
        (places, counts)
    };
    let places = "/notices /messages".to_owned();
    assert_eq!(news(&mut ben).await, (places.clone(), "3 0".to_owned()));
    let ids = quoted(&page.text, "name=\"ids\" value=\"")[0].to_owned();
    assert_eq!(ids.split(',').count(), 3);
    let answer = ben
        .send("/notices", "/notices/read", &[("ids", &ids)])
        .await;
    assert_eq!(location(&answer), "/notices");
    assert_eq!(news(&mut ben).await, (places, "0 0".to_owned()));
    let page = ben.get("/notices").await.text;
    assert!(!page.contains("name=\"ids\""), "{page}");
    let undo = quoted(&page, "<form action=\"/notices/")[0].to_owned();
    assert!(undo.ends_with("/unread"), "{undo}");
    let back = format!("/notices/{undo}");
    location(&ben.send("/notices", &back, &[]).await);
    assert!(ben.get("/notices").await.text.contains("name=\"ids\""));
});

hub_test!(a_conversation_stands_beside_the_list_of_all, |hub| {
    open(&hub);
    furnish(&hub).await;
    let mut ben = Browser::signed_up(&hub, "ben", "en").await;
    hub.hall.person("carl").await;
    let mut at = String::new();
    for (to, body) in [("carl", "Hello, carl."), ("anna", "Hello, anna.")] {
        let fields = [("to", to), ("body", body)];
        let answer = ben.send("/messages/new", "/messages/new", &fields).await;
        location(&answer).clone_into(&mut at);
    }
    let page = ben.get(&at).await;
    sound(&at, &page, "en");
    assert!(page.text.contains("Hello, carl."), "the other beside it");
    let current = format!("href=\"{at}\" aria-current=\"page\"");
    assert!(page.text.contains(&current), "{}", page.text);
    ben.send(&at, &at, &[("body", "And a second word.")]).await;
    let page = ben.get(&at).await.text;
    let places: Vec<_> = ["<p>Hello, anna.", "<p>And a second word.", "<textarea"]
        .iter()
        .map(|words| page.find(words))
        .collect();
    assert!(
        places.iter().all(Option::is_some) && places.is_sorted(),
        "one writes below what was said last: {places:?}"
    );
});

hub_test!(the_people_of_the_hub_are_found_and_sorted, |hub| {
    open(&hub);
    let mut ben = Browser::signed_up(&hub, "ben", "en").await;
    let appoint = SetRole {
        actor: named(&hub, "ben").await,
        role: Role::Moderator,
    };
    let operations = hub.state.operations();
    operations.run(Caller::System, appoint).await.unwrap();
    for name in ["carla", "dora"] {
        Browser::signed_up(&hub, name, "en").await;
    }
    let rows = async |ben: &mut Browser<'_>, path: &str| {
        let page = ben.get(path).await;
        sound(path, &page, "en");
        ["ben", "carla", "dora"].map(|name| page.text.contains(&format!("{name}@example.org")))
    };
    for (path, shown) in [
        ("/people", [true, true, true]),
        ("/people?q=CARL", [false, true, false]),
        ("/people?q=dora%40example", [false, false, true]),
        ("/people?q=%25", [false, false, false]),
        ("/people?show=moderators", [true, false, false]),
        ("/people?show=suspended", [false, false, false]),
        ("/people?show=waiting", [false, false, false]),
    ] {
        assert_eq!(rows(&mut ben, path).await, shown, "{path}");
    }
    let out = [("person", "dora"), ("next", "/people?q=dora")];
    let answer = ben.send("/people", "/people/suspend", &out).await;
    assert_eq!(location(&answer), "/people?q=dora");
    let path = "/people?show=suspended";
    assert_eq!(rows(&mut ben, path).await, [false, false, true]);
});

hub_test!(related_threads_stand_at_the_foot_of_a_thread, |hub| {
    let (anna, post, _) = furnish(&hub).await;
    let tea = hub.hall.group("tea", anna).await;
    hub.hall.post(anna, tea, "Another bit of news").await;
    hub.hall.post(anna, tea, "Nothing like it").await;
    wait(&hub.operations, 60);
    let mut visitor = Browser::new(&hub, "en");
    let page = visitor.get(&format!("/post/{post}")).await;
    sound("a thread", &page, "en");
    let (_, foot) = page
        .text
        .split_once("id=\"related-heading\"")
        .expect("some");
    assert!(foot.contains("Another bit of news"), "{foot}");
    assert!(!foot.contains("Nothing like it"), "{foot}");
});

hub_test!(a_member_says_what_they_hear_of_a_group, |hub| {
    open(&hub);
    furnish(&hub).await;
    let mut ben = Browser::signed_up(&hub, "ben", "en").await;
    let (group, settings) = ("/c/drivers", "/settings/notifications");
    let label = "What you hear of it";
    assert!(!ben.get(group).await.text.contains(label), "not joined");
    let set = [("level", "all")];
    assert_eq!(
        location(&ben.send(group, "/c/drivers/news", &set).await),
        "/"
    );
    assert!(!ben.get(group).await.text.contains(label), "not joined");
    let odd = ben
        .send(group, "/c/drivers/news", &[("level", "odd")])
        .await;
    assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", odd.text);
    ben.send(group, "/c/drivers/join", &[]).await;
    let pressed = |text: &str| {
        let at = "\" aria-pressed=\"true\"";
        let before = text.split(at).next().unwrap_or_default();
        before.rsplit('"').next().unwrap_or_default().to_owned()
    };
    let page = ben.get(group).await.text;
    assert!(page.contains(label), "{page}");
    assert_eq!(pressed(&page), "own", "{page}");
    ben.send(group, "/c/drivers/news", &[("level", "all")])
        .await;
    assert_eq!(pressed(&ben.get(group).await.text), "all");
    let list = ben.get(settings).await.text;
    assert!(
        list.contains("<option value=\"all\" selected>All new threads"),
        "{list}"
    );
    let field = quoted(&list, "name=\"level_")[0].to_owned();
    let field = format!("level_{field}");
    let to = "/settings/notifications/groups";
    let sent = ben.send(settings, to, &[(&field, "nothing")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    assert_eq!(pressed(&ben.get(group).await.text), "nothing");
    let home = ben.get("/?in=joined").await.text;
    assert!(!home.contains("Which bit?"), "{home}");
    assert!(ben.get(group).await.text.contains("Which bit?"));
});
