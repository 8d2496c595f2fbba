//! Letters: written in the language of who gets them, and handed to a mail server or, where there is
//! none, left as files in the data directory.

mod courier;
mod write;

pub(crate) use courier::{Courier, Sent, Unsent};
pub(crate) use write::{Draft, Hub, Item, Occasion, Section, Stationery};

#[cfg(test)]
mod tests;
