//! What is fetched, from a server on loopback that answers as it likes (security.md 3.4;
//! federation.md 9.2 and 9.3).

use std::collections::HashMap;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::*;
use crate::crypto::keypair::PrivateKey;
use crate::domain::actor::Actor;
use crate::domain::ids::{Handle, Uri};
use crate::net::{Client, Limits};
use crate::operations::Operations;
use crate::operations::trial;
use crate::settings::Rate;
use crate::store::Store;
use crate::store::testing::db_test;

const ACTIVITY: &str = "application/activity+json";
const PATIENT: std::time::Duration = std::time::Duration::from_millis(100);

type Answers = Arc<Mutex<HashMap<String, Vec<u8>>>>;

/// A server that gives raw answers, slowly enough that requests meet.
struct Peer {
    host: String,
    answers: Answers,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Peer {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let (answers, seen) = (Answers::default(), Arc::<Mutex<Vec<String>>>::default());
        let (known, noted) = (Arc::clone(&answers), Arc::clone(&seen));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut head = Vec::new();
                let mut byte = [0];
                while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap_or(0) == 1 {
                    head.extend(byte);
                }
                let head = String::from_utf8_lossy(&head).into_owned();
                let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
                noted.lock().unwrap().push(head);
                let answer = known.lock().unwrap().get(&path).cloned();
                let answer = answer.unwrap_or_else(|| raw("404 Not Found", &[], b""));
                // The client may have left already; that is for it to decide.
                drop(stream.write_all(&answer));
            }
        });
        Self {
            host,
            answers,
            seen,
        }
    }

    fn id(&self, path: &str) -> String {
        format!("http://{}{path}", self.host)
    }

    /// From now on this path is answered so.
    fn says(&self, path: &str, answer: Vec<u8>) {
        self.answers.lock().unwrap().insert(path.to_owned(), answer);
    }

    fn serves(&self, path: &str, document: &Value) {
        let body = document.to_string();
        self.says(
            path,
            raw("200 OK", &[("Content-Type", ACTIVITY)], body.as_bytes()),
        );
    }

    fn actor(&self, kind: &str, path: &str, name: &str) -> Value {
        let id = self.id(path);
        json!({"id": id, "type": kind, "preferredUsername": name, "inbox": format!("{id}/inbox")})
    }

    /// Answers WebFinger for a handle at its host.
    fn fingers(&self, name: &str, answer: &Value) {
        let path = format!(
            "/.well-known/webfinger?resource=acct%3A{name}%40{}",
            self.host.replace(':', "%3A")
        );
        let kind = [("Content-Type", "application/jrd+json")];
        self.says(&path, raw("200 OK", &kind, answer.to_string().as_bytes()));
    }

    fn requests(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }

    fn asked(&self, path: &str) -> usize {
        let line = format!("GET {path} ");
        self.requests()
            .iter()
            .filter(|head| head.starts_with(&line))
            .count()
    }
}

fn raw(status: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut head = format!(
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n",
        body.len()
    );
    for (name, value) in headers {
        head.extend([*name, ": ", *value, "\r\n"]);
    }
    [head.as_bytes(), b"\r\n", body].concat()
}

/// A founded hub and a peer.
struct Room {
    operations: Operations,
    federation: Federation,
    peer: Peer,
}

impl Room {
    async fn new(store: Store) -> Self {
        let operations = trial::hub_with(store, |settings| {
            settings.federation.development = true;
            settings.limits.fetch_host = Rate::OFF;
        })
        .await;
        let limits = Limits {
            idle: PATIENT,
            fetch: PATIENT * 10,
            ..Limits::default()
        };
        let client = Client::new("hub.test", limits, true).unwrap();
        Self {
            federation: Federation::new(operations.clone(), client),
            operations,
            peer: Peer::new(),
        }
    }

    async fn document(&self, path: &str) -> Result<Value, Refusal> {
        self.federation
            .resolver()
            .document(&self.peer.id(path))
            .await
    }

    async fn actor(&self, path: &str) -> Result<Actor, Refusal> {
        self.federation.resolver().actor(&self.peer.id(path)).await
    }

