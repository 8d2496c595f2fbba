//! The pieces that posts and comments share: text, language, tags, pictures, answers, counts.

use serde_json::{Value, json};

use super::address::GroupRef;
use crate::domain::clock::Ts;
use crate::domain::media::Focus;
use crate::text::plain;

/// Text in the form it is shown and the form it was written in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Text {
    /// Sanitised HTML.
    pub(crate) html: String,
    /// The Markdown source, where it is known.
    pub(crate) markdown: Option<String>,
}

/// A language by tag and by its own name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Language {
    /// BCP 47 tag, such as `de`.
    pub(crate) tag: String,
    /// Its own name, such as `Deutsch`.
    pub(crate) name: String,
}

impl Language {
    pub(super) fn document(&self) -> Value {
        json!({"identifier": self.tag, "name": self.name})
    }
}

/// Somebody who is spoken to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MentionRef {
    /// Id of the actor.
    pub(crate) uri: String,
    /// `name@host`
    pub(crate) handle: String,
}

impl MentionRef {
    pub(super) fn tag(&self) -> Value {
        json!({"type": "Mention", "href": self.uri, "name": format!("@{}", self.handle)})
    }
}

/// A hashtag, the group's own name included where wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TagRef {
    /// The word without its `#`.
    pub(crate) word: String,
    /// The page that lists it.
    pub(crate) href: String,
}

/// A tag that the group offers for its posts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Flair {
    /// Its id.
    pub(crate) uri: String,
    /// The word in addresses.
    pub(crate) slug: String,
    /// The words that people see.
    pub(crate) name: String,
    /// CSS colour, such as `#2a6`.
    pub(crate) color: Option<String>,
}

impl Flair {
    pub(super) fn tag(&self) -> Value {
        let mut tag = json!({
            "type": "CommunityPostTag", "id": self.uri, "preferredUsername": self.slug,
            "name": self.name, "content": self.name,
        });
        if let Some(color) = &self.color {
            set(&mut tag, "color", json!(color));
        }
        tag
    }
}

/// A picture.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ImageDocument {
    /// Where it is.
    pub(crate) url: String,
    /// Its media type, where known.
    pub(crate) media_type: Option<String>,
    /// What it shows, for those who cannot see it.
    pub(crate) alt: Option<String>,
    /// Pixels across and down.
    pub(crate) size: Option<(u32, u32)>,
    /// A blurred preview in a few letters.
    pub(crate) blurhash: Option<String>,
    /// What stays in view where it is cropped.
    pub(crate) focus: Option<Focus>,
}

impl ImageDocument {
    /// As `Image` for forums, as `Document` for microblogs.
    pub(super) fn attachment(&self, kind: &str) -> Value {
        let mut image = json!({"type": kind, "url": self.url});
        put(&mut image, "mediaType", self.media_type.as_ref());
        put(&mut image, "name", self.alt.as_ref());
        put(&mut image, "blurhash", self.blurhash.as_ref());
        if let Some((width, height)) = self.size {
            set(&mut image, "width", json!(width));
            set(&mut image, "height", json!(height));
        }
        if let Some(focus) = self.focus {
            set(&mut image, "focalPoint", json!(focus.point()));
        }
        image
    }
}

/// The page that a link post is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LinkDocument {
    /// Its address.
    pub(crate) href: String,
    /// Its title, where known.
    pub(crate) name: Option<String>,
}

impl LinkDocument {
    pub(super) fn attachment(&self) -> Value {
        let mut link = json!({"type": "Link", "href": self.href});
        put(&mut link, "name", self.name.as_ref());
        link
    }
}

/// The direct answers of a thing: the first few, and where the others are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Replies {
    /// The collection's id.
    pub(crate) uri: String,
    /// The first ids, of all hosts, at most five are written.
    pub(crate) first: Vec<String>,
    /// The page after them, if there is one.
    pub(crate) next: Option<String>,
    /// All of them.
    pub(crate) total: u64,
}

impl Replies {
    /// With `first` embedded: GoToSocial demands that.
    pub(super) fn document(&self) -> Value {
        let items: Vec<&String> = self.first.iter().take(5).collect();
        let page = format!("{}?page=1", self.uri);
        let mut first =
            json!({"id": page, "type": "CollectionPage", "partOf": self.uri, "items": items});
        put(&mut first, "next", self.next.as_ref());
        json!({"id": self.uri, "type": "Collection", "totalItems": self.total, "first": first})
    }
}

/// Counts of a thing; the actors behind them are nobody's business.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tallies {
    /// Up-votes.
    pub(crate) likes: u64,
    /// Down-votes.
    pub(crate) dislikes: u64,
    /// Boosts.
    pub(crate) shares: u64,
}

impl Tallies {
    pub(super) fn write(self, document: &mut Value, uri: &str) {
        for (key, total) in [
            ("likes", self.likes),
            ("dislikes", self.dislikes),
            ("shares", self.shares),
        ] {
            set(
                document,
                key,
                json!({"id": format!("{uri}/{key}"), "type": "Collection", "totalItems": total}),
            );
        }
    }
}

/// Bytes of content that are said twice, by language too.
const TWICE: usize = 96 * 1024;
/// Bytes of content that are sent as they are.
const LONGEST: usize = 256 * 1024;

