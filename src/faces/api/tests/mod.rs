//! Every call of the hub API, from outside.

use serde_json::{Value, json};

use crate::domain::actor::ActorKind;
use crate::domain::caller::Caller;
use crate::domain::ids::{ActorId, ObjectId, PostId};
use crate::faces::shared::testing::{Answer, Hub, hub_test};
use crate::operations::flag::RaiseFlag;
use crate::operations::moderation::ChangeModerator;
use crate::operations::trial;

mod desk;
mod moving;
mod people;
mod writing;

/// A group `tea`, and a member `anna` who may write.
async fn begin(hub: &Hub) -> String {
    trial::group(&hub.operations, "tea", None).await;
    hub.token("anna", "read write").await
}

async fn post(hub: &Hub, token: &str, body: Value) -> Answer {
    hub.call("POST", "/api/hub/v1/groups/tea/posts", token, Some(body))
        .await
}

async fn number(hub: &Hub, token: &str) -> i64 {
    let made = post(
        hub,
        token,
        json!({"title": "Which pot?", "body": "Iron or **clay**"}),
    )
    .await;
    assert_eq!(made.status, 201, "{}", made.text);
    made.json()["id"].as_i64().expect("ids are numbers")
}

fn problem(answer: &Answer, status: u16, code: &str) {
    assert_eq!(answer.status, status, "{}", answer.text);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    let problem = answer.json();
    assert_eq!(problem["code"], code, "{problem}");
    assert_eq!(problem["request_id"], answer.header("x-request-id"));
    assert!(
        problem["detail"]
            .as_str()
            .is_some_and(|text| text.len() > 10),
        "{problem}"
    );
}

hub_test!(a_post_has_the_documented_shape, |hub| {
    let token = begin(&hub).await;
    let made = post(
        &hub,
        &token,
        json!({"title": "Pots", "body": "**Iron**", "language": "en"}),
    )
    .await;
    assert_eq!(made.status, 201, "{}", made.text);
    let shown = made.json();
    let id = shown["id"].as_i64().unwrap();
    assert_eq!(shown["ap_id"], format!("https://hub.test/post/{id}"));
    assert_eq!(
        shown["author"],
        json!({"handle": "anna", "name": "anna", "ap_id": "https://hub.test/u/anna", "local": true, "icon_url": null})
    );
    assert_eq!(
        shown["content_html"].as_str().unwrap().trim(),
        "<p><strong>Iron</strong></p>"
    );
    for (field, value) in [
        ("group", json!("tea")),
        ("title", json!("Pots")),
        ("body", json!("**Iron**")),
        ("link_url", Value::Null),
        ("link_preview", Value::Null),
        ("edited_at", Value::Null),
        ("downvotes", json!(0)),
        ("comment_count", json!(0)),
        ("locked", json!(false)),
        ("featured", json!(false)),
        ("deleted", json!(false)),
        ("language", json!("en")),
        ("sensitive", json!(false)),
        ("warning", Value::Null),
        ("attachments", json!([])),
        ("published_at", json!("2026-06-01T12:00:00Z")),
    ] {
        assert_eq!(shown[field], value, "{field}");
    }
    assert!(shown["url"].is_string() && shown["upvotes"].is_number());
    assert_eq!(
        hub.get(&format!("/api/hub/v1/posts/{id}")).await.json()["title"],
        "Pots"
    );
});

hub_test!(lists_are_pages_with_a_cursor, |hub| {
    let token = begin(&hub).await;
    for _ in 0..3 {
        number(&hub, &token).await;
    }
    let list = "/api/hub/v1/groups/tea/posts?limit=2";
    let first = hub.get(list).await.json();
    assert_eq!(first["items"].as_array().unwrap().len(), 2);
    let next = first["next"].as_str().expect("more");
    let second = hub.get(&format!("{list}&cursor={next}")).await.json();
    assert_eq!(
        (second["items"].as_array().unwrap().len(), &second["next"]),
        (1, &Value::Null)
    );
    for sort in ["new", "hot", "top", "active"] {
        assert_eq!(
            hub.get(&format!("{list}&sort={sort}")).await.status,
            200,
            "{sort}"
        );
    }
    for (range, found) in [("day", 0), ("week", 2), ("all", 2)] {
        hub.hall
            .pass(if range == "day" { 2 * 24 * 3600 } else { 0 });
        let page = hub.get(&format!("{list}&sort=top&range={range}")).await;
        let items = page.json()["items"].as_array().map(Vec::len);
        assert_eq!(items, Some(found), "{range}");
    }
    problem(
        &hub.get(&format!("{list}&sort=top&range=ever")).await,
        422,
        "range.unknown",
    );
    problem(
        &hub.get(&format!("{list}&sort=best")).await,
        422,
        "sort.unknown",
    );
    problem(
        &hub.get(&format!("{list}&cursor=nonsense")).await,
        422,
        "cursor.unknown",
    );
    for limit in ["0", "-1", "1000000000"] {
        let answer = hub
            .get(&format!("/api/hub/v1/groups/tea/posts?limit={limit}"))
            .await;
        assert_eq!(answer.status, 200, "{limit}");
    }
    problem(
        &hub.get("/api/hub/v1/groups/tea/posts?limit=abc").await,
        422,
        "request.query",
    );
});

