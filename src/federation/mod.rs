//! ActivityPub documents to operations, and views to ActivityPub documents.

mod admit;
pub(crate) mod block_list;
pub(crate) mod bridge;
pub(crate) mod collection;
pub(crate) mod document;
pub(crate) mod fuzz;
mod habits;
pub(crate) mod inbox;
mod intent;
pub(crate) mod keys;
mod moving;
pub(crate) mod outgoing;
mod pictures;
mod previews;
mod proof;
pub(crate) mod quirks;
mod read;
pub(crate) mod reader;
pub(crate) mod receive;
pub(crate) mod resolve;
pub(crate) mod sign;
pub(crate) mod sign_in;
mod signing;
#[cfg(test)]
pub(crate) mod testing;
pub(crate) mod verify;
mod vouch;
pub(crate) mod wire;
pub(crate) mod write;

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, mpsc, watch};

pub(crate) use signing::SigningKey;

use crate::domain::clock::Ts;
use crate::domain::ids::{ActorId, PostId};
use crate::domain::names::Names;
use crate::net::Client;
use crate::operations::Operations;
use crate::settings::Settings;
use crate::store::Res;

/// The floor: what everything that speaks with other servers works with. One pointer, so it is cheap
/// to clone.
#[derive(Clone)]
pub(crate) struct Federation(Arc<Floor>);

/// What speaking with other servers needs.
pub(crate) struct Floor {
    /// The floor beneath.
    pub(crate) operations: Operations,
    /// The way out.
    pub(crate) client: Client,
    signing: signing::Keys,
    memory: Arc<keys::Memory>,
    fetches: Arc<resolve::Fetches>,
    received: Arc<watch::Sender<()>>,
    threads: Wanted<PostId>,
    pasts: Wanted<ActorId>,
    vouchers: Arc<vouch::Vouchers>,
    pictures: Arc<pictures::Fetching>,
    sign_ins: sign_in::Memory,
    visits: inbox::Visits,
}

/// What is to be fetched soon, if it was not lately.
struct Wanted<T> {
    into: mpsc::Sender<T>,
    out_of: Mutex<mpsc::Receiver<T>>,
    lately: moka::sync::Cache<T, ()>,
}

/// How much of a kind waits to be fetched; what is more is fetched when it is wanted again.
const WAITING: usize = 256;
/// How long what was fetched is not fetched again.
const FETCHED_FOR: Duration = Duration::from_mins(10);

impl<T: Copy + Eq + std::hash::Hash + Send + Sync + 'static> Wanted<T> {
    fn want(&self, one: T) {
        if !self.lately.contains_key(&one) && self.into.try_send(one).is_ok() {
            self.lately.insert(one, ());
        }
    }

    async fn next(&self) -> Option<T> {
        self.out_of.lock().await.recv().await
    }
}

impl<T: Eq + std::hash::Hash + Send + Sync + 'static> Default for Wanted<T> {
    fn default() -> Self {
        let (into, out_of) = mpsc::channel(WAITING);
        let lately = moka::sync::Cache::builder()
            .max_capacity(10_000)
            .time_to_live(FETCHED_FOR)
            .build();
        Self {
            into,
            out_of: Mutex::new(out_of),
            lately,
        }
    }
}

impl Deref for Federation {
    type Target = Floor;

    fn deref(&self) -> &Floor {
        &self.0
    }
}

impl Federation {
    /// The floor over the operations.
    pub(crate) fn new(operations: Operations, client: Client) -> Self {
        let received = Arc::new(watch::channel(()).0);
        let (signing, memory, fetches) = (signing::Keys::new(), Arc::default(), Arc::default());
        Self(Arc::new(Floor {
            operations,
            client,
            signing,
            memory,
            fetches,
            received,
            threads: Wanted::default(),
            pasts: Wanted::default(),
            vouchers: Arc::default(),
            pictures: Arc::default(),
            sign_ins: sign_in::Memory::default(),
            visits: inbox::Visits::default(),
        }))
    }

    /// The settings in force.
    pub(crate) fn settings(&self) -> Arc<Settings> {
        self.operations.live.get()
    }

    /// The hub's own addresses.
    pub(crate) fn names(&self) -> &Names {
        &self.operations.names
    }

    /// The current moment.
    pub(crate) fn now(&self) -> Ts {
        self.operations.now()
    }

    /// The key with which a local actor signs, kept parsed; `None` if it has none.
    ///
    /// # Errors
    /// If the store cannot be read, or what it holds is no key.
    pub(crate) async fn signing_key(&self, actor: ActorId) -> Res<Option<Arc<SigningKey>>> {
        self.signing.find(&self.operations.store, actor).await
    }

    /// Says that a member opened a thread whose answers may be elsewhere: they are fetched soon, if
    /// they were not lately.
    pub(crate) fn want_thread(&self, post: PostId) {
        self.threads.want(post);
    }

    /// The next thread that is wanted; waits for it.
    pub(crate) async fn wanted_thread(&self) -> Option<PostId> {
        self.threads.next().await
    }

    /// Says that a remote group let somebody in, and may show this hub what it did not before.
    pub(crate) fn want_past(&self, group: ActorId) {
        self.pasts.want(group);
    }

    /// The next group whose past is wanted; waits for it.
    pub(crate) async fn wanted_past(&self) -> Option<ActorId> {
        self.pasts.next().await
    }

    /// The form in which deliveries to a host are signed.
    pub(crate) fn form_for(&self, host: &str) -> sign::Form {
        if self.memory.habits.wants_rfc9421(host) {
            sign::Form::Rfc9421
        } else {
            sign::Form::Draft
        }
    }

    /// Whether a host that did not believe one form may be sent the other: only if something says
    /// that it knows RFC 9421, for asking twice doubles its load. `asked`: its answer says so.
    pub(crate) fn may_sign_otherwise(&self, host: &str, asked: bool) -> bool {
        if asked {
            self.memory.habits.reads_rfc9421(host);
        }
        self.memory.habits.may_read_rfc9421(host)
    }

    /// Notes the form that a host took where it had refused the other; `None`: it refused both,
    /// and is not asked twice again until it says anew that it knows RFC 9421.
    pub(crate) fn note_form(&self, host: &str, form: Option<sign::Form>) {
        let habits = &self.memory.habits;
        habits.set_wants_rfc9421(host, form == Some(sign::Form::Rfc9421));
        if form.is_none() {
            habits.forget_rfc9421(host);
        }
    }

    /// Wakes when a received activity was stored and waits to be processed.
    pub(crate) fn received(&self) -> watch::Receiver<()> {
        self.received.subscribe()
    }

    /// Tells whoever processes received activities that one was stored (and committed).
    pub(crate) fn wake(&self) {
        self.received.send_replace(());
    }
}
