//! What a page elsewhere says of itself in its head: Open Graph first, then what every page has.

use encoding_rs::{Encoding, UTF_8};

use super::plain::{decode, excerpt};
use super::title::one_line;
use super::tokens::{Token, Tokens, attribute};

/// Characters of what is kept.
const LONGEST_TITLE: usize = 200;
const LONGEST_DESCRIPTION: usize = 300;
const LONGEST_SITE: usize = 80;
/// Bytes of any of it that are looked at.
const LOOKED_AT: usize = 8 * 1024;
/// Where a page that says how it is coded says so (HTML standard, 4.2.5.4).
const PRESCAN: usize = 1024;

/// The head of a page: plain, bounded text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Head {
    /// What it is called.
    pub(crate) title: Option<String>,
    /// What it is about, unless the page does not want that to be shown.
    pub(crate) description: Option<String>,
    /// The website.
    pub(crate) site: Option<String>,
    /// The address of a picture, as it was written.
    pub(crate) picture: Option<String>,
}

/// The text of a page: in the coding that its server says, else the page itself, else UTF-8.
pub(crate) fn text(bytes: &[u8], said: Option<&str>) -> String {
    let known = |label: &str| Encoding::for_label(label.trim_matches(['"', '\'', ' ']).as_bytes());
    let start = bytes.get(..bytes.len().min(PRESCAN)).unwrap_or(bytes);
    let own = || known(&charset(&String::from_utf8_lossy(start))?);
    let coding = said.and_then(known).or_else(own).unwrap_or(UTF_8);
    coding.decode(bytes).0.into_owned()
}

fn charset(start: &str) -> Option<String> {
    let (_, after) = start.split_once("charset=")?;
    let label = after.trim_start_matches(['"', '\'']);
    let end = label.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':')));
    Some(label.get(..end?)?.to_owned())
}

/// Whether words to robots forbid to show a part of the page.
pub(crate) fn keeps_quiet(words: &str) -> bool {
    let words = words.to_ascii_lowercase();
    ["nosnippet", "noarchive"]
        .iter()
        .any(|no| words.contains(no))
}

/// Reads a head; `quiet` if the page's server said already that no part of it is to be shown.
pub(crate) fn read(html: &str, quiet: bool) -> Head {
    let mut found = Found {
        quiet,
        ..Found::default()
    };
    let mut titled = false;
    for token in Tokens::with_titles(html) {
        match token {
            Token::Open { name, attributes } if name.eq_ignore_ascii_case("meta") => {
                found.meta(&attributes);
            }
            Token::Open { name, .. } if name.eq_ignore_ascii_case("title") => {
                titled = found.title.is_none();
            }
            Token::Open { name, .. } if name.eq_ignore_ascii_case("body") => break,
            Token::Close(name) if name.eq_ignore_ascii_case("title") => titled = false,
            Token::Text(text) if titled && found.title.is_none() => {
                found.title = words(text, LONGEST_TITLE);
            }
            _ => {}
        }
    }
    found.head()
}

#[derive(Default)]
struct Found {
    title: Option<String>,
    og_title: Option<String>,
    about: Option<String>,
    og_about: Option<String>,
    site: Option<String>,
    picture: Option<String>,
    other_picture: Option<String>,
    quiet: bool,
}

impl Found {
    fn meta(&mut self, attributes: &[(&str, &str)]) {
        let named = |key| attribute(attributes, key).map(|name| name.trim().to_ascii_lowercase());
        let names = [named("property"), named("name")];
        let Some(content) = attribute(attributes, "content") else {
            return;
        };
        for name in names.into_iter().flatten() {
            let (place, most) = match name.as_str() {
                "og:title" => (&mut self.og_title, LONGEST_TITLE),
                "og:description" => (&mut self.og_about, LONGEST_DESCRIPTION),
                "description" => (&mut self.about, LONGEST_DESCRIPTION),
                "og:site_name" => (&mut self.site, LONGEST_SITE),
                "og:image" | "og:image:url" | "og:image:secure_url" => {
                    self.picture = self.picture.take().or_else(|| address(content));
                    continue;
                }
                "twitter:image" | "twitter:image:src" => {
                    self.other_picture = self.other_picture.take().or_else(|| address(content));
                    continue;
                }
                "robots" => {
                    self.quiet |= keeps_quiet(content);
                    continue;
                }
                _ => continue,
            };
            *place = place.take().or_else(|| words(content, most));
        }
    }

