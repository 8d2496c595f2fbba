//! The rows of the test table (security.md 3.1) that concern signatures, digests, hosts and dates.

use http::HeaderValue;

use super::*;
use crate::crypto::digest::Digest;
use crate::crypto::keypair::PrivateKey;
use crate::federation::sign;
use crate::federation::testing::{
    ALL, BODY, HOUR, KEY_ID, NOW, Sent, http_date, message, params, usual,
};

impl Sent {
    fn judge(&self, key: &PrivateKey) -> Result<(), Rejected> {
        judge(
            &self.method,
            &self.target,
            &self.signed(key),
            &self.body,
            &key.public().unwrap(),
        )
    }
}

fn judge(
    method: &Method,
    target: &str,
    headers: &HeaderMap,
    body: &[u8],
    key: &PublicKey,
) -> Result<(), Rejected> {
    judge_as(false, method, target, headers, body, key)
}

/// As by the window of a hub that is set to be as strict as Mastodon.
fn judge_strictly(sent: &Sent, key: &PrivateKey) -> Result<(), Rejected> {
    let hosts = ["hub.example".to_owned()];
    let ours = Ours {
        hosts: &hosts,
        development: false,
        window: Window::with_age(65 * 60),
    };
    let now = Ts::from_seconds(NOW);
    parse(&sent.method, &sent.target, &sent.signed(key), &ours, now).map(drop)
}

fn judge_as(
    development: bool,
    method: &Method,
    target: &str,
    headers: &HeaderMap,
    body: &[u8],
    key: &PublicKey,
) -> Result<(), Rejected> {
    let hosts = ["hub.example".to_owned(), "hub.test:8080".to_owned()];
    let ours = Ours {
        hosts: &hosts,
        development,
        window: Window::default(),
    };
    let presented = parse(method, target, headers, &ours, Ts::from_seconds(NOW))?;
    if method == Method::POST {
        presented.check_digest(body)?;
    }
    presented.verify(key)
}

fn table(key: &PrivateKey, rows: Vec<(&str, Sent, Result<(), Rejected>)>) {
    for (row, sent, expected) in rows {
        assert_eq!(sent.judge(key), expected, "{row}");
    }
}

#[test]
fn coverage_rows() {
    let key = PrivateKey::generate().unwrap();
    let sent = Sent::new;
    table(
        &key,
        vec![
            ("all signed", sent(), Ok(())),
            (
                "any order",
                sent().names("date host digest (request-target)"),
                Ok(()),
            ),
            (
                "apsig's order",
                sent().names("(request-target) date host digest"),
                Ok(()),
            ),
            (
                "capitals in the list",
                sent().names("(request-target) Host DATE digest"),
                Ok(()),
            ),
            (
                "H3 no headers",
                sent().names("-"),
                Err(Rejected::Uncovered("(request-target)")),
            ),
            (
                "H12 no digest",
                sent().without("digest"),
                Err(Rejected::Absent),
            ),
            (
                "H18 digest unsigned",
                sent().names("(request-target) host date"),
                Err(Rejected::Uncovered("the digest")),
            ),
            (
                "H19 digest only",
                sent().names("digest"),
                Err(Rejected::Uncovered("(request-target)")),
            ),
            (
                "H20 target unsigned",
                sent().names("host date digest"),
                Err(Rejected::Uncovered("(request-target)")),
            ),
            (
                "H21 host unsigned",
                sent().names("(request-target) date digest"),
                Err(Rejected::Uncovered("host")),
            ),
            (
                "H25 no date",
                sent().without("date").names("(request-target) host digest"),
                Err(Rejected::Uncovered("the date")),
            ),
            (
                "H26 date unsigned",
                sent().names("(request-target) host digest"),
                Err(Rejected::Uncovered("the date")),
            ),
        ],
    );
}

#[test]
fn rows_of_the_signed_list() {
    let key = PrivateKey::generate().unwrap();
    let sent = Sent::new;
    table(
        &key,
        vec![
            (
                "H34 duplicate names",
                sent().names("(request-target) host host date digest"),
                Err(Rejected::Malformed),
            ),
            (
                "H34 absent header",
                sent().names("(request-target) host date digest x-none"),
                Err(Rejected::Absent),
            ),
            (
                "H34 500 names",
                sent().names(&format!(
                    "{ALL}{}",
                    (0..500).fold(String::new(), |all, n| format!("{all} x{n}"))
                )),
                Err(Rejected::Malformed),
            ),
            (
                "unknown pseudo-header",
                sent().names("(request-target) host date digest (foo)"),
                Err(Rejected::Absent),
            ),
        ],
    );
}

