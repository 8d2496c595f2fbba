//! How fast the hub is: `cargo bench --bench bench -- [PART ..]`, with the release binary.
//!
//! Generator and sinks run in this process, on loopback. Every figure stands beside what this
//! machine can do at best, measured in the same run: the signing rate of the openssl crate, or
//! what a plain axum server answers. SQLite is measured always, PostgreSQL where
//! `TEST_DATABASE_URL` names a server. Nothing here is a test: figures depend on the machine.
//!
//! Parts: `start`, `inbound`, `latency`, `outbound`, `publish`, `pages`, `feeds`; none named means all.
//! `--scale 0.2` does a fifth of the work; `--database sqlite` or `postgres` does one only;
//! `--write` puts the table into `docs/benchmarks.md`.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a tool that reports to whoever runs it"
)]
#![expect(
    clippy::indexing_slicing,
    reason = "of JSON only, where what is absent is null"
)]
#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "rates and shares of what was counted; nothing is decided by them"
)]

mod data;
#[path = "../it/support/database.rs"]
mod database;
mod http1;
#[expect(dead_code, reason = "the tests use more of it")]
#[path = "../it/support/hub.rs"]
mod hub;
mod inbound;
mod meter;
mod outbound;
mod pages;
mod report;
#[expect(dead_code, reason = "the tests use more of it")]
#[path = "../it/support/sign.rs"]
mod sign;
mod sink;

use std::time::Duration;

use database::Kind;
use hub::Hub;
use report::{Report, Row};
use sink::Sink;

/// What was asked for on the command line.
pub(crate) struct Plan {
    parts: Vec<String>,
    /// How much of the usual work is done.
    scale: f64,
    databases: Vec<Kind>,
    write: bool,
}

impl Plan {
    fn read(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut plan = Self {
            parts: Vec::new(),
            scale: 1.0,
            databases: vec![Kind::Sqlite],
            write: false,
        };
        if database::server().is_some() {
            plan.databases.push(Kind::Postgres);
        }
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                // What cargo says to every benchmark.
                "--bench" => {}
                "--write" => plan.write = true,
                "--scale" => {
                    let scale = arguments.next().and_then(|s| s.parse().ok());
                    plan.scale = scale.ok_or("--scale needs a number such as 0.2")?;
                }
                "--database" => {
                    plan.databases = match arguments.next().as_deref() {
                        Some("sqlite") => vec![Kind::Sqlite],
                        Some("postgres") => vec![Kind::Postgres],
                        _ => return Err("--database needs sqlite or postgres".to_owned()),
                    };
                }
                part if PARTS.contains(&part) => plan.parts.push(argument),
                other => return Err(format!("{other} is none of {}", PARTS.join(", "))),
            }
        }
        Ok(plan)
    }

    fn wants(&self, part: &str) -> bool {
        self.parts.is_empty() || self.parts.iter().any(|p| p == part)
    }

    /// A scaled number of things, at least `least`.
    pub(crate) fn count(&self, usual: usize, least: usize) -> usize {
        ((usual as f64 * self.scale) as usize).max(least)
    }

    /// A scaled duration.
    pub(crate) fn time(&self, usual: f64) -> Duration {
        Duration::from_secs_f64((usual * self.scale).max(1.0))
    }
}

const PARTS: [&str; 7] = [
    "start", "inbound", "latency", "outbound", "publish", "pages", "feeds",
];

/// A running hub with groups and a member, and the servers around it.
pub(crate) struct Rig {
    /// The release binary.
    pub(crate) hub: Hub,
    /// Its database, from beside.
    pub(crate) data: data::Data,
    /// All other servers.
    pub(crate) sink: Sink,
    /// Who uses CPU for the hub.
    pub(crate) meter: meter::Meter,
}

impl Rig {
    async fn build(kind: Kind, report: &mut Report) -> Self {
        let sink = Sink::start().await;
        let mut hub = Hub::new(kind);
        hub.user("anna", "admin");
        for group in ["inbound", "narrow", "wide", "small", "large", "pages"] {
            hub.group(group, "anna");
        }
        let mut data = data::Data::open(&hub);
        data.add_followers("narrow", 10, 10, 41, sink.port);
        data.add_followers("wide", 1_000, 1_000, 42, sink.port);
        data.add_followers("small", 10, 10, 43, sink.port);
        data.add_followers("large", 100_000, 2_000, 44, sink.port);
        hub.start().await;
        hub.kill();
        let took = hub.start().await;
        let meter = meter::Meter::new(hub.pid(), data.server_pid());
        tokio::time::sleep(Duration::from_secs(1)).await;
        report.add(
            Row::new("start to ready, 100,000 known actors", "ms").least("500 at most"),
            kind,
            took.as_secs_f64() * 1e3,
        );
        report.add(
            Row::new("resident memory at rest", "MiB").least("40 at most"),
            kind,
            hub.memory("VmRSS") as f64 / 1024.0,
        );
        Self {
            hub,
            data,
            sink,
            meter,
        }
    }

    async fn run(&mut self, plan: &Plan, kind: Kind, report: &mut Report) {
        if plan.wants("inbound") {
            inbound::throughput(self, plan, kind, report).await;
        }
        if plan.wants("latency") {
            inbound::latency(self, plan, kind, report).await;
        }
        if plan.wants("outbound") {
            outbound::deliveries(self, plan, kind, report).await;
        }
        if plan.wants("publish") {
            outbound::publishing(self, plan, kind, report).await;
        }
        if plan.wants("pages") {
            pages::pages(self, plan, kind, report).await;
        }
        if plan.wants("feeds") {
            pages::feeds(self, plan, kind, report).await;
        }
        report.add(
            Row::new("largest resident memory of the hub", "MiB").least("200 at most"),
            kind,
            self.hub.memory("VmHWM") as f64 / 1024.0,
        );
    }
}

async fn measure(plan: &Plan) {
    let mut report = Report::new();
    report.signing = meter::signing_rate(Duration::from_secs(2));
    report.hello = pages::hello_rate(Duration::from_secs(2)).await;
    for &kind in &plan.databases {
        eprintln!("== {kind:?}");
        let mut rig = Rig::build(kind, &mut report).await;
        rig.run(plan, kind, &mut report).await;
    }
    let table = report.table(plan.scale);
    println!("{table}");
    if plan.write {
        report::write(&table);
    }
}

fn main() -> std::process::ExitCode {
    let plan = match Plan::read(std::env::args().skip(1)) {
        Ok(plan) => plan,
        Err(misuse) => {
            eprintln!("{misuse}");
            return std::process::ExitCode::from(2);
        }
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(measure(&plan));
    std::process::ExitCode::SUCCESS
}
