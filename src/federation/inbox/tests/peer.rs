//! A peer that serves documents from loopback and words activities as Mastodon and Lemmy do.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, LazyLock, Mutex};

use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};

use super::PUBLIC;
use crate::crypto::digest;
use crate::crypto::keypair::{Algorithm, PrivateKey, PublicKey};

/// Keys take long to make; tests share a few.
static KEYS: LazyLock<Vec<PrivateKey>> =
    LazyLock::new(|| (0..3).map(|_| PrivateKey::generate().unwrap()).collect());

/// One of the shared keys.
pub(super) fn key(place: usize) -> PrivateKey {
    KEYS[place].clone()
}

/// An actor of a peer, with its key.
#[derive(Clone)]
pub(super) struct FakeActor {
    pub(super) id: String,
    pub(super) key_id: String,
    pub(super) key: PrivateKey,
}

/// A server that serves what it is told.
pub(super) struct Peer {
    pub(super) base: String,
    documents: Arc<Mutex<HashMap<String, Value>>>,
    fetched: Arc<Mutex<Vec<Fetch>>>,
    picky: Arc<Mutex<Option<PublicKey>>>,
}

/// A request that a peer got.
#[derive(Clone)]
pub(super) struct Fetch {
    pub(super) target: String,
    pub(super) headers: HeaderMap,
}

impl Fetch {
    fn read(stream: &TcpStream) -> Self {
        let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
        let first = lines.next().unwrap_or_default();
        let target = first.split(' ').nth(1).unwrap_or_default().to_owned();
        let headers = lines.take_while(|line| !line.is_empty());
        let headers = headers.filter_map(|line| {
            let (name, value) = line.split_once(':')?;
            Some((name.parse().ok()?, value.trim().parse().ok()?))
        });
        Self {
            target,
            headers: headers
                .collect::<Vec<(HeaderName, HeaderValue)>>()
                .into_iter()
                .collect(),
        }
    }

    /// Whether the path alone was signed with this key.
    fn signs_path_only(&self, key: &PublicKey) -> bool {
        let of = |name: &str| self.headers[name].to_str().unwrap();
        let path = self.target.split('?').next().unwrap_or_default();
        let text = format!(
            "(request-target): get {path}\nhost: {}\ndate: {}",
            of("host"),
            of("date")
        );
        let signature = of("signature").rsplit("signature=\"").next().unwrap();
        let signature = digest::from_base64(signature.trim_end_matches('"')).unwrap();
        key.verify(Algorithm::RsaSha256, text.as_bytes(), &signature)
    }
}

