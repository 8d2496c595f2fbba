//! Another server: people with keys, WebFinger, NodeInfo, objects; keeps and verifies what it is
//! sent.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU16, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use openssl::pkey::{PKey, Public};
use serde_json::{Value, json};

use super::hub::{Answer, answer, client};
use super::sign::{self, Key};
use super::{PUBLIC, eventually};

/// What came to an inbox and was taken.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    /// The document.
    pub(crate) body: Value,
    /// Whether the signature is sound and of the actor's own key.
    pub(crate) signed: bool,
}

/// A person of a peer; all share one key.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    /// Their ActivityPub id.
    pub(crate) id: String,
    /// The id of their key.
    pub(crate) key_id: String,
}

struct Inside {
    base: String,
    software: String,
    documents: Mutex<HashMap<String, Value>>,
    received: Mutex<Vec<Received>>,
    keys: Mutex<HashMap<String, PKey<Public>>>,
    status: AtomicU16,
    client: reqwest::Client,
}

/// One server on loopback.
pub(crate) struct Peer {
    /// `http://` with address and port.
    pub(crate) base: String,
    inside: Arc<Inside>,
    client: reqwest::Client,
    serial: AtomicU64,
    task: tokio::task::JoinHandle<()>,
}

impl Peer {
    /// A server that says it runs this software. Everybody of whom it is asked, it has:
    /// `/u/{any name}` is a person.
    pub(crate) async fn start(software: &str) -> Self {
        let host = super::hub::free_host();
        let address: SocketAddr = host.parse().expect("an address");
        let listener = tokio::net::TcpListener::bind(address).await;
        let listener = listener.expect("the port is still free");
        let base = format!("http://{host}");
        let inside = Arc::new(Inside {
            base: base.clone(),
            software: software.to_owned(),
            documents: Mutex::default(),
            received: Mutex::default(),
            keys: Mutex::default(),
            status: AtomicU16::new(202),
            client: client(),
        });
        let router = Router::new()
            .fallback(serve)
            .with_state(Arc::clone(&inside));
        #[expect(clippy::disallowed_methods, reason = "a server of the test's own")]
        let task = tokio::spawn(async move {
            axum::serve(listener, router).await.expect("a server");
        });
        Self {
            base,
            inside,
            client: client(),
            serial: AtomicU64::new(1),
            task,
        }
    }

    /// Somebody who lives here.
    pub(crate) fn person(&self, name: &str) -> Person {
        let id = format!("{}/u/{name}", self.base);
        Person {
            key_id: format!("{id}#main-key"),
            id,
        }
    }

    /// What the inboxes answer from now on; only what they take is kept.
    pub(crate) fn answer_with(&self, status: u16) {
        self.inside.status.store(status, Ordering::Relaxed);
    }

    /// Everything taken so far.
    pub(crate) fn received(&self) -> Vec<Received> {
        self.inside
            .received
            .lock()
            .expect("no panic inside")
            .clone()
    }

    /// Waits for a document that fits.
    pub(crate) async fn wait_for(&self, what: &str, fits: impl Fn(&Value) -> bool) -> Received {
        eventually(what, async || {
            self.received().into_iter().find(|r| fits(&r.body))
        })
        .await
    }

    // ---- what its people send

    fn new_id(&self, kind: &str) -> String {
        let serial = self.serial.fetch_add(1, Ordering::Relaxed);
        format!("{}/{kind}/{serial}", self.base)
    }

    /// A Follow, as Lemmy words it.
    pub(crate) fn follow(&self, by: &Person, target: &str) -> Value {
        json!({
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": self.new_id("activities/follow"), "type": "Follow",
            "actor": by.id, "object": target, "to": [target],
        })
    }

    /// A vote, as Lemmy words it: `Like` or `Dislike`.
    pub(crate) fn vote(&self, by: &Person, group: &str, object: &str, kind: &str) -> Value {
        json!({
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": self.new_id("activities/vote"), "type": kind,
            "actor": by.id, "object": object, "audience": group,
        })
    }

    /// The Create of a comment, as Lemmy words it; the comment can be fetched from now on.
    pub(crate) fn comment(&self, by: &Person, group: &str, parent: &str, text: &str) -> Value {
        let id = self.new_id("comment");
        let note = json!({
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": id, "type": "Note", "attributedTo": by.id, "to": [PUBLIC], "cc": [group],
            "content": format!("<p>{text}</p>\n"), "mediaType": "text/html",
            "source": {"content": text, "mediaType": "text/markdown"},
            "inReplyTo": parent, "published": sign::timestamp(), "tag": [],
            "distinguished": false, "audience": group, "attachment": [],
        });
        let path = id.strip_prefix(&self.base).unwrap_or(&id).to_owned();
        self.inside
            .documents
            .lock()
            .expect("no panic inside")
            .insert(path, note.clone());
        json!({
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": self.new_id("activities/create"), "type": "Create", "actor": by.id,
            "to": [PUBLIC], "cc": [group], "audience": group, "object": note,
        })
    }

    /// Sends an activity, signed by whom it names as its actor.
    pub(crate) async fn send(
        &self,
        inbox: &str,
        activity: &Value,
    ) -> Result<Answer, reqwest::Error> {
        let actor = activity["actor"].as_str().unwrap_or_default();
        let key_id = format!("{actor}#main-key");
        let body = activity.to_string().into_bytes();
        self.post(inbox, sign::common_key(), &key_id, body.clone(), body)
            .await
    }

