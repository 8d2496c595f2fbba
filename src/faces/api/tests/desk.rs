//! The desk of moderators by programs: what waits, who looks at it, what is decided; rules, what
//! everybody is told, and deliveries to a server.

use super::*;
use crate::domain::membership::Role;

const QUEUE: &str = "/api/hub/v1/queue";

/// Calls the API, with a body where there is one.
async fn call(hub: &Hub, method: &str, path: &str, token: &str, body: Value) -> Answer {
    let body = Some(body).filter(|body| !body.is_null());
    let path = format!("/api/hub/v1{path}");
    hub.call(method, &path, token, body).await
}

/// The names of what waits for somebody.
async fn waiting(hub: &Hub, token: &str, part: &str) -> Vec<String> {
    let path = format!("{QUEUE}{part}");
    let list = hub.call("GET", &path, token, None).await.json();
    let tasks = list["items"].as_array().expect("a list").iter();
    let name = |task: &Value| task["task"].as_str().expect("a name").to_owned();
    tasks.map(name).collect()
}

/// One thing of each sort that waits in groups, and who may see it.
struct Desk {
    /// Moderates `tea`.
    anna: String,
    /// Moderates the hub.
    hugo: String,
    /// A member who wrote what waits.
    ben: String,
    report: String,
    held: String,
    request: String,
}

impl Desk {
    async fn new(hub: &Hub) -> Self {
        let anna = begin(hub).await;
        let hugo = token_of(hub, "hugo", Role::Moderator).await;
        let ben = hub.token("ben", "read write").await;
        let tea = hub.get("/api/hub/v1/groups/tea").await.json()["id"].clone();
        appoint(hub, ActorId(tea.as_i64().unwrap()), "anna").await;
        let made = post(hub, &ben, json!({"title": "Pots", "body": "Iron"})).await;
        let path = format!("/posts/{}/report", made.json()["id"]);
        let flag = call(hub, "POST", &path, &hugo, json!({"reason": "spam"})).await;
        trial::wait(&hub.operations, 60);
        let all = json!({"approval": "all"});
        let set = call(hub, "PATCH", "/groups/tea", &anna, all).await;
        assert_eq!(set.status, 200, "{}", set.text);
        let held = post(hub, &ben, json!({"title": "May I?", "body": "x"})).await;
        assert_eq!(held.status, 202, "{}", held.text);
        trial::wait(&hub.operations, 60);
        let owner = trial::person(&hub.operations, "olga").await;
        let den = trial::group(&hub.operations, "den", Some(owner)).await;
        let closed = |group: &mut crate::domain::actor::Actor| group.manually_approves = true;
        hub.hall.change_actor(den, closed).await;
        let asked = call(hub, "POST", "/groups/den/join", &ben, Value::Null).await;
        assert_eq!(asked.json()["state"], "pending", "{}", asked.text);
        let asker = find_person(hub, "ben").await;
        Self {
            anna,
            hugo,
            ben,
            report: format!("report-{}", flag.json()["id"]),
            held: format!("held-{}", held.json()["id"]),
            request: format!("request-{den}-{asker}"),
        }
    }
}

hub_test!(each_moderator_reads_what_waits_for_them, |hub| {
    let desk = Desk::new(&hub).await;
    let all = [&desk.report, &desk.held, &desk.request].map(Clone::clone);
    assert_eq!(waiting(&hub, &desk.hugo, "").await, all);
    assert_eq!(waiting(&hub, &desk.anna, "").await, all[..2]);
    assert_eq!(waiting(&hub, &desk.hugo, "?kind=held").await, all[1..2]);
    assert_eq!(waiting(&hub, &desk.hugo, "?group=den").await, all[2..]);
    let one = format!("{QUEUE}?limit=1");
    let first = hub.call("GET", &one, &desk.hugo, None).await.json();
    let task = &first["items"][0];
    assert_eq!(
        (&task["kind"], &task["group"]["handle"]),
        (&json!("report"), &json!("tea"))
    );
    assert_eq!(task["report"]["reasons"][0]["reason"], "spam");
    assert_eq!(task["claimed_by"], Value::Null);
    let rest = format!("?cursor={}", first["next"].as_str().expect("more"));
    assert_eq!(waiting(&hub, &desk.hugo, &rest).await, all[1..]);
    for (token, path, status, code) in [
        ("", QUEUE.to_owned(), 401, "sign_in.required"),
        (&*desk.ben, QUEUE.to_owned(), 403, "moderator.required"),
        (
            &desk.anna,
            format!("{QUEUE}?group=den"),
            403,
            "moderator.required",
        ),
        (
            &desk.hugo,
            format!("{QUEUE}?group=none"),
            404,
            "group.not_found",
        ),
    ] {
        let answer = hub.call("GET", &path, token, None).await;
        problem(&answer, status, code);
    }
});

