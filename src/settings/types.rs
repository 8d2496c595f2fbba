//! The value types of settings: hosts, secrets, spans of time, sizes, rates and networks.
//! Each is written as one TOML string, checked when it is read and shown again in its shortest form.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;
use std::time::Duration;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::{Serialize, Serializer};

/// Why a text is not a value of its type; the loader says what was expected instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected {0}")]
pub struct Malformed(&'static str);

/// Makes a type with `FromStr` and `Display` readable from, and writable to, one TOML string.
macro_rules! written_as_text {
    ($type:ident, $expected:expr) => {
        impl $type {
            /// What a person may write for this type, for messages and documents.
            pub const EXPECTED: &'static str = $expected;
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Text;
                impl Visitor<'_> for Text {
                    type Value = $type;
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str($type::EXPECTED)
                    }
                    fn visit_str<E: de::Error>(self, text: &str) -> Result<$type, E> {
                        text.parse().map_err(E::custom)
                    }
                }
                deserializer.deserialize_str(Text)
            }
        }

        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }
            fn inline_schema() -> bool {
                true
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({
                    "type": "string",
                    "x-kind": stringify!($type),
                    "x-expected": $type::EXPECTED,
                })
            }
        }
    };
}

/// A colour as `#rrggbb`, or nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Colour(String);

written_as_text!(Colour, "a colour such as \"#0f6b66\", or \"\"");

impl Colour {
    /// The colour as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Colour {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let digits = text.strip_prefix('#').unwrap_or_default();
        let six = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        if six || text.is_empty() {
            Ok(Self(text.to_owned()))
        } else {
            Err(Malformed(Self::EXPECTED))
        }
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A host name or address with an optional port: lower case, in ASCII form, without a final dot.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Host {
    text: String,
    name_length: usize,
    port: Option<u16>,
    address: Option<IpAddr>,
}

written_as_text!(
    Host,
    "a host such as \"hub.example\", without https:// and without a path"
);

impl Host {
    /// The host and, if there is one, `:port`, as it appears in ids.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The host without its port; IPv6 addresses keep their brackets.
    pub fn name(&self) -> &str {
        self.text.get(..self.name_length).unwrap_or(&self.text)
    }

    /// The port, when one was written.
    pub fn port(&self) -> Option<u16> {
        self.port
    }

    /// The address, when the host is an address and no name.
    pub fn address(&self) -> Option<IpAddr> {
        self.address
    }

    /// Whether the host can only mean this machine: a loopback address, `localhost`, `*.localhost`.
    pub fn is_loopback(&self) -> bool {
        let name = self.name();
        self.address.is_some_and(|address| address.is_loopback())
            || name == "localhost"
            || name.ends_with(".localhost")
    }

    /// Whether `other` (host with optional port, any case) is this host or lies beneath it. Without
    /// a port every port is meant, with one that port alone.
    pub fn covers(&self, other: &str) -> bool {
        self.covers_normal(&Self::normal(other))
    }

    /// A host from the wire in the form in which hosts are compared.
    pub(super) fn normal(host: &str) -> String {
        host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase()
    }

    /// [`Self::covers`] for a host that went through [`Self::normal`].
    pub(super) fn covers_normal(&self, other: &str) -> bool {
        let name = || Some(split_port(other)?.0);
        let other = match self.port {
            None => name().map_or(other, |name| name.strip_suffix('.').unwrap_or(name)),
            Some(_) => other,
        };
        if other == self.text {
            return true;
        }
        self.address.is_none()
            && other
                .strip_suffix(self.text.as_str())
                .is_some_and(|prefix| prefix.ends_with('.'))
    }
}

impl FromStr for Host {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let malformed = Malformed(Self::EXPECTED);
        let (name, port) = split_port(text.trim()).ok_or(malformed)?;
        let name = name.strip_suffix('.').unwrap_or(name);
        if name.is_empty() || name.len() > 253 {
            return Err(malformed);
        }
        let Ok(parsed) = url::Host::parse(name) else {
            return Err(malformed);
        };
        let address = match &parsed {
            url::Host::Ipv4(address) => Some(IpAddr::V4(*address)),
            url::Host::Ipv6(address) => Some(IpAddr::V6(*address)),
            url::Host::Domain(domain) if well_formed(domain) => None,
            url::Host::Domain(_) => return Err(malformed),
        };
        let mut text = parsed.to_string();
        let name_length = text.len();
        if let Some(port) = port {
            text.push(':');
            text.push_str(&port.to_string());
        }
        Ok(Self {
            text,
            name_length,
            port,
            address,
        })
    }
}

