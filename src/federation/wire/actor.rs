//! People, groups, bots, servers and feeds as their servers describe them, in every shape of
//! federation.md 2.5; and the keys behind a `keyId`, which may stand in a stub of an actor.

use serde_json::Value;
use url::Url;

use crate::domain::clock::Ts;

use super::lenient::{Fields, absolute, label, media_of, page_of};
use super::malformed::Malformed;
use super::tag::Tag;

const KNOWN: [&str; 6] = [
    "Person",
    "Group",
    "Service",
    "Application",
    "Organization",
    "Feed",
];
/// Owners of a group, other names of an account, languages of a group.
const NAMES: usize = 50;
/// Profile fields (security.md 5.4).
const FIELDS: usize = 8;
/// Keys of one actor that are looked at (security.md H59).
const KEYS: usize = 10;
/// Characters of a display name that are kept.
const NAME: usize = 120;

/// The key that an actor signs with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PublicKey {
    /// What the sender writes as `keyId`.
    pub(crate) id: String,
    /// The actor that it belongs to.
    pub(crate) owner: String,
    /// PEM, either `PUBLIC KEY` or, from Mobilizon, PKCS#1 `RSA PUBLIC KEY`.
    pub(crate) pem: String,
}

impl PublicKey {
    /// The key in whatever stands behind a `keyId`: an actor, a stub of one, or the key alone.
    /// Of several keys the one with the id asked for, else the first.
    pub(crate) fn from_value(document: &Value, key_id: &str) -> Result<Self, Malformed> {
        let fields = Fields::of(document)?;
        if fields.has("publicKeyPem") {
            return Self::read(document).ok_or(Malformed::Missing("publicKey"));
        }
        let keys: Vec<Self> = fields
            .list("publicKey")
            .into_iter()
            .take(KEYS)
            .filter_map(Self::read)
            .collect();
        let asked = keys.iter().position(|key| key.id == key_id).unwrap_or(0);
        keys.into_iter()
            .nth(asked)
            .ok_or(Malformed::Missing("publicKey"))
    }

    /// Whether an actor names this key by its address alone.
    pub(crate) fn is_named(document: &Value, key_id: &str) -> bool {
        let keys = Fields::of(document).map(|fields| fields.list("publicKey"));
        keys.is_ok_and(|keys| keys.iter().take(KEYS).any(|key| *key == key_id))
    }

    fn read(value: &Value) -> Option<Self> {
        let fields = Fields::of(value).ok()?;
        let pem = fields
            .text("publicKeyPem")
            .filter(|pem| pem.len() <= 8_192 && pem.contains("-----BEGIN"))?;
        let owner = fields.uri("owner").or_else(|| fields.uri("controller"))?;
        Some(Self {
            id: fields.uri("id")?,
            owner,
            pem,
        })
    }
}

/// An Ed25519 key in multibase (FEP-521a).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Multikey {
    /// What a proof writes as `verificationMethod`.
    pub(crate) id: String,
    /// The actor that it belongs to.
    pub(crate) controller: String,
    /// `z6Mk...`
    pub(crate) multibase: String,
}

impl Multikey {
    /// The key for proofs with this id in an actor's document, or in one of its own.
    pub(crate) fn from_value(document: &Value, id: &str) -> Option<Self> {
        let fields = Fields::of(document).ok()?;
        let own = std::iter::once(document).filter(|_| fields.has("publicKeyMultibase"));
        own.chain(fields.list("assertionMethod"))
            .take(KEYS)
            .filter_map(multikey)
            .find(|key| key.id == id)
    }
}

/// A line of a profile. The value is HTML that nobody has cleaned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Field {
    /// Its label.
    pub(crate) name: String,
    /// HTML of the sender.
    pub(crate) value: String,
}

