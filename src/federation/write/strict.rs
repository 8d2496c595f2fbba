//! Our documents through parsers as strict as the strictest peers' (statements 26, 69, 160):
//! structs that demand what the readers of federation.md 2.1 and 4.2.3 demand, and no more lenient.

use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::actor::tests::{ann, hub, names, tea as tea_document};
use super::address::tests::{ANN, BOB, tea};
use super::comment::tests::answer;
use super::post::tests::article;
use super::{
    Addressing, Envelope, announce, comment, create, group, instance, outbox, person, post,
    with_context,
};
use crate::domain::clock::Ts;
use crate::federation::wire;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Key {
    id: String,
    owner: Url,
    public_key_pem: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Endpoints {
    shared_inbox: Url,
}

#[derive(Deserialize)]
struct Lang {
    identifier: String,
    name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Source {
    content: String,
    media_type: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct StrictActor {
    id: Url,
    preferred_username: String,
    inbox: Url,
    outbox: Url,
    public_key: Key,
    endpoints: Endpoints,
    published: String,
    source: Option<Source>,
    #[serde(default)]
    language: Vec<Lang>,
    attributed_to: Option<Url>,
    featured: Option<Url>,
}

/// A group as Lemmy 0.19 demands it: a followers collection, pictures that are single objects,
/// moderators behind one address.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "what matters is that all of it can be read")]
struct OlderGroup {
    #[serde(rename = "type")]
    kind: GroupOnly,
    id: Url,
    preferred_username: String,
    inbox: Url,
    followers: Url,
    public_key: Key,
    name: Option<String>,
    summary: Option<String>,
    source: Option<MarkdownSource>,
    icon: Option<Picture>,
    image: Option<Picture>,
    sensitive: Option<bool>,
    attributed_to: Option<Url>,
    posting_restricted_to_mods: Option<bool>,
    outbox: Url,
    endpoints: Option<Endpoints>,
    featured: Option<Url>,
    #[serde(default)]
    language: Vec<Lang>,
    published: Option<Moment>,
    updated: Option<Moment>,
}

/// A group as Lemmy 1.0 demands it: `mediaType` is HTML or absent, the flags are flags.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "what matters is that all of it can be read")]
struct NewerGroup {
    #[serde(flatten)]
    older: OlderGroup,
    description: Option<String>,
    media_type: Option<HtmlOnly>,
    manually_approves_followers: Option<bool>,
    discoverable: Option<bool>,
    tag: Vec<GroupTag>,
}

#[derive(Deserialize)]
enum GroupOnly {
    Group,
}

#[derive(Deserialize)]
enum HtmlOnly {
    #[serde(rename = "text/html")]
    Html,
}

#[derive(Deserialize)]
enum MarkdownOnly {
    #[serde(rename = "text/markdown")]
    Markdown,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "what matters is that all of it can be read")]
struct MarkdownSource {
    content: String,
    media_type: MarkdownOnly,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "what matters is that all of it can be read")]
#[serde(tag = "type")]
enum Picture {
    Image { url: Url },
}

#[derive(Deserialize)]
#[serde(tag = "type")]
#[expect(dead_code, reason = "what matters is that all of it can be read")]
enum GroupTag {
    #[serde(rename_all = "camelCase")]
    CommunityPostTag {
        id: Url,
        preferred_username: String,
        name: Option<String>,
    },
}

/// A time as RFC 3339 writes it.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Moment;

impl TryFrom<String> for Moment {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Ts::parse(&text).map(|_| Self).ok_or(text)
    }
}

