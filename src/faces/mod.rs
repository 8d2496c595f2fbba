//! HTML, client JSON and federation endpoints over one set of operations and views.

pub(crate) mod activitypub;
pub(crate) mod shared;
pub(crate) mod web;
