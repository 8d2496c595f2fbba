//! What the hub knows of a server before it sends: its class by software, and where it receives.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use crate::domain::ids::InstanceId;
use crate::federation::Federation;
use crate::federation::quirks::PeerClass;
use crate::federation::resolve::ask_software;
use crate::store::{Res, actors, instances};

/// How long what a server says of itself is believed, in seconds.
const FRESH: i64 = 24 * 3600;
/// How long it is not asked again after it said nothing.
const SILENT: Duration = Duration::from_mins(10);

/// One server.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Profile {
    /// The row.
    pub(super) instance: InstanceId,
    /// Host, with its port where it has one.
    pub(super) host: String,
    /// What it can do with what we send.
    pub(super) class: PeerClass,
    /// Where the whole server receives.
    pub(super) shared_inbox: Option<String>,
    /// When this is to be looked up again.
    pub(super) stale_at: Instant,
}

/// Looks a server up, and asks it for its software if that is unknown or old. A server that does
/// not say gets everything. `None` if there is no such server.
pub(super) async fn find(
    federation: &Federation,
    instance: InstanceId,
) -> Res<Option<Arc<Profile>>> {
    let found = federation
        .operations
        .store
        .read(move |db| {
            let Some(row) = instances::find(db, instance)? else {
                return Ok(None);
            };
            Ok::<_, crate::store::StoreError>(Some((row, actors::find_shared_inbox(db, instance)?)))
        })
        .await?;
    let Some((row, shared)) = found else {
        return Ok(None);
    };
    let now = federation.now();
    let fresh = row
        .checked_at
        .is_some_and(|at| at.plus_seconds(FRESH) > now);
    let (mut software, mut version) = (row.software, row.version);
    let mut lasts = Duration::from_hours(1);
    if !fresh || software.is_none() {
        lasts = SILENT;
        let admitted = federation.operations.admits(&row.host).await;
        if admitted.unwrap_or(false)
            && let Some(said) = ask_software(federation, &row.host).await
        {
            lasts = Duration::from_hours(1);
            software = Some(said.software.clone());
            version.clone_from(&said.version);
            federation
                .operations
                .store
                .write(move |db| {
                    let (name, version) = (said.software.as_str(), said.version.as_deref());
                    instances::set_software(db, instance, Some(name), version, now)
                })
                .await?;
        }
    }
    let shared_inbox = shared.filter(|inbox| lives_at(inbox, &row.host));
    Ok(Some(Arc::new(Profile {
        instance,
        class: PeerClass::of(software.as_deref(), version.as_deref()),
        shared_inbox,
        host: row.host,
        stale_at: Instant::now() + lasts,
    })))
}

/// Whether an inbox lies on this host, beneath it, or above it: one request may stand for all of
/// a server's followers only there.
fn lives_at(inbox: &str, host: &str) -> bool {
    let Some(uri) = crate::domain::ids::Uri::parse(inbox) else {
        return false;
    };
    let inbox = uri.host();
    let beneath = |a: &str, b: &str| a.strip_suffix(b).is_some_and(|rest| rest.ends_with('.'));
    inbox == host || beneath(&inbox, host) || (beneath(host, &inbox) && inbox.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shared_inbox_counts_on_its_own_site_only() {
        for (inbox, fits) in [
            ("https://a.example/inbox", true),
            ("https://www.a.example/inbox", true),
            ("https://b.example/inbox", false),
            ("https://nota.example/inbox", false),
            ("https://example/inbox", false),
            ("nonsense", false),
        ] {
            assert_eq!(lives_at(inbox, "a.example"), fits, "{inbox}");
        }
    }
}
