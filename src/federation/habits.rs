//! How other servers want to be spoken to, as far as they said or showed it; all of it can be lost.

use moka::sync::Cache;

use super::keys::lasting;

/// How long what a host showed is remembered, in seconds: thirty days (federation.md 3.4).
const KEPT: u64 = 30 * 24 * 3600;

/// What is known of hosts.
pub(super) struct Habits {
    /// They refused a signed query and took the path alone.
    path_only: Cache<String, ()>,
    /// They say that they read RFC 9421 (FEP-844e, `Accept-Signature`).
    reads_rfc9421: Cache<String, ()>,
    /// They refused a draft signature and took one by RFC 9421.
    wants_rfc9421: Cache<String, ()>,
}

impl Default for Habits {
    fn default() -> Self {
        Self {
            path_only: lasting(KEPT),
            reads_rfc9421: lasting(KEPT),
            wants_rfc9421: lasting(KEPT),
        }
    }
}

impl Habits {
    /// Whether fetches from a host are signed without the query.
    pub(super) fn is_path_only(&self, host: &str) -> bool {
        self.path_only.contains_key(host)
    }

    /// Notes whether a host takes signatures of the path alone only.
    pub(super) fn set_path_only(&self, host: &str, only: bool) {
        set(&self.path_only, host, only);
    }

    /// Notes that a host says that it reads RFC 9421.
    pub(super) fn reads_rfc9421(&self, host: &str) {
        set(&self.reads_rfc9421, host, true);
    }

    /// Whether a host said that it reads RFC 9421.
    pub(super) fn may_read_rfc9421(&self, host: &str) -> bool {
        self.reads_rfc9421.contains_key(host)
    }

    /// Forgets that a host said so.
    pub(super) fn forget_rfc9421(&self, host: &str) {
        set(&self.reads_rfc9421, host, false);
    }

    /// Whether a host took RFC 9421 where it had refused the draft.
    pub(super) fn wants_rfc9421(&self, host: &str) -> bool {
        self.wants_rfc9421.contains_key(host)
    }

    /// Notes which form a host takes.
    pub(super) fn set_wants_rfc9421(&self, host: &str, wants: bool) {
        set(&self.wants_rfc9421, host, wants);
    }
}

fn set(hosts: &Cache<String, ()>, host: &str, is: bool) {
    if is {
        hosts.insert(host.to_owned(), ());
    } else {
        hosts.invalidate(host);
    }
}
