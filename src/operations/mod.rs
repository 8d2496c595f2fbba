//! Every write to the hub, local or remote, as one struct each.
//!
//! An [`Operation`] is synchronous and runs in one transaction: it checks the policy, writes
//! through the store, and records at its [`Desk`] what others must hear of. What it needs from the
//! network is fetched before; what follows from it is read from the outbox log after.

mod access;
pub(crate) mod account;
pub(crate) mod actor;
pub(crate) mod announcement;
pub(crate) mod block;
pub(crate) mod comment;
pub(crate) mod draft;
pub(crate) mod event;
pub(crate) mod filter;
pub(crate) mod flag;
pub(crate) mod group;
pub(crate) mod host;
pub(crate) mod hub;
pub(crate) mod hub_page;
pub(crate) mod inbox;
pub(crate) mod invitation;
mod letter;
pub(crate) mod markup;
pub(crate) mod media;
pub(crate) mod membership;
pub(crate) mod message;
pub(crate) mod moderation;
pub(crate) mod moving;
pub(crate) mod news;
pub(crate) mod notice;
pub(crate) mod object;
pub(crate) mod once;
pub(crate) mod poll;
pub(crate) mod post;
pub(crate) mod question;
pub(crate) mod queue;
pub(crate) mod quote;
pub(crate) mod reaction;
pub(crate) mod reading;
pub(crate) mod rule;
pub(crate) mod version;

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::{broadcast, watch};

use crate::domain::activity::Entry;
use crate::domain::caller::Caller;
use crate::domain::clock::{Clock, Ts};
use crate::domain::host::Steering;
use crate::domain::ids::{
    ActorId, CommentId, Ids, InstanceId, MessageId, ObjectId, OutboxId, PostId,
};
use crate::domain::names::Names;
use crate::domain::refusal::Refusal;
use crate::mail::Stationery;
use crate::media::Media;
use crate::settings::{Live, Settings};
use crate::store::placed::Look;
use crate::store::{Db, Store, Turn, outbox};

/// Stirred threads that a slow reader may be behind.
const STIRRED: usize = 256;
/// Orders of admins about deliveries that the engine may be behind.
const STEERED: usize = 64;

/// One write.
pub(crate) trait Operation: Send + Sync + 'static {
    /// What the caller learns when it is done.
    type Output: Send + 'static;
    /// The name in logs, as in `create_comment`.
    const NAME: &'static str;
    /// Whether what is remembered of other servers holds no longer after it.
    const CHANGES_SERVERS: bool = false;

    /// Whether nothing of it stands on pages for everybody, so that those remain as they are.
    const UNSEEN: bool = false;

    /// What it is about, if this comes in crowds, so that the store may leave some of its rows to the
    /// end of a group of writes: those of `store::late`, for which it then does not look. Posts that
    /// a crowd is about are read at once, and so must not be changed.
    fn of_a_crowd(&self) -> Option<ObjectId> {
        None
    }

    /// Does it, within the desk's transaction. May run again if the transaction met another.
    ///
    /// # Errors
    /// Why it was not done; then nothing of it is kept.
    fn perform(&self, desk: &mut Desk<'_>) -> Result<Self::Output, Refusal>;
}

/// What an operation works with: its transaction, who asks, the moment, the settings.
pub(crate) struct Desk<'a> {
    /// The transaction.
    pub(crate) db: &'a mut Db,
    /// Who asks.
    pub(crate) caller: Caller,
    /// The moment at which all of it happens.
    pub(crate) now: Ts,
    /// The settings in force.
    pub(crate) settings: &'a Settings,
    /// The hub's own addresses.
    pub(crate) names: &'a Names,
    ids: &'a Ids,
    stationery: &'a Stationery,
    posted: bool,
    outbox: Vec<(String, Entry)>,
    stirred: Vec<PostId>,
    steered: Vec<(InstanceId, Steering)>,
}

