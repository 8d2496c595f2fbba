//! Host names to addresses, each checked before a connection is opened to exactly that address.

use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use moka::sync::Cache;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::guard::check_address;

/// The most names that are remembered.
const MOST_NAMES: u64 = 20_000;

/// How a name is looked up.
pub(super) type Lookup =
    fn(String) -> Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;

/// Looks names up with the system's resolver and remembers the good answers for a while.
///
/// A name with any address that is not allowed is refused as a whole, so that no answer can hide another.
#[derive(Clone)]
pub(super) struct Resolver {
    cache: Cache<String, Arc<[IpAddr]>>,
    lookup: Lookup,
    development: bool,
}

impl Resolver {
    /// Remembers answers for `keep`.
    pub(super) fn new(keep: Duration, development: bool, lookup: Lookup) -> Self {
        let cache = Cache::builder()
            .max_capacity(MOST_NAMES)
            .time_to_live(keep)
            .build();
        Self {
            cache,
            lookup,
            development,
        }
    }

    async fn addresses(
        self,
        host: String,
    ) -> Result<Addrs, Box<dyn std::error::Error + Send + Sync>> {
        let known = self.cache.get(&host);
        let addresses = if let Some(known) = known {
            known
        } else {
            let found: Arc<[IpAddr]> = (self.lookup)(host.clone()).await?.into();
            for address in found.iter() {
                check_address(*address, self.development)?;
            }
            if found.is_empty() {
                return Err(io::Error::from(io::ErrorKind::NotFound).into());
            }
            self.cache.insert(host, Arc::clone(&found));
            found
        };
        let sockets: Vec<_> = addresses
            .iter()
            .map(|address| SocketAddr::new(*address, 0))
            .collect();
        Ok(Box::new(sockets.into_iter()))
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(self.clone().addresses(name.as_str().to_ascii_lowercase()))
    }
}

/// The operating system's resolver.
pub(super) fn system(
    host: String,
) -> Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>> {
    Box::pin(async move {
        let mut found: Vec<IpAddr> = tokio::net::lookup_host((host, 0))
            .await?
            .map(|socket| socket.ip())
            .collect();
        found.dedup();
        Ok(found)
    })
}