#[test]
fn digest_rows() {
    let key = PrivateKey::generate().unwrap();
    let good = Digest::of(BODY).base64();
    let long = digest::base64(&digest::sha512(BODY));
    let other = Digest::of(b"other").base64();
    let with = |value: &str| Sent::new().header("digest", value);
    let mismatch = Err(Rejected::DigestMismatch);
    let unreadable = Err(Rejected::DigestUnreadable);
    table(
        &key,
        vec![
            (
                "H13 other body",
                with(&format!("SHA-256={other}")),
                mismatch,
            ),
            ("H14 md5", with("MD5=XrY7u+Ae7tCTyyK7j1rNww=="), unreadable),
            (
                "H14 sha-1",
                with("SHA-1=2jmj7l5rSw0yVb/vlWAYkK/YBwk="),
                unreadable,
            ),
            ("H15 lower case", with(&format!("sha-256={good}")), Ok(())),
            (
                "H16 both right",
                with(&format!("SHA-512={long}, SHA-256={good}")),
                Ok(()),
            ),
            (
                "H16 second wrong",
                with(&format!("SHA-256={good},SHA-512={good}")),
                mismatch,
            ),
            (
                "H16 same name twice",
                with(&format!("SHA-256={good},SHA-256={other}")),
                mismatch,
            ),
            (
                "unknown beside known",
                with(&format!("X-1=abc,SHA-256={good}")),
                Ok(()),
            ),
            ("H17 no base64", with("SHA-256=???"), unreadable),
            ("H17 wrong length", with("SHA-256=YWJj"), mismatch),
            ("H17 spaces", with(&format!("  SHA-256={good}  ")), Ok(())),
            ("empty", with(""), unreadable),
        ],
    );
    let mut changed = Sent::new();
    changed.body = br#"{"type":"like"}"#.to_vec();
    assert_eq!(changed.judge(&key), mismatch, "H49 one byte of the body");
    let content = Sent::new()
        .without("digest")
        .header("content-digest", &Digest::of(BODY).content_digest())
        .names("(request-target) host date content-digest");
    assert_eq!(
        content.judge(&key),
        Ok(()),
        "Content-Digest in the draft form"
    );
}

#[test]
fn host_rows() {
    let key = PrivateKey::generate().unwrap();
    let with = |host: &str| Sent::new().header("host", host);
    table(
        &key,
        vec![
            (
                "H22 other server",
                with("other.example"),
                Err(Rejected::HostOther),
            ),
            (
                "H22 suffix",
                with("evil-hub.example"),
                Err(Rejected::HostOther),
            ),
            (
                "H23 missing",
                Sent::new().without("host"),
                Err(Rejected::HostMissing),
            ),
            ("H24 trailing dot", with("hub.example."), Ok(())),
            ("H24 upper case", with("HUB.example"), Ok(())),
            ("H24 default port", with("hub.example:443"), Ok(())),
            (
                "other port",
                with("hub.example:444"),
                Err(Rejected::HostOther),
            ),
            ("alias with port", with("hub.test:8080"), Ok(())),
        ],
    );
    assert_eq!(Rejected::HostOther.status(), 421);
    assert_eq!(Rejected::HostMissing.status(), 400);
}

fn dated(seconds: i64) -> Sent {
    Sent::new().header("date", &http_date(NOW + seconds))
}

fn created(seconds: i64) -> Sent {
    Sent::new().created(&(NOW + seconds).to_string(), None)
}

fn both(seconds: i64, expires: i64) -> Sent {
    Sent::new().created(
        &(NOW + seconds).to_string(),
        Some(&(NOW + expires).to_string()),
    )
}

#[test]
fn date_rows() {
    let key = PrivateKey::generate().unwrap();
    let with = |date: &str| Sent::new().header("date", date);
    let rows = [
        ("H27 unparsable", with("yesterday"), Err(Rejected::Time)),
        (
            "H27 RFC 850",
            with("Tuesday, 01-Sep-26 10:00:00 GMT"),
            Ok(()),
        ),
        (
            "H27 +0000 for GMT",
            with("Tue, 01 Sep 2026 10:00:00 +0000"),
            Ok(()),
        ),
        (
            "H27 UTC for GMT",
            with("Tue, 01 Sep 2026 10:00:00 UTC"),
            Ok(()),
        ),
        (
            "H27 another zone",
            with("Tue, 01 Sep 2026 12:00:00 +0200"),
            Err(Rejected::Time),
        ),
        ("H27 asctime", with("Tue Sep  1 10:00:00 2026"), Ok(())),
        ("H28 70 min old", dated(-70 * 60), Err(Rejected::Old)),
        ("H28 59 min old", dated(-59 * 60), Ok(())),
        ("H28 11 h old, expires", both(-11 * HOUR, HOUR), Ok(())),
        (
            "H28 14 h old, expires",
            both(-14 * HOUR, HOUR),
            Err(Rejected::Old),
        ),
        ("last week", dated(-7 * 24 * HOUR), Err(Rejected::Old)),
        ("H29 2 h ahead", dated(2 * HOUR), Err(Rejected::Early)),
        ("H29 50 min ahead", dated(50 * 60), Ok(())),
    ];
    for (row, sent, expected) in rows {
        assert_eq!(judge_strictly(&sent, &key), expected, "{row}");
    }
}

