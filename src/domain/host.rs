//! Rules about other servers: what a name stands for, and which of several rules applies.

use super::clock::Ts;

/// Which of the servers that the hub knows are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AmongServers {
    /// All.
    All,
    /// Those that take what is sent.
    Well,
    /// Those that do not.
    Failing,
    /// Those to which an admin wants nothing sent.
    Paused,
    /// Those that are limited or suspended.
    KeptAway,
}

/// How far a server is kept away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Severity {
    /// Not at all.
    None,
    /// What comes from there stands in its groups and threads only: not in the lists of the whole
    /// hub, and it notifies nobody.
    Limit,
    /// Nothing is taken from there or sent there, and what came is shown to nobody.
    Suspend,
}

impl Severity {
    /// The stable lower-case name.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Limit => "limit",
            Self::Suspend => "suspend",
        }
    }

    /// Reads the stable name, or the word of a Mastodon list: `noop`, `silence`, `suspend`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "none" | "noop" => Some(Self::None),
            "limit" | "silence" => Some(Self::Limit),
            "suspend" => Some(Self::Suspend),
            _ => None,
        }
    }

    /// The word in a Mastodon list.
    pub(crate) fn mastodon(self) -> &'static str {
        match self {
            Self::None => "noop",
            Self::Limit => "silence",
            Self::Suspend => "suspend",
        }
    }
}

/// What applies to a server and everything beneath its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HostRule {
    /// The name, as [`normal`] makes it.
    pub(crate) host: String,
    /// How far it is kept away.
    pub(crate) severity: Severity,
    /// Whether pictures and files from there are left out.
    pub(crate) reject_media: bool,
    /// Whether reports from there are not taken.
    pub(crate) reject_reports: bool,
    /// Why, for everybody.
    pub(crate) comment: String,
    /// Whether the name is not shown to everybody.
    pub(crate) obfuscate: bool,
}

impl HostRule {
    /// A rule of this severity and nothing else; the name must be normal.
    pub(crate) fn new(host: String, severity: Severity) -> Self {
        Self {
            host,
            severity,
            reject_media: false,
            reject_reports: false,
            comment: String::new(),
            obfuscate: false,
        }
    }
}

/// What applies to one server at this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Treatment {
    /// How far it is kept away.
    pub(crate) severity: Severity,
    /// Whether pictures and files from there are left out.
    pub(crate) reject_media: bool,
    /// Whether reports from there are not taken.
    pub(crate) reject_reports: bool,
}

impl Treatment {
    /// Nothing is held against it.
    pub(crate) const WELCOME: Self = Self {
        severity: Severity::None,
        reject_media: false,
        reject_reports: false,
    };

    /// Whether it is heard and spoken to at all.
    pub(crate) fn admits(self) -> bool {
        self.severity < Severity::Suspend
    }

    fn of(rule: &HostRule) -> Self {
        Self {
            severity: rule.severity,
            reject_media: rule.reject_media,
            reject_reports: rule.reject_reports,
        }
    }

    fn and(self, other: Self) -> Self {
        Self {
            severity: self.severity.max(other.severity),
            reject_media: self.reject_media || other.reject_media,
            reject_reports: self.reject_reports || other.reject_reports,
        }
    }
}

/// What an admin wants with the deliveries to a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Steering {
    /// They are tried now, though it failed.
    Retry,
    /// Nothing is sent for now; what there is to say waits in the log.
    Pause,
    /// It is sent again, from where it stopped.
    Resume,
}

impl Steering {
    /// The stable lower-case name.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Retry => "retry",
            Self::Pause => "pause",
            Self::Resume => "resume",
        }
    }

    /// Reads the stable name.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "retry" => Some(Self::Retry),
            "pause" => Some(Self::Pause),
            "resume" => Some(Self::Resume),
            _ => None,
        }
    }
}

/// From where a rule comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum RuleSource {
    /// Set here by an admin.
    Hand,
    /// From the list of this number.
    List(i64),
}

impl RuleSource {
    /// The stable number in the store.
    pub(crate) fn number(self) -> i64 {
        match self {
            Self::Hand => 0,
            Self::List(id) => id,
        }
    }

    /// Reads the stable number.
    pub(crate) fn parse(number: i64) -> Self {
        if number == 0 {
            Self::Hand
        } else {
            Self::List(number)
        }
    }
}

/// A list that the hub subscribed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Subscription {
    /// The row, and the number of its rules' source.
    pub(crate) id: i64,
    /// Where it is read.
    pub(crate) url: String,
    /// When it was subscribed to.
    pub(crate) created_at: Ts,
    /// When it was last read.
    pub(crate) refreshed_at: Option<Ts>,
    /// When it is to be read next.
    pub(crate) next_at: Ts,
    /// Why it could not be read the last time.
    pub(crate) error: Option<String>,
}