/// One actor as its server words it.
#[derive(Debug, Clone, PartialEq, serde::Deserialize)]
#[serde(try_from = "Value")]
pub(crate) struct Actor {
    /// Absolute http(s) id.
    pub(crate) id: String,
    /// `Person`, `Group`, `Service`, `Application`, `Organization` or `Feed`.
    pub(crate) kind: String,
    /// The part before the `@`, never with characters that break a handle.
    pub(crate) preferred_username: String,
    /// `user@host` where the actor itself says it (FEP-2c59); to be checked by asking the host.
    pub(crate) webfinger: Option<String>,
    /// Display name, cleaned of what cannot be seen.
    pub(crate) name: Option<String>,
    /// HTML that nobody has cleaned.
    pub(crate) summary: Option<String>,
    /// Markdown of the summary, if that is what `source` holds.
    pub(crate) source: Option<String>,
    /// One plain line (Lemmy 1.0).
    pub(crate) description: Option<String>,
    /// The page for people.
    pub(crate) url: Option<String>,
    /// Address of the avatar.
    pub(crate) icon: Option<String>,
    /// Address of the banner.
    pub(crate) image: Option<String>,
    /// Where it is written to.
    pub(crate) inbox: String,
    /// What it has written.
    pub(crate) outbox: Option<String>,
    /// Who follows it.
    pub(crate) followers: Option<String>,
    /// Whom it follows.
    pub(crate) following: Option<String>,
    /// What it has pinned.
    pub(crate) featured: Option<String>,
    /// A group's moderators: the collection in `attributedTo` or `moderators`.
    pub(crate) moderators: Option<String>,
    /// A group's owners, where `attributedTo` lists actors instead (`PeerTube`).
    pub(crate) owners: Vec<String>,
    /// `endpoints.sharedInbox`, or `sharedInbox` at the top (Discourse, old Misskey).
    pub(crate) shared_inbox: Option<String>,
    /// The key that it signs with, if its owner and place are not checked yet.
    pub(crate) public_key: Option<PublicKey>,
    /// Further keys for proofs.
    pub(crate) multikeys: Vec<Multikey>,
    /// Follows wait for a person's decision.
    pub(crate) manually_approves_followers: bool,
    /// May be listed in directories.
    pub(crate) discoverable: Option<bool>,
    /// What it writes may be searched.
    pub(crate) indexable: Option<bool>,
    /// Its person has died.
    pub(crate) memorial: bool,
    /// Its server has switched it off.
    pub(crate) suspended: bool,
    /// Not for every screen.
    pub(crate) sensitive: bool,
    /// Only moderators start threads.
    pub(crate) posting_restricted_to_mods: bool,
    /// Language tags that a group writes in.
    pub(crate) languages: Vec<String>,
    /// Emoji of the name, tags that a group offers.
    pub(crate) tags: Vec<Tag>,
    /// Lines of the profile, at most eight.
    pub(crate) fields: Vec<Field>,
    /// Other ids of the same person.
    pub(crate) also_known_as: Vec<String>,
    /// Where it has gone.
    pub(crate) moved_to: Option<String>,
    /// When it was made.
    pub(crate) published: Option<Ts>,
    /// When it was last changed.
    pub(crate) updated: Option<Ts>,
    /// Whether its server says that it reads RFC 9421 signatures (FEP-844e).
    pub(crate) reads_rfc9421: bool,
}

