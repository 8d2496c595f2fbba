//! How other servers find what lives here: WebFinger, host-meta, NodeInfo, content negotiation,
//! and the documents of actors (federation.md 9.1 to 9.3).

use serde::Deserialize;

use super::*;
use crate::crypto::keypair::PrivateKey;
use crate::domain::actor::RemoteKey;
use crate::domain::caller::Caller;
use crate::domain::post::{Attachment, Extra};
use crate::federation::sign::{self, Target};
use crate::operations::account::{DeleteAccount, Suspend, UpdateProfile};
use crate::operations::actor::UpsertActor;
use crate::operations::group::{RenameGroup, UpdateGroup};

const BROWSER: &str = "text/html,application/xhtml+xml,*/*;q=0.8";

async fn finger(hub: &Hub, resource: &str) -> Answer {
    let resource: String = url::form_urlencoded::byte_serialize(resource.as_bytes()).collect();
    hub.get(&format!("/.well-known/webfinger?resource={resource}"))
        .await
}

fn self_links(found: &Value) -> Vec<&Value> {
    let links = found["links"].as_array().unwrap();
    links.iter().filter(|link| link["rel"] == "self").collect()
}

fn profile(actor: ActorId) -> UpdateProfile {
    UpdateProfile {
        actor,
        title: None,
        bio: None,
        discoverable: None,
        indexable: None,
        automatic: None,
    }
}

fn update(group: ActorId) -> UpdateGroup {
    UpdateGroup {
        group,
        title: None,
        summary: None,
        posting_restricted: None,
        discoverable: None,
        approval: None,
    }
}

hub_test!(s001_webfinger_leads_to_one_id, |hub| {
    begin(&hub).await;
    let answer = finger(&hub, "acct:tea@hub.test").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "application/jrd+json");
    let found = answer.json();
    assert_eq!(found["subject"], "acct:tea@hub.test");
    let links = self_links(&found);
    assert_eq!(links.len(), 1);
    assert_eq!(links[0]["href"], "https://hub.test/c/tea");
});

hub_test!(s002_every_form_of_a_resource_finds_the_same, |hub| {
    begin(&hub).await;
    for resource in [
        "tea@hub.test",
        "@tea@hub.test",
        "!tea@hub.test",
        "acct:!tea@hub.test",
        "acct:TEA@hub.test",
        "acct:tea@HUB.TEST",
        "https://hub.test/c/tea",
        "https://hub.test/@tea",
    ] {
        let answer = finger(&hub, resource).await;
        assert_eq!(answer.status, 200, "{resource}");
        assert_eq!(answer.json()["subject"], "acct:tea@hub.test", "{resource}");
    }
    let person = finger(&hub, "https://hub.test/u/anna").await.json();
    assert_eq!(person["subject"], "acct:anna@hub.test");
});

hub_test!(s003_who_is_unknown_gone_or_elsewhere_is_not_found, |hub| {
    let (_, anna, _) = begin(&hub).await;
    for resource in [
        "acct:nobody@hub.test",
        "acct:anna@elsewhere.example",
        "https://elsewhere.example/u/anna",
    ] {
        assert_eq!(finger(&hub, resource).await.status, 404, "{resource}");
    }
    let delete = DeleteAccount {
        actor: anna,
        words: None,
    };
    trial::run(&hub.operations, trial::member(anna), delete).await;
    assert_eq!(finger(&hub, "acct:anna@hub.test").await.status, 410);
});

