//! From bytes to JSON within bounds: a scan of the bytes refuses what is too deep, too large in
//! number or says one thing twice, before anything is built (security.md 3.2).

use serde_json::Value;

use crate::settings::Settings;

/// How much one document may hold.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// Levels of nesting.
    pub(crate) depth: usize,
    /// Values: texts, numbers, arrays, objects.
    pub(crate) values: usize,
}

impl Bounds {
    /// What any document of a peer stays within (security.md 5.4).
    #[cfg(test)]
    pub(crate) const NARROW: Self = Self {
        depth: 32,
        values: 65_536,
    };

    /// What the hub reads (`federation.json_depth`, `intake.values`).
    pub(crate) fn of(settings: &Settings) -> Self {
        let number = |bound| usize::try_from(bound).unwrap_or(usize::MAX);
        Self {
            depth: number(settings.federation.json_depth),
            values: number(settings.intake.values),
        }
    }
}

/// Names that decide what a document means. Twice in one object, they would let the check read one
/// and the effect another.
const ONCE: [&str; 16] = [
    "id",
    "type",
    "actor",
    "object",
    "target",
    "attributedTo",
    "audience",
    "to",
    "cc",
    "inReplyTo",
    "publicKey",
    "owner",
    "publicKeyPem",
    "inbox",
    "proof",
    "@context",
];

/// Bytes that are refused before they are a document. Each text tells the sender what to change.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ParseError {
    /// Nothing was sent.
    #[error("the body is empty; send one JSON object")]
    Empty,
    /// Something other than UTF-8.
    #[error("the body is not UTF-8; JSON must be sent as UTF-8")]
    NotUtf8,
    /// A byte order mark, which JSON must not have (RFC 8259, 8.1).
    #[error("the body begins with a byte order mark; send JSON without one")]
    ByteOrderMark,
    /// Nested too deeply.
    #[error("the document is nested deeper than {limit} levels; send it flatter or by id")]
    TooDeep {
        /// Levels that are still accepted.
        limit: usize,
    },
    /// Too many values.
    #[error("the document holds more than {limit} values; send it in pages")]
    TooMany {
        /// Values that are still accepted.
        limit: usize,
    },
    /// One of the names that decide the meaning stands twice in one object.
    #[error("`{0}` stands twice in one object; send it once")]
    Duplicate(&'static str),
    /// A NUL character, which no database stores as text.
    #[error("a text contains the NUL character; send it without")]
    Nul,
    /// Good JSON, but not an object.
    #[error("the document is not a JSON object")]
    NotAnObject,
    /// Not JSON.
    #[error("the body is not JSON: {0}")]
    Syntax(#[from] serde_json::Error),
}

/// The document in `bytes`, of which the caller has already limited the length.
///
/// Refused are more depth and values than the bounds allow, other encodings, NUL in texts, `id`, `type`, `actor` and their like in any object, and anything that is not an object.
pub(crate) fn parse_bounded(bytes: &[u8], bounds: Bounds) -> Result<Value, ParseError> {
    if bytes.starts_with(b"\xEF\xBB\xBF") {
        return Err(ParseError::ByteOrderMark);
    }
    if std::str::from_utf8(bytes).is_err() {
        return Err(ParseError::NotUtf8);
    }
    let Some(first) = bytes.iter().find(|byte| !byte.is_ascii_whitespace()) else {
        return Err(ParseError::Empty);
    };
    let object = *first == b'{';
    Scan::new(bounds).run(bytes)?;
    let value: Value = serde_json::from_slice(bytes)?;
    if object {
        Ok(value)
    } else {
        Err(ParseError::NotAnObject)
    }
}

/// One open bracket: an object with the names of [`ONCE`] seen so far, or an array.
enum Open {
    Object { seen: u16, key_next: bool },
    Array,
}

struct Scan {
    bounds: Bounds,
    open: Vec<Open>,
    values: usize,
}

impl Scan {
    fn new(bounds: Bounds) -> Self {
        Self {
            bounds,
            open: Vec::with_capacity(bounds.depth.min(128)),
            values: 1,
        }
    }

    /// Walks the bytes once. Wrong syntax may pass: the parser after it refuses that.
    fn run(mut self, bytes: &[u8]) -> Result<(), ParseError> {
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            at += 1;
            match byte {
                b'"' => {
                    let end = string_end(bytes, at);
                    self.string(bytes.get(at..end).unwrap_or_default())?;
                    at = end + 1;
                }
                b'{' => self.enter(Open::Object {
                    seen: 0,
                    key_next: true,
                })?,
                b'[' => self.enter(Open::Array)?,
                b'}' | b']' => {
                    self.open.pop();
                }
                b',' => self.comma()?,
                _ => {}
            }
        }
        Ok(())
    }

    fn enter(&mut self, bracket: Open) -> Result<(), ParseError> {
        if self.open.len() >= self.bounds.depth {
            return Err(ParseError::TooDeep {
                limit: self.bounds.depth,
            });
        }
        self.open.push(bracket);
        Ok(())
    }

    fn comma(&mut self) -> Result<(), ParseError> {
        self.values += 1;
        if let Some(Open::Object { key_next, .. }) = self.open.last_mut() {
            *key_next = true;
        }
        if self.values > self.bounds.values {
            return Err(ParseError::TooMany {
                limit: self.bounds.values,
            });
        }
        Ok(())
    }

    fn string(&mut self, raw: &[u8]) -> Result<(), ParseError> {
        let escaped = raw.contains(&b'\\');
        if escaped && holds_nul(raw) {
            return Err(ParseError::Nul);
        }
        let Some(Open::Object {
            seen,
            key_next: key_next @ true,
        }) = self.open.last_mut()
        else {
            return Ok(());
        };
        *key_next = false;
        let Some(place) = place_of(raw, escaped) else {
            return Ok(());
        };
        let bit = 1 << place;
        if *seen & bit != 0 {
            return Err(ParseError::Duplicate(
                ONCE.get(place).copied().unwrap_or("id"),
            ));
        }
        *seen |= bit;
        Ok(())
    }
}

