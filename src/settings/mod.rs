//! The one typed settings tree, its defaults, its checks and its documents.
//!
//! A section is a file; a setting is a field whose doc comment is its only explanation and whose
//! value in `Default` is its only default. [`Settings::load`] reads file and environment,
//! [`Live`] holds the settings in force, [`render_config`] and [`render_reference`] write the
//! documents. Lower rooms are handed their section, never the root.

mod accounts;
mod check;
mod database;
mod delivery;
mod document;
mod fault;
mod federation;
mod groups;
mod instance;
mod intake;
mod limits;
mod live;
mod load;
mod mail;
mod media;
mod moderation;
mod observe;
mod optional_address;
mod posts;
mod privacy;
mod schema;
mod server;
mod sharing;
mod spelling;
mod theme;
mod types;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use accounts::{Accounts, Confirmation, Inviters, Registration};
pub use check::Contradiction;
pub use database::{Database, Synchronous, Target};
pub use delivery::Delivery;
pub use document::{Initial, render_config, render_initial, render_reference, render_schema};
pub use fault::{Fault, Faults, Loaded, Source};
pub use federation::{Federation, FederationMode, Refusing};
pub use groups::{Founders, Groups};
pub use instance::Instance;
pub use intake::Intake;
pub use limits::Limits;
pub use live::{Live, ReloadRefused};
pub use mail::{DigestRhythm, Mail, MailSecurity};
pub use media::{Media, Storage};
pub use moderation::{Moderation, ReportedBy};
pub use observe::{LogFormat, LogLevel, Observe};
pub use posts::Posts;
pub use privacy::{DeletedAccounts, Privacy};
pub use server::Server;
pub use sharing::Sharing;
pub use theme::Theme;
pub use types::{ByteSize, Colour, Host, Malformed, Network, Quota, Rate, Secret, Span};

/// Everything an operator can set, one struct per TOML section.
#[derive(Deserialize, Serialize, JsonSchema, Clone, Debug, Default)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// What this hub is called.
    pub instance: Instance,
    /// Where it listens.
    pub server: Server,
    /// Where it keeps its data.
    pub database: Database,
    /// Who may join.
    pub accounts: Accounts,
    /// How letters leave it.
    pub mail: Mail,
    /// Who may found groups.
    pub groups: Groups,
    /// How large texts may be.
    pub posts: Posts,
    /// Which pictures it takes and where it keeps them.
    pub media: Media,
    /// Whom it speaks with.
    pub federation: Federation,
    /// What it takes in at most.
    pub intake: Intake,
    /// How it moderates.
    pub moderation: Moderation,
    /// How it sends.
    pub delivery: Delivery,
    /// How often things may happen.
    pub limits: Limits,
    /// What it tells and keeps.
    pub privacy: Privacy,
    /// Where else it is shown.
    pub sharing: Sharing,
    /// What it logs.
    pub observe: Observe,
    /// How it looks.
    pub theme: Theme,
}

impl Settings {
    /// The root of every id and page of this hub, without a final slash.
    pub fn base_url(&self) -> String {
        let scheme = if self.federation.development {
            "http"
        } else {
            "https"
        };
        format!("{scheme}://{}", self.instance.domain)
    }

    /// Whether who signs up has to show that their mail address is theirs.
    pub fn confirms_addresses(&self) -> bool {
        match self.accounts.confirmation {
            Confirmation::Auto => self.mail.is_sent(),
            Confirmation::Always => true,
            Confirmation::Never => false,
        }
    }

    /// Settings for a hub that is tried out or tested on this machine: development on, rate
    /// limits off.
    pub fn for_development(domain: Host) -> Self {
        let mut settings = Self::default();
        settings.instance.domain = domain;
        settings.federation.development = true;
        settings.limits = Limits::lifted();
        settings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_url_is_https_and_http_in_development() {
        let settings = Settings::default();
        assert_eq!(settings.base_url(), "https://hub.example");
        let settings = Settings::for_development("hub.test:8080".parse().unwrap());
        assert_eq!(settings.base_url(), "http://hub.test:8080");
    }
}
