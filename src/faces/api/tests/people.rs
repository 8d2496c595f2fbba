//! People are followed by calls, and listed.

use super::*;

hub_test!(people_are_followed_and_listed, |hub| {
    let anna = begin(&hub).await;
    let ben = hub.token("ben", "read write").await;
    let (person, follow) = ("/api/hub/v1/people/anna", "/api/hub/v1/people/anna/follow");
    for _ in 0..2 {
        let done = hub.call("POST", follow, &ben, Some(json!({}))).await;
        assert_eq!(done.status, 200, "{}", done.text);
        assert_eq!(done.json(), json!({"person": "anna", "state": "accepted"}));
    }
    let seen = hub.call("GET", person, &ben, None).await.json();
    assert_eq!(
        (&seen["handle"], &seen["followed"], &seen["follower_count"]),
        (&json!("anna"), &json!("accepted"), &json!(1))
    );
    assert_eq!(hub.get(person).await.json()["followed"], Value::Null);
    let list = hub.call("GET", "/api/hub/v1/following", &ben, None).await;
    let list = list.json();
    let items = list["items"].as_array().expect("a list");
    assert_eq!(items.len(), 1);
    assert_eq!(
        (&items[0]["handle"], &items[0]["group"], &items[0]["state"]),
        (&json!("anna"), &json!(false), &json!("accepted"))
    );
    hub.call("POST", "/api/hub/v1/groups/tea/join", &ben, Some(json!({})))
        .await;
    let groups = "/api/hub/v1/following?kind=groups";
    let groups = hub.call("GET", groups, &ben, None).await.json();
    assert_eq!(groups["items"][0]["handle"], "tea");
    assert_eq!(groups["items"][0]["group"], true);
    for _ in 0..2 {
        assert_eq!(hub.call("DELETE", follow, &ben, None).await.status, 204);
    }
    let seen = hub.call("GET", person, &ben, None).await.json();
    assert_eq!(seen["followed"], Value::Null);
    let own = hub.call("POST", follow, &anna, Some(json!({}))).await;
    problem(&own, 422, "follow.self");
    problem(
        &hub.get("/api/hub/v1/following").await,
        401,
        "sign_in.required",
    );
});