    async fn handle(&self, name: &str) -> Result<Actor, Refusal> {
        let handle = Handle {
            name: name.to_owned(),
            host: Some(self.peer.host.clone()),
        };
        Box::pin(self.federation.resolver().handle(&handle, None)).await
    }
}

db_test!(s021_h137_only_activity_documents_are_read, |store| {
    let room = Room::new(store).await;
    let body = room.peer.actor("Person", "/u/a", "a").to_string();
    let profile = "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"";
    for (types, good) in [
        (vec![ACTIVITY], true),
        (vec!["application/activity+json; charset=UTF-8"], true),
        (vec!["Application/Activity+JSON;CHARSET=utf-8"], true),
        (vec![profile], true),
        (
            vec!["application/ld+json;profile=https://www.w3.org/ns/activitystreams"],
            true,
        ),
        (vec![], false),
        (vec!["text/html"], false),
        (vec!["text/plain"], false),
        (vec!["image/png"], false),
        (vec!["application/json"], false),
        (vec!["application/ld+json"], false),
        (vec![ACTIVITY, "text/html"], false),
    ] {
        let headers: Vec<_> = types.iter().map(|kind| ("Content-Type", *kind)).collect();
        room.peer
            .says("/u/a", raw("200 OK", &headers, body.as_bytes()));
        assert_eq!(room.document("/u/a").await.is_ok(), good, "H137 {types:?}");
    }
});

db_test!(
    s022_h155_requests_say_who_asks_for_what_and_are_signed,
    |store| {
        let room = Room::new(store).await;
        let person = room.peer.actor("Person", "/u/a?b=c", "a");
        room.peer.serves("/u/a?b=c", &person);
        room.document("/u/a?b=c").await.unwrap();
        let request = room.peer.requests().remove(0);
        let lower = request.to_lowercase();
        let accept = "\r\naccept: application/activity+json, application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"\r\n";
        assert!(lower.contains(accept), "{request}");
        let agent = format!(
            "\r\nuser-agent: guildhall/{} (+http://hub.test/)\r\n",
            env!("CARGO_PKG_VERSION")
        );
        assert!(
            lower.contains(&agent) && !lower.contains("mozilla"),
            "{request}"
        );
        assert!(
            request.contains("keyId=\"http://hub.test/#main-key\""),
            "{request}"
        );
        assert!(
            request.contains("headers=\"(request-target) host date\""),
            "{request}"
        );
    }
);

db_test!(
    s024_h138_a_document_bears_the_id_that_was_asked_for,
    |store| {
        let room = Room::new(store).await;
        let other = Peer::new();
        let at = |id: String| json!({"id": id, "type": "Note"});
        let upper = room.peer.id("/1").replace("http://", "HTTP://");
        for (row, id, good, asked) in [
            ("the same", room.peer.id("/1"), true, 0),
            ("in upper case", upper, true, 0),
            ("another of the host", room.peer.id("/2"), true, 1),
            ("with a slash", room.peer.id("/1/"), true, 1),
            ("of another host", other.id("/1"), false, 0),
            (
                "with another scheme",
                room.peer.id("/1").replace("http:", "https:"),
                false,
                0,
            ),
            ("of this hub", "http://hub.test/post/1".to_owned(), false, 0),
        ] {
            room.peer.serves("/1", &at(id.clone()));
            let path = id.rsplit_once(&room.peer.host).map_or("", |(_, path)| path);
            if asked == 1 {
                room.peer.serves(path, &at(id.clone()));
            }
            let before = room.peer.requests().len();
            let found = room.document("/1").await;
            assert_eq!(found.is_ok(), good, "H138 {row}");
            assert_eq!(room.peer.requests().len() - before, 1 + asked, "H138 {row}");
        }
        assert!(other.requests().is_empty(), "nobody else is asked");
        room.peer.serves("/1", &at(room.peer.id("/2")));
        room.peer.serves("/2", &at(room.peer.id("/3")));
        assert!(
            room.document("/1").await.is_err(),
            "H138 another id each time"
        );
        room.peer.says(
            "/1",
            raw("302 Found", &[("Location", &other.id("/1"))], b""),
        );
        other.serves("/1", &at(room.peer.id("/1")));
        assert!(
            room.document("/1").await.is_err(),
            "H138 led to another host"
        );
    }
);

