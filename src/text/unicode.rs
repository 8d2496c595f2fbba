//! Unicode forms: what looks the same is the same, and marks do not pile up.

use unicode_normalization::{UnicodeNormalization as _, is_nfc};

/// Combining marks after one letter beyond this number are dropped.
pub(super) const MOST_MARKS: usize = 8;

/// The composed form (NFC): two keyboards that write one letter in two ways mean one text.
pub(crate) fn composed(text: &str) -> String {
    if is_nfc(text) {
        text.to_owned()
    } else {
        text.nfc().collect()
    }
}

/// Drops combining marks that pile up over one letter, over all the characters it was asked about.
#[derive(Debug, Default)]
pub(super) struct Marks(usize);

impl Marks {
    /// Whether this character, which follows the ones asked about before, stays.
    pub(super) fn fits(&mut self, c: char) -> bool {
        self.0 = if is_mark(c) { self.0 + 1 } else { 0 };
        self.0 <= MOST_MARKS
    }
}

/// No mark comes before U+0300, which spares most letters the look into the table.
fn is_mark(c: char) -> bool {
    c >= '\u{300}' && unicode_normalization::char::is_combining_mark(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_letter_has_one_form() {
        assert_eq!(composed("Ka\u{308}se \u{212b}"), "Käse Å");
        assert_eq!(composed("Käse"), "Käse");
    }

    #[test]
    fn marks_do_not_pile_up() {
        let mut marks = Marks::default();
        let piled = format!("a{}b\u{301}", "\u{301}".repeat(10_000));
        let kept: String = piled.chars().filter(|c| marks.fits(*c)).collect();
        assert_eq!(kept, format!("a{}b\u{301}", "\u{301}".repeat(MOST_MARKS)));
    }
}
