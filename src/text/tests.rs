//! Hostile Markdown, HTML and text (security.md 3.9, H235 to H250).

use super::markdown::{self, Links};
use super::{language, mention, plain, sanitise, title};

/// What a row must come to.
enum Comes {
    /// To exactly this.
    To(&'static str),
    /// To something without these.
    Without(&'static [&'static str]),
}

use Comes::{To, Without};

const RUNS: &[&str] = &[
    "javascript",
    "vbscript",
    "data:",
    "<script",
    "onerror",
    "onclick",
    "href",
];
const FOREIGN: &[&str] = &[
    "<svg",
    "<math",
    "<mglyph",
    "<annotation",
    "<template",
    "<noscript",
    "<select",
    "<xmp",
    "<plaintext",
    "<img",
    "onerror",
];
const FORMS: &[&str] = &[
    "<form", "<input", "<base", "<meta", "<link", "<iframe", "<object", "<embed", "<button", "id=",
    "name=", "<img",
];
const REL: &str = " rel=\"nofollow noopener noreferrer ugc\"";

const HTML: &[(&str, &str, Comes)] = &[
    (
        "H235 plain",
        "<a href=\"javascript:x\">a</a>",
        Without(RUNS),
    ),
    ("H235 case", "<a href=\"JaVaScRiPt:x\">a</a>", Without(RUNS)),
    (
        "H235 tab",
        "<a href=\"java\tscript:x\">a</a>",
        Without(RUNS),
    ),
    (
        "H235 newline",
        "<a href=\"java\nscript:x\">a</a>",
        Without(RUNS),
    ),
    (
        "H235 entity",
        "<a href=\"&#106;avascript:x\">a</a>",
        Without(RUNS),
    ),
    (
        "H235 hex entity",
        "<a href=\"&#x6A;avascript&#x3a;x\">a</a>",
        Without(RUNS),
    ),
    (
        "H235 named entity",
        "<a href=\"java&Tab;script&colon;x\">a</a>",
        Without(RUNS),
    ),
    (
        "H235 control",
        "<a href=\"\u{1}javascript:x\">a</a>",
        Without(RUNS),
    ),
    (
        "H235 blank",
        "<a href=\"  javascript:x\">a</a>",
        Without(RUNS),
    ),
    ("H235 unquoted", "<a href=javascript:x>a</a>", Without(RUNS)),
    (
        "H235 data",
        "<a href=\"data:text/html,x\">a</a>",
        Without(RUNS),
    ),
    (
        "H235 vbscript",
        "<a href=\"vbscript:x\">a</a>",
        Without(RUNS),
    ),
    (
        "H235 script",
        "<script>x</script><p onclick=x onerror=x>a</p>",
        Without(RUNS),
    ),
    (
        "H236 svg",
        "<svg><p><style><a title=\"</style><img src=x onerror=x>\">",
        Without(FOREIGN),
    ),
    (
        "H236 math",
        "<math><mtext><table><mglyph><style><img src=x onerror=x>",
        Without(FOREIGN),
    ),
    (
        "H236 annotation",
        "<math><annotation-xml encoding=\"text/html\"><p><img src=x onerror=x>",
        Without(FOREIGN),
    ),
    (
        "H236 template",
        "<template><img src=x onerror=x></template>",
        Without(FOREIGN),
    ),
    (
        "H236 noscript",
        "<noscript><p title=\"</noscript><img src=x onerror=x>\">",
        Without(FOREIGN),
    ),
    (
        "H236 select",
        "<select><style></select><img src=x onerror=x></style>",
        Without(FOREIGN),
    ),
    (
        "H236 xmp",
        "<xmp><p title=\"</xmp><img src=x onerror=x>\">",
        Without(FOREIGN),
    ),
    (
        "H236 plaintext",
        "<plaintext><img src=x onerror=x>",
        Without(FOREIGN),
    ),
    (
        "H237 style",
        "<p style=\"position:fixed\">a</p><style>*{}</style>",
        To("<p>a</p>"),
    ),
    (
        "H237 class",
        "<p class=\"page-header\">a</p><span class=\"invisible admin\">b</span>",
        To("<p>a</p><span class=\"invisible\">b</span>"),
    ),
    (
        "H238 clobbering",
        "<p id=login name=csrf>a</p><img id=x name=y src=z>",
        Without(FORMS),
    ),
    (
        "H238 form",
        "<form action=x><input name=a><button>b</button></form>",
        Without(FORMS),
    ),
    (
        "H238 head",
        "<base href=//x><meta http-equiv=refresh><link rel=stylesheet href=x>",
        Without(FORMS),
    ),
    (
        "H238 frames",
        "<iframe src=x></iframe><object data=x></object><embed src=x>",
        Without(FORMS),
    ),
    (
        "H238 tracking",
        "<img src=\"https://x.example/1.gif\" width=1 height=1>",
        Without(FORMS),
    ),
    (
        "H238 tracking, disguised",
        "<img src=\"https://x.example/1.gif\" width=\"&#49;\">",
        Without(FORMS),
    ),
    (
        "H238 no address",
        "<img src=\"https://m.e\u{fffd}x/1.png\" alt=\"a\">",
        Without(FORMS),
    ),
    (
        "H239 relative",
        "<a href=\"/settings\">a</a>",
        Without(&["href"]),
    ),
    (
        "H239 of any scheme",
        "<a href=\"//x.example\">a</a>",
        Without(&["href"]),
    ),
    (
        "H239 anchor",
        "<a href=\"#login\">a</a>",
        Without(&["href"]),
    ),
    (
        "H239 telephone",
        "<a href=\"tel:1\">a</a><a href=\"magnet:?x\">b</a>",
        Without(&["href"]),
    ),
    (
        "H240 target",
        "<a target=_top rel=me href=\"https://x.example/\">a</a>",
        To("<a href=\"https://x.example/\" rel=\"nofollow noopener noreferrer ugc\">a</a>"),
    ),
    ("H244 unclosed", "<b><i>a", To("<b><i>a</i></b>")),
    ("H244 stray", "a</div></p></td>b", To("ab")),
    (
        "H244 comments",
        "a<!-- x --!>b --><!-- y -->c",
        Without(&["<!--", "-->b", "x"]),
    ),
    (
        "H244 CDATA",
        "a<![CDATA[<b>]]>b<?php x ?>c",
        Without(&["CDATA", "php"]),
    ),
    ("H245 NUL", "a\0b", To("ab")),
];

