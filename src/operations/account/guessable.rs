//! Passwords that whoever guesses tries first (security.md 5.2): what is common, in English and
//! German, with the usual ornaments; runs on the keyboard; numbers; the same few characters.

/// What common passwords are made of, in small letters.
const WORDS: [&str; 96] = [
    "password",
    "passwort",
    "passw",
    "pass",
    "kennwort",
    "passphrase",
    "secret",
    "geheim",
    "admin",
    "administrator",
    "root",
    "user",
    "benutzer",
    "guest",
    "gast",
    "test",
    "login",
    "default",
    "master",
    "welcome",
    "willkommen",
    "hello",
    "hallo",
    "qwerty",
    "qwertz",
    "qwertyuiop",
    "qwertzuiop",
    "asdf",
    "asdfgh",
    "asdfghjkl",
    "zxcvbn",
    "zxcvbnm",
    "yxcvbnm",
    "qazwsx",
    "qazwsxedc",
    "qweasd",
    "qweasdzxc",
    "abc",
    "abcd",
    "abcdef",
    "iloveyou",
    "ilove",
    "love",
    "you",
    "ichliebedich",
    "liebe",
    "schatz",
    "baby",
    "princess",
    "prinzessin",
    "angel",
    "engel",
    "sunshine",
    "sonnenschein",
    "sonne",
    "summer",
    "sommer",
    "winter",
    "spring",
    "autumn",
    "herbst",
    "letmein",
    "changeme",
    "trustno",
    "football",
    "fussball",
    "baseball",
    "basketball",
    "soccer",
    "hockey",
    "superman",
    "batman",
    "pokemon",
    "starwars",
    "monkey",
    "dragon",
    "drache",
    "shadow",
    "michael",
    "jordan",
    "jennifer",
    "charlie",
    "jessica",
    "daniel",
    "thomas",
    "andreas",
    "alexander",
    "computer",
    "internet",
    "samsung",
    "google",
    "facebook",
    "mastodon",
    "lemmy",
    "guildhall",
    "whatever",
];
/// What begins a line under the fingers, or is learnt by heart; read both ways.
const ROWS: [&str; 9] = [
    "01234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "qwertzuiopü",
    "asdfghjklöä",
    "zxcvbnm",
    "yxcvbnm",
    "1q2w3e4r5t6y7u8i9o0p",
    "1qaz2wsx3edc4rfv5tgb6yhn",
];
/// Fewer different characters than this are no password.
const FEWEST_DIFFERENT: usize = 5;
/// Numbers of fewer digits are dates and telephones.
const SHORTEST_NUMBER: usize = 14;

/// Whether a password is one of those that are guessed first.
pub(super) fn is_guessable(password: &str) -> bool {
    let low: Vec<char> = password.chars().flat_map(char::to_lowercase).collect();
    let mut different = low.clone();
    different.sort_unstable();
    different.dedup();
    let number = low.len() < SHORTEST_NUMBER && low.iter().all(char::is_ascii_digit);
    different.len() < FEWEST_DIFFERENT || number || is_run(&low) || is_made_of_words(&low)
}

/// Whether nearly every character follows the one before it in some row.
fn is_run(chars: &[char]) -> bool {
    let follows = |pair: &[char]| {
        let &[one, next] = pair else { return false };
        ROWS.iter().any(|row| {
            let mut pairs = row.chars().zip(row.chars().skip(1));
            pairs.any(|(left, right)| (left, right) == (one, next) || (right, left) == (one, next))
        })
    };
    let breaks = chars.windows(2).filter(|pair| !follows(pair)).count();
    breaks * 4 <= chars.len()
}

/// Whether nothing but common words is left without the ornaments around them and the digits that
/// stand for letters.
fn is_made_of_words(chars: &[char]) -> bool {
    let ornament = |c: &char| !c.is_alphabetic() && !matches!(c, '@' | '$');
    let first = chars.iter().position(|c| !ornament(c)).unwrap_or(0);
    let last = chars.iter().rposition(|c| !ornament(c)).unwrap_or(0);
    let core: String = chars
        .get(first..=last)
        .unwrap_or_default()
        .iter()
        .filter_map(|c| letter(*c))
        .collect();
    let mut rest = core.as_str();
    while !rest.is_empty() {
        let words = WORDS.iter().filter_map(|word| rest.strip_prefix(word));
        match words.min_by_key(|left| left.len()) {
            Some(left) => rest = left,
            None => return false,
        }
    }
    !core.is_empty()
}

/// The letter that a sign is written for; none for signs that part words.
fn letter(c: char) -> Option<char> {
    match c {
        '0' => Some('o'),
        '1' | '!' => Some('i'),
        '3' => Some('e'),
        '4' | '@' => Some('a'),
        '5' | '$' => Some('s'),
        '7' => Some('t'),
        c => c.is_alphabetic().then_some(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_guessed_first_is_known() {
        for password in [
            "password12",
            "Password1!",
            "P@ssw0rd2024",
            "p455w0rd!!",
            "1234567890",
            "0987654321",
            "qwertyuiop",
            "qwertzuiop1",
            "abcdefghij",
            "aaaaaaaaaa",
            "ababababab",
            "1q2w3e4r5t",
            "1qaz2wsx3edc",
            "iloveyoubaby",
            "ichliebedich",
            "Willkommen2024",
            "passwordpassword",
            "admin-admin-1",
            "24121985101",
            "asdfghjklö",
            "Sommer2025!!",
            "letmein_letmein",
        ] {
            assert!(is_guessable(password), "{password}");
        }
    }

    #[test]
    fn what_somebody_thought_of_is_not() {
        for password in [
            "correct horse battery staple",
            "another horse battery",
            "tea at four, please",
            "Wq8-zzR.p1Lx",
            "drei Kannen Tee",
            "31415926535897932",
            "пароль не такой",
            "my password is a poem",
        ] {
            assert!(!is_guessable(password), "{password}");
        }
    }
}
