//! Names that are offered while they are written, the comments' menu, and what of the home page is
//! open.

use super::*;
use crate::operations::group::CreateGroup;
use crate::operations::trial;

/// What somebody is offered who typed this.
async fn offered(browser: &mut Browser<'_>, typed: &str) -> Vec<String> {
    offered_in(browser, typed, "").await
}

/// The same with more in the address.
async fn offered_in(browser: &mut Browser<'_>, typed: &str, more: &str) -> Vec<String> {
    let start: String = url::form_urlencoded::byte_serialize(typed.as_bytes()).collect();
    let answer = browser.get(&format!("/names?q={start}{more}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let written = quoted(&answer.text, "data-written=\"");
    assert_eq!(
        written.len(),
        answer.text.matches("role=\"option\"").count(),
        "{}",
        answer.text
    );
    written.into_iter().map(str::to_owned).collect()
}

hub_test!(
    members_are_offered_names_in_the_form_that_mentions_them,
    |hub| {
        open(&hub);
        furnish(&hub).await;
        hub.hall.remote("anneke@other.test").await;
        let mut ben = Browser::signed_up(&hub, "ben", "en").await;
        assert_eq!(
            offered(&mut ben, "@an").await,
            ["@anna", "@anneke@other.test"]
        );
        assert_eq!(offered(&mut ben, "!dri").await, ["!drivers@hub.test"]);
        for nothing in ["@", "!", "@nobody", "", "@%", "@\0"] {
            assert_eq!(offered(&mut ben, nothing).await, [""; 0], "{nothing}");
        }
        let mut visitor = Browser::new(&hub, "en");
        let answer = visitor.get("/names?q=%40an").await;
        assert!(location(&answer).starts_with("/sign-in"), "members alone");
    }
);

hub_test!(who_wrote_in_the_thread_is_offered_before_others, |hub| {
    open(&hub);
    let (anna, post, _) = furnish(&hub).await;
    let den = CreateGroup {
        name: "den".to_owned(),
        title: "The den".to_owned(),
        summary: String::new(),
        owner: anna.actor(),
        posting_restricted: false,
        private: true,
        keys: trial::keys(),
    };
    let den = hub.hall.run(Caller::System, den).await.unwrap();
    let secret = hub.hall.post(anna, den, "Which key?").await;
    hub.hall.person("anabel").await;
    let anneke = hub.hall.remote("anneke@other.test").await;
    hub.hall
        .comment(anneke, ObjectId::Post(post), "Both.")
        .await;
    let mut ben = Browser::signed_up(&hub, "ben", "en").await;
    let page = ben.get(&format!("/post/{post}")).await.text;
    assert!(page.contains(&format!("data-thread=\"{post}\"")), "{page}");
    let usual = ["@anabel", "@anna", "@anneke@other.test"];
    let first = ["@anneke@other.test", "@anna", "@anabel"];
    assert_eq!(offered(&mut ben, "@an").await, usual);
    for (typed, thread, names) in [
        ("@an", post.0, &first[..]),
        ("@ann", post.0, &first[..2]),
        ("@an", post.0 + 1000, &usual),
        ("@an", secret.0, &usual),
        ("!dri", post.0, &["!drivers@hub.test"]),
    ] {
        let found = offered_in(&mut ben, typed, &format!("&post={thread}")).await;
        assert_eq!(found, names, "{typed} in {thread}");
    }
});

hub_test!(every_field_for_prose_offers_names_to_members, |hub| {
    open(&hub);
    let (_, post, _) = furnish(&hub).await;
    let mut ben = Browser::signed_up(&hub, "ben", "en").await;
    let wrote = ben
        .send(
            "/messages/new",
            "/messages/new",
            &[("to", "@anna "), ("body", "Hi @anna")],
        )
        .await;
    let talk = location(&wrote).to_owned();
    for (path, fields) in [
        (format!("/post/{post}"), 4),
        ("/c/drivers/new".to_owned(), 1),
        ("/messages/new".to_owned(), 2),
        (talk.split('#').next().unwrap_or_default().to_owned(), 1),
    ] {
        let page = ben.get(&path).await.text;
        let found = page.matches("<text-expander keys=").count();
        assert_eq!(found, fields, "{path}: {page}");
    }
    let mut visitor = Browser::new(&hub, "en");
    let page = visitor.get(&format!("/post/{post}")).await.text;
    assert!(!page.contains("names.js"), "visitors write nothing");
});

hub_test!(what_is_seldom_done_to_a_comment_stands_in_its_menu, |hub| {
    open(&hub);
    let (_, post, comment) = furnish(&hub).await;
    let mut ben = Browser::signed_up(&hub, "ben", "en").await;
    let page = ben.get(&format!("/post/{post}")).await.text;
    let whole = page
        .split(&format!("id=\"comment-{comment}\""))
        .nth(1)
        .and_then(|rest| rest.split("</article>").next())
        .unwrap();
    let (row, menu) = whole.split_once("<details class=\"rest\">").unwrap();
    for seen in ["/vote\"", "/answers\""] {
        assert!(row.contains(&format!("/comment/{comment}{seen}")), "{row}");
    }
    for folded in ["/save\"", "/report\""] {
        assert!(
            menu.contains(&format!("/comment/{comment}{folded}")),
            "{menu}"
        );
        assert!(!row.contains(folded), "{row}");
    }
    assert!(menu.contains("?quote="), "{menu}");
    assert!(!menu.contains("/lock\""), "moderators alone");
    let mut visitor = Browser::new(&hub, "en");
    let page = visitor.get(&format!("/post/{post}")).await.text;
    assert!(!page.contains("class=\"rest\""), "{page}");
});

hub_test!(
    the_home_page_shows_members_what_waits_for_an_answer,
    |hub| {
        open(&hub);
        furnish(&hub).await;
        let mut ben = Browser::signed_up(&hub, "ben", "en").await;
        let none = ben.get("/?in=unanswered").await.text;
        assert!(none.contains("Every question has an answer."), "{none}");
        let ask = [
            ("form", "question"),
            ("group", "drivers"),
            ("title", "Which glue?"),
            ("body", "For wood."),
        ];
        location(&ben.send("/c/drivers/new", "/c/drivers/new", &ask).await);
        let page = ben.get("/?in=unanswered").await.text;
        assert!(page.contains("Which glue?"), "{page}");
        assert!(!page.contains("Which bit?"), "it is no question");
        assert!(page.contains("href=\"/?in=unanswered\" aria-current=\"page\""));
        assert!(!page.contains("sort=top"), "it has an order of its own");
        let mut visitor = Browser::new(&hub, "en");
        let page = visitor.get("/?in=unanswered").await.text;
        assert!(page.contains("Which bit?"), "visitors see all");
    }
);

hub_test!(who_asked_to_join_looks_for_the_answer, |hub| {
    open(&hub);
    hub.hall.remote_group("bikes@other.test").await;
    let mut ben = Browser::signed_up(&hub, "ben", "en").await;
    let page = "/c/bikes@other.test";
    assert!(
        !ben.get(page).await.text.contains("awaits.js"),
        "nobody asked"
    );
    location(&ben.send(page, &format!("{page}/join"), &[]).await);
    let waits = ben.get(page).await.text;
    assert!(waits.contains("data-membership=\"asked\""), "{waits}");
    assert!(waits.contains("/awaits.js\""), "{waits}");
    let again = format!("<a href=\"{page}\">Look again</a>");
    assert!(waits.contains(&again), "without scripts: {waits}");
});

hub_test!(a_group_says_to_those_who_are_in_that_they_are, |hub| {
    open(&hub);
    furnish(&hub).await;
    let mut ben = Browser::signed_up(&hub, "ben", "de").await;
    let before = ben.get("/c/drivers").await.text;
    assert!(!before.contains("Du bist dabei"), "{before}");
    location(&ben.send("/c/drivers", "/c/drivers/join", &[]).await);
    let after = ben.get("/c/drivers").await.text;
    assert!(after.contains("Du bist dabei"), "{after}");
    assert!(after.contains("„Ich folge“"), "{after}");
});
