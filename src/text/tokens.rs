//! A linear reader of HTML tags and text, lenient as browsers are. It builds no tree and never fails.
//!
//! Comments, declarations and elements whose content is no text for readers are left out.

/// One piece of an HTML text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// Text with its entities still encoded.
    Text(&'a str),
    /// A start tag: name as written, attributes with their entities still encoded.
    Open {
        name: &'a str,
        attributes: Vec<(&'a str, &'a str)>,
    },
    /// An end tag: name as written.
    Close(&'a str),
}

/// More attributes than any tag of ours needs; further ones are passed over.
const MOST_ATTRIBUTES: usize = 24;

/// Elements that are dropped together with what is in them.
const UNREADABLE: [&str; 16] = [
    "script",
    "style",
    "template",
    "noscript",
    "iframe",
    "object",
    "svg",
    "math",
    "select",
    "textarea",
    "title",
    "xmp",
    "noembed",
    "noframes",
    "plaintext",
    "applet",
];

/// Iterates over the tokens of an HTML text in one pass.
pub(super) struct Tokens<'a> {
    rest: &'a str,
    titles: bool,
}

impl<'a> Tokens<'a> {
    /// Starts at the beginning of `html`.
    pub(super) fn of(html: &'a str) -> Self {
        Self {
            rest: html,
            titles: false,
        }
    }

    /// The same for a whole page, whose title is read as well.
    pub(super) fn with_titles(html: &'a str) -> Self {
        Self {
            titles: true,
            ..Self::of(html)
        }
    }

    /// How many bytes are still to be read.
    pub(super) fn left(&self) -> usize {
        self.rest.len()
    }

    /// Moves behind the first `end`, or to the end of the text where it never comes.
    fn skip_past(&mut self, end: &str) {
        self.rest = self.rest.split_once(end).map_or("", |(_, rest)| rest);
    }

    /// Takes the longest start whose characters all fit.
    fn take(&mut self, fits: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|c| !fits(c)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    fn take_prefix(&mut self, prefix: char) -> bool {
        let rest = self.rest.strip_prefix(prefix);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// Reads attributes up to the `>` of the tag (HTML standard, 13.2.5.32 and following).
    fn attributes(&mut self) -> Vec<(&'a str, &'a str)> {
        let mut found = Vec::new();
        loop {
            self.take(|c| c.is_ascii_whitespace() || c == '/');
            if self.rest.is_empty() || self.take_prefix('>') {
                return found;
            }
            let start = self.rest;
            self.take_prefix('=');
            self.take(|c| !c.is_ascii_whitespace() && !matches!(c, '/' | '>' | '='));
            let length = start.len() - self.rest.len();
            let name = start.get(..length).unwrap_or("");
            self.take(|c| c.is_ascii_whitespace());
            let value = if self.take_prefix('=') {
                self.value()
            } else {
                ""
            };
            if found.len() < MOST_ATTRIBUTES {
                found.push((name, value));
            }
        }
    }

    fn value(&mut self) -> &'a str {
        self.take(|c| c.is_ascii_whitespace());
        for quote in ['"', '\''] {
            if self.take_prefix(quote) {
                let value = self.take(|c| c != quote);
                self.take_prefix(quote);
                return value;
            }
        }
        self.take(|c| !c.is_ascii_whitespace() && c != '>')
    }

    fn name(&mut self) -> &'a str {
        self.take(|c| !c.is_ascii_whitespace() && !matches!(c, '/' | '>'))
    }

    /// Passes over the content of an element up to its end tag.
    fn skip_content(&mut self, name: &str) {
        while let Some((_, rest)) = self.rest.split_once("</") {
            self.rest = rest;
            if rest
                .get(..name.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(name))
            {
                return self.skip_past(">");
            }
        }
        self.rest = "";
    }

    /// Reads what follows a `<`; `None` for what readers do not see.
    fn markup(&mut self, bracket: &'a str) -> Option<Token<'a>> {
        match self.rest.chars().next() {
            Some('!') if self.rest.starts_with("!--") => self.skip_past("-->"),
            Some('!' | '?') => self.skip_past(">"),
            Some('/') => {
                self.take_prefix('/');
                if !self.rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
                    self.skip_past(">");
                    return None;
                }
                let name = self.name();
                self.skip_past(">");
                return Some(Token::Close(name));
            }
            Some(c) if c.is_ascii_alphabetic() => {
                let name = self.name();
                let attributes = self.attributes();
                let read = self.titles && name.eq_ignore_ascii_case("title");
                if !read
                    && UNREADABLE
                        .iter()
                        .any(|known| known.eq_ignore_ascii_case(name))
                {
                    self.skip_content(name);
                } else {
                    return Some(Token::Open { name, attributes });
                }
            }
            _ => return Some(Token::Text(bracket)),
        }
        None
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        while !self.rest.is_empty() {
            let text = self.take(|c| c != '<');
            if !text.is_empty() {
                return Some(Token::Text(text));
            }
            let bracket = self.rest.get(..1).unwrap_or("");
            self.take_prefix('<');
            if let Some(token) = self.markup(bracket) {
                return Some(token);
            }
        }
        None
    }
}

/// The value of an attribute, by its lower-case name.
pub(super) fn attribute<'a>(attributes: &[(&'a str, &'a str)], name: &str) -> Option<&'a str> {
    attributes
        .iter()
        .find(|(found, _)| found.eq_ignore_ascii_case(name))
        .map(|(_, value)| *value)
}

/// Escapes text for HTML, between tags as well as inside quoted attributes.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open<'a>(name: &'a str, attributes: &[(&'a str, &'a str)]) -> Token<'a> {
        Token::Open {
            name,
            attributes: attributes.to_vec(),
        }
    }

    #[test]
    fn tags_and_text_are_told_apart() {
        let tokens: Vec<_> = Tokens::of(r"a <p Class='x y'>b<br/>1 < 2</p >").collect();
        assert_eq!(
            tokens,
            [
                Token::Text("a "),
                open("p", &[("Class", "x y")]),
                Token::Text("b"),
                open("br", &[]),
                Token::Text("1 "),
                Token::Text("<"),
                Token::Text(" 2"),
                Token::Close("p"),
            ]
        );
    }

    #[test]
    fn attributes_are_read_as_browsers_read_them() {
        let tokens: Vec<_> = Tokens::of(r#"<a ="x y" b c = d e="f>g"h='i'>"#).collect();
        let expected = [
            ("=\"x", ""),
            ("y\"", ""),
            ("b", ""),
            ("c", "d"),
            ("e", "f>g"),
            ("h", "i"),
        ];
        assert_eq!(tokens, [open("a", &expected)]);
    }

    #[test]
    fn what_no_reader_sees_is_left_out() {
        let html = "a<!-- <b> -->b<script>c<p></SCRIPT >d<!doctype x><?php e ?>f</ g>h<style>i";
        let text: String = Tokens::of(html)
            .map(|token| match token {
                Token::Text(text) => text,
                _ => "?",
            })
            .collect();
        assert_eq!(text, "abdfh");
    }

    #[test]
    fn unfinished_markup_ends_quietly() {
        for html in [
            "<", "<a", "<a b", "<a b=", "<a b='", "</", "</a", "<!--", "<!", "<script", "é<é",
        ] {
            assert!(Tokens::of(html).count() <= 3, "{html}");
        }
    }
}
