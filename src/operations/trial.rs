//! A founded hub for tests whose people joined and whose groups were founded by operations; where
//! plain rows do, `testing` makes them faster.
//!
//! The clock stands still at [`NOW`] until `operations.clock` is moved; all have one key.

use std::sync::LazyLock;

use super::account::{Application, Register};
use super::actor::{FoundHub, Keys, UpsertActor};
use super::group::CreateGroup;
use super::{Operation, Operations};
use crate::crypto::keypair::PrivateKey;
use crate::domain::activity::Entry;
use crate::domain::actor::{Actor, ActorKind, RemoteActor};
use crate::domain::caller::Caller;
use crate::domain::clock::{Clock, Ts};
use crate::domain::ids::{ActorId, Ids, Uri};
use crate::domain::membership::Role;
use crate::domain::refusal::Refusal;
use crate::settings::{Live, Settings};
use crate::store::instances::Reach;
use crate::store::testing::{self, TestStore};
use crate::store::{Db, Store, StoreError, actors, instances, outbox};

/// Where every test begins: 2026-06-01, noon.
pub(crate) const NOW: Ts = Ts(1_780_315_200_000_000);

/// A hub at `https://hub.test`, founded, with the default settings but open registration.
pub(crate) async fn hub(store: Store) -> Operations {
    hub_with(store, |_| ()).await
}

/// The same with some settings changed.
pub(crate) async fn hub_with(store: Store, change: impl FnOnce(&mut Settings)) -> Operations {
    let mut settings = Settings::default();
    settings.instance.domain = "hub.test".parse().unwrap();
    settings.accounts.registration = crate::settings::Registration::Open;
    change(&mut settings);
    let operations = Operations::new(store, Live::new(settings), Clock::fixed(NOW), Ids::new(0));
    run(&operations, Caller::System, FoundHub { keys: keys() }).await;
    operations
}

/// The same hub under other settings.
pub(crate) fn under(operations: &Operations, change: impl FnOnce(&mut Settings)) -> Operations {
    let mut settings = Settings::clone(&operations.live.get());
    change(&mut settings);
    let (store, clock) = (operations.store.clone(), operations.clock.clone());
    // A lane of its own, so that no number is given twice.
    Operations::new(store, Live::new(settings), clock, Ids::new(2048))
}

/// Runs an operation that must succeed.
pub(crate) async fn run<O: Operation>(
    operations: &Operations,
    caller: Caller,
    operation: O,
) -> O::Output {
    operations.run(caller, operation).await.unwrap()
}

/// Runs an operation that must be refused.
pub(crate) async fn refused<O: Operation>(
    operations: &Operations,
    caller: Caller,
    operation: O,
) -> Refusal {
    let done = operations.run(caller, operation).await;
    done.err()
        .unwrap_or_else(|| panic!("{} was not refused", O::NAME))
}

/// A read that must succeed.
pub(crate) async fn read<T: Send + 'static>(
    operations: &Operations,
    f: impl FnOnce(&mut Db) -> Result<T, StoreError> + Send + 'static,
) -> T {
    operations.store.read(f).await.unwrap()
}

/// From now on most of the database cannot be read.
pub(crate) async fn lose(operations: &Operations) {
    operations.store.write(testing::lose).await.unwrap();
}

/// Moves the clock on.
pub(crate) fn wait(operations: &Operations, seconds: i64) {
    let Clock::Fixed(at) = &operations.clock else {
        panic!("the clock of a test stands still");
    };
    at.fetch_add(seconds * 1_000_000, std::sync::atomic::Ordering::Relaxed);
}

/// One key pair for everybody: making another costs a tenth of a second.
pub(crate) fn keys() -> Keys {
    static PAIR: LazyLock<(Vec<u8>, Vec<u8>)> = LazyLock::new(|| {
        let key = PrivateKey::generate().unwrap();
        let public = key.public().unwrap().to_der().unwrap();
        (public, key.to_pkcs8().unwrap())
    });
    let (public_der, private_der) = PAIR.clone();
    Keys {
        public_der,
        private_der,
    }
}

/// A hub on a fresh SQLite store that lasts as long as the second value.
pub(crate) async fn on_sqlite() -> (Operations, TestStore) {
    let test = testing::sqlite();
    (hub(test.store.clone()).await, test)
}

