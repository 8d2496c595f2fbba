//! The client against small servers on loopback.

use std::io::{self, Read, Write as _};
use std::net::{IpAddr, TcpListener};
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use super::*;
use crate::crypto::testing::{Flaw, tls_server};

/// 400,000 zero bytes, compressed.
const BOMB: &str = "H4sIAAAAAAACA+3BMQEAAADCoPVPbQo/oAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
    AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
    AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
    AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
    AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
    AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
    AAAAAAAAAOBvcT1ZXoAaBgA=";

/// A server that answers every request with what `answer` gives for its text, and remembers the requests.
struct Peer {
    url: Url,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Peer {
    fn new(answer: impl Fn(&str) -> Vec<u8> + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let remembered = Arc::clone(&seen);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let request = read_request(&mut stream);
                let answer = answer(&request);
                remembered.lock().unwrap().push(request);
                // The client may have left already; that is for it to decide.
                drop(stream.write_all(&answer));
            }
        });
        Self { url, seen }
    }

    fn at(&self, path: &str) -> Url {
        self.url.join(path).unwrap()
    }

    fn requests(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }
}

/// Reads head and body; an ended stream, or one that is no HTTP, ends the request.
fn read_request(stream: &mut impl Read) -> String {
    let mut request = Vec::new();
    let mut bytes = [0; 4096];
    loop {
        let length = stream.read(&mut bytes).unwrap_or(0);
        request.extend_from_slice(&bytes[..length]);
        let text = String::from_utf8_lossy(&request).into_owned();
        let whole = text.split_once("\r\n\r\n").is_some_and(|(head, body)| {
            let declared = head
                .to_lowercase()
                .split_once("content-length: ")
                .map(|(_, rest)| rest.to_owned());
            let digits = declared
                .unwrap_or_default()
                .split("\r\n")
                .next()
                .unwrap_or("")
                .parse::<usize>();
            body.len() >= digits.unwrap_or(0)
        });
        let http = text.starts_with(|c: char| c.is_ascii_uppercase());
        if length == 0 || whole || !http {
            return text;
        }
    }
}

fn reply(head: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 {head}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

fn client() -> Client {
    Client::new("hub.test:8080", Limits::default(), true).unwrap()
}

#[tokio::test]
async fn an_answer_comes_back_whole() {
    let peer = Peer::new(|_| reply("200 OK\r\nContent-Type: text/x", b"hello"));
    let accept = [(http::header::ACCEPT, HeaderValue::from_static("text/x"))];
    let fetched = client()
        .get(&peer.at("/a?b=c#d"), &accept, None, 5)
        .await
        .unwrap();
    assert_eq!(
        (fetched.status, &fetched.body[..]),
        (StatusCode::OK, &b"hello"[..])
    );
    assert_eq!(fetched.headers["content-type"], "text/x");
    assert_eq!(fetched.final_url, peer.at("/a?b=c"));
    let request = peer.requests().remove(0).to_lowercase();
    assert!(request.starts_with("get /a?b=c http/1.1\r\n"), "{request}");
    assert!(request.contains("\r\naccept: text/x\r\n"), "{request}");
    assert!(request.contains(&format!(
        "user-agent: guildhall/{} (+http://hub.test:8080/)",
        env!("CARGO_PKG_VERSION")
    )));
    assert_eq!(
        client().get(&peer.at("/"), &[], None, 4).await.unwrap_err(),
        NetError::TooLarge(4)
    );
}

#[tokio::test]
async fn statuses_are_answers() {
    let peer = Peer::new(|_| reply("410 Gone", b"{}"));
    let fetched = client().get(&peer.url, &[], None, 100).await.unwrap();
    assert_eq!(fetched.status, StatusCode::GONE);
}

#[tokio::test]
async fn h141_size_counts_after_decompression_and_without_a_declared_length() {
    let bomb = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, BOMB).unwrap();
    let small = bomb.len();
    let peer = Peer::new(move |request| {
        if request.starts_with("GET /bomb") {
            reply("200 OK\r\nContent-Encoding: gzip", &bomb)
        } else {
            let head = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".to_vec();
            [head, vec![b'x'; 300_000]].concat()
        }
    });
    assert!(small < 1000);
    for path in ["/bomb", "/endless"] {
        let refused = client()
            .get(&peer.at(path), &[], None, 100_000)
            .await
            .unwrap_err();
        assert_eq!(refused, NetError::TooLarge(100_000), "{path}");
    }
    assert_eq!(
        client()
            .get(&peer.at("/bomb"), &[], None, 400_000)
            .await
            .unwrap()
            .body
            .len(),
        400_000
    );
}