hub_test!(an_author_edits_and_deletes_a_post, |hub| {
    let token = begin(&hub).await;
    let id = number(&hub, &token).await;
    let address = format!("/api/hub/v1/posts/{id}");
    trial::wait(&hub.operations, 60);
    let changed = hub
        .call(
            "PATCH",
            &address,
            &token,
            Some(json!({"title": "Which cup?"})),
        )
        .await;
    assert_eq!(changed.status, 200, "{}", changed.text);
    let changed = changed.json();
    assert_eq!(
        (&changed["title"], &changed["body"]),
        (&json!("Which cup?"), &json!("Iron or **clay**"))
    );
    assert_eq!(changed["edited_at"], "2026-06-01T12:01:00Z");
    let other = hub.token("ben", "write").await;
    problem(
        &hub.call("DELETE", &address, &other, None).await,
        403,
        "author.required",
    );
    let deleted = hub.call("DELETE", &address, &token, None).await;
    assert_eq!((deleted.status.as_u16(), deleted.text.as_str()), (204, ""));
    let shown = hub.get(&address).await.json();
    assert_eq!(
        (&shown["deleted"], &shown["title"], &shown["body"]),
        (&json!(true), &json!(""), &Value::Null)
    );
    let list = hub.get("/api/hub/v1/groups/tea/posts").await.json();
    assert_eq!(list["items"], json!([]));
});

hub_test!(comments_come_in_thread_order, |hub| {
    let token = begin(&hub).await;
    let id = number(&hub, &token).await;
    let address = format!("/api/hub/v1/posts/{id}/comments");
    let mut made = Vec::new();
    for parent in [None, None, Some(0), Some(id)] {
        let parent = match parent {
            Some(0) => made.first().copied(),
            other => other,
        };
        let body = json!({"body": "Clay.", "parent_id": parent});
        let answer = hub.call("POST", &address, &token, Some(body)).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        made.push(answer.json()["id"].as_i64().unwrap());
    }
    let shown = hub.get(&address).await.json();
    let items = shown["items"].as_array().unwrap();
    let ids: Vec<i64> = items
        .iter()
        .map(|item| item["id"].as_i64().unwrap())
        .collect();
    assert_eq!(ids, [made[0], made[2], made[1], made[3]]);
    assert_eq!(
        (&items[1]["depth"], &items[1]["parent_id"]),
        (&json!(2), &json!(made[0]))
    );
    assert_eq!(
        (&items[0]["depth"], &items[0]["parent_id"]),
        (&json!(1), &Value::Null)
    );
    assert_eq!(items[0]["post_id"], id);
    assert_eq!(
        hub.get(&format!("/api/hub/v1/posts/{id}")).await.json()["comment_count"],
        4
    );
    let stranger = json!({"body": "x", "parent_id": 77});
    problem(
        &hub.call("POST", &address, &token, Some(stranger)).await,
        422,
        "comment.parent",
    );
});

hub_test!(a_comment_is_changed_voted_on_and_deleted, |hub| {
    let token = begin(&hub).await;
    let id = number(&hub, &token).await;
    let thread = format!("/api/hub/v1/posts/{id}/comments");
    let made = hub
        .call("POST", &thread, &token, Some(json!({"body": "Clay."})))
        .await
        .json();
    let address = format!("/api/hub/v1/comments/{}", made["id"]);
    let changed = hub
        .call("PATCH", &address, &token, Some(json!({"body": "Iron."})))
        .await;
    assert_eq!(changed.json()["body"], "Iron.", "{}", changed.text);
    let ben = hub.token("ben", "read write").await;
    let voted = hub
        .call(
            "POST",
            &format!("{address}/vote"),
            &ben,
            Some(json!({"value": -1})),
        )
        .await;
    let voted = voted.json();
    assert_eq!(
        (&voted["downvotes"], &voted["my_vote"]),
        (&json!(1), &json!(-1))
    );
    assert_eq!(hub.call("DELETE", &address, &token, None).await.status, 204);
    let left = hub.get(&thread).await.json();
    for item in left["items"].as_array().unwrap() {
        assert_eq!(
            (&item["deleted"], &item["content_html"]),
            (&json!(true), &json!(""))
        );
    }
});

hub_test!(votes_count_once_and_are_taken_back, |hub| {
    let token = begin(&hub).await;
    let id = number(&hub, &token).await;
    let before = hub.get(&format!("/api/hub/v1/posts/{id}")).await.json()["upvotes"]
        .as_i64()
        .unwrap();
    let ben = hub.token("ben", "write").await;
    let address = format!("/api/hub/v1/posts/{id}/vote");
    for (value, up, down) in [(1, 1, 0), (1, 1, 0), (-1, 0, 1), (0, 0, 0)] {
        let voted = hub
            .call("POST", &address, &ben, Some(json!({"value": value})))
            .await
            .json();
        assert_eq!(voted["upvotes"], before + up, "{value}");
        assert_eq!(voted["downvotes"], down, "{value}");
    }
    let wrong = hub
        .call("POST", &address, &ben, Some(json!({"value": 2})))
        .await;
    assert_eq!(wrong.status, 422, "{}", wrong.text);
});

hub_test!(a_member_joins_and_leaves, |hub| {
    let token = begin(&hub).await;
    let joined = hub
        .call("POST", "/api/hub/v1/groups/tea/join", &token, None)
        .await;
    assert_eq!(joined.json(), json!({"group": "tea", "state": "accepted"}));
    let group = hub
        .call("GET", "/api/hub/v1/groups/tea@hub.test", &token, None)
        .await
        .json();
    assert_eq!(
        (&group["member_count"], &group["membership"]["state"]),
        (&json!(1), &json!("accepted"))
    );
    assert_eq!(group["ap_id"], "https://hub.test/c/tea");
    let left = hub
        .call("POST", "/api/hub/v1/groups/tea/leave", &token, None)
        .await;
    assert_eq!(left.json(), json!({"group": "tea", "state": null}));
    let all = hub.get("/api/hub/v1/groups").await.json();
    assert_eq!(
        (&all["items"][0]["name"], &all["items"][0]["member_count"]),
        (&json!("tea"), &json!(0))
    );
    problem(
        &hub.get("/api/hub/v1/groups/coffee").await,
        404,
        "group.not_found",
    );
});

