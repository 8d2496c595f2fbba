//! Page or document: what an address answers with, by `Accept` (federation.md 1.5).

use http::HeaderMap;
use http::header::ACCEPT;

/// The media type of everything that is served as ActivityPub; no parameters, or NodeBB and the
/// Rust library refuse it.
pub(crate) const ACTIVITY_JSON: &str = "application/activity+json";

/// Elements of `Accept` that are looked at.
const MOST_ELEMENTS: usize = 40;

/// Whether the request asks for an ActivityPub document in place of a page; `otherwise` where it
/// names neither, as `*/*` does.
pub(crate) fn wants_document(headers: &HeaderMap, otherwise: bool) -> bool {
    let (mut document, mut page) = (0.0_f32, 0.0_f32);
    let lines = headers.get_all(ACCEPT).iter();
    let elements = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(elements);
    for element in elements.take(MOST_ELEMENTS) {
        let Some((form, weight)) = read(element) else {
            continue;
        };
        match form {
            Form::Document => document = document.max(weight),
            Form::Page => page = page.max(weight),
        }
    }
    if document == 0.0 && page == 0.0 {
        return otherwise;
    }
    document > 0.0 && document >= page
}

enum Form {
    Document,
    Page,
}

/// The elements of a line; commas within quotes do not part them.
fn elements(line: &str) -> impl Iterator<Item = &str> {
    parts(line, ',')
}

fn parts(text: &str, mark: char) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    text.split(move |c: char| {
        quoted ^= c == '"';
        c == mark && !quoted
    })
}

fn read(element: &str) -> Option<(Form, f32)> {
    let mut pieces = parts(element, ';').map(str::trim);
    let kind = pieces.next()?.to_ascii_lowercase();
    let (mut weight, mut profile) = (1.0, None);
    for piece in pieces {
        let (name, value) = piece.split_once('=')?;
        let value = value.trim().trim_matches('"');
        if name.trim().eq_ignore_ascii_case("q") {
            weight = value
                .parse::<f32>()
                .ok()
                .filter(|q| (0.0..=1.0).contains(q))?;
        } else if name.trim().eq_ignore_ascii_case("profile") {
            profile = Some(value);
        }
    }
    let activities = profile.is_none_or(|profile| {
        let mut named = profile.split_whitespace();
        named.any(|name| name.trim_end_matches('#') == "https://www.w3.org/ns/activitystreams")
    });
    match kind.as_str() {
        "application/activity+json" | "application/json" => Some((Form::Document, weight)),
        "application/ld+json" if activities => Some((Form::Document, weight)),
        "text/html" | "application/xhtml+xml" => Some((Form::Page, weight)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wants(accept: &str, otherwise: bool) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, accept.parse().unwrap());
        wants_document(&headers, otherwise)
    }

    #[test]
    fn every_way_of_asking_for_a_document() {
        for accept in [
            "application/activity+json",
            "Application/Activity+JSON; charset=utf-8",
            "application/ld+json",
            "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"",
            "application/ld+json;profile=https://www.w3.org/ns/activitystreams",
            "application/ld+json ; q=0.9 ; profile = \"https://www.w3.org/ns/activitystreams\"",
            "application/activity+json, text/html;q=0.1",
            "text/html, application/activity+json",
            "application/json",
            "image/png, application/ld+json; profile=\"a,b https://www.w3.org/ns/activitystreams\"",
        ] {
            assert!(wants(accept, false), "{accept}");
        }
    }

    #[test]
    fn browsers_get_pages() {
        for accept in [
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "text/html, application/activity+json;q=0.9",
            "application/activity+json;q=0",
            "application/ld+json; profile=\"https://schema.org\", text/html;q=0.2",
        ] {
            assert!(!wants(accept, true) || accept.contains("q=0"), "{accept}");
            assert!(!wants(accept, false), "{accept}");
        }
    }

    #[test]
    fn who_names_neither_gets_the_usual() {
        for accept in [
            "*/*",
            "",
            "image/png",
            ";;,,q=",
            "application/activity+json;q=x",
        ] {
            assert!(wants(accept, true) && !wants(accept, false), "{accept}");
        }
    }
}
