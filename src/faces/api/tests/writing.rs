//! Drafts, questions, and what a program keeps for its person.

use super::*;

const API: &str = "/api/hub/v1";

async fn call(hub: &Hub, method: &str, path: &str, token: &str, body: Value) -> Answer {
    let body = Some(body).filter(|body| !body.is_null());
    hub.call(method, &format!("{API}{path}"), token, body).await
}

hub_test!(a_draft_is_kept_planned_and_posted_by_a_program, |hub| {
    let token = begin(&hub).await;
    let made = call(
        &hub,
        "POST",
        "/drafts",
        &token,
        json!({"title": "Pots", "body": "Iron"}),
    )
    .await;
    assert_eq!(made.status, 201, "{}", made.text);
    let id = made.json()["id"].as_i64().unwrap();
    let path = format!("/drafts/{id}");
    problem(
        &call(
            &hub,
            "POST",
            &format!("{path}/publish"),
            &token,
            Value::Null,
        )
        .await,
        422,
        "draft.group",
    );
    let plan = json!({"group": "tea", "title": "Pots", "body": "Clay", "form": "question",
        "publish_at": "2026-07-01T09:00:00Z"});
    let planned = call(&hub, "PATCH", &path, &token, plan).await;
    assert_eq!(planned.status, 200, "{}", planned.text);
    assert_eq!(planned.json()["publish_at"], "2026-07-01T09:00:00Z");
    let wrong = json!({"group": "tea", "title": "Pots", "publish_at": "soon"});
    problem(
        &call(&hub, "PATCH", &path, &token, wrong).await,
        422,
        "event.time",
    );
    let other = hub.token("ben", "read write").await;
    problem(
        &call(&hub, "GET", &path, &other, Value::Null).await,
        404,
        "draft.not_found",
    );
    let list = call(&hub, "GET", "/drafts", &token, Value::Null)
        .await
        .json();
    assert_eq!(list["items"][0]["body"], "Clay");
    let posted = call(
        &hub,
        "POST",
        &format!("{path}/publish"),
        &token,
        Value::Null,
    )
    .await;
    assert_eq!(posted.status, 201, "{}", posted.text);
    assert_eq!(
        posted.json()["question"],
        json!({"answer_id": null, "answered_at": null})
    );
    problem(
        &call(&hub, "GET", &path, &token, Value::Null).await,
        404,
        "draft.not_found",
    );
    let gone = call(&hub, "DELETE", &path, &token, Value::Null).await;
    assert_eq!(gone.status, 404);
});

hub_test!(a_program_asks_and_chooses_the_answer, |hub| {
    let token = begin(&hub).await;
    let ask = json!({"title": "Which pot?", "body": "", "question": true});
    let asked = post(&hub, &token, ask).await;
    let id = asked.json()["id"].as_i64().unwrap();
    let both = json!({"title": "Which pot?", "question": true,
        "poll": {"options": ["a", "b"], "ends_at": "2026-07-01T00:00:00Z"}});
    problem(&post(&hub, &token, both).await, 422, "post.both");
    let said = call(
        &hub,
        "POST",
        &format!("/posts/{id}/comments"),
        &token,
        json!({"body": "Iron"}),
    )
    .await;
    let comment = said.json()["id"].as_i64().unwrap();
    let open = call(&hub, "GET", "/questions", "", Value::Null)
        .await
        .json();
    assert_eq!(open["items"][0]["id"], id);
    let answer = format!("/posts/{id}/answer");
    let other = hub.token("ben", "read write").await;
    problem(
        &call(
            &hub,
            "POST",
            &answer,
            &other,
            json!({"comment_id": comment}),
        )
        .await,
        403,
        "question.asker",
    );
    let chosen = call(
        &hub,
        "POST",
        &answer,
        &token,
        json!({"comment_id": comment}),
    )
    .await;
    assert_eq!(
        chosen.json()["question"]["answer_id"],
        comment,
        "{}",
        chosen.text
    );
    let open = call(&hub, "GET", "/questions", "", Value::Null)
        .await
        .json();
    assert_eq!(open["items"], json!([]));
    let done = call(&hub, "GET", "/questions?state=answered", "", Value::Null)
        .await
        .json();
    assert_eq!(done["items"][0]["id"], id);
    for round in ["chosen", "withdrawn"] {
        let none = call(&hub, "POST", &answer, &other, json!({"comment_id": null})).await;
        assert_eq!(none.status, 403, "{round}: {}", none.text);
        let again = call(&hub, "POST", &answer, &token, json!({"comment_id": null})).await;
        assert_eq!(again.json()["question"]["answer_id"], Value::Null);
    }
    let alien = number(&hub, &token).await;
    let foreign = call(
        &hub,
        "POST",
        &format!("/posts/{alien}/answer"),
        &token,
        json!({"comment_id": comment}),
    )
    .await;
    problem(&foreign, 422, "comment.parent");
    let odd = call(&hub, "GET", "/questions?state=odd", "", Value::Null).await;
    problem(&odd, 422, "state.unknown");
});

