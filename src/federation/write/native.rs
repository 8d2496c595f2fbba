//! A post as microblogs show it: a Note under the same id, for Mastodon and its kin fold an Article
//! behind its title and ignore its edits (federation.md, the amendment at its head).

use activitypub_federation::kinds::object::NoteType;
use serde_json::Value;

use super::parts::{Text, escape, set, write_text};
use super::post::{EventDocument, PostDocument, PostForm, frame, post as titled};
use crate::domain::clock::Ts;

/// Characters of text after which the rest is left to a link.
const LENGTH: usize = 5_000;
/// Elements that never have a closing tag.
const VOID: [&str; 4] = ["br", "hr", "img", "wbr"];

/// The post for a microblog peer: its title as the first block, no `name`, and no `summary` but an
/// author's warning. A poll stays a `Question`, which they all read.
pub(crate) fn post_note(post: &PostDocument) -> Value {
    if matches!(post.form, PostForm::Poll(_)) {
        return titled(post);
    }
    let mut document = frame(post, &NoteType::Note.to_string());
    set(&mut document, "inReplyTo", Value::Null);
    write_text(
        &mut document,
        &Text {
            html: content(post),
            markdown: None,
        },
        post.language.as_ref(),
    );
    let images = post
        .images
        .iter()
        .take(16)
        .map(|image| image.attachment("Document"));
    set(&mut document, "attachment", images.collect());
    document
}

fn content(post: &PostDocument) -> String {
    let mut html = format!("<p><strong>{}</strong></p>", escape(post.title.trim()));
    if let PostForm::Event(event) = &post.form {
        html.push_str(&event_lines(event));
    }
    let (body, cut) = cut(&post.text.html, LENGTH);
    html.push_str(&body);
    if let Some(link) = &post.link {
        html.push_str(&anchor(&link.href));
    }
    if cut || matches!(post.form, PostForm::Event(_)) {
        html.push_str(&anchor(&post.url));
    }
    html
}

fn event_lines(event: &EventDocument) -> String {
    let shown = |at: Ts| match at.local(&event.timezone) {
        Some(local) => local.replace('T', " "),
        None => at.rfc3339(),
    };
    let end = event
        .ends_at
        .map(|end| format!(" \u{2013} {}", shown(end)))
        .unwrap_or_default();
    let when = format!("{}{end} ({})", shown(event.starts_at), event.timezone);
    let place = event
        .place
        .as_ref()
        .map(|place| format!("<br>{}", escape(place)))
        .unwrap_or_default();
    let online = event.online_url.as_deref().map(anchor).unwrap_or_default();
    format!("<p>{}{place}</p>{online}", escape(&when))
}

fn anchor(url: &str) -> String {
    let url = escape(url);
    format!("<p><a href=\"{url}\">{url}</a></p>")
}

/// The HTML up to `limit` visible characters, with everything closed that was open, and whether
/// anything was left out. The HTML is our own sanitiser's: every `<` begins a tag.
fn cut(html: &str, limit: usize) -> (String, bool) {
    let mut open: Vec<&str> = Vec::new();
    let mut seen = 0;
    let mut rest = html;
    while !rest.is_empty() {
        let (piece, visible) = piece(rest);
        if visible && seen == limit {
            let mut kept = html.strip_suffix(rest).unwrap_or(html).to_owned();
            kept.push('\u{2026}');
            kept.extend(open.iter().rev().map(|name| format!("</{name}>")));
            return (kept, true);
        }
        seen += usize::from(visible);
        if !visible {
            note_tag(piece, &mut open);
        }
        rest = rest.strip_prefix(piece).unwrap_or_default();
    }
    (html.to_owned(), false)
}

/// The tag, entity or character at the beginning, and whether it is visible.
fn piece(rest: &str) -> (&str, bool) {
    let mut chars = rest.char_indices();
    let first = chars.next().map(|(_, c)| c);
    let end = match first {
        Some('<') => rest.find('>').map(|at| at + 1),
        Some('&') => rest.find(';').filter(|at| *at <= 10).map(|at| at + 1),
        _ => None,
    };
    let one = chars.next().map_or(rest.len(), |(at, _)| at);
    (
        rest.get(..end.unwrap_or(one)).unwrap_or(rest),
        first != Some('<'),
    )
}