#[tokio::test]
async fn the_start_of_a_page_is_read_and_nothing_of_what_is_none() {
    let peer = Peer::new(|request| match request {
        _ if request.starts_with("GET /picture ") => {
            reply("200 OK\r\nContent-Type: image/png", b"x")
        }
        _ if request.starts_with("GET /gone ") => {
            reply("410 Gone\r\nContent-Type: text/html", b"x")
        }
        _ if request.starts_with("GET /bare ") => reply("200 OK", b"x"),
        _ if request.starts_with("GET /led ") => reply("302 Found\r\nLocation: /page", b""),
        _ => reply(
            "200 OK\r\nContent-Type: Text/HTML; charset=utf-8",
            &[b'x'; 300_000],
        ),
    });
    let start = async |path: &str| {
        let (url, client) = (peer.at(path), client());
        client
            .get_start(&url, &[], &["text/html"], 1_000)
            .await
            .unwrap()
    };
    let page = start("/led").await.unwrap();
    assert_eq!((page.body.len(), page.final_url), (1_000, peer.at("/page")));
    for path in ["/picture", "/gone", "/bare"] {
        assert!(start(path).await.is_none(), "{path}");
    }
    let private = Url::parse("http://10.0.0.1/").unwrap();
    let refused = client()
        .get_start(&private, &[], &["text/html"], 1_000)
        .await;
    assert!(matches!(refused, Err(NetError::Refused(_))), "{refused:?}");
}

#[tokio::test]
async fn redirects_are_followed_and_signed_hop_by_hop() {
    let peer = Peer::new(|request| match request {
        _ if request.starts_with("GET /a ") => reply("302 Found\r\nLocation: /b", b""),
        _ if request.starts_with("GET /b ") => reply("301 Moved\r\nLocation: c", b""),
        _ => reply("200 OK", b"end"),
    });
    let sign = |method: &Method, url: &Url| {
        let value = format!("{method} {}", url.path());
        vec![(
            HeaderName::from_static("signature"),
            HeaderValue::try_from(value).unwrap(),
        )]
    };
    let fetched = client()
        .get(&peer.at("/a"), &[], Some(&sign), 100)
        .await
        .unwrap();
    assert_eq!(
        (fetched.final_url, &fetched.body[..]),
        (peer.at("/c"), &b"end"[..])
    );
    for (request, path) in peer.requests().iter().zip(["/a", "/b", "/c"]) {
        assert!(
            request
                .to_lowercase()
                .contains(&format!("signature: get {path}\r\n")),
            "{request}"
        );
    }
}

