//! The frame around the faces, from outside.

use http::StatusCode;

use serde_json::json;

use super::shared::testing::hub_test;
use crate::domain::activity::Origin;
use crate::domain::actor::ActorKind;
use crate::domain::ids::Uri;
use crate::domain::post::{Extra, PostKind};
use crate::federation::wire;
use crate::operations::markup::Markup;
use crate::operations::post::CreatePost;
use crate::operations::trial;

hub_test!(every_answer_has_an_id_and_its_safety_headers, |hub| {
    let answer = hub.get("/healthz").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("x-frame-options"), "DENY");
    assert!(
        answer
            .header("strict-transport-security")
            .contains("max-age")
    );
    let again = hub.get("/healthz").await;
    assert_ne!(answer.header("x-request-id"), again.header("x-request-id"));
});

hub_test!(a_hub_with_its_database_is_ready, |hub| {
    assert_eq!(hub.get("/readyz").await.status, StatusCode::OK);
});

hub_test!(
    people_get_pages_and_servers_get_documents_at_one_address,
    |hub| {
        trial::group(&hub.operations, "tea", None).await;
        for address in ["/", "/c/tea"] {
            let page = hub.accept(address, "text/html,*/*;q=0.8").await;
            assert!(
                page.header("content-type").starts_with("text/html"),
                "{address}"
            );
            let document = hub.accept(address, "application/activity+json").await;
            assert_eq!(
                document.header("content-type"),
                "application/activity+json",
                "{address}"
            );
            for answer in [page, document] {
                assert_eq!(answer.status, StatusCode::OK, "{address}");
                assert!(
                    answer.header("vary").to_lowercase().contains("accept"),
                    "{address}"
                );
            }
        }
    }
);

hub_test!(metrics_are_not_told_to_the_public, |hub| {
    assert_eq!(hub.get("/metrics").await.status, StatusCode::NOT_FOUND);
});

#[tokio::test]
async fn metrics_show_requests_by_their_route() {
    let (operations, store) = trial::on_sqlite().await;
    let client = crate::net::Client::new("hub.test", crate::net::Limits::default(), true).unwrap();
    let state = super::state(crate::federation::Federation::new(operations, client));
    let mut registry = prometheus_client::registry::Registry::default();
    state.requests.register(&mut registry);
    let hub = super::router(state);
    let numbers = super::metrics_router(std::sync::Arc::new(registry));
    let ask = |router: axum::Router, address: &str| {
        let request = http::Request::get(address)
            .body(axum::body::Body::empty())
            .unwrap();
        tower::ServiceExt::oneshot(router, request)
    };
    for _ in 0..2 {
        ask(hub.clone(), "/c/nobody").await.unwrap();
    }
    let shown = ask(numbers, "/metrics").await.unwrap();
    let bytes = axum::body::to_bytes(shown.into_body(), 1 << 20)
        .await
        .unwrap();
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    let line = "guildhall_request_duration_seconds_count{method=\"GET\",route=\"/c/{name}\",status=\"404\"} 2";
    assert!(text.contains(line), "{text}");
    drop(store);
}

hub_test!(a_head_has_the_headers_of_the_get, |hub| {
    for address in [
        "/",
        "/.well-known/nodeinfo",
        "/api/hub/v1/groups",
        "/nothing",
    ] {
        let ask = async |method: &str| {
            let request = http::Request::builder().method(method).uri(address);
            let request = request.header("accept-encoding", "gzip");
            let router = crate::faces::router(hub.state.clone());
            let request = request.body(axum::body::Body::empty()).unwrap();
            tower::ServiceExt::oneshot(router, request).await.unwrap()
        };
        let (get, head) = (ask("GET").await, ask("HEAD").await);
        assert_eq!(get.status(), head.status(), "{address}");
        assert_ne!(head.status(), StatusCode::METHOD_NOT_ALLOWED, "{address}");
        let headers = |answer: &axum::response::Response| {
            let ids = ["x-request-id", "set-cookie"];
            let kept = answer.headers().iter();
            let kept = kept.filter(|(name, _)| !ids.contains(&name.as_str()));
            let mut kept: Vec<String> = kept
                .map(|(name, value)| format!("{name}: {value:?}"))
                .collect();
            kept.sort();
            kept
        };
        assert_eq!(headers(&get), headers(&head), "{address}");
        let body = axum::body::to_bytes(head.into_body(), 10).await.unwrap();
        assert!(body.is_empty(), "{address}");
    }
});

hub_test!(s181_who_is_from_elsewhere_is_shown_with_their_host, |hub| {
    let tea = trial::group(&hub.operations, "tea", None).await;
    trial::person(&hub.operations, "anna").await;
    let document = json!({
        "id": "https://evil.test/u/anna", "type": "Person", "preferredUsername": "anna",
        "name": "\u{202e}\u{200b}Ann\u{430}\u{2069}", "inbox": "https://evil.test/u/anna/inbox",
    });
    let actor = wire::Actor::from_value(&document).unwrap();
    let anna = hub.state.federation.upsert(&actor).await.unwrap().id;
    let pots = trial::remote(&hub.operations, "https://evil.test/c/tea", ActorKind::Group).await;
    let mut ids = Vec::new();
    for (number, group) in [(1, tea), (2, pots)] {
        let create = CreatePost {
            group,
            kind: PostKind::Article,
            title: "Which pot?".into(),
            body: Markup::Markdown("Iron".into()),
            link_url: None,
            language: None,
            sensitive: false,
            warning: None,
            attachments: Vec::new(),
            extra: Extra::Nothing,
            thumbnail: None,
            origin: Origin::Remote {
                uri: Uri::parse(&format!("https://evil.test/p/{number}")).unwrap(),
                url: None,
                published_at: trial::NOW,
                relay: None,
            },
        };
        ids.push(trial::run(&hub.operations, trial::stranger(anna), create).await);
    }
    for page in [
        "/",
        "/c/tea",
        "/u/anna@evil.test",
        "/c/tea@evil.test",
        &*format!("/post/{}", ids[0]),
        &*format!("/post/{}", ids[1]),
    ] {
        let text = hub.accept(page, "text/html").await.text;
        assert!(text.contains("evil.test"), "{page}");
        assert!(
            !text.contains(['\u{202e}', '\u{200b}', '\u{2069}', '\u{430}']),
            "{page}"
        );
    }
    let post = hub
        .get(&format!("/api/hub/v1/posts/{}", ids[0]))
        .await
        .json();
    assert_eq!(post["author"]["handle"], "anna@evil.test");
    assert_eq!(post["author"]["name"], "anna@evil.test");
});
