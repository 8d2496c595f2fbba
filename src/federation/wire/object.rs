//! A note, page, article, question, event, film or tombstone, in one struct: peers differ more by
//! software than by type, and the type never decides alone what becomes a post or a comment.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::domain::clock::Ts;

use super::attachment::Attachment;
use super::lenient::{Fields, absolute, label, page_of, uri_of};
use super::malformed::Malformed;
use super::reference::Ref;
use super::tag::Tag;
use crate::text::plain;

const KNOWN: [&str; 13] = [
    "Note",
    "Article",
    "Page",
    "Question",
    "Event",
    "Video",
    "Audio",
    "Image",
    "Document",
    "Link",
    "Tombstone",
    "ChatMessage",
    "Place",
];
/// Authors of one object; `PeerTube` names two.
const AUTHORS: usize = 10;
/// Things that one object answers.
const ANSWERED: usize = 5;
/// Options of a poll (security.md H84).
const OPTIONS: usize = 20;

/// The text as it was written, where the peer sends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Source {
    /// The text, or with Mbin a bare address.
    pub(crate) content: String,
    /// `text/markdown` and the like; `None` where a bare string was sent.
    pub(crate) media_type: Option<String>,
}

/// One answer that a poll offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PollOption {
    /// The answer's text.
    pub(crate) name: String,
    /// Votes so far, as its author counts them.
    pub(crate) votes: u64,
}

/// One object as its sender worded it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Object {
    /// Absolute http(s) id.
    pub(crate) id: String,
    /// `type`.
    pub(crate) kind: String,
    /// Who wrote it, in the sender's order, but groups after people; the first must be the signer
    /// (security.md H92).
    pub(crate) attributed_to: Vec<String>,
    /// The person behind a Mobilizon event, whose `attributedTo` is the group.
    pub(crate) actor: Option<String>,
    /// What it answers; of several things the first.
    pub(crate) in_reply_to: Option<String>,
    /// What it says that it answers besides.
    pub(crate) also_in_reply_to: Vec<String>,
    /// Title, alt text or poll choice: `name`, else the first of `nameMap`.
    pub(crate) name: Option<String>,
    /// HTML, unless `media_type` says otherwise: `content`, if it says anything, else the first of
    /// `contentMap`.
    pub(crate) content: Option<String>,
    /// HTML by language.
    pub(crate) content_map: BTreeMap<String, String>,
    /// Media type of `content`.
    pub(crate) media_type: Option<String>,
    /// The text before it became HTML.
    pub(crate) source: Option<Source>,
    /// A content warning, or with `NodeBB` and Mbin a teaser.
    pub(crate) summary: Option<String>,
    /// Not for every screen.
    pub(crate) sensitive: bool,
    /// Language tag: `language`, `inLanguage`, else the only key of `contentMap`.
    pub(crate) language: Option<String>,
    /// Links, pictures and files, at most sixteen; where nothing is attached, the picture in `image`.
    pub(crate) attachments: Vec<Attachment>,
    /// The picture in `image` beside a link: the thumbnail of a page elsewhere (Lemmy).
    pub(crate) thumbnail: Option<String>,
    /// Mentions, hashtags, emoji, at most a hundred.
    pub(crate) tags: Vec<Tag>,
    /// Primary recipients, the public collection spelled out.
    pub(crate) to: Vec<String>,
    /// Secondary recipients.
    pub(crate) cc: Vec<String>,
    /// The groups that the sender says it is for.
    pub(crate) audience: Vec<String>,
    /// The conversation, if its id is an address.
    pub(crate) context: Option<String>,
    /// The container it was put into (FEP-400e).
    pub(crate) target: Option<Ref>,
    /// When it was written, as its author says.
    pub(crate) published: Option<Ts>,
    /// When it was last changed.
    pub(crate) updated: Option<Ts>,
    /// The page for people.
    pub(crate) url: Option<String>,
    /// Where its answers are listed.
    pub(crate) replies: Option<Ref>,
    /// Spoken as a moderator.
    pub(crate) distinguished: bool,
    /// Whether answers are welcome, where the peer says so.
    pub(crate) comments_enabled: Option<bool>,
    /// Begin of an event.
    pub(crate) start_time: Option<Ts>,
    /// End of an event or poll: `endTime`, else `closed`; of a poll the earlier of both.
    pub(crate) end_time: Option<Ts>,
    /// Name and address of an event's place.
    pub(crate) location: Option<String>,
    /// Where an event happens online.
    pub(crate) online: Option<String>,
    /// IANA name of an event's time zone.
    pub(crate) timezone: Option<String>,
    /// Who may come to an event: `joinMode`.
    pub(crate) join_mode: Option<String>,
    /// How many may come to an event.
    pub(crate) capacity: Option<u64>,
    /// How many come to an event: `participantCount`, else the size of `attendees`.
    pub(crate) participants: Option<u64>,
    /// Answers of a poll; empty for everything else.
    pub(crate) options: Vec<PollOption>,
    /// Whether several answers may be chosen.
    pub(crate) multiple: bool,
    /// People who voted in a poll.
    pub(crate) voters_count: Option<u64>,
    /// The post that is quoted.
    pub(crate) quote: Option<String>,
    /// The stamp by which its author may quote that.
    pub(crate) quote_authorization: Option<String>,
    /// What a tombstone was.
    pub(crate) former_type: Option<String>,
    /// When a tombstone was set.
    pub(crate) deleted: Option<Ts>,
    /// Whether an FEP-8b32 proof came along.
    pub(crate) has_proof: bool,
}

