//! What anybody can make the hub do is bounded, counted exactly, and never a request to somebody
//! else (security.md, H151, H152, H190, H280).

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use http::StatusCode;
use serde_json::{Value, json};

use super::shared::testing::{Hub, hub_test};
use crate::domain::ids::ObjectId;
use crate::operations::reaction::Vote;
use crate::operations::trial::{self, member};
use crate::settings::Settings;

const API: &str = "/api/hub/v1";
const PAGE: &str = "text/html";

fn set(hub: &Hub, change: impl FnOnce(&mut Settings)) {
    let mut settings = Settings::clone(&hub.operations.live.get());
    change(&mut settings);
    hub.operations.live.reload(settings).unwrap();
}

/// A field that people fill in: where it goes, a good value of this size, and the largest size.
struct Field {
    row: &'static str,
    method: &'static str,
    path: String,
    body: fn(usize) -> Value,
    most: usize,
}

fn letters(size: usize) -> String {
    "x".repeat(size)
}

fn post_with(field: &str, value: Value) -> Value {
    let mut post = json!({"title": "A pot of tea", "body": "Green."});
    post[field] = value;
    post
}

fn poll(options: &[String]) -> Value {
    post_with(
        "poll",
        json!({"options": options, "ends_at": "2026-12-31T00:00:00Z"}),
    )
}

fn row(
    row: &'static str,
    method: &'static str,
    path: &str,
    body: fn(usize) -> Value,
    most: usize,
) -> Field {
    Field {
        row,
        method,
        path: format!("{API}{path}"),
        body,
        most,
    }
}

/// Every field with a limit of what begins a thread.
fn fields_of_a_thread() -> Vec<Field> {
    let posts = "/groups/tea/posts";
    vec![
        row(
            "title",
            "POST",
            posts,
            |n| post_with("title", json!(letters(n))),
            300,
        ),
        row(
            "text",
            "POST",
            posts,
            |n| post_with("body", json!(letters(n))),
            100_000,
        ),
        row(
            "link",
            "POST",
            posts,
            |n| {
                post_with(
                    "url",
                    json!(format!("https://a.example/{}", letters(n - 18))),
                )
            },
            2_048,
        ),
        row(
            "options of a poll",
            "POST",
            posts,
            |n| {
                poll(
                    &(0..n)
                        .map(|place| format!("Pot {place}"))
                        .collect::<Vec<_>>(),
                )
            },
            20,
        ),
        row(
            "option of a poll",
            "POST",
            posts,
            |n| poll(&[letters(n), "Another".to_owned()]),
            200,
        ),
    ]
}

/// Every other field with a limit that the API takes.
fn other_fields(post: &str) -> Vec<Field> {
    let one = format!("/posts/{post}");
    let comments = format!("{one}/comments");
    vec![
        row(
            "new title",
            "PATCH",
            &one,
            |n| json!({"title": letters(n)}),
            300,
        ),
        row(
            "new text",
            "PATCH",
            &one,
            |n| json!({"body": letters(n)}),
            100_000,
        ),
        row(
            "comment",
            "POST",
            &comments,
            |n| json!({"body": letters(n)}),
            20_000,
        ),
        row(
            "message",
            "POST",
            "/messages",
            |n| json!({"to": ["ben"], "body": letters(n)}),
            20_000,
        ),
        row(
            "title of a group",
            "PATCH",
            "/groups/tea",
            |n| json!({"title": letters(n)}),
            120,
        ),
        row(
            "summary of a group",
            "PATCH",
            "/groups/tea",
            |n| json!({"summary": letters(n)}),
            10_000,
        ),
    ]
}

