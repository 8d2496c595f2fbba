//! Passwords: Argon2id hashes in PHC form, checking, and when to hash again. Nothing is stored here.
//!
//! One hash needs 19 MiB and about 50 ms: callers hash on a blocking thread and two at once at most.

use argon2::password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};

use super::token;

/// The shortest password that is accepted, in bytes.
pub(crate) const SHORTEST: usize = 10;
/// The longest password that is accepted, in bytes.
pub(crate) const LONGEST: usize = 1024;

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// The most memory a stored hash may ask for: more is a damaged row, not a password of ours.
const MOST_MEMORY_KIB: u32 = 64 * 1024;

/// Why a password cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[cfg(test)]
pub(crate) enum BadPassword {
    /// Fewer than [`SHORTEST`] bytes.
    #[error("The password is too short: use at least {SHORTEST} characters.")]
    TooShort,
    /// More than [`LONGEST`] bytes.
    #[error("The password is too long: use at most {LONGEST} characters.")]
    TooLong,
}

/// Whether a new password has a length that we accept; there are no rules of composition.
#[cfg(test)]
pub(crate) fn check(password: &str) -> Result<(), BadPassword> {
    match password.len() {
        0..SHORTEST => Err(BadPassword::TooShort),
        SHORTEST..=LONGEST => Ok(()),
        _ => Err(BadPassword::TooLong),
    }
}

/// Hashes a password with a new random salt into a PHC string (`$argon2id$v=19$m=19456,t=2,p=1$...`).
pub(crate) fn hash(password: &str) -> String {
    let salt = SaltString::encode_b64(&token::random_bytes::<16>())
        .expect("sixteen bytes are a valid salt");
    argon2()
        .hash_password(cut(password), &salt)
        .expect("parameters, salt and length are within Argon2's limits")
        .to_string()
}

/// Whether `password` is the one that was hashed. An unreadable hash fits no password.
pub(crate) fn verify(password: &str, phc: &str) -> bool {
    let Some((hash, _)) = parse(phc) else {
        return false;
    };
    password.len() <= LONGEST && argon2().verify_password(password.as_bytes(), &hash).is_ok()
}

/// Spends the time of [`verify`] where there is no such account, so that the answer does not tell.
pub(crate) fn verify_nobody(password: &str) {
    let mut out = [0; 32];
    argon2()
        .hash_password_into(cut(password), &[0; 16], &mut out)
        .expect("parameters, salt and length are within Argon2's limits");
}

fn parse(phc: &str) -> Option<(PasswordHash<'_>, Params)> {
    let hash = PasswordHash::new(phc).ok()?;
    let params = Params::try_from(&hash).ok()?;
    let sane = hash.algorithm == Algorithm::Argon2id.ident()
        && params.m_cost() <= MOST_MEMORY_KIB
        && params.t_cost() <= 10
        && params.p_cost() <= 8;
    sane.then_some((hash, params))
}

fn cut(password: &str) -> &[u8] {
    let bytes = password.as_bytes();
    bytes.get(..LONGEST).unwrap_or(bytes)
}

fn argon2() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, Some(32))
        .expect("these constants are within Argon2's limits");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_fits_its_own_hash_only() {
        let phc = hash("correct horse battery staple");
        assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{phc}");
        assert!(verify("correct horse battery staple", &phc));
        assert!(!verify("correct horse battery stapl", &phc));
        assert!(!verify("", &phc));
        assert_ne!(phc, hash("correct horse battery staple"));
    }

    #[test]
    fn a_hash_with_other_numbers_still_fits_but_is_made_again() {
        let old = Argon2::new(
            Algorithm::Argon2id,
            Version::V0x13,
            Params::new(8 * 1024, 1, 1, Some(32)).unwrap(),
        );
        let salt = SaltString::encode_b64(b"0123456789abcdef").unwrap();
        let phc = old
            .hash_password(b"correct horse", &salt)
            .unwrap()
            .to_string();
        assert!(verify("correct horse", &phc));
    }

    #[test]
    fn a_damaged_or_greedy_hash_fits_nothing() {
        let greedy = hash("correct horse").replace("m=19456", "m=4000000");
        for phc in [
            "",
            "x",
            "$argon2id$",
            "$2b$12$abcdefghijklmnopqrstuv",
            greedy.as_str(),
        ] {
            assert!(!verify("correct horse", phc), "{phc}");
        }
    }

    #[test]
    fn length_is_the_only_rule() {
        assert_eq!(check("123456789"), Err(BadPassword::TooShort));
        assert_eq!(check("1234567890"), Ok(()));
        assert_eq!(check(&"x".repeat(LONGEST)), Ok(()));
        assert_eq!(check(&"x".repeat(LONGEST + 1)), Err(BadPassword::TooLong));
    }

    #[test]
    fn an_unknown_account_costs_a_hash_too() {
        verify_nobody(&"x".repeat(LONGEST + 1));
        let mut out = [0; 32];
        assert!(
            argon2()
                .hash_password_into(b"x", &[0; 16], &mut out)
                .is_ok()
        );
        assert_ne!(out, [0; 32]);
    }
}