#[test]
fn h235_to_h245_hostile_html_meets_the_table() {
    for (row, html, comes) in HTML {
        let clean = sanitise::clean(html);
        match comes {
            To(wanted) => assert_eq!(clean, *wanted, "{row}"),
            Without(parts) => {
                for part in *parts {
                    assert!(!clean.contains(part), "{row}: {part} in {clean}");
                }
            }
        }
        assert_eq!(sanitise::clean(&clean), clean, "{row}: once more");
        // The same through Markdown, where it is text.
        let written = markdown::render(html, &Links::NONE);
        for tag in ["<script", "<svg", "<form", "<iframe", "<style"] {
            assert!(!written.contains(tag), "{row}: {tag} in {written}");
        }
        assert_eq!(sanitise::clean(&written), written, "{row}: once more");
    }
}

#[test]
fn h239_addresses_lose_names_and_keep_mail() {
    let rows = [
        (
            "<a href=\"https://a:b@x.example/\">a</a>",
            "https://x.example/",
        ),
        ("<a href=\"mailto:a@x.example\">a</a>", "mailto:a@x.example"),
    ];
    for (html, address) in rows {
        let clean = sanitise::clean(html);
        assert_eq!(clean, format!("<a href=\"{address}\"{REL}>a</a>"), "H239");
    }
}

#[test]
fn h241_r48_a_link_that_shows_another_address_says_where_it_leads() {
    let rows = [
        ("https://bank.example", "https://evil.example/x", true),
        (
            "https://bank.example/evil.example",
            "https://evil.example/x",
            true,
        ),
        (
            "http<b>s://bank</b>.example",
            "https://evil.example/x",
            true,
        ),
        ("www.bank.example", "https://evil.example/x", true),
        ("https&#58;//bank.example", "https://evil.example/x", true),
        ("https://evil.example/y", "https://evil.example/x", false),
        ("www.evil.example", "https://evil.example/x", false),
        ("https://bank.example", "https&colon;//evil.example/x", true),
        ("the bank", "https://evil.example/x", false),
        (
            "<span class=\"invisible\">https://</span>evil.example/x",
            "https://evil.example/x",
            false,
        ),
    ];
    for (shown, href, says) in rows {
        let clean = sanitise::clean(&format!("<p><a href=\"{href}\">{shown}</a></p>"));
        assert_eq!(
            clean.contains(" (evil.example)</a>"),
            says,
            "H241 {shown}: {clean}"
        );
        assert_eq!(sanitise::clean(&clean), clean, "H241 {shown}: once more");
    }
    let written = markdown::render("[https://bank.example](https://evil.example)", &Links::NONE);
    assert!(
        written.contains("bank.example (evil.example)</a>"),
        "H241 {written}"
    );
}

