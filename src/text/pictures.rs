//! The pictures in finished HTML: whose addresses are exchanged for others, and nothing else.

use std::cell::RefCell;

use super::plain::decode;
use super::tokens::{Token, Tokens};

/// Gives every picture the address that `address` makes of its own, knowing the width at which it
/// is shown where the tag says one. Where it makes none, the picture goes.
pub(crate) fn readdress(
    html: &str,
    address: impl Fn(&str, Option<u32>) -> Option<String>,
) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, tag)) = rest.find("<img").and_then(|at| rest.split_at_checked(at)) {
        out.push_str(before);
        let mut tokens = Tokens::of(tag);
        let token = tokens.next();
        let (whole, after) = tag
            .split_at_checked(tag.len() - tokens.left())
            .unwrap_or((tag, ""));
        match token {
            Some(Token::Open {
                name: "img",
                attributes,
            }) => write(&mut out, &attributes, &address),
            _ => out.push_str(whole),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Narrower pictures, in pixels, are signs among words, such as emoji.
const SIGN: u32 = 64;

/// The addresses of all pictures that are no signs among words, in their order.
pub(crate) fn addresses(html: &str) -> Vec<String> {
    let found = RefCell::new(Vec::new());
    readdress(html, |url, width| {
        if width.is_none_or(|width| width >= SIGN) {
            found.borrow_mut().push(url.to_owned());
        }
        None
    });
    found.into_inner()
}

fn write(
    out: &mut String,
    attributes: &[(&str, &str)],
    address: impl Fn(&str, Option<u32>) -> Option<String>,
) {
    let value = |wanted: &str| {
        let found = attributes.iter().find(|(name, _)| *name == wanted);
        found.map(|(_, value)| *value)
    };
    let width = value("width").and_then(|width| width.parse().ok());
    let Some(src) = value("src").and_then(|src| address(&decode(src), width)) else {
        return;
    };
    out.push_str("<img");
    for (name, value) in attributes {
        // Several addresses in one attribute would be a way around this.
        if *name == "srcset" {
            continue;
        }
        let value = if *name == "src" { src.as_str() } else { value };
        out.extend([" ", name, "=\"", &value.replace('"', "&quot;"), "\""]);
    }
    out.push('>');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(html: &str) -> String {
        readdress(html, |url, width| {
            (!url.contains("bad")).then(|| format!("/p?{url}@{width:?}"))
        })
    }

    #[test]
    fn every_picture_has_its_address_exchanged() {
        assert_eq!(
            told(
                "<p>a<img class=\"icon\" src=\"https://x/?a=1&amp;b\" alt=\"a > b\" width=\"24\">b</p>"
            ),
            "<p>a<img class=\"icon\" src=\"/p?https://x/?a=1&b@Some(24)\" alt=\"a > b\" width=\"24\">b</p>"
        );
        let two = "<p><img src=\"https://x/?a=1&amp;b\">y<img alt=\"\" src='/2'><img src='/3' width=20></p>";
        assert_eq!(addresses(two), ["https://x/?a=1&b", "/2"]);
        assert_eq!(
            told("<img srcset='https://x/1 2x' src='https://x/1'/>"),
            "<img src=\"/p?https://x/1@None\">"
        );
        assert_eq!(told("<img src=https://bad/>x<img alt=\"y\">"), "x");
        assert_eq!(
            told("no <image> &lt;img src=x&gt;"),
            "no <image> &lt;img src=x&gt;"
        );
        assert_eq!(
            told("<img src=\"https://x/1"),
            "<img src=\"/p?https://x/1@None\">"
        );
    }
}
