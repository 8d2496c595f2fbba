//! What an entry means for a server: the documents that federation renders and the inboxes that
//! take them. Entries, documents and inboxes are shared by all servers and kept for a while.

use std::sync::Arc;
use std::time::Duration;

use moka::sync::Cache;
use tokio::sync::OnceCell;
use url::Url;

use super::profile::Profile;
use crate::crypto::digest::Digest;
use crate::domain::activity::Logged;
use crate::domain::actor::ActorKind;
use crate::domain::ids::ActorId;
use crate::domain::names::Names;
use crate::federation::Federation;
use crate::federation::outgoing::{Reader, Sending};
use crate::federation::quirks::PeerClass;
use crate::net::Bytes;
use crate::settings::Settings;
use crate::store::outbox::{self, LogRow, Relevant, Target};
use crate::store::{Db, Res, StoreError, follows};

/// Renders an entry for a reader: `federation::outgoing::documents`, or a test's own.
pub(crate) type Render = fn(&mut Db, &Names, &Settings, &Logged, Reader) -> Res<Vec<Sending>>;

/// Bytes of rendered documents that are kept.
const KEPT_BYTES: u64 = 32 << 20;
/// Entries that are kept.
const KEPT_ENTRIES: u64 = 4_096;
/// How long an entry and its documents are kept.
const KEPT_FOR: Duration = Duration::from_mins(5);
/// The most personal inboxes of one server that are served.
const MOST_INBOXES: u32 = 1_000;

/// A document with its digest, ready to be signed for any server.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) signer: ActorId,
    pub(super) body: Bytes,
    pub(super) digest: Digest,
}

/// One request that an entry means.
#[derive(Clone, Debug)]
pub(super) struct Letter {
    pub(super) inbox: Url,
    pub(super) document: Arc<Document>,
}

/// An entry with those who are told in any case.
struct Plan {
    row: LogRow,
    targets: Vec<Target>,
}

type Shared<T> = Arc<OnceCell<T>>;
type Documents = Arc<[Arc<Document>]>;

/// The shared store of what is sent.
pub(super) struct Letters {
    federation: Federation,
    render: Render,
    plans: Cache<i64, Shared<Option<Arc<Plan>>>>,
    documents: Cache<(i64, bool, PeerClass), Shared<Documents>>,
}

impl Letters {
    pub(super) fn new(federation: Federation, render: Render) -> Self {
        let weight = |_key: &(i64, bool, PeerClass), cell: &Shared<Documents>| {
            let bytes = cell
                .get()
                .map_or(0, |all| all.iter().map(|one| one.body.len()).sum());
            u32::try_from(bytes + 512).unwrap_or(u32::MAX)
        };
        Self {
            federation,
            render,
            plans: Cache::builder()
                .max_capacity(KEPT_ENTRIES)
                .time_to_live(KEPT_FOR)
                .build(),
            documents: Cache::builder()
                .weigher(weight)
                .max_capacity(KEPT_BYTES)
                .time_to_live(KEPT_FOR)
                .build(),
        }
    }

    /// The requests that an entry means for a server, always in the same order.
    pub(super) async fn for_server(&self, entry: Relevant, profile: &Profile) -> Res<Vec<Letter>> {
        let Some(plan) = self.plan(entry.seq).await? else {
            return Ok(Vec::new());
        };
        let mut letters = Vec::new();
        if let (true, Some(group)) = (entry.follower, plan.row.logged.entry.group) {
            let documents = self
                .documents(&plan, Reader::Follower(profile.class))
                .await?;
            if !documents.is_empty() {
                let inboxes = self.follower_inboxes(group, profile, entry.groups).await?;
                address(&mut letters, &inboxes, &documents);
            }
        }
        // A server that got what the group says understands it in full.
        let told = profile.class.is_forum() && !letters.is_empty();
        if entry.direct && !told {
            let documents = self.documents(&plan, Reader::Direct(profile.class)).await?;
            address(&mut letters, &direct_inboxes(&plan, profile), &documents);
        }
        Ok(letters)
    }

    async fn plan(&self, seq: i64) -> Res<Option<Arc<Plan>>> {
        let cell = self.plans.get_with(seq, Shared::default);
        let plan = cell.get_or_try_init(|| async {
            self.federation
                .operations
                .store
                .read(move |db| {
                    let Some(row) = outbox::find(db, seq)? else {
                        return Ok(None);
                    };
                    let targets = outbox::list_targets(db, row.id)?;
                    Ok::<_, StoreError>(Some(Arc::new(Plan { row, targets })))
                })
                .await
        });
        Ok(plan.await?.clone())
    }

    async fn documents(&self, plan: &Arc<Plan>, reader: Reader) -> Res<Documents> {
        let seq = plan.row.logged.seq;
        let key = match reader {
            Reader::Follower(class) => (seq, true, class),
            Reader::Direct(class) => (seq, false, class),
        };
        let cell = self.documents.get_with(key, Shared::default);
        if let Some(known) = cell.get() {
            return Ok(Arc::clone(known));
        }
        let made = cell
            .get_or_try_init(|| self.rendered(Arc::clone(plan), reader))
            .await?;
        let made = Arc::clone(made);
        // Once more, so that it is weighed with its documents.
        self.documents.insert(key, cell);
        Ok(made)
    }

    async fn rendered(&self, plan: Arc<Plan>, reader: Reader) -> Res<Documents> {
        let (names, settings) = (
            Arc::clone(&self.federation.operations.names),
            self.federation.settings(),
        );
        let render = self.render;
        let sendings = self
            .federation
            .operations
            .store
            .read(move |db| render(db, &names, &settings, &plan.row.logged, reader))
            .await?;
        let document = |sending: Sending| {
            let digest = Digest::of(&sending.body);
            let body = Bytes::from_owner(sending.body);
            Arc::new(Document {
                signer: sending.signer,
                body,
                digest,
            })
        };
        Ok(sendings.into_iter().map(document).collect())
    }

    /// One request to the whole server where it takes them, otherwise one to each follower. Groups
    /// that follow get their own in any case: Discourse opens topics in a category only for what
    /// comes to the category's inbox (federation.md 4.0.8).
    async fn follower_inboxes(
        &self,
        group: ActorId,
        profile: &Profile,
        groups: bool,
    ) -> Res<Vec<String>> {
        let instance = profile.instance;
        let kind = match &profile.shared_inbox {
            Some(shared) if !groups => return Ok(vec![shared.clone()]),
            Some(_) => Some(ActorKind::Group),
            None => None,
        };
        let store = &self.federation.operations.store;
        let mut inboxes = store
            .read(move |db| follows::list_inboxes(db, group, instance, kind, MOST_INBOXES))
            .await?;
        inboxes.extend(profile.shared_inbox.clone());
        Ok(inboxes)
    }
}

/// The inbox of the one who is told; of several on one server, the one that they share.
fn direct_inboxes(plan: &Plan, profile: &Profile) -> Vec<String> {
    let mut own: Vec<String> = plan
        .targets
        .iter()
        .filter(|target| target.instance == profile.instance)
        .map(|target| target.inbox.clone())
        .collect();
    own.sort_unstable();
    own.dedup();
    match &profile.shared_inbox {
        Some(shared) if own.len() > 1 => vec![shared.clone()],
        _ => own,
    }
}

fn address(letters: &mut Vec<Letter>, inboxes: &[String], documents: &Documents) {
    for inbox in inboxes {
        let Ok(inbox) = Url::parse(inbox) else {
            continue;
        };
        for document in documents.iter() {
            letters.push(Letter {
                inbox: inbox.clone(),
                document: Arc::clone(document),
            });
        }
    }
}