#[test]
fn s047_signatures_are_good_for_twelve_hours() {
    let key = PrivateKey::generate().unwrap();
    let set = crate::settings::Settings::default().federation.date_window;
    assert_eq!(Window::with_age(set.seconds()), Window::default());
    table(
        &key,
        vec![
            ("13 h old", dated(-13 * HOUR), Err(Rejected::Old)),
            ("2 h ahead", dated(2 * HOUR), Err(Rejected::Early)),
            ("5 h old", dated(-5 * HOUR), Ok(())),
            ("created 13 h ago", created(-13 * HOUR), Err(Rejected::Old)),
            ("created 5 h ago", created(-5 * HOUR), Ok(())),
            (
                "expired 10 min ago",
                both(-HOUR, -600),
                Err(Rejected::Expired),
            ),
        ],
    );
    for refused in [Rejected::Old, Rejected::Early, Rejected::Expired] {
        assert_eq!(refused.status(), 401);
    }
}

#[test]
fn s045_hs2019_with_created_and_expires_is_accepted() {
    let key = PrivateKey::generate().unwrap();
    assert_eq!(both(-60, 300).judge(&key), Ok(()));
}

#[test]
fn the_scheme_may_stand_in_the_signature_header_too() {
    let key = PrivateKey::generate().unwrap();
    let sent = Sent::new();
    let mut headers = sent.signed(&key);
    let text = format!("Signature {}", headers["signature"].to_str().unwrap());
    headers.insert("signature", text.parse().unwrap());
    let public = key.public().unwrap();
    let judged =
        |headers: &HeaderMap| judge(&sent.method, &sent.target, headers, &sent.body, &public);
    assert_eq!(judged(&headers), Ok(()));
    let again = format!("Signature {text}");
    headers.insert("signature", again.parse().unwrap());
    assert_eq!(judged(&headers), Err(Rejected::Malformed));
}

#[test]
fn s046_the_order_is_free_but_a_post_signs_its_digest() {
    let key = PrivateKey::generate().unwrap();
    let sent = Sent::new().names("date host digest (request-target)");
    assert_eq!(sent.judge(&key), Ok(()));
    for (without, refused) in [
        (
            sent.clone().names("date host (request-target)"),
            Rejected::Uncovered("the digest"),
        ),
        (sent.without("digest"), Rejected::Absent),
    ] {
        assert_eq!(without.judge(&key), Err(refused));
        assert_eq!(refused.status(), 401);
    }
}

#[test]
fn s048_the_body_is_what_was_digested_by_every_digest_that_is_known() {
    let key = PrivateKey::generate().unwrap();
    let (good, other) = (Digest::of(BODY).base64(), Digest::of(b"other").base64());
    let long = digest::base64(&digest::sha512(BODY));
    let with = |value: &str| Sent::new().header("digest", value).judge(&key);
    let mut changed = Sent::new();
    changed.body = br#"{"type":"like"}"#.to_vec();
    let mismatch = Err(Rejected::DigestMismatch);
    assert_eq!(changed.judge(&key), mismatch);
    assert_eq!(Rejected::DigestMismatch.status(), 401);
    assert_eq!(with(&format!("sha-256={good}")), Ok(()));
    assert_eq!(with(&format!("SHA-512={long},SHA-256={good}")), Ok(()));
    assert_eq!(with(&format!("SHA-512={long},MD5=abc")), Ok(()));
    assert_eq!(with(&format!("SHA-512={long},SHA-256={other}")), mismatch);
}

#[test]
fn s049_a_query_need_not_be_signed() {
    let key = PrivateKey::generate().unwrap();
    let sent = Sent::new().target("/inbox?x=1", "/inbox");
    assert_eq!(sent.judge(&key), Ok(()));
    let whole = Sent::new().target("/inbox?x=1", "/inbox?x=1");
    assert_eq!(whole.judge(&key), Ok(()), "R-12: both are good");
}

#[test]
fn s053_rfc_9421_needs_created_and_the_right_digest() {
    let key = PrivateKey::generate().unwrap();
    let three: Vec<_> = usual().into_iter().take(3).collect();
    assert_eq!(judge_rfc(&key, &three, &params()), Ok(()));
    let without = params().replace(&format!(";created={NOW}"), "");
    let refused = judge_rfc(&key, &three, &without).unwrap_err();
    assert_eq!(
        (refused, refused.status()),
        (Rejected::Uncovered("created"), 401)
    );
    let headers = message(&key, &Sent::new(), &three, &params());
    let public = key.public().unwrap();
    let refused = judge(&Method::POST, "/inbox", &headers, b"{}", &public).unwrap_err();
    assert_eq!((refused, refused.status()), (Rejected::DigestMismatch, 401));
}

