//! Actors come into being, change and go: the hub's own and those of other servers.

mod found_hub;
mod local;
mod missed;
mod rekeyed;
mod tombstone;
mod upsert;

pub(crate) use found_hub::FoundHub;
pub(crate) use local::Keys;
pub(super) use local::{Birth, bear, name_is_taken, name_taken, require_name};
pub(crate) use missed::{NoteAbsence, PATIENCE};
pub(crate) use tombstone::TombstoneActor;
pub(super) use tombstone::{forget, part};
pub(crate) use upsert::UpsertActor;
pub(super) use upsert::is_imitation;

#[cfg(test)]
mod tests;