hub_test!(h148_odd_questions_are_refused_and_not_echoed, |hub| {
    begin(&hub).await;
    let long = format!("acct:{}@hub.test", "x".repeat(10_240));
    for (resource, status) in [
        ("acct:x@other", 404),
        ("acct:", 400),
        ("acct:@hub.test", 400),
        ("tea", 400),
        ("acct:t\u{eb}a@hub.test", 404),
        ("acct:../tea@hub.test", 404),
        ("https://hub.test/../c/tea", 404),
        ("http://other.test/c/tea", 404),
        ("acct:<script>@hub.test", 404),
        (&long, 400),
    ] {
        let answer = finger(&hub, resource).await;
        assert_eq!(answer.status, status, "H148 {resource}");
        assert!(!answer.text.contains("script"), "H148 {resource}");
    }
    for query in ["", "?resource=acct:a@b&resource=acct:tea@hub.test", "?x=y"] {
        let answer = hub.get(&format!("/.well-known/webfinger{query}")).await;
        assert_eq!(answer.status, 400, "H148 {query}");
    }
});

hub_test!(s005_a_renamed_group_is_found_by_its_old_names, |hub| {
    let (tea, _, _) = begin(&hub).await;
    for name in ["coffee", "drinks"] {
        let rename = RenameGroup {
            group: tea,
            name: name.to_owned(),
        };
        trial::run(&hub.operations, Caller::System, rename).await;
    }
    for resource in [
        "acct:tea@hub.test",
        "acct:coffee@hub.test",
        "acct:drinks@hub.test",
        "https://hub.test/c/tea",
    ] {
        let found = finger(&hub, resource).await.json();
        assert_eq!(found["subject"], "acct:drinks@hub.test", "{resource}");
        assert_eq!(self_links(&found)[0]["href"], "https://hub.test/c/tea");
    }
    let group = document(&hub, "/c/tea").await;
    assert_eq!(group["id"], "https://hub.test/c/tea");
    assert_eq!(group["preferredUsername"], "drinks");
    assert_eq!(group["webfinger"], "drinks@hub.test");
    assert_eq!(group["url"], "https://hub.test/c/drinks");
    assert_eq!(group["publicKey"]["id"], "https://hub.test/c/tea#main-key");
    assert_eq!(hub.accept("/c/coffee", BROWSER).await.status, 200);
    let outbox = document(&hub, "/c/tea/outbox").await;
    assert_eq!(outbox["id"], "https://hub.test/c/tea/outbox");
    let token = hub.token("berta", "read write").await;
    let name = Some(json!({"name": "cups"}));
    let path = "/api/hub/v1/groups/tea/rename";
    assert_eq!(hub.call("POST", path, &token, name).await.status, 403);
    assert_eq!(trial::actor(&hub.operations, tea).await.name, "drinks");
});

hub_test!(s006_every_self_link_has_a_media_type_and_a_kind, |hub| {
    begin(&hub).await;
    for (resource, kind) in [
        ("acct:anna@hub.test", "Person"),
        ("acct:tea@hub.test", "Group"),
        ("https://hub.test/", "Application"),
    ] {
        let found = finger(&hub, resource).await.json();
        for link in self_links(&found) {
            let media = link["type"].as_str().unwrap();
            assert!(media.starts_with("application/"), "{media}");
            let named = &link["properties"]["https://www.w3.org/ns/activitystreams#type"];
            assert_eq!(named, kind);
        }
    }
});

hub_test!(s007_every_page_of_the_web_may_look_us_up, |hub| {
    begin(&hub).await;
    for path in [
        "/.well-known/webfinger?resource=acct:tea@hub.test",
        "/.well-known/host-meta",
        "/.well-known/host-meta.json",
        "/.well-known/nodeinfo",
        "/nodeinfo/2.0",
        "/nodeinfo/2.1",
    ] {
        let answer = hub.get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), "*", "{path}");
    }
    for (query, status) in [
        ("?resource=acct:nobody@hub.test", 404),
        ("?resource=tea", 400),
        ("", 400),
    ] {
        let answer = hub.get(&format!("/.well-known/webfinger{query}")).await;
        assert_eq!(answer.status, status, "{query}");
        assert_eq!(answer.header("access-control-allow-origin"), "*", "{query}");
    }
});

