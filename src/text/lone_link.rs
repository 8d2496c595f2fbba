//! The link that stands alone in a paragraph, as people write one to show a page.

use super::plain::{breaks_line, decode};
use super::tokens::{Token, Tokens, attribute};

/// A paragraph as far as it was read.
#[derive(Default)]
struct Paragraph<'a> {
    href: Option<&'a str>,
    said: String,
    inside: bool,
    /// Whether there is something besides one link.
    more: bool,
}

/// The address of the first link that stands alone in a paragraph of sanitised HTML and is written as
/// what it is: an address.
pub(crate) fn lone_link(html: &str) -> Option<String> {
    let mut open: Option<Paragraph<'_>> = None;
    for token in Tokens::of(html) {
        let (name, begins) = match &token {
            Token::Open { name, .. } => (*name, true),
            Token::Close(name) => (*name, false),
            Token::Text(_) => ("", false),
        };
        if breaks_line(name) {
            let ended = open.take();
            if !begins && let Some(url) = ended.and_then(Paragraph::link) {
                return Some(url);
            }
            open = (begins && name == "p").then(Paragraph::default);
        } else if let Some(paragraph) = &mut open {
            paragraph.take(&token);
        }
    }
    None
}

impl<'a> Paragraph<'a> {
    fn take(&mut self, token: &Token<'a>) {
        match token {
            Token::Text(text) if self.inside => self.said.push_str(&decode(text)),
            Token::Text(text) => self.more |= !text.trim().is_empty(),
            Token::Open {
                name: "a",
                attributes,
            } => {
                self.more |= self.href.is_some();
                self.href = attribute(attributes, "href");
                self.inside = true;
            }
            Token::Close("a") => self.inside = false,
            // Microblogs hide the parts of a long address in these.
            Token::Open { name: "span", .. } | Token::Close("span") => {}
            Token::Open { .. } | Token::Close(_) => self.more = true,
        }
    }

    fn link(self) -> Option<String> {
        let url = decode(self.href?);
        let said = bare(self.said.trim().trim_end_matches('…'));
        let plain = said.contains('.') && bare(&url).starts_with(said);
        (plain && !self.more).then_some(url)
    }
}

/// An address without what people leave out when they write one.
fn bare(address: &str) -> &str {
    let rest = address.strip_prefix("https://");
    let rest = rest.or_else(|| address.strip_prefix("http://"));
    let rest = rest.unwrap_or(address);
    let rest = rest.strip_prefix("www.").unwrap_or(rest);
    rest.trim_end_matches('/')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::markdown::{Links, render};

    fn of(markdown: &str) -> Option<String> {
        lone_link(&render(markdown, &Links::NONE))
    }

    #[test]
    fn a_link_alone_in_a_paragraph_is_found() {
        let url = "https://brand.example/tea?a=1&b=2";
        for text in [
            url,
            "Look:\n\nhttps://brand.example/tea?a=1&b=2\n\nGood, is it not?",
            "<https://brand.example/tea?a=1&b=2>",
            "See https://else.example/ first.\n\nhttps://brand.example/tea?a=1&b=2",
        ] {
            assert_eq!(of(text).as_deref(), Some(url), "{text}");
        }
        let hidden = "<p>Hi</p><p><a href=\"https://www.brand.example/a/b\"><span class=\"invisible\">https://www.</span><span>brand.example/a</span><span class=\"invisible\">/b</span></a></p>";
        assert_eq!(
            lone_link(hidden).as_deref(),
            Some("https://www.brand.example/a/b")
        );
    }

    #[test]
    fn links_among_words_and_with_names_of_their_own_are_not() {
        for text in [
            "",
            "tea",
            "See https://brand.example/ for more.",
            "[tea](https://brand.example/)",
            "https://brand.example/ https://else.example/",
            "- https://brand.example/",
            "**https://brand.example/**",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
        for html in [
            "<p><a href=\"https://evil.example/\">https://bank.example/</a></p>",
            "<p><a href=\"https://h/c/tea\">@tea</a></p>",
            "<p><a href=\"https://brand.example/\">https://brand.example/</a>",
        ] {
            assert_eq!(lone_link(html), None, "{html}");
        }
    }
}