hub_test!(who_asks_is_told_by_one_token_in_the_header, |hub| {
    let token = begin(&hub).await;
    let body = json!({"title": "A", "body": "b"});
    problem(&post(&hub, "", body.clone()).await, 401, "token.required");
    problem(
        &post(&hub, "nonsense", body.clone()).await,
        401,
        "token.unknown",
    );
    let query = format!("/api/hub/v1/groups/tea/posts?access_token={token}");
    problem(
        &hub.call("POST", &query, "", Some(body.clone())).await,
        401,
        "token.required",
    );
    problem(
        &hub.call("GET", "/api/hub/v1/groups", "nonsense", None)
            .await,
        401,
        "token.unknown",
    );
    let reader = hub.token("ben", "read").await;
    problem(&post(&hub, &reader, body.clone()).await, 403, "token.scope");
    let writer = hub.token("cora", "write").await;
    problem(
        &hub.call("GET", "/api/hub/v1/groups", &writer, None).await,
        403,
        "token.scope",
    );
    let refused = post(&hub, "", body).await;
    assert_eq!(refused.header("www-authenticate"), "Bearer");
});

hub_test!(what_is_wrong_with_a_request_is_said, |hub| {
    let token = begin(&hub).await;
    for (body, word) in [
        (json!({"body": "no title"}), "title"),
        (json!({"title": 5, "body": "x"}), "string"),
        (json!({"title": "x", "body": "y", "colour": {}}), "colour"),
        (json!(["by position", "x"]), "an object"),
    ] {
        let answer = post(&hub, &token, body).await;
        problem(&answer, 422, "request.shape");
        assert!(answer.text.contains(word), "{}", answer.text);
    }
    let untitled = post(&hub, &token, json!({"title": " ", "body": "x"})).await;
    assert_eq!(untitled.status, 422);
    assert_eq!(
        untitled.json()["fields"][0]["name"],
        "title",
        "{}",
        untitled.text
    );
    let raw = |kind: &str, body: String| {
        http::Request::post("/api/hub/v1/groups/tea/posts")
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", kind)
            .body(axum::body::Body::from(body))
            .unwrap()
    };
    problem(
        &hub.ask(raw("application/json", "{".into())).await,
        400,
        "request.json",
    );
    problem(
        &hub.ask(raw("text/plain", "{}".into())).await,
        415,
        "request.media_type",
    );
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    problem(
        &hub.ask(raw("application/json", deep)).await,
        422,
        "request.shape",
    );
    let long = format!("{{\"title\":\"{}\"}}", "x".repeat(2 << 20));
    problem(
        &hub.ask(raw("application/json", long)).await,
        413,
        "request.too_large",
    );
});

hub_test!(unknown_addresses_and_wrong_methods_are_problems, |hub| {
    problem(
        &hub.get("/api/hub/v1/nothing").await,
        404,
        "address.unknown",
    );
    problem(
        &hub.get("/api/hub/v1/posts/abc").await,
        404,
        "address.unknown",
    );
    problem(
        &hub.get("/api/hub/v1/posts/12").await,
        404,
        "post.not_found",
    );
    let wrong = hub.call("PUT", "/api/hub/v1/groups/tea", "", None).await;
    problem(&wrong, 405, "method.not_allowed");
    assert!(wrong.header("allow").contains("GET"), "{wrong:?}");
});

/// Makes somebody a moderator of a group.
async fn appoint(hub: &Hub, group: ActorId, name: &str) {
    let found = crate::domain::ids::Handle::parse(name).unwrap();
    let find = move |db: &mut _| crate::views::actor::person(db, &found);
    let moderator = hub.operations.store.read(find).await.unwrap().id;
    let change = ChangeModerator {
        group,
        moderator,
        added: true,
        relay: None,
    };
    trial::run(&hub.operations, Caller::System, change).await;
}

hub_test!(moderators_see_reports_with_all_their_reasons, |hub| {
    let token = begin(&hub).await;
    let id = number(&hub, &token).await;
    let group = crate::domain::ids::Handle::parse("tea").unwrap();
    let find = move |db: &mut _| crate::views::group::find(db, &group);
    let group = hub.operations.store.read(find).await.unwrap().id;
    let author = find_person(&hub, "anna").await;
    for (name, reason) in [("ben", "off topic"), ("cora", "spam")] {
        let reporter = trial::person(&hub.operations, name).await;
        let flag = RaiseFlag {
            group: Some(group),
            objects: vec![ObjectId::Post(PostId(id))],
            subject: author,
            reason: reason.to_owned(),
            uri: None,
        };
        trial::run(&hub.operations, trial::member(reporter), flag).await;
    }
    let address = "/api/hub/v1/groups/tea/reports";
    problem(&hub.get(address).await, 401, "sign_in.required");
    problem(
        &hub.call("GET", address, &token, None).await,
        403,
        "moderator.required",
    );
    appoint(&hub, group, "anna").await;
    let reports = hub.call("GET", address, &token, None).await.json();
    let report = &reports["items"][0];
    assert_eq!(
        (&report["report_count"], &report["object_id"]),
        (&json!(2), &json!(id))
    );
    let reasons: Vec<&str> = report["reasons"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|r| r["reason"].as_str())
        .collect();
    assert!(
        reasons.contains(&"spam") && reasons.contains(&"off topic"),
        "{reasons:?}"
    );
});

async fn find_person(hub: &Hub, name: &str) -> ActorId {
    let handle = crate::domain::ids::Handle::parse(name).unwrap();
    let find = move |db: &mut _| crate::views::actor::person(db, &handle);
    hub.operations.store.read(find).await.unwrap().id
}