/// The name of a server in the form in which names are compared: in ASCII, lower case, without a
/// final dot; `None` for what is no name. A leading `*.` says what is meant anyway.
pub(crate) fn normal(text: &str) -> Option<String> {
    let text = text.trim();
    let text = text.strip_prefix("*.").unwrap_or(text);
    let (name, port) = match text.rsplit_once(':') {
        Some((name, port)) if !name.ends_with(']') || !port.contains(']') => {
            (name, Some(port.parse::<u16>().ok()?))
        }
        _ => (text, None),
    };
    let name = name.strip_suffix('.').unwrap_or(name);
    let parsed = url::Host::parse(name).ok()?.to_string();
    let sound = parsed.len() <= 253
        && parsed
            .split('.')
            .all(|label| !label.is_empty() && label.len() <= 63 && !label.contains(['*', '_']));
    if !sound {
        return None;
    }
    Some(match port {
        Some(port) => format!("{parsed}:{port}"),
        None => parsed,
    })
}

/// The names whose rules may apply to a server, the closest first: its own with and without the
/// port, and every name above it. Labels are compared whole (security.md R-29).
pub(crate) fn above(host: &str) -> Vec<String> {
    let host = host.to_ascii_lowercase();
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (name, Some(port)),
        _ => (host.as_str(), None),
    };
    let mut rest = name.strip_suffix('.').unwrap_or(name);
    let mut names = Vec::new();
    names.extend(port.map(|port| format!("{rest}:{port}")));
    loop {
        names.push(rest.to_owned());
        match rest.split_once('.') {
            Some((_, parent)) if !parent.is_empty() => rest = parent,
            _ => return names,
        }
    }
}

/// What applies to a server of all that stands above it: what an admin set by hand, of that the
/// closest; otherwise the closest of the lists, of several as close the strictest.
pub(crate) fn decide<'a>(
    names: &[String],
    rules: &(impl Iterator<Item = (RuleSource, &'a HostRule)> + Clone),
) -> Treatment {
    let closest = |by_hand: bool| {
        names.iter().find_map(|name| {
            rules
                .clone()
                .filter(|(source, rule)| {
                    (*source == RuleSource::Hand) == by_hand && rule.host == *name
                })
                .map(|(_, rule)| Treatment::of(rule))
                .reduce(Treatment::and)
        })
    };
    closest(true)
        .or_else(|| closest(false))
        .unwrap_or(Treatment::WELCOME)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(host: &str, severity: Severity) -> HostRule {
        HostRule::new(host.to_owned(), severity)
    }

    fn decided(host: &str, rules: &[(RuleSource, HostRule)]) -> Severity {
        let rules = rules.iter().map(|(source, rule)| (*source, rule));
        decide(&above(host), &rules).severity
    }

    #[test]
    fn h61_every_spelling_of_a_blocked_name_is_blocked_and_nothing_else() {
        let rules = [
            (RuleSource::Hand, rule("evil.example", Severity::Suspend)),
            (
                RuleSource::Hand,
                rule("xn--bcher-kva.example", Severity::Suspend),
            ),
        ];
        for (id, host, blocked) in [
            ("H61 exact", "evil.example", true),
            ("H61 case", "EVIL.example", true),
            ("H61 subdomain", "a.b.evil.example", true),
            ("H61 trailing dot", "evil.example.", true),
            ("H61 port", "evil.example:8443", true),
            ("H61 punycode", "xn--bcher-kva.example", true),
            ("H61 punycode twin", "bucher.example", false),
            ("R-29 suffix", "notevil.example", false),
            ("R-29 hyphen", "not-evil.example", false),
            ("R-29 prefix", "evil.example.com", false),
            ("R-29 top", "example", false),
        ] {
            let severity = decided(host, &rules);
            assert_eq!(severity == Severity::Suspend, blocked, "{id}: {host}");
        }
    }

    #[test]
    fn names_are_normal_or_none() {
        for (written, normal_form) in [
            (" Evil.Example. ", Some("evil.example")),
            ("*.evil.example", Some("evil.example")),
            ("b\u{fc}cher.example", Some("xn--bcher-kva.example")),
            ("evil.example:8443", Some("evil.example:8443")),
            ("127.0.0.1", Some("127.0.0.1")),
            ("https://evil.example", None),
            ("evil example", None),
            ("ev*il.example", None),
            ("xn--a.example", None),
            ("", None),
        ] {
            assert_eq!(normal(written).as_deref(), normal_form, "{written}");
        }
    }

    #[test]
    fn the_hand_wins_over_lists_and_the_closest_over_the_far() {
        let list = RuleSource::List;
        let rules = [
            (RuleSource::Hand, rule("good.example", Severity::None)),
            (list(1), rule("good.example", Severity::Suspend)),
            (list(1), rule("two.example", Severity::Limit)),
            (list(2), rule("two.example", Severity::Suspend)),
            (list(1), rule("far.example", Severity::Suspend)),
            (list(1), rule("close.far.example", Severity::Limit)),
        ];
        for (host, severity) in [
            ("good.example", Severity::None),
            ("under.good.example", Severity::None),
            ("two.example", Severity::Suspend),
            ("far.example", Severity::Suspend),
            ("close.far.example", Severity::Limit),
            ("other.example", Severity::None),
        ] {
            assert_eq!(decided(host, &rules), severity, "{host}");
        }
    }
}
