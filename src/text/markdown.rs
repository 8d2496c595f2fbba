//! Markdown to safe HTML: CommonMark with tables, strikethrough, footnotes, links and spoilers.

use std::fmt::Write as _;

use comrak::nodes::{Node, NodeValue};
use comrak::{Arena, Options, format_html, parse_document};

use super::mention::{MOST, Mention, Piece, pieces};
use super::sanitise;
use super::tokens::escape;

/// The longest source that is rendered, in bytes; what follows is cut off. Operations refuse longer ones.
pub(crate) const LONGEST: usize = 100 * 1024;
/// The deepest quotes and lists on one line; more signs are dropped before parsing.
const DEEPEST: usize = 32;
/// The most spoilers in one text; further lines that open or close one are dropped before parsing.
const MOST_SPOILERS: usize = 100;
/// Stands for a colon in the title of a spoiler, where the parser would not accept one.
const COLON: char = '\u{f8f1}';

/// Where mentions and hashtags lead: each closure gives an address, or `None` to leave the words as they are.
#[derive(Clone, Copy)]
pub(crate) struct Links<'a> {
    /// The page or id of somebody who is mentioned.
    pub(crate) mention: &'a dyn Fn(&Mention) -> Option<String>,
    /// The page of a hashtag, which comes as it was written, without `#`.
    pub(crate) hashtag: &'a dyn Fn(&str) -> Option<String>,
}

impl Links<'_> {
    /// Leaves all mentions and hashtags as plain words.
    pub(crate) const NONE: Links<'static> = Links {
        mention: &|_| None,
        hashtag: &|_| None,
    };
}

/// Renders Markdown to sanitised HTML. Raw HTML in the source is shown as text. Never fails.
pub(crate) fn render(source: &str, links: &Links<'_>) -> String {
    let source = prepare(source);
    let arena = Arena::new();
    let options = options();
    let root = parse_document(&arena, &source, &options);
    spoilers(&arena, root);
    footnotes(root, &source);
    link_names(&arena, root, links);
    let mut html = String::with_capacity(source.len() * 2);
    format_html(root, &options, &mut html).expect("writing to a String cannot fail");
    sanitise::clean(&html.replace(COLON, ":"))
}

/// Calls `visit` with every run of words outside of code and links.
pub(super) fn each_text(source: &str, visit: &mut dyn FnMut(&str)) {
    let source = prepare(source);
    let arena = Arena::new();
    let root = parse_document(&arena, &source, &options());
    for node in words(root) {
        if let NodeValue::Text(text) = &node.data().value {
            visit(text);
        }
    }
}

fn options() -> Options<'static> {
    let mut options = Options::default();
    let extension = &mut options.extension;
    extension.strikethrough = true;
    extension.table = true;
    extension.autolink = true;
    extension.footnotes = true;
    extension.block_directive = true;
    options.render.escape = true;
    options
}

/// Bounds length and nesting, and makes titles of spoilers readable for the parser.
fn prepare(source: &str) -> String {
    let source = sanitise::cut(source, LONGEST);
    let mut out = String::with_capacity(source.len());
    let mut spoilers = 0;
    for line in source.split_inclusive('\n') {
        let line = shallow(line);
        spoilers += usize::from(line.trim_start().starts_with(":::"));
        if spoilers > MOST_SPOILERS * 2 && line.trim_start().starts_with(":::") {
            continue;
        }
        match line.trim_start().strip_prefix(":::") {
            Some(rest)
                if rest
                    .trim_start_matches(':')
                    .trim_start()
                    .starts_with("spoiler") =>
            {
                let colons = rest.len() - rest.trim_start_matches(':').len() + 3;
                let indent = line.len() - line.trim_start().len();
                let (fence, title) = line.split_at_checked(indent + colons).unwrap_or((line, ""));
                out.push_str(fence);
                out.extend(
                    title
                        .chars()
                        .filter(|c| *c != COLON)
                        .map(|c| if c == ':' { COLON } else { c }),
                );
            }
            _ => out.extend(line.chars().filter(|c| !matches!(*c, COLON | '\0'))),
        }
    }
    out
}