    /// POSTs `body` with a signature over `signed`.
    pub(crate) async fn post(
        &self,
        inbox: &str,
        key: &Key,
        key_id: &str,
        signed: Vec<u8>,
        body: Vec<u8>,
    ) -> Result<Answer, reqwest::Error> {
        let url: url::Url = inbox.parse().expect("an inbox");
        let host = inbox.split('/').nth(2).unwrap_or_default();
        let mut request = self.client.post(inbox).body(body);
        for (name, value) in sign::headers(key, key_id, host, url.path(), &signed) {
            request = request.header(name, value);
        }
        answer(request).await
    }

    /// Follows a group and waits for its Accept.
    pub(crate) async fn join(&self, by: &Person, group: &str) {
        let follow = self.follow(by, group);
        let answer = self.send(&format!("{group}/inbox"), &follow).await;
        let answer = answer.expect("the hub answers");
        assert!(matches!(answer.status, 200 | 202), "{answer:?}");
        let accepted = self
            .wait_for("the Accept of a Follow", |body| {
                let object = &body["object"];
                let of = object["id"].as_str().or(object.as_str());
                body["type"] == "Accept" && of == follow["id"].as_str()
            })
            .await;
        assert!(accepted.signed, "{accepted:?}");
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.task.abort();
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
        return take(&inside, uri.path(), &headers, &body).await;
    }
    match find(&inside, &uri) {
        Some(document) => (
            [("content-type", "application/activity+json")],
            document.to_string(),
        )
            .into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn take(inside: &Inside, path: &str, headers: &HeaderMap, body: &[u8]) -> Response {
    let status = inside.status.load(Ordering::Relaxed);
    if status == 0 {
        // A server that hangs: longer than any peer waits.
        tokio::time::sleep(Duration::from_mins(1)).await;
    }
    if (200..300).contains(&status) {
        let body_json: Value = serde_json::from_slice(body).unwrap_or_default();
        let signed = is_signed(inside, path, headers, body, &body_json).await;
        let received = Received {
            body: body_json,
            signed,
        };
        inside
            .received
            .lock()
            .expect("no panic inside")
            .push(received);
    }
    StatusCode::from_u16(status)
        .unwrap_or(StatusCode::SERVICE_UNAVAILABLE)
        .into_response()
}

async fn is_signed(
    inside: &Inside,
    path: &str,
    headers: &HeaderMap,
    body: &[u8],
    json: &Value,
) -> bool {
    let Some(signature) = sign::Received::read(path, headers, body) else {
        return false;
    };
    let actor = json["actor"].as_str().unwrap_or_default();
    if signature.key_id.split('#').next() != Some(actor) {
        return false;
    }
    let known = inside
        .keys
        .lock()
        .expect("no panic inside")
        .get(&signature.key_id)
        .cloned();
    let key = match known {
        Some(key) => Some(key),
        None => fetch_key(inside, &signature.key_id).await,
    };
    key.is_some_and(|key| signature.is_of(&key))
}

async fn fetch_key(inside: &Inside, key_id: &str) -> Option<PKey<Public>> {
    let request = inside.client.get(key_id.split('#').next()?);
    let request = request.header("accept", "application/activity+json");
    let document = answer(request).await.ok()?.json();
    let pem = document["publicKey"]["publicKeyPem"].as_str()?;
    let key = PKey::public_key_from_pem(pem.as_bytes()).ok()?;
    let mut keys = inside.keys.lock().expect("no panic inside");
    keys.insert(key_id.to_owned(), key.clone());
    Some(key)
}

fn find(inside: &Inside, uri: &Uri) -> Option<Value> {
    let base = &inside.base;
    let path = uri.path();
    if let Some(name) = path.strip_prefix("/u/") {
        return Some(person(base, name));
    }
    match path {
        "/.well-known/nodeinfo" => Some(json!({"links": [{
            "rel": "http://nodeinfo.diaspora.software/ns/schema/2.0",
            "href": format!("{base}/nodeinfo/2.0"),
        }]})),
        "/nodeinfo/2.0" => Some(json!({
            "version": "2.0",
            "software": {"name": inside.software, "version": "0.19.20"},
            "protocols": ["activitypub"], "openRegistrations": true,
            "services": {"inbound": [], "outbound": []},
            "usage": {"users": {"total": 1}, "localPosts": 1}, "metadata": {},
        })),
        "/.well-known/webfinger" => webfinger(base, uri.query()?),
        _ => inside
            .documents
            .lock()
            .expect("no panic inside")
            .get(path)
            .cloned(),
    }
}

fn webfinger(base: &str, query: &str) -> Option<Value> {
    let (_, resource) =
        url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "resource")?;
    let name = resource
        .strip_prefix("acct:")?
        .split('@')
        .next()?
        .to_owned();
    Some(json!({"subject": resource, "links": [{
        "rel": "self", "type": "application/activity+json", "href": format!("{base}/u/{name}"),
    }]}))
}

/// A person's document, as Lemmy words it.
pub(crate) fn person(base: &str, name: &str) -> Value {
    let id = format!("{base}/u/{name}");
    json!({
        "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"],
        "id": id, "type": "Person", "preferredUsername": name, "name": name,
        "inbox": format!("{id}/inbox"), "outbox": format!("{id}/outbox"), "url": id,
        "published": "2023-01-02T03:04:05Z", "summary": "<p>A person on another server</p>",
        "endpoints": {"sharedInbox": format!("{base}/inbox")},
        "publicKey": {
            "id": format!("{id}#main-key"), "owner": id,
            "publicKeyPem": sign::public_pem(sign::common_key()),
        },
    })
}