/// Splits `host:port`; None when the port is no number from 1 to 65535.
fn split_port(text: &str) -> Option<(&str, Option<u16>)> {
    let after_address = text.rfind(']').map_or(0, |end| end + 1);
    let Some(colon) = text.get(after_address..)?.rfind(':') else {
        return Some((text, None));
    };
    let (name, port) = text.split_at_checked(after_address + colon)?;
    let digits = port.strip_prefix(':')?;
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let port: u16 = digits.parse().ok()?;
    (port > 0).then_some((name, Some(port)))
}

/// RFC 1123: labels of 1 to 63 letters, digits and inner hyphens.
fn well_formed(domain: &str) -> bool {
    domain.split('.').all(|label| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    })
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.text)
    }
}

/// A text that is never shown: `Debug`, `Display` and `Serialize` mask it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(String);

written_as_text!(Secret, "a text in quotes");

impl Secret {
    /// What stands in the place of a secret wherever one would be shown.
    pub const MASK: &'static str = "(secret)";

    /// The secret itself, for the one place that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether nothing was set.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl FromStr for Secret {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "" } else { Self::MASK })
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({self})")
    }
}

/// A length of time, to the millisecond: `"500ms"`, `"30s"`, `"15m"`, `"12h"`, `"7d"`, `"2w"`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span(Duration);

written_as_text!(
    Span,
    "a length of time such as \"30s\", \"15m\", \"12h\" or \"7d\""
);

/// The units of [`Span`] in milliseconds, largest first; `w` is read but never written.
const TIME_UNITS: [(&str, u64); 6] = [
    ("w", 604_800_000),
    ("d", 86_400_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1_000),
    ("ms", 1),
];

impl Span {
    /// So many seconds.
    pub const fn from_seconds(seconds: u64) -> Self {
        Self(Duration::from_secs(seconds))
    }

    /// So many minutes.
    pub const fn from_minutes(minutes: u64) -> Self {
        Self::from_seconds(minutes * 60)
    }

    /// So many hours.
    pub const fn from_hours(hours: u64) -> Self {
        Self::from_minutes(hours * 60)
    }

    /// So many days of 24 hours.
    pub const fn from_days(days: u64) -> Self {
        Self::from_hours(days * 24)
    }

    /// The span for timers.
    pub const fn duration(self) -> Duration {
        self.0
    }

    /// Whole seconds, for arithmetic with stored times.
    pub fn seconds(self) -> i64 {
        i64::try_from(self.0.as_secs()).unwrap_or(i64::MAX)
    }
}

impl FromStr for Span {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let malformed = Malformed(Self::EXPECTED);
        let (number, unit) = number_and_unit(text).ok_or(malformed)?;
        let (_, milliseconds) = TIME_UNITS
            .iter()
            .find(|(name, _)| *name == unit)
            .ok_or(malformed)?;
        let total = number.checked_mul(*milliseconds).ok_or(malformed)?;
        Ok(Self(Duration::from_millis(total)))
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let total = self.0.as_millis();
        let (unit, size) = TIME_UNITS
            .iter()
            .filter(|(name, _)| *name != "w")
            .find(|(_, size)| total > 0 && total.is_multiple_of(u128::from(*size)))
            .unwrap_or(&("s", 1_000));
        write!(f, "{}{unit}", total / u128::from(*size))
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// A number of bytes: `"100 B"`, `"16 KiB"`, `"1 MiB"`, `"2 GiB"`, or `kB`, `MB`, `GB` in thousands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ByteSize(u64);

written_as_text!(ByteSize, "a size such as \"64 KiB\" or \"1 MiB\"");

/// The units of [`ByteSize`] in bytes, in the order in which they are tried for showing.
const SIZE_UNITS: [(&str, u64); 7] = [
    ("GiB", 1 << 30),
    ("MiB", 1 << 20),
    ("KiB", 1 << 10),
    ("GB", 1_000_000_000),
    ("MB", 1_000_000),
    ("kB", 1_000),
    ("B", 1),
];

impl ByteSize {
    /// So many units of 1024 bytes.
    pub const fn from_kib(kib: u64) -> Self {
        Self(kib << 10)
    }

    /// So many units of 1024 * 1024 bytes.
    pub const fn from_mib(mib: u64) -> Self {
        Self(mib << 20)
    }

    /// The number of bytes.
    pub const fn bytes(self) -> u64 {
        self.0
    }

    /// The number of bytes as a length in memory.
    pub fn length(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

impl FromStr for ByteSize {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let malformed = Malformed(Self::EXPECTED);
        let (number, unit) = number_and_unit(text).ok_or(malformed)?;
        let (_, bytes) = SIZE_UNITS
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(unit))
            .ok_or(malformed)?;
        number.checked_mul(*bytes).map(Self).ok_or(malformed)
    }
}

impl fmt::Display for ByteSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit, size) = SIZE_UNITS
            .iter()
            .find(|(_, size)| self.0 > 0 && self.0.is_multiple_of(*size))
            .unwrap_or(&("B", 1));
        write!(f, "{} {unit}", self.0 / size)
    }
}

