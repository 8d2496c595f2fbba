//! What a server looks up before it sends anything: WebFinger, host-meta, NodeInfo
//! (federation.md 1.1 to 1.3). These documents are not ActivityPub and carry no `@context`.

use serde_json::{Value, json};

use super::parts::{escape, set};
use crate::domain::actor::ActorKind;
use crate::domain::ids::Uri;
use crate::domain::names::Names;

/// The account that a WebFinger answer is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Account {
    /// The part before the `@`; for the hub itself its host.
    pub(crate) name: String,
    /// Its id.
    pub(crate) uri: Uri,
    /// Its page for people.
    pub(crate) url: String,
    /// What it is.
    pub(crate) kind: ActorKind,
}

/// The JRD of an account, with exactly one `self` link, so that nobody's order of links matters.
pub(crate) fn webfinger(names: &Names, account: &Account) -> Value {
    let subscribe = format!("{}/authorize_interaction?uri={{uri}}", names.base());
    let mut document = json!({
        "subject": format!("acct:{}@{}", account.name, names.host()),
        "aliases": [account.uri],
        "links": [
            {"rel": "http://webfinger.net/rel/profile-page", "type": "text/html", "href": account.url},
            {"rel": "self", "type": "application/activity+json", "href": account.uri,
             "properties": {"https://www.w3.org/ns/activitystreams#type": account.kind.as_str()}},
            {"rel": "http://ostatus.org/schema/1.0/subscribe", "template": subscribe},
        ],
    });
    if account.kind == ActorKind::Person
        && let Some(links) = document.get_mut("links").and_then(Value::as_array_mut)
    {
        links.extend(intents(names));
    }
    document
}

/// Where people of this hub do what they want to do elsewhere (FEP-3b86).
fn intents(names: &Names) -> impl Iterator<Item = Value> {
    let base = names.base();
    let object = format!("{base}/authorize_interaction?uri={{object}}");
    let share =
        format!("{base}/share?title={{name}}&text={{content}}&url={{url}}&answers={{inReplyTo}}");
    ["Follow", "Like", "Announce", "Object"]
        .map(|activity| (activity, object.clone()))
        .into_iter()
        .chain([("Create", share)])
        .map(|(activity, template)| {
            json!({"rel": format!("https://w3id.org/fep/3b86/{activity}"), "template": template})
        })
}

/// Where WebFinger is asked, as XRD.
pub(crate) fn host_meta_xml(names: &Names) -> String {
    format!(
        concat!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
            "<XRD xmlns=\"http://docs.oasis-open.org/ns/xri/xrd-1.0\">\n",
            "  <Link rel=\"lrdd\" type=\"application/jrd+json\" template=\"{}\"/>\n",
            "</XRD>\n"
        ),
        escape(&lrdd(names))
    )
}

/// Where WebFinger is asked, as JRD.
pub(crate) fn host_meta_json(names: &Names) -> Value {
    json!({"links": [{"rel": "lrdd", "type": "application/jrd+json", "template": lrdd(names)}]})
}

fn lrdd(names: &Names) -> String {
    format!("{}/.well-known/webfinger?resource={{uri}}", names.base())
}

/// The two versions that are served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NodeInfoVersion {
    /// 2.0
    V20,
    /// 2.1, which also names the repository.
    V21,
}

impl NodeInfoVersion {
    /// `2.0` or `2.1`
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::V20 => "2.0",
            Self::V21 => "2.1",
        }
    }

    /// Reads the last segment of its address.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        [Self::V20, Self::V21]
            .into_iter()
            .find(|version| version.as_str() == text)
    }

    fn schema(self) -> String {
        format!(
            "http://nodeinfo.diaspora.software/ns/schema/{}",
            self.as_str()
        )
    }

    /// The exact content type; GoToSocial takes for 2.0 only plain JSON or this.
    pub(crate) fn content_type(self) -> String {
        format!("application/json; profile=\"{}#\"", self.schema())
    }
}

/// Everything that the NodeInfo documents say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct NodeInfoDocument {
    /// Version of the software, as semver demands.
    pub(crate) version: String,
    /// Where its source is, if that is known.
    pub(crate) repository: Option<String>,
    /// What people call the hub.
    pub(crate) name: String,
    /// What it is about.
    pub(crate) description: String,
    /// Whether strangers may sign up.
    pub(crate) open_registrations: bool,
    /// Accounts in all.
    pub(crate) users: u64,
    /// Accounts that were here within half a year.
    pub(crate) users_half_year: u64,
    /// Accounts that were here within a month.
    pub(crate) users_month: u64,
    /// Posts written here.
    pub(crate) posts: u64,
    /// Comments written here.
    pub(crate) comments: u64,
}

/// The index at `/.well-known/nodeinfo`, with the hub's own actor (FEP-2677).
pub(crate) fn nodeinfo_links(names: &Names) -> Value {
    let link = |version: NodeInfoVersion| json!({"rel": version.schema(), "href": format!("{}/nodeinfo/{}", names.base(), version.as_str())});
    json!({"links": [
        link(NodeInfoVersion::V21), link(NodeInfoVersion::V20),
        {"rel": "https://www.w3.org/ns/activitystreams#Application", "href": names.instance()},
    ]})
}

