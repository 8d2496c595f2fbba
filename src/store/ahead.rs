//! What jobs of a group of writes will look at first, read for many of them at once: on PostgreSQL
//! each look is a journey, and comments and votes come in crowds.
//!
//! What was read holds as long as only such jobs ran since: none of them changes what a look tells.
//! Each entry serves once.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::placed::{self, Found, Look};
use super::{Db, Res};

/// Looks that are made at once; a group seldom has more.
const AT_ONCE: usize = 128;

thread_local! {
    // Of the thread that writes, since all of a group runs there.
    static AHEAD: RefCell<BTreeMap<Look, Found>> = const { RefCell::new(BTreeMap::new()) };
}

/// Reads for the job that comes now and for those behind it, unless that was done already.
pub(super) fn read(db: &mut Db, now: Look, behind: impl IntoIterator<Item = Look>) -> Res<()> {
    let Db::Pg(c) = db else { return Ok(()) };
    if AHEAD.with_borrow(|ahead| ahead.contains_key(&now)) {
        return Ok(());
    }
    let looks = std::iter::once(now).chain(behind.into_iter().take(AT_ONCE - 1));
    let looks: BTreeSet<Look> = looks.collect();
    if looks.len() == 1 {
        return Ok(());
    }
    AHEAD.set(placed::find_many(c, &looks)?);
    Ok(())
}

/// What was read, for the one job that looks now.
pub(super) fn take(look: Look) -> Option<Found> {
    AHEAD.with_borrow_mut(|ahead| ahead.remove(&look))
}

/// Forgets what was read, since it may hold no longer.
pub(super) fn forget() {
    AHEAD.take();
}
