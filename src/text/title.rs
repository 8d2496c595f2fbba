//! Titles: one line of plain text, checked for our own posts, extracted for foreign ones (federation.md 5.2).

use super::plain::{breaks_line, decode, shorten};
use super::tokens::{Token, Tokens, attribute};
use super::unicode::{Marks, composed};

/// The fewest characters of a title.
pub(crate) const SHORTEST: usize = 3;
/// The most characters of a title, in Unicode scalar values, as at Lemmy.
pub(crate) const LONGEST: usize = 200;

/// Why a title cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[cfg(test)]
pub(crate) enum BadTitle {
    /// Fewer than [`SHORTEST`] characters.
    #[error("The title is too short: write at least {SHORTEST} characters.")]
    TooShort,
    /// More than [`LONGEST`] characters.
    #[error("The title is too long: write at most {LONGEST} characters.")]
    TooLong,
}

/// What a foreign object offers from which a title can be made.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Sources<'a> {
    /// `name`, or the first value of `nameMap`.
    pub(crate) name: Option<&'a str>,
    /// `content`, sanitised.
    pub(crate) html: &'a str,
    /// `summary`, the content warning.
    pub(crate) summary: Option<&'a str>,
    /// The alternative text of the first attachment.
    pub(crate) alt: Option<&'a str>,
    /// `user@host` of the author, without a leading `@`.
    pub(crate) author: &'a str,
}

