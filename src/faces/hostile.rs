//! Hostile requests to pages and API (security.md 3.6, 3.12, R-21, R-22, R-28): whatever comes,
//! nobody does or sees what they may not, and no answer says more than it must.

use axum::body::Body;
use http::{Request, StatusCode};
use serde_json::{Value, json};

use super::shared::testing::{Answer, Hub, hub_test};
use crate::domain::caller::Caller;
use crate::operations::account::Suspend;
use crate::operations::trial;

/// Each call of the API as its own document lists it: a call that is added is in here.
async fn calls(hub: &Hub) -> Vec<(String, String)> {
    let document = hub.get("/api/hub/v1/openapi.json").await.json();
    let mut calls = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods
            .as_object()
            .unwrap()
            .keys()
            .filter(|key| *key != "parameters")
        {
            let path = if path.starts_with("/api") {
                path.clone()
            } else {
                format!("/api/hub/v1{path}")
            };
            calls.push((method.to_uppercase(), path));
        }
    }
    calls
}

/// An address with something in each of its holes.
fn filled(path: &str, post: &str) -> String {
    let pieces = path.split('/').map(|piece| match piece {
        "{id}" => post,
        "{name}" => "tea",
        piece if piece.starts_with('{') => "anna",
        piece => piece,
    });
    pieces.collect::<Vec<_>>().join("/")
}

hub_test!(r21_every_call_that_writes_asks_who_calls, |hub| {
    let anna = trial::person(&hub.operations, "anna").await;
    let tea = trial::group(&hub.operations, "tea", Some(anna)).await;
    let post = hub
        .hall
        .post(trial::member(anna), tea, "A pot of tea")
        .await
        .to_string();
    let reader = hub.token("reader", "read").await;
    let suspended = hub.token("suspended", "read write").await;
    let found = hub.operations.names.person("suspended");
    let row = hub
        .hall
        .read(move |db| crate::views::actor::find_by_uri(db, found.as_str()))
        .await;
    let suspend = Suspend {
        actor: row.unwrap().id,
    };
    hub.operations.run(Caller::System, suspend).await.unwrap();
    let calls = calls(&hub).await;
    let writing: Vec<_> = calls.iter().filter(|(method, _)| method != "GET").collect();
    assert!(writing.len() > 10, "{writing:?}");
    let before = hub.hall.log().await.len();
    for (method, path) in writing {
        let address = filled(path, &post);
        let roles: [(&str, &str, &[u16]); 4] = [
            ("visitor", "", &[401]),
            ("made-up token", "gh_nonsense", &[401]),
            ("read-only token", &reader, &[403]),
            ("suspended", &suspended, &[401, 403]),
        ];
        for (role, token, wanted) in roles {
            let answer = hub.call(method, &address, token, Some(json!({}))).await;
            let status = answer.status.as_u16();
            assert!(
                wanted.contains(&status),
                "R-21 {role}: {method} {path} gave {status}: {}",
                answer.text
            );
        }
    }
    assert_eq!(hub.hall.log().await.len(), before, "R-21: nothing happened");
});

hub_test!(
    r22_r28_nobody_does_more_by_other_numbers_or_more_fields,
    |hub| {
        let anna = trial::person(&hub.operations, "anna").await;
        let tea = trial::group(&hub.operations, "tea", Some(anna)).await;
        let post = hub
            .hall
            .post(trial::member(anna), tea, "A pot of tea")
            .await;
        let ben = hub.token("ben", "read write").await;
        let api = "/api/hub/v1";
        let of_anna = format!("{api}/posts/{post}");
        for (method, body) in [("PATCH", json!({"title": "owned"})), ("DELETE", json!({}))] {
            let answer = hub.call(method, &of_anna, &ben, Some(body)).await;
            assert_eq!(
                answer.status,
                StatusCode::FORBIDDEN,
                "R-22 {method}: {}",
                answer.text
            );
        }
        let reports = format!("{api}/groups/tea/reports");
        assert_eq!(
            hub.call("GET", &reports, &ben, None).await.status,
            StatusCode::FORBIDDEN,
            "R-33"
        );
        let bans = json!({"person": "anna", "reason": "x"});
        let ban = hub
            .call("POST", &format!("{api}/groups/tea/bans"), &ben, Some(bans))
            .await;
        assert_eq!(ban.status, StatusCode::FORBIDDEN, "R-21: {}", ban.text);
        for field in [
            "role",
            "author",
            "id",
            "locked",
            "featured",
            "published_at",
            "upvotes",
            "local",
        ] {
            let mut body = json!({"title": "A second pot", "body": "Text."});
            body[field] = json!("admin");
            let answer = hub
                .call("POST", &format!("{api}/groups/tea/posts"), &ben, Some(body))
                .await;
            assert!(
                answer.status.is_client_error(),
                "R-28 {field}: {}",
                answer.text
            );
        }
        let found = hub.call("GET", &of_anna, &ben, None).await.json();
        assert_eq!(
            (&found["title"], &found["locked"]),
            (&json!("A pot of tea"), &json!(false))
        );
    }
);

