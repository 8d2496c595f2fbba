//! What somebody without an account here wants to do, and where on their own server they do it
//! (FEP-3b86 and what came before it).

use url::form_urlencoded::byte_serialize;

use super::host::normal;
use super::ids::{Handle, host_of};

/// The link of `WebFinger` from the time before activity intents.
const SUBSCRIBE: &str = "http://ostatus.org/schema/1.0/subscribe";
/// Where Lemmy lets people join groups elsewhere; it finds nothing else there.
const LEMMYS: &str = "/activitypub/externalInteraction?uri=";
/// The longest address or handle that is read, in bytes.
const LONGEST: usize = 300;

/// What somebody wants to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Intent {
    /// Follow a person, join a group.
    Follow,
    /// Answer a post or comment.
    Reply,
    /// Like a post or comment.
    Vote,
}

impl Intent {
    /// The stable name in addresses.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Follow => "follow",
            Self::Reply => "reply",
            Self::Vote => "vote",
        }
    }

    /// Reads the stable name.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        [Self::Follow, Self::Reply, Self::Vote]
            .into_iter()
            .find(|intent| intent.as_str() == text)
    }
}

/// Where somebody is at home.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Home {
    /// Their name there, if they said it.
    pub(crate) name: Option<String>,
    /// Their server.
    pub(crate) host: String,
}

impl Home {
    /// Reads `@you@server`, `server`, and the address of a server or of a profile on it.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() || text.len() > LONGEST {
            return None;
        }
        if text.contains("://") {
            return Self::of_address(text);
        }
        let (name, host) = match Handle::parse(text)? {
            Handle { name, host: None } => (None, name),
            Handle { name, host } => (Some(name), host?),
        };
        let host = normal(&host).filter(|host| host.contains(['.', ':']))?;
        Some(Self { name, host })
    }

    fn of_address(text: &str) -> Option<Self> {
        let url = url::Url::parse(text).ok()?;
        let web = matches!(url.scheme(), "https" | "http");
        let host = normal(&host_of(&url)).filter(|host| web && host.contains(['.', ':']))?;
        let path = url.path().trim_end_matches('/');
        let own = |name: &&str| !name.is_empty() && !name.contains(['/', '@']);
        let name = ["/@", "/users/", "/u/"]
            .iter()
            .find_map(|door| path.strip_prefix(door))
            .filter(own);
        Some(Self {
            name: name.map(str::to_owned),
            host,
        })
    }
}

impl std::fmt::Display for Home {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.name {
            Some(name) => write!(f, "@{name}@{}", self.host),
            None => f.write_str(&self.host),
        }
    }
}

/// A wish of somebody from elsewhere: what, and with what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wish {
    /// What they want to do.
    pub(crate) intent: Intent,
    /// The ActivityPub id of the person, group, post or comment.
    pub(crate) uri: String,
}

impl Wish {
    /// The address at home by the links of somebody's `WebFinger` answer: what each is (`rel`), and
    /// the address with holes.
    ///
    /// For a follow the old link goes before the page of the object: it exists for nothing else.
    /// For answers and votes it comes last, since some servers take only people there.
    pub(crate) fn by_links(&self, links: &[(String, String)]) -> Option<String> {
        let first = match self.intent {
            Intent::Follow => "Follow",
            Intent::Reply => "Create",
            Intent::Vote => "Like",
        };
        let intent = |name: &str| {
            let wanted = format!("https://w3id.org/fep/3b86/{name}");
            let link = links
                .iter()
                .find(|(rel, _)| rel.eq_ignore_ascii_case(&wanted));
            link.map(|(_, template)| template.as_str())
        };
        // Without a hole for what is answered, the text would become a post of its own.
        let answers = |template: &&str| {
            self.intent != Intent::Reply || template.to_ascii_lowercase().contains("{inreplyto}")
        };
        let subscribe = || {
            let link = links.iter().find(|(rel, _)| rel == SUBSCRIBE);
            let template = link.map(|(_, template)| template.as_str());
            template.filter(|template| self.joins_a_group() || !template.contains(LEMMYS))
        };
        let own = intent(first).filter(answers);
        let template = match self.intent {
            Intent::Follow => own.or_else(subscribe).or_else(|| intent("Object")),
            Intent::Reply | Intent::Vote => own.or_else(|| intent("Object")).or_else(subscribe),
        };
        template.and_then(|template| self.fill(template))
    }

    /// The address at home by the software of the server; `base` is its root, without a slash.
    pub(crate) fn by_software(&self, base: &str, software: &str) -> String {
        let door = match software {
            "lemmy" if self.joins_a_group() => LEMMYS,
            "misskey" | "sharkey" | "firefish" | "foundkey" | "cherrypick" | "iceshrimp"
            | "catodon" => "/authorize-follow?acct=",
            "mastodon" | "hometown" | "glitchcafe" | "pixelfed" | "friendica" | "akkoma"
            | "pleroma" | "guildhall" => "/authorize_interaction?uri=",
            "peertube" => "/remote-interaction?uri=",
            _ => "/search?q=",
        };
        format!("{base}{door}{}", self.encoded())
    }

    /// Whether it is a group, by the form that ids of groups have here and with Lemmy.
    fn joins_a_group(&self) -> bool {
        let is_group = |url: url::Url| url.path().starts_with("/c/");
        self.intent == Intent::Follow && url::Url::parse(&self.uri).is_ok_and(is_group)
    }

