//! The address of whoever asks, behind the proxies that are trusted (security.md H211, H276).

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::FromRequestParts;
use http::HeaderMap;
use http::request::Parts;

use crate::settings::Network;

use super::State;

/// Who is at the other end of the connection; put into each request by whoever serves it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) SocketAddr);

/// The address of the client: the connection's, or, where a trusted proxy holds it, the last one in
/// `X-Forwarded-For` that is no trusted proxy's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ClientAddress(pub(crate) IpAddr);

/// Hops in `X-Forwarded-For` that are looked at.
const MOST_HOPS: usize = 20;

impl ClientAddress {
    fn find(peer: Option<IpAddr>, headers: &HeaderMap, trusted: &[Network]) -> Self {
        let is_proxy = |address: IpAddr| trusted.iter().any(|net| net.contains(address));
        let mut last = peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        if peer.is_some_and(|peer| !is_proxy(peer)) {
            return Self(last.to_canonical());
        }
        let lines = headers.get_all("x-forwarded-for");
        let lines: Vec<&str> = lines.iter().filter_map(|line| line.to_str().ok()).collect();
        let hops = lines.iter().rev().flat_map(|line| line.rsplit(','));
        for hop in hops.take(MOST_HOPS) {
            let Some(address) = read_hop(hop) else { break };
            last = address;
            if !is_proxy(address) {
                break;
            }
        }
        Self(last.to_canonical())
    }
}

fn read_hop(hop: &str) -> Option<IpAddr> {
    let hop = hop.trim();
    let address = hop.parse().ok();
    address.or_else(|| hop.parse::<SocketAddr>().ok().map(|socket| socket.ip()))
}

impl FromRequestParts<State> for ClientAddress {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Self::Rejection> {
        let peer = parts.extensions.get::<Peer>().map(|peer| peer.0.ip());
        let settings = state.settings();
        Ok(Self::find(
            peer,
            &parts.headers,
            &settings.server.trusted_proxies,
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(peer: &str, forwarded: &str) -> String {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", forwarded.parse().unwrap());
        let trusted = ["127.0.0.1".parse().unwrap(), "10.0.0.0/8".parse().unwrap()];
        let peer = Some(peer.parse().unwrap());
        ClientAddress::find(peer, &headers, &trusted).0.to_string()
    }

    #[test]
    fn strangers_cannot_say_who_they_are() {
        assert_eq!(find("192.0.2.1", "198.51.100.9"), "192.0.2.1");
    }

    #[test]
    fn the_last_hop_that_is_no_proxy_counts() {
        assert_eq!(
            find("127.0.0.1", "1.2.3.4, 198.51.100.9, 10.1.1.1"),
            "198.51.100.9"
        );
        assert_eq!(find("127.0.0.1", "nonsense"), "127.0.0.1");
        assert_eq!(find("127.0.0.1", "2001:db8::7"), "2001:db8::7");
    }
}