#[tokio::test]
async fn s023_h135_r38_redirects_that_may_not_be_followed_are_refused() {
    let peer = Peer::new(|request| {
        let path = request.split(' ').nth(1).unwrap_or("");
        let location = match path {
            "/loop" => "/loop".to_owned(),
            "/user" => "http://a@127.0.0.1/".to_owned(),
            "/private" => "http://10.0.0.1/".to_owned(),
            "/metadata" => "http://169.254.169.254/latest".to_owned(),
            "/file" => "file:///etc/passwd".to_owned(),
            "/evil" => "//evil.example/".to_owned(),
            "/fragment" => "/x#y".to_owned(),
            "/long" => format!("/{}", "x".repeat(3000)),
            hop => format!("{hop}1"),
        };
        reply(&format!("302 Found\r\nLocation: {location}"), b"")
    });
    let address = |text: &str| Refused::Address(text.parse().unwrap());
    for (path, expected) in [
        ("/loop", Refused::Redirect),
        ("/user", Refused::Credentials),
        ("/private", address("10.0.0.1")),
        ("/metadata", address("169.254.169.254")),
        ("/file", Refused::Scheme),
        ("/evil", Refused::Redirect),
        ("/fragment", Refused::Redirect),
        ("/long", Refused::Redirect),
        ("/hop", Refused::Redirect),
    ] {
        let refused = client()
            .get(&peer.at(path), &[], None, 100)
            .await
            .unwrap_err();
        assert_eq!(refused, NetError::Refused(expected), "H135 {path}");
    }
    let hops = peer
        .requests()
        .iter()
        .filter(|request| request.starts_with("GET /hop"))
        .count();
    assert_eq!(hops, 4);
}

#[tokio::test]
async fn s176_h131_h132_h134_names_that_lead_to_private_addresses_are_refused() {
    fn lookup(host: String) -> Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>> {
        let addresses = match host.into_boxed_str().as_ref() {
            "loop.example" => vec!["127.0.0.1"],
            "mixed.example" => vec!["93.184.215.14", "10.0.0.1"],
            "six.example" => vec!["fd00::1"],
            "mapped.example" => vec!["::ffff:127.0.0.1"],
            _ => vec![],
        };
        Box::pin(async move {
            Ok(addresses
                .into_iter()
                .map(|text| text.parse().unwrap())
                .collect())
        })
    }
    let client = Client::with_lookup("hub.example", Limits::default(), false, lookup).unwrap();
    for (host, address) in [
        ("loop", "127.0.0.1"),
        ("mixed", "10.0.0.1"),
        ("six", "fd00::1"),
        ("mapped", "::ffff:127.0.0.1"),
    ] {
        let url = Url::parse(&format!("https://{host}.example/")).unwrap();
        let expected = NetError::Refused(Refused::Address(address.parse().unwrap()));
        assert_eq!(
            client.get(&url, &[], None, 100).await.unwrap_err(),
            expected,
            "{host}"
        );
        assert_eq!(
            client
                .post(&url, Vec::new(), Bytes::new())
                .await
                .unwrap_err(),
            expected,
            "{host}"
        );
    }
    let nowhere = Url::parse("https://nowhere.example/").unwrap();
    assert_eq!(
        client.get(&nowhere, &[], None, 100).await.unwrap_err(),
        NetError::Dns
    );
    let plain = Url::parse("http://loop.example/").unwrap();
    assert_eq!(
        client.get(&plain, &[], None, 100).await.unwrap_err(),
        NetError::Refused(Refused::Scheme)
    );
}

#[test]
fn s023_h135_a_redirect_leads_to_plain_public_https_only() {
    let from = Url::parse("https://a.example/x").unwrap();
    for (location, expected) in [
        ("http://a.example/y", Refused::Scheme),
        ("https://a.example:8443/y", Refused::Port),
        ("https://nas.local/", Refused::Host),
        ("https://10.0.0.1/", Refused::Host),
        ("//evil.example/", Refused::Redirect),
        ("https://u@a.example/", Refused::Credentials),
        ("/y#z", Refused::Redirect),
        ("data:text/plain,x", Refused::Scheme),
        ("javascript:1", Refused::Scheme),
    ] {
        let next = next_hop(&from, &HeaderValue::try_from(location).unwrap());
        let allowed = next.and_then(|next| check_url(&next, false));
        assert_eq!(allowed, Err(expected), "H135 {location}");
    }
    for good in ["/y?z", "y", "https://b.example/"] {
        let next = next_hop(&from, &HeaderValue::from_static(good)).unwrap();
        assert_eq!(check_url(&next, false), Ok(()), "{good}");
    }
}

