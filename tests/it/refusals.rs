//! Bad input gets a clear error and changes nothing: command line, settings, API, inbox, forms.

use std::fs;

use serde_json::{Value, json};

use crate::support::hub::{Outcome, PASSWORD, answer, client};
use crate::support::{Browser, Hub, Kind, Peer, eventually, id, on_both, sign};

/// Refused: exit code 1, nothing on stdout, one sentence on stderr that says these things.
#[track_caller]
fn refused(outcome: &Outcome, words: &[&str]) {
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
    assert_eq!(outcome.stdout, "", "{outcome:?}");
    for word in words {
        assert!(outcome.stderr.contains(word), "{word} in {outcome:?}");
    }
    assert!(!outcome.stderr.contains("panicked"), "{outcome:?}");
}

on_both!(
    command_line_refuses_with_a_sentence_and_changes_nothing,
    |kind| {
        let mut hub = Hub::new(kind);
        for misuse in [
            &["serv"][..],
            &[],
            &["user", "create"],
            &["check", "--colour"],
        ] {
            let outcome = hub.verb(misuse, "");
            assert_eq!(outcome.code, Some(2), "{outcome:?}");
            assert!(
                !outcome.stderr.is_empty() && outcome.stdout.is_empty(),
                "{outcome:?}"
            );
        }
        hub.user("anna", "admin");
        let user = |name: &str, email: &str, password: &str| {
            let words = ["user", "create", name, "--email", email, "--password-stdin"];
            hub.verb(&words, password)
        };
        let good = "correct horse battery staple\n";
        refused(&user("anna", "other@mail.example", good), &["anna"]);
        refused(&user("An Na", "other@mail.example", good), &["name"]);
        refused(&user("other", "anna@mail.example", good), &["mail"]);
        refused(&user("other", "no address", good), &["mail"]);
        refused(
            &user("other", "other@mail.example", "short\n"),
            &["password"],
        );
        refused(&user("other", "other@mail.example", ""), &["password"]);
        refused(&hub.verb(&["token", "create", "other"], ""), &["other"]);
        let group = [
            "group", "create", "tea", "--title", "Tea", "--owner", "other",
        ];
        refused(&hub.verb(&group, ""), &["other"]);
        let taken = ["group", "create", "anna", "--title", "Anna"];
        refused(&hub.verb(&taken, ""), &["anna"]);

        hub.start().await;
        for (name, status) in [("anna", 200), ("other", 404), ("tea", 404)] {
            let query = format!("/.well-known/webfinger?resource=acct:{name}@{}", hub.domain);
            let found = answer(hub.request("GET", &query, ""))
                .await
                .expect("an answer");
            assert_eq!(found.status, status, "{name}");
        }
    }
);

on_both!(settings_are_refused_with_file_line_and_key, |kind| {
    let hub = Hub::new(kind);
    let sound = fs::read_to_string(hub.settings()).expect("a settings file");
    let line = |of: &str| {
        let text = fs::read_to_string(hub.settings()).expect("a settings file");
        let number = text.lines().position(|l| l.contains(of)).expect("the line") + 1;
        format!("guildhall.toml, line {number}:")
    };
    for (old, new, key) in [
        (
            "development = true",
            "development = true\ndevelopmint = true",
            "developmint",
        ),
        ("development = true", "development = \"yes\"", "development"),
        ("name = \"First name\"", "name = 7", "name"),
        ("[federation]", "[fedration]", "fedration"),
    ] {
        fs::write(hub.settings(), sound.replace(old, new)).expect("a settings file");
        let at = line(new.lines().last().unwrap_or(new));
        refused(&hub.verb(&["serve"], ""), &[&at, key]);
        let outcome = hub.verb(&["check"], "");
        assert_eq!(outcome.code, Some(1), "{outcome:?}");
        assert!(outcome.stderr.contains(&at), "{at} in {outcome:?}");
    }
    let public = sound.replace("bind = \"127", "bind = \"0.0.0.0:1\"\n# \"127");
    fs::write(hub.settings(), public).expect("a settings file");
    refused(
        &hub.verb(&["serve"], ""),
        &["server.bind", "federation.development"],
    );
    fs::write(hub.settings(), "[instance\n").expect("a settings file");
    refused(&hub.verb(&["serve"], ""), &["guildhall.toml, line 1"]);
    fs::remove_file(hub.settings()).expect("a settings file");
    refused(&hub.verb(&["serve"], ""), &["guildhall.toml"]);
});

