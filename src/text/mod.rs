//! Text as people write and read it: Markdown, safe HTML, mentions, excerpts. Pure.
//!
//! All HTML that is stored or shown has been through [`sanitise::clean`], our own too.

pub(crate) mod device;
pub(crate) mod diff;
pub(crate) mod fluent;
pub(crate) mod language;
pub(crate) mod lone_link;
pub(crate) mod lookalike;
pub(crate) mod markdown;
pub(crate) mod mention;
pub(crate) mod number;
pub(crate) mod pictures;
pub(crate) mod plain;
pub(crate) mod qr;
pub(crate) mod sanitise;
#[cfg(test)]
mod tests;
pub(crate) mod title;
mod tokens;
pub(crate) mod unicode;
pub(crate) mod webpage_head;