db_test!(h136_only_a_plain_200_has_a_body_for_us, |store| {
    let room = Room::new(store).await;
    let body = room.peer.actor("Person", "/u/a", "a").to_string();
    let typed = ("Content-Type", ACTIVITY);
    for (status, headers, good) in [
        ("200 OK", vec![typed], true),
        ("200 OK", vec![typed, ("Location", "/elsewhere")], true),
        ("201 Created", vec![typed], false),
        ("203 Other", vec![typed], false),
        ("204 No Content", vec![typed], false),
        ("206 Partial Content", vec![typed], false),
        ("300 Choices", vec![typed], false),
        ("304 Not Modified", vec![typed], false),
        ("401 Unauthorized", vec![typed], false),
        ("404 Not Found", vec![typed], false),
        ("410 Gone", vec![typed], false),
        ("500 Fault", vec![typed], false),
    ] {
        room.peer
            .says("/u/a", raw(status, &headers, body.as_bytes()));
        assert_eq!(room.document("/u/a").await.is_ok(), good, "H136 {status}");
    }
});

db_test!(h139_h141_documents_that_are_none, |store| {
    let room = Room::new(store).await;
    let id = room.peer.id("/1");
    let many = format!("{{\"id\":\"{id}\",\"x\":[{}0]}}", "0,".repeat(70_000));
    let deep = format!(
        "{{\"id\":\"{id}\",\"x\":{}{}}}",
        "[".repeat(100),
        "]".repeat(100)
    );
    let long = format!("{{\"id\":\"{id}\",\"x\":\"{}\"}}", "y".repeat(1 << 20));
    for (row, body) in [
        (
            "H139 the id twice",
            format!("{{\"id\":\"{id}\",\"id\":\"{id}\"}}").into_bytes(),
        ),
        ("H139 an id that is no text", b"{\"id\":7}".to_vec()),
        (
            "H139 an id in a list",
            format!("{{\"id\":[\"{id}\"]}}").into_bytes(),
        ),
        ("H139 no id", b"{\"type\":\"Note\"}".to_vec()),
        ("H139 a list", format!("[{{\"id\":\"{id}\"}}]").into_bytes()),
        ("H139 nothing", Vec::new()),
        ("H139 half of it", format!("{{\"id\":\"{id}\"").into_bytes()),
        (
            "H139 no UTF-8",
            vec![b'{', b'"', 0xff, b'"', b':', b'1', b'}'],
        ),
        ("H141 too many values", many.into_bytes()),
        ("H141 too deep", deep.into_bytes()),
        ("H141 too long", long.into_bytes()),
        ("H141 in brotli", vec![0x0b, 0x02, 0x80, 0x7b, 0x7d, 0x03]),
    ] {
        room.peer
            .says("/1", raw("200 OK", &[("Content-Type", ACTIVITY)], &body));
        let refusal = room.document("/1").await.unwrap_err();
        assert_eq!(refusal.kind, Kind::Invalid, "{row}: {refusal}");
    }
});

db_test!(h140_what_is_asked_for_is_what_must_come, |store| {
    let room = Room::new(store).await;
    let note = json!({"id": room.peer.id("/1"), "type": "Note", "attributedTo": room.peer.id("/u/a"), "content": "x"});
    room.peer.serves("/1", &note);
    room.peer
        .serves("/u/a", &room.peer.actor("Person", "/u/a", "a"));
    assert!(room.actor("/1").await.is_err(), "H140 a note is no actor");
    let resolver = room.federation.resolver();
    let object = resolver.object(&room.peer.id("/u/a")).await;
    assert!(object.is_err(), "H140 a person is no post");
    assert!(resolver.object(&room.peer.id("/1")).await.is_ok());
});