#[test]
fn created_and_expires_rows() {
    let key = PrivateKey::generate().unwrap();
    table(
        &key,
        vec![
            ("created now", created(0), Ok(())),
            ("created 2 h ahead", created(2 * HOUR), Err(Rejected::Early)),
            ("H31 expires first", both(0, -60), Err(Rejected::Time)),
            (
                "H31 expires in 100 years",
                both(-14 * HOUR, 100 * 365 * 24 * HOUR),
                Err(Rejected::Old),
            ),
            (
                "expired 10 min ago",
                both(-HOUR, -600),
                Err(Rejected::Expired),
            ),
            ("expired 4 min ago", both(-HOUR, -240), Ok(())),
            (
                "H31 expires unsigned",
                created(0).parameter("expires", &(NOW - HOUR).to_string()),
                Ok(()),
            ),
            (
                "H32 created unsigned",
                Sent::new().parameter("created", &(NOW - 99 * HOUR).to_string()),
                Ok(()),
            ),
            (
                "created with rsa-sha256",
                created(0).parameter("algorithm", "rsa-sha256"),
                Err(Rejected::Algorithm),
            ),
            (
                "created listed, not given",
                Sent::new()
                    .parameter("algorithm", "hs2019")
                    .names("(request-target) host (created) digest"),
                Err(Rejected::Absent),
            ),
        ],
    );
    for bad in [
        "18446744073709551615",
        "9223372036854775807",
        "-1",
        "1e9",
        "",
        "9999999999999999999999999999999999999999",
        "999999999999",
    ] {
        let refused = Err(Rejected::Time);
        assert_eq!(
            Sent::new().created(bad, None).judge(&key),
            refused,
            "H30 created={bad}"
        );
        assert_eq!(
            Sent::new().created(&NOW.to_string(), Some(bad)).judge(&key),
            refused,
            "H30 expires={bad}"
        );
        assert_eq!(
            Sent::new().parameter("created", bad).judge(&key),
            refused,
            "unsigned created={bad}"
        );
    }
}

#[test]
fn the_window_can_be_set() {
    assert_eq!(Window::default().age, 12 * HOUR);
    assert_eq!(Window::with_age(300).age, 300);
    assert_eq!(Window::with_age(20 * HOUR).age_with_expiry, 20 * HOUR);
    assert_eq!(Window::with_age(300).ahead, Window::default().ahead);
}

#[test]
fn key_id_rows() {
    let key = PrivateKey::generate().unwrap();
    for bad in [
        "http://peer.example/k",
        "ftp://peer.example/k",
        "data:,x",
        "/users/mia",
        "",
        "https://a@peer.example/k",
        "https://peer.example:8443/k",
        "https://127.0.0.1/k",
        "https://[::1]/k",
        "https://localhost/k",
        "https://a.localhost/k",
        "acct:mia@peer.example",
        "https:// peer.example/k",
        "https://2130706433/k",
    ] {
        assert_eq!(
            Sent::new().parameter("keyId", bad).judge(&key),
            Err(Rejected::KeyId),
            "H5, H6 {bad}"
        );
    }
    let long = format!("https://peer.example/{}", "x".repeat(10_000));
    assert_eq!(
        Sent::new().parameter("keyId", &long).judge(&key),
        Err(Rejected::KeyId)
    );
    for good in [
        "https://peer.example/users/mia/main-key",
        "https://peer.example/key/1?x=1",
        KEY_ID,
    ] {
        assert_eq!(
            Sent::new().parameter("keyId", good).judge(&key),
            Ok(()),
            "{good}"
        );
    }
}

#[test]
fn development_allows_ports_and_http() {
    let key = PrivateKey::generate().unwrap();
    let sent = Sent::new()
        .header("host", "hub.test:8080")
        .parameter("keyId", "http://mastodon.test:9000/users/mia#main-key");
    let public = key.public().unwrap();
    let headers = sent.signed(&key);
    assert_eq!(
        judge_as(true, &Method::POST, "/inbox", &headers, BODY, &public),
        Ok(())
    );
    assert_eq!(
        judge(&Method::POST, "/inbox", &headers, BODY, &public),
        Err(Rejected::KeyId)
    );
}

#[test]
fn algorithm_rows() {
    let key = PrivateKey::generate().unwrap();
    for bad in ["hmac-sha256", "none", "rsa-sha1", "ecdsa-sha256", "x"] {
        let sent = Sent::new().parameter("algorithm", bad);
        assert_eq!(sent.judge(&key), Err(Rejected::Algorithm), "H33 {bad}");
    }
    for good in ["hs2019", "RSA-SHA256"] {
        assert_eq!(
            Sent::new().parameter("algorithm", good).judge(&key),
            Ok(()),
            "{good}"
        );
    }
    let mut unnamed = Sent::new();
    unnamed.parameters.retain(|(name, _)| name != "algorithm");
    assert_eq!(unnamed.judge(&key), Ok(()), "no algorithm");
    let wrong = Sent::new().parameter("algorithm", "ed25519").judge(&key);
    assert_eq!(wrong, Err(Rejected::Signature), "H56 RSA key named ed25519");
    let edwards = PrivateKey::generate_ed25519().unwrap();
    assert_eq!(
        Sent::new().parameter("algorithm", "hs2019").judge(&edwards),
        Ok(()),
        "H56"
    );
    assert_eq!(
        Sent::new()
            .parameter("algorithm", "ed25519")
            .judge(&edwards),
        Ok(()),
        "H56"
    );
    assert_eq!(
        Sent::new().judge(&edwards),
        Err(Rejected::Signature),
        "H56 Ed25519 key named rsa-sha256"
    );
}