hub_test!(what_one_looks_at_is_left_alone_by_the_others, |hub| {
    let desk = Desk::new(&hub).await;
    let claim = async |method: &str, token: &str, task: &str| {
        let path = format!("/queue/{task}/claim");
        call(&hub, method, &path, token, Value::Null).await
    };
    let claimed = async |task: usize| {
        let list = hub.call("GET", QUEUE, &desk.hugo, None).await.json();
        list["items"][task]["claimed_by"]["handle"].clone()
    };
    for (token, task, status, code) in [
        ("", &*desk.report, 401, "token.required"),
        (&*desk.ben, &*desk.report, 403, "moderator.required"),
        (&desk.anna, &desk.request, 403, "moderator.required"),
        (&desk.anna, "report-1", 404, "task.not_found"),
        (&desk.anna, "held-1", 404, "task.not_found"),
        (&desk.hugo, "sign_up-1", 404, "task.not_found"),
        (&desk.hugo, "request-1-2", 404, "task.not_found"),
        (&desk.anna, "report-0", 404, "task.not_found"),
        (&desk.anna, "anything", 404, "task.not_found"),
    ] {
        problem(&claim("POST", token, task).await, status, code);
    }
    assert_eq!(claimed(0).await, Value::Null);
    let readonly = hub.token("rita", "read").await;
    let refused = claim("POST", &readonly, &desk.report).await;
    assert_eq!(refused.status, 403, "{}", refused.text);

    for _ in 0..2 {
        let taken = claim("POST", &desk.anna, &desk.report).await;
        assert_eq!(taken.status, 204, "{}", taken.text);
    }
    assert_eq!(claimed(0).await, "anna");
    problem(
        &claim("POST", &desk.hugo, &desk.report).await,
        409,
        "task.claimed",
    );
    let others = claim("DELETE", &desk.hugo, &desk.report).await;
    assert_eq!(others.status, 204, "{}", others.text);
    assert_eq!(claimed(0).await, "anna", "nobody releases it but her");
    let released = claim("DELETE", &desk.anna, &desk.report).await;
    assert_eq!(released.status, 204, "{}", released.text);
    assert_eq!(claimed(0).await, Value::Null);
    assert_eq!(
        claim("POST", &desk.hugo, &desk.report).await.status,
        204,
        "and then it is free"
    );
    trial::wait(&hub.operations, 31 * 60);
    assert_eq!(claimed(0).await, Value::Null, "a claim ends by itself");
});

hub_test!(what_is_decided_waits_no_more, |hub| {
    let desk = Desk::new(&hub).await;
    let number = |task: &str| task.rsplit('-').next().unwrap_or_default().to_owned();
    let resolve = format!("/reports/{}/resolve", number(&desk.report));
    let approve = format!("/held/{}/approve", number(&desk.held));
    let answer = "/groups/den/requests/ben";
    let yes = json!({"accept": true});
    let steps = [
        (resolve, Value::Null, &desk.report),
        (approve, Value::Null, &desk.held),
        (answer.to_owned(), yes, &desk.request),
    ];
    for (path, body, task) in steps {
        let member = call(&hub, "POST", &path, &desk.ben, body.clone()).await;
        problem(&member, 403, "moderator.required");
        let done = call(&hub, "POST", &path, &desk.hugo, body).await;
        assert!(done.status.is_success(), "{path}: {}", done.text);
        let left = waiting(&hub, &desk.hugo, "").await;
        assert!(!left.contains(task), "{task} of {left:?}");
        let gone = format!("/queue/{task}/claim");
        let gone = call(&hub, "POST", &gone, &desk.hugo, Value::Null).await;
        problem(&gone, 404, "task.not_found");
    }
    let missing = call(&hub, "POST", "/reports/1/resolve", &desk.hugo, Value::Null).await;
    assert_eq!(missing.status, 404, "{}", missing.text);
});

hub_test!(rules_are_written_by_those_who_answer_for_them, |hub| {
    let desk = Desk::new(&hub).await;
    let rule = json!({"title": "Be kind", "text": "To all."});
    for (path, token, status, code) in [
        ("/rules", "", 401, "token.required"),
        ("/rules", &*desk.anna, 403, "moderator.required"),
        ("/groups/tea/rules", &desk.ben, 403, "moderator.required"),
        ("/groups/none/rules", &desk.hugo, 404, "group.not_found"),
    ] {
        let answer = call(&hub, "POST", path, token, rule.clone()).await;
        problem(&answer, status, code);
    }
    let empty = json!({"title": " "});
    let empty = call(&hub, "POST", "/groups/tea/rules", &desk.anna, empty).await;
    problem(&empty, 422, "rule.title");
    for (path, token) in [("/rules", &desk.hugo), ("/groups/tea/rules", &desk.anna)] {
        let made = call(&hub, "POST", path, token, rule.clone()).await;
        assert_eq!(made.status, 201, "{}", made.text);
        let id = made.json()["id"].clone();
        let first = json!({"title": "No adverts", "number": 1});
        let first = call(&hub, "POST", path, token, first).await.json();
        let shown = call(&hub, "GET", path, "", Value::Null).await.json();
        let titles: Vec<&Value> = shown["items"].as_array().unwrap().iter().collect();
        assert_eq!(titles[0]["title"], "No adverts", "{path}");
        assert_eq!(
            titles[1],
            &json!({"id": id, "number": 2, "title": "Be kind", "text": "To all."})
        );
        let change = json!({"id": id, "title": "Be kind, always"});
        let changed = call(&hub, "POST", path, token, change).await.json();
        assert_eq!(
            (&changed["id"], &changed["number"], &changed["title"]),
            (&id, &json!(2), &json!("Be kind, always"))
        );
        let path = format!("/rules/{}", first["id"]);
        let refused = call(&hub, "DELETE", &path, &desk.ben, Value::Null).await;
        problem(&refused, 403, "moderator.required");
        let dropped = call(&hub, "DELETE", &path, token, Value::Null).await;
        assert_eq!(dropped.status, 204, "{}", dropped.text);
        let again = call(&hub, "DELETE", &path, token, Value::Null).await;
        problem(&again, 404, "rule.not_found");
    }
});

