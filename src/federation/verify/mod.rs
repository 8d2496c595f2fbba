//! HTTP signatures that others made: draft-cavage and RFC 9421 (security.md 2.7, federation.md 3.3 and 3.4).
//!
//! Pure: no network, no clock. The caller looks up the key that [`Presented`] names, asks [`Presented::verify`],
//! and makes sure that the key's owner is the actor of the activity.

mod cavage;
mod rfc9421;

use std::borrow::Cow;

use http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, DATE, HOST};
use http::{HeaderMap, HeaderName, Method};
use url::{Host, Url};

use crate::crypto::digest;
use crate::crypto::keypair::{Algorithm, PublicKey};
use crate::domain::clock::Ts;

const SIGNATURE: HeaderName = HeaderName::from_static("signature");
const SIGNATURE_INPUT: HeaderName = HeaderName::from_static("signature-input");
const DIGEST: HeaderName = HeaderName::from_static("digest");
const CONTENT_DIGEST: HeaderName = HeaderName::from_static("content-digest");

/// Headers that may stand once only: with two, two readers could take different ones.
const SINGLE: [HeaderName; 8] = [
    SIGNATURE,
    SIGNATURE_INPUT,
    DIGEST,
    CONTENT_DIGEST,
    DATE,
    HOST,
    CONTENT_TYPE,
    CONTENT_LENGTH,
];
/// All headers together, in bytes.
const MOST_HEADER_BYTES: usize = 16 * 1024;
/// The longest key id, in bytes.
const LONGEST_KEY_ID: usize = 512;
/// The longest signature, in bytes: RSA with 8192 bits.
const LONGEST_SIGNATURE: usize = 1024;
/// The most headers or components that a signature may list.
const MOST_COVERED: usize = 32;
/// The latest second of the year 9999.
const LAST_SECOND: i64 = 253_402_300_799;

/// How old or early a signed request may be, in seconds (federation.md 3.3 step 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    /// Age without a signed expiry.
    pub(crate) age: i64,
    /// Age with a signed expiry.
    pub(crate) age_with_expiry: i64,
    /// How far ahead the sender's clock may be.
    pub(crate) ahead: i64,
    /// How long an expiry is overlooked.
    pub(crate) grace: i64,
}

impl Default for Window {
    fn default() -> Self {
        Self {
            age: 12 * 3600,
            age_with_expiry: 13 * 3600,
            ahead: 3600,
            grace: 300,
        }
    }
}

impl Window {
    /// The default with another age for requests without a signed expiry (`federation.date_window`).
    pub(crate) fn with_age(seconds: i64) -> Self {
        let default = Self::default();
        let age_with_expiry = default.age_with_expiry.max(seconds);
        Self {
            age: seconds,
            age_with_expiry,
            ..default
        }
    }
}

/// What a request must be bound to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ours<'a> {
    /// The hosts by which we are addressed, the one of our ids among them; with port if it is in the ids.
    pub(crate) hosts: &'a [String],
    /// Allows http, ports and address literals in key ids, and takes http as our own scheme.
    pub(crate) development: bool,
    /// The window of time.
    pub(crate) window: Window,
}