/// One line in composed form, without control characters, direction overrides, invisible or piled-up
/// marks; white space collapsed.
pub(crate) fn one_line(text: &str) -> String {
    let mut before = ' ';
    let mut marks = Marks::default();
    let visible = composed(text);
    let visible = visible
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .filter(|c| {
            let lost = is_joiner(*c) && before.is_ascii();
            let kept = !is_hidden(*c) && !lost && marks.fits(*c);
            before = if kept { *c } else { before };
            kept
        });
    visible
        .collect::<String>()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// A title that a person wrote here, brought into form, or why it cannot be one.
#[cfg(test)]
pub(crate) fn check(text: &str) -> Result<String, BadTitle> {
    let bounded: String = text.chars().take(LONGEST * 8).collect();
    let title = one_line(&bounded);
    match title.chars().count() {
        0..SHORTEST => Err(BadTitle::TooShort),
        SHORTEST..=LONGEST => Ok(title),
        _ => Err(BadTitle::TooLong),
    }
}

/// The title of a foreign post. Always gives one, between 3 and 200 characters.
pub(crate) fn extract(sources: &Sources<'_>) -> String {
    let stripped = |text: &str| first(lines(text).iter().map(|line| line.text(0)));
    let name = sources.name.and_then(stripped);
    let summary = || sources.summary.and_then(stripped);
    let alt = || sources.alt.map(one_line).filter(|alt| long_enough(alt));
    let title = name
        .or_else(|| first_line_title(sources.html))
        .or_else(summary)
        .or_else(alt)
        .unwrap_or_else(|| format!("Post by @{}", sources.author));
    shorten(&one_line(&title), LONGEST, false)
}

/// The title that the content alone gives: its first heading, else its first line with words of its own.
///
/// Leading mentions and a trailing run of hashtags are taken off; lines of under 3 characters are passed over.
pub(crate) fn first_line_title(html: &str) -> Option<String> {
    let lines = lines(html);
    let heading = first(
        lines
            .iter()
            .filter(|line| line.heading)
            .map(|line| line.text(0)),
    );
    let line = || {
        first(
            lines
                .iter()
                .map(|line| without_hashtags(&line.text(line.leading_mentions()))),
        )
    };
    heading
        .or_else(line)
        .map(|title| shorten(&title, LONGEST, false))
}

fn first(titles: impl Iterator<Item = String>) -> Option<String> {
    titles.take(50).find(|title| long_enough(title))
}

fn long_enough(title: &str) -> bool {
    title.chars().nth(SHORTEST - 1).is_some()
}

/// A line of content, in pieces so that mentions made by links can be told from words.
#[derive(Default)]
struct Line {
    heading: bool,
    pieces: Vec<(String, bool)>,
}

impl Line {
    /// How many pieces at the start are mentions or blank.
    fn leading_mentions(&self) -> usize {
        self.pieces
            .iter()
            .take_while(|(text, mention)| *mention || text.trim().is_empty())
            .count()
    }

    /// The words from this piece on, without mentions written as plain text at the start.
    fn text(&self, from: usize) -> String {
        let text: String = self
            .pieces
            .iter()
            .skip(from)
            .map(|(text, _)| text.as_str())
            .collect();
        let line = one_line(&text);
        if from == 0 && self.leading_mentions() == 0 && !line.starts_with(['@', '!']) {
            return line;
        }
        let words: Vec<&str> = line
            .split(' ')
            .skip_while(|word| is_mention(word))
            .collect();
        words
            .join(" ")
            .trim_start_matches([',', ':', ' '])
            .to_owned()
    }
}

/// The lines of some HTML: blocks and `<br>` part them.
fn lines(html: &str) -> Vec<Line> {
    let mut lines = vec![Line::default()];
    let mut mention: Option<(&str, usize)> = None;
    for token in Tokens::of(html) {
        let Some(line) = lines.last_mut() else { break };
        match token {
            Token::Text(text) => line.pieces.push((decode(text), mention.is_some())),
            Token::Open { name, .. } | Token::Close(name) if breaks_line(name) => {
                let heading = is_heading(name) && html_opens(&token);
                mention = None;
                lines.push(Line {
                    heading,
                    pieces: Vec::new(),
                });
            }
            Token::Open { name, attributes } => match &mut mention {
                Some((open, depth)) if open.eq_ignore_ascii_case(name) => *depth += 1,
                None if marks_mention(&attributes) => mention = Some((name, 1)),
                _ => {}
            },
            Token::Close(name) => {
                if let Some((open, depth)) = &mut mention
                    && open.eq_ignore_ascii_case(name)
                {
                    *depth -= 1;
                    if *depth == 0 {
                        mention = None;
                    }
                }
            }
        }
    }
    lines
}

fn html_opens(token: &Token<'_>) -> bool {
    matches!(token, Token::Open { .. })
}

fn is_heading(name: &str) -> bool {
    let mut letters = name.chars();
    matches!(
        (letters.next(), letters.next(), letters.next()),
        (Some('h' | 'H'), Some('1'..='6'), None)
    )
}

/// Mastodon marks hashtags as `mention hashtag`; those are words.
fn marks_mention(attributes: &[(&str, &str)]) -> bool {
    let classes = attribute(attributes, "class").unwrap_or("");
    let has = |class| classes.split_ascii_whitespace().any(|found| found == class);
    has("mention") && !has("hashtag")
}

fn is_mention(word: &str) -> bool {
    let word = word.trim_end_matches([',', ':', ';']);
    match word.strip_prefix('@') {
        Some(name) => name.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_'),
        None => word
            .strip_prefix('!')
            .is_some_and(|name| name.contains('@')),
    }
}

fn without_hashtags(line: &str) -> String {
    let words: Vec<&str> = line.split(' ').collect();
    let kept = words
        .iter()
        .rposition(|word| !word.starts_with('#'))
        .map_or(0, |at| at + 1);
    if kept == 0 {
        line.to_owned()
    } else {
        words.get(..kept).unwrap_or(&words).join(" ")
    }
}

/// Whether there is nothing to be seen.
pub(crate) fn is_blank(text: &str) -> bool {
    let unseen = |c: char| c.is_whitespace() || c.is_control() || is_hidden(c) || is_joiner(c);
    text.chars().all(unseen)
}

/// Joins or parts letters and pictures where scripts need it; after ASCII it can only hide.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

/// Marks that are invisible or turn the direction of what follows. The joiners that scripts and emoji need stay.
fn is_hidden(c: char) -> bool {
    matches!(
        c,
        '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
            | '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{e0000}'..='\u{e007f}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s181_what_cannot_be_seen_is_left_out_of_a_line() {
        for hidden in [
            "\u{202e}",
            "\u{2066}",
            "\u{200b}",
            "\u{200c}",
            "\u{200d}",
            "\u{feff}",
            "\u{ad}",
            "\u{61c}",
            "\u{180e}",
            "\u{e0041}",
            "\0",
        ] {
            let line = one_line(&format!("an{hidden}na"));
            assert!(line == "anna" || line == "an na", "{hidden:?} {line:?}");
        }
        let family = "\u{1f469}\u{200d}\u{1f467}";
        assert_eq!(one_line(family), family, "pictures are joined");
    }

    const MENTION: &str = r#"<span class="h-card"><a href="https://h.example/c/tea" class="u-url mention">@<span>tea</span></a></span>"#;

    #[test]
    fn own_titles_are_one_line_of_three_to_two_hundred_characters() {
        assert_eq!(
            check(" Hello\n\u{7} \u{202e}world\u{200b} ").unwrap(),
            "Hello world"
        );
        assert_eq!(check("ab"), Err(BadTitle::TooShort));
        assert_eq!(check("a\u{200b}\u{feff}b  "), Err(BadTitle::TooShort));
        assert_eq!(check(&"ä".repeat(200)).unwrap().chars().count(), 200);
        assert_eq!(check(&"ä".repeat(201)), Err(BadTitle::TooLong));
        assert_eq!(check("<b>1 < 2</b>").unwrap(), "<b>1 < 2</b>");
    }

    #[test]
    fn a_title_comes_from_the_first_line_with_words() {
        for (html, expected) in [
            (format!("<p>{MENTION} hello there</p>"), Some("hello there")),
            (
                format!("<p>{MENTION} {MENTION}: hello {MENTION} there</p>"),
                Some("hello @tea there"),
            ),
            ("<p>@tea@h.example @bob hello</p>".to_owned(), Some("hello")),
            ("<p>!tea@h.example hello</p>".to_owned(), Some("hello")),
            (
                "<p>hello @tea@h.example</p>".to_owned(),
                Some("hello @tea@h.example"),
            ),
            ("<p>one<br>two</p><p>three</p>".to_owned(), Some("one")),
            (
                format!("<p>{MENTION}</p><p>Second &amp; last</p>"),
                Some("Second & last"),
            ),
            (
                "<p>intro</p><h2>The  heading</h2>".to_owned(),
                Some("The heading"),
            ),
            (
                "<p>tea is good #tea #oolong</p>".to_owned(),
                Some("tea is good"),
            ),
            ("<p>#tea #oolong</p>".to_owned(), Some("#tea #oolong")),
            (
                "<p><a class=\"mention hashtag\" href=\"x\">#<span>tea</span></a> is good</p>"
                    .to_owned(),
                Some("#tea is good"),
            ),
            (
                "<p>hi</p><p>longer line</p>".to_owned(),
                Some("longer line"),
            ),
            ("<p>a</p>".to_owned(), None),
            (String::new(), None),
            (format!("<p>{MENTION}"), None),
        ] {
            assert_eq!(first_line_title(&html).as_deref(), expected, "{html}");
        }
    }

    #[test]
    fn long_first_lines_are_cut_between_words() {
        let title = first_line_title(&format!("<p>{}</p>", "word ".repeat(100))).unwrap();
        assert!(
            title.chars().count() <= LONGEST && title.ends_with("word…"),
            "{title}"
        );
    }

    #[test]
    fn sources_are_tried_in_order() {
        let mut sources = Sources {
            name: Some("<b>The name</b>"),
            html: "<p>The content</p>",
            summary: Some("The warning"),
            alt: Some("A picture"),
            author: "mia@m.example",
        };
        assert_eq!(extract(&sources), "The name");
        sources.name = Some(" ");
        assert_eq!(extract(&sources), "The content");
        sources.html = "<p>.</p>";
        assert_eq!(extract(&sources), "The warning");
        sources.summary = None;
        assert_eq!(extract(&sources), "A picture");
        sources.alt = None;
        assert_eq!(extract(&sources), "Post by @mia@m.example");
    }
}
