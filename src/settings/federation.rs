//! `[federation]`: which servers the hub speaks with, and what it takes from them at most.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::types::{ByteSize, Host, Span};

/// Which servers the hub speaks with, and what it takes from them at most.
#[derive(Deserialize, Serialize, JsonSchema, Clone, Debug)]
#[serde(default, deny_unknown_fields)]
pub struct Federation {
    /// Whether the hub speaks with other servers at all.
    #[schemars(extend("x-reload" = "restart"))]
    pub enabled: bool,
    /// `open`: with every server that is not blocked; `allowlist`: only with `allowed_hosts`.
    pub mode: FederationMode,
    /// For a hub on one machine that is tried out or tested: allows http, ports and loopback
    /// addresses, uses `http://` in ids, and lifts every rate limit that is not set by hand.
    #[schemars(extend("x-reload" = "restart"))]
    pub development: bool,
    /// The servers that `mode = "allowlist"` speaks with. A name stands for what lies beneath it
    /// too, and for every port unless it has one.
    pub allowed_hosts: Vec<Host>,
    /// The servers that the hub takes nothing from and sends nothing to. A name stands for what
    /// lies beneath it too, and for every port unless it has one.
    pub blocked_hosts: Vec<Host>,
    /// Whether posts, comments, activities and collections are given only to servers that sign
    /// their requests. Pages for people, and what other servers need to sign at all, stay open.
    pub secure_mode: bool,
    /// How messages from servers that the hub does not speak with are answered: `refuse` says so
    /// (403), `ignore` takes them without effect (202), so that a block is not seen from outside.
    pub blocked_senders: Refusing,
    /// Whether Mastodon and its kin are served posts as notes, which they show in full, in place
    /// of articles, which they show as a title and a link.
    pub native_forms: bool,
    /// Whether what the hub sends bears its author's proof (FEP-8b32), with which servers that
    /// know it need not ask here whether it is true. Proofs of others are always checked.
    pub proofs: bool,
    /// The largest message that is taken from another server.
    #[schemars(extend("x-min" = "64 KiB", "x-max" = "16 MiB"))]
    pub inbox_body: ByteSize,
    /// How deep a message from another server may be nested.
    #[schemars(range(min = 16, max = 256))]
    pub json_depth: u32,
    /// How old a signed message without an expiry of its own may be.
    #[schemars(extend("x-min" = "5m", "x-max" = "13h"))]
    pub date_window: Span,
    /// The largest document that is fetched from another server.
    #[schemars(extend("x-min" = "64 KiB", "x-max" = "16 MiB"))]
    pub fetch_body: ByteSize,
    /// How long one fetch from another server may take.
    #[schemars(extend("x-min" = "1s", "x-max" = "1m"))]
    pub fetch_timeout: Span,
    /// How many redirects one fetch follows.
    #[schemars(range(min = 0, max = 10))]
    pub fetch_redirects: u32,
    /// The most fetches that one message or one search may cause.
    #[schemars(range(min = 1, max = 200))]
    pub fetches_per_job: u32,
    /// How old the copy of a remote person or group may become before it is fetched anew.
    #[schemars(extend("x-min" = "5m", "x-max" = "30d"))]
    pub actor_refresh: Span,
}

impl Default for Federation {
    fn default() -> Self {
        Self {
            enabled: true,
            mode: FederationMode::Open,
            development: false,
            allowed_hosts: Vec::new(),
            blocked_hosts: Vec::new(),
            secure_mode: false,
            blocked_senders: Refusing::Refuse,
            native_forms: true,
            proofs: false,
            inbox_body: ByteSize::from_mib(1),
            json_depth: 64,
            date_window: Span::from_hours(12),
            fetch_body: ByteSize::from_mib(1),
            fetch_timeout: Span::from_seconds(15),
            fetch_redirects: 3,
            fetches_per_job: 20,
            actor_refresh: Span::from_days(1),
        }
    }
}

/// Which servers the hub speaks with.
#[derive(Deserialize, Serialize, JsonSchema, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum FederationMode {
    /// All that are not blocked.
    Open,
    /// Those that are allowed.
    Allowlist,
}

/// How a server that is not spoken with is answered.
#[derive(Deserialize, Serialize, JsonSchema, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Refusing {
    /// It is told.
    Refuse,
    /// It is not told.
    Ignore,
}

impl Federation {
    /// Whether the hub speaks with this host (with optional port, in any case) at all.
    pub fn admits(&self, host: &str) -> bool {
        let host = Host::normal(host);
        let listed = |hosts: &[Host]| hosts.iter().any(|entry| entry.covers_normal(&host));
        let allowed = match self.mode {
            FederationMode::Open => true,
            FederationMode::Allowlist => listed(&self.allowed_hosts),
        };
        self.enabled && allowed && !listed(&self.blocked_hosts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocked_hosts_are_not_admitted() {
        let federation = Federation {
            blocked_hosts: vec!["bad.example".parse().unwrap()],
            ..Federation::default()
        };
        assert!(federation.admits("good.example"));
        assert!(!federation.admits("Bad.Example"));
        assert!(!federation.admits("under.bad.example"));
    }

    #[test]
    fn allowlist_admits_what_is_listed_only() {
        let federation = Federation {
            mode: FederationMode::Allowlist,
            allowed_hosts: vec!["good.example".parse().unwrap()],
            ..Federation::default()
        };
        assert!(federation.admits("good.example"));
        assert!(federation.admits("good.example:45289"));
        assert!(!federation.admits("other.example"));
    }

    #[test]
    fn switched_off_federation_admits_nobody() {
        let federation = Federation {
            enabled: false,
            ..Federation::default()
        };
        assert!(!federation.admits("good.example"));
    }
}
