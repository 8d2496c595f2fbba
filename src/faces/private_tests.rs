//! What is said in a private group stays there: everything that the hub answers is searched for it,
//! as everybody who must not see it (security.md; statements 30, 70, 162).

use std::collections::BTreeSet;

use axum::Router;
use axum::body::Body;
use http::Request;
use serde_json::{Value, json};

use super::shared::testing::{Answer, Hub, hub_test};
use crate::crypto::keypair::PrivateKey;
use crate::crypto::token::{hash_hex, random};
use crate::domain::activity::Origin;
use crate::domain::actor::{ActorKind, RemoteKey};
use crate::domain::caller::Caller;
use crate::domain::ids::{ActorId, CommentId, ObjectId, PostId};
use crate::domain::poll::{Choice, Poll};
use crate::domain::post::{Extra, PostKind};
use crate::federation::sign::{self, Target};
use crate::operations::account::{OpenSession, create_token};
use crate::operations::actor::UpsertActor;
use crate::operations::comment::CreateComment;
use crate::operations::flag::RaiseFlag;
use crate::operations::group::CreateGroup;
use crate::operations::markup::{Edit, Markup};
use crate::operations::membership::{AnswerRequest, JoinGroup, ReceiveFollow};
use crate::operations::moderation::{Ban, FeaturePost, LockObject};
use crate::operations::post::{CreatePost, UpdatePost};
use crate::operations::reaction::Vote;
use crate::operations::testing::picture;
use crate::operations::trial::{self, member, stranger};

/// Stands in everything that only members may read, and nowhere else.
const SECRET: &str = "quittenmus";
/// Stands beside it, so that a search that sees it finds the secret too.
const BESIDE: &str = "marillenknoedel";
const DOCUMENT: &str = "application/activity+json";
const PAGE: &str = "text/html";

/// Somebody who asks, with what proves who they are.
#[derive(Clone, Debug)]
enum Asker {
    Visitor,
    Member { session: String, token: String },
    Server { key: PrivateKey, key_id: String },
}

/// A private group in which everything happened that can happen.
struct Den {
    post: PostId,
    comment: CommentId,
    uuids: Vec<String>,
}

/// A person elsewhere whose key the hub knows.
async fn foreign(hub: &Hub, uri: &str) -> (ActorId, Asker) {
    let key = PrivateKey::from_pkcs8(&trial::keys().private_der).unwrap();
    let key_id = format!("{uri}#main-key");
    let mut remote = trial::document(uri, ActorKind::Person);
    remote.key = Some(RemoteKey {
        uri: key_id.clone(),
        der: key.public().unwrap().to_der().unwrap(),
    });
    let actor = trial::run(&hub.operations, Caller::System, UpsertActor { remote }).await;
    (actor.id, Asker::Server { key, key_id })
}

async fn local(hub: &Hub, name: &str) -> (ActorId, Asker) {
    let person = trial::person(&hub.operations, name).await;
    let session = random();
    let open = OpenSession {
        actor: person,
        token_hash: hash_hex(&session),
        password_hash: "hash".to_owned(),
        device: String::new(),
    };
    trial::run(&hub.operations, Caller::Visitor, open).await;
    let token = create_token(&hub.operations, member(person), person, "read write").await;
    let token = token.expect("a token");
    (person, Asker::Member { session, token })
}

/// Asks to join, and is let in or not.
async fn join(hub: &Hub, group: ActorId, owner: ActorId, caller: Caller, accepted: Option<bool>) {
    match caller {
        Caller::Remote { actor } => {
            let uri = format!("https://peer.test/follows/{actor}");
            let follow = ReceiveFollow { target: group, uri };
            trial::run(&hub.operations, caller, follow).await;
        }
        _ => {
            trial::run(&hub.operations, caller, JoinGroup { group }).await;
        }
    }
    if let Some(accepted) = accepted {
        let answer = AnswerRequest {
            group,
            follower: caller.actor().unwrap(),
            accepted,
        };
        trial::run(&hub.operations, member(owner), answer).await;
    }
}