impl Object {
    /// The object in a document: it must have a usable id and a type.
    pub(crate) fn from_value(value: &Value) -> Result<Self, Malformed> {
        let fields = Fields::of(value)?;
        let kind = fields.kind(&KNOWN).ok_or(Malformed::Missing("type"))?;
        let id = fields
            .text("id")
            .and_then(|id| absolute(&id))
            .ok_or(Malformed::Missing("id"))?;
        let content_map = fields.language_map("contentMap");
        let (options, multiple) = options(fields);
        let mut answered = fields.uris("inReplyTo", ANSWERED).into_iter();
        Ok(Self {
            attributed_to: authors(fields),
            actor: fields.only_uri("actor"),
            in_reply_to: answered.next(),
            also_in_reply_to: answered.collect(),
            name: filled(fields, "name")
                .or_else(|| fields.language_map("nameMap").into_values().next()),
            content: filled(fields, "content").or_else(|| content_map.values().next().cloned()),
            media_type: fields.text("mediaType"),
            source: source(fields),
            summary: filled(fields, "summary"),
            sensitive: fields.flag("sensitive").unwrap_or(false),
            language: language(fields, &content_map),
            attachments: Attachment::read_all(fields),
            thumbnail: Attachment::read_thumbnail(fields),
            tags: Tag::read_all(fields),
            to: fields.recipients("to")?,
            cc: fields.recipients("cc")?,
            audience: fields.recipients("audience")?,
            context: fields.uri("context"),
            target: fields.reference("target"),
            published: fields.time("published"),
            updated: fields.time("updated"),
            url: page_of(&fields.list("url")),
            replies: fields.reference("replies"),
            distinguished: fields.flag("distinguished").unwrap_or(false),
            comments_enabled: fields.flag("commentsEnabled"),
            start_time: fields.time("startTime"),
            end_time: end_time(fields),
            location: place(fields),
            online: online(fields),
            timezone: fields.text("timezone").and_then(|zone| label(&zone, 100)),
            join_mode: fields.text("joinMode"),
            capacity: fields.count("maximumAttendeeCapacity"),
            participants: fields.count("participantCount").or_else(|| {
                fields
                    .nested("attendees")
                    .and_then(|list| list.count("totalItems"))
            }),
            voters_count: fields.count("votersCount"),
            quote: ["quote", "quoteUri", "quoteUrl", "_misskey_quote"]
                .iter()
                .find_map(|key| fields.uri(key)),
            quote_authorization: fields.uri("quoteAuthorization"),
            former_type: fields.text("formerType"),
            deleted: fields.time("deleted"),
            has_proof: fields.has("proof"),
            id,
            kind,
            content_map,
            options,
            multiple,
        })
    }

    /// Who wrote it: the first of `attributedTo`.
    pub(crate) fn author(&self) -> Option<&str> {
        self.attributed_to.first().map(String::as_str)
    }

