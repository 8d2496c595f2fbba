//! Which addresses the hub may speak to: public ones only (security.md R-36), on the usual ports, over https.
//!
//! With `federation.development` loopback addresses, http and all ports are allowed too.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// The longest address that is fetched, in bytes.
const LONGEST_URL: usize = 2048;

/// IPv4 blocks of the IANA special-purpose registry, multicast and reserved space: network and prefix length.
const SPECIAL_V4: [(Ipv4Addr, u32); 19] = [
    (Ipv4Addr::UNSPECIFIED, 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 31, 196, 0), 24),
    (Ipv4Addr::new(192, 52, 193, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(192, 175, 48, 0), 24),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
    (Ipv4Addr::BROADCAST, 32),
];

/// The one IPv6 block that is global unicast today.
const GLOBAL_V6: (Ipv6Addr, u32) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// Special blocks inside of it: IETF protocols with Teredo, documentation, 6to4, AS112.
const SPECIAL_V6: [(Ipv6Addr, u32); 5] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x2620, 0x4f, 0x8000, 0, 0, 0, 0, 0), 48),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

/// Names that are never public.
const PRIVATE_SUFFIXES: [&str; 12] = [
    "localhost",
    "local",
    "internal",
    "intranet",
    "private",
    "corp",
    "home",
    "lan",
    "home.arpa",
    "onion",
    "test",
    "invalid",
];

/// Why an address is not spoken to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refused {
    /// Neither https nor, in development, http.
    #[error("The address is not an https address.")]
    Scheme,
    /// A port other than 443.
    #[error("The address names a port; only the usual one is allowed.")]
    Port,
    /// `user:password@`.
    #[error("The address carries a user name or password.")]
    Credentials,
    /// No host, an address literal, or a name that is never public.
    #[error("The address has no public host name.")]
    Host,
    /// More than 2048 bytes.
    #[error("The address is longer than {LONGEST_URL} bytes.")]
    Long,
    /// The name leads to an address that is not public.
    #[error("The host name leads to {0}, which is not a public address.")]
    Address(IpAddr),
    /// A redirect that cannot be followed.
    #[error("The server redirects to where it may not be followed.")]
    Redirect,
}

/// Whether this address may be asked for, before its name is looked up.
pub(crate) fn check_url(url: &Url, development: bool) -> Result<(), Refused> {
    if url.as_str().len() > LONGEST_URL {
        return Err(Refused::Long);
    }
    if url.scheme() != "https" && !(development && url.scheme() == "http") {
        return Err(Refused::Scheme);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Refused::Credentials);
    }
    let address = match url.host() {
        Some(Host::Domain(name)) => return check_name(name, url, development),
        Some(Host::Ipv4(address)) => IpAddr::V4(address),
        Some(Host::Ipv6(address)) => IpAddr::V6(address),
        None => return Err(Refused::Host),
    };
    if development {
        check_address(address, development)
    } else {
        Err(Refused::Host)
    }
}

fn check_name(name: &str, url: &Url, development: bool) -> Result<(), Refused> {
    if development {
        return Ok(());
    }
    let name = name.strip_suffix('.').unwrap_or(name);
    let private = |suffix: &str| {
        name.strip_suffix(suffix)
            .is_some_and(|before| before.is_empty() || before.ends_with('.'))
    };
    if !name.contains('.') || PRIVATE_SUFFIXES.iter().any(|suffix| private(suffix)) {
        return Err(Refused::Host);
    }
    if url.port().is_some() {
        Err(Refused::Port)
    } else {
        Ok(())
    }
}

/// Whether a connection to this address may be opened.
pub(crate) fn check_address(address: IpAddr, development: bool) -> Result<(), Refused> {
    if is_public(address) || (development && is_loopback(address)) {
        Ok(())
    } else {
        Err(Refused::Address(address))
    }
}

fn is_loopback(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_loopback(),
        IpAddr::V6(v6) => v6.is_loopback(),
    }
}

/// Whether an address lies in public space. IPv6 forms that hold an IPv4 address are none of it.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => !SPECIAL_V4.iter().any(|(network, bits)| {
            let shift = 32 - bits;
            v4.to_bits().checked_shr(shift) == network.to_bits().checked_shr(shift)
        }),
        IpAddr::V6(v6) => {
            within(v6, GLOBAL_V6) && !SPECIAL_V6.iter().any(|block| within(v6, *block))
        }
    }
}