fn den(owner: ActorId) -> CreateGroup {
    CreateGroup {
        name: "den".to_owned(),
        title: format!("The {SECRET}"),
        summary: format!("About {SECRET}"),
        owner: Some(owner),
        posting_restricted: false,
        private: true,
        keys: trial::keys(),
    }
}

#[expect(clippy::too_many_lines, reason = "one thing of every kind")]
async fn furnish(hub: &Hub, group: ActorId, anna: ActorId, bert: ActorId) -> Den {
    let ops = &hub.operations;
    let create = CreatePost {
        group,
        kind: PostKind::Article,
        title: format!("Cooking {SECRET}"),
        body: Markup::Markdown(format!(
            "How to make {SECRET} and {BESIDE}, @olga? #{BESIDE}"
        )),
        link_url: Some(format!("https://shop.example/{SECRET}")),
        language: Some("en".to_owned()),
        sensitive: true,
        warning: Some(format!("hot {SECRET}")),
        attachments: vec![picture(ops, member(anna), &format!("a pot of {SECRET}")).await],
        extra: Extra::Nothing,
        thumbnail: None,
        origin: Origin::Local,
    };
    let choice = |word: &str| Choice {
        name: format!("{word} {SECRET}"),
        votes: 0,
    };
    let poll = CreatePost {
        title: format!("Which {SECRET}?"),
        extra: Extra::Poll(Poll {
            ends_at: Some(trial::NOW.plus_seconds(86_400)),
            choices: vec![choice("sweet"), choice("sour")],
            ..Poll::default()
        }),
        attachments: Vec::new(),
        ..create.clone()
    };
    trial::run(ops, member(anna), poll).await;
    let post = trial::run(ops, member(anna), create).await;
    let answer = CreateComment {
        parent: ObjectId::Post(post),
        body: Markup::Markdown(format!("More {SECRET}, @olga")),
        language: None,
        sensitive: false,
        warning: None,
        attachments: Vec::new(),
        distinguished: false,
        origin: Origin::Local,
    };
    let comment = trial::run(ops, member(bert), answer).await;
    let object = ObjectId::Post(post);
    let vote = Vote {
        object,
        value: 1,
        relay: None,
    };
    trial::run(ops, member(bert), vote).await;
    let flag = RaiseFlag {
        group: Some(group),
        objects: vec![object],
        subject: anna,
        reason: format!("too much {SECRET}"),
        uri: None,
    };
    trial::run(ops, member(bert), flag).await;
    let feature = FeaturePost {
        post,
        featured: true,
        relay: None,
    };
    trial::run(ops, member(anna), feature).await;
    let lock = LockObject {
        object,
        locked: true,
        reason: format!("enough {SECRET}"),
        relay: None,
    };
    trial::run(ops, member(anna), lock).await;
    let update = UpdatePost {
        post,
        title: Some(format!("Cooking more {SECRET}")),
        body: None,
        link_url: None,
        language: None,
        sensitive: None,
        warning: None,
        attachments: None,
        extra: Extra::Nothing,
        thumbnail: None,
        edit: Edit::Local,
    };
    trial::run(ops, member(anna), update).await;
    let uuids = hub.hall.log().await;
    Den {
        post,
        comment,
        uuids: uuids.into_iter().map(|logged| logged.uuid).collect(),
    }
}