impl Desk<'_> {
    /// Leaves an entry in the outbox log, in this transaction; gives back the uuid that the ids of
    /// its activities will carry.
    pub(crate) fn record(&mut self, entry: Entry) -> String {
        let uuid = crate::crypto::token::uuid();
        self.outbox.push((uuid.clone(), entry));
        uuid
    }

    /// Something new stands in a thread: those who read it are told once it is committed.
    pub(crate) fn stir(&mut self, thread: PostId) {
        self.stirred.push(thread);
    }

    /// What becomes of the deliveries to a server: the engine is told once it is committed.
    pub(crate) fn steer(&mut self, server: InstanceId, steering: Steering) {
        self.steered.push((server, steering));
    }

    /// A fresh number from the one sequence of ids.
    pub(crate) fn next_id(&self) -> i64 {
        self.ids.next(self.now)
    }

    /// A fresh post id.
    pub(crate) fn post_id(&self) -> PostId {
        PostId(self.next_id())
    }

    /// A fresh comment id.
    pub(crate) fn comment_id(&self) -> CommentId {
        CommentId(self.next_id())
    }

    /// A fresh message id.
    pub(crate) fn message_id(&self) -> MessageId {
        MessageId(self.next_id())
    }

    /// A fresh actor id.
    pub(crate) fn actor_id(&self) -> ActorId {
        ActorId(self.next_id())
    }

    /// A fresh instance id.
    pub(crate) fn instance_id(&self) -> InstanceId {
        InstanceId(self.next_id())
    }

    fn file(&mut self) -> Result<bool, Refusal> {
        let entries = std::mem::take(&mut self.outbox);
        let some = !entries.is_empty();
        for (uuid, mut entry) in entries {
            let id = OutboxId(self.next_id());
            membership::keep_confidence(self.db, &mut entry)?;
            outbox::append(self.db, id, &uuid, &entry, self.now)?;
        }
        Ok(some)
    }
}

/// The floor: runs operations. One pointer, so it is cheap to clone.
#[derive(Clone)]
pub(crate) struct Operations(Arc<Floor>);

/// What operations work with.
pub(crate) struct Floor {
    /// The store beneath.
    pub(crate) store: Store,
    /// The settings in force.
    pub(crate) live: Live,
    /// The hub's own addresses.
    pub(crate) names: Arc<Names>,
    /// The clock of all operations.
    pub(crate) clock: Clock,
    /// Hashes and checks passwords, few at a time.
    pub(crate) passwords: account::Passwords,
    /// Makes pictures harmless, and keeps them.
    pub(crate) media: Media,
    ids: Arc<Ids>,
    stationery: Arc<Stationery>,
    logged: Arc<watch::Sender<()>>,
    stirred: broadcast::Sender<PostId>,
    steered: broadcast::Sender<(InstanceId, Steering)>,
    posted: Arc<watch::Sender<()>>,
    changes: Arc<AtomicU64>,
    treatments: host::Remembered,
}

impl Deref for Operations {
    type Target = Floor;

    fn deref(&self) -> &Floor {
        &self.0
    }
}

impl Operations {
    /// The floor over a store.
    pub(crate) fn new(store: Store, live: Live, clock: Clock, ids: Ids) -> Self {
        let names = Arc::new(Names::new(&live.get().base_url()));
        let logged = Arc::new(watch::channel(()).0);
        let posted = Arc::new(watch::channel(()).0);
        let passwords = account::Passwords::default();
        let settings = live.get();
        let media = Media::new(&settings.media, &settings.server.data_dir);
        Self(Arc::new(Floor {
            store,
            live,
            names,
            clock,
            passwords,
            media,
            ids: Arc::new(ids),
            stationery: Arc::default(),
            logged,
            stirred: broadcast::channel(STIRRED).0,
            steered: broadcast::channel(STEERED).0,
            posted,
            changes: Arc::default(),
            treatments: host::Remembered::default(),
        }))
    }

    /// How many operations were done here, but for those of actors elsewhere: while this stays the
    /// same, a page that was made shows all that members did.
    pub(crate) fn changes(&self) -> u64 {
        self.changes.load(Ordering::Acquire)
    }

