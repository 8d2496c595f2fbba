//! What the tests stand on: hubs (the real binary), servers around them, and patience.

pub(crate) mod browser;
pub(crate) mod database;
pub(crate) mod hub;
pub(crate) mod peer;
pub(crate) mod sign;

use std::time::{Duration, Instant};

use serde_json::Value;

pub(crate) use browser::Browser;
pub(crate) use database::Kind;
pub(crate) use hub::{Hub, PATIENCE};
pub(crate) use peer::Peer;

/// Everybody, in ActivityPub's words.
pub(crate) const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

/// Looks again and again until there is something to see; fails when patience ends.
pub(crate) async fn eventually<T>(what: &str, look: impl AsyncFnMut() -> Option<T>) -> T {
    eventually_within(PATIENCE, what, look).await
}

/// The same with another patience.
pub(crate) async fn eventually_within<T>(
    patience: Duration,
    what: &str,
    mut look: impl AsyncFnMut() -> Option<T>,
) -> T {
    let begun = Instant::now();
    loop {
        if let Some(seen) = look().await {
            return seen;
        }
        assert!(begun.elapsed() < patience, "never came: {what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// An id of the API, which may be a number or a text.
pub(crate) fn id(value: &Value) -> String {
    match &value["id"] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The id of an embedded object or of a plain reference.
pub(crate) fn uri(value: &Value) -> Option<&str> {
    value["id"].as_str().or(value.as_str())
}

/// Makes one test of a body into two: `name::sqlite` and `name::postgres`, the latter only where
/// `TEST_DATABASE_URL` names a server.
macro_rules! on_both {
    ($name:ident, |$kind:ident| $body:expr) => {
        mod $name {
            use super::*;

            async fn body($kind: $crate::support::Kind) {
                $body
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                body($crate::support::Kind::Sqlite).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if $crate::support::database::server().is_some() {
                    body($crate::support::Kind::Postgres).await;
                }
            }
        }
    };
}
pub(crate) use on_both;
