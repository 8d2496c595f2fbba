//! What starts a thread, in the titled form that forums read: Article, Page, Question or Event
//! (federation.md 4.2.2). Never a Note: Lemmy takes a Note that answers nothing for a message (P1).

use activitypub_federation::kinds::activity::QuestionType;
use activitypub_federation::kinds::object::{ArticleType, EventType, NoteType, PageType};
use serde_json::{Value, json};

use super::address::{Addressing, GroupRef};
use super::parts::{
    Flair, ImageDocument, Language, LinkDocument, MentionRef, Replies, TagRef, Tallies, Text, put,
    set, tags, write_text, write_times,
};
use super::quote::Quoting;
use crate::domain::clock::Ts;

/// The most attachments of one post (federation.md 4.2.2).
const ATTACHMENTS: usize = 16;
/// The most characters of a title.
const TITLE: usize = 200;

/// A poll's question is the post; these are its answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PollDocument {
    /// What can be chosen, with the votes so far.
    pub(crate) choices: Vec<Choice>,
    /// Whether several may be chosen.
    pub(crate) multiple: bool,
    /// When it ends.
    pub(crate) ends_at: Option<Ts>,
    /// When it ended.
    pub(crate) closed: Option<Ts>,
    /// People who voted.
    pub(crate) voters: u64,
}

/// One answer of a poll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Choice {
    /// Its text, by which votes name it.
    pub(crate) name: String,
    /// Votes so far.
    pub(crate) votes: u64,
}

/// Where and when people meet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EventDocument {
    /// Begin.
    pub(crate) starts_at: Ts,
    /// End, where it is known.
    pub(crate) ends_at: Option<Ts>,
    /// IANA name, such as `Europe/Berlin`.
    pub(crate) timezone: String,
    /// Name and address of the place in one line.
    pub(crate) place: Option<String>,
    /// Where it happens online.
    pub(crate) online_url: Option<String>,
    /// Who may come, as in `free`.
    pub(crate) join_mode: &'static str,
    /// How many may come.
    pub(crate) capacity: Option<i64>,
    /// How many come.
    pub(crate) attendees: i64,
}

/// What the post is, which decides its type. It never changes during the life of the post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PostForm {
    /// A text: `Article`, which Discourse reads too (P7).
    Article,
    /// A link or picture without a text: `Page`.
    Page,
    /// A poll: `Question`.
    Poll(PollDocument),
    /// A meeting: `Event`.
    Event(EventDocument),
}

/// Where the answer that helped is, for those who do not know that answers are chosen.
pub(super) fn answered(uri: &str) -> String {
    let uri = super::parts::escape(uri);
    format!("<p class=\"accepted-answer\">✔ <a href=\"{uri}\">{uri}</a></p>")
}

/// Everything that a post's document says. Ids are complete; nothing is looked up here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PostDocument {
    /// Its id.
    pub(crate) uri: String,
    /// Its page for people, on the host of the id (P31).
    pub(crate) url: String,
    /// Its form.
    pub(crate) form: PostForm,
    /// Id of its author.
    pub(crate) author: String,
    /// The author's followers collection.
    pub(crate) author_followers: String,
    /// The group, local or remote; `None` for a profile post.
    pub(crate) group: Option<GroupRef>,
    /// One plain line.
    pub(crate) title: String,
    /// The body; an empty one for a bare link.
    pub(crate) text: Text,
    /// Its language, where known.
    pub(crate) language: Option<Language>,
    /// The page that it is about.
    pub(crate) link: Option<LinkDocument>,
    /// Its pictures, in order.
    pub(crate) images: Vec<ImageDocument>,
    /// Address of a preview picture.
    pub(crate) thumbnail: Option<String>,
    /// The people who are spoken to.
    pub(crate) mentions: Vec<MentionRef>,
    /// Its hashtags, the group's name among them where that is wanted for discovery.
    pub(crate) hashtags: Vec<TagRef>,
    /// The group's own tags on it.
    pub(crate) flairs: Vec<Flair>,
    /// Not for every screen.
    pub(crate) sensitive: bool,
    /// The author's content warning, and nothing else: peers fold the whole post under it.
    pub(crate) warning: Option<String>,
    /// Whether it takes answers; a locked thread does not.
    pub(crate) comments_enabled: bool,
    /// Who may quote it, and what it quotes.
    pub(crate) quoting: Quoting,
    /// Its direct answers.
    pub(crate) replies: Replies,
    /// Its counts.
    pub(crate) tallies: Tallies,
    /// When it was published; the same for ever.
    pub(crate) published: Ts,
    /// When it was last edited; `None` before the first edit.
    pub(crate) updated: Option<Ts>,
}