    /// The Markdown it was written in, if it was.
    pub(crate) fn markdown(&self) -> Option<&str> {
        let source = self.source.as_ref()?;
        (source.media_type.as_deref() == Some("text/markdown")).then_some(source.content.as_str())
    }

    /// A vote in a poll: a note that answers, with a choice and no words (federation.md 4.15).
    pub(crate) fn is_poll_vote(&self) -> bool {
        self.chooses(|_choice, words| words.is_empty())
    }

    /// The same if it answers a poll: its words say the choice once more.
    pub(crate) fn may_be_poll_vote(&self) -> bool {
        self.chooses(|choice, words| words == choice)
    }

    fn chooses(&self, silent: impl FnOnce(&str, &str) -> bool) -> bool {
        let Some(choice) = self.name.as_deref().map(str::trim) else {
            return false;
        };
        let words = plain::plain(self.content.as_deref().unwrap_or_default());
        self.kind == "Note" && self.in_reply_to.is_some() && silent(choice, words.trim())
    }

    /// What remains of a deleted thing.
    pub(crate) fn is_tombstone(&self) -> bool {
        self.kind == "Tombstone"
    }
}

fn filled(fields: Fields<'_>, key: &str) -> Option<String> {
    fields.text(key).filter(|text| !text.trim().is_empty())
}

/// People before the groups that some name first: a group does not write.
fn authors(fields: Fields<'_>) -> Vec<String> {
    let is_group = |value: &&Value| {
        let kind = Fields::of(value)
            .ok()
            .and_then(|author| author.kind(&["Group"]));
        kind.as_deref() == Some("Group")
    };
    let (groups, people): (Vec<_>, Vec<_>) =
        fields.list("attributedTo").into_iter().partition(is_group);
    let all = people.into_iter().chain(groups);
    all.filter_map(uri_of).take(AUTHORS).collect()
}

fn source(fields: Fields<'_>) -> Option<Source> {
    match fields.get("source")? {
        Value::String(content) => Some(Source {
            content: content.clone(),
            media_type: None,
        }),
        value => {
            let inner = Fields::of(value).ok()?;
            Some(Source {
                content: inner.text("content")?,
                media_type: inner.text("mediaType"),
            })
        }
    }
}

fn language(fields: Fields<'_>, content_map: &BTreeMap<String, String>) -> Option<String> {
    let named = match fields.get("language") {
        Some(Value::String(tag)) => Some(tag.clone()),
        Some(value) => Fields::of(value)
            .ok()
            .and_then(|inner| inner.text("identifier")),
        None => fields.text("inLanguage"),
    };
    let only = || {
        (content_map.len() == 1)
            .then(|| content_map.keys().next().cloned())
            .flatten()
    };
    named
        .or_else(only)
        .filter(|tag| tag != "und" && (2..=35).contains(&tag.len()))
}

/// A poll that was closed before its time is over.
fn end_time(fields: Fields<'_>) -> Option<Ts> {
    let (end, closed) = (fields.time("endTime"), fields.time("closed"));
    end.into_iter().chain(closed).min()
}

/// Name and address of a place, in one line.
fn place(fields: Fields<'_>) -> Option<String> {
    let place = fields.nested("location")?;
    let mut parts: Vec<String> = place.text("name").into_iter().collect();
    match place.get("address") {
        Some(Value::String(address)) => parts.push(address.clone()),
        Some(_) => {
            let address = place.nested("address")?;
            for key in ["streetAddress", "postalCode", "addressLocality"] {
                parts.extend(address.text(key));
            }
        }
        None => {}
    }
    parts.retain(|part| !part.trim().is_empty());
    parts.dedup();
    label(&parts.join(", "), 300)
}

/// The address of an online meeting: a `VirtualLocation`, or `PieFed`'s `onlineLink`.
fn online(fields: Fields<'_>) -> Option<String> {
    let virtual_place = fields.nested("location").and_then(|place| {
        place
            .text("type")
            .filter(|kind| kind == "VirtualLocation")
            .and_then(|_| place.uri("url"))
    });
    virtual_place.or_else(|| fields.uri("onlineLink"))
}