/// Everybody who must not see into the den, and two who may.
struct Crowd {
    out: Vec<(&'static str, Asker)>,
    bert: Asker,
    peer: Asker,
    den: Den,
}

async fn crowd(hub: &Hub) -> Crowd {
    let (anna, _) = local(hub, "anna").await;
    let group = trial::run(&hub.operations, Caller::System, den(anna)).await;
    let (bert_id, bert) = local(hub, "bert").await;
    join(hub, group, anna, member(bert_id), Some(true)).await;
    let (_, olga) = local(hub, "olga").await;
    let (petra_id, petra) = local(hub, "petra").await;
    let (paul_id, paul) = local(hub, "paul").await;
    join(hub, group, anna, member(paul_id), Some(false)).await;
    let (boris_id, boris) = local(hub, "boris").await;
    join(hub, group, anna, member(boris_id), Some(true)).await;
    let ban = Ban {
        group: Some(group),
        actor: boris_id,
        reason: "noise".to_owned(),
        until: None,
        remove_content: false,
        relay: None,
    };
    trial::run(&hub.operations, member(anna), ban).await;
    let (mia, peer) = foreign(hub, "https://peer.test/u/mia").await;
    join(hub, group, anna, stranger(mia), Some(true)).await;
    let (_, other) = foreign(hub, "https://other.test/u/otto").await;
    let (pia, waiting) = foreign(hub, "https://waiting.test/u/pia").await;
    join(hub, group, anna, stranger(pia), None).await;
    let den = furnish(hub, group, anna, bert_id).await;
    join(hub, group, anna, member(petra_id), None).await;
    let out = vec![
        ("a visitor", Asker::Visitor),
        ("a member of the hub", olga),
        ("somebody who asked", petra),
        ("somebody turned down", paul),
        ("somebody banned", boris),
        ("a server without members", other),
        ("a server whose person waits", waiting),
    ];
    Crowd {
        out,
        bert,
        peer,
        den,
    }
}

/// The paths of a router, with their parameters: from how it describes itself, so that no route
/// can be forgotten here.
fn paths(router: &Router, found: &mut BTreeSet<String>) {
    let text = format!("{router:?}");
    let quoted = text.split('"').filter(|piece| piece.starts_with('/'));
    found.extend(quoted.map(str::to_owned));
}

/// Every path that the hub answers.
pub(super) fn all_paths(hub: &Hub) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    paths(&super::router(hub.state.clone()), &mut found);
    paths(&super::pages(&hub.state), &mut found);
    paths(&super::activitypub::documents(&hub.state), &mut found);
    for known in [
        "/c/{name}/outbox",
        "/api/hub/v1/search",
        "/post/{id}",
        "/c/{name}/feed.atom",
        "/activities/{kind}/{uuid}",
        "/post/{id}/context",
        "/notices",
        "/c/{name}/moderation",
    ] {
        assert!(found.contains(known), "{known} is no route: {found:?}");
    }
    found
}

/// What may stand for a parameter of a path.
fn values(parameter: &str, den: &Den) -> Vec<String> {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    match parameter {
        "name" => words(&["den", "den@hub.test", "anna", "bert", BESIDE]),
        "id" => vec![den.post.to_string(), den.comment.to_string()],
        "uuid" => {
            let boost = format!("post-{}", den.post);
            den.uuids.iter().cloned().chain([boost]).collect()
        }
        "kind" => words(&[
            "create", "announce", "update", "like", "add", "lock", "flag", "follow", "accept",
            "reject", "block", "undo", "delete", "move",
        ]),
        "version" => words(&["2.0", "2.1"]),
        "person" => words(&["anna", "bert"]),
        _ => words(&["1", BESIDE]),
    }
}

/// The addresses of a path: every value for every parameter, and with words to search for.
fn addresses(path: &str, den: &Den) -> Vec<String> {
    let mut filled = vec![String::new()];
    for piece in path.split_inclusive('}') {
        let Some((before, parameter)) = piece.split_once('{') else {
            for one in &mut filled {
                one.push_str(piece);
            }
            continue;
        };
        let parameter = parameter.trim_end_matches('}').trim_start_matches('*');
        let values = values(parameter, den);
        let with = |one: &String| -> Vec<String> {
            let whole = |value| format!("{one}{before}{value}");
            values.iter().map(whole).collect()
        };
        filled = filled.iter().flat_map(with).collect();
    }
    let post = format!("https://hub.test/post/{}", den.post);
    let everything = format!(
        "?page=1&show=comments&sort=new&in=joined&comment={}&q={BESIDE}&uri={post}&resource=acct:den@hub.test",
        den.comment
    );
    let mut queries = vec![String::new(), everything];
    if path.ends_with("/search") {
        let more = ["den@hub.test", "https://hub.test/c/den", &post];
        queries.extend(more.map(|words| format!("?q={words}")));
    }
    let with = |one: &String| -> Vec<String> {
        let whole = |query| format!("{one}{query}");
        queries.iter().map(whole).collect()
    };
    filled.iter().flat_map(with).collect()
}