impl PostDocument {
    /// To whom the post is addressed, and its Create and Update with it.
    pub(crate) fn addressing(&self) -> Addressing {
        let people = self.mentions.iter().map(|mention| mention.uri.as_str());
        Addressing::content(self.group.as_ref(), &self.author_followers, people)
    }

    /// The type on the wire.
    pub(super) fn kind(&self) -> String {
        match self.form {
            PostForm::Article => ArticleType::Article.to_string(),
            PostForm::Page => PageType::Page.to_string(),
            PostForm::Poll(_) => QuestionType::Question.to_string(),
            PostForm::Event(_) => EventType::Event.to_string(),
        }
    }
}

/// The post as everybody but microblogs gets it.
pub(crate) fn post(post: &PostDocument) -> Value {
    let mut document = frame(post, &post.kind());
    set(&mut document, "name", json!(title(&post.title)));
    write_text(&mut document, &post.text, post.language.as_ref());
    set(&mut document, "attachment", attachments(post));
    if let Some(url) = &post.thumbnail {
        set(&mut document, "image", json!({"type": "Image", "url": url}));
    }
    match &post.form {
        PostForm::Poll(poll) => write_poll(&mut document, poll),
        PostForm::Event(event) => write_event(&mut document, event, &post.uri),
        PostForm::Article | PostForm::Page => {}
    }
    document
}

/// What both forms of a post have in common.
pub(super) fn frame(post: &PostDocument, kind: &str) -> Value {
    let mut document = json!({
        "id": post.uri, "type": kind, "attributedTo": post.author, "url": post.url,
        "context": format!("{}/context", post.uri), "sensitive": post.sensitive,
        "commentsEnabled": post.comments_enabled,
        "tag": tags(&post.mentions, post.group.as_ref(), &post.hashtags, &post.flairs),
        "replies": post.replies.document(),
    });
    post.addressing().write(&mut document);
    put(
        &mut document,
        "summary",
        post.warning.as_ref().filter(|warning| !warning.is_empty()),
    );
    post.tallies.write(&mut document, &post.uri);
    post.quoting.write(&mut document, post.group.as_ref());
    write_times(&mut document, post.published, post.updated);
    document
}

/// One line of at most 200 characters, never empty (P30).
fn title(title: &str) -> String {
    let line = title.split_whitespace().collect::<Vec<_>>().join(" ");
    let cut: String = line.chars().take(TITLE).collect();
    if cut.is_empty() {
        "\u{2026}".to_owned()
    } else {
        cut
    }
}

/// Only Link and Image, the link first: any other type makes Lemmy drop the whole post (rule 6),
/// and it takes the first for the post's address.
fn attachments(post: &PostDocument) -> Value {
    let link = post.link.iter().map(LinkDocument::attachment);
    let images = post.images.iter().map(|image| image.attachment("Image"));
    link.chain(images).take(ATTACHMENTS).collect()
}

/// FEP-9967. The list is `anyOf` or `oneOf`, and never both.
fn write_poll(document: &mut Value, poll: &PollDocument) {
    let choices: Vec<Value> = poll
        .choices
        .iter()
        .map(|choice| {
            let replies = json!({"type": "Collection", "totalItems": choice.votes});
            json!({"type": NoteType::Note, "name": choice.name, "replies": replies})
        })
        .collect();
    set(
        document,
        if poll.multiple { "anyOf" } else { "oneOf" },
        json!(choices),
    );
    put(document, "endTime", poll.ends_at.map(Ts::rfc3339));
    set(document, "votersCount", json!(poll.voters));
    put(document, "closed", poll.closed.map(Ts::rfc3339));
}

