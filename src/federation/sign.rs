//! HTTP signatures that we make: draft-cavage to everyone, RFC 9421 where a host asked for it (federation.md 3.1, 3.4).
//!
//! Pure: the caller sends the headers with exactly the body whose digest was signed, at once. A retry signs anew.

use http::header::{CONTENT_TYPE, DATE, HOST};
use http::{HeaderName, HeaderValue};
use url::Url;

use crate::crypto::digest::{self, Digest};
use crate::crypto::keypair::{BadKey, PrivateKey};
use crate::domain::clock::Ts;

/// The media type of everything that we deliver.
pub(crate) const ACTIVITY_JSON: &str = "application/activity+json";

const DIGEST: HeaderName = HeaderName::from_static("digest");
const CONTENT_DIGEST: HeaderName = HeaderName::from_static("content-digest");
const SIGNATURE: HeaderName = HeaderName::from_static("signature");
const SIGNATURE_INPUT: HeaderName = HeaderName::from_static("signature-input");

/// The headers of a signed request, in the order in which they are sent.
pub(crate) type Headers = Vec<(HeaderName, HeaderValue)>;

/// Why a request could not be signed.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum CannotSign {
    /// The key failed.
    #[error("The actor's key could not sign: {0}")]
    Key(#[from] BadKey),
    /// The key id or the host holds characters that no header may.
    #[error("The key id {0:?} or the receiver's host cannot stand in a header.")]
    Header(String),
}

/// What of an address is signed in a GET.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    /// Path and query: the rule.
    Whole,
    /// The path alone, for hosts that answered 401 or 403 to the whole (Discourse, Mbin, Friendica, PieFed).
    PathOnly,
}

/// By which rules a delivery is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// draft-cavage: the rule.
    Draft,
    /// RFC 9421, for hosts that refused the draft and know this one (federation.md 3.4).
    Rfc9421,
}

/// Signs a delivery: `Host`, `Date`, `Content-Type`, `Digest` and `Signature`.
///
/// `rsa-sha256` is named and `(created)` left out because peers differ in what else they accept.
pub(crate) fn post(
    key: &PrivateKey,
    key_id: &str,
    inbox: &Url,
    body: &Digest,
    now: Ts,
) -> Result<Headers, CannotSign> {
    let (host, date, digest) = (host(inbox), date(now), body.header());
    let text = format!(
        "(request-target): post {}\nhost: {host}\ndate: {date}\ndigest: {digest}\ncontent-type: {ACTIVITY_JSON}",
        target(inbox, Target::Whole),
    );
    let signature = cavage(
        key,
        key_id,
        "(request-target) host date digest content-type",
        &text,
    )?;
    headers(
        key_id,
        [
            (HOST, host),
            (DATE, date),
            (CONTENT_TYPE, ACTIVITY_JSON.to_owned()),
            (DIGEST, digest),
            (SIGNATURE, signature),
        ],
    )
}

/// Signs a fetch: `Host`, `Date` and `Signature`. `Accept` is left out because proxies rewrite it.
pub(crate) fn get(
    key: &PrivateKey,
    key_id: &str,
    url: &Url,
    part: Target,
    now: Ts,
) -> Result<Headers, CannotSign> {
    let (host, date) = (host(url), date(now));
    let text = format!(
        "(request-target): get {}\nhost: {host}\ndate: {date}",
        target(url, part)
    );
    let signature = cavage(key, key_id, "(request-target) host date", &text)?;
    headers(key_id, [(HOST, host), (DATE, date), (SIGNATURE, signature)])
}

/// Signs a delivery by RFC 9421, for a host that refused the draft form and said that it knows this one.
pub(crate) fn post_rfc9421(
    key: &PrivateKey,
    key_id: &str,
    inbox: &Url,
    body: &Digest,
    now: Ts,
) -> Result<Headers, CannotSign> {
    let (date, digest) = (date(now), body.content_digest());
    let mut url = inbox.clone();
    url.set_fragment(None);
    let params = format!(
        "(\"@method\" \"@target-uri\" \"content-digest\" \"content-type\" \"date\");created={};keyid=\"{key_id}\";alg=\"rsa-v1_5-sha256\"",
        now.seconds(),
    );
    let text = format!(
        "\"@method\": POST\n\"@target-uri\": {url}\n\"content-digest\": {digest}\n\"content-type\": {ACTIVITY_JSON}\n\"date\": {date}\n\"@signature-params\": {params}",
    );
    let signature = digest::base64(&key.sign(text.as_bytes())?);
    headers(
        key_id,
        [
            (HOST, host(inbox)),
            (DATE, date),
            (CONTENT_TYPE, ACTIVITY_JSON.to_owned()),
            (CONTENT_DIGEST, digest),
            (SIGNATURE_INPUT, format!("sig1={params}")),
            (SIGNATURE, format!("sig1=:{signature}:")),
        ],
    )
}

