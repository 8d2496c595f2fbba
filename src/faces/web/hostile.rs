//! Hostile forms and sessions (security.md 3.6), and the forms with which admins defend the hub.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use http::HeaderValue;
use url::Url;

use super::tests::{Browser, PASSWORD, furnish, location, named, open, quoted};
use crate::domain::actor::ActorKind;
use crate::domain::caller::Caller;
use crate::domain::membership::Role;
use crate::faces::shared::testing::{Answer, Hub, hub_test};
use crate::operations::account::{SetRole, Suspend};
use crate::operations::trial;
use crate::settings::Settings;

const SESSION: &str = "__Host-gh";
const FORM: &str = "application/x-www-form-urlencoded";

/// The token of the forms on a page.
async fn token(browser: &mut Browser<'_>, page: &str) -> String {
    let page = browser.get(page).await.text;
    quoted(&page, "name=\"csrf\" value=\"")[0].to_owned()
}

/// Sends a body as it is, with these headers.
async fn raw(
    browser: &mut Browser<'_>,
    to: &str,
    headers: &[(&str, &str)],
    body: Vec<u8>,
) -> Answer {
    let mut request = Request::post(to);
    for (name, value) in headers {
        request = request.header(*name, HeaderValue::from_str(value).unwrap());
    }
    browser.ask(request, Body::from(body)).await
}

/// Somebody with a role, in a browser.
async fn with_role<'a>(hub: &'a Hub, name: &str, role: Role) -> Browser<'a> {
    let browser = Browser::signed_up(hub, name, "en").await;
    let actor = named(hub, name).await;
    let promote = SetRole { actor, role };
    trial::run(&hub.operations, Caller::System, promote).await;
    browser
}

/// What is sent: its name, its headers, its body.
type Row<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a [u8]);

hub_test!(h171_only_pages_of_the_hub_send_its_forms, |hub| {
    open(&hub);
    furnish(&hub).await;
    let mut ben = Browser::signed_up(&hub, "ben", "en").await;
    let own = token(&mut ben, "/settings").await;
    let good = format!("csrf={own}").into_bytes();
    let rows: [Row<'_>; 7] = [
        (
            "H171 other site",
            &[("sec-fetch-site", "cross-site")],
            &good,
        ),
        ("H171 beside it", &[("sec-fetch-site", "same-site")], &good),
        (
            "H171 other origin",
            &[("origin", "https://evil.example")],
            &good,
        ),
        ("H171 hidden origin", &[("origin", "null")], &good),
        ("H171 without a token", &[], b"csrf="),
        (
            "H171 made-up token",
            &[],
            b"csrf=00000000000000000000000000000000",
        ),
        ("H171 nothing", &[], b""),
    ];
    for (row, headers, body) in rows {
        let headers: Vec<_> = headers
            .iter()
            .copied()
            .chain([("content-type", FORM)])
            .collect();
        let answer = raw(&mut ben, "/c/drivers/join", &headers, body.to_vec()).await;
        assert_eq!(
            answer.status,
            StatusCode::FORBIDDEN,
            "{row}: {}",
            answer.text
        );
    }
    let page = ben.get("/c/drivers").await.text;
    assert!(
        page.contains("/c/drivers/join\""),
        "H171: nothing was joined"
    );
});

