//! A hub with workers and servers on loopback that take (or do not take) what it sends.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::http::{self, HeaderMap, StatusCode};
use axum::response::IntoResponse as _;
use tokio::task::JoinSet;

use super::receive::{self, Handle};
use super::{Metrics, Work};
use crate::domain::activity::{Activity, Entry, Logged};
use crate::domain::actor::{Actor, ActorKind, Approval};
use crate::domain::caller::Caller;
use crate::domain::clock::Ts;
use crate::domain::host::Steering;
use crate::domain::ids::{ActorId, InstanceId, LOCAL_INSTANCE, ObjectId, PostId, Uri};
use crate::domain::membership::FollowState;
use crate::domain::names::Names;
use crate::domain::refusal::Refusal;
use crate::federation::Federation;
use crate::federation::outgoing::{Reader, Sending};
use crate::net::{Client, Limits};
use crate::operations::host::SteerDeliveries;
use crate::operations::testing::Hall;
use crate::operations::trial;
use crate::operations::{Desk, Operation};
use crate::settings::{Delivery, Settings, Span};
use crate::store::follows::Follow;
use crate::store::{Db, Res, Store, actors, follows, instances};

/// How long a test waits for what has to happen.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a server got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Got {
    pub(super) path: String,
    pub(super) seq: i64,
    pub(super) key: i64,
    pub(super) role: String,
    pub(super) id: String,
    pub(super) at: std::time::Instant,
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Got {
    /// By which rules it was signed.
    pub(super) fn is_rfc9421(&self) -> bool {
        self.headers.contains_key("signature-input")
    }
}

type Answer = Box<dyn FnMut(&Got) -> u16 + Send>;

/// What a server says beside the status, and what it serves.
#[derive(Default)]
struct Says {
    retry_after: Option<u64>,
    words: String,
    documents: HashMap<String, String>,
    fetched: Vec<String>,
}

/// A server on loopback.
pub(super) struct Peer {
    pub(super) host: String,
    got: Arc<Mutex<Vec<Got>>>,
    answer: Arc<Mutex<Answer>>,
    says: Arc<Mutex<Says>>,
    documents: Arc<Mutex<HashMap<String, serde_json::Value>>>,
    accept_signature: Arc<AtomicBool>,
    _serving: JoinSet<()>,
}

impl Peer {
    pub(super) async fn new() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let got: Arc<Mutex<Vec<Got>>> = Arc::default();
        let answer: Arc<Mutex<Answer>> = Arc::new(Mutex::new(Box::new(|_| 202)));
        let says: Arc<Mutex<Says>> = Arc::default();
        let documents: Arc<Mutex<HashMap<String, serde_json::Value>>> = Arc::default();
        let accept_signature: Arc<AtomicBool> = Arc::default();
        let (log, judge) = (Arc::clone(&got), Arc::clone(&answer));
        let (served, asks) = (Arc::clone(&documents), Arc::clone(&accept_signature));
        let spoken = Arc::clone(&says);
        let serve = move |method: http::Method, uri: http::Uri, headers: HeaderMap, body: Bytes| {
            let (log, judge) = (Arc::clone(&log), Arc::clone(&judge));
            let spoken = Arc::clone(&spoken);
            let document = served.lock().unwrap().get(uri.path()).cloned();
            let asks = asks.load(Ordering::Relaxed);
            async move {
                if let Some(document) = document {
                    let kind = [("content-type", "application/activity+json")];
                    return (kind, document.to_string()).into_response();
                }
                if method == http::Method::GET {
                    return spoken.lock().unwrap().serve(uri.path()).into_response();
                }
                let said: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
                let mut got = Got {
                    path: uri.path().to_owned(),
                    seq: said["seq"].as_i64().unwrap_or(0),
                    key: said["key"].as_i64().unwrap_or(0),
                    role: said["role"].as_str().unwrap_or_default().to_owned(),
                    id: said["id"].as_str().unwrap_or_default().to_owned(),
                    at: std::time::Instant::now(),
                    status: 0,
                    headers,
                    body,
                };
                got.status = judge.lock().unwrap()(&got);
                let status = StatusCode::from_u16(got.status).unwrap();
                log.lock().unwrap().push(got);
                if asks {
                    let wanted = r#"sig1=("@method" "@target-uri");created;keyid"#;
                    return (status, [("accept-signature", wanted)]).into_response();
                }
                spoken.lock().unwrap().answer(status).into_response()
            }
        };
        let app = Router::new().fallback(serve);
        let mut serving = JoinSet::new();
        serving.spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self {
            host,
            got,
            answer,
            says,
            documents,
            accept_signature,
            _serving: serving,
        }
    }

    /// Serves a document from now on.
    pub(super) fn serve(&self, path: &str, document: serde_json::Value) {
        self.documents
            .lock()
            .unwrap()
            .insert(path.to_owned(), document);
    }

    /// Says from now on that it wants requests signed by RFC 9421.
    pub(super) fn ask_for_rfc9421(&self) {
        self.accept_signature.store(true, Ordering::Relaxed);
    }

    /// How it answers from now on.
    pub(super) fn answers(&self, answer: impl FnMut(&Got) -> u16 + Send + 'static) {
        *self.answer.lock().unwrap() = Box::new(answer);
    }

    /// What it says with everything that it does not take.
    pub(super) fn says(&self, retry_after: Option<u64>, words: &str) {
        let mut says = self.says.lock().unwrap();
        says.retry_after = retry_after;
        words.clone_into(&mut says.words);
    }

    /// Serves a document at a path; what is at no path is gone.
    pub(super) fn serves(&self, path: &str, document: &serde_json::Value) {
        let mut says = self.says.lock().unwrap();
        says.documents.insert(path.to_owned(), document.to_string());
    }

    /// The paths that were fetched.
    pub(super) fn fetched(&self) -> Vec<String> {
        self.says.lock().unwrap().fetched.clone()
    }

    pub(super) fn got(&self) -> Vec<Got> {
        self.got.lock().unwrap().clone()
    }

    /// What it took, in order.
    pub(super) fn taken(&self) -> Vec<Got> {
        self.got()
            .into_iter()
            .filter(|got| got.status < 300)
            .collect()
    }

    pub(super) fn seqs(&self) -> Vec<i64> {
        self.taken().iter().map(|got| got.seq).collect()
    }
}

