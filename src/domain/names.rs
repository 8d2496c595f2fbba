//! The address of everything local: what operations mint, and what arrives back from peers.
//!
//! Ids are lower case, without query or trailing slash (but the instance's), stable for ever
//! (INTERFACES.md, federation.md 0.2).

use super::actor::is_local_name;
use super::ids::{CommentId, MessageId, ObjectId, PostId, Uri};
use super::media::FileName;

/// Mints and reads the hub's own addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Names {
    base: String,
    host: String,
}

/// What a local address stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Local {
    /// The instance actor.
    Instance,
    /// A person.
    Person(String),
    /// A group.
    Group(String),
    /// A post.
    Post(PostId),
    /// A comment.
    Comment(CommentId),
    /// An activity, by its type segment and uuid.
    Activity(String, String),
    /// A collection of a person, group, post or comment; the last segment says which.
    Collection(Box<Local>, String),
}

impl Names {
    /// The names below a base address like `https://hub.example`.
    pub(crate) fn new(base: &str) -> Self {
        let base = base.trim_end_matches('/').to_ascii_lowercase();
        let host = base
            .split_once("://")
            .map_or(base.as_str(), |(_, host)| host)
            .to_owned();
        Self { base, host }
    }

    /// Host as it appears in ids and handles, with its port where it has one.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    /// The base address, without a slash at its end.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// The instance actor.
    pub(crate) fn instance(&self) -> Uri {
        Uri::trusted(format!("{}/", self.base))
    }

    /// Where the whole hub receives.
    pub(crate) fn shared_inbox(&self) -> String {
        format!("{}/inbox", self.base)
    }

    /// A person.
    pub(crate) fn person(&self, name: &str) -> Uri {
        Uri::trusted(format!("{}/u/{name}", self.base))
    }

    /// A group.
    pub(crate) fn group(&self, name: &str) -> Uri {
        Uri::trusted(format!("{}/c/{name}", self.base))
    }

    /// A post.
    pub(crate) fn post(&self, id: PostId) -> Uri {
        Uri::trusted(format!("{}/post/{id}", self.base))
    }

    /// A comment.
    pub(crate) fn comment(&self, id: CommentId) -> Uri {
        Uri::trusted(format!("{}/comment/{id}", self.base))
    }

    /// A post or comment.
    pub(crate) fn object(&self, id: ObjectId) -> Uri {
        match id {
            ObjectId::Post(id) => self.post(id),
            ObjectId::Comment(id) => self.comment(id),
        }
    }

    /// A private message; nobody can fetch it.
    pub(crate) fn message(&self, id: MessageId) -> Uri {
        Uri::trusted(format!("{}/message/{id}", self.base))
    }

    /// An activity; `kind` is a lower-case word.
    pub(crate) fn activity(&self, kind: &str, uuid: &str) -> Uri {
        Uri::trusted(format!("{}/activities/{kind}/{uuid}", self.base))
    }

    /// The stamp by which an author allows a quote.
    pub(crate) fn stamp(&self, uuid: &str) -> Uri {
        Uri::trusted(format!("{}/authz/{uuid}", self.base))
    }

    /// A hashtag's page.
    pub(crate) fn hashtag(&self, name: &str) -> String {
        format!("{}/tags/{name}", self.base)
    }

    /// A file of an uploaded picture.
    pub(crate) fn media(&self, file: &FileName) -> String {
        format!("{}/media/{file}", self.base)
    }

    /// The file that an address of this hub stands for, if it is one of an uploaded picture.
    pub(crate) fn media_file(&self, url: &str) -> Option<FileName> {
        let name = url.strip_prefix(&self.base)?.strip_prefix("/media/")?;
        FileName::parse(name)
    }