hub_test!(
    h173_h174_a_session_is_never_one_that_was_brought_along,
    |hub| {
        open(&hub);
        Browser::signed_up(&hub, "ben", "en").await;
        let mut browser = Browser::new(&hub, "en");
        let preset = "presetbysomebodyelse0123456789abcdefghijklmn";
        browser
            .cookies
            .insert(SESSION.to_owned(), preset.to_owned());
        assert_eq!(
            browser.get("/settings").await.status,
            StatusCode::SEE_OTHER,
            "H173 made-up"
        );
        let fields = [("name", "ben"), ("password", PASSWORD)];
        location(&browser.send("/sign-in", "/sign-in", &fields).await);
        assert_ne!(browser.cookies[SESSION], preset, "H174: a new id");
        assert_eq!(browser.get("/settings").await.status, StatusCode::OK);
        let mut thief = Browser::new(&hub, "en");
        thief.cookies.insert(SESSION.to_owned(), preset.to_owned());
        assert_eq!(
            thief.get("/settings").await.status,
            StatusCode::SEE_OTHER,
            "H174: the old is dead"
        );
        let mut twin = Browser::new(&hub, "en");
        twin.cookies
            .insert(SESSION.to_owned(), browser.cookies[SESSION].clone());
        location(&browser.send("/", "/sign-out", &[]).await);
        assert_eq!(
            twin.get("/settings").await.status,
            StatusCode::SEE_OTHER,
            "H173 ended"
        );
        location(&browser.send("/sign-in", "/sign-in", &fields).await);
        let actor = named(&hub, "ben").await;
        trial::run(&hub.operations, Caller::System, Suspend { actor }).await;
        assert_eq!(
            browser.get("/settings").await.status,
            StatusCode::SEE_OTHER,
            "H173 suspended"
        );
    }
);

hub_test!(
    h175_signing_in_tells_nothing_and_ends_after_some_tries,
    |hub| {
        open(&hub);
        Browser::signed_up(&hub, "ben", "en").await;
        let (long, huge) = ("x".repeat(1_025), "x".repeat(1_000_000));
        let mut said = Vec::new();
        for (row, name, password) in [
            ("H175 wrong", "ben", "wrong"),
            ("H175 nobody", "nobody_here", "wrong"),
            ("H175 empty", "ben", ""),
            ("H175 NUL", "ben", "a\0b"),
            ("H175 too long", "ben", long.as_str()),
            ("H175 huge", "ben", huge.as_str()),
        ] {
            let mut browser = Browser::new(&hub, "en");
            let fields = [("name", name), ("password", password)];
            let answer = browser.send("/sign-in", "/sign-in", &fields).await;
            assert_eq!(
                answer.status,
                StatusCode::UNPROCESSABLE_ENTITY,
                "{row}: {}",
                answer.text
            );
            assert!(!browser.cookies.contains_key(SESSION), "{row}");
            // That a password is too long says nothing of an account.
            if password.len() < 1_025 {
                let csrf = quoted(&answer.text, "name=\"csrf\" value=\"")[0].to_owned();
                let text = answer.text.replace(&csrf, "").replace(name, "");
                said.push((row, text));
            }
        }
        for (row, text) in &said {
            assert_eq!(*text, said[0].1, "{row} says more");
        }
        let mut settings = Settings::clone(&hub.state.settings());
        settings.limits.sign_in_account = "3/1h".parse().unwrap();
        hub.operations.live.reload(settings).unwrap();
        let mut last = StatusCode::OK;
        for _ in 0..6 {
            let mut browser = Browser::new(&hub, "en");
            let fields = [("name", "ben"), ("password", "wrong again")];
            last = browser.send("/sign-in", "/sign-in", &fields).await.status;
        }
        assert_eq!(last, StatusCode::TOO_MANY_REQUESTS, "H175 locked");
    }
);

hub_test!(h180_h181_odd_names_and_addresses_are_not_taken, |hub| {
    open(&hub);
    Browser::signed_up(&hub, "ben", "en").await;
    let long = "x".repeat(65);
    for (row, name) in [
        ("H180 taken", "ben"),
        ("H180 taken in another case", "BEN"),
        ("H180 reserved", "admin"),
        ("H180 reserved for addresses", "inbox"),
        ("H180 an address", ".well-known"),
        ("H180 one letter", "a"),
        ("H180 long", long.as_str()),
        ("H180 dots", ".."),
        ("H180 blank", "be n"),
        ("H180 emoji", "\u{1f375}tea"),
        ("H180 alike", "b\u{435}n"),
        ("H180 wide", "\u{ff42}\u{ff45}\u{ff4e}"),
        ("H180 NUL", "ben\0x"),
        ("H180 empty", ""),
    ] {
        let fields = [
            ("name", name),
            ("email", "x@example.org"),
            ("password", PASSWORD),
        ];
        refused(&hub, row, &fields).await;
    }
    for (row, email) in [
        ("H181 none", ""),
        ("H181 no host", "ben"),
        ("H181 two signs", "a@b@c.example"),
        ("H181 quoted", "\"a b\"@c.example"),
        ("H181 a header", "a@b.example\r\nBcc: x@y.example"),
        ("H181 routed", "a%b@c.example"),
        ("H181 taken", "ben@example.org"),
        ("H181 taken in another case", "BEN@Example.org"),
    ] {
        let fields = [
            ("name", "newcomer"),
            ("email", email),
            ("password", PASSWORD),
        ];
        refused(&hub, row, &fields).await;
    }
    let mut browser = Browser::new(&hub, "en");
    let fields = [
        ("name", "eve"),
        ("email", "eve@example.org"),
        ("password", PASSWORD),
        ("role", "admin"),
    ];
    location(&browser.send("/sign-up", "/sign-up", &fields).await);
    let answer = browser.get("/people").await;
    assert_eq!(
        answer.status,
        StatusCode::FORBIDDEN,
        "H185 a privileged field"
    );
});