/// Why a request is not believed; each a sentence for the sender, without remote text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Rejected {
    /// No signature at all.
    #[error("The request is not signed: send a Signature header.")]
    Unsigned,
    /// All headers together are too long.
    #[error("The headers are longer than 16 KiB.")]
    TooLong,
    /// A header that may stand once stands twice.
    #[error("The header {0} is repeated: send it once.")]
    Repeated(&'static str),
    /// A signed header stands twice.
    #[error("A signed header is repeated: send it once.")]
    RepeatedSigned,
    /// No `Host`.
    #[error("The Host header is missing.")]
    HostMissing,
    /// A `Host` that is not ours.
    #[error("The request is meant for another host.")]
    HostOther,
    /// The signature header cannot be read.
    #[error("The signature headers cannot be read.")]
    Malformed,
    /// The key id is no address that may be fetched.
    #[error(
        "The key id must be an https address without user, port or address literal, of at most 512 bytes."
    )]
    KeyId,
    /// An algorithm that is not accepted.
    #[error(
        "The signature algorithm is not accepted: use rsa-sha256, rsa-v1_5-sha256, hs2019 or ed25519."
    )]
    Algorithm,
    /// Something that must be signed is not.
    #[error("The signature does not cover {0}.")]
    Uncovered(&'static str),
    /// A listed header or component is absent or unknown.
    #[error("The signature covers a header or component that is missing or unknown.")]
    Absent,
    /// A time that cannot be read or is out of range.
    #[error("A time in the signature or the Date header cannot be read.")]
    Time,
    /// Signed too long ago.
    #[error("The request was signed too long ago: sign it again.")]
    Old,
    /// Signed in the future.
    #[error("The request was signed in the future: set the clock.")]
    Early,
    /// Expired.
    #[error("The signature has expired: sign the request again.")]
    Expired,
    /// The digest cannot be read or is of no known kind.
    #[error("The digest cannot be read: send SHA-256.")]
    DigestUnreadable,
    /// The digest is of another body.
    #[error("The digest does not fit the body.")]
    DigestMismatch,
    /// The signature does not fit the key.
    #[error("The signature does not fit the request and the key.")]
    Signature,
}

impl Rejected {
    /// The HTTP status with which the sender is answered.
    pub(crate) fn status(self) -> u16 {
        match self {
            Self::Repeated(_) | Self::RepeatedSigned | Self::HostMissing => 400,
            Self::HostOther => 421,
            Self::TooLong => 431,
            _ => 401,
        }
    }
}

/// By which rules a request was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// draft-cavage-http-signatures.
    Cavage,
    /// RFC 9421.
    Rfc9421,
}

/// A signature that covers what it must, not yet checked against a key or a body.
#[derive(Debug, Clone)]
pub(crate) struct Presented {
    /// The address of the key, with its fragment.
    pub(crate) key_id: Url,
    /// The key id as it was written: peers compare it as a string.
    pub(crate) key_id_text: String,
    /// By which rules it was made.
    pub(crate) scheme: Scheme,
    /// What the signer said to use once only (RFC 9421).
    pub(crate) nonce: Option<String>,
    algorithm: Algorithm,
    signature: Vec<u8>,
    /// What may have been signed: with the whole target, then with its path alone.
    bases: Vec<Vec<u8>>,
    claims: Vec<Claim>,
}

/// A digest that was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Claim {
    Sha256(Vec<u8>),
    Sha512(Vec<u8>),
}

impl Presented {
    /// Whether the signed digests are those of this body: all that we know, and at least one.
    pub(crate) fn check_digest(&self, body: &[u8]) -> Result<(), Rejected> {
        if self.claims.is_empty() {
            return Err(Rejected::Uncovered("the digest"));
        }
        let fits = |claim: &Claim| match claim {
            Claim::Sha256(bytes) => bytes.as_slice() == digest::sha256(body).as_slice(),
            Claim::Sha512(bytes) => bytes.as_slice() == digest::sha512(body).as_slice(),
        };
        if self.claims.iter().all(fits) {
            Ok(())
        } else {
            Err(Rejected::DigestMismatch)
        }
    }

    /// Whether the signature was made with this key. Tries the target as it came, then its path alone.
    pub(crate) fn verify(&self, key: &PublicKey) -> Result<(), Rejected> {
        let fits = |base: &Vec<u8>| key.verify(self.algorithm, base, &self.signature);
        if self.bases.iter().any(fits) {
            Ok(())
        } else {
            Err(Rejected::Signature)
        }
    }
}