hub_test!(a_banned_person_cannot_write_until_let_in_again, |hub| {
    let token = begin(&hub).await;
    let ben = hub.token("ben", "read write").await;
    let address = "/api/hub/v1/groups/tea/bans";
    let ban = json!({"person": "https://hub.test/u/ben", "reason": "spam", "until": "2027-01-01T00:00:00Z"});
    problem(
        &hub.call("POST", address, &token, Some(ban.clone())).await,
        403,
        "moderator.required",
    );
    let group = hub.get("/api/hub/v1/groups/tea").await.json()["id"]
        .as_i64()
        .unwrap();
    appoint(&hub, ActorId(group), "anna").await;
    let wrong = json!({"person": "ben", "until": "tomorrow"});
    problem(
        &hub.call("POST", address, &token, Some(wrong)).await,
        422,
        "ban.until",
    );
    let nobody = json!({"person": "nobody", "reason": "x"});
    problem(
        &hub.call("POST", address, &token, Some(nobody)).await,
        404,
        "actor.not_found",
    );
    let made = hub.call("POST", address, &token, Some(ban)).await;
    assert_eq!(made.status, 201, "{}", made.text);
    assert_eq!(made.json()["person"]["handle"], "ben");
    problem(
        &post(&hub, &ben, json!({"title": "Hello", "body": "again"})).await,
        403,
        "banned",
    );
    let again = hub
        .call("DELETE", &format!("{address}/ben"), &token, None)
        .await;
    assert_eq!(again.status, 204, "{}", again.text);
    assert_eq!(
        post(&hub, &ben, json!({"title": "Hello", "body": "again"}))
            .await
            .status,
        201
    );
});

hub_test!(a_search_finds_words_addresses_and_handles, |hub| {
    let token = begin(&hub).await;
    let id = number(&hub, &token).await;
    let uri = "https://other.test/c/coffee";
    trial::remote(&hub.operations, uri, ActorKind::Group).await;
    let find = async |q: &str| {
        let q: String = url::form_urlencoded::byte_serialize(q.as_bytes()).collect();
        hub.get(&format!("/api/hub/v1/search?q={q}")).await.json()
    };
    let words = find("clay").await;
    assert_eq!(
        (&words["items"][0]["type"], &words["items"][0]["id"]),
        (&json!("post"), &json!(id))
    );
    let post = find(&format!("https://hub.test/post/{id}")).await;
    assert_eq!(post["items"][0]["id"], id);
    for (q, kind, ap_id) in [
        (uri, "group", uri),
        ("coffee@other.test", "group", uri),
        ("!coffee@other.test", "group", uri),
        ("@anna", "person", "https://hub.test/u/anna"),
    ] {
        let found = find(q).await;
        assert_eq!(found["items"][0]["type"], kind, "{q}");
        assert_eq!(found["items"][0]["ap_id"], ap_id, "{q}");
    }
    assert_eq!(find("zebra").await["items"], json!([]));
    problem(&hub.get("/api/hub/v1/search").await, 422, "search.words");
});

hub_test!(the_document_describes_every_route, |hub| {
    let document = hub.get("/api/hub/v1/openapi.json").await.json();
    assert_eq!(document["openapi"], "3.1.0");
    let paths = document["paths"].as_object().unwrap();
    let calls = crate::faces::api::calls();
    let described: usize = paths
        .values()
        .map(|path| path.as_object().unwrap().len())
        .sum();
    assert_eq!(described, calls.len());
    for call in calls {
        let path = &document["paths"][format!("/api/hub/v1{}", call.path)];
        let method = call.method.as_str().to_lowercase();
        assert!(path[&method].is_object(), "{} {}", call.method, call.path);
        let address = format!(
            "/api/hub/v1{}",
            call.path
                .replace("{id}", "1")
                .replace("{name}", "tea")
                .replace("{person}", "ben")
        );
        let answer = hub
            .call(call.method.as_str(), &address, "", Some(json!({})))
            .await;
        assert_ne!(answer.status, 405, "{} {}", call.method, call.path);
        assert!(
            !answer.text.contains("address.unknown"),
            "{} {}",
            call.method,
            call.path
        );
    }
    let text = document.to_string();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    for reference in text.split("\"$ref\":\"").skip(1) {
        let name = reference
            .split('"')
            .next()
            .unwrap()
            .rsplit('/')
            .next()
            .unwrap();
        assert!(schemas.contains_key(name), "{name}");
    }
});

hub_test!(too_many_changes_are_slowed_down, |hub| {
    let token = begin(&hub).await;
    let mut last = 0;
    for _ in 0..70 {
        let answer = hub
            .call("POST", "/api/hub/v1/groups/tea/join", &token, None)
            .await;
        last = answer.status.as_u16();
        if last == 429 {
            assert!(answer.header("retry-after").parse::<u32>().is_ok());
            break;
        }
    }
    assert_eq!(last, 429);
});

hub_test!(a_moderator_changes_a_group_and_nobody_else_does, |hub| {
    let token = begin(&hub).await;
    let tea = "/api/hub/v1/groups/tea";
    let change = json!({"title": "Tea", "summary": "Of **leaves**", "posting_restricted": true,
        "approval": "newcomers"});
    let patch =
        async |token: &str, body: &Value| hub.call("PATCH", tea, token, Some(body.clone())).await;
    problem(&patch("", &change).await, 401, "token.required");
    problem(&patch(&token, &change).await, 403, "moderator.required");
    let id = hub.get(tea).await.json()["id"].as_i64().unwrap();
    appoint(&hub, ActorId(id), "anna").await;
    let changed = patch(&token, &change).await;
    assert_eq!(changed.status, 200, "{}", changed.text);
    assert_eq!(
        changed.json()["summary_html"].as_str().unwrap().trim(),
        "<p>Of <strong>leaves</strong></p>"
    );
    let shown = hub.get(tea).await.json();
    for field in ["title", "summary", "posting_restricted", "approval"] {
        assert_eq!(shown[field], change[field], "{field}");
        assert_eq!(changed.json()[field], change[field], "{field}");
    }
    let less = patch(&token, &json!({"summary": ""})).await.json();
    assert_eq!(
        (&less["title"], &less["summary"]),
        (&json!("Tea"), &Value::Null)
    );
    assert_eq!(less["posting_restricted"], true, "what is left out stays");
    let refused = patch(&token, &json!({"title": " "})).await;
    problem(&refused, 422, "group.untitled");
    assert_eq!(refused.json()["fields"][0]["name"], "title");
    let strange = patch(&token, &json!({"name": "coffee"})).await;
    assert_eq!(strange.status, 422, "{}", strange.text);
    assert_eq!(hub.get(tea).await.json()["title"], "Tea");
});