    fn head(self) -> Head {
        let about = self.og_about.or(self.about);
        Head {
            title: self.og_title.or(self.title),
            description: about.filter(|_| !self.quiet),
            site: self.site,
            picture: self.picture.or(self.other_picture),
        }
    }
}

/// At most so many characters of plain text on one line, if it says anything.
fn words(coded: &str, most: usize) -> Option<String> {
    let line = excerpt(&one_line(&decode(bounded(coded))), most);
    (!line.is_empty()).then_some(line)
}

fn bounded(text: &str) -> &str {
    let end = text.floor_char_boundary(LOOKED_AT);
    text.get(..end).unwrap_or(text)
}

fn address(coded: &str) -> Option<String> {
    let address = decode(coded.trim());
    (!address.is_empty() && address.len() <= LOOKED_AT).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(head: &Head) -> [Option<&str>; 4] {
        [&head.title, &head.description, &head.site, &head.picture].map(Option::as_deref)
    }

    #[test]
    fn open_graph_comes_before_what_every_page_has() {
        let page = "<!doctype html><html><head><title>Plain &amp; <b>simple</b></title>\
            <meta name=description content='what it is'><script>var t = '<title>x</title>'</script>\
            <META Property=\"og:title\" CONTENT=\"Tea &#8211; all of it\">\
            <meta property='og:site_name' content='Brand'>\
            <meta property='og:image' content='/tea.jpg?a=1&amp;b=2'></head>\
            <body><title>no</title><meta property='og:description' content='late'></body>";
        assert_eq!(
            said(&read(page, false)),
            [
                Some("Tea – all of it"),
                Some("what it is"),
                Some("Brand"),
                Some("/tea.jpg?a=1&b=2")
            ]
        );
        let bare = "<title>\n Tea \u{202e}<\u{7}</title><svg><title>no</title></svg>";
        assert_eq!(said(&read(bare, false)), [Some("Tea"), None, None, None]);
        assert_eq!(said(&read("", false)), [None; 4]);
        assert_eq!(said(&read("<title> </title>", false)), [None; 4]);
    }

    #[test]
    fn who_wants_no_part_shown_has_none_shown() {
        for robots in ["nosnippet", "index, NoArchive"] {
            let page = format!(
                "<title>Tea</title><meta name=description content=long>\
                 <meta name=robots content='{robots}'><meta property=og:description content=x>"
            );
            assert_eq!(said(&read(&page, false)), [Some("Tea"), None, None, None]);
        }
        let page = "<title>Tea</title><meta name=description content=long>";
        assert_eq!(read(page, false).description.as_deref(), Some("long"));
        assert_eq!(read(page, true).description, None);
    }

    #[test]
    fn what_is_read_is_bounded() {
        let long = "word ".repeat(100_000);
        let page = format!("<title>{long}</title><meta name=description content='{long}'>");
        let head = read(&page, false);
        assert!(head.title.unwrap().chars().count() <= LONGEST_TITLE);
        assert!(head.description.unwrap().chars().count() <= LONGEST_DESCRIPTION);
    }

    #[test]
    fn old_codings_are_read() {
        assert_eq!(text(b"Gr\xfc\xdfe", Some("iso-8859-1")), "Grüße");
        assert_eq!(
            text(b"<meta charset=\"windows-1252\">\x80", None),
            "<meta charset=\"windows-1252\">€"
        );
        assert_eq!(text("Grüße".as_bytes(), None), "Grüße");
        assert_eq!(text("Grüße".as_bytes(), Some("no such")), "Grüße");
        assert_eq!(text(b"\xff\xfe", Some("utf-8")), "");
    }
}
