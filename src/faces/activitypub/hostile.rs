//! Hostile and broken deliveries against everything that answers: the rows of security.md 3.1.
//! Rows of its table that need a connection are in `cli::serve::http`, those about where keys come
//! from in `federation::inbox`, and the syntax of signatures in `federation::verify`.

use std::net::SocketAddr;

use axum::body::Body;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request};

use crate::crypto::digest::{self, Digest};
use crate::crypto::keypair::PrivateKey;
use crate::domain::actor::{ActorKind, RemoteKey};
use crate::domain::caller::Caller;
use crate::faces::shared::client::Peer;
use crate::faces::shared::testing::{Hub, hub_test};
use crate::federation::testing::{ALL, HOUR, KEY_ID, NOW, Sent, http_date, message, params};
use crate::operations::actor::UpsertActor;
use crate::operations::trial;
use crate::settings::{FederationMode, Refusing, Settings};

/// What becomes of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// 202, and it waits to be processed.
    Kept,
    /// 202, and nothing of it is stored.
    Dropped,
    /// This status, and nothing of it is stored.
    Refused(u16),
}

use End::{Dropped, Kept, Refused};

/// A hub that knows the keys of people at peer.example and other.example.
struct Gate {
    hub: Hub,
    key: PrivateKey,
    sent: u32,
}

const EDWARDS: &str = "https://peer.example/users/ed#main-key";
const SAME_HOST: &str = "https://peer.example/users/ann#main-key";
const OTHER_HOST: &str = "https://other.example/users/eve#main-key";

impl Gate {
    async fn new(hub: Hub) -> Self {
        trial::wait(&hub.operations, NOW - trial::NOW.seconds());
        let key = PrivateKey::from_pkcs8(&trial::keys().private_der).unwrap();
        let gate = Self { hub, key, sent: 0 };
        gate.change(|settings| settings.limits.inbox_host = "off".parse().unwrap());
        for id in [KEY_ID, SAME_HOST, OTHER_HOST] {
            gate.know(id, &gate.key).await;
        }
        gate.know(EDWARDS, &edwards()).await;
        gate
    }

    async fn know(&self, key_id: &str, key: &PrivateKey) {
        let uri = key_id.split('#').next().unwrap();
        let mut remote = trial::document(uri, ActorKind::Person);
        remote.key = Some(RemoteKey {
            uri: key_id.to_owned(),
            der: key.public().unwrap().to_der().unwrap(),
        });
        trial::run(&self.hub.operations, Caller::System, UpsertActor { remote }).await;
    }

    fn change(&self, change: impl FnOnce(&mut Settings)) {
        let live = &self.hub.operations.live;
        let mut settings = Settings::clone(&live.get());
        change(&mut settings);
        live.reload(settings).unwrap();
    }

    /// A good delivery of a new activity.
    fn next(&mut self) -> Sent {
        self.sent += 1;
        delivery(&format!("https://peer.example/likes/{}", self.sent))
    }

    async fn waiting(&self) -> i64 {
        self.hub.hall.waiting().await
    }

    /// Posts to the router, and says what became of it.
    async fn post(&self, request: Request<Body>) -> End {
        let before = self.waiting().await;
        let answer = self.hub.ask(request).await;
        let kept = self.waiting().await - before;
        match (answer.status.as_u16(), kept) {
            (202, 1) => Kept,
            (202, 0) => Dropped,
            (status, 0) => Refused(status),
            odd => panic!("{odd:?}: {}", answer.text),
        }
    }

    async fn sends(&self, sent: &Sent) -> End {
        self.post(request(sent, sent.signed(&self.key))).await
    }

    /// Changes a good delivery, signs it, and says what became of it.
    async fn judge(&mut self, change: impl FnOnce(Sent) -> Sent) -> End {
        let sent = change(self.next());
        self.sends(&sent).await
    }

    /// The same with headers that are changed after they were signed.
    async fn meddle(&mut self, change: impl FnOnce(&mut HeaderMap)) -> End {
        let sent = self.next();
        let mut headers = sent.signed(&self.key);
        change(&mut headers);
        self.post(request(&sent, headers)).await
    }

