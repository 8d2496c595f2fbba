//! The key under which a program sends something, so that it can send it again if it heard nothing.

use axum::extract::FromRequestParts;
use http::request::Parts;

use crate::crypto::token::hash_hex;
use crate::domain::refusal::Refusal;
use crate::faces::shared::{Failed, State};

/// The header of the key.
pub(super) const HEADER: &str = "idempotency-key";
/// The most bytes of a key.
const LONGEST: usize = 255;

/// The hash of the key of a call, if it has one.
pub(super) struct Key(pub(super) Option<String>);

impl FromRequestParts<State> for Key {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, _state: &State) -> Result<Self, Failed> {
        let mut lines = parts.headers.get_all(HEADER).iter();
        let (first, second) = (lines.next(), lines.next());
        let Some(key) = first else {
            return Ok(Self(None));
        };
        match (key.to_str(), second) {
            (Ok(key), None) if (1..=LONGEST).contains(&key.len()) => Ok(Self(Some(hash_hex(key)))),
            _ => {
                let sentence = "Idempotency-Key must be one line of 1 to 255 letters.";
                Err(Refusal::invalid(HEADER, "key.malformed", sentence).into())
            }
        }
    }
}
