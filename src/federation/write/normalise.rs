//! Foreign activities in the shape that Lemmy's parser takes, when a group passes them on: the same
//! statements, lists where lists are wanted (federation.md 4.6.4). What carries a proof is never
//! touched, and what is stored and served stays raw.

use serde_json::{Map, Value};

use super::address::public;

/// The inner activity for the wrapped form of an Announce.
pub(crate) fn normalise(activity: &Value) -> Value {
    let mut rewritten = activity.clone();
    let Some(outer) = rewritten.as_object_mut() else {
        return rewritten;
    };
    liked(outer);
    let mut object = outer.get("object").and_then(Value::as_object).cloned();
    if outer.contains_key("proof")
        || object
            .as_ref()
            .is_some_and(|object| object.contains_key("proof"))
    {
        return rewritten;
    }
    let content = matches!(
        outer.get("type").and_then(Value::as_str),
        Some("Create" | "Update")
    );
    plain(outer);
    if let Some(object) = &mut object {
        plain(object);
        if content && object.get("type").and_then(Value::as_str) == Some("Note") {
            note(outer, object);
        }
        outer.insert("object".to_owned(), Value::Object(object.clone()));
    }
    rewritten
}

/// A reaction is a plain Like to those who know no reactions (FEP-c0e0); its proof would no longer
/// fit and goes.
fn liked(outer: &mut Map<String, Value>) {
    let reaction = match outer.get("type").and_then(Value::as_str) {
        Some("EmojiReact") => true,
        Some("Like") => outer.contains_key("content"),
        _ => false,
    };
    if !reaction {
        return;
    }
    for key in ["content", "_misskey_reaction", "tag", "proof", "signature"] {
        outer.remove(key);
    }
    outer.insert("type".to_owned(), Value::String("Like".to_owned()));
}

/// What holds for every document: aliases spelled out, one audience as one string (P14, P3).
fn plain(fields: &mut Map<String, Value>) {
    for key in ["to", "cc"] {
        match fields.get_mut(key) {
            Some(Value::Array(recipients)) => recipients.iter_mut().for_each(spell_out),
            Some(recipient) => spell_out(recipient),
            None => {}
        }
    }
    if let Some(Value::Array(audience)) = fields.get_mut("audience")
        && audience.len() == 1
        && let Some(only) = audience.pop()
    {
        fields.insert("audience".to_owned(), only);
    }
}

fn spell_out(recipient: &mut Value) {
    if matches!(recipient.as_str(), Some("Public" | "as:Public")) {
        *recipient = Value::String(public());
    }
}

/// A note that answers has lists everywhere (P2). One that starts a thread keeps `to` of the
/// activity as a scalar, without which Lemmy takes it for a private message (P1).
fn note(outer: &mut Map<String, Value>, object: &mut Map<String, Value>) {
    for key in ["to", "cc", "tag", "attachment"] {
        listed(object, key, key == "to" || key == "cc");
    }
    listed(outer, "cc", true);
    listed(outer, "tag", false);
    listed(outer, "to", true);
    let answers = object
        .get("inReplyTo")
        .is_some_and(|parent| !parent.is_null());
    if answers {
        return;
    }
    if let Some(Value::Array(to)) = outer.get_mut("to")
        && to.len() == 1
        && let Some(only) = to.pop()
    {
        outer.insert("to".to_owned(), only);
    }
}

/// A list of what was one value; an empty one for nothing, if the field must be there.
fn listed(fields: &mut Map<String, Value>, key: &str, demanded: bool) {
    let value = match fields.get(key) {
        Some(Value::Array(_)) => return,
        Some(Value::Null) | None if !demanded => return,
        Some(Value::Null) | None => Value::Array(Vec::new()),
        Some(value) => Value::Array(vec![value.clone()]),
    };
    fields.insert(key.to_owned(), value);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

    fn create(to: &Value, in_reply_to: &Value) -> Value {
        json!({"id": "https://g/1", "type": "Create", "actor": "https://g/a", "to": to,
            "object": {"id": "https://g/2", "type": "Note", "inReplyTo": in_reply_to, "to": "Public", "cc": "https://h/c/tea",
                "tag": {"type": "Mention", "href": "https://h/c/tea"}, "attachment": {"type": "Image", "url": "https://g/i"}, "contentMap": {"en": "x"}}})
    }

    #[test]
    fn s103_the_scalars_of_gotosocial_become_lists() {
        let read = normalise(&create(&json!("as:Public"), &json!("https://h/post/1")));
        assert_eq!((&read["to"], &read["cc"]), (&json!([PUBLIC]), &json!([])));
        assert_eq!(
            (&read["object"]["to"], &read["object"]["cc"]),
            (&json!([PUBLIC]), &json!(["https://h/c/tea"]))
        );
        assert!(read["object"]["tag"].is_array() && read["object"]["attachment"].is_array());
        assert_eq!(
            read["object"]["contentMap"],
            json!({"en": "x"}),
            "extras stay"
        );
    }

    #[test]
    fn s104_a_note_that_starts_a_thread_is_addressed_by_a_scalar() {
        let read = normalise(&create(&json!([PUBLIC]), &Value::Null));
        assert_eq!(read["to"], PUBLIC);
        assert_eq!(read["object"]["to"], json!([PUBLIC]));
        let several = normalise(&create(&json!([PUBLIC, "https://h/c/tea"]), &Value::Null));
        assert_eq!(several["to"], json!([PUBLIC, "https://h/c/tea"]));
    }

    #[test]
    fn s104_what_carries_a_proof_is_untouched() {
        for path in ["/proof", "/object/proof"] {
            let mut proved = create(&json!("as:Public"), &json!("https://h/post/1"));
            let parent = proved
                .pointer_mut(path.strip_suffix("/proof").unwrap())
                .unwrap();
            parent["proof"] = json!({"type": "DataIntegrityProof"});
            assert_eq!(normalise(&proved), proved, "{path}");
        }
    }

    #[test]
    fn other_activities_keep_their_shape() {
        let like = json!({"id": "https://l/1", "type": "Like", "actor": "https://l/a", "object": "https://h/post/1", "audience": ["https://h/c/tea"]});
        let read = normalise(&like);
        assert_eq!(read["audience"], "https://h/c/tea");
        assert!(read.get("to").is_none() && read.get("cc").is_none());
        let page = json!({"type": "Create", "to": ["Public"], "object": {"type": "Page", "to": "https://h/c/tea"}});
        let read = normalise(&page);
        assert_eq!(
            (&read["to"], &read["object"]["to"]),
            (&json!([PUBLIC]), &json!("https://h/c/tea"))
        );
        assert_eq!(normalise(&json!("odd")), "odd");
    }
}
