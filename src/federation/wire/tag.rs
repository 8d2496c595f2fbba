//! The `tag` list: who is mentioned, what it is about, which pictures stand for which shortcodes.

use serde_json::Value;

use super::lenient::{Fields, label, media_of};

/// Tags that are read; the rest of a longer list is spam (security.md 5.4).
const TAGS: usize = 100;
/// Characters of a hashtag or shortcode (security.md H83).
const NAME: usize = 128;

/// One entry of `tag` that Guildhall understands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Tag {
    /// An actor who is spoken of, by id, with the handle as it was written.
    Mention { href: String, name: Option<String> },
    /// `#word`, with its leading `#` whatever the sender did.
    Hashtag { name: String },
    /// A picture for `:name:`.
    Emoji { name: String, url: String },
    /// A group's own tag on a post (`CommunityPostTag`).
    Flair { id: Option<String>, name: String },
    /// A link to another object, as quoting servers send it (FEP-e232).
    Link {
        href: String,
        media_type: Option<String>,
    },
}

impl Tag {
    /// The tags of a document, at most 100; unknown kinds are left out.
    pub(super) fn read_all(fields: Fields<'_>) -> Vec<Self> {
        fields
            .list("tag")
            .into_iter()
            .take(TAGS)
            .filter_map(Self::read)
            .collect()
    }

    fn read(value: &Value) -> Option<Self> {
        let fields = Fields::of(value).ok()?;
        let name = || fields.text("name").and_then(|name| label(&name, NAME));
        match fields
            .kind(&["Mention", "Hashtag", "Emoji", "Link"])?
            .as_str()
        {
            "Mention" => Some(Self::Mention {
                href: fields.uri("href")?,
                name: name(),
            }),
            "Hashtag" => {
                let name = name()?;
                let word = name.trim_start_matches('#');
                (!word.is_empty()).then(|| Self::Hashtag {
                    name: format!("#{word}"),
                })
            }
            "Emoji" => Some(Self::Emoji {
                name: name()?,
                url: media_of(fields, "icon")?,
            }),
            "CommunityPostTag" => {
                let name = name().or_else(|| {
                    fields
                        .text("preferredUsername")
                        .and_then(|name| label(&name, NAME))
                });
                Some(Self::Flair {
                    id: fields.uri("id"),
                    name: name?,
                })
            }
            "Link" => Some(Self::Link {
                href: fields.uri("href")?,
                media_type: fields.text("mediaType"),
            }),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn tags(value: &Value) -> Vec<Tag> {
        Tag::read_all(Fields::of(value).unwrap())
    }

    #[test]
    fn a_single_tag_may_stand_without_a_list() {
        let read =
            tags(&json!({"tag": {"type": "Mention", "href": "https://h/c/tea", "name": "@tea@h"}}));
        assert_eq!(
            read,
            [Tag::Mention {
                href: "https://h/c/tea".into(),
                name: Some("@tea@h".into())
            }]
        );
    }

    #[test]
    fn each_known_tag_is_read_and_others_are_left_out() {
        let read = tags(&json!({"tag": [
            {"type": "Hashtag", "name": "tea"}, {"type": "Hashtag", "name": "#"}, {"type": "Hashtag", "name": null},
            {"type": "Emoji", "id": null, "name": ":x:", "icon": {"type": "Image", "url": "https://m/x.png"}},
            {"type": "CommunityPostTag", "id": "https://l/t/news", "preferredUsername": "news"},
            {"type": "Mention", "href": "javascript:1"}, {"type": "Frob"}, "https://x/", 4, null
        ]}));
        assert_eq!(
            read,
            [
                Tag::Hashtag {
                    name: "#tea".into()
                },
                Tag::Emoji {
                    name: ":x:".into(),
                    url: "https://m/x.png".into()
                },
                Tag::Flair {
                    id: Some("https://l/t/news".into()),
                    name: "news".into()
                },
            ]
        );
    }

    #[test]
    fn a_flood_of_mentions_is_cut() {
        let flood: Vec<_> = (0..10_000)
            .map(|n| json!({"type": "Mention", "href": format!("https://h/u/{n}")}))
            .collect();
        assert_eq!(tags(&json!({ "tag": flood })).len(), 100, "H83");
    }
}