/// Reads the signature of a request and demands all that can be demanded without its key and body.
///
/// A POST must sign method, target, host, digest and a time within the window; a GET all but the digest.
/// Where `Signature-Input` is present RFC 9421 decides, with no way back to the draft.
pub(crate) fn parse(
    method: &Method,
    path_and_query: &str,
    headers: &HeaderMap,
    ours: &Ours<'_>,
    now: Ts,
) -> Result<Presented, Rejected> {
    let size: usize = headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + 4)
        .sum();
    if size > MOST_HEADER_BYTES || path_and_query.len() > MOST_HEADER_BYTES {
        return Err(Rejected::TooLong);
    }
    if let Some(name) = SINGLE
        .iter()
        .find(|name| headers.get_all(*name).iter().nth(1).is_some())
    {
        return Err(Rejected::Repeated(static_name(name)));
    }
    let host = host(headers, ours)?;
    let request = Request {
        method,
        target: path_and_query,
        headers,
        host,
        ours,
        now: now.seconds(),
    };
    if let Some(input) = headers.get(SIGNATURE_INPUT) {
        let input = input.to_str().map_err(|_not_ascii| Rejected::Malformed)?;
        return rfc9421::parse(&request, input);
    }
    let signature = headers
        .get(SIGNATURE)
        .or_else(|| headers.get(AUTHORIZATION))
        .ok_or(Rejected::Unsigned)?;
    let text = signature
        .to_str()
        .map_err(|_not_ascii| Rejected::Malformed)?;
    // Some write the scheme of the Authorization header into the Signature header as well.
    match text.strip_prefix("Signature ") {
        Some(parameters) => cavage::parse(&request, parameters),
        None if headers.contains_key(SIGNATURE) => cavage::parse(&request, text),
        None => Err(Rejected::Unsigned),
    }
}

fn static_name(name: &HeaderName) -> &'static str {
    const NAMES: [&str; 8] = [
        "Signature",
        "Signature-Input",
        "Digest",
        "Content-Digest",
        "Date",
        "Host",
        "Content-Type",
        "Content-Length",
    ];
    NAMES
        .iter()
        .find(|known| known.eq_ignore_ascii_case(name.as_str()))
        .unwrap_or(&"Signature")
}

/// A request as both schemes look at it.
struct Request<'a> {
    method: &'a Method,
    target: &'a str,
    headers: &'a HeaderMap,
    /// Our host, normalised.
    host: String,
    ours: &'a Ours<'a>,
    now: i64,
}

impl Request<'_> {
    fn has_body(&self) -> bool {
        self.method != Method::GET && self.method != Method::HEAD
    }

    fn path(&self) -> &str {
        self.target
            .split_once('?')
            .map_or(self.target, |(path, _)| path)
    }

    /// The targets that may have been signed.
    fn targets(&self) -> Vec<&str> {
        if self.target.contains('?') {
            vec![self.target, self.path()]
        } else {
            vec![self.target]
        }
    }

    /// The one value of a header that is signed.
    fn single(&self, name: &str) -> Result<&[u8], Rejected> {
        let mut values = self.headers.get_all(name).iter();
        let value = values.next().ok_or(Rejected::Absent)?;
        if values.next().is_some() {
            return Err(Rejected::RepeatedSigned);
        }
        Ok(value.as_bytes().trim_ascii())
    }

    /// Judges the moment of signing, in seconds, and a signed expiry.
    fn judge(&self, at: i64, expires: Option<i64>) -> Result<(), Rejected> {
        let window = &self.ours.window;
        let age = if expires.is_some() {
            window.age_with_expiry
        } else {
            window.age
        };
        match self.now.saturating_sub(at) {
            past if past > age => return Err(Rejected::Old),
            past if past < -window.ahead => return Err(Rejected::Early),
            _ => {}
        }
        match expires {
            Some(expires) if expires < at => Err(Rejected::Time),
            Some(expires) if expires.saturating_add(window.grace) < self.now => {
                Err(Rejected::Expired)
            }
            _ => Ok(()),
        }
    }

    /// The `Date` header in seconds, in any of the three forms of RFC 9110; GMT may have another name.
    fn date(&self) -> Result<i64, Rejected> {
        let text = std::str::from_utf8(self.single("date")?).map_err(|_not_text| Rejected::Time)?;
        let bare = text
            .strip_suffix(" +0000")
            .or_else(|| text.strip_suffix(" UTC"));
        let text = bare.map_or(Cow::Borrowed(text), |bare| format!("{bare} GMT").into());
        let time = httpdate::parse_http_date(&text).map_err(|_no_date| Rejected::Time)?;
        let since = time
            .duration_since(std::time::UNIX_EPOCH)
            .map_err(|_too_early| Rejected::Time)?;
        i64::try_from(since.as_secs()).map_err(|_too_late| Rejected::Time)
    }

    /// The digests in those of the two digest headers that are signed.
    fn claims(&self, covers: impl Fn(&str) -> bool) -> Result<Vec<Claim>, Rejected> {
        let mut claims = Vec::new();
        for name in ["digest", "content-digest"] {
            if covers(name) {
                claims.extend(read_digests(self.single(name)?, name == "content-digest")?);
            }
        }
        if claims.is_empty() && self.has_body() {
            return Err(Rejected::Uncovered("the digest"));
        }
        Ok(claims)
    }

    fn key_id(&self, text: &str) -> Result<Url, Rejected> {
        if text.len() > LONGEST_KEY_ID || !text.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(Rejected::KeyId);
        }
        let url = Url::parse(text).map_err(|_no_address| Rejected::KeyId)?;
        let development = self.ours.development;
        let scheme = url.scheme() == "https" || (development && url.scheme() == "http");
        let user = !url.username().is_empty() || url.password().is_some();
        let host = match url.host() {
            Some(Host::Domain(name)) => {
                development || (name.contains('.') && !name.ends_with(".localhost"))
            }
            Some(_) => development,
            None => false,
        };
        let port = development || url.port().is_none();
        if scheme && host && port && !user {
            Ok(url)
        } else {
            Err(Rejected::KeyId)
        }
    }
}

