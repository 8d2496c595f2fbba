//! The rules that join several settings: what contradicts what, and what only deserves a warning.

use std::collections::BTreeSet;

use super::types::Host;
use super::{FederationMode, MailSecurity, Settings, Storage};

/// Settings that cannot be true together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contradiction {
    /// The settings concerned, as `section.key`, the one to change first.
    pub keys: Vec<&'static str>,
    /// One sentence that names them and says what to do.
    pub message: String,
}

/// Collects contradictions.
#[derive(Default)]
struct Findings(Vec<Contradiction>);

impl Findings {
    fn add(&mut self, keys: &[&'static str], message: impl Into<String>) {
        self.0.push(Contradiction {
            keys: keys.to_vec(),
            message: message.into(),
        });
    }
}

impl Settings {
    /// Every contradiction between settings; none means that a hub can run with them.
    pub fn check(&self) -> Vec<Contradiction> {
        let mut findings = Findings::default();
        self.check_domain(&mut findings);
        self.check_languages(&mut findings);
        self.check_addresses(&mut findings);
        self.check_database(&mut findings);
        self.check_hosts(&mut findings);
        self.check_delivery(&mut findings);
        self.check_mail(&mut findings);
        self.check_media(&mut findings);
        findings.0
    }

    /// What is allowed, but seldom meant.
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if self
            .server
            .trusted_proxies
            .iter()
            .any(super::Network::is_everything)
        {
            warnings.push(
                "server.trusted_proxies trusts every address, so anybody can pretend to come from anywhere"
                    .to_owned(),
            );
        }
        let federation = &self.federation;
        if federation.mode == FederationMode::Allowlist && federation.allowed_hosts.is_empty() {
            warnings.push(
                "federation.mode is \"allowlist\" and federation.allowed_hosts is empty, so the hub speaks with nobody"
                    .to_owned(),
            );
        }
        if federation.development {
            warnings.push(
                "federation.development is on: protections are off and ids begin with http://, so real servers cannot follow"
                    .to_owned(),
            );
        }
        warnings
    }

    fn check_mail(&self, findings: &mut Findings) {
        let mail = &self.mail;
        let host = mail.smtp_host.as_str();
        if !host.is_empty()
            && host
                .parse::<Host>()
                .map_or(true, |host| host.port().is_some())
        {
            findings.add(
                &["mail.smtp_host"],
                format!("mail.smtp_host: expected a host name such as \"smtp.example\", or \"\", found {host:?}; its port is mail.smtp_port"),
            );
        }
        if !mail.from.is_empty() && !mail.from.contains('@') {
            findings.add(
                &["mail.from"],
                format!("mail.from: expected an address such as \"hub@hub.example\", or \"\", found {:?}", mail.from),
            );
        }
        let open = mail.security == MailSecurity::None && !mail.username.is_empty();
        if open && !host.parse::<Host>().is_ok_and(|host| host.is_loopback()) {
            findings.add(
                &["mail.security", "mail.username"],
                "mail.security: expected \"starttls\" or \"tls\", because \"none\" would show mail.password to everybody on the way",
            );
        }
    }

    fn check_domain(&self, findings: &mut Findings) {
        if self.federation.development {
            return;
        }
        let domain = &self.instance.domain;
        let wrong = if let Some(port) = domain.port() {
            format!("has the port {port}")
        } else if domain.address().is_some() {
            "is an address and no name".to_owned()
        } else if domain.is_loopback() || !domain.name().contains('.') {
            "is a name that other servers cannot find".to_owned()
        } else {
            return;
        };
        findings.add(
            &["instance.domain", "federation.development"],
            format!(
                "instance.domain: {domain} {wrong}; set a public name such as \"hub.example\", or federation.development = true to try the hub on this machine"
            ),
        );
    }

    fn check_languages(&self, findings: &mut Findings) {
        let mut seen = BTreeSet::new();
        for language in &self.instance.languages {
            if !is_language(language) {
                findings.add(
                    &["instance.languages"],
                    format!("instance.languages: expected short codes such as \"en\" or \"pt-BR\", found {language:?}"),
                );
            }
            if !seen.insert(language.to_ascii_lowercase()) {
                findings.add(
                    &["instance.languages"],
                    format!("instance.languages: {language:?} is there twice; keep one"),
                );
            }
        }
    }