/// Drops quote and list signs at the start of a line beyond the deepest nesting.
fn shallow(line: &str) -> &str {
    let mut depth = 0;
    let mut rest = line;
    loop {
        let inner = rest.trim_start_matches([' ', '\t']);
        let after = inner.strip_prefix('>').or_else(|| {
            let item = inner.strip_prefix(['-', '+', '*'])?;
            item.starts_with([' ', '\t']).then_some(item)
        });
        let Some(after) = after else { break };
        depth += 1;
        rest = after;
    }
    if depth > DEEPEST {
        rest.trim_start()
    } else {
        line
    }
}

/// Turns `::: spoiler Title` blocks, as Lemmy writes them, into `<details>`; opens other such blocks.
fn spoilers<'a>(arena: &'a Arena<'a>, root: Node<'a>) {
    let blocks: Vec<_> = root
        .descendants()
        .filter(|node| matches!(node.data().value, NodeValue::BlockDirective(_)))
        .collect();
    for block in blocks {
        let title = match &block.data().value {
            NodeValue::BlockDirective(directive) => directive
                .info
                .strip_prefix("spoiler")
                .map(str::trim)
                .map(escape),
            _ => None,
        };
        if let Some(title) = &title {
            let title = if title.is_empty() { "Spoiler" } else { title };
            block.insert_before(raw(arena, format!("<details><summary>{title}</summary>\n")));
        }
        for child in block.children().collect::<Vec<_>>() {
            block.insert_before(child);
        }
        if title.is_some() {
            block.insert_before(raw(arena, "</details>\n".to_owned()));
        }
        block.detach();
    }
}

/// Gives footnotes names that differ between the texts of one page and hold no foreign words.
fn footnotes(root: Node<'_>, source: &str) {
    // FNV-1a: the names only have to differ.
    let hash = source
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
    let mut names: Vec<String> = Vec::new();
    let mut rename = |name: &mut String| {
        let place = names
            .iter()
            .position(|known| known == name)
            .unwrap_or_else(|| {
                names.push(name.clone());
                names.len() - 1
            });
        *name = format!("{hash:016x}-{place}");
    };
    for node in root.descendants() {
        match &mut node.data_mut().value {
            NodeValue::FootnoteDefinition(definition) => rename(&mut definition.name),
            NodeValue::FootnoteReference(reference) => rename(&mut reference.name),
            _ => {}
        }
    }
}

/// The text nodes outside of links and pictures, each run in one node.
fn words(root: Node<'_>) -> Vec<Node<'_>> {
    undo_addresses(root);
    let mut found = Vec::new();
    for node in root
        .descendants()
        .filter(|&node| is_text(node))
        .collect::<Vec<_>>()
    {
        let inside_link = node.parent().is_some_and(|parent| {
            matches!(
                parent.data().value,
                NodeValue::Link(_) | NodeValue::Image(_)
            )
        });
        if node.parent().is_none() || inside_link {
            continue;
        }
        while let Some(next) = node.next_sibling().filter(|&next| is_text(next)) {
            let more = take_text(next);
            next.detach();
            if let NodeValue::Text(text) = &mut node.data_mut().value {
                text.to_mut().push_str(&more);
            }
        }
        found.push(node);
    }
    found
}

fn is_text(node: Node<'_>) -> bool {
    matches!(node.data().value, NodeValue::Text(_))
}

fn take_text(node: Node<'_>) -> String {
    match &mut node.data_mut().value {
        NodeValue::Text(text) => std::mem::take(text).into_owned(),
        _ => String::new(),
    }
}

/// In `@bob@host.example` the parser sees a mail address; this makes such links words again.
fn undo_addresses(root: Node<'_>) {
    for node in root.descendants().collect::<Vec<_>>() {
        let mail =
            matches!(&node.data().value, NodeValue::Link(link) if link.url.starts_with("mailto:"));
        let named = mail
            && node.previous_sibling().is_some_and(
                |before| matches!(&before.data().value, NodeValue::Text(text) if text.ends_with(['@', '!'])),
            );
        if named {
            for child in node.children().collect::<Vec<_>>() {
                node.insert_before(child);
            }
            node.detach();
        }
    }
}

/// Puts links where mentions and hashtags have an address.
fn link_names<'a>(arena: &'a Arena<'a>, root: Node<'a>, links: &Links<'_>) {
    let mut left = MOST;
    for node in words(root) {
        let html = match &node.data().value {
            NodeValue::Text(text) if text.contains(['@', '!', '#']) => {
                linked(text, links, &mut left)
            }
            _ => None,
        };
        if let Some(html) = html {
            node.insert_before(raw(arena, html));
            node.detach();
        }
    }
}