impl Peer {
    pub(super) fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let documents: Arc<Mutex<HashMap<String, Value>>> = Arc::default();
        let fetched: Arc<Mutex<Vec<Fetch>>> = Arc::default();
        let picky: Arc<Mutex<Option<PublicKey>>> = Arc::default();
        let (served, noted) = (Arc::clone(&documents), Arc::clone(&fetched));
        let demanded = Arc::clone(&picky);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let fetch = Fetch::read(&stream);
                let path = fetch.target.clone();
                let key = demanded.lock().unwrap().clone();
                let refused = key.is_some_and(|key| !fetch.signs_path_only(&key));
                noted.lock().unwrap().push(fetch);
                let document = served.lock().unwrap().get(&path).cloned();
                let (status, body) = match document {
                    _ if refused => (401, String::new()),
                    None => (404, String::new()),
                    Some(Value::Number(status)) => (status.as_u64().unwrap_or(500), String::new()),
                    Some(document) => (200, document.to_string()),
                };
                let head = format!(
                    "HTTP/1.1 {status} X\r\nContent-Type: application/activity+json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                    body.len()
                );
                // The client may have left already; that is for it to decide.
                drop(stream.write_all(format!("{head}{body}").as_bytes()));
            }
        });
        Self {
            base,
            documents,
            fetched,
            picky,
        }
    }

    /// Believes from now on only what signs the path alone, with this key.
    pub(super) fn demand_path_only(&self, key: PublicKey) {
        *self.picky.lock().unwrap() = Some(key);
    }

    /// All requests so far.
    pub(super) fn requests(&self) -> Vec<Fetch> {
        self.fetched.lock().unwrap().clone()
    }

    /// Serves a document under its id, or a status in its place.
    pub(super) fn serve(&self, id: &str, document: Value) {
        let path = id.strip_prefix(&self.base).expect("an id of this peer");
        let path = path.split('#').next().unwrap_or(path).to_owned();
        self.documents.lock().unwrap().insert(path, document);
    }

    /// What it serves under an id.
    pub(super) fn document(&self, id: &str) -> Option<Value> {
        let path = id.strip_prefix(&self.base)?;
        self.documents.lock().unwrap().get(path).cloned()
    }

    /// Everything that was asked for, in order.
    pub(super) fn asked(&self) -> Vec<String> {
        let fetched = self.fetched.lock().unwrap();
        fetched.iter().map(|fetch| fetch.target.clone()).collect()
    }

    /// What is served under an id that surely is.
    pub(super) fn served(&self, id: &str) -> Value {
        self.document(id).expect("an id of this peer")
    }

    /// How often anything was fetched.
    pub(super) fn fetches(&self) -> usize {
        self.fetched.lock().unwrap().len()
    }

    pub(super) fn person(&self, name: &str) -> FakeActor {
        self.actor("Person", &format!("{}/users/{name}", self.base), name, 0)
    }

    pub(super) fn group(&self, name: &str) -> FakeActor {
        self.actor("Group", &format!("{}/c/{name}", self.base), name, 1)
    }

    pub(super) fn actor(&self, kind: &str, id: &str, name: &str, place: usize) -> FakeActor {
        let actor = FakeActor {
            id: id.to_owned(),
            key_id: format!("{id}#main-key"),
            key: key(place),
        };
        let pem = actor.key.public().unwrap().to_pem().unwrap();
        let document = json!({"id": id, "type": kind, "preferredUsername": name,
            "inbox": format!("{id}/inbox"), "outbox": format!("{id}/outbox"),
            "followers": format!("{id}/followers"), "featured": format!("{id}/featured"),
            "attributedTo": format!("{id}/moderators"),
            "endpoints": {"sharedInbox": format!("{}/inbox", self.base)},
            "publicKey": {"id": actor.key_id, "owner": id, "publicKeyPem": pem}});
        self.serve(id, document);
        actor
    }

    /// A note as Mastodon words it, which mentions the group, and is served.
    pub(super) fn note(&self, by: &FakeActor, number: u32, group: &str, text: &str) -> Value {
        let id = format!("{}/statuses/{number}", by.id);
        let note = json!({"id": id, "type": "Note", "attributedTo": by.id, "summary": null,
            "inReplyTo": null, "published": "2026-06-01T11:00:00Z", "sensitive": false,
            "to": [PUBLIC], "cc": [format!("{}/followers", by.id), group],
            "content": format!("<p><a href=\"{group}\" class=\"u-url mention\">@<span>tea</span></a> {text}</p>"),
            "attachment": [], "tag": [{"type": "Mention", "href": group, "name": "@tea@hub.test"}]});
        self.serve(&id, note.clone());
        note
    }

    /// An answer as Mastodon words it, which mentions nobody.
    pub(super) fn answer(&self, by: &FakeActor, number: u32, to: &str, text: &str) -> Value {
        let mut note = self.note(by, number, "http://hub.test/c/none", text);
        note["inReplyTo"] = json!(to);
        note["tag"] = json!([]);
        note["cc"] = json!([]);
        self.serve(note["id"].as_str().unwrap(), note.clone());
        note
    }

    #[expect(clippy::unused_self, reason = "reads like the others at the call")]
    pub(super) fn create(&self, by: &FakeActor, object: &Value) -> Value {
        json!({"@context": "https://www.w3.org/ns/activitystreams",
            "id": format!("{}/activity", object["id"].as_str().unwrap()), "type": "Create",
            "actor": by.id, "to": object["to"], "cc": object["cc"], "object": object})
    }

    #[expect(clippy::unused_self, reason = "reads like the others at the call")]
    pub(super) fn act(&self, by: &FakeActor, kind: &str, number: u32, object: &Value) -> Value {
        json!({"id": format!("{}#{kind}/{number}", by.id), "type": kind, "actor": by.id,
            "to": [PUBLIC], "object": object})
    }
}
