//! `[accounts]`: who may join and how people sign in.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::types::Span;

/// Who may join and how people sign in.
#[derive(Deserialize, Serialize, JsonSchema, Clone, Debug)]
#[serde(default, deny_unknown_fields)]
pub struct Accounts {
    /// Who may sign up. `open`: everybody at once; `approval`: everybody, but a moderator lets each
    /// one in; `closed`: nobody, accounts are made on the command line.
    pub registration: Registration,
    /// How long a browser stays signed in after its last visit.
    #[schemars(extend("x-min" = "5m", "x-max" = "365d"))]
    pub session_lifetime: Span,
    /// The fewest letters of a new password.
    #[schemars(range(min = 8, max = 128))]
    pub password_minimum: u32,
    /// The most letters of a person's name for display.
    #[schemars(range(min = 30, max = 500))]
    pub name_limit: u32,
    /// The most letters of a person's text about themselves.
    #[schemars(range(min = 0, max = 50_000))]
    pub bio_limit: u32,
}

impl Default for Accounts {
    fn default() -> Self {
        Self {
            registration: Registration::Approval,
            session_lifetime: Span::from_days(30),
            password_minimum: 10,
            name_limit: 120,
            bio_limit: 5_000,
        }
    }
}

/// Who may sign up.
#[derive(Deserialize, Serialize, JsonSchema, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Registration {
    /// Everybody, at once.
    Open,
    /// Everybody, after a moderator agreed.
    Approval,
    /// Nobody.
    Closed,
}
