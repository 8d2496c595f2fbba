//! A note, page, article, film, event or question to the text of a post or comment.

use crate::domain::clock::Ts;
use crate::domain::event::{Event, JoinMode};
use crate::domain::ids::ActorId;
use crate::domain::poll::{Choice, Poll};
use crate::domain::post::{Attachment, Extra, PostKind};
use crate::operations::markup::{Foreign, Markup};
use crate::settings::Intake;
use crate::text::markdown::{self, Links};
use crate::text::{language, plain, sanitise, title};

use super::super::wire::{self, AttachmentKind, Tag};

/// The longest Markdown source that is kept, in bytes.
const LONGEST_SOURCE: usize = 128 * 1024;
/// Characters of a content warning that are kept.
const LONGEST_WARNING: usize = 300;
/// The first moment of 1990: what claims to be older is not believed (security.md H75).
const OLDEST: Ts = Ts(631_152_000_000_000);

/// The words and pictures of a foreign object, ready for a post or a comment.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Draft {
    /// The form of a post.
    pub(crate) kind: PostKind,
    /// The text.
    pub(crate) body: Markup,
    /// What a link post is about.
    pub(crate) link_url: Option<String>,
    /// BCP 47 tag.
    pub(crate) language: Option<String>,
    /// Not for everybody's eyes.
    pub(crate) sensitive: bool,
    /// The author's content warning.
    pub(crate) warning: Option<String>,
    /// Pictures and files.
    pub(crate) attachments: Vec<Attachment>,
    /// What it carries besides.
    pub(crate) extra: Extra,
    /// The picture of the page that it links to.
    pub(crate) thumbnail: Option<String>,
    /// The page for people.
    pub(crate) url: Option<String>,
    /// By its author's word, never later than its arrival.
    pub(crate) published_at: Ts,
    /// Spoken as a moderator.
    pub(crate) distinguished: bool,
}

impl Draft {
    /// The title that a post gets (federation.md 5.2). `author` is `user@host`.
    pub(crate) fn title(&self, object: &wire::Object, author: &str) -> String {
        let html = match &self.body {
            Markup::Html(text) => text.html(),
            Markup::Markdown(text) => text,
        };
        title::extract(&title::Sources {
            name: object.name.as_deref(),
            html,
            summary: object.summary.as_deref(),
            alt: object
                .attachments
                .iter()
                .find_map(|one| one.name.as_deref()),
            author,
        })
    }
}

/// Reads the object. `group` is the name of the group it is for (its own hashtag is left out),
/// `mentions` the known people whom it names, `now` its arrival; of tags and files there are no more
/// than `most` allows.
pub(crate) fn draft(
    object: &wire::Object,
    group: &str,
    mentions: Vec<ActorId>,
    now: Ts,
    most: &Intake,
) -> Draft {
    let (html, source) = (html(object), source(object));
    let text = Foreign::new(&html, source, hashtags(object, group, most), mentions);
    Draft {
        kind: PostKind::parse(&object.kind),
        body: Markup::Html(text),
        link_url: link(object),
        language: object.language.as_deref().and_then(language::tag),
        sensitive: object.sensitive,
        warning: warning(object),
        attachments: attachments(object, most),
        extra: extra(object),
        thumbnail: object.thumbnail.clone(),
        url: object.url.clone(),
        published_at: published_at(object, now),
        distinguished: object.distinguished,
    }
}

/// When the object was last changed: never later than its arrival, which stands for an absent time.
/// A poll without one, or with the time that is `known`, only brings new counts (federation.md 4.4).
pub(crate) fn edited_at(object: &wire::Object, known: Ts, now: Ts) -> Ts {
    let absent = if object.options.is_empty() {
        now
    } else {
        known
    };
    object.updated.unwrap_or(absent).min(now)
}

/// The ids of those whom the object mentions, at most so many (federation.md 4.14).
pub(crate) fn mentioned(object: &wire::Object, most: u16) -> Vec<String> {
    let href = |tag: &Tag| match tag {
        Tag::Mention { href, .. } => Some(href.clone()),
        _ => None,
    };
    object
        .tags
        .iter()
        .filter_map(href)
        .take(most.into())
        .collect()
}

/// When the object was written, if that can be believed; never later than its arrival.
pub(super) fn published_at(object: &wire::Object, now: Ts) -> Ts {
    let said = object.published.filter(|at| *at >= OLDEST);
    said.unwrap_or(now).min(now)
}

/// The Markdown of the object, if it is not too long: its source, or the text itself.
pub(super) fn source(object: &wire::Object) -> Option<&str> {
    let content = || match object.media_type.as_deref() {
        Some("text/markdown") if object.source.is_none() => object.content.as_deref(),
        _ => None,
    };
    object
        .markdown()
        .or_else(content)
        .filter(|text| text.len() <= LONGEST_SOURCE)
}

