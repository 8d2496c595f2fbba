//! `[limits]`: how often people and servers may do things.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::types::{Rate, Span};

/// How often people and servers may do things. `"60/5m"` lets 60 happen at once and refills
/// within 5 minutes; `"off"` lifts the limit.
#[derive(Deserialize, Serialize, JsonSchema, Clone, Debug)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Sign-ups from one address (one /64 network with IPv6).
    pub sign_up: Rate,
    /// Tries to sign in from one address (one /64 network with IPv6).
    pub sign_in_address: Rate,
    /// Servers that the hub asks for somebody from one address who has no account here: to lead them
    /// to the right page there, or to let them sign in with their account there.
    pub look_ups: Rate,
    /// Failed tries to sign in to one account.
    pub sign_in_account: Rate,
    /// Letters that people ask for without being signed in (to set a new password, or to be sent
    /// another) from one address (one /64 network with IPv6).
    pub letters_asked: Rate,
    /// The same letters to one mail address.
    pub letters_received: Rate,
    /// API requests and pages of one person or, signed out, of one address.
    pub requests: Rate,
    /// Posts, comments, votes and other changes of one person.
    pub writes: Rate,
    /// Archives of all that they wrote that one person takes with them.
    pub exports: Rate,
    /// Messages from one server.
    pub inbox_host: Rate,
    /// Documents that are fetched from one server because messages or members name them.
    pub fetch_host: Rate,
    /// Keys that are fetched from one server because signatures name them.
    pub key_host: Rate,
    /// Documents that are fetched from one server while nobody waits for them, as the past of a
    /// group. What is beyond waits.
    pub backfill_host: Rate,
    /// Posts of one person of another server, in all groups of this hub together. Those beyond
    /// are neither stored nor announced.
    pub remote_posts: Rate,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            sign_up: Rate::new(5, Span::from_hours(1)),
            sign_in_address: Rate::new(30, Span::from_hours(1)),
            look_ups: Rate::new(30, Span::from_hours(1)),
            sign_in_account: Rate::new(10, Span::from_hours(1)),
            letters_asked: Rate::new(10, Span::from_hours(1)),
            letters_received: Rate::new(3, Span::from_hours(1)),
            requests: Rate::new(300, Span::from_minutes(5)),
            writes: Rate::new(60, Span::from_minutes(5)),
            exports: Rate::new(3, Span::from_hours(1)),
            inbox_host: Rate::new(200, Span::from_seconds(4)),
            fetch_host: Rate::new(60, Span::from_minutes(1)),
            key_host: Rate::new(60, Span::from_minutes(1)),
            backfill_host: Rate::new(10, Span::from_seconds(10)),
            remote_posts: Rate::new(30, Span::from_hours(1)),
        }
    }
}

impl Limits {
    /// Every limit off, as development has it.
    pub fn lifted() -> Self {
        Self {
            sign_up: Rate::OFF,
            sign_in_address: Rate::OFF,
            look_ups: Rate::OFF,
            sign_in_account: Rate::OFF,
            letters_asked: Rate::OFF,
            letters_received: Rate::OFF,
            requests: Rate::OFF,
            writes: Rate::OFF,
            exports: Rate::OFF,
            inbox_host: Rate::OFF,
            fetch_host: Rate::OFF,
            key_host: Rate::OFF,
            backfill_host: Rate::OFF,
            remote_posts: Rate::OFF,
        }
    }
}