impl Says {
    fn serve(&mut self, path: &str) -> http::Response<axum::body::Body> {
        self.fetched.push(path.to_owned());
        let answer = http::Response::builder().header("content-type", "application/activity+json");
        let answer = match self.documents.get(path) {
            Some(document) => answer.body(document.clone().into()),
            None => answer.status(StatusCode::GONE).body("".into()),
        };
        answer.unwrap()
    }

    fn answer(&self, status: StatusCode) -> http::Response<axum::body::Body> {
        let mut answer = http::Response::builder().status(status);
        if status.is_success() {
            return answer.body("".into()).unwrap();
        }
        if let Some(seconds) = self.retry_after {
            answer = answer.header("retry-after", seconds);
        }
        answer.body(self.words.clone().into()).unwrap()
    }
}

/// What stands for operations that others hear of.
pub(super) struct Happen(pub(super) Vec<Entry>);

impl Operation for Happen {
    type Output = ();
    const NAME: &'static str = "happen";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        for entry in &self.0 {
            desk.record(entry.clone());
        }
        Ok(())
    }
}

/// A hub with a group.
pub(super) struct World {
    pub(super) hall: Hall,
    pub(super) federation: Federation,
    pub(super) metrics: Metrics,
    pub(super) group: ActorId,
    pub(super) work: Option<Work>,
    pub(super) handle: Handle,
}

impl World {
    pub(super) async fn new(store: Store) -> Self {
        let hall = Hall::new(store).await;
        let operations = hall.operations.clone();
        let client = Client::new("hub.test", Limits::default(), true).unwrap();
        let federation = Federation::new(operations, client);
        let moderator = hall.person("anna").await;
        let group = hall.group("drivers", moderator).await;
        let keys = trial::keys();
        hall.write(move |db, now| {
            actors::insert_key(
                db,
                group,
                "http://hub.test/c/drivers#main-key",
                &keys.public_der,
                &keys.private_der,
                now,
            )
        })
        .await;
        let metrics = Metrics::default();
        let world = Self {
            hall,
            federation,
            metrics,
            group,
            work: None,
            handle: receive::handle(),
        };
        world.set(|delivery| {
            delivery.backoff_base = "40ms".parse::<Span>().unwrap();
            delivery.backoff_cap = "200ms".parse::<Span>().unwrap();
        });
        world
    }

    /// Changes how the hub delivers.
    pub(super) fn set(&self, change: impl FnOnce(&mut Delivery)) {
        let mut settings: Settings = (*self.federation.settings()).clone();
        change(&mut settings.delivery);
        self.hall.operations.live.reload(settings).unwrap();
    }

    /// An admin steers what is sent to a server.
    pub(super) async fn steer(&self, peer: &Peer, steering: Steering) {
        let host = peer.host.clone();
        let steer = SteerDeliveries { host, steering };
        self.hall.run(Caller::System, steer).await.unwrap();
    }

    pub(super) fn start(&mut self) {
        let handle = Arc::clone(&self.handle);
        let work = Work::start_with(&self.federation, &self.metrics, render, handle);
        self.work = Some(work);
    }

    pub(super) async fn stop(&mut self) {
        self.work
            .take()
            .unwrap()
            .stop(Duration::from_secs(10))
            .await;
    }

    pub(super) async fn crash(&mut self) {
        self.work.take().unwrap().crash().await;
    }