db_test!(h145_collections_are_read_in_bounds, |store| {
    let room = Room::new(store).await;
    let owner = Uri::parse(&room.peer.id("/c/a")).unwrap();
    let other = Peer::new();
    let page = |number: u32, next: Value| {
        json!({"id": room.peer.id(&format!("/p/{number}")), "type": "OrderedCollectionPage", "totalItems": -1,
            "orderedItems": [room.peer.id(&format!("/item/{number}"))], "next": next})
    };
    for number in 1..=20 {
        let next = json!(room.peer.id(&format!("/p/{}", number + 1)));
        room.peer
            .serves(&format!("/p/{number}"), &page(number, next));
    }
    room.peer
        .serves("/p/30", &page(30, json!(room.peer.id("/p/31"))));
    room.peer
        .serves("/p/31", &page(31, json!(room.peer.id("/p/30"))));
    room.peer
        .serves("/p/40", &page(40, json!(other.id("/p/1"))));
    let items: Vec<String> = (0..30_000).map(|n| format!("https://x/{n}")).collect();
    let huge = json!({"id": room.peer.id("/p/50"), "type": "Collection", "totalItems": 1_000_000_000_000_i64, "items": items});
    room.peer.serves("/p/50", &huge);
    let read = async |path: &str, most: usize| {
        let resolver = room.federation.resolver();
        resolver
            .collection(&owner, &room.peer.id(path), most)
            .await
            .unwrap()
            .len()
    };
    assert_eq!(read("/p/1", 100).await, 10, "H145 ten pages");
    assert_eq!(read("/p/1", 3).await, 3, "H145 no more than is wanted");
    assert_eq!(read("/p/30", 100).await, 2, "H145 a loop ends");
    assert_eq!(read("/p/40", 100).await, 1, "H145 no page of another host");
    assert_eq!(read("/p/50", 100).await, 100, "H145 numbers are claims");
    let strange = room
        .federation
        .resolver()
        .collection(&owner, &other.id("/p/1"), 9)
        .await;
    assert!(
        strange.unwrap().is_empty() && other.requests().is_empty(),
        "H145 a first page elsewhere"
    );
});

db_test!(h146_collections_of_others_are_not_an_actors, |store| {
    let room = Room::new(store).await;
    let mut group = room.peer.actor("Group", "/c/a", "a");
    for field in ["outbox", "followers", "featured", "moderators"] {
        group[field] = json!(format!("http://evil.test/{field}"));
    }
    room.peer.serves("/c/a", &group);
    let actor = room.actor("/c/a").await.unwrap();
    assert_eq!((actor.outbox, actor.followers), (None, None), "H146");
    assert_eq!((actor.featured, actor.moderators), (None, None), "H146");
});

db_test!(h147_a_handle_leads_to_its_actor_and_back, |store| {
    let room = Room::new(store).await;
    let host = room.peer.host.clone();
    let own = |path: &str| json!({"rel": "self", "type": ACTIVITY, "href": room.peer.id(path)});
    let subject = format!("acct:a@{host}");
    room.peer
        .serves("/u/a", &room.peer.actor("Person", "/u/a", "a"));
    room.peer
        .serves("/u/b", &room.peer.actor("Person", "/u/b", "b"));
    let answer = |subject: &str, links: Value| json!({"subject": subject, "links": links});
    for (row, answer, good) in [
        ("no self link", answer(&subject, json!([])), false),
        (
            "a link to a page",
            answer(
                &subject,
                json!([{"rel": "self", "type": "text/html", "href": room.peer.id("/u/a")}]),
            ),
            false,
        ),
        (
            "a link without a type",
            answer(
                &subject,
                json!([{"rel": "self", "href": room.peer.id("/u/a")}]),
            ),
            false,
        ),
        (
            "another subject's host",
            answer("acct:a@evil.test", json!([own("/u/a")])),
            false,
        ),
        (
            "another subject's name",
            answer(&format!("acct:b@{host}"), json!([own("/u/a")])),
            false,
        ),
        (
            "an actor of another name",
            answer(&subject, json!([own("/u/b")])),
            false,
        ),
        (
            "an actor that is none",
            answer(&subject, json!([own("/u/none")])),
            false,
        ),
        ("no subject", json!({"links": [own("/u/a")]}), false),
        (
            "three self links",
            answer(&subject, json!([own("/u/a"), own("/u/b"), own("/u/none")])),
            true,
        ),
    ] {
        room.peer.fingers("a", &answer);
        let found = room.handle("a").await;
        assert_eq!(found.is_ok(), good, "H147 {row}");
    }
    let unknown = room.handle("nobody").await.unwrap_err();
    assert_eq!(unknown.kind, Kind::NotFound, "its server never had it");
});