#[tokio::test]
async fn h133_the_address_that_was_checked_is_the_one_that_is_connected_to() {
    static TURN: AtomicUsize = AtomicUsize::new(0);
    fn alternating(_: String) -> Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>> {
        let address = ["127.0.0.1", "10.0.0.1"][TURN.fetch_add(1, Ordering::Relaxed) % 2];
        Box::pin(async move { Ok(vec![address.parse().unwrap()]) })
    }
    let forgetful = Limits {
        names: Duration::from_nanos(1),
        ..Limits::default()
    };
    let client = Client::with_lookup("hub.example", forgetful, true, alternating).unwrap();
    let peer = Peer::new(|_| reply("200 OK", b"hello"));
    let url = format!("http://rebinding.example:{}/", peer.url.port().unwrap());
    let url = Url::parse(&url).unwrap();
    assert!(client.get(&url, &[], None, 100).await.is_ok(), "H133");
    assert_eq!(
        TURN.load(Ordering::Relaxed),
        1,
        "H133 looked up once for one connection"
    );
    let second = client.get(&url, &[], None, 100).await.unwrap_err();
    let private = Refused::Address("10.0.0.1".parse().unwrap());
    assert_eq!(second, NetError::Refused(private), "H133");
}

/// A server that sends these pieces, with a pause after each, and then keeps silent.
fn dripping(pieces: Vec<Vec<u8>>, pause: Duration) -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
    std::thread::spawn(move || {
        let mut held = Vec::new();
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            read_request(&mut stream);
            for piece in &pieces {
                // The client leaves when it has had enough.
                if stream.write_all(piece).is_err() {
                    break;
                }
                std::thread::sleep(pause);
            }
            held.push(stream);
        }
    });
    url
}

#[tokio::test]
async fn r40_h142_h144_slow_and_broken_servers_are_left_in_time() {
    let head = || b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n".to_vec();
    let drip = |first: Vec<u8>, rest: &[u8]| {
        let mut pieces = vec![first];
        pieces.extend(rest.chunks(1).map(<[u8]>::to_vec));
        pieces
    };
    let limits = Limits {
        idle: Duration::from_millis(200),
        fetch: Duration::from_millis(500),
        ..Limits::default()
    };
    let client = Client::new("hub.test", limits, true).unwrap();
    for (row, pieces) in [
        ("H144 silent after accepting", vec![]),
        ("H144 silent after the head", vec![head()]),
        ("H144 R-40 a byte at a time", drip(head(), &[b'x'; 100])),
        (
            "H142 a head without end",
            drip(b"HTTP/1.1 200 OK\r\n".to_vec(), &b"X: y\r\n".repeat(50)),
        ),
        (
            "H142 interim answers only",
            vec![b"HTTP/1.1 102 Processing\r\n\r\n".to_vec(); 50],
        ),
    ] {
        let url = dripping(pieces, Duration::from_millis(20));
        let begun = std::time::Instant::now();
        let fault = client.get(&url, &[], None, 1000).await.unwrap_err();
        assert!(
            matches!(fault, NetError::Timeout | NetError::Http(_)),
            "{row}: {fault}"
        );
        assert!(begun.elapsed() < Duration::from_secs(5), "{row}");
    }
}

