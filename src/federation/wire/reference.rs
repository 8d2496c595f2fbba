//! A property that names another thing: by its id, or with the thing itself inside.

use serde_json::Value;

use super::lenient::absolute;

/// What stands in `object`, `target`, `first` and the like.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Ref {
    /// The id alone.
    Id(String),
    /// The thing itself. Its content is a claim of the sender until its origin is checked.
    Embedded(Box<Value>),
}

impl Ref {
    /// An absolute address or an object; everything else is nothing.
    pub(super) fn read(value: &Value) -> Option<Self> {
        match value {
            Value::String(text) => absolute(text).map(Self::Id),
            Value::Object(map) if !map.is_empty() => Some(Self::Embedded(Box::new(value.clone()))),
            _ => None,
        }
    }

    /// The id, if there is a usable one.
    pub(crate) fn id(&self) -> Option<&str> {
        match self {
            Self::Id(id) => Some(id),
            Self::Embedded(value) => {
                let id = value.get("id")?.as_str()?;
                absolute(id).is_some().then_some(id)
            }
        }
    }

    /// The thing itself, if it came along.
    pub(crate) fn embedded(&self) -> Option<&Value> {
        match self {
            Self::Id(_) => None,
            Self::Embedded(value) => Some(value),
        }
    }

    /// The `type` of an embedded thing, of several the first.
    pub(crate) fn kind(&self) -> Option<&str> {
        match self.embedded()?.get("type")? {
            Value::String(kind) => Some(kind),
            Value::Array(kinds) => kinds.iter().find_map(Value::as_str),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_reference_is_an_address_or_an_object() {
        assert_eq!(
            Ref::read(&json!("https://h/1")).unwrap().id(),
            Some("https://h/1")
        );
        let embedded = Ref::read(&json!({"id": "https://h/2", "type": ["Note"]})).unwrap();
        assert_eq!(
            (embedded.id(), embedded.kind()),
            (Some("https://h/2"), Some("Note"))
        );
        for nothing in [
            json!({}),
            json!(3),
            json!("nonsense"),
            json!(null),
            json!([]),
        ] {
            assert_eq!(Ref::read(&nothing), None, "{nothing}");
        }
    }

    #[test]
    fn an_embedded_thing_with_a_bad_id_has_none() {
        for id in [
            json!("javascript:1"),
            json!(4),
            json!(null),
            json!("/relative"),
        ] {
            assert_eq!(
                Ref::read(&json!({"id": id, "type": "Note"})).unwrap().id(),
                None
            );
        }
    }
}