/// The words of the object; not clean yet.
pub(super) fn html(object: &wire::Object) -> String {
    let content = object.content.as_deref().unwrap_or_default();
    match object.media_type.as_deref() {
        Some("text/plain") => plain::to_html(content),
        Some("text/markdown") => markdown::render(content, &Links::NONE),
        _ => content.to_owned(),
    }
}

fn extra(object: &wire::Object) -> Extra {
    if object.kind == "Question" && !object.options.is_empty() {
        return Extra::Poll(poll(object));
    }
    match object.start_time {
        Some(starts_at) if object.kind == "Event" => Extra::Event(event(object, starts_at)),
        _ => Extra::Nothing,
    }
}

/// The meeting in an event (FEP-8a8e).
fn event(object: &wire::Object, starts_at: Ts) -> Event {
    let count = |number: u64| i64::try_from(number).unwrap_or(0);
    let mode = object.join_mode.as_deref();
    Event {
        starts_at,
        ends_at: object.end_time.filter(|end| *end >= starts_at),
        timezone: object.timezone.clone().unwrap_or_else(|| "UTC".to_owned()),
        place: object.location.clone(),
        online_url: object.online.clone(),
        join_mode: mode.map_or(JoinMode::Free, |mode| {
            JoinMode::parse(mode).unwrap_or(JoinMode::External)
        }),
        capacity: object.capacity.filter(|most| *most > 0).map(count),
        attendees: object.participants.map_or(0, count),
    }
}

/// The poll in a question, as its author's server counts it.
fn poll(object: &wire::Object) -> Poll {
    let count = |number: u64| i64::try_from(number).unwrap_or(0);
    let choices = object.options.iter().map(|one| Choice {
        name: one.name.clone(),
        votes: count(one.votes),
    });
    let choices: Vec<Choice> = choices.collect();
    // Who does not count people lets each of them choose once.
    let voted = || choices.iter().map(|one| one.votes).sum();
    Poll {
        multiple: object.multiple,
        ends_at: object.end_time,
        closed_at: None,
        voters: object.voters_count.map_or_else(voted, count),
        choices,
    }
}

/// In lower case, without `#`, each once; not the group's own name, which Lemmy adds to everything.
fn hashtags(object: &wire::Object, group: &str, most: &Intake) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for tag in &object.tags {
        let Tag::Hashtag { name } = tag else { continue };
        let name = name.trim_start_matches('#').to_lowercase();
        let own = name.eq_ignore_ascii_case(group);
        if !own && !name.contains(char::is_whitespace) && !names.contains(&name) {
            names.push(name);
        }
    }
    names.truncate(most.hashtags.into());
    names
}

/// The first link; for films, sounds and events their page.
fn link(object: &wire::Object) -> Option<String> {
    let link = object
        .attachments
        .iter()
        .find(|one| one.kind == AttachmentKind::Link);
    let page = || {
        let foreign = matches!(object.kind.as_str(), "Video" | "Audio" | "Event" | "Link");
        object.url.clone().filter(|_| foreign)
    };
    link.map(|one| one.url.clone()).or_else(page)
}

/// `summary` warns on notes, and where the object is sensitive; elsewhere it is a teaser (NodeBB)
/// or the title again (Mbin).
fn warning(object: &wire::Object) -> Option<String> {
    let warns = object.kind == "Note" || (object.sensitive && object.kind != "Page");
    let summary = object.summary.as_deref().filter(|_| warns)?;
    let line = plain::excerpt_html(&sanitise::clean(summary), LONGEST_WARNING);
    (!line.is_empty()).then_some(line)
}

fn attachments(object: &wire::Object, most: &Intake) -> Vec<Attachment> {
    let files = object
        .attachments
        .iter()
        .filter(|one| one.kind != AttachmentKind::Link);
    files
        .take(most.attachments.into())
        .map(|one| Attachment {
            url: one.url.clone(),
            media_type: media_type(one),
            alt: one.name.clone(),
            size: one.width.zip(one.height),
            blurhash: one.blurhash.clone(),
            focus: one.focus,
        })
        .collect()
}

