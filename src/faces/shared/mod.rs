//! What the faces share: their state, how requests are read, how refusals become answers, and what
//! pages need of a browser: cookies, form tokens, languages, headers, templates.
//!
//! A handler returns `Result<_, Failed>`; its face's own layer turns what failed into problem
//! documents, pages or ActivityPub answers (`error.rs`), so that all of them show one error value.

pub(crate) mod announcements;
pub(crate) mod body;
pub(crate) mod client;
pub(crate) mod cookie;
pub(crate) mod csrf;
#[cfg(test)]
pub(crate) mod elsewhere;
pub(crate) mod error;
pub(crate) mod exports;
pub(crate) mod extract;
pub(crate) mod headers;
pub(crate) mod html;
pub(crate) mod kept;
pub(crate) mod language;
pub(crate) mod layers;
pub(crate) mod limit;
pub(crate) mod metrics;
pub(crate) mod multipart;
pub(crate) mod negotiate;
mod numbers;
pub(crate) mod paginate;
pub(crate) mod pictures;
pub(crate) mod state;
#[cfg(test)]
pub(crate) mod testing;
pub(crate) mod theme;
pub(crate) mod token;

pub(crate) use error::Failed;
pub(crate) use state::State;
