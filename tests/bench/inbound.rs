//! What other servers send: comments and likes, signed before the clock runs, until they are
//! visible in the database.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::database::Kind;
use crate::http1::{self, Pace, Run};
use crate::report::{Report, Row};
use crate::{Plan, Rig, sign};

const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

/// How many people on how many servers write.
const PEOPLE: usize = 1_000;
const SERVERS: usize = 50;

/// In how many threads.
const THREADS: usize = 20;

/// How many connections the sending servers hold together.
const CONNECTIONS: usize = 64;

/// The threads of the group, made once, and every sender known to the hub.
struct Ground {
    inbox_host: String,
    group: String,
    posts: Vec<String>,
    port: u16,
    serial: usize,
}

impl Ground {
    async fn prepare(rig: &mut Rig) -> Self {
        let mut ground = Self {
            inbox_host: rig.hub.domain.clone(),
            group: format!("{}/c/inbound", rig.hub.base),
            posts: Vec::new(),
            port: rig.sink.port,
            serial: before_this(),
        };
        let before = threads(rig);
        // Their authors are others than those who vote: nobody's vote for themselves counts.
        let authors = PEOPLE..PEOPLE + THREADS;
        let requests: Vec<_> = authors.map(|p| ground.page(p)).collect();
        let run = ground.send(requests, Pace::Once).await;
        run.complain("threads");
        until(rig, before + i64::try_from(run.good).unwrap_or(0), threads).await;
        // Everybody answers in the last thread and likes it once: now the hub knows their keys, and
        // the database how full its tables are.
        let last = ground.posts.pop().expect("there are threads");
        let before = comments(rig);
        let warm = (0..PEOPLE).map(|p| ground.comment(p, &last)).collect();
        let run = ground.send(warm, Pace::Once).await;
        run.complain("first comments");
        until(rig, before + i64::try_from(run.good).unwrap_or(0), comments).await;
        let before = votes(rig);
        let warm = (0..PEOPLE).map(|p| ground.like(p, &last)).collect();
        let run = ground.send(warm, Pace::Once).await;
        run.complain("first likes");
        until(rig, before + i64::try_from(run.good).unwrap_or(0), votes).await;
        rig.data.keep_house();
        ground
    }

    fn person(&self, number: usize) -> String {
        let host = format!("127.30.{}.1:{}", number % SERVERS, self.port);
        format!("http://{host}/u/p{number}")
    }

    fn signed(&self, actor: &str, activity: &Value) -> Vec<u8> {
        let body = activity.to_string().into_bytes();
        let (key, key_id) = (sign::common_key(), format!("{actor}#main-key"));
        let headers = sign::headers(key, &key_id, &self.inbox_host, "/inbox", &body);
        http1::request("POST", &self.inbox_host, "/inbox", &headers, &body)
    }

    fn like(&mut self, person: usize, post: &str) -> Vec<u8> {
        self.serial += 1;
        let actor = self.person(person);
        let (base, _) = actor.split_once("/u/").unwrap_or_default();
        let activity = json!({
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": format!("{base}/activities/like/{}", self.serial), "type": "Like",
            "actor": actor, "object": post, "audience": self.group,
        });
        self.signed(&actor, &activity)
    }

    /// A post, and where it is from then on.
    fn page(&mut self, person: usize) -> Vec<u8> {
        self.serial += 1;
        let actor = self.person(person);
        let (base, _) = actor.split_once("/u/").unwrap_or_default();
        let (serial, now) = (self.serial, sign::timestamp());
        let id = format!("{base}/post/{serial}");
        let activity = json!({
            "@context": ["https://join-lemmy.org/context.json", "https://www.w3.org/ns/activitystreams"],
            "id": format!("{base}/activities/create/{serial}"), "type": "Create",
            "actor": actor, "to": [self.group, PUBLIC], "cc": [], "audience": self.group,
            "object": {
                "id": id, "type": "Page", "attributedTo": actor, "to": [self.group, PUBLIC],
                "cc": [], "audience": self.group, "name": format!("Thread {serial}"),
                "content": "<p>Answer here.</p>\n", "mediaType": "text/html",
                "source": {"content": "Answer here.", "mediaType": "text/markdown"},
                "attachment": [], "sensitive": false, "published": now, "tag": [],
            },
        });
        self.posts.push(id);
        self.signed(&actor, &activity)
    }

    fn comment(&mut self, person: usize, post: &str) -> Vec<u8> {
        self.serial += 1;
        let actor = self.person(person);
        let (base, _) = actor.split_once("/u/").unwrap_or_default();
        let (serial, now) = (self.serial, sign::timestamp());
        let words =
            "Winter tyres are **worth it**, as anyone who has slid through a bend will say. ";
        let text = format!("{} No. {serial}", words.repeat(6));
        let activity = json!({
            "@context": ["https://join-lemmy.org/context.json", "https://www.w3.org/ns/activitystreams"],
            "id": format!("{base}/activities/create/{serial}"), "type": "Create",
            "actor": actor, "to": [PUBLIC], "cc": [self.group], "audience": self.group,
            "object": {
                "id": format!("{base}/comment/{serial}"), "type": "Note", "attributedTo": actor,
                "to": [PUBLIC], "cc": [self.group], "audience": self.group,
                "content": format!("<p>{}</p>\n", text.replace("**worth it**", "<strong>worth it</strong>")),
                "mediaType": "text/html", "source": {"content": text, "mediaType": "text/markdown"},
                "inReplyTo": post, "published": now, "tag": [], "distinguished": false,
                "language": {"identifier": "en", "name": "English"}, "attachment": [],
            },
        });
        self.signed(&actor, &activity)
    }