    /// The same by RFC 9421, with headers that are changed after they were signed.
    async fn structured(&mut self, more: &str, change: impl FnOnce(&mut HeaderMap)) -> End {
        let sent = self.next();
        let components = [
            ("@method", "POST".to_owned()),
            ("@target-uri", "https://hub.test/inbox".to_owned()),
            ("content-digest", Digest::of(&sent.body).content_digest()),
        ];
        let params = format!("{}{more}", params());
        let mut headers = message(&self.key, &sent, &components, &params);
        change(&mut headers);
        self.post(request(&sent, headers)).await
    }
}

fn edwards() -> PrivateKey {
    PrivateKey::from_pkcs8(&trial::keys().private_der)
        .and_then(|key| key.for_proofs())
        .unwrap()
}

fn delivery(id: &str) -> Sent {
    let body = format!(
        "{{\"id\":\"{id}\",\"type\":\"Like\",\"actor\":\"https://peer.example/users/mia\",\"object\":\"https://hub.test/post/1\"}}"
    );
    with_body(Sent::new().header("host", "hub.test"), body.into_bytes())
}

fn with_body(sent: Sent, body: Vec<u8>) -> Sent {
    let digest = Digest::of(&body).header();
    Sent {
        body,
        ..sent.header("digest", &digest)
    }
}

fn request(sent: &Sent, headers: HeaderMap) -> Request<Body> {
    let mut request = Request::new(Body::from(sent.body.clone()));
    *request.method_mut() = sent.method.clone();
    *request.uri_mut() = sent.target.parse().unwrap();
    *request.headers_mut() = headers;
    request
}

fn set(name: &'static str, value: &str) -> impl FnOnce(&mut HeaderMap) {
    let value = HeaderValue::from_str(value).unwrap();
    move |headers| drop(headers.insert(HeaderName::from_static(name), value))
}

fn twice(name: &'static str, forged_first: bool) -> impl FnOnce(&mut HeaderMap) {
    move |headers| {
        let good = headers.remove(name).unwrap();
        let forged = HeaderValue::from_static("SHA-256=Zm9yZ2Vk");
        let both = if forged_first {
            [forged, good]
        } else {
            [good, forged]
        };
        for value in both {
            headers.append(HeaderName::from_static(name), value);
        }
    }
}

hub_test!(h1_to_h8_signatures_and_key_ids, |hub| {
    let mut gate = Gate::new(hub).await;
    assert_eq!(gate.judge(|sent| sent).await, Kept, "a good one");
    let unsigned = gate
        .meddle(|headers| drop(headers.remove("signature")))
        .await;
    assert_eq!(unsigned, Refused(401), "H1, R-06");
    assert_eq!(gate.meddle(set("signature", "")).await, Refused(401), "H2");
    for bad in [
        "signature=\"YQ==\"",
        "keyId=\"https://peer.example/users/mia#main-key\",headers=\"date\"",
    ] {
        assert_eq!(
            gate.meddle(set("signature", bad)).await,
            Refused(401),
            "H3 {bad}"
        );
    }
    assert_eq!(gate.judge(|sent| sent.names("-")).await, Refused(401), "H3");
    let long = "x".repeat(100 * 1024);
    assert_eq!(
        gate.meddle(set("signature", &long)).await,
        Refused(431),
        "H4"
    );
    let far = format!("https://peer.example/{}", "x".repeat(10_240));
    for (row, bad) in [
        ("H5", "http://peer.example/users/mia#main-key"),
        ("H5", "ftp://peer.example/k"),
        ("H5", "data:,x"),
        ("H5", "/users/mia"),
        ("H5", ""),
        ("H5", &far),
        ("H6", "https://a@peer.example/users/mia#main-key"),
        ("H6", "https://peer.example:8443/users/mia#main-key"),
        ("H6", "https://127.0.0.1/k"),
        ("H6", "https://localhost/k"),
    ] {
        let end = gate.judge(|sent| sent.parameter("keyId", bad)).await;
        assert_eq!(end, Refused(401), "{row} {bad:.60}");
    }
    // What somebody else signed is dropped unless its origin can be asked (federation.md 3.3, 9).
    for (row, other) in [("H7", OTHER_HOST), ("H8", SAME_HOST)] {
        let end = gate.judge(|sent| sent.parameter("keyId", other)).await;
        assert_eq!(end, Dropped, "{row}, s052");
    }
});