async fn ask(hub: &Hub, asker: &Asker, address: &str, accept: &str) -> Answer {
    let mut request = Request::get(address)
        .header("accept", accept)
        .header("host", "hub.test");
    match asker {
        Asker::Visitor => {}
        Asker::Member { session, token } => {
            request = request
                .header("cookie", format!("__Host-gh={session}"))
                .header("authorization", format!("Bearer {token}"));
        }
        Asker::Server { key, key_id } => {
            let url = url::Url::parse(&format!("https://hub.test{address}")).unwrap();
            let now = hub.operations.now();
            let signed = sign::get(key, key_id, &url, Target::Whole, now).unwrap();
            for (name, value) in signed {
                if name != "host" {
                    request = request.header(name, value);
                }
            }
        }
    }
    hub.ask(request.body(Body::empty()).unwrap()).await
}

/// Whether an answer gives the secret away.
fn tells(answer: &Answer) -> bool {
    let mut text = answer.text.to_lowercase();
    for (name, value) in &answer.headers {
        text.push_str(&format!("\n{name}: {value:?}").to_lowercase());
    }
    text.contains(SECRET)
}

/// Everything that somebody can look at is asked for; the addresses that gave the secret away.
async fn search(hub: &Hub, asker: &Asker, den: &Den) -> Vec<String> {
    let mut told = Vec::new();
    let mut both = BTreeSet::new();
    paths(&super::activitypub::documents(&hub.state), &mut both);
    for path in all_paths(hub) {
        let accepts = if both.contains(&path) {
            vec![PAGE, DOCUMENT]
        } else {
            vec![PAGE]
        };
        for address in addresses(&path, den) {
            for accept in accepts.iter().copied() {
                let answer = ask(hub, asker, &address, accept).await;
                if tells(&answer) {
                    told.push(format!("{address} as {accept}"));
                }
            }
        }
    }
    told
}

/// Lets a test ask as often as it needs.
fn without_limits(hub: &Hub) {
    let mut settings = crate::settings::Settings::clone(&hub.operations.live.get());
    settings.limits.requests = "1000000/1m".parse().unwrap();
    hub.operations.live.reload(settings).unwrap();
}

hub_test!(r25_nobody_outside_finds_a_word_of_a_private_group, |hub| {
    without_limits(&hub);
    let crowd = crowd(&hub).await;
    for (who, asker) in &crowd.out {
        let told = search(&hub, asker, &crowd.den).await;
        assert!(told.is_empty(), "R-25: {who} reads {told:#?}");
    }
    // The search does find what is there to be found.
    let told = search(&hub, &crowd.bert, &crowd.den).await;
    for seen in [
        "/c/den as text/html".to_owned(),
        format!("/post/{} as text/html", crowd.den.post),
        "/api/hub/v1/groups as text/html".to_owned(),
        format!("/api/hub/v1/posts/{}/comments as text/html", crowd.den.post),
        "/groups as text/html".to_owned(),
        "/ as text/html".to_owned(),
        "/u/anna as text/html".to_owned(),
    ] {
        assert!(told.contains(&seen), "a member misses {seen} in {told:#?}");
    }
    let finds = |path: &str| told.iter().any(|one| one.starts_with(path));
    assert!(
        finds("/search?page=1") && finds("/api/hub/v1/search?"),
        "{told:#?}"
    );
    let told = search(&hub, &crowd.peer, &crowd.den).await;
    for seen in [
        format!("/c/den as {DOCUMENT}"),
        format!("/post/{} as {DOCUMENT}", crowd.den.post),
        format!("/comment/{} as {DOCUMENT}", crowd.den.comment),
        format!("/c/den/outbox as {PAGE}"),
        format!("/c/den/featured as {PAGE}"),
    ] {
        assert!(told.contains(&seen), "the peer misses {seen} in {told:#?}");
    }
});

