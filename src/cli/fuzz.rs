//! The doors of the fuzzers in `tests/fuzz`: readers of foreign bytes, which must not panic and keep
//! what they promise whatever they are given. Nothing of the running hub comes here.

use std::borrow::Cow;

use crate::federation::fuzz;
use crate::text::markdown::{self, Links};
use crate::text::{mention, pictures, plain, sanitise, title};

/// A document of a peer, as it is posted to an inbox or fetched.
pub fn inbox(bytes: &[u8]) {
    fuzz::document(bytes);
}

/// The headers of a signed request, and its body.
pub fn signature(bytes: &[u8]) {
    fuzz::signature(bytes);
}

/// A WebFinger or NodeInfo answer.
pub fn discovery(bytes: &[u8]) {
    fuzz::discovery(bytes);
}

/// What is read of a text, so that many are tried in a second. What length alone can do is in the
/// tests of `text`.
const LONGEST: usize = 1024;

fn text(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes.get(..LONGEST).unwrap_or(bytes))
}

/// The Markdown of a member. The length says whether names in it lead somewhere.
pub fn markdown(bytes: &[u8]) {
    let source = text(bytes);
    let everybody = Links {
        mention: &|mention| Some(format!("https://m.example/@{}", mention.name)),
        hashtag: &|tag| Some(format!("https://hub.example/tags/{tag}")),
    };
    let links = if bytes.len().is_multiple_of(2) {
        everybody
    } else {
        Links::NONE
    };
    clean(&markdown::render(&source, &links));
    assert!(mention::find_mentions(&source).len() <= mention::MOST);
    assert!(mention::find_hashtags(&source).len() <= mention::MOST);
}

/// The HTML of a peer.
pub fn html(bytes: &[u8]) {
    let html = text(bytes);
    let cleaned = sanitise::clean(&html);
    clean(&cleaned);
    let ours = "https://hub.example/media/1";
    let shown = pictures::readdress(&cleaned, |_, _| Some(ours.to_owned()));
    clean(&shown);
    let mut addresses = pictures::addresses(&shown).into_iter();
    assert!(addresses.all(|address| address == ours), "{shown}");
    assert!(plain::excerpt_html(&cleaned, 100).chars().count() <= 100);
    if let Some(title) = title::first_line_title(&cleaned) {
        assert!(title.chars().count() <= title::LONGEST, "{title}");
    }
    clean(&sanitise::clean(&plain::to_html(&html)));
}

/// What was cleaned stays as it is when it is cleaned again, to the order of its attributes, so no
/// reader takes it otherwise than the cleaner did; and it has no tag but those that may stand.
fn clean(html: &str) {
    assert_eq!(sanitise::clean(html), html, "cleaning twice changes it");
    let low = html.to_ascii_lowercase();
    let forbidden = [
        "<script",
        "<style",
        "<svg",
        "<math",
        "<iframe",
        "<form",
        "<input",
        "<object",
        "<base",
        "<meta",
        "<link",
        "<template",
        "<!--",
    ];
    for tag in forbidden {
        assert!(!low.contains(tag), "{tag} in {html}");
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    /// Each input that is kept beside a fuzzer, the findings of the past among them.
    fn replay(target: &str, run: fn(&[u8])) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus");
        let mut files = 0;
        for entry in std::fs::read_dir(folder.join(target)).unwrap() {
            run(&std::fs::read(entry.unwrap().path()).unwrap());
            files += 1;
        }
        assert!(files > 2, "{target} has no corpus");
    }

    #[test]
    fn an_attribute_that_is_dropped_leaves_the_others_in_order() {
        super::html(
            b"<a id=x title=b href='https://a.example/' dir=up>c</a><td align=x lang=de dir=x>",
        );
        super::html(b"<img height=x src='https://a.example/b.png' width=20 dir=x alt=c title=d>");
    }

    #[test]
    #[should_panic(expected = "cleaning twice changes it")]
    fn html_in_another_order_than_the_cleaners_is_a_finding() {
        super::clean("<a title=\"b\" href=\"https://a.example/\">c</a>");
    }

    #[test]
    #[should_panic(expected = "cleaning twice changes it")]
    fn html_that_runs_is_a_finding() {
        super::clean("<p>a<script>b</script></p>");
    }

    #[test]
    fn only_the_start_of_a_long_text_is_read() {
        let (text, long) = ("a ".repeat(600), super::LONGEST);
        assert_eq!(super::text(text.as_bytes()).len(), long);
        super::html(&[0xff; 5_000]);
        super::markdown("@a #b *c* <".repeat(5_000).as_bytes());
    }

    #[test]
    fn h86_every_kept_input_of_the_fuzzers_is_borne() {
        replay("inbox", super::inbox);
        replay("signature", super::signature);
        replay("discovery", super::discovery);
        replay("markdown", super::markdown);
        replay("html", super::html);
    }
}