hub_test!(h9_to_h14_repeated_headers_and_wrong_digests, |hub| {
    let mut gate = Gate::new(hub).await;
    assert_eq!(
        gate.meddle(twice("signature", true)).await,
        Refused(400),
        "H9, R-08"
    );
    assert_eq!(
        gate.meddle(twice("digest", true)).await,
        Refused(400),
        "H10, R-08"
    );
    assert_eq!(
        gate.meddle(twice("digest", false)).await,
        Refused(400),
        "H11, R-08"
    );
    for name in ["date", "host", "content-type"] {
        assert_eq!(
            gate.meddle(twice(name, true)).await,
            Refused(400),
            "R-08 {name}"
        );
    }
    assert_eq!(
        gate.judge(|sent| sent.without("digest")).await,
        Refused(401),
        "H12"
    );
    let other = Digest::of(b"other").header();
    assert_eq!(
        gate.judge(|sent| sent.header("digest", &other)).await,
        Refused(401),
        "H13"
    );
    let forged = gate
        .judge(|sent| Sent {
            body: b"{}".to_vec(),
            ..sent
        })
        .await;
    assert_eq!(forged, Refused(401), "H13, R-07");
    for bad in [
        "MD5=XrY7u+Ae7tCTyyK7j1rNww==",
        "SHA-1=2jmj7l5rSw0yVb/vlWAYkK/YBwk=",
        "X=1",
    ] {
        assert_eq!(
            gate.judge(|sent| sent.header("digest", bad)).await,
            Refused(401),
            "H14 {bad}"
        );
    }
});

hub_test!(h15_to_h18_digests_of_several_kinds, |hub| {
    let mut gate = Gate::new(hub).await;
    let sha256 = |sent: &Sent| Digest::of(&sent.body).base64();
    let sha512 = |sent: &Sent| digest::base64(&digest::sha512(&sent.body));
    let mut as_digest = async |make: &dyn Fn(&Sent) -> String| {
        let sent = gate.next();
        let value = make(&sent);
        gate.sends(&sent.header("digest", &value)).await
    };
    let lower = |sent: &Sent| format!("sha-256={}", sha256(sent));
    assert_eq!(as_digest(&lower).await, Kept, "H15");
    let both = |sent: &Sent| format!("SHA-256={},SHA-512={}", sha256(sent), sha512(sent));
    assert_eq!(as_digest(&both).await, Kept, "H16");
    let wrong = |sent: &Sent| format!("SHA-256={},SHA-512={}", sha256(sent), sha256(sent));
    assert_eq!(as_digest(&wrong).await, Refused(401), "H16");
    assert_eq!(
        as_digest(&|_| "SHA-256=???".to_owned()).await,
        Refused(401),
        "H17"
    );
    assert_eq!(
        as_digest(&|_| "SHA-256=YWJj".to_owned()).await,
        Refused(401),
        "H17"
    );
    let spaces = |sent: &Sent| format!("SHA-256={}  ", sha256(sent));
    assert_eq!(as_digest(&spaces).await, Kept, "H17");
    let end = gate
        .judge(|sent| sent.names("(request-target) host date"))
        .await;
    assert_eq!(end, Refused(401), "H18");
});

hub_test!(h19_to_h27_what_is_signed_and_for_whom, |hub| {
    let mut gate = Gate::new(hub).await;
    let names = ["digest", "host date digest", "(request-target) date digest"];
    for (row, names) in ["H19", "H20", "H21"].into_iter().zip(names) {
        assert_eq!(
            gate.judge(|sent| sent.names(names)).await,
            Refused(401),
            "{row}"
        );
    }
    let host = |host: &'static str| move |sent: Sent| sent.header("host", host);
    assert_eq!(gate.judge(host("other.example")).await, Refused(421), "H22");
    assert_eq!(
        gate.judge(|sent| sent.without("host")).await,
        Refused(400),
        "H23"
    );
    for good in ["hub.test.", "HUB.test", "hub.test:443"] {
        assert_eq!(gate.judge(host(good)).await, Kept, "H24 {good}");
    }
    let bare = |sent: Sent| sent.without("date").names("(request-target) host digest");
    assert_eq!(gate.judge(bare).await, Refused(401), "H25");
    let undated = |sent: Sent| sent.names("(request-target) host digest");
    assert_eq!(gate.judge(undated).await, Refused(401), "H26");
});

fn dated(date: &str) -> impl FnOnce(Sent) -> Sent + use<'_> {
    move |sent| sent.header("date", date)
}