hub_test!(a_program_says_which_questions_stand_first, |hub| {
    let token = begin(&hub).await;
    let mut asked = Vec::new();
    for title in ["Which pot?", "Which lid?"] {
        let ask = json!({"title": title, "body": "", "question": true});
        asked.push(post(&hub, &token, ask).await.json()["id"].clone());
    }
    let first = async |query: &str| {
        let path = format!("/questions{query}");
        let found = call(&hub, "GET", &path, "", Value::Null).await;
        found.json()["items"][0]["id"].clone()
    };
    assert_eq!(first("").await, asked[1]);
    assert_eq!(first("?order=newest").await, asked[1]);
    assert_eq!(first("?order=oldest&state=open").await, asked[0]);
    let odd = call(&hub, "GET", "/questions?order=odd", "", Value::Null).await;
    problem(&odd, 422, "order.unknown");
});

hub_test!(a_program_says_what_to_hear_of_a_group, |hub| {
    begin(&hub).await;
    let token = hub.token("ben", "read write").await;
    let hear = async |news: &str| {
        let news = json!({"news": news});
        call(&hub, "POST", "/groups/tea/news", &token, news).await
    };
    problem(&hear("all").await, 409, "group.not_joined");
    call(&hub, "POST", "/groups/tea/join", &token, Value::Null).await;
    let of = async || {
        let shown = call(&hub, "GET", "/groups/tea", &token, Value::Null).await;
        shown.json()["membership"]["news"].clone()
    };
    assert_eq!(of().await, "own");
    for level in ["all", "nothing", "own"] {
        let heard = hear(level).await;
        assert_eq!(heard.status, 200, "{}", heard.text);
        assert_eq!(heard.json()["membership"]["news"], level);
    }
    problem(&hear("odd").await, 422, "news.unknown");
});

