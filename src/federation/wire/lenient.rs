//! Reading one field of a foreign document whatever its shape: absent, null, scalar, array, string
//! or object with `id` (federation.md 4.0.2). What cannot be read counts as absent.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::domain::clock::Ts;
use crate::domain::ids::{MAX_URI, Uri};
use crate::text::title::one_line;

use super::malformed::Malformed;
use super::reference::Ref;

/// The public collection in its full spelling, the only one that leaves this room.
pub(super) const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";
/// Recipients in one of `to` and `cc`; a document with more is refused, for cutting the list might
/// cut off the group (security.md 5.4).
const RECIPIENTS: usize = 1_000;
/// The longest name of a type, in bytes: it is logged.
const LONGEST_TYPE: usize = 64;
/// Languages of one `contentMap` (security.md H77).
const LANGUAGES: usize = 20;

/// The fields of one foreign JSON object.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a>(&'a Map<String, Value>);

impl<'a> Fields<'a> {
    pub(super) fn of(value: &'a Value) -> Result<Self, Malformed> {
        value.as_object().map(Self).ok_or(Malformed::NotAnObject)
    }

    /// The value, where null counts as absent.
    pub(super) fn get(self, key: &str) -> Option<&'a Value> {
        self.0.get(key).filter(|value| !value.is_null())
    }

    pub(super) fn has(self, key: &str) -> bool {
        self.get(key).is_some()
    }

    pub(super) fn text(self, key: &str) -> Option<String> {
        self.get(key)?.as_str().map(str::to_owned)
    }

    /// One `type`: the string, or of an array the first that is known, else its first string.
    pub(super) fn kind(self, known: &[&str]) -> Option<String> {
        let kind = match self.get("type")? {
            Value::String(kind) => Some(kind.clone()),
            Value::Array(kinds) => {
                let mut names = kinds.iter().filter_map(Value::as_str);
                let first = names.clone().next();
                names
                    .find(|kind| known.contains(kind))
                    .or(first)
                    .map(str::to_owned)
            }
            _ => None,
        };
        kind.filter(|kind| kind.len() <= LONGEST_TYPE)
    }

    /// The id behind a string, an object or the first usable element of an array.
    pub(super) fn uri(self, key: &str) -> Option<String> {
        self.list(key).into_iter().find_map(uri_of)
    }

    /// Like [`Self::uri`], but an array of several is ambiguous and counts as absent.
    pub(super) fn only_uri(self, key: &str) -> Option<String> {
        match self.list(key).as_slice() {
            [one] => uri_of(one),
            _ => None,
        }
    }

    /// Every id in the field, at most `limit`.
    pub(super) fn uris(self, key: &str, limit: usize) -> Vec<String> {
        self.list(key)
            .into_iter()
            .filter_map(uri_of)
            .take(limit)
            .collect()
    }

    /// `to`, `cc` or `audience`: each recipient once, the public aliases spelled out.
    pub(super) fn recipients(self, key: &'static str) -> Result<Vec<String>, Malformed> {
        let list = self.list(key);
        if list.len() > RECIPIENTS {
            return Err(Malformed::TooMany {
                field: key,
                limit: RECIPIENTS,
            });
        }
        let mut recipients: Vec<String> = Vec::with_capacity(list.len());
        let mut seen = std::collections::HashSet::with_capacity(list.len());
        for recipient in list.into_iter().filter_map(recipient_of) {
            if seen.insert(recipient.clone()) {
                recipients.push(recipient);
            }
        }
        Ok(recipients)
    }

    pub(super) fn flag(self, key: &str) -> Option<bool> {
        self.get(key)?.as_bool()
    }

    /// A count that is neither negative nor absurd; anything else is absent (security.md H84).
    pub(super) fn count(self, key: &str) -> Option<u64> {
        self.get(key)?.as_u64().filter(|count| *count <= 1 << 53)
    }

    /// RFC 3339 with or without fraction and offset, from 1970 on, or a time or a day in UTC without
    /// saying so; anything else is absent.
    pub(super) fn time(self, key: &str) -> Option<Ts> {
        let text = self.get(key)?.as_str()?;
        Ts::parse(text).or_else(|| Ts::parse_civil(text))
    }

    /// One or many as a list; an absent field is an empty one.
    pub(super) fn list(self, key: &str) -> Vec<&'a Value> {
        match self.get(key) {
            None => Vec::new(),
            Some(Value::Array(values)) => values.iter().filter(|value| !value.is_null()).collect(),
            Some(value) => vec![value],
        }
    }

    /// One or many references, at most `limit`, unusable ones left out.
    pub(super) fn refs(self, key: &str, limit: usize) -> Vec<Ref> {
        self.list(key)
            .into_iter()
            .filter_map(Ref::read)
            .take(limit)
            .collect()
    }

    pub(super) fn reference(self, key: &str) -> Option<Ref> {
        self.list(key).into_iter().find_map(Ref::read)
    }

    /// A language map: nulls and odd tags dropped, at most twenty.
    pub(super) fn language_map(self, key: &str) -> BTreeMap<String, String> {
        let Some(Value::Object(map)) = self.get(key) else {
            return BTreeMap::new();
        };
        map.iter()
            .filter(|(tag, _)| language_tag(tag))
            .filter_map(|(tag, text)| Some((tag.clone(), text.as_str()?.to_owned())))
            .take(LANGUAGES)
            .collect()
    }

    /// Fields of a nested object; of an array the last object, as Lemmy reads `icon` and `image`.
    pub(super) fn nested(self, key: &str) -> Option<Fields<'a>> {
        match self.get(key)? {
            Value::Object(map) => Some(Self(map)),
            Value::Array(values) => values.iter().rev().find_map(Value::as_object).map(Self),
            _ => None,
        }
    }
}

