//! The hub from outside: the real binary on both databases, with other servers around it.
//!
//! Nothing here knows the inside of the crate. `TEST_DATABASE_URL` names the PostgreSQL server on
//! which every test makes a database of its own (`tests/with-postgres` starts one); without it
//! only SQLite is tested.

#![cfg(test)]

mod crashes;
mod pictures;
mod process;
mod refusals;
mod support;
mod two_hubs;