hub_test!(a_program_saves_watches_restores_and_looks_back, |hub| {
    let token = begin(&hub).await;
    let id = number(&hub, &token).await;
    let said = call(
        &hub,
        "POST",
        &format!("/posts/{id}/comments"),
        &token,
        json!({"body": "Iron"}),
    )
    .await;
    let comment = said.json()["id"].as_i64().unwrap();
    for path in [
        format!("/posts/{id}/save"),
        format!("/comments/{comment}/save"),
    ] {
        let saved = call(&hub, "POST", &path, &token, json!({"saved": true})).await;
        assert_eq!(saved.status, 204, "{}", saved.text);
    }
    let list = call(&hub, "GET", "/saved", &token, Value::Null)
        .await
        .json();
    let items = list["items"].as_array().unwrap();
    assert_eq!(items.len(), 2, "{list}");
    assert!(items.iter().all(|item| item["saved"] == true), "{list}");
    let visitor = call(&hub, "GET", "/saved", "", Value::Null).await;
    assert_eq!(visitor.status, 401);
    let watch = format!("/posts/{id}/watch");
    for (word, status) in [
        (json!("muted"), 204),
        (json!("loud"), 422),
        (Value::Null, 204),
    ] {
        let set = call(&hub, "POST", &watch, &token, json!({"watch": word})).await;
        assert_eq!(set.status, status, "{}", set.text);
    }
    let change = call(
        &hub,
        "PATCH",
        &format!("/comments/{comment}"),
        &token,
        json!({"body": "Clay"}),
    )
    .await;
    assert_eq!(change.status, 200);
    let versions = format!("/comments/{comment}/versions");
    let said = call(&hub, "GET", &versions, &token, Value::Null)
        .await
        .json();
    let bodies: Vec<_> = said["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["body"])
        .collect();
    assert_eq!(bodies, ["Clay", "Iron"]);
    let other = hub.token("ben", "read write").await;
    problem(
        &call(&hub, "GET", &versions, &other, Value::Null).await,
        403,
        "history.closed",
    );
    for at in [format!("/comments/{comment}"), format!("/posts/{id}")] {
        let gone = call(&hub, "DELETE", &at, &token, Value::Null).await;
        assert_eq!(gone.status, 204);
        let back = call(&hub, "POST", &format!("{at}/restore"), &token, Value::Null).await;
        assert_eq!(back.status, 204, "{}", back.text);
    }
});

hub_test!(
    h187_h188_a_program_sends_again_and_changes_what_it_read,
    |hub| {
        let token = begin(&hub).await;
        let send = async |key: &str, path: &str| {
            let request = http::Request::post(format!("{API}{path}"))
                .header("authorization", format!("Bearer {token}"))
                .header("content-type", "application/json")
                .header("idempotency-key", key);
            let body = match path {
                "/groups/tea/posts" => json!({"title": "Which pot?", "body": "Iron"}),
                _ => json!({"body": "Clay"}),
            };
            let request = request.body(axum::body::Body::from(body.to_string()));
            hub.ask(request.unwrap()).await
        };
        let made = send("a", "/groups/tea/posts").await;
        assert_eq!(made.status, 201, "H187: {}", made.text);
        let id = made.json()["id"].as_i64().unwrap();
        let comments = format!("/posts/{id}/comments");
        for (row, key, path, same) in [
            ("H187 again", "a", "/groups/tea/posts", true),
            ("H187 another key", "b", "/groups/tea/posts", false),
        ] {
            let made = send(key, path).await;
            assert_eq!(made.status, 201, "{row}: {}", made.text);
            assert_eq!(made.json()["id"] == json!(id), same, "{row}");
        }
        let said = send("a", &comments).await.json();
        assert_eq!(send("a", &comments).await.json()["id"], said["id"], "H187");
        for key in ["", &"k".repeat(256)] {
            problem(&send(key, &comments).await, 422, "key.malformed");
        }
        for (path, read) in [
            (format!("/posts/{id}"), made.json()),
            (format!("/comments/{}", said["id"]), said),
        ] {
            let change = |body: &str| json!({"body": body, "version": read["published_at"]});
            let first = call(&hub, "PATCH", &path, &token, change("One")).await;
            assert_eq!(first.status, 200, "H188 {path}: {}", first.text);
            let late = call(&hub, "PATCH", &path, &token, change("Two")).await;
            problem(&late, 409, "edit.conflict");
            let newest = json!({"body": "Both", "version": first.json()["edited_at"]});
            let both = call(&hub, "PATCH", &path, &token, newest).await;
            assert_eq!(both.json()["body"], "Both", "H188 {path}: {}", both.text);
        }
    }
);

hub_test!(
    a_draft_holds_by_program_all_that_it_holds_on_the_web,
    |hub| {
        let token = begin(&hub).await;
        let one = upload(&hub, &token).await;
        let two = upload(&hub, &token).await;
        let whole = json!({"group": "tea", "title": "Come", "form": "event", "sensitive": true,
        "quote": "https://else.example/post/1",
        "pictures": [{"key": one, "alt": "A pot", "focal_point": [-1, 0.5]}, {"key": two}],
        "event": {"starts_at": "2026-07-01T18:00:00Z", "ends_at": "2026-07-01T20:30:00Z",
            "timezone": "Europe/Berlin", "place": "The workshop", "online_url": "https://meet.example/",
            "restricted": true, "capacity": 12}});
        let made = call(&hub, "POST", "/drafts", &token, whole.clone()).await;
        assert_eq!(made.status, 201, "{}", made.text);
        let made = made.json();
        assert_eq!(made["event"], whole["event"]);
        assert_eq!(
            (&made["form"], &made["sensitive"]),
            (&json!("event"), &json!(true))
        );
        assert_eq!(made["quote"], whole["quote"]);
        let shown = &made["attachments"];
        assert_eq!(shown[0]["alt"], "A pot");
        assert_eq!(shown[0]["focal_point"], json!([-1.0, 0.5]));
        assert!(shown[1]["url"].as_str().unwrap().contains(&two), "{shown}");
        let path = format!("/drafts/{}", made["id"]);
        // What was added later stays where nothing is said of it.
        let plain = json!({"group": "tea", "title": "Come along", "form": "event"});
        let kept = call(&hub, "PATCH", &path, &token, plain).await.json();
        for name in ["event", "sensitive", "quote", "attachments"] {
            assert_eq!(kept[name], made[name], "{name}");
        }
        let fewer = json!({"group": "tea", "title": "Come along", "form": "event", "quote": "",
        "sensitive": false, "pictures": [{"key": two}]});
        let kept = call(&hub, "PATCH", &path, &token, fewer).await.json();
        assert_eq!(kept["attachments"].as_array().unwrap().len(), 1);
        assert_eq!(
            (&kept["quote"], &kept["sensitive"]),
            (&Value::Null, &json!(false))
        );
        for (wrong, code) in [
            (json!({"event": {"starts_at": "soon"}}), "event.time"),
            (
                json!({"event": {"starts_at": "2026-07-01T18:00:00Z", "timezone": "Nowhere"}}),
                "event.when",
            ),
            (
                json!({"pictures": [{"key": two, "focal_point": [2, 0]}]}),
                "media.focus",
            ),
            (
                json!({"pictures": [{"key": "ab".repeat(32)}]}),
                "media.unknown",
            ),
        ] {
            problem(&call(&hub, "PATCH", &path, &token, wrong).await, 422, code);
        }
        let publish = format!("{path}/publish");
        let posted = call(&hub, "POST", &publish, &token, Value::Null).await;
        assert_eq!(posted.status, 201, "{}", posted.text);
        let posted = posted.json();
        assert_eq!(posted["event"]["starts_at"], "2026-07-01T18:00:00Z");
        assert_eq!(posted["event"]["place"], "The workshop");
        assert_eq!(posted["attachments"].as_array().unwrap().len(), 1);
        let poll = json!({"group": "tea", "title": "Which?", "form": "poll", "options": ["Iron", "Clay"],
        "multiple": true, "days": 3, "pictures": []});
        let poll = call(&hub, "POST", "/drafts", &token, poll).await.json();
        assert_eq!(
            (&poll["options"], &poll["event"]),
            (&json!(["Iron", "Clay"]), &Value::Null)
        );
    }
);

/// The key of a picture that the token's owner uploaded.
async fn upload(hub: &Hub, token: &str) -> String {
    let mut body =
        b"--xyz\r\ncontent-disposition: form-data; name=\"file\"; filename=\"pot.png\"\r\n\r\n"
            .to_vec();
    body.extend(crate::media::testing::png(8, 8));
    body.extend_from_slice(b"\r\n--xyz--\r\n");
    let request = http::Request::post(format!("{API}/media"))
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "multipart/form-data; boundary=xyz")
        .body(axum::body::Body::from(body));
    let made = hub.ask(request.unwrap()).await;
    assert_eq!(made.status, 201, "{}", made.text);
    made.json()["key"].as_str().unwrap().to_owned()
}