hub_test!(h27_to_h29_dates, |hub| {
    let mut gate = Gate::new(hub).await;
    assert_eq!(gate.judge(dated("yesterday")).await, Refused(401), "H27");
    assert_eq!(
        gate.judge(dated("Tuesday, 01-Sep-26 10:00:00 GMT")).await,
        Kept,
        "H27"
    );
    assert_eq!(
        gate.judge(dated("Tue Sep  1 10:00:00 2026")).await,
        Kept,
        "H27"
    );
    assert_eq!(
        gate.judge(dated(&http_date(NOW - 13 * HOUR))).await,
        Refused(401),
        "s047"
    );
    assert_eq!(
        gate.judge(dated(&http_date(NOW - 5 * HOUR))).await,
        Kept,
        "s047"
    );
    assert_eq!(
        gate.judge(dated(&http_date(NOW + 2 * HOUR))).await,
        Refused(401),
        "H29"
    );
    assert_eq!(gate.judge(dated(&http_date(NOW + 3000))).await, Kept, "H29");
    gate.change(|settings| settings.federation.date_window = "65m".parse().unwrap());
    for (age, end) in [(70 * 60, Refused(401)), (59 * 60, Kept)] {
        assert_eq!(gate.judge(dated(&http_date(NOW - age))).await, end, "H28");
    }
    for (age, end) in [(11, Kept), (14, Refused(401))] {
        let (created, expires) = (NOW - age * HOUR, NOW + HOUR);
        let timed = |sent: Sent| sent.created(&created.to_string(), Some(&expires.to_string()));
        assert_eq!(gate.judge(timed).await, end, "H28 {age} h");
    }
});

hub_test!(h30_to_h34_parameters_of_signatures, |hub| {
    let mut gate = Gate::new(hub).await;
    for bad in [
        "18446744073709551615",
        "9223372036854775807",
        "-1",
        "1e9",
        "",
        &"9".repeat(40),
    ] {
        assert_eq!(
            gate.judge(|sent| sent.created(bad, None)).await,
            Refused(401),
            "H30 {bad}"
        );
    }
    let created = NOW.to_string();
    let earlier = (NOW - 60).to_string();
    let backwards = gate
        .judge(|sent| sent.created(&created, Some(&earlier)))
        .await;
    assert_eq!(backwards, Refused(401), "H31");
    let stale = |sent: Sent| {
        let century = NOW + 100 * 365 * 24 * HOUR;
        sent.created(&(NOW - 14 * HOUR).to_string(), Some(&century.to_string()))
    };
    assert_eq!(gate.judge(stale).await, Refused(401), "H31");
    let unsigned = |sent: Sent| sent.created(&created, None).parameter("expires", &earlier);
    assert_eq!(gate.judge(unsigned).await, Kept, "H31");
    let ignored = |sent: Sent| sent.parameter("created", &(NOW - 99 * HOUR).to_string());
    assert_eq!(gate.judge(ignored).await, Kept, "H32");
    for bad in ["hmac-sha256", "none", "rsa-sha1", "unknown"] {
        assert_eq!(
            gate.judge(|sent| sent.parameter("algorithm", bad)).await,
            Refused(401),
            "H33 {bad}"
        );
    }
    let many = (0..500).fold(ALL.to_owned(), |all, n| format!("{all} x{n}"));
    for names in [&format!("{ALL} host"), &format!("{ALL} x-none"), &many] {
        assert_eq!(
            gate.judge(|sent| sent.names(names)).await,
            Refused(401),
            "H34 {names:.60}"
        );
    }
});

