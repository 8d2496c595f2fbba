//! Groups, people and the hub itself, in the shapes of federation.md 1.4, 2.2 and 2.3. Fields that
//! have no value are absent: Lemmy rejects a whole actor for one null in the wrong place.

use activitypub_federation::kinds::actor::{ApplicationType, GroupType, PersonType, ServiceType};
use activitypub_federation::kinds::object::TombstoneType;
use serde_json::{Value, json};

use super::parts::{Flair, ImageDocument, Language, Text, put, set};
use crate::domain::clock::Ts;
use crate::domain::ids::Uri;
use crate::domain::names::Names;
use crate::federation::bridge;

/// RFC 9421, as FEP-844e names it; the verifier reads it.
const RFC_9421: &str = "https://datatracker.ietf.org/doc/html/rfc9421";

/// The public halves of an actor's keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ActorKeys {
    /// RSA, `BEGIN PUBLIC KEY`: PeerTube refuses PKCS#1.
    pub(crate) rsa_pem: String,
    /// Ed25519 in multibase, where the hub sends proofs.
    pub(crate) ed25519_multibase: Option<String>,
}

/// Everything that a group's document says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GroupDocument {
    /// Its id, which keeps the name that it was founded under.
    pub(crate) uri: Uri,
    /// Its name in handles.
    pub(crate) name: String,
    /// Its page for people.
    pub(crate) url: String,
    /// Its title.
    pub(crate) title: String,
    /// Rules and sidebar.
    pub(crate) summary: Text,
    /// One plain line, at most 150 characters of which are sent.
    pub(crate) description: Option<String>,
    /// Its sign.
    pub(crate) icon: Option<ImageDocument>,
    /// Its banner.
    pub(crate) image: Option<ImageDocument>,
    /// Its keys.
    pub(crate) keys: ActorKeys,
    /// Only for members whom a moderator let in.
    pub(crate) private: bool,
    /// In directories.
    pub(crate) discoverable: bool,
    /// In searches.
    pub(crate) indexable: bool,
    /// Not for every screen.
    pub(crate) sensitive: bool,
    /// Only moderators start threads.
    pub(crate) posting_restricted: bool,
    /// What it is written in; empty for anything.
    pub(crate) languages: Vec<Language>,
    /// Tags that it offers.
    pub(crate) flairs: Vec<Flair>,
    /// Its other ids.
    pub(crate) also_known_as: Vec<String>,
    /// Where it has gone.
    pub(crate) moved_to: Option<String>,
    /// When it was made.
    pub(crate) published: Ts,
    /// When its profile last changed.
    pub(crate) updated: Ts,
}

/// A line of a profile: plain label, sanitised HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ProfileField {
    /// Its label.
    pub(crate) name: String,
    /// Its value as HTML.
    pub(crate) html: String,
}

/// Everything that a person's document says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PersonDocument {
    /// The name in handles.
    pub(crate) name: String,
    /// Switched off by the moderators of the hub.
    pub(crate) suspended: bool,
    /// The display name; the handle's name where it is empty.
    pub(crate) title: String,
    /// A bot: `Service`.
    pub(crate) automatic: bool,
    /// The biography.
    pub(crate) summary: Text,
    /// The avatar.
    pub(crate) icon: Option<ImageDocument>,
    /// The banner.
    pub(crate) image: Option<ImageDocument>,
    /// Lines of the profile.
    pub(crate) fields: Vec<ProfileField>,
    /// Keys.
    pub(crate) keys: ActorKeys,
    /// Answers follows by hand.
    pub(crate) manually_approves: bool,
    /// Agrees to be listed.
    pub(crate) discoverable: bool,
    /// Agrees to be searched (FEP-5feb).
    pub(crate) indexable: bool,
    /// Other ids of the same person.
    pub(crate) also_known_as: Vec<String>,
    /// Where they have gone.
    pub(crate) moved_to: Option<String>,
    /// When the account was made.
    pub(crate) published: Ts,
    /// When the profile last changed.
    pub(crate) updated: Ts,
}

/// Everything that the hub's own document says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct InstanceDocument {
    /// What people call the hub.
    pub(crate) title: String,
    /// What it is about.
    pub(crate) summary: Text,
    /// Its sign.
    pub(crate) icon: Option<ImageDocument>,
    /// Its keys.
    pub(crate) keys: ActorKeys,
    /// What it is written in.
    pub(crate) languages: Vec<Language>,
    /// When it was set up.
    pub(crate) published: Ts,
    /// When it last changed.
    pub(crate) updated: Ts,
}

