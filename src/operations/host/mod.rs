//! Rules about other servers: set by hand, imported from lists, read from lists that the hub
//! subscribed to.

mod deliveries;
mod lists;
mod rules;
mod treatment;

pub(crate) use deliveries::SteerDeliveries;
pub(crate) use lists::{RefreshList, Subscribe, Unsubscribe};
pub(crate) use rules::{ApplySettings, Changes, ImportRules, LiftHostRule, SetHostRule};
pub(in crate::operations) use treatment::Remembered;

use crate::domain::host;
use crate::domain::refusal::Refusal;
use crate::operations::Desk;
use crate::store::host_rules;

/// The name of a server in its normal form, or why it is none; nobody blocks this hub.
pub(super) fn named(desk: &Desk<'_>, text: &str) -> Result<String, Refusal> {
    let name = host::normal(text).ok_or_else(|| {
        Refusal::invalid(
            "host",
            "host.malformed",
            "Please write the name of a server such as other.example.",
        )
    })?;
    if host::above(desk.names.host()).contains(&name) {
        return Err(Refusal::invalid(
            "host",
            "host.own",
            "This is the hub itself.",
        ));
    }
    Ok(name)
}

/// Puts what the rules say now in force for all servers that are known.
fn apply(desk: &mut Desk<'_>) -> Result<usize, Refusal> {
    let federation = &desk.settings.federation;
    let shut = |host: &str| !federation.admits(host);
    Ok(host_rules::apply(desk.db, &shut)?)
}

#[cfg(test)]
mod tests;