/// The answers of a question, and whether several may be chosen.
fn options(fields: Fields<'_>) -> (Vec<PollOption>, bool) {
    let multiple = fields.has("anyOf");
    let list = fields.list(if multiple { "anyOf" } else { "oneOf" });
    let options = list.into_iter().take(OPTIONS).filter_map(|value| {
        let option = Fields::of(value).ok()?;
        let votes = option
            .nested("replies")
            .and_then(|replies| replies.count("totalItems"));
        Some(PollOption {
            name: label(&option.text("name")?, 300)?,
            votes: votes.unwrap_or(0),
        })
    });
    (options.collect(), multiple)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(value: &Value) -> Object {
        let mut document = json!({"id": "https://p/1", "type": "Note"});
        for (key, field) in value.as_object().unwrap() {
            document[key] = field.clone();
        }
        Object::from_value(&document).unwrap()
    }

    #[test]
    fn s092_odd_shapes_of_known_peers_are_read() {
        let mbin = read(
            &json!({"type": "Page", "source": "https://link/", "content": null, "contentMap": {"en": null}, "summary": "Title #tea", "name": "Title"}),
        );
        assert_eq!(
            (mbin.content.clone(), mbin.markdown(), mbin.name.as_deref()),
            (None, None, Some("Title"))
        );
        let peertube = read(
            &json!({"type": "Video", "attributedTo": [{"type": "Person", "id": "https://p/a"}, {"type": "Group", "id": "https://p/g"}],
            "url": [{"type": "Link", "mediaType": "application/x-mpegURL", "href": "https://p/m"}, {"type": "Link", "mediaType": "text/html", "href": "https://p/w/1"}]}),
        );
        assert_eq!(peertube.attributed_to, ["https://p/a", "https://p/g"]);
        assert_eq!(peertube.url.as_deref(), Some("https://p/w/1"));
        let event = read(
            &json!({"type": "Event", "actor": "https://m/@ann", "attributedTo": "https://m/@club", "startTime": "2022-12-11T19:00:00+00:00", "location": {"type": "Place", "name": "Hall"}, "inLanguage": "en"}),
        );
        assert_eq!(
            (
                event.actor.as_deref(),
                event.author(),
                event.location.as_deref()
            ),
            (
                Some("https://m/@ann"),
                Some("https://m/@club"),
                Some("Hall")
            )
        );
        assert_eq!(event.language.as_deref(), Some("en"));
        let gotosocial = read(
            &json!({"to": "https://www.w3.org/ns/activitystreams#Public", "cc": "https://h/c/tea", "tag": {"type": "Mention", "href": "https://h/c/tea"}}),
        );
        assert_eq!(
            (
                gotosocial.to.len(),
                gotosocial.cc.len(),
                gotosocial.tags.len()
            ),
            (1, 1, 1)
        );
    }

    #[test]
    fn s088_people_write_and_groups_do_not_whatever_their_order() {
        let (ann, bob) = ("https://p/ann", "https://p/bob");
        let group = json!({"type": "Group", "id": "https://p/c/tea"});
        let first = json!([group, {"type": "Person", "id": ann}, bob]);
        let read = |authors: &Value| read(&json!({ "attributedTo": authors }));
        assert_eq!(read(&first).attributed_to, [ann, bob, "https://p/c/tea"]);
        let people = json!([{"type": "Person", "id": bob}, {"type": "Person", "id": ann}]);
        assert_eq!(read(&people).author(), Some(bob), "H92");
        assert_eq!(read(&group).author(), Some("https://p/c/tea"));
    }

    #[test]
    fn an_empty_content_is_none_where_a_language_has_one() {
        let map = json!({"content": "", "contentMap": {"de": "<p>Hallo</p>"}});
        let note = read(&map);
        assert_eq!(note.content.as_deref(), Some("<p>Hallo</p>"));
        assert_eq!(note.language.as_deref(), Some("de"));
        assert_eq!(read(&json!({"content": ""})).content, None);
    }

    #[test]
    fn what_is_answered_may_be_a_short_list() {
        let many: Vec<_> = (0..9).map(|n| format!("https://p/{n}")).collect();
        let note = read(&json!({ "inReplyTo": many }));
        assert_eq!(note.in_reply_to.as_deref(), Some("https://p/0"));
        assert_eq!(note.also_in_reply_to, &many[1..5]);
    }

    #[test]
    fn the_language_comes_from_any_of_three_places() {
        assert_eq!(
            read(&json!({"language": {"identifier": "de", "name": "Deutsch"}}))
                .language
                .as_deref(),
            Some("de")
        );
        assert_eq!(
            read(&json!({"language": "fr"})).language.as_deref(),
            Some("fr")
        );
        assert_eq!(
            read(&json!({"contentMap": {"it": "x"}}))
                .language
                .as_deref(),
            Some("it")
        );
        assert_eq!(
            read(&json!({"contentMap": {"it": "x", "en": "y"}})).language,
            None
        );
        assert_eq!(
            read(&json!({"language": {"identifier": "und", "name": "Undetermined"}})).language,
            None
        );
    }

    #[test]
    fn s93_a_question_is_read_with_its_answers() {
        let question = read(
            &json!({"type": "Question", "endTime": "2026-01-01T00:00:00Z", "votersCount": 3,
            "anyOf": [{"type": "Note", "name": "A", "replies": {"type": "Collection", "totalItems": 2}}, {"type": "Note", "name": "B"}, {"name": ""}, 5]}),
        );
        assert_eq!(
            question.options,
            [
                PollOption {
                    name: "A".into(),
                    votes: 2
                },
                PollOption {
                    name: "B".into(),
                    votes: 0
                }
            ]
        );
        assert!(
            question.multiple && question.end_time.is_some() && question.voters_count == Some(3)
        );
        let many: Vec<_> = (0..10_000)
            .map(|n| json!({"name": n.to_string()}))
            .collect();
        assert_eq!(
            read(&json!({"oneOf": many, "votersCount": -1}))
                .options
                .len(),
            20,
            "H84"
        );
    }

    #[test]
    fn s154_a_vote_is_a_note_with_a_choice_and_no_words() {
        assert!(read(&json!({"name": "A", "inReplyTo": "https://h/post/1"})).is_poll_vote());
        assert!(
            !read(&json!({"name": "A", "inReplyTo": "https://h/post/1", "content": "x"}))
                .is_poll_vote()
        );
        assert!(!read(&json!({"name": "A"})).is_poll_vote());
        for (content, silent) in [
            ("A", false),
            ("<p></p>", true),
            ("<p>A</p>", false),
            (" ", true),
        ] {
            let vote = json!({"name": "A", "inReplyTo": "https://h/post/1", "content": content});
            let vote = read(&vote);
            let said = (vote.is_poll_vote(), vote.may_be_poll_vote());
            assert_eq!(said, (silent, !silent), "{content}");
        }
    }

    #[test]
    fn markdown_is_only_what_says_so() {
        assert_eq!(
            read(&json!({"source": {"content": "**a**", "mediaType": "text/markdown"}})).markdown(),
            Some("**a**")
        );
        assert_eq!(
            read(&json!({"source": {"content": "**a**", "mediaType": "text/x.misskeymarkdown"}}))
                .markdown(),
            None
        );
        assert_eq!(read(&json!({"source": "plain"})).markdown(), None);
    }

    #[test]
    fn an_object_needs_an_id_and_a_type() {
        assert_eq!(
            Object::from_value(&json!({"type": "Note"})),
            Err(Malformed::Missing("id"))
        );
        assert_eq!(
            Object::from_value(&json!({"id": "https://p/1"})),
            Err(Malformed::Missing("type"))
        );
        assert_eq!(
            Object::from_value(&json!("https://p/1")),
            Err(Malformed::NotAnObject)
        );
    }

    #[test]
    fn wrong_types_everywhere_count_as_absent() {
        for odd in [
            json!(7),
            json!(true),
            json!([[]]),
            json!({"a": {"b": []}}),
            json!(""),
            json!([null]),
        ] {
            let mut document = json!({"id": "https://p/1", "type": "Note"});
            for key in [
                "attributedTo",
                "inReplyTo",
                "name",
                "content",
                "contentMap",
                "source",
                "summary",
                "sensitive",
                "language",
                "attachment",
                "image",
                "tag",
                "to",
                "cc",
                "audience",
                "context",
                "published",
                "updated",
                "url",
                "replies",
                "oneOf",
                "anyOf",
                "location",
                "votersCount",
                "quote",
            ] {
                document[key] = odd.clone();
            }
            let object = Object::from_value(&document).unwrap();
            assert!(
                object.attributed_to.is_empty()
                    && object.published.is_none()
                    && object.options.is_empty(),
                "{odd}"
            );
        }
    }
}