/// A group, complete enough for every reader of federation.md 2.1.
pub(crate) fn group(names: &Names, group: &GroupDocument) -> Value {
    let id = &group.uri;
    let mut document = frame(
        names,
        id,
        &GroupType::Group.to_string(),
        &group.name,
        &group.keys,
    );
    set(&mut document, "url", json!(group.url));
    profile(&mut document, &group.title, &group.name, &group.summary);
    let description = group
        .description
        .as_ref()
        .map(|line| line.chars().take(150).collect::<String>());
    put(
        &mut document,
        "description",
        description.filter(|line| !line.is_empty()),
    );
    pictures(&mut document, group.icon.as_ref(), group.image.as_ref());
    let moderators = names.below(id, "moderators");
    set(&mut document, "attributedTo", json!(moderators));
    set(&mut document, "moderators", json!(moderators));
    set(
        &mut document,
        "manuallyApprovesFollowers",
        json!(group.private),
    );
    set(
        &mut document,
        "discoverable",
        json!(group.discoverable && !group.private),
    );
    set(
        &mut document,
        "indexable",
        json!(group.indexable && !group.private),
    );
    set(&mut document, "sensitive", json!(group.sensitive));
    set(
        &mut document,
        "postingRestrictedToMods",
        json!(group.posting_restricted),
    );
    languages(&mut document, &group.languages);
    set(
        &mut document,
        "tag",
        group.flairs.iter().map(Flair::tag).collect(),
    );
    set(&mut document, "attachment", json!([]));
    moves(&mut document, &group.also_known_as, group.moved_to.as_ref());
    times(&mut document, group.published, group.updated);
    document
}

/// A person or bot.
pub(crate) fn person(names: &Names, person: &PersonDocument) -> Value {
    let id = names.person(&person.name);
    let kind = kind_of(person.automatic);
    let mut document = frame(names, &id, &kind, &person.name, &person.keys);
    profile(&mut document, &person.title, &person.name, &person.summary);
    pictures(&mut document, person.icon.as_ref(), person.image.as_ref());
    set(
        &mut document,
        "manuallyApprovesFollowers",
        json!(person.manually_approves),
    );
    set(&mut document, "discoverable", json!(person.discoverable));
    set(&mut document, "indexable", json!(person.indexable));
    set(&mut document, "memorial", json!(false));
    if person.suspended {
        set(&mut document, "suspended", json!(true));
    }
    let line = |field: &ProfileField| json!({"type": "PropertyValue", "name": field.name, "value": field.html});
    set(
        &mut document,
        "attachment",
        person.fields.iter().map(line).collect(),
    );
    moves(
        &mut document,
        &person.also_known_as,
        person.moved_to.as_ref(),
    );
    times(&mut document, person.published, person.updated);
    document
}

/// The hub's own actor, at `/`, where Lemmy looks for it.
pub(crate) fn instance(names: &Names, hub: &InstanceDocument) -> Value {
    let id = names.instance();
    let kind = ApplicationType::Application.to_string();
    // A port, which the host of a hub in development has, would break a handle.
    let name = names.host().split(':').next();
    let mut document = json!({
        "id": id, "type": kind, "preferredUsername": name,
        "webfinger": format!("{0}@{0}", names.host()), "url": id,
        "inbox": names.shared_inbox(), "outbox": names.below(&id, "outbox"),
        "endpoints": {"sharedInbox": names.shared_inbox()},
        "manuallyApprovesFollowers": true, "discoverable": false, "indexable": false,
        "implements": [implements()],
    });
    keys(&mut document, names, &id, &hub.keys);
    profile(&mut document, &hub.title, names.host(), &hub.summary);
    pictures(&mut document, hub.icon.as_ref(), None);
    languages(&mut document, &hub.languages);
    times(&mut document, hub.published, hub.updated);
    document
}

/// What everybody may see of an actor in secure mode: enough to check what it signed, and to write
/// to it.
pub(crate) fn stub(document: &Value) -> Value {
    let open = ["id", "type", "preferredUsername", "inbox", "publicKey"];
    let field = |name: &str| Some((name.to_owned(), document.get(name)?.clone()));
    Value::Object(open.into_iter().filter_map(field).collect())
}

/// What remains of an actor, post or comment, answered with 410.
pub(crate) fn tombstone(uri: &str, former_type: &str, deleted: Ts) -> Value {
    json!({
        "id": uri, "type": TombstoneType::Tombstone, "formerType": former_type,
        "deleted": deleted.rfc3339(),
    })
}

fn kind_of(automatic: bool) -> String {
    if automatic {
        ServiceType::Service.to_string()
    } else {
        PersonType::Person.to_string()
    }
}

