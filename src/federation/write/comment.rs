//! What answers in a thread: a Note with `inReplyTo` (federation.md 4.3.1).

use activitypub_federation::kinds::object::NoteType;
use serde_json::{Value, json};

use super::address::{Addressing, GroupRef};
use super::parts::{
    ImageDocument, Language, MentionRef, Replies, TagRef, Tallies, Text, put, set, tags,
    write_text, write_times,
};
use super::quote::Quoting;
use crate::domain::clock::Ts;

/// Everything that a comment's document says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CommentDocument {
    /// Its id.
    pub(crate) uri: String,
    /// Its page for people.
    pub(crate) url: String,
    /// Id of its author.
    pub(crate) author: String,
    /// The author's followers collection.
    pub(crate) author_followers: String,
    /// Id of what it answers: the post or another comment.
    pub(crate) in_reply_to: String,
    /// Who wrote that; told of the answer whether or not their server follows the group (s107).
    pub(crate) parent_author: MentionRef,
    /// The thread's group; `None` below a profile post.
    pub(crate) group: Option<GroupRef>,
    /// Id of the thread's context collection.
    pub(crate) context: Option<String>,
    /// What it says.
    pub(crate) text: Text,
    /// Its language, where known.
    pub(crate) language: Option<Language>,
    /// Its pictures.
    pub(crate) images: Vec<ImageDocument>,
    /// Others who are spoken to.
    pub(crate) mentions: Vec<MentionRef>,
    /// Its hashtags.
    pub(crate) hashtags: Vec<TagRef>,
    /// Not for every screen.
    pub(crate) sensitive: bool,
    /// The author's content warning.
    pub(crate) warning: Option<String>,
    /// Spoken as a moderator.
    pub(crate) distinguished: bool,
    /// Who may quote it, and what it quotes.
    pub(crate) quoting: Quoting,
    /// Its direct answers.
    pub(crate) replies: Replies,
    /// Its counts.
    pub(crate) tallies: Tallies,
    /// When it was published; the same for ever.
    pub(crate) published: Ts,
    /// When it was last edited.
    pub(crate) updated: Option<Ts>,
}

impl CommentDocument {
    /// To whom the comment is addressed, and its Create and Update with it.
    pub(crate) fn addressing(&self) -> Addressing {
        let spoken_to = self.spoken_to();
        let people = spoken_to.iter().map(|one| one.uri.as_str());
        Addressing::content(self.group.as_ref(), &self.author_followers, people)
    }

    /// The parent's author first, then the others; nobody is told of their own words.
    fn spoken_to(&self) -> Vec<MentionRef> {
        let everybody = std::iter::once(&self.parent_author).chain(&self.mentions);
        everybody
            .filter(|one| one.uri != self.author)
            .cloned()
            .collect()
    }
}

/// The comment as everybody gets it. `attributedTo` is a string: Lemmy and NodeBB take no list.
pub(crate) fn comment(comment: &CommentDocument) -> Value {
    let images = comment
        .images
        .iter()
        .take(16)
        .map(|image| image.attachment("Image"));
    let mut document = json!({
        "id": comment.uri, "type": NoteType::Note, "attributedTo": comment.author,
        "inReplyTo": comment.in_reply_to, "url": comment.url,
        "sensitive": comment.sensitive, "distinguished": comment.distinguished,
        "attachment": images.collect::<Vec<_>>(),
        "tag": tags(&comment.spoken_to(), comment.group.as_ref(), &comment.hashtags, &[]),
        "replies": comment.replies.document(),
    });
    comment.addressing().write(&mut document);
    put(&mut document, "summary", comment.warning.as_ref());
    if let Some(context) = &comment.context {
        set(&mut document, "context", json!(context));
    }
    write_text(&mut document, &comment.text, comment.language.as_ref());
    comment.tallies.write(&mut document, &comment.uri);
    comment.quoting.write(&mut document, comment.group.as_ref());
    write_times(&mut document, comment.published, comment.updated);
    document
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::address::tests::{ANN, BOB, PUBLIC, tea};
    use super::*;

    pub(crate) fn answer() -> CommentDocument {
        CommentDocument {
            uri: "https://hall.example/comment/7".into(),
            url: "https://hall.example/comment/7".into(),
            author: ANN.into(),
            author_followers: format!("{ANN}/followers"),
            in_reply_to: "https://b.example/notes/1".into(),
            parent_author: MentionRef {
                uri: BOB.into(),
                handle: "bob@b.example".into(),
            },
            group: Some(tea()),
            context: Some("https://hall.example/post/42/context".into()),
            text: Text {
                html: "<p>Both.</p>".into(),
                markdown: Some("Both.".into()),
            },
            language: None,
            images: Vec::new(),
            mentions: Vec::new(),
            hashtags: Vec::new(),
            sensitive: false,
            warning: None,
            distinguished: false,
            quoting: Quoting::default(),
            replies: Replies {
                uri: "https://hall.example/comment/7/replies".into(),
                ..Replies::default()
            },
            tallies: Tallies::default(),
            published: Ts::parse("2026-01-01T00:00:00Z").unwrap(),
            updated: None,
        }
    }

    #[test]
    fn s068_s107_the_parents_author_and_the_group_are_mentioned_and_addressed() {
        let document = comment(&answer());
        assert_eq!(document["to"], json!([tea().uri, PUBLIC]));
        assert_eq!(document["cc"], json!([BOB, format!("{ANN}/followers")]));
        assert_eq!(
            document["tag"],
            json!([
                {"type": "Mention", "href": BOB, "name": "@bob@b.example"},
                {"type": "Mention", "href": tea().uri, "name": "@tea@hall.example"},
            ])
        );
        assert_eq!(document["inReplyTo"], "https://b.example/notes/1");
    }

    #[test]
    fn an_answer_to_oneself_mentions_only_the_group() {
        let own = MentionRef {
            uri: ANN.into(),
            handle: "ann@hall.example".into(),
        };
        let document = comment(&CommentDocument {
            parent_author: own,
            ..answer()
        });
        assert_eq!(document["tag"].as_array().unwrap().len(), 1);
        assert_eq!(document["cc"], json!([format!("{ANN}/followers")]));
    }

    #[test]
    fn lists_are_lists_and_attributed_to_is_a_string() {
        let document = comment(&answer());
        assert!(document["attachment"].is_array() && document["attributedTo"].is_string());
        assert!(document.get("contentMap").is_none(), "no language, no map");
    }
}
