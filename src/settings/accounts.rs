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
    /// Whether who signs up has to open a link in a letter first, so that their mail address is
    /// theirs. `auto`: as soon as `mail.smtp_host` is set; `always`; `never`.
    pub confirmation: Confirmation,
    /// A question to who signs up where a moderator lets each one in, such as what brings them here.
    /// Moderators see the answer. Empty: none is asked.
    #[schemars(length(max = 1_000))]
    pub question: String,
    /// Who may invite people by a link, which lets them join whatever `registration` says: `nobody`,
    /// `admins`, `moderators` (and admins) or all `members`.
    pub inviters: Inviters,
    /// How long a browser stays signed in after its last visit.
    #[schemars(extend("x-min" = "5m", "x-max" = "365d"))]
    pub session_lifetime: Span,
    /// How long an account stays after its owner asked for it to be deleted, so that they can think
    /// better of it. `0s` deletes it at once.
    #[schemars(extend("x-min" = "0s", "x-max" = "90d"))]
    pub deletion_delay: Span,
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
            confirmation: Confirmation::Auto,
            question: String::new(),
            inviters: Inviters::Moderators,
            session_lifetime: Span::from_days(30),
            deletion_delay: Span::from_days(7),
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

/// Whether who signs up shows that their mail address is theirs.
#[derive(Deserialize, Serialize, JsonSchema, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Confirmation {
    /// Where letters are sent by a mail server.
    Auto,
    /// In any case.
    Always,
    /// In no case.
    Never,
}

/// The least role with which a person may invite others.
#[derive(Deserialize, Serialize, JsonSchema, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Inviters {
    /// Nobody.
    Nobody,
    /// Admins only.
    Admins,
    /// Moderators of the hub and admins.
    Moderators,
    /// Everybody with an account.
    Members,
}
