//! Fetches what is missing from other servers, within bounds.

pub(crate) mod nodeinfo;
