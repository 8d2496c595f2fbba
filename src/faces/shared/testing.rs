//! A hub for tests of the faces, asked in this process without a connection.

use axum::Router;
use axum::body::Body;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, Request, StatusCode};
use serde_json::Value;
use tower::ServiceExt as _;

use super::State;
use crate::federation::Federation;
use crate::net::{Client, Limits};
use crate::operations::account::create_token;
use crate::operations::testing::Hall;
use crate::operations::{Operations, trial};

/// What the room above gives: everything that is answered, which this room cannot name.
pub(crate) trait Whole {
    /// The faces' state over a federation.
    fn begin(federation: Federation) -> Self;
    /// The router of all faces.
    fn whole(self) -> Router;
}

/// A hub at `hub.test`, with everything that it answers.
pub(crate) struct Hub {
    /// The floor of operations.
    pub(crate) operations: Operations,
    /// The same, with people, groups and texts to make.
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
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("a readable header"))
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }
}

impl Hub {
    /// The faces over a hub for tests.
    pub(crate) fn new(operations: Operations) -> Self {
        let client = Client::new("hub.test", Limits::default(), true).expect("a client");
        let state = State::begin(Federation::new(operations.clone(), client));
        state.set_ready(true);
        let router = state.clone().whole();
        let hall = Hall::over(operations.clone());
        Self {
            operations,
            hall,
            state,
            router,
        }
    }

    /// A person with an account, and a token of theirs that may do this.
    pub(crate) async fn token(&self, name: &str, scopes: &str) -> String {
        let person = trial::person(&self.operations, name).await;
        let caller = trial::member(person);
        create_token(&self.operations, caller, person, scopes)
            .await
            .expect("a token")
    }

    /// Asks with everything given.
    pub(crate) async fn ask(&self, request: Request<Body>) -> Answer {
        let response = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("routers never fail");
        let (parts, body) = response.into_parts();
        // A line that stays open says nothing until something happens.
        let kind = parts.headers.get(CONTENT_TYPE);
        let body = match kind {
            Some(kind) if kind == "text/event-stream" => Body::empty(),
            _ => body,
        };
        let bytes = axum::body::to_bytes(body, 4 << 20)
            .await
            .expect("a whole body");
        let text = String::from_utf8(bytes.to_vec()).expect("text");
        Answer {
            status: parts.status,
            headers: parts.headers,
            text,
        }
    }

    /// Asks for what may be no text.
    pub(crate) async fn file(&self, request: Request<Body>) -> (StatusCode, HeaderMap, Vec<u8>) {
        let response = self.router.clone().oneshot(request).await;
        let (parts, body) = response.expect("routers never fail").into_parts();
        let bytes = axum::body::to_bytes(body, 4 << 20).await;
        let bytes = bytes.expect("a whole body").to_vec();
        (parts.status, parts.headers, bytes)
    }

    /// Gets an address.
    pub(crate) async fn get(&self, address: &str) -> Answer {
        self.call("GET", address, "", None).await
    }

    /// Gets an address as somebody who accepts this.
    pub(crate) async fn accept(&self, address: &str, accept: &str) -> Answer {
        let request = Request::get(address)
            .header("accept", accept)
            .body(Body::empty());
        self.ask(request.expect("a request")).await
    }

    /// Calls the API with a token and a JSON body, if there are any.
    pub(crate) async fn call(
        &self,
        method: &str,
        address: &str,
        token: &str,
        body: Option<Value>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(address);
        if !token.is_empty() {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let body = match body {
            Some(body) => {
                request = request.header("content-type", "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        self.ask(request.body(body).expect("a request")).await
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
                let (operations, store) = $crate::operations::trial::on_sqlite().await;
                body($crate::faces::shared::testing::Hub::new(operations)).await;
                drop(store);
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some((operations, store)) = $crate::operations::trial::on_postgres().await {
                    body($crate::faces::shared::testing::Hub::new(operations)).await;
                    drop(store);
                }
            }
        }
    };
}
pub(crate) use hub_test;