db_test!(h147_two_hosts_of_one_handle_must_agree, |store| {
    let room = Room::new(store).await;
    let home = Peer::new();
    let own = json!([{"rel": "self", "type": ACTIVITY, "href": home.id("/u/a")}]);
    home.serves("/u/a", &home.actor("Person", "/u/a", "a"));
    let subject = format!("acct:a@{}", room.peer.host);
    room.peer
        .fingers("a", &json!({"subject": subject, "links": own}));
    assert!(
        room.handle("a").await.is_err(),
        "H147 its home says nothing"
    );
    home.fingers("a", &json!({"subject": "acct:a@evil.test", "links": own}));
    assert!(
        room.handle("a").await.is_err(),
        "H147 its home says another host"
    );
    home.fingers("a", &json!({"subject": subject, "links": own}));
    let actor = room.handle("a").await.unwrap();
    assert_eq!(
        actor.full_handle(),
        format!("a@{}", home.host),
        "H147 both agree"
    );
});

db_test!(
    h149_handles_that_can_name_nobody_open_no_connection,
    |store| {
        let operations = trial::hub(store).await;
        let client = Client::new("hub.test", Limits::default(), false).unwrap();
        let federation = Federation::new(operations, client);
        for text in [
            "@a@127.0.0.1",
            "@a@[::1]",
            "@a@host.example:22",
            "@a@host.example/path",
            "@a@localhost",
            "@a@x.local",
            "@a/b@host.example",
        ] {
            let handle = Handle::parse(text).unwrap_or_else(|| panic!("H149 {text}"));
            let refusal = Box::pin(federation.resolver().handle(&handle, None))
                .await
                .unwrap_err();
            assert_eq!(
                (refusal.kind, refusal.code.as_ref()),
                (Kind::Invalid, "handle.malformed"),
                "H149 {text}"
            );
        }
        assert!(Handle::parse("@a@b@c").is_none(), "H149");
    }
);

db_test!(h150_only_a_server_itself_says_what_it_is, |store| {
    let room = Room::new(store).await;
    let other = Peer::new();
    let info = json!({"software": {"name": "lemmy", "version": "0.19.20"}, "version": "2.0"});
    let json = [("Content-Type", "application/json")];
    for peer in [&room.peer, &other] {
        peer.says(
            "/nodeinfo/2.0",
            raw("200 OK", &json, info.to_string().as_bytes()),
        );
    }
    room.peer
        .says("/huge", raw("200 OK", &json, &vec![b' '; 2 << 20]));
    room.peer.says(
        "/page",
        raw("200 OK", &[("Content-Type", "text/html")], b"<p>hello"),
    );
    for (row, link, known) in [
        ("its own", room.peer.id("/nodeinfo/2.0"), true),
        ("of another host", other.id("/nodeinfo/2.0"), false),
        ("data", format!("data:application/json,{info}"), false),
        ("private", "http://10.0.0.1/nodeinfo/2.0".to_owned(), false),
        ("too long", room.peer.id("/huge"), false),
        ("a page", room.peer.id("/page"), false),
        ("missing", room.peer.id("/none"), false),
    ] {
        let rel = "http://nodeinfo.diaspora.software/ns/schema/2.0";
        let links = json!({"links": [{"rel": rel, "href": link}]});
        room.peer.says(
            "/.well-known/nodeinfo",
            raw("200 OK", &json, links.to_string().as_bytes()),
        );
        let found = ask_software(&room.federation, &room.peer.host).await;
        assert_eq!(found.is_some(), known, "H150 {row}");
    }
    assert!(other.requests().is_empty());
});