/// The same on PostgreSQL, where a server is named.
pub(crate) async fn on_postgres() -> Option<(Operations, TestStore)> {
    let test = testing::postgres()?;
    Some((hub(test.store.clone()).await, test))
}

/// A member of the hub who calls.
pub(crate) fn member(actor: ActorId) -> Caller {
    Caller::Member {
        actor,
        role: Role::Member,
    }
}

/// An admin of the hub who calls.
pub(crate) fn admin(actor: ActorId) -> Caller {
    Caller::Member {
        actor,
        role: Role::Admin,
    }
}

/// A remote actor who calls.
pub(crate) fn stranger(actor: ActorId) -> Caller {
    Caller::Remote { actor }
}

/// A new person with the role of a member, whose password hash is "hash".
pub(crate) async fn person(operations: &Operations, name: &str) -> ActorId {
    person_with(operations, name, Role::Member).await
}

/// A new person with a role.
pub(crate) async fn person_with(operations: &Operations, name: &str, role: Role) -> ActorId {
    let register = Register {
        name: name.to_owned(),
        email: format!("{name}@example.test"),
        password_hash: "hash".to_owned(),
        role: Some(role),
        language: None,
        application: Application::default(),
        keys: keys(),
    };
    run(operations, Caller::System, register).await.actor
}

/// A new local group.
pub(crate) async fn group(operations: &Operations, name: &str, owner: Option<ActorId>) -> ActorId {
    let create = CreateGroup {
        name: name.to_owned(),
        title: name.to_owned(),
        summary: String::new(),
        owner,
        posting_restricted: false,
        private: false,
        keys: keys(),
    };
    run(operations, Caller::System, create).await
}

/// The document of a remote actor, as in `https://other.test/u/berta`.
pub(crate) fn document(uri: &str, kind: ActorKind) -> RemoteActor {
    let uri = Uri::parse(uri).unwrap();
    let name = uri
        .as_str()
        .rsplit('/')
        .next()
        .unwrap_or_default()
        .to_owned();
    RemoteActor {
        url: uri.as_str().to_owned(),
        kind,
        title: name.clone(),
        name,
        summary_html: String::new(),
        summary_source: None,
        icon_url: None,
        image_url: None,
        inbox: format!("{uri}/inbox"),
        shared_inbox: Some(format!("https://{}/inbox", uri.host())),
        outbox: None,
        followers: None,
        moderators: None,
        featured: None,
        discoverable: true,
        indexable: true,
        manually_approves: false,
        posting_restricted: false,
        created_at: None,
        key: None,
        proof_keys: Vec::new(),
        uri,
    }
}

/// A remote actor that the hub knows.
pub(crate) async fn remote(operations: &Operations, uri: &str, kind: ActorKind) -> ActorId {
    let remote = document(uri, kind);
    run(operations, Caller::System, UpsertActor { remote })
        .await
        .id
}

/// An actor as it is stored.
pub(crate) async fn actor(operations: &Operations, id: ActorId) -> Actor {
    read(operations, move |db| actors::find(db, id))
        .await
        .unwrap()
}

/// What was left in the outbox log since the last call, and whom each entry is for in any case.
pub(crate) async fn told(operations: &Operations) -> Vec<(Entry, Vec<ActorId>)> {
    let rows = operations.store.write(|db| -> Result<_, StoreError> {
        let mut told = Vec::new();
        for row in outbox::take(db, 1000)? {
            let targets = outbox::list_targets(db, row.id)?;
            let mut actors: Vec<ActorId> = targets.iter().map(|target| target.actor).collect();
            actors.sort_unstable();
            told.push((row.logged.entry, actors));
        }
        Ok(told)
    });
    rows.await.unwrap()
}

/// Whether deliveries to the server of a remote actor fail.
pub(crate) async fn set_failing(operations: &Operations, of: ActorId, failing: bool) {
    let instance = actor(operations, of).await.instance;
    let reach = if failing { Reach::Backoff } else { Reach::Ok };
    let noted = operations.store.write(move |db| -> Result<_, StoreError> {
        instances::set_reach(db, instance, reach, 5, NOW, None)
    });
    noted.await.unwrap();
}