impl fmt::Debug for ByteSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// `"12 h"` or `"12h"` as 12 and `h`.
fn number_and_unit(text: &str) -> Option<(u64, &str)> {
    let text = text.trim();
    let end = text.find(|letter: char| !letter.is_ascii_digit())?;
    let (digits, unit) = text.split_at_checked(end)?;
    Some((digits.parse().ok()?, unit.trim_start()))
}

/// How often something may happen: `"60/5m"` lets 60 happen at once and refills within 5 minutes; `"off"` lifts the limit.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Rate(Option<Quota>);

written_as_text!(Rate, "a count per time such as \"60/5m\", or \"off\"");

/// A limit that is on: the size of a token bucket and the time in which an empty one fills up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Quota {
    /// How many may happen at once; at least 1.
    pub count: u32,
    /// How long it takes until that many may happen again; more than zero.
    pub per: Duration,
}

impl Rate {
    /// No limit.
    pub const OFF: Self = Self(None);

    /// So many in so much time.
    pub const fn new(count: u32, per: Span) -> Self {
        Self(Some(Quota { count, per: per.0 }))
    }

    /// The limit, or None when it is lifted.
    pub const fn quota(self) -> Option<Quota> {
        self.0
    }
}

impl FromStr for Rate {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let malformed = Malformed(Self::EXPECTED);
        if text.trim() == "off" {
            return Ok(Self::OFF);
        }
        let (count, per) = text.split_once('/').ok_or(malformed)?;
        let Ok(count) = count.trim().parse::<u32>() else {
            return Err(malformed);
        };
        let Ok(per) = per.parse::<Span>() else {
            return Err(malformed);
        };
        if count == 0 || per.0.is_zero() {
            return Err(malformed);
        }
        Ok(Self::new(count, per))
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(quota) => write!(f, "{}/{}", quota.count, Span(quota.per)),
            None => f.write_str("off"),
        }
    }
}

impl fmt::Debug for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// One address or a block of addresses in CIDR form: `"127.0.0.1"`, `"10.0.0.0/8"`, `"fd00::/8"`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

written_as_text!(
    Network,
    "an address or a block of addresses such as \"127.0.0.1\" or \"10.0.0.0/8\""
);

impl Network {
    /// Whether the address lies in this block; IPv4 addresses mapped into IPv6 count as IPv4.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                let mask = u32::MAX
                    .checked_shl(32 - u32::from(self.prefix))
                    .unwrap_or(0);
                own.to_bits() & mask == other.to_bits() & mask
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                let mask = u128::MAX
                    .checked_shl(128 - u32::from(self.prefix))
                    .unwrap_or(0);
                own.to_bits() & mask == other.to_bits() & mask
            }
            _ => false,
        }
    }

    /// Whether the block holds every address of its family.
    pub fn is_everything(&self) -> bool {
        self.prefix == 0
    }
}