async fn refused(hub: &Hub, row: &str, fields: &[(&str, &str)]) {
    let mut browser = Browser::new(hub, "en");
    let answer = browser.send("/sign-up", "/sign-up", fields).await;
    let status = answer.status.as_u16();
    assert!(
        [409, 422].contains(&status),
        "{row}: {status} {}",
        answer.text
    );
    assert!(!browser.cookies.contains_key(SESSION), "{row}");
}

hub_test!(h184_nobody_is_led_to_another_site, |hub| {
    open(&hub);
    Browser::signed_up(&hub, "ben", "en").await;
    let base = Url::parse("https://hub.test/sign-in").unwrap();
    for next in [
        "//evil.example",
        "///evil.example",
        "https:evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "\t//evil.example",
        "%2f%2fevil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "/\r\nLocation: https://evil.example",
        "https://hub.test@evil.example/",
    ] {
        let mut browser = Browser::new(&hub, "en");
        let fields = [("name", "ben"), ("password", PASSWORD), ("next", next)];
        let answer = browser.send("/sign-in", "/sign-in", &fields).await;
        let to = base.join(location(&answer)).unwrap();
        assert_eq!(
            to.host_str(),
            Some("hub.test"),
            "H184 {next:?} leads to {to}"
        );
        assert_eq!(to.scheme(), "https", "H184 {next:?} leads to {to}");
    }
});

hub_test!(h185_h186_forms_of_another_shape_change_nothing, |hub| {
    open(&hub);
    furnish(&hub).await;
    let mut ben = Browser::signed_up(&hub, "ben", "en").await;
    let own = token(&mut ben, "/settings").await;
    let before = hub.hall.log().await.len();
    let twice = format!("csrf={own}&title=One+thing&title=Another&body=x");
    let large = format!("csrf={own}&title=One+thing&body={}", "x".repeat(5_000_000));
    let part = |name: &str, value: &str| {
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let many = format!(
        "{}{}--b--",
        part("csrf", &own),
        part("title", "x").repeat(10_000)
    );
    let file = format!(
        "{}--b\r\nContent-Disposition: form-data; name=\"title\"; filename=\"../../x\0\"\r\n\r\nx\r\n--b--",
        part("csrf", &own)
    );
    let multipart = "multipart/form-data; boundary=b";
    for (row, kind, body) in [
        ("H185 missing", FORM, format!("csrf={own}")),
        ("H185 twice", FORM, twice),
        ("H185 large", FORM, large),
        (
            "H185 no text",
            FORM,
            format!("csrf={own}&title=%ff%fe&body=%00"),
        ),
        (
            "H185 JSON",
            "application/json",
            format!("{{\"csrf\":\"{own}\"}}"),
        ),
        ("H186 parts", multipart, many),
        ("H186 no boundary", "multipart/form-data", file.clone()),
        ("H186 file", multipart, file),
    ] {
        let headers = [("content-type", kind)];
        let answer = raw(&mut ben, "/c/drivers/new", &headers, body.into_bytes()).await;
        let status = answer.status.as_u16();
        assert!(
            [400, 413, 415, 422].contains(&status),
            "{row}: {status} {}",
            answer.text
        );
    }
    assert_eq!(
        hub.hall.log().await.len(),
        before,
        "H185: nothing was posted"
    );
});

hub_test!(
    an_admin_leaves_out_the_media_of_a_server_with_a_form,
    |hub| {
        open(&hub);
        let mut boss = with_role(&hub, "boss", Role::Admin).await;
        let treatment = async |host: &str| hub.operations.treatment(host).await.unwrap();
        assert!(!treatment("pictures.example").await.reject_media);
        let fields = [
            ("host", "Pictures.Example"),
            ("severity", "none"),
            ("reject_media", "on"),
            ("comment", "Nothing for the eyes"),
        ];
        let answer = boss.send("/servers", "/servers/rules", &fields).await;
        assert!(location(&answer).starts_with("/servers"), "{}", answer.text);
        let page = boss.get("/servers").await.text;
        assert!(page.contains("<code>pictures.example</code>"), "{page}");
        assert!(page.contains("Nothing for the eyes"), "{page}");
        let now = treatment("cdn.pictures.example").await;
        assert!(now.reject_media && !now.reject_reports, "{now:?}");
        let mut ben = Browser::signed_up(&hub, "ben", "en").await;
        let own = token(&mut ben, "/settings").await;
        let lift = [("host", "pictures.example")];
        let answer = ben.post("/servers/lift", &own, &lift).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert!(treatment("pictures.example").await.reject_media);
        location(&boss.send("/servers", "/servers/lift", &lift).await);
        assert!(!treatment("pictures.example").await.reject_media);
        let nowhere = [
            ("host", "no host"),
            ("severity", "none"),
            ("reject_media", "on"),
        ];
        let answer = boss.send("/servers", "/servers/rules", &nowhere).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            answer.text.contains("no host"),
            "what was typed is still there"
        );
    }
);

