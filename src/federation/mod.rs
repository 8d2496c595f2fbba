//! ActivityPub documents to operations, and views to ActivityPub documents.

pub(crate) mod sign;
pub(crate) mod verify;
pub(crate) mod wire;
