//! The frame around the faces, from outside.

use super::shared::testing::hub_test;
use http::StatusCode;

hub_test!(strangers_get_a_clear_answer, |hub| {
    let answer = hub.get("/api/hub/v1/nothing").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(answer.json()["code"], "address.unknown");
});