/// One of the two documents.
pub(crate) fn nodeinfo(version: NodeInfoVersion, info: &NodeInfoDocument) -> Value {
    let mut software = json!({"name": "guildhall", "version": info.version});
    if let (NodeInfoVersion::V21, Some(repository)) = (version, &info.repository) {
        set(&mut software, "repository", json!(repository));
    }
    json!({
        "version": version.as_str(), "software": software, "protocols": ["activitypub"],
        "services": {"inbound": [], "outbound": []}, "openRegistrations": info.open_registrations,
        "usage": {
            "users": {"total": info.users, "activeHalfyear": info.users_half_year, "activeMonth": info.users_month},
            "localPosts": info.posts, "localComments": info.comments,
        },
        "metadata": {"nodeName": info.name, "nodeDescription": info.description},
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::federation::wire;

    fn names() -> Names {
        Names::new("https://hall.example")
    }

    fn tea() -> Account {
        Account {
            name: "tea".into(),
            uri: names().group("tea"),
            url: names().group("tea").to_string(),
            kind: ActorKind::Group,
        }
    }

    #[test]
    fn s001_s006_webfinger_has_one_self_link_with_type_and_kind() {
        let document = webfinger(&names(), &tea());
        assert_eq!(document["subject"], "acct:tea@hall.example");
        let own: Vec<_> = document["links"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|link| link["rel"] == "self")
            .collect();
        assert_eq!(own.len(), 1);
        assert_eq!(
            own[0]["properties"]["https://www.w3.org/ns/activitystreams#type"],
            "Group"
        );
        let read = wire::WebFinger::from_value(&document).unwrap();
        assert_eq!(
            read.actor_id(Some("Group")),
            Some("https://hall.example/c/tea")
        );
        assert_eq!(
            read.follow_template(),
            Some("https://hall.example/authorize_interaction?uri={uri}")
        );
    }

    #[test]
    fn people_publish_where_they_act_on_what_is_elsewhere() {
        use crate::domain::intent::Intent;

        let anna = Account {
            name: "anna".into(),
            uri: names().person("anna"),
            url: names().person("anna").to_string(),
            kind: ActorKind::Person,
        };
        let wish = |intent| crate::domain::intent::Wish {
            intent,
            uri: "https://p/1".into(),
        };
        let read = wire::WebFinger::from_value(&webfinger(&names(), &anna)).unwrap();
        let links = read.links.into_iter();
        let links: Vec<_> = links
            .filter_map(|link| Some((link.rel, link.template?)))
            .collect();
        let led = |intent| wish(intent).by_links(&links).unwrap();
        for intent in [Intent::Follow, Intent::Vote] {
            assert_eq!(
                led(intent),
                "https://hall.example/authorize_interaction?uri=https%3A%2F%2Fp%2F1"
            );
        }
        assert_eq!(
            led(Intent::Reply),
            "https://hall.example/share?title=&text=&url=&answers=https%3A%2F%2Fp%2F1"
        );
        let group = webfinger(&names(), &tea());
        assert!(
            !group.to_string().contains("3b86"),
            "groups do nothing elsewhere"
        );
    }

    #[test]
    fn s008_host_meta_names_webfinger_in_both_forms() {
        let template = "https://hall.example/.well-known/webfinger?resource={uri}";
        assert!(host_meta_xml(&names()).contains(template));
        assert_eq!(host_meta_json(&names())["links"][0]["template"], template);
    }

    #[test]
    fn s009_nodeinfo_comes_in_two_versions_with_the_hubs_actor_beside() {
        let links = nodeinfo_links(&names());
        assert_eq!(
            wire::NodeInfoLinks::from_value(&links).unwrap().newest,
            "https://hall.example/nodeinfo/2.1"
        );
        assert_eq!(links["links"][2]["href"], "https://hall.example/");
        let info = NodeInfoDocument {
            version: "0.1.0".into(),
            repository: Some("https://r/".into()),
            users: 3,
            ..NodeInfoDocument::default()
        };
        let newer = nodeinfo(NodeInfoVersion::V21, &info);
        assert_eq!(
            (&newer["version"], &newer["software"]["repository"]),
            (&json!("2.1"), &json!("https://r/"))
        );
        assert!(
            nodeinfo(NodeInfoVersion::V20, &info)["software"]
                .get("repository")
                .is_none(),
            "the 2.0 schema forbids it"
        );
        assert_eq!(
            wire::NodeInfo::from_value(&newer).unwrap().software,
            "guildhall"
        );
        assert_eq!(
            NodeInfoVersion::V20.content_type(),
            "application/json; profile=\"http://nodeinfo.diaspora.software/ns/schema/2.0#\""
        );
        assert_eq!(
            (NodeInfoVersion::parse("2.1"), NodeInfoVersion::parse("2.2")),
            (Some(NodeInfoVersion::V21), None)
        );
    }
}