db_test!(s035_s039_actors_of_every_peer_are_stored, |store| {
    let room = Room::new(store).await;
    let key = PrivateKey::generate()
        .unwrap()
        .public()
        .unwrap()
        .to_pem()
        .unwrap();
    let peer = &room.peer;
    let pem = |path: &str, key_id: &str| json!({"publicKey": {"id": peer.id(key_id), "owner": peer.id(path), "publicKeyPem": key}});
    for (row, kind, path, changes) in [
        ("nothing but the least", "Person", "/u/least", json!({})),
        (
            "a key",
            "Person",
            "/u/key",
            pem("/u/key", "/u/key#main-key"),
        ),
        (
            "a key with a path",
            "Person",
            "/u/path",
            pem("/u/path", "/u/path/main-key"),
        ),
        (
            "sharedInbox at the top",
            "Group",
            "/c/top",
            json!({"sharedInbox": peer.id("/inbox")}),
        ),
        (
            "pictures in a list",
            "Group",
            "/c/list",
            json!({"icon": [{"type": "Image", "url": peer.id("/i.png")}]}),
        ),
        (
            "a picture that is a text",
            "Person",
            "/u/text",
            json!({"icon": peer.id("/i.png")}),
        ),
        (
            "owners",
            "Group",
            "/c/owned",
            json!({"attributedTo": [{"type": "Person", "id": peer.id("/u/key")}]}),
        ),
        (
            "a query in its id",
            "Group",
            "/?author=0",
            json!({"inbox": peer.id("/inbox")}),
        ),
        ("an organisation", "Organization", "/u/org", json!({})),
        (
            "links in url",
            "Person",
            "/u/links",
            json!({"url": [{"type": "Link", "mediaType": "text/html", "href": peer.id("/@links")}]}),
        ),
        (
            "an empty name",
            "Person",
            "/u/empty",
            json!({"name": "", "summary": null}),
        ),
        (
            "collections that are lists",
            "Group",
            "/c/mbin",
            json!({"outbox": [], "followers": null}),
        ),
    ] {
        let mut document = peer.actor(kind, path, "someone");
        for (field, value) in changes.as_object().unwrap() {
            document[field] = value.clone();
        }
        peer.serves(path, &document);
        let actor = room
            .actor(path)
            .await
            .unwrap_or_else(|no| panic!("{row}: {no}"));
        assert!(!actor.title.is_empty() && !actor.inbox.is_empty(), "{row}");
        let again = room
            .federation
            .resolver()
            .known_actor(&peer.id(path))
            .await
            .unwrap();
        assert_eq!(again.map(|known| known.id), Some(actor.id), "{row}");
    }
    let top = room.actor("/c/top").await.unwrap();
    assert_eq!(top.shared_inbox, Some(peer.id("/inbox")));
});

db_test!(
    s036_s037_actors_with_keys_or_inboxes_of_others_are_refused,
    |store| {
        let room = Room::new(store).await;
        let key = PrivateKey::generate_ed25519()
            .unwrap()
            .public()
            .unwrap()
            .to_pem()
            .unwrap();
        let peer = &room.peer;
        let pem = |id: String, owner: String| json!({"publicKey": {"id": id, "owner": owner, "publicKeyPem": key}});
        for (row, path, changes, good) in [
            (
                "its own key",
                "/u/a",
                pem(peer.id("/u/a#main-key"), peer.id("/u/a")),
                true,
            ),
            (
                "another's key",
                "/u/b",
                pem(peer.id("/u/b#main-key"), peer.id("/u/a")),
                false,
            ),
            (
                "a key of another host",
                "/u/c",
                pem("http://evil.test/u/c#main-key".into(), peer.id("/u/c")),
                false,
            ),
            (
                "an owner of another host",
                "/u/d",
                pem(peer.id("/u/d#main-key"), "http://evil.test/u/d".into()),
                false,
            ),
            (
                "an inbox of another host",
                "/u/e",
                json!({"inbox": "http://evil.test/inbox"}),
                false,
            ),
            (
                "a shared inbox of another host",
                "/u/f",
                json!({"endpoints": {"sharedInbox": "http://evil.test/inbox"}}),
                true,
            ),
        ] {
            let mut document = peer.actor("Person", path, "someone");
            for (field, value) in changes.as_object().unwrap() {
                document[field] = value.clone();
            }
            peer.serves(path, &document);
            assert_eq!(room.actor(path).await.is_ok(), good, "{row}");
        }
        let person = room.actor("/u/f").await.unwrap();
        assert_eq!(
            (person.shared_inbox, person.inbox),
            (None, peer.id("/u/f/inbox"))
        );
    }
);