hub_test!(
    s070_what_is_private_is_served_to_the_servers_of_members_alone,
    |hub| {
        without_limits(&hub);
        let crowd = crowd(&hub).await;
        let den = &crowd.den;
        let mut addresses: Vec<String> = ["outbox", "featured", "followers", "moderators"]
            .map(|part| format!("/c/den/{part}"))
            .into();
        for part in ["", "/context", "/replies", "/likes", "/dislikes", "/shares"] {
            addresses.push(format!("/post/{}{part}", den.post));
            addresses.push(format!("/comment/{}{part}", den.comment));
        }
        let outbox = ask(&hub, &crowd.peer, "/c/den/outbox", DOCUMENT).await;
        let announce = outbox.json()["orderedItems"][0].clone();
        for activity in [&announce["id"], &announce["object"]["id"]] {
            let id = activity.as_str().expect("an id");
            addresses.push(id.strip_prefix("https://hub.test").unwrap().to_owned());
        }
        for address in addresses {
            let answer = ask(&hub, &crowd.peer, &address, DOCUMENT).await;
            assert_eq!(answer.status, 200, "{address}: {}", answer.text);
            assert!(
                answer.header("cache-control").starts_with("private"),
                "{address}"
            );
            assert!(answer.header("vary").contains("Signature"), "{address}");
            for (who, asker) in &crowd.out {
                let answer = ask(&hub, asker, &address, DOCUMENT).await;
                assert_eq!(answer.status, 404, "{address} for {who}: {}", answer.text);
            }
        }
    }
);

/// Every recipient that stands anywhere in a document, and every tag.
fn named(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (key, field) in fields {
                if ["to", "cc", "bto", "bcc", "audience", "tag", "object"].contains(&&**key) {
                    found.push(field.to_string());
                }
                named(field, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| named(item, found)),
        _ => {}
    }
}

hub_test!(s063_nothing_of_a_private_group_names_the_public, |hub| {
    without_limits(&hub);
    let crowd = crowd(&hub).await;
    let mut documents = 0;
    for path in all_paths(&hub) {
        for address in addresses(&path, &crowd.den) {
            let answer = ask(&hub, &crowd.peer, &address, DOCUMENT).await;
            if answer.header("content-type") != DOCUMENT || !tells(&answer) {
                continue;
            }
            let mut recipients = Vec::new();
            named(&answer.json(), &mut recipients);
            let public = recipients.iter().find(|one| one.contains("#Public"));
            assert_eq!(public, None, "{address}");
            documents += 1;
        }
    }
    assert!(documents > 5, "{documents} documents were looked at");
});

hub_test!(s162_who_is_in_a_private_group_is_not_told, |hub| {
    let crowd = crowd(&hub).await;
    let asked = |who: &str| format!("/c/den/followers?is_follower=https://{who}");
    for (who, status) in [
        ("peer.test/u/mia", 200),
        ("peer.test/", 200),
        ("other.test/u/otto", 404),
        ("waiting.test/u/pia", 404),
        ("nowhere.test/u/x", 404),
    ] {
        let answer = ask(&hub, &crowd.peer, &asked(who), DOCUMENT).await;
        assert_eq!(answer.status, status, "{who}");
    }
    for (who, asker) in &crowd.out {
        let answer = ask(&hub, asker, &asked("peer.test/u/mia"), DOCUMENT).await;
        assert_eq!(answer.status, 404, "{who}");
    }
    trial::group(&hub.operations, "tea", None).await;
    let open = "/c/tea/followers?is_follower=https://peer.test/u/mia";
    let answer = ask(&hub, &crowd.peer, open, DOCUMENT).await;
    assert_ne!(answer.status, 200, "tea is not private");
    let followers = ask(&hub, &crowd.peer, "/c/den/followers", DOCUMENT).await;
    assert_eq!(followers.json()["items"], json!([]));
});

