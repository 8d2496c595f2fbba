//! Received activities that wait for an operator.

use crate::store::inbox::{self, Parked};
use crate::store::{Db, Res};

/// Activities of one list.
const MOST: u32 = 1_000;

/// What could not be dealt with in all its tries, the oldest first: one query.
pub(crate) fn parked(db: &mut Db) -> Res<Vec<Parked>> {
    inbox::list_parked(db, MOST)
}
