//! What admins look at: the state of the hub, and how each server elsewhere fares.

use serde::Serialize;

use crate::domain::host::{Severity, Steering};
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::operations::host::SteerDeliveries;
use crate::settings::Registration;
use crate::views::overview::{self, Health, Overview};

use super::answer::{Answer, Led, Page};
use super::form::Submission;
use super::visit::Visit;

/// Bytes of a megabyte.
const MEGABYTE: i64 = 1_000_000;

#[derive(Serialize)]
struct Model {
    version: &'static str,
    inbox: i64,
    parked: usize,
    given_up: i64,
    letters: i64,
    waiting: i64,
    reports: usize,
    most: u32,
    members: i64,
    megabytes: i64,
    failing: Vec<Line>,
    warnings: Vec<String>,
}

/// A server that takes no deliveries.
#[derive(Serialize)]
struct Line {
    host: String,
    reach: String,
    fails: i32,
    last_ok_at: Option<i64>,
    paused: bool,
}

/// The text that says how a server takes deliveries.
pub(super) fn reach(name: &str) -> &'static str {
    match name {
        "backoff" => "server-reach-backoff",
        "dormant" => "server-reach-dormant",
        _ => "server-reach-ok",
    }
}

/// The text that says how far a server is kept away.
pub(super) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::None => "severity-none",
        Severity::Limit => "severity-limit",
        Severity::Suspend => "severity-suspend",
    }
}

/// `/admin`: the state of the hub.
pub(super) async fn show(visit: Visit) -> Result<Answer, Refusal> {
    policy::require_admin(visit.caller())?;
    let found = visit.state.read(overview::hub).await?;
    let model = Model {
        version: env!("CARGO_PKG_VERSION"),
        warnings: warnings(&visit, &found),
        inbox: found.inbox,
        parked: found.parked,
        given_up: found.given_up,
        letters: found.letters,
        waiting: found.waiting,
        reports: found.reports,
        most: overview::MOST,
        members: found.members,
        megabytes: found.database / MEGABYTE,
        failing: found
            .failing
            .into_iter()
            .map(|instance| Line {
                reach: visit.text(reach(instance.reach.as_str())),
                fails: instance.fails,
                last_ok_at: instance.last_ok_at.map(|at| at.0),
                paused: instance.paused,
                host: instance.host,
            })
            .collect(),
    };
    Ok(Page::new("admin.html", visit.text("admin-title"), &model)
        .unlisted()
        .into())
}

/// What an admin should look at, one sentence each.
fn warnings(visit: &Visit, found: &Overview) -> Vec<String> {
    let settings = &visit.settings;
    let open = settings.accounts.registration == Registration::Open;
    let all = [
        (!found.imprint, "admin-warning-imprint"),
        (open, "admin-warning-open"),
        (!settings.mail.is_sent(), "admin-warning-mail"),
        (settings.federation.development, "admin-warning-development"),
    ];
    let holds = all.into_iter().filter(|(holds, _)| *holds);
    holds.map(|(_, text)| visit.text(text)).collect()
}

#[derive(Serialize)]
struct Server {
    host: String,
    software: Option<String>,
    reach: String,
    fails: i32,
    next_at: Option<i64>,
    last_ok_at: Option<i64>,
    last_seen_at: Option<i64>,
    behind: Option<i64>,
    given_up: i64,
    error: Option<String>,
    followers: i64,
    rule: String,
    paused: bool,
}

impl Server {
    fn new(visit: &Visit, health: Health) -> Self {
        let instance = health.instance;
        let version = instance.version.unwrap_or_default();
        let software = instance.software.map(|name| format!("{name} {version}"));
        Self {
            software,
            reach: visit.text(reach(instance.reach.as_str())),
            fails: instance.fails,
            next_at: (instance.next_at > visit.now).then_some(instance.next_at.0),
            last_ok_at: instance.last_ok_at.map(|at| at.0),
            last_seen_at: instance.last_seen_at.map(|at| at.0),
            behind: health.behind,
            given_up: health.given_up,
            error: health.error,
            followers: health.followers,
            rule: visit.text(severity(health.treatment.severity)),
            paused: instance.paused,
            host: instance.host,
        }
    }
}

/// `/servers/{host}`: how a server fares.
pub(super) async fn server(visit: Visit) -> Result<Answer, Refusal> {
    policy::require_admin(visit.caller())?;
    let host = visit.param("host").to_owned();
    let health = visit
        .state
        .read(move |db| overview::server(db, &host))
        .await?;
    let model = Server::new(&visit, health);
    Ok(Page::new("server.html", model.host.clone(), &model)
        .unlisted()
        .into())
}

/// `/servers/{host}`, sent: an admin steers what is sent there.
pub(super) async fn steer(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let host = visit.param("host").to_owned();
    let steering = Steering::parse(form.fields.text("steering"));
    let steering = steering.unwrap_or(Steering::Retry);
    let steer = SteerDeliveries {
        host: host.clone(),
        steering,
    };
    visit.state.operations().run(visit.caller(), steer).await?;
    let note = match steering {
        Steering::Retry => "server-retried",
        Steering::Pause => "server-paused",
        Steering::Resume => "server-resumed",
    };
    Ok(Led::to(format!("/servers/{host}")).note(note).into())
}
