//! What the faces have in common: the floor's context and the table from refusals to statuses.

pub(crate) mod error;
pub(crate) mod state;

pub(crate) use state::State;