hub_test!(h35_to_h42_targets_types_and_sizes, |hub| {
    let mut gate = Gate::new(hub).await;
    let sent = gate.next();
    let fetch = Sent {
        method: Method::GET,
        ..sent.clone()
    };
    let end = gate.post(request(&sent, fetch.signed(&gate.key))).await;
    assert_eq!(end, Refused(401), "H35 a signature of a GET");
    let end = gate
        .judge(|sent| sent.target("/inbox", "/u/anna/inbox"))
        .await;
    assert_eq!(end, Refused(401), "H35");
    for target in ["/inbox/", "/INBOX", "//inbox", "/%69nbox"] {
        let end = gate.judge(|sent| sent.target(target, target)).await;
        assert_eq!(end, Refused(404), "H36 {target}");
    }
    for signed in ["/inbox?x=1", "/inbox"] {
        let end = gate.judge(|sent| sent.target("/inbox?x=1", signed)).await;
        assert_eq!(end, Kept, "H36 {signed}");
    }
    assert_eq!(
        gate.meddle(set("authorization", "Bearer x")).await,
        Kept,
        "H37"
    );
    for bad in ["text/html", "text/plain", "multipart/form-data; boundary=x"] {
        assert_eq!(
            gate.judge(|sent| sent.header("content-type", bad)).await,
            Refused(415),
            "H38 {bad}"
        );
    }
    let untyped = |sent: Sent| {
        sent.without("content-type")
            .names("(request-target) host date digest")
    };
    assert_eq!(gate.judge(untyped).await, Refused(415), "H38");
    for good in [
        "application/activity+json;charset=UTF-8",
        "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"",
        "application/ld+json;profile=\"https://www.w3.org/ns/activitystreams\"",
        "application/ld+json",
        "application/activity+json; x=y",
    ] {
        assert_eq!(
            gate.judge(|sent| sent.header("content-type", good)).await,
            Kept,
            "H39 {good}"
        );
    }
    for coding in ["gzip", "br"] {
        assert_eq!(
            gate.meddle(set("content-encoding", coding)).await,
            Refused(415),
            "H40 {coding}"
        );
    }
    for (more, end) in [(0, Kept), (1, Refused(413)), (100 * 1024, Refused(413))] {
        let sent = gate.next();
        let mut body = sent.body.clone();
        body.resize((1 << 20) + more, b' ');
        assert_eq!(
            gate.sends(&with_body(sent, body)).await,
            end,
            "H42, s059: {more} more"
        );
    }
});

hub_test!(
    s059_what_is_too_long_of_another_type_or_no_json_is_refused,
    |hub| {
        let mut gate = Gate::new(hub).await;
        let long = vec![b' '; 11 * (1 << 20) / 10];
        for (body, status) in [(long, 413), (b"{\"id\":".to_vec(), 400), (Vec::new(), 400)] {
            let end = gate.judge(|sent| with_body(sent, body)).await;
            assert_eq!(end, Refused(status));
        }
        let plain = gate
            .judge(|sent| sent.header("content-type", "text/plain"))
            .await;
        assert_eq!(plain, Refused(415));
    }
);

hub_test!(h47_to_h49_methods_and_replays, |hub| {
    let mut gate = Gate::new(hub).await;
    for method in ["GET", "PUT", "DELETE", "OPTIONS", "PATCH"] {
        for inbox in ["/inbox", "/u/anna/inbox", "/c/tea/inbox"] {
            let answer = gate.hub.call(method, inbox, "", None).await;
            let told = (answer.status.as_u16(), answer.header("allow"));
            assert_eq!(told, (405, "POST"), "H47 {method} {inbox}");
        }
    }
    let sent = gate.next();
    assert_eq!(gate.sends(&sent).await, Kept, "H48");
    for _ in 1..1000 {
        assert_eq!(gate.sends(&sent).await, Dropped, "H48");
    }
    let other = delivery("https://peer.example/likes/other");
    let end = gate.post(request(&other, sent.signed(&gate.key))).await;
    assert_eq!(end, Refused(401), "H49");
});

hub_test!(h51_to_h53_structured_signatures, |hub| {
    let mut gate = Gate::new(hub).await;
    assert_eq!(gate.structured("", |_| ()).await, Kept, "a good one, s053");
    let relabel = |headers: &mut HeaderMap| {
        let signature = headers["signature"]
            .to_str()
            .unwrap()
            .replace("sig1", "sig2");
        set("signature", &signature)(headers);
    };
    assert_eq!(gate.structured("", relabel).await, Refused(401), "H51");
    let add = |headers: &mut HeaderMap| {
        let input = headers["signature-input"].to_str().unwrap().to_owned();
        let signature = headers["signature"].to_str().unwrap().to_owned();
        set(
            "signature-input",
            &format!("old=(\"date\");created=1, {input}"),
        )(headers);
        set("signature", &format!("old=:YQ==:, {signature}"))(headers);
    };
    assert_eq!(gate.structured("", add).await, Kept, "H51 several");
    for missing in ["@method", "@target-uri", "content-digest"] {
        let sent = gate.next();
        let all = [
            ("@method", "POST".to_owned()),
            ("@target-uri", "https://hub.test/inbox".to_owned()),
            ("content-digest", Digest::of(&sent.body).content_digest()),
        ];
        let some: Vec<_> = all
            .into_iter()
            .filter(|(name, _)| *name != missing)
            .collect();
        let headers = message(&gate.key, &sent, &some, &params());
        assert_eq!(
            gate.post(request(&sent, headers)).await,
            Refused(401),
            "H52 {missing}"
        );
    }
    for (from, to) in [
        ("\"@method\"", "\"@method\";req"),
        ("\"@method\"", "\"@what\""),
        ("(", "(("),
    ] {
        let change = |headers: &mut HeaderMap| {
            let input = headers["signature-input"]
                .to_str()
                .unwrap()
                .replacen(from, to, 1);
            set("signature-input", &input)(headers);
        };
        assert_eq!(gate.structured("", change).await, Refused(401), "H53 {to}");
    }
});

