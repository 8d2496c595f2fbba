//! Asks a server for its software by NodeInfo (federation.md 1.3).

use std::time::Duration;

use http::header::ACCEPT;
use http::{HeaderName, HeaderValue};
use serde_json::Value;
use url::Url;

use crate::federation::Federation;
use crate::federation::wire::{NodeInfo, NodeInfoLinks, parse_bounded};

/// How long a server may take for both documents.
const PATIENCE: Duration = Duration::from_secs(5);
/// The largest document that is read.
const LARGEST: usize = 256 * 1024;
/// How deep it may be nested.
const DEPTH: usize = 16;

/// What a server says that it is; `None` if it does not say within five seconds.
pub(crate) async fn ask_software(federation: &Federation, host: &str) -> Option<NodeInfo> {
    tokio::time::timeout(PATIENCE, ask(federation, host))
        .await
        .ok()
        .flatten()
}

async fn ask(federation: &Federation, host: &str) -> Option<NodeInfo> {
    let development = federation.settings().federation.development;
    let scheme = if development { "http" } else { "https" };
    let index = Url::parse(&format!("{scheme}://{host}/.well-known/nodeinfo")).ok()?;
    let links = NodeInfoLinks::from_value(&json(federation, &index).await?).ok()?;
    let document = Url::parse(&links.newest).ok()?;
    NodeInfo::from_value(&json(federation, &document).await?).ok()
}

async fn json(federation: &Federation, url: &Url) -> Option<Value> {
    let accept: (HeaderName, HeaderValue) = (ACCEPT, HeaderValue::from_static("application/json"));
    let fetched = federation
        .client
        .get(url, &[accept], None, LARGEST)
        .await
        .ok()?;
    if !fetched.status.is_success() {
        return None;
    }
    parse_bounded(&fetched.body, DEPTH).ok()
}
