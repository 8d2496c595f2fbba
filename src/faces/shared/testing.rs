//! A hub for tests of the faces, asked in this process without a connection.

use axum::Router;
use axum::body::Body;
use http::{HeaderMap, Request, StatusCode};
use serde_json::Value;
use tower::ServiceExt as _;

use super::State;
use crate::federation::Federation;
use crate::net::{Client, Limits};
use crate::operations::testing::Hall;

/// A hub at `hub.test`, with everything that it answers.
pub(crate) struct Hub {
    /// The floor of operations, with people and groups to make.
    pub(crate) hall: Hall,
    /// What the faces work with.
    pub(crate) state: State,
    router: Router,
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    /// A header, or nothing.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("a readable header"))
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }
}

impl Hub {
    /// A hub over a hall; the room above the faces gives their state and router.
    pub(crate) async fn new(hall: Hall) -> Self {
        let client = Client::new("hub.test", Limits::default(), true).expect("a client");
        let state = crate::faces::state(Federation::new(hall.operations.clone(), client));
        state.set_ready(true);
        let router = crate::faces::router(state.clone());
        Self { hall, state, router }
    }

    /// Asks with everything given.
    pub(crate) async fn ask(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.expect("routers never fail");
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 4 << 20).await.expect("a whole body");
        let text = String::from_utf8(bytes.to_vec()).expect("text");
        Answer { status: parts.status, headers: parts.headers, text }
    }

    /// Gets an address.
    pub(crate) async fn get(&self, address: &str) -> Answer {
        self.ask(Request::get(address).body(Body::empty()).expect("a request")).await
    }
}

/// Makes one test of a body into two: `name::sqlite` and `name::postgres`.
macro_rules! hub_test {
    ($name:ident, |$hub:ident| $body:expr) => {
        mod $name {
            use super::*;

            async fn body($hub: $crate::faces::shared::testing::Hub) {
                $body
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let (hall, store) = $crate::operations::testing::on_sqlite().await;
                body($crate::faces::shared::testing::Hub::new(hall).await).await;
                drop(store);
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some((hall, store)) = $crate::operations::testing::on_postgres().await {
                    body($crate::faces::shared::testing::Hub::new(hall).await).await;
                    drop(store);
                }
            }
        }
    };
}
pub(crate) use hub_test;
