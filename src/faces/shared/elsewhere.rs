//! A server elsewhere for tests of the faces: it says on loopback what a test lets it say.

use std::collections::HashMap;
use std::io::Write as _;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::testing::Hub;
use crate::operations::trial;
use crate::settings::Limits;

type Answers = Arc<Mutex<HashMap<String, (u16, String)>>>;

/// A server elsewhere that says what a test lets it say.
pub(crate) struct Server {
    /// Its name, with the port.
    pub(crate) host: String,
    answers: Answers,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub(crate) fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let (answers, asked) = (Answers::default(), Arc::<Mutex<Vec<String>>>::default());
        let (known, noted) = (Arc::clone(&answers), Arc::clone(&asked));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let request = read(&mut stream);
                let path = request.split(' ').nth(1).unwrap_or_default();
                let path = path.split('?').next().unwrap_or_default().to_owned();
                noted.lock().unwrap().push(request);
                let said = known.lock().unwrap().get(&path).cloned();
                let (status, body) = said.unwrap_or((404, "{}".to_owned()));
                let kind = if body.contains("preferredUsername") {
                    "application/activity+json"
                } else {
                    "application/json"
                };
                let head = format!(
                    "HTTP/1.1 {status} X\r\nContent-Length: {}\r\nContent-Type: {kind}\r\nConnection: close\r\n\r\n",
                    body.len()
                );
                drop(stream.write_all((head + &body).as_bytes()));
            }
        });
        Self {
            host,
            answers,
            asked,
        }
    }

    /// From now on it answers so at a path.
    pub(crate) fn says(&self, path: &str, status: u16, body: &Value) {
        let said = (status, body.to_string());
        self.answers.lock().unwrap().insert(path.to_owned(), said);
    }

    /// The address of a path there.
    pub(crate) fn at(&self, path: &str) -> String {
        format!("http://{}{path}", self.host)
    }

    /// What was asked at a path.
    pub(crate) fn asked(&self, path: &str) -> Vec<String> {
        let all = self.asked.lock().unwrap();
        let at = |request: &&String| request.split(' ').nth(1) == Some(path);
        all.iter().filter(at).cloned().collect()
    }

    /// Somebody lives here, whose `WebFinger` answer has these links besides their id.
    pub(crate) fn houses(&self, name: &str, links: &[Value]) {
        let id = self.at(&format!("/users/{name}"));
        let own = json!({"rel": "self", "type": "application/activity+json", "href": id});
        let links: Vec<_> = links.iter().cloned().chain([own]).collect();
        let subject = format!("acct:{name}@{}", self.host);
        let finger = json!({"subject": subject, "links": links});
        self.says("/.well-known/webfinger", 200, &finger);
        self.shows("Person", name, &json!([]));
    }

    /// The document of somebody or something there, who names these accounts as their own.
    pub(crate) fn shows(&self, kind: &str, name: &str, aliases: &Value) {
        let path = format!("/users/{name}");
        let id = self.at(&path);
        let actor = json!({"id": id, "type": kind, "preferredUsername": name,
            "inbox": format!("{id}/inbox"), "alsoKnownAs": aliases});
        self.says(&path, 200, &actor);
    }

    /// It speaks the API of Mastodon, and vouches for somebody.
    pub(crate) fn vouches_for(&self, name: &str, acct: &str) {
        let metadata = json!({
            "issuer": self.at(""), "authorization_endpoint": self.at("/oauth/authorize"),
            "token_endpoint": self.at("/oauth/token"), "scopes_supported": ["read", "profile"],
            "code_challenge_methods_supported": ["S256"],
        });
        self.says("/.well-known/oauth-authorization-server", 200, &metadata);
        let app = json!({"client_id": "the-hub", "client_secret": "hush"});
        self.says("/api/v1/apps", 200, &app);
        let token = json!({"access_token": "bearer-1", "token_type": "Bearer"});
        self.says("/oauth/token", 200, &token);
        let account = json!({"id": "1", "username": name, "acct": acct});
        self.says("/api/v1/accounts/verify_credentials", 200, &account);
        self.says("/oauth/revoke", 200, &json!({}));
    }
}

/// Head and body of a request.
fn read(stream: &mut impl std::io::Read) -> String {
    let mut text = Vec::new();
    let mut byte = [0];
    while !text.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap_or(0) == 1 {
        text.extend(byte);
    }
    let head = String::from_utf8_lossy(&text).to_ascii_lowercase();
    let length = head
        .split("content-length: ")
        .nth(1)
        .and_then(|rest| rest.split("\r\n").next()?.parse().ok())
        .unwrap_or(0);
    let mut body = vec![0; length];
    drop(stream.read_exact(&mut body));
    text.extend(body);
    String::from_utf8_lossy(&text).into_owned()
}

/// A hub that may ask servers on loopback.
pub(crate) fn lenient(hub: &Hub) -> Hub {
    let operations = trial::under(&hub.operations, |settings| {
        settings.federation.development = true;
        settings.limits = Limits::lifted();
    });
    Hub::new(operations)
}
