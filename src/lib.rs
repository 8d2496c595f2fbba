//! Guildhall: a self-hosted community hub whose groups live on the open fediverse.
//!
//! The rooms, in floor order; a room imports only rooms on lower floors (`tests/house` enforces it):
//!
//! 0. [`settings`] [`domain`] [`text`] [`crypto`]: pure
//! 1. [`store`] [`mail`] [`media`] [`net`]: the only rooms that touch disk, database or network
//! 2. [`operations`] every write, [`views`] every read
//! 3. [`federation`]: ActivityPub to operations and back
//! 4. [`work`]: everything that happens without a request
//! 5. [`faces`]: HTML, client JSON, federation endpoints
//! 6. [`cli`]: the verbs an operator types; wires everything

pub mod cli;
pub(crate) mod crypto;
pub(crate) mod domain;
pub(crate) mod faces;
pub(crate) mod federation;
pub(crate) mod mail;
pub(crate) mod media;
pub(crate) mod net;
pub(crate) mod operations;
pub mod settings;
pub(crate) mod store;
pub(crate) mod text;
pub(crate) mod views;
pub(crate) mod work;