hub_test!(a_poll_is_asked_and_answered, |hub| {
    let token = begin(&hub).await;
    let poll =
        json!({"options": ["Iron", "Clay"], "multiple": false, "ends_at": "2026-07-01T00:00:00Z"});
    let made = post(&hub, &token, json!({"title": "Which pot?", "poll": poll})).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let made = made.json();
    let option = |name: &str, votes: i64, chosen: bool| json!({"name": name, "votes": votes, "chosen": chosen});
    assert_eq!(
        made["poll"],
        json!({"multiple": false, "ends_at": "2026-07-01T00:00:00Z", "closed": false, "voters": 0,
            "options": [option("Iron", 0, false), option("Clay", 0, false)]})
    );
    let path = format!("/api/hub/v1/posts/{}", made["id"]);
    let choose = format!("{path}/poll");
    let voted = hub
        .call("POST", &choose, &token, Some(json!({"choices": [1]})))
        .await;
    assert_eq!(voted.status, 200, "{}", voted.text);
    assert_eq!(voted.json()["poll"]["options"][1], option("Clay", 1, true));
    let again = hub
        .call("POST", &choose, &token, Some(json!({"choices": [0]})))
        .await;
    problem(&again, 409, "poll.voted");
    let seen = hub.get(&path).await.json();
    assert_eq!(
        seen["poll"]["options"][1],
        option("Clay", 1, false),
        "not the visitor's choice"
    );
    for (options, code) in [
        (json!(["One"]), "poll.options"),
        (json!(["A", "A"]), "poll.option"),
    ] {
        let poll = json!({"options": options, "ends_at": "2026-07-01T00:00:00Z"});
        let refused = post(&hub, &token, json!({"title": "Which pot?", "poll": poll})).await;
        problem(&refused, 422, code);
    }
    let endless = json!({"options": ["A", "B"], "ends_at": "soon"});
    let refused = post(
        &hub,
        &token,
        json!({"title": "Which pot?", "poll": endless}),
    )
    .await;
    problem(&refused, 422, "poll.end");
    assert_eq!(hub.get(&path).await.json()["poll"]["closed"], false);
    hub.hall.pass(40 * 24 * 3600);
    let over = hub.get(&path).await.json();
    assert_eq!(over["poll"]["closed"], true, "before anybody noticed");
});

hub_test!(messages_are_for_those_who_are_in_them, |hub| {
    let anna = begin(&hub).await;
    let ben = hub.token("ben", "read write").await;
    let carl = hub.token("carl", "read write").await;
    let new = json!({"to": ["ben"], "body": "**zebra**"});
    let sent = hub
        .call("POST", "/api/hub/v1/messages", &anna, Some(new))
        .await;
    assert_eq!(sent.status, 201, "{}", sent.text);
    let sent = sent.json();
    assert_eq!(sent["from"]["handle"], "anna");
    assert_eq!(sent["to"][0]["handle"], "ben");
    assert_eq!(sent["body"], "**zebra**");
    let (id, within) = (&sent["id"], &sent["conversation_id"]);
    let list = "/api/hub/v1/messages";
    let thread = format!("/api/hub/v1/conversations/{within}/messages");
    for token in [&anna, &ben] {
        let items = hub.call("GET", list, token, None).await.json();
        assert_eq!(items["items"][0]["id"], *id);
        let items = hub.call("GET", &thread, token, None).await.json();
        assert_eq!(items["items"].as_array().unwrap().len(), 1);
    }
    let nothing = hub.call("GET", list, &carl, None).await.json();
    assert_eq!(nothing["items"], json!([]));
    problem(
        &hub.call("GET", &thread, &carl, None).await,
        404,
        "conversation.not_found",
    );
    let delete = format!("/api/hub/v1/messages/{id}");
    problem(
        &hub.call("DELETE", &delete, &ben, None).await,
        404,
        "message.not_found",
    );
    problem(&hub.get(list).await, 401, "sign_in.required");
    let all = "/api/hub/v1/conversations";
    let waiting = hub.call("GET", all, &ben, None).await.json();
    assert_eq!(waiting["items"][0]["unread"], true);
    let read = format!("/api/hub/v1/conversations/{within}/read");
    let read = hub.call("POST", &read, &ben, None).await;
    assert_eq!(
        (read.status.as_u16(), &read.json()["unread"]),
        (200, &json!(false))
    );
    assert_eq!(hub.call("DELETE", &delete, &anna, None).await.status, 204);
    let items = hub.call("GET", list, &ben, None).await.json();
    assert_eq!(items["items"][0]["deleted"], true);
    assert!(!items.to_string().contains("zebra"));
});