    /// The RSA key of a local actor.
    #[expect(
        clippy::unused_self,
        reason = "one scheme: all addresses are asked of the names"
    )]
    pub(crate) fn key(&self, actor: &Uri) -> String {
        format!("{actor}#main-key")
    }

    /// The key with which a local actor proves documents.
    #[expect(
        clippy::unused_self,
        reason = "one scheme: all addresses are asked of the names"
    )]
    pub(crate) fn proof_key(&self, actor: &Uri) -> String {
        format!("{actor}#ed25519-key")
    }

    /// A collection below an actor, post or comment: `inbox`, `followers`, `replies` and so on.
    #[expect(
        clippy::unused_self,
        reason = "one scheme: all addresses are asked of the names"
    )]
    pub(crate) fn below(&self, of: &Uri, what: &str) -> String {
        format!("{}/{what}", of.as_str().trim_end_matches('/'))
    }

    /// Whether an address lies on this hub, however its host is written: upper case, with a
    /// trailing dot and, where the hub has no port of its own, with any port (security.md H90).
    pub(crate) fn is_local(&self, uri: &str) -> bool {
        let Ok(url) = url::Url::parse(uri) else {
            return false;
        };
        let host = url.host_str().unwrap_or_default().trim_end_matches('.');
        let own = self
            .host
            .rsplit_once(':')
            .map_or(self.host.as_str(), |(host, _)| host);
        let port = self
            .host
            .rsplit_once(':')
            .and_then(|(_, port)| port.parse().ok());
        host.eq_ignore_ascii_case(own) && (port.is_none() || url.port_or_known_default() == port)
    }

    /// What a local address stands for; `None` for foreign and unknown ones.
    pub(crate) fn parse(&self, uri: &str) -> Option<Local> {
        let plain = !uri.contains('%') && !uri.contains("/.");
        if uri.len() > super::ids::MAX_URI || !plain || !self.is_local(uri) {
            return None;
        }
        let url = url::Url::parse(uri).ok()?;
        if super::ids::host_of(&url) != self.host {
            return None;
        }
        let path = url
            .path()
            .trim_start_matches('/')
            .trim_end_matches('/')
            .to_ascii_lowercase();
        let parts: Vec<&str> = path.split('/').collect();
        match parts.as_slice() {
            [""] => Some(Local::Instance),
            ["activities", kind, uuid] if is_token(kind) && is_token(uuid) => {
                Some(Local::Activity((*kind).to_owned(), (*uuid).to_owned()))
            }
            [kind, name] => thing(kind, name),
            [kind, name, what] => Some(Local::Collection(
                Box::new(thing(kind, name)?),
                (*what).to_owned(),
            )),
            _ => None,
        }
    }
}

fn thing(kind: &str, name: &str) -> Option<Local> {
    match kind {
        "u" if is_local_name(name) => Some(Local::Person(name.to_owned())),
        "c" if is_local_name(name) => Some(Local::Group(name.to_owned())),
        "post" => number(name).map(|id| Local::Post(PostId(id))),
        "comment" => number(name).map(|id| Local::Comment(CommentId(id))),
        _ => None,
    }
}

/// A number as ids write it: digits without a leading zero, at most 53 bits.
fn number(text: &str) -> Option<i64> {
    let plain = text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0');
    text.parse()
        .ok()
        .filter(|number| plain && *number < 1 << 53)
}

fn is_token(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    (1..=64).contains(&text.len()) && text.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_minted_is_read_back() {
        let names = Names::new("https://hub.example");
        let read = |uri: &Uri| names.parse(uri.as_str());
        assert_eq!(read(&names.instance()), Some(Local::Instance));
        assert_eq!(read(&names.group("tea")), Some(Local::Group("tea".into())));
        assert_eq!(read(&names.post(PostId(7))), Some(Local::Post(PostId(7))));
        let followers = names.below(&names.group("tea"), "followers");
        let group = Box::new(Local::Group("tea".into()));
        assert_eq!(
            names.parse(&followers),
            Some(Local::Collection(group, "followers".into()))
        );
    }

    #[test]
    fn foreign_and_odd_addresses_are_nobody() {
        let names = Names::new("https://hub.example");
        for uri in [
            "https://other.example/c/tea",
            "https://hub.example/x/y",
            "nonsense",
            "https://hub.example:8443/c/tea",
            "https://hub.example/post/one",
        ] {
            assert_eq!(names.parse(uri), None, "{uri}");
        }
    }

    #[test]
    fn h90_any_spelling_of_our_host_is_ours() {
        let names = Names::new("https://hub.example");
        for uri in [
            "https://HUB.example/x",
            "https://hub.example./x",
            "https://hub.example:8443/x",
            "http://hub.example/",
        ] {
            assert!(names.is_local(uri), "{uri}");
        }
        for uri in [
            "https://hub.example.org/",
            "https://x.hub.example/",
            "nonsense",
            "acct:a@hub.example",
        ] {
            assert!(!names.is_local(uri), "{uri}");
        }
    }

    #[test]
    fn hubs_on_one_machine_differ_by_port() {
        let names = Names::new("http://127.0.0.1:4001");
        assert!(names.is_local("http://127.0.0.1:4001/u/ann"));
        assert!(!names.is_local("http://127.0.0.1:4002/u/ann"));
        assert_eq!(
            names.parse("http://127.0.0.1:4001/u/ann"),
            Some(Local::Person("ann".into()))
        );
    }

    #[test]
    fn an_address_that_can_name_nothing_is_none() {
        let names = Names::new("https://hub.example");
        let long = format!("https://hub.example/u/{}", "x".repeat(4000));
        for uri in [
            "https://hub.example/post/042",
            "https://hub.example/post/-1",
            "https://hub.example/post/+1",
            "https://hub.example/post/9007199254740992",
            "https://hub.example/post/99999999999999999999",
            "https://hub.example/u/",
            "https://hub.example/u/%2e%2e",
            "https://hub.example/u/ann/x/y",
            "https://hub.example/activities/create/a%00b",
            long.as_str(),
        ] {
            assert_eq!(names.parse(uri), None, "{uri}");
        }
    }
}