#[test]
fn target_rows() {
    let key = PrivateKey::generate().unwrap();
    let with = |sent: &str, signed: &str| Sent::new().target(sent, signed);
    let mut fetched = Sent::new();
    fetched.method = Method::GET;
    let as_post = {
        let headers = fetched.signed(&key);
        judge(
            &Method::POST,
            "/inbox",
            &headers,
            BODY,
            &key.public().unwrap(),
        )
    };
    assert_eq!(as_post, Err(Rejected::Signature), "H35 signature of a GET");
    table(
        &key,
        vec![
            (
                "H35 other inbox",
                with("/inbox", "/users/a/inbox"),
                Err(Rejected::Signature),
            ),
            ("with query", with("/inbox?x=1", "/inbox?x=1"), Ok(())),
            ("path only", with("/inbox?x=1", "/inbox"), Ok(())),
            (
                "H36 query signed, not sent",
                with("/inbox", "/inbox?x=1"),
                Err(Rejected::Signature),
            ),
            (
                "H36 other spelling",
                with("/%69nbox", "/inbox"),
                Err(Rejected::Signature),
            ),
        ],
    );
}

#[test]
fn repeated_headers_are_refused_in_both_orders() {
    let key = PrivateKey::generate().unwrap();
    let good = Sent::new().signed(&key);
    for name in [
        "signature",
        "digest",
        "date",
        "host",
        "content-type",
        "content-length",
    ] {
        for last in [false, true] {
            let mut headers = good.clone();
            headers.remove(name);
            let signed = good
                .get(name)
                .cloned()
                .unwrap_or_else(|| HeaderValue::from_static("5"));
            let forged = HeaderValue::from_static("forged");
            let (first, second) = if last {
                (signed, forged)
            } else {
                (forged, signed)
            };
            headers.append(HeaderName::from_static(name), first);
            headers.append(HeaderName::from_static(name), second);
            let refused = judge(
                &Method::POST,
                "/inbox",
                &headers,
                BODY,
                &key.public().unwrap(),
            )
            .unwrap_err();
            assert!(
                matches!(refused, Rejected::Repeated(_)),
                "{name}: {refused:?}"
            );
            assert_eq!(refused.status(), 400);
        }
    }
    let mut other = Sent::new().names(&format!("{ALL} x-a"));
    other.headers.push(("x-a".to_owned(), "1".to_owned()));
    other.headers.push(("x-a".to_owned(), "2".to_owned()));
    assert_eq!(other.judge(&key), Err(Rejected::RepeatedSigned));
}

#[test]
fn broken_signature_headers_are_refused() {
    let key = PrivateKey::generate().unwrap().public().unwrap();
    let judge_with = |name: &'static str, value: &str| {
        let mut headers = Sent::new().plain_headers();
        headers.insert(name, HeaderValue::try_from(value).unwrap());
        judge(&Method::POST, "/inbox", &headers, BODY, &key)
    };
    let bare = Sent::new().plain_headers();
    assert_eq!(
        judge(&Method::POST, "/inbox", &bare, BODY, &key),
        Err(Rejected::Unsigned),
        "H1"
    );
    assert_eq!(
        judge_with("authorization", "Bearer x"),
        Err(Rejected::Unsigned)
    );
    assert_eq!(judge_with("signature", ""), Err(Rejected::Malformed), "H2");
    for bad in [
        "x",
        "keyId",
        "keyId=",
        "keyId=\"",
        "keyId=\"a\"b",
        "signature=\"YQ==\"",
        "keyId=\"https://a.example/k\"",
        "keyId=\"a\",keyId=\"b\",signature=\"YQ==\"",
        "keyId=\"a\\\"b\",signature=\"YQ==\"",
        ",,,",
        "=,=,=",
        "keyId=\"https://a.example/k\",signature=\"\"",
        "keyId=\"https://a.example/k\",signature=\"?\"",
    ] {
        assert_eq!(
            judge_with("signature", bad),
            Err(Rejected::Malformed),
            "H3 {bad}"
        );
    }
    let many: String = (0..100).fold(String::new(), |all, n| format!("{all}a{n}=\"b\","));
    assert_eq!(judge_with("signature", &many), Err(Rejected::Malformed));
    let long = "x".repeat(100 * 1024);
    assert_eq!(judge_with("signature", &long), Err(Rejected::TooLong), "H4");
    assert_eq!(Rejected::TooLong.status(), 431);
}

#[test]
fn other_authorisation_beside_a_signature_is_ignored() {
    let key = PrivateKey::generate().unwrap();
    let public = key.public().unwrap();
    let mut headers = Sent::new().signed(&key);
    headers.insert("authorization", HeaderValue::from_static("Bearer x"));
    assert_eq!(
        judge(&Method::POST, "/inbox", &headers, BODY, &public),
        Ok(()),
        "H37"
    );
    let signature = headers.remove("signature").unwrap();
    let moved = format!("Signature {}", signature.to_str().unwrap());
    headers.insert("authorization", HeaderValue::try_from(moved).unwrap());
    assert_eq!(
        judge(&Method::POST, "/inbox", &headers, BODY, &public),
        Ok(())
    );
}

