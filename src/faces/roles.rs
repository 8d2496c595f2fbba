//! Every route as everybody in turn: what comes of it is the table `roles.txt`, which is read when
//! it changes (security.md R-21). A route that is not in the table fails the test.

use std::fmt::Write as _;

use axum::body::Body;
use http::{Request, StatusCode};
use serde_json::{Map, Value, json};

use super::private_tests::all_paths;
use super::shared::csrf::form_token;
use super::shared::testing::{Answer, Hub, hub_test};
use crate::crypto::token::{hash_hex, random};
use crate::domain::actor::Approval;
use crate::domain::caller::Caller;
use crate::domain::ids::{ActorId, CommentId, FlagId, ObjectId, PostId};
use crate::domain::membership::Role;
use crate::operations::account::{OpenSession, create_token};
use crate::operations::flag::RaiseFlag;
use crate::operations::group::UpdateGroup;
use crate::operations::moderation::{Ban, ChangeModerator};
use crate::operations::trial::{self, member};
use crate::settings::{Limits, Settings};

/// What must come of each route for each role.
const TABLE: &str = include_str!("roles.txt");
const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];
/// The columns of the table.
const ROLES: [&str; 5] = ["visitor", "member", "moderator", "hub moderator", "admin"];
const API: &str = "/api/hub/v1";

/// Somebody who asks.
struct Asker {
    role: &'static str,
    actor: Option<ActorId>,
    token: String,
}

/// What a request is about: made anew for each, so that none finds what another left.
struct Scene {
    group: String,
    person: String,
    post: PostId,
    comment: CommentId,
    flag: FlagId,
}

/// The hub, and those who ask it.
struct Stage {
    hub: Hub,
    olga: ActorId,
    askers: Vec<Asker>,
    document: Value,
    scenes: u32,
}

impl Stage {
    async fn new(hub: Hub) -> Self {
        let mut settings = Settings::clone(&hub.operations.live.get());
        settings.limits = Limits::lifted();
        hub.operations.live.reload(settings).unwrap();
        let olga = trial::person(&hub.operations, "olga").await;
        let mut askers = Vec::new();
        for role in ROLES {
            askers.push(asker(&hub, role).await);
        }
        let document = hub.get(&format!("{API}/openapi.json")).await.json();
        Self {
            hub,
            olga,
            askers,
            document,
            scenes: 0,
        }
    }

    /// A group of olga's with a post, a comment and a report, and somebody for whom it is about;
    /// where the path needs it, with a post that waits, or somebody who is banned.
    async fn scene(&mut self, path: &str) -> Scene {
        self.scenes += 1;
        let (group, person) = (
            format!("group{}", self.scenes),
            format!("person{}", self.scenes),
        );
        let operations = &self.hub.operations;
        let home = trial::group(operations, &group, Some(self.olga)).await;
        let subject = trial::person(operations, &person).await;
        let moderator = self.askers.iter().find(|asker| asker.role == "moderator");
        let appoint = ChangeModerator {
            group: home,
            moderator: moderator.and_then(|asker| asker.actor).unwrap(),
            added: true,
            relay: None,
        };
        trial::run(operations, Caller::System, appoint).await;
        let hall = &self.hub.hall;
        let post = hall.post(member(self.olga), home, "A pot of tea").await;
        let object = ObjectId::Post(post);
        let comment = hall.comment(member(self.olga), object, "Green.").await;
        let raise = RaiseFlag {
            group: Some(home),
            objects: vec![object],
            subject: self.olga,
            reason: "too hot".to_owned(),
            uri: None,
        };
        let flag = trial::run(operations, member(subject), raise).await;
        if path.contains("unban") || path.contains("/bans/{person}") {
            let ban = Ban {
                group: path.contains("{name}").then_some(home),
                actor: subject,
                reason: "noise".to_owned(),
                until: None,
                remove_content: false,
                relay: None,
            };
            trial::run(operations, Caller::System, ban).await;
        }
        let waits = ["/approve", "/reject", "/withdraw"];
        let waiting = waits.iter().any(|end| path.ends_with(end)) && path.contains("{id}");
        let about = if waiting {
            let approval = UpdateGroup {
                group: home,
                title: None,
                summary: None,
                posting_restricted: None,
                discoverable: None,
                approval: Some(Approval::Everybody),
            };
            trial::run(operations, member(self.olga), approval).await;
            hall.post(member(subject), home, "May I?").await
        } else {
            post
        };
        Scene {
            group,
            person,
            post: about,
            comment,
            flag,
        }
    }

