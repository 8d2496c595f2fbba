//! Which of the hub's languages a reader gets: their own choice, or what their browser asks for.

use crate::text::language::primary;

/// The most languages of an `Accept-Language` header that are looked at.
const MOST: usize = 32;

/// Picks one of `offered` (the first is the default): a choice made before if it is among them,
/// else the best match of `Accept-Language` (RFC 9110 12.5.4).
pub(crate) fn pick(offered: &[String], chosen: Option<&str>, accept: &str) -> Option<String> {
    let find = |tag: &str| {
        let exact = offered.iter().find(|code| code.eq_ignore_ascii_case(tag));
        exact.or_else(|| {
            offered
                .iter()
                .find(|code| primary(code).eq_ignore_ascii_case(primary(tag)))
        })
    };
    if let Some(found) = chosen.and_then(find) {
        return Some(found.clone());
    }
    let mut wishes: Vec<(f32, &str)> = accept.split(',').take(MOST).filter_map(wish).collect();
    wishes.sort_by(|a, b| b.0.total_cmp(&a.0));
    let found = wishes.into_iter().find_map(|(_, tag)| find(tag));
    found.or_else(|| offered.first()).cloned()
}

/// `de;q=0.8` as weight and tag; what is unwanted or malformed is none.
fn wish(text: &str) -> Option<(f32, &str)> {
    let mut parts = text.split(';');
    let tag = parts.next()?.trim();
    let weight = parts.find_map(|part| part.trim().strip_prefix("q="));
    let weight = weight.map_or(Some(1.0), |number| number.trim().parse::<f32>().ok())?;
    (weight > 0.0 && weight <= 1.0 && !tag.is_empty()).then_some((weight, tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_wish_that_is_offered_wins() {
        let offered = ["en".to_owned(), "de".to_owned()];
        let pick = |accept: &str| pick(&offered, None, accept).unwrap();
        assert_eq!(pick("de-AT,de;q=0.9,en;q=0.8"), "de");
        assert_eq!(pick("fr, de;q=0.2, en;q=0.5"), "en");
        assert_eq!(pick("fr"), "en");
        assert_eq!(pick("de;q=0, *"), "en");
        assert_eq!(pick("de;q=NaN, \u{7f}"), "en");
    }

    #[test]
    fn a_choice_made_before_wins_over_the_browser() {
        let offered = ["en".to_owned(), "de".to_owned()];
        assert_eq!(pick(&offered, Some("de"), "en").unwrap(), "de");
        assert_eq!(pick(&offered, Some("fr"), "de").unwrap(), "de");
    }
}
