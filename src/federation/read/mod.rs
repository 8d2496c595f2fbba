//! Foreign documents to what operations take: bounded, sanitised, with their times held to ours.
//!
//! Pure: whom a text mentions and which group it is for is looked up by the callers.

mod actor;
mod audience;
mod message;
mod object;

pub(crate) use actor::remote_actor;
pub(crate) use audience::{Candidate, addressed, candidates, is_direct, is_for, is_public};
pub(crate) use message::message;
pub(crate) use object::{Draft, draft, edited_at, mentioned};