/// An absolute http(s) address without credentials, blanks or control characters.
pub(crate) fn absolute(text: &str) -> Option<String> {
    let clean = !text.contains(char::is_control);
    (clean && Uri::parse(text).is_some()).then(|| text.to_owned())
}

/// The id behind a string or an object with `id` (or `href`, for links).
pub(super) fn uri_of(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text,
        Value::Object(map) => map.get("id").or_else(|| map.get("href"))?.as_str()?,
        _ => return None,
    };
    absolute(text)
}

/// An address for people: of several the one for `text/html`, else the first that is http(s).
pub(super) fn page_of(values: &[&Value]) -> Option<String> {
    let links = || values.iter().filter_map(|value| link_of(value));
    links()
        .find(|(_, media)| media.as_deref() == Some("text/html"))
        .or_else(|| links().next())
        .map(|(url, _)| url)
}

/// The address of an image: a string, `url` of an object, or `href` of a link.
pub(super) fn media_of(fields: Fields<'_>, key: &str) -> Option<String> {
    let values = fields.list(key);
    values.iter().rev().find_map(|value| match value {
        Value::String(text) => absolute(text),
        Value::Object(map) => {
            let inner = Fields(map);
            page_of(&inner.list("url")).or_else(|| inner.uri("href"))
        }
        _ => None,
    })
}

fn link_of(value: &Value) -> Option<(String, Option<String>)> {
    match value {
        Value::String(text) => Some((absolute(text)?, None)),
        Value::Object(map) => {
            let href = map.get("href").or_else(|| map.get("url"))?.as_str()?;
            let media = map
                .get("mediaType")
                .and_then(Value::as_str)
                .map(str::to_owned);
            Some((absolute(href)?, media))
        }
        _ => None,
    }
}

/// Cheaper than [`absolute`], for these are only ever compared, never fetched from here.
fn recipient_of(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.as_str(),
        Value::Object(map) => map.get("id")?.as_str()?,
        _ => return None,
    };
    if matches!(text, "Public" | "as:Public" | PUBLIC) {
        return Some(PUBLIC.to_owned());
    }
    let web = text.starts_with("https://") || text.starts_with("http://");
    (web && text.len() <= MAX_URI).then(|| text.to_owned())
}

