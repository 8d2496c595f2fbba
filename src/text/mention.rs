//! Mentions (`@name`, `@name@host`, `!group@host`) and hashtags in running text.

/// Somebody who is named in a text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Mention {
    /// The name in lower case, without the sign before it.
    pub(crate) name: String,
    /// The host in lower case, with its port if it has one; `None` for somebody here.
    pub(crate) host: Option<String>,
}

/// The most mentions, and the most hashtags, that one text can make.
pub(crate) const MOST: usize = 50;
const LONGEST_NAME: usize = 64;
const LONGEST_HOST: usize = 253;
const LONGEST_TAG: usize = 100;

/// A piece of running text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Neither mention nor hashtag.
    Text(&'a str),
    /// A mention, and how it was written.
    Mention(Mention, &'a str),
    /// A hashtag without its sign, as it was written.
    Hashtag(&'a str),
}

/// Everybody whom a Markdown text mentions, outside of code and links, in order and once each.
pub(crate) fn find_mentions(markdown: &str) -> Vec<Mention> {
    let mut found = Vec::new();
    super::markdown::each_text(markdown, &mut |text| {
        for piece in pieces(text) {
            if let Piece::Mention(mention, _) = piece
                && found.len() < MOST
                && !found.contains(&mention)
            {
                found.push(mention);
            }
        }
    });
    found
}

/// All hashtags of a Markdown text, outside of code and links, in lower case without `#`, once each.
pub(crate) fn find_hashtags(markdown: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    super::markdown::each_text(markdown, &mut |text| {
        for piece in pieces(text) {
            if let Piece::Hashtag(tag) = piece
                && found.len() < MOST
            {
                let tag = tag.to_lowercase();
                if !found.contains(&tag) {
                    found.push(tag);
                }
            }
        }
    });
    found
}

/// Parts running text into mentions, hashtags and the rest. Joined together, the pieces are the text.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut start, mut at) = (0, 0);
    while let Some(offset) = text.get(at..).and_then(|rest| rest.find(['@', '!', '#'])) {
        at += offset;
        let rest = text.get(at..).unwrap_or("");
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        match read(rest).filter(|_| before.is_none_or(may_precede)) {
            Some((piece, length)) => {
                if at > start {
                    pieces.push(Piece::Text(text.get(start..at).unwrap_or("")));
                }
                pieces.push(piece);
                at += length;
                start = at;
            }
            None => at += 1,
        }
    }
    if start < text.len() {
        pieces.push(Piece::Text(text.get(start..).unwrap_or("")));
    }
    pieces
}

fn may_precede(c: char) -> bool {
    !c.is_alphanumeric() && !matches!(c, '_' | '/' | '@' | '#' | '&' | '!' | '=' | '?')
}

/// Reads a mention or hashtag at the very start of `text`; also gives its length in bytes.
fn read(text: &str) -> Option<(Piece<'_>, usize)> {
    if let Some(rest) = text.strip_prefix('#') {
        let tag = run(rest, LONGEST_TAG, |c| c.is_alphanumeric() || c == '_');
        let sound = tag.chars().any(|c| !c.is_numeric() && c != '_');
        return sound.then_some((Piece::Hashtag(tag), 1 + tag.len()));
    }
    let rest = text.strip_prefix(['@', '!'])?;
    let name = run(rest, LONGEST_NAME, |c| {
        c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-')
    });
    let name = name.trim_end_matches(['.', '-']);
    if !name.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_') {
        return None;
    }
    let host = rest.get(name.len()..)?.strip_prefix('@').map_or("", host);
    if host.is_empty() && text.starts_with('!') {
        return None;
    }
    let length = 1 + name.len() + if host.is_empty() { 0 } else { 1 + host.len() };
    let mention = Mention {
        name: name.to_ascii_lowercase(),
        host: (!host.is_empty()).then(|| host.to_lowercase()),
    };
    Some((Piece::Mention(mention, text.get(..length)?), length))
}