hub_test!(h54_to_h56_downgrades_nonces_and_kinds_of_keys, |hub| {
    let mut gate = Gate::new(hub).await;
    assert_eq!(
        gate.meddle(set("signature-input", "sig1=()")).await,
        Refused(401),
        "H54"
    );
    assert_eq!(gate.structured(";nonce=\"n\"", |_| ()).await, Kept, "H55");
    assert_eq!(
        gate.structured(";nonce=\"n\"", |_| ()).await,
        Dropped,
        "H55 nonce reused"
    );
    assert_eq!(
        gate.structured(";tag=\"unknown\"", |_| ()).await,
        Kept,
        "H55 tag"
    );
    let lies = |sent: Sent| sent.parameter("algorithm", "ed25519");
    assert_eq!(gate.judge(lies).await, Refused(401), "H56");
    let sent = gate.next();
    let body = String::from_utf8(sent.body.clone())
        .unwrap()
        .replace("users/mia", "users/ed");
    let sent = with_body(sent, body.into_bytes());
    let sent = sent
        .parameter("algorithm", "hs2019")
        .parameter("keyId", EDWARDS);
    let end = gate.post(request(&sent, sent.signed(&edwards()))).await;
    assert_eq!(end, Kept, "H56");
});

hub_test!(h61_h62_servers_that_are_not_heard, |hub| {
    let mut gate = Gate::new(hub).await;
    let block = |name: &'static str, refuse: bool| {
        move |settings: &mut Settings| {
            settings.federation.blocked_hosts = vec![name.parse().unwrap()];
            settings.federation.blocked_senders = if refuse {
                Refusing::Refuse
            } else {
                Refusing::Ignore
            };
        }
    };
    for (name, refuse, end) in [
        ("peer.example", false, Dropped),
        ("peer.example", true, Refused(403)),
        ("PEER.example", true, Refused(403)),
        ("example", true, Refused(403)),
        ("eer.example", true, Kept),
        ("xn--per-poa.example", true, Kept),
    ] {
        gate.change(block(name, refuse));
        assert_eq!(gate.judge(|sent| sent).await, end, "H61, s058 {name}");
    }
    gate.change(|settings| {
        settings.federation.blocked_hosts = Vec::new();
        settings.federation.mode = FederationMode::Allowlist;
        settings.federation.allowed_hosts = vec!["other.example".parse().unwrap()];
    });
    assert_eq!(gate.judge(|sent| sent).await, Refused(403), "H62");
});

hub_test!(r11_any_header_may_be_missing, |hub| {
    let mut gate = Gate::new(hub).await;
    let names: Vec<HeaderName> = gate.next().signed(&gate.key).keys().cloned().collect();
    for name in names {
        let end = gate.meddle(|headers| drop(headers.remove(&name))).await;
        assert!(matches!(end, Refused(400..=499)), "R-11 {name}: {end:?}");
    }
});

hub_test!(
    r47_one_server_has_one_quota_from_however_many_networks,
    |hub| {
        let mut gate = Gate::new(hub).await;
        gate.change(|settings| settings.limits.inbox_host = "3/1h".parse().unwrap());
        for number in 1..6_u8 {
            let sent = gate.next();
            let mut request = request(&sent, sent.signed(&gate.key));
            let address = SocketAddr::from(([192, 0, 2, number], 1));
            request.extensions_mut().insert(Peer(address));
            let end = if number <= 3 { Kept } else { Refused(429) };
            assert_eq!(gate.post(request).await, end, "H50, H111, R-47: {number}");
        }
    }
);