    /// What comes of one request of each role.
    async fn try_all(&mut self, method: &str, path: &str) -> Vec<&'static str> {
        let mut outcomes = Vec::new();
        let mut scene = self.scene(path).await;
        for place in 0..self.askers.len() {
            if place > 0 && method != "GET" {
                scene = self.scene(path).await;
            }
            let request = self.request(&scene, place, method, path).await;
            outcomes.push(outcome(&self.hub.ask(request).await));
        }
        outcomes
    }

    async fn request(
        &self,
        scene: &Scene,
        place: usize,
        method: &str,
        path: &str,
    ) -> Request<Body> {
        let asker = &self.askers[place];
        let mut address = scene.filled(path);
        if path.ends_with("/search") {
            address.push_str("?q=pot");
        }
        if path.ends_with("/webfinger") {
            address = format!("{address}?resource=acct:{}@hub.test", scene.group);
        }
        let request = Request::builder()
            .method(method)
            .uri(address)
            .header("host", "hub.test");
        if let Some(call) = path.strip_prefix(API) {
            let request = match asker.token.as_str() {
                "" => request,
                token => request.header("authorization", format!("Bearer {token}")),
            };
            let body = self.body(scene, method, call);
            let request = request.header("content-type", "application/json");
            return request.body(Body::from(body.to_string())).unwrap();
        }
        let (cookie, secret) = self.cookie(asker).await;
        let form = scene.form(&form_token(&secret));
        request
            .header("accept", "text/html")
            .header("cookie", format!("{cookie}={secret}"))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(form))
            .unwrap()
    }

    /// A session of their own for each request: one of them ends it.
    async fn cookie(&self, asker: &Asker) -> (&'static str, String) {
        let secret = random();
        let Some(actor) = asker.actor else {
            return ("__Host-gh_seed", secret);
        };
        let open = OpenSession {
            actor,
            token_hash: hash_hex(&secret),
            password_hash: "hash".to_owned(),
            device: String::new(),
        };
        trial::run(&self.hub.operations, Caller::Visitor, open).await;
        ("__Host-gh", secret)
    }

    /// What a call needs by the hub's own document of it.
    fn body(&self, scene: &Scene, method: &str, call: &str) -> Value {
        let paths = &self.document["paths"];
        let about = [call.to_owned(), format!("{API}{call}")]
            .iter()
            .map(|path| &paths[path][method.to_lowercase()])
            .find(|about| !about.is_null())
            .unwrap_or(&Value::Null);
        let mut schema = &about["requestBody"]["content"]["application/json"]["schema"];
        if let Some(name) = schema["$ref"].as_str() {
            schema = &self.document["components"]["schemas"][name.rsplit('/').next().unwrap()];
        }
        let required = schema["required"].as_array().into_iter().flatten();
        let mut body: Map<String, Value> = required
            .filter_map(Value::as_str)
            .map(|field| {
                let switch = schema["properties"][field]["type"] == "boolean";
                let value = scene.value(field);
                (field.to_owned(), if switch { json!(true) } else { value })
            })
            .collect();
        if !schema["properties"]["title"].is_null() {
            body.insert("title".to_owned(), json!("Another pot"));
        }
        Value::Object(body)
    }
}

async fn asker(hub: &Hub, role: &'static str) -> Asker {
    let (name, kind) = match role {
        "member" => ("ben", Role::Member),
        "moderator" => ("mona", Role::Member),
        "hub moderator" => ("hugo", Role::Moderator),
        "admin" => ("ada", Role::Admin),
        _ => {
            return Asker {
                role,
                actor: None,
                token: String::new(),
            };
        }
    };
    let actor = trial::person_with(&hub.operations, name, kind).await;
    let token = create_token(&hub.operations, member(actor), actor, "read write").await;
    Asker {
        role,
        actor: Some(actor),
        token: token.expect("a token"),
    }
}