fn note_tag<'a>(tag: &'a str, open: &mut Vec<&'a str>) {
    let inner = tag.trim_start_matches('<').trim_end_matches('>');
    if let Some(name) = inner.strip_prefix('/') {
        if let Some(at) = open.iter().rposition(|known| *known == name.trim()) {
            open.truncate(at);
        }
        return;
    }
    let name = inner
        .split([' ', '/', '\n', '\t'])
        .next()
        .unwrap_or_default();
    if !name.is_empty() && !name.starts_with('!') && !VOID.contains(&name) {
        open.push(name);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::address::tests::{PUBLIC, tea};
    use super::super::parts::{ImageDocument, LinkDocument};
    use super::super::post::tests::article;
    use super::*;
    use crate::domain::media::Focus;

    #[test]
    fn the_title_is_the_first_block_and_no_field() {
        let note = post_note(&PostDocument {
            title: "A & B <i>".into(),
            ..article()
        });
        assert_eq!(note["type"], "Note");
        assert_eq!(
            note["content"],
            "<p><strong>A &amp; B &lt;i&gt;</strong></p><p>Which <strong>one</strong>?</p>"
        );
        assert_eq!(note["contentMap"]["de"], note["content"]);
        assert!(note.get("name").is_none() && note.get("summary").is_none());
        assert_eq!(
            (&note["id"], &note["inReplyTo"]),
            (&super::super::post(&article())["id"], &Value::Null)
        );
        assert_eq!(note["to"], json!([tea().uri, PUBLIC]));
    }

    #[test]
    fn pictures_are_documents_with_alt_text_and_a_link_is_in_the_text() {
        let image = ImageDocument {
            url: "https://m/1".into(),
            media_type: Some("image/webp".into()),
            alt: Some("a cup".into()),
            size: Some((4, 3)),
            blurhash: None,
            focus: Focus::new(0.5, -1.0),
        };
        let link = LinkDocument {
            href: "https://pots.example/?a=1&b=2".into(),
            name: None,
        };
        let note = post_note(&PostDocument {
            images: vec![image],
            link: Some(link),
            ..article()
        });
        assert_eq!(
            note["attachment"],
            json!([{"type": "Document", "url": "https://m/1", "mediaType": "image/webp", "name": "a cup", "width": 4, "height": 3, "focalPoint": [0.5, -1.0]}])
        );
        let content = note["content"].as_str().unwrap();
        assert!(content.ends_with("<p><a href=\"https://pots.example/?a=1&amp;b=2\">https://pots.example/?a=1&amp;b=2</a></p>"), "{content}");
    }

    #[test]
    fn a_long_text_is_cut_at_5000_characters_with_a_link_to_read_on() {
        let html = format!(
            "<p>{}&amp;{}</p><ul><li>more</li></ul>",
            "\u{e4}".repeat(4_999),
            "x".repeat(9)
        );
        let note = post_note(&PostDocument {
            text: Text {
                html,
                markdown: None,
            },
            ..article()
        });
        let content = note["content"].as_str().unwrap();
        assert!(
            content.contains("\u{e4}&amp;\u{2026}</p><p><a href=\"https://hall.example/post/42\">"),
            "{}",
            content.len()
        );
        assert!(!content.contains("more"));
    }

    #[test]
    fn a_cut_closes_what_is_open() {
        assert_eq!(
            cut("<ul><li>ab<br>c <a href=\"x\">de</a></li></ul>", 5).0,
            "<ul><li>ab<br>c <a href=\"x\">d\u{2026}</a></li></ul>"
        );
        assert_eq!(cut("<p>abc</p>", 3), ("<p>abc</p>".to_owned(), false));
        assert!(
            cut("a < b & c", 2).1,
            "even what no sanitiser lets through ends"
        );
    }

    #[test]
    fn an_event_tells_when_and_where_in_its_text() {
        let event = EventDocument {
            starts_at: Ts::parse("2026-03-01T18:00:00Z").unwrap(),
            ends_at: None,
            timezone: "Europe/Berlin".into(),
            place: Some("Hall <1>".into()),
            online_url: None,
            join_mode: "free",
            capacity: None,
            attendees: 0,
        };
        let note = post_note(&PostDocument {
            form: PostForm::Event(event),
            ..article()
        });
        let content = note["content"].as_str().unwrap();
        assert!(
            content.contains("<p>2026-03-01 19:00 (Europe/Berlin)<br>Hall &lt;1&gt;</p>"),
            "{content}"
        );
        assert!(content.ends_with("https://hall.example/post/42</a></p>"));
    }
}
