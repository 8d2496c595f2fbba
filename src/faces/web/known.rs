//! The servers that the hub knows, healthy or not, on the page about other servers.

use serde::Serialize;

use crate::domain::host::{AmongServers, Severity};
use crate::domain::refusal::Refusal;
use crate::views::overview;

use super::admin::{reach, severity};
use super::governed::{Chip, Parts};
use super::model::List;
use super::visit::Visit;

/// Servers on one page.
const PAGE: u32 = 30;
/// Where they are.
const AT: &str = "/servers";

/// The parts of the servers by the words that stand for them in the address, and their texts.
const PARTS: [(&str, AmongServers, &str); 5] = [
    ("all", AmongServers::All, "known-all"),
    ("well", AmongServers::Well, "known-well"),
    ("failing", AmongServers::Failing, "known-failing"),
    ("paused", AmongServers::Paused, "known-paused"),
    ("away", AmongServers::KeptAway, "known-away"),
];

/// A part of the servers.
#[derive(Serialize)]
pub(super) struct Known {
    query: String,
    show: &'static str,
    chips: Vec<Chip>,
    servers: List<Line>,
}

#[derive(Serialize)]
struct Line {
    host: String,
    software: Option<String>,
    reach: String,
    well: bool,
    paused: bool,
    /// How far it is kept away, if it is.
    rule: Option<String>,
    seen_at: Option<i64>,
}

impl Known {
    /// The part that the address asks for.
    pub(super) async fn read(visit: &Visit) -> Result<Self, Refusal> {
        let (part, request) = (Parts::asked(visit, AT, PARTS), visit.page(PAGE));
        let (among, text) = (part.among, part.query.clone());
        let look = move |db: &mut _| overview::servers(db, among, &text, request);
        let found = visit.state.read(look).await?;
        Ok(Self {
            servers: List::new(found, &part.at, |one| Line {
                reach: visit.text(reach(one.reach.as_str())),
                well: one.fails == 0,
                paused: one.paused,
                rule: (one.severity != Severity::None).then(|| visit.text(severity(one.severity))),
                seen_at: one.last_seen_at.max(one.last_ok_at).map(|at| at.0),
                software: one.software.map(|name| match one.version {
                    Some(version) => format!("{name} {version}"),
                    None => name,
                }),
                host: one.host,
            }),
            chips: part.chips,
            query: part.query,
            show: part.show,
        })
    }
}