#[test]
fn another_key_does_not_fit() {
    let key = PrivateKey::generate().unwrap();
    let other = PrivateKey::generate().unwrap().public().unwrap();
    let headers = Sent::new().signed(&key);
    assert_eq!(
        judge(&Method::POST, "/inbox", &headers, BODY, &other),
        Err(Rejected::Signature)
    );
}

#[test]
fn our_own_signatures_are_believed() {
    let key = PrivateKey::generate().unwrap();
    let public = key.public().unwrap();
    let now = Ts::from_seconds(NOW);
    let inbox = Url::parse("https://hub.example/inbox").unwrap();
    let map = |headers: sign::Headers| headers.into_iter().collect::<HeaderMap>();
    let draft = map(sign::post(&key, KEY_ID, &inbox, &Digest::of(BODY), now).unwrap());
    assert_eq!(
        judge(&Method::POST, "/inbox", &draft, BODY, &public),
        Ok(())
    );
    let rfc = map(sign::post_rfc9421(&key, KEY_ID, &inbox, &Digest::of(BODY), now).unwrap());
    assert_eq!(judge(&Method::POST, "/inbox", &rfc, BODY, &public), Ok(()));
    let url = Url::parse("https://hub.example/c/tea?page=1").unwrap();
    for part in [sign::Target::Whole, sign::Target::PathOnly] {
        let fetch = map(sign::get(&key, KEY_ID, &url, part, now).unwrap());
        assert_eq!(
            judge(&Method::GET, "/c/tea?page=1", &fetch, b"", &public),
            Ok(())
        );
    }
    let ours = Ours {
        hosts: &["hub.example".to_owned()],
        development: false,
        window: Window::default(),
    };
    let presented = parse(&Method::POST, "/inbox", &draft, &ours, now).unwrap();
    assert_eq!(
        (presented.scheme, presented.key_id_text.as_str()),
        (Scheme::Cavage, KEY_ID)
    );
    assert_eq!(presented.key_id.as_str(), KEY_ID);
}

/// What two independent implementations made of one key: `apsig` (draft form) and `cryptography` (RFC 9421).
const FOREIGN_KEY: &str = "-----BEGIN PUBLIC KEY-----\n\
    MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAp1bqZNd7koaudOqGm08U\n\
    rtPZ5t33bAYH8IcD6to/SHhRihZF1zLRxE4gsTS/q8GFGhQ1pJ2HjVsSPelH+uBD\n\
    ojW3B563NoERD0eBCSqeNSh6bf2bp01CxK+HnipKgnL/MHrVB/ok33u17WvYMAJN\n\
    AMc6xYTCfNE1Jnu2OAvoSNPoDuWMXWTqamh5ChLcLEG4DGvXtTtfuuW4k5Er5l4N\n\
    gsQIrnbQrgTFNZwH1zk7uYNrWcgwVhzopAaji4+hF/Oji6ZPMnAYVOilFgz/dMWO\n\
    0ztiHGWohnz3tBoklsj/mF1EwEbArDu60wm3s4v1SPHvCQFFsKpb1a4+0udcmWtX\n\
    XQIDAQAB\n\
    -----END PUBLIC KEY-----";
const FOREIGN_DRAFT: &str = "pIf3Uw5A/Ep4vCLaHg7nZwikLrNHLJdmeBor4yctU9xOgsGZR/REXBEHuQehGVQSQv4soQtyhQcJ63pi\
    EGj4o+oA18bUDCgRI5GeREo6YoJ4vQmNnep1tnIfEaxaOD1xBt/83up4ruOaF5NLx7OZ2FH4DNCirXWT\
    C374KRU+LnUqFPYdC2+cyeiZ+Y9zRq+UjOoaZut0soFPHOqt9wsw8oa6i2bzMRk+n48d7o1OagKq2F93\
    tFtK05Rii79QwbPO5kUJpEj/j8QjgC2wAJ2G39UC1nUORzDqibk+rfDk1Gnjwaf7gJQClnj+K7NNEDeZ\
    THEeIjoo0mEs93RixvY0kw==";
const FOREIGN_RFC9421: &str = "cFqDF5BtKlcea2gZD1PTN9wKYkXNxFahkx5jNDO1ux4QUYCSL5y2pIgJ35M0TtjmtvtbyKZkEQJqXNAU\
    MrUsgbOyW219AjjEGdMQKeFDeNUl/AJ4aCH/fTKeg++P1ix38Y4lTU8o1ZE1pp/P6ybgLFRh3CPoCd2K\
    WpmDSmmzWi9uAmj7RVLg1xkZOq81EIdLnAown4foYVBd8Me+Ccq/IY+eJM8JU29Ih46IFw0qPq429sVz\
    RjeYs6RMEENGdbFgvWYIXa1IMj3TZjyhbByGo3bhm0/j/WhtkAeXG0BT7Jhxw/0OziAYv4Rh7y6GKVIm\
    iDYF1MUC0Zt7BFECosqRYA==";

