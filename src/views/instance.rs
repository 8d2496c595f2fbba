//! The hub itself: whether it was founded soundly, and its numbers.

use crate::crypto::keypair::PrivateKey;
use crate::domain::actor::Actor;
use crate::domain::brand::Chosen;
use crate::domain::clock::Ts;
use crate::domain::ids::LOCAL_INSTANCE;
use crate::store::{Db, Res, actors, brand, comments, instances, statistics};

/// Whether the hub of this host has its own rows.
pub(crate) fn is_founded(db: &mut Db, host: &str) -> Res<bool> {
    let here = instances::find(db, LOCAL_INSTANCE)?.is_some_and(|known| known.host == host);
    Ok(here && actors::find_local(db, host)?.is_some())
}

/// The hub's own actor; `None` before the hub was founded. Its name is the host.
pub(crate) fn actor(db: &mut Db, host: &str) -> Res<Option<Actor>> {
    actors::find_local(db, host)
}

/// What admins chose in the place of settings; one query.
pub(crate) fn chosen(db: &mut Db) -> Res<Chosen> {
    brand::find(db)
}

/// The numbers that NodeInfo gives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// People with an account who may sign in.
    pub(crate) users: i64,
    /// Of them, those who wrote something within 30 days.
    pub(crate) active_month: i64,
    /// Of them, those who wrote something within 180 days.
    pub(crate) active_half_year: i64,
    /// Posts written here.
    pub(crate) posts: i64,
    /// Comments written here.
    pub(crate) comments: i64,
}

const DAY: i64 = 24 * 3600;

/// The hub's numbers, in five queries; worth keeping for some minutes.
pub(crate) fn counts(db: &mut Db, now: Ts) -> Res<Counts> {
    Ok(Counts {
        users: statistics::count_accounts(db)?,
        active_month: statistics::count_writers(db, now.plus_seconds(-30 * DAY))?,
        active_half_year: statistics::count_writers(db, now.plus_seconds(-180 * DAY))?,
        posts: statistics::count_local_posts(db)?,
        comments: comments::count_local(db)?,
    })
}

/// What is wrong with a database of the hub of this host: one sentence each. An empty one is
/// sound.
pub(crate) fn faults(db: &mut Db, host: &str, now: Ts) -> Res<Vec<String>> {
    let Some(instance) = instances::find(db, LOCAL_INSTANCE)? else {
        return Ok(Vec::new());
    };
    if instance.host != host {
        return Ok(vec![format!(
            "the database belongs to the hub {}, but instance.domain is {host}; set it back, or \
             begin with an empty database",
            instance.host
        )]);
    }
    let mut faults = Vec::new();
    faults.extend(clock_fault(db, now)?);
    faults.extend(key_fault(db, host)?);
    Ok(faults)
}

fn clock_fault(db: &mut Db, now: Ts) -> Res<Option<String>> {
    let Some(newest) = actors::newest_local(db)? else {
        return Ok(None);
    };
    let behind = newest.created_at > now.plus_seconds(60);
    Ok(behind.then(|| {
        format!(
            "the clock of this machine says {}, but something in the database was made at {}; set \
             the clock",
            now.rfc3339(),
            newest.created_at.rfc3339()
        )
    }))
}

fn key_fault(db: &mut Db, host: &str) -> Res<Option<String>> {
    let Some(actor) = actors::find_local(db, host)? else {
        return Ok(None);
    };
    let key = actors::find_key_of(db, actor.id)?;
    let sound = key.is_some_and(|key| {
        let private = key
            .private_der
            .and_then(|der| PrivateKey::from_pkcs8(&der).ok());
        let public = private.and_then(|key| key.public().ok());
        public.and_then(|public| public.to_der().ok()) == Some(key.public_der)
    });
    Ok((!sound).then(|| {
        "the key with which the hub signs is missing or damaged in the database; restore a backup"
            .to_owned()
    }))
}