fn language_tag(tag: &str) -> bool {
    (2..=35).contains(&tag.len()) && tag.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

/// A display name: one line, without control, zero-width and direction characters (security.md
/// H78), at most `limit` characters; nothing left counts as absent.
pub(super) fn label(text: &str, limit: usize) -> Option<String> {
    let bounded: String = text.chars().take(limit * 8).collect();
    let cut: String = one_line(&bounded).chars().take(limit).collect();
    let trimmed = cut.trim();
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_address_must_be_absolute_and_bare() {
        let long = format!("https://h.example/{}", "x".repeat(4096));
        let refused = [
            "",
            "relative/path",
            "javascript:alert(1)",
            "https://",
            "https://u:p@h.example/",
            "https://h.example/a b",
            "acct:a@h.example",
            long.as_str(),
        ];
        for text in refused {
            assert_eq!(absolute(text), None, "{text}");
        }
        for text in [
            "https://h.example/u/a#main-key",
            "http://127.0.0.1:9/c/x",
            "https://h.example/?author=0",
        ] {
            assert_eq!(absolute(text).as_deref(), Some(text));
        }
    }

    #[test]
    fn recipients_spell_out_public_and_are_listed_once() {
        let value = json!({"to": ["as:Public", "Public", PUBLIC, "https://h/c/a", {"id": "https://h/c/a"}, 7, null], "cc": "https://h/u/b"});
        let fields = Fields::of(&value).unwrap();
        assert_eq!(fields.recipients("to").unwrap(), [PUBLIC, "https://h/c/a"]);
        assert_eq!(fields.recipients("cc").unwrap(), ["https://h/u/b"]);
        assert_eq!(fields.recipients("bto").unwrap(), Vec::<String>::new());
    }

    #[test]
    fn too_many_recipients_are_refused_not_cut() {
        let value =
            json!({"to": (0..1001).map(|n| format!("https://h/u/{n}")).collect::<Vec<_>>()});
        let refused = Fields::of(&value).unwrap().recipients("to");
        assert_eq!(
            refused,
            Err(Malformed::TooMany {
                field: "to",
                limit: 1000
            })
        );
    }

    #[test]
    fn a_bad_date_counts_as_absent() {
        for bad in [
            json!("0000-01-01T00:00:00Z"),
            json!("1969-12-31T23:59:59Z"),
            json!("1969-12-31T23:59:59+00:00"),
            json!("1969-12-31"),
            json!("yesterday"),
            json!(17),
            json!("99999999999-01-01T00:00:00Z"),
            json!(null),
        ] {
            let value = json!({ "published": bad });
            assert_eq!(
                Fields::of(&value).unwrap().time("published"),
                None,
                "{value}"
            );
        }
        for good in [
            "2021-11-05T11:46:50Z",
            "2022-12-11T21:00:00+00:00",
            "2021-02-26T12:35:34.292626Z",
            "2022-12-11T21:00:00.1+02:00",
        ] {
            let value = json!({ "published": good });
            assert!(
                Fields::of(&value).unwrap().time("published").is_some(),
                "{good}"
            );
        }
    }

    #[test]
    fn a_label_loses_what_cannot_be_seen() {
        assert_eq!(
            label("\u{202E}evil\u{200B} name\n", 120).as_deref(),
            Some("evil name")
        );
        assert_eq!(label("\u{200B}\u{FEFF}", 120), None);
        assert_eq!(label(&"n".repeat(500), 300).unwrap().chars().count(), 300);
    }

    #[test]
    fn a_type_list_gives_the_first_known_name() {
        let value = json!({"type": ["Frob", "Note", "Create"]});
        let fields = Fields::of(&value).unwrap();
        assert_eq!(fields.kind(&["Create"]).as_deref(), Some("Create"));
        assert_eq!(fields.kind(&["Like"]).as_deref(), Some("Frob"));
    }

    #[test]
    fn a_language_map_keeps_twenty_real_entries() {
        let many: Map<String, Value> = (0..5000).map(|n| (format!("x-{n}"), json!("t"))).collect();
        let value =
            json!({"contentMap": {"de": "gut", "en": null, "not a tag": "x"}, "nameMap": many});
        let fields = Fields::of(&value).unwrap();
        assert_eq!(
            fields.language_map("contentMap"),
            BTreeMap::from([("de".to_owned(), "gut".to_owned())])
        );
        assert_eq!(fields.language_map("nameMap").len(), 20);
    }
}