    fn encoded(&self) -> String {
        byte_serialize(self.uri.as_bytes()).collect()
    }

    /// Fills the holes of a template; those for what nobody said become empty.
    fn fill(&self, template: &str) -> Option<String> {
        let mut filled = String::new();
        let mut rest = template;
        let mut named = false;
        while let Some((before, hole)) = rest.split_once('{') {
            let (name, after) = hole.split_once('}')?;
            filled.push_str(before);
            let about = matches!(
                name.to_ascii_lowercase().as_str(),
                "uri" | "object" | "inreplyto"
            );
            if about {
                filled.push_str(&self.encoded());
                named = true;
            }
            rest = after;
        }
        filled.push_str(rest);
        named.then_some(filled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(intent: Intent) -> Wish {
        Wish {
            intent,
            uri: "https://hub.example/c/tea".to_owned(),
        }
    }

    fn links(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        let pairs = pairs.iter();
        pairs
            .map(|(rel, template)| ((*rel).to_owned(), (*template).to_owned()))
            .collect()
    }

    #[test]
    fn a_home_is_read_in_every_form_that_people_type() {
        let home = |name: Option<&str>, host: &str| Home {
            name: name.map(str::to_owned),
            host: host.to_owned(),
        };
        for (text, read) in [
            ("@mia@peer.example", home(Some("mia"), "peer.example")),
            (" mia@Peer.Example ", home(Some("mia"), "peer.example")),
            ("peer.example", home(None, "peer.example")),
            ("127.0.0.1:81", home(None, "127.0.0.1:81")),
            ("https://peer.example/", home(None, "peer.example")),
            (
                "https://peer.example/@mia",
                home(Some("mia"), "peer.example"),
            ),
            (
                "https://peer.example/users/mia",
                home(Some("mia"), "peer.example"),
            ),
            (
                "https://peer.example/@a@b.example",
                home(None, "peer.example"),
            ),
        ] {
            assert_eq!(Home::parse(text), Some(read), "{text}");
        }
        for text in [
            "",
            "mia",
            "@mia@",
            "javascript://x",
            "a@b@c",
            "peer example",
        ] {
            assert_eq!(Home::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_best_link_of_a_server_is_taken() {
        const FOLLOW: (&str, &str) = (
            "https://w3id.org/fep/3b86/follow",
            "https://p/f?o={object}&s={on-success}",
        );
        const OBJECT: (&str, &str) = ("https://w3id.org/fep/3b86/Object", "https://p/o?o={object}");
        const OLD: (&str, &str) = (SUBSCRIBE, "https://p/s?uri={uri}");
        let encoded = "https%3A%2F%2Fhub.example%2Fc%2Ftea";
        let led = |intent, pairs: &[(&str, &str)]| wish(intent).by_links(&links(pairs));
        let to = |path: &str| Some(format!("https://p/{path}"));
        assert_eq!(
            led(Intent::Follow, &[OLD, OBJECT, FOLLOW]),
            to(&format!("f?o={encoded}&s="))
        );
        assert_eq!(
            led(Intent::Follow, &[OBJECT, OLD]),
            to(&format!("s?uri={encoded}"))
        );
        assert_eq!(
            led(Intent::Vote, &[OLD, OBJECT]),
            to(&format!("o?o={encoded}"))
        );
        assert_eq!(led(Intent::Vote, &[OLD]), to(&format!("s?uri={encoded}")));
        // A Create that cannot answer is no way to answer.
        let create = (
            "https://w3id.org/fep/3b86/Create",
            "https://p/share?text={content}",
        );
        assert_eq!(
            led(Intent::Reply, &[create, OBJECT]),
            to(&format!("o?o={encoded}"))
        );
        let answer = (create.0, "https://p/new?text={content}&re={inReplyTo}");
        assert_eq!(
            led(Intent::Reply, &[answer, OBJECT]),
            to(&format!("new?text=&re={encoded}"))
        );
        for broken in [
            "https://p/no-hole",
            "https://p/{object",
            "https://p/{other}",
        ] {
            assert_eq!(
                led(Intent::Follow, &[(SUBSCRIBE, broken)]),
                None,
                "{broken}"
            );
        }
        assert_eq!(led(Intent::Follow, &[]), None);
    }

    #[test]
    fn without_links_the_software_says_where() {
        let at = |software| wish(Intent::Follow).by_software("https://p", software);
        let encoded = "https%3A%2F%2Fhub.example%2Fc%2Ftea";
        for (software, door) in [
            ("mastodon", "/authorize_interaction?uri="),
            ("lemmy", "/activitypub/externalInteraction?uri="),
            ("misskey", "/authorize-follow?acct="),
            ("nobody-knows", "/search?q="),
        ] {
            assert_eq!(at(software), format!("https://p{door}{encoded}"));
        }
        let vote = wish(Intent::Vote);
        assert_eq!(
            vote.by_software("https://p", "lemmy"),
            format!("https://p/search?q={encoded}")
        );
        let joining = "https://p/activitypub/externalInteraction?uri={uri}";
        let links = [(SUBSCRIBE.to_owned(), joining.to_owned())];
        assert_eq!(vote.by_links(&links), None);
        assert!(wish(Intent::Follow).by_links(&links).is_some());
    }
}
