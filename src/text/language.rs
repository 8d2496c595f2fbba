//! Language tags (BCP 47), as far as a hub needs them.

/// A language tag in its usual spelling (`pt-BR`, `zh-Hant`), or `None` for what is none.
///
/// Accepted: a language of two or three letters, then up to five subtags of one to eight letters or digits.
pub(crate) fn tag(text: &str) -> Option<String> {
    if text.len() > 35 || !text.is_ascii() {
        return None;
    }
    let mut parts = text.split(['-', '_']);
    let language = parts.next()?;
    if !(2..=3).contains(&language.len()) || !language.bytes().all(|b| b.is_ascii_alphabetic()) {
        return None;
    }
    let mut tag = language.to_ascii_lowercase();
    for (place, part) in parts.enumerate() {
        let sound =
            (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
        if !sound || place >= 5 {
            return None;
        }
        tag.push('-');
        tag.push_str(&spelled(part, place));
    }
    Some(tag)
}

/// The part before the first hyphen: what interface languages are matched by.
pub(crate) fn primary(tag: &str) -> &str {
    tag.split_once(['-', '_'])
        .map_or(tag, |(primary, _)| primary)
}

fn spelled(part: &str, place: usize) -> String {
    let letters = part.bytes().all(|b| b.is_ascii_alphabetic());
    let low = part.to_ascii_lowercase();
    match (part.len(), letters) {
        (4, true) if place == 0 => {
            let (first, rest) = low.split_at_checked(1).unwrap_or((&low, ""));
            format!("{}{rest}", first.to_ascii_uppercase())
        }
        (2, true) if place <= 1 => part.to_ascii_uppercase(),
        _ => low,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_get_their_usual_spelling() {
        for (given, expected) in [
            ("en", "en"),
            ("DE", "de"),
            ("pt-br", "pt-BR"),
            ("zh_hant_tw", "zh-Hant-TW"),
            ("es-419", "es-419"),
            ("und", "und"),
            ("de-DE-1996", "de-DE-1996"),
        ] {
            assert_eq!(tag(given).as_deref(), Some(expected));
        }
        assert_eq!(primary("pt-BR"), "pt");
        assert_eq!(primary("de"), "de");
    }

    #[test]
    fn garbage_is_no_language() {
        for bad in [
            "",
            "e",
            "engl",
            "e1",
            "en-",
            "en--us",
            "en-toolongsubtag",
            "<b>",
            "en us",
            "é",
            "a-b-c",
            "en-a-b-c-d-e-f",
        ] {
            assert_eq!(tag(bad), None, "{bad}");
        }
    }
}