fn within(address: Ipv6Addr, (network, bits): (Ipv6Addr, u32)) -> bool {
    let shift = 128 - bits;
    address.to_bits().checked_shr(shift) == network.to_bits().checked_shr(shift)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edges_v4((network, bits): (Ipv4Addr, u32)) -> [Ipv4Addr; 3] {
        let first = network.to_bits();
        let last = first | u32::MAX.checked_shr(bits).unwrap_or(0);
        [first, first + (last - first) / 2, last].map(Ipv4Addr::from_bits)
    }

    #[test]
    fn r36_h131_every_special_block_is_refused_in_every_form() {
        for block in SPECIAL_V4 {
            for v4 in edges_v4(block) {
                let [a, b, c, d] = v4.octets();
                let (high, low) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
                for address in [
                    IpAddr::V4(v4),
                    IpAddr::V6(v4.to_ipv6_mapped()),
                    IpAddr::V6(Ipv6Addr::new(0, 0, 0, 0, 0, 0, high, low)),
                    IpAddr::V6(Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, high, low)),
                    IpAddr::V6(Ipv6Addr::new(0x64, 0xff9b, 1, 0, 0, 0, high, low)),
                    IpAddr::V6(Ipv6Addr::new(0x2002, high, low, 0, 0, 0, 0, 1)),
                    IpAddr::V6(Ipv6Addr::new(0x2001, 0, 1, 1, 0, 0, !high, !low)),
                ] {
                    assert_eq!(
                        check_address(address, false),
                        Err(Refused::Address(address))
                    );
                }
            }
        }
        for block in SPECIAL_V6 {
            let first = block.0.to_bits();
            let last = first | (u128::MAX >> block.1);
            for address in [first, first + (last - first) / 2, last].map(Ipv6Addr::from_bits) {
                assert!(!is_public(IpAddr::V6(address)), "{address}");
            }
        }
    }

    #[test]
    fn r36_ipv6_outside_of_global_unicast_is_refused() {
        for text in [
            "::",
            "::1",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
            "100::1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "5f00::1",
            "4000::1",
            "1fff::1",
        ] {
            assert!(!is_public(text.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn public_addresses_next_to_special_blocks_are_allowed() {
        for text in [
            "1.1.1.1",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.1",
            "169.253.255.255",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "192.167.255.255",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2001:200::1",
            "2001:4860:4860::8888",
            "2606:4700::1111",
            "2003::1",
            "2a00:1450::1",
            "3ffe::1",
        ] {
            assert!(is_public(text.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn s176_h129_h130_h134_only_plain_public_https_is_asked() {
        for (text, expected) in [
            ("http://a.example/", Refused::Scheme),
            ("file:///etc/passwd", Refused::Scheme),
            ("gopher://a.example/", Refused::Scheme),
            ("data:text/plain,x", Refused::Scheme),
            ("ftp://a.example/", Refused::Scheme),
            ("blob:https://a.example/x", Refused::Scheme),
            ("jar:https://a.example/x!/y", Refused::Scheme),
            ("ws://a.example/", Refused::Scheme),
            ("https://a.example:8443/", Refused::Port),
            ("https://u@a.example/", Refused::Credentials),
            ("https://:p@a.example/", Refused::Credentials),
            ("https://127.0.0.1/", Refused::Host),
            ("https://0/", Refused::Host),
            ("https://0x7f.1/", Refused::Host),
            ("https://2130706433/", Refused::Host),
            ("https://017700000001/", Refused::Host),
            ("https://127.1/", Refused::Host),
            ("https://8.8.8.8/", Refused::Host),
            ("https://[::]/", Refused::Host),
            ("https://[::1]/", Refused::Host),
            ("https://[::ffff:7f00:1]/", Refused::Host),
            ("https://[::7f00:1]/", Refused::Host),
            ("https://[64:ff9b::7f00:1]/", Refused::Host),
            ("https://[2002:7f00:1::]/", Refused::Host),
            ("https://[fe80::1]/", Refused::Host),
            ("https://[2606:4700::1111]/", Refused::Host),
            ("https://localhost/", Refused::Host),
            ("https://localhost./", Refused::Host),
            ("https://a.localhost/", Refused::Host),
            ("https://printer/", Refused::Host),
            ("https://nas.local/", Refused::Host),
            ("https://vault.internal./", Refused::Host),
            ("https://a.onion/", Refused::Host),
        ] {
            let row = match expected {
                Refused::Scheme => "H129",
                _ => "H130 H134",
            };
            let checked = check_url(&Url::parse(text).unwrap(), false);
            assert_eq!(checked, Err(expected), "{row} {text}");
        }
        assert!(
            Url::parse("https://[fe80::1%25eth0]/").is_err(),
            "H130 a zone is no address"
        );
        let long = format!("https://a.example/{}", "x".repeat(LONGEST_URL));
        assert_eq!(
            check_url(&Url::parse(&long).unwrap(), false),
            Err(Refused::Long)
        );
        for good in [
            "https://a.example/x?y#z",
            "https://notlocal.example/",
            "https://a.example:443/",
        ] {
            assert_eq!(
                check_url(&Url::parse(good).unwrap(), false),
                Ok(()),
                "{good}"
            );
        }
    }

    #[test]
    fn development_allows_loopback_and_nothing_else_that_is_private() {
        for good in [
            "http://127.0.0.1:8080/",
            "http://[::1]:1/",
            "http://hub.test:3000/",
            "http://localhost/",
        ] {
            assert_eq!(
                check_url(&Url::parse(good).unwrap(), true),
                Ok(()),
                "{good}"
            );
        }
        for bad in [
            "http://10.0.0.1/",
            "http://169.254.169.254/",
            "http://[fe80::1]/",
            "http://u@hub.test/",
            "ftp://hub.test/",
        ] {
            assert!(check_url(&Url::parse(bad).unwrap(), true).is_err(), "{bad}");
        }
        assert!(check_address("127.0.0.2".parse().unwrap(), true).is_ok());
        assert!(check_address("127.0.0.2".parse().unwrap(), false).is_err());
        assert!(check_address("192.168.0.1".parse().unwrap(), true).is_err());
    }
}