    /// A server with one follower of the group; `None` has no shared inbox.
    pub(super) async fn follower(&self, peer: &Peer, software: &str, shared: bool) -> InstanceId {
        let actor = self.somebody(peer, software, "fan", shared).await;
        self.follow(&actor).await;
        actor.instance
    }

    pub(super) async fn follow(&self, actor: &Actor) {
        let follow = Follow {
            target: self.group,
            follower: actor.id,
            state: FollowState::Accepted,
            uri: format!("{}/follow", actor.uri),
            created_at: Ts(0),
        };
        let (instance, since) = (actor.instance, self.hall.operations.next_id());
        self.hall
            .write(move |db, _| follows::upsert(db, &follow, instance, since))
            .await;
    }

    /// Somebody on a server.
    pub(super) async fn somebody(
        &self,
        peer: &Peer,
        software: &str,
        name: &str,
        shared: bool,
    ) -> Actor {
        self.someone(peer, software, ActorKind::Person, (name, shared))
            .await
    }

    /// A person or group on a server.
    pub(super) async fn someone(
        &self,
        peer: &Peer,
        software: &str,
        kind: ActorKind,
        (name, shared): (&str, bool),
    ) -> Actor {
        let (host, software) = (peer.host.clone(), software.to_owned());
        let fresh = InstanceId(self.hall.operations.next_id());
        let instance = self
            .hall
            .write(move |db, now| {
                let id = instances::ensure(db, &host, fresh, now)?;
                instances::set_software(db, id, Some(&software), None, now)?;
                Ok(id)
            })
            .await;
        assert_ne!(instance, LOCAL_INSTANCE);
        let host = &peer.host;
        let uri = Uri::parse(&format!("http://{host}/users/{name}")).unwrap();
        let now = self.hall.operations.now();
        let actor = Actor {
            id: ActorId(self.hall.operations.next_id()),
            url: uri.as_str().to_owned(),
            inbox: format!("{uri}/inbox"),
            uri,
            kind,
            name: name.to_owned(),
            host: host.clone(),
            instance,
            local: false,
            title: name.to_owned(),
            summary_html: String::new(),
            summary_source: None,
            icon_url: None,
            image_url: None,
            shared_inbox: shared.then(|| format!("http://{host}/inbox")),
            outbox: None,
            followers: None,
            moderators: None,
            featured: None,
            discoverable: true,
            indexable: true,
            manually_approves: false,
            posting_restricted: false,
            followers_count: 0,
            created_at: now,
            updated_at: now,
            fetched_at: Some(now),
            deleted_at: None,
            approval: Approval::default(),
        };
        let inserted = actor.clone();
        self.hall
            .write(move |db, _| actors::insert(db, &inserted))
            .await;
        actor
    }

    /// Something that happened in the group, in the lane of content.
    pub(super) fn content(&self, key: i64) -> Entry {
        let object = ObjectId::Post(PostId(key));
        Entry::new(
            self.group,
            Some(self.group),
            Activity::Created { object },
            key,
        )
    }

    /// A vote in the group.
    pub(super) fn vote(&self, key: i64) -> Entry {
        let object = ObjectId::Post(PostId(key));
        Entry::new(
            self.group,
            Some(self.group),
            Activity::Voted { object, value: 1 },
            key,
        )
    }

    pub(super) async fn happen(&self, entry: Entry) {
        self.happen_at_once(vec![entry]).await;
    }

    /// Several things in one transaction.
    pub(super) async fn happen_at_once(&self, entries: Vec<Entry>) {
        self.hall
            .run(Caller::System, Happen(entries))
            .await
            .unwrap();
    }

    /// So many entries of so many keys.
    pub(super) async fn burst(&self, entries: i64, keys: i64) {
        for n in 0..entries {
            self.happen(self.content(n % keys + 1)).await;
        }
    }
}

/// Renders an entry as its place, its key and the reader's role.
#[expect(clippy::unnecessary_wraps, reason = "what renders may fail")]
pub(super) fn render(
    _db: &mut Db,
    _names: &Names,
    _settings: &Settings,
    logged: &Logged,
    reader: Reader,
) -> Res<Vec<Sending>> {
    let role = match reader {
        Reader::Follower(_) => "follower",
        Reader::Direct(_) => "direct",
    };
    let body = serde_json::json!({"seq": logged.seq, "key": logged.entry.order_key, "role": role,
        "id": logged.uuid});
    let body = body.to_string().into_bytes().into();
    Ok(vec![Sending {
        signer: logged.entry.by,
        body,
    }])
}

/// Waits until something holds.
pub(super) async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let end = tokio::time::Instant::now() + PATIENCE;
    while !holds().await {
        assert!(
            tokio::time::Instant::now() < end,
            "{what} did not come to be"
        );
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Whether what was taken keeps the order within each key.
pub(super) fn in_order(taken: &[Got]) -> bool {
    let mut last: HashMap<i64, i64> = HashMap::new();
    taken.iter().all(|got| {
        last.insert(got.key, got.seq)
            .is_none_or(|before| before <= got.seq)
    })
}
