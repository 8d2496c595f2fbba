//! What the faces have in common: the floor's context, the table from refusals to statuses, and what
//! pages need of a browser: cookies, form tokens, languages, headers, templates.

pub(crate) mod cookie;
pub(crate) mod csrf;
pub(crate) mod error;
pub(crate) mod headers;
pub(crate) mod html;
pub(crate) mod language;
pub(crate) mod limit;
pub(crate) mod state;

pub(crate) use state::State;