impl Actor {
    /// The actor in a document: type, id, a name and an inbox must be usable.
    pub(crate) fn from_value(value: &Value) -> Result<Self, Malformed> {
        let fields = Fields::of(value)?;
        let kind = fields.kind(&KNOWN).ok_or(Malformed::Missing("type"))?;
        if !KNOWN.contains(&kind.as_str()) {
            return Err(Malformed::UnknownType(kind));
        }
        let id = fields
            .text("id")
            .and_then(|id| absolute(&id))
            .ok_or(Malformed::Missing("id"))?;
        let inbox = fields.uri("inbox").ok_or(Malformed::Missing("inbox"))?;
        let (moderators, owners) = moderators(fields);
        let endpoint = fields
            .nested("endpoints")
            .and_then(|endpoints| endpoints.uri("sharedInbox"));
        Ok(Self {
            preferred_username: username(fields, &kind, &id)?,
            webfinger: fields
                .text("webfinger")
                .filter(|handle| handle.len() <= 320),
            name: fields.text("name").and_then(|name| label(&name, NAME)),
            summary: fields
                .text("summary")
                .filter(|summary| !summary.trim().is_empty()),
            source: markdown(fields),
            description: fields
                .text("description")
                .and_then(|line| label(&line, 300)),
            url: page_of(&fields.list("url")),
            icon: media_of(fields, "icon"),
            image: media_of(fields, "image"),
            outbox: fields.uri("outbox"),
            followers: fields.uri("followers"),
            following: fields.uri("following"),
            featured: fields.uri("featured"),
            shared_inbox: endpoint.or_else(|| fields.uri("sharedInbox")),
            public_key: fields
                .list("publicKey")
                .into_iter()
                .take(KEYS)
                .find_map(PublicKey::read),
            multikeys: fields
                .list("assertionMethod")
                .into_iter()
                .take(KEYS)
                .filter_map(multikey)
                .collect(),
            manually_approves_followers: fields.flag("manuallyApprovesFollowers").unwrap_or(false),
            discoverable: fields.flag("discoverable"),
            indexable: fields.flag("indexable"),
            memorial: fields.flag("memorial").unwrap_or(false),
            suspended: fields.flag("suspended").unwrap_or(false),
            sensitive: fields.flag("sensitive").unwrap_or(false),
            posting_restricted_to_mods: fields.flag("postingRestrictedToMods").unwrap_or(false),
            languages: languages(fields),
            tags: Tag::read_all(fields),
            fields: profile(fields),
            also_known_as: fields.uris("alsoKnownAs", NAMES),
            moved_to: fields.uri("movedTo"),
            published: fields.time("published"),
            updated: fields.time("updated"),
            reads_rfc9421: reads_rfc9421(fields),
            id,
            kind,
            inbox,
            moderators,
            owners,
        })
    }

    /// What they are shown as: their display name, else the beginning of their name.
    pub(crate) fn title(&self) -> String {
        let name = self.name.as_deref().unwrap_or(&self.preferred_username);
        name.chars().take(NAME).collect()
    }
}

impl TryFrom<Value> for Actor {
    type Error = Malformed;

    fn try_from(value: Value) -> Result<Self, Malformed> {
        Self::from_value(&value)
    }
}

/// `preferredUsername`, else the first half of `webfinger` (Mastodon 4.6 allows that); a server
/// without either is called like its host.
fn username(fields: Fields<'_>, kind: &str, id: &str) -> Result<String, Malformed> {
    let host = || {
        let id = Url::parse(id).ok().filter(|_| kind == "Application")?;
        id.host_str().map(str::to_owned)
    };
    let webfinger = || {
        fields
            .text("webfinger")
            .and_then(|handle| Some(handle.split_once('@')?.0.to_owned()))
    };
    let name = fields
        .text("preferredUsername")
        .or_else(webfinger)
        .or_else(host)
        .ok_or(Malformed::Missing("preferredUsername"))?;
    let breaks = |c: char| c.is_whitespace() || c.is_control() || "/@?#:&<>\"'\\%".contains(c);
    if name.is_empty()
        || name.len() > 255
        || name.chars().any(breaks)
        || label(&name, 255).as_ref() != Some(&name)
    {
        return Err(Malformed::Unusable(
            "preferredUsername",
            "it would break a handle",
        ));
    }
    Ok(name)
}

/// One string is the moderators' collection; objects or several ids are owners.
fn moderators(fields: Fields<'_>) -> (Option<String>, Vec<String>) {
    let named = fields.uri("moderators");
    match fields.get("attributedTo") {
        Some(Value::String(_)) => (named.or_else(|| fields.uri("attributedTo")), Vec::new()),
        Some(_) => (named, fields.uris("attributedTo", NAMES)),
        None => (named, Vec::new()),
    }
}