hub_test!(who_is_kept_away_is_left_out, |hub| {
    let anna = begin(&hub).await;
    let ben = hub.token("ben", "read write").await;
    let mine = number(&hub, &anna).await;
    let answers = format!("/api/hub/v1/posts/{mine}/comments");
    let words = json!({"body": "zebra"});
    let said = hub.call("POST", &answers, &ben, Some(words.clone())).await;
    assert_eq!(said.json()["unwanted"], false, "{}", said.text);
    number(&hub, &ben).await;
    let away = "/api/hub/v1/people/ben/away";
    let call = async |token: &str, method: &str, path: &str, body: Value| {
        let body = Some(body).filter(|body| !body.is_null());
        hub.call(method, path, token, body).await
    };
    let odd = call(&anna, "POST", away, json!({"distance": "far"})).await;
    problem(&odd, 422, "block.distance");
    let done = call(&anna, "POST", away, json!({"distance": "block"})).await;
    assert_eq!(done.status, 204, "{}", done.text);
    let items = call(&anna, "GET", &answers, Value::Null).await.json();
    assert_eq!(items["items"][0]["unwanted"], true);
    assert!(!items.to_string().contains("zebra"), "{items}");
    let feed = "/api/hub/v1/groups/tea/posts";
    for (token, seen) in [(&anna, 1), (&ben, 2)] {
        let items = call(token, "GET", feed, Value::Null).await.json();
        assert_eq!(items["items"].as_array().unwrap().len(), seen);
    }
    let refused = call(&ben, "POST", &answers, words).await;
    problem(&refused, 403, "comment.unwelcome");
    let hosts = "/api/hub/v1/away/hosts";
    let host = json!({"host": "peer.test"});
    assert_eq!(call(&anna, "POST", hosts, host).await.status, 204);
    let known = json!({"messages": "known"});
    let list = "/api/hub/v1/away";
    assert_eq!(call(&anna, "PATCH", list, known).await.status, 204);
    let odd = call(&anna, "PATCH", list, json!({"messages": "some"})).await;
    problem(&odd, 422, "message.policy");
    let kept = call(&anna, "GET", list, Value::Null).await.json();
    assert_eq!(
        (
            &kept["hosts"],
            &kept["messages"],
            &kept["people"][0]["distance"]
        ),
        (&json!(["peer.test"]), &json!("known"), &json!("block"))
    );
    assert_eq!(kept["people"][0]["person"]["handle"], "ben");
    let host = format!("{hosts}/peer.test");
    for path in [away, &host] {
        assert_eq!(call(&anna, "DELETE", path, Value::Null).await.status, 204);
    }
    let kept = call(&anna, "GET", list, Value::Null).await.json();
    assert_eq!((&kept["people"], &kept["hosts"]), (&json!([]), &json!([])));
    problem(&hub.get(list).await, 401, "sign_in.required");
});

hub_test!(people_react_with_what_the_hub_offers, |hub| {
    let anna = begin(&hub).await;
    let ben = hub.token("ben", "read write").await;
    let post = number(&hub, &anna).await;
    let answers = format!("/api/hub/v1/posts/{post}/comments");
    let said = hub
        .call("POST", &answers, &anna, Some(json!({"body": "So?"})))
        .await;
    let comment = said.json()["id"].as_i64().unwrap();
    for place in [format!("posts/{post}"), format!("comments/{comment}")] {
        let react = format!("/api/hub/v1/{place}/react");
        let party = |on| Some(json!({"content": "🎉", "on": on}));
        let shown = hub.call("POST", &react, &ben, party(true)).await.json();
        let mine = json!([{"content": "🎉", "count": 1, "mine": true}]);
        assert_eq!((&shown["reactions"], &shown["my_vote"]), (&mine, &json!(1)));
        let shown = hub.call("POST", &react, &ben, party(false)).await.json();
        assert_eq!(
            (&shown["reactions"], &shown["my_vote"]),
            (&json!([]), &json!(0))
        );
        let odd = hub.call(
            "POST",
            &react,
            &ben,
            Some(json!({"content": "x", "on": true})),
        );
        problem(&odd.await, 422, "reaction.unknown");
    }
});

hub_test!(a_message_is_shown_to_the_hubs_moderators, |hub| {
    let anna = begin(&hub).await;
    let ben = hub.token("ben", "read write").await;
    let new = json!({"to": ["anna"], "body": "zebra"});
    let sent = hub
        .call("POST", "/api/hub/v1/messages", &ben, Some(new))
        .await;
    let report = format!("/api/hub/v1/messages/{}/report", sent.json()["id"]);
    let reason = || Some(json!({"reason": "threats"}));
    let own = hub.call("POST", &report, &ben, reason()).await;
    problem(&own, 404, "message.not_found");
    let taken = hub.call("POST", &report, &anna, reason()).await;
    assert_eq!(taken.status, 201, "{}", taken.text);
    let carl = token_of(&hub, "carl", crate::domain::membership::Role::Moderator).await;
    let reports = hub.call("GET", "/api/hub/v1/reports", &carl, None).await;
    let first = &reports.json()["items"][0];
    assert_eq!(
        (&first["excerpt"], &first["post_id"], &first["object_id"]),
        (&json!("zebra"), &Value::Null, &sent.json()["id"])
    );
});

hub_test!(an_event_is_announced_and_attended, |hub| {
    let anna = begin(&hub).await;
    let ben = hub.token("ben", "read write").await;
    let event = json!({"starts_at": "2026-07-01T16:00:00Z", "timezone": "Europe/Berlin",
        "place": "Hall", "restricted": true, "capacity": 2});
    let made = post(&hub, &anna, json!({"title": "Meet us", "event": event})).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let made = made.json();
    assert_eq!(
        made["event"],
        json!({"starts_at": "2026-07-01T16:00:00Z", "ends_at": null, "timezone": "Europe/Berlin",
            "place": "Hall", "online_url": null, "join_mode": "restricted", "capacity": 2,
            "attendees": 0, "attendance": null})
    );
    let path = format!("/api/hub/v1/posts/{}", made["id"]);
    let call = async |token: &str, what: &str, body: Option<Value>| {
        hub.call("POST", &format!("{path}/{what}"), token, body)
            .await
    };
    let asked = call(&ben, "attend", None).await;
    assert_eq!(asked.status, 200, "{}", asked.text);
    assert_eq!(asked.json()["event"]["attendance"], "pending");
    let guests = format!("{path}/attendees");
    problem(
        &hub.call("GET", &guests, &ben, None).await,
        403,
        "event.organiser",
    );
    let list = hub.call("GET", &guests, &anna, None).await.json();
    assert_eq!(list["items"][0]["person"]["handle"], "ben");
    let yes = json!({"person": "ben", "accepted": true});
    let list = call(&anna, "attendees", Some(yes)).await.json();
    assert_eq!(list["items"][0]["attendance"], "accepted");
    let seen = hub.call("GET", &path, &ben, None).await.json();
    assert_eq!(
        (&seen["event"]["attendees"], &seen["event"]["attendance"]),
        (&json!(1), &json!("accepted"))
    );
    let left = call(&ben, "unattend", None).await.json();
    assert_eq!(
        (&left["event"]["attendees"], &left["event"]["attendance"]),
        (&json!(0), &Value::Null)
    );
    let later = json!({"event": {"starts_at": "2026-07-02T16:00:00Z"}});
    let moved = hub.call("PATCH", &path, &anna, Some(later)).await.json();
    assert_eq!(moved["event"]["starts_at"], "2026-07-02T16:00:00Z");
    let never = json!({"title": "Meet us", "event": {"starts_at": "soon"}});
    problem(&post(&hub, &anna, never).await, 422, "event.time");
});

