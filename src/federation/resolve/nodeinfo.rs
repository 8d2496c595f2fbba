//! Asks a server for its software by NodeInfo (federation.md 1.3).

use std::time::Duration;

use crate::domain::ids::Uri;
use crate::federation::Federation;
use crate::federation::wire::{NodeInfo, NodeInfoLinks};

/// How long a server may take for both documents.
const PATIENCE: Duration = Duration::from_secs(5);
const ACCEPTED: &str = "application/json";

/// What a server says that it is; `None` if it does not say within five seconds.
pub(crate) async fn ask_software(federation: &Federation, host: &str) -> Option<NodeInfo> {
    let ask = Box::pin(ask(federation, host));
    tokio::time::timeout(PATIENCE, ask).await.ok().flatten()
}

/// The document must lie where the server is: nobody else says what it is (security.md H150).
async fn ask(federation: &Federation, host: &str) -> Option<NodeInfo> {
    let development = federation.settings().federation.development;
    let scheme = if development { "http" } else { "https" };
    let index = Uri::parse(&format!("{scheme}://{host}/.well-known/nodeinfo"))?;
    let links = federation.fetch_json(index.as_str(), ACCEPTED).await.ok()?;
    let links = NodeInfoLinks::from_value(&links.value).ok()?;
    let document = Uri::parse(&links.newest).filter(|link| link.same_host(&index))?;
    let found = federation.fetch_json(document.as_str(), ACCEPTED).await;
    NodeInfo::from_value(&found.ok()?.value).ok()
}