#[tokio::test]
async fn h142_h144_what_is_no_http_is_no_answer() {
    let long = format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n", "y".repeat(1 << 20));
    let many = format!("HTTP/1.1 200 OK\r\n{}\r\n", "X: y\r\n".repeat(1000));
    for (row, answer) in [
        ("H142 an old status line", b"<p>hello".to_vec()),
        (
            "H142 a broken status line",
            b"HTTP/1.1 two hundred\r\n\r\n".to_vec(),
        ),
        ("H142 another protocol", b"SSH-2.0-x\r\n".to_vec()),
        ("H142 a header of 1 MiB", long.into_bytes()),
        ("H142 a thousand headers", many.into_bytes()),
        (
            "H142 a header without a name",
            b"HTTP/1.1 200 OK\r\n: x\r\n\r\n".to_vec(),
        ),
        ("H144 closed at once", Vec::new()),
        (
            "H144 closed within the head",
            b"HTTP/1.1 200 OK\r\nContent-".to_vec(),
        ),
        (
            "H144 closed within the body",
            b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf".to_vec(),
        ),
        (
            "H142 two lengths",
            b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 9\r\n\r\nhalf".to_vec(),
        ),
    ] {
        let peer = Peer::new(move |_| answer.clone());
        let fault = client().get(&peer.url, &[], None, 1000).await.unwrap_err();
        assert!(
            matches!(fault, NetError::Http(_) | NetError::Connect(_)),
            "{row}: {fault}"
        );
    }
}

#[tokio::test]
async fn h143_a_handshake_that_never_ends_costs_the_connect_time_only() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}/", silent.local_addr().unwrap());
    let limits = Limits {
        connect: Duration::from_millis(100),
        ..Limits::default()
    };
    let client = Client::new("hub.test", limits, true).unwrap();
    let begun = std::time::Instant::now();
    let fault = client.get(&Url::parse(&url).unwrap(), &[], None, 1).await;
    assert!(
        fault.is_err() && begun.elapsed() < Duration::from_secs(5),
        "H143 {fault:?}"
    );
}

#[tokio::test]
async fn h143_servers_that_cannot_be_trusted_are_refused() {
    for flaw in [Flaw::SelfSigned, Flaw::Expired, Flaw::Old] {
        let (address, _) = tls_server(flaw);
        let url = Url::parse(&format!("https://{address}/")).unwrap();
        let fault = client().get(&url, &[], None, 100).await.unwrap_err();
        assert!(matches!(fault, NetError::Tls(_)), "H143 {flaw:?}: {fault}");
    }
}

/// A client that trusts this certificate and no other.
fn trusting(certificate: &[u8]) -> Client {
    let certificate = reqwest::Certificate::from_der(certificate).unwrap();
    let limits = Limits::default();
    let resolver = Resolver::new(limits.names, true, resolve::system);
    let inner = builder("guildhall", &limits, resolver).tls_certs_only([certificate]);
    Client {
        inner: inner.build().unwrap(),
        limits,
        development: true,
    }
}

#[tokio::test]
async fn h143_a_good_certificate_for_another_name_is_refused() {
    for (flaw, trusted) in [(Flaw::Nothing, true), (Flaw::WrongName, false)] {
        let (address, certificate) = tls_server(flaw);
        let url = Url::parse(&format!("https://{address}/")).unwrap();
        let fetched = trusting(&certificate).get(&url, &[], None, 100).await;
        match fetched {
            Ok(answer) => assert!(trusted && answer.status == 200, "H143 {flaw:?}"),
            Err(fault) => assert!(
                !trusted && matches!(fault, NetError::Tls(_)),
                "H143 {flaw:?}: {fault}"
            ),
        }
    }
}

#[tokio::test]
async fn h141_other_encodings_are_not_unpacked() {
    for encoding in ["br", "deflate", "zstd", "compress"] {
        let peer = Peer::new(move |_| {
            reply(
                &format!("200 OK\r\nContent-Encoding: {encoding}"),
                b"\x0b\x02\x80{}\x03",
            )
        });
        let fetched = client().get(&peer.url, &[], None, 100).await.unwrap();
        assert_eq!(&fetched.body[..], b"\x0b\x02\x80{}\x03", "H141 {encoding}");
    }
}

