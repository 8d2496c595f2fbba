//! `[server]`: where the hub listens and where it keeps its files.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::types::{ByteSize, Network, Span};

/// Where the hub listens and where it keeps its files.
#[derive(Deserialize, Serialize, JsonSchema, Clone, Debug)]
#[serde(default, deny_unknown_fields)]
pub struct Server {
    /// The address and port to listen on. A hub stands behind a proxy that speaks HTTPS, so it
    /// listens on this machine only.
    #[schemars(extend(
        "x-reload" = "restart",
        "x-expected" = "an address and a port such as \"127.0.0.1:8080\""
    ))]
    pub bind: SocketAddr,
    /// The directory of everything that must be backed up: database file, media and keys. A
    /// relative path counts from the directory in which the hub is started.
    #[schemars(extend("x-reload" = "restart"), length(min = 1))]
    pub data_dir: PathBuf,
    /// The addresses of proxies whose X-Forwarded-For header is believed. Everybody else's is
    /// ignored.
    pub trusted_proxies: Vec<Network>,
    /// The largest form or API request that is read, uploads excepted.
    #[schemars(extend("x-min" = "16 KiB", "x-max" = "64 MiB"))]
    pub body_limit: ByteSize,
    /// How long one request may take before it is given up.
    #[schemars(extend("x-reload" = "restart", "x-min" = "1s", "x-max" = "10m"))]
    pub request_timeout: Span,
    /// How long running requests and deliveries may take to finish when the hub is told to stop.
    #[schemars(extend("x-min" = "0s", "x-max" = "18s"))]
    pub stop_timeout: Span,
    /// The most readers who are told of new answers while they read; the others see them when they
    /// load the page again.
    #[schemars(extend("x-reload" = "restart"), range(min = 0, max = 3_000))]
    pub live_readers: u32,
    /// Lets a hub with `federation.development` listen on a public address. Never do this with
    /// people's data: development switches protections off.
    #[schemars(extend("x-reload" = "restart"))]
    pub force_public_development: bool,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            bind: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080),
            data_dir: PathBuf::from("data"),
            trusted_proxies: ["127.0.0.1", "::1"]
                .map(|address| address.parse().expect("a loopback address is well formed"))
                .to_vec(),
            body_limit: ByteSize::from_mib(1),
            request_timeout: Span::from_seconds(30),
            stop_timeout: Span::from_seconds(15),
            live_readers: 500,
            force_public_development: false,
        }
    }
}
