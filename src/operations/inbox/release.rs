//! Parked activities are tried again, or dropped.

use crate::domain::caller::Caller;
use crate::domain::refusal::Refusal;
use crate::operations::{Desk, Operation};
use crate::store::inbox;

/// What becomes of a parked activity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Release {
    /// It is due at once, with all its tries before it.
    Retry,
    /// It is dropped, and may be sent again.
    Discard,
}

/// Takes received activities out of the place where they are parked: for the operator.
pub(crate) struct ReleaseParked {
    /// Which; `None`: all of them.
    pub(crate) row: Option<i64>,
    /// What becomes of them.
    pub(crate) release: Release,
}

impl Operation for ReleaseParked {
    /// How many they were.
    type Output = usize;
    const NAME: &'static str = "release_parked";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<usize, Refusal> {
        if desk.caller != Caller::System {
            return Err(Refusal::forbidden(
                "inbox.operator",
                "Only the operator of the hub decides about received activities.",
            ));
        }
        let rows = match self.release {
            Release::Retry => inbox::unpark(desk.db, self.row, desk.now)?,
            Release::Discard => inbox::delete_parked(desk.db, self.row)?,
        };
        match (rows, self.row) {
            (0, Some(row)) => Err(Refusal::not_found(
                "inbox.not_parked",
                format!("No received activity is parked under the number {row}."),
            )),
            _ => Ok(rows),
        }
    }
}