db_test!(s038_an_old_actor_is_fetched_anew_once, |store| {
    let room = Room::new(store).await;
    let mut document = room.peer.actor("Person", "/u/a", "a");
    room.peer.serves("/u/a", &document);
    let uri = room.peer.id("/u/a");
    let meet = async || {
        let look = async || {
            let resolver = room.federation.resolver();
            let known = resolver.known_actor(&uri).await.unwrap();
            Box::pin(resolver.fresh_actor(&uri, known))
                .await
                .unwrap()
                .title
        };
        futures_util::future::join_all((0..8).map(|_| look())).await
    };
    assert!(meet().await.iter().all(|title| title == "a"));
    assert_eq!(
        room.peer.asked("/u/a"),
        1,
        "unknown, and wanted by eight at once"
    );
    trial::wait(&room.operations, 23 * 3600);
    meet().await;
    assert_eq!(room.peer.asked("/u/a"), 1, "not old yet");
    document["name"] = json!("Anna");
    room.peer.serves("/u/a", &document);
    trial::wait(&room.operations, 2 * 3600);
    let titles = meet().await;
    assert!(titles.contains(&"Anna".to_owned()));
    assert_eq!(room.peer.asked("/u/a"), 2, "old, and used by eight at once");
    let known = room.federation.resolver().known_actor(&uri).await.unwrap();
    assert_eq!(known.unwrap().title, "Anna");
});

db_test!(r38_what_is_not_there_is_asked_for_once, |store| {
    let room = Room::new(store).await;
    for _ in 0..50 {
        let refusal = room.actor("/u/none").await.unwrap_err();
        assert_eq!(refusal.kind, Kind::Gone, "R-38");
    }
    assert_eq!(room.peer.asked("/u/none"), 1, "R-38");
    room.peer.says("/u/later", raw("503 Soon", &[], b""));
    room.actor("/u/later").await.unwrap_err();
    room.peer
        .serves("/u/later", &room.peer.actor("Person", "/u/later", "later"));
    assert!(
        room.actor("/u/later").await.is_ok(),
        "R-38 what passes is tried again"
    );
});

db_test!(r39_no_server_is_asked_for_more_than_its_share, |store| {
    let room = Room::new(store).await;
    let mut settings = (*room.operations.live.get()).clone();
    settings.limits.fetch_host = "3/1m".parse().unwrap();
    room.operations.live.reload(settings).unwrap();
    for number in 0..20 {
        let path = format!("/u/{number}");
        room.peer
            .serves(&path, &room.peer.actor("Person", &path, "a"));
        let found = room.actor(&path).await;
        assert_eq!(found.is_ok(), number < 3, "R-39 {number}");
        if let Err(refusal) = found {
            assert!(refusal.is_passing(), "R-39 it is tried again: {refusal}");
        }
    }
    assert_eq!(room.peer.requests().len(), 3, "R-39");
    trial::wait(&room.operations, 60);
    assert!(room.actor("/u/5").await.is_ok(), "R-39");
});

db_test!(r39_one_job_causes_few_fetches, |store| {
    let room = Room::new(store).await;
    let resolver = room.federation.resolver();
    let mut good = 0;
    for number in 0..40 {
        let path = format!("/u/{number}");
        room.peer
            .serves(&path, &room.peer.actor("Person", &path, "a"));
        good += usize::from(resolver.actor(&room.peer.id(&path)).await.is_ok());
    }
    let most = room.federation.settings().federation.fetches_per_job;
    assert_eq!(good, usize::try_from(most).unwrap(), "R-39");
    assert_eq!(room.peer.requests().len(), good, "R-39");
});

db_test!(h152_our_own_addresses_are_never_fetched, |store| {
    let room = Room::new(store).await;
    for uri in [
        "http://hub.test/inbox",
        "http://HUB.test/settings",
        "http://hub.test./u/none",
        "http://hub.test:80/u/none",
    ] {
        let found = room.federation.resolver().document(uri).await;
        assert_eq!(found.unwrap_err().code, "fetch.unusable", "H152 {uri}");
    }
});

db_test!(h154_what_is_gone_at_its_origin_is_no_actor, |store| {
    let room = Room::new(store).await;
    for status in ["404 Not Found", "410 Gone"] {
        room.peer.says("/u/a", raw(status, &[], b""));
        let refusal = room.document("/u/a").await.unwrap_err();
        assert_eq!(refusal.kind, Kind::Gone, "H154 {status}");
    }
});