#[test]
fn h242_h243_r42_nesting_and_repetition_stay_flat_and_short() {
    let deepest = |html: &str| {
        let (mut depth, mut most) = (0_usize, 0);
        for part in html.split('<').skip(1) {
            match part.as_bytes().first() {
                Some(b'/') => depth = depth.saturating_sub(1),
                _ if part.starts_with("br") || part.starts_with("hr") => {}
                _ => depth += 1,
            }
            most = most.max(depth);
        }
        most
    };
    for piece in [
        "<blockquote>",
        "<div>",
        "<ul><li>",
        "<details>",
        "<b>x</i>",
        "<p><b>",
        "<table><tr><td>",
    ] {
        let clean = sanitise::clean(&piece.repeat(16_000));
        assert!(deepest(&clean) <= 48, "H242 {piece}: {}", deepest(&clean));
        assert!(clean.len() <= 2 * sanitise::LONGEST_HTML, "H242 {piece}");
    }
    for piece in ["> ", "- ", "1. ", "> - "] {
        let html = markdown::render(&format!("{}x", piece.repeat(50_000)), &Links::NONE);
        assert!(
            deepest(&html) <= 2 * 32 + 4,
            "H242 {piece}: {}",
            deepest(&html)
        );
    }
    let table = format!(
        "|{}\n|{}\n{}",
        "a|".repeat(1_000),
        "-|".repeat(1_000),
        format!("|{}\n", "b|".repeat(1_000)).repeat(40)
    );
    let many = [
        "[".repeat(50_000),
        "*a ".repeat(50_000),
        "`".repeat(50_000),
        "![](".repeat(50_000),
        "<a ".repeat(50_000),
        table,
        numbered(|n| format!("[^{n}] ")),
        numbered(|n| format!("[^{n}]\n\n[^{n}]: x\n\n")),
        numbered(|n| format!("[a{n}]\n[a{n}]: https://x.example/{n}\n")),
    ];
    for source in many {
        let html = markdown::render(&source, &Links::NONE);
        assert!(
            html.len() <= 2 * sanitise::LONGEST_HTML,
            "H243 {:.20}: {}",
            source,
            html.len()
        );
    }
}

#[test]
fn h245_h249_marks_and_titles_are_tamed() {
    let piled = format!("Te{}a", "\u{301}".repeat(10_000));
    assert!(sanitise::clean(&piled).chars().count() < 20, "H245");
    let rows = [
        ("H249 HTML", "<b>Tea</b>", "<b>Tea</b>"),
        (
            "H249 lines",
            "Tea\r\nBcc: everybody@x.example",
            "Tea Bcc: everybody@x.example",
        ),
        ("H249 ANSI", "\u{1b}[31mTea\u{7}", "[31mTea"),
        ("H245 direction", "\u{202e}aeT\u{2066}", "aeT"),
        ("H245 mark of order", "\u{feff}Tea", "Tea"),
    ];
    for (row, written, line) in rows {
        assert_eq!(title::one_line(written), line, "{row}");
    }
}

#[test]
fn h246_names_in_a_text_are_bounded() {
    let many = numbered(|n| format!("@member{n} @m{n}@m.example #tag{n} "));
    assert_eq!(mention::find_mentions(&many).len(), mention::MOST, "H246");
    assert_eq!(mention::find_hashtags(&many).len(), mention::MOST, "H246");
    let links = Links {
        mention: &|mention| Some(format!("https://m.example/@{}", mention.name)),
        hashtag: &|tag| Some(format!("https://hub.example/tags/{tag}")),
    };
    let html = markdown::render(&many, &links);
    assert_eq!(html.matches("<a ").count(), mention::MOST, "H246");
}

#[test]
fn h248_garbage_is_no_language() {
    for tag in [
        "",
        "x",
        "<b>",
        "de-",
        "en us",
        "de\0",
        "english-language-of-some-kind-which-is-long",
    ] {
        assert_eq!(language::tag(tag), None, "H248 {tag}");
    }
}

#[test]
fn h250_quotes_of_quotes_end() {
    let lines = (1..1_000).map(|depth| format!("{} {depth}\n", ">".repeat(depth)));
    let source = lines.collect::<Vec<_>>().concat();
    let html = markdown::render(&source, &Links::NONE);
    assert!(html.matches("<blockquote>").count() <= 40, "H250");
    assert!(plain::excerpt_html(&html, 80).chars().count() <= 80, "H250");
}

/// Ten thousand of something.
fn numbered(one: impl Fn(usize) -> String) -> String {
    (0..10_000).map(one).collect::<Vec<_>>().concat()
}
