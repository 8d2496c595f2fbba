//! All servers around the hub: one listener for every loopback address, which has whoever is asked
//! for and takes whatever is sent.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::sign;

struct Inside {
    begun: Instant,
    taken: AtomicU64,
    first: AtomicU64,
    last: AtomicU64,
    pem: String,
}

/// The servers, which end with this process.
pub(crate) struct Sink {
    /// The port of each of them.
    pub(crate) port: u16,
    inside: Arc<Inside>,
}

impl Sink {
    /// Listens on every loopback address.
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind(("0.0.0.0", 0)).await;
        let listener = listener.expect("a free port");
        let port = listener.local_addr().expect("a bound socket").port();
        let inside = Arc::new(Inside {
            begun: Instant::now(),
            taken: AtomicU64::new(0),
            first: AtomicU64::new(0),
            last: AtomicU64::new(0),
            pem: sign::public_pem(sign::common_key()),
        });
        let router = Router::new()
            .fallback(serve)
            .with_state(Arc::clone(&inside));
        #[expect(clippy::disallowed_methods, reason = "a server of the benchmark's own")]
        drop(tokio::spawn(async move {
            axum::serve(listener, router).await.expect("a server");
        }));
        Self { port, inside }
    }

    /// Forgets what was taken.
    pub(crate) fn reset(&self) {
        self.inside.taken.store(0, Ordering::Relaxed);
        self.inside.first.store(0, Ordering::Relaxed);
    }

    /// How many messages were taken.
    pub(crate) fn taken(&self) -> u64 {
        self.inside.taken.load(Ordering::Relaxed)
    }

    /// Seconds between the first message and the last.
    pub(crate) fn seconds(&self) -> f64 {
        let first = self.inside.first.load(Ordering::Relaxed);
        let last = self.inside.last.load(Ordering::Relaxed);
        last.saturating_sub(first) as f64 / 1e6
    }

    /// Waits for so many messages; false when nothing came for a while before.
    pub(crate) async fn wait_for(&self, messages: u64) -> bool {
        let (mut known, mut since) = (0, Instant::now());
        while self.taken() < messages {
            if self.taken() != known {
                (known, since) = (self.taken(), Instant::now());
            }
            if since.elapsed() > Duration::from_secs(10) {
                eprintln!("{known} of {messages} messages came");
                return false;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        true
    }
}

async fn serve(
    State(inside): State<Arc<Inside>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if method == Method::POST {
        let now = u64::try_from(inside.begun.elapsed().as_micros()).unwrap_or(u64::MAX);
        if inside.first.load(Ordering::Relaxed) == 0 {
            inside.first.store(now, Ordering::Relaxed);
        }
        inside.last.store(now, Ordering::Relaxed);
        inside
            .taken
            .fetch_add(u64::from(!body.is_empty()), Ordering::Relaxed);
        return StatusCode::ACCEPTED.into_response();
    }
    let host = headers.get("host").and_then(|host| host.to_str().ok());
    let base = format!("http://{}", host.unwrap_or_default());
    match document(&inside, &base, uri.path()) {
        Some(document) => {
            let kind = [("content-type", "application/activity+json")];
            (kind, document.to_string()).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn document(inside: &Inside, base: &str, path: &str) -> Option<Value> {
    match path {
        "/.well-known/nodeinfo" => Some(json!({"links": [{
            "rel": "http://nodeinfo.diaspora.software/ns/schema/2.0",
            "href": format!("{base}/nodeinfo/2.0"),
        }]})),
        "/nodeinfo/2.0" => Some(json!({
            "version": "2.0", "software": {"name": "lemmy", "version": "0.19.20"},
            "protocols": ["activitypub"], "openRegistrations": true,
            "services": {"inbound": [], "outbound": []},
            "usage": {"users": {"total": 1}}, "metadata": {},
        })),
        _ => person(inside, base, path.strip_prefix("/u/")?),
    }
}

fn person(inside: &Inside, base: &str, name: &str) -> Option<Value> {
    let id = format!("{base}/u/{name}");
    let plain = !name.contains('/');
    plain.then(|| {
        json!({
            "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"],
            "id": id, "type": "Person", "preferredUsername": name, "name": name,
            "inbox": format!("{id}/inbox"), "outbox": format!("{id}/outbox"), "url": id,
            "published": "2023-01-02T03:04:05Z", "summary": "<p>A person on another server</p>",
            "endpoints": {"sharedInbox": format!("{base}/inbox")},
            "publicKey": {
                "id": format!("{id}#main-key"), "owner": id, "publicKeyPem": inside.pem,
            },
        })
    })
}