/// A token of somebody with this role.
async fn token_of(hub: &Hub, name: &str, role: crate::domain::membership::Role) -> String {
    let person = trial::person_with(&hub.operations, name, role).await;
    let caller = Caller::Member {
        actor: person,
        role,
    };
    crate::operations::account::create_token(&hub.operations, caller, person, "read write")
        .await
        .unwrap()
}

hub_test!(
    moderators_lock_remove_and_pin_and_everybody_reads_the_log,
    |hub| {
        let token = begin(&hub).await;
        let id = number(&hub, &token).await;
        let group = hub.get("/api/hub/v1/groups/tea").await.json()["id"]
            .as_i64()
            .unwrap();
        let at = |what: &str| format!("/api/hub/v1/posts/{id}/{what}");
        let lock = json!({"locked": true, "reason": "enough"});
        problem(
            &hub.call("POST", &at("lock"), &token, Some(lock.clone()))
                .await,
            403,
            "moderator.required",
        );
        appoint(&hub, ActorId(group), "anna").await;
        for (what, body) in [
            ("lock", lock),
            ("feature", json!({"featured": true})),
            (
                "remove",
                json!({"removed": true, "reason": "rude", "with_replies": true}),
            ),
            ("remove", json!({"removed": false})),
        ] {
            let answer = hub.call("POST", &at(what), &token, Some(body)).await;
            assert_eq!(answer.status, 204, "{what}: {}", answer.text);
        }
        for address in ["/api/hub/v1/groups/tea/log", "/api/hub/v1/log"] {
            let log = hub.get(address).await.json();
            let actions: Vec<&str> = log["items"]
                .as_array()
                .unwrap()
                .iter()
                .filter_map(|line| line["action"].as_str())
                .collect();
            assert_eq!(
                actions,
                ["restore", "remove", "feature", "lock", "appoint"],
                "{address}"
            );
            assert_eq!(log["items"][3]["moderator"]["handle"], "anna");
        }
    }
);

hub_test!(a_person_is_reported_to_the_hubs_moderators, |hub| {
    use crate::domain::membership::Role;
    let token = begin(&hub).await;
    trial::person(&hub.operations, "ben").await;
    let boss = token_of(&hub, "boss", Role::Moderator).await;
    let address = "/api/hub/v1/people/ben/report";
    let empty = json!({"reason": " "});
    problem(
        &hub.call("POST", address, &token, Some(empty)).await,
        422,
        "flag.reason",
    );
    let body = json!({"reason": "rude in every group"});
    let made = hub.call("POST", address, &token, Some(body)).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let reports = "/api/hub/v1/reports";
    problem(
        &hub.call("GET", reports, &token, None).await,
        403,
        "moderator.required",
    );
    let open = hub.call("GET", reports, &boss, None).await.json();
    assert_eq!(open["items"][0]["subject"]["handle"], "ben");
    assert_eq!(open["items"][0]["object_id"], Value::Null);
    let done = format!("{reports}/{}/resolve", made.json()["id"]);
    problem(
        &hub.call("POST", &done, &token, None).await,
        403,
        "moderator.required",
    );
    assert_eq!(hub.call("POST", &done, &boss, None).await.status, 204);
    let open = hub.call("GET", reports, &boss, None).await.json();
    assert_eq!(open["items"], json!([]));
});

hub_test!(admins_import_look_and_export_rules_about_servers, |hub| {
    use crate::domain::membership::Role;
    let token = begin(&hub).await;
    let boss = token_of(&hub, "boss", Role::Admin).await;
    let servers = "/api/hub/v1/servers";
    problem(
        &hub.call("GET", servers, &token, None).await,
        403,
        "admin.required",
    );
    let csv = "#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate\n\
        bad.example,suspend,true,true,\"spam, scams\",false\n";
    let import =
        |dry_run: bool| json!({"csv": format!("{csv}no name,suspend\n"), "dry_run": dry_run});
    let address = "/api/hub/v1/servers/import";
    problem(
        &hub.call("POST", address, &token, Some(import(true))).await,
        403,
        "admin.required",
    );
    let look = hub
        .call("POST", address, &boss, Some(import(true)))
        .await
        .json();
    assert_eq!(
        (&look["added"], &look["unusable_lines"]),
        (&json!(["bad.example"]), &json!([3]))
    );
    let rules = hub.call("GET", servers, &boss, None).await.json();
    assert_eq!(rules["items"], json!([]), "a look changes nothing");
    hub.call("POST", address, &boss, Some(import(false))).await;
    let export = "/api/hub/v1/servers/export";
    let out = hub.call("GET", export, &boss, None).await.json();
    assert_eq!(out["csv"], csv, "what goes in comes out");
    let rule = json!({"host": "Loud.Example.", "severity": "limit"});
    let set = hub.call("POST", servers, &boss, Some(rule)).await;
    assert_eq!(
        (set.status.as_u16(), &set.json()["host"]),
        (201, &json!("loud.example"))
    );
    let lift = format!("{servers}/loud.example");
    assert_eq!(hub.call("DELETE", &lift, &boss, None).await.status, 204);
    problem(
        &hub.call("DELETE", &lift, &boss, None).await,
        404,
        "host.no_rule",
    );
    let list = json!({"url": "https://127.0.0.1/list.csv", "dry_run": true});
    let away = hub
        .call("POST", "/api/hub/v1/server-lists", &boss, Some(list))
        .await;
    problem(&away, 503, "list.unreadable");
});