hub_test!(
    r41_h189_every_field_takes_its_limit_and_not_one_more,
    |hub| {
        set(&hub, |settings| {
            settings.limits.writes = "10000/1m".parse().unwrap();
        });
        let anna = trial::person(&hub.operations, "anna").await;
        let tea = trial::group(&hub.operations, "tea", Some(anna)).await;
        let post = hub.hall.post(member(anna), tea, "A pot of tea").await;
        hub.token("ben", "read").await;
        let caller = member(anna);
        let token =
            crate::operations::account::create_token(&hub.operations, caller, anna, "read write");
        let token = token.await.unwrap();
        let mut fields = fields_of_a_thread();
        fields.extend(other_fields(&post.to_string()));
        for field in fields {
            let Field {
                row,
                method,
                path,
                body,
                most,
            } = field;
            let good = hub.call(method, &path, &token, Some(body(most))).await;
            assert!(
                good.status.is_success(),
                "R-41 {row}: {} {}",
                good.status,
                good.text
            );
            let more = hub.call(method, &path, &token, Some(body(most + 1))).await;
            let status = more.status;
            assert_eq!(
                status,
                StatusCode::UNPROCESSABLE_ENTITY,
                "R-41 {row}: {}",
                more.text
            );
            assert!(more.json()["code"].is_string(), "R-41 {row}: {}", more.text);
        }
        // What is not worth a refusal is cut.
        let event = json!({"starts_at": "2026-12-31T00:00:00Z", "timezone": "UTC",
            "place": letters(301)});
        let posts = format!("{API}/groups/tea/posts");
        let made = hub
            .call("POST", &posts, &token, Some(post_with("event", event)))
            .await;
        assert_eq!(
            made.json()["event"]["place"],
            json!(letters(300)),
            "R-41 place"
        );
        let long = json!({"reason": letters(6_000)});
        let report = format!("{API}/posts/{post}/report");
        let ben = hub.token("cem", "read write").await;
        let taken = hub.call("POST", &report, &ben, Some(long)).await;
        assert!(taken.status.is_success(), "R-41 report: {}", taken.text);
        let reports = hub
            .call("GET", &format!("{API}/groups/tea/reports"), &token, None)
            .await;
        assert!(reports.text.contains(&letters(5_000)) && !reports.text.contains(&letters(5_001)));
        for limit in ["101", "100000", "0", "-1", "x"] {
            let address = format!("{API}/groups/tea/posts?limit={limit}");
            let list = hub.get(&address).await;
            let count = if list.status.is_success() {
                list.json()["items"].as_array().map_or(0, Vec::len)
            } else {
                assert_eq!(list.status, 422, "R-41, H208 {limit}");
                0
            };
            assert!(count <= 100, "R-41, H208 {limit}");
        }
    }
);

hub_test!(r32_h190_what_many_do_at_once_is_counted_exactly, |hub| {
    let anna = trial::person(&hub.operations, "anna").await;
    let tea = trial::group(&hub.operations, "tea", Some(anna)).await;
    let post = hub.hall.post(member(anna), tea, "A pot of tea").await;
    let mut people = Vec::new();
    for number in 0..25 {
        people.push(trial::person(&hub.operations, &format!("fan{number}")).await);
    }
    let mut deeds = tokio::task::JoinSet::new();
    // Each votes four times, and half of them take it back in the end.
    for (place, person) in people.into_iter().enumerate() {
        let operations = hub.operations.clone();
        deeds.spawn(async move {
            let last = i16::from(place % 2 == 0);
            for value in [1, -1, 0, last] {
                let object = ObjectId::Post(post);
                let vote = Vote {
                    object,
                    value,
                    relay: None,
                };
                operations.run(member(person), vote).await.unwrap();
            }
        });
    }
    // And one person does all of it at once, in any order.
    let ben = trial::person(&hub.operations, "ben").await;
    for value in [1, 0, -1].into_iter().cycle().take(30) {
        let operations = hub.operations.clone();
        deeds.spawn(async move {
            let object = ObjectId::Post(post);
            let vote = Vote {
                object,
                value,
                relay: None,
            };
            operations.run(member(ben), vote).await.unwrap();
        });
    }
    deeds.join_all().await;
    let last = Vote {
        object: ObjectId::Post(post),
        value: -1,
        relay: None,
    };
    trial::run(&hub.operations, member(ben), last).await;
    let shown = hub.get(&format!("{API}/posts/{post}")).await.json();
    assert_eq!(
        (&shown["upvotes"], &shown["downvotes"]),
        (&json!(13), &json!(1)),
        "R-32, H190"
    );
});

