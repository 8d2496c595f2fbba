//! `[mail]`: how letters leave the hub, and how often members hear of it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::types::{Secret, Span};

/// How letters leave the hub, and how often members hear of it.
#[derive(Deserialize, Serialize, JsonSchema, Clone, Debug, PartialEq)]
#[serde(default, deny_unknown_fields)]
pub struct Mail {
    /// The server that takes the hub's letters and carries them on. Empty: letters are written as
    /// `.eml` files into `mail` of `server.data_dir`, for an admin to pass on, and go away after 30 days.
    #[schemars(extend("x-expected" = "a host name such as \"smtp.example\", or \"\""))]
    pub smtp_host: String,
    /// The port of that server.
    #[schemars(range(min = 1, max = 65_535))]
    pub smtp_port: u16,
    /// How the connection is kept private. `starttls`: it begins in the open and is encrypted before
    /// anything is said (usual on port 587); `tls`: encrypted from the first byte (usual on port 465);
    /// `none`: never, for a server on this machine.
    pub security: MailSecurity,
    /// The name to sign in with at that server. Empty: nobody signs in.
    pub username: String,
    /// The password that goes with it.
    #[schemars(extend("x-secret" = true))]
    pub password: Secret,
    /// The address from which letters come. Empty: `hub@` and the host of `instance.domain`.
    pub from: String,
    /// How long a letter that cannot be handed over is tried again.
    #[schemars(extend("x-min" = "1h", "x-max" = "30d"))]
    pub give_up: Span,
    /// How often members who have not chosen themselves get a letter with the best threads of their
    /// groups and what they have not answered: `off`, `daily` or `weekly`.
    pub digest: DigestRhythm,
}

impl Default for Mail {
    fn default() -> Self {
        Self {
            smtp_host: String::new(),
            smtp_port: 587,
            security: MailSecurity::Starttls,
            username: String::new(),
            password: Secret::default(),
            from: String::new(),
            give_up: Span::from_days(5),
            digest: DigestRhythm::Weekly,
        }
    }
}

impl Mail {
    /// Whether letters reach their receivers; else they become files.
    pub fn is_sent(&self) -> bool {
        !self.smtp_host.is_empty()
    }
}

/// How the connection to the mail server is kept private.
#[derive(Deserialize, Serialize, JsonSchema, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum MailSecurity {
    /// Encrypted before anything is said.
    Starttls,
    /// Encrypted from the first byte.
    Tls,
    /// Not at all.
    None,
}

/// How often somebody gets a digest.
#[derive(Deserialize, Serialize, JsonSchema, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum DigestRhythm {
    /// Never.
    Off,
    /// Every day.
    Daily,
    /// Every week.
    Weekly,
}

impl DigestRhythm {
    /// The stable lower-case name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Daily => "daily",
            Self::Weekly => "weekly",
        }
    }

    /// Reads the stable name.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "off" => Some(Self::Off),
            "daily" => Some(Self::Daily),
            "weekly" => Some(Self::Weekly),
            _ => None,
        }
    }

    /// The seconds from one digest to the next; who gets none is thought of again after a week.
    pub fn seconds(self) -> i64 {
        match self {
            Self::Daily => 24 * 3600,
            Self::Off | Self::Weekly => 7 * 24 * 3600,
        }
    }
}
