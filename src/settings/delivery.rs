//! `[delivery]`: how the hub's messages are carried to other servers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::types::Span;

/// How the hub's messages are carried to other servers.
#[derive(Deserialize, Serialize, JsonSchema, Clone, Debug)]
#[serde(default, deny_unknown_fields)]
pub struct Delivery {
    /// The most deliveries under way at once, to all servers together.
    #[schemars(range(min = 1, max = 4_096))]
    pub in_flight: u32,
    /// The most deliveries under way at once to one server. What belongs to one thread stays in
    /// order at any value.
    #[schemars(range(min = 1, max = 64))]
    pub per_host: u32,
    /// How long connecting to a server may take.
    #[schemars(extend("x-reload" = "restart", "x-min" = "500ms", "x-max" = "30s"))]
    pub connect_timeout: Span,
    /// How long one delivery may take, connecting included.
    #[schemars(extend("x-min" = "1s", "x-max" = "2m"))]
    pub timeout: Span,
    /// The pause after a server's first failure. Each further failure doubles it.
    #[schemars(extend("x-min" = "100ms", "x-max" = "1h"))]
    pub backoff_base: Span,
    /// The longest pause between two tries.
    #[schemars(extend("x-min" = "1s", "x-max" = "7d"))]
    pub backoff_cap: Span,
    /// After so many failures in a row a server is tried with one message at a time, until it
    /// answers or writes to the hub.
    #[schemars(range(min = 1, max = 100))]
    pub breaker_failures: u32,
    /// A server that has been silent for so long is parked: it is asked once a day, and nothing
    /// more is kept for it.
    #[schemars(extend("x-min" = "1d", "x-max" = "90d"))]
    pub dormant_after: Span,
    /// How long a message is kept for servers that do not take it.
    #[schemars(extend("x-min" = "1d", "x-max" = "90d"))]
    pub retention: Span,
}

impl Default for Delivery {
    fn default() -> Self {
        Self {
            in_flight: 512,
            per_host: 8,
            connect_timeout: Span::from_seconds(5),
            timeout: Span::from_seconds(15),
            backoff_base: Span::from_seconds(2),
            backoff_cap: Span::from_hours(12),
            breaker_failures: 5,
            dormant_after: Span::from_days(7),
            retention: Span::from_days(7),
        }
    }
}