/// What the sender says, else what its kind says.
fn media_type(one: &wire::Attachment) -> Option<String> {
    let kind = match one.kind {
        AttachmentKind::Image => Some("image/*"),
        AttachmentKind::Video => Some("video/*"),
        AttachmentKind::Audio => Some("audio/*"),
        AttachmentKind::Link | AttachmentKind::Document => None,
    };
    one.media_type.clone().or_else(|| kind.map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const NOW: Ts = Ts(1_788_256_800_000_000);

    fn object(fields: &Value) -> wire::Object {
        let mut value = json!({"id": "https://m/1", "type": "Note"});
        for (key, field) in fields.as_object().unwrap() {
            value[key] = field.clone();
        }
        wire::Object::from_value(&value).unwrap()
    }

    fn read(fields: &Value) -> Draft {
        let object = object(fields);
        draft(&object, "tea", Vec::new(), NOW, &Intake::default())
    }

    fn title(fields: &Value) -> String {
        let object = object(fields);
        draft(&object, "tea", Vec::new(), NOW, &Intake::default()).title(&object, "ann@m")
    }

    #[test]
    fn the_mention_of_the_group_is_no_part_of_the_title() {
        let note = &json!({"content": "<p><span class=\"h-card\"><a href=\"https://h/c/tea\" class=\"u-url mention\">@<span>tea</span></a></span> Which pot do you use?</p><p>Mine leaks.</p>"});
        assert_eq!(title(note), "Which pot do you use?");
        assert_eq!(read(note).kind, PostKind::Note);
    }

    #[test]
    fn a_lemmy_page_keeps_title_link_source_and_language() {
        let sent = json!({"type": "Page", "name": "Snow chains", "content": "<p>Three</p>",
            "source": {"content": "Three", "mediaType": "text/markdown"},
            "attachment": [{"type": "Link", "href": "https://shop/x"}, {"type": "Image", "url": "https://l/p.png", "name": "alt"}],
            "language": {"identifier": "de", "name": "Deutsch"}, "sensitive": false,
            "tag": [{"type": "Hashtag", "name": "#Tea"}, {"type": "Hashtag", "name": "#Ice"}]});
        assert_eq!(title(&sent), "Snow chains");
        let page = read(&sent);
        assert_eq!(page.link_url.as_deref(), Some("https://shop/x"));
        assert_eq!(page.language.as_deref(), Some("de"));
        assert_eq!(page.attachments.len(), 1);
        assert_eq!(page.attachments[0].alt.as_deref(), Some("alt"));
        let text = Foreign::new("<p>Three</p>", Some("Three"), vec!["ice".into()], vec![]);
        assert_eq!(
            page.body,
            Markup::Html(text),
            "the group's own hashtag is left out"
        );
    }

    #[test]
    fn a_summary_warns_on_notes_but_not_on_articles() {
        let summary = json!({"summary": "Spiders", "content": "<p>look</p>"});
        assert_eq!(read(&summary).warning.as_deref(), Some("Spiders"));
        let article =
            json!({"type": "Article", "name": "T", "summary": "A teaser", "content": "x"});
        assert_eq!(read(&article).warning, None);
    }

    #[test]
    fn a_text_in_markdown_is_rendered_and_kept() {
        let sent = json!({"mediaType": "text/markdown", "content": "**Hot** <script>x</script>"});
        let Markup::Html(text) = read(&sent).body else {
            panic!("it comes from elsewhere");
        };
        assert!(
            text.html().contains("<strong>Hot</strong>"),
            "{}",
            text.html()
        );
        assert!(!text.html().contains("<script"), "{}", text.html());
        let object = object(&sent);
        assert_eq!(source(&object), object.content.as_deref());
    }

    #[test]
    fn times_of_the_future_and_of_before_1990_are_those_of_arrival() {
        for odd in ["2999-01-01T00:00:00Z", "1970-01-02T00:00:00Z", "yesterday"] {
            assert_eq!(read(&json!({"published": odd})).published_at, NOW, "{odd}");
        }
        let past = read(&json!({"published": "2026-01-01T00:00:00Z"})).published_at;
        assert_eq!(past.rfc3339(), "2026-01-01T00:00:00Z");
        for (local, utc) in [
            ("2024-05-05T10:00:00", "2024-05-05T10:00:00Z"),
            ("2024-05-05 10:00:00", "2024-05-05T10:00:00Z"),
            ("2024-05-05", "2024-05-05T00:00:00Z"),
        ] {
            let at = read(&json!({ "published": local })).published_at;
            assert_eq!(at.rfc3339(), utc, "no zone is UTC");
        }
    }

    #[test]
    fn scripts_do_not_survive() {
        let note =
            read(&json!({"content": "<p>hi<script>alert(1)</script><img src=x onerror=a></p>"}));
        let text = format!("{note:?}").to_lowercase();
        assert!(
            !text.contains("<script") && !text.contains("onerror"),
            "{text}"
        );
    }

    #[test]
    fn a_post_without_words_is_named_after_its_picture_or_author() {
        let picture = json!({"content": "", "attachment": {"type": "Document", "mediaType": "image/png", "url": "https://m/x.png", "name": "A red pot"}});
        assert_eq!(title(&picture), "A red pot");
        assert_eq!(title(&json!({})), "Post by @ann@m");
    }
}
