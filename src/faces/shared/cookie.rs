//! Cookies: the session, the seed of a visitor's form tokens, what somebody chose, a passing note.

use axum::http::{HeaderMap, header};

/// A cookie of this hub.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cookie {
    /// The token of a session.
    Session,
    /// What a visitor's form tokens are made from, before there is a session.
    Seed,
    /// The language somebody chose.
    Language,
    /// Light or dark, and how dense.
    Look,
    /// Where somebody without an account here is at home, so that they say it once.
    Home,
    /// The proof of an account elsewhere, until it is linked.
    Proof,
    /// Which announcements a visitor has read.
    Read,
    /// What was just done, said once on the next page.
    Note,
}

/// The longest value that is looked at.
const LONGEST: usize = 256;

impl Cookie {
    /// Behind HTTPS the prefix binds a cookie to this very host (RFC 6265bis 4.1.3.2).
    fn name(self, secure: bool) -> String {
        let name = match self {
            Self::Session => "gh",
            Self::Seed => "gh_seed",
            Self::Language => "gh_language",
            Self::Look => "gh_look",
            Self::Home => "gh_home",
            Self::Proof => "gh_proof",
            Self::Read => "gh_read",
            Self::Note => "gh_note",
        };
        let prefix = if secure { "__Host-" } else { "" };
        format!("{prefix}{name}")
    }

    /// The value a browser sent, if it is one that this hub could have set.
    pub(crate) fn read(self, headers: &HeaderMap, secure: bool) -> Option<String> {
        let name = self.name(secure);
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value)
            .filter(|value| !value.is_empty() && value.len() <= LONGEST && value.bytes().all(plain))
            .map(str::to_owned)
    }

    /// The `Set-Cookie` header that keeps a value for so many seconds; without seconds, until the
    /// browser closes.
    pub(crate) fn set(self, value: &str, seconds: Option<u64>, secure: bool) -> String {
        let age = seconds.map_or(String::new(), |age| format!("; Max-Age={age}"));
        let secured = if secure { "; Secure" } else { "" };
        let name = self.name(secure);
        format!("{name}={value}; Path=/{age}; HttpOnly; SameSite=Lax{secured}")
    }

    /// The `Set-Cookie` header that forgets it.
    pub(crate) fn forget(self, secure: bool) -> String {
        self.set("", Some(0), secure)
    }
}

fn plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'@' | b':')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_bound_to_its_host_behind_https() {
        let set = Cookie::Session.set("abc", Some(60), true);
        assert_eq!(
            set,
            "__Host-gh=abc; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure"
        );
        assert!(!Cookie::Session.set("abc", None, false).contains("Secure"));
    }

    #[test]
    fn garbage_in_cookies_is_no_value() {
        let read = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, text.parse().unwrap());
            Cookie::Session.read(&headers, false)
        };
        assert_eq!(read("a=b; gh=abc_-1; c=d"), Some("abc_-1".to_owned()));
        assert_eq!(read("gh=<script>"), None);
        assert_eq!(read(&format!("gh={}", "a".repeat(10_000))), None);
        assert_eq!(read("ghost=1"), None);
    }
}
