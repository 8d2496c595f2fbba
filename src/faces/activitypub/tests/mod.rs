//! What other servers get, from outside.

use http::Request;
use serde_json::{Value, json};

use crate::domain::activity::Origin;
use crate::domain::actor::ActorKind;
use crate::domain::ids::{ActorId, ObjectId, PostId, Uri};
use crate::domain::post::{Extra, PostKind};
use crate::faces::shared::testing::{Answer, Hub, hub_test};
use crate::operations::comment::CreateComment;
use crate::operations::markup::Markup;
use crate::operations::message::SendMessage;
use crate::operations::object::DeleteObject;
use crate::operations::post::CreatePost;
use crate::operations::trial;

#[cfg(test)]
mod discovery;

const DOCUMENT: &str = "application/activity+json";

async fn document(hub: &Hub, address: &str) -> Value {
    let answer = hub.accept(address, DOCUMENT).await;
    assert_eq!(answer.status, 200, "{address}: {}", answer.text);
    assert_eq!(answer.header("content-type"), DOCUMENT, "{address}");
    let document = answer.json();
    let contexts = document["@context"].as_array().expect("a context").clone();
    assert!(contexts.contains(&json!("https://www.w3.org/ns/activitystreams")));
    assert!(answer.text.len() < 512 * 1024);
    document
}

/// A group `tea`, a person `anna`, and a post of hers.
async fn begin(hub: &Hub) -> (ActorId, ActorId, PostId) {
    let group = trial::group(&hub.operations, "tea", None).await;
    let anna = trial::person(&hub.operations, "anna").await;
    let post = post(hub, group, anna, Origin::Local).await;
    (group, anna, post)
}

async fn post(hub: &Hub, group: ActorId, author: ActorId, origin: Origin) -> PostId {
    let caller = match &origin {
        Origin::Local => trial::member(author),
        Origin::Remote { .. } => trial::stranger(author),
    };
    let create = CreatePost {
        group,
        kind: PostKind::Article,
        title: "Which pot?".into(),
        body: Markup::Markdown("Iron or **clay** #tea".into()),
        link_url: None,
        language: Some("en".into()),
        sensitive: false,
        warning: None,
        attachments: Vec::new(),
        extra: Extra::Nothing,
        thumbnail: None,
        origin,
    };
    trial::run(&hub.operations, caller, create).await
}

async fn comment(hub: &Hub, author: ActorId, parent: ObjectId) -> i64 {
    let create = CreateComment {
        parent,
        body: Markup::Markdown("Clay.".into()),
        language: None,
        sensitive: false,
        warning: None,
        attachments: Vec::new(),
        distinguished: false,
        origin: Origin::Local,
    };
    trial::run(&hub.operations, trial::member(author), create)
        .await
        .0
}

hub_test!(actors_are_served_under_their_ids, |hub| {
    begin(&hub).await;
    for (address, id, kind) in [
        ("/", "https://hub.test/", "Application"),
        ("/c/tea", "https://hub.test/c/tea", "Group"),
        ("/u/anna", "https://hub.test/u/anna", "Person"),
    ] {
        let actor = document(&hub, address).await;
        assert_eq!((&actor["id"], &actor["type"]), (&json!(id), &json!(kind)));
        assert_eq!(actor["publicKey"]["owner"], id);
        let pem = actor["publicKey"]["publicKeyPem"].as_str().unwrap();
        assert!(pem.starts_with("-----BEGIN PUBLIC KEY-----"));
        assert_eq!(actor["endpoints"]["sharedInbox"], "https://hub.test/inbox");
    }
    for address in ["/c/anna", "/u/tea", "/c/nobody", "/u/a%2Fb", "/nothing"] {
        let answer = hub.accept(address, DOCUMENT).await;
        assert_eq!(answer.status, 404, "{address}");
        assert!(answer.json()["error"].is_string(), "{address}");
    }
});