/// The host, with port, at the start of `text`; empty if there is none.
fn host(text: &str) -> &str {
    let name = run(text, LONGEST_HOST, |c| {
        c.is_alphanumeric() || matches!(c, '.' | '-')
    });
    let name = name.trim_end_matches(['.', '-']);
    if !name.starts_with(char::is_alphanumeric) {
        return "";
    }
    let port = text
        .get(name.len()..)
        .and_then(|rest| rest.strip_prefix(':'))
        .map_or("", |rest| run(rest, 5, |c| c.is_ascii_digit()));
    let end = if port.is_empty() {
        name.len()
    } else {
        name.len() + 1 + port.len()
    };
    text.get(..end).unwrap_or("")
}

/// The longest start of at most `most` bytes whose characters all fit.
fn run(text: &str, most: usize, fits: impl Fn(char) -> bool) -> &str {
    let end = text
        .char_indices()
        .find(|(at, c)| at + c.len_utf8() > most || !fits(*c))
        .map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mention(name: &str, host: Option<&str>) -> Mention {
        Mention {
            name: name.to_owned(),
            host: host.map(ToOwned::to_owned),
        }
    }

    #[test]
    fn mentions_are_found_in_every_usual_form() {
        for (text, expected) in [
            ("@bob hi", Some(mention("bob", None))),
            (
                "hi @Bob@Example.ORG.",
                Some(mention("bob", Some("example.org"))),
            ),
            (
                "(@a.b-c@x.example)",
                Some(mention("a.b-c", Some("x.example"))),
            ),
            (
                "see !tea@hub.example!",
                Some(mention("tea", Some("hub.example"))),
            ),
            (
                "@bob@mastodon.test:8080, hi",
                Some(mention("bob", Some("mastodon.test:8080"))),
            ),
            ("@bob's", Some(mention("bob", None))),
            ("@bob.", Some(mention("bob", None))),
            ("@bücher@bücher.example", None),
            (
                "@bob@bücher.example",
                Some(mention("bob", Some("bücher.example"))),
            ),
            ("bob@example.org", None),
            ("https://x.example/@bob", None),
            ("wow !great", None),
            ("@", None),
            ("@@bob", None),
            ("@-bob", None),
        ] {
            let found = pieces(text).into_iter().find_map(|piece| match piece {
                Piece::Mention(mention, _) => Some(mention),
                _ => None,
            });
            match expected {
                None if text.starts_with("@b") => assert_eq!(found, Some(mention("b", None))),
                expected => assert_eq!(found, expected, "{text}"),
            }
        }
    }

    #[test]
    fn hashtags_need_a_letter_and_a_beginning() {
        for (text, expected) in [
            ("#tea", Some("tea")),
            ("a #Grüner_Tee2!", Some("Grüner_Tee2")),
            ("#1", None),
            ("#_", None),
            ("c#sharp", None),
            ("&#39;", None),
            ("x/#anchor", None),
            ("#", None),
        ] {
            let found = pieces(text).into_iter().find_map(|piece| match piece {
                Piece::Hashtag(tag) => Some(tag),
                _ => None,
            });
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn pieces_join_to_the_text() {
        for text in ["a @b@c.d, #e !f@g ü", "@a@b", "@@@###!!!", "", "é#é"] {
            let joined: String = pieces(text)
                .iter()
                .map(|piece| match piece {
                    Piece::Text(text) | Piece::Mention(_, text) => (*text).to_owned(),
                    Piece::Hashtag(tag) => format!("#{tag}"),
                })
                .collect();
            assert_eq!(joined, text);
        }
    }

    #[test]
    fn code_and_links_mention_nobody() {
        let markdown = "@a `@b` **@c@x.example** [@d](https://x.example)\n\n    @e\n\n```\n@f #g\n```\n\n> @A #tea #Tea";
        assert_eq!(
            find_mentions(markdown),
            [mention("a", None), mention("c", Some("x.example"))]
        );
        assert_eq!(find_hashtags(markdown), ["tea"]);
    }

    #[test]
    fn mentions_are_bounded() {
        let many: String = (0..500).fold(String::new(), |text, n| text + &format!("@a{n} #t{n} "));
        assert_eq!(find_mentions(&many).len(), MOST);
        assert_eq!(find_hashtags(&many).len(), MOST);
        assert!(
            find_mentions(&format!("@{}", "a".repeat(5000)))
                .iter()
                .all(|m| m.name.len() <= LONGEST_NAME)
        );
    }
}