hub_test!(a_post_that_waits_is_let_in_or_turned_down, |hub| {
    let token = begin(&hub).await;
    let tea = "/api/hub/v1/groups/tea";
    let id = hub.get(tea).await.json()["id"].as_i64().unwrap();
    let boss = hub.token("boss", "read write").await;
    appoint(&hub, ActorId(id), "boss").await;
    let change = json!({"approval": "all"});
    let changed = hub.call("PATCH", tea, &boss, Some(change)).await;
    assert_eq!(changed.json()["approval"], "all", "{}", changed.text);
    let wrong = hub
        .call("PATCH", tea, &boss, Some(json!({"approval": "some"})))
        .await;
    problem(&wrong, 422, "group.approval");
    let mut waiting = Vec::new();
    for title in ["First", "Second"] {
        let made = post(&hub, &token, json!({"title": title, "body": "**x**"})).await;
        assert_eq!(made.status, 202, "{}", made.text);
        let held = made.json();
        assert_eq!(
            (&held["title"], &held["group"]),
            (&json!(title), &json!("tea"))
        );
        waiting.push(held["id"].as_i64().unwrap());
    }
    let shown = hub.get(&format!("/api/hub/v1/posts/{}", waiting[0])).await;
    problem(&shown, 404, "post.not_found");
    let queue = format!("{tea}/held");
    problem(
        &hub.call("GET", &queue, &token, None).await,
        403,
        "moderator.required",
    );
    let list = hub.call("GET", &queue, &boss, None).await.json();
    assert_eq!(list["items"].as_array().unwrap().len(), 2);
    assert_eq!(list["items"][0]["author"]["handle"], "anna");
    let call = |id: i64, what: &str| format!("/api/hub/v1/held/{id}/{what}");
    let approve = call(waiting[0], "approve");
    problem(
        &hub.call("POST", &approve, &token, None).await,
        403,
        "moderator.required",
    );
    let post = hub.call("POST", &approve, &boss, None).await;
    assert_eq!(
        (post.status.as_u16(), &post.json()["title"]),
        (200, &json!("First"))
    );
    let reject = call(waiting[1], "reject");
    let why = Some(json!({"reason": "an advert"}));
    let held = hub.call("POST", &reject, &boss, why.clone()).await;
    assert_eq!(held.json()["title"], "Second", "{}", held.text);
    problem(
        &hub.call("POST", &reject, &boss, why).await,
        404,
        "post.not_found",
    );
});

hub_test!(
    a_request_to_a_group_elsewhere_shows_where_it_stands,
    |hub| {
        use crate::operations::membership::ReceiveReject;
        let token = begin(&hub).await;
        let uri = "https://other.test/c/away";
        let away = trial::remote(&hub.operations, uri, ActorKind::Group).await;
        let path = "/api/hub/v1/groups/away@other.test";
        let state = async || {
            let group = hub.call("GET", path, &token, None).await.json();
            group["membership"]["state"].clone()
        };
        let join = async || {
            let path = format!("{path}/join");
            hub.call("POST", &path, &token, None).await.json()["state"].clone()
        };
        assert_eq!(state().await, Value::Null);
        assert_eq!(
            (join().await, state().await),
            (json!("pending"), json!("pending"))
        );
        trial::set_failing(&hub.operations, away, true).await;
        assert_eq!(state().await, "unreachable");
        trial::set_failing(&hub.operations, away, false).await;
        assert_eq!(state().await, "pending");
        let asked = trial::told(&hub.operations).await;
        let (follower, caller) = (asked.last().unwrap().0.by, trial::stranger(away));
        trial::run(&hub.operations, caller, ReceiveReject { follower }).await;
        assert_eq!(state().await, "refused");
        trial::wait(&hub.operations, 3_601);
        assert_eq!(
            (join().await, state().await),
            (json!("pending"), json!("pending"))
        );
    }
);

hub_test!(a_comment_quotes_what_may_be_quoted, |hub| {
    let anna = begin(&hub).await;
    let id = number(&hub, &anna).await;
    let ben = hub.token("ben", "read write").await;
    let comments = format!("/api/hub/v1/posts/{id}/comments");
    let quoted = format!("https://hub.test/post/{id}");
    let say = async |quote: Value| {
        let body = json!({"body": "See that?", "quote": quote});
        hub.call("POST", &comments, &ben, Some(body)).await
    };
    let made = say(json!(quoted)).await;
    assert_eq!(made.status, 201, "{}", made.text);
    assert_eq!(made.json()["quote"], json!(quoted));
    let listed = hub.get(&comments).await.json();
    assert_eq!(listed["items"][0]["quote"], json!(quoted));
    assert_eq!(say(Value::Null).await.json()["quote"], Value::Null);
    let nothing = say(json!("https://hub.test/post/1")).await;
    problem(&nothing, 422, "quote.unknown");
    let policy = async |method: &str, body: Option<Value>| {
        hub.call(method, "/api/hub/v1/quotes/policy", &anna, body)
            .await
    };
    let odd = policy("PATCH", Some(json!({"policy": "odd"}))).await;
    problem(&odd, 422, "policy.unknown");
    let nobody = json!({"policy": "nobody"});
    let set = policy("PATCH", Some(nobody.clone())).await;
    assert_eq!(set.status, 204, "{}", set.text);
    assert_eq!(policy("GET", None).await.json(), nobody);
    problem(&say(json!(quoted)).await, 403, "quote.not_allowed");
    let schemas = &hub.get("/api/hub/v1/openapi.json").await.json()["components"]["schemas"];
    for name in ["Comment", "NewComment"] {
        let field = &schemas[name]["properties"]["quote"];
        assert!(field["description"].is_string(), "{name}");
    }
});
