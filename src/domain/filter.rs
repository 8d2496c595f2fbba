//! Words that a member does not want to read, and what becomes of texts that contain them.

use super::clock::Ts;
use super::ids::FilterId;

/// What becomes of a text that contains the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// It is not shown.
    Hide,
    /// It is folded behind a word of warning.
    Warn,
}

impl Effect {
    /// The stable lower-case name.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Hide => "hide",
            Self::Warn => "warn",
        }
    }

    /// Reads the stable name.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "hide" => Some(Self::Hide),
            "warn" => Some(Self::Warn),
            _ => None,
        }
    }
}

/// One filter of a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Filter {
    /// The row.
    pub(crate) id: FilterId,
    /// The words, in lower case and with single spaces.
    pub(crate) phrase: String,
    /// What becomes of texts with them.
    pub(crate) effect: Effect,
    /// When it ends, to the hour; `None`: when the member says so.
    pub(crate) until: Option<Ts>,
}

impl Filter {
    /// Whether a text (in lower case) contains the words, as whole ones.
    fn applies(&self, text: &str) -> bool {
        let phrase = self.phrase.as_str();
        let (first, last) = (phrase.chars().next(), phrase.chars().next_back());
        text.match_indices(phrase).any(|(at, found)| {
            let before = text.get(..at).and_then(|part| part.chars().next_back());
            let after = text.get(at + found.len()..);
            let after = after.and_then(|part| part.chars().next());
            !joined(before, first) && !joined(last, after)
        })
    }
}

/// The filter that a text meets: one that hides before one that warns.
pub(crate) fn first_of<'a>(filters: &'a [Filter], text: &str) -> Option<&'a Filter> {
    let text = normalised(text);
    let mut met = filters.iter().filter(|filter| filter.applies(&text));
    let first = met.next()?;
    if first.effect == Effect::Hide {
        return Some(first);
    }
    Some(
        met.find(|filter| filter.effect == Effect::Hide)
            .unwrap_or(first),
    )
}

/// A text as filters compare it: lower case, single spaces.
pub(crate) fn normalised(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

/// Whether two neighbours are letters of one word. Scripts without spaces have no words to respect.
fn joined(left: Option<char>, right: Option<char>) -> bool {
    let letter = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() && c < '\u{2e80}');
    letter(left) && letter(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(phrase: &str, effect: Effect) -> Filter {
        Filter {
            id: FilterId(1),
            phrase: normalised(phrase),
            effect,
            until: None,
        }
    }

    #[test]
    fn whole_words_are_met_in_any_case() {
        for (phrase, text, met) in [
            ("cat", "A CAT sat.", true),
            ("cat", "A catalogue", false),
            ("cat", "concat, cat", true),
            ("two  words", "Two\nwords!", true),
            ("#tag", "so #tag it", true),
            ("#tag", "so #tags it", false),
            ("Straße", "STRAßE 1", true),
            ("猫", "黒猫です", true),
            ("é", "né", false),
        ] {
            let filters = [filter(phrase, Effect::Warn)];
            assert_eq!(first_of(&filters, text).is_some(), met, "{phrase} {text}");
        }
    }

    #[test]
    fn hiding_comes_before_warning() {
        let filters = [filter("tea", Effect::Warn), filter("pot", Effect::Hide)];
        let met = first_of(&filters, "a pot of tea").map(|filter| filter.effect);
        assert_eq!(met, Some(Effect::Hide));
        assert_eq!(first_of(&filters, "coffee"), None);
    }
}