    fn check_media(&self, findings: &mut Findings) {
        let media = &self.media;
        if media.storage == Storage::Disk {
            return;
        }
        let endpoint = url::Url::parse(&media.s3_endpoint);
        if !endpoint.is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host()) {
            findings.add(
                &["media.s3_endpoint"],
                format!(
                    "media.s3_endpoint: expected an address such as \"https://s3.example\", found {:?}",
                    media.s3_endpoint
                ),
            );
        }
        let needed = [
            ("media.s3_bucket", media.s3_bucket.is_empty()),
            ("media.s3_key", media.s3_key.is_empty()),
            ("media.s3_secret", media.s3_secret.expose().is_empty()),
        ];
        for (key, _) in needed.into_iter().filter(|(_, missing)| *missing) {
            let message = format!("{key}: must be set while media.storage is \"s3\"");
            findings.add(&[key, "media.storage"], message);
        }
    }

    fn check_addresses(&self, findings: &mut Findings) {
        let server = &self.server;
        let development = self.federation.development;
        if development && !server.bind.ip().is_loopback() && !server.force_public_development {
            findings.add(
                &["server.bind", "federation.development"],
                format!(
                    "server.bind: {} can be reached from elsewhere while federation.development switches protections off; listen on 127.0.0.1, set federation.development = false, or force it with server.force_public_development = true",
                    server.bind
                ),
            );
        }
        if server.force_public_development && !development {
            findings.add(
                &["server.force_public_development", "federation.development"],
                "server.force_public_development: expected false, because federation.development is off",
            );
        }
        if server.bind.port() == 0 && !development {
            findings.add(
                &["server.bind"],
                "server.bind: expected a port from 1 to 65535, found 0",
            );
        }
        let Some(metrics) = self.observe.metrics_bind else {
            return;
        };
        let same_address = metrics.ip() == server.bind.ip()
            || metrics.ip().is_unspecified()
            || server.bind.ip().is_unspecified();
        if same_address && metrics.port() == server.bind.port() && metrics.port() != 0 {
            findings.add(
                &["observe.metrics_bind", "server.bind"],
                format!(
                    "observe.metrics_bind: {metrics} is taken by server.bind; choose another port"
                ),
            );
        }
    }

    fn check_database(&self, findings: &mut Findings) {
        if self.database.target(&self.server.data_dir).is_none() {
            findings.add(
                &["database.url"],
                "database.url: expected \"\", \"sqlite://PATH\" or \"postgres://USER:PASSWORD@HOST/NAME\"",
            );
        }
    }

    fn check_hosts(&self, findings: &mut Findings) {
        let federation = &self.federation;
        if federation.mode == FederationMode::Open && !federation.allowed_hosts.is_empty() {
            findings.add(
                &["federation.allowed_hosts", "federation.mode"],
                "federation.allowed_hosts: expected an empty list, because federation.mode is \"open\"; set mode = \"allowlist\" to speak with these hosts only",
            );
        }
        let blocked = |host: &Host| {
            federation
                .blocked_hosts
                .iter()
                .find(|blocked| blocked.covers(host.as_str()))
        };
        for host in &federation.allowed_hosts {
            if let Some(entry) = blocked(host) {
                findings.add(
                    &["federation.allowed_hosts", "federation.blocked_hosts"],
                    format!("federation.allowed_hosts: {host} is also in federation.blocked_hosts (as {entry}); keep it in one of them"),
                );
            }
        }
        if let Some(entry) = blocked(&self.instance.domain) {
            findings.add(
                &["federation.blocked_hosts", "instance.domain"],
                format!(
                    "federation.blocked_hosts: {entry} would block this hub itself; take it out"
                ),
            );
        }
    }

    fn check_delivery(&self, findings: &mut Findings) {
        let delivery = &self.delivery;
        if delivery.per_host > delivery.in_flight {
            findings.add(
                &["delivery.per_host", "delivery.in_flight"],
                format!(
                    "delivery.per_host: expected no more than delivery.in_flight, which is {}, found {}",
                    delivery.in_flight, delivery.per_host
                ),
            );
        }
        let ordered = [
            (
                ["delivery.connect_timeout", "delivery.timeout"],
                delivery.connect_timeout,
                delivery.timeout,
            ),
            (
                ["delivery.backoff_base", "delivery.backoff_cap"],
                delivery.backoff_base,
                delivery.backoff_cap,
            ),
        ];
        for (keys, lesser, greater) in ordered {
            if lesser > greater {
                let [key, other] = keys;
                findings.add(
                    &keys,
                    format!(
                        "{key}: expected no more than {other}, which is {greater}, found {lesser}"
                    ),
                );
            }
        }
    }
}

