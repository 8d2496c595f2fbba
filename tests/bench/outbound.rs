//! What the hub sends: deliveries to many servers, and what publishing costs whoever publishes.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::database::Kind;
use crate::http1::{self, Pace};
use crate::report::{Report, Row};
use crate::{Plan, Rig, meter};

/// Requests that post into a group.
fn posts(rig: &Rig, group: &str, count: usize) -> Vec<Vec<u8>> {
    let path = format!("/api/hub/v1/groups/{group}/posts");
    (0..count)
        .map(|number| {
            let text = json!({
                "title": format!("News {number}"),
                "body": "Something **worth** telling a thousand servers about. ".repeat(8),
            });
            crate::pages::api_request(rig, "POST", &path, Some(&text))
        })
        .collect()
}

/// Deliveries per second to 1,000 servers, beside what could be signed.
pub(crate) async fn deliveries(rig: &mut Rig, plan: &Plan, kind: Kind, report: &mut Report) {
    // The first delivery opens connections and reads keys.
    rig.sink.reset();
    let warm = posts(rig, "wide", 1);
    http1::send(&rig.hub.domain, warm, 1, Pace::Once)
        .await
        .complain("first post");
    rig.sink.wait_for(1_000).await;
    quiet(rig).await;
    let each = rig.sink.taken();

    let signing = meter::signing_rate(Duration::from_secs(1));
    rig.sink.reset();
    let count = plan.count(20, 4);
    let used = rig.meter.used();
    let run = http1::send(&rig.hub.domain, posts(rig, "wide", count), 4, Pace::Once).await;
    run.complain("posts");
    rig.sink.wait_for(each * run.good as u64).await;
    let cpu = rig.meter.used() - used;
    let (taken, seconds) = (rig.sink.taken() as f64, rig.sink.seconds());
    let signing = f64::midpoint(signing, meter::signing_rate(Duration::from_secs(1)));
    report.add(
        Row::new("deliveries to 1,000 servers", "per second")
            .least("60 % of the signing rate")
            .of("the signing rate", signing),
        kind,
        taken / seconds,
    );
    report.add(
        Row::new(
            "deliveries to 1,000 servers: CPU, database included",
            "µs each",
        )
        .of("one signature", meter::cores() as f64 * 1e6 / signing),
        kind,
        cpu / taken,
    );
}

/// Waits until nothing is sent for a moment.
async fn quiet(rig: &Rig) {
    let mut known = u64::MAX;
    while rig.sink.taken() != known {
        known = rig.sink.taken();
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

/// What the author waits for, with 10 and with 100,000 followers.
pub(crate) async fn publishing(rig: &mut Rig, plan: &Plan, kind: Kind, report: &mut Report) {
    for (group, followers, servers) in [("small", "10", 10), ("large", "100,000", 2_000)] {
        let mut times = Vec::new();
        let rows =
            "SELECT (SELECT count(*) FROM outbox) + (SELECT count(*) FROM outbox_targets) AS n";
        let before = rig.data.number(rows);
        let count = plan.count(10, 5);
        for request in posts(rig, group, count) {
            rig.sink.reset();
            let begun = Instant::now();
            let run = http1::send(&rig.hub.domain, vec![request], 1, Pace::Once).await;
            times.push(begun.elapsed().as_secs_f64() * 1e3);
            run.complain("publishing");
            rig.sink.wait_for(servers).await;
            quiet(rig).await;
        }
        times.sort_unstable_by(f64::total_cmp);
        let median = times.get(times.len() / 2).copied().unwrap_or_default();
        report.add(
            Row::new(&format!("publishing to {followers} followers"), "ms"),
            kind,
            median,
        );
        let written = rig.data.number(rows) - before;
        report.add(
            Row::new(
                &format!("rows of the log for {followers} followers"),
                "per post",
            ),
            kind,
            written as f64 / count as f64,
        );
    }
}
