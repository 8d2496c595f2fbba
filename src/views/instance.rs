//! The hub itself: whether it was founded, and its numbers.

use crate::domain::ids::LOCAL_INSTANCE;
use crate::store::{Db, Res, actors, instances};

/// Whether the hub of this host has its own rows.
pub(crate) fn is_founded(db: &mut Db, host: &str) -> Res<bool> {
    let here = instances::find(db, LOCAL_INSTANCE)?.is_some_and(|known| known.host == host);
    Ok(here && actors::find_local(db, host)?.is_some())
}