/// BCP 47 as far as a page needs it: two or three letters, then parts of 2 to 8 letters or digits.
fn is_language(code: &str) -> bool {
    let mut parts = code.split('-');
    let first = parts.next().unwrap_or_default();
    (2..=3).contains(&first.len())
        && first.bytes().all(|byte| byte.is_ascii_lowercase())
        && parts.all(|part| {
            (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Span;

    /// The first keys of what contradicts after a change to the defaults.
    fn after(change: impl FnOnce(&mut Settings)) -> Vec<&'static str> {
        let mut settings = Settings::default();
        change(&mut settings);
        settings
            .check()
            .iter()
            .filter_map(|found| found.keys.first().copied())
            .collect()
    }

    #[test]
    fn defaults_contradict_nothing() {
        assert_eq!(Settings::default().check(), []);
        assert_eq!(Settings::default().warnings(), Vec::<String>::new());
    }

    #[test]
    fn only_development_allows_ports_addresses_and_local_names() {
        for domain in ["hub.example:8443", "192.0.2.1", "localhost", "hub"] {
            let host: Host = domain.parse().unwrap();
            let found = after(|settings| settings.instance.domain = host.clone());
            assert_eq!(found, ["instance.domain"], "{domain}");
            let found = after(|settings| {
                settings.instance.domain = host;
                settings.federation.development = true;
            });
            assert!(found.is_empty(), "{domain} in development: {found:?}");
        }
    }

    #[test]
    fn development_refuses_a_public_bind_unless_forced() {
        let public = |settings: &mut Settings| {
            settings.federation.development = true;
            settings.server.bind = "0.0.0.0:8080".parse().unwrap();
        };
        assert_eq!(after(public), ["server.bind"]);
        let forced = after(|settings| {
            public(settings);
            settings.server.force_public_development = true;
        });
        assert!(forced.is_empty(), "{forced:?}");
        let needless = after(|settings| settings.server.force_public_development = true);
        assert_eq!(needless, ["server.force_public_development"]);
    }

    #[test]
    fn ports_must_be_free_for_each_listener() {
        let found = after(|settings| settings.server.bind = "127.0.0.1:0".parse().unwrap());
        assert_eq!(found, ["server.bind"]);
        let found =
            after(|settings| settings.observe.metrics_bind = Some("0.0.0.0:8080".parse().unwrap()));
        assert_eq!(found, ["observe.metrics_bind"]);
    }

    #[test]
    fn unknown_database_is_refused_without_showing_its_url() {
        let mut settings = Settings::default();
        settings.database.url = "mysql://hub:hunter2@db".to_owned().into();
        let found = settings.check();
        assert_eq!(found.len(), 1);
        assert!(found.iter().all(|found| !found.message.contains("hunter2")));
    }

    #[test]
    fn host_lists_must_agree() {
        let host = || "other.example".parse::<Host>().unwrap();
        let found = after(|settings| settings.federation.allowed_hosts = vec![host()]);
        assert_eq!(found, ["federation.allowed_hosts"]);
        let found = after(|settings| {
            settings.federation.mode = FederationMode::Allowlist;
            settings.federation.allowed_hosts = vec![host()];
            settings.federation.blocked_hosts = vec![host()];
        });
        assert_eq!(found, ["federation.allowed_hosts"]);
        let found = after(|settings| {
            settings.federation.blocked_hosts = vec![settings.instance.domain.clone()];
        });
        assert_eq!(found, ["federation.blocked_hosts"]);
    }

    #[test]
    fn delivery_bounds_must_be_in_order() {
        let found = after(|settings| settings.delivery.in_flight = 2);
        assert_eq!(found, ["delivery.per_host"]);
        let found = after(|settings| settings.delivery.timeout = Span::from_seconds(2));
        assert_eq!(found, ["delivery.connect_timeout"]);
        let found = after(|settings| settings.delivery.backoff_cap = Span::from_seconds(1));
        assert_eq!(found, ["delivery.backoff_base"]);
    }

    #[test]
    fn mail_is_sent_to_a_host_and_passwords_only_in_private() {
        let found = after(|settings| settings.mail.smtp_host = "smtp.example:25".to_owned());
        assert_eq!(found, ["mail.smtp_host"]);
        let found = after(|settings| settings.mail.from = "hub".to_owned());
        assert_eq!(found, ["mail.from"]);
        let open = |host: &str| {
            after(|settings| {
                settings.mail.smtp_host = host.to_owned();
                settings.mail.username = "hub".to_owned();
                settings.mail.security = MailSecurity::None;
            })
        };
        assert_eq!(open("smtp.example"), ["mail.security"]);
        assert!(open("localhost").is_empty());
    }

    #[test]
    fn languages_are_codes_and_unique() {
        let languages = |list: &[&str]| {
            let list = list.iter().map(|code| (*code).to_owned()).collect();
            after(|settings| settings.instance.languages = list)
        };
        assert!(languages(&["en", "pt-BR", "zh-Hant"]).is_empty());
        assert_eq!(languages(&["english"]), ["instance.languages"]);
        assert_eq!(languages(&["en", "en"]), ["instance.languages"]);
    }

    #[test]
    fn careless_settings_are_warned_about() {
        let mut settings = Settings::default();
        settings.server.trusted_proxies = vec!["0.0.0.0/0".parse().unwrap()];
        settings.federation.mode = FederationMode::Allowlist;
        settings.federation.development = true;
        assert_eq!(settings.warnings().len(), 3);
    }
}