hub_test!(a_program_gets_what_a_linked_page_says, |hub| {
    let token = begin(&hub).await;
    let url = "https://brand.example/tea";
    let new = json!({"title": "Tea", "body": "", "url": url});
    let made = call(&hub, "POST", "/groups/tea/posts", &token, new).await;
    let path = format!("/posts/{}", made.json()["id"]);
    let note = crate::operations::post::NotePreview {
        url: url.to_owned(),
        found: crate::domain::link_preview::LinkPreview {
            title: Some("All about tea".to_owned()),
            picture: Some("https://pictures.example/tea.png".to_owned()),
            ..Default::default()
        },
    };
    hub.hall.run(Caller::System, note).await.unwrap();
    let shown = call(&hub, "GET", &path, &token, Value::Null).await.json();
    let preview = &shown["link_preview"];
    assert_eq!(preview["url"], url);
    assert_eq!(preview["title"], "All about tea");
    assert_eq!(preview["description"], Value::Null);
    let picture = preview["image_url"].as_str().unwrap();
    let own = "https://hub.test/media/proxy/";
    assert!(picture.starts_with(own), "{picture}");
    let gone = call(&hub, "DELETE", &path, &token, Value::Null).await;
    assert_eq!(gone.status, 204, "{}", gone.text);
    let shown = call(&hub, "GET", &path, &token, Value::Null).await.json();
    assert_eq!(shown["link_preview"], Value::Null);
});

hub_test!(an_answer_is_begun_and_discarded_by_a_program, |hub| {
    let token = begin(&hub).await;
    let words = json!({"title": "Pots", "body": "Iron or clay?"});
    let made = call(&hub, "POST", "/groups/tea/posts", &token, words).await;
    let id = made.json()["id"].as_i64().unwrap();
    let draft = format!("/posts/{id}/draft");
    let begun = call(&hub, "POST", &draft, &token, json!({"body": "Cl"})).await;
    assert_eq!(begun.status, 204, "{}", begun.text);
    call(&hub, "POST", &draft, &token, json!({"body": "Clay"})).await;
    let list = call(&hub, "GET", "/drafts/answers", &token, Value::Null).await;
    let items = list.json()["items"].clone();
    assert_eq!(items.as_array().map(Vec::len), Some(1), "{items}");
    assert_eq!(items[0]["parent_id"], id);
    assert_eq!(items[0]["body"], "Clay");
    let other = hub.token("ben", "read write").await;
    let gone = format!("/drafts/answers/{id}");
    problem(
        &call(&hub, "DELETE", &gone, &other, Value::Null).await,
        404,
        "draft.not_found",
    );
    let discarded = call(&hub, "DELETE", &gone, &token, Value::Null).await;
    assert_eq!(discarded.status, 204, "{}", discarded.text);
    let list = call(&hub, "GET", "/drafts/answers", &token, Value::Null).await;
    assert_eq!(list.json()["items"], json!([]));
});