#[tokio::test]
async fn a_delivery_sends_its_headers_and_body_and_hears_the_answer() {
    let peer = Peer::new(|_| {
        reply(
            "429 Slow Down\r\nRetry-After: 120\r\nAccept-Signature: sig1=()",
            b"slow\r\n\x1b[31mdown",
        )
    });
    let headers = vec![
        (http::header::HOST, HeaderValue::from_static("peer.example")),
        (
            HeaderName::from_static("digest"),
            HeaderValue::from_static("SHA-256=x"),
        ),
    ];
    let answer = client()
        .post(&peer.at("/inbox"), headers, Bytes::from_static(b"{}"))
        .await
        .unwrap();
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answer.retry_after, Some(Duration::from_mins(2)));
    assert_eq!(answer.body_start, "slow   [31mdown");
    let request = peer.requests().remove(0).to_lowercase();
    assert!(
        request.starts_with("post /inbox http/1.1\r\n") && request.ends_with("\r\n\r\n{}"),
        "{request}"
    );
    assert_eq!(request.matches("\r\nhost: peer.example\r\n").count(), 1);
    assert_eq!(request.matches("host:").count(), 1, "{request}");
}

#[tokio::test]
async fn deliveries_do_not_follow_redirects() {
    let peer = Peer::new(|_| reply("307 Elsewhere\r\nLocation: /other", b""));
    let answer = client()
        .post(&peer.url, Vec::new(), Bytes::new())
        .await
        .unwrap();
    assert_eq!(answer.status, StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(peer.requests().len(), 1);
}

#[tokio::test]
async fn faults_are_told_apart() {
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let closed = Url::parse(&format!("http://{free}/")).unwrap();
    assert!(matches!(
        client().get(&closed, &[], None, 1).await,
        Err(NetError::Connect(_))
    ));
    let garbage = Peer::new(|_| b"nonsense\r\n\r\n".to_vec());
    assert!(matches!(
        client().get(&garbage.url, &[], None, 1).await,
        Err(NetError::Http(_))
    ));
    let mut secure = garbage.url.clone();
    secure.set_scheme("https").unwrap();
    let refused = client().get(&secure, &[], None, 1).await;
    assert!(matches!(refused, Err(NetError::Tls(_))), "{refused:?}");
    let short = Peer::new(|_| b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf".to_vec());
    assert!(matches!(
        client().get(&short.url, &[], None, 100).await,
        Err(NetError::Http(_))
    ));
}

#[tokio::test]
async fn a_silent_server_is_left() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = Url::parse(&format!("http://{}/", silent.local_addr().unwrap())).unwrap();
    let limits = Limits {
        fetch: Duration::from_millis(50),
        post: Duration::from_millis(50),
        ..Limits::default()
    };
    let client = Client::new("hub.test", limits, true).unwrap();
    assert_eq!(
        client.get(&url, &[], None, 1).await.unwrap_err(),
        NetError::Timeout
    );
    assert_eq!(
        client
            .post(&url, Vec::new(), Bytes::new())
            .await
            .unwrap_err(),
        NetError::Timeout
    );
}

#[test]
fn h153_waiting_times_are_read_and_bounded() {
    let with = |retry: &str, date: &str| {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::try_from(retry).unwrap());
        headers.insert(DATE, HeaderValue::try_from(date).unwrap());
        retry_after(&headers)
    };
    let date = "Tue, 01 Sep 2026 10:00:00 GMT";
    for (retry, expected) in [
        ("0", Some(0)),
        (" 60 ", Some(60)),
        ("1000000000000", Some(86_400)),
        ("99999999999999999999999", Some(86_400)),
        ("Tue, 01 Sep 2026 10:05:00 GMT", Some(300)),
        ("Tue, 01 Sep 2026 09:00:00 GMT", Some(0)),
        ("-5", None),
        ("soon", None),
        ("", None),
    ] {
        assert_eq!(
            with(retry, date),
            expected.map(Duration::from_secs),
            "{retry}"
        );
    }
    assert_eq!(with("Tue, 01 Sep 2026 10:05:00 GMT", "x"), None);
    assert_eq!(retry_after(&HeaderMap::new()), None);
}
