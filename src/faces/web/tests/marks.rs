//! Forms that come back whole, what is asked before something goes, and how languages, numbers,
//! times, polls and pictures are shown.

use super::desk::with_role;
use super::*;
use crate::domain::clock::Ts;
use crate::domain::event::{Event, JoinMode};
use crate::domain::post::{Extra, PostKind};
use crate::media::testing::png;
use crate::operations::comment::CreateComment;
use crate::operations::post::CreatePost;
use crate::operations::testing::{answer, text_post};
use crate::settings::Settings;

fn set(hub: &Hub, change: impl FnOnce(&mut Settings)) {
    let mut settings = Settings::clone(&hub.state.settings());
    change(&mut settings);
    hub.state.operations().live.reload(settings).unwrap();
}

/// A picture that is larger than the largest.
fn large() -> Vec<u8> {
    vec![7; 4_097]
}

hub_test!(a_form_with_too_large_a_picture_comes_back_whole, |hub| {
    open(&hub);
    set(&hub, |settings| {
        settings.media.picture_limit = "4KiB".parse().unwrap();
    });
    furnish(&hub).await;
    let mut ben = Browser::signed_up(&hub, "ben", "de").await;
    let (cup, large) = (png(8, 8), large());
    let fields = [
        ("form", "text"),
        ("title", "A pot"),
        ("body", "and a cup"),
        ("alt-1", "Too much"),
        ("alt-2", "A cup"),
    ];
    let files: [(&str, &[u8]); 2] = [("picture-1", &large), ("picture-2", &cup)];
    let form = "/c/drivers/new";
    let back = send_files(&mut ben, form, form, &fields, &files).await;
    assert_eq!(back.status, StatusCode::PAYLOAD_TOO_LARGE, "{}", back.text);
    let said = "Ein Bild hat höchstens 4 KiB. Bitte verkleinere es.";
    for kept in [said, "value=\"A pot\"", "and a cup", "Too much", "A cup"] {
        assert!(back.text.contains(kept), "{kept}: {}", back.text);
    }
    assert!(back.text.contains("name=\"picture-1\""), "{}", back.text);
    assert!(back.text.contains("name=\"kept-2\""), "{}", back.text);
    // So large that it is not read to its end: a page says how large pictures may be.
    let enormous = vec![7; 3 << 20];
    let files: [(&str, &[u8]); 1] = [("picture-1", &enormous)];
    let refused = send_files(&mut ben, form, form, &fields, &files).await;
    assert_eq!(refused.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(refused.text.contains(said), "{}", refused.text);
});

hub_test!(
    too_large_a_picture_of_somebody_is_refused_beside_it,
    |hub| {
        open(&hub);
        set(&hub, |settings| {
            settings.media.picture_limit = "4KiB".parse().unwrap();
        });
        let mut anna = Browser::signed_up(&hub, "anna", "en").await;
        let founder = named(&hub, "anna").await;
        crate::operations::trial::group(&hub.operations, "tea", Some(founder)).await;
        let large = large();
        for (from, to) in [
            ("/settings", "/settings/pictures"),
            ("/c/tea/moderation", "/c/tea/moderation/pictures"),
        ] {
            for (field, bytes) in [("icon", large.as_slice()), ("image", b"no picture")] {
                let back = send_files(&mut anna, from, to, &[], &[(field, bytes)]).await;
                assert!(back.status.is_client_error(), "{to}: {}", back.text);
                let form = format!("action=\"{to}\"");
                assert!(back.text.contains(&form), "{to}: {}", back.text);
                assert!(
                    back.text.contains("id=\"wrong-file\""),
                    "{to}: {}",
                    back.text
                );
            }
            assert!(anna.get(from).await.text.contains("up to 4 KiB"), "{from}");
            assert_eq!(anna.get(to).await.status, StatusCode::OK, "{to}");
        }
    }
);

/// Whether a page asks, in this sentence, before it does what this address does.
fn asks_before(page: &str, address: &str, sentence: &str) -> bool {
    let form = format!("action=\"{address}\"");
    let asked = page.split("<details class=\"open\">").skip(1);
    let mut asked = asked.filter_map(|rest| rest.split("</details>").next());
    page.matches(&form).count() == 1
        && asked.any(|part| part.contains(&form) && part.contains(sentence))
}

hub_test!(what_cannot_be_undone_is_asked_first, |hub| {
    open(&hub);
    let mut ada = with_role(&hub, "ada", Role::Admin).await;
    Browser::signed_up(&hub, "ben", "en").await;
    let message = [("to", "ben"), ("body", "zebra")];
    let sent = ada.send("/messages/new", "/messages/new", &message).await;
    let talk = location(&sent).to_owned();
    for (at, fields) in [
        ("/filters", [("phrase", "zebra"), ("effect", "hide")]),
        ("/rules", [("title", "Be kind"), ("body", "Really.")]),
        (
            "/mod/wordings",
            [("title", "Off topic"), ("body", "Sorry.")],
        ),
        (
            "/admin/announcements",
            [("body", "Closed"), ("audience", "everybody")],
        ),
    ] {
        location(&ada.send(at, at, &fields).await);
    }
    for (at, before, after, sentence) in [
        (
            talk.as_str(),
            "/message/",
            "/delete",
            "cannot be brought back",
        ),
        ("/filters", "/filters/", "/delete", "is shown again"),
        ("/rules", "/rules/", "drop", "cannot be brought back"),
        (
            "/mod/wordings",
            "/mod/wordings/",
            "/drop",
            "for all moderators",
        ),
        (
            "/admin/announcements",
            "/admin/announcements/",
            "/end",
            "cannot be shown again",
        ),
    ] {
        let page = ada.get(at).await.text;
        let number = quoted(&page, &format!("action=\"{before}"));
        let number = number.iter().find_map(|rest| rest.strip_suffix(after));
        let address = format!("{before}{}{after}", number.expect(at));
        assert!(asks_before(&page, &address, sentence), "{at}: {page}");
        let rule = quoted(&page, "name=\"rule\" value=\"").first().copied();
        let fields: Vec<_> = rule.map(|id| ("rule", id)).into_iter().collect();
        location(&ada.send(at, &address, &fields).await);
        let page = ada.get(at).await.text;
        assert!(
            !page.contains(&format!("action=\"{address}\"")),
            "{at}: {page}"
        );
    }
});

hub_test!(a_language_that_is_not_the_pages_is_named, |hub| {
    let (anna, _, first) = furnish(&hub).await;
    let drivers = named(&hub, "drivers").await;
    let new = CreatePost {
        language: Some("pt-BR".to_owned()),
        ..text_post(drivers, "Chave de fenda", "Boa.")
    };
    let post = hub.hall.run(anna, new).await.unwrap();
    let comment = CreateComment {
        language: Some("fr".to_owned()),
        ..answer(ObjectId::Post(post), "Bien.")
    };
    hub.hall.run(anna, comment).await.unwrap();
    let said = CreateComment {
        language: Some("en".to_owned()),
        ..answer(ObjectId::Comment(first), "Really.")
    };
    hub.hall.run(anna, said).await.unwrap();
    for (language, post_in, comment_in) in [
        ("en", "Portuguese", "French"),
        ("de", "Portugiesisch", "Französisch"),
    ] {
        let mut visitor = Browser::new(&hub, language);
        let page = visitor.get(&format!("/post/{post}")).await.text;
        for name in [post_in, comment_in] {
            assert!(page.contains(&format!("</svg>{name}</span>")), "{page}");
        }
        assert!(
            page.contains(" lang=\"pt-BR\" dir=\"auto\"><p>Boa."),
            "{page}"
        );
        assert!(
            page.contains(" lang=\"fr\" dir=\"auto\"><p>Bien."),
            "{page}"
        );
        let list = visitor.get("/c/drivers").await.text;
        assert!(list.contains(&format!("</svg>{post_in}</span>")), "{list}");
        let comments = visitor.get("/u/anna?show=comments").await.text;
        let marked = comments.contains("</svg>Englisch</span>");
        assert_eq!(marked, language == "de", "{comments}");
    }
});

hub_test!(times_say_whose_zone_they_are_in, |hub| {
    let (anna, _, _) = furnish(&hub).await;
    let drivers = named(&hub, "drivers").await;
    let meeting = Event {
        starts_at: Ts::parse("2030-06-01T18:00:00Z").unwrap(),
        ends_at: None,
        timezone: "Europe/Berlin".into(),
        place: Some("Here".into()),
        online_url: None,
        join_mode: JoinMode::Free,
        capacity: None,
        attendees: 0,
    };
    let new = CreatePost {
        kind: PostKind::Event,
        extra: Extra::Event(meeting),
        ..text_post(drivers, "An evening", "Come.")
    };
    let post = hub.hall.run(anna, new).await.unwrap();
    let mut visitor = Browser::new(&hub, "en");
    let own = "<time datetime=\"2030-06-01T18:00:00Z\" data-own>1 June 2030, 18:00 UTC</time>";
    for path in [&format!("/post/{post}"), "/events"] {
        let page = visitor.get(path).await.text;
        assert!(
            page.contains("20:00</time> <span class=\"zone\">(Europe/Berlin)"),
            "{page}"
        );
        let here = format!("data-ahead=\"120\" hidden> · Where you are: {own}");
        assert!(page.contains(&here), "{page}");
    }
    let list = visitor.get("/c/drivers").await.text;
    assert!(list.contains("20:00</time> (Europe/Berlin)"), "{list}");
});

hub_test!(
    a_poll_shows_its_results_to_who_voted_or_asks_for_them,
    |hub| {
        open(&hub);
        furnish(&hub).await;
        let mut ben = Browser::signed_up(&hub, "ben", "en").await;
        let fields = [
            ("form", "poll"),
            ("title", "Which tyre?"),
            ("options", "Winter\nAll-season"),
            ("days", "3"),
        ];
        let made = ben.send("/c/drivers/new", "/c/drivers/new", &fields).await;
        let path = location(&made).to_owned();
        let folded = "<details class=\"fold\"><summary>Show the results so far</summary>\n<ul class=\"results\">";
        let mut visitor = Browser::new(&hub, "en");
        for page in [ben.get(&path).await.text, visitor.get(&path).await.text] {
            assert!(page.contains(folded), "{page}");
            assert_eq!(page.matches("<meter").count(), 2, "{page}");
        }
        let seen = visitor.get(&path).await.text;
        assert!(seen.contains("<li dir=\"auto\">All-season</li>"), "{seen}");
        assert!(seen.contains("Votes count until <time"), "{seen}");
        let vote = format!("{path}/poll");
        location(&ben.send(&path, &vote, &[("choice", "1")]).await);
        let page = ben.get(&path).await.text;
        assert!(
            !page.contains(folded) && page.contains("<ul class=\"results\">"),
            "{page}"
        );
        hub.hall.pass(4 * 24 * 3600);
        let page = visitor.get(&path).await.text;
        assert!(
            !page.contains(folded) && page.contains("<ul class=\"results\">"),
            "{page}"
        );
    }
);

hub_test!(who_signs_up_comes_back_to_where_they_were, |hub| {
    open(&hub);
    furnish(&hub).await;
    let mut ben = Browser::new(&hub, "en");
    let asked = ben.get("/intent/follow?of=/c/drivers").await.text;
    assert!(
        asked.contains("href=\"/sign-up?next=/c/drivers\""),
        "{asked}"
    );
    for handle in ["@drivers@hub.test", "!drivers@hub.test"] {
        let copy = format!("data-copy=\"{handle}\" data-copied=\"");
        assert!(asked.contains(&copy), "{handle}: {asked}");
    }
    let form = "/sign-up?next=/c/drivers%3Fsort%3Dtop";
    let page = ben.get(form).await.text;
    assert!(
        page.contains("href=\"/sign-in?next=%2Fc%2Fdrivers%3Fsort%3Dtop\""),
        "{page}"
    );
    let next = quoted(&page, "name=\"next\" value=\"")[0].to_owned();
    let fields = [
        ("name", "ben"),
        ("email", "ben@example.org"),
        ("password", "short"),
        ("next", next.as_str()),
    ];
    let wrong = ben.send(form, "/sign-up", &fields).await;
    assert!(
        wrong
            .text
            .contains("name=\"next\" value=\"/c/drivers?sort=top\"")
    );
    let fields =
        fields.map(|(name, text)| (name, if name == "password" { PASSWORD } else { text }));
    let joined = ben.send(form, "/sign-up", &fields).await;
    assert_eq!(location(&joined), "/c/drivers?sort=top");
    assert_eq!(location(&ben.get(form).await), "/c/drivers?sort=top");
    // Nobody is led elsewhere, and who has to wait finds the way later.
    set(&hub, |settings| {
        settings.accounts.registration = Registration::Approval;
    });
    let mut eve = Browser::new(&hub, "en");
    for (name, next, to) in [
        ("eve", "//evil.example/", "/sign-in"),
        ("mia", "/groups", "/sign-in?next=%2Fgroups"),
    ] {
        let email = format!("{name}@example.org");
        let fields = [
            ("name", name),
            ("email", &email),
            ("password", PASSWORD),
            ("answer", "Because."),
            ("next", next),
        ];
        assert_eq!(
            location(&eve.send("/sign-up", "/sign-up", &fields).await),
            to
        );
    }
});

hub_test!(words_for_a_picture_are_asked_for_once, |hub| {
    open(&hub);
    let (_, post, _) = furnish(&hub).await;
    let mut ben = Browser::signed_up(&hub, "ben", "de").await;
    let cup = png(20, 40);
    let thread = format!("/post/{post}");
    for (from, to) in [
        ("/c/drivers/new", "/c/drivers/new"),
        (&thread, &format!("{thread}/comments")),
    ] {
        let mut fields = vec![("form", "text"), ("title", ""), ("body", "Look")];
        if from != thread {
            fields = vec![("form", "text"), ("title", "A cup"), ("body", "Look")];
        }
        let files: [(&str, &[u8]); 1] = [("picture-1", &cup)];
        let asked = send_files(&mut ben, from, to, &fields, &files).await;
        assert_eq!(
            asked.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{}",
            asked.text
        );
        assert!(
            asked
                .text
                .contains("Ein Bild hat noch niemand beschrieben."),
            "{}",
            asked.text
        );
        let once = quoted(&asked.text, "name=\"undescribed\" value=\"")[0].to_owned();
        let kept = quoted(&asked.text, "name=\"kept-1\" value=\"")[0].to_owned();
        fields.extend([("undescribed", once.as_str()), ("kept-1", kept.as_str())]);
        if from != thread {
            // Who looks at it first is not asked again, either.
            let mut look = fields.clone();
            look.push(("preview", "1"));
            let shown = send_files(&mut ben, from, to, &look, &[]).await;
            assert!(
                shown.text.contains("name=\"undescribed\""),
                "{}",
                shown.text
            );
        }
        let made = send_files(&mut ben, from, to, &fields, &[]).await;
        let shown = ben.get(location(&made)).await.text;
        assert!(shown.contains("data-blurhash=\""), "{shown}");
    }
    // Whoever describes it is not asked at all.
    let fields = [
        ("form", "text"),
        ("title", "Another"),
        ("body", "Look"),
        ("alt-1", "A cup"),
    ];
    let new = "/c/drivers/new";
    let made = send_files(&mut ben, new, new, &fields, &[("picture-1", &cup)]).await;
    assert!(location(&made).starts_with("/post/"), "{}", made.text);
});

hub_test!(a_comment_that_stands_alone_says_in_which_thread, |hub| {
    let (anna, post, comment) = furnish(&hub).await;
    let mut ben = Browser::signed_up(&hub, "ben", "en").await;
    let save = [("saved", "true")];
    let (thread, to) = (format!("/post/{post}"), format!("/comment/{comment}/save"));
    ben.send(&thread, &to, &save).await;
    let line = format!("in <a href=\"/post/{post}\" dir=\"auto\">Which bit?");
    let name = hub
        .hall
        .read(move |db| crate::views::actor::find(db, anna.actor().unwrap()))
        .await
        .unwrap()
        .name;
    for path in [
        format!("/u/{name}?show=comments"),
        "/saved".to_owned(),
        "/search?q=always&tab=comments".to_owned(),
    ] {
        let page = ben.get(&path).await.text;
        assert!(page.contains(&line), "{path}: {page}");
    }
});