/// The text as HTML with its links, or `None` if there are none.
fn linked(text: &str, links: &Links<'_>, left: &mut usize) -> Option<String> {
    let mut html = String::with_capacity(text.len() * 2);
    let mut any = false;
    for piece in pieces(text) {
        let (href, class, written) = match &piece {
            Piece::Text(text) => {
                html.push_str(&escape(text));
                continue;
            }
            _ if *left == 0 => (None, "", written(&piece)),
            Piece::Mention(mention, _) => {
                ((links.mention)(mention), "u-url mention", written(&piece))
            }
            Piece::Hashtag(tag) => ((links.hashtag)(tag), "mention hashtag", written(&piece)),
        };
        let Some(href) = href else {
            html.push_str(&escape(&written));
            continue;
        };
        any = true;
        *left -= 1;
        let (sign, name) = written.split_at_checked(1).unwrap_or(("", &written));
        write!(
            html,
            "<a href=\"{}\" class=\"{class}\">{sign}<span>{}</span></a>",
            escape(&href),
            escape(name)
        )
        .expect("writing to a String cannot fail");
    }
    any.then_some(html)
}

/// What a link shows: the host of a mention goes without saying, as everywhere in the fediverse.
fn written(piece: &Piece<'_>) -> String {
    match piece {
        Piece::Text(text) | Piece::Mention(_, text) => (*text).to_owned(),
        Piece::Hashtag(tag) => format!("#{tag}"),
    }
}

