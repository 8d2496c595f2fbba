//! Where the engine meets the store: what it finds at its start, reads on, and saves.

use std::collections::{BinaryHeap, HashMap, HashSet, VecDeque};
use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::doubt::Doubts;
use super::health::{Health, Standing};
use super::letters::Letters;
use super::send::Sender;
use super::server::{GivenUp, RING, Server};
use super::signers::Signers;
use super::{DeliveryCursor, Engine, READS, STRIDE, Setup};
use crate::domain::activity::Lane;
use crate::domain::clock::Ts;
use crate::domain::ids::{InstanceId, LOCAL_INSTANCE};
use crate::store::instances::Instance;
use crate::store::outbox::{Relevant, Stretch};
use crate::store::{Db, Res, Store, StoreError, deliveries, follows, instances, outbox};

/// Servers that one query loads.
const PAGE: u32 = 1_000;
/// Steps through the log that one reading takes.
const STEPS: usize = 64;

/// What was found in the store.
struct Found {
    servers: Vec<Instance>,
    cursors: HashMap<(InstanceId, Lane), i64>,
    first: i64,
    last: i64,
}

/// The engine as the store last saw it: every server with followers here, with something addressed
/// to it, or with a cursor, begins at its cursors.
pub(super) async fn load(setup: Setup) -> Res<Engine> {
    let federation = setup.federation.clone();
    let found = federation.operations.store.read(find).await?;
    let sender = Sender {
        letters: Letters::new(federation.clone(), setup.render),
        doubts: Doubts::default(),
        signers: Signers::start()?,
        federation,
    };
    let mut engine = Engine {
        policy: setup.federation.settings().delivery.clone(),
        sender: Arc::new(sender),
        reads: Arc::new(Semaphore::new(READS)),
        servers: Vec::with_capacity(found.servers.len()),
        index: HashMap::new(),
        hosts: HashMap::new(),
        ready: VecDeque::new(),
        probers: VecDeque::new(),
        timers: BinaryHeap::new(),
        jobs: JoinSet::new(),
        sending: 0,
        probing: 0,
        ringed: 0,
        routed: found.last,
        dirty: HashSet::new(),
        given_up: Vec::new(),
        standings: HashMap::new(),
        ends: 0,
        flushing: false,
        setup,
    };
    engine.restore(&found);
    Ok(engine)
}

impl Engine {
    fn restore(&mut self, found: &Found) {
        let (now, at) = (Instant::now(), self.now());
        for row in &found.servers {
            let standing = Standing {
                reach: row.reach,
                fails: u32::try_from(row.fails).unwrap_or(0),
                next_at: row.next_at,
                last_ok: row.last_ok_at,
            };
            let contact = row
                .last_ok_at
                .max(row.last_seen_at)
                .unwrap_or(row.created_at);
            let mut server = Server::new(row.id, Health::restored(standing, contact, now, at));
            server.paused = row.paused;
            for lane in Lane::ALL {
                let saved = found.cursors.get(&(row.id, lane)).copied().unwrap_or(0);
                server.begin_at(lane, saved.max(found.first - 1), found.last);
            }
            let behind = server.is_behind();
            let slot = self.add(server);
            self.hosts.insert(row.host.clone(), slot);
            if behind {
                self.line_up(slot);
            }
        }
    }
}

fn find(db: &mut Db) -> Res<Found> {
    let cursors = deliveries::list_cursors(db)?;
    let mut concerned: HashSet<InstanceId> = cursors.iter().map(|c| c.instance).collect();
    concerned.extend(follows::list_follower_instances(db)?);
    concerned.extend(outbox::list_all_target_instances(db)?);
    let cursors = cursors
        .into_iter()
        .map(|c| ((c.instance, c.lane), c.seq))
        .collect();
    let mut servers = Vec::with_capacity(concerned.len());
    let mut after = LOCAL_INSTANCE;
    loop {
        let page = instances::list_after(db, after, PAGE)?;
        let Some(last) = page.last() else { break };
        after = last.id;
        servers.extend(
            page.into_iter()
                .filter(|row| row.paused || concerned.contains(&row.id)),
        );
    }
    let last = outbox::last_seq(db)?;
    let first = outbox::list_heads(db, 0, 1)?
        .first()
        .map_or(last + 1, |head| head.seq);
    Ok(Found {
        servers,
        cursors,
        first,
        last,
    })
}

/// Reads on in the log for one server until its ring is full, the stretch ends, or it was enough
/// for one time.
pub(super) fn read_on(db: &mut Db, stretch: Stretch) -> Res<(Vec<Relevant>, i64)> {
    let mut found = Vec::new();
    let mut reach = stretch.after;
    for _ in 0..STEPS {
        if reach >= stretch.up_to || found.len() >= RING / 2 {
            break;
        }
        let up_to = stretch.up_to.min(reach + STRIDE);
        let limit = u32::try_from(RING / 2).unwrap_or(128);
        let step = Stretch {
            after: reach,
            up_to,
            ..stretch
        };
        let (entries, reached) = outbox::list_relevant(db, step, limit)?;
        found.extend(entries);
        reach = reached;
    }
    Ok((found, reach))
}

/// Saves cursors, what was given up, and how servers fare, in one transaction.
pub(super) fn save(
    db: &mut Db,
    cursors: &[DeliveryCursor],
    letters: &[(InstanceId, String, GivenUp)],
    standings: &HashMap<InstanceId, Standing>,
    now: Ts,
) -> Res<()> {
    deliveries::set_cursors(db, cursors)?;
    for (instance, host, gone) in letters {
        let tries = i32::try_from(gone.tries).unwrap_or(i32::MAX);
        let (seq, why) = (gone.seq, gone.why.as_str());
        deliveries::insert_dead_letter(db, *instance, seq, host, tries, why, now)?;
    }
    for (instance, standing) in standings {
        let Standing {
            reach,
            fails,
            next_at,
            last_ok,
        } = *standing;
        let fails = i32::try_from(fails).unwrap_or(i32::MAX);
        instances::set_reach(db, *instance, reach, fails, next_at, last_ok)?;
    }
    Ok(())
}

/// Moves the cursors of servers with nothing to do.
pub(super) async fn advance(
    store: &Store,
    idle: [(Lane, Vec<InstanceId>); 2],
    routed: i64,
) -> Res<()> {
    for (lane, idle) in idle {
        for some in idle.chunks(2_000) {
            let some = some.to_vec();
            store
                .write(move |db| {
                    deliveries::advance_cursors(db, &some, lane, routed)?;
                    Ok::<_, StoreError>(())
                })
                .await?;
        }
    }
    Ok(())
}
