//! Random values: bearer tokens, session ids, invitations, UUIDs. All randomness comes from here.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::digest;

/// A new secret of 256 random bits as 43 URL-safe characters.
pub(crate) fn random() -> String {
    URL_SAFE_NO_PAD.encode(random_bytes::<32>())
}

/// What is stored of a token: its SHA-256. A token has 256 random bits, so no slow hash is needed.
pub(crate) fn hash(token: &str) -> [u8; 32] {
    digest::sha256(token.as_bytes())
}

/// [`hash`] as 64 hexadecimal digits, for text columns.
pub(crate) fn hash_hex(token: &str) -> String {
    digest::hex(&hash(token))
}

/// A random UUID (version 4), lower case with hyphens.
pub(crate) fn uuid() -> String {
    uuid::Builder::from_random_bytes(random_bytes::<16>())
        .into_uuid()
        .to_string()
}

/// Bytes from the operating system's generator by way of OpenSSL.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place where random bytes are drawn"
)]
pub(crate) fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    openssl::rand::rand_bytes(&mut bytes)
        .expect("OpenSSL's generator is seeded by the operating system");
    bytes
}

/// A random number below `bound` (0 if `bound` is 0), for jitter: even enough for bounds far below 2^64.
pub(crate) fn below(bound: u64) -> u64 {
    u64::from_le_bytes(random_bytes())
        .checked_rem(bound)
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_long_url_safe_and_never_repeat() {
        let all: std::collections::HashSet<String> = (0..500).map(|_| random()).collect();
        assert_eq!(all.len(), 500);
        for token in &all {
            assert_eq!(token.len(), 43);
            assert!(
                token
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
            );
        }
    }

    #[test]
    fn only_the_hash_is_kept_and_it_is_stable() {
        assert_eq!(hash("abc"), digest::sha256(b"abc"));
        assert_eq!(
            hash_hex("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn uuids_are_version_four() {
        let parsed = uuid::Uuid::parse_str(&uuid()).unwrap();
        assert_eq!(parsed.get_version_num(), 4);
        assert_ne!(uuid(), uuid());
    }

    #[test]
    fn random_numbers_stay_below_their_bound() {
        assert!((0..200).all(|_| below(7) < 7));
        assert_eq!(below(0), 0);
    }
}
