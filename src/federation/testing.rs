//! Requests as other servers sign them, for tests: signed as they are, then changed.

use http::{HeaderMap, HeaderName, HeaderValue, Method};

use crate::crypto::digest::{self, Digest};
use crate::crypto::keypair::PrivateKey;
use crate::domain::clock::Ts;

/// 1 September 2026, 10:00:00.
pub(crate) const NOW: i64 = 1_788_256_800;
/// In seconds.
pub(crate) const HOUR: i64 = 3600;
/// Whose key signs.
pub(crate) const KEY_ID: &str = "https://peer.example/users/mia#main-key";
/// What is sent.
pub(crate) const BODY: &[u8] = br#"{"type":"Like"}"#;
/// What is usually signed.
pub(crate) const ALL: &str = "(request-target) host date digest content-type";

/// A request that is signed as it is, then changed by a test.
#[derive(Clone)]
pub(crate) struct Sent {
    pub(crate) method: Method,
    pub(crate) target: String,
    pub(crate) signed_target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) parameters: Vec<(String, String)>,
    pub(crate) names: String,
    pub(crate) body: Vec<u8>,
}

impl Sent {
    pub(crate) fn new() -> Self {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        Self {
            method: Method::POST,
            target: "/inbox".to_owned(),
            signed_target: "/inbox".to_owned(),
            headers: vec![
                pair("host", "hub.example"),
                pair("date", &http_date(NOW)),
                pair("digest", &Digest::of(BODY).header()),
                pair("content-type", "application/activity+json"),
            ],
            parameters: vec![pair("keyId", KEY_ID), pair("algorithm", "rsa-sha256")],
            names: ALL.to_owned(),
            body: BODY.to_vec(),
        }
    }

    pub(crate) fn names(mut self, names: &str) -> Self {
        self.names = names.to_owned();
        self
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self
    }

    pub(crate) fn parameter(mut self, name: &str, value: &str) -> Self {
        self.parameters.retain(|(known, _)| known != name);
        self.parameters.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn target(mut self, sent: &str, signed: &str) -> Self {
        self.target = sent.to_owned();
        self.signed_target = signed.to_owned();
        self
    }

    /// With hs2019 and these times in the parameters and in the list.
    pub(crate) fn created(self, created: &str, expires: Option<&str>) -> Self {
        let sent = self
            .parameter("algorithm", "hs2019")
            .parameter("created", created);
        match expires {
            None => sent.names("(request-target) host (created) digest"),
            Some(expires) => sent
                .parameter("expires", expires)
                .names("(request-target) host (created) (expires) digest"),
        }
    }

    pub(crate) fn text(&self) -> String {
        let find = |list: &[(String, String)], name: &str| {
            list.iter()
                .find(|(known, _)| known == name)
                .map(|(_, value)| value.clone())
                .unwrap_or_default()
        };
        let lines: Vec<String> = self
            .names
            .to_lowercase()
            .split_whitespace()
            .map(|name| match name {
                "(request-target)" => {
                    format!(
                        "{name}: {} {}",
                        self.method.as_str().to_lowercase(),
                        self.signed_target
                    )
                }
                "(created)" => format!("{name}: {}", find(&self.parameters, "created")),
                "(expires)" => format!("{name}: {}", find(&self.parameters, "expires")),
                _ => format!("{name}: {}", find(&self.headers, name).trim()),
            })
            .collect();
        lines.join("\n")
    }

    pub(crate) fn signed(&self, key: &PrivateKey) -> HeaderMap {
        let signature = digest::base64(&key.sign(self.text().as_bytes()).unwrap());
        let mut parts: Vec<String> = self
            .parameters
            .iter()
            .map(|(name, value)| match name.as_str() {
                "created" | "expires" => format!("{name}={value}"),
                _ => format!("{name}=\"{value}\""),
            })
            .collect();
        if self.names != "-" {
            parts.push(format!("headers=\"{}\"", self.names));
        }
        parts.push(format!("signature=\"{signature}\""));
        let mut headers = self.plain_headers();
        headers.insert("signature", HeaderValue::try_from(parts.join(",")).unwrap());
        headers
    }

    pub(crate) fn plain_headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
            headers.append(
                HeaderName::try_from(name.as_str()).unwrap(),
                HeaderValue::try_from(value).unwrap(),
            );
        }
        headers
    }
}

pub(crate) fn http_date(seconds: i64) -> String {
    httpdate::fmt_http_date(Ts::from_seconds(seconds).system_time())
}

/// An RFC 9421 request as a peer makes it: these components with their values, these parameters.
pub(crate) fn message(
    key: &PrivateKey,
    sent: &Sent,
    components: &[(&str, String)],
    params: &str,
) -> HeaderMap {
    let list: Vec<String> = components
        .iter()
        .map(|(name, _)| format!("\"{name}\""))
        .collect();
    let input = format!("({}){params}", list.join(" "));
    let mut text: String = components.iter().fold(String::new(), |all, (name, value)| {
        format!("{all}\"{name}\": {value}\n")
    });
    text += "\"@signature-params\": ";
    text += &input;
    let signature = digest::base64(&key.sign(text.as_bytes()).unwrap());
    let mut headers = sent.clone().without("digest").plain_headers();
    let mut set = |name: &'static str, value: String| {
        headers.insert(name, HeaderValue::try_from(value).unwrap())
    };
    set("content-digest", Digest::of(&sent.body).content_digest());
    set("signature-input", format!("sig1={input}"));
    set("signature", format!("sig1=:{signature}:"));
    headers
}

/// What an RFC 9421 request of [`Sent::new`] signs.
pub(crate) fn usual() -> Vec<(&'static str, String)> {
    vec![
        ("@method", "POST".to_owned()),
        ("@target-uri", "https://hub.example/inbox".to_owned()),
        ("content-digest", Digest::of(BODY).content_digest()),
        ("content-type", "application/activity+json".to_owned()),
    ]
}

/// The parameters that it is signed with.
pub(crate) fn params() -> String {
    format!(";created={NOW};keyid=\"{KEY_ID}\";alg=\"rsa-v1_5-sha256\"")
}
