//! `[observe]`: logs and metrics.

use std::net::SocketAddr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Logs and metrics.
#[derive(Deserialize, Serialize, JsonSchema, Clone, Debug)]
#[serde(default, deny_unknown_fields)]
pub struct Observe {
    /// The address and port that answer `/metrics` for Prometheus. Empty: none does. Metrics need
    /// no sign-in, so keep the port to machines that may see them.
    #[serde(with = "super::optional_address")]
    #[schemars(
        with = "String",
        extend(
            "x-reload" = "restart",
            "x-expected" = "an address and a port such as \"127.0.0.1:9464\", or \"\""
        )
    )]
    pub metrics_bind: Option<SocketAddr>,
    /// `text` for people, `json` for machines.
    #[schemars(extend("x-reload" = "restart"))]
    pub log_format: LogFormat,
    /// How much is logged: `error`, `warn`, `info`, `debug` or `trace`.
    #[schemars(extend("x-reload" = "restart"))]
    pub log_level: LogLevel,
}

impl Default for Observe {
    fn default() -> Self {
        Self {
            metrics_bind: None,
            log_format: LogFormat::Text,
            log_level: LogLevel::Info,
        }
    }
}

/// How a line of the log is written.
#[derive(Deserialize, Serialize, JsonSchema, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// The least weight of what is logged.
#[derive(Deserialize, Serialize, JsonSchema, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    /// What failed.
    Error,
    /// What an operator should look at.
    Warn,
    /// What happened.
    Info,
    /// What led to it.
    Debug,
    /// Everything.
    Trace,
}

impl LogLevel {
    /// The level as tracing filters write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        }
    }
}
