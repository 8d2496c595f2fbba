//! Nothing accepted is lost, whatever dies: SIGKILL at random moments under load.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Hub, Kind, Peer, eventually_within, hub, id, on_both, uri};

/// How often the process is killed.
const KILLS: usize = 50;

/// How long everything may take to settle after the last crash.
const SETTLING: Duration = Duration::from_mins(1);

/// Random moments that are the same in every run: xorshift.
struct Moments(u64);

impl Moments {
    fn next(&mut self) -> Duration {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        Duration::from_millis(self.0 % 200)
    }
}

/// What the outside world did to the hub, and what the hub said it would take.
struct Load {
    sender: Peer,
    inbox: String,
    group: String,
    post: String,
    over: AtomicBool,
    serial: AtomicUsize,
    /// Ids of the comments that were accepted.
    comments: Mutex<HashSet<String>>,
    likes: AtomicUsize,
}

impl Load {
    /// Sends comments and likes until it is over; like any server, repeats what was not answered.
    async fn send(self: Arc<Self>) {
        while !self.over.load(Ordering::Relaxed) {
            let number = self.serial.fetch_add(1, Ordering::Relaxed);
            let person = self.sender.person(&format!("person_{}", number % 20));
            let text = format!("number {number}");
            let comment = self.sender.comment(&person, &self.group, &self.post, &text);
            self.repeat(&comment).await;
            let comment = comment["object"]["id"].as_str().expect("an id").to_owned();
            self.comments.lock().expect("no panic").insert(comment);
            let fan = self.sender.person(&format!("fan_{number}"));
            let like = self.sender.vote(&fan, &self.group, &self.post, "Like");
            self.repeat(&like).await;
            self.likes.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    async fn repeat(&self, activity: &Value) {
        loop {
            match self.sender.send(&self.inbox, activity).await {
                Ok(answer) if matches!(answer.status, 200 | 202) => return,
                Ok(answer) => assert!(answer.status >= 500, "{answer:?}"),
                Err(_the_process_was_killed) => {}
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// A member who writes posts with the API and remembers those that were made.
async fn write(
    over: Arc<Load>,
    request: impl Fn() -> reqwest::RequestBuilder,
    made: Arc<Mutex<HashSet<String>>>,
) {
    let mut number = 0;
    while !over.over.load(Ordering::Relaxed) {
        number += 1;
        let text = json!({"title": format!("Post {number}"), "body": "Still here."});
        let request = request()
            .header("content-type", "application/json")
            .body(text.to_string());
        if let Ok(answer) = hub::answer(request).await
            && answer.status == 201
        {
            let uri = answer.json()["ap_id"].as_str().expect("an id").to_owned();
            made.lock().expect("no panic").insert(uri);
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
}

/// A hub with a group, a post in it and a follower on another server.
async fn world(kind: Kind, follower: &Peer) -> (Hub, Value) {
    let mut hub = Hub::with(
        kind,
        "[delivery]\nbackoff_base = \"200ms\"\nbackoff_cap = \"1s\"",
    );
    hub.user("anna", "admin");
    hub.group("tea", "anna");
    hub.start().await;
    let group = format!("{}/c/tea", hub.base);
    follower.join(&follower.person("leo"), &group).await;
    let text = json!({"title": "All of it", "body": "Answer here."});
    let post = hub.api("POST", "/groups/tea/posts", "anna", text).await;
    (hub, post.expect(201))
}

/// Everything that the hub has of the load's comments, and how often.
async fn comments(hub: &Hub, post: &str) -> HashMap<String, usize> {
    let mut found = HashMap::new();
    for comment in hub.list(&format!("/posts/{post}/comments"), "").await {
        let uri = comment["ap_id"].as_str().expect("an id").to_owned();
        *found.entry(uri).or_default() += 1;
    }
    found
}

/// The ids of what was announced as made, and as liked.
fn announced(peer: &Peer) -> (HashSet<String>, HashSet<String>) {
    let (mut made, mut liked) = (HashSet::new(), HashSet::new());
    for received in peer.received() {
        assert!(received.signed, "{received:?}");
        let inner = &received.body["object"];
        match inner["type"].as_str() {
            Some("Create") => made.extend(uri(&inner["object"]).map(str::to_owned)),
            Some("Like") => liked.extend(inner["actor"].as_str().map(str::to_owned)),
            _ => {}
        }
    }
    (made, liked)
}

/// Waits until what is missing is nothing.
async fn nothing_missing(what: &str, mut missing: impl AsyncFnMut() -> usize) {
    let last = AtomicUsize::new(usize::MAX);
    let wait = eventually_within(SETTLING, what, async || {
        let now = missing().await;
        if last.swap(now, Ordering::Relaxed) != now {
            drop(std::io::Write::write_all(
                &mut std::io::stderr(),
                format!("{what}: {now} missing\n").as_bytes(),
            ));
        }
        (now == 0).then_some(())
    });
    wait.await;
}

/// Kills and starts again, with the hub under load in between: on average, something was accepted in each life.
async fn crash_often(hub: &mut Hub, load: &Load) {
    let mut moments = Moments(0x9E37_79B9_7F4A_7C15);
    for kills in 0..KILLS {
        tokio::time::sleep(moments.next()).await;
        eventually_within(SETTLING, "something is accepted", async || {
            (load.comments.lock().expect("no panic").len() > kills).then_some(())
        })
        .await;
        hub.kill();
        hub.start().await;
    }
}

on_both!(
    fifty_crashes_under_load_lose_nothing_and_repeat_nothing,
    |kind| {
        let follower = Peer::start("lemmy").await;
        let (mut hub, post) = world(kind, &follower).await;
        let load = Arc::new(Load {
            sender: Peer::start("lemmy").await,
            inbox: format!("{}/inbox", hub.base),
            group: format!("{}/c/tea", hub.base),
            post: post["ap_id"].as_str().expect("an id").to_owned(),
            over: AtomicBool::new(false),
            serial: AtomicUsize::new(0),
            comments: Mutex::default(),
            likes: AtomicUsize::new(0),
        });
        let made: Arc<Mutex<HashSet<String>>> = Arc::default();
        let template = hub.request("POST", "/api/hub/v1/groups/tea/posts", "anna");
        let again = move || template.try_clone().expect("a request without a body");
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..3 {
            tasks.spawn(Arc::clone(&load).send());
        }
        tasks.spawn(write(Arc::clone(&load), again, Arc::clone(&made)));

        crash_often(&mut hub, &load).await;
        load.over.store(true, Ordering::Relaxed);
        while let Some(ended) = tasks.join_next().await {
            ended.expect("the load ends by itself");
        }

        // Everything was accepted in the end, so everything is there, once.
        let accepted = load.comments.lock().expect("no panic").clone();
        let likes = load.likes.load(Ordering::Relaxed);
        assert!(
            accepted.len() >= KILLS,
            "there was load: {}",
            accepted.len()
        );
        let number = id(&post);
        nothing_missing("accepted comments", async || {
            let found = comments(&hub, &number).await;
            accepted
                .iter()
                .filter(|uri| !found.contains_key(*uri))
                .count()
        })
        .await;
        let found = comments(&hub, &number).await;
        let twice: Vec<_> = found.iter().filter(|(_, times)| **times != 1).collect();
        assert!(twice.is_empty(), "{twice:?}");
        let path = format!("/posts/{number}");
        nothing_missing("accepted likes", async || {
            let post = hub.api("GET", &path, "", Value::Null).await.expect(200);
            likes.abs_diff(usize::try_from(post["upvotes"].as_u64().unwrap_or(0)).unwrap_or(0))
        })
        .await;
        let counted = hub.api("GET", &path, "", Value::Null).await.expect(200);
        assert_eq!(
            counted["comment_count"],
            found.len(),
            "a counter counted twice"
        );

        // Every post that the API confirmed stands, once.
        let made = made.lock().expect("no panic").clone();
        assert!(!made.is_empty(), "there was load");
        let posts: Vec<String> = hub
            .posts("tea")
            .await
            .iter()
            .filter_map(|post| Some(post["ap_id"].as_str()?.to_owned()))
            .collect();
        let distinct: HashSet<&String> = posts.iter().collect();
        assert_eq!(distinct.len(), posts.len());
        assert!(made.iter().all(|uri| distinct.contains(uri)));

        // And the follower was told of all that stands, whoever wrote it.
        nothing_missing("deliveries of posts and comments", async || {
            let (told, _) = announced(&follower);
            let all = posts.iter().chain(found.keys());
            all.filter(|uri| !told.contains(*uri)).count()
        })
        .await;
        nothing_missing("deliveries of likes", async || {
            likes.abs_diff(announced(&follower).1.len())
        })
        .await;
    }
);

on_both!(
    edit_never_overtakes_its_post_though_the_process_dies,
    |kind| {
        let follower = Peer::start("lemmy").await;
        let (mut hub, _) = world(kind, &follower).await;
        follower.answer_with(503);
        let mut uris = Vec::new();
        for number in 0..10 {
            let text = json!({"title": format!("Post {number}"), "body": "First."});
            let post = hub
                .api("POST", "/groups/tea/posts", "anna", text)
                .await
                .expect(201);
            let path = format!("/posts/{}", id(&post));
            hub.api("PATCH", &path, "anna", json!({"body": "Second."}))
                .await
                .expect(200);
            uris.push(post["ap_id"].as_str().expect("an id").to_owned());
        }
        hub.kill();
        follower.answer_with(202);
        hub.start().await;
        let first = |kind: &str, uri_of: &str| {
            follower.received().iter().position(|received| {
                let inner = &received.body["object"];
                inner["type"] == kind && uri(&inner["object"]) == Some(uri_of)
            })
        };
        nothing_missing("posts and their edits", async || {
            let both =
                |uri: &&String| first("Create", uri).is_none() || first("Update", uri).is_none();
            uris.iter().filter(both).count()
        })
        .await;
        for uri in &uris {
            assert!(first("Create", uri) < first("Update", uri), "{uri}");
        }
    }
);
