//! Names that look like other names: letters of other scripts in the place of Latin ones, by the
//! tables of Unicode Technical Standard 39.

use unicode_security::{MixedScript as _, skeleton};

/// Whether a word mixes scripts and looks Latin all the same; nobody writes so but to deceive.
pub(crate) fn is_disguised(text: &str) -> bool {
    text.split_whitespace()
        .any(|word| !word.is_single_script() && imitated(word).is_some())
}

/// The ASCII text that this one looks like, if it is another.
pub(crate) fn imitated(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let looks: String = skeleton(text).collect();
    looks.is_ascii().then_some(looks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s181_words_of_several_scripts_that_look_latin_are_disguised() {
        for text in [
            "\u{430}nna",
            "Ann\u{430} Smith",
            "p\u{430}yp\u{430}l",
            "\u{391}nna",
        ] {
            assert!(is_disguised(text), "{text}");
        }
        for text in [
            "Anna",
            "Zo\u{eb}",
            "\u{410}\u{43d}\u{43d}\u{430}",
            "Anna \u{418}\u{432}\u{430}\u{43d}\u{43e}\u{432}\u{430}",
            "\u{6771}\u{4eac}\u{306e}\u{30ab}",
            "Anna \u{1f375}",
            "stra\u{df}e",
        ] {
            assert!(!is_disguised(text), "{text}");
        }
    }

    #[test]
    fn s181_a_word_of_one_script_may_look_like_a_latin_one() {
        let cyrillic = "\u{441}\u{43e}\u{441}\u{43e}";
        assert_eq!(imitated(cyrillic).as_deref(), Some("coco"));
        assert_eq!(imitated("coco"), None);
        assert_eq!(imitated("\u{42f}"), None);
    }
}