/// What every actor but the hub itself has.
fn frame(names: &Names, id: &Uri, kind: &str, name: &str, actor_keys: &ActorKeys) -> Value {
    let mut document = json!({
        "id": id, "type": kind, "preferredUsername": name, "url": id,
        "webfinger": format!("{name}@{}", names.host()),
        "endpoints": {"sharedInbox": names.shared_inbox()},
        "generator": {"type": "Application", "id": names.instance(), "implements": [implements()]},
    });
    for part in ["inbox", "outbox", "followers", "following", "featured"] {
        set(&mut document, part, json!(names.below(id, part)));
    }
    keys(&mut document, names, id, actor_keys);
    document
}

fn implements() -> Value {
    json!({"href": RFC_9421, "name": "RFC-9421"})
}

fn keys(document: &mut Value, names: &Names, id: &Uri, keys: &ActorKeys) {
    set(document, "publicKey", bridge::public_key(id, &keys.rsa_pem));
    if let Some(key) = &keys.ed25519_multibase {
        let method = json!({"id": names.proof_key(id), "type": "Multikey", "controller": id, "publicKeyMultibase": key});
        set(document, "assertionMethod", json!([method]));
    }
}

/// Names and text. `name` is never empty: Misskey refuses such an actor (P30).
fn profile(document: &mut Value, title: &str, name: &str, summary: &Text) {
    let title = title.trim();
    set(
        document,
        "name",
        json!(if title.is_empty() { name } else { title }),
    );
    set(document, "summary", json!(summary.html));
    set(document, "mediaType", json!("text/html"));
    if let Some(markdown) = &summary.markdown {
        set(
            document,
            "source",
            json!({"content": markdown, "mediaType": "text/markdown"}),
        );
    }
}

/// One object each, or absent: Lemmy 0.19 takes neither a list nor null (s28).
fn pictures(document: &mut Value, icon: Option<&ImageDocument>, image: Option<&ImageDocument>) {
    put(document, "icon", icon.map(|icon| icon.attachment("Image")));
    put(
        document,
        "image",
        image.map(|image| image.attachment("Image")),
    );
}

fn languages(document: &mut Value, languages: &[Language]) {
    if !languages.is_empty() {
        set(
            document,
            "language",
            languages.iter().map(Language::document).collect(),
        );
    }
}

fn moves(document: &mut Value, also_known_as: &[String], moved_to: Option<&String>) {
    set(document, "alsoKnownAs", json!(also_known_as));
    put(document, "movedTo", moved_to);
}