/// A server that counts who connects to it.
fn bystander() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let visits = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&visits);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            seen.fetch_add(1, Ordering::SeqCst);
            let Ok(mut stream) = stream else { continue };
            drop(stream.read(&mut [0; 1024]));
            drop(stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
        }
    });
    (address, visits)
}

hub_test!(
    h151_h152_r39_nothing_is_fetched_for_links_that_people_write,
    |hub| {
        let anna = trial::person(&hub.operations, "anna").await;
        trial::group(&hub.operations, "tea", Some(anna)).await;
        hub.token("ben", "read").await;
        let token = hub.token("mia", "read write").await;
        let (else_, visits) = bystander();
        let text = format!(
            "{else_}/one [two]({else_}/two) ![three]({else_}/three.png) <{else_}/four> \
         https://hub.test/people http://127.0.0.1/admin https://hub.test/inbox"
        );
        let posts = format!("{API}/groups/tea/posts");
        let mut post = Value::Null;
        for link in [format!("{else_}/page"), "https://hub.test/inbox".to_owned()] {
            let new = json!({"title": "Look", "body": text, "url": link});
            let made = hub.call("POST", &posts, &token, Some(new)).await;
            assert_eq!(made.status, StatusCode::CREATED, "H151: {}", made.text);
            post = made.json()["id"].clone();
        }
        let post = post.to_string();
        let post = post.trim_matches('"');
        let comments = format!("{API}/posts/{post}/comments");
        let made = hub
            .call("POST", &comments, &token, Some(json!({"body": text})))
            .await;
        assert_eq!(made.status, StatusCode::CREATED, "H151: {}", made.text);
        let letter = json!({"to": ["ben"], "body": text});
        let made = hub
            .call("POST", &format!("{API}/messages"), &token, Some(letter))
            .await;
        assert_eq!(made.status, StatusCode::CREATED, "H151: {}", made.text);
        for address in [
            "/",
            "/c/tea",
            &format!("/post/{post}"),
            "/u/mia",
            "/c/tea/feed.atom",
        ] {
            let page = hub.accept(address, PAGE).await;
            assert!(
                page.status.is_success() || page.status == 303,
                "{address}: {}",
                page.status
            );
        }
        let found = hub
            .call("GET", &format!("{API}/search?q=look"), &token, None)
            .await;
        assert_eq!(found.status, StatusCode::OK);
        assert_eq!(
            visits.load(Ordering::SeqCst),
            0,
            "H151, H152, R-39: nobody was asked"
        );
    }
);

hub_test!(h280_who_asks_too_much_waits_and_members_do_not, |hub| {
    let anna = trial::person(&hub.operations, "anna").await;
    let tea = trial::group(&hub.operations, "tea", Some(anna)).await;
    let post = hub.hall.post(member(anna), tea, "A pot of tea").await;
    let ben = hub.token("ben", "read").await;
    set(&hub, |settings| {
        settings.limits.requests = "20/5m".parse().unwrap();
    });
    let page = format!("/post/{post}");
    let mut refused = 0;
    for _ in 0..200 {
        let answer = hub.accept(&page, PAGE).await;
        match answer.status.as_u16() {
            200 => {}
            429 => {
                refused += 1;
                let wait: u32 = answer.header("retry-after").parse().unwrap();
                assert!((1..=300).contains(&wait), "H280 {wait}");
            }
            other => panic!("H280: {other} {}", answer.text),
        }
    }
    assert!(refused >= 170, "H280: {refused} of 200 were refused");
    for _ in 0..10 {
        let answer = hub
            .call("GET", &format!("{API}/posts/{post}"), &ben, None)
            .await;
        assert_eq!(answer.status, StatusCode::OK, "H280: members are served");
    }
});
