//! Whom the hub hears: the block list, the allow-list, and nobody who claims to be ourselves.

use crate::domain::ids::Uri;
use crate::domain::names::Names;
use crate::settings::Settings;

use super::receive::Rejection;

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
        return Err(Rejection::new(
            403,
            "This hub does not federate with your server.",
        ));
    }
    if actor
        .url()
        .is_none_or(|url| url.scheme() != "https" && !settings.federation.development)
    {
        return Err(Rejection::new(401, "The actor must have an https id."));
    }
    Ok(())
}

/// Whether something may be fetched from there at all.
pub(super) fn may_fetch(settings: &Settings, names: &Names, uri: &Uri) -> bool {
    admit(settings, names, uri).is_ok()
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
}