impl FromStr for Network {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let malformed = Malformed(Self::EXPECTED);
        let (address, prefix) = match text.trim().split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text.trim(), None),
        };
        let Ok(address) = address.parse::<IpAddr>() else {
            return Err(malformed);
        };
        let widest = if address.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix.map(str::parse::<u8>) {
            None => widest,
            Some(Ok(prefix)) if prefix <= widest => prefix,
            Some(_) => return Err(malformed),
        };
        Ok(Self { address, prefix })
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widest = if self.address.is_ipv4() { 32 } else { 128 };
        if self.prefix == widest {
            write!(f, "{}", self.address)
        } else {
            write!(f, "{}/{}", self.address, self.prefix)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_is_lower_cased_and_written_in_ascii() {
        let shown = |text: &str| text.parse::<Host>().map(|host| host.to_string());
        assert_eq!(shown("Hub.Example."), Ok("hub.example".to_owned()));
        assert_eq!(
            shown("b\u{fc}cher.example"),
            Ok("xn--bcher-kva.example".to_owned())
        );
        assert_eq!(shown("hub.test:8080"), Ok("hub.test:8080".to_owned()));
        assert_eq!(shown("[::1]:8080"), Ok("[::1]:8080".to_owned()));
    }

    #[test]
    fn host_refuses_what_is_no_host() {
        let wrong = [
            "",
            ".",
            "https://hub.example",
            "hub.example/path",
            "hub.example:0",
            "hub.example:65536",
            "hub.example:+80",
            "hub example",
            "a..b",
            "user@hub.example",
            "-a.example",
            "xn--a.example",
            "hub.example:",
            "[::1",
            "hub_name.example",
        ];
        for text in wrong {
            assert!(
                text.parse::<Host>().is_err(),
                "{text:?} was taken for a host"
            );
        }
        assert!(
            format!("{}.example", "a".repeat(64))
                .parse::<Host>()
                .is_err()
        );
    }

    #[test]
    fn host_knows_its_parts() {
        let host: Host = "localhost:8080".parse().unwrap();
        assert_eq!((host.name(), host.port()), ("localhost", Some(8080)));
        assert!(host.is_loopback());
        assert!("127.0.0.1".parse::<Host>().unwrap().is_loopback());
        assert!(!"hub.example".parse::<Host>().unwrap().is_loopback());
    }

    #[test]
    fn host_covers_itself_and_what_lies_beneath() {
        let host: Host = "bad.example".parse().unwrap();
        assert!(host.covers("bad.example") && host.covers("Sub.BAD.example."));
        assert!(!host.covers("notbad.example") && !host.covers("example"));
    }

    #[test]
    fn host_without_port_covers_every_port_and_one_with_a_port_that_alone() {
        let covers = |host: &str, other: &str| host.parse::<Host>().unwrap().covers(other);
        for other in [
            "bad.example:8443",
            "sub.bad.example:8443",
            "bad.example.:8443",
        ] {
            assert!(covers("bad.example", other), "{other}");
        }
        assert!(!covers("bad.example", "notbad.example:8443"));
        assert!(covers("[::1]", "[::1]:8080") && covers("127.0.0.1", "127.0.0.1:8080"));
        assert!(!covers("127.0.0.1", "1.127.0.0.1:8080"));
        assert!(covers("bad.example:8443", "sub.bad.example:8443"));
        assert!(!covers("bad.example:8443", "bad.example") && !covers("[::1]:1", "[::1]:2"));
    }

    #[test]
    fn secret_is_masked_everywhere() {
        let secret = Secret::from("hunter2".to_owned());
        let json = serde_json::to_string(&secret).unwrap();
        for shown in [format!("{secret:?}"), secret.to_string(), json] {
            assert!(!shown.contains("hunter2"), "{shown}");
            assert!(shown.contains(Secret::MASK), "{shown}");
        }
        assert_eq!(secret.expose(), "hunter2");
    }

    #[test]
    fn span_reads_and_shows_units() {
        for text in ["500ms", "30s", "15m", "12h", "7d", "0s"] {
            assert_eq!(text.parse::<Span>().unwrap().to_string(), text);
        }
        assert_eq!("2w".parse::<Span>(), Ok(Span::from_days(14)));
        assert_eq!("90 s".parse::<Span>().unwrap().to_string(), "90s");
        for wrong in [
            "",
            "12",
            "1y",
            "-5s",
            "1.5h",
            "h",
            "99999999999999999999s",
            "18446744073709551615w",
        ] {
            assert!(
                wrong.parse::<Span>().is_err(),
                "{wrong:?} was taken for a span"
            );
        }
    }

    #[test]
    fn byte_size_reads_and_shows_units() {
        for text in ["1 MiB", "64 KiB", "10 MB", "100 B", "2 GiB", "0 B"] {
            assert_eq!(text.parse::<ByteSize>().unwrap().to_string(), text);
        }
        assert_eq!("1mib".parse::<ByteSize>(), Ok(ByteSize::from_mib(1)));
        for wrong in ["", "10", "-1 MiB", "1 TiBB", "99999999999 GiB"] {
            assert!(
                wrong.parse::<ByteSize>().is_err(),
                "{wrong:?} was taken for a size"
            );
        }
    }

    #[test]
    fn rate_reads_a_count_per_time_or_off() {
        let rate: Rate = "60/5m".parse().unwrap();
        assert_eq!(
            rate.quota(),
            Some(Quota {
                count: 60,
                per: Duration::from_mins(5)
            })
        );
        assert_eq!(rate.to_string(), "60/5m");
        assert_eq!("off".parse::<Rate>(), Ok(Rate::OFF));
        for wrong in ["60", "0/5m", "60/0s", "-1/5m", "60/", "/5m"] {
            assert!(
                wrong.parse::<Rate>().is_err(),
                "{wrong:?} was taken for a rate"
            );
        }
    }

    #[test]
    fn network_contains_its_addresses_only() {
        let block: Network = "10.0.0.0/8".parse().unwrap();
        assert!(block.contains("10.9.8.7".parse().unwrap()));
        assert!(block.contains("::ffff:10.9.8.7".parse().unwrap()));
        assert!(
            !block.contains("11.0.0.1".parse().unwrap()) && !block.contains("::1".parse().unwrap())
        );
        let one: Network = "::1".parse().unwrap();
        assert!(one.contains("::1".parse().unwrap()) && !one.contains("::2".parse().unwrap()));
        assert!("0.0.0.0/0".parse::<Network>().unwrap().is_everything());
        assert!(
            "10.0.0.0/33".parse::<Network>().is_err() && "hub.example".parse::<Network>().is_err()
        );
    }
}