impl Scene {
    /// An address of the path about what is in the scene.
    fn filled(&self, path: &str) -> String {
        let about_comment = path.contains("/comment/{id}") || path.contains("/comments/{id}");
        let id = if about_comment {
            self.comment.to_string()
        } else if path.contains("/reports/{id}") {
            self.flag.0.to_string()
        } else {
            self.post.to_string()
        };
        let name = if path.contains("/u/{name}") {
            &self.person
        } else {
            &self.group
        };
        path.replace("{id}", &id)
            .replace("{name}", name)
            .replace("{person}", &self.person)
            .replace("{version}", "2.1")
            .replace("{kind}", "create")
            .replace("{uuid}", "none")
            .replace("{what}", "follow")
            .replace("{part}", "hub.xml")
            .replace("{host}", "else.example")
            .replace("{hash}", "none")
            .replace("{file}", "none")
            .replace("{key}", "none")
            .replace("{signature}", "none")
            .replace("{width}", "160")
            .replace("{url}", "none")
            .replace("{task}", &format!("report-{}", self.flag))
    }

    /// What a field of this name holds, in forms and in bodies.
    fn value(&self, field: &str) -> Value {
        match field {
            "person" => json!(self.person),
            "to" => json!([self.person]),
            "value" => json!(1),
            "host" | "csv" => json!("else.example"),
            "severity" => json!("limit"),
            "steering" => json!("pause"),
            "name" => json!(format!("n{}", self.post)),
            _ => json!("A word of it"),
        }
    }

    /// One form with every field that some form has.
    fn form(&self, token: &str) -> String {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        let name = format!("n{}", self.post);
        form.append_pair("csrf", token)
            .append_pair("flag", &self.flag.0.to_string())
            .append_pair("task", &format!("report-{}", self.flag))
            .append_pair("person", &self.person)
            .append_pair("to", &self.person)
            .append_pair("group", &self.group)
            .append_pair("name", &name)
            .append_pair("host", "else.example")
            .append_pair("severity", "limit")
            .append_pair("csv", "else.example")
            .append_pair("value", "up")
            .append_pair("policy", "nobody")
            .append_pair("role", "moderator")
            .append_pair("letters", "book")
            .append_pair("colour", "#0f6b66");
        for switch in ["locked", "featured", "added"] {
            form.append_pair(switch, "on");
        }
        for text in ["title", "body", "reason"] {
            form.append_pair(text, "A word of it");
        }
        form.finish()
    }
}

/// In one word what came of a request.
fn outcome(answer: &Answer) -> &'static str {
    match answer.status {
        StatusCode::SEE_OTHER if answer.header("location").starts_with("/sign-in") => "asked",
        StatusCode::UNAUTHORIZED => "asked",
        StatusCode::FORBIDDEN => "no",
        StatusCode::NOT_FOUND | StatusCode::GONE => "none",
        StatusCode::METHOD_NOT_ALLOWED => "no-route",
        status if status.is_success() || status.is_redirection() => "yes",
        status if status.is_client_error() => "wrong",
        _ => "broken",
    }
}

/// The lines of the table as the hub makes them.
async fn lines(stage: &mut Stage) -> Vec<String> {
    let mut lines = Vec::new();
    for path in all_paths(&stage.hub) {
        // What stands for all other addresses.
        if path.contains("{*") || path == "/api" {
            continue;
        }
        for method in METHODS {
            let scene = stage.scene(&path).await;
            let probe = stage.request(&scene, 0, method, &path).await;
            let known = outcome(&stage.hub.ask(probe).await) != "no-route";
            if !known {
                continue;
            }
            let outcomes = stage.try_all(method, &path).await;
            let mut line = format!("{method:6} {path:44}");
            for outcome in outcomes {
                write!(line, " {outcome:6}").unwrap();
            }
            lines.push(line.trim_end().to_owned());
        }
    }
    lines
}

hub_test!(
    r21_h197_every_route_gives_every_role_what_the_table_says,
    |hub| {
        let mut stage = Stage::new(hub).await;
        let made = lines(&mut stage).await;
        let table: Vec<&str> = TABLE
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .collect();
        let missing: Vec<&String> = made
            .iter()
            .filter(|line| !table.contains(&line.as_str()))
            .collect();
        let gone: Vec<&&str> = table
            .iter()
            .filter(|line| !made.iter().any(|made| made == *line))
            .collect();
        assert!(
            missing.is_empty() && gone.is_empty(),
            "R-21: read these lines, then write them into src/faces/roles.txt:\n{}\nin the place of:\n{}",
            missing
                .iter()
                .map(|line| line.as_str())
                .collect::<Vec<_>>()
                .join("\n"),
            gone.iter()
                .map(|line| **line)
                .collect::<Vec<_>>()
                .join("\n"),
        );
    }
);
