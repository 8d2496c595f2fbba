//! Seals: what the hub gave out and recognises when it comes back.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::sign::Signer;

use super::digest;

/// HMAC with SHA-256 (RFC 2104).
pub(super) fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    PKey::hmac(key)
        .and_then(|key| Signer::new(MessageDigest::sha256(), &key)?.sign_oneshot_to_vec(message))
        .expect("HMAC with SHA-256 takes every key and message")
}

/// The seal of a text under a secret of the hub, as 43 URL-safe characters.
pub(crate) fn seal(secret: &str, text: &str) -> String {
    URL_SAFE_NO_PAD.encode(hmac(secret.as_bytes(), text.as_bytes()))
}

/// Whether this is the seal of the text.
pub(crate) fn is_seal(secret: &str, text: &str, seal_of: &str) -> bool {
    digest::same(seal(secret, text).as_bytes(), seal_of.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hmac_is_that_of_rfc_4231() {
        let found = hmac(b"Jefe", b"what do ya want for nothing?");
        assert_eq!(
            digest::hex(&found),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn a_seal_is_of_one_text_and_one_secret() {
        let made = seal("secret", "1:digest");
        assert_eq!(made.len(), 43);
        assert!(is_seal("secret", "1:digest", &made));
        for (secret, text) in [("other", "1:digest"), ("secret", "2:digest")] {
            assert!(!is_seal(secret, text, &made));
        }
        assert!(!is_seal("secret", "1:digest", ""));
    }
}
