//! Moves by programs, to a server on loopback and back.

use super::*;
use crate::faces::shared::elsewhere::{Server, lenient};
use crate::operations::account::create_token;

const MOVING: &str = "/api/hub/v1/moving";

hub_test!(a_member_names_other_accounts_and_moves_to_one, |hub| {
    let (hub, server) = (lenient(&hub), Server::new());
    let token = begin(&hub).await;
    let readonly = hub.token("ben", "read").await;
    let call = async |method: &str, token: &str, body: Value| {
        let body = Some(body).filter(|body| !body.is_null());
        hub.call(method, MOVING, token, body).await
    };
    let visitor = call("GET", "", Value::Null).await;
    problem(&visitor, 401, "sign_in.required");
    let aliases = json!({"aliases": [server.at("/users/mia")]});
    let refused = call("PATCH", &readonly, aliases.clone()).await;
    assert_eq!(refused.status, 403, "{}", refused.text);
    let own = json!({"aliases": ["http://hub.test/u/ben"]});
    problem(&call("PATCH", &token, own).await, 422, "aliases.malformed");
    assert_eq!(call("PATCH", &token, aliases.clone()).await.status, 204);
    let shown = call("GET", &token, Value::Null).await.json();
    assert_eq!(
        shown,
        json!({"aliases": aliases["aliases"], "moved_to": null})
    );
    server.shows("Person", "anna", &json!([]));
    let target = json!({"target": server.at("/users/anna")});
    let unnamed = call("POST", &token, target.clone()).await;
    problem(&unnamed, 422, "move.unnamed");
    server.shows("Person", "anna", &json!(["http://hub.test/u/anna"]));
    let moved = call("POST", &token, target.clone()).await;
    assert_eq!(moved.status, 204, "{}", moved.text);
    let shown = call("GET", &token, Value::Null).await.json();
    assert_eq!(shown["moved_to"]["ap_id"], target["target"]);
    let actor = "application/activity+json";
    let document = hub.accept("/u/anna", actor).await.json();
    assert_eq!(document["movedTo"], target["target"]);
    assert_eq!(document["alsoKnownAs"], aliases["aliases"]);
});

hub_test!(a_group_moves_by_the_word_of_who_founded_it, |hub| {
    let (hub, server) = (lenient(&hub), Server::new());
    let token = begin(&hub).await;
    let anna = trial::person(&hub.operations, "olga").await;
    trial::group(&hub.operations, "pots", Some(anna)).await;
    let olga = create_token(&hub.operations, trial::member(anna), anna, "read write")
        .await
        .unwrap();
    let path = "/api/hub/v1/groups/pots/moving";
    let aliases = json!({"aliases": [server.at("/users/kettles")]});
    for (method, body) in [
        ("PATCH", aliases.clone()),
        ("POST", json!({"target": server.at("/users/pots")})),
    ] {
        let visitor = hub.call(method, path, "", Some(body.clone())).await;
        assert_eq!(visitor.status, 401, "{method}: {}", visitor.text);
        let member = hub.call(method, path, &token, Some(body)).await;
        assert_ne!(member.status, 204, "{method}: {}", member.text);
    }
    let named = hub.call("PATCH", path, &olga, Some(aliases.clone())).await;
    assert_eq!(named.status, 204, "{}", named.text);
    server.shows("Group", "pots", &json!(["http://hub.test/c/pots"]));
    let away = json!({"target": server.at("/users/pots"), "notice": "We are elsewhere now"});
    let moved = hub.call("POST", path, &olga, Some(away.clone())).await;
    assert_eq!(moved.status, 204, "{}", moved.text);
    let document = hub
        .accept("/c/pots", "application/activity+json")
        .await
        .json();
    assert_eq!(document["movedTo"], away["target"]);
    assert_eq!(document["alsoKnownAs"], aliases["aliases"]);
    assert_eq!(document["postingRestrictedToMods"], true);
    let posts = hub.get("/api/hub/v1/groups/pots/posts").await.json();
    let notice = &posts["items"][0];
    assert_eq!(
        (&notice["title"], &notice["featured"]),
        (&away["notice"], &json!(true))
    );
});
