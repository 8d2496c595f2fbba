//! Reads and writes an address that may be left out, as a TOML string that may be empty.

use std::net::SocketAddr;

use serde::Serializer;
use serde::de::{Deserialize, Deserializer, Error};

#[expect(clippy::ref_option, reason = "serde hands over the field as it is")]
pub(super) fn serialize<S: Serializer>(
    address: &Option<SocketAddr>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match address {
        Some(address) => serializer.collect_str(address),
        None => serializer.serialize_str(""),
    }
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<SocketAddr>, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(D::Error::custom)
}