/// A running hub with a group, a post in it and a member.
async fn hub_with_a_post(kind: Kind) -> (Hub, Value) {
    let mut hub = Hub::new(kind);
    hub.user("anna", "admin");
    hub.user("ben", "member");
    hub.group("tea", "anna");
    hub.start().await;
    let text = json!({"title": "The only post", "body": "As it was."});
    let post = hub.api("POST", "/groups/tea/posts", "anna", text).await;
    (hub, post.expect(201))
}

/// What must be the same before and after.
async fn state(hub: &Hub, post: &Value) -> (Vec<Value>, Vec<Value>, Value) {
    let comments = format!("/posts/{}/comments", id(post));
    let group = hub.api("GET", "/groups/tea", "", Value::Null).await;
    (
        hub.list("/groups/tea/posts", "").await,
        hub.list(&comments, "").await,
        group.expect(200),
    )
}

on_both!(
    api_refuses_with_a_problem_document_and_changes_nothing,
    |kind| {
        let (mut hub, post) = hub_with_a_post(kind).await;
        let before = state(&hub, &post).await;
        let post_path = format!("/posts/{}", id(&post));
        let comments = format!("{post_path}/comments");
        let vote = format!("{post_path}/vote");
        let text = json!({"title": "T", "body": "b"});
        let long = json!({"title": "T".repeat(5_000), "body": "b"});
        let huge = json!({"title": "T", "body": "b".repeat(3 << 20)});
        let posts = "/groups/tea/posts";
        let cases: [(&str, &str, &str, Value, &[u16]); 17] = [
            ("POST", posts, "", text.clone(), &[401]),
            ("POST", posts, "nobody", text.clone(), &[401]),
            (
                "POST",
                posts,
                "ben",
                json!({"body": "no title"}),
                &[400, 422],
            ),
            (
                "POST",
                posts,
                "ben",
                json!({"title": "", "body": "b"}),
                &[422],
            ),
            (
                "POST",
                posts,
                "ben",
                json!({"title": 7, "body": "b"}),
                &[400, 422],
            ),
            ("POST", posts, "ben", json!([]), &[400, 422]),
            ("POST", posts, "ben", long, &[422]),
            ("POST", posts, "ben", huge, &[413]),
            ("POST", "/groups/nothing/posts", "ben", text, &[404]),
            ("PATCH", &post_path, "ben", json!({"title": "Mine"}), &[403]),
            ("DELETE", &post_path, "ben", Value::Null, &[403]),
            ("POST", &comments, "ben", json!({"body": ""}), &[422]),
            (
                "POST",
                &comments,
                "ben",
                json!({"body": "b", "parent_id": 7}),
                &[404, 422],
            ),
            ("POST", &vote, "ben", json!({"value": 7}), &[400, 422]),
            ("POST", "/posts/7/vote", "ben", json!({"value": 1}), &[404]),
            ("GET", "/posts/nonsense", "ben", Value::Null, &[400, 404]),
            ("GET", "/no/such/call", "ben", Value::Null, &[404]),
        ];
        for (method, path, user, body, statuses) in cases {
            let shown = body.to_string().chars().take(60).collect::<String>();
            let refusal = hub.api(method, path, user, body).await;
            if refusal.status == 413 {
                // The rest of the body stays unread, so the connection ends with the answer.
                hub.client = client();
            }
            let case = format!("{method} {path} {shown}: {refusal:?}");
            assert!(statuses.contains(&refusal.status), "{case}");
            assert!(
                refusal.kind.starts_with("application/problem+json"),
                "{case}"
            );
            let code = refusal.json()["code"]
                .as_str()
                .unwrap_or_default()
                .to_owned();
            assert!(!code.is_empty(), "{case}");
            assert_eq!(refusal.json()["status"], refusal.status, "{case}");
        }
        let broken = hub
            .request("POST", "/api/hub/v1/groups/tea/posts", "ben")
            .header("content-type", "application/json")
            .body("{\"title\": ");
        let refusal = answer(broken).await.expect("an answer");
        assert_eq!(refusal.status, 400, "{refusal:?}");
        assert!(
            refusal.kind.starts_with("application/problem+json"),
            "{refusal:?}"
        );
        assert_eq!(state(&hub, &post).await, before);
    }
);