fn get(address: &str, headers: &[(&str, &str)]) -> Option<Request<Body>> {
    let mut request = Request::get(address);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::empty()).ok()
}

async fn asked(hub: &Hub, address: &str, headers: &[(&str, &str)]) -> Answer {
    hub.ask(get(address, headers).expect("a request")).await
}

hub_test!(
    h173_h192_h193_h274_odd_requests_are_answered_calmly,
    |hub| {
        let anna = trial::person(&hub.operations, "anna").await;
        trial::group(&hub.operations, "tea", Some(anna)).await;
        let long = "x".repeat(10_000);
        let session = format!("__Host-session={long}; session={long}");
        let cookies = [
            "__Host-session=",
            "__Host-session=x; __Host-session=y",
            "session=\"",
            &session,
            ";;;=",
        ];
        for cookie in cookies {
            let answer = asked(
                &hub,
                "/settings",
                &[("cookie", cookie), ("accept", "text/html")],
            )
            .await;
            assert!(
                [303, 401].contains(&answer.status.as_u16()),
                "H173 {cookie:.40}: {}",
                answer.status
            );
            let answer = asked(&hub, "/", &[("cookie", cookie), ("accept", "text/html")]).await;
            assert_eq!(answer.status, StatusCode::OK, "H173 {cookie:.40}");
        }
        let rows = [
            ("H192 page", "/c/tea?page=-1"),
            ("H192 large page", "/c/tea?page=1e9"),
            ("H192 cursor", "/c/tea?cursor=AAAA"),
            (
                "H192 long cursor",
                "/c/tea?cursor=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            ),
            ("H192 odd cursor", "/api/hub/v1/groups?cursor=%00%ff"),
            ("H192 limit", "/api/hub/v1/groups?limit=-1"),
            (
                "H192 large limit",
                "/api/hub/v1/groups?limit=99999999999999999999",
            ),
            ("H192 nonsense", "/api/hub/v1/groups?limit=x"),
            ("H193 quotes", "/search?q=%22"),
            ("H193 star", "/search?q=*"),
            ("H193 near", "/search?q=NEAR(a%20b)"),
            ("H193 minus", "/search?q=-"),
            ("H193 or", "/search?q=OR%20AND%20NOT"),
            ("H193 SQL", "/search?q=';%20DROP%20TABLE%20posts;--"),
            ("H193 NUL", "/search?q=%00"),
            ("H193 parts", "/search?q=a:b%20(c"),
            ("H193 API", "/api/hub/v1/search?q=%22%20OR%20*"),
            ("H274 up", "/../../etc/passwd"),
            ("H274 up, encoded", "/%2e%2e/%2e%2e/etc/passwd"),
            ("H274 in assets", "/assets/x/..%2f..%2fguildhall.toml"),
            ("H274 NUL", "/c/%00"),
            ("H274 overlong", "/c/%c0%ae%c0%ae"),
            ("H274 no number", "/post/99999999999999999999999"),
            ("H274 minus", "/post/-1"),
        ];
        let mut addresses: Vec<(&str, String)> = rows
            .map(|(row, address)| (row, address.to_owned()))
            .to_vec();
        addresses.push(("H193 long", format!("/search?q={long}")));
        addresses.push(("H274 long", format!("/c/{long}")));
        for (row, address) in addresses {
            let answer = asked(&hub, &address, &[("accept", "text/html")]).await;
            let status = answer.status.as_u16();
            assert!(
                [200, 303, 400, 404, 410, 414, 422].contains(&status),
                "{row}: {status} {}",
                answer.text
            );
            said_too_much(row, &answer);
        }
    }
);

/// H279: no answer tells of the inside.
fn said_too_much(row: &str, answer: &Answer) {
    let inside = [
        "panicked",
        "src/",
        ".rs:",
        "SELECT",
        "sqlite",
        "diesel",
        "stack backtrace",
    ];
    for word in inside {
        assert!(
            !answer.text.contains(word),
            "{row} says {word}: {}",
            answer.text
        );
    }
    assert!(answer.headers.get("server").is_none(), "{row}");
}

hub_test!(
    h275_h276_headers_of_the_asker_change_nothing_they_must_not,
    |hub| {
        let anna = trial::person(&hub.operations, "anna").await;
        let tea = trial::group(&hub.operations, "tea", Some(anna)).await;
        let post = hub
            .hall
            .post(trial::member(anna), tea, "A pot of tea")
            .await;
        let languages = "de;q=0.1,".repeat(1_100);
        let address = format!("/post/{post}");
        let rows: [(&str, &[(&str, &str)]); 7] = [
            (
                "H275 unknown accept",
                &[("accept", "application/x-nothing")],
            ),
            ("H275 garbage accept", &[("accept", ";;;q=x,,")]),
            ("H275 long language", &[("accept-language", &languages)]),
            (
                "H276 forwarded host",
                &[("x-forwarded-host", "evil.example")],
            ),
            (
                "H276 forwarded",
                &[("forwarded", "host=evil.example;proto=http")],
            ),
            (
                "H276 original address",
                &[
                    ("x-original-url", "/settings"),
                    ("x-rewrite-url", "/settings"),
                ],
            ),
            ("H276 host", &[("host", "evil.example")]),
        ];
        for (row, headers) in rows {
            let answer = asked(&hub, &address, headers).await;
            let status = answer.status.as_u16();
            assert!(
                [200, 303, 400, 406, 421].contains(&status),
                "{row}: {status}"
            );
            assert!(
                !answer.text.contains("evil.example"),
                "{row}: {}",
                answer.text
            );
            for (name, value) in &answer.headers {
                assert!(
                    !value.to_str().unwrap_or("").contains("evil.example"),
                    "{row}: {name}"
                );
            }
            said_too_much(row, &answer);
        }
        let plain = asked(&hub, &address, &[("accept", "text/html")]).await;
        let odd = [
            ("accept", "text/html"),
            ("if-none-match", "\"nonsense, W/"),
            ("if-modified-since", "yesterday"),
        ];
        let again = asked(&hub, &address, &odd).await;
        assert_eq!(
            (plain.status, again.status),
            (StatusCode::OK, StatusCode::OK),
            "H277"
        );
    }
);

hub_test!(
    h172_h191_pages_change_nothing_by_being_looked_at_and_cannot_be_framed,
    |hub| {
        let anna = trial::person(&hub.operations, "anna").await;
        trial::group(&hub.operations, "tea", Some(anna)).await;
        for address in [
            "/sign-out",
            "/c/tea/join",
            "/c/tea/leave",
            "/notices/read",
            "/c/tea/bans",
        ] {
            let answer = asked(&hub, address, &[("accept", "text/html")]).await;
            let status = answer.status.as_u16();
            assert!([404, 405].contains(&status), "H172 {address}: {status}");
        }
        for address in ["/", "/c/tea", "/sign-in", "/nothing"] {
            let answer = asked(&hub, address, &[("accept", "text/html")]).await;
            let policy = answer.header("content-security-policy");
            assert!(
                policy.contains("frame-ancestors 'none'"),
                "H191 {address}: {policy}"
            );
            assert!(!policy.contains("unsafe-"), "R-49 {address}: {policy}");
            assert!(
                policy.contains("form-action 'self'"),
                "R-50 {address}: {policy}"
            );
        }
    }
);

hub_test!(h185_bodies_of_the_wrong_shape_are_refused, |hub| {
    let anna = trial::person(&hub.operations, "anna").await;
    trial::group(&hub.operations, "tea", Some(anna)).await;
    let ben = hub.token("ben", "read write").await;
    let address = "/api/hub/v1/groups/tea/posts";
    let rows: Vec<(&str, String)> = vec![
        ("H185 missing", "{}".to_owned()),
        ("H185 null", "null".to_owned()),
        ("H185 array", "[]".to_owned()),
        (
            "H185 array for a text",
            json!({"title": ["a"], "body": "b"}).to_string(),
        ),
        (
            "H185 number for a text",
            json!({"title": 1, "body": "b"}).to_string(),
        ),
        (
            "H185 twice",
            "{\"title\":\"One\",\"title\":\"Two\",\"body\":\"b\"}".to_owned(),
        ),
        ("H185 broken", "{\"title\":".to_owned()),
        (
            "H185 deep",
            format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)),
        ),
        (
            "H189 title",
            json!({"title": "x".repeat(2_000), "body": "b"}).to_string(),
        ),
        (
            "H189 body",
            json!({"title": "A title", "body": "x".repeat(100_001)}).to_string(),
        ),
        (
            "H185 large",
            json!({"title": "A title", "body": "x".repeat(5_000_000)}).to_string(),
        ),
    ];
    for (row, body) in rows {
        let request = Request::post(address)
            .header("authorization", format!("Bearer {ben}"))
            .header("content-type", "application/json")
            .body(Body::from(body));
        let answer = hub.ask(request.unwrap()).await;
        let status = answer.status.as_u16();
        assert!(
            [400, 413, 422].contains(&status),
            "{row}: {status} {}",
            answer.text
        );
        let problem: Value = answer.json();
        assert!(problem["code"].is_string(), "{row}: {}", answer.text);
        said_too_much(row, &answer);
    }
    assert!(hub.hall.log().await.is_empty());
});
