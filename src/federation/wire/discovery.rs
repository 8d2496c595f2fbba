//! What a server says about itself and its accounts outside ActivityPub: `WebFinger` and `NodeInfo`.

use serde_json::Value;

use super::lenient::{Fields, absolute, label};
use super::malformed::Malformed;

/// Links and aliases of one answer that are read.
const LINKS: usize = 50;
/// The property that tells a group from a person of the same name.
const TYPE_PROPERTY: &str = "https://www.w3.org/ns/activitystreams#type";

/// One link of a `WebFinger` answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WebFingerLink {
    /// What the link is, such as `self`.
    pub(crate) rel: String,
    /// Media type behind it.
    pub(crate) media_type: Option<String>,
    /// Absolute address.
    pub(crate) href: Option<String>,
    /// Address with a hole, as remote follow uses it.
    pub(crate) template: Option<String>,
    /// The actor type that the server promises there.
    pub(crate) actor_type: Option<String>,
}

/// Who is behind a handle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WebFinger {
    /// `acct:name@host`
    pub(crate) subject: String,
    /// Other addresses of the same account.
    pub(crate) aliases: Vec<String>,
    /// Where to find it.
    pub(crate) links: Vec<WebFingerLink>,
}

impl WebFinger {
    /// The answer in a document.
    pub(crate) fn from_value(value: &Value) -> Result<Self, Malformed> {
        let fields = Fields::of(value)?;
        let link = |value: &Value| {
            let link = Fields::of(value).ok()?;
            Some(WebFingerLink {
                rel: link.text("rel")?,
                media_type: link.text("type"),
                href: link.text("href").and_then(|href| absolute(&href)),
                // Some say `href` where they mean a template (FEP-3b86 shows both).
                template: link
                    .text("template")
                    .or_else(|| link.text("href").filter(|href| href.contains('{')))
                    .filter(|template| template.len() <= 2_048),
                actor_type: link
                    .nested("properties")
                    .and_then(|all| all.text(TYPE_PROPERTY)),
            })
        };
        Ok(Self {
            subject: fields
                .text("subject")
                .filter(|subject| subject.len() <= 2_048)
                .ok_or(Malformed::Missing("subject"))?,
            aliases: fields.uris("aliases", LINKS),
            links: fields
                .list("links")
                .into_iter()
                .take(LINKS)
                .filter_map(link)
                .collect(),
        })
    }

    /// The id of the actor: `self` with an ActivityPub type, the wanted kind before others.
    pub(crate) fn actor_id(&self, wanted: Option<&str>) -> Option<&str> {
        let own = || {
            self.links.iter().filter(|link| {
                link.rel == "self"
                    && link.href.is_some()
                    && activity_json(link.media_type.as_deref())
            })
        };
        own()
            .find(|link| wanted.is_some() && link.actor_type.as_deref() == wanted)
            .or_else(|| own().next())
            .and_then(|link| link.href.as_deref())
    }

    /// The page where a follower from elsewhere confirms, with `{uri}` for what to follow.
    #[cfg(test)]
    pub(crate) fn follow_template(&self) -> Option<&str> {
        let link = self
            .links
            .iter()
            .find(|link| link.rel == "http://ostatus.org/schema/1.0/subscribe")?;
        link.template
            .as_deref()
            .filter(|template| template.contains("{uri}"))
    }
}

/// `application/activity+json`, or `application/ld+json` with the profile in any spelling.
fn activity_json(media_type: Option<&str>) -> bool {
    let Some(media_type) = media_type else {
        return false;
    };
    let squeezed: String = media_type
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '"')
        .collect();
    let mut parts = squeezed.split(';');
    match parts.next() {
        Some("application/activity+json") => true,
        Some("application/ld+json") => {
            parts.any(|part| part == "profile=https://www.w3.org/ns/activitystreams")
        }
        _ => false,
    }
}

/// The index of `NodeInfo` documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NodeInfoLinks {
    /// The newest document of the 2.x family.
    pub(crate) newest: String,
}

impl NodeInfoLinks {
    /// The address of the newest 2.x document in `/.well-known/nodeinfo`.
    pub(crate) fn from_value(value: &Value) -> Result<Self, Malformed> {
        const SCHEMA: &str = "http://nodeinfo.diaspora.software/ns/schema/2.";
        let fields = Fields::of(value)?;
        let version = |value: &Value| {
            let link = Fields::of(value).ok()?;
            let minor: u8 = link.text("rel")?.strip_prefix(SCHEMA)?.parse().ok()?;
            Some((minor, absolute(&link.text("href")?)?))
        };
        let newest = fields
            .list("links")
            .into_iter()
            .take(LINKS)
            .filter_map(version)
            .max();
        newest
            .map(|(_, newest)| Self { newest })
            .ok_or(Malformed::Missing("links"))
    }
}