fn raw<'a>(arena: &'a Arena<'a>, html: String) -> Node<'a> {
    arena.alloc(NodeValue::Raw(html).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plainly(source: &str) -> String {
        render(source, &Links::NONE)
    }

    #[test]
    fn markdown_of_every_kind_is_rendered() {
        for (source, expected) in [
            (
                "a *b* **c** ~~d~~ `e`",
                "<p>a <em>b</em> <strong>c</strong> <del>d</del> <code>e</code></p>\n",
            ),
            (
                "# a\n\n> b",
                "<h1>a</h1>\n<blockquote>\n<p>b</p>\n</blockquote>\n",
            ),
            ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
            (
                "```rust\nfn a() {}\n```",
                "<pre><code>fn a() {}\n</code></pre>\n",
            ),
            (
                "a<script>alert(1)</script>",
                "<p>a&lt;script&gt;alert(1)&lt;/script&gt;</p>\n",
            ),
            (
                "[a](javascript:alert(1))",
                "<p><a rel=\"nofollow noopener noreferrer ugc\">a</a></p>\n",
            ),
            ("", ""),
        ] {
            assert_eq!(plainly(source), expected);
        }
        let table = plainly("| a | b |\n|---|--:|\n| c | d |");
        assert!(
            table.contains("<th>a</th>") && table.contains("<td align=\"right\">d</td>"),
            "{table}"
        );
        let link = plainly("see https://a.example/x_y_z.");
        assert!(
            link.contains("<a href=\"https://a.example/x_y_z\"") && link.contains("</a>."),
            "{link}"
        );
        let image = plainly("![alt](https://a.example/b.png)");
        assert!(
            image.contains("src=\"https://a.example/b.png\" alt=\"alt\""),
            "{image}"
        );
    }

    #[test]
    fn lemmy_spoilers_become_details() {
        let html = plainly("a\n\n::: spoiler The end: all <die>\n\n**b**\n\n:::\nc");
        assert_eq!(
            html,
            "<p>a</p>\n<details><summary>The end: all &lt;die&gt;</summary>\n<p><strong>b</strong></p>\n</details>\n<p>c</p>\n"
        );
        assert!(plainly("::: spoiler\nb\n:::").contains("<summary>Spoiler</summary>"));
        assert_eq!(plainly("::: warning\nb\n:::"), "<p>b</p>\n");
        assert_eq!(
            plainly("    ::: spoiler a: b"),
            "<pre><code>::: spoiler a: b\n</code></pre>\n"
        );
    }

    #[test]
    fn footnotes_have_names_of_their_own() {
        let html = plainly("a[^x] b[^<b>]\n\n[^x]: note");
        let id = html
            .split_once("href=\"#")
            .unwrap()
            .1
            .split_once('"')
            .unwrap()
            .0;
        assert!(
            id.starts_with("fn-") && html.contains(&format!("<li id=\"{id}\">")),
            "{html}"
        );
        assert!(!plainly("c[^x]\n\n[^x]: note").contains(id));
    }

    #[test]
    fn mentions_and_hashtags_become_links_where_somebody_knows_them() {
        let links = Links {
            mention: &|mention| match (mention.name.as_str(), mention.host.as_deref()) {
                ("bob", None) => Some("https://h.example/u/bob".to_owned()),
                ("eve", Some("x.example")) => Some("https://x.example/@eve?a=\"&b".to_owned()),
                ("dev", Some("x.test:8080")) => Some("http://x.test:8080/u/dev".to_owned()),
                _ => None,
            },
            hashtag: &|tag| Some(format!("https://h.example/tags/{}", tag.to_lowercase())),
        };
        let html = render(
            "Hi @bob, @eve@x.example and @nobody@x.example! #Tea",
            &links,
        );
        let rel = "rel=\"nofollow noopener noreferrer ugc\"";
        assert_eq!(
            html,
            format!(
                "<p>Hi <a href=\"https://h.example/u/bob\" class=\"u-url mention\" {rel}>@<span>bob</span></a>, \
                 <a href=\"https://x.example/@eve?a=&quot;&amp;b\" class=\"u-url mention\" {rel}>@<span>eve@x.example</span></a> \
                 and @nobody@x.example! \
                 <a href=\"https://h.example/tags/tea\" class=\"mention hashtag\" {rel}>#<span>Tea</span></a></p>\n"
            )
        );
        assert!(
            render("**@dev@x.test:8080**", &links).contains("href=\"http://x.test:8080/u/dev\"")
        );
        assert!(render("!eve@x.example", &links).contains(">!<span>eve@x.example</span>"));
        assert!(!render("`@bob` [@bob](https://z.example)", &links).contains("h.example"));
        assert!(render("mail eve@x.example", &links).contains("href=\"mailto:eve@x.example\""));
        assert_eq!(
            render(&"@bob ".repeat(200), &links).matches("<a ").count(),
            MOST
        );
    }

    #[test]
    fn hostile_sources_stay_bounded() {
        for piece in [
            "> ",
            "- ",
            "* ",
            "+ > ",
            "[",
            "*a ",
            "_a",
            "`",
            "![](",
            "<a ",
            "**_",
            "[^a]",
            "]: x\n[",
            "| a ",
            "::: spoiler\n",
            "1. ",
            "~~a",
            "@a@b.c ",
            "https://a.b/(",
            "&",
            "\\",
            "[a]: b\n",
            "[^a]: b\n",
            "^a",
            "<!--",
            "a@",
            "www.",
        ] {
            let html = plainly(&piece.repeat(LONGEST / piece.len()));
            assert!(
                html.len() <= 2 * sanitise::LONGEST_HTML,
                "{piece} gave {}",
                html.len()
            );
        }
    }

    #[test]
    fn quotes_are_flattened_at_the_limit() {
        let html = plainly(&format!("{}x", "> ".repeat(5_000)));
        assert!(html.matches("<blockquote>").count() <= DEEPEST, "{html}");
        assert!(html.contains('x'));
        assert_eq!(plainly("- - -"), "<hr>\n");
    }
}