hub_test!(admins_tell_everybody_something_for_a_while, |hub| {
    let (boss, ben) = (
        token_of(&hub, "boss", Role::Admin).await,
        hub.token("ben", "read write").await,
    );
    let path = "/announcements";
    let told = async |token: &str| {
        let list = call(&hub, "GET", path, token, Value::Null).await.json();
        list["items"].as_array().unwrap().len()
    };
    let words = json!({"body": "The hub **moves** tonight."});
    for (token, body, status, code) in [
        ("", words.clone(), 401, "token.required"),
        (&*ben, words.clone(), 403, "admin.required"),
        (&boss, json!({"body": " "}), 422, "announcement.empty"),
        (
            &boss,
            json!({"body": "x", "audience": "cats"}),
            422,
            "announcement.audience",
        ),
        (
            &boss,
            json!({"body": "x", "ends_at": "tonight"}),
            422,
            "announcement.time",
        ),
        (
            &boss,
            json!({"body": "x", "ends_at": "2020-01-01T00:00:00Z"}),
            422,
            "announcement.end",
        ),
        (
            &boss,
            json!({"body": "x", "id": 1}),
            404,
            "announcement.not_found",
        ),
    ] {
        let answer = call(&hub, "POST", path, token, body).await;
        problem(&answer, status, code);
    }
    let made = call(&hub, "POST", path, &boss, words).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let shown = call(&hub, "GET", path, "", Value::Null).await.json();
    assert_eq!(
        shown["items"][0]["content_html"].as_str().unwrap().trim(),
        "<p>The hub <strong>moves</strong> tonight.</p>"
    );
    let inside = json!({"body": "Cake!", "audience": "members"});
    call(&hub, "POST", path, &boss, inside).await;
    let later = json!({"body": "Tea!", "starts_at": "2026-06-02T12:00:00Z"});
    call(&hub, "POST", path, &boss, later).await;
    assert_eq!((told("").await, told(&ben).await), (1, 2));
    let one = format!("{path}/{}", made.json()["id"]);
    let refused = call(&hub, "DELETE", &one, &ben, Value::Null).await;
    problem(&refused, 403, "admin.required");
    for _ in 0..2 {
        let ended = call(&hub, "DELETE", &one, &boss, Value::Null).await;
        assert_eq!(ended.status, 204, "{}", ended.text);
    }
    assert_eq!((told("").await, told(&ben).await), (0, 1));
    let missing = call(&hub, "DELETE", "/announcements/1", &boss, Value::Null).await;
    problem(&missing, 404, "announcement.not_found");
});

hub_test!(admins_hold_deliveries_to_a_server_back, |hub| {
    let (boss, ben) = (
        token_of(&hub, "boss", Role::Admin).await,
        hub.token("ben", "read write").await,
    );
    let uri = "https://away.test/users/mia";
    trial::remote(&hub.operations, uri, ActorKind::Person).await;
    let path = "/servers/away.test/deliveries";
    let pause = json!({"steering": "pause"});
    for (path, token, body, status, code) in [
        (path, "", pause.clone(), 401, "token.required"),
        (path, &*ben, pause.clone(), 403, "admin.required"),
        (
            path,
            &boss,
            json!({"steering": "stop"}),
            422,
            "host.steering",
        ),
        (
            "/servers/none.test/deliveries",
            &boss,
            pause.clone(),
            404,
            "host.unknown",
        ),
        (
            "/servers/hub.test/deliveries",
            &boss,
            pause.clone(),
            404,
            "host.unknown",
        ),
    ] {
        let answer = call(&hub, "POST", path, token, body).await;
        problem(&answer, status, code);
    }
    for steering in ["pause", "pause", "retry", "resume"] {
        let body = json!({"steering": steering});
        let done = call(&hub, "POST", path, &boss, body).await;
        assert_eq!(done.status, 204, "{steering}: {}", done.text);
    }
    let log = call(&hub, "GET", "/log", &boss, Value::Null).await.json();
    let actions: Vec<&Value> = log["items"].as_array().unwrap().iter().collect();
    let steered: Vec<_> = actions.iter().map(|line| &line["action"]).collect();
    assert_eq!(
        steered,
        ["server-resume", "server-retry", "server-pause"],
        "what changes nothing is not logged"
    );
    assert_eq!(actions[0]["host"], "away.test");
});