#[test]
fn signatures_of_other_implementations_are_believed() {
    let key = PublicKey::from_pem(FOREIGN_KEY).unwrap();
    let mut draft = Sent::new().plain_headers();
    let value = format!(
        "keyId=\"{KEY_ID}\",algorithm=\"rsa-sha256\",headers=\"(request-target) date host digest\",signature=\"{FOREIGN_DRAFT}\""
    );
    draft.insert("signature", HeaderValue::try_from(value).unwrap());
    assert_eq!(judge(&Method::POST, "/inbox", &draft, BODY, &key), Ok(()));
    let mut message = Sent::new().without("digest").plain_headers();
    let input = format!(
        "sig1=(\"@method\" \"@target-uri\" \"content-digest\" \"content-type\"){}",
        params()
    );
    let mut set = |name: &'static str, value: String| {
        message.insert(name, HeaderValue::try_from(value).unwrap());
    };
    set("content-digest", Digest::of(BODY).content_digest());
    set("signature-input", input);
    set("signature", format!("sig1=:{FOREIGN_RFC9421}:"));
    assert_eq!(judge(&Method::POST, "/inbox", &message, BODY, &key), Ok(()));
}

/// Judges an RFC 9421 request with these components and parameters.
fn judge_rfc(
    key: &PrivateKey,
    components: &[(&str, String)],
    params: &str,
) -> Result<(), Rejected> {
    let headers = message(key, &Sent::new(), components, params);
    judge(
        &Method::POST,
        "/inbox",
        &headers,
        BODY,
        &key.public().unwrap(),
    )
}

#[test]
fn rfc_9421_rows() {
    let key = PrivateKey::generate().unwrap();
    let without = |name: &str| {
        usual()
            .into_iter()
            .filter(|(known, _)| *known != name)
            .collect::<Vec<_>>()
    };
    let with = |name: &'static str, value: &str| {
        let mut all = usual();
        all.push((name, value.to_owned()));
        all
    };
    let by = |from: &str, to: &str| params().replace(from, to);
    let now = format!(";created={NOW}");
    assert_eq!(judge_rfc(&key, &usual(), &params()), Ok(()));
    assert_eq!(
        judge_rfc(&key, &usual(), &by(";alg=\"rsa-v1_5-sha256\"", "")),
        Ok(())
    );
    assert_eq!(
        judge_rfc(
            &key,
            &usual(),
            &format!("{};nonce=\"x\";tag=\"y\";b;c=?1;d=:YQ==:", params())
        ),
        Ok(()),
        "H55"
    );
    assert_eq!(
        judge_rfc(&key, &usual(), &by(&now, "")),
        Err(Rejected::Uncovered("created"))
    );
    assert_eq!(
        judge_rfc(&key, &without("content-digest"), &params()),
        Err(Rejected::Uncovered("the digest")),
        "H52"
    );
    assert_eq!(
        judge_rfc(&key, &without("@method"), &params()),
        Err(Rejected::Uncovered("@method")),
        "H52"
    );
    assert_eq!(
        judge_rfc(&key, &without("@target-uri"), &params()),
        Err(Rejected::Uncovered("@target-uri")),
        "H52"
    );
    let mut parts = without("@target-uri");
    parts.push(("@path", "/inbox".to_owned()));
    assert_eq!(
        judge_rfc(&key, &parts, &params()),
        Err(Rejected::Uncovered("@target-uri"))
    );
    parts.push(("@authority", "hub.example".to_owned()));
    parts.push(("@scheme", "https".to_owned()));
    parts.push(("@query", "?".to_owned()));
    parts.push(("@request-target", "/inbox".to_owned()));
    assert_eq!(judge_rfc(&key, &parts, &params()), Ok(()));
    assert_eq!(
        judge_rfc(&key, &with("@status", "200"), &params()),
        Err(Rejected::Absent),
        "H53 unknown component"
    );
    assert_eq!(
        judge_rfc(&key, &with("x-none", ""), &params()),
        Err(Rejected::Absent)
    );
}

#[test]
fn rfc_9421_parameter_rows() {
    let key = PrivateKey::generate().unwrap();
    let by = |from: &str, to: &str| params().replace(from, to);
    let now = format!(";created={NOW}");
    assert_eq!(
        judge_rfc(&key, &usual(), &by("rsa-v1_5-sha256", "hmac-sha256")),
        Err(Rejected::Algorithm)
    );
    assert_eq!(
        judge_rfc(&key, &usual(), &by("rsa-v1_5-sha256", "rsa-v1_5-sha512")),
        Err(Rejected::Signature)
    );
    assert_eq!(
        judge_rfc(&key, &usual(), &by("rsa-v1_5-sha256", "ed25519")),
        Err(Rejected::Signature),
        "H56"
    );
    assert_eq!(
        judge_rfc(&key, &usual(), &by("https://peer", "http://peer")),
        Err(Rejected::KeyId)
    );
    for bad in ["18446744073709551615", "-1", "1e9", "1.5"] {
        let refused = judge_rfc(&key, &usual(), &by(&now, &format!(";created={bad}")));
        assert_eq!(refused, Err(Rejected::Time), "{bad}");
    }
    let old = format!(";created={}", NOW - 12 * HOUR - 60);
    assert_eq!(
        judge_rfc(&key, &usual(), &by(&now, &old)),
        Err(Rejected::Old)
    );
    let expiring = format!("{old};expires={}", NOW + 60);
    assert_eq!(judge_rfc(&key, &usual(), &by(&now, &expiring)), Ok(()));
    let mut other_host = usual();
    other_host[1] = ("@target-uri", "https://other.example/inbox".to_owned());
    assert_eq!(
        judge_rfc(&key, &other_host, &params()),
        Err(Rejected::Signature)
    );
}