hub_test!(s030_a_private_group_answers_follows_by_hand, |hub| {
    let crowd = crowd(&hub).await;
    let stub = ask(&hub, &Asker::Visitor, "/c/den", DOCUMENT).await.json();
    assert_eq!(stub["manuallyApprovesFollowers"], true);
    assert_eq!(stub["discoverable"], false);
    assert_eq!(stub["name"], "den", "its title is for members");
    let whole = ask(&hub, &crowd.peer, "/c/den", DOCUMENT).await.json();
    assert_eq!(whole["name"], format!("The {SECRET}"));
    assert_eq!(whole["inbox"], stub["inbox"]);
});

hub_test!(r22_the_number_of_what_is_private_opens_nothing, |hub| {
    without_limits(&hub);
    let crowd = crowd(&hub).await;
    let (post, comment) = (crowd.den.post, crowd.den.comment);
    for (who, asker) in &crowd.out {
        let Asker::Member { token, .. } = asker else {
            continue;
        };
        for (method, address, body) in [
            ("GET", format!("posts/{post}"), None),
            ("GET", format!("posts/{post}/comments"), None),
            (
                "PATCH",
                format!("posts/{post}"),
                Some(json!({"title": "Mine now"})),
            ),
            ("DELETE", format!("posts/{post}"), None),
            (
                "POST",
                format!("posts/{post}/vote"),
                Some(json!({"value": 1})),
            ),
            (
                "POST",
                format!("posts/{post}/comments"),
                Some(json!({"body": "hi"})),
            ),
            (
                "PATCH",
                format!("comments/{comment}"),
                Some(json!({"body": "hi"})),
            ),
            ("DELETE", format!("comments/{comment}"), None),
            (
                "POST",
                format!("comments/{comment}/vote"),
                Some(json!({"value": 1})),
            ),
        ] {
            let address = format!("/api/hub/v1/{address}");
            let answer = hub.call(method, &address, token, body).await;
            assert_eq!(
                answer.status, 404,
                "R-22: {who}: {method} {address}: {}",
                answer.text
            );
        }
        let new = json!({"title": "Let me in", "body": "please"});
        let posts = "/api/hub/v1/groups/den/posts";
        let answer = hub.call("POST", posts, token, Some(new)).await;
        assert_eq!(answer.status, 403, "R-22: {who}: {}", answer.text);
    }
});

hub_test!(
    a_private_group_is_founded_joined_and_left_by_the_api,
    |hub| {
        let (anna, _) = local(&hub, "anna").await;
        let admin = trial::admin(anna);
        let role = crate::operations::account::SetRole {
            actor: anna,
            role: crate::domain::membership::Role::Admin,
        };
        trial::run(&hub.operations, Caller::System, role).await;
        let token = create_token(&hub.operations, admin, anna, "read write").await;
        let token = token.expect("a token");
        let new = json!({"name": "den", "title": "The den", "private": true});
        let made = hub
            .call("POST", "/api/hub/v1/groups", &token, Some(new))
            .await;
        assert_eq!(made.status, 201, "{}", made.text);
        assert_eq!(made.json()["private"], true);
        assert_eq!(made.json()["membership"]["state"], "accepted");
        let bert = hub.token("bert", "read write").await;
        let join = "/api/hub/v1/groups/den/join";
        let asked = hub.call("POST", join, &bert, None).await;
        assert_eq!(asked.json()["state"], "pending", "{}", asked.text);
        let requests = "/api/hub/v1/groups/den/requests";
        assert_eq!(hub.call("GET", requests, &bert, None).await.status, 403);
        let waiting = hub.call("GET", requests, &token, None).await.json();
        assert_eq!(waiting["items"][0]["person"]["handle"], "bert");
        let decide = |accept: bool| Some(json!({ "accept": accept }));
        let address = format!("{requests}/bert");
        assert_eq!(
            hub.call("POST", &address, &bert, decide(true)).await.status,
            403
        );
        let let_in = hub.call("POST", &address, &token, decide(true)).await;
        assert_eq!(let_in.json()["state"], "accepted", "{}", let_in.text);
        let group = "/api/hub/v1/groups/den";
        let seen = hub.call("GET", group, &bert, None).await.json();
        assert_eq!(seen["title"], "The den");
        hub.call("POST", "/api/hub/v1/groups/den/leave", &bert, None)
            .await;
        let unseen = hub.call("GET", group, &bert, None).await.json();
        assert_eq!(unseen["title"], "den");
    }
);