on_both!(inbox_refuses_what_is_not_signed_or_not_sound, |kind| {
    let (hub, post) = hub_with_a_post(kind).await;
    let peer = Peer::start("lemmy").await;
    let (leo, inbox) = (peer.person("leo"), format!("{}/inbox", hub.base));
    let group = format!("{}/c/tea", hub.base);
    let uri = post["ap_id"].as_str().expect("an id");
    let before = state(&hub, &post).await;
    let comment = || {
        peer.comment(&leo, &group, uri, "Let me in.")
            .to_string()
            .into_bytes()
    };
    let key = sign::common_key();
    let post_signed = async |key: &sign::Key, signed: Vec<u8>, body: Vec<u8>| {
        let answer = peer.post(&inbox, key, &leo.key_id, signed, body).await;
        answer.expect("the hub answers").status
    };

    let unsigned = hub.client.post(&inbox).body(comment());
    let unsigned = unsigned.header("content-type", "application/activity+json");
    assert_eq!(answer(unsigned).await.expect("an answer").status, 401);
    assert_eq!(
        post_signed(key, comment(), comment()).await,
        401,
        "another body"
    );
    let body = comment();
    let other = sign::new_key();
    assert_eq!(
        post_signed(&other, body.clone(), body).await,
        401,
        "another key"
    );
    for broken in [
        "",
        "{",
        "[]",
        "null",
        "{\"type\":\"Create\"}",
        "{\"id\":1,\"type\":2}",
    ] {
        let body = broken.as_bytes().to_vec();
        let status = post_signed(key, body.clone(), body).await;
        assert!((400..500).contains(&status), "{broken}: {status}");
    }
    let huge = format!("{{\"pad\":\"{}\"}}", "x".repeat(3 << 20)).into_bytes();
    // The hub may close the connection instead of reading all of it.
    if let Ok(answer) = peer
        .post(&inbox, key, &leo.key_id, huge.clone(), huge)
        .await
    {
        assert_eq!(answer.status, 413);
    }
    assert_eq!(state(&hub, &post).await, before);

    let sound = peer
        .send(&inbox, &peer.comment(&leo, &group, uri, "Thank you."))
        .await;
    assert!(matches!(sound.expect("an answer").status, 200 | 202));
    eventually("the sound comment", async || {
        let comments = state(&hub, &post).await.1;
        (comments.len() == 1).then_some(())
    })
    .await;
});

on_both!(
    forms_come_back_with_what_was_typed_and_change_nothing,
    |kind| {
        let (hub, post) = hub_with_a_post(kind).await;
        let before = state(&hub, &post).await;
        let mut browser = Browser::new(&hub);

        let typed = [
            ("name", "x"),
            ("email", "new@mail.example"),
            ("password", PASSWORD),
        ];
        let again = browser.fill("/sign-up", &typed).await;
        assert_eq!(again.status, 422, "{again:?}");
        assert!(
            again.text.contains("new@mail.example"),
            "what was typed stays"
        );
        assert!(!again.text.contains(PASSWORD), "but never a password");
        let taken = [
            ("name", "anna"),
            ("email", "new@mail.example"),
            ("password", PASSWORD),
        ];
        assert_eq!(browser.fill("/sign-up", &taken).await.status, 422);
        let wrong = [("name", "ben"), ("password", "not the password")];
        let again = browser.fill("/sign-in", &wrong).await;
        assert!(matches!(again.status, 401 | 422), "{again:?}");
        let right = [("name", "ben"), ("password", PASSWORD)];
        let forged = browser.send("/sign-in", &right).await;
        assert_eq!(forged.status, 403, "without the page's token: {forged:?}");

        let welcome = browser.fill("/sign-in", &right).await;
        assert_eq!(welcome.status, 303, "{welcome:?}");
        let empty = [("title", " "), ("body", "Many words, no title.")];
        let again = browser.fill("/c/tea/new", &empty).await;
        assert_eq!(again.status, 422, "{again:?}");
        assert!(
            again.text.contains("Many words, no title."),
            "what was typed stays"
        );
        let bad = [
            ("title", "A link"),
            ("url", "javascript:alert(1)"),
            ("body", ""),
        ];
        assert_eq!(browser.fill("/c/tea/new", &bad).await.status, 422);
        assert_eq!(state(&hub, &post).await, before);

        let good = [("title", "A title"), ("body", "And words.")];
        let posted = browser.fill("/c/tea/new", &good).await;
        assert_eq!(posted.status, 303, "{posted:?}");
        assert_eq!(hub.posts("tea").await.len(), 2);
    }
);
