//! The desk of moderators with forms alone: the queue, claims, rules, removals; announcements and
//! deliveries.

use super::*;

/// Somebody of this name who is signed in and has a role on the hub.
pub(super) async fn with_role<'a>(hub: &'a Hub, name: &str, role: Role) -> Browser<'a> {
    let browser = Browser::signed_up(hub, name, "en").await;
    let actor = named(hub, name).await;
    hub.hall
        .run(Caller::System, SetRole { actor, role })
        .await
        .unwrap();
    browser
}

hub_test!(what_waits_is_claimed_and_decided_on_one_page, |hub| {
    open(&hub);
    let (_, post, _) = furnish(&hub).await;
    let mut eve = Browser::signed_up(&hub, "eve", "en").await;
    assert_eq!(eve.get("/mod").await.status, StatusCode::FORBIDDEN);
    assert!(!eve.get("/").await.text.contains("href=\"/mod\""));
    let at = format!("/post/{post}/report");
    location(&eve.send(&at, &at, &[("reason", "too hot")]).await);
    let mut ben = moderator(&hub, "ben", "en").await;
    let mut boss = with_role(&hub, "boss", Role::Moderator).await;
    for browser in [&mut ben, &mut boss] {
        let page = browser.get("/mod").await;
        sound("/mod", &page, "en");
        assert!(page.text.contains("too hot"), "{}", page.text);
        assert!(browser.get("/").await.text.contains("href=\"/mod\""));
    }
    let page = ben.get("/mod?group=drivers").await;
    let task = quoted(&page.text, "name=\"task\" value=\"")[0].to_owned();
    let here = "/mod?group=drivers";
    let claim = [("task", &*task), ("next", here)];
    assert_eq!(location(&ben.send(here, "/mod/claim", &claim).await), here);
    assert!(ben.get(here).await.text.contains("You look at it"));
    assert!(boss.get("/mod").await.text.contains("ben looks at it"));
    location(&ben.send(here, "/mod/release", &claim).await);
    assert!(!boss.get("/mod").await.text.contains("looks at it"));
    let flag = task.trim_start_matches("report-");
    location(&boss.send("/mod", "/reports", &[("flag", flag)]).await);
    let done = ben.get("/mod").await.text;
    assert!(done.contains("Nothing waits."), "{done}");
    let other = ben.get("/mod?group=none").await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
});