#[test]
fn rfc_9421_syntax_rows() {
    let key = PrivateKey::generate().unwrap();
    let public = key.public().unwrap();
    let good = message(&key, &Sent::new(), &usual(), &params());
    let input = good
        .get("signature-input")
        .unwrap()
        .to_str()
        .unwrap()
        .to_owned();
    let signature = good.get("signature").unwrap().to_str().unwrap().to_owned();
    let judge_with = |input: &str, signature: &str| {
        let mut headers = good.clone();
        headers.insert("signature-input", HeaderValue::try_from(input).unwrap());
        headers.insert("signature", HeaderValue::try_from(signature).unwrap());
        judge(&Method::POST, "/inbox", &headers, BODY, &public)
    };
    assert_eq!(judge_with(&input, &signature), Ok(()));
    let malformed = Err(Rejected::Malformed);
    assert_eq!(
        judge_with(&input, &signature.replace("sig1", "sig2")),
        malformed,
        "H51 no matching label"
    );
    let two = format!("other=(\"@method\");created=1, {input}");
    let two_signatures = format!("other=:YQ==:, {signature}");
    assert_eq!(
        judge_with(&two, &two_signatures),
        Ok(()),
        "H51 first acceptable one"
    );
    let four = format!("a=(\"date\"), b=(\"date\"), c=(\"date\"), {input}");
    assert_eq!(
        judge_with(&four, &signature),
        malformed,
        "H51 at most three"
    );
    for (from, to) in [
        ("\"@method\"", "\"@method\";req"),
        ("\"content-digest\"", "\"content-digest\";tr"),
        ("\"@method\"", "\"@Method\""),
        ("\"@method\"", "\"@method\" \"@method\""),
        ("\"@method\" ", "\"@method\""),
        ("(\"@method\"", "(@method"),
        (");created", "created"),
        (";keyid=", ";keyid"),
        (";keyid=", ";created=1;keyid="),
        ("sig1=", "sig1"),
        ("sig1=", ""),
        ("sig1=", "SIG1="),
        ("sig1=(", "sig1=\"x\"("),
    ] {
        assert_eq!(
            judge_with(&input.replacen(from, to, 1), &signature),
            malformed,
            "H53 {from} -> {to}"
        );
    }
    for bad in [
        "",
        "sig1",
        "sig1=",
        "sig1=(",
        "sig1=()",
        "()",
        "sig1=();",
        "sig1=()\u{e9}",
    ] {
        assert_eq!(judge_with(bad, &signature), malformed, "H53 {bad}");
    }
    for bad in [
        "",
        "sig1=",
        "sig1=::",
        "sig1=:?:",
        "sig1=YQ==",
        &signature.replace("=:", "="),
    ] {
        assert_eq!(judge_with(&input, bad), malformed, "{bad}");
    }
}

#[test]
fn a_broken_rfc_9421_signature_is_not_saved_by_a_good_draft() {
    let key = PrivateKey::generate().unwrap();
    let mut headers = Sent::new().signed(&key);
    headers.insert("signature-input", HeaderValue::from_static("sig1=()"));
    let refused = judge(
        &Method::POST,
        "/inbox",
        &headers,
        BODY,
        &key.public().unwrap(),
    );
    assert_eq!(refused, Err(Rejected::Malformed), "H54");
    headers.append("signature-input", HeaderValue::from_static("sig2=()"));
    let refused = judge(
        &Method::POST,
        "/inbox",
        &headers,
        BODY,
        &key.public().unwrap(),
    );
    assert_eq!(refused, Err(Rejected::Repeated("Signature-Input")));
}

#[test]
fn rfc_9421_targets_with_a_query_may_be_signed_without_it() {
    let key = PrivateKey::generate().unwrap();
    let public = key.public().unwrap();
    let headers = message(&key, &Sent::new(), &usual(), &params());
    assert_eq!(
        judge(&Method::POST, "/inbox?x=1", &headers, BODY, &public),
        Ok(())
    );
    assert_eq!(
        judge(&Method::POST, "/other", &headers, BODY, &public),
        Err(Rejected::Signature)
    );
}

#[test]
fn a_fetch_needs_no_digest_but_all_else() {
    let key = PrivateKey::generate().unwrap();
    let mut sent = Sent::new()
        .without("digest")
        .without("content-type")
        .names("(request-target) host date");
    sent.method = Method::GET;
    assert_eq!(sent.judge(&key), Ok(()));
    assert_eq!(
        sent.clone().names("(request-target) host").judge(&key),
        Err(Rejected::Uncovered("the date"))
    );
    assert_eq!(
        sent.names("host date").judge(&key),
        Err(Rejected::Uncovered("(request-target)"))
    );
}
