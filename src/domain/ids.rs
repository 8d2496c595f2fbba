//! Row ids, the ActivityPub id of a thing, and the address people type.

use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};

use super::clock::Ts;

macro_rules! row_ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub(crate) struct $name(pub(crate) i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

row_ids! {
    /// Any actor: person, group, service or instance, local or remote.
    ActorId,
    /// A server on the fediverse; 0 is this hub.
    InstanceId,
    /// A post: what starts a thread. Shares one increasing sequence with [`CommentId`].
    PostId,
    /// A comment: what answers a post or another comment.
    CommentId,
    /// People who write to each other.
    ConversationId,
    /// A private message.
    MessageId,
    /// What somebody writes and has not posted yet.
    DraftId,
    /// Words that somebody does not want to read.
    FilterId,
    /// A rule of the hub or of a group.
    RuleId,
    /// What moderators often write.
    WordingId,
    /// What admins tell everybody.
    AnnouncementId,
    /// A report.
    FlagId,
    /// An uploaded picture.
    MediaId,
    /// An entry of the outbox log.
    OutboxId,
}

/// This hub in the table of instances.
pub(crate) const LOCAL_INSTANCE: InstanceId = InstanceId(0);

/// A post or a comment: the two share one id space.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub(crate) enum ObjectId {
    /// What starts a thread.
    Post(PostId),
    /// What answers in one.
    Comment(CommentId),
}

impl ObjectId {
    /// The number that both kinds draw from one sequence.
    pub(crate) fn number(self) -> i64 {
        match self {
            Self::Post(id) => id.0,
            Self::Comment(id) => id.0,
        }
    }
}

/// Draws ids from one increasing 53-bit sequence: milliseconds since 2025, then 12 counting bits.
///
/// They increase with time, survive a restart and are exact as JSON numbers.
#[derive(Debug)]
pub(crate) struct Ids {
    last: AtomicI64,
    lane: i64,
}

const EPOCH_MILLIS: i64 = 1_735_689_600_000;

impl Ids {
    /// A sequence; processes that work on one database at once each take a lane of their own.
    pub(crate) fn new(lane: u16) -> Self {
        Self {
            last: AtomicI64::new(0),
            lane: i64::from(lane & 0xfff),
        }
    }

    /// The smallest id that can be drawn at a moment: what has a smaller one is older.
    pub(crate) fn floor(at: Ts) -> i64 {
        (at.0 / 1000 - EPOCH_MILLIS).max(0) << 12
    }

    /// The next id, greater than every id this sequence gave before.
    pub(crate) fn next(&self, now: Ts) -> i64 {
        let millis = (now.0 / 1000 - EPOCH_MILLIS).max(1);
        let floor = (millis << 12) | self.lane;
        let step = |last: i64| Some(floor.max(last + 1));
        let last = self
            .last
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, step)
            .expect("the step always gives a value");
        floor.max(last + 1)
    }
}

/// The most bytes an ActivityPub id may have; longer ones are refused.
pub(crate) const MAX_URI: usize = 2048;

/// No part of an address; PostgreSQL cannot even store NUL.
fn is_odd(c: char) -> bool {
    c.is_whitespace() || c.is_control()
}

/// An ActivityPub id: an absolute http(s) address with a host, without credentials.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(transparent)]
pub(crate) struct Uri(String);

impl Uri {
    /// Reads an id as it stands, byte for byte; `None` if it is none.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text.len() > MAX_URI || text.contains(is_odd) {
            return None;
        }
        // The parser forgives "https:/x" and "https:///x"; peers would not agree on their host.
        let (_, rest) = text.split_once("://")?;
        if rest.starts_with(['/', '\\']) {
            return None;
        }
        let url = url::Url::parse(text).ok()?;
        let web = matches!(url.scheme(), "http" | "https");
        let bare = url.username().is_empty() && url.password().is_none();
        (web && bare && url.has_host()).then(|| Self(text.to_owned()))
    }

    /// An id that this hub wrote itself (minted here, or read back from the store).
    pub(crate) fn trusted(text: String) -> Self {
        Self(text)
    }

    /// The id as text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Host, with the port if it is not the scheme's own, lower case.
    pub(crate) fn host(&self) -> String {
        url::Url::parse(&self.0)
            .map(|url| host_of(&url))
            .unwrap_or_default()
    }

    /// Whether both live on one host, port included.
    pub(crate) fn same_host(&self, other: &Self) -> bool {
        let host = self.host();
        !host.is_empty() && host == other.host()
    }

    /// The parsed address.
    pub(crate) fn url(&self) -> Option<url::Url> {
        url::Url::parse(&self.0).ok()
    }

    /// The id without its fragment: what can be fetched.
    pub(crate) fn without_fragment(&self) -> &str {
        self.0.split('#').next().unwrap_or(&self.0)
    }
}

impl fmt::Display for Uri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Host with its port where that is not the scheme's own.
pub(crate) fn host_of(url: &url::Url) -> String {
    let host = url.host_str().unwrap_or_default().to_ascii_lowercase();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host,
    }
}

/// `name@host`: the address of a person or group as people type it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Handle {
    /// The part before the `@`.
    pub(crate) name: String,
    /// The part after it, lower case; `None` for this hub's own.
    pub(crate) host: Option<String>,
}

impl Handle {
    /// Reads `name`, `name@host`, and both with a leading `@` or `!`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim().trim_start_matches(['@', '!']);
        if text.is_empty() || text.len() > 320 || text.contains(is_odd) {
            return None;
        }
        match text.split_once('@') {
            None => Some(Self {
                name: text.to_owned(),
                host: None,
            }),
            Some((name, host)) if !name.is_empty() && !host.is_empty() && !host.contains('@') => {
                Some(Self {
                    name: name.to_owned(),
                    host: Some(host.to_ascii_lowercase()),
                })
            }
            Some(_) => None,
        }
    }
}

impl fmt::Display for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.host {
            Some(host) => write!(f, "{}@{host}", self.name),
            None => f.write_str(&self.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_increase_and_fit_into_53_bits() {
        let ids = Ids::new(0);
        let now = Ts::parse("2090-01-01T00:00:00Z").unwrap();
        let (a, b) = (ids.next(now), ids.next(now));
        assert!(a < b && b < 1 << 53);
        assert!(
            ids.next(Ts::parse("2026-01-01T00:00:00Z").unwrap()) > b,
            "never backwards"
        );
    }

    #[test]
    fn an_id_is_an_absolute_web_address_without_credentials() {
        for bad in [
            "",
            "acct:a@b",
            "ftp://a/b",
            "https://u:p@a/",
            "https:///x",
            "https://a/ b",
            "https://a/\0",
            "/post/1",
        ] {
            assert_eq!(Uri::parse(bad), None, "{bad}");
        }
        assert_eq!(
            Uri::parse("http://A.example:8080/x").unwrap().host(),
            "a.example:8080"
        );
        assert_eq!(
            Uri::parse("https://a.example:443/x").unwrap().host(),
            "a.example"
        );
    }

    #[test]
    fn handles_are_read_with_and_without_marks() {
        let host = Some("b.example".to_owned());
        for text in ["a@B.example", "@a@b.example", "!a@b.example"] {
            assert_eq!(
                Handle::parse(text),
                Some(Handle {
                    name: "a".into(),
                    host: host.clone()
                })
            );
        }
        for bad in ["a@b@c", "a\0", "a\u{7f}@b"] {
            assert_eq!(Handle::parse(bad), None, "{bad}");
        }
    }
}