/// Where the string that begins at `from` ends: the place of its closing quote, or the end.
fn string_end(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return at,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// Whether an escape spells NUL. `\\u0000` is an escaped backslash and harmless.
fn holds_nul(raw: &[u8]) -> bool {
    let mut at = 0;
    while let Some(byte) = raw.get(at) {
        if *byte != b'\\' {
            at += 1;
        } else if raw.get(at + 1..at + 6) == Some(b"u0000".as_slice()) {
            return true;
        } else {
            at += 2;
        }
    }
    false
}

/// The place of a name in [`ONCE`], also when it is spelled with escapes (`\u0069d` is `id`).
fn place_of(raw: &[u8], escaped: bool) -> Option<usize> {
    if !escaped {
        return ONCE.iter().position(|name| name.as_bytes() == raw);
    }
    let quoted = [b"\"".as_slice(), raw, b"\""].concat();
    let name: String = serde_json::from_slice(&quoted).ok()?;
    ONCE.iter().position(|known| *known == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(bytes: &[u8]) -> &'static str {
        match parse_bounded(bytes, Bounds::NARROW) {
            Ok(_) => "accepted",
            Err(ParseError::Empty) => "empty",
            Err(ParseError::NotUtf8) => "encoding",
            Err(ParseError::ByteOrderMark) => "mark",
            Err(ParseError::TooDeep { .. }) => "deep",
            Err(ParseError::TooMany { .. }) => "many",
            Err(ParseError::Duplicate(_)) => "twice",
            Err(ParseError::Nul) => "nul",
            Err(ParseError::NotAnObject) => "other",
            Err(ParseError::Syntax(_)) => "syntax",
        }
    }

    #[test]
    fn hostile_bytes_meet_the_table_of_security_3_2() {
        let utf16: Vec<u8> = "{\"id\":1}"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let table: &[(&str, &[u8], &str)] = &[
            ("H63 empty", b"", "empty"),
            ("H63 blank", b" \n\t", "empty"),
            ("H63 null", b"null", "other"),
            ("H63 array", b"[]", "other"),
            ("H63 string", b"\"x\"", "other"),
            ("H63 number", b"1", "other"),
            ("H63 truncated", b"{\"id\":\"https://h/1\",\"ty", "syntax"),
            ("H63 trailing", b"{} {}", "syntax"),
            ("H64 invalid UTF-8", b"{\"id\":\"\xFF\"}", "encoding"),
            ("H64 overlong", b"{\"id\":\"\xC0\x80\"}", "encoding"),
            ("H64 UTF-16", &utf16, "syntax"),
            ("H64 mark", b"\xEF\xBB\xBF{}", "mark"),
            ("H66 huge exponent", b"{\"n\":1e400}", "syntax"),
            (
                "H66 forty digits",
                b"{\"n\":1234567890123456789012345678901234567890}",
                "accepted",
            ),
            ("H66 minus zero", b"{\"n\":-0}", "accepted"),
            ("H67 id twice", b"{\"id\":\"a\",\"id\":\"b\"}", "twice"),
            (
                "H67 actor twice",
                b"{\"actor\":\"a\",\"x\":[{}],\"actor\":\"b\"}",
                "twice",
            ),
            (
                "H67 object twice",
                b"{\"object\":{},\"object\":{}}",
                "twice",
            ),
            (
                "H67 type twice, nested",
                b"{\"object\":{\"type\":\"A\",\"type\":\"B\"}}",
                "twice",
            ),
            (
                "H67 id twice by escape",
                b"{\"id\":\"a\",\"\\u0069d\":\"b\"}",
                "twice",
            ),
            (
                "H67 id in two objects",
                b"{\"id\":\"a\",\"object\":{\"id\":\"b\"},\"cc\":[{\"id\":\"c\"},{\"id\":\"d\"}]}",
                "accepted",
            ),
            (
                "H67 id as a value",
                b"{\"name\":\"id\",\"summary\":\"id\",\"id\":\"x\"}",
                "accepted",
            ),
            (
                "H68 prototype keys",
                b"{\"__proto__\":{\"id\":1},\"constructor\":2}",
                "accepted",
            ),
            ("H68 lone surrogate", b"{\"name\":\"\\ud800\"}", "syntax"),
            ("H68 NUL escape", b"{\"name\":\"a\\u0000b\"}", "nul"),
            ("H68 NUL byte", b"{\"name\":\"a\x00b\"}", "syntax"),
            (
                "H68 escaped backslash before u0000",
                b"{\"name\":\"a\\\\u0000b\"}",
                "accepted",
            ),
            (
                "brackets in texts",
                b"{\"name\":\"[[[[{{{{ \\\" ]]\",\"id\":\"x\"}",
                "accepted",
            ),
        ];
        for (case, bytes, expected) in table {
            assert_eq!(verdict(bytes), *expected, "{case}");
        }
    }

    #[test]
    fn s177_depth_is_refused_before_it_is_built() {
        for levels in [33_usize, 200, 100_000] {
            let text = format!(
                "{{\"a\":{}{}}}",
                "[".repeat(levels - 1),
                "]".repeat(levels - 1)
            );
            assert_eq!(verdict(text.as_bytes()), "deep", "{levels}");
            assert_eq!(
                verdict("{\"a\":".repeat(levels).as_bytes()),
                "deep",
                "{levels} unclosed"
            );
        }
        let just = format!("{{\"a\":{}{}}}", "[".repeat(31), "]".repeat(31));
        assert_eq!(verdict(just.as_bytes()), "accepted");
    }

    #[test]
    fn s177_what_is_said_twice_is_refused_or_the_last_of_it_counts_everywhere() {
        let twice = |name: &str| format!("{{\"{name}\":\"a\",\"x\":0,\"{name}\":\"b\"}}");
        for name in ONCE {
            assert_eq!(verdict(twice(name).as_bytes()), "twice", "{name}");
        }
        for name in ["content", "name", "summary", "published"] {
            let read = parse_bounded(twice(name).as_bytes(), Bounds::NARROW).unwrap();
            assert_eq!(read[name], "b", "{name}");
        }
    }

    #[test]
    fn s177_a_million_entries_are_refused_before_they_are_built() {
        let array = format!("{{\"to\":[1{}]}}", ",1".repeat(500_000));
        assert_eq!(verdict(array.as_bytes()), "many");
        let keys = (0..70_000).fold(String::new(), |keys, n| keys + &format!("\"k{n}\":0,"));
        assert_eq!(verdict(format!("{{{keys}\"z\":0}}").as_bytes()), "many");
    }

    #[test]
    fn every_truncation_and_every_changed_byte_is_answered_without_panic() {
        let good = br#"{"@context":["https://www.w3.org/ns/activitystreams",{"a":"b"}],"id":"https://h/1\u00e4","type":"Create","object":{"id":"x","tag":[{"n":-1.5e3}]}}"#;
        assert_eq!(verdict(good), "accepted");
        for end in 0..good.len() {
            assert_ne!(verdict(&good[..end]), "accepted", "cut at {end}");
        }
        let mut refused = 0;
        for at in 0..good.len() {
            for byte in [0, b'"', b'\\', b'{', b']', b',', 0xFF] {
                let mut bytes = good.to_vec();
                bytes[at] = byte;
                refused += usize::from(verdict(&bytes) != "accepted");
            }
        }
        assert!(refused > good.len(), "most changes break the syntax");
    }
}