hub_test!(r21_no_route_changes_anything_for_a_visitor, |hub| {
    without_limits(&hub);
    let crowd = crowd(&hub).await;
    let before = hub.operations.changes();
    for path in all_paths(&hub) {
        // Every value of one parameter takes the same handler.
        let Some(address) = addresses(&path, &crowd.den).into_iter().next() else {
            continue;
        };
        for method in ["POST", "PUT", "PATCH", "DELETE"] {
            let answer = hub.call(method, &address, "", Some(json!({}))).await;
            assert!(
                !answer.status.is_success(),
                "R-21: {method} {address}: {} {}",
                answer.status,
                answer.text
            );
        }
    }
    assert_eq!(hub.operations.changes(), before, "R-21");
});

hub_test!(
    r26_r33_nobody_reports_or_judges_what_they_cannot_read,
    |hub| {
        without_limits(&hub);
        let crowd = crowd(&hub).await;
        let den = &crowd.den;
        let api = "/api/hub/v1";
        let mia = trial::person(&hub.operations, "mia").await;
        let sent = {
            let write = create_token(&hub.operations, member(mia), mia, "read write").await;
            let letter = json!({"to": ["anna"], "body": "Between us"});
            let to = format!("{api}/messages");
            hub.call("POST", &to, &write.unwrap(), Some(letter))
                .await
                .json()
        };
        let (message, talk) = (sent["id"].to_string(), sent["conversation_id"].to_string());
        let (message, talk) = (message.trim_matches('"'), talk.trim_matches('"'));
        let reports = async || {
            let docket = crate::domain::flag::Docket::Hub;
            let page = crate::domain::page::PageRequest::first(50);
            hub.hall
                .read(move |db| crate::views::moderation::reports(db, docket, false, page))
                .await
                .items
                .len()
        };
        let before = reports().await;
        for (who, asker) in &crowd.out {
            let token = match asker {
                Asker::Member { token, .. } => token.as_str(),
                Asker::Visitor => "",
                Asker::Server { .. } => continue,
            };
            for (method, path) in [
                ("POST", format!("{api}/posts/{}/report", den.post)),
                ("POST", format!("{api}/comments/{}/report", den.comment)),
                ("POST", format!("{api}/posts/{message}/report")),
                ("POST", format!("{api}/comments/{message}/report")),
                ("POST", format!("{api}/messages/{message}/report")),
                ("DELETE", format!("{api}/messages/{message}")),
                ("GET", format!("{api}/conversations/{talk}/messages")),
                ("GET", format!("{api}/groups/den/reports")),
                ("GET", format!("{api}/reports")),
                ("POST", format!("{api}/reports/1/resolve")),
            ] {
                let reason = (method == "POST").then(|| json!({"reason": "x"}));
                let answer = hub.call(method, &path, token, reason).await;
                let status = answer.status.as_u16();
                let personal = path.contains("messages") || path.contains("report");
                assert!(
                    personal && [401, 403, 404].contains(&status),
                    "R-26 {who}: {method} {path} gave {status}: {}",
                    answer.text
                );
                assert!(!tells(&answer), "R-26 {who}: {method} {path}");
            }
        }
        assert_eq!(reports().await, before, "R-26: nothing was reported");
    }
);

hub_test!(h194_feeds_and_maps_leave_private_groups_out, |hub| {
    without_limits(&hub);
    let crowd = crowd(&hub).await;
    for (who, asker) in &crowd.out {
        for address in [
            "/c/den/feed.atom",
            "/c/den/feed.atom?token=0123456789abcdef",
        ] {
            let answer = ask(&hub, asker, address, PAGE).await;
            assert_eq!(answer.status, 404, "H194 {who}: {address}");
        }
        let map = ask(&hub, asker, "/sitemap.xml", PAGE).await;
        assert!(!map.text.contains("/c/den"), "H194 {who}: {}", map.text);
    }
});