fn cavage(key: &PrivateKey, key_id: &str, names: &str, text: &str) -> Result<String, CannotSign> {
    let signature = digest::base64(&key.sign(text.as_bytes())?);
    Ok(format!(
        "keyId=\"{key_id}\",algorithm=\"rsa-sha256\",headers=\"{names}\",signature=\"{signature}\""
    ))
}

fn headers<const N: usize>(
    key_id: &str,
    headers: [(HeaderName, String); N],
) -> Result<Headers, CannotSign> {
    let bad = || CannotSign::Header(key_id.to_owned());
    if key_id.contains(['"', '\\']) {
        return Err(bad());
    }
    let value = |value: String| HeaderValue::try_from(value).map_err(|_not_visible| bad());
    headers
        .into_iter()
        .map(|(name, text)| Ok((name, value(text)?)))
        .collect()
}

/// The host as the `Host` header has it: with the port where it is not the scheme's own.
fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port()
        .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

fn target(url: &Url, part: Target) -> String {
    match url.query() {
        Some(query) if part == Target::Whole => format!("{}?{query}", url.path()),
        _ => url.path().to_owned(),
    }
}

fn date(now: Ts) -> String {
    httpdate::fmt_http_date(now.system_time())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::keypair::Algorithm;

    const NOW: Ts = Ts(1_788_256_800_000_000);

    fn value(headers: &Headers, name: &str) -> String {
        let (_, value) = headers.iter().find(|(found, _)| found == name).unwrap();
        value.to_str().unwrap().to_owned()
    }

    fn signature_of(header: &str) -> Vec<u8> {
        let text = header
            .split_once("signature=\"")
            .unwrap()
            .1
            .trim_end_matches('"');
        digest::from_base64(text).unwrap()
    }

    #[test]
    fn deliveries_are_signed_exactly_as_peers_demand() {
        let key = PrivateKey::generate().unwrap();
        let inbox = Url::parse("https://peer.example/inbox").unwrap();
        let body = Digest::of(br#"{"a":1}"#);
        let headers = post(&key, "https://h.example/c/tea#main-key", &inbox, &body, NOW).unwrap();
        let names: Vec<_> = headers.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(
            names,
            ["host", "date", "content-type", "digest", "signature"]
        );
        assert_eq!(value(&headers, "date"), "Tue, 01 Sep 2026 10:00:00 GMT");
        let signature = value(&headers, "signature");
        assert!(signature.starts_with(
            "keyId=\"https://h.example/c/tea#main-key\",algorithm=\"rsa-sha256\",headers=\"(request-target) host date digest content-type\",signature=\""
        ));
        let text = format!(
            "(request-target): post /inbox\nhost: peer.example\ndate: Tue, 01 Sep 2026 10:00:00 GMT\ndigest: {}\ncontent-type: application/activity+json",
            body.header()
        );
        let public = key.public().unwrap();
        assert!(public.verify(
            Algorithm::RsaSha256,
            text.as_bytes(),
            &signature_of(&signature)
        ));
    }

    #[test]
    fn fetches_are_signed_with_or_without_their_query() {
        let key = PrivateKey::generate().unwrap();
        let url = Url::parse("http://peer.test:8080/outbox?page=2#x").unwrap();
        for (part, target) in [
            (Target::Whole, "/outbox?page=2"),
            (Target::PathOnly, "/outbox"),
        ] {
            let headers = get(&key, "https://h.example/#main-key", &url, part, NOW).unwrap();
            assert_eq!(headers.len(), 3);
            let text = format!(
                "(request-target): get {target}\nhost: peer.test:8080\ndate: Tue, 01 Sep 2026 10:00:00 GMT"
            );
            let signature = signature_of(&value(&headers, "signature"));
            assert!(key.public().unwrap().verify(
                Algorithm::RsaSha256,
                text.as_bytes(),
                &signature
            ));
        }
    }

    #[test]
    fn a_key_id_that_would_break_the_header_is_refused() {
        let key = PrivateKey::generate_ed25519().unwrap();
        let url = Url::parse("https://peer.example/").unwrap();
        for id in [
            "https://h.example/\"",
            "https://h.example/\n",
            "https://h.example/\\",
        ] {
            assert!(get(&key, id, &url, Target::Whole, NOW).is_err(), "{id}");
        }
    }
}