hub_test!(a_removal_cites_a_rule_and_tells_the_author, |hub| {
    open(&hub);
    furnish(&hub).await;
    let mut ben = moderator(&hub, "ben", "en").await;
    let rules = "/c/drivers/rules";
    let rule = [
        ("title", "No adverts"),
        ("body", "Not even <b>small</b> ones."),
    ];
    assert_eq!(location(&ben.send(rules, rules, &rule).await), rules);
    let wrong = ben.send(rules, rules, &[("title", " ")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let mut visitor = Browser::new(&hub, "de");
    let about = visitor.get("/c/drivers/about").await;
    sound("/c/drivers/about", &about, "de");
    assert!(about.text.contains("No adverts") && about.text.contains("&lt;b&gt;small"));
    assert_eq!(ben.get("/rules").await.status, StatusCode::FORBIDDEN);
    let mut boss = with_role(&hub, "boss", Role::Moderator).await;
    let hub_rule = [("title", "Be kind"), ("body", "")];
    assert_eq!(
        location(&boss.send("/rules", "/rules", &hub_rule).await),
        "/rules"
    );
    assert!(visitor.get("/about").await.text.contains("Be kind"));
    let kept = [("title", "Adverts"), ("body", "Please stop that.")];
    location(&boss.send("/mod/wordings", "/mod/wordings", &kept).await);
    sound("/mod/wordings", &boss.get("/mod/wordings").await, "en");
    let mut eve = Browser::signed_up(&hub, "eve", "en").await;
    let post = [("title", "Buy now"), ("body", "x"), ("url", "")];
    let made = eve.send("/c/drivers/new", "/c/drivers/new", &post).await;
    let path = location(&made).to_owned();
    let remove = format!("{path}/remove");
    assert_eq!(eve.get(&remove).await.status, StatusCode::FORBIDDEN);
    let form = ben.get(&remove).await;
    sound(&remove, &form, "en");
    assert!(form.text.contains("§ 1 No adverts") && form.text.contains("§ 1 Be kind"));
    let choice = quoted(&form.text, "<option value=\"");
    let (rule, wording) = (choice[1].to_owned(), choice[choice.len() - 1].to_owned());
    let insert = [
        ("insert", "on"),
        ("wording", &*wording),
        ("rule", &*rule),
        ("message", "Hi!"),
    ];
    let again = ben.send(&remove, &remove, &insert).await;
    sound(&remove, &again, "en");
    assert!(
        again.text.contains("Hi!\n\nPlease stop that.</textarea>"),
        "{}",
        again.text
    );
    assert!(again.text.contains(&format!("value=\"{rule}\" selected")));
    let send = [
        ("rule", &*rule),
        ("reason", "again"),
        ("message", "Please stop that."),
    ];
    assert_eq!(location(&ben.send(&remove, &remove, &send).await), path);
    assert_eq!(visitor.get(&path).await.status, StatusCode::GONE);
    let log = visitor.get("/c/drivers/log").await.text;
    assert!(log.contains("§ 1 No adverts – again"), "{log}");
    assert!(!log.contains("Please stop"), "{log}");
    let letters = eve.get("/messages").await.text;
    assert!(
        letters.contains("/messages/"),
        "the author is told: {letters}"
    );
});

hub_test!(
    an_announcement_stands_on_every_page_until_it_is_read,
    |hub| {
        open(&hub);
        furnish(&hub).await;
        let mut ada = with_role(&hub, "ada", Role::Admin).await;
        let at = "/admin/announcements";
        let mut eve = Browser::signed_up(&hub, "eve", "en").await;
        assert_eq!(eve.get(at).await.status, StatusCode::FORBIDDEN);
        let wrong = ada
            .send(at, at, &[("body", "x"), ("ends_at", "soon")])
            .await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let tell = [
            ("body", "Closed at **noon** <script>"),
            ("audience", "everybody"),
        ];
        assert_eq!(location(&ada.send(at, at, &tell).await), at);
        let page = ada.get(at).await;
        sound(at, &page, "en");
        let mut visitor = Browser::new(&hub, "de");
        let home = visitor.get("/").await;
        sound("/", &home, "de");
        assert!(home.text.contains("<strong>noon</strong>"), "{}", home.text);
        assert!(!home.text.contains("at <strong>noon</strong> <script>"));
        let dismiss = quoted(&home.text, "action=\"/announcements/")[0];
        let dismiss = format!("/announcements/{dismiss}");
        for browser in [&mut visitor, &mut eve] {
            assert!(browser.get("/groups").await.text.contains("<strong>noon"));
            let read = browser.post(&dismiss, "", &[("next", "/groups")]).await;
            assert_eq!(location(&read), "/groups");
            assert!(!browser.get("/groups").await.text.contains("<strong>noon"));
        }
        let end = dismiss
            .replace("/announcements", at)
            .replace("dismiss", "end");
        let mut other = Browser::new(&hub, "en");
        assert!(other.get("/groups").await.text.contains("<strong>noon"));
        location(&ada.send(at, &end, &[]).await);
        assert!(!other.get("/groups").await.text.contains("<strong>noon"));
    }
);

hub_test!(an_admin_steers_deliveries_on_the_page_of_a_server, |hub| {
    open(&hub);
    hub.hall.remote("mia@peer.test").await;
    let mut ada = with_role(&hub, "ada", Role::Admin).await;
    let at = "/servers/peer.test";
    sound(at, &ada.get(at).await, "en");
    for (steering, shown) in [
        ("pause", "Paused by an admin"),
        ("resume", "Try again now"),
        ("retry", "It is tried again."),
    ] {
        let sent = ada.send(at, at, &[("steering", steering)]).await;
        assert_eq!(location(&sent), at);
        let page = ada.get(at).await;
        sound(at, &page, "en");
        assert!(page.text.contains(shown), "{}", page.text);
    }
    let log = Browser::new(&hub, "en").get("/log").await.text;
    for line in [
        "Paused deliveries",
        "Resumed deliveries",
        "Tried a server again",
    ] {
        assert!(log.contains(line), "{log}");
    }
    let unknown = ada
        .post("/servers/none.test", "", &[("steering", "pause")])
        .await;
    assert_eq!(unknown.status, StatusCode::FORBIDDEN, "no token");
});

hub_test!(who_runs_the_hub_is_shown_the_first_steps, |hub| {
    open(&hub);
    let mut ada = with_role(&hub, "ada", Role::Admin).await;
    let found = "<a href=\"/groups/new\">Found a group</a>";
    let home = ada.get("/").await.text;
    assert!(home.contains(found), "{home}");
    assert!(home.contains("<a href=\"/invitations\">"), "{home}");
    furnish(&hub).await;
    let home = ada.get("/").await.text;
    assert!(!home.contains(found), "{home}");
    assert!(home.contains("<span>Found a group"), "{home}");
    let mut ben = Browser::signed_up(&hub, "ben", "en").await;
    let home = ben.get("/").await.text;
    assert!(home.contains("Join a group"), "{home}");
    assert!(!home.contains("Found a group"), "{home}");
});
