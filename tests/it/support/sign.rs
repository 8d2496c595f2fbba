//! How a server signs what it sends: RSA-2048, draft-cavage-http-signatures-12, as Mastodon and
//! Lemmy do.

use std::collections::HashMap;
use std::sync::OnceLock;
use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private, Public};
use openssl::rsa::Rsa;
use openssl::sign::{Signer, Verifier};

/// What an actor signs with.
pub(crate) type Key = PKey<Private>;

/// A fresh key.
pub(crate) fn new_key() -> Key {
    let rsa = Rsa::generate(2048).expect("OpenSSL makes a key");
    PKey::from_rsa(rsa).expect("OpenSSL keeps a key")
}

/// The key that all well-behaved actors share, because making one takes its time.
pub(crate) fn common_key() -> &'static Key {
    static KEY: OnceLock<Key> = OnceLock::new();
    KEY.get_or_init(new_key)
}

/// The public half as actor documents carry it.
pub(crate) fn public_pem(key: &Key) -> String {
    let pem = key.public_key_to_pem().expect("a public half");
    String::from_utf8(pem).expect("a PEM is text")
}

/// This moment as HTTP writes it.
pub(crate) fn http_date() -> String {
    #[expect(
        clippy::disallowed_methods,
        reason = "the servers around the hub go by the wall clock"
    )]
    httpdate::fmt_http_date(SystemTime::now())
}

/// This moment as ActivityStreams writes it, in whole seconds as Mastodon does.
pub(crate) fn timestamp() -> String {
    #[expect(
        clippy::disallowed_methods,
        reason = "the servers around the hub go by the wall clock"
    )]
    let now = jiff::Timestamp::now();
    now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn digest(body: &[u8]) -> String {
    let hash = openssl::sha::sha256(body);
    format!("SHA-256={}", STANDARD.encode(hash))
}

/// The headers of a signed POST of `body` to `http://host` + `path`.
pub(crate) fn headers(
    key: &Key,
    key_id: &str,
    host: &str,
    path: &str,
    body: &[u8],
) -> Vec<(&'static str, String)> {
    let (date, digest) = (http_date(), digest(body));
    let kind = "application/activity+json";
    let text = format!(
        "(request-target): post {path}\nhost: {host}\ndate: {date}\ndigest: {digest}\ncontent-type: {kind}"
    );
    let mut signer = Signer::new(MessageDigest::sha256(), key).expect("a signer");
    let signature = signer
        .sign_oneshot_to_vec(text.as_bytes())
        .expect("a signature");
    let signature = format!(
        "keyId=\"{key_id}\",algorithm=\"rsa-sha256\",headers=\"(request-target) host date digest content-type\",signature=\"{}\"",
        STANDARD.encode(signature)
    );
    vec![
        ("host", host.to_owned()),
        ("date", date),
        ("digest", digest),
        ("content-type", kind.to_owned()),
        ("signature", signature),
    ]
}

/// A signature as it was received.
pub(crate) struct Received {
    /// The key that is said to have made it.
    pub(crate) key_id: String,
    text: String,
    signature: Vec<u8>,
}

impl Received {
    /// Reads the signature of a POST; None where it is missing, does not bind target, host, date
    /// and body, or where the digest is not the body's.
    pub(crate) fn read(path: &str, headers: &http::HeaderMap, body: &[u8]) -> Option<Self> {
        let header = |name: &str| headers.get(name)?.to_str().ok();
        let parameters = parameters(header("signature")?);
        let names: Vec<&str> = parameters.get("headers")?.split(' ').collect();
        let bound = ["(request-target)", "host", "date", "digest"];
        if !bound.iter().all(|name| names.contains(name)) || header("digest")? != digest(body) {
            return None;
        }
        let mut lines = Vec::new();
        for name in names {
            lines.push(match name {
                "(request-target)" => format!("{name}: post {path}"),
                "(created)" => format!("{name}: {}", parameters.get("created")?),
                "(expires)" => format!("{name}: {}", parameters.get("expires")?),
                _ => format!("{name}: {}", header(name)?),
            });
        }
        Some(Self {
            key_id: parameters.get("keyId")?.clone(),
            text: lines.join("\n"),
            signature: STANDARD.decode(parameters.get("signature")?).ok()?,
        })
    }

    /// Whether this key made it.
    pub(crate) fn is_of(&self, key: &PKey<Public>) -> bool {
        Verifier::new(MessageDigest::sha256(), key)
            .and_then(|mut v| v.verify_oneshot(&self.signature, self.text.as_bytes()))
            .unwrap_or(false)
    }
}

/// `name="value"` and `name=123`, with commas between.
fn parameters(header: &str) -> HashMap<String, String> {
    let pairs = header.split(',').filter_map(|pair| pair.split_once('='));
    pairs
        .map(|(name, value)| {
            (
                name.trim().to_owned(),
                value.trim().trim_matches('"').to_owned(),
            )
        })
        .collect()
}