/// An attachment of any other type makes Lemmy drop the whole post.
#[derive(Deserialize)]
#[serde(tag = "type")]
enum StrictAttachment {
    Link { href: Url },
    Image { url: Url },
    Document { url: Url },
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct StrictObject {
    id: Url,
    attributed_to: Url,
    to: Vec<Url>,
    cc: Vec<Url>,
    audience: Option<Url>,
    content: String,
    media_type: String,
    source: Option<Source>,
    attachment: Vec<StrictAttachment>,
    tag: Vec<Value>,
    context: Option<Url>,
    language: Option<Lang>,
    sensitive: bool,
    published: String,
}

#[derive(Deserialize)]
struct StrictActivity<T> {
    id: Url,
    actor: Url,
    to: Vec<Url>,
    cc: Vec<Url>,
    audience: Option<Url>,
    object: T,
}

fn strict<T: for<'de> Deserialize<'de>>(document: Value) -> T {
    serde_json::from_value(document).unwrap()
}

fn envelope(actor: &str, addressing: Addressing) -> Envelope {
    Envelope {
        id: "https://hall.example/activities/x/1".into(),
        actor: actor.into(),
        addressing,
        published: Ts(0),
    }
}

#[test]
fn s026_a_group_passes_both_parsers_of_lemmy() {
    let icon = super::parts::ImageDocument {
        url: "https://m/1".into(),
        ..Default::default()
    };
    let flair = super::parts::Flair {
        uri: "https://hall.example/c/tea/tag/howto".into(),
        slug: "howto".into(),
        name: "How-to".into(),
        color: None,
    };
    let decorated = super::GroupDocument {
        icon: Some(icon.clone()),
        image: Some(icon),
        flairs: vec![flair],
        ..tea_document()
    };
    for document in [tea_document(), decorated] {
        let document = with_context(group(&names(), &document));
        let older: OlderGroup = strict(document.clone());
        let newer: NewerGroup = strict(document);
        assert_eq!(older.id, newer.older.id);
    }
}

#[test]
fn s026_actors_pass_the_strict_parser_and_our_own() {
    for document in [
        group(&names(), &tea_document()),
        person(&names(), &ann()),
        instance(&names(), &hub()),
    ] {
        let document = with_context(document);
        let read: StrictActor = strict(document.clone());
        assert_eq!(
            (&read.public_key.owner, read.public_key.id),
            (&read.id, format!("{}#main-key", read.id))
        );
        assert!(
            read.public_key
                .public_key_pem
                .starts_with("-----BEGIN PUBLIC KEY-----"),
            "PeerTube"
        );
        assert_eq!(read.endpoints.shared_inbox.path(), "/inbox");
        assert!(read.source.is_none_or(
            |source| source.media_type == "text/markdown" && !source.content.is_empty()
        ));
        assert!(
            read.language
                .iter()
                .all(|one| !one.identifier.is_empty() && !one.name.is_empty())
        );
        assert!(
            [&read.inbox, &read.outbox]
                .iter()
                .all(|url| url.host() == read.id.host()),
            "Akkoma (P28)"
        );
        assert!(!read.published.is_empty() && !read.preferred_username.is_empty());
        assert!(
            [read.attributed_to, read.featured]
                .iter()
                .flatten()
                .all(|url| url.host() == read.id.host())
        );
        let ours = wire::Actor::from_value(&document).unwrap();
        assert!(ours.public_key.is_some() && ours.reads_rfc9421);
    }
}

#[test]
fn s069_posts_and_comments_pass_the_strict_parser_and_our_own() {
    for document in [post(&article()), comment(&answer())] {
        let read: StrictObject = strict(document.clone());
        assert_eq!(read.id.host(), read.attributed_to.host());
        assert_eq!(read.audience.unwrap(), read.to[0], "the group comes first");
        assert!(!read.cc.is_empty() && !read.tag.is_empty() && !read.sensitive);
        assert_eq!(
            (
                read.media_type.as_str(),
                read.source.unwrap().media_type.as_str()
            ),
            ("text/html", "text/markdown")
        );
        assert!(read.attachment.is_empty() && read.context.is_some());
        assert!(!read.content.is_empty() && !read.published.is_empty());
        assert!(
            read.language
                .is_none_or(|language| language.identifier == "de" && language.name == "Deutsch")
        );
        let ours = wire::Object::from_value(&document).unwrap();
        assert_eq!(ours.author(), Some(ANN));
        assert!(ours.markdown().is_some() && ours.published.is_some());
    }
}

#[test]
fn s065_every_attachment_passes_the_strict_parser() {
    let list = json!([{"type": "Link", "href": "https://a/"}, {"type": "Image", "url": "https://a/"}, {"type": "Document", "url": "https://a/"}]);
    let hosts: Vec<String> = strict::<Vec<StrictAttachment>>(list)
        .into_iter()
        .map(|one| match one {
            StrictAttachment::Link { href: url }
            | StrictAttachment::Image { url }
            | StrictAttachment::Document { url } => url.host_str().unwrap().to_owned(),
        })
        .collect();
    assert_eq!(hosts, ["a", "a", "a"]);
    let mut pictured = article();
    pictured.images.push(super::parts::ImageDocument {
        url: "https://m/1".into(),
        ..Default::default()
    });
    let read: StrictObject = strict(post(&pictured));
    assert!(matches!(
        read.attachment.as_slice(),
        [StrictAttachment::Image { .. }]
    ));
}

#[test]
fn s069_a_wrapped_create_passes_the_strict_parser_and_our_own() {
    let inner = create(&envelope(ANN, article().addressing()), post(&article()));
    let document = with_context(announce(
        &envelope(&tea().uri, Addressing::announce(&tea())),
        &inner,
    ));
    let read: StrictActivity<StrictActivity<StrictObject>> = strict(document.clone());
    assert_eq!(
        (read.id.host(), read.to[0].as_str()),
        (read.actor.host(), tea().uri.as_str())
    );
    assert_eq!(read.cc[0].as_str(), tea().followers);
    assert_eq!(
        (&read.audience, &read.object.audience),
        (&read.object.object.audience, &read.audience)
    );
    assert_eq!(
        (read.object.actor, &read.object.to),
        (
            read.object.object.attributed_to.clone(),
            &read.object.object.to
        )
    );
    assert!(
        read.object.cc.iter().any(|one| one.as_str() == BOB) && read.object.id.scheme() == "https"
    );
    let ours = wire::Activity::from_value(&document).unwrap();
    assert_eq!(
        ours.inner_activity().unwrap().unwrap().object_id(),
        Some("https://hall.example/post/42")
    );
}

/// Reads an outbox as Lemmy does, all or nothing; how many items it holds.
pub(in crate::federation) fn read_outbox(document: &Value) -> usize {
    let items: Vec<StrictActivity<StrictActivity<StrictObject>>> =
        strict(document["orderedItems"].clone());
    assert!(items.iter().all(|item| item.id.host() == item.actor.host()));
    items.len()
}

/// Reads pinned posts as Lemmy does, all or nothing; how many they are.
pub(in crate::federation) fn read_featured(document: &Value) -> usize {
    strict::<Vec<StrictObject>>(document["orderedItems"].clone()).len()
}

#[test]
fn s160_an_outbox_of_wrapped_creates_is_read_whole() {
    let inner = create(&envelope(ANN, article().addressing()), post(&article()));
    let item = announce(&envelope(&tea().uri, Addressing::announce(&tea())), &inner);
    let document = with_context(outbox(
        "https://hall.example/c/tea/outbox",
        &[item.clone(), item],
        2,
    ));
    let items: Vec<StrictActivity<StrictActivity<StrictObject>>> =
        strict(document["orderedItems"].clone());
    assert_eq!(
        (items.len(), document["type"].as_str()),
        (2, Some("OrderedCollection"))
    );
}

#[test]
fn s025_a_document_is_far_below_the_limit_of_mastodon() {
    let inner = create(&envelope(ANN, article().addressing()), post(&article()));
    let item = announce(&envelope(&tea().uri, Addressing::announce(&tea())), &inner);
    let bytes = serde_json::to_vec(&with_context(item)).unwrap();
    assert!(bytes.len() < 16 * 1024, "{}", bytes.len());
    assert!(
        wire::parse_bounded(&bytes, wire::Bounds::NARROW).is_ok(),
        "our own bounds let us through"
    );
}

/// What `NodeBB` and Discourse demand of an object and of the document around it, and `PeerTube` of
/// a comment below a film (federation.md 4.2.3, 4.3.2).
#[test]
fn s069_what_nodebb_discourse_and_peertube_demand_is_there() {
    for (object, kinds) in [
        (post(&article()), &["Note", "Article"][..]),
        (comment(&answer()), &["Note"][..]),
    ] {
        let kind = object["type"].as_str().unwrap();
        assert!(kinds.contains(&kind), "Discourse knows no {kind}");
        assert!(object["attributedTo"].is_string(), "NodeBB takes no list");
        for key in ["id", "url", "content", "published"] {
            let text = object[key].as_str();
            assert!(text.is_some_and(|text| !text.is_empty()), "{key}: {object}");
        }
        let document = with_context(create(&envelope(ANN, article().addressing()), object));
        let contexts = document["@context"].as_array().unwrap();
        assert!(contexts.contains(&json!("https://www.w3.org/ns/activitystreams")));
        assert!(document["id"].is_string() && document["type"].is_string());
        assert!(
            document["object"].get("@context").is_none(),
            "once, outside"
        );
    }
    let note = comment(&answer());
    let public = json!("https://www.w3.org/ns/activitystreams#Public");
    assert!(note["to"].as_array().unwrap().contains(&public), "PeerTube");
    assert!(note["inReplyTo"].is_string() && note["cc"].is_array());
    assert!(Ts::parse(note["published"].as_str().unwrap()).is_some());
}