/// FEP-8a8e, without `actor`, which Akkoma would compare with `attributedTo`.
fn write_event(document: &mut Value, event: &EventDocument, uri: &str) {
    set(document, "startTime", json!(event.starts_at.rfc3339()));
    put(document, "endTime", event.ends_at.map(Ts::rfc3339));
    set(document, "timezone", json!(event.timezone));
    set(document, "joinMode", json!(event.join_mode));
    put(document, "maximumAttendeeCapacity", event.capacity);
    set(document, "participantCount", json!(event.attendees));
    set(document, "attendees", json!(format!("{uri}/attendees")));
    let place = |name: &String| json!({"type": "Place", "name": name, "address": name});
    let online = |url: &String| json!({"type": "VirtualLocation", "url": url});
    let places = event.place.iter().map(place);
    let mut places = places.chain(event.online_url.iter().map(online));
    put(document, "location", places.next());
    put(document, "onlineLink", event.online_url.as_ref());
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::address::tests::{ANN, BOB, PUBLIC, tea};
    use super::*;

    pub(crate) fn article() -> PostDocument {
        PostDocument {
            uri: "https://hall.example/post/42".into(),
            url: "https://hall.example/post/42".into(),
            form: PostForm::Article,
            author: ANN.into(),
            author_followers: format!("{ANN}/followers"),
            group: Some(tea()),
            title: "Green or black?".into(),
            text: Text {
                html: "<p>Which <strong>one</strong>?</p>".into(),
                markdown: Some("Which **one**?".into()),
            },
            language: Some(Language {
                tag: "de".into(),
                name: "Deutsch".into(),
            }),
            link: None,
            images: Vec::new(),
            thumbnail: None,
            mentions: vec![MentionRef {
                uri: BOB.into(),
                handle: "bob@b.example".into(),
            }],
            hashtags: vec![TagRef {
                word: "tea".into(),
                href: "https://hall.example/tags/tea".into(),
            }],
            flairs: Vec::new(),
            sensitive: false,
            warning: None,
            comments_enabled: true,
            quoting: Quoting::default(),
            replies: Replies {
                uri: "https://hall.example/post/42/replies".into(),
                ..Replies::default()
            },
            tallies: Tallies::default(),
            published: Ts::parse("2026-01-01T00:00:00Z").unwrap(),
            updated: None,
        }
    }

    #[test]
    fn s083_the_form_decides_the_type_and_it_is_never_a_note() {
        let poll = PollDocument {
            choices: vec![Choice {
                name: "A".into(),
                votes: 1,
            }],
            multiple: false,
            ends_at: Some(Ts(1)),
            closed: None,
            voters: 1,
        };
        let event = EventDocument {
            starts_at: Ts(1),
            ends_at: None,
            timezone: "Europe/Berlin".into(),
            place: Some("Hall".into()),
            online_url: None,
            join_mode: "free",
            capacity: Some(12),
            attendees: 3,
        };
        let kinds = [
            PostForm::Article,
            PostForm::Page,
            PostForm::Poll(poll),
            PostForm::Event(event),
        ]
        .map(|form| post(&PostDocument { form, ..article() })["type"].clone());
        assert_eq!(kinds, ["Article", "Page", "Question", "Event"]);
    }

    #[test]
    fn s065_attachments_are_links_and_images_the_link_first() {
        let image = |n: u8| ImageDocument {
            url: format!("https://m/{n}"),
            alt: Some("a cup".into()),
            ..ImageDocument::default()
        };
        let link = LinkDocument {
            href: "https://pots.example/".into(),
            name: None,
        };
        let document = post(&PostDocument {
            link: Some(link),
            images: (0..20).map(image).collect(),
            ..article()
        });
        let list = document["attachment"].as_array().unwrap();
        assert_eq!(
            (list.len(), &list[0]),
            (
                16,
                &json!({"type": "Link", "href": "https://pots.example/"})
            )
        );
        assert!(
            list[1..]
                .iter()
                .all(|one| one["type"] == "Image" && one["name"] == "a cup")
        );
        assert_eq!(
            post(&article())["attachment"],
            json!([]),
            "an array also when empty"
        );
        let alone = post(&PostDocument {
            group: None,
            mentions: Vec::new(),
            hashtags: Vec::new(),
            ..article()
        });
        assert_eq!(alone["tag"], json!([]), "and so are tags");
    }

    #[test]
    fn s068_a_post_mentions_its_group() {
        let document = post(&article());
        let tags = document["tag"].as_array().unwrap();
        let group = json!({"type": "Mention", "href": tea().uri, "name": "@tea@hall.example"});
        assert!(tags.contains(&group), "{tags:?}");
    }

    #[test]
    fn s062_s064_addressing_is_in_arrays_and_audience_is_one_string() {
        let document = post(&article());
        assert_eq!(document["to"], json!([tea().uri, PUBLIC]));
        assert_eq!(document["cc"], json!([BOB, format!("{ANN}/followers")]));
        assert_eq!(document["audience"], tea().uri);
        assert_eq!(document["context"], "https://hall.example/post/42/context");
        assert_eq!(document["attributedTo"], ANN);
    }

    #[test]
    fn s067_published_stays_and_updated_appears_with_an_edit() {
        let edited = post(&PostDocument {
            updated: Some(Ts::parse("2026-02-01T00:00:00Z").unwrap()),
            ..article()
        });
        assert_eq!(edited["published"], post(&article())["published"]);
        assert!(edited["updated"].as_str() > edited["published"].as_str());
        assert!(post(&article()).get("updated").is_none());
    }

    #[test]
    fn summary_is_only_the_authors_warning() {
        assert!(post(&article()).get("summary").is_none());
        let warned = post(&PostDocument {
            warning: Some("spoilers".into()),
            ..article()
        });
        assert_eq!(warned["summary"], "spoilers");
    }

    #[test]
    fn a_title_is_one_line_of_at_most_200_characters() {
        let long = PostDocument {
            title: format!(" a\nb {}", "\u{e4}".repeat(300)),
            ..article()
        };
        let name = post(&long)["name"].as_str().unwrap().to_owned();
        assert!(name.starts_with("a b \u{e4}") && name.chars().count() == 200);
        assert_ne!(
            post(&PostDocument {
                title: " ".into(),
                ..article()
            })["name"],
            "",
            "s34"
        );
    }

    #[test]
    fn s93_a_poll_lists_its_choices_once() {
        let poll = PollDocument {
            choices: vec![Choice {
                name: "A".into(),
                votes: 2,
            }],
            multiple: true,
            ends_at: Some(Ts(1)),
            closed: Some(Ts(1)),
            voters: 2,
        };
        let document = post(&PostDocument {
            form: PostForm::Poll(poll),
            ..article()
        });
        assert_eq!(
            document["anyOf"],
            json!([{"type": "Note", "name": "A", "replies": {"type": "Collection", "totalItems": 2}}])
        );
        assert!(document.get("oneOf").is_none() && document.get("closed").is_some());
    }

    #[test]
    fn s083_s156_an_event_says_when_and_where_and_how_one_comes_to_it() {
        let event = EventDocument {
            starts_at: Ts::parse("2026-06-01T18:00:00Z").unwrap(),
            ends_at: Ts::parse("2026-06-01T20:00:00Z"),
            timezone: "Europe/Berlin".into(),
            place: Some("Hall, Main Street 1".into()),
            online_url: Some("https://meet.example/1".into()),
            join_mode: "restricted",
            capacity: Some(12),
            attendees: 3,
        };
        let document = post(&PostDocument {
            form: PostForm::Event(event),
            ..article()
        });
        for (field, value) in [
            ("type", json!("Event")),
            ("startTime", json!("2026-06-01T18:00:00Z")),
            ("endTime", json!("2026-06-01T20:00:00Z")),
            ("timezone", json!("Europe/Berlin")),
            ("joinMode", json!("restricted")),
            ("maximumAttendeeCapacity", json!(12)),
            ("participantCount", json!(3)),
            ("attendees", json!("https://hall.example/post/42/attendees")),
            ("onlineLink", json!("https://meet.example/1")),
        ] {
            assert_eq!(document[field], value, "{field}");
        }
        assert_eq!(document["location"]["name"], "Hall, Main Street 1");
        assert!(document.get("actor").is_none(), "Akkoma would compare it");
    }
}