    /// So many comments, spread over people and threads.
    fn comments(&mut self, count: usize) -> Vec<Vec<u8>> {
        let posts = self.posts.clone();
        let threads = posts.iter().cycle();
        (0..count)
            .zip(threads)
            .map(|(number, post)| self.comment(number % PEOPLE, post))
            .collect()
    }

    /// So many likes: nobody likes anything twice.
    fn likes(&mut self, count: usize) -> Vec<Vec<u8>> {
        let posts = self.posts.clone();
        let pairs = posts
            .iter()
            .flat_map(|post| (0..PEOPLE).map(move |p| (p, post)));
        pairs
            .take(count)
            .map(|(person, post)| self.like(person, post))
            .collect()
    }

    async fn send(&self, requests: Vec<Vec<u8>>, pace: Pace) -> Run {
        http1::send(&self.inbox_host, requests, CONNECTIONS, pace).await
    }
}

/// Ids of one ground never repeat those of another.
fn before_this() -> usize {
    static GROUNDS: AtomicUsize = AtomicUsize::new(0);
    GROUNDS.fetch_add(1, Ordering::Relaxed) * 10_000_000
}

fn threads(rig: &mut Rig) -> i64 {
    rig.data.number("SELECT count(*) AS n FROM posts")
}

fn votes(rig: &mut Rig) -> i64 {
    rig.data
        .number("SELECT CAST(coalesce(sum(upvotes + downvotes), 0) AS BIGINT) AS n FROM posts")
}

fn comments(rig: &mut Rig) -> i64 {
    rig.data
        .number("SELECT CAST(coalesce(sum(comment_count), 0) AS BIGINT) AS n FROM posts")
}

/// Waits until the count is reached; gives up when nothing moves any more.
async fn until(rig: &mut Rig, goal: i64, mut count: impl FnMut(&mut Rig) -> i64) {
    let (mut known, mut since) = (-1, Instant::now());
    loop {
        let now = count(rig);
        if now >= goal {
            return;
        }
        if now != known {
            (known, since) = (now, Instant::now());
        }
        if since.elapsed() > Duration::from_secs(20) {
            eprintln!("{now} of {goal} became visible");
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Names of the figures of one kind of activity, and what they are meant to reach.
struct Names {
    what: &'static str,
    rate: &'static str,
    cpu: &'static str,
}

async fn one(
    rig: &mut Rig,
    (kind, report): (Kind, &mut Report),
    (ground, requests): (&Ground, Vec<Vec<u8>>),
    names: &Names,
    mut count: impl FnMut(&mut Rig) -> i64,
) {
    let (before, used, begun) = (count(rig), rig.meter.used(), Instant::now());
    let run = ground.send(requests, Pace::Once).await;
    run.complain(names.what);
    let good = i64::try_from(run.good).unwrap_or(0);
    until(rig, before + good, &mut count).await;
    let seconds = begun.elapsed().as_secs_f64();
    let cpu = rig.meter.used() - used;
    let visible = (count(rig) - before) as f64;
    let what = names.what;
    report.add(
        Row::new(&format!("{what}: visible in the database"), "per second").least(names.rate),
        kind,
        visible / seconds,
    );
    report.add(
        Row::new(&format!("{what}: CPU, database included"), "µs each").least(names.cpu),
        kind,
        cpu / visible.max(1.0),
    );
    report.add(
        Row::new(&format!("{what}: accepted with 202"), "per second"),
        kind,
        run.rate(),
    );
}

/// Comments and likes as fast as they are taken.
pub(crate) async fn throughput(rig: &mut Rig, plan: &Plan, kind: Kind, report: &mut Report) {
    let mut ground = Ground::prepare(rig).await;
    let names = Names {
        what: "comments received",
        rate: "1,500",
        cpu: "600 at most",
    };
    let requests = ground.comments(plan.count(15_000, 1_000));
    one(rig, (kind, report), (&ground, requests), &names, comments).await;
    let names = Names {
        what: "likes received",
        rate: "3,000",
        cpu: "350 at most",
    };
    let requests = ground.likes(plan.count(15_000, 1_000));
    one(rig, (kind, report), (&ground, requests), &names, votes).await;
}

/// How long a server waits for its 202 at 500 messages a second, with a backlog to work off.
pub(crate) async fn latency(rig: &mut Rig, plan: &Plan, kind: Kind, report: &mut Report) {
    let mut ground = Ground::prepare(rig).await;
    let before = comments(rig);
    let backlog = ground.comments(plan.count(5_000, 1_000));
    let steady = ground.comments(plan.count(5_000, 1_000));
    let sent = i64::try_from(backlog.len() + steady.len()).unwrap_or(0);
    ground.send(backlog, Pace::Once).await.complain("backlog");
    let run = ground.send(steady, Pace::PerSecond(500.0)).await;
    run.complain("500 a second");
    let waiting = before + sent - comments(rig);
    eprintln!("{waiting} of {sent} waited at the end of it");
    for (share, name) in [(0.5, "half"), (0.99, "99 %")] {
        let name = format!("inbox at 500 a second with a backlog: {name} answered within");
        let row = Row::new(&name, "ms");
        let row = if share > 0.9 {
            row.least("10 at most")
        } else {
            row
        };
        report.add(row, kind, run.within(share));
    }
    until(rig, before + sent, comments).await;
}