/// What software a server runs and how large it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NodeInfo {
    /// `software.name` in lower case.
    pub(crate) software: String,
    /// `software.version`.
    pub(crate) version: Option<String>,
    /// Whether strangers may sign up.
    pub(crate) open_registrations: Option<bool>,
    /// Accounts in all.
    pub(crate) users: Option<u64>,
    /// Accounts of the last month.
    pub(crate) users_month: Option<u64>,
    /// What people call the place.
    pub(crate) name: Option<String>,
}

impl NodeInfo {
    /// The facts in a 2.x document.
    pub(crate) fn from_value(value: &Value) -> Result<Self, Malformed> {
        let fields = Fields::of(value)?;
        let software = fields
            .nested("software")
            .ok_or(Malformed::Missing("software"))?;
        let name = software
            .text("name")
            .and_then(|name| label(&name, 100))
            .ok_or(Malformed::Missing("software.name"))?;
        let users = fields
            .nested("usage")
            .and_then(|usage| usage.nested("users"));
        Ok(Self {
            software: name.to_lowercase(),
            version: software
                .text("version")
                .and_then(|version| label(&version, 100)),
            open_registrations: fields.flag("openRegistrations"),
            users: users.and_then(|users| users.count("total")),
            users_month: users.and_then(|users| users.count("activeMonth")),
            name: fields
                .nested("metadata")
                .and_then(|data| label(&data.text("nodeName")?, 120)),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_wanted_kind_goes_before_the_order_of_links() {
        let own = |href: &str, kind: &str| json!({"rel": "self", "type": "application/activity+json", "href": href, "properties": {TYPE_PROPERTY: kind}});
        let read = WebFinger::from_value(&json!({"subject": "acct:tea@l", "links": [
            {"rel": "http://webfinger.net/rel/profile-page", "type": "text/html", "href": "https://l/@tea"},
            own("https://l/u/tea", "Person"), own("https://l/c/tea", "Group"),
            {"rel": "http://ostatus.org/schema/1.0/subscribe", "template": "https://l/authorize?uri={uri}"}]})).unwrap();
        assert_eq!(read.actor_id(Some("Group")), Some("https://l/c/tea"));
        assert_eq!(read.actor_id(None), Some("https://l/u/tea"));
        assert_eq!(
            read.follow_template(),
            Some("https://l/authorize?uri={uri}")
        );
    }

    #[test]
    fn only_activity_json_makes_a_self_link() {
        for (media, good) in [
            (json!("application/activity+json"), true),
            (
                json!("application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\""),
                true,
            ),
            (
                json!("application/ld+json;profile=https://www.w3.org/ns/activitystreams"),
                true,
            ),
            (json!("application/ld+json"), false),
            (json!("text/html"), false),
            (json!(null), false),
        ] {
            let read = WebFinger::from_value(&json!({"subject": "acct:a@b", "links": [{"rel": "self", "type": media, "href": "https://b/a"}]})).unwrap();
            assert_eq!(read.actor_id(None).is_some(), good, "{media}");
        }
    }

    #[test]
    fn the_newest_nodeinfo_of_the_2_family_is_taken() {
        let links = json!({"links": [{"rel": "http://nodeinfo.diaspora.software/ns/schema/2.1", "href": "https://h/2.1"},
            {"rel": "http://nodeinfo.diaspora.software/ns/schema/2.0", "href": "https://h/2.0"}, {"rel": "other", "href": "https://h/x"}]});
        assert_eq!(
            NodeInfoLinks::from_value(&links).unwrap().newest,
            "https://h/2.1"
        );
        assert_eq!(
            NodeInfoLinks::from_value(&json!({"links": []})),
            Err(Malformed::Missing("links"))
        );
    }

    #[test]
    fn nodeinfo_gives_the_software_in_lower_case() {
        let read = NodeInfo::from_value(&json!({"version": "2.0", "software": {"name": "Lemmy", "version": "0.19.20"}, "usage": {"users": {"total": 3}}, "openRegistrations": true, "metadata": []})).unwrap();
        assert_eq!(
            (read.software.as_str(), read.version.as_deref(), read.users),
            ("lemmy", Some("0.19.20"), Some(3))
        );
        assert_eq!(
            NodeInfo::from_value(&json!({"version": "2.0"})),
            Err(Malformed::Missing("software"))
        );
    }
}