fn times(document: &mut Value, published: Ts, updated: Ts) {
    set(document, "published", json!(published.rfc3339_micros()));
    set(document, "updated", json!(updated.rfc3339_micros()));
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(crate) fn names() -> Names {
        Names::new("https://hall.example")
    }

    fn some_keys() -> ActorKeys {
        ActorKeys {
            rsa_pem: "-----BEGIN PUBLIC KEY-----\nx".into(),
            ed25519_multibase: None,
        }
    }

    pub(crate) fn tea() -> GroupDocument {
        GroupDocument {
            uri: names().group("tea"),
            name: "tea".into(),
            url: names().group("tea").to_string(),
            title: "Tea lovers".into(),
            summary: Text {
                html: "<p>Be kind</p>".into(),
                markdown: Some("Be kind".into()),
            },
            description: Some("x".repeat(200)),
            icon: None,
            image: None,
            keys: some_keys(),
            private: false,
            discoverable: true,
            indexable: true,
            sensitive: false,
            posting_restricted: false,
            languages: vec![Language {
                tag: "de".into(),
                name: "Deutsch".into(),
            }],
            flairs: Vec::new(),
            also_known_as: Vec::new(),
            moved_to: None,
            published: Ts(0),
            updated: Ts(1),
        }
    }

    pub(crate) fn ann() -> PersonDocument {
        PersonDocument {
            name: "ann".into(),
            suspended: false,
            title: String::new(),
            automatic: false,
            summary: Text::default(),
            icon: None,
            image: None,
            fields: vec![ProfileField {
                name: "Web".into(),
                html: "<a href=\"https://a/\">a</a>".into(),
            }],
            keys: some_keys(),
            manually_approves: false,
            discoverable: true,
            indexable: false,
            also_known_as: Vec::new(),
            moved_to: None,
            published: Ts(0),
            updated: Ts(0),
        }
    }

    pub(crate) fn hub() -> InstanceDocument {
        InstanceDocument {
            title: "Hall".into(),
            summary: Text::default(),
            icon: None,
            keys: some_keys(),
            languages: Vec::new(),
            published: Ts(0),
            updated: Ts(0),
        }
    }

    #[test]
    fn s026_a_group_has_what_every_reader_demands() {
        let document = group(&names(), &tea());
        for key in [
            "id",
            "type",
            "preferredUsername",
            "name",
            "inbox",
            "outbox",
            "followers",
            "following",
            "featured",
            "publicKey",
            "endpoints",
            "published",
            "updated",
            "url",
            "webfinger",
            "summary",
            "source",
            "attributedTo",
            "moderators",
            "generator",
        ] {
            assert!(
                document.get(key).is_some_and(|value| !value.is_null()),
                "{key}"
            );
        }
        assert_eq!(
            document["publicKey"],
            json!({"id": "https://hall.example/c/tea#main-key", "owner": "https://hall.example/c/tea", "publicKeyPem": "-----BEGIN PUBLIC KEY-----\nx"})
        );
        assert_eq!(
            document["endpoints"],
            json!({"sharedInbox": "https://hall.example/inbox"})
        );
        assert_eq!(
            document["language"],
            json!([{"identifier": "de", "name": "Deutsch"}])
        );
        assert_eq!(document["description"].as_str().unwrap().len(), 150);
        assert_eq!(document["mediaType"], "text/html");
    }

    #[test]
    fn s027_the_moderators_are_one_address() {
        let document = group(&names(), &tea());
        assert_eq!(
            document["attributedTo"],
            "https://hall.example/c/tea/moderators"
        );
        assert_eq!(document["moderators"], document["attributedTo"]);
    }

    #[test]
    fn s028_pictures_are_single_objects_or_absent() {
        let icon = ImageDocument {
            url: "https://m/i.webp".into(),
            media_type: Some("image/webp".into()),
            ..ImageDocument::default()
        };
        let document = group(
            &names(),
            &GroupDocument {
                icon: Some(icon),
                ..tea()
            },
        );
        assert_eq!(
            document["icon"],
            json!({"type": "Image", "url": "https://m/i.webp", "mediaType": "image/webp"})
        );
        assert!(document.get("image").is_none());
    }

    #[test]
    fn s029_a_bot_is_a_service() {
        assert_eq!(person(&names(), &ann())["type"], "Person");
        assert_eq!(
            person(
                &names(),
                &PersonDocument {
                    automatic: true,
                    ..ann()
                }
            )["type"],
            "Service"
        );
    }

    #[test]
    fn s030_visibility_of_a_group_is_two_flags() {
        let flags = |document: Value| {
            (
                document["manuallyApprovesFollowers"].clone(),
                document["discoverable"].clone(),
            )
        };
        assert_eq!(flags(group(&names(), &tea())), (json!(false), json!(true)));
        assert_eq!(
            flags(group(
                &names(),
                &GroupDocument {
                    discoverable: false,
                    ..tea()
                }
            )),
            (json!(false), json!(false))
        );
        assert_eq!(
            flags(group(
                &names(),
                &GroupDocument {
                    private: true,
                    ..tea()
                }
            )),
            (json!(true), json!(false))
        );
    }

    #[test]
    fn s031_s034_consent_is_mirrored_and_the_name_never_empty() {
        let document = person(&names(), &ann());
        assert_eq!(
            (&document["indexable"], &document["name"]),
            (&json!(false), &json!("ann"))
        );
        assert_eq!(document["attachment"][0]["type"], "PropertyValue");
    }

    #[test]
    fn s032_what_is_gone_leaves_its_id_and_type() {
        let document = tombstone("https://hall.example/u/ann", "Person", Ts(0));
        assert_eq!(
            document,
            json!({"id": "https://hall.example/u/ann", "type": "Tombstone", "formerType": "Person", "deleted": "1970-01-01T00:00:00Z"})
        );
    }

    #[test]
    fn a_hub_on_a_port_has_a_name_that_others_take() {
        let document = instance(&Names::new("http://localhost:8080"), &hub());
        assert_eq!(document["preferredUsername"], "localhost");
    }

    #[test]
    fn s011_the_hub_is_an_application_at_its_root() {
        let document = instance(&names(), &hub());
        assert_eq!(
            (&document["id"], &document["type"]),
            (&json!("https://hall.example/"), &json!("Application"))
        );
        for key in [
            "name",
            "preferredUsername",
            "inbox",
            "outbox",
            "publicKey",
            "published",
        ] {
            assert!(
                document.get(key).is_some_and(|value| !value.is_null()),
                "{key}"
            );
        }
        assert_eq!(
            (&document["inbox"], &document["outbox"]),
            (
                &json!("https://hall.example/inbox"),
                &json!("https://hall.example/outbox")
            )
        );
        assert_eq!(
            document["publicKey"]["id"],
            "https://hall.example/#main-key"
        );
    }
}