    /// The current moment.
    pub(crate) fn now(&self) -> Ts {
        self.clock.now()
    }

    /// A fresh number from the one sequence of ids, for rows that no operation writes.
    pub(crate) fn next_id(&self) -> i64 {
        self.ids.next(self.now())
    }

    /// The threads in which something new stands, as it comes.
    pub(crate) fn stirred(&self) -> broadcast::Receiver<PostId> {
        self.stirred.subscribe()
    }

    /// What admins want with the deliveries to servers, as it comes.
    pub(crate) fn steered(&self) -> broadcast::Receiver<(InstanceId, Steering)> {
        self.steered.subscribe()
    }

    /// Wakes when an operation left something in the outbox log.
    pub(crate) fn logged(&self) -> watch::Receiver<()> {
        self.logged.subscribe()
    }

    /// Wakes when an operation wrote a letter.
    pub(crate) fn posted(&self) -> watch::Receiver<()> {
        self.posted.subscribe()
    }

    /// Runs one operation in a transaction of its own.
    ///
    /// # Errors
    /// Why it was not done; then nothing of it was kept.
    pub(crate) async fn run<O: Operation>(
        &self,
        caller: Caller,
        operation: O,
    ) -> Result<O::Output, Refusal> {
        self.run_with(caller, operation, |_db, _now| Ok(())).await
    }

    /// Runs one operation, and `also` in the same transaction after it: how the effect of a
    /// received activity and the note that it was seen become one.
    ///
    /// # Errors
    /// Why either was not done; then nothing of both was kept.
    #[tracing::instrument(name = "operation", skip_all, fields(operation = O::NAME))]
    pub(crate) async fn run_with<O: Operation>(
        &self,
        caller: Caller,
        operation: O,
        also: impl Fn(&mut Db, Ts) -> Result<(), Refusal> + Send + 'static,
    ) -> Result<O::Output, Refusal> {
        let (ids, names, clock) = (
            Arc::clone(&self.ids),
            Arc::clone(&self.names),
            self.clock.clone(),
        );
        let (settings, stationery) = (self.live.get(), Arc::clone(&self.stationery));
        let (turn, look) = match operation.of_a_crowd() {
            Some(about) if matches!(caller, Caller::Remote { .. }) => {
                (Turn::Crowd, look(about, caller))
            }
            Some(about) => (Turn::Late, look(about, caller)),
            None => (Turn::Usual, None),
        };
        let work = move |db: &mut Db| {
            let mut desk = Desk {
                db,
                caller,
                now: clock.now(),
                settings: &settings,
                names: &names,
                ids: &ids,
                stationery: &stationery,
                posted: false,
                outbox: Vec::new(),
                stirred: Vec::new(),
                steered: Vec::new(),
            };
            let output = operation.perform(&mut desk)?;
            also(desk.db, desk.now)?;
            let logged = desk.file()?;
            let told = (logged, desk.posted, desk.stirred, desk.steered);
            Ok::<_, Refusal>((output, told))
        };
        let done = self.store.write_in_turn(turn, look, work).await;
        let (output, (logged, posted, stirred, steered)) = done?;
        if !O::UNSEEN && !matches!(caller, Caller::Remote { .. }) {
            self.changes.fetch_add(1, Ordering::Release);
        }
        if O::CHANGES_SERVERS {
            self.treatments.forget();
        }
        if logged {
            self.logged.send_replace(());
        }
        for thread in stirred {
            // Nobody may be reading.
            drop(self.stirred.send(thread));
        }
        for order in steered {
            // With federation switched off there is no engine.
            drop(self.steered.send(order));
        }
        if posted {
            self.posted.send_replace(());
        }
        Ok(output)
    }
}

/// Where a crowd about this looks first, if that is a post.
fn look(about: ObjectId, caller: Caller) -> Option<Look> {
    match (about, caller.actor()) {
        (ObjectId::Post(post), Some(by)) => Some(Look { post, by }),
        (ObjectId::Post(_), None) | (ObjectId::Comment(_), _) => None,
    }
}

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
pub(crate) mod trial;