/// Reads `SHA-256=..., SHA-512=...`, or `sha-256=:...:` in the structured form.
fn read_digests(value: &[u8], structured: bool) -> Result<Vec<Claim>, Rejected> {
    let text = std::str::from_utf8(value).map_err(|_not_text| Rejected::DigestUnreadable)?;
    let mut claims = Vec::new();
    for part in text.split(',').take(16) {
        let (name, value) = part
            .trim()
            .split_once('=')
            .ok_or(Rejected::DigestUnreadable)?;
        let claim: fn(Vec<u8>) -> Claim = match name.to_ascii_lowercase().as_str() {
            "sha-256" => Claim::Sha256,
            "sha-512" => Claim::Sha512,
            _ => continue,
        };
        let value = if structured { bare(value) } else { Some(value) };
        let bytes = value
            .and_then(digest::from_base64)
            .ok_or(Rejected::DigestUnreadable)?;
        claims.push(claim(bytes));
    }
    if claims.is_empty() {
        Err(Rejected::DigestUnreadable)
    } else {
        Ok(claims)
    }
}

/// The inside of a byte sequence, `:...:` (RFC 9651).
fn bare(value: &str) -> Option<&str> {
    value.strip_prefix(':')?.strip_suffix(':')
}

fn read_signature(text: &str) -> Result<Vec<u8>, Rejected> {
    let bytes = digest::from_base64(text).ok_or(Rejected::Malformed)?;
    if (1..=LONGEST_SIGNATURE).contains(&bytes.len()) {
        Ok(bytes)
    } else {
        Err(Rejected::Malformed)
    }
}

/// Seconds since 1970 from decimal digits only, up to the year 9999.
fn seconds(text: &str) -> Result<i64, Rejected> {
    let sound = (1..=12).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    let number = if sound { text.parse().ok() } else { None };
    number
        .filter(|number| *number <= LAST_SECOND)
        .ok_or(Rejected::Time)
}

/// The `Host` header, normalised, if it is one of ours.
fn host(headers: &HeaderMap, ours: &Ours<'_>) -> Result<String, Rejected> {
    let host = headers.get(HOST).ok_or(Rejected::HostMissing)?;
    let host = host.to_str().map_err(|_not_ascii| Rejected::HostOther)?;
    let host = normal_host(host, ours.development);
    let known = ours
        .hosts
        .iter()
        .any(|known| normal_host(known, ours.development) == host);
    if known {
        Ok(host)
    } else {
        Err(Rejected::HostOther)
    }
}

/// Lower case, without a trailing dot and without the port that goes without saying.
fn normal_host(host: &str, development: bool) -> String {
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()) => {
            (name, Some(port))
        }
        _ => (host, None),
    };
    let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
    let default = if development { "80" } else { "443" };
    match port.filter(|port| *port != default) {
        Some(port) => format!("{name}:{port}"),
        None => name,
    }
}

#[cfg(test)]
mod tests;
