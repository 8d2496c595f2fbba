//! Whom the hub hears: the block list, the allow-list, and nobody who claims to be ourselves.

use crate::domain::ids::Uri;
use crate::domain::names::Names;
use crate::settings::Settings;

use super::Federation;
use super::receive::Rejection;

/// The status of who is not heard; nothing else is answered so here.
pub(super) const BLOCKED: u16 = 403;

/// Whether this actor of another server is heard at all; asked before any key is fetched
/// (federation.md 3.3 step 12, security.md H61, H62, H89).
pub(super) fn admit(settings: &Settings, names: &Names, actor: &Uri) -> Result<(), Rejection> {
    if names.is_local(actor.as_str()) {
        return Err(Rejection::new(
            401,
            "An actor of this hub does not write to it from outside.",
        ));
    }
    if !settings.federation.admits(&actor.host()) {
        return Err(blocked());
    }
    if actor
        .url()
        .is_none_or(|url| url.scheme() != "https" && !settings.federation.development)
    {
        return Err(Rejection::new(401, "The actor must have an https id."));
    }
    Ok(())
}

impl Federation {
    /// Whether this actor of another server is heard at all, by the settings and by the rules that
    /// admins set or subscribed to.
    pub(super) async fn admit(&self, actor: &Uri) -> Result<(), Rejection> {
        admit(&self.settings(), self.names(), actor)?;
        if self.operations.admits(&actor.host()).await? {
            return Ok(());
        }
        Err(blocked())
    }

    /// Whether something may be fetched from there at all.
    pub(super) async fn may_fetch(&self, uri: &Uri) -> bool {
        self.admit(uri).await.is_ok()
    }
}

/// What a server hears that is not heard.
pub(super) fn blocked() -> Rejection {
    Rejection::new(BLOCKED, "This hub does not federate with your server.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocked_hosts_and_our_own_actors_are_not_heard() {
        let mut settings = Settings::default();
        settings.federation.blocked_hosts = vec!["bad.example".parse().unwrap()];
        let names = Names::new("https://hub.example");
        let status = |uri: &str| {
            admit(&settings, &names, &Uri::parse(uri).unwrap())
                .err()
                .map(|no| no.status)
        };
        assert_eq!(status("https://good.example/u/a"), None);
        assert_eq!(status("https://BAD.example/u/a"), Some(403));
        assert_eq!(status("https://under.bad.example/u/a"), Some(403));
        assert_eq!(status("https://HUB.example/u/a"), Some(401));
        assert_eq!(status("http://good.example/u/a"), Some(401));
    }

    #[test]
    fn h062_in_allow_list_mode_only_listed_names_are_heard() {
        let mut settings = Settings::default();
        settings.federation.mode = crate::settings::FederationMode::Allowlist;
        settings.federation.allowed_hosts = vec!["good.example".parse().unwrap()];
        let names = Names::new("https://hub.example");
        for (id, host, heard) in [
            ("H62 exact", "good.example", true),
            ("H62 case", "GOOD.example", true),
            ("H62 trailing dot", "good.example.", true),
            ("H62 subdomain", "a.good.example", true),
            ("H62 not listed", "other.example", false),
            ("R-29 suffix", "evilgood.example", false),
            ("R-29 prefix", "good.example.com", false),
            ("H62 punycode twin", "xn--god-jva.example", false),
        ] {
            let uri = Uri::parse(&format!("https://{host}/u/a")).unwrap();
            assert_eq!(admit(&settings, &names, &uri).is_ok(), heard, "{id}");
        }
    }
}
