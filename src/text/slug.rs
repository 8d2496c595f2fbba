//! Titles as the readable end of an address. Never an identity: the id beside it decides.

const LONGEST: usize = 60;

/// Lower-case words of a title joined by hyphens, at most 60 bytes of ASCII; may be empty.
pub(crate) fn slug(title: &str) -> String {
    let mut out = String::with_capacity(LONGEST);
    for c in title.chars().take(400).flat_map(char::to_lowercase) {
        let start = out.len();
        match c {
            _ if c.is_ascii_alphanumeric() => out.push(c),
            '\'' | '’' => {}
            _ => match latin(c) {
                "" if out.is_empty() || out.ends_with('-') => {}
                "" => out.push('-'),
                letters => out.push_str(letters),
            },
        }
        if out.len() > LONGEST {
            out.truncate(start);
            break;
        }
    }
    out.truncate(out.trim_end_matches('-').len());
    out
}

/// The plain letters for a Latin letter with marks; empty for what separates words or has none.
fn latin(c: char) -> &'static str {
    match c {
        'ä' | 'æ' => "ae",
        'ö' | 'œ' => "oe",
        'ü' => "ue",
        'ß' => "ss",
        'à'..='å' | 'ā' | 'ă' | 'ą' => "a",
        'ç' | 'ć' | 'č' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è'..='ë' | 'ē' | 'ė' | 'ę' | 'ě' => "e",
        'ğ' => "g",
        'ì'..='ï' | 'ī' | 'į' | 'ı' => "i",
        'ł' | 'ľ' => "l",
        'ñ' | 'ń' | 'ň' => "n",
        'ò'..='õ' | 'ø' | 'ō' | 'ő' => "o",
        'ř' => "r",
        'ś' | 'š' | 'ş' | 'ș' => "s",
        'ť' | 'ţ' | 'ț' => "t",
        'þ' => "th",
        'ù'..='û' | 'ū' | 'ů' | 'ű' => "u",
        'ý' | 'ÿ' => "y",
        'ź' | 'ž' | 'ż' => "z",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_become_short_words() {
        assert_eq!(slug("How do I brew Oolong?"), "how-do-i-brew-oolong");
        assert_eq!(
            slug("  Größe & Maß – don't  panic! "),
            "groesse-mass-dont-panic"
        );
        assert_eq!(slug("Crème brûlée"), "creme-brulee");
        assert_eq!(slug("日本語"), "");
        assert_eq!(slug("日本語 tea"), "tea");
        assert_eq!(slug("../../etc/passwd"), "etc-passwd");
    }

    #[test]
    fn slugs_are_bounded() {
        let long = slug(&"word ".repeat(1000));
        assert!(long.len() <= LONGEST && !long.ends_with('-'), "{long}");
        assert!(slug(&"ß".repeat(1000)).len() <= LONGEST);
    }
}
