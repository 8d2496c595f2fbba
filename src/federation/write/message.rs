//! Private messages: a Note for most, a `ChatMessage` for old Lemmy and Mbin (federation.md 4.13).
//! Neither names the public, a group or a context: for Mastodon these would widen who reads it.

use activitypub_federation::kinds::object::NoteType;
use serde_json::{Value, json};

use super::parts::{MentionRef, Text, put, set, write_text, write_times};
use crate::domain::clock::Ts;

/// Everything that a message's document says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MessageDocument {
    /// Its id.
    pub(crate) uri: String,
    /// Id of its author.
    pub(crate) author: String,
    /// Everybody who gets it.
    pub(crate) to: Vec<MentionRef>,
    /// What it says.
    pub(crate) text: Text,
    /// The message before it, by which microblogs keep a conversation together.
    pub(crate) in_reply_to: Option<String>,
    /// When it was written.
    pub(crate) published: Ts,
    /// When it was last changed.
    pub(crate) updated: Option<Ts>,
}

/// The message as a Note: microblogs tell only those who are mentioned in it. `threaded` also says
/// what it answers; a forum would take it for a comment then.
pub(crate) fn message_note(message: &MessageDocument, threaded: bool) -> Value {
    let to: Vec<&str> = message.to.iter().map(|one| one.uri.as_str()).collect();
    let tags: Vec<Value> = message.to.iter().map(MentionRef::tag).collect();
    let mut document = json!({
        "id": message.uri, "type": NoteType::Note, "attributedTo": message.author,
        "to": to, "cc": [], "tag": tags, "attachment": [], "sensitive": false,
    });
    let answered = message.in_reply_to.as_ref().filter(|_| threaded);
    put(&mut document, "inReplyTo", answered);
    write_text(&mut document, &message.text, None);
    write_times(&mut document, message.published, message.updated);
    document
}

/// The message as Lemmy before 1.0 and Mbin read it: to exactly one person.
pub(crate) fn chat_message(message: &MessageDocument, to: &str) -> Value {
    let mut document = json!({
        "id": message.uri, "type": "ChatMessage", "attributedTo": message.author, "to": [to],
    });
    set(&mut document, "cc", json!([]));
    write_text(&mut document, &message.text, None);
    write_times(&mut document, message.published, message.updated);
    document
}

#[cfg(test)]
mod tests {
    use super::super::address::tests::{ANN, BOB, PUBLIC};
    use super::*;

    fn message() -> MessageDocument {
        MessageDocument {
            uri: "https://hall.example/message/9".into(),
            author: ANN.into(),
            to: vec![MentionRef {
                uri: BOB.into(),
                handle: "bob@b.example".into(),
            }],
            text: Text {
                html: "<p>Between us.</p>".into(),
                markdown: Some("Between us.".into()),
            },
            in_reply_to: Some("https://b.example/notes/1".into()),
            published: Ts(0),
            updated: None,
        }
    }

    #[test]
    fn s064_s151_a_message_names_whom_it_is_for_and_nothing_else() {
        for document in [
            message_note(&message(), true),
            message_note(&message(), false),
            chat_message(&message(), BOB),
        ] {
            assert_eq!(
                (&document["to"], &document["cc"]),
                (&json!([BOB]), &json!([]))
            );
            assert!(!document.to_string().contains(PUBLIC));
            for field in ["audience", "context", "bto", "target"] {
                assert!(document.get(field).is_none(), "{field}");
            }
            assert_eq!(document["source"]["content"], "Between us.");
        }
    }

    #[test]
    fn s151_a_note_mentions_its_reader_and_a_chat_message_has_one() {
        let note = message_note(&message(), true);
        assert_eq!(note["type"], "Note");
        assert_eq!(
            note["tag"],
            json!([{"type": "Mention", "href": BOB, "name": "@bob@b.example"}])
        );
        assert_eq!(note["inReplyTo"], "https://b.example/notes/1");
        assert!(message_note(&message(), false).get("inReplyTo").is_none());
        let chat = chat_message(&message(), BOB);
        assert_eq!(chat["type"], "ChatMessage");
        assert!(chat.get("inReplyTo").is_none() && chat.get("tag").is_none());
    }
}