hub_test!(
    an_admin_bans_somebody_from_the_whole_hub_with_a_form,
    |hub| {
        open(&hub);
        furnish(&hub).await;
        let mut boss = with_role(&hub, "boss", Role::Admin).await;
        let mut eve = Browser::signed_up(&hub, "eve", "en").await;
        let post = [("title", "Buy my bits"), ("body", "Cheap."), ("url", "")];
        let answer = eve.send("/c/drivers/new", "/c/drivers/new", &post).await;
        let path = location(&answer).to_owned();
        let ban = [
            ("person", "eve"),
            ("reason", "adverts"),
            ("days", "3"),
            ("remove_content", "on"),
        ];
        let mut hugo = with_role(&hub, "hugo", Role::Moderator).await;
        let own = token(&mut hugo, "/settings").await;
        let answer = hugo.post("/people/ban", &own, &ban).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        let mut visitor = Browser::new(&hub, "en");
        assert!(visitor.get(&path).await.text.contains("Buy my bits"));
        location(&boss.send("/people", "/people/ban", &ban).await);
        let page = boss.get("/people").await.text;
        assert!(
            page.contains("adverts") && page.contains("/people/unban"),
            "{page}"
        );
        assert!(
            !visitor.get(&path).await.text.contains("Cheap."),
            "her posts went too"
        );
        let own = token(&mut eve, "/settings").await;
        let more = [("title", "More bits"), ("body", "Cheaper."), ("url", "")];
        let answer = eve.post("/c/drivers/new", &own, &more).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.text);
        location(
            &boss
                .send("/people", "/people/unban", &[("person", "eve")])
                .await,
        );
        location(&eve.post("/c/drivers/new", &own, &more).await);
        let uri = "https://else.test/u/eddy";
        trial::remote(&hub.operations, uri, ActorKind::Person).await;
        let ban = [("person", "eddy@else.test"), ("reason", "floods")];
        location(&boss.send("/people", "/people/ban", &ban).await);
        assert!(boss.get("/people").await.text.contains("eddy@else.test"));
        let nobody = [("person", "nobody@nowhere.test"), ("reason", "x")];
        let answer = boss.send("/people", "/people/ban", &nobody).await;
        assert!(answer.status.is_client_error(), "{}", answer.status);
        let answer = boss.post("/people/ban", "", &nobody).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "H171");
    }
);
