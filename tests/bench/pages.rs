//! What people and their programs read: the home feed and a long thread.

use std::time::Duration;

use axum::Router;
use axum::routing::get;
use serde_json::{Value, json};

use crate::database::Kind;
use crate::http1::{self, Pace};
use crate::report::{Report, Row};
use crate::{Plan, Rig};

/// How many read at once.
const READERS: usize = 32;

/// The request of a signed-in member's program.
pub(crate) fn api_request(rig: &Rig, method: &str, path: &str, body: Option<&Value>) -> Vec<u8> {
    let request = rig.hub.request(method, path, "anna").build();
    let request = request.expect("a request");
    let token = request.headers().get("authorization");
    let token = token.and_then(|t| t.to_str().ok()).unwrap_or_default();
    let mut headers = vec![("authorization", token.to_owned())];
    if body.is_some() {
        headers.push(("content-type", "application/json".to_owned()));
    }
    let body = body.map(Value::to_string).unwrap_or_default();
    http1::request(method, &rig.hub.domain, path, &headers, body.as_bytes())
}

fn page_request(rig: &Rig, path: &str, encoding: &str) -> Vec<u8> {
    let headers = [
        ("accept", "text/html".to_owned()),
        ("accept-encoding", encoding.to_owned()),
    ];
    http1::request("GET", &rig.hub.domain, path, &headers, b"")
}

/// What a signed-in member waits for on a hub of 100,000 posts, one page after the other.
pub(crate) async fn feeds(rig: &mut Rig, plan: &Plan, kind: Kind, report: &mut Report) {
    rig.data.add_posts(100_000, 44);
    rig.data.keep_house();
    let token = "a-session-of-the-benchmark";
    let hash = openssl::sha::sha256(token.as_bytes());
    let hex = |text: String, byte: &u8| text + &format!("{byte:02x}");
    let hash = hash.iter().fold(String::new(), hex);
    rig.data.add_session("anna", &hash);
    let cases = [
        ("home page", "/"),
        ("home page, new first", "/?sort=new"),
        ("group page", "/c/pages"),
        ("group page, best first", "/c/pages?sort=top"),
        ("page of a post", "/post/44099999"),
    ];
    for (name, path) in cases {
        let headers = [
            ("accept", "text/html".to_owned()),
            ("cookie", format!("gh={token}")),
        ];
        let request = http1::request("GET", &rig.hub.domain, path, &headers, b"");
        let pace = Pace::During(plan.time(3.0));
        let run = http1::send(&rig.hub.domain, vec![request], 1, pace).await;
        run.complain(path);
        eprintln!("{path}: half within {:.1} ms", run.within(0.5));
        let name = format!("{name} for a member, 100,000 posts: 99 % within");
        report.add(
            Row::new(&name, "ms").least("20 at most"),
            kind,
            run.within(0.99),
        );
    }
}

/// What a plain axum server answers to the same client.
pub(crate) async fn hello_rate(time: Duration) -> f64 {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await;
    let listener = listener.expect("a free port");
    let host = listener.local_addr().expect("a bound socket").to_string();
    let router = Router::new().route("/", get(async || "hello"));
    #[expect(clippy::disallowed_methods, reason = "a server of the benchmark's own")]
    let server = tokio::spawn(async move {
        axum::serve(listener, router).await.expect("a server");
    });
    let request = http1::request("GET", &host, "/", &[], b"");
    let run = http1::send(&host, vec![request], READERS, Pace::During(time)).await;
    server.abort();
    run.rate()
}

/// A thread of so many comments, a quarter of them at its root.
async fn thread(rig: &Rig, comments: usize) -> String {
    let text = json!({"title": "The long thread", "body": "Go on."});
    let post = rig
        .hub
        .api("POST", "/groups/pages/posts", "anna", text)
        .await;
    let post = post.expect(201)["id"].to_string().replace('"', "");
    let path = format!("/api/hub/v1/posts/{post}/comments");
    let words = "A comment of usual length, with **something** to render and a second sentence. ";
    let roots = (0..comments / 4).map(|number| {
        let body = json!({"body": format!("{words}{number}")});
        api_request(rig, "POST", &path, Some(&body))
    });
    let run = http1::send(&rig.hub.domain, roots.collect(), 16, Pace::Once).await;
    run.complain("comments");
    let parents = rig
        .hub
        .list(&format!("/posts/{post}/comments"), "anna")
        .await;
    let replies = (comments / 4..comments).zip(parents.iter().cycle());
    let replies = replies.map(|(number, parent)| {
        let body = json!({"body": format!("{words}{number}"), "parent_id": parent["id"]});
        api_request(rig, "POST", &path, Some(&body))
    });
    let run = http1::send(&rig.hub.domain, replies.collect(), 16, Pace::Once).await;
    run.complain("replies");
    post
}

/// Reads one address as often as it is answered.
async fn read(
    rig: &Rig,
    plan: &Plan,
    (kind, report): (Kind, &mut Report),
    row: Row,
    request: Vec<u8>,
) {
    let used = rig.meter.used();
    let pace = Pace::During(plan.time(5.0));
    let run = http1::send(&rig.hub.domain, vec![request], READERS, pace).await;
    run.complain("reading");
    let cpu = rig.meter.used() - used;
    eprintln!(
        "99 % within {:.1} ms, {:.0} µs of CPU each",
        run.within(0.99),
        cpu / run.good.max(1) as f64
    );
    let hello = report.hello;
    report.add(row.of("plain axum", hello), kind, run.rate());
}

/// The home feed and a thread of 5,000 comments, as pages and by the API.
pub(crate) async fn pages(rig: &mut Rig, plan: &Plan, kind: Kind, report: &mut Report) {
    for number in 0..100 {
        let text = json!({"title": format!("Post {number}"), "body": "Some *text* to show."});
        let post = rig
            .hub
            .api("POST", "/groups/pages/posts", "anna", text)
            .await;
        post.expect(201);
    }
    let comments = plan.count(5_000, 5_000);
    let post = thread(rig, comments).await;
    let cases = [
        ("home page", "2,000", page_request(rig, "/", "identity")),
        ("home page, compressed", "", page_request(rig, "/", "gzip")),
        (
            "first page of a thread of 5,000 comments",
            "800",
            page_request(rig, &format!("/post/{post}"), "identity"),
        ),
        (
            "group feed by the API",
            "2,000",
            api_request(rig, "GET", "/api/hub/v1/groups/pages/posts", None),
        ),
        (
            "first 50 comments of 5,000 by the API",
            "800",
            api_request(
                rig,
                "GET",
                &format!("/api/hub/v1/posts/{post}/comments?limit=50"),
                None,
            ),
        ),
    ];
    for (name, goal, request) in cases {
        let row = Row::new(name, "per second").least(goal);
        read(rig, plan, (kind, report), row, request).await;
    }
}