/// Writes content, its language and its source. `contentMap` has one key whose value equals
/// `content` byte by byte: GoToSocial finds the language that way (statement 66).
///
/// What would make a document longer than peers read (statement 25) is left out: a long content is
/// not said twice, beside a very long one there is no source, and one that is longer than all of
/// that is given as plain text.
pub(super) fn write_text(document: &mut Value, text: &Text, language: Option<&Language>) {
    let long = text.html.len() > LONGEST;
    let html = if long {
        &plain::to_html(&plain::excerpt_html(&text.html, 50_000))
    } else {
        &text.html
    };
    set(document, "content", json!(html));
    set(document, "mediaType", json!("text/html"));
    if let Some(markdown) = text.markdown.as_ref().filter(|_| !long) {
        set(
            document,
            "source",
            json!({"content": markdown, "mediaType": "text/markdown"}),
        );
    }
    if let Some(language) = language {
        if html.len() <= TWICE {
            let map = json!({ language.tag.as_str(): html });
            set(document, "contentMap", map);
        }
        set(document, "language", language.document());
    }
}

/// `tag`: the people first, then the group, without which replies from Mastodon do not address it
/// (rule 10), then words and flairs. Each actor once.
pub(super) fn tags(
    mentions: &[MentionRef],
    group: Option<&GroupRef>,
    hashtags: &[TagRef],
    flairs: &[Flair],
) -> Vec<Value> {
    let group = group.map(|group| MentionRef {
        uri: group.uri.clone(),
        handle: group.handle.clone(),
    });
    let mut seen = std::collections::HashSet::new();
    let people = mentions
        .iter()
        .chain(&group)
        .filter(|one| seen.insert(one.uri.clone()));
    let mut tags: Vec<Value> = people.map(MentionRef::tag).collect();
    tags.extend(
        hashtags.iter().map(
            |tag| json!({"type": "Hashtag", "href": tag.href, "name": format!("#{}", tag.word)}),
        ),
    );
    tags.extend(flairs.iter().map(Flair::tag));
    tags
}

/// `published`, which never changes, and `updated` after an edit, strictly later (rule 12).
/// Microseconds, always: GoToSocial compares, and so do string comparisons.
pub(super) fn write_times(document: &mut Value, published: Ts, updated: Option<Ts>) {
    set(document, "published", json!(published.rfc3339_micros()));
    if let Some(updated) = updated {
        set(
            document,
            "updated",
            json!(updated.max(Ts(published.0 + 1)).rfc3339_micros()),
        );
    }
}

/// Writes the field of one of our own documents, which are all objects.
pub(super) fn set(document: &mut Value, key: &str, value: Value) {
    if let Some(fields) = document.as_object_mut() {
        fields.insert(key.to_owned(), value);
    }
}

/// Writes the field if there is a value: absent is understood everywhere, null is not.
pub(super) fn put<T: serde::Serialize>(document: &mut Value, key: &str, value: Option<T>) {
    if let Some(value) = value {
        set(document, key, json!(value));
    }
}

/// Plain text inside HTML, or inside a double-quoted attribute.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            _ => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::super::address::tests::{BOB, tea};
    use super::*;

    #[test]
    fn s066_the_language_map_repeats_the_content_byte_by_byte() {
        let mut document = json!({});
        let german = Language {
            tag: "de".into(),
            name: "Deutsch".into(),
        };
        write_text(
            &mut document,
            &Text {
                html: "<p>\u{e4}</p>".into(),
                markdown: Some("\u{e4}".into()),
            },
            Some(&german),
        );
        assert_eq!(document["contentMap"].as_object().unwrap().len(), 1);
        assert_eq!(document["contentMap"]["de"], document["content"]);
        assert_eq!(
            document["language"],
            json!({"identifier": "de", "name": "Deutsch"})
        );
        assert_eq!(document["source"]["mediaType"], "text/markdown");
    }

    #[test]
    fn s068_the_group_is_mentioned_once() {
        let group = MentionRef {
            uri: tea().uri,
            handle: tea().handle,
        };
        let bob = MentionRef {
            uri: BOB.into(),
            handle: "bob@b.example".into(),
        };
        let tags = tags(&[bob.clone(), group, bob], Some(&tea()), &[], &[]);
        assert_eq!(
            tags,
            [
                json!({"type": "Mention", "href": BOB, "name": "@bob@b.example"}),
                json!({"type": "Mention", "href": tea().uri, "name": "@tea@hall.example"}),
            ]
        );
    }

    #[test]
    fn s109_an_edit_is_strictly_later_than_the_post() {
        let mut document = json!({});
        let at = Ts::parse("2026-01-01T00:00:00Z").unwrap();
        write_times(&mut document, at, Some(at));
        assert!(document["updated"].as_str() > document["published"].as_str());
        assert_eq!(document["published"], "2026-01-01T00:00:00.000000Z");
    }

    #[test]
    fn s108_the_first_page_of_replies_is_embedded() {
        let first: Vec<String> = (0..9).map(|n| format!("https://x/{n}")).collect();
        let replies = Replies {
            uri: "https://h/post/1/replies".into(),
            first,
            next: Some("https://h/post/1/replies?page=2".into()),
            total: 9,
        };
        let document = replies.document();
        assert_eq!(document["first"]["type"], "CollectionPage");
        assert_eq!(document["first"]["items"].as_array().unwrap().len(), 5);
        assert_eq!(document["first"]["next"], "https://h/post/1/replies?page=2");
    }
}