hub_test!(pages_and_documents_know_the_same_addresses, |hub| {
    let (_, _, id) = begin(&hub).await;
    for (address, place) in [("/c/TEA", "/c/tea"), ("/u/Anna", "/u/anna")] {
        for (accept, place) in [
            (DOCUMENT, format!("https://hub.test{place}")),
            ("text/html", place.to_owned()),
        ] {
            let answer = hub.accept(address, accept).await;
            assert_eq!(answer.status, 308, "{address}: {}", answer.text);
            assert_eq!(answer.header("location"), place);
        }
    }
    let asked = hub.accept("/c/TEA?sort=new&after=1", "text/html").await;
    assert_eq!(asked.header("location"), "/c/tea?sort=new&after=1");
    for address in [
        format!("/post/0{id}"),
        format!("/post/+{id}"),
        "/comment/01".to_owned(),
        format!("/post/0{id}/replies"),
        "/c/NOBODY".to_owned(),
    ] {
        for accept in [DOCUMENT, "text/html"] {
            let answer = hub.accept(&address, accept).await;
            assert_eq!(answer.status, 404, "{address} as {accept}");
        }
    }
});

hub_test!(each_reader_gets_the_form_that_it_can_show, |hub| {
    let (_, _, id) = begin(&hub).await;
    let address = format!("/post/{id}");
    let article = document(&hub, &address).await;
    assert_eq!(
        (&article["type"], &article["name"]),
        (&json!("Article"), &json!("Which pot?"))
    );
    assert_eq!(article["id"], format!("https://hub.test/post/{id}"));
    assert_eq!(article["audience"], "https://hub.test/c/tea");
    let ask = |agent: &'static str| {
        let request = Request::get(&address)
            .header("accept", DOCUMENT)
            .header("user-agent", agent);
        hub.ask(request.body(axum::body::Body::empty()).unwrap())
    };
    let note = ask("http.rb/5.1.1 (Mastodon/4.5.0; +https://m.example/)").await;
    assert_eq!(note.header("vary"), "Accept, Signature, User-Agent");
    assert!(note.header("cache-control").starts_with("private"));
    let note = note.json();
    assert_eq!(
        (&note["type"], &note["id"]),
        (&json!("Note"), &article["id"])
    );
    assert!(
        note["content"]
            .as_str()
            .unwrap()
            .starts_with("<p><strong>Which pot?</strong></p>")
    );
    assert_eq!(
        ask("Lemmy/0.19.20; +https://l.example").await.json()["type"],
        "Article"
    );
});

hub_test!(s116_what_is_deleted_leaves_a_tombstone, |hub| {
    let (_, anna, id) = begin(&hub).await;
    let answer = comment(&hub, anna, ObjectId::Post(id)).await;
    let note = document(&hub, &format!("/comment/{answer}")).await;
    assert_eq!(
        (&note["type"], &note["inReplyTo"]),
        (
            &json!("Note"),
            &json!(format!("https://hub.test/post/{id}"))
        )
    );
    let object = ObjectId::Post(id);
    let delete = DeleteObject {
        object,
        relay: None,
    };
    trial::run(&hub.operations, trial::member(anna), delete).await;
    let gone: Answer = hub.accept(&format!("/post/{id}"), DOCUMENT).await;
    assert_eq!(gone.status, 410);
    assert_eq!(
        (&gone.json()["type"], &gone.json()["formerType"]),
        (&json!("Tombstone"), &json!("Article"))
    );
    assert_eq!(hub.accept("/post/12", DOCUMENT).await.status, 404);
    assert_eq!(hub.accept("/post/x", DOCUMENT).await.status, 404);
});

hub_test!(collections_have_the_forms_that_peers_read, |hub| {
    let (_, anna, id) = begin(&hub).await;
    let answer = comment(&hub, anna, ObjectId::Post(id)).await;
    let followers = document(&hub, "/c/tea/followers").await;
    assert_eq!(
        (&followers["type"], &followers["items"]),
        (&json!("Collection"), &json!([]))
    );
    for collection in ["moderators", "featured", "outbox"] {
        let found = document(&hub, &format!("/c/tea/{collection}")).await;
        assert_eq!(found["type"], "OrderedCollection", "{collection}");
        assert!(found["orderedItems"].is_array() && found["totalItems"].is_number());
        assert_eq!(found["id"], format!("https://hub.test/c/tea/{collection}"));
    }
    for collection in ["outbox", "followers", "following", "featured"] {
        document(&hub, &format!("/u/anna/{collection}")).await;
    }
    let context = document(&hub, &format!("/post/{id}/context")).await;
    assert_eq!(
        context["orderedItems"],
        json!([
            format!("https://hub.test/post/{id}"),
            format!("https://hub.test/comment/{answer}")
        ])
    );
    let replies = document(&hub, &format!("/post/{id}/replies")).await;
    assert!(
        replies
            .to_string()
            .contains(&format!("https://hub.test/comment/{answer}"))
    );
    for collection in ["likes", "dislikes", "shares"] {
        let found = document(&hub, &format!("/post/{id}/{collection}")).await;
        assert!(found["totalItems"].is_number(), "{collection}");
    }
    for nothing in [
        "/c/tea/outbox?page=nonsense",
        "/c/none/outbox",
        "/post/12/context",
        "/u/anna/moderators",
    ] {
        assert_eq!(hub.accept(nothing, DOCUMENT).await.status, 404, "{nothing}");
    }
});