fn markdown(fields: Fields<'_>) -> Option<String> {
    let source = fields.nested("source")?;
    (source.text("mediaType").as_deref() == Some("text/markdown"))
        .then(|| source.text("content"))
        .flatten()
}

fn languages(fields: Fields<'_>) -> Vec<String> {
    let tag = |value: &&Value| match value {
        Value::String(tag) => Some(tag.clone()),
        value => Fields::of(value).ok()?.text("identifier"),
    };
    fields
        .list("language")
        .iter()
        .filter_map(tag)
        .filter(|tag| (2..=35).contains(&tag.len()))
        .take(NAMES)
        .collect()
}

fn profile(fields: Fields<'_>) -> Vec<Field> {
    let line = |value: &Value| {
        let line = Fields::of(value).ok()?;
        let value = line.text("value").filter(|value| {
            line.kind(&[]).as_deref() == Some("PropertyValue") && value.len() <= 2_048
        })?;
        Some(Field {
            name: label(&line.text("name")?, 255)?,
            value,
        })
    };
    fields
        .list("attachment")
        .into_iter()
        .filter_map(line)
        .take(FIELDS)
        .collect()
}

fn multikey(value: &Value) -> Option<Multikey> {
    let fields = Fields::of(value).ok()?;
    let multibase = fields
        .text("publicKeyMultibase")
        .filter(|key| key.len() <= 256)?;
    Some(Multikey {
        id: fields.uri("id")?,
        controller: fields.uri("controller")?,
        multibase,
    })
}

