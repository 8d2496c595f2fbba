//! The nouns and rules of a hub: ids, actors, posts, policy, refusals. Pure data and decisions.
//!
//! Nothing here touches disk, network or clock (but `clock.rs`, which is the only one to read it).

pub(crate) mod activity;
pub(crate) mod actor;
pub(crate) mod announcement;
pub(crate) mod block;
pub(crate) mod block_list;
pub(crate) mod brand;
pub(crate) mod caller;
pub(crate) mod clock;
pub(crate) mod colour;
pub(crate) mod comment;
pub(crate) mod departure;
pub(crate) mod draft;
pub(crate) mod event;
pub(crate) mod filter;
pub(crate) mod flag;
pub(crate) mod host;
pub(crate) mod hub_page;
pub(crate) mod ids;
pub(crate) mod intent;
pub(crate) mod invitation;
pub(crate) mod letter;
pub(crate) mod likeness;
pub(crate) mod link_preview;
pub(crate) mod look;
pub(crate) mod media;
pub(crate) mod membership;
pub(crate) mod message;
pub(crate) mod names;
pub(crate) mod news;
pub(crate) mod notice;
pub(crate) mod page;
pub(crate) mod policy;
pub(crate) mod poll;
pub(crate) mod post;
pub(crate) mod question;
pub(crate) mod queue;
pub(crate) mod quote;
pub(crate) mod reading;
pub(crate) mod refusal;
pub(crate) mod rule;
pub(crate) mod search;
pub(crate) mod session;
pub(crate) mod webpage;