hub_test!(the_outbox_announces_posts_that_can_be_fetched, |hub| {
    let (_, _, id) = begin(&hub).await;
    let outbox = document(&hub, "/c/tea/outbox").await;
    assert_eq!(outbox["totalItems"], 1);
    let announce = &outbox["orderedItems"][0];
    assert_eq!(announce["type"], "Announce", "{outbox}");
    assert_eq!(
        announce["object"]["object"]["id"],
        format!("https://hub.test/post/{id}")
    );
    for activity in [&announce["id"], &announce["object"]["id"]] {
        let address = activity
            .as_str()
            .unwrap()
            .strip_prefix("https://hub.test")
            .unwrap();
        let fetched = document(&hub, address).await;
        assert_eq!(fetched["id"], *activity);
    }
    let page = document(&hub, "/c/tea/outbox?page=1").await;
    assert_eq!(
        (&page["type"], &page["orderedItems"][0]["id"]),
        (&json!("OrderedCollectionPage"), &announce["id"])
    );
    assert_eq!(hub.get("/activities/create/none").await.status, 404);
});

hub_test!(an_inbox_takes_nothing_but_posts, |hub| {
    begin(&hub).await;
    for inbox in ["/inbox", "/c/tea/inbox", "/u/anna/inbox"] {
        let answer = hub.get(inbox).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("allow")),
            (405, "POST"),
            "{inbox}"
        );
        let unsigned = hub.call("POST", inbox, "", Some(json!({}))).await;
        assert!(unsigned.status.is_client_error(), "{inbox}");
    }
});

hub_test!(s163_who_has_a_context_is_not_sent_it_again, |hub| {
    let (_, _, id) = begin(&hub).await;
    let address = format!("/post/{id}/context");
    let first = hub.accept(&address, DOCUMENT).await;
    let tag = first.header("etag").to_owned();
    assert!(tag.starts_with('"'), "{tag}");
    let again = hub.accept(&address, DOCUMENT).await;
    assert_eq!(again.header("etag"), tag, "it is stable");
    let ask = async |tag: &str| {
        let request = Request::get(&address).header("if-none-match", tag);
        hub.ask(request.body(axum::body::Body::empty()).unwrap())
            .await
    };
    let same = ask(&tag).await;
    assert_eq!((same.status.as_u16(), same.text.as_str()), (304, ""));
    assert_eq!(ask("\"other\"").await.status, 200);
});

/// Changes the settings in force.
fn change(hub: &Hub, change: impl FnOnce(&mut crate::settings::Settings)) {
    let mut settings = crate::settings::Settings::clone(&hub.operations.live.get());
    change(&mut settings);
    hub.operations.live.reload(settings).unwrap();
}

hub_test!(a_server_that_sends_too_much_is_asked_to_wait, |hub| {
    change(&hub, |settings| {
        settings.limits.inbox_host = "2/1h".parse().unwrap();
    });
    for _ in 0..2 {
        let answer = hub.call("POST", "/inbox", "", Some(json!({}))).await;
        assert_ne!(answer.status, 429, "{}", answer.text);
    }
    let answer = hub.call("POST", "/inbox", "", Some(json!({}))).await;
    assert_eq!(answer.status, 429, "{}", answer.text);
    let seconds: u32 = answer.header("retry-after").parse().unwrap();
    assert!((1..=3600).contains(&seconds), "{seconds}");
});