fn reads_rfc9421(fields: Fields<'_>) -> bool {
    let lists = fields
        .nested("generator")
        .into_iter()
        .flat_map(|generator| generator.list("implements"));
    lists.chain(fields.list("implements")).any(|value| {
        let href = value.as_str().or_else(|| value.get("href")?.as_str());
        href.is_some_and(|href| href.ends_with("/rfc9421"))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn group() -> Value {
        json!({
            "id": "https://p/c/tea", "type": "Group", "preferredUsername": "tea", "inbox": "https://p/c/tea/inbox",
            "publicKey": {"id": "https://p/c/tea#main-key", "owner": "https://p/c/tea", "publicKeyPem": "-----BEGIN PUBLIC KEY-----\nx"}
        })
    }

    fn with(key: &str, value: Value) -> Result<Actor, Malformed> {
        let mut document = group();
        document[key] = value;
        Actor::from_value(&document)
    }

    #[test]
    fn s039_the_least_an_actor_can_be_is_enough() {
        let actor = Actor::from_value(&group()).unwrap();
        assert!(actor.kind == "Group" && actor.public_key.is_some());
        assert_eq!(
            (
                actor.shared_inbox,
                actor.outbox,
                actor.summary,
                actor.published
            ),
            (None, None, None, None)
        );
    }

    #[test]
    fn a_server_without_a_name_is_called_like_its_host() {
        let mut document = group();
        document["id"] = json!("https://relay.example:8443/actor");
        document
            .as_object_mut()
            .unwrap()
            .remove("preferredUsername");
        let missing = Malformed::Missing("preferredUsername");
        assert_eq!(Actor::from_value(&document), Err(missing));
        document["type"] = json!("Application");
        let server = Actor::from_value(&document).unwrap();
        assert_eq!(server.preferred_username, "relay.example");
    }

    #[test]
    fn s035_shapes_of_known_peers_are_usable() {
        let pkcs1 = json!({"id": "https://p/c/tea#main-key", "owner": "https://p/c/tea", "publicKeyPem": "-----BEGIN RSA PUBLIC KEY-----\nx"});
        assert!(
            with("publicKey", pkcs1)
                .unwrap()
                .public_key
                .unwrap()
                .pem
                .contains("RSA PUBLIC")
        );
        assert_eq!(
            with("sharedInbox", json!("https://p/inbox"))
                .unwrap()
                .shared_inbox
                .as_deref(),
            Some("https://p/inbox")
        );
        let icons = json!([{"type": "Image", "url": "https://p/small.png"}, {"type": "Image", "url": "https://p/large.png"}]);
        assert_eq!(
            with("icon", icons).unwrap().icon.as_deref(),
            Some("https://p/large.png")
        );
        assert_eq!(
            with("icon", json!("https://p/i.png"))
                .unwrap()
                .icon
                .as_deref(),
            Some("https://p/i.png")
        );
        let owners = with(
            "attributedTo",
            json!([{"type": "Person", "id": "https://p/u/a"}]),
        )
        .unwrap();
        assert_eq!(
            (owners.moderators, owners.owners),
            (None, vec!["https://p/u/a".to_owned()])
        );
        let moderators = with("attributedTo", json!("https://p/c/tea/moderators")).unwrap();
        assert_eq!(
            moderators.moderators.as_deref(),
            Some("https://p/c/tea/moderators")
        );
        assert_eq!(
            with("id", json!("https://w/?author=0")).unwrap().id,
            "https://w/?author=0"
        );
        assert_eq!(
            with("type", json!("Organization")).unwrap().kind,
            "Organization"
        );
        let urls = json!([{"type": "Link", "mediaType": "text/html", "href": "https://p/page"}, {"type": "Link", "href": "javascript:1"}]);
        assert_eq!(
            with("url", urls).unwrap().url.as_deref(),
            Some("https://p/page")
        );
        assert_eq!(with("name", json!("")).unwrap().name, None);
        assert_eq!(with("summary", json!(null)).unwrap().summary, None);
    }

    #[test]
    fn a_key_may_stand_in_a_stub_or_alone() {
        let key = json!({"id": "https://g/users/a/main-key", "owner": "https://g/users/a", "publicKeyPem": "-----BEGIN PUBLIC KEY-----\nx"});
        let stub = json!({"id": "https://g/users/a", "type": "Person", "preferredUsername": "a", "publicKey": key});
        let several = json!({"id": "https://g/users/a", "publicKey": [{"id": "https://g/users/a#old", "owner": "https://g/users/a", "publicKeyPem": "-----BEGIN x"}, key]});
        for document in [key, stub, several] {
            let read = PublicKey::from_value(&document, "https://g/users/a/main-key").unwrap();
            assert_eq!(
                (read.id.as_str(), read.owner.as_str()),
                ("https://g/users/a/main-key", "https://g/users/a")
            );
        }
        assert_eq!(
            PublicKey::from_value(&json!({"id": "https://g/"}), "x"),
            Err(Malformed::Missing("publicKey"))
        );
    }

    #[test]
    fn a_name_that_breaks_a_handle_is_refused() {
        for name in ["a/b", "a@b", "a b", "", "a\u{202E}b", &"x".repeat(10_240)] {
            assert!(
                matches!(
                    with("preferredUsername", json!(name)),
                    Err(Malformed::Unusable(..))
                ),
                "H79 {name}"
            );
        }
        for name in ["tea", "émilie", "a.b-c_d"] {
            assert_eq!(
                with("preferredUsername", json!(name))
                    .unwrap()
                    .preferred_username,
                name
            );
        }
    }

    #[test]
    fn what_is_no_actor_is_refused_with_a_reason() {
        assert_eq!(
            with("type", json!("Note")),
            Err(Malformed::UnknownType("Note".into()))
        );
        assert_eq!(with("inbox", json!(null)), Err(Malformed::Missing("inbox")));
        assert_eq!(
            with("inbox", json!("javascript:1")),
            Err(Malformed::Missing("inbox")),
            "H81"
        );
        assert_eq!(with("id", json!("tea")), Err(Malformed::Missing("id")));
    }

    #[test]
    fn a_server_that_reads_rfc_9421_is_known_by_its_generator() {
        let generator = json!({"type": "Application", "implements": [{"href": "https://datatracker.ietf.org/doc/html/rfc9421", "name": "RFC-9421"}]});
        assert!(with("generator", generator).unwrap().reads_rfc9421);
        assert!(
            !with("generator", json!("https://p/"))
                .unwrap()
                .reads_rfc9421
        );
    }
}
