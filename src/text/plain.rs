//! HTML to plain text, and short pieces of text for lists, mails and previews.

pub(crate) use super::tokens::escape;
use super::tokens::{Token, Tokens};

/// Elements that begin and end on a line of their own.
const LINES: [&str; 24] = [
    "p",
    "div",
    "br",
    "hr",
    "li",
    "ul",
    "ol",
    "blockquote",
    "pre",
    "table",
    "tr",
    "details",
    "summary",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "section",
    "article",
    "figure",
    "dt",
    "dd",
];

/// The text of sanitised HTML: blocks become lines, entities characters, everything else goes.
pub(crate) fn plain(html: &str) -> String {
    let mut out = String::with_capacity(html.len() / 2);
    for token in Tokens::of(html) {
        match token {
            Token::Text(text) => push_words(&mut out, &decode(text)),
            Token::Open { name, .. } | Token::Close(name) if breaks_line(name) => {
                out.truncate(out.trim_end_matches(' ').len());
                if !out.is_empty() && !out.ends_with('\n') {
                    out.push('\n');
                }
            }
            // Words of two cells are two words.
            Token::Close("td" | "th") => push_words(&mut out, " "),
            _ => {}
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Plain text as HTML: paragraphs at empty lines, `<br>` at others. For what is too complex to render.
pub(crate) fn to_html(text: &str) -> String {
    let paragraphs = text.replace("\r\n", "\n");
    let paragraphs = paragraphs
        .split("\n\n")
        .map(str::trim)
        .filter(|paragraph| !paragraph.is_empty());
    paragraphs.fold(String::new(), |html, paragraph| {
        html + "<p>" + &escape(paragraph).replace('\n', "<br>") + "</p>"
    })
}

/// The first `most` characters of some plain text on one line, cut between words, with an ellipsis if cut.
pub(crate) fn excerpt(text: &str, most: usize) -> String {
    let bounded: String = text
        .chars()
        .take(most.saturating_mul(4).saturating_add(64))
        .collect();
    let line = bounded.split_whitespace().collect::<Vec<_>>().join(" ");
    shorten(&line, most, bounded.len() < text.len())
}

/// [`excerpt`] of sanitised HTML.
pub(crate) fn excerpt_html(html: &str, most: usize) -> String {
    excerpt(&plain(html), most)
}

/// Cuts one line at `most` characters between words; the ellipsis counts as one of them.
pub(super) fn shorten(line: &str, most: usize, more_follows: bool) -> String {
    if !more_follows && line.chars().count() <= most {
        return line.to_owned();
    }
    let head: String = line.chars().take(most.saturating_sub(1)).collect();
    let whole_word = line
        .chars()
        .nth(most.saturating_sub(1))
        .is_none_or(char::is_whitespace);
    let kept = match head.rfind(char::is_whitespace) {
        // A word that fills more than half of the space is cut rather than lost.
        Some(at) if !whole_word && at * 2 > head.len() => head.get(..at).unwrap_or(&head),
        _ => &head,
    };
    format!("{}…", kept.trim_end())
}

/// Whether this element, by its name in any case, stands on lines of its own.
pub(super) fn breaks_line(name: &str) -> bool {
    LINES.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Appends text with every run of white space as one blank.
fn push_words(out: &mut String, text: &str) {
    for c in text.chars() {
        if !c.is_whitespace() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with([' ', '\n']) {
            out.push(' ');
        }
    }
}

/// Replaces the entities that HTML writers use; unknown ones stay as they are.
pub(super) fn decode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        // Looked for no farther than a name is long: a text of nothing but signs stays linear.
        let end = after.bytes().take(9).position(|byte| byte == b';');
        let name = end.and_then(|end| after.get(..end));
        if let Some((name, c)) = name.and_then(|name| Some((name, entity(name)?))) {
            out.push(c);
            rest = after.get(name.len() + 1..).unwrap_or("");
        } else {
            out.push('&');
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    let number = |digits: &str, radix| {
        u32::from_str_radix(digits, radix)
            .ok()
            .and_then(char::from_u32)
            .filter(|c| *c != '\0')
    };
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "hellip" => '…',
        "ndash" => '–',
        "mdash" => '—',
        "lsquo" => '‘',
        "rsquo" => '’',
        "ldquo" => '“',
        "rdquo" => '”',
        _ => {
            let digits = name.strip_prefix('#')?;
            return match digits.strip_prefix(['x', 'X']) {
                Some(hex) => number(hex, 16),
                None => number(digits, 10),
            };
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_become_lines_and_entities_characters() {
        let html = "<h1>A &amp; B</h1>\n<p>one <b>two</b><br>three&nbsp;&#8364;&#x41;</p><ul><li>x</li><li>y</li></ul>";
        assert_eq!(plain(html), "A & B\none two\nthree €A\nx\ny");
        assert_eq!(plain("<p>a<script>b</script></p>"), "a");
        let table =
            "<table><tr><th>bit</th><th>fits</th></tr><tr><td>4</td><td>yes</td></tr></table>";
        assert_eq!(plain(table), "bit fits\n4 yes");
        assert_eq!(plain(""), "");
    }

    #[test]
    fn h243_a_text_of_nothing_but_signs_is_read_once() {
        // With a search for the end behind every sign this would take minutes.
        let signs = "&".repeat(4 << 20);
        assert_eq!(decode(&signs).len(), signs.len());
        assert_eq!(
            decode("&amp;&lt;&unknown;&12345678;&"),
            "&<&unknown;&12345678;&"
        );
    }

    #[test]
    fn unknown_entities_stay() {
        assert_eq!(
            decode("a &foo; b &; c & d &#xZZ; &#0; &#1114112;"),
            "a &foo; b &; c & d &#xZZ; &#0; &#1114112;"
        );
    }

    #[test]
    fn excerpts_end_between_words() {
        assert_eq!(excerpt("one  two\nthree", 50), "one two three");
        assert_eq!(excerpt("one two three", 9), "one two…");
        assert_eq!(excerpt("one two three", 8), "one two…");
        assert_eq!(excerpt("unbreakable", 5), "unbr…");
        assert_eq!(excerpt("ääää öööö", 6).chars().count(), 5);
        assert_eq!(excerpt("x", 0), "…");
        assert_eq!(excerpt_html("<p>one</p><p>two three</p>", 8), "one two…");
    }

    #[test]
    fn long_texts_are_not_read_to_the_end() {
        assert_eq!(excerpt(&"word ".repeat(100_000), 11), "word word…");
        assert_eq!(excerpt(&" ".repeat(100_000), 11), "…");
    }

    #[test]
    fn plain_text_becomes_paragraphs() {
        assert_eq!(
            to_html("a <b>\r\nc\n\n\nd"),
            "<p>a &lt;b&gt;<br>c</p><p>d</p>"
        );
    }
}