hub_test!(what_is_private_by_setting_is_not_published, |hub| {
    begin(&hub).await;
    let users = |info: Value| info["usage"]["users"]["total"].clone();
    assert_ne!(users(hub.get("/nodeinfo/2.1").await.json()), 0);
    assert!(hub.get("/robots.txt").await.text.contains("Sitemap:"));
    change(&hub, |settings| {
        settings.privacy.statistics = false;
        settings.privacy.search_engines = false;
    });
    assert_eq!(users(hub.get("/nodeinfo/2.1").await.json()), 0);
    let robots = hub.get("/robots.txt").await.text;
    assert_eq!(robots, "User-agent: *\nDisallow: /\n");
});

hub_test!(s153_a_message_cannot_be_fetched, |hub| {
    let anna = trial::person(&hub.operations, "anna").await;
    let ben = trial::person(&hub.operations, "ben").await;
    let send = SendMessage {
        to: vec![ben],
        body: Markup::Markdown("zebra".into()),
        origin: Origin::Local,
    };
    let id = trial::run(&hub.operations, trial::member(anna), send).await;
    let address = hub.operations.names.message(id).to_string();
    let path = address.trim_start_matches("https://hub.test");
    for accept in ["application/activity+json", "text/html", "*/*"] {
        let answer = hub.accept(path, accept).await;
        assert_eq!(answer.status, 404, "{accept}");
        assert!(!answer.text.contains("zebra"));
    }
});

hub_test!(
    s153_a_message_is_shown_to_the_server_of_its_reader_alone,
    |hub| {
        let anna = trial::person(&hub.operations, "anna").await;
        let friend = discovery::reader(&hub, "peer.test").await;
        let stranger = discovery::reader(&hub, "other.test").await;
        let handle = Uri::parse("https://peer.test/u/berta").unwrap();
        let berta = trial::read(&hub.operations, move |db| {
            crate::views::actor::find_by_uri(db, handle.as_str())
        });
        let send = SendMessage {
            to: vec![berta.await.unwrap().id],
            body: Markup::Markdown("zebra".into()),
            origin: Origin::Local,
        };
        let id = trial::run(&hub.operations, trial::member(anna), send).await;
        let path = format!("/message/{id}");
        let shown = hub.ask(friend(&path)).await;
        assert_eq!(shown.status, 200, "{}", shown.text);
        assert_eq!(shown.json()["type"], "Note");
        assert_eq!(shown.json()["to"], json!(["https://peer.test/u/berta"]));
        assert!(
            shown.header("cache-control").contains("private"),
            "{:?}",
            shown.headers
        );
        for answer in [hub.ask(stranger(&path)).await, hub.get(&path).await] {
            assert_eq!(answer.status, 404);
            assert!(!answer.text.contains("zebra"));
        }
        assert_eq!(hub.ask(friend("/message/7")).await.status, 404);
    }
);

hub_test!(r19_shared_caches_keep_the_forms_apart, |hub| {
    let (_, _, id) = begin(&hub).await;
    for address in [
        "/".to_owned(),
        "/c/tea".to_owned(),
        "/u/anna".to_owned(),
        format!("/post/{id}"),
        "/c/tea/outbox".to_owned(),
        "/c/tea/followers".to_owned(),
        format!("/post/{id}/context"),
    ] {
        let answer = hub.accept(&address, DOCUMENT).await;
        let vary = answer.header("vary").to_lowercase();
        for name in ["accept", "signature"] {
            let named = vary.split(',').any(|known| known.trim() == name);
            assert!(named, "R-19 {address}: {vary}");
        }
    }
});

hub_test!(r04_without_federation_its_routes_are_not_there, |hub| {
    begin(&hub).await;
    let off = |settings: &mut crate::settings::Settings| settings.federation.enabled = false;
    let hub = Hub::new(trial::under(&hub.operations, off));
    for address in [
        "/.well-known/webfinger?resource=acct:anna@hub.test",
        "/.well-known/nodeinfo",
        "/nodeinfo/2.1",
        "/c/tea/outbox",
        "/c/tea/followers",
        "/activities/create/x",
        "/inbox",
    ] {
        assert_eq!(hub.get(address).await.status, 404, "R-04 {address}");
    }
    for inbox in ["/inbox", "/c/tea/inbox", "/u/anna/inbox"] {
        let answer = hub.call("POST", inbox, "", Some(json!({}))).await;
        assert!(
            matches!(answer.status.as_u16(), 403..=405),
            "R-04 {inbox}: {}",
            answer.status
        );
    }
    let page = hub.accept("/c/tea", DOCUMENT).await;
    assert!(page.header("content-type").starts_with("text/html"), "R-04");
});
