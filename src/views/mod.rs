//! Every read, as the domain sees it; nothing here writes.
//!
//! Each view is a fixed number of queries, however long the page.

pub(crate) mod account;
pub(crate) mod actor;
pub(crate) mod announcement;
pub(crate) mod block;
pub(crate) mod directory;
pub(crate) mod draft;
pub(crate) mod event;
pub(crate) mod export;
pub(crate) mod feed;
pub(crate) mod filter;
pub(crate) mod following;
pub(crate) mod group;
pub(crate) mod history;
pub(crate) mod host;
pub(crate) mod hub_page;
pub(crate) mod inbox;
pub(crate) mod instance;
pub(crate) mod invitation;
pub(crate) mod letter;
pub(crate) mod media;
pub(crate) mod message;
pub(crate) mod moderation;
pub(crate) mod news;
pub(crate) mod notice;
pub(crate) mod overview;
pub(crate) mod post;
pub(crate) mod question;
pub(crate) mod queue;
pub(crate) mod quote;
pub(crate) mod related;
pub(crate) mod rule;
pub(crate) mod saved;
pub(crate) mod search;
pub(crate) mod sitemap;
pub(crate) mod thread;
pub(crate) mod webpage;

#[cfg(test)]
mod people_tests;
#[cfg(test)]
mod tests;

/// What views read from: one snapshot of the store.
pub(crate) type Snapshot = crate::store::Db;
/// Why nothing could be read.
pub(crate) type Unread = crate::store::StoreError;
