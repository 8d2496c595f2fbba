//! Multibase in base58btc, the form in which Ed25519 keys and proofs travel (FEP-521a, FEP-8b32).

/// The longest text that is read: its cost grows with the square.
const LONGEST: usize = 128;

/// The bytes in a text that begins with `z`; anything else is `None`.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let text = text
        .strip_prefix('z')
        .filter(|text| text.len() <= LONGEST)?;
    bs58::decode(text).into_vec().ok()
}

/// The text for some bytes.
pub(crate) fn encode(bytes: &[u8]) -> String {
    format!("z{}", bs58::encode(bytes).into_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_can_be_read_and_nothing_else() {
        for bytes in [&b""[..], b"\0\0a", &[255; 64]] {
            assert_eq!(decode(&encode(bytes)).as_deref(), Some(bytes));
        }
        let long = format!("z{}", "1".repeat(LONGEST + 1));
        for bad in ["", "abc", "uYQ", "z0", "zI", "z ", &long] {
            assert_eq!(decode(bad), None, "{bad}");
        }
    }
}