hub_test!(s008_host_meta_leads_to_webfinger, |hub| {
    let template = "https://hub.test/.well-known/webfinger?resource={uri}";
    let xml = hub.get("/.well-known/host-meta").await;
    assert_eq!(xml.header("content-type"), "application/xrd+xml");
    assert_eq!(xml.text.matches("rel=\"lrdd\"").count(), 1);
    assert!(xml.text.contains(&format!("template=\"{template}\"")));
    let json = hub.get("/.well-known/host-meta.json").await;
    assert_eq!(json.header("content-type"), "application/jrd+json");
    let links = json.json()["links"].clone();
    assert_eq!(
        (&links[0]["rel"], &links[0]["template"]),
        (&json!("lrdd"), &json!(template))
    );
    assert!(links.get(1).is_none());
});

/// What the schemas of NodeInfo 2.0 and 2.1 demand, and nothing that they forbid.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NodeInfo {
    version: String,
    software: Software,
    protocols: Vec<String>,
    services: Services,
    open_registrations: bool,
    usage: Usage,
    metadata: serde_json::Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Software {
    name: String,
    version: String,
    repository: Option<String>,
    homepage: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Services {
    inbound: Vec<String>,
    outbound: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Usage {
    users: Users,
    local_posts: u64,
    local_comments: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Users {
    total: u64,
    active_halfyear: u64,
    active_month: u64,
}

hub_test!(s009_nodeinfo_is_valid_in_both_versions, |hub| {
    let (_, anna, id) = begin(&hub).await;
    comment(&hub, anna, ObjectId::Post(id)).await;
    let index = hub.get("/.well-known/nodeinfo").await;
    assert_eq!(index.header("content-type"), "application/json");
    let links = index.json()["links"].clone();
    for (place, rel, href) in [
        (
            0,
            "http://nodeinfo.diaspora.software/ns/schema/2.1",
            "https://hub.test/nodeinfo/2.1",
        ),
        (
            1,
            "http://nodeinfo.diaspora.software/ns/schema/2.0",
            "https://hub.test/nodeinfo/2.0",
        ),
        (
            2,
            "https://www.w3.org/ns/activitystreams#Application",
            "https://hub.test/",
        ),
    ] {
        assert_eq!(
            (&links[place]["rel"], &links[place]["href"]),
            (&json!(rel), &json!(href))
        );
    }
    for version in ["2.0", "2.1"] {
        let answer = hub.get(&format!("/nodeinfo/{version}")).await;
        let kind = format!(
            "application/json; profile=\"http://nodeinfo.diaspora.software/ns/schema/{version}#\""
        );
        assert_eq!(answer.header("content-type"), kind);
        let info: NodeInfo = serde_json::from_str(&answer.text).unwrap();
        assert_eq!(info.version, version);
        assert_eq!(info.software.name, "guildhall");
        let numbers: Vec<u64> = info
            .software
            .version
            .split('.')
            .map(|part| part.parse().unwrap())
            .collect();
        assert_eq!(numbers.len(), 3, "{}", info.software.version);
        assert!(version == "2.1" || info.software.repository.is_none());
        assert!(version == "2.1" || info.software.homepage.is_none());
        assert_eq!(info.protocols, ["activitypub"]);
        assert!(info.services.inbound.is_empty() && info.services.outbound.is_empty());
        assert!(info.open_registrations && info.metadata.contains_key("nodeName"));
        let users = info.usage.users;
        assert_eq!(
            (users.total, users.active_halfyear, users.active_month),
            (1, 1, 1)
        );
        assert_eq!((info.usage.local_posts, info.usage.local_comments), (1, 1));
    }
    assert_eq!(hub.get("/nodeinfo/1.0").await.status, 404);
});

hub_test!(s010_nodeinfo_answers_while_the_database_is_away, |hub| {
    begin(&hub).await;
    let before = hub.get("/nodeinfo/2.1").await.json();
    assert_eq!(before["usage"]["users"]["total"], 1);
    trial::lose(&hub.operations).await;
    assert_eq!(
        hub.accept("/u/anna", BROWSER).await.status,
        500,
        "it is away"
    );
    for _ in 0..4 {
        trial::wait(&hub.operations, 240);
        for version in ["2.0", "2.1"] {
            let answer = hub.get(&format!("/nodeinfo/{version}")).await;
            assert_eq!(answer.status, 200);
            assert_eq!(answer.json()["usage"], before["usage"]);
        }
    }
});

hub_test!(s011_the_root_is_the_hubs_actor_or_its_home_page, |hub| {
    begin(&hub).await;
    let actor = document(&hub, "/").await;
    assert_eq!(
        (&actor["id"], &actor["type"]),
        (&json!("https://hub.test/"), &json!("Application"))
    );
    for field in [
        "name",
        "preferredUsername",
        "inbox",
        "outbox",
        "publicKey",
        "published",
    ] {
        assert!(
            actor.get(field).is_some_and(|value| !value.is_null()),
            "{field}"
        );
    }
    let page = hub.accept("/", BROWSER).await;
    assert_eq!(page.status, 200);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
});

hub_test!(s012_the_hub_is_found_by_its_host_and_address, |hub| {
    for resource in [
        "acct:hub.test@hub.test",
        "https://hub.test/",
        "https://hub.test",
        "acct:HUB.test@hub.TEST",
    ] {
        let found = finger(&hub, resource).await.json();
        assert_eq!(found["subject"], "acct:hub.test@hub.test", "{resource}");
        assert_eq!(self_links(&found)[0]["href"], "https://hub.test/");
    }
});

/// A stranger with a key that the hub knows, and the headers with which they ask for an address.
pub(super) async fn reader(hub: &Hub, host: &str) -> impl Fn(&str) -> Request<axum::body::Body> {
    let key = PrivateKey::generate_ed25519().unwrap();
    let mut remote = trial::document(&format!("https://{host}/u/berta"), ActorKind::Person);
    let key_id = format!("{}#main-key", remote.uri);
    let der = key.public().unwrap().to_der().unwrap();
    remote.key = Some(RemoteKey {
        uri: key_id.clone(),
        der,
    });
    trial::run(&hub.operations, Caller::System, UpsertActor { remote }).await;
    let now = hub.operations.now();
    move |address: &str| {
        let url = url::Url::parse(&format!("https://hub.test{address}")).unwrap();
        let mut request = Request::get(address).header("accept", DOCUMENT);
        for (name, value) in sign::get(&key, &key_id, &url, Target::Whole, now).unwrap() {
            // The key is no RSA key; the header says so to those who look.
            let text = value.to_str().unwrap().replace("rsa-sha256", "hs2019");
            request = request.header(name, text);
        }
        request.body(axum::body::Body::empty()).unwrap()
    }
}

hub_test!(
    s013_in_secure_mode_what_others_need_to_sign_stays_open,
    |hub| {
        let (_, anna, id) = begin(&hub).await;
        let answer = comment(&hub, anna, ObjectId::Post(id)).await;
        let outbox = document(&hub, "/c/tea/outbox").await;
        change(&hub, |settings| settings.federation.secure_mode = true);
        for open in [
            "/.well-known/webfinger?resource=acct:tea@hub.test",
            "/.well-known/host-meta",
            "/.well-known/nodeinfo",
            "/nodeinfo/2.1",
        ] {
            assert_eq!(hub.get(open).await.status, 200, "{open}");
        }
        assert!(document(&hub, "/").await["outbox"].is_string());
        for (path, kind) in [("/c/tea", "Group"), ("/u/anna", "Person")] {
            let stub = document(&hub, path).await;
            assert_eq!(stub["type"], kind);
            assert_eq!(stub["publicKey"]["owner"], stub["id"]);
            let mut fields: Vec<&String> = stub.as_object().unwrap().keys().collect();
            fields.sort();
            assert_eq!(
                fields,
                [
                    "@context",
                    "id",
                    "inbox",
                    "preferredUsername",
                    "publicKey",
                    "type"
                ]
            );
        }
        let activity = outbox["orderedItems"][0]["id"].as_str().unwrap();
        let activity = activity.strip_prefix("https://hub.test").unwrap();
        let reader = reader(&hub, "other.test").await;
        for path in [
            &*format!("/post/{id}"),
            &*format!("/comment/{answer}"),
            activity,
            "/c/tea/outbox",
            "/u/anna/followers",
            &*format!("/post/{id}/context"),
        ] {
            let unsigned = hub.accept(path, DOCUMENT).await;
            assert_eq!(unsigned.status, 401, "H156 {path}");
            let signed = hub.ask(reader(path)).await;
            assert_eq!(signed.status, 200, "{path}: {}", signed.text);
            assert!(
                signed.header("cache-control").starts_with("private"),
                "{path}"
            );
            assert!(signed.header("vary").contains("Signature"), "{path}");
        }
        let whole = hub.ask(reader("/c/tea")).await.json();
        assert!(whole["outbox"].is_string());
        let mut forged = reader("/c/tea/outbox");
        *forged.uri_mut() = format!("/post/{id}").parse().unwrap();
        let forged = hub.ask(forged).await.status;
        assert_ne!(forged, 200, "signed for another address");
        assert_eq!(
            hub.accept(&format!("/post/{id}"), BROWSER).await.status,
            200
        );
    }
);

hub_test!(h156_blocked_servers_and_odd_accepts, |hub| {
    let (_, _, id) = begin(&hub).await;
    let reader = reader(&hub, "bad.test").await;
    let path = format!("/post/{id}");
    assert_eq!(hub.ask(reader(&path)).await.status, 200, "H156");
    change(&hub, |settings| {
        settings.federation.blocked_hosts = vec!["bad.test".parse().unwrap()];
    });
    for secure in [false, true] {
        change(&hub, |settings| settings.federation.secure_mode = secure);
        for path in [&*path, "/c/tea", "/c/tea/outbox"] {
            assert_eq!(hub.ask(reader(path)).await.status, 403, "H156 {path}");
        }
    }
    let long = "text/plain, ".repeat(800);
    for accept in [
        "*/*",
        "",
        "application/activity+json;q=0.1, text/html",
        &long,
    ] {
        let answer = hub.accept(&path, accept).await;
        assert_eq!(answer.status, 200, "H156 {accept}");
        assert!(
            answer.header("content-type").starts_with("text/html"),
            "H156 {accept}"
        );
    }
});

hub_test!(s014_pages_name_the_id_of_what_they_show, |hub| {
    let (_, anna, id) = begin(&hub).await;
    let answer = comment(&hub, anna, ObjectId::Post(id)).await;
    for (page, id) in [
        (format!("/post/{id}"), format!("https://hub.test/post/{id}")),
        (
            format!("/post/{id}?comment={answer}"),
            format!("https://hub.test/comment/{answer}"),
        ),
        ("/c/tea".to_owned(), "https://hub.test/c/tea".to_owned()),
        ("/u/anna".to_owned(), "https://hub.test/u/anna".to_owned()),
    ] {
        let shown = hub.accept(&page, BROWSER).await;
        let element =
            format!("<link rel=\"alternate\" type=\"application/activity+json\" href=\"{id}\">");
        assert!(shown.text.contains(&element), "{page}");
        let header = format!("<{id}>; rel=\"alternate\"; type=\"application/activity+json\"");
        assert_eq!(shown.header("link"), header, "{page}");
    }
    let led = hub.accept(&format!("/comment/{answer}"), BROWSER).await;
    assert!(
        led.header("location")
            .starts_with(&format!("/post/{id}?comment={answer}"))
    );
});

hub_test!(s015_documents_have_the_bare_media_type, |hub| {
    let (_, _, id) = begin(&hub).await;
    for path in [
        "/",
        "/c/tea",
        "/u/anna",
        &format!("/post/{id}"),
        "/c/tea/outbox",
    ] {
        let answer = hub.accept(path, "application/activity+json").await;
        assert_eq!(
            answer.header("content-type"),
            "application/activity+json",
            "{path}"
        );
    }
});

hub_test!(
    s016_every_way_of_asking_for_linked_data_is_understood,
    |hub| {
        begin(&hub).await;
        for accept in [
            "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"",
            "application/ld+json;profile=\"https://www.w3.org/ns/activitystreams\"",
            "application/ld+json; profile=https://www.w3.org/ns/activitystreams",
            "application/ld+json;profile=https://www.w3.org/ns/activitystreams",
            "application/activity+json, application/ld+json;q=0.9, text/html;q=0.1",
            "text/html;q=0.3, application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\";q=0.8",
        ] {
            let answer = hub.accept("/c/tea", accept).await;
            assert_eq!(answer.header("content-type"), DOCUMENT, "{accept}");
            assert_eq!(answer.json()["type"], "Group", "{accept}");
        }
    }
);

hub_test!(s017_browsers_get_pages, |hub| {
    let (_, anna, id) = begin(&hub).await;
    let answer = comment(&hub, anna, ObjectId::Post(id)).await;
    for path in ["/", "/c/tea", "/u/anna", &format!("/post/{id}")] {
        let page = hub.accept(path, BROWSER).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(
            page.header("content-type").starts_with("text/html"),
            "{path}"
        );
    }
    let led = hub.accept(&format!("/comment/{answer}"), BROWSER).await;
    assert!(led.status.is_redirection() && led.header("location").starts_with("/post/"));
});

hub_test!(s018_what_depends_on_accept_says_so, |hub| {
    let (_, anna, id) = begin(&hub).await;
    let answer = comment(&hub, anna, ObjectId::Post(id)).await;
    let uri = "https://other.test/u/berta";
    trial::remote(&hub.operations, uri, ActorKind::Person).await;
    for path in [
        "/",
        "/c/tea",
        "/u/anna",
        &format!("/post/{id}"),
        &format!("/comment/{answer}"),
        "/c/tea@hub.test",
        "/u/berta@other.test",
        "/c/nobody",
    ] {
        for accept in [BROWSER, DOCUMENT] {
            let answer = hub.accept(path, accept).await;
            let vary = answer.headers.get_all("vary").iter().any(|value| {
                let mut names = value.to_str().unwrap().split(',').map(str::trim);
                names.any(|name| name.eq_ignore_ascii_case("accept"))
            });
            assert!(vary, "{path} {accept}");
        }
    }
});

hub_test!(
    s019_ids_answer_themselves_and_later_names_lead_to_them,
    |hub| {
        let (tea, anna, id) = begin(&hub).await;
        let answer = comment(&hub, anna, ObjectId::Post(id)).await;
        let rename = RenameGroup {
            group: tea,
            name: "drinks".to_owned(),
        };
        trial::run(&hub.operations, Caller::System, rename).await;
        for path in [
            "/",
            "/c/tea",
            "/u/anna",
            &format!("/post/{id}"),
            &format!("/comment/{answer}"),
        ] {
            let found = document(&hub, path).await;
            assert_eq!(found["id"], format!("https://hub.test{path}"));
        }
        for path in ["/c/drinks", "/c/drinks@hub.test"] {
            let led = hub.accept(path, DOCUMENT).await;
            let place = (led.status.as_u16(), led.header("location"));
            assert_eq!(place, (308, "https://hub.test/c/tea"), "{path}");
        }
    }
);

hub_test!(s020_what_lives_elsewhere_is_asked_for_there, |hub| {
    let (group, _, _) = begin(&hub).await;
    let uri = "https://other.test/u/berta";
    let berta = trial::remote(&hub.operations, uri, ActorKind::Person).await;
    trial::remote(
        &hub.operations,
        "https://other.test/c/pots",
        ActorKind::Group,
    )
    .await;
    let origin = Origin::Remote {
        uri: Uri::parse("https://other.test/p/1").unwrap(),
        url: None,
        published_at: trial::NOW,
        relay: None,
    };
    let id = post(&hub, group, berta, origin).await;
    let answer = CreateComment {
        parent: ObjectId::Post(id),
        body: Markup::Markdown("And tea".into()),
        language: None,
        sensitive: false,
        warning: None,
        attachments: Vec::new(),
        distinguished: false,
        origin: Origin::Remote {
            uri: Uri::parse("https://other.test/p/2").unwrap(),
            url: None,
            published_at: trial::NOW,
            relay: None,
        },
    };
    let answer = trial::run(&hub.operations, trial::stranger(berta), answer).await;
    for (address, place) in [
        (format!("/post/{id}"), "https://other.test/p/1"),
        (format!("/comment/{answer}"), "https://other.test/p/2"),
        ("/u/berta@other.test".to_owned(), uri),
        ("/c/pots@other.test".to_owned(), "https://other.test/c/pots"),
    ] {
        let answer = hub.accept(&address, DOCUMENT).await;
        let found = (answer.status.as_u16(), answer.header("location"));
        assert_eq!(found, (308, place), "{address}");
    }
});

hub_test!(s025_documents_stay_below_512_kib, |hub| {
    let (group, anna, _) = begin(&hub).await;
    for body in ["*a* ", "\u{e4}<b> ", "word "].iter().cycle().take(20) {
        let body = body.repeat(100_000 / body.len());
        let create = CreatePost {
            group,
            kind: PostKind::Article,
            title: "Much".into(),
            body: Markup::Markdown(body),
            link_url: None,
            language: Some("de".into()),
            sensitive: false,
            warning: None,
            attachments: Vec::<Attachment>::new(),
            extra: Extra::Nothing,
            thumbnail: None,
            origin: Origin::Local,
        };
        let id = trial::run(&hub.operations, trial::member(anna), create).await;
        let feature = crate::operations::moderation::FeaturePost {
            post: id,
            featured: true,
            relay: None,
        };
        drop(hub.operations.run(Caller::System, feature).await);
        document(&hub, &format!("/post/{id}")).await;
    }
    for path in ["/c/tea/outbox", "/c/tea/outbox?page=1", "/c/tea/featured"] {
        let found = document(&hub, path).await;
        let items = found["orderedItems"].as_array().unwrap();
        assert!(!items.is_empty(), "{path}");
    }
    let mut next = Some("/c/tea/outbox?page=1".to_owned());
    let mut seen = 0;
    while let Some(page) = next {
        let found = document(&hub, &page).await;
        seen += found["orderedItems"].as_array().unwrap().len();
        next = found["next"]
            .as_str()
            .map(|next| next.replace("https://hub.test", ""));
    }
    assert_eq!(seen, 21, "what does not fit is on the next page");
});

hub_test!(s027_the_moderators_are_one_address, |hub| {
    begin(&hub).await;
    let group = document(&hub, "/c/tea").await;
    let moderators = group["attributedTo"].as_str().unwrap();
    assert_eq!(moderators, "https://hub.test/c/tea/moderators");
    let path = moderators.strip_prefix("https://hub.test").unwrap();
    assert_eq!(document(&hub, path).await["id"], moderators);
});

hub_test!(s029_a_bot_is_a_service, |hub| {
    let (_, anna, _) = begin(&hub).await;
    assert_eq!(document(&hub, "/u/anna").await["type"], "Person");
    for (automatic, kind) in [(true, "Service"), (false, "Person")] {
        let change = UpdateProfile {
            automatic: Some(automatic),
            ..profile(anna)
        };
        trial::run(&hub.operations, trial::member(anna), change).await;
        assert_eq!(document(&hub, "/u/anna").await["type"], kind);
    }
});

hub_test!(s030_an_unlisted_group_says_so_and_is_not_listed, |hub| {
    let (tea, _, id) = begin(&hub).await;
    let flags = async |hub: &Hub| {
        let group = document(hub, "/c/tea").await;
        (
            group["manuallyApprovesFollowers"].clone(),
            group["discoverable"].clone(),
        )
    };
    assert_eq!(flags(&hub).await, (json!(false), json!(true)));
    let names = async |path: &str| hub.accept(path, BROWSER).await.text.contains("/c/tea");
    assert!(names("/groups").await && names("/sitemap.xml").await);
    let change = UpdateGroup {
        discoverable: Some(false),
        ..update(tea)
    };
    trial::run(&hub.operations, Caller::System, change).await;
    assert_eq!(flags(&hub).await, (json!(false), json!(false)));
    assert!(!names("/groups").await && !names("/sitemap.xml").await);
    let list = hub.get("/api/hub/v1/groups").await.json();
    assert_eq!(list["items"], json!([]));
    assert_eq!(
        hub.get("/api/hub/v1/groups/tea").await.json()["discoverable"],
        false
    );
    for page in ["/c/tea", &format!("/post/{id}")] {
        let page = hub.accept(page, BROWSER).await;
        assert!(
            page.text
                .contains("<meta name=\"robots\" content=\"noindex\">")
        );
    }
});

hub_test!(s031_only_who_agrees_to_be_searched_is_indexable, |hub| {
    let (_, anna, _) = begin(&hub).await;
    assert_eq!(
        document(&hub, "/u/anna").await["indexable"],
        false,
        "nobody was asked yet"
    );
    for indexable in [true, false] {
        let change = UpdateProfile {
            indexable: Some(indexable),
            ..profile(anna)
        };
        trial::run(&hub.operations, trial::member(anna), change).await;
        assert_eq!(document(&hub, "/u/anna").await["indexable"], indexable);
    }
});

hub_test!(s032_a_deleted_actor_leaves_a_tombstone, |hub| {
    let (_, anna, _) = begin(&hub).await;
    let delete = DeleteAccount {
        actor: anna,
        words: None,
    };
    trial::run(&hub.operations, trial::member(anna), delete).await;
    let gone = hub.accept("/u/anna", DOCUMENT).await;
    assert_eq!(gone.status, 410);
    assert_eq!(gone.header("content-type"), DOCUMENT);
    let stone = gone.json();
    assert_eq!(stone["type"], "Tombstone");
    assert_eq!(stone["id"], "https://hub.test/u/anna");
    assert_eq!(stone["formerType"], "Person");
    assert!(stone["deleted"].is_string());
});

hub_test!(s033_a_suspended_actor_is_a_stub_with_its_key, |hub| {
    let (_, anna, _) = begin(&hub).await;
    let change = UpdateProfile {
        title: Some("Anna A.".into()),
        bio: Some("Buy my pots".into()),
        indexable: Some(true),
        ..profile(anna)
    };
    trial::run(&hub.operations, trial::member(anna), change).await;
    let before = document(&hub, "/u/anna").await;
    assert!(before.get("suspended").is_none());
    trial::run(&hub.operations, Caller::System, Suspend { actor: anna }).await;
    let stub = document(&hub, "/u/anna").await;
    assert_eq!(stub["suspended"], true);
    assert_eq!(stub["publicKey"], before["publicKey"]);
    assert_eq!(
        (&stub["name"], &stub["summary"]),
        (&json!("anna"), &json!(""))
    );
    assert_eq!(
        (&stub["indexable"], &stub["attachment"]),
        (&json!(false), &json!([]))
    );
    for field in ["source", "icon", "image"] {
        assert!(stub.get(field).is_none(), "{field}");
    }
});

hub_test!(s034_a_name_is_never_empty, |hub| {
    let (_, anna, _) = begin(&hub).await;
    for title in ["", "   ", "\u{200b}\u{202e}"] {
        let change = UpdateProfile {
            title: Some(title.into()),
            ..profile(anna)
        };
        trial::run(&hub.operations, trial::member(anna), change).await;
        assert_eq!(document(&hub, "/u/anna").await["name"], "anna");
    }
    for path in ["/", "/c/tea"] {
        let name = document(&hub, path).await["name"].clone();
        assert!(name.as_str().is_some_and(|name| !name.is_empty()), "{path}");
    }
});
