//! SHA-2 digests and the forms in which they travel: hex, base64, `Digest` and `Content-Digest`.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};

/// The SHA-256 digest of some bytes. Computed once per body, then used for every delivery of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Digest([u8; 32]);

impl Digest {
    /// Digests the exact bytes that are sent, stored or compared.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        Self(openssl::sha::sha256(bytes))
    }

    /// The 32 raw bytes.
    #[cfg(test)]
    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// 64 lower-case hexadecimal digits.
    #[cfg(test)]
    pub(crate) fn hex(&self) -> String {
        hex(&self.0)
    }

    /// Standard base64 with padding.
    pub(crate) fn base64(&self) -> String {
        base64(&self.0)
    }

    /// The value of a `Digest` header, `SHA-256=...`: NodeBB and PieFed compare the whole string.
    pub(crate) fn header(&self) -> String {
        format!("SHA-256={}", self.base64())
    }

    /// The value of a `Content-Digest` header (RFC 9530), `sha-256=:...:`.
    pub(crate) fn content_digest(&self) -> String {
        format!("sha-256=:{}:", self.base64())
    }
}

/// The SHA-256 digest of some bytes.
pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    openssl::sha::sha256(bytes)
}

/// The first eight bytes of the SHA-256 of a text, to find a row by.
pub(crate) fn short(text: &str) -> i64 {
    let digest = sha256(text.as_bytes());
    digest
        .first_chunk()
        .map_or(0, |first| i64::from_be_bytes(*first))
}

/// The SHA-512 digest of some bytes.
pub(crate) fn sha512(bytes: &[u8]) -> [u8; 64] {
    openssl::sha::sha512(bytes)
}

/// What only somebody with this key can make of some bytes (RFC 2104 with SHA-256).
pub(crate) fn hmac_sha256(key: &[u8], bytes: &[u8]) -> Vec<u8> {
    let made = openssl::pkey::PKey::hmac(key).and_then(|key| {
        let sha256 = openssl::hash::MessageDigest::sha256();
        openssl::sign::Signer::new(sha256, &key)?.sign_oneshot_to_vec(bytes)
    });
    made.expect("OpenSSL always knows HMAC with SHA-256")
}

/// Lower-case hexadecimal digits, two for each byte.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            write!(text, "{byte:02x}").expect("writing to a String cannot fail");
            text
        })
}

/// Standard base64 with padding.
pub(crate) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Reads standard base64, with or without its padding; anything else is `None`.
pub(crate) fn from_base64(text: &str) -> Option<Vec<u8>> {
    STANDARD_NO_PAD.decode(text.trim_end_matches('=')).ok()
}

/// Whether two secrets are equal, in a time that does not tell where they differ.
pub(crate) fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && openssl::memcmp::eq(a, b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_body_has_the_digest_that_everyone_sends() {
        let header = Digest::of(b"").header();
        assert_eq!(
            header,
            "SHA-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
        );
    }

    #[test]
    fn forms_of_one_digest_agree() {
        let digest = Digest::of(br#"{"a":1}"#);
        assert_eq!(digest.bytes(), &sha256(br#"{"a":1}"#));
        assert_eq!(digest.hex().len(), 64);
        assert_eq!(from_base64(&digest.base64()).unwrap(), digest.bytes());
        assert_eq!(
            digest.content_digest(),
            format!("sha-256=:{}:", digest.base64())
        );
        assert_eq!(hex(&[0, 15, 255]), "000fff");
        assert!(hex(&sha512(b"abc")).starts_with("ddaf35a193617aba"));
    }

    #[test]
    fn base64_is_read_with_or_without_padding_and_nothing_else() {
        assert_eq!(from_base64("YQ==").unwrap(), b"a");
        assert_eq!(from_base64("YQ").unwrap(), b"a");
        for bad in ["Y", "Y Q==", "Y_-=", "é", "YQ==YQ=="] {
            assert_eq!(from_base64(bad), None, "{bad}");
        }
    }

    #[test]
    fn keyed_digests_are_those_of_rfc_4231() {
        assert_eq!(
            hex(&hmac_sha256(b"Jefe", b"what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn secrets_are_compared_whole() {
        assert!(same(b"secret", b"secret"));
        assert!(!same(b"secret", b"secres"));
        assert!(!same(b"secret", b"secre"));
    }
}
